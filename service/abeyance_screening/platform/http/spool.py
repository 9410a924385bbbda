"""Large answers on disk, from which slow clients are sent."""

import asyncio
import math
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from contextlib import ExitStack, suppress
from functools import partial
from tempfile import TemporaryFile

from litestar.types import Send

from abeyance_screening.primitives.atomic_files import to_end
from abeyance_screening.primitives.errors import BrokenOffError
from abeyance_screening.primitives.fair_scheduler import Work, current_work

LOOK_EVERY_S = 0.5


# --- What waits for the client.

# How much of an answer waits in memory; how much on disk, of one stream and of all together.
NEAR_BYTES = 1_000_000
MOST_ON_DISK = 1_000_000_000
MOST_ON_DISK_IN_ALL = 4_000_000_000
# What was read is given back to the disk by files of this size.
_FILE_BYTES = 32_000_000


class Disk:
    """The disk that all streams of a process share, and how much of it they take."""

    def __init__(self, most: int = MOST_ON_DISK_IN_ALL) -> None:
        self.most = most
        self.taken = 0


class _OnDisk:
    """A file without a name that is written at its end and read from its beginning."""

    def __init__(self) -> None:
        with ExitStack() as opened:
            self._file = opened.enter_context(TemporaryFile())
            self._open = opened.pop_all()
        self.written = self._read = 0

    def write(self, piece: bytes) -> None:
        self._file.seek(self.written)
        self._file.write(piece)
        self._file.flush()
        self.written += len(piece)

    def read(self, size: int) -> bytes:
        self._file.seek(self._read)
        self._read += size
        return self._file.read(size)

    def is_read(self) -> bool:
        return self._read == self.written

    def close(self) -> None:
        self._open.close()


class Spool:
    """The pieces of an answer that its client has not taken yet, the oldest first.

    One task puts, another gets.
    """

    def __init__(self, disk: Disk, near: int = NEAR_BYTES, most: int = MOST_ON_DISK) -> None:
        self._disk = disk
        self._most_near, self._most_far = near, most
        self._near = deque[bytes]()
        self._far = deque[int]()
        self._files = deque[_OnDisk]()
        self._near_bytes = self._far_bytes = 0
        self._is_ended = self._is_left = False
        self._changed = asyncio.Event()
        # one step at a time is done in a file, since both tasks move in it
        self._step = asyncio.Lock()

    async def put(self, piece: bytes) -> None:
        """Add a piece once there is room for it.

        Raises:
            BrokenOffError: The client has left.
            OSError: The disk fails.
        """
        while not self._is_left:
            if not piece:
                return
            if not self._far and self._near_bytes + len(piece) <= self._most_near:
                self._near.append(piece)
                self._near_bytes += len(piece)
                self._changed.set()
                return
            if await self._put_far(piece):
                return
            await self._change()
        raise BrokenOffError

    async def get(self) -> bytes | None:
        """Return the next piece once there is one; None at the end.

        Raises:
            BrokenOffError: The client has left.
        """
        while not self._is_left:
            if self._near:
                piece = self._near.popleft()
                self._near_bytes -= len(piece)
                self._changed.set()
                return piece
            if self._far:
                return await self._from_far()
            if self._is_ended:
                return None
            await self._change()
        raise BrokenOffError

    def end(self) -> None:
        """Note that no more pieces come."""
        self._is_ended = True
        self._changed.set()

    def leave(self) -> None:
        """Note that nobody waits for the answer any more."""
        self._is_left = True
        self._changed.set()

    async def close(self) -> None:
        """Give back everything."""
        self.leave()
        async with self._step:
            for each in self._files:
                each.close()
            self._files.clear()
            self._disk.taken -= self._far_bytes
            self._far_bytes = 0

    async def _put_far(self, piece: bytes) -> bool:
        """Write a piece to the disk, and return whether there was room for it."""
        size = len(piece)
        if self._far_bytes + size > self._most_far or self._disk.taken + size > self._disk.most:
            return False
        async with self._step:
            if self._is_left:
                return True
            self._far_bytes += size
            self._disk.taken += size
            if not self._files or self._files[-1].written >= _FILE_BYTES:
                await to_end(lambda: self._files.append(_OnDisk()))
            await to_end(partial(self._files[-1].write, piece))
            self._far.append(size)
        self._changed.set()
        return True

    async def _from_far(self) -> bytes:
        async with self._step:
            size, file = self._far.popleft(), self._files[0]
            piece = await to_end(partial(file.read, size))
            self._far_bytes -= size
            self._disk.taken -= size
            if file.is_read():
                self._files.popleft().close()
        self._changed.set()
        return piece

    async def _change(self) -> None:
        """Wait until something changed here, or may have changed in another stream."""
        self._changed.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._changed.wait(), LOOK_EVERY_S)


async def send_spooled(
    send: Send,
    head: tuple[int, Sequence[tuple[bytes, bytes]]],
    spool: Spool,
    make: Callable[[Work], Coroutine[object, object, None]],
) -> None:
    """Send an answer at the pace of its client, while `make` puts its pieces into the spool.

    `head` are the status and the headers. If `make` fails, so does this, before the answer has its
    end, so that the connection breaks off.
    """
    work = current_work() or Work(math.inf)
    work.stream()
    making = asyncio.create_task(make(work))
    status, headers = head
    try:
        with work.ending(spool.leave):
            # by then a client that waits for `100 Continue` has it
            await asyncio.sleep(0)
            await send({"type": "http.response.start", "status": status, "headers": headers})
            while (piece := await spool.get()) is not None:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
                work.has_moved = True
            await making
            await send({"type": "http.response.body", "body": b"", "more_body": False})
    except BrokenOffError:
        work.is_broken_off = True
    finally:
        making.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await making
        await spool.close()


SHARED_DISK = Disk()
