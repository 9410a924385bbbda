"""What the calendar page lists: changes that come and lapses that nobody confirmed, by day.

Rows of the calendar that say the same of several measures on one day are one entry: a truce that
ends ends twelve measures, and a reader wants to read that once.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from types import MappingProxyType
from typing import Literal

import msgspec

from service.flow.calendar import CalendarFilter, coming
from service.flow.measures import MeasureBoard, select_measures
from service.model.coming import ComingChange, ComingKind
from service.model.days import Days
from service.model.on_day import EventShown, MeasureOnDay
from service.model.status import SliceStatus, StatusWord
from service.web.calendar_words import of_all, places
from service.web.dates import distance
from service.wording import day_in_words

Direction = Literal["comes", "licence_ends", "loosens", "announced"]

DIRECTIONS: Mapping[ComingKind, Direction] = MappingProxyType(
    {
        "suspension_ends": "comes",
        "non_enforcement_ends": "comes",
        "stay_ends": "comes",
        "delay_ends": "comes",
        "starts": "comes",
        "widens": "comes",
        "resumes": "comes",
        "stay_lifted": "comes",
        "renewed": "comes",
        "licence_ends": "licence_ends",
        "licence_withdrawn": "licence_ends",
        "term_ends": "loosens",
        "ends": "loosens",
        "narrows": "loosens",
        "delay_begins": "loosens",
        "suspension_begins": "loosens",
        "non_enforcement_begins": "loosens",
        "stay_begins": "loosens",
        "licence_begins": "loosens",
        "announced_change": "announced",
        "announced_suspension": "announced",
        "announced_extension": "announced",
        "announced_easing": "announced",
        "announced_revocation": "announced",
        "act_set_aside": "announced",
    }
)
"""Which way each kind of change goes; every kind has its place."""
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
_A_WEEK = timedelta(days=7)


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """One measure of an entry; `part` names the part of it that changes, None for the whole."""

    measure_id: str
    title: str
    jurisdiction: str
    authority: str
    part: str | None
    owed: str | None
    citation: str | None
    url: str | None


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One change on one day, of one measure or of several alike.

    `after` None: nothing changes in force (announced only). `is_passed`: it happened by silence
    on or before the day asked about, and nothing confirmed it since. `doubt` is what was said
    against it and does not count.
    """

    on: date
    when: str
    direction: Direction
    before: StatusWord
    after: StatusWord | None
    sentence: str
    members: tuple[Member, ...]
    is_passed: bool = False
    doubt: str | None = None

    @property
    def title(self) -> str:
        """The measure's title, or how many measures of which places."""
        first = self.members[0]
        if len(self.members) == 1:
            return first.title
        return (
            f"{len(self.members)} measures: {places(each.jurisdiction for each in self.members)}"
        )

    @property
    def who(self) -> str:
        """The authorities, each once."""
        return ", ".join(dict.fromkeys(each.authority for each in self.members))

    @property
    def anchor(self) -> str:
        """The name of its place on the page; entries of one day and direction differ in it."""
        return f"on-{self.on}-{self.members[0].measure_id}-{self.direction}"

    @property
    def owed(self) -> tuple[str, ...]:
        """What stays owed, each duty once."""
        return tuple(dict.fromkeys(each.owed for each in self.members if each.owed is not None))


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Entries under one heading."""

    title: str
    entries: tuple[Entry, ...]


def entries_on(board: MeasureBoard, chosen: CalendarFilter, days: Days) -> tuple[Entry, ...]:
    """What passed unconfirmed, the latest first, then what comes, the next first.

    Raises:
        BadInputError: As `coming` does.
    """
    rows = coming(board, chosen, days)
    ahead = [_ahead(board, alike, days.as_of) for alike in _alike(rows, _sameness)]
    return (*_passed(board, chosen, days), *ahead)


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


def _alike[T](rows: Iterable[T], key: Callable[[T], object]) -> Iterable[Sequence[T]]:
    """Rows with the same key together, at the place of the first of them."""
    found: dict[object, list[T]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found.values()


def _sameness(row: ComingChange) -> object:
    """What rows must share to be one entry.

    Lapses that differ in the act's own words stay apart, and so do parts of measures: only what
    was said of several measures at once reads the same of each.
    """
    if not row.announced:
        return row.id
    return row.on, row.what, row.disputed, row.stated_end


def _ahead(board: MeasureBoard, rows: Sequence[ComingChange], today: date) -> Entry:
    first = rows[0]
    return Entry(
        on=first.on,
        when=distance(first.on, today),
        direction="announced" if first.announced else DIRECTIONS[first.what],
        before=first.status_before,
        after=None if first.announced else first.status_after,
        sentence=first.sentence if len(rows) == 1 else _said_of_several(rows),
        members=tuple(_member(board, row) for row in rows),
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
        title=row.title,
        jurisdiction=row.jurisdiction,
        authority=row.authority,
        part=row.slice,
        owed=board.register.get(row.measure_id).residual_obligation,
        citation=row.event.citation,
        url=row.event.url,
    )


class _Lapsed(msgspec.Struct, frozen=True):
    """A measure, or a part of it, whose status rests on a day that passed in silence."""

    measure: MeasureOnDay
    part: SliceStatus | None
    on: date
    before: StatusWord
    after: StatusWord
    doubt: str | None


def _passed(board: MeasureBoard, chosen: CalendarFilter, days: Days) -> tuple[Entry, ...]:
    measures = [
        each
        for each in select_measures(board, chosen.measures, days)
        if chosen.measure_id in {None, each.id}
    ]
    lapsed = [each for measure in measures for each in _lapsed(board, measure, days)]
    lapsed.sort(key=lambda each: each.on, reverse=True)
    alike = _alike(lapsed, lambda each: (each.on, each.after, each.before, each.doubt is None))
    return tuple(_behind(each, days.as_of) for each in alike)


def _lapsed(board: MeasureBoard, measure: MeasureOnDay, days: Days) -> Iterable[_Lapsed]:
    whole = measure.status
    for state in (measure, *measure.slices):
        part = state if isinstance(state, SliceStatus) else None
        is_told = part is not None and part.status == whole
        if state.status in _PASSED and state.since is not None and not is_told:
            yield _Lapsed(
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


def _behind(alike: Sequence[_Lapsed], today: date) -> Entry:
    first = alike[0]
    direction, sentence = _PASSED[first.after]
    return Entry(
        on=first.on,
        when=distance(first.on, today),
        direction=direction,
        before=first.before,
        after=first.after,
        sentence=sentence if len(alike) == 1 else of_all(sentence, len(alike)),
        members=tuple(map(_lapsed_member, alike)),
        is_passed=True,
        doubt=first.doubt,
    )


def _lapsed_member(lapsed: _Lapsed) -> Member:
    measure = lapsed.measure
    return Member(
        measure_id=measure.id,
        title=measure.title,
        jurisdiction=measure.jurisdiction,
        authority=measure.authority,
        part=None if lapsed.part is None else lapsed.part.part,
        owed=measure.residual_obligation,
        citation=measure.citation,
        url=measure.url,
    )
