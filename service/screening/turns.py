"""Turns: long work on the event loop lets everything else have its turn.

However many questions are worked on at once, between two rounds of the loop no more than
`SLICE_S` of their work goes by, and one step of it. Whoever comes over that waits in a row and
goes on when it is its turn, one a round.
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

# The steps themselves take up to some milliseconds, a search for a name of 500 letters for one; a
# round of the loop takes some ten microseconds. A shorter slice would be spent on going round.
SLICE_S = 0.002


class _Row:
    """Who waits for a turn on one loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._since: float | None = None
        self._is_noted = False
        self._waiting: deque[asyncio.Future[None]] = deque()

    def has_time(self) -> bool:
        """Whether the slice of this round lasts; it begins with the first who asks."""
        now = time.perf_counter()
        if self._since is None:
            self._since = now
            self._note()
        return now - self._since <= SLICE_S

    async def wait(self) -> None:
        """Waits for a turn."""
        turn = self.loop.create_future()
        self._waiting.append(turn)
        await turn

    def _note(self) -> None:
        """Hears of the next round."""
        if not self._is_noted:
            self._is_noted = True
            self.loop.call_soon(self._next_round)

    def _next_round(self) -> None:
        self._is_noted, self._since = False, None
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                break
        if self._waiting:
            self._note()


_rows: WeakKeyDictionary[asyncio.AbstractEventLoop, _Row] = WeakKeyDictionary()
# The row that a task has met last, found faster than by its loop.
_met: ContextVar[_Row | None] = ContextVar("_met", default=None)


async def give_turns() -> None:
    """Called between two steps of long work; returns at once while the slice lasts."""
    loop = asyncio.get_running_loop()
    row = _met.get()
    if row is None or row.loop is not loop:
        row = _rows.get(loop)
        if row is None:
            row = _rows[loop] = _Row(loop)
        _met.set(row)
    if not row.has_time():
        await row.wait()
        row.has_time()


# --- Which days a question is about, where it leaves them open.


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
