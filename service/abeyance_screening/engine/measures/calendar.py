"""The calendar: every change known to come, or lately passed, by day, and a sentence for each.

A measure on one day is also compared here with the same measure on a later day.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache, partial
from types import MappingProxyType
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec

from abeyance_screening.engine.measures.board import (
    MeasureBoard,
    MeasureFilter,
    chosen_measures,
    unfailing,
)
from abeyance_screening.engine.measures.law.coming import (
    Coming,
    ComingChange,
    ComingKind,
    Done,
    DoneKind,
    EventBetween,
    EventCited,
    MeasureDiff,
    Passed,
    PassedOutcome,
    PassedWord,
    StatusThen,
    announced_to_come,
    coming_changes,
    known_events,
    lapsed,
    passed_changes,
    took_effect,
)
from abeyance_screening.engine.measures.law.life import ALWAYS, public_on
from abeyance_screening.engine.measures.law.resolve import in_words
from abeyance_screening.engine.measures.measure import Event, Measure, announced_by
from abeyance_screening.engine.measures.status import MeasureOnDay
from abeyance_screening.engine.measures.status_table import STATUSES, StatusWord
from abeyance_screening.primitives.days import (
    Days,
    day_in_words,
    day_of,
    days_from,
)
from abeyance_screening.primitives.errors import BadInputError, NotFoundError
from abeyance_screening.primitives.structs import copy_as

_AFTER_LAPSE: Mapping[tuple[ComingKind, StatusWord], str] = MappingProxyType(
    {
        ("suspension_ends", "in_force_by_lapse"): "is in force again",
        ("non_enforcement_ends", "in_force_by_lapse"): "is enforced again",
        ("stay_ends", "in_force_by_lapse"): "is in force again",
        ("delay_ends", "in_force_by_lapse"): "is in force",
        ("licence_ends", "in_force"): "is in force without that relief",
        ("licence_ends", "authorisation_lapsed_unconfirmed"): "authorises nothing any more",
        ("term_ends", "ended_by_term_unconfirmed"): "counts as ended by its own term",
    }
)
_UNTIL_LAPSE: Mapping[ComingKind, str] = MappingProxyType(
    {
        "suspension_ends": "Suspended",
        "non_enforcement_ends": "Not enforced",
        "stay_ends": "Stayed by a court",
        "licence_ends": "Eased by a licence",
        "delay_ends": "Start put off",
        "term_ends": "Its own term runs",
    }
)
_DEED: Mapping[ComingKind, str] = MappingProxyType(
    {
        "starts": "Takes effect",
        "delay_begins": "Its start is put off",
        "widens": "Becomes wider",
        "narrows": "Becomes narrower",
        "suspension_begins": "Its suspension begins",
        "non_enforcement_begins": "Non-enforcement begins",
        "stay_begins": "A court's stay begins",
        "resumes": "Resumes",
        "stay_lifted": "The court's stay is lifted",
        "licence_begins": "A licence begins",
        "licence_withdrawn": "A licence is withdrawn",
        "renewed": "Is renewed",
        "ends": "Ends",
    }
)
_SAYS_ALL: frozenset[tuple[ComingKind, StatusWord]] = frozenset(
    {
        ("starts", "in_force"),
        ("suspension_begins", "suspended"),
        ("non_enforcement_begins", "in_force_not_enforced"),
        ("stay_begins", "court_stayed"),
        ("licence_begins", "eased_by_licence"),
        ("ends", "ended"),
    }
)
"""Changes whose first words already state the status that follows."""
_ANNOUNCED: Mapping[ComingKind, str] = MappingProxyType(
    {
        "announced_change": "A change",
        "announced_suspension": "A suspension",
        "announced_extension": "An extension",
        "announced_easing": "An easing",
        "announced_revocation": "A revocation",
    }
)
_CHANGED: Mapping[str, str] = MappingProxyType(
    {
        "evidence": "the evidence for it",
        "since": "since when",
        "until": "its end",
        "until_bound": "how its end is read",
        "confirmed": "whether it is confirmed",
        "residual_obligation": "the duty that stays",
        "slices": "its parts",
        "next_change_on": "the day of its next change",
        "next_change_to": "its next change",
    }
)

_OUTCOMES: Mapping[PassedWord, str] = MappingProxyType(
    {
        "nothing_confirmed": "passed, nothing confirmed since",
        "act_followed": "passed, an act followed",
        "took_effect": "took effect",
        "no_act_found": "passed, no act found",
    }
)
PASSED_DAYS_KEPT = 90
"""How long a calendar to subscribe to keeps an entry whose day has passed."""
MOST_PASSED_DAYS = 366
"""The most days back that can be asked for."""

# How many answers are cached; each has up to some hundred rows.
_REMEMBERED = 16

_DAYS = frozenset({"as_of", "known_at"})


class CalendarFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which rows to return; None lets everything through. `until` is the last day included.

    `passed_days` adds the rows of the last days up to the day asked about: 1 those of that day
    itself, 90 those of the last 90 days with it, 0 none.
    """

    until: date | None = None
    passed_days: int = 0
    measure_id: str | None = None
    measures: MeasureFilter = MeasureFilter()

    @property
    def in_words(self) -> tuple[str, ...]:
        """The values that the measures are chosen by, for a reader."""
        by = self.measures
        given = (self.measure_id, by.list_code, by.jurisdiction, by.authority)
        return tuple(each for each in given if each is not None)


