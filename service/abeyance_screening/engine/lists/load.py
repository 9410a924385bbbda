"""Load: read files, compare each list in them with its last edition, and store what is new."""

import hashlib
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol

import msgspec

from abeyance_screening.engine.lists.catalogue import (
    LIST_BY_CODE,
    OWN_LIST_CODE,
    PUBLIC_PREFIXES,
    SOURCE_BY_CODE,
    UNREAD,
    asked_beside,
    is_of_register,
    lists_of,
    mistaken_for,
    sources_of,
)
from abeyance_screening.engine.lists.catalogue import LIST_CODES as PUBLIC_LIST_CODES
from abeyance_screening.engine.lists.catalogue_types import ListSource
from abeyance_screening.engine.lists.edition import (
    READER_VERSION,
    AnyParsed,
    Edition,
    GivenFile,
    ListingRecord,
    ListTerms,
    LoadAttempt,
    LoadOutcome,
    NewEdition,
    ParsedDelta,
    ParsedEdition,
    ReadFiles,
    TermsUpdate,
    listings_in,
)
from abeyance_screening.engine.lists.formats import OWN
from abeyance_screening.engine.lists.guards import ListBefore, programmes_gone, refusal
from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.lists.loading_ports import FileReader, ListStore, LoadTransaction
from abeyance_screening.primitives.errors import (
    BadInputError,
    ListRefusedError,
    RowRefusedError,
    StrangePageError,
)
from abeyance_screening.primitives.structs import copy_as

# --- Two editions of one list, compared.


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """How an edition differs from the one before: listing ids, sorted.

    `listed` are new, `changed` differ in content, `gone` are no longer on the list.
    """

    listed: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]

    @property
    def stored(self) -> tuple[str, ...]:
        """The ids of the listings whose new version has to be stored."""
        return self.listed + self.changed

    @property
    def closed(self) -> tuple[str, ...]:
        """The ids of the listings whose previous version has ended."""
        return self.changed + self.gone


NO_DIFFERENCE = Difference(listed=(), changed=(), gone=())


def compare_editions(before: Mapping[str, str], after: Mapping[str, str]) -> Difference:
    """Compare two editions, each given as the digests of its listings by listing id."""
    return Difference(
        listed=tuple(sorted(after.keys() - before.keys())),
        changed=tuple(
            sorted(key for key in after.keys() & before.keys() if after[key] != before[key])
        ),
        gone=tuple(sorted(before.keys() - after.keys())),
    )


# --- Reports: the outcome of a load, list by list.


