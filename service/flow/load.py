"""Load: parse a file, compare each of its lists with the last edition, store what is new."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import msgspec

from service.diff import NO_DIFFERENCE, Difference, compare_editions
from service.flow.ports import EditionStore, LoadTransaction
from service.model.catalogue import LIST_BY_CODE, OWN_LIST_CODE, SOURCE_BY_CODE, lists_of
from service.model.edition import (
    Edition,
    ListingRecord,
    LoadAttempt,
    LoadOutcome,
    NewEdition,
    ParsedEdition,
    is_shrunk,
)
from service.model.errors import BadInputError, ListRefusedError, RowRefusedError
from service.model.listing import Listing
from service.parse.formats import read_file
from service.register.lists import LIST_CODES as PUBLIC_LIST_CODES


class ListFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file to load: `wanted` is the source, the list of a source, or the own list it is for.

    `published_on` is the publisher's date as the operator knows it, and must agree with the file.
    `last_modified_on` is what the publisher's server said, used where nobody says better.
    `first_only` True: only lists without any edition take this file's.
    """

    wanted: str
    content: bytes
    published_on: date | None = None
    last_modified_on: date | None = None
    first_only: bool = False


class LoadReport(msgspec.Struct, frozen=True, kw_only=True):
    """How one list of the file fared; the counts are of listings."""

    list_code: str
    outcome: LoadOutcome
    reason: str | None
    published_on: date | None
    entry_count: int
    listed: int = 0
    changed: int = 0
    gone: int = 0


async def load_file(store: EditionStore, file: ListFile, now: datetime) -> tuple[LoadReport, ...]:
    """Makes what a file says of its lists their current editions, all in one transaction.

    A list that the file should carry and does not keeps its good edition and is reported as
    refused, beside the others.

    Raises:
        ListRefusedError: The file cannot be read whole. The refusal is recorded with its lists.
        BadInputError: `wanted` is no list code, or the publication day contradicts the file or
            has not come yet.
    """
    source = source_of(file.wanted)
    try:
        format_word, parsed = _parse(source, file)
    except ListRefusedError as refusal:
        await record_refusal(store, file.wanted, refusal.reason, now)
        raise
    sha256 = hashlib.sha256(file.content).hexdigest()
    async with store.loading() as transaction:
        current = await transaction.current_editions()
        wanted = [each for each in parsed if not (file.first_only and each.list_code in current)]
        return tuple(
            [
                await _store_list(
                    transaction,
                    edition,
                    _new_edition(edition, file, sha256, format_word, now),
                    current.get(edition.list_code),
                )
                for edition in wanted
            ]
        )


async def record_refusal(store: EditionStore, wanted: str, reason: str, now: datetime) -> None:
    """Notes with each list concerned that a file was refused, so that every answer says so.

    A code that no list has yet stays unknown.
    """
    async with store.loading() as transaction:
        current = await transaction.current_editions()
        for code in lists_wanted(wanted):
            if code in LIST_BY_CODE or code in current:
                await transaction.add_attempt(
                    LoadAttempt(list_code=code, at=now, outcome="refused", reason=reason)
                )


def source_of(wanted: str) -> str:
    """The source that a list or source code belongs to; `own` for a user's own list.

    Raises:
        BadInputError: It is neither known nor a possible code of an own list.
    """
    if wanted in SOURCE_BY_CODE:
        return wanted
    if wanted in LIST_BY_CODE:
        return LIST_BY_CODE[wanted].source
    if not OWN_LIST_CODE.fullmatch(wanted):
        raise BadInputError(
            "list", f"{wanted!r} is no list code: small letters, digits and _, a letter first"
        )
    if wanted in PUBLIC_LIST_CODES:
        raise BadInputError("list", f"{wanted!r} is kept for a public list that has no loader yet")
    return "own"


def lists_wanted(wanted: str) -> tuple[str, ...]:
    """The list codes that a source or list code stands for."""
    return (wanted,) if wanted not in SOURCE_BY_CODE else lists_of(wanted)


