"""Editions: what a list said in one file, its versions of listings, and what changed."""

import zlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Literal, override

import msgspec
from msgspec import UNSET, UnsetType

from abeyance_screening.engine.lists.listing import (
    CodeOfList,
    EntityType,
    IdOfListing,
    Listing,
    Name,
)
from abeyance_screening.engine.lists.profile import ListProfile
from abeyance_screening.primitives.cursors import NextCursor

# --- Terms: what an operator requires of an own list.


class ExpectedEntries(msgspec.Struct, frozen=True):
    """How many entries a list of your own should have."""

    least: int | None
    """The fewest, itself included; null for no limit."""
    most: int | None
    """The most, itself included; null for no limit."""

    def holds(self, count: int) -> bool:
        """Return whether a number of entries is as expected."""
        enough = self.least is None or count >= self.least
        return enough and (self.most is None or count <= self.most)

    @override
    def __str__(self) -> str:
        """Return the range as given on the command line, such as `1900..2100`."""
        least = "" if self.least is None else self.least
        return f"{least}..{'' if self.most is None else self.most}"


class ListTerms(msgspec.Struct, frozen=True, kw_only=True):
    """What an operator requires of one list; None where nothing is required.

    `max_age_days` is the age above which an edition is too old to rest a "nothing found" on.
    """

    list_code: str
    max_age_days: int | None = None
    expected: ExpectedEntries | None = None

    def holds(self, entry_count: int) -> bool:
        """Return whether the number of entries is as expected."""
        return self.expected is None or self.expected.holds(entry_count)


class TermsUpdate(msgspec.Struct, frozen=True, kw_only=True):
    """A change of a list's terms, given with a load: UNSET keeps a term, None removes it."""

    max_age_days: int | UnsetType | None = UNSET
    expected: ExpectedEntries | UnsetType | None = UNSET

    def over(self, before: ListTerms) -> ListTerms:
        """Return the terms after this change."""
        days, expected = self.max_age_days, self.expected
        return ListTerms(
            list_code=before.list_code,
            max_age_days=before.max_age_days if days is UNSET else days,
            expected=before.expected if expected is UNSET else expected,
        )


# --- Editions: as read from files, and as stored.

ListState = Literal["fresh", "too_old", "undated", "edition_later", "in_part", "kept", "missing"]
"""`fresh`: loaded, complete and recent enough; `too_old`: last seen at its publisher's longer ago
than its limit; `undated`: of no known day; `edition_later`: the day asked about is before the
first edition loaded; `in_part`: read from files that lack names, or empty; `kept`: the newest file
was refused, and the one before is still used; `missing`: no edition is loaded."""
LoadOutcome = Literal["loaded", "unchanged", "refused", "unreachable"]
MayHide = Literal["name", "status", "kind"]
"""What a question could miss for it: a `name`, a `status` (whether an entry is still listed) or a
`kind` of entry; left out where only a detail is unread, which the entry keeps as a fact."""

# To be raised whenever a reader extracts more from the same bytes than before, so that files that
# are already stored are read again.
READER_VERSION = 5
# The words of formats that hold only changes and do not say since which edition.
PATCHES = frozenset(
    {"ofac_sdn_delta", "ofac_cons_delta", "cn_announcement_page", "dod_1260h_changes"}
)
# The words of formats that lack names or other data that a question could match, and what is
# missing. Such a file is not read any more, but an edition of it may be stored: of the 14,371
# further names of July 2021, SDN.CSV alone has 2,809.
IN_PART: Mapping[str, str] = MappingProxyType(
    {
        "ofac_sdn_csv_alone": (
            "read from SDN.CSV alone: most aliases, which are in ALT.CSV, and the addresses in "
            "ADD.CSV are missing"
        )
    }
)
# The words of formats of tables that a person transcribed from what the publisher has published.
TRANSCRIBED = frozenset({"dod_1260h_transcribed"})

_MOST_PARTS_NAMED = 3
_HIDDEN: Mapping[MayHide, str] = MappingProxyType(
    {
        "name": "names",
        "status": "whether an entry is still listed",
        "kind": "entries of a kind that is not read",
    }
)


