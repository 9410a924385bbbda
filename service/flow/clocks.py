"""Which days a question is about, where it leaves them open."""

from datetime import UTC, date, datetime
from functools import lru_cache

from service.model.days import Days
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


@lru_cache(maxsize=1)
def _elsewhere(minute: datetime) -> tuple[tuple[str, date], ...]:
    """Where it is another day than that of UTC: for a whole minute, for days begin with one."""
    today = minute.astimezone(UTC).date()
    return tuple(
        (jurisdiction, day)
        for jurisdiction in ZONES
        if (day := day_of(minute, jurisdiction)) != today
    )
