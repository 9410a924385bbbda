"""The lists, their editions and their listings over HTTP."""

from datetime import date
from typing import Annotated

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import PathParameter, QueryParameter, SkipValidation

from abeyance_screening.engine.lists.catalogue import LIST_BY_CODE, SOURCE_BY_CODE
from abeyance_screening.engine.lists.edition import DifferencePage, Edition, ExpectedEntries
from abeyance_screening.engine.screening.answer import (
    EditionCoverage,
    ListAnswer,
    ListCoverage,
    ListingAnswer,
)
from abeyance_screening.engine.screening.coverage import reasons_of
from abeyance_screening.engine.wording.list_states import ListsReading, reading_stored
from abeyance_screening.features.lists.changes import difference_of, editions_of, pair_of
from abeyance_screening.platform.access.callers import needs
from abeyance_screening.platform.http.problems import (
    BAD_REQUEST,
    NOT_FOUND,
    UNAVAILABLE,
    problem_responses,
)
from abeyance_screening.platform.questions.parameters import ListingId, TheDays, TheDesk, ThePage
from abeyance_screening.platform.stores.lists import DatabaseChanges
from abeyance_screening.primitives.cursors import NextCursor, cut_page
from abeyance_screening.primitives.structs import copy_as

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


CountedOn = date
"""Today in UTC, the day on which ages are counted."""
WhyIncomplete = tuple[str, ...]
"""Why answers are incomplete whatever their lists, such as a lost connection to the database."""


class SourceShown(msgspec.Struct, frozen=True, kw_only=True):
    """A publication that carries a list."""

    code: str
    """Code of the publication."""
    title: str
    """Title of the publication."""
    publisher: str
    """Who publishes it."""
    download_urls: tuple[str, ...]
    """Permanent addresses of its files, the preferred first; empty if there are none, and the file
    is looked for on its page or loaded by hand."""
    home_url: str
    """Address of the page about it."""
    formats: tuple[str, ...]
    """Formats that can be read."""
    cadence: str
    """How often the publisher renews it, in words."""
    every_hours: int
    """Every how many hours a refresh looks for a new edition."""
    licence: str
    """The publisher's terms."""
    attribution: str
    """The credit that these terms ask for."""
    tried_on: str
    """The files that the reader was tested on."""


class ListShown(msgspec.Struct, frozen=True, kw_only=True):
    """A list, the edition that is searched, and the publications that carry it.

    For a list of your own everything about publishers is null or empty.
    """

    coverage: ListCoverage
    """The edition that is searched, with its age and state."""
    editions: tuple[EditionCoverage, ...]
    """The state of each publication that was ever loaded or tried, that of the list's own
    authority first."""
    authority: str | None
    """Who issues the list; null for one of your own."""
    jurisdiction: str | None
    """Whose law it is, such as `US` or `EU`; null for one of your own."""
    home_url: str | None
    """Address of the page about the list; null for one of your own."""
    sources: tuple[SourceShown, ...]
    """The publications that carry it."""
    expected_entries: ExpectedEntries | None
    """How many entries a list of your own should have; null if none was given."""


class ListPage(msgspec.Struct, frozen=True, kw_only=True):
    """Lists, ordered by code."""

    today: CountedOn
    reasons: WhyIncomplete
    reading: ListsReading
    """How many lists are read, and which need somebody."""
    items: tuple[ListShown, ...]
    """The lists, ordered by code."""
    next_cursor: NextCursor


class ListToday(ListShown, frozen=True, kw_only=True):
    """A list as it is on `today`."""

    today: CountedOn
    reasons: WhyIncomplete


class EditionPage(msgspec.Struct, frozen=True, kw_only=True):
    """Editions of a list, newest first."""

    items: tuple[Edition, ...]
    """The editions, newest first."""
    next_cursor: NextCursor


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
    lists, stored = sorted(desk.lists(), key=_code), desk.current.get().lists
    cut, next_cursor = cut_page("lists", lists, _code, page.limit, page.cursor)
    return ListPage(
        today=desk.today(),
        reasons=reasons_of(stored),
        reading=reading_stored(lists, stored, desk.today()),
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
    return copy_as(
        ListToday, shown, today=desk.today(), reasons=reasons_of(desk.current.get().lists)
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
    return copy_as(
        SourceShown,
        source,
        download_urls=tuple(
            file for offer in source.offers for file in offer.files if isinstance(file, str)
        ),
    )


def _newest_first(edition: Edition) -> str:
    """Return a sort key for pages that puts the newest edition first in ascending order."""
    return f"{2**63 - edition.id:020d}"


ROUTES = (
    list_lists,
    list_editions,
    edition_changes,
    get_list,
    get_listing,
)
