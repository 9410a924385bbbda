"""The calendar: twelve months in a picture, then every coming change, the nearest first."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from http import HTTPStatus
from itertools import groupby
from types import MappingProxyType

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from litestar.response import Template

from service.days import Days, count, distance
from service.measures.board import MeasureBoard, MeasureFilter, select_measures
from service.measures.calendar import CalendarFilter, coming
from service.measures.coming_model import ComingChange
from service.measures.on_day import EventShown, MeasureOnDay
from service.measures.status import SliceStatus, StatusWord
from service.screening.desk import Desk
from service.web.badges import day, month
from service.web.calendar.kinds import (
    DIRECTIONS,
    CalendarEntry,
    CalendarGroup,
    Direction,
    Member,
    alike,
    of_all,
    seen_from,
)
from service.web.calendar.picture import CalendarPicture, picture_of
from service.web.frame import FieldFault, Frame, Given, link, read_clocks, text_of
from service.web.pages import AnyRequest, page
from service.wording import day_in_words
from service.wording.titles import jurisdiction_name, list_title, measure_title

# --- Days that passed in silence: what lapsed, and nobody confirmed since.

_PASSED: Mapping[StatusWord, tuple[Direction, str]] = MappingProxyType(
    {
        "in_force_by_lapse": (
            "comes",
            "What held it back ran out, and nothing further is on record. Treat it as in force.",
        ),
        "authorisation_lapsed_unconfirmed": (
            "licence_ends",
            "The licence ran out, and no renewal was read. Count the relief as gone.",
        ),
        "ended_by_term_unconfirmed": (
            "loosens",
            "Its own term has passed, and no renewal was read. Check the source first.",
        ),
    }
)


class _Lapse(msgspec.Struct, frozen=True):
    """A measure, or a part of it, whose status rests on a day that passed in silence."""

    measure: MeasureOnDay
    part: SliceStatus | None
    on: date
    before: StatusWord
    after: StatusWord
    doubt: str | None


def passed_on(
    board: MeasureBoard, chosen: CalendarFilter, days: Days
) -> tuple[CalendarEntry, ...]:
    """What had lapsed by the day and rests on that alone, the latest first.

    Raises:
        BadInputError: No measure has that jurisdiction, authority or list.
    """
    measures = [
        each
        for each in select_measures(board, chosen.measures, days)
        if chosen.measure_id in {None, each.id}
    ]
    lapsed = [each for measure in measures for each in _lapsed(board, measure, days)]
    lapsed.sort(key=lambda each: each.on, reverse=True)
    groups = alike(lapsed, lambda each: (each.on, each.after, each.before, each.doubt is None))
    return tuple(_behind(each, days.as_of) for each in groups)


def _lapsed(board: MeasureBoard, measure: MeasureOnDay, days: Days) -> Iterable[_Lapse]:
    whole = measure.status
    for state in (measure, *measure.slices):
        part = state if isinstance(state, SliceStatus) else None
        is_told = part is not None and part.status == whole
        if state.status in _PASSED and state.since is not None and not is_told:
            yield _Lapse(
                measure=measure,
                part=part,
                on=state.since,
                before=_before(board, measure.id, part, state.since, days),
                after=state.status,
                doubt=_doubt(measure.disputed),
            )


def _before(
    board: MeasureBoard, measure_id: str, part: SliceStatus | None, on: date, days: Days
) -> StatusWord:
    """The status on the day before, by what is known now."""
    eve = msgspec.structs.replace(days, as_of=on - timedelta(days=1), as_of_by=())
    then = board.one(measure_id, eve)
    parts: dict[str, StatusWord] = {each.part: each.status for each in then.slices}
    return then.status if part is None else parts.get(part.part, then.status)


def _doubt(disputed: Sequence[EventShown]) -> str | None:
    said = [each for each in disputed if each.kind.startswith("announce") and each.until]
    if not said:
        return None
    end = max(each.until for each in said if each.until is not None)
    return (
        f"An extension to {day_in_words(end)} was announced; no act of it was found, so it does "
        "not count."
    )


def _behind(alike: Sequence[_Lapse], asked: date) -> CalendarEntry:
    first = alike[0]
    direction, sentence = _PASSED[first.after]
    days = [(each.measure.as_of, each.measure.jurisdiction) for each in alike]
    seen, own = seen_from(days, asked)
    return CalendarEntry(
        on=first.on,
        when=distance(first.on, seen),
        direction=direction,
        before=first.before,
        after=first.after,
        sentence=sentence if len(alike) == 1 else of_all(sentence, len(alike)),
        members=tuple(map(_lapsed_member, alike)),
        is_passed=True,
        doubt=first.doubt,
        own_day=own,
    )


def _lapsed_member(lapsed: _Lapse) -> Member:
    measure = lapsed.measure
    return Member(
        measure_id=measure.id,
        title=measure_title(measure.id, measure.title),
        jurisdiction=measure.jurisdiction,
        authority=measure.authority,
        part=None if lapsed.part is None else lapsed.part.part,
        owed=measure.residual_obligation,
        citation=measure.citation,
        url=measure.url,
    )


# --- What the calendar page lists: changes that come and lapses that nobody confirmed, by day.
#
# Rows of the calendar that say the same of several measures on one day are one entry: a truce
# that ends ends twelve measures, and a reader wants to read that once.

_A_WEEK = timedelta(days=7)


def entries_on(
    board: MeasureBoard, chosen: CalendarFilter, days: Days
) -> tuple[CalendarEntry, ...]:
    """What passed unconfirmed, the latest first, then what comes, the next first.

    Raises:
        BadInputError: As `coming` does.
    """
    rows = coming(board, chosen, days)
    ahead = [_ahead(board, each, days.as_of) for each in alike(rows, _sameness)]
    return (*passed_on(board, chosen, days), *ahead)


def grouped(entries: Iterable[CalendarEntry], today: date) -> tuple[CalendarGroup, ...]:
    """Under their headings, in the order given; headings without an entry are left out."""
    return tuple(
        CalendarGroup(title=title, entries=tuple(each))
        for title, each in groupby(entries, key=lambda entry: _heading(entry, today))
    )


def _heading(entry: CalendarEntry, today: date) -> str:
    if entry.is_passed:
        return "Passed, and nothing confirmed since"
    if entry.on <= today + _A_WEEK:
        return "Within a week"
    if entry.on.year == today.year:
        return "By the end of the year"
    return f"In {entry.on.year}"


def _sameness(row: ComingChange) -> object:
    """What rows must share to be one entry.

    Lapses that differ in the act's own words stay apart, and so do parts of measures: only what
    was said of several measures at once reads the same of each.
    """
    if not row.announced:
        return row.id
    return row.on, row.what, row.disputed, row.stated_end


def _ahead(board: MeasureBoard, rows: Sequence[ComingChange], asked: date) -> CalendarEntry:
    first = rows[0]
    seen, own = seen_from([(row.as_of, row.jurisdiction) for row in rows], asked)
    return CalendarEntry(
        on=first.on,
        when=distance(first.on, seen),
        direction="announced" if first.announced else DIRECTIONS[first.what],
        before=first.status_before,
        after=None if first.announced else first.status_after,
        sentence=first.sentence if len(rows) == 1 else _said_of_several(rows),
        members=tuple(_member(board, row) for row in rows),
        own_day=own,
    )


def _said_of_several(rows: Sequence[ComingChange]) -> str:
    said = sorted({row.known_on for row in rows if row.known_on is not None})
    on = f" on {' and '.join(map(day_in_words, said))}" if said else ""
    what = rows[0].what.removeprefix("announced_").replace("_", " ")
    return (
        f"The {what} to {day_in_words(rows[0].on)} was announced{on}. No act of it is on record, "
        "so it changes nothing; it is shown so that nobody is surprised."
    )


def _member(board: MeasureBoard, row: ComingChange) -> Member:
    return Member(
        measure_id=row.measure_id,
        title=measure_title(row.measure_id, row.title),
        jurisdiction=row.jurisdiction,
        authority=row.authority,
        part=row.slice,
        owed=board.register.get(row.measure_id).residual_obligation,
        citation=row.event.citation,
        url=row.event.url,
    )


TheDesk = NamedDependency[SkipValidation[Desk]]
_FILTERS = ("jurisdiction", "list", "measure")


class FilterChip(msgspec.Struct, frozen=True, kw_only=True):
    """A choice of which changes to show, as a link."""

    text: str
    href: str
    is_on: bool


class CalendarView(msgspec.Struct, frozen=True, kw_only=True):
    """The page's content; `lead` and `next` are its first two sentences."""

    lead: str
    next: CalendarEntry | None
    chips: tuple[FilterChip, ...]
    picture: CalendarPicture
    groups: tuple[CalendarGroup, ...]
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
    content = CalendarView(
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


def _chosen(given: Given, board: MeasureBoard) -> tuple[CalendarFilter, tuple[FieldFault, ...]]:
    """What the address filters by; what no measure has is a fault and filters nothing."""
    measures = board.register.measures
    known = {
        "jurisdiction": {each.jurisdiction for each in measures},
        "list": {of.list_code for each in measures for of in each.attaches},
        "measure": {each.id for each in measures},
    }
    asked = {name: text_of(given, name) or None for name in _FILTERS}
    faults = tuple(
        FieldFault(field=name, text=f"No measure has the {name} “{value[:40]}”; all are shown.")
        for name, value in asked.items()
        if value is not None and value not in known[name]
    )
    if faults:
        return CalendarFilter(), faults
    by = MeasureFilter(jurisdiction=asked["jurisdiction"], list_code=asked["list"])
    return CalendarFilter(measure_id=asked["measure"], measures=by), ()


def _lead(entries: Iterable[CalendarEntry], picture: CalendarPicture) -> str:
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
    frame: Frame, board: MeasureBoard, chosen: CalendarFilter, every: Iterable[CalendarEntry]
) -> Iterable[FilterChip]:
    """All, and each jurisdiction that has a change; beside them what else the address names."""
    rest = frame.clocks.query()
    by = chosen.measures
    named = (by.jurisdiction, by.list_code, chosen.measure_id)
    yield FilterChip(text="All", href=link(frame.path, rest), is_on=named == (None, None, None))
    for code in sorted({of.jurisdiction for each in every for of in each.members}):
        href = link(frame.path, (("jurisdiction", code), *rest))
        yield FilterChip(text=jurisdiction_name(code), href=href, is_on=code == by.jurisdiction)
    if by.list_code is not None:
        yield FilterChip(
            text=list_title(by.list_code), href=frame.on(frame.clocks.as_of), is_on=True
        )
    if chosen.measure_id is not None:
        title = board.register.get(chosen.measure_id).title
        yield FilterChip(text=title, href=frame.on(frame.clocks.as_of), is_on=True)