class DiffDays(msgspec.Struct, frozen=True, kw_only=True):
    """Two legal days, `since` the earlier, and the day of knowledge that counts for each."""

    since: date
    to: date
    known_since: date
    known_to: date


def coming(board: MeasureBoard, chosen: CalendarFilter, days: Days) -> tuple[ComingChange, ...]:
    """Return the changes after `days.as_of` as known on `days.known_at`, in order of `place_of`.

    Before them come those of the last `chosen.passed_days` days, with their outcome. A row keeps
    its id when its day passes. The newest answers are cached, because subscribers all ask the
    same question.

    Raises:
        BadInputError: No measure has that id, jurisdiction, authority or list, or `until` is
            before `as_of`.
    """
    if chosen.until is not None and chosen.until < days.as_of:
        raise BadInputError("until", "lies before `as_of`")
    return _rows(board, chosen, days)


def place_of(row: ComingChange) -> str:
    """Return the unique sort key of a row: by day, then measure, the whole before its parts."""
    return f"{row.on} {row.measure_id} {row.status_of} {row.id}"


def outcome_in_words(outcome: PassedOutcome) -> str:
    """Return an outcome in a few words: `passed, nothing confirmed since`."""
    return _OUTCOMES[outcome.word]


def cite(event: Event) -> EventCited:
    """Return an event with its citation, address and quote."""
    return EventCited(
        id=event.id,
        kind=event.kind,
        citation=event.citation,
        url=None if event.source is None else event.source.url,
        quote=event.quote if event.words is None else event.words.quote,
        confidence=event.confidence,
    )


def slice_in_words(change: Coming) -> str | None:
    """Return in words the part that changes, or the part in which a change of the whole begins.

    None where the change concerns no single part.
    """
    return in_words(change.part or change.event.slice)


def coming_in_words(measure: Measure, change: Coming) -> str:
    """Return a coming change as one sentence: until when the status holds, and what follows."""
    if change.is_announced:
        words = _announced(measure, change)
    elif change.is_lapse:
        words = _lapse(change)
    else:
        words = _act(change)
    part = slice_in_words(change)
    return words if part is None else f"{part}: {words[0].lower()}{words[1:]}"


def diff_in_words(before: StatusThen, after: StatusThen, changed: tuple[str, ...]) -> str:
    """Return one sentence on how a measure's status differs between two days.

    `changed` names the fields that differ.
    """
    if before.status == after.status:
        fields = ", ".join(_CHANGED[field] for field in changed)
        rest = f"what changed: {fields}" if fields else "nothing changed"
        return f"On both days {_state(after)}; {rest}."
    on = day_in_words(before.as_of)
    return f"On {on} {_state(before)}; {_from(before, after)} {_state(after)}."


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
    """Return how a measure differs between two days, also where nothing differs."""
    measure = board.register.get(measure_id)
    before = board.one(measure.id, Days(as_of=span.since, known_at=span.known_since))
    after = board.one(measure.id, Days(as_of=span.to, known_at=span.known_to))
    return _compare(measure, span, before, after)


def changes_between(
    measure: Measure, span: DiffDays, before: MeasureOnDay, after: MeasureOnDay
) -> MeasureDiff | None:
    """Return what changed between two answers about a measure; None where nothing did.

    `before` and `after` are the answers for the span's two days, about the whole measure or
    narrowed to one listing. An event that changed no field still counts as a change; that the last
    reading of the sources has grown too old does not.
    """
    diff = _compare(measure, span, before, after)
    return diff if diff.changed or diff.events else None


