"""Changes of standing answers told as events, in words and in fields."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.screening.watched.differences import (
    FieldChange,
    HitDifference,
    MeasureDifference,
    differences,
)
from abeyance_screening.engine.screening.watched.standing import (
    StandingAnswer,
    StandingHit,
    StandingMeasure,
)
from abeyance_screening.engine.wording.status import dated_badge, plain_badge
from abeyance_screening.features.counterparties.types import StoredCounterparty
from abeyance_screening.platform.events import (
    EventCause,
    EventData,
    EventListing,
    EventType,
    NewEvent,
)
from abeyance_screening.platform.stores.judgements import HeldJudgement
from abeyance_screening.primitives.days import day_in_words
from abeyance_screening.primitives.errors import NotFoundError


class Causes(msgspec.Struct, frozen=True, kw_only=True):
    """What changed, so that answers may be others: the edition of each listing, or all else."""

    otherwise: EventCause
    editions: Mapping[str, EventCause] = {}

    def of(self, listing_id: str) -> EventCause:
        """Return the change that a listing's event comes from."""
        return self.editions.get(listing_id, self.otherwise)


class Telling(msgspec.Struct, frozen=True, kw_only=True):
    """Tells what changed, in the words of a board of measures, at a moment."""

    board: MeasureBoard
    at: datetime

    def changes(
        self, stored: StoredCounterparty, after: StandingAnswer, causes: Causes
    ) -> Iterator[NewEvent]:
        """Yield an event for each change of the answer about a counterparty, in order.

        What comes from another release of the scorer is told in one summary, not here.
        """
        before = StandingAnswer() if stored.standing is None else stored.standing
        for each in differences(before, after):
            hit = each.hit
            cause = causes.of(hit.listing_id)
            if cause.kind != "scorer":
                yield self._told(stored, each, hit, cause)

    def reopened(
        self,
        stored: StoredCounterparty,
        judgement: HeldJudgement,
        changes: Sequence[FieldChange],
        causes: Causes,
    ) -> NewEvent:
        """Return the event that a judgement was reopened, and by which fields."""
        basis = judgement.basis
        data = EventData(
            cause=causes.of(basis.listing_id),
            before=f"Judged {judgement.decision}: {basis.name}",
            after=f"To be judged again: {', '.join(map(self._field, changes))}",
            changes=tuple(changes),
            counterparty_name=stored.watched.name,
            listing=_listing(basis),
        )
        return self._event(stored, f"judgement:{judgement.id}", "judgement.reopened", data)

    def _told(
        self,
        stored: StoredCounterparty,
        each: HitDifference | MeasureDifference,
        hit: StandingHit,
        cause: EventCause,
    ) -> NewEvent:
        if isinstance(each, HitDifference):
            data, name = self._of_hit(each, cause), ""
        else:
            data = self._of_measure(each, cause)
            name = f":{data.measure}"
        key = (
            f"{stored.key}:{stored.turn + 1}:{each.type}:{hit.owner or ''}:{hit.listing_id}{name}"
        )
        data = msgspec.structs.replace(
            data, counterparty_name=stored.watched.name, listing=_listing(hit)
        )
        return self._event(stored, key, each.type, data)

    def _of_hit(self, each: HitDifference, cause: EventCause) -> EventData:
        before, after = (
            None if hit is None else self._hit_in_words(hit) for hit in (each.before, each.after)
        )
        return EventData(cause=cause, before=before, after=after, changes=each.changes)

    def _of_measure(self, each: MeasureDifference, cause: EventCause) -> EventData:
        before, after = each.before, each.after
        told = after or before
        measure = None if told is None else told.id
        if each.type == "measure.coming" and after is not None and after.next_on is not None:
            words = "changes" if after.next_to is None else plain_badge(after.next_to)
            return EventData(
                cause=cause,
                measure=measure,
                before=self._measure_in_words(after),
                after=f"{words} from {day_in_words(after.next_on)}",
                changes=_changes(before, after, ("next_on", "next_to", "lead")),
            )
        return EventData(
            cause=cause,
            measure=measure,
            before=None if before is None else self._measure_in_words(before),
            after=None if after is None else self._measure_in_words(after),
            changes=_changes(before, after, ("status", "since", "until")),
        )

    def _hit_in_words(self, hit: StandingHit) -> str:
        owner = "" if hit.owner is None else f" (found by its owner {hit.owner})"
        law = "; ".join(map(self._measure_in_words, hit.measures))
        listed = f"{hit.name}, {hit.list_code}, score {hit.score:.2f}{owner}"
        return f"{listed}: {law}" if law else listed

    def _measure_in_words(self, measure: StandingMeasure) -> str:
        badge = dated_badge(measure.status, measure.since, measure.until, measure.next_on)
        return f"{self._title(measure.id)}: {badge}"

    def _title(self, measure_id: str) -> str:
        try:
            return self.board.register.get(measure_id).title
        except NotFoundError:
            return measure_id

    def _field(self, change: FieldChange) -> str:
        kind, _, measure = change.field.partition(".")
        return self._title(measure) if measure else kind.replace("_", " ")

    def _event(
        self, stored: StoredCounterparty, key: str, kind: EventType, data: EventData
    ) -> NewEvent:
        return NewEvent(
            account=stored.account,
            dedup_key=key,
            type=kind,
            at=self.at,
            counterparty=stored.id,
            data=data,
        )


