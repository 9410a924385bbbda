"""How long screenings and results of tables are read, which is equally long."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from abeyance_screening.platform.settings import Settings

_EVER = datetime.min.replace(tzinfo=UTC)
type KeptSince = Callable[[], datetime]
"""Returns the moment before which nothing that is kept is read any more."""


def kept_for_ever() -> datetime:
    """Return the first moment there is: what is kept is read until somebody deletes it."""
    return _EVER


def kept_since(settings: Settings, now: Callable[[], datetime]) -> datetime:
    """Return the moment from which on screenings and results of tables are still kept."""
    days = settings.keep_screenings_days
    return kept_for_ever() if days is None else now() - timedelta(days=days)
