"""Lists: which there are, of which day, and in which state."""

from datetime import date
from typing import Annotated

import msgspec
from litestar import get
from litestar.params import PathParameter

from service.api.parameters import TheDays, TheDesk, ThePage
from service.api.problems import BAD_REQUEST, NOT_FOUND, UNAVAILABLE, problem_responses
from service.flow.coverage import reasons_of
from service.flow.page import cut_page
from service.model.answer import EditionCoverage, ListAnswer, ListCoverage, ListingAnswer
from service.model.catalogue import LIST_BY_CODE, SOURCE_BY_CODE
from service.model.terms import ExpectedEntries


class SourceShown(msgspec.Struct, frozen=True, kw_only=True):
    """One publication that carries a list, and what is known of it.

    `download_urls` are empty where the publisher has no lasting address. `formats` are those that
    can be read, `every_hours` how often a refresh looks for something new.
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
    authority first. For a user's own list everything about publishers is null or empty, and
    `expected_entries` how many it should have, where its operator said so.
    """

    coverage: ListCoverage
    editions: tuple[EditionCoverage, ...]
    authority: str | None
    jurisdiction: str | None
    home_url: str | None
    sources: tuple[SourceShown, ...]
    expected_entries: ExpectedEntries | None


class ListPage(msgspec.Struct, frozen=True, kw_only=True):
    """Lists by code; `reasons` as in `Coverage`."""

    today: date
    reasons: tuple[str, ...]
    items: tuple[ListShown, ...]
    next_cursor: str | None


@get(
    "/v1/lists",
    operation_id="listLists",
    responses=problem_responses(BAD_REQUEST, UNAVAILABLE),
    summary="The lists",
    tags=["Lists"],
)
async def list_lists(desk: TheDesk, page: ThePage) -> ListPage:
    """Every list with its edition, age and state today, by code."""
    lists = sorted(desk.lists(), key=_code)
    cut, next_cursor = cut_page("lists", lists, _code, page.limit, page.cursor)
    return ListPage(
        today=desk.today(),
        reasons=reasons_of(desk.current.get().lists),
        items=tuple(map(_shown, cut)),
        next_cursor=next_cursor,
    )


ListingId = Annotated[str, PathParameter(max_length=200, description="Our id of the listing.")]


@get(
    "/v1/listings/{listing_id:str}",
    operation_id="getListing",
    responses=problem_responses(BAD_REQUEST, NOT_FOUND, UNAVAILABLE),
    summary="One listing",
    tags=["Lists"],
)
async def get_listing(listing_id: ListingId, desk: TheDesk, days: TheDays) -> ListingAnswer:
    """One entry of one list with everything its publisher prints, and its measures on the day."""
    return desk.listing(listing_id, days)


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
        download_urls=source.urls,
        home_url=source.home_url,
        formats=source.formats,
        cadence=source.cadence,
        every_hours=source.every_hours,
        licence=source.licence,
        attribution=source.attribution,
        tried_on=source.tried_on,
    )
