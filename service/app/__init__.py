"""The composition root: the only room that knows every other.

Import its modules one by one: `http` brings the whole service with it, which a command that only
loads a list has no use for.
"""

from datetime import UTC, datetime

# --- The clock.


def utc_now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)
