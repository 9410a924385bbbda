"""The calendar: twelve months in a picture, then every coming change, the nearest first."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from http import HTTPStatus
from itertools import groupby
from types import MappingProxyType

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from litestar.response import Template

from abeyance_screening.engine.measures.board import MeasureBoard, MeasureFilter, select_measures
from abeyance_screening.engine.measures.calendar import PASSED_DAYS_KEPT, CalendarFilter, coming
from abeyance_screening.engine.measures.law.coming import ComingChange
from abeyance_screening.engine.measures.status import MeasureOnDay, SliceStatus
from abeyance_screening.engine.measures.status_table import StatusWord
from abeyance_screening.engine.screening.desk import Desk
from abeyance_screening.engine.wording import Note, day_in_words, lapse_sentence, notes
from abeyance_screening.engine.wording.shapes import day, month
from abeyance_screening.engine.wording.titles import jurisdiction_name, list_title, measure_title
from abeyance_screening.features.calendar.picture import (
    DIRECTIONS,
    CalendarEntry,
    CalendarGroup,
    CalendarPicture,
    Direction,
    Member,
    alike,
    of_all,
    picture_of,
    seen_from,
)
from abeyance_screening.platform.access.callers import needs
from abeyance_screening.platform.pages.frame import (
    AnyRequest,
    FieldFault,
    Frame,
    Given,
    link,
    page,
    read_clocks,
    text_of,
)
from abeyance_screening.primitives.days import (
    Days,
    count,
    day_before,
    days_from,
    distance,
)
from abeyance_screening.primitives.structs import copy_as

# Lapses, which are ends that passed in silence: what ended where the record does not name it, and
# what to make of it.
_PASSED: Mapping[StatusWord, tuple[Direction, str, str]] = MappingProxyType(
    {
        "in_force_by_lapse": (
            "comes",
            "What held it back ran out, and no further act is on record.",
            "Treat it as in force.",
        ),
        "authorisation_lapsed_unconfirmed": (
            "licence_ends",
            "The licence ran out, and no renewal was read.",
            "Count the relief as gone.",
        ),
        "ended_by_term_unconfirmed": (
            "loosens",
            "Its own term has passed, and no renewal was read.",
            "Check the source first.",
        ),
    }
)


class _Lapse(msgspec.Struct, frozen=True):
    """A measure, or a part of it, whose status rests on an end that passed in silence."""

    measure: MeasureOnDay
    part: SliceStatus | None
    on: date
    before: StatusWord
    after: StatusWord
    sentence: str
    doubt: Note | None


TheDesk = NamedDependency[SkipValidation[Desk]]
_FILTERS = ("jurisdiction", "list", "measure")


class FilterChip(msgspec.Struct, frozen=True, kw_only=True):
    """A choice of which changes to show, as a link."""

    text: str
    href: str
    is_on: bool


class CalendarView(msgspec.Struct, frozen=True, kw_only=True):
    """The content of the page; `lead` and `next` are its first two sentences."""

    lead: str
    next: CalendarEntry | None
    chips: tuple[FilterChip, ...]
    picture: CalendarPicture
    groups: tuple[CalendarGroup, ...]
    ics: str
    feed: str


def passed_on(
    board: MeasureBoard, chosen: CalendarFilter, days: Days
) -> tuple[CalendarEntry, ...]:
    """Return the lapses by the day that no act has confirmed, the latest first.

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
    groups = alike(
        lapsed,
        lambda each: (each.on, each.after, each.before, each.doubt is None),
    )
    return tuple(_passed(each, days.as_of) for each in groups)


def entries_on(
    board: MeasureBoard, chosen: CalendarFilter, days: Days
) -> tuple[CalendarEntry, ...]:
    """Return unconfirmed lapses, the latest first, then coming changes, the next first.

    Between them are the other changes of the last 90 days, each with its outcome.

    Changes with the same sentence on the same day are one entry: the end of one truce may end
    twelve measures, and a reader wants to read that once.

    Raises:
        BadInputError: No measure has that jurisdiction, authority, list or id.
    """
    kept = msgspec.structs.replace(chosen, passed_days=PASSED_DAYS_KEPT)
    rows = coming(board, kept, days)
    silent = passed_on(board, chosen, days)
    covered = {(each.on, of.measure_id) for each in silent for of in each.members}
    past = [
        _past(board, each, days.as_of)
        for each in reversed(rows)
        if each.is_passed and not each.announced and (each.on, each.measure_id) not in covered
    ]
    ahead = alike((each for each in rows if not each.is_passed), _entry_key)
    return (*silent, *past, *(_ahead(board, each, days.as_of) for each in ahead))


