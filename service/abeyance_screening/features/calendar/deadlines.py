"""Deadlines: what lapsed lately without a confirming act, what ends soon, and who looks."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Literal

import msgspec

from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.measures.calendar import CalendarFilter
from abeyance_screening.engine.measures.law.resolve import reading_lasts
from abeyance_screening.engine.measures.places import deciding
from abeyance_screening.engine.measures.status_table import StatusWord
from abeyance_screening.engine.wording.titles import measure_title
from abeyance_screening.features.calendar.page import entries_on
from abeyance_screening.features.calendar.picture import CalendarEntry
from abeyance_screening.primitives.days import (
    Days,
    day_in_words,
    days_from,
    plural,
)

WINDOW_DAYS = 30
"""How many days back and ahead the board reaches."""
DeadlineState = Literal["lapsed", "coming"]
"""`lapsed`: its end passed in silence, and no act has confirmed what followed; `coming`: it ends
or starts within the next days."""
_THE_ACT_SAYS = "nothing: the day stands in the act"
_LAPSES: frozenset[StatusWord] = frozenset(
    {"in_force_by_lapse", "authorisation_lapsed_unconfirmed", "ended_by_term_unconfirmed"}
)


class DeadlineMeasure(msgspec.Struct, frozen=True, kw_only=True):
    """A measure that has this deadline."""

    id: str
    """Id of the measure."""
    title: str
    """Its short title."""
    part: str | None
    """The part of it that changes; null for the whole."""


class ReadingPlace(msgspec.Struct, frozen=True, kw_only=True):
    """A place where an act that settles it would appear."""

    id: str
    """Id of the place."""
    title: str
    """Its title."""
    url: str
    """Address of its page."""


class Deadline(msgspec.Struct, frozen=True, kw_only=True):
    """One day on which measures change, or have changed in silence."""

    state: DeadlineState
    on: date
    """The day from which on the status is another, local to the authority."""
    days: int
    """Days from the day asked about to it; below 0 if it has passed."""
    measures: tuple[DeadlineMeasure, ...]
    """The measures with the same change on that day, for the same reason."""
    authority: str
    """Who decides."""
    before: StatusWord
    """The status until then."""
    after: StatusWord
    """The status from then on, unless an act says otherwise."""
    note: str | None
    """What is only announced and does not count; null for nothing."""
    settles: str
    """What would settle it."""
    places: tuple[ReadingPlace, ...]
    """Where such an act would appear; empty where nothing has to be looked for."""
    last_read_on: date | None
    """Until which day the sources of all these measures were read; null if that is not recorded.
    """
    read_days: int | None
    """How many days ago that was; null if it is not recorded."""
    read_limit_days: int
    """After how many days a reading counts as too old."""
    looker: str | None
    """Who looks after all of them; null if nobody does, or not the same person."""

    @property
    def needs_look(self) -> bool:
        """Whether somebody has to look for an act."""
        return self.settles != _THE_ACT_SAYS

    @property
    def is_overdue(self) -> bool:
        """Whether the last reading is older than it may be."""
        return self.read_days is None or self.read_days > self.read_limit_days


class DeadlineBoard(msgspec.Struct, frozen=True, kw_only=True):
    """The deadlines around a day, the latest lapse first, then what comes, the next first."""

    as_of: date
    """The day asked about."""
    lapsed: tuple[Deadline, ...]
    """What lapsed within the last 30 days and no act has confirmed since."""
    coming: tuple[Deadline, ...]
    """What ends or starts within the next 30 days."""
    lapsed_earlier: int
    """How many measures lapsed before these days and are still unconfirmed."""
    unread_in_force: int
    """How many measures in force were last read longer ago than their own interval."""

    @property
    def lapsed_measures(self) -> int:
        """How many measures lapsed within the last days."""
        return sum(len(each.measures) for each in self.lapsed)


def deadlines_on(board: MeasureBoard, days: Days, lookers: Mapping[str, str]) -> DeadlineBoard:
    """Return the deadlines around a day; `lookers` are those who look, by measure id."""
    entries = [
        own for each in entries_on(board, CalendarFilter(), days) for own in _by_authority(each)
    ]
    first = days_from(days.as_of, -WINDOW_DAYS)
    last = days_from(days.as_of, WINDOW_DAYS)
    passed = [each for each in entries if each.is_passed]
    ahead = [
        each for each in entries if each.is_ahead and each.after is not None and each.on <= last
    ]
    recent = [each for each in passed if each.on >= first]
    every = board.every(board.register.measures, days)
    return DeadlineBoard(
        as_of=days.as_of,
        lapsed=tuple(_deadline(board, "lapsed", each, days, lookers) for each in recent),
        coming=tuple(_deadline(board, "coming", each, days, lookers) for each in ahead),
        lapsed_earlier=sum(len(each.members) for each in passed if each not in recent),
        unread_in_force=sum(each.status == "in_force" and each.stale for each in every),
    )


def _by_authority(entry: CalendarEntry) -> Iterator[CalendarEntry]:
    """Yield an entry for each authority: what settles one measure need not settle another's."""
    doubted = entry.members[0].authority
    for name in dict.fromkeys(each.authority for each in entry.members):
        members = tuple(each for each in entry.members if each.authority == name)
        doubt = entry.doubt if name == doubted else None
        yield msgspec.structs.replace(entry, members=members, doubt=doubt)