class LoadReport(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of a load for one list; the counts are of listings.

    `reason` is stored, and read by everybody who asks about the list. `detail` is the same for
    operators, with addresses and the words of the network; None where that is no more.
    """

    list_code: str
    source: str
    outcome: LoadOutcome
    reason: str | None
    published_on: date | None
    entry_count: int
    listed: int = 0
    changed: int = 0
    gone: int = 0
    detail: str | None = None

    @property
    def in_full(self) -> str | None:
        """The reason for operators."""
        return self.detail or self.reason


def attempt_of(report: LoadReport, at: datetime) -> LoadAttempt:
    """Return the load attempt that a report describes, as it is stored."""
    return copy_as(LoadAttempt, report, at=at)


def report_of(
    edition: NewEdition,
    outcome: LoadOutcome,
    reason: str | None = None,
    difference: Difference = NO_DIFFERENCE,
) -> LoadReport:
    """Return the report on the list of an edition."""
    return copy_as(
        LoadReport,
        edition,
        outcome=outcome,
        reason=reason,
        listed=len(difference.listed),
        changed=len(difference.changed),
        gone=len(difference.gone),
        detail=None,
    )


# --- What an operator may ask to load: a source, a public list, or a list of their own.


class LoadRequest(msgspec.Struct, frozen=True):
    """What is to be loaded: one list from any of its sources, or all lists of one source.

    `name` is the list or source code that the operator gave. `sources` are the codes of the
    sources that the files may come from, the primary one first. `list_code` None means every list
    that the source carries. `doubt` says why the code of a user's own list looks like a mistyped
    public one, None if it does not: no new list is made under it, since it would always be fresh
    while the public one is missing.
    """

    name: str
    sources: tuple[str, ...]
    list_code: str | None
    doubt: str | None = None

    @property
    def is_own(self) -> bool:
        """Whether a user's own list is to be loaded."""
        return self.sources == (OWN,)

    @property
    def own_code(self) -> str | None:
        """The code of the user's own list that is to be loaded, None for a public list."""
        return self.list_code if self.is_own else None

    def lists_from(self, source: str) -> tuple[str, ...]:
        """Return the codes of the lists that are wanted from a source.

        Lists that may hold parties of the requested list instead are included.
        """
        if self.list_code is None:
            return lists_of(source)
        return (self.list_code, *asked_beside((self.list_code,), source))


def wanted_by_name(name: str) -> LoadRequest:
    """Return what a list or source code asks to load.

    A code that a list and a source share stands for the list. Whether a list of the user's own is
    stored under a code in doubt, only the database knows; see `check_code`.

    Raises:
        BadInputError: The code is neither known nor valid for a user's own list.
    """
    known = sources_of(name)
    if known:
        return LoadRequest(name, known, name if name in LIST_BY_CODE else None)
    if not OWN_LIST_CODE.fullmatch(name):
        reason = (
            f"{name!r} is no list code: use 2 to 63 lower-case letters, digits and _, starting "
            "with a letter"
        )
        raise BadInputError("list", reason)
    if name in PUBLIC_LIST_CODES:
        raise BadInputError("list", f"{name!r} is kept for a public list that has no loader yet")
    return LoadRequest(name, (OWN,), name, _doubt(name))


def downloadable_sources(name: str) -> list[ListSource]:
    """Return the sources of a list, or a source itself, that have an address to download from.

    Raises:
        BadInputError: The code is not known, or nothing can be downloaded for it.
    """
    wanted = wanted_by_name(name)
    if wanted.is_own:
        doubt = wanted.doubt or f"{name!r} has no publisher; load it from a file"
        raise BadInputError("list", doubt)
    sources = [SOURCE_BY_CODE[code] for code in wanted.sources]
    if all(is_of_register(code) for code in wanted.sources):
        reason = (
            f"{name!r} is the register's own list and has no publisher; it comes with the "
            "program, and a newer program brings a newer one"
        )
        raise BadInputError("list", reason)
    with_address = [source for source in sources if source.offers]
    if with_address:
        return with_address
    reason = (
        f"{name!r} has no permanent download address; "
        f"download its file from {sources[0].home_url} and load it"
    )
    raise BadInputError("list", reason)


def _doubt(code: str) -> str | None:
    """Return why a code looks like that of a public list, None if it does not."""
    meant = mistaken_for(code)
    if meant is not None:
        known = LIST_BY_CODE.get(meant) or SOURCE_BY_CODE.get(meant)
        title = UNREAD[meant] if known is None else known.title
        return f"{code!r} is nearly the code of a public list, {meant!r} ({title})"
    prefix = next((each for each in PUBLIC_PREFIXES if code.startswith(each)), None)
    return None if prefix is None else f"{code!r} begins like a public list, with {prefix!r}"


def check_code(wanted: LoadRequest, *, is_stored: bool) -> None:
    """Refuse a new list of the user's own whose code looks like a mistyped public one.

    One that is stored already goes on loading; `remark_on` its editions warns.
    """
    if wanted.doubt is not None and not is_stored:
        raise BadInputError("list", f"{wanted.doubt}; give your own list another code")


def whole_source(code: str) -> LoadRequest:
    """Return the request for all lists of one known source."""
    return LoadRequest(code, (code,), None)


# --- Loading.


class ListFiles(msgspec.Struct, frozen=True, kw_only=True):
    """The files of one edition to load, and what is wanted from them.

    `published_on` is the publication day that the operator gives; it must agree with the file.
    `last_modified_on` is the day that the publisher's server gives, used where neither the file
    nor the operator gives one. `offered_at` is when the publisher was seen to offer the files,
    None where that is unknown. `accepted` True means that an operator takes responsibility for a
    loss of entries, of names, or of a well-known name. `terms` are the operator's terms for an
    own list.
    """

    wanted: LoadRequest
    files: tuple[GivenFile, ...]
    published_on: date | None = None
    last_modified_on: date | None = None
    offered_at: datetime | None = None
    accepted: bool = False
    terms: TermsUpdate = TermsUpdate()


# The outcomes of a file that is the current edition now. The order of one that was so before is
# not known yet if an earlier version of this program loaded it.
_TAKEN = frozenset({"loaded", "unchanged"})


async def load_files(
    store: ListStore, given: ListFiles, now: datetime, reader: FileReader
) -> tuple[LoadReport, ...]:
    """Read files and make their lists the current editions, all in one transaction.

    A list that should be in the files but is missing keeps its current edition and is reported
    as refused, together with the reports on the other lists.

    Raises:
        ListRefusedError: The files cannot be read whole, or are taken to end early. The refusal is
            recorded for each list; where a publisher offered a `StrangePageError`, it is recorded
            that the publisher could not be reached.
        BadInputError: The publication day contradicts the files or is in the future.
    """
    try:
        read = await read_wanted(given.wanted, given.files, reader)
        parsed = parsed_lists(given.wanted, read)
        return await _stored(store, given, (read, parsed), now)
    except ListRefusedError as refused:
        is_away = isinstance(refused, StrangePageError) and given.offered_at is not None
        outcome = "unreachable" if is_away else "refused"
        await record_failure(store, given.wanted, outcome, refused.reason, now)
        raise


async def _stored(
    store: ListStore,
    given: ListFiles,
    came: tuple[ReadFiles, tuple[AnyParsed, ...]],
    now: datetime,
) -> tuple[LoadReport, ...]:
    """Store what was read from files, each list unless it is refused."""
    read, parsed = came
    sha256 = digest_of(given.files)
    async with store.loading() as transaction:
        current = await transaction.current_editions()
        terms = await transaction.every_terms()
        parsed = _needed(parsed, read.source, current)
        reports: list[LoadReport] = []
        for each in parsed:
            report = await store_list(
                transaction,
                _HeldList(each),
                new_edition(each, given, read, sha256, now),
                current,
                terms_of(given, terms, each.list_code),
                says_day=(each.published_on or given.published_on) is not None,
            )
            if report.outcome in _TAKEN and isinstance(each, ParsedEdition):
                order = [listing.id for listing in each.listings]
                await transaction.put_listing_order(each.list_code, read.source, order)
            reports.append(report)
        return tuple(reports)


async def record_failure(
    store: ListStore, wanted: LoadRequest, outcome: LoadOutcome, reason: str, now: datetime
) -> None:
    """Record a failed load with each list concerned, so that every answer can report it.

    Where several sources carry a list, the failure is recorded for those from which the list was
    ever loaded, or for the primary source if there are none. Nothing is recorded for an own list
    that was never loaded.
    """
    async with store.loading() as transaction:
        current = await transaction.current_editions()
        for code, source in _concerned(wanted, current):
            await transaction.add_attempt(
                LoadAttempt(list_code=code, source=source, at=now, outcome=outcome, reason=reason)
            )


def digest_of(files: Sequence[GivenFile]) -> str:
    """Return the SHA-256 of one file, or of the sorted digests of several, in any order."""
    return digest_of_all(hashlib.sha256(file.content).hexdigest() for file in files)


def digest_of_all(digests: Iterable[str]) -> str:
    """Return what `digest_of` does, of files whose own digests are known."""
    ordered = sorted(digests)
    if len(ordered) == 1:
        return ordered[0]
    return hashlib.sha256("\n".join(ordered).encode()).hexdigest()


def listing_record(listing: Listing) -> ListingRecord:
    """Return a listing in its stored form; equal listings always give equal digests."""
    body = msgspec.json.encode(listing)
    return ListingRecord(
        listing_id=listing.id, digest=hashlib.sha256(body).hexdigest(), body=body.decode()
    )


async def read_wanted(
    wanted: LoadRequest, files: Sequence[GivenFile], reader: FileReader
) -> ReadFiles:
    """Read the files of one edition of the lists wanted."""
    try:
        return await reader.read_files(wanted.name, files, wanted.sources, wanted.own_code)
    except RowRefusedError as refused:
        raise ListRefusedError(wanted.name, str(refused)) from refused


def parsed_lists(wanted: LoadRequest, read: ReadFiles) -> tuple[ParsedEdition | ParsedDelta, ...]:
    """Return the edition of each list wanted; one that the files do not name is empty.

    A delta need not name every list.
    """
    by_code = {each.list_code: each for each in read.parsed}
    codes = wanted.lists_from(read.source)
    present = [by_code[code] for code in codes if code in by_code]
    if any(isinstance(each, ParsedDelta) for each in read.parsed):
        return tuple(present)
    if not any(isinstance(each, ParsedEdition) and each.listings for each in present):
        raise ListRefusedError(wanted.name, "the file has no entry of this list")
    day = read.parsed[0].published_on
    empty = ParsedEdition(list_code="", published_on=day, listings=())
    return tuple(
        by_code.get(code) or msgspec.structs.replace(empty, list_code=code) for code in codes
    )


def _needed(
    parsed: Iterable[AnyParsed], source: str, editions: Container[tuple[str, str]]
) -> list[AnyParsed]:
    return [
        each
        for each in parsed
        if is_needed(each, listings_in(each), has_editions=(each.list_code, source) in editions)
    ]


def is_needed(parsed: AnyParsed, listings: Sequence[object], *, has_editions: bool) -> bool:
    """Return whether a list is to be stored; one for strays is not until there is a stray.

    `listings` are those of the edition or delta.
    """
    known = LIST_BY_CODE.get(parsed.list_code)
    holds_strays = known is not None and known.only_if_loaded and known.may_be_empty
    is_empty = isinstance(parsed, ParsedEdition) and not listings
    return has_editions or not (holds_strays and is_empty)


def _concerned(
    wanted: LoadRequest, current: Collection[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    pairs = [(code, each) for each in wanted.sources for code in wanted.lists_from(each)]
    loaded = [pair for pair in pairs if pair in current]
    if loaded or wanted.is_own:
        yield from loaded
    else:
        yield from (pair for pair in pairs if pair[1] == wanted.sources[0])


def new_edition(
    parsed: ParsedEdition | ParsedDelta,
    given: ListFiles,
    read: ReadFiles,
    sha256: str,
    now: datetime,
) -> NewEdition:
    """Return the edition that a parsed list makes, without the number of its entries."""
    printed_on, given_on = parsed.published_on, given.published_on
    if printed_on is not None and given_on is not None and printed_on != given_on:
        raise BadInputError(
            "published_on", f"given as {given_on}, but the file itself says {printed_on}"
        )
    days = filter(None, (printed_on, given_on, given.last_modified_on))
    published_on = next(days, None)
    # In the easternmost time zones it may already be tomorrow.
    if published_on is not None and published_on > now.date() + timedelta(days=1):
        raise BadInputError("published_on", f"{published_on} has not come yet")
    return NewEdition(
        list_code=parsed.list_code,
        source=read.source,
        sha256=sha256,
        format=read.format,
        reader=READER_VERSION,
        published_on=published_on,
        loaded_at=now,
        confirmed_at=_offered_at(given, published_on, now),
        entry_count=0,
        accepted=given.accepted,
        read_in_part=parsed.read_in_part,
    )


def _offered_at(given: ListFiles, published_on: date | None, now: datetime) -> datetime | None:
    """Return when the files were offered; an undated own list counts as offered now."""
    if given.wanted.is_own and published_on is None:
        return now
    return given.offered_at


def terms_of(given: ListFiles, stored: Mapping[str, ListTerms], list_code: str) -> ListTerms:
    """Return the terms that hold for the list if the files are stored."""
    return given.terms.over(stored.get(list_code, ListTerms(list_code=list_code)))


class Content(Protocol):
    """What files say of one list: held in memory, or staged."""

    async def store_if_sound(
        self, transaction: LoadTransaction, edition: NewEdition, before: ListBefore
    ) -> LoadReport:
        """Store the listings and their edition, unless a guard refuses it.

        `before` is without the entries of the current edition.
        """
        ...


async def store_list(
    transaction: LoadTransaction,
    content: Content,
    edition: NewEdition,
    editions: Mapping[tuple[str, str], Edition],
    terms: ListTerms,
    *,
    says_day: bool,
) -> LoadReport:
    """Store one list of the files as its current edition, unless it is refused or unchanged."""
    report = await confirm_if_same(transaction, edition, editions, terms, says_day=says_day)
    if report is not None:
        return report
    code, source = edition.list_code, edition.source
    copies = [
        each
        for (list_code, other), each in editions.items()
        if list_code == code and other != source
    ]
    had = ListBefore(current=editions.get((code, source)), entries={}, copies=copies, terms=terms)
    report = await content.store_if_sound(transaction, edition, had)
    return await _recorded(transaction, edition, terms, report)


async def confirm_if_same(
    transaction: LoadTransaction,
    edition: NewEdition,
    editions: Mapping[tuple[str, str], Edition],
    terms: ListTerms,
    *,
    says_day: bool,
) -> LoadReport | None:
    """Record that an edition is still offered, if it is the current one again; else return None.

    Only a day from the file or the operator (`says_day`) can make a difference. One whose size is
    not as expected is not confirmed.
    """
    current = editions.get((edition.list_code, edition.source))
    if current is None or not _is_same(current, edition, says_day=says_day):
        return None
    if not terms.holds(current.entry_count):
        return None
    report = await _confirm(transaction, edition, current)
    return await _recorded(transaction, edition, terms, report)


async def _recorded(
    transaction: LoadTransaction, edition: NewEdition, terms: ListTerms, report: LoadReport
) -> LoadReport:
    """Record the outcome of a load, and the terms of an own list with it."""
    if report.outcome != "refused" and edition.list_code not in LIST_BY_CODE:
        await transaction.put_terms(terms)
    await transaction.add_attempt(attempt_of(report, edition.loaded_at))
    return report


def _is_same(current: Edition, edition: NewEdition, *, says_day: bool) -> bool:
    same_bytes = (current.sha256, current.reader) == (edition.sha256, edition.reader)
    return same_bytes and (not says_day or edition.published_on == current.published_on)


async def _confirm(
    transaction: LoadTransaction, edition: NewEdition, current: Edition
) -> LoadReport:
    if edition.confirmed_at is not None:
        await transaction.confirm_edition(current.id, edition.confirmed_at)
    return report_of(current, "unchanged", remark_on(current))


class _HeldList:
    """A list that is held in memory."""

    def __init__(self, parsed: ParsedEdition | ParsedDelta) -> None:
        self._parsed = parsed

    async def store_if_sound(
        self, transaction: LoadTransaction, edition: NewEdition, before: ListBefore
    ) -> LoadReport:
        code, source, parsed = edition.list_code, edition.source, self._parsed
        if before.current is not None:
            entries = await transaction.current_names(code, source)
            order = await transaction.listing_order(code, source)
            before = msgspec.structs.replace(before, entries=entries, order=order)
        digests = await transaction.current_digests(code, source)
        records = {listing.id: listing_record(listing) for listing in listings_in(parsed)}
        after = {key: record.digest for key, record in records.items()}
        if isinstance(parsed, ParsedDelta):
            after = {key: digests[key] for key in digests.keys() - set(parsed.gone)} | after
            edition = with_parts_before(edition, before.current)
        edition = msgspec.structs.replace(
            edition,
            entry_count=len(after),
            programmes_gone=programmes_gone(parsed, edition, before),
        )
        reason = refusal(parsed, edition, before) or await _rollback(
            transaction, edition, before.current
        )
        if reason is not None:
            return report_of(edition, "refused", reason)
        difference = compare_editions(digests, after)
        edition_id = await transaction.add_edition(edition)
        await transaction.close_versions(edition_id, source, difference.closed)
        changed = [records[key] for key in difference.stored]
        await transaction.add_versions(edition_id, code, source, changed)
        return report_of(edition, "loaded", remark_on(edition), difference)


def remark_on(edition: NewEdition) -> str | None:
    """Return what of an edition was not read, or is odd about its list's code; None if nothing."""
    doubt = _doubt(edition.list_code) if edition.source == OWN else None
    code = None if doubt is None else f"a list of your own, although {doubt}"
    return "; ".join(filter(None, (edition.parts_unread, code))) or None


def with_parts_before(edition: NewEdition, before: NewEdition | None) -> NewEdition:
    """Return the edition that a delta makes, with what was unread of the one it applies to."""
    known = () if before is None else before.read_in_part
    parts = {(part.what, part.may_hide): part for part in (*known, *edition.read_in_part)}
    return msgspec.structs.replace(edition, read_in_part=tuple(parts.values()))


async def _rollback(
    transaction: LoadTransaction, edition: NewEdition, current: Edition | None
) -> str | None:
    """Return why a superseded edition is refused, None if these bytes never were one."""
    if edition.accepted or edition.list_code not in LIST_BY_CODE:
        return None
    if current is not None and current.sha256 == edition.sha256:
        return None
    if not await transaction.had_edition(edition.list_code, edition.source, edition.sha256):
        return None
    return "a newer edition has replaced this one already; to load it again, use --accept-shrink"
