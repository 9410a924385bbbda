"""What the calendar page lists: changes that come and lapses that nobody confirmed, by day.

Rows of the calendar that say the same of several measures on one day are one entry: a truce that
ends ends twelve measures, and a reader wants to read that once.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import groupby

from service.flow.calendar import CalendarFilter, coming
from service.flow.measures import MeasureBoard
from service.model.coming import ComingChange
from service.model.days import Days
from service.web.calendar_kinds import DIRECTIONS, Entry, Group, Member, alike
from service.web.calendar_passed import passed_on
from service.web.calendar_words import seen_from
from service.wording import day_in_words
from service.wording.days import distance
from service.wording.titles import measure_title

_A_WEEK = timedelta(days=7)


def entries_on(board: MeasureBoard, chosen: CalendarFilter, days: Days) -> tuple[Entry, ...]:
    """What passed unconfirmed, the latest first, then what comes, the next first.

    Raises:
        BadInputError: As `coming` does.
    """
    rows = coming(board, chosen, days)
    ahead = [_ahead(board, each, days.as_of) for each in alike(rows, _sameness)]
    return (*passed_on(board, chosen, days), *ahead)


def grouped(entries: Iterable[Entry], today: date) -> tuple[Group, ...]:
    """Under their headings, in the order given; headings without an entry are left out."""
    return tuple(
        Group(title=title, entries=tuple(each))
        for title, each in groupby(entries, key=lambda entry: _heading(entry, today))
    )


def _heading(entry: Entry, today: date) -> str:
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


def _ahead(board: MeasureBoard, rows: Sequence[ComingChange], asked: date) -> Entry:
    first = rows[0]
    seen, own = seen_from([(row.as_of, row.jurisdiction) for row in rows], asked)
    return Entry(
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
