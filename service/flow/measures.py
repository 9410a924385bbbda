"""The measures behind a listing, and every measure, with their status on a day."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache

import msgspec

from service.flow.unfailing import unfailing
from service.model.days import Days
from service.model.errors import BadInputError
from service.model.event import Event
from service.model.listing import Listing
from service.model.measure import EffectKind, Measure
from service.model.on_day import EventShown, MeasureOnDay
from service.model.status import BITES, MeasureStatus, StatusWord
from service.register.register import Register
from service.status.listed import status_for_listing
from service.status.naming import in_words
from service.status.resolve import not_worked_out, status_on

# One entry is one measure on one pair of days; a whole register on some forty pairs of days.
_REMEMBERED_STATUSES = 16_384
# Only the order in which measures are shown; what each does is said by its own effect.
_HARDEST_FIRST: tuple[EffectKind, ...] = (
    "unknown",
    "blocked",
    "prohibition",
    "import_ban",
    "licence_required",
    "debarment",
    "travel_ban",
    "director_disqualification",
    "due_diligence",
    "fee",
    "own_policy",
    "easing",
    "none",
)


class MeasureBoard:
    """The register with the status of each measure worked out on demand, and remembered."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self._status = lru_cache(maxsize=_REMEMBERED_STATUSES)(self._work_out)
        self._events = lru_cache(maxsize=None)(self._show_events)

    def _work_out(self, measure_id: str, as_of: date, known_at: date) -> MeasureStatus:
        measure = self.register.get(measure_id)
        return unfailing(
            measure_id,
            lambda: status_on(measure, as_of, known_at),
            not_worked_out(measure, as_of),
        )

    def _show_events(self, measure_id: str) -> Mapping[str, EventShown]:
        return {each.id: _shown(each) for each in self.register.get(measure_id).events}

    def of_prints(self, prints: Iterable[Listing], days: Days) -> tuple[MeasureOnDay, ...]:
        """The measures that an entry meets in any of its prints, the most telling first.

        Those that reach the party itself stand before those with a condition, what binds on the
        day before what does not, and the harder effect before the softer one. Where two prints
        meet the same measure, its status is that for the first of them. Of a rule on ownership
        that another one followed, only the one that holds on the day is shown.
        """
        shown: dict[str, MeasureOnDay] = {}
        for listing in prints:
            for measure in self.register.attached_to(listing):
                if measure.id not in shown:
                    shown[measure.id] = self._for_listing(measure, listing, days)
        kept = (each for each in shown.values() if not self._gave_way(each, shown))
        return tuple(sorted(kept, key=place_of))

    def unknown_programmes(self, prints: Iterable[Listing]) -> tuple[str, ...]:
        """The programmes that an entry has in any of its prints and nobody registered."""
        found = (code for each in prints for code in self.register.unknown_programmes(each))
        return tuple(dict.fromkeys(found))

    def _for_listing(self, measure: Measure, listing: Listing, days: Days) -> MeasureOnDay:
        as_of, known_at = days.of(measure.jurisdiction)
        status = self._status(measure.id, as_of, known_at)
        narrowed = unfailing(
            measure.id,
            lambda: status_for_listing(status, listing, as_of, known_at),
            not_worked_out(measure, as_of),
        )
        return self._on_day(measure, narrowed, as_of)

    def _gave_way(self, rule: MeasureOnDay, shown: Mapping[str, MeasureOnDay]) -> bool:
        """Whether a condition has ended, or has not begun, and another one holds in its place."""
        measure = self.register.get(rule.id)
        other = {"ended": measure.successor, "not_yet": measure.predecessor}.get(rule.force)
        return measure.condition is not None and other in shown

    def reaching(self, measure_id: str, listing: Listing, days: Days) -> MeasureOnDay:
        """One measure with its status for a listing that it reaches.

        Raises:
            NotFoundError: No measure has that id.
        """
        return self._for_listing(self.register.get(measure_id), listing, days)

    def one(self, measure_id: str, days: Days) -> MeasureOnDay:
        """One measure with its status.

        Raises:
            NotFoundError: No measure has that id.
        """
        return self._of_itself(self.register.get(measure_id), days)

    def every(self, measures: Iterable[Measure], days: Days) -> tuple[MeasureOnDay, ...]:
        """These measures with their status, in the order given."""
        return tuple(self._of_itself(measure, days) for measure in measures)

    def _of_itself(self, measure: Measure, days: Days) -> MeasureOnDay:
        asked = days.of(measure.jurisdiction)
        return self._on_day(measure, self._status(measure.id, *asked), asked[0])

    def _on_day(self, measure: Measure, status: MeasureStatus, as_of: date) -> MeasureOnDay:
        return _on_day(measure, status, as_of, self._events(measure.id))


