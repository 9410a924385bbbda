"""Days that passed in silence: what lapsed, and nobody confirmed since."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType

import msgspec

from service.flow.calendar import CalendarFilter
from service.flow.measures import MeasureBoard, select_measures
from service.model.days import Days
from service.model.on_day import EventShown, MeasureOnDay
from service.model.status import SliceStatus, StatusWord
from service.web.calendar_kinds import Direction, Entry, Member, alike
from service.web.calendar_words import of_all, seen_from
from service.wording import day_in_words
from service.wording.days import distance
from service.wording.titles import measure_title

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


class _Lapsed(msgspec.Struct, frozen=True):
    """A measure, or a part of it, whose status rests on a day that passed in silence."""

    measure: MeasureOnDay
    part: SliceStatus | None
    on: date
    before: StatusWord
    after: StatusWord
    doubt: str | None


def passed_on(board: MeasureBoard, chosen: CalendarFilter, days: Days) -> tuple[Entry, ...]:
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


def _behind(alike: Sequence[_Lapsed], asked: date) -> Entry:
    first = alike[0]
    direction, sentence = _PASSED[first.after]
    days = [(each.measure.as_of, each.measure.jurisdiction) for each in alike]
    seen, own = seen_from(days, asked)
    return Entry(
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


def _lapsed_member(lapsed: _Lapsed) -> Member:
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
