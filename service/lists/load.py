"""Load: parse files, compare each of their lists with the last edition, store what is new."""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

import msgspec

from service.errors import BadInputError, ListRefusedError, RowRefusedError
from service.lists.catalogue import LIST_BY_CODE, OWN_LIST_CODE, asked_beside, lists_of, sources_of
from service.lists.catalogue import LIST_CODES as PUBLIC_LIST_CODES
from service.lists.edition import (
    READER_VERSION,
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
)
from service.lists.formats import OWN
from service.lists.guards import Had, refusal
from service.lists.listing import Listing
from service.lists.ports import EditionStore, FileReader, LoadTransaction

# --- Two editions of one list, compared: what was listed, what changed, what is gone.


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """Listing ids, sorted: new in the later edition, other than before, no longer there."""

    listed: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]

    @property
    def stored(self) -> tuple[str, ...]:
        """Those whose new state has to be stored."""
        return self.listed + self.changed

    @property
    def closed(self) -> tuple[str, ...]:
        """Those whose old state no longer stands."""
        return self.changed + self.gone


NO_DIFFERENCE = Difference(listed=(), changed=(), gone=())


def compare_editions(before: Mapping[str, str], after: Mapping[str, str]) -> Difference:
    """Compares two editions given as digest by listing id."""
    return Difference(
        listed=tuple(sorted(after.keys() - before.keys())),
        changed=tuple(
            sorted(key for key in after.keys() & before.keys() if after[key] != before[key])
        ),
        gone=tuple(sorted(before.keys() - after.keys())),
    )


# --- Reports: how each list fared when something was to come in.


class LoadReport(msgspec.Struct, frozen=True, kw_only=True):
    """How one list of the files fared; the counts are of listings."""

    list_code: str
    source: str
    outcome: LoadOutcome
    reason: str | None
    published_on: date | None
    entry_count: int
    listed: int = 0
    changed: int = 0
    gone: int = 0


def attempt_of(report: LoadReport, at: datetime) -> LoadAttempt:
    """The try that a report tells of."""
    return LoadAttempt(
        list_code=report.list_code,
        source=report.source,
        at=at,
        outcome=report.outcome,
        reason=report.reason,
    )


def report_of(
    edition: NewEdition,
    outcome: LoadOutcome,
    reason: str | None = None,
    difference: Difference = NO_DIFFERENCE,
) -> LoadReport:
    """What is told of an edition's list."""
    return LoadReport(
        list_code=edition.list_code,
        source=edition.source,
        outcome=outcome,
        reason=reason,
        published_on=edition.published_on,
        entry_count=edition.entry_count,
        listed=len(difference.listed),
        changed=len(difference.changed),
        gone=len(difference.gone),
    )


# --- What an operator may name to load: a source, a list, or a list of their own.

# A slip in a public list's code must not make a list of one's own that is always fresh.
PUBLIC_PREFIXES = ("us_", "un_", "eu_", "uk_", "ch_", "ca_", "au_", "jp_", "cn_")


class LoadRequest(msgspec.Struct, frozen=True):
    """What is to be loaded: one list from any of its sources, or all lists of one source.

    `name` is the word it was asked for by. `sources` are those it may come from, the primary one
    first; `list_code` None means every list that the source carries.
    """

    name: str
    sources: tuple[str, ...]
    list_code: str | None

    @property
    def is_own(self) -> bool:
        """Whether it is a user's own list."""
        return self.sources == (OWN,)

    def lists_from(self, source: str) -> tuple[str, ...]:
        """The codes of the lists that are wanted from a source.

        With a list comes the one where its parties may be kept instead.
        """
        if self.list_code is None:
            return lists_of(source)
        return (self.list_code, *asked_beside((self.list_code,), source))


def wanted_by_name(name: str) -> LoadRequest:
    """What a list or source code stands for.

    A code that a list and a source share stands for the list.

    Raises:
        BadInputError: It is neither known nor a possible code of an own list.
    """
    known = sources_of(name)
    if known:
        return LoadRequest(name, known, name if name in LIST_BY_CODE else None)
    if not OWN_LIST_CODE.fullmatch(name):
        reason = f"{name!r} is no list code: 2 to 63 small letters, digits and _, a letter first"
        raise BadInputError("list", reason)
    if name in PUBLIC_LIST_CODES:
        raise BadInputError("list", f"{name!r} is kept for a public list that has no loader yet")
    if name.startswith(PUBLIC_PREFIXES):
        reason = (
            f"{name!r} is no public list we know; a list of your own cannot be called like one"
        )
        raise BadInputError("list", reason)
    return LoadRequest(name, (OWN,), name)


