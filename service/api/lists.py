"""The lists, their editions, their listings and changes, and the parties over all lists."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Annotated, Protocol, cast

import msgspec
from feedgenerator import Atom1Feed  # pyright: ignore[reportMissingTypeStubs]
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter, QueryParameter, SkipValidation
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED

from service.access.routes import needs
from service.api.access import SECURITY, TheOperator
from service.api.bodies import TheDays, TheDesk, ThePage
from service.api.measures import MAX_BODY_BYTES, LongText
from service.api.problems import (
    BAD_REQUEST,
    BODY_REFUSED,
    NOT_FOUND,
    UNAUTHORISED,
    UNAVAILABLE,
    problem_responses,
)
from service.api.repeats import TheOnce
from service.choices import meant_by
from service.errors import BadInputError
from service.lists.catalogue import LIST_BY_CODE, SOURCE_BY_CODE
from service.lists.edition import Change, ChangePage, DifferencePage, Edition, ExpectedEntries
from service.page import cut_page
from service.screening.answer import (
    EditionCoverage,
    ListAnswer,
    ListCoverage,
    ListingAnswer,
    PartyAnswer,
)
from service.screening.changes import (
    ChangesQuery,
    changes_since,
    difference_of,
    editions_of,
    pair_of,
)
from service.screening.coverage import codes_of, reasons_of
from service.screening.desk import Desk
from service.screening.splits import PartySplits
from service.store.editions import DatabaseChanges
from service.store.written import PartySplit

ATOM = "application/atom+xml"
FEED_ENTRIES = 200
# A request without a day gets the last month.
_SINCE_DAYS = 30
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_WORDS = {
    "first_edition": "First edition of",
    "listed": "Listed:",
    "changed": "Changed:",
    "gone": "Gone:",
    "measure": "Measure:",
}
ListingId = Annotated[
    str, PathParameter(max_length=200, description="Abeyance's id of the listing.")
]
ListCode = Annotated[str, PathParameter(max_length=100, description="Code of the list.")]
EditionId = Annotated[
    int, PathParameter(ge=1, le=2**62, description="Abeyance's number of the edition.")
]
EarlierEdition = Annotated[
    int | None,
    QueryParameter(
        name="since",
        ge=1,
        le=2**62,
        description="Abeyance's number of an earlier edition; the previous one if left out.",
    ),
]
Since = Annotated[
    date | None,
    QueryParameter(name="since", description="The first day (UTC); 30 days ago if left out."),
]
ListAsked = Annotated[
    str | None, QueryParameter(name="list", max_length=100, description="Only this list.")
]


class SourceShown(msgspec.Struct, frozen=True, kw_only=True):
    """A publication that carries a list.

    `download_urls` are the permanent addresses, the preferred one first; it is empty if the
    publisher has none, so that the file is looked for on its page or loaded by hand. `formats`
    are those that can be read; `every_hours` is the interval of refreshes.
    """

    code: str
    title: str
    publisher: str
    download_urls: tuple[str, ...]
    home_url: str
    formats: tuple[str, ...]
    cadence: str
    every_hours: int
    licence: str
    attribution: str
    tried_on: str


class ListShown(msgspec.Struct, frozen=True, kw_only=True):
    """A list, the edition that is searched, and the publications that carry it.

    `editions` has each publication that was ever loaded or tried, that of the list's own
    authority first. For a user's own list everything about publishers is null or empty;
    `expected_entries` is its range of entry counts, if one was given.
    """

    coverage: ListCoverage
    editions: tuple[EditionCoverage, ...]
    authority: str | None
    jurisdiction: str | None
    home_url: str | None
    sources: tuple[SourceShown, ...]
    expected_entries: ExpectedEntries | None


class ListPage(msgspec.Struct, frozen=True, kw_only=True):
    """Lists, ordered by code; `reasons` as in `Coverage`."""

    today: date
    reasons: tuple[str, ...]
    items: tuple[ListShown, ...]
    next_cursor: str | None


class ListToday(ListShown, frozen=True, kw_only=True):
    """A list as it is on `today`; `reasons` as in `Coverage`."""

    today: date
    reasons: tuple[str, ...]


class EditionPage(msgspec.Struct, frozen=True, kw_only=True):
    """Editions of a list, newest first."""

    items: tuple[Edition, ...]
    next_cursor: str | None


class _Feed(Protocol):
    """The part of the library that is used."""

    def add_item(self, *, title: str, link: str, description: str, **more: object) -> None: ...

    def writeString(self, encoding: str) -> str: ...  # noqa: N802 - the library's name


TheChanges = NamedDependency[SkipValidation[DatabaseChanges]]


@get(
    "/v1/lists",
    opt=needs("read"),
    operation_id="listLists",
    responses=problem_responses(BAD_REQUEST, UNAVAILABLE),
    summary="The lists",
    tags=["Lists"],
)
async def list_lists(desk: TheDesk, page: ThePage) -> ListPage:
    """Return every list with its edition, age and state today, ordered by code."""
    lists = sorted(desk.lists(), key=_code)
    cut, next_cursor = cut_page("lists", lists, _code, page.limit, page.cursor)
    return ListPage(
        today=desk.today(),
        reasons=reasons_of(desk.current.get().lists),
        items=tuple(map(_shown, cut)),
        next_cursor=next_cursor,
    )


@get(
    "/v1/lists/{list_code:str}",
    opt=needs("read"),
    operation_id="getList",
    responses=problem_responses(BAD_REQUEST, NOT_FOUND, UNAVAILABLE),
    summary="One list",
    tags=["Lists"],
)
async def get_list(list_code: ListCode, desk: TheDesk) -> ListToday:
    """Return a list with its edition, age and state today, and the publications that carry it."""
    shown = _shown(desk.list_today(list_code))
    return ListToday(
        today=desk.today(),
        reasons=reasons_of(desk.current.get().lists),
        coverage=shown.coverage,
        editions=shown.editions,
        authority=shown.authority,
        jurisdiction=shown.jurisdiction,
        home_url=shown.home_url,
        sources=shown.sources,
        expected_entries=shown.expected_entries,
    )


@get(
    "/v1/lists/{list_code:str}/editions",
    opt=needs("read"),
    operation_id="listEditions",
    responses=problem_responses(BAD_REQUEST, NOT_FOUND, UNAVAILABLE),
    summary="The editions of a list",
    tags=["Lists"],
)
async def list_editions(list_code: ListCode, desk: TheDesk, page: ThePage) -> EditionPage:
    """Return every edition of the list that was ever loaded, of all its sources, newest first."""
    cut, next_cursor = cut_page(
        "editions",
        editions_of(desk.current.get().lists, list_code),
        _newest_first,
        page.limit,
        page.cursor,
    )
    return EditionPage(items=cut, next_cursor=next_cursor)


@get(
    "/v1/lists/{list_code:str}/editions/{edition:int}/changes",
    opt=needs("read"),
    operation_id="editionChanges",
    responses=problem_responses(BAD_REQUEST, NOT_FOUND, UNAVAILABLE),
    summary="How two editions differ",
    tags=["Lists"],
)
async def edition_changes(
    list_code: ListCode,
    edition: EditionId,
    desk: TheDesk,
    changes: TheChanges,
    page: ThePage,
    since: EarlierEdition = None,
) -> DifferencePage:
    """Return the listings added, changed or removed between an earlier edition and this one."""
    pair = pair_of(desk.current.get().lists, list_code, edition, since)
    return await difference_of(changes, pair, page.limit, page.cursor)


@get(
    "/v1/listings/{listing_id:str}",
    opt=needs("read"),
    operation_id="getListing",
    responses=problem_responses(BAD_REQUEST, NOT_FOUND, UNAVAILABLE),
    summary="One listing",
    tags=["Lists"],
)
async def get_listing(listing_id: ListingId, desk: TheDesk, days: TheDays) -> ListingAnswer:
    """Return one entry of one list as its publisher prints it, with its measures on the day."""
    return await desk.listing(listing_id, days)


@get(
    "/v1/changes",
    opt=needs("read"),
    operation_id="listChanges",
    responses=problem_responses(BAD_REQUEST, UNAVAILABLE),
    summary="What changed",
    tags=["Changes"],
)
async def list_changes(
    desk: TheDesk,
    changes: TheChanges,
    page: ThePage,
    since: Since = None,
    list_code: ListAsked = None,
) -> ChangePage:
    """Return listings added, changed or removed, and events of measures, in order of recording.

    A first edition is one row, not one for each of its listings. `later_cursor` asks for the
    changes after this page; a cursor keeps its day and its list. Events of the first register
    are ordered by the day on which they became public, later events by when they were recorded.
    """
    asked = ChangesQuery(
        since=_since(desk, since), list_code=list_code, limit=page.limit, cursor=page.cursor
    )
    return await _changes(desk, changes, asked)


@get(
    "/v1/changes.atom",
    opt=needs("read"),
    operation_id="changesFeed",
    responses=problem_responses(BAD_REQUEST, UNAVAILABLE),
    summary="What changed, as a feed",
    tags=["Changes"],
    media_type=ATOM,
)
async def changes_feed(
    desk: TheDesk, changes: TheChanges, since: Since = None, list_code: ListAsked = None
) -> Response[str]:
    """Return the newest 200 changes since the day as an Atom feed."""
    asked = ChangesQuery(
        since=_since(desk, since),
        list_code=list_code,
        limit=FEED_ENTRIES,
        cursor=None,
        newest_first=True,
    )
    found = await _changes(desk, changes, asked)
    return Response(atom_feed(found.items, list_code), media_type=ATOM)


async def _changes(desk: Desk, changes: DatabaseChanges, asked: ChangesQuery) -> ChangePage:
    """Return what changed, in the order in which we learned of it.

    Raises:
        BadInputError: There is no such list, or the cursor is not one of ours.
    """
    codes = codes_of(desk.current.get().lists)
    if asked.list_code is not None and asked.list_code not in codes:
        reason = f"no list is called {asked.list_code!r}{meant_by(asked.list_code, codes)}"
        raise BadInputError("list", reason)
    return await changes_since(changes, desk.board.register.measures, asked)


def atom_feed(changes: Iterable[Change], list_code: str | None) -> str:
    """Return an Atom feed with one entry a change, newest first, each with a permanent id."""
    title = "Abeyance: what changed" if list_code is None else f"Abeyance: {list_code}"
    link = "/v1/changes" if list_code is None else f"/v1/changes?list={list_code}"
    feed = cast(
        "_Feed",
        Atom1Feed(
            title=title,
            link=link,
            description="",
            feed_guid=f"urn:abeyance:{link}",
            author_name="Abeyance",
        ),
    )
    for change in sorted(changes, key=lambda each: each.at, reverse=True):
        feed.add_item(
            title=_clean(_title(change)),
            link=_link(change),
            description=_clean(_description(change)),
            unique_id=_id(change),
            pubdate=change.at,
            updateddate=change.at,
            categories=[change.kind],
        )
    return feed.writeString("utf-8")


def _code(answer: ListAnswer) -> str:
    return answer.coverage.code


def _shown(answer: ListAnswer) -> ListShown:
    known = LIST_BY_CODE.get(answer.coverage.code)
    return ListShown(
        coverage=answer.coverage,
        editions=answer.editions,
        authority=None if known is None else known.authority,
        jurisdiction=None if known is None else known.jurisdiction,
        home_url=None if known is None else known.home_url,
        sources=() if known is None else tuple(map(_source, known.sources)),
        expected_entries=answer.expected_entries,
    )


def _source(code: str) -> SourceShown:
    source = SOURCE_BY_CODE[code]
    return SourceShown(
        code=source.code,
        title=source.title,
        publisher=source.publisher,
        download_urls=tuple(
            file for offer in source.offers for file in offer.files if isinstance(file, str)
        ),
        home_url=source.home_url,
        formats=source.formats,
        cadence=source.cadence,
        every_hours=source.every_hours,
        licence=source.licence,
        attribution=source.attribution,
        tried_on=source.tried_on,
    )


def _newest_first(edition: Edition) -> str:
    """Return a sort key for pages that puts the newest edition first in ascending order."""
    return f"{2**63 - edition.id:020d}"


def _since(desk: TheDesk, since: date | None) -> date:
    return desk.today() - timedelta(days=_SINCE_DAYS) if since is None else since


def _id(change: Change) -> str:
    if change.measure_id is not None:
        return f"urn:abeyance:measure:{change.measure_id}:{change.event_id}"
    return f"urn:abeyance:edition:{change.edition}:{change.listing_id or ''}"


def _title(change: Change) -> str:
    named = change.name if change.name is not None else change.list_code
    where = "" if change.list_code is None or change.name is None else f" ({change.list_code})"
    return f"{_WORDS[change.kind]} {named}{where}"


def _link(change: Change) -> str:
    if change.measure_id is not None:
        return f"/v1/measures/{change.measure_id}"
    if change.listing_id is not None:
        return f"/v1/listings/{change.listing_id}"
    return f"/v1/lists/{change.list_code}/editions"


def _description(change: Change) -> str:
    parts = (
        f"fields: {', '.join(change.fields)}" if change.fields else None,
        f"{change.entry_count:,} entries" if change.entry_count is not None else None,
        f"published {change.published_on}" if change.published_on is not None else None,
        change.event_kind,
        f"from {change.effective_on}" if change.effective_on is not None else None,
        change.citation,
    )
    return "; ".join(filter(None, parts))


def _clean(text: str) -> str:
    """Return the text with blanks for the control characters that XML forbids."""
    return _NO_XML.sub(" ", text)


# --- Parties: one over all lists, and operators' words that listings are different ones.

# A party has a dozen listings at most.
_MOST_LISTINGS = 100
_LARGEST_ID = 2**63 - 1
ListingIdText = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
TheSplits = NamedDependency[SkipValidation[PartySplits]]
PartyId = Annotated[
    str,
    PathParameter(max_length=200, description="The party's `id`, or that of any of its listings."),
]
SplitId = Annotated[int, PathParameter(ge=1, le=_LARGEST_ID, description="The `id` of the split.")]


@get(
    "/v1/parties/{party_id:str}",
    opt=needs("read"),
    operation_id="getParty",
    responses=problem_responses(BAD_REQUEST, NOT_FOUND, UNAVAILABLE),
    summary="One party over all lists",
    tags=["Screening"],
)
async def get_party(party_id: PartyId, desk: TheDesk, days: TheDays) -> PartyAnswer:
    """Return a party: its listings of all lists with their measures, and why they are one."""
    return await desk.party(party_id, days)


class SplitAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Listings that are another party than others.

    Each of `listings` is another party than each of `apart_from`; if that is left out, than all
    other listings of their party.
    """

    listings: Annotated[
        tuple[ListingIdText, ...], msgspec.Meta(min_length=1, max_length=_MOST_LISTINGS)
    ]
    apart_from: Annotated[tuple[ListingIdText, ...], msgspec.Meta(max_length=_MOST_LISTINGS)] = ()
    because: LongText


class WithdrawalAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The reason for taking back a split."""

    because: LongText


class SplitList(msgspec.Struct, frozen=True, kw_only=True):
    """Every split and every withdrawal, in the order in which they were recorded."""

    items: tuple[PartySplit, ...]


@get(
    "/v1/parties/splits",
    opt=needs("judge"),
    operation_id="listPartySplits",
    responses=problem_responses(BAD_REQUEST, UNAUTHORISED, UNAVAILABLE),
    security=SECURITY,
    summary="Splits of parties",
    tags=["Screening"],
)
async def list_splits(splits: TheSplits) -> SplitList:
    """Return every word of an operator that listings are different parties; none is deleted."""
    return SplitList(items=await splits.all())


@post(
    "/v1/parties/splits",
    opt=needs("judge", change="party.split"),
    operation_id="splitParty",
    responses=problem_responses(BAD_REQUEST, UNAUTHORISED, *BODY_REFUSED, UNAVAILABLE),
    security=SECURITY,
    request_max_body_size=MAX_BODY_BYTES,
    summary="Split a party",
    tags=["Screening"],
    status_code=HTTP_201_CREATED,
)
async def split_party(
    data: JSONBody[SplitAsked], splits: TheSplits, operator: TheOperator, once: TheOnce
) -> Response[PartySplit]:
    """Record, as an operator of this service, that listings are different parties.

    It is kept whatever editions come, and every process of the service joins its parties anew
    within half a minute. No listing and no hit is removed by it.
    """
    return await once(
        lambda: splits.split(data.listings, data.apart_from, data.because, operator),
        HTTP_201_CREATED,
    )


@post(
    "/v1/parties/splits/{split_id:int}/withdrawal",
    opt=needs("judge", change="party.split_withdrawn"),
    operation_id="withdrawPartySplit",
    responses=problem_responses(BAD_REQUEST, UNAUTHORISED, NOT_FOUND, *BODY_REFUSED, UNAVAILABLE),
    security=SECURITY,
    request_max_body_size=MAX_BODY_BYTES,
    summary="Take back a split",
    tags=["Screening"],
    status_code=HTTP_200_OK,
)
async def withdraw_split(
    split_id: SplitId,
    data: JSONBody[WithdrawalAsked],
    splits: TheSplits,
    operator: TheOperator,
    once: TheOnce,
) -> Response[PartySplit]:
    """Take back a split. It stays on record, and evidence alone decides again."""
    return await once(lambda: splits.withdraw(split_id, data.because, operator), HTTP_200_OK)
