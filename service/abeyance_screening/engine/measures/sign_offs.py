"""Sign-offs: who has checked a record of the register, and the digest of what was checked."""

import hashlib
from datetime import date

import msgspec

from abeyance_screening.engine.measures.measure import Measure
from abeyance_screening.engine.measures.register.register import Register
from abeyance_screening.engine.measures.register_rows import stored_event, stored_measure


class SignOff(msgspec.Struct, frozen=True, kw_only=True):
    """A sign-off of a measure."""

    by: str
    """Who read the record against the act."""
    on: date
    """The UTC day of the sign-off."""
    note: str | None
    """A remark of the reader; null without one."""
    is_current: bool
    """False if the record has changed since, so that it needs a reader again; a later day of
    reading is no such change."""


def record_digest(measure: Measure) -> str:
    """Return a digest of what a reader signs off: the measure and its events, not when checked."""
    read = stored_measure(msgspec.structs.replace(measure, checked_until=None)).digest
    events = sorted(
        f"{each.id} {stored_event(measure.id, each).digest}" for each in measure.events
    )
    return hashlib.sha256("\n".join((read, *events)).encode()).hexdigest()


def sign_off_of(register: Register, measure_id: str) -> SignOff | None:
    """Return the newest sign-off of a measure; None where nobody has signed it."""
    return next(iter(sign_offs_of(register, measure_id)), None)


def sign_offs_of(register: Register, measure_id: str) -> tuple[SignOff, ...]:
    """Return every sign-off of a measure, the newest first."""
    measure = register.get(measure_id)
    reviews = register.reviews_of(measure.id)
    digest = record_digest(measure) if reviews else ""
    return tuple(
        SignOff(
            by=each.reviewed_by,
            on=each.reviewed_on,
            note=each.note,
            is_current=each.digest == digest,
        )
        for each in reviews
    )
