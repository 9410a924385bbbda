"""The page of the review."""

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from types import MappingProxyType

import msgspec
from litestar import get
from litestar.response import Template

from abeyance_screening.engine.measures.measure import Event
from abeyance_screening.engine.screening.coverage import codes_of
from abeyance_screening.engine.wording.shapes import Badge, plain_badge_of, safe_link
from abeyance_screening.engine.wording.titles import list_title, measure_title
from abeyance_screening.features.register.measures_page import TheReview, sign_off_in_words
from abeyance_screening.features.register.picture import EventRow, event_row
from abeyance_screening.features.register.review import WEIGHTS, Doubt, ReviewList, ReviewRow
from abeyance_screening.platform.access.callers import needs
from abeyance_screening.platform.pages.frame import (
    AnyRequest,
    FieldFault,
    Frame,
    TheDesk,
    link,
    page,
    read_clocks,
    text_of,
)
from abeyance_screening.primitives.days import plural

# As many measures as a person reads at one sitting.
ROWS = 20
DOUBTS: Mapping[Doubt, str] = MappingProxyType(
    {
        "unknown_status": "status not on record",
        "general_knowledge": "general knowledge only",
        "disputed": "sources contradict each other",
        "no_words": "without the act's words",
        "stale": "sources not read up to this day",
    }
)
"""Each doubt in words; the weights are those of `WEIGHTS`."""

# No register has as many pages.
_TOO_MANY = 1000


class ReviewCard(msgspec.Struct, frozen=True, kw_only=True):
    """One measure of the page: its need in words, its act and its events."""

    measure_id: str
    title: str
    who: str
    badge: Badge
    listings: str
    need: str
    doubts: tuple[str, ...]
    act: str
    url: str | None
    quote: str | None
    events: tuple[EventRow, ...]
    signed: str
    is_signed: bool


class ListChoice(msgspec.Struct, frozen=True, kw_only=True):
    """One list to choose, by code and title."""

    code: str
    title: str


class ReviewView(msgspec.Struct, frozen=True, kw_only=True):
    """The page; `first` is the number of its first row, and the two links lead to its neighbours.

    `how` is how the need is worked out, in a sentence.
    """

    cards: tuple[ReviewCard, ...]
    lists: tuple[ListChoice, ...]
    chosen: str
    first: int
    total: int
    open: int
    earlier: str | None
    later: str | None
    how: str


@get("/register/review", opt=needs("read"), include_in_schema=False)
async def review_page(request: AnyRequest, desk: TheDesk, review: TheReview) -> Template:
    """Show the measures by what most needs a legal reader."""
    given = request.query_params
    clocks, unread = read_clocks(given)
    codes = set(codes_of(desk.current.get().lists))
    asked, wanted = text_of(given, "list"), text_of(given, "page")
    faults = [*unread]
    if asked and asked not in codes:
        faults.append(FieldFault(field="list", text=f"No list is called “{asked[:40]}”."))
        asked = ""
    if wanted and not (wanted.isascii() and wanted.isdigit() and 0 < int(wanted[:6]) < _TOO_MANY):
        faults.append(FieldFault(field="page", text=f"There is no page “{wanted[:40]}”."))
        wanted = ""
    frame = Frame(
        title="What needs a legal reader",
        path="/register/review",
        section="/measures",
        now=desk.now(),
        clocks=clocks,
        query=(("list", asked),) if asked else (),
        faults=tuple(faults),
    )
    found = await review.at(desk, frame.days, asked or None)
    events = {each.id: each.events for each in desk.board.register.measures}
    status = HTTPStatus.BAD_REQUEST if faults else HTTPStatus.OK
    view = _view(found, events, frame, int(wanted or 1))
    choices = tuple(ListChoice(code=each, title=list_title(each)) for each in sorted(codes))
    return page("review.html", frame, msgspec.structs.replace(view, lists=choices), status)


def _view(
    review: ReviewList, events: Mapping[str, Sequence[Event]], frame: Frame, number: int
) -> ReviewView:
    start = (number - 1) * ROWS
    shown = review.rows[start : start + ROWS]
    return ReviewView(
        cards=tuple(_card(row, events.get(row.measure_id, ())) for row in shown),
        lists=(),
        chosen=review.list_code or "",
        first=start + 1,
        total=len(review.rows),
        open=sum(row.need > 0 for row in review.rows),
        earlier=_page_link(frame, number - 1) if start else None,
        later=_page_link(frame, number + 1) if start + ROWS < len(review.rows) else None,
        how=how_in_words(),
    )


def how_in_words() -> str:
    """Write how the need of a measure is worked out."""
    weights = ", ".join(f"{DOUBTS[doubt]} {weight}" for doubt, weight in WEIGHTS.items())
    return (
        "The need is the number of listings that a measure binds, at least one, times the sum of "
        f"its doubts: {weights}. It is 0 once somebody has signed the measure off, until its "
        "record changes."
    )


def _page_link(frame: Frame, number: int) -> str:
    return link(frame.path, (*frame.query, *frame.clocks.query(), ("page", str(number))))


def _card(row: ReviewRow, events: Iterable[Event]) -> ReviewCard:
    return ReviewCard(
        measure_id=row.measure_id,
        title=measure_title(row.measure_id, row.title),
        who=f"{row.jurisdiction} · {row.authority}",
        badge=plain_badge_of(row.status),
        listings=plural(row.listings, "listing"),
        need=f"{row.need:,}",
        doubts=tuple(DOUBTS[each] for each in row.doubts),
        act=row.citation,
        url=safe_link(row.url),
        quote=row.quote,
        events=tuple(event_row(each) for each in events),
        signed=sign_off_in_words(row.sign_off),
        is_signed=row.sign_off is not None and row.sign_off.is_current,
    )


PAGES = (review_page,)
