"""Which days a question is about, where it leaves them open."""

from datetime import UTC, date, datetime
from functools import lru_cache

from service.model.days import Days
from service.model.errors import BadInputError
from service.model.zones import ZONES, day_of


def days_of(as_of: date | None, known_at: date | None, now: datetime) -> Days:
    """The days asked for; those left open are today, in each jurisdiction by its own time."""
    today = now.astimezone(UTC).date()
    elsewhere = _elsewhere(now.replace(second=0, microsecond=0))
    return Days(
        as_of=today if as_of is None else as_of,
        known_at=today if known_at is None else known_at,
        as_of_by=elsewhere if as_of is None else (),
        known_at_by=elsewhere if known_at is None else (),
    )


def days_at(as_of: date | None, known_at: date | None, at: datetime | None, now: datetime) -> Days:
    """The days asked for; those left open are those of the moment `at`, or now without one.

    Raises:
        BadInputError: `at` has no time zone, lies outside all days there are, or decides nothing
            because both days are given.
    """
    if at is None:
        return days_of(as_of, known_at, now)
    if as_of is not None and known_at is not None:
        raise BadInputError("at", "decides nothing where `as_of` and `known_at` are both given")
    return days_of(as_of, known_at, read_moment(at))


def read_moment(at: datetime) -> datetime:
    """A moment that was given, in UTC.

    Raises:
        BadInputError: It has no time zone, or lies outside all days there are.
    """
    if at.tzinfo is None:
        raise BadInputError("at", "has no time zone; write it as 2026-11-10T02:00:00Z")
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise BadInputError("at", "lies before or after all days there are") from None


# The moment of now, and one that a page or a caller asks about again.
@lru_cache(maxsize=2)
def _elsewhere(minute: datetime) -> tuple[tuple[str, date], ...]:
    """Where it is another day than that of UTC: for a whole minute, for days begin with one."""
    today = minute.astimezone(UTC).date()
    return tuple(
        (jurisdiction, day)
        for jurisdiction in ZONES
        if (day := day_of(minute, jurisdiction)) != today
    )
