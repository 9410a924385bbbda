"""What a screening answers; these structs are the wire form as well."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec

from service.model.edition import ListState
from service.model.listing import Listing, NameKind
from service.model.matching import Explanation
from service.model.measure import AttachesBy, Confidence, Effect, UntilBound
from service.model.status import SliceStatus, StatusWord

Outcome = Literal["hits", "no_hits", "incomplete"]
Agreement = Literal["agrees", "differs", "unknown"]


class ListCoverage(msgspec.Struct, frozen=True, kw_only=True):
    """One list as it was searched.

    `edition` is our number of it, `sha256` the digest of the publisher's file, `loaded_at` UTC.
    `age_days` counts from the day it was published to today, None where no such day is known;
    `max_age_days` None means that no age is too old (a user's own list). `reason` says what any
    state but `fresh` means here.
    """

    code: str
    title: str
    state: ListState
    reason: str | None
    edition: int | None
    sha256: str | None
    published_on: date | None
    loaded_at: datetime | None
    age_days: int | None
    max_age_days: int | None
    entry_count: int | None


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """What was searched. `complete` only if every list asked for was there and fresh."""

    complete: bool
    lists: tuple[ListCoverage, ...]


class MatchedName(msgspec.Struct, frozen=True, kw_only=True):
    """Which of the listing's names met which of the question's, both as printed."""

    text: str
    kind: NameKind
    query: str


class Corroboration(msgspec.Struct, frozen=True, kw_only=True):
    """What else the question said, beside the name. It orders hits and never removes one."""

    entity_type: Agreement
    countries: Agreement
    addresses: Agreement
    identifiers: tuple[str, ...]


class EventShown(msgspec.Struct, frozen=True, kw_only=True):
    """An event shown beside a status but not used for it: only announced, or disputed."""

    id: str
    kind: str
    announced_on: date | None
    effective_on: date | None
    until: date | None
    citation: str | None
    url: str | None
    note: str | None


class MeasureOnDay(msgspec.Struct, frozen=True, kw_only=True):
    """A measure and its status on the legal day asked about.

    `condition` is a question to the reader: with one, the measure reaches the counterparty only if
    the answer is yes (ownership, goods, destination). `since` is the first day of this status;
    `until` the end that the acts behind it state, and `until_bound` whether that day is still
    within (`unknown` counts as not: restricted on that day). On `next_change_on` the status
    becomes `next_change_to` unless something new is recorded. `checked_until` is the last day on
    which the register's sources for it were read.
    """

    id: str
    title: str
    authority: str
    jurisdiction: str
    kind: str
    effect: tuple[Effect, ...]
    attaches_by: tuple[AttachesBy, ...]
    condition: str | None
    status: StatusWord
    since: date | None
    until: date | None
    until_bound: UntilBound | None
    next_change_on: date | None
    next_change_to: StatusWord | None
    confirmed: bool
    residual_obligation: str | None
    slices: tuple[SliceStatus, ...]
    flags: tuple[str, ...]
    upcoming: tuple[EventShown, ...]
    disputed: tuple[EventShown, ...]
    rests_on: tuple[str, ...]
    citation: str
    url: str | None
    plain: str | None
    confidence: Confidence
    checked_until: date | None


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """A listing the counterparty may be, how it was found, and the measures behind it.

    `score` is in [0, 1] and says how well the names meet, nothing else. Where only an identifier
    met, `matched` is the listing's primary name and the score what the names alone give.
    """

    score: float
    matched: MatchedName
    corroboration: Corroboration
    explanation: Explanation
    listing: Listing
    measures: tuple[MeasureOnDay, ...]


class CounterpartyResult(msgspec.Struct, frozen=True, kw_only=True):
    """One counterparty's answer.

    `outcome` is `hits` if there are any; without any it is `no_hits` only if the coverage is
    complete, else `incomplete`: cannot say. `hits` holds the best `limit` by name, and beyond
    those whatever an identifier met, best first. `total` counts all that were found; a search
    stops looking after about 2,000 names.
    """

    id: str | None
    name: str
    outcome: Outcome
    total: int
    hits: tuple[Hit, ...]


class ScreeningAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A whole screening: everything needed to understand it years later.

    `scorer` is the version of the arithmetic behind the scores, `stored` whether the answer can
    be had again under its id.
    """

    id: UUID
    asked_at: datetime
    as_of: date
    known_at: date
    scorer: str
    threshold: float
    limit: int
    stored: bool
    coverage: Coverage
    results: tuple[CounterpartyResult, ...]


class SearchAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The hits for one name; fields as in a screening, nothing of it is stored."""

    name: str
    as_of: date
    known_at: date
    scorer: str
    threshold: float
    limit: int
    coverage: Coverage
    outcome: Outcome
    total: int
    hits: tuple[Hit, ...]


class ListingAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One listing, its measures on the day asked about, and how the list it stands on is doing."""

    as_of: date
    known_at: date
    listing: Listing
    measures: tuple[MeasureOnDay, ...]
    on_list: ListCoverage