@lru_cache(maxsize=_REMEMBERED)
def _rows(board: MeasureBoard, chosen: CalendarFilter, days: Days) -> tuple[ComingChange, ...]:
    last = date.max if chosen.until is None else chosen.until
    rows = (
        row
        for measure in _measures(board, chosen)
        for row in unfailing(measure.id, partial(_rows_of, measure, chosen.passed_days, days), ())
        if row.on <= last
    )
    return tuple(sorted(rows, key=place_of))


def _measures(board: MeasureBoard, chosen: CalendarFilter) -> Iterator[Measure]:
    wanted = None if chosen.measure_id is None else _id_of(board, chosen.measure_id)
    for measure in chosen_measures(board.register.measures, chosen.measures):
        if wanted in {None, measure.id}:
            yield measure


def _id_of(board: MeasureBoard, measure_id: str) -> str:
    try:
        return board.register.get(measure_id).id
    except NotFoundError as error:
        raise BadInputError("measure", f"no measure has the id {measure_id!r}") from error


def _rows_of(measure: Measure, passed_days: int, days: Days) -> tuple[ComingChange, ...]:
    as_of, known_at = days.of(measure.jurisdiction)
    ahead = tuple(
        _row(measure, change, as_of)
        for changes_of in (coming_changes, announced_to_come)
        for change in changes_of(measure, as_of, known_at)
    )
    if passed_days == 0:
        return ahead
    after = days_from(as_of, -passed_days)
    passed = passed_changes(measure, after, as_of, known_at)
    return (*(_passed_row(measure, each, as_of) for each in passed), *ahead)


def _passed_row(measure: Measure, passed: Passed, as_of: date) -> ComingChange:
    row = _row(measure, passed.change, as_of)
    followed = passed.followed
    known_on = None if followed is None else public_on(followed)
    outcome = PassedOutcome(
        word=passed.word,
        sentence=_outcome_sentence(measure, passed, as_of),
        known_on=None if known_on == ALWAYS else known_on,
        event=None if followed is None else cite(followed),
    )
    return msgspec.structs.replace(row, is_passed=True, outcome=outcome)


def _outcome_sentence(measure: Measure, passed: Passed, as_of: date) -> str:
    on = passed.change.on
    day = "Today" if on == as_of else f"Passed on {day_in_words(on)}"
    if passed.word == "took_effect":
        return f"{'Takes effect today' if on == as_of else f'Took effect on {day_in_words(on)}'}."
    if passed.followed is not None:
        return f"{day}; on record since: {_act_in_words(passed.followed)}."
    read = measure.checked_until
    until = "" if read is None else f" (sources read until {day_in_words(read)})"
    since = "nothing confirmed so far" if on == as_of else "nothing confirmed since"
    what = "no act found" if passed.word == "no_act_found" else since
    then = ", so it changed nothing" if passed.word == "no_act_found" else ""
    return f"{day}, {what}{until}{then}."


def _act_in_words(event: Event) -> str:
    on = public_on(event)
    public = "" if on == ALWAYS else f", public on {day_in_words(on)}"
    act = "" if event.citation is None else f" ({event.citation})"
    return f"{event.kind.replace('_', ' ')}{_span(event)}{public}{act}"


def _row(measure: Measure, change: Coming, as_of: date) -> ComingChange:
    event, part = change.event, slice_in_words(change)
    known_on = public_on(event)
    ends = change.is_announced or change.is_lapse
    return ComingChange(
        id=_lasting_id(measure.id, event.id, change.what, str(change.on), part or ""),
        on=change.on,
        as_of=as_of,
        days_ahead=(change.on - as_of).days,
        what=change.what,
        announced=change.is_announced,
        disputed=event.confidence == "disputed",
        measure_id=measure.id,
        title=measure.title,
        authority=measure.authority,
        jurisdiction=measure.jurisdiction,
        lists=tuple(dict.fromkeys(each.list_code for each in measure.attaches)),
        slice=part,
        status_of="measure" if change.is_announced or change.part is None else "slice",
        status_before=change.before,
        status_after=change.after,
        stated_end=event.until if ends else None,
        until_bound=event.until_bound if ends else None,
        sentence=coming_in_words(measure, change),
        known_on=None if known_on == ALWAYS else known_on,
        event=cite(event),
    )