def is_changed_by_scorer(before: StandingAnswer, after: StandingAnswer, causes: Causes) -> bool:
    """Return whether anything in an answer is changed by another release of the scorer alone."""
    return causes.otherwise.kind == "scorer" and any(
        causes.of(each.hit.listing_id).kind == "scorer" for each in differences(before, after)
    )


def rescreened(
    accounts: Mapping[str, int], at: datetime, named: Iterable[tuple[str, EventCause, str]]
) -> Iterator[NewEvent]:
    """Yield, for each account, that all its counterparties are answered by something new.

    `named` are a key of the change, what it was, and what answers now in words.
    """
    changes = tuple(named)
    for account, count in accounts.items():
        for key, cause, words in changes:
            data = EventData(cause=cause, after=f"All {count:,} answered by {words}", count=count)
            yield NewEvent(
                account=account,
                dedup_key=f"rescreened:{key}",
                type="rescreened",
                at=at,
                counterparty=None,
                data=data,
            )


def coverage_events(
    accounts: Iterable[str],
    at: datetime,
    before: Mapping[str, tuple[str, str | None]],
    after: Mapping[str, tuple[str, str | None]],
) -> Iterator[NewEvent]:
    """Yield, for each account, which required lists are no longer fresh, and which are again."""
    kinds: dict[str, EventType] = {}
    for code in sorted(before.keys() ^ after.keys()):
        kinds[code] = "coverage.restored" if code in before else "coverage.incomplete"
    for account in accounts:
        for code, kind in kinds.items():
            old, new = before.get(code, ("fresh", None)), after.get(code, ("fresh", None))
            yield NewEvent(
                account=account,
                dedup_key=f"coverage:{code}:{at.isoformat()}",
                type=kind,
                at=at,
                counterparty=None,
                data=EventData(
                    cause=EventCause(kind="coverage", list_code=code),
                    before=_coverage_in_words(code, old),
                    after=_coverage_in_words(code, new),
                    changes=(FieldChange(field="state", before=old[0], after=new[0]),),
                ),
            )


def scorer_changed(
    accounts: Mapping[str, tuple[int, tuple[str, ...]]], at: datetime, before: int, after: int
) -> Iterator[NewEvent]:
    """Yield, for each account, how many answers another release of the scorer changed.

    With each number come some ids of the counterparties.
    """
    for account, (count, ids) in accounts.items():
        yield NewEvent(
            account=account,
            dedup_key=f"scorer:{after}:{at.isoformat()}",
            type="scorer.changed",
            at=at,
            counterparty=None,
            data=EventData(
                cause=EventCause(kind="scorer"),
                before=f"Scorer {before}",
                after=f"Scorer {after}: {count:,} of the answers are others, "
                + (f"such as {', '.join(ids)}" if ids else "none of them named here"),
                changes=(FieldChange(field="scorer", before=str(before), after=str(after)),),
                count=count,
            ),
        )


def _coverage_in_words(code: str, state: tuple[str, str | None]) -> str:
    word, reason = state
    return f"{code}: {word}" if reason is None else f"{code}: {word}, {reason}"


def _listing(hit: StandingHit) -> EventListing:
    return EventListing(list_code=hit.list_code, listing_id=hit.listing_id, name=hit.name)


def _changes(
    before: StandingMeasure | None, after: StandingMeasure | None, fields: Sequence[str]
) -> tuple[FieldChange, ...]:
    pairs = ((each, _text(before, each), _text(after, each)) for each in fields)
    return tuple(
        FieldChange(field=field, before=one, after=other)
        for field, one, other in pairs
        if one != other
    )


def _text(measure: StandingMeasure | None, field: str) -> str | None:
    values: dict[str, object] = {} if measure is None else msgspec.structs.asdict(measure)
    value = values.get(field)
    return None if value is None else str(value)
