"""The composition root, which connects all other packages.

Its modules are imported separately: `http` imports the whole service, which a command that only
loads a list does not need.
"""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)
