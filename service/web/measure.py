"""One measure: how it stands, on other days too, its picture, its events, and what it is."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Annotated

import msgspec
from litestar import get
from litestar.params import PathParameter
from litestar.response import Template

from service.flow.desk import Desk
from service.flow.spans import Span, spans_of_measure
from service.model.measure import Measure
from service.model.on_day import MeasureOnDay
from service.web.acts import safe_link
from service.web.address import read_clocks
from service.web.badges import Badge, badge_of, in_brief
from service.web.dates import day
from service.web.event_words import EventRow, event_row
from service.web.facts import FactLine, facts_of
from service.web.frame import Frame
from service.web.notes import fine_print
from service.web.pages import AnyRequest, TheDesk, page
from service.web.picture import Picture, big_scale, picture_of, stretch_of
from service.web.rows import LANE_WIDTH
from service.web.scale import Scale
from service.web.timeline import Clock, Lane, lane_of
from service.wording import Note, notes, sentence
from service.wording.days import distance
from service.wording.own_days import OwnDay, own_day_of
from service.wording.titles import jurisdiction_name, measure_title

_ONE_DAY = timedelta(days=1)
# So many days beside the chosen one are shown with the badge of each.
_MOST_DAYS = 5

MeasureId = Annotated[str, PathParameter(max_length=200)]


class OtherDay(msgspec.Struct, frozen=True, kw_only=True):
    """A day on which the status was, or will be, another one."""

    text: str
    href: str
    badge: Badge
    is_chosen: bool


class MeasurePage(msgspec.Struct, frozen=True, kw_only=True):
    """The page of one measure."""

    measure: Measure
    on_day: MeasureOnDay
    title: str
    jurisdiction: str
    badge: Badge
    own_day: OwnDay | None
    sentence: str
    notes: tuple[Note, ...]
    url: str | None
    settles: str | None
    looked: str
    others: tuple[OtherDay, ...]
    picture: Picture
    lane: Lane
    events: tuple[EventRow, ...]
    facts: tuple[FactLine, ...]


@get("/measures/{measure_id:str}", include_in_schema=False)
async def measure_page(request: AnyRequest, measure_id: MeasureId, desk: TheDesk) -> Template:
    """One measure with its whole life."""
    clocks, faults = read_clocks(request.query_params)
    now = desk.now()
    on_day = desk.board.one(measure_id, clocks.days(now))
    frame = Frame(
        title=measure_title(measure_id, on_day.title),
        path=f"/measures/{measure_id}",
        section="/measures",
        now=now,
        clocks=clocks,
        faults=faults,
    )
    return page("measure.html", frame, _content(desk, on_day, frame))


def _content(desk: Desk, on_day: MeasureOnDay, frame: Frame) -> MeasurePage:
    measure = desk.board.register.get(on_day.id)
    today = frame.days_now.of(measure.jurisdiction)[0]
    clock = Clock(chosen=on_day.as_of, today=today, checked_until=on_day.checked_until)
    stretch = stretch_of(measure.events, clock)
    spans = spans_of_measure(desk.board, measure.id, frame.days, stretch)
    small = Scale(first=stretch[0], last=stretch[1], width=LANE_WIDTH)
    said = (*on_day.disputed, *on_day.upcoming)
    return MeasurePage(
        measure=measure,
        on_day=on_day,
        title=frame.title,
        jurisdiction=jurisdiction_name(measure.jurisdiction),
        badge=badge_of(on_day),
        own_day=own_day_of(on_day, frame.chosen),
        sentence=sentence(on_day),
        notes=fine_print(notes(on_day), without={"checked", "unchecked"}),
        url=safe_link(measure.url),
        settles=_settles(on_day),
        looked=_looked(on_day, frame.today),
        others=tuple(_others(desk, on_day, spans, frame)),
        picture=picture_of(spans, measure.events, big_scale(stretch), clock),
        lane=lane_of(spans, small, clock, [each for each in said if "announce" in each.kind]),
        events=tuple(map(event_row, measure.events)),
        facts=tuple(facts_of(measure, on_day)),
    )


def _settles(measure: MeasureOnDay) -> str | None:
    """What would end the doubt, where the status rests on silence or nothing."""
    if measure.evidence in {"by_lapse", "disputed"}:
        return f"an act published by {measure.authority}, either way"
    if measure.status == "unknown":
        return "its act, read at the source and recorded"
    return None


def _looked(measure: MeasureOnDay, today: date) -> str:
    if measure.checked_until is None:
        return "Nobody recorded when its sources were last read."
    checked = measure.checked_until
    return f"Sources last read on {day(checked)}, {distance(checked, today)}."


def _others(
    desk: Desk, on_day: MeasureOnDay, spans: Iterable[Span], frame: Frame
) -> Iterator[OtherDay]:
    """The boundary days nearest to today, in order, and the badge on each."""
    nearest = sorted(_boundaries(spans), key=lambda each: abs((each - frame.today).days))
    for each in sorted(nearest[:_MOST_DAYS]):
        asked = msgspec.structs.replace(frame.days, as_of=each, as_of_by=())
        then = desk.board.one(on_day.id, asked)
        yield OtherDay(
            text=day(each),
            href=frame.on(each),
            badge=in_brief(badge_of(then)),
            is_chosen=each == on_day.as_of,
        )


def _boundaries(spans: Iterable[Span]) -> set[date]:
    """The first day of each status, and the last day of relief before it."""
    spans = tuple(spans)
    firsts = {span.first for span in spans[1:]}
    relief = {"suspended", "in_force_eased", "eased_by_licence", "court_stayed"}
    lasts = {span.end - _ONE_DAY for span in spans if span.end and span.status in relief}
    before = {spans[0].end - _ONE_DAY} if spans and spans[0].end else set[date]()
    return firsts | lasts | before
