"""What reopens a judgement on a hit: the listing, the law, the counterparty or its own term."""

from collections.abc import Iterator
from datetime import date

from abeyance_screening.engine.screening.watched.differences import (
    FieldChange,
    changed_fields,
    is_stricter,
)
from abeyance_screening.engine.screening.watched.standing import StandingHit, StandingMeasure
from abeyance_screening.primitives.days import day_after

# By these a person decides who is meant, or what may be done. Countries follow from addresses; the
# score and what is printed besides decide nothing.
_DECIDE = frozenset(
    {
        "names",
        "identifiers",
        "addresses",
        "entity_type",
        "birth_dates",
        "licence_requirement",
        "licence_review_policy",
    }
)


def reasons_to_reopen(basis: StandingHit, now: StandingHit | None) -> Iterator[FieldChange]:
    """Yield the fields that changed since a hit was judged, so that it must be judged again.

    Measures count where they became stricter. A hit that is not there now keeps its judgement, for
    the day on which it returns as it was.
    """
    if now is None:
        return
    yield from (each for each in changed_fields(basis, now) if each.field in _DECIDE)
    then = {each.id: each for each in basis.measures}
    found = {each.id: each for each in now.measures}
    for key in sorted(then.keys() | found.keys()):
        before, after = then.get(key), found.get(key)
        if is_stricter(before, after):
            yield FieldChange(
                field=f"measures.{key}", before=_status(before), after=_status(after)
            )


def past_its_term(until: date | None, today: date) -> Iterator[FieldChange]:
    """Yield that a judgement's last day is over; the day itself is included in its term."""
    if until is not None and until < today:
        after = day_after(until).isoformat()
        yield FieldChange(field="until", before=until.isoformat(), after=after)


def of_another_counterparty(before: bytes, after: bytes) -> Iterator[FieldChange]:
    """Yield that the counterparty is described otherwise than when it was judged, by digests."""
    if before != after:
        yield FieldChange(field="counterparty", before="as it was judged", after="changed since")


def _status(measure: StandingMeasure | None) -> str | None:
    return None if measure is None else measure.status
