"""Turns: long work on the event loop lets everything else have its turn.

However many questions are worked on at once, between two rounds of the loop no more than
`SLICE_S` of their work goes by, and one step of it. Whoever comes over that waits in a row and
goes on when it is its turn, one a round.
"""

import asyncio
import time
from collections import deque
from contextvars import ContextVar
from weakref import WeakKeyDictionary

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
