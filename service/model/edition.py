"""An edition: what one list said in one file, and what is known about that file."""

from datetime import date, datetime
from typing import Literal

import msgspec

from service.model.listing import Listing

ListState = Literal["fresh", "too_old", "undated", "edition_later", "kept", "shrunk", "missing"]
LoadOutcome = Literal["loaded", "unchanged", "refused"]


# A list that lost more than this share of its entries from one edition to the next is more likely
# cut than changed. By mistake one once went 686, 515, 686, a loss of 25 %; true losses of a day
# that are known stay under 10 %.
LARGEST_PLAUSIBLE_LOSS = 0.24


def is_shrunk(entry_count: int, previous_count: int | None) -> bool:
    """Whether an edition has lost more entries than is plausible against the one before."""
    if previous_count is None:
        return False
    return entry_count < previous_count * (1 - LARGEST_PLAUSIBLE_LOSS)


class ParsedEdition(msgspec.Struct, frozen=True, kw_only=True):
    """One list out of one file, read whole. `published_on` only where the file itself says it."""

    list_code: str
    published_on: date | None
    listings: tuple[Listing, ...]


class Edition(msgspec.Struct, frozen=True, kw_only=True):
    """A stored edition. `sha256` is of the publisher's file, `loaded_at` our time in UTC.

    `previous_count` is the entry count it is measured against: that of the edition before it, or,
    where that one had itself lost too many, of the last good one. None for a first edition.
    """

    id: int
    list_code: str
    sha256: str
    format: str
    published_on: date | None
    loaded_at: datetime
    entry_count: int
    previous_count: int | None


class ListingRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A listing as it is stored: `body` its JSON text, `digest` the sha256 of that."""

    listing_id: str
    digest: str
    body: str


class NewEdition(msgspec.Struct, frozen=True, kw_only=True):
    """An edition that has no id yet; fields as in `Edition`."""

    list_code: str
    sha256: str
    format: str
    published_on: date | None
    loaded_at: datetime
    entry_count: int
    previous_count: int | None


class LoadAttempt(msgspec.Struct, frozen=True, kw_only=True):
    """The last try to bring a list in: when, how it ended, and why it was refused if it was."""

    list_code: str
    at: datetime
    outcome: LoadOutcome
    reason: str | None


class StoredLists(msgspec.Struct, frozen=True, kw_only=True):
    """What the database holds at one moment, without the listings themselves."""

    editions: tuple[Edition, ...]
    attempts: tuple[LoadAttempt, ...]


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """The lists and all their current listings at one moment; `bodies` are JSON, by listing id."""

    lists: StoredLists
    bodies: tuple[bytes, ...]
