"""Which days a question is about, where it leaves them open."""

from datetime import UTC, date, datetime

from service.model.days import Days
from service.model.zones import ZONES, day_of


def days_of(as_of: date | None, known_at: date | None, now: datetime) -> Days:
    """The days asked for; those left open are today, in each jurisdiction by its own time."""
    today = now.astimezone(UTC).date()
    elsewhere = tuple(
        (jurisdiction, day)
        for jurisdiction in ZONES
        if (day := day_of(now, jurisdiction)) != today
    )
    return Days(
        as_of=today if as_of is None else as_of,
        known_at=today if known_at is None else known_at,
        as_of_by=elsewhere if as_of is None else (),
        known_at_by=elsewhere if known_at is None else (),
    )