def _deadline(
    board: MeasureBoard,
    state: DeadlineState,
    entry: CalendarEntry,
    days: Days,
    lookers: Mapping[str, str],
) -> Deadline:
    after = entry.before if entry.after is None else entry.after
    measures = [board.register.get(each.measure_id) for each in entry.members]
    read = [each.checked_until for each in measures]
    known = [each for each in read if each is not None]
    last = min(known) if known and len(known) == len(read) else None
    who = {lookers.get(each.measure_id) for each in entry.members}
    settles = _settles(entry, after)
    return Deadline(
        state=state,
        on=entry.on,
        days=(entry.on - days.as_of).days,
        measures=tuple(
            DeadlineMeasure(
                id=each.measure_id,
                title=measure_title(each.measure_id, each.title),
                part=each.part,
            )
            for each in entry.members
        ),
        authority=entry.who,
        before=entry.before,
        after=after,
        note=None if entry.doubt is None else entry.doubt.text,
        settles=settles,
        places=() if settles == _THE_ACT_SAYS else tuple(_places(entry)),
        last_read_on=last,
        read_days=None if last is None else (days.as_of - last).days,
        read_limit_days=min(reading_lasts(each, after).days for each in measures),
        looker=who.pop() if len(who) == 1 else None,
    )


def _settles(entry: CalendarEntry, after: StatusWord) -> str:
    """Return what would settle a change: an act either way, one that renews, or nothing more."""
    if entry.is_passed:
        return f"an act published by {entry.who}, either way"
    if after in _LAPSES or entry.direction in {"licence_ends", "loosens"}:
        return f"an act of {entry.who} that renews or extends it"
    return _THE_ACT_SAYS


def _places(entry: CalendarEntry) -> Iterator[ReadingPlace]:
    authorities = dict.fromkeys(each.authority for each in entry.members)
    found = {each.id: each for name in authorities for each in deciding(name)}
    for each in found.values():
        yield ReadingPlace(id=each.id, title=each.title, url=each.home)


def reading_line(deadline: Deadline) -> str:
    """Write when the sources were last read: `Last read 9 Oct 2026: 52 days, limit 30`."""
    if deadline.last_read_on is None or deadline.read_days is None:
        return "When its sources were last read is not recorded"
    read, limit = day_in_words(deadline.last_read_on), deadline.read_limit_days
    return f"Last read {read}: {plural(deadline.read_days, 'day')}, limit {limit}"


def counts_of(board: DeadlineBoard) -> Mapping[str, int]:
    """Return the counts of a board for `/metrics`, by what is counted, in measures."""
    return {
        "lapsed": board.lapsed_measures,
        "coming": sum(len(each.measures) for each in board.coming),
        "lapsed_earlier": board.lapsed_earlier,
        "nobody_looks": _unlooked((*board.lapsed, *board.coming)),
        "read_too_long_ago": board.unread_in_force,
    }


def _unlooked(deadlines: Iterable[Deadline]) -> int:
    return sum(len(each.measures) for each in deadlines if each.needs_look and each.looker is None)
