"""An edition: what one list said in one file, and what is known about that file."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Literal, override

import msgspec
from msgspec import UNSET, UnsetType

from service.lists.listing import EntityType, Listing, Name

# --- Terms: what the operator of a list of their own holds it to.


class ExpectedEntries(msgspec.Struct, frozen=True):
    """How many entries a list should have, at least and at most; None is no limit."""

    least: int | None
    most: int | None

    def holds(self, count: int) -> bool:
        """Whether so many are as expected."""
        enough = self.least is None or count >= self.least
        return enough and (self.most is None or count <= self.most)

    @override
    def __str__(self) -> str:
        """`1900..2100`, as it is given on the command line."""
        least = "" if self.least is None else self.least
        return f"{least}..{'' if self.most is None else self.most}"


class ListTerms(msgspec.Struct, frozen=True, kw_only=True):
    """What one list is held to; None where its operator said nothing.

    `max_age_days` is the age above which an edition is too old to rest a "nothing found" on.
    """

    list_code: str
    max_age_days: int | None = None
    expected: ExpectedEntries | None = None

    def holds(self, entry_count: int) -> bool:
        """Whether so many entries are as expected."""
        return self.expected is None or self.expected.holds(entry_count)


class TermsUpdate(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of a list when it is loaded: UNSET keeps what was said before, None ends it."""

    max_age_days: int | UnsetType | None = UNSET
    expected: ExpectedEntries | UnsetType | None = UNSET

    def over(self, before: ListTerms) -> ListTerms:
        """The terms from now on."""
        days, expected = self.max_age_days, self.expected
        return ListTerms(
            list_code=before.list_code,
            max_age_days=before.max_age_days if days is UNSET else days,
            expected=before.expected if expected is UNSET else expected,
        )


ListState = Literal["fresh", "too_old", "undated", "edition_later", "in_part", "kept", "missing"]
LoadOutcome = Literal["loaded", "unchanged", "refused", "unreachable"]

# Raised whenever a reader reads more out of the same bytes than before, so that a file that was
# stored already is read once more.
READER_VERSION = 3
# The words of formats that hold only what changed, and do not say since when.
PATCHES = frozenset({"ofac_sdn_delta", "ofac_cons_delta", "cn_announcement_page"})
# The words of formats that lack what a question may meet, and what that is: of the 14,371 further
# names of July 2021, SDN.CSV alone has 2,809.
IN_PART: Mapping[str, str] = MappingProxyType(
    {
        "ofac_sdn_csv_alone": (
            "read from SDN.CSV alone: most aliases, which stand in ALT.CSV, and the addresses of "
            "ADD.CSV are not in it"
        )
    }
)


