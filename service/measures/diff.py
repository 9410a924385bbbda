"""What changed: a measure on one day compared with the same measure on a later day."""

from collections.abc import Iterator, Mapping
from datetime import date

import msgspec

from service.days import Days, day_of
from service.errors import BadInputError
from service.measures.board import MeasureBoard, unfailing
from service.measures.calendar import cite, diff_in_words
from service.measures.coming_model import Done, DoneKind, EventBetween, MeasureDiff, StatusThen
from service.measures.event import Event
from service.measures.law.coming import known_events, lapsed, took_effect
from service.measures.law.life import public_on
from service.measures.law.resolve import in_words
from service.measures.measure import Measure
from service.measures.on_day import MeasureOnDay

_DAYS = frozenset({"as_of", "known_at"})


class DiffDays(msgspec.Struct, frozen=True, kw_only=True):
    """Two legal days, `since` the earlier, and the day of knowledge that counts for each."""

    since: date
    to: date
    known_since: date
    known_to: date


def span_of(since: date, to: date, known_at: date | None) -> DiffDays:
    """Return the two days to compare, both as known on `known_at`.

    With `known_at` None, each day is taken as it was known on that day itself.

    Raises:
        BadInputError: `since` is after `to`; the field named is `from`.
    """
    if since > to:
        raise BadInputError("from", "lies after `to`")
    return DiffDays(
        since=since,
        to=to,
        known_since=since if known_at is None else known_at,
        known_to=to if known_at is None else known_at,
    )


def measure_diff(board: MeasureBoard, measure_id: str, span: DiffDays) -> MeasureDiff:
    """Return how a measure differs between two days, also where nothing differs.

    Raises:
        NotFoundError: No measure has that id.
    """
    measure = board.register.get(measure_id)
    before = board.one(measure.id, Days(as_of=span.since, known_at=span.known_since))
    after = board.one(measure.id, Days(as_of=span.to, known_at=span.known_to))
    return _compare(measure, span, before, after)


def changes_between(
    measure: Measure, span: DiffDays, before: MeasureOnDay, after: MeasureOnDay
) -> MeasureDiff | None:
    """Return what changed between two answers about a measure; None where nothing did.

    `before` and `after` are the answers for the span's two days, about the whole measure or
    narrowed to one listing. An event that changed no field still counts as a change.
    """
    diff = _compare(measure, span, before, after)
    return diff if diff.changed or diff.events else None


def _compare(
    measure: Measure, span: DiffDays, before: MeasureOnDay, after: MeasureOnDay
) -> MeasureDiff:
    then = _then(before, span.since, span.known_since)
    now = _then(after, span.to, span.known_to)
    changed = tuple(
        field
        for field in StatusThen.__struct_fields__
        if field not in _DAYS and getattr(then, field) != getattr(now, field)
    )
    return MeasureDiff(
        measure_id=measure.id,
        title=measure.title,
        before=then,
        after=now,
        changed=changed,
        events=unfailing(measure.id, lambda: _events(measure, span), ()),
        sentence=diff_in_words(then, now, changed),
    )


def _first_deed(between: EventBetween) -> tuple[date, str]:
    return between.did[0].on, between.event.id


def _then(shown: MeasureOnDay, as_of: date, known_at: date) -> StatusThen:
    return StatusThen(
        as_of=as_of,
        known_at=known_at,
        status=shown.status,
        evidence=shown.evidence,
        since=shown.since,
        until=shown.until,
        until_bound=shown.until_bound,
        confirmed=shown.confirmed,
        residual_obligation=shown.residual_obligation,
        slices=shown.slices,
        next_change_on=shown.next_change_on,
        next_change_to=shown.next_change_to,
    )


def _events(measure: Measure, span: DiffDays) -> tuple[EventBetween, ...]:
    return tuple(sorted(_events_between(measure, span), key=_first_deed))


def _events_between(measure: Measure, span: DiffDays) -> Iterator[EventBetween]:
    deeds = _deeds(measure, span)
    for event in measure.events:
        did = [Done(what=what, on=on[event.id]) for what, on in deeds.items() if event.id in on]
        if did:
            yield EventBetween(
                event=cite(event),
                slice=in_words(event.slice),
                did=tuple(sorted(did, key=lambda each: each.on)),
            )


def _deeds(measure: Measure, span: DiffDays) -> Mapping[DoneKind, Mapping[str, date]]:
    """Return, for each kind of effect between the two days, the events by id and their days."""
    earlier = {each.id: each for each in known_events(measure, span.known_since)}
    later = {each.id: each for each in known_events(measure, span.known_to)}
    days = (span.since, span.to, span.known_to)
    return {
        "became_known": {
            key: _known_from(measure, later[key]) for key in later.keys() - earlier.keys()
        },
        "taken_back": {
            key: _taken_back_on(measure, earlier[key], span)
            for key in earlier.keys() - later.keys()
        },
        "took_effect": took_effect(measure, *days),
        "lapsed": lapsed(measure, *days),
    }


def _known_from(measure: Measure, event: Event) -> date:
    """Return the day an event became public; for a correction, the day of recording if later."""
    if event.replaces is None or event.recorded_at is None:
        return public_on(event)
    return max(public_on(event), day_of(event.recorded_at, measure.jurisdiction))


def _taken_back_on(measure: Measure, event: Event, span: DiffDays) -> date:
    at = event.retracted_at
    return span.known_to if at is None else day_of(at, measure.jurisdiction)
