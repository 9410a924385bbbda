"""Changes: what came, changed and went, as JSON to page through and as a feed to subscribe to."""

from datetime import date, timedelta
from typing import Annotated

import msgspec
from litestar import Response, get
from litestar.params import PathParameter, QueryParameter

from service.api.feed import atom_feed
from service.api.parameters import TheDesk, ThePage
from service.api.problems import BAD_REQUEST, NOT_FOUND, UNAVAILABLE, problem_responses
from service.flow.changes import ChangesAsked
from service.flow.page import cut_page
from service.model.change import ChangePage, DifferencePage
from service.model.edition import Edition

ATOM = "application/atom+xml"
# A reader who names no day gets the last month.
_SINCE_DAYS = 30
FEED_ENTRIES = 200

Since = Annotated[
    date | None,
    QueryParameter(name="since", description="From this day (UTC) on; 30 days ago if left out."),
]
ListAsked = Annotated[
    str | None, QueryParameter(name="list", max_length=100, description="Only this list.")
]
ListCode = Annotated[str, PathParameter(max_length=100, description="Code of the list.")]
EditionId = Annotated[int, PathParameter(ge=1, le=2**62, description="Our number of the edition.")]
EarlierEdition = Annotated[
    int | None,
    QueryParameter(
        name="since",
        ge=1,
        le=2**62,
        description="Our number of an earlier edition; the one right before if left out.",
    ),
]


class EditionPage(msgspec.Struct, frozen=True, kw_only=True):
    """Editions of a list, the newest first."""

    items: tuple[Edition, ...]
    next_cursor: str | None


@get(
    "/v1/changes",
    operation_id="listChanges",
    responses=problem_responses(BAD_REQUEST, UNAVAILABLE),
    summary="What changed",
    tags=["Changes"],
)
async def list_changes(
    desk: TheDesk, page: ThePage, since: Since = None, list_code: ListAsked = None
) -> ChangePage:
    """Listings that came, changed or went, and events of measures, in the order of learning.

    A first edition is one row, not one for each of its listings. `later_cursor` asks for whatever
    changes after this page; a cursor keeps its day and its list. Events that came with the first
    register stand by the day on which they became public, later ones by when they came here.
    """
    return await desk.changes(
        ChangesAsked(
            since=_since(desk, since),
            list_code=list_code,
            limit=page.limit,
            cursor=page.cursor,
        )
    )


@get(
    "/v1/changes.atom",
    operation_id="changesFeed",
    responses=problem_responses(BAD_REQUEST, UNAVAILABLE),
    summary="What changed, as a feed",
    tags=["Changes"],
    media_type=ATOM,
)
async def changes_feed(
    desk: TheDesk, since: Since = None, list_code: ListAsked = None
) -> Response[str]:
    """The changes since the day as an Atom feed, the newest 200 of them."""
    asked = ChangesAsked(
        since=_since(desk, since),
        list_code=list_code,
        limit=FEED_ENTRIES,
        cursor=None,
        newest_first=True,
    )
    changes = await desk.changes(asked)
    return Response(atom_feed(changes.items, list_code), media_type=ATOM)


@get(
    "/v1/lists/{list_code:str}/editions",
    operation_id="listEditions",
    responses=problem_responses(BAD_REQUEST, NOT_FOUND, UNAVAILABLE),
    summary="The editions of a list",
    tags=["Lists"],
)
async def list_editions(list_code: ListCode, desk: TheDesk, page: ThePage) -> EditionPage:
    """Every edition of the list that was ever loaded, from all its sources, the newest first."""
    cut, next_cursor = cut_page(
        "editions", desk.editions(list_code), _newest_first, page.limit, page.cursor
    )
    return EditionPage(items=cut, next_cursor=next_cursor)


@get(
    "/v1/lists/{list_code:str}/editions/{edition:int}/changes",
    operation_id="editionChanges",
    responses=problem_responses(BAD_REQUEST, NOT_FOUND, UNAVAILABLE),
    summary="How two editions differ",
    tags=["Lists"],
)
async def edition_changes(
    list_code: ListCode,
    edition: EditionId,
    desk: TheDesk,
    page: ThePage,
    since: EarlierEdition = None,
) -> DifferencePage:
    """Listings that came, changed or went between an earlier edition and this one."""
    return await desk.difference(list_code, edition, since, (page.limit, page.cursor))


def _since(desk: TheDesk, since: date | None) -> date:
    return desk.today() - timedelta(days=_SINCE_DAYS) if since is None else since


def _newest_first(edition: Edition) -> str:
    """A key that sorts as pages want it: ascending, the newest edition first."""
    return f"{2**63 - edition.id:020d}"
