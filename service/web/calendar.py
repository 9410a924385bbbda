"""The calendar: twelve months in a picture, then every coming change, the nearest first."""

import asyncio
from collections.abc import Iterable
from http import HTTPStatus

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from litestar.response import Template

from service.flow.calendar import CalendarFilter
from service.flow.desk import Desk
from service.flow.measures import MeasureBoard, MeasureFilter
from service.web.address import Fault, Given, link, read_clocks, text_of
from service.web.calendar_entries import entries_on, grouped
from service.web.calendar_kinds import Entry, Group
from service.web.calendar_picture import Picture, picture_of
from service.web.dates import day, month
from service.web.frame import Frame
from service.web.pages import AnyRequest, page
from service.wording.numbers import count
from service.wording.titles import jurisdiction_name, list_title

TheDesk = NamedDependency[SkipValidation[Desk]]
_FILTERS = ("jurisdiction", "list", "measure")


class Chip(msgspec.Struct, frozen=True, kw_only=True):
    """A choice of which changes to show, as a link."""

    text: str
    href: str
    is_on: bool


class CalendarPage(msgspec.Struct, frozen=True, kw_only=True):
    """The page's content; `lead` and `next` are its first two sentences."""

    lead: str
    next: Entry | None
    chips: tuple[Chip, ...]
    picture: Picture
    groups: tuple[Group, ...]
    ics: str
    feed: str


@get("/calendar", include_in_schema=False)
async def calendar_page(request: AnyRequest, desk: TheDesk) -> Template:
    """Every change that is known to come, and every lapse that nobody confirmed."""
    given = request.query_params
    clocks, unread = read_clocks(given)
    chosen, faults = _chosen(given, desk.board)
    query = tuple((name, text_of(given, name)) for name in _FILTERS if text_of(given, name))
    frame = Frame(
        title="Coming changes",
        path="/calendar",
        section="/calendar",
        now=desk.now(),
        clocks=clocks,
        query=() if faults else query,
        faults=(*unread, *faults),
    )
    days = frame.days
    board = desk.board
    every = await asyncio.to_thread(entries_on, board, CalendarFilter(), days)
    is_every = chosen == CalendarFilter()
    entries = every if is_every else await asyncio.to_thread(entries_on, board, chosen, days)
    picture = picture_of(entries, frame.chosen, "today" if frame.is_today else day(frame.chosen))
    content = CalendarPage(
        lead=_lead(entries, picture),
        next=next((each for each in entries if not each.is_passed and each.after), None),
        chips=tuple(_chips(frame, board, chosen, every)),
        picture=picture,
        groups=grouped(entries, frame.chosen),
        ics=link("/v1/calendar.ics", (*frame.query, *clocks.query())),
        feed=link("/v1/changes.atom", [each for each in frame.query if each[0] == "list"]),
    )
    status = HTTPStatus.BAD_REQUEST if frame.faults else HTTPStatus.OK
    return page("calendar.html", frame, content, status)


def _chosen(given: Given, board: MeasureBoard) -> tuple[CalendarFilter, tuple[Fault, ...]]:
    """What the address filters by; what no measure has is a fault and filters nothing."""
    measures = board.register.measures
    known = {
        "jurisdiction": {each.jurisdiction for each in measures},
        "list": {of.list_code for each in measures for of in each.attaches},
        "measure": {each.id for each in measures},
    }
    asked = {name: text_of(given, name) or None for name in _FILTERS}
    faults = tuple(
        Fault(field=name, text=f"No measure has the {name} “{value[:40]}”; all are shown.")
        for name, value in asked.items()
        if value is not None and value not in known[name]
    )
    if faults:
        return CalendarFilter(), faults
    by = MeasureFilter(jurisdiction=asked["jurisdiction"], list_code=asked["list"])
    return CalendarFilter(measure_id=asked["measure"], measures=by), ()


def _lead(entries: Iterable[Entry], picture: Picture) -> str:
    """How much is to come, in a sentence."""
    ahead = [each for each in entries if not each.is_passed]
    real = sum(each.after is not None for each in ahead)
    said = len(ahead) - real
    changes = f"{count(real)} recorded {'change' if real == 1 else 'changes'}".capitalize()
    if real == 0:
        changes = "No recorded change"
    also = f" and {count(said)} only announced" if said else ""
    until = f", up to {month(max(each.on for each in ahead), with_year=True)}" if ahead else ""
    later = f" {count(picture.later).capitalize()} of them later than the picture shows."
    return f"{changes}{also}{until}.{later if picture.later else ''}"


def _chips(
    frame: Frame, board: MeasureBoard, chosen: CalendarFilter, every: Iterable[Entry]
) -> Iterable[Chip]:
    """All, and each jurisdiction that has a change; beside them what else the address names."""
    rest = frame.clocks.query()
    by = chosen.measures
    named = (by.jurisdiction, by.list_code, chosen.measure_id)
    yield Chip(text="All", href=link(frame.path, rest), is_on=named == (None, None, None))
    for code in sorted({of.jurisdiction for each in every for of in each.members}):
        href = link(frame.path, (("jurisdiction", code), *rest))
        yield Chip(text=jurisdiction_name(code), href=href, is_on=code == by.jurisdiction)
    if by.list_code is not None:
        yield Chip(text=list_title(by.list_code), href=frame.on(frame.clocks.as_of), is_on=True)
    if chosen.measure_id is not None:
        title = board.register.get(chosen.measure_id).title
        yield Chip(text=title, href=frame.on(frame.clocks.as_of), is_on=True)