def place_of(measure: MeasureOnDay) -> tuple[bool, bool, int, str]:
    """Where a measure stands among others: the most telling first, as in `of_prints`."""
    hardest = min(_HARDEST_FIRST.index(effect.kind) for effect in measure.effect)
    return measure.condition is not None, measure.status not in BITES, hardest, measure.id


def _on_day(
    measure: Measure, status: MeasureStatus, as_of: date, events: Mapping[str, EventShown]
) -> MeasureOnDay:
    change = status.next_change
    return MeasureOnDay(
        id=measure.id,
        title=measure.title,
        authority=measure.authority,
        jurisdiction=measure.jurisdiction,
        kind=measure.kind,
        effect=measure.effect,
        attaches_by=measure.attaches_by,
        condition=measure.condition,
        as_of=as_of,
        status=status.word,
        force=status.force,
        operation=status.operation,
        evidence=status.evidence,
        since=status.since,
        until=status.until,
        until_bound=status.until_bound,
        next_change_on=None if change is None else change.on,
        next_change_to=None if change is None else change.status,
        confirmed=status.confirmed,
        residual_obligation=status.residual_obligation,
        slices=status.slices,
        flags=status.flags,
        rests_on=tuple(events[key] for key in status.rests_on),
        upcoming=tuple(events[key] for key in status.upcoming),
        disputed=tuple(events[key] for key in status.disputed),
        citation=measure.citation,
        url=measure.url,
        plain=measure.plain,
        confidence=measure.confidence,
        checked_until=status.checked_until,
        stale=status.is_stale,
    )


def _shown(event: Event) -> EventShown:
    return EventShown(
        id=event.id,
        kind=event.kind,
        announced_on=event.announced_on,
        published_on=event.published_on,
        effective_on=event.effective_on,
        until=event.until,
        until_bound=event.until_bound,
        slice=in_words(event.slice),
        citation=event.citation,
        url=None if event.source is None else event.source.url,
        quote=event.quote,
        confidence=event.confidence,
        formality=event.formality,
        origin=event.origin,
        note=event.note,
    )


class MeasureFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which measures to show; None lets every value through.

    `list_code` keeps those that reach at least one listing of that list, or may.
    """

    jurisdiction: str | None = None
    authority: str | None = None
    status: StatusWord | None = None
    list_code: str | None = None


def select_measures(
    board: MeasureBoard, chosen: MeasureFilter, days: Days
) -> tuple[MeasureOnDay, ...]:
    """The measures a filter lets through, with their status, by id.

    Raises:
        BadInputError: No measure has that jurisdiction, authority or list.
    """
    shown = board.every(chosen_measures(board.register.measures, chosen), days)
    return tuple(each for each in shown if chosen.status in {None, each.status})


def chosen_measures(measures: Sequence[Measure], chosen: MeasureFilter) -> tuple[Measure, ...]:
    """The measures a filter lets through, whatever their status, in the order given.

    Raises:
        BadInputError: No measure has that jurisdiction, authority or list.
    """
    _check_known("jurisdiction", chosen.jurisdiction, {each.jurisdiction for each in measures})
    _check_known("authority", chosen.authority, {each.authority for each in measures})
    _check_known("list", chosen.list_code, {code for each in measures for code in _codes(each)})
    return tuple(
        measure
        for measure in measures
        if chosen.jurisdiction in {None, measure.jurisdiction}
        and chosen.authority in {None, measure.authority}
        and (chosen.list_code is None or chosen.list_code in _codes(measure))
    )


def _codes(measure: Measure) -> set[str]:
    return {attachment.list_code for attachment in measure.attaches}


def _check_known(field: str, value: str | None, known: set[str]) -> None:
    if value is not None and value not in known:
        raise BadInputError(
            field, f"no measure has {value!r}; there are: {', '.join(sorted(known))}"
        )