def grouped(entries: Iterable[CalendarEntry], today: date) -> tuple[CalendarGroup, ...]:
    """Return entries under their headings, in the order given, without empty headings."""
    return tuple(
        CalendarGroup(title=title, entries=tuple(each))
        for title, each in groupby(entries, key=lambda entry: _heading(entry, today))
    )


@get("/calendar", opt=needs("read"), include_in_schema=False)
async def calendar_page(request: AnyRequest, desk: TheDesk) -> Template:
    """Show every coming change on record, and every lapse that no act has confirmed."""
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
        next=next((each for each in entries if each.is_ahead and each.after), None),
        chips=tuple(_chips(frame, board, chosen, every)),
        picture=picture,
        groups=grouped(entries, frame.chosen),
        ics=link("/v1/calendar.ics", (*frame.query, *clocks.query())),
        feed=link("/v1/changes.atom", [each for each in frame.query if each[0] == "list"]),
    )
    status = HTTPStatus.BAD_REQUEST if frame.faults else HTTPStatus.OK
    return page("calendar.html", frame, content, status)


def _lapsed(board: MeasureBoard, measure: MeasureOnDay, days: Days) -> Iterable[_Lapse]:
    whole = measure.status
    for state in (measure, *measure.slices):
        part = state if isinstance(state, SliceStatus) else None
        is_covered = part is not None and part.status == whole
        if state.status in _PASSED and state.since is not None and not is_covered:
            yield _Lapse(
                measure=measure,
                part=part,
                on=state.since,
                before=_before(board, measure.id, part, state.since, days),
                after=state.status,
                sentence=_lapse_words(measure, part, state.status),
                doubt=_doubt(measure),
            )


def _before(
    board: MeasureBoard, measure_id: str, part: SliceStatus | None, on: date, days: Days
) -> StatusWord:
    """Return the status on the day before, by what is known now."""
    eve = msgspec.structs.replace(days, as_of=day_before(on), as_of_by=())
    then = board.one(measure_id, eve)
    parts: dict[str, StatusWord] = {each.part: each.status for each in then.slices}
    return then.status if part is None else parts.get(part.part, then.status)


def _lapse_words(measure: MeasureOnDay, part: SliceStatus | None, after: StatusWord) -> str:
    _, ended, then = _PASSED[after]
    own = lapse_sentence(measure) if part is None else None
    return f"{own or ended} {then}"


def _doubt(measure: MeasureOnDay) -> Note | None:
    """Return the note on an announced extension that does not count, if there is one."""
    kinds = {"disputed", "announced"}
    announced = (*measure.disputed, *measure.upcoming)
    if not any(each.kind.startswith("announce") and each.until for each in announced):
        return None
    return next((each for each in notes(measure) if each.kind in kinds), None)


def _passed(lapses: Sequence[_Lapse], page_day: date) -> CalendarEntry:
    first = lapses[0]
    direction, *generic = _PASSED[first.after]
    is_same = all(each.sentence == first.sentence for each in lapses)
    sentence = first.sentence if is_same else " ".join(generic)
    days = [(each.measure.as_of, each.measure.jurisdiction) for each in lapses]
    seen, own = seen_from(days, page_day)
    return CalendarEntry(
        on=first.on,
        when=distance(first.on, seen),
        direction=direction,
        before=first.before,
        after=first.after,
        sentence=sentence if len(lapses) == 1 else of_all(sentence, len(lapses)),
        members=tuple(map(_lapsed_member, lapses)),
        is_passed=True,
        doubt=first.doubt,
        own_day=own,
    )