def _lasting_id(*what: str) -> UUID:
    return uuid5(NAMESPACE_URL, "/".join(("urn:abeyance:calendar", *what)))


def _announced(measure: Measure, change: Coming) -> str:
    event, read = change.event, measure.checked_until
    is_said = change.what in _ANNOUNCED
    disputed = "sources contradict each other on it" if event.confidence == "disputed" else None
    if is_said:
        by = announced_by(event, measure.authority)
        who = f"{_ANNOUNCED[change.what]}{_span(event)} was announced"
        who += "" if by is None else f" by {by}"
        until = "" if read is None else f", sources read until {day_in_words(read)}"
        why = f"no act found{until}"
    else:
        who = f"An act ({event.kind.replace('_', ' ')}{_span(event)}) was reported"
        why = None if disputed else "it is not from the authority itself"
    on = public_on(event)
    when = "" if on == ALWAYS else f" on {day_in_words(on)}"
    then = "; it changes nothing" if is_said else ", so it changes nothing"
    return f"{who}{when}; {' and '.join(filter(None, (disputed, why)))}{then}."


def _span(event: Event) -> str:
    start = "" if event.effective_on is None else f" from {day_in_words(event.effective_on)}"
    end = "" if event.until is None else f" to {day_in_words(event.until)}"
    return start + end


def _lapse(change: Coming) -> str:
    after = _AFTER_LAPSE.get((change.what, change.after))
    it = _it(change.after) if after is None else f"it {after}"
    then = f"if nothing is recorded by then {it}"
    running = (
        "The licence runs" if change.before == "eased_by_licence" else _UNTIL_LAPSE[change.what]
    )
    until = change.event.until
    if until is None:
        return f"{running} to {day_in_words(change.on)}; {then}."
    bound = _bound(change.event, is_within=change.on > until)
    return f"{running} until {day_in_words(until)}, {bound}; {then}."


def _it(word: StatusWord) -> str:
    return f"it {'has' if word == 'ended' else 'is'} {STATUSES[word].state}"


def _bound(event: Event, *, is_within: bool) -> str:
    if event.until_bound == "inclusive":
        return "that day included"
    if event.until_bound == "exclusive":
        return "that day not included"
    return "read as included" if is_within else "read as restricted on that day"


def _act(change: Coming) -> str:
    deed = f"{_DEED[change.what]} on {day_in_words(change.on)}"
    if (change.what, change.after) in _SAYS_ALL:
        return f"{deed}."
    return f"{deed}; from then on {_it(change.after)}."


def _state(then: StatusThen) -> str:
    is_plain = then.confirmed or then.status in {"not_known", "not_yet_made", "unknown"}
    doubt = "" if is_plain else ", unconfirmed"
    return STATUSES[then.status].state + doubt


def _from(before: StatusThen, after: StatusThen) -> str:
    """Return since when the later status holds, if that is between the two days, else the day."""
    if after.since is None or not before.as_of < after.since <= after.as_of:
        return f"on {day_in_words(after.as_of)}"
    return f"since {day_in_words(after.since)}"


def _compare(
    measure: Measure, span: DiffDays, before: MeasureOnDay, after: MeasureOnDay
) -> MeasureDiff:
    then = _then(before, span.since, span.known_since)
    now = _then(after, span.to, span.known_to)
    changed = tuple(
        field
        for field in StatusThen.__struct_fields__
        if field not in _DAYS
        and getattr(_as_read(before, then), field) != getattr(_as_read(after, now), field)
    )
    return MeasureDiff(
        measure_id=measure.id,
        title=measure.title,
        before=then,
        after=now,
        changed=changed,
        events=unfailing(
            measure.id, lambda: tuple(sorted(_events_between(measure, span), key=_first_deed)), ()
        ),
        sentence=diff_in_words(then, now, changed),
    )


def _as_read(shown: MeasureOnDay, then: StatusThen) -> StatusThen:
    """Return a status as on the day its sources were read: their age changes no measure."""
    is_aged = shown.stale and then.evidence == "stale"
    return msgspec.structs.replace(then, evidence="confirmed") if is_aged else then


def _first_deed(between: EventBetween) -> tuple[date, str]:
    return between.did[0].on, between.event.id


def _then(shown: MeasureOnDay, as_of: date, known_at: date) -> StatusThen:
    return copy_as(StatusThen, shown, as_of=as_of, known_at=known_at)


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
