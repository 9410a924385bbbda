"""Changes of lists, as pages and as an Atom feed."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Annotated, Protocol, cast

from feedgenerator import Atom1Feed  # pyright: ignore[reportMissingTypeStubs]
from litestar import Response, get
from litestar.params import QueryParameter

from abeyance_screening.engine.lists.edition import Change, ChangePage
from abeyance_screening.engine.screening.coverage import codes_of
from abeyance_screening.engine.screening.desk import Desk
from abeyance_screening.features.lists.api import TheChanges
from abeyance_screening.features.lists.changes import ChangesQuery, changes_since
from abeyance_screening.platform.access.callers import needs
from abeyance_screening.platform.http.bodies import ATOM
from abeyance_screening.platform.http.problems import BAD_REQUEST, UNAVAILABLE, problem_responses
from abeyance_screening.platform.questions.parameters import TheDesk, ThePage
from abeyance_screening.platform.stores.lists import DatabaseChanges
from abeyance_screening.primitives.choices import meant_by
from abeyance_screening.primitives.errors import BadInputError

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
Since = Annotated[
    date | None,
    QueryParameter(name="since", description="The first day (UTC); 30 days ago if left out."),
]
ListAsked = Annotated[
    str | None, QueryParameter(name="list", max_length=100, description="Only this list.")
]


class _Feed(Protocol):
    """The part of the library that is used."""

    def add_item(self, *, title: str, link: str, description: str, **more: object) -> None: ...

    def writeString(self, encoding: str) -> str: ...  # noqa: N802 - the library's name


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


async def _changes(desk: Desk, changes: DatabaseChanges, query: ChangesQuery) -> ChangePage:
    """Return what changed, in the order in which we learned of it."""
    codes = codes_of(desk.current.get().lists)
    if query.list_code is not None and query.list_code not in codes:
        reason = f"no list is called {query.list_code!r}{meant_by(query.list_code, codes)}"
        raise BadInputError("list", reason)
    return await changes_since(changes, desk.board.register.measures, query)


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


ROUTES = (
    list_changes,
    changes_feed,
)