class UnknownPart(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something in a list's files that its reader does not know, such as a new column or code."""

    what: str
    """Name of the part: `column 'Flag'`, `QUALITY 'Strong'`."""
    count: int
    """How many entries have it."""
    example: str = ""
    """The first value printed; left out if there is none."""
    may_hide: MayHide | None = None


class ParsedEdition(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """One list read from the files of one edition; `published_on` only where a file gives it.

    `read_in_part` holds what of the files the reader does not know.
    """

    list_code: str
    published_on: date | None
    listings: tuple[Listing, ...]
    read_in_part: tuple[UnknownPart, ...] = ()


class ParsedDelta(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The changes of one list since the publisher's previous edition.

    `put` are the new and changed listings, each whole; `gone` the ids of those that left.
    `follows` are the words of the formats to whose editions the delta may be applied, its own
    word included where one delta may follow another. `follows_on` is the publication day of the
    edition that it applies to, where the file gives it.
    """

    list_code: str
    published_on: date | None
    put: tuple[Listing, ...]
    gone: tuple[str, ...]
    follows: tuple[str, ...]
    follows_on: date | None = None
    read_in_part: tuple[UnknownPart, ...] = ()


type AnyParsed = ParsedEdition | ParsedDelta


def listings_in(parsed: AnyParsed) -> tuple[Listing, ...]:
    """Return the listings of an edition, or those that a delta puts."""
    return parsed.listings if isinstance(parsed, ParsedEdition) else parsed.put


class ReadFiles(msgspec.Struct, frozen=True):
    """The lists read from files, with the files' source and the word for their format."""

    source: str
    format: str
    parsed: tuple[ParsedEdition | ParsedDelta, ...]


EditionDay = date | None
"""The publisher's day of the edition; null if the file states none."""


class NewEdition(msgspec.Struct, frozen=True, kw_only=True):
    """An edition that has no id yet."""

    list_code: CodeOfList
    source: str
    """Code of the publication that it was read from; each has its own editions."""
    sha256: str
    """SHA-256 of the publisher's file, or of the sorted digests of a set of files."""
    format: str
    """Our word for the format of the file."""
    reader: int
    """Version of the reader that read it; files are read again when it grows."""
    published_on: EditionDay
    loaded_at: datetime
    """When it was loaded, in UTC."""
    confirmed_at: datetime | None
    """When the publisher was last seen to offer exactly these bytes, in UTC; null if they were
    loaded by hand."""
    entry_count: int
    """How many entries it has."""
    accepted: bool
    """True if an operator accepted it although it lost implausibly many entries or names, or a
    well-known name."""
    read_in_part: tuple[UnknownPart, ...] = ()
    """What of the files the reader does not know."""
    programmes_gone: tuple[str, ...] = ()
    """Programmes that entries of the edition before named and none of this one does, such as a
    regime that was lifted."""

    @property
    def lacks(self) -> str | None:
        """What the files lack by their format, in words; None where they are whole."""
        return IN_PART.get(self.format)

    @property
    def is_transcribed(self) -> bool:
        """Whether a person transcribed it, so that a file of the publisher's own is better."""
        return self.format in TRANSCRIBED

    @property
    def parts_unread(self) -> str | None:
        """What the reader does not know of the files, in words; None if it knows all of them."""
        if not self.read_in_part:
            return None
        named = (f"{part.what} ({part.count:,})" for part in self.read_in_part[:_MOST_PARTS_NAMED])
        return f"read in part: {'; '.join(named)}{_and_more(len(self.read_in_part))}"

    @property
    def hides(self) -> str | None:
        """What a question may miss in the parts that the reader does not know; None if nothing."""
        hiding = [
            f"{part.what} may hide {_HIDDEN[part.may_hide]}"
            for part in self.read_in_part
            if part.may_hide is not None
        ]
        if not hiding:
            return None
        return f"read in part: {'; '.join(hiding[:_MOST_PARTS_NAMED])}{_and_more(len(hiding))}"

    @property
    def known_on(self) -> date:
        """The day from which the edition counts: that of publication or, if earlier, of loading.

        A publisher east of Greenwich may date a file that is loaded today as of tomorrow.
        """
        loaded_on = self.loaded_at.astimezone(UTC).date()
        return loaded_on if self.published_on is None else min(self.published_on, loaded_on)


def _and_more(count: int) -> str:
    more = count - _MOST_PARTS_NAMED
    return f"; and {more} more" if more > 0 else ""


class Edition(NewEdition, frozen=True, kw_only=True):
    """A stored edition."""

    id: int
    """Our number of the edition; it grows from one loaded to the next, over all lists."""
    from_bundle: datetime | None = None
    """When the signed register bundle was made that carries it, in UTC; null if none does."""

    @property
    def confirmed_on(self) -> date | None:
        """The UTC day of `confirmed_at`."""
        return None if self.confirmed_at is None else self.confirmed_at.astimezone(UTC).date()

    @property
    def is_patched(self) -> bool:
        """Whether an undated delta made the edition, so that an earlier delta may be missing."""
        return self.format in PATCHES

    @property
    def seen_on(self) -> date | None:
        """The last day on which this edition is known to have been the publisher's newest."""
        return max(filter(None, (self.published_on, self.confirmed_on)), default=None)


class ListingRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A listing in its stored form: `body` is its JSON text, `digest` the SHA-256 of the body."""

    listing_id: str
    digest: str
    body: str


class ListedNames(msgspec.Struct, frozen=True, kw_only=True):
    """What a question can match of a listing: its names, and how many numbers it has.

    `programmes` are those that it names, as printed.
    """

    entity_type: EntityType | None
    names: tuple[Name, ...]
    number_count: int
    programmes: tuple[str, ...] = ()


# What most listings print: the compressor refers back to it. The order makes little difference.
_FACTS = (
    "interpol_link has_interpol_link data_id position nationality type_of_concern alias_note "
    "revised_by_notice_of citizenship schedule item regulation control_date designation title "
    "listing_information ofsi_group_id measure last_updated place_of_birth date_of_birth"
)
_ADDRESSES = (
    "www.international.gc.ca/world-monde/international_relations-relations_internationales/",
    "www.mof.go.jp/policy/international_policy/gaitame_kawase/gaitame/economic_sanctions/list.html",
    "www.dfat.gov.au/international-relations/security/sanctions/consolidated-list",
    "main.un.org/securitycouncil/en/content/un-sc-consolidated-list",
    "www.bis.gov/regulations/ear/744#supplement-4-744",
    "www.gov.uk/government/publications/the-uk-sanctions-list",
    "sanctionslist.fcdo.gov.uk/",
    "sanctionslist.ofac.treas.gov/Home/SdnList",
)
_COMMON = "".join(
    (
        *(f'{{"kind":"{each}","value":"' for each in _FACTS.split()),
        *(
            f'"information_url":"https://{each}","source_url":"https://{each}"'
            for each in _ADDRESSES
        ),
        '"identifiers":[{"kind":"Passport number","value":"","country":"RU"}],"remarks":"',
        '"countries":["RU","CN","IR"],"listed_on":"2022-01-01","addresses":[{"text":"","street":"',
        '","city":"","region":"","postal_code":"","country":"RU"}],"entry_id":"","entity_type":"',
        'organisation","person","vessel","citations":["90 FR ","licence_requirement":"All items ',
        'subject to the EAR","licence_review_policy":"Presumption of denial","programmes":[""],',
        '{"id":"us_ofac_sdn-","list_code":"us_","names":[{"text":"","kind":"primary","language":',
        'null},{"text":"","kind":"weak_alias","language":null},{"text":"","kind":"alias",',
        '"language":null},{"text":"',
    )
).encode()
_IS_PLAIN = b"{"


def packed(body: bytes) -> bytes:
    """Return a listing's JSON compressed, to be held in memory: to a third, in some 15 us."""
    if not body.startswith(_IS_PLAIN):
        return body
    packer = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS, 8, zdict=_COMMON)
    return b"\x00" + packer.compress(body) + packer.flush()


def unpacked(body: bytes) -> bytes:
    """Return a listing's JSON, compressed or not, in some 2 us."""
    if body.startswith(_IS_PLAIN):
        return body
    return zlib.decompressobj(-zlib.MAX_WBITS, zdict=_COMMON).decompress(body[1:])


class ListingVersion(msgspec.Struct, frozen=True, kw_only=True, array_like=True, gc=False):
    """One version of a listing, as one source printed it; `body` is its JSON, `packed` or not.

    The version holds from the edition `first_edition` on, up to but not including
    `until_edition`, which is None for the current version. `entered_with` is the source's first
    edition with the listing, where that is another one.
    """

    listing_id: str
    list_code: str
    source: str
    first_edition: int
    until_edition: int | None
    body: bytes
    entered_with: int | None = None

    @property
    def entered(self) -> int:
        """The source's first edition with the listing, in this version or an earlier one."""
        return self.first_edition if self.entered_with is None else self.entered_with


class LoadAttempt(msgspec.Struct, frozen=True, kw_only=True):
    """An attempt to load a list from one source: when it was made and how it ended.

    `reason` says why the edition was refused, why the publisher could not be reached, or what an
    edition in part lacks.
    """

    list_code: str
    source: str
    at: datetime
    outcome: LoadOutcome
    reason: str | None


class VersionSpan(msgspec.Struct, frozen=True, array_like=True):
    """A stored version of a listing, without its body; see `ListingVersion`."""

    listing_id: str
    first_edition: int
    until_edition: int | None
    digest: str


class StoredSeries(msgspec.Struct, frozen=True, kw_only=True):
    """All editions of one list from one source, in order of time, with all versions of listings.

    `as_history` are the ids of the editions that were loaded as history.
    """

    editions: tuple[Edition, ...]
    versions: tuple[VersionSpan, ...]
    as_history: frozenset[int]


class EditionSpan(msgspec.Struct, frozen=True, kw_only=True):
    """The editions of one list from one source from `first` to `last`, both included."""

    list_code: str
    source: str
    first: int
    last: int


class VersionChange(msgspec.Struct, frozen=True):
    """A version that is new or lasts longer or shorter than before.

    `stored` is its first edition in the database, None where it is new. `first` and `until` may be
    keys of editions that are not stored yet.
    """

    listing_id: str
    stored: int | None
    first: int
    until: int | None
    digest: str


class HistoryWrite(msgspec.Struct, frozen=True, kw_only=True):
    """What to store so that older editions of one list from one source are at their places.

    `editions` are the new ones by their keys, which are negative. `known` are the ids of the
    editions that the change was worked out from, `order` the keys and ids of all editions after
    it, both in order of time; `as_history` says of each in `order` whether it was loaded as
    history. `records` are the bodies that are not stored yet, by listing id and digest.
    """

    list_code: str
    source: str
    known: tuple[int, ...]
    order: tuple[int, ...]
    as_history: tuple[bool, ...]
    editions: Mapping[int, NewEdition]
    changes: tuple[VersionChange, ...]
    records: Mapping[tuple[str, str], ListingRecord]


class AttemptOnDay(msgspec.Struct, frozen=True, kw_only=True):
    """An outcome that attempts to load a list had on a UTC day, once or often, from any source."""

    list_code: str
    day: date
    outcome: LoadOutcome


class StoredLists(msgspec.Struct, frozen=True, kw_only=True):
    """What the database holds at one moment, without the listings themselves.

    `editions` are all editions ever stored, sorted by list, source and time: an edition that was
    loaded as history comes at its day, whatever its id. `attempts` are the last
    ones to load each list. `terms` are those of users' own lists. `asked` are the codes of the
    sources whose publishers were ever asked from here. `profile` is what the site requires of
    lists, and `account_profiles` the profiles of the accounts that have chosen others. Where the
    settings say what the site requires, they count in place of what is stored. `out_of_sight` says
    in words since when the database has not been readable, so that its content may have changed.
    """

    editions: tuple[Edition, ...]
    attempts: tuple[LoadAttempt, ...]
    terms: tuple[ListTerms, ...] = ()
    asked: frozenset[str] = frozenset()
    profile: ListProfile = ListProfile()
    account_profiles: dict[str, tuple[str, ...]] = {}
    out_of_sight: str | None = None

    def terms_of(self, list_code: str) -> ListTerms:
        """Return the terms of a list; they are empty where nobody gave any."""
        given = (each for each in self.terms if each.list_code == list_code)
        return next(given, ListTerms(list_code=list_code))

    @property
    def newest(self) -> int:
        """The id of the newest edition, 0 before the first one."""
        return max((edition.id for edition in self.editions), default=0)


class Download(msgspec.Struct, frozen=True, kw_only=True):
    """The last download of a source.

    `failures` counts the failures since the last success. `seen` are the validators (ETag,
    Last-Modified) of the files that were last stored, in the order of the source's addresses, and
    `sha256` is the digest of the edition made of those files.
    """

    source: str
    tried_at: datetime
    failures: int
    seen: tuple[tuple[str | None, str | None], ...]
    sha256: str | None


# --- What changed: on the lists, from edition to edition, and in the register.

ChangeKind = Literal["first_edition", "listed", "changed", "gone", "measure"]
"""`first_edition` of a list in this service; a listing `listed`, `changed` or `gone`; or an event
of a `measure`."""


class ListingChange(msgspec.Struct, frozen=True, kw_only=True):
    """One listing before and after an edition, as JSON: None where it was not on the list.

    A row with an empty `listing_id` marks a first edition, which has nothing to be compared with.
    `told_at` is when the edition was loaded; for one that was loaded as history, the start of its
    day of publication.
    """

    edition: int
    list_code: str
    source: str
    published_on: date | None
    told_at: datetime
    entry_count: int
    reread: bool
    listing_id: str
    before: str | None
    after: str | None


class EditionCounts(msgspec.Struct, frozen=True, kw_only=True):
    """How many listings an edition added, changed and removed compared with the one before.

    For the first edition of a source (`is_first`) all three are 0. `reread` means that the
    publisher's file is the same as before, and only this program reads more of it.
    `programmes_gone` are those of the edition; see `NewEdition`.
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
    programmes_gone: tuple[str, ...] = ()


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
    """One thing that changed, in a list or in the register."""

    kind: ChangeKind
    at: datetime
    """When this service learned of it, in UTC; for its first register, and for editions loaded as
    history, the day on which it became public."""
    name: str | None
    """Primary name of the listing, or title of the measure; null for a first edition."""
    list_code: str | None = None
    """Code of the list; null for a measure."""
    listing_id: str | None = None
    """Our id of the listing; null unless one changed."""
    source: str | None = None
    """Code of the publication that shows it; null for a measure."""
    edition: int | None = None
    """Our number of the edition that shows it; null for a measure."""
    published_on: date | None = None
    """The publisher's day of that edition; null for a measure, or if not stated."""
    entry_count: int | None = None
    """Entries of a first edition; else null."""
    reread: bool = False
    """True if the file is the same as before, and only this program reads more of it."""
    fields: tuple[str, ...] = ()
    """Fields of a changed listing that differ."""
    measure_id: str | None = None
    """Id of the measure; null for a list."""
    event_id: str | None = None
    """Id of the event; null for a list."""
    event_kind: str | None = None
    """What happened to the measure, as `kind` of an event; null for a list."""
    retracted: bool = False
    """True if the event was withdrawn."""
    effective_on: date | None = None
    """First day of the event's effect; null for a list, or if not recorded."""
    citation: str | None = None
    """The act that states the event; null for a list, or if not recorded."""


class ChangePage(msgspec.Struct, frozen=True, kw_only=True):
    """One page of changes, oldest first."""

    items: tuple[Change, ...]
    """The changes, oldest first."""
    next_cursor: str | None
    """The `cursor` of the next page; null if there are no more changes for now."""
    later_cursor: str
    """The `cursor` of what comes after this page, including what is still to come; never null."""


class DifferenceItem(msgspec.Struct, frozen=True, kw_only=True):
    """One listing that differs between two editions."""

    change: Literal["listed", "changed", "gone"]
    """Whether it was `listed`, `changed` or is `gone`."""
    listing_id: IdOfListing
    name: str
    """Primary name of the listing."""
    fields: tuple[str, ...]
    """Fields that differ, of one that changed."""


class DifferencePage(msgspec.Struct, frozen=True, kw_only=True):
    """One page of an edition's differences from an earlier one of the same list and source."""

    list_code: CodeOfList
    source: str
    """Code of the publication whose editions are compared."""
    older: int
    """Our number of the earlier edition."""
    newer: int
    """Our number of the later edition."""
    items: tuple[DifferenceItem, ...]
    """The listings that differ, in the order of their ids."""
    next_cursor: NextCursor


# --- Files as given.

_MARK = b"\xef\xbb\xbf"
_HEAD_LENGTH = 4_096


class GivenFile(msgspec.Struct, frozen=True):
    """One file as given; `name` is for messages only, never for recognising the format."""

    name: str
    content: bytes

    @property
    def head(self) -> str:
        """The first few thousand characters, without byte order mark and leading white space."""
        return self.content[:_HEAD_LENGTH].removeprefix(_MARK).lstrip().decode("utf-8", "replace")
