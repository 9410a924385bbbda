"""Lists: which there are, of which day, and in which state."""

from datetime import date
from typing import Annotated

import msgspec
from litestar import get
from litestar.params import PathParameter

from service.api.parameters import TheDays, TheDesk, ThePage
from service.api.problems import BAD_REQUEST, NOT_FOUND, UNAVAILABLE, problem_responses
from service.flow.page import cut_page
from service.model.answer import ListCoverage, ListingAnswer
from service.model.catalogue import LIST_BY_CODE, SOURCE_BY_CODE


class ListShown(msgspec.Struct, frozen=True, kw_only=True):
    """A list, its publisher, and the edition that is searched.

    For a user's own list everything about a publisher is null.
    """

    coverage: ListCoverage
    authority: str | None
    jurisdiction: str | None
    publisher: str | None
    download_url: str | None
    home_url: str | None
    cadence: str | None
    licence: str | None


class ListPage(msgspec.Struct, frozen=True, kw_only=True):
    """Lists by code."""

    today: date
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
    covered = sorted(desk.lists(), key=_code)
    cut, next_cursor = cut_page(covered, _code, page.limit, page.cursor)
    return ListPage(today=desk.today(), items=tuple(map(_shown, cut)), next_cursor=next_cursor)


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
    return desk.listing(listing_id, days.as_of, days.known_at)


def _code(covered: ListCoverage) -> str:
    return covered.code


def _shown(covered: ListCoverage) -> ListShown:
    known = LIST_BY_CODE.get(covered.code)
    source = None if known is None else SOURCE_BY_CODE[known.source]
    return ListShown(
        coverage=covered,
        authority=None if known is None else known.authority,
        jurisdiction=None if known is None else known.jurisdiction,
        publisher=None if source is None else source.publisher,
        download_url=None if source is None else source.url,
        home_url=None if known is None else known.home_url,
        cadence=None if source is None else source.cadence,
        licence=None if source is None else source.licence,
    )
