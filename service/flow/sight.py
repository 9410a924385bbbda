"""Sight: whether this process knows that it holds what the database holds."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

# A follower looks at the database every half minute, and each of its queries may take ten
# seconds. One that has not seen it for longer may lack an edition that others answer from.
OUT_OF_SIGHT_AFTER = timedelta(seconds=60)


class Sight:
    """When the database was last seen and what it held was taken in whole.

    Only an answer of the database counts: a connection whose other end is gone says nothing at
    all, for a long time. `now` is UTC.
    """

    def __init__(self, now: Callable[[], datetime], limit: timedelta = OUT_OF_SIGHT_AFTER) -> None:
        self._now = now
        self._limit = limit
        self._seen_at: datetime | None = None
        self._glanced = False
        self._has_failed = False

    @contextmanager
    def looking(self) -> Generator[None]:
        """What is read in it, and taken in by its end, counts as seen when it began."""
        begun, self._glanced = self._now(), False
        try:
            yield
        except BaseException:
            self._has_failed = True
            raise
        self._has_failed = False
        if not self._glanced:
            self._seen_at = begun

    def glance(self) -> None:
        """Notes that the database answers while what it held is still being taken in.

        That keeps it in sight and never brings it back: neither after it was lost, nor where
        taking in has failed and may fail again.
        """
        if self.lost is None and not self._has_failed:
            self._seen_at, self._glanced = self._now(), True

    @property
    def lost(self) -> str | None:
        """Since when the database is out of sight, in words; None while it is in sight.

        A clock that was set makes it lost until the next look.
        """
        if self._seen_at is None:
            return "the database was not seen yet"
        if abs(self._now() - self._seen_at) <= self._limit:
            return None
        at = self._seen_at.astimezone(UTC)
        return (
            f"the database was last seen at {at:%Y-%m-%d %H:%M:%S} UTC; what was stored since is "
            "not known here"
        )