def whole_source(code: str) -> LoadRequest:
    """All lists of one known source."""
    return LoadRequest(code, (code,), None)


class ListFiles(msgspec.Struct, frozen=True, kw_only=True):
    """The files of one edition to load, and what is wanted of them.

    `published_on` is the publisher's date as the operator knows it, and must agree with the file.
    `last_modified_on` is what the publisher's server said, used where nobody says better.
    `offered_at` is when the publisher was seen to offer them, None where nobody knows.
    `accepted` True: an operator answers for a loss of entries, of names, or of a well-known name.
    `terms` are what an operator says of a list of their own.
    """

    wanted: LoadRequest
    files: tuple[GivenFile, ...]
    published_on: date | None = None
    last_modified_on: date | None = None
    offered_at: datetime | None = None
    accepted: bool = False
    terms: TermsUpdate = TermsUpdate()


async def load_files(
    store: EditionStore, given: ListFiles, now: datetime, reader: FileReader
) -> tuple[LoadReport, ...]:
    """Makes what files say of their lists the current editions, all in one transaction.

    A list that the files should carry and do not keeps its good edition and is reported as
    refused, beside the others.

    Raises:
        ListRefusedError: The files cannot be read whole. The refusal is recorded with its lists.
        BadInputError: The publication day contradicts the files or has not come yet.
    """
    try:
        read = await _read(given, reader)
        parsed = _parsed_lists(given.wanted, read)
    except ListRefusedError as refused:
        await record_failure(store, given.wanted, "refused", refused.reason, now)
        raise
    sha256 = digest_of(given.files)
    async with store.loading() as transaction:
        current = await transaction.current_editions()
        terms = await transaction.every_terms()
        return tuple(
            [
                await _store_list(
                    transaction,
                    each,
                    _new_edition(each, given, read, sha256, now),
                    current,
                    _terms(given, terms, each.list_code),
                    says_day=(each.published_on or given.published_on) is not None,
                )
                for each in parsed
            ]
        )


async def record_failure(
    store: EditionStore, wanted: LoadRequest, outcome: LoadOutcome, reason: str, now: datetime
) -> None:
    """Notes with each list concerned that nothing new came in, so that every answer says so.

    Of a list that several sources carry, those are concerned that it was ever loaded from. A code
    that no list has yet stays unknown.
    """
    async with store.loading() as transaction:
        current = await transaction.current_editions()
        for code, source in _concerned(wanted, current):
            await transaction.add_attempt(
                LoadAttempt(list_code=code, source=source, at=now, outcome=outcome, reason=reason)
            )


