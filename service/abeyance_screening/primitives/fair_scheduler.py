"""Turns: long work on the event loop lets everything else have its turn.

However many questions are worked on at once, between two rounds of the loop at most `SLICE_S` of
their work is done, plus one step. Work that would exceed this waits in a queue and goes on when
its turn comes, one piece a round. Callers have their turns one after another, however many
questions each of them asks at once.

Between two turns work also ends, if its client has left or if it takes too much CPU.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar, Token, copy_context
from typing import Self
from weakref import WeakKeyDictionary

from abeyance_screening.primitives.errors import BrokenOffError, TooMuchWorkError

# A single step may take some milliseconds, such as a search for a name of 500 letters; a round of
# the loop takes some ten microseconds. With a shorter slice most time would go into rounds.
SLICE_S = 0.002
# The most CPU that counts for what lies between two turns. One step never takes as long, but where
# a task waits for something else, such as the database, the thread works for others meanwhile.
_LONGEST_STEP_S = 0.1
# Up to this share of what work may take, its steps are measured in wall time, which shows no
# less than the CPU time, which takes a system call of 1.5 µs, twice for each turn.
_TIMED_ROUGHLY = 0.05
# A screening of one name takes some milliseconds at most. Of 32 clients that ask at once, p99 is
# 2.2 times the median; 4.2 times if nothing were short, 3.1 with 0.01, no less with 0.05.
_SHORT_S, _OTHERS_EVERY = 0.02, 4


# Long work beside requests, such as building an index, goes on for at least `WORK_S`, then rests
# `REST_SHARE` times as long as it has worked: a request in between waits for one piece of work,
# and a machine that is half busy keeps up.
WORK_S = 0.0005
REST_SHARE = 9.0


class Work:
    """The work on one request, as a context: whose it is, what it may take, who waits for it.

    `caller` is the key or the address that it is done for. A stream is work that goes on at the
    pace of its client; `on_stream` is called when it begins, and `has_moved` says whether anything
    came from or went to the client since somebody last looked.
    """

    __slots__ = (
        "_at_end",
        "_endings",
        "_most_s",
        "_since",
        "_time",
        "_token",
        "_used_s",
        "caller",
        "has_moved",
        "is_abandoned",
        "is_broken_off",
        "is_stream",
        "on_stream",
    )

    def __init__(self, most_s: float) -> None:
        self.caller = ""
        self.is_abandoned = False
        self.is_broken_off = False
        self.is_stream = False
        self.has_moved = False
        self.on_stream: Callable[[], None] | None = None
        self._most_s = most_s
        self._used_s = 0.0
        self._since: float | None = None
        self._time = time.perf_counter
        self._at_end: list[Callable[[], None]] = []
        self._endings: list[Callable[[], object]] = []
        self._token: Token[Work | None] | None = None

    def __enter__(self) -> Self:
        self._token = _current.set(self)
        return self

    def __exit__(self, *_: object) -> None:
        if self._token is not None:
            _current.reset(self._token)
        for leave in self._at_end:
            leave()
        self._at_end.clear()

    def at_end(self, leave: Callable[[], None]) -> None:
        """Have a function called when the work ends, however it ends."""
        self._at_end.append(leave)

    @contextmanager
    def ending(self, end: Callable[[], object]) -> Generator[None]:
        """Have a function called if the client leaves within the context."""
        self.check()
        self._endings.append(end)
        try:
            yield
        finally:
            self._endings.remove(end)

    def abandon(self) -> None:
        """Note that nobody waits for the work any more; it ends at its next turn."""
        self.is_abandoned = True
        for end in tuple(self._endings):
            end()

    def check(self) -> None:
        """Go on only if somebody waits for the work.

        Raises:
            BrokenOffError: The client has left.
        """
        if self.is_abandoned:
            self.is_broken_off = True
            raise BrokenOffError

    def stream(self) -> None:
        """Go on from here at the pace of the client, for as long as anything moves."""
        self.is_stream = self.has_moved = True
        if self.on_stream is not None:
            self.on_stream()

    def begin_anew(self) -> None:
        """Begin another piece of a stream, which may take as much CPU as the whole of other work.

        Raises:
            BrokenOffError: The client has left.
        """
        self._used_s, self._since, self._time = 0.0, None, time.perf_counter
        self.check()

    def pause(self) -> None:
        """Count the CPU since the last turn.

        Raises:
            TooMuchWorkError: The work has taken all that it may take.
        """
        if self._since is not None:
            step_s = self._time() - self._since
            self._used_s += max(0.0, min(step_s, _LONGEST_STEP_S))
            if self._used_s > _TIMED_ROUGHLY * self._most_s:
                self._since, self._time = None, time.thread_time
        if self._used_s > self._most_s:
            raise TooMuchWorkError(self._most_s)

    @property
    def is_short_and_begun(self) -> bool:
        """Whether the work has had a turn, and has not taken long yet."""
        return 0.0 < self._used_s <= _SHORT_S

    def resume(self) -> None:
        """Begin a turn.

        Raises:
            BrokenOffError: The client has left.
        """
        self._since = self._time()
        self.check()


_current: ContextVar[Work | None] = ContextVar("_current", default=None)


def current_work() -> Work | None:
    """Return the work that this task does; None where it is for no request."""
    return _current.get()


def go_on() -> None:
    """Let work in a thread go on to its next step; it raises what `give_turns` raises.

    The thread must have the context of the request.
    """
    work = _current.get()
    if work is not None:
        work.pause()
        work.resume()


class ThreadPool:
    """A pool of threads for one kind of long work, so that the event loop stays free.

    Work that finds no free thread waits in a queue.
    """

    def __init__(self, name: str, most_at_once: int) -> None:
        self._threads = ThreadPoolExecutor(most_at_once, thread_name_prefix=name)

    async def __call__[**P, T](self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run the work in a thread, and return or raise what it does.

        The work must be made of many short steps, so that other threads have their turn, and call
        `go_on` between them: there it ends if its client leaves.

        Raises:
            BrokenOffError: The client left.
            TooMuchWorkError: The work has taken all the CPU that one request may take.
        """
        loop, context = asyncio.get_running_loop(), copy_context()

        def run() -> T:
            go_on()
            return work(*args, **kwargs)

        return await loop.run_in_executor(self._threads, lambda: context.run(run))


