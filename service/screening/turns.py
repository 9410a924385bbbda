"""Turns: long work on the event loop lets everything else have its turn.

However many questions are worked on at once, between two rounds of the loop at most `SLICE_S` of
their work is done, plus one step. Work that would exceed this waits in a queue and goes on when
its turn comes, one piece a round.
"""

import asyncio
import time
from collections import deque
from contextvars import ContextVar
from datetime import UTC, date, datetime
from functools import lru_cache
from weakref import WeakKeyDictionary

from service.days import ZONES, Days, day_of
from service.errors import BadInputError

# A single step may take some milliseconds, such as a search for a name of 500 letters; a round of
# the loop takes some ten microseconds. With a shorter slice most time would go into rounds.
SLICE_S = 0.002


class _Row:
    """The tasks that wait for a turn on one loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._since: float | None = None
        self._is_scheduled = False
        self._waiting: deque[asyncio.Future[None]] = deque()

    def has_time(self) -> bool:
        """Return whether the slice of this round lasts; it begins with the first call."""
        now = time.perf_counter()
        if self._since is None:
            self._since = now
            self._schedule()
        return now - self._since <= SLICE_S

    async def wait(self) -> None:
        turn = self.loop.create_future()
        self._waiting.append(turn)
        await turn

    def _schedule(self) -> None:
        """Arrange to be called on the next round."""
        if not self._is_scheduled:
            self._is_scheduled = True
            self.loop.call_soon(self._next_round)

    def _next_round(self) -> None:
        self._is_scheduled, self._since = False, None
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                break
        if self._waiting:
            self._schedule()


_rows: WeakKeyDictionary[asyncio.AbstractEventLoop, _Row] = WeakKeyDictionary()
# The row that a task used last: looking it up here is faster than by its loop.
_last_row: ContextVar[_Row | None] = ContextVar("_last_row", default=None)


async def give_turns() -> None:
    """Let other work have its turn; called between two steps of long work.

    Returns at once while the slice lasts.
    """
    loop = asyncio.get_running_loop()
    row = _last_row.get()
    if row is None or row.loop is not loop:
        row = _rows.get(loop)
        if row is None:
            row = _rows[loop] = _Row(loop)
        _last_row.set(row)
    if not row.has_time():
        await row.wait()
        row.has_time()


def days_of(as_of: date | None, known_at: date | None, now: datetime) -> Days:
    """Return the days asked for; days left open are today, by each jurisdiction's own time."""
    today = now.astimezone(UTC).date()
    elsewhere = _elsewhere(now.replace(second=0, microsecond=0))
    return Days(
        as_of=today if as_of is None else as_of,
        known_at=today if known_at is None else known_at,
        as_of_by=elsewhere if as_of is None else (),
        known_at_by=elsewhere if known_at is None else (),
    )


def days_at(as_of: date | None, known_at: date | None, at: datetime | None, now: datetime) -> Days:
    """Return the days asked for; days left open are those of the moment `at`, or now without one.

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
    """Return a given moment in UTC.

    Raises:
        BadInputError: The moment has no time zone, or lies outside all days there are.
    """
    if at.tzinfo is None:
        raise BadInputError("at", "has no time zone; write it as 2026-11-10T02:00:00Z")
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise BadInputError("at", "lies before or after all days there are") from None


# The current moment, and one that a page or a caller asks about again.
@lru_cache(maxsize=2)
def _elsewhere(minute: datetime) -> tuple[tuple[str, date], ...]:
    """Return where it is another day than in UTC; the same for a whole minute."""
    today = minute.astimezone(UTC).date()
    return tuple(
        (jurisdiction, day)
        for jurisdiction in ZONES
        if (day := day_of(minute, jurisdiction)) != today
    )
