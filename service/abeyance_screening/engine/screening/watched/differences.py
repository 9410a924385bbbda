"""What changed between two standing answers about one counterparty, change by change."""

from collections.abc import Iterator
from typing import Literal

import msgspec

from abeyance_screening.engine.measures.status_table import STATUSES, MeasureChangeType, strictness
from abeyance_screening.engine.screening.watched.standing import (
    StandingAnswer,
    StandingFact,
    StandingHit,
    StandingMeasure,
)

type HitChangeType = Literal["hit.new", "hit.changed", "hit.gone"]


class FieldChange(msgspec.Struct, frozen=True, kw_only=True):
    """One field before and after; null where there was or is none."""

    field: str
    """Name of the field, as answers have it."""
    before: str | None
    """What it said before."""
    after: str | None
    """What it says now."""


class HitDifference(msgspec.Struct, frozen=True, kw_only=True):
    """A hit that came, went, or reads otherwise; `before` or `after` is None where it is not.

    `hit` is the newer of the two.
    """

    type: HitChangeType
    hit: StandingHit
    before: StandingHit | None
    after: StandingHit | None
    changes: tuple[FieldChange, ...] = ()


class MeasureDifference(msgspec.Struct, frozen=True, kw_only=True):
    """A measure of a hit that was there before and still is, with another status than before.

    `before` is None for a measure that did not reach the listing, `after` for one that no longer
    does. Of `measure.coming` the status is the same, and its next change has come nearer.
    """

    type: MeasureChangeType
    hit: StandingHit
    before: StandingMeasure | None
    after: StandingMeasure | None


def differences(
    before: StandingAnswer, after: StandingAnswer
) -> Iterator[HitDifference | MeasureDifference]:
    """Yield every change from one standing answer to a later one, hits in the order of their keys.

    The measures of a hit that is new or gone are part of that change.
    """
    then = {each.key: each for each in before.hits}
    now = {each.key: each for each in after.hits}
    for key in sorted(then.keys() | now.keys()):
        old, new = then.get(key), now.get(key)
        if old is None and new is not None:
            yield HitDifference(type="hit.new", hit=new, before=None, after=new)
        elif new is None and old is not None:
            yield HitDifference(type="hit.gone", hit=old, before=old, after=None)
        elif old is not None and new is not None:
            if changes := tuple(changed_fields(old, new)):
                yield HitDifference(
                    type="hit.changed", hit=new, before=old, after=new, changes=changes
                )
            yield from _of_measures(old, new)


def changed_fields(before: StandingHit, after: StandingHit) -> Iterator[FieldChange]:
    """Yield the fields of an entry that say something else, not those that are printed otherwise.

    The score is such a field where it is told differently, to two places.
    """
    old = {each.field: each for each in before.facts}
    new = {each.field: each for each in after.facts}
    for field in dict.fromkeys((*old, *new)):
        one, other = old.get(field), new.get(field)
        if (one.keys if one else None) != (other.keys if other else None):
            yield FieldChange(field=field, before=_in_words(one), after=_in_words(other))
    if f"{before.score:.2f}" != f"{after.score:.2f}":
        yield FieldChange(field="score", before=f"{before.score:.2f}", after=f"{after.score:.2f}")


def is_stricter(before: StandingMeasure | None, after: StandingMeasure | None) -> bool:
    """Return whether more is forbidden than before: by a new measure, or for want of a licence.

    A measure that is over forbids nothing, and a licence that runs permits.
    """
    if before is not None and before.status == "eased_by_licence":
        return after is None or after.status != before.status
    if after is None or STATUSES[after.status].bearing in {"over", "relief"}:
        return False
    return before is None or strictness(after.status) < strictness(before.status)


def _of_measures(before: StandingHit, after: StandingHit) -> Iterator[MeasureDifference]:
    then = {each.id: each for each in before.measures}
    now = {each.id: each for each in after.measures}
    for key in sorted(then.keys() | now.keys()):
        old, new = then.get(key), now.get(key)
        kind = _kind(old, new)
        if kind is not None:
            yield MeasureDifference(type=kind, hit=after, before=old, after=new)


def _kind(old: StandingMeasure | None, new: StandingMeasure | None) -> MeasureChangeType | None:
    if new is None:
        return "measure.ended"
    if old is None or old.status != new.status:
        return STATUSES[new.status].told_as
    if new.lead is not None and (old.lead is None or new.lead < old.lead or _moved(old, new)):
        return "measure.coming"
    if old.until != new.until:
        # the same status until another day: a suspension that was extended, or cut short
        return STATUSES[new.status].told_as
    return None


def _moved(old: StandingMeasure, new: StandingMeasure) -> bool:
    return (old.next_on, old.next_to) != (new.next_on, new.next_to)


def _in_words(fact: StandingFact | None) -> str | None:
    return None if fact is None else "; ".join(fact.values)