def _parse(source: str, file: ListFile) -> tuple[str, tuple[ParsedEdition, ...]]:
    own_code = file.wanted if source == "own" else None
    try:
        format_word, editions = read_file(source, file.content, list_code=own_code)
    except RowRefusedError as refusal:
        raise ListRefusedError(file.wanted, str(refusal)) from refusal
    by_code = {edition.list_code: edition for edition in editions}
    wanted = lists_wanted(file.wanted)
    if not any(code in by_code and by_code[code].listings for code in wanted):
        raise ListRefusedError(file.wanted, "the file has no entry of it")
    absent = ParsedEdition(list_code="", published_on=_file_day(editions), listings=())
    return format_word, tuple(
        by_code.get(code) or msgspec.structs.replace(absent, list_code=code) for code in wanted
    )


def _file_day(editions: Sequence[ParsedEdition]) -> date | None:
    return editions[0].published_on if editions else None


def _new_edition(
    parsed: ParsedEdition, file: ListFile, sha256: str, format_word: str, now: datetime
) -> NewEdition:
    said, told = parsed.published_on, file.published_on
    if said is not None and told is not None and said != told:
        raise BadInputError("published_on", f"given as {told}, but the file itself says {said}")
    published_on = _first_known(said, told, file.last_modified_on)
    # Somewhere on earth it is already tomorrow.
    if published_on is not None and published_on > now.date() + timedelta(days=1):
        raise BadInputError("published_on", f"{published_on} has not come yet")
    return NewEdition(
        list_code=parsed.list_code,
        sha256=sha256,
        format=format_word,
        published_on=published_on,
        loaded_at=now,
        entry_count=len(parsed.listings),
        previous_count=None,
    )


def _first_known(*days: date | None) -> date | None:
    return next((day for day in days if day is not None), None)


async def _store_list(
    transaction: LoadTransaction,
    parsed: ParsedEdition,
    edition: NewEdition,
    current: Edition | None,
) -> LoadReport:
    """One list of the file: refused, unchanged, or the new current edition."""
    difference = NO_DIFFERENCE
    refusal = _refusal(parsed)
    if refusal is not None:
        outcome: LoadOutcome = "refused"
    elif current is not None and _is_same(current, edition):
        outcome = "unchanged"
    else:
        outcome = "loaded"
        difference = await _store_edition(
            transaction,
            parsed.listings,
            msgspec.structs.replace(edition, previous_count=_measured_against(current, edition)),
        )
    await transaction.add_attempt(
        LoadAttempt(
            list_code=edition.list_code, at=edition.loaded_at, outcome=outcome, reason=refusal
        )
    )
    return _report(edition, outcome, refusal, difference)


def _refusal(parsed: ParsedEdition) -> str | None:
    known = LIST_BY_CODE.get(parsed.list_code)
    if parsed.listings or (known is not None and known.may_be_empty):
        return None
    return "the file has no entry of this list"


def _measured_against(current: Edition | None, edition: NewEdition) -> int | None:
    """The entry count of the last good edition: one that was cut is no measure for the next."""
    if current is None:
        return None
    before = current.previous_count
    if is_shrunk(current.entry_count, before) and is_shrunk(edition.entry_count, before):
        return before
    return current.entry_count


def _is_same(current: Edition, edition: NewEdition) -> bool:
    return current.sha256 == edition.sha256 and edition.published_on in {
        None,
        current.published_on,
    }


async def _store_edition(
    transaction: LoadTransaction,
    listings: Sequence[Listing],
    edition: NewEdition,
) -> Difference:
    records = {listing.id: listing_record(listing) for listing in listings}
    difference = compare_editions(
        await transaction.current_digests(edition.list_code),
        {key: record.digest for key, record in records.items()},
    )
    edition_id = await transaction.add_edition(edition)
    await transaction.close_versions(edition_id, difference.closed)
    await transaction.add_versions(
        edition_id, edition.list_code, [records[key] for key in difference.stored]
    )
    return difference


def listing_record(listing: Listing) -> ListingRecord:
    """A listing as it is stored; the same listing always gives the same digest."""
    body = msgspec.json.encode(listing)
    return ListingRecord(
        listing_id=listing.id, digest=hashlib.sha256(body).hexdigest(), body=body.decode()
    )


def _report(
    edition: NewEdition, outcome: LoadOutcome, reason: str | None, difference: Difference
) -> LoadReport:
    return LoadReport(
        list_code=edition.list_code,
        outcome=outcome,
        reason=reason,
        published_on=edition.published_on,
        entry_count=edition.entry_count,
        listed=len(difference.listed),
        changed=len(difference.changed),
        gone=len(difference.gone),
    )