def _lapsed_member(lapsed: _Lapse) -> Member:
    measure = lapsed.measure
    return copy_as(
        Member,
        measure,
        measure_id=measure.id,
        title=measure_title(measure.id, measure.title),
        part=None if lapsed.part is None else lapsed.part.part,
        owed=measure.residual_obligation,
    )


def _ahead(board: MeasureBoard, rows: Sequence[ComingChange], page_day: date) -> CalendarEntry:
    first = rows[0]
    seen, own = seen_from([(row.as_of, row.jurisdiction) for row in rows], page_day)
    return CalendarEntry(
        on=first.on,
        when=distance(first.on, seen),
        direction="announced" if first.announced else DIRECTIONS[first.what],
        before=first.status_before,
        after=None if first.announced else first.status_after,
        sentence=first.sentence if len(rows) == 1 else _announcement(rows),
        members=tuple(_member(board, row) for row in rows),
        own_day=own,
    )


def _past(board: MeasureBoard, row: ComingChange, page_day: date) -> CalendarEntry:
    outcome = None if row.outcome is None else row.outcome.sentence
    return msgspec.structs.replace(_ahead(board, [row], page_day), outcome=outcome)


def _announcement(rows: Sequence[ComingChange]) -> str:
    days = sorted({row.known_on for row in rows if row.known_on is not None})
    on = f" on {' and '.join(map(day_in_words, days))}" if days else ""
    what = rows[0].what.removeprefix("announced_").replace("_", " ")
    return (
        f"The {what} to {day_in_words(rows[0].on)} was announced{on}; no act found, so it changes "
        "nothing. It is shown so that nobody is surprised."
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


def _entry_key(row: ComingChange) -> object:
    """Return the key that rows of one entry share.

    Only announcements about several measures at once are put together. Every change with an act is
    an entry by itself, because the words of the acts differ.
    """
    if not row.announced:
        return row.id
    return row.on, row.what, row.disputed, row.stated_end


def _heading(entry: CalendarEntry, today: date) -> str:
    if entry.is_passed:
        return "Passed, and nothing confirmed since"
    if entry.outcome is not None:
        return f"Passed in the last {PASSED_DAYS_KEPT} days"
    if entry.on <= days_from(today, 7):
        return "Within a week"
    if entry.on.year == today.year:
        return "By the end of the year"
    return f"In {entry.on.year}"


def _chosen(given: Given, board: MeasureBoard) -> tuple[CalendarFilter, tuple[FieldFault, ...]]:
    """Read the filters of the address; a value that no measure has is a fault and is ignored."""
    measures = board.register.measures
    known = {
        "jurisdiction": {each.jurisdiction for each in measures},
        "list": {of.list_code for each in measures for of in each.attaches},
        "measure": {each.id for each in measures},
    }
    filters = {name: text_of(given, name) or None for name in _FILTERS}
    faults = tuple(
        FieldFault(field=name, text=f"No measure has the {name} “{value[:40]}”; all are shown.")
        for name, value in filters.items()
        if value is not None and value not in known[name]
    )
    if faults:
        return CalendarFilter(), faults
    by = MeasureFilter(jurisdiction=filters["jurisdiction"], list_code=filters["list"])
    return CalendarFilter(measure_id=filters["measure"], measures=by), ()


def _lead(entries: Iterable[CalendarEntry], picture: CalendarPicture) -> str:
    """Write how many changes are coming, in a sentence."""
    ahead = [each for each in entries if each.is_ahead]
    real = sum(each.after is not None for each in ahead)
    announced = len(ahead) - real
    changes = f"{count(real)} recorded {'change' if real == 1 else 'changes'}".capitalize()
    if real == 0:
        changes = "No recorded change"
    also = f" and {count(announced)} only announced" if announced else ""
    until = f", up to {month(max(each.on for each in ahead), with_year=True)}" if ahead else ""
    later = f" {count(picture.later).capitalize()} of them after the end of the picture."
    return f"{changes}{also}{until}.{later if picture.later else ''}"


def _chips(
    frame: Frame, board: MeasureBoard, chosen: CalendarFilter, every: Iterable[CalendarEntry]
) -> Iterable[FilterChip]:
    """Yield chips for all, for each jurisdiction with a change, and for the other filters set."""
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


PAGES = (calendar_page,)
