"""What changed: on the lists, from edition to edition, and in the register."""

from datetime import date, datetime
from typing import Literal

import msgspec

ChangeKind = Literal["first_edition", "listed", "changed", "gone", "measure"]


class ListingChange(msgspec.Struct, frozen=True, kw_only=True):
    """One listing in two states, as JSON: `before` None for a new one, `after` for one gone.

    A row with an empty `listing_id` tells of a first edition, which has nothing to differ from.
    """

    edition: int
    list_code: str
    source: str
    published_on: date | None
    loaded_at: datetime
    entry_count: int
    reread: bool
    listing_id: str
    before: str | None
    after: str | None


class EditionCounts(msgspec.Struct, frozen=True, kw_only=True):
    """What an edition brought, changed and took away against the one before, in numbers.

    Of the first edition of a source (`is_first`) all three are 0. `reread`: the publisher's file
    is the same as before, and only this program reads more of it.
    """

    edition: int
    list_code: str
    source: str
    published_on: date | None
    loaded_at: datetime
    entry_count: int
    is_first: bool
    reread: bool
    listed: int
    changed: int
    gone: int


class ListingDifference(msgspec.Struct, frozen=True, kw_only=True):
    """One listing in two editions, as JSON: None where an edition does not have it."""

    listing_id: str
    before: str | None
    after: str | None


class EditionPair(msgspec.Struct, frozen=True, kw_only=True):
    """Two editions of one list from one source."""

    list_code: str
    source: str
    older: int
    newer: int


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that changed.

    `kind` tells which: a list's `first_edition` here (with its `entry_count`), a listing `listed`,
    `changed` (in these `fields`) or `gone`, each with the edition that says so; or an event of a
    `measure`, `retracted` where it was taken back. `at` is when this service learned of it, in
    UTC; of the events of its first register the day on which they became public. `name` is the
    listing's primary name or the measure's title. `reread` tells that the publisher's file is the
    same as before and only this program reads more of it.
    """

    kind: ChangeKind
    at: datetime
    name: str | None
    list_code: str | None = None
    listing_id: str | None = None
    source: str | None = None
    edition: int | None = None
    published_on: date | None = None
    entry_count: int | None = None
    reread: bool = False
    fields: tuple[str, ...] = ()
    measure_id: str | None = None
    event_id: str | None = None
    event_kind: str | None = None
    retracted: bool = False
    effective_on: date | None = None
    citation: str | None = None


class ChangePage(msgspec.Struct, frozen=True, kw_only=True):
    """Changes in the order of time.

    `next_cursor` is null when there are no more for now; `later_cursor` always asks for what
    comes after this page, now or one day.
    """

    items: tuple[Change, ...]
    next_cursor: str | None
    later_cursor: str


class DifferenceItem(msgspec.Struct, frozen=True, kw_only=True):
    """One listing that two editions print differently; `fields` are those that differ."""

    change: Literal["listed", "changed", "gone"]
    listing_id: str
    name: str
    fields: tuple[str, ...]


class DifferencePage(msgspec.Struct, frozen=True, kw_only=True):
    """How an edition differs from an earlier one of the same list and source, by listing id."""

    list_code: str
    source: str
    older: int
    newer: int
    items: tuple[DifferenceItem, ...]
    next_cursor: str | None