def _concerned(
    wanted: LoadRequest, current: Collection[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    pairs = [(code, each) for each in wanted.sources for code in wanted.lists_from(each)]
    loaded = [pair for pair in pairs if pair in current]
    if loaded or wanted.is_own:
        yield from loaded
    else:
        yield from (pair for pair in pairs if pair[1] == wanted.sources[0])


def digest_of(files: Sequence[GivenFile]) -> str:
    """The sha256 of a file, or of the sorted digests of several, so that their order is free."""
    digests = sorted(hashlib.sha256(file.content).hexdigest() for file in files)
    if len(digests) == 1:
        return digests[0]
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


async def _read(given: ListFiles, reader: FileReader) -> ReadFiles:
    wanted = given.wanted
    own_code = wanted.list_code if wanted.is_own else None
    try:
        return await reader.read_files(wanted.name, given.files, wanted.sources, own_code)
    except RowRefusedError as refused:
        raise ListRefusedError(wanted.name, str(refused)) from refused


def _parsed_lists(wanted: LoadRequest, read: ReadFiles) -> tuple[ParsedEdition | ParsedDelta, ...]:
    """What the files say of each list wanted of them; of one they do not name, that it is empty.

    A delta need not name every list.
    """
    by_code = {each.list_code: each for each in read.parsed}
    codes = wanted.lists_from(read.source)
    present = [by_code[code] for code in codes if code in by_code]
    if any(isinstance(each, ParsedDelta) for each in read.parsed):
        return tuple(present)
    if not any(isinstance(each, ParsedEdition) and each.listings for each in present):
        raise ListRefusedError(wanted.name, "the file has no entry of it")
    day = read.parsed[0].published_on
    empty = ParsedEdition(list_code="", published_on=day, listings=())
    return tuple(
        by_code.get(code) or msgspec.structs.replace(empty, list_code=code) for code in codes
    )


def _new_edition(
    parsed: ParsedEdition | ParsedDelta,
    given: ListFiles,
    read: ReadFiles,
    sha256: str,
    now: datetime,
) -> NewEdition:
    said, told = parsed.published_on, given.published_on
    if said is not None and told is not None and said != told:
        raise BadInputError("published_on", f"given as {told}, but the file itself says {said}")
    days = filter(None, (said, told, given.last_modified_on))
    published_on = next(days, None)
    # Somewhere on earth it is already tomorrow.
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
    )


def _offered_at(given: ListFiles, published_on: date | None, now: datetime) -> datetime | None:
    """When they were offered; a list of one's own without a day of its own is offered now."""
    if given.wanted.is_own and published_on is None:
        return now
    return given.offered_at


def _terms(given: ListFiles, stored: Mapping[str, ListTerms], list_code: str) -> ListTerms:
    """What the list is held to from now on, if the files are taken in."""
    return given.terms.over(stored.get(list_code, ListTerms(list_code=list_code)))


async def _store_list(
    transaction: LoadTransaction,
    parsed: ParsedEdition | ParsedDelta,
    edition: NewEdition,
    editions: Mapping[tuple[str, str], Edition],
    terms: ListTerms,
    *,
    says_day: bool,
) -> LoadReport:
    """One list of the files: refused, unchanged, or the new current edition."""
    current = editions.get((edition.list_code, edition.source))
    is_same = current is not None and _is_same(current, edition, says_day=says_day)
    if current is not None and is_same and terms.holds(current.entry_count):
        report = await _confirm(transaction, edition, current)
    else:
        had = await _had(transaction, edition, editions, terms)
        report = await _store_if_sound(transaction, parsed, edition, had)
    if report.outcome != "refused" and edition.list_code not in LIST_BY_CODE:
        await transaction.put_terms(terms)
    await transaction.add_attempt(attempt_of(report, edition.loaded_at))
    return report


async def _had(
    transaction: LoadTransaction,
    edition: NewEdition,
    editions: Mapping[tuple[str, str], Edition],
    terms: ListTerms,
) -> Had:
    """What is here of an edition's list."""
    code, source = edition.list_code, edition.source
    current = editions.get((code, source))
    return Had(
        current=current,
        entries={} if current is None else await transaction.current_names(code, source),
        beside=[
            each for each in editions.values() if each.list_code == code and each.source != source
        ],
        terms=terms,
    )


def _is_same(current: Edition, edition: NewEdition, *, says_day: bool) -> bool:
    """Whether it is the current edition again; a server's word for the day changes nothing."""
    same_bytes = (current.sha256, current.reader) == (edition.sha256, edition.reader)
    return same_bytes and (not says_day or edition.published_on == current.published_on)


async def _confirm(
    transaction: LoadTransaction, edition: NewEdition, current: Edition
) -> LoadReport:
    if edition.confirmed_at is not None:
        await transaction.confirm_edition(current.id, edition.confirmed_at)
    return report_of(current, "unchanged", current.lacks)


async def _rollback(transaction: LoadTransaction, edition: NewEdition) -> str | None:
    """Why bytes that were an edition before, and are no longer, are not taken in again."""
    if edition.accepted or edition.list_code not in LIST_BY_CODE:
        return None
    if not await transaction.had_edition(edition.list_code, edition.source, edition.sha256):
        return None
    return "a newer edition has replaced this one already; --accept-shrink takes it in"


async def _store_if_sound(
    transaction: LoadTransaction,
    parsed: ParsedEdition | ParsedDelta,
    edition: NewEdition,
    had: Had,
) -> LoadReport:
    before = await transaction.current_digests(edition.list_code, edition.source)
    records = _records(parsed)
    after = {key: record.digest for key, record in records.items()}
    if isinstance(parsed, ParsedDelta):
        after = {key: before[key] for key in before.keys() - set(parsed.gone)} | after
    edition = msgspec.structs.replace(edition, entry_count=len(after))
    reason = refusal(parsed, edition, had) or await _rollback(transaction, edition)
    if reason is not None:
        return report_of(edition, "refused", reason)
    difference = compare_editions(before, after)
    edition_id = await transaction.add_edition(edition)
    await transaction.close_versions(edition_id, edition.source, difference.closed)
    changed = [records[key] for key in difference.stored]
    await transaction.add_versions(edition_id, edition.list_code, edition.source, changed)
    return report_of(edition, "loaded", edition.lacks, difference)


def _records(parsed: ParsedEdition | ParsedDelta) -> Mapping[str, ListingRecord]:
    listings = parsed.put if isinstance(parsed, ParsedDelta) else parsed.listings
    return {listing.id: listing_record(listing) for listing in listings}


def listing_record(listing: Listing) -> ListingRecord:
    """A listing as it is stored; the same listing always gives the same digest."""
    body = msgspec.json.encode(listing)
    return ListingRecord(
        listing_id=listing.id, digest=hashlib.sha256(body).hexdigest(), body=body.decode()
    )
