"""How many requests are answered at once, and how many may wait."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

import msgspec
from litestar.types import HTTPScope

from abeyance_screening.platform.access.callers import Caller
from abeyance_screening.platform.http.bodies import JOBS_PATH, STREAM_PATH, header_of
from abeyance_screening.platform.http.clients import address_of
from abeyance_screening.platform.http.entrance import caller_of
from abeyance_screening.platform.http.problems import AnyRequest
from abeyance_screening.primitives.addresses import client_group
from abeyance_screening.primitives.errors import BrokenOffError, BusyError
from abeyance_screening.primitives.fair_scheduler import Work, current_work

_TOO_MANY = "{} requests of this key or address are being answered, and {} wait; try again later"


# --- How many requests of one caller are worked on at once.

# A body above this is a batch, or a file.
LARGE_BYTES = 64_000
# Requests of one caller at once, and how many more may wait; any, and those with a large body.
ANY_AT_ONCE, ANY_WAITING = 64, 192
LARGE_AT_ONCE, LARGE_WAITING = 4, 12
# Streams may take hours: none waits for another, or takes the place of other requests.
STREAMS_AT_ONCE = 4


class _Queue(msgspec.Struct):
    """How many requests of a caller are worked on, and those that wait, the oldest first."""

    running: int = 0
    waiting: deque[asyncio.Future[None]] = msgspec.field(default_factory=deque)


class CallerQueues:
    """A queue for each caller: `at_once` requests are worked on, and `waiting` more may wait."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._at_once = at_once
        self._waiting = waiting
        self._queues: dict[str, _Queue] = {}

    async def enter(self, work: Work) -> None:
        """Wait for a turn among the requests of the same caller; it lasts until the work ends.

        Raises:
            BusyError: Too many requests of the caller wait already.
            BrokenOffError: The client left while it waited.
        """
        queue = self._queues.get(work.caller)
        if queue is None:
            queue = self._queues[work.caller] = _Queue()
        if queue.running < self._at_once:
            queue.running += 1
        elif len(queue.waiting) < self._waiting:
            await self._turn(queue, work)
        else:
            raise BusyError(_TOO_MANY.format(queue.running, len(queue.waiting)))
        caller = work.caller
        work.at_end(lambda: self._leave(caller, queue))

    async def _turn(self, queue: _Queue, work: Work) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def broken_off() -> None:
            if not turn.done():
                turn.set_exception(BrokenOffError())

        queue.waiting.append(turn)
        try:
            with work.ending(broken_off):
                await turn
        except BaseException:
            if turn in queue.waiting:
                queue.waiting.remove(turn)
            raise

    def _leave(self, caller: str, queue: _Queue) -> None:
        """Give the place of a request that has ended to the next that waits."""
        while queue.waiting:
            turn = queue.waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        queue.running -= 1
        if not queue.running:
            del self._queues[caller]


def entering() -> Callable[[AnyRequest], Awaitable[None]]:
    """Return a function that waits until it is a request's turn among those of its caller."""
    every = CallerQueues(ANY_AT_ONCE, ANY_WAITING)
    large = CallerQueues(LARGE_AT_ONCE, LARGE_WAITING)
    streams = CallerQueues(STREAMS_AT_ONCE, 0)

    async def enter(request: AnyRequest) -> None:
        work = current_work()
        if work is None:
            return
        scope = request.scope
        work.caller = _queue_of(caller_of(request), scope)
        if _is_stream(scope):
            await streams.enter(work)
            return
        if _is_large(scope):
            await large.enter(work)
        await every.enter(work)

    return enter


def _queue_of(caller: Caller, scope: HTTPScope) -> str:
    """Return in which queue a request waits: its key's, its person's, or its address's."""
    if caller.login is not None:
        # many may come from the address of one proxy
        return f"person {caller.account} {caller.owner}"
    return client_group(address_of(scope)) if caller.key is None else f"key {caller.key}"


def _is_stream(scope: HTTPScope) -> bool:
    """Return whether a request may take hours: a stream, or a table that is sent for a job."""
    path = scope["path_template"]
    return path == STREAM_PATH or (path == JOBS_PATH and scope["method"] == "POST")


def _is_large(scope: HTTPScope) -> bool:
    """Return whether a body is large, or may be so once it has come and is expanded."""
    if header_of(scope, b"content-encoding"):
        return True
    length = header_of(scope, b"content-length")
    if length:
        return length.isdigit() and int(length) > LARGE_BYTES
    return bool(header_of(scope, b"transfer-encoding"))