class Throttle:
    """Pauses from time to time while questions come, so that they get their turn.

    Work is counted in CPU time, so that time spent waiting for a turn does not count as work. It
    is that of the thread that works, from the first call on: another thread made the object.
    """

    def __init__(self, is_asked: Callable[[], bool]) -> None:
        self._is_asked = is_asked
        self._since: float | None = None

    def __call__(self) -> None:
        """Pause if there was enough work and questions are coming in."""
        now = time.thread_time()
        worked = 0.0 if self._since is None else now - self._since
        if self._since is None:
            self._since = now
        if worked > WORK_S:
            if self._is_asked():
                time.sleep(REST_SHARE * worked)
            self._since = time.thread_time()


class _TurnQueue:
    """The tasks of one caller that wait for a turn.

    Short work that has begun comes first: if everything went on in small pieces at once, a request
    that takes twice as long as others would be answered long after those that came with it. Long
    work and what has not begun still get every `_OTHERS_EVERY`-th turn.
    """

    __slots__ = ("_begun", "_others", "_turns")

    def __init__(self) -> None:
        self._begun = deque[asyncio.Future[None]]()
        self._others = deque[asyncio.Future[None]]()
        self._turns = 0

    def __bool__(self) -> bool:
        return bool(self._begun or self._others)

    def append(self, turn: asyncio.Future[None], *, is_begun: bool) -> None:
        (self._begun if is_begun else self._others).append(turn)

    def popleft(self) -> asyncio.Future[None]:
        self._turns += 1
        are_others_due = self._turns % _OTHERS_EVERY == 0 or not self._begun
        queue = self._others if self._others and are_others_due else self._begun
        return queue.popleft()


class _Row:
    """The tasks that wait for a turn on one loop, by caller."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._since: float | None = None
        self._is_scheduled = False
        # the caller whose turn is next comes first
        self._waiting: dict[str, _TurnQueue] = {}

    def has_time(self) -> bool:
        """Return whether the slice of this round lasts; it begins with the first call."""
        now = time.perf_counter()
        if self._since is None:
            self._since = now
            self._schedule()
        return now - self._since <= SLICE_S

    async def wait(self, caller: str, *, is_begun: bool = False) -> None:
        turn = self.loop.create_future()
        queue = self._waiting.get(caller)
        if queue is None:
            queue = self._waiting[caller] = _TurnQueue()
        queue.append(turn, is_begun=is_begun)
        await turn

    def _schedule(self) -> None:
        """Arrange to be called on the next round."""
        if not self._is_scheduled:
            self._is_scheduled = True
            self.loop.call_soon(self._next_round)

    def _next_round(self) -> None:
        self._is_scheduled, self._since = False, None
        while self._waiting:
            caller = next(iter(self._waiting))
            queue = self._waiting.pop(caller)
            turn = queue.popleft()
            if queue:
                self._waiting[caller] = queue
            if not turn.done():
                turn.set_result(None)
                break
        if self._waiting:
            self._schedule()


_rows: WeakKeyDictionary[asyncio.AbstractEventLoop, _Row] = WeakKeyDictionary()
# The row that a task used last: looking it up here is faster than by its loop.
_last_row: ContextVar[_Row | None] = ContextVar("_last_row", default=None)


async def let_go(held: list[object]) -> None:
    """Empty a list of results that nothing else holds, and let other work have its turn.

    Freed in one go, the results of long work hold the loop as long as a dozen steps.
    """
    while held:
        held.pop()
        await give_turns()


async def give_turns() -> None:
    """Let other work have its turn; called between two steps of long work.

    Returns at once while the slice lasts.

    Raises:
        BrokenOffError: The client that asked for this work has left.
        TooMuchWorkError: The work has taken all the CPU that it may take.
    """
    loop = asyncio.get_running_loop()
    row = _last_row.get()
    if row is None or row.loop is not loop:
        row = _rows.get(loop)
        if row is None:
            row = _rows[loop] = _Row(loop)
        _last_row.set(row)
    if not row.has_time():
        work = _current.get()
        if work is None:
            await row.wait("")
        else:
            work.pause()
            await row.wait(work.caller, is_begun=work.is_short_and_begun)
            work.resume()
        row.has_time()