class ParsedEdition(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """One list out of one file, read whole. `published_on` only where the file itself says it."""

    list_code: str
    published_on: date | None
    listings: tuple[Listing, ...]


class ParsedDelta(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """What changed on one list since its publisher's edition before: not a list, a difference.

    `put` are listings that are new or stand changed, whole; `gone` the ids of those that left.
    `follows` are the words of the formats whose editions it may be applied to, its own among them
    if one delta may follow another. `follows_on` is the day of the edition it is to be applied
    to, where the file says so.
    """

    list_code: str
    published_on: date | None
    put: tuple[Listing, ...]
    gone: tuple[str, ...]
    follows: tuple[str, ...]
    follows_on: date | None = None


class ReadFiles(msgspec.Struct, frozen=True):
    """What files said: the source they came from, the word for their format, and each list."""

    source: str
    format: str
    parsed: tuple[ParsedEdition | ParsedDelta, ...]


class NewEdition(msgspec.Struct, frozen=True, kw_only=True):
    """An edition that has no id yet.

    `source` is the publication it was read from; a list may stand in more than one, and each has
    its own editions. `sha256` is of the publisher's file, or of the digests of a set of files in
    their order by digest. `published_on` is the publisher's day, `loaded_at` our time in UTC.
    `confirmed_at` is when the publisher was last seen to offer these very bytes, None where they
    came by hand. `accepted` tells that an operator took it in although it lost more entries, or a
    better known name, than is plausible.
    """

    list_code: str
    source: str
    sha256: str
    format: str
    reader: int
    published_on: date | None
    loaded_at: datetime
    confirmed_at: datetime | None
    entry_count: int
    accepted: bool

    @property
    def lacks(self) -> str | None:
        """What its files lack by their kind, in words; None where they are whole."""
        return IN_PART.get(self.format)


class Edition(NewEdition, frozen=True, kw_only=True):
    """A stored edition; `id` grows from one to the next, over all lists."""

    id: int

    @property
    def known_on(self) -> date:
        """The day from which it speaks: that of publication, or of loading if that is earlier.

        A publisher east of Greenwich dates its file tomorrow; what is here speaks today.
        """
        loaded_on = self.loaded_at.astimezone(UTC).date()
        return loaded_on if self.published_on is None else min(self.published_on, loaded_on)

    @property
    def confirmed_on(self) -> date | None:
        """The UTC day of `confirmed_at`."""
        return None if self.confirmed_at is None else self.confirmed_at.astimezone(UTC).date()

    @property
    def is_patched(self) -> bool:
        """Whether it was made by a delta on the one before, so that another may be missing."""
        return self.format in PATCHES

    @property
    def seen_on(self) -> date | None:
        """The last day on which it is known to have been the newest there was."""
        return max(filter(None, (self.published_on, self.confirmed_on)), default=None)


class ListingRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A listing as it is stored: `body` its JSON text, `digest` the sha256 of that."""

    listing_id: str
    digest: str
    body: str


class ListedNames(msgspec.Struct, frozen=True, kw_only=True):
    """What of a listing a question can meet: its names, and how many numbers it has."""

    entity_type: EntityType | None
    names: tuple[Name, ...]
    number_count: int


class ListingVersion(msgspec.Struct, frozen=True, kw_only=True):
    """One state a listing was ever in, as one source printed it; `body` is its JSON.

    It stands from the edition `first_edition` on, up to but not including `until_edition`; None
    while it stands.
    """

    listing_id: str
    list_code: str
    source: str
    first_edition: int
    until_edition: int | None
    body: bytes


class LoadAttempt(msgspec.Struct, frozen=True, kw_only=True):
    """The last try to bring a list in from one source: when, how it ended, and why.

    `reason` says why it was refused, or why the publisher could not be reached.
    """

    list_code: str
    source: str
    at: datetime
    outcome: LoadOutcome
    reason: str | None


class AttemptOnDay(msgspec.Struct, frozen=True, kw_only=True):
    """That a try to load a list ended so on a day (UTC), from whichever source, once or often."""

    list_code: str
    day: date
    outcome: LoadOutcome


class StoredLists(msgspec.Struct, frozen=True, kw_only=True):
    """What the database holds at one moment, without the listings themselves.

    `editions` are all there ever were, by list, source and id; `terms` are of users' own lists.
    `out_of_sight` says since when it is not known whether the database still holds the same.
    """

    editions: tuple[Edition, ...]
    attempts: tuple[LoadAttempt, ...]
    terms: tuple[ListTerms, ...] = ()
    out_of_sight: str | None = None

    def terms_of(self, list_code: str) -> ListTerms:
        """The terms of a list; without any where nobody gave some."""
        given = (each for each in self.terms if each.list_code == list_code)
        return next(given, ListTerms(list_code=list_code))

    @property
    def newest(self) -> int:
        """The id of the newest edition, 0 before the first one."""
        return max((edition.id for edition in self.editions), default=0)


class Download(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the last download of a source.

    `failures` counts those since it last succeeded. `seen` are, in the order of the source's
    addresses, what the publisher's server said of its files (ETag, Last-Modified) when they were
    last taken in, and `sha256` the digest of the edition made of them.
    """

    source: str
    tried_at: datetime
    failures: int
    seen: tuple[tuple[str | None, str | None], ...]
    sha256: str | None


# --- What changed: on the lists, from edition to edition, and in the register.

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


# --- A list file as it came.

_MARK = b"\xef\xbb\xbf"
_HEAD_LENGTH = 4_096


class GivenFile(msgspec.Struct, frozen=True):
    """One file as it came: `name` for people and messages, never for telling what it is."""

    name: str
    content: bytes

    @property
    def head(self) -> str:
        """The first few thousand characters, without byte order mark and leading blanks."""
        return self.content[:_HEAD_LENGTH].removeprefix(_MARK).lstrip().decode("utf-8", "replace")
