"""Follow: keep the index of this process the same as what the store holds."""

import asyncio
import contextlib
import gc
import logging
import sys
import time
from collections.abc import AsyncIterator, Callable, Generator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Protocol

import msgspec

from service.days import no_rest
from service.errors import NotReadyError, OutOfSightError, StoreUnavailableError
from service.lists.edition import ListingVersion, StoredLists
from service.lists.ports import ListReader
from service.measures.board import CurrentBoard
from service.measures.stored import RegisterReader
from service.screening.index import ListingIndex

# A follower looks at the database every half minute, and each of its queries may take ten
# seconds. One that has not seen it for longer may lack an edition that others answer from.
OUT_OF_SIGHT_AFTER = timedelta(seconds=60)
logger = logging.getLogger(__name__)
# Building an index while questions are answered works for at least `WORK_S`, then rests
# `REST_SHARE` times as long as it has worked: a request in between waits for one piece of work,
# and a machine that is half busy keeps up.
WORK_S = 0.0005
ASKED_WITHIN_S = 0.05
REST_SHARE = 9.0
# While an index is built, the database is asked this often whether it is still there.
GLANCE_EVERY_S = 10.0


class Reader(ListReader, RegisterReader, Protocol):
    """Reads everything that a process holds in memory."""


class Sight:
    """When the database was last seen and everything it held then was taken in.

    Only an answer of the database counts: a connection whose other end is gone stays silent for a
    long time. `now` is UTC.
    """

    def __init__(self, now: Callable[[], datetime], limit: timedelta = OUT_OF_SIGHT_AFTER) -> None:
        self._now = now
        self._limit = limit
        self._seen_at: datetime | None = None
        self._glanced = False
        self._has_failed = False

    @contextmanager
    def looking(self) -> Generator[None]:
        """Count what is read and taken in here as seen when the context began."""
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
        """Record that the database answers while what it held is still being taken in.

        This keeps the database in sight but never brings it back: neither after it was lost, nor
        after an attempt to take in its contents has failed.
        """
        if self.lost is None and not self._has_failed:
            self._seen_at, self._glanced = self._now(), True

    @property
    def lost(self) -> str | None:
        """Since when the database is out of sight, in words; None while it is in sight.

        If the system clock is changed, the database counts as lost until the next look.
        """
        if self._seen_at is None:
            return "this process has not reached the database yet"
        if abs(self._now() - self._seen_at) <= self._limit:
            return None
        at = self._seen_at.astimezone(UTC)
        return (
            f"the database was last seen at {at:%Y-%m-%d %H:%M:%S} UTC; this process does not "
            "know what was stored since"
        )


class Politely:
    """Pauses from time to time while questions come, so that they get their turn.

    Work is counted in CPU time, so that time spent waiting for a turn does not count as work.
    """

    def __init__(self, is_asked: Callable[[], bool]) -> None:
        self._is_asked = is_asked
        self._since = time.thread_time()

    def __call__(self) -> None:
        """Pause if there was enough work and questions are coming in."""
        worked = time.thread_time() - self._since
        if worked > WORK_S:
            if self._is_asked():
                time.sleep(REST_SHARE * worked)
            self._since = time.thread_time()


class CurrentIndex:
    """The index that answers now; swapped whole, so that a question in progress keeps its own.

    An `index` to continue from answers once the store was looked at. Without `sight` the index is
    for one moment only; with it, answers are in doubt once the database is out of sight.
    """

    def __init__(
        self,
        index: ListingIndex | None = None,
        sight: Sight | None = None,
        built: Callable[[], None] = lambda: None,
    ) -> None:
        """Start without an index; after each build, `built` is called on the thread that built."""
        self._before = index
        self._sight = sight
        self._tidy = built
        self._index: ListingIndex | None = None
        self._in_doubt: ListingIndex | None = None
        self._ready = asyncio.Event()
        self._asked_at = 0.0

    async def wait_ready(self, within_s: float) -> bool:
        """Wait for an index, at most `within_s` seconds; return whether there is one."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                await self._ready.wait()
        return self._index is not None

    def get(self) -> ListingIndex:
        """Return the index to answer from, which says itself whether it is in doubt.

        Raises:
            NotReadyError: None was built yet.
        """
        if self._index is None:
            raise NotReadyError
        self._asked_at = time.monotonic()
        lost = None if self._sight is None else self._sight.lost
        return self._index if lost is None else self._doubted(self._index, lost)

    def check(self) -> ListingIndex:
        """Return the index if answers from it are not in doubt.

        Raises:
            NotReadyError: None was built yet.
            OutOfSightError: The database was not seen for too long.
        """
        index = self.get()
        if index.lists.out_of_sight is not None:
            raise OutOfSightError(index.lists.out_of_sight)
        return index

    def _doubted(self, index: ListingIndex, lost: str) -> ListingIndex:
        """Return a copy of the index in doubt, the same one while the database is out of sight."""
        known = self._in_doubt
        if known is None or known.names is not index.names or known.lists.out_of_sight != lost:
            lists = msgspec.structs.replace(index.lists, out_of_sight=lost)
            known = self._in_doubt = index.with_lists(lists)
        return known

    def looking(self) -> contextlib.AbstractContextManager[None]:
        """Count what is taken in by the end of this context as seen when the context began."""
        return contextlib.nullcontext() if self._sight is None else self._sight.looking()

    def is_asked(self) -> bool:
        """Return whether a question came within the last `ASKED_WITHIN_S` seconds."""
        return time.monotonic() - self._asked_at < ASKED_WITHIN_S

    async def catch_up(self, reader: ListReader) -> None:
        """Take in what is new: only the states of lists, or whole editions."""
        before = self._before if self._index is None else self._index
        if before is not None:
            lists = await reader.read_lists()
            if _are_same(lists, before.lists):
                self._take(before.with_lists(lists))
                return
        lists, versions = await reader.read_versions(0 if before is None else before.lists.newest)
        self._take(await self._built(reader, lists, versions, before))
        logger.info("index.swapped", extra={"changed": len(versions), "edition": lists.newest})

    async def _built(
        self,
        reader: ListReader,
        lists: StoredLists,
        versions: Sequence[ListingVersion],
        before: ListingIndex | None,
    ) -> ListingIndex:
        """Build an index on another thread, with a glance at the database from time to time."""
        building = asyncio.ensure_future(asyncio.to_thread(self._build, lists, versions, before))
        try:
            while not (await asyncio.wait({building}, timeout=GLANCE_EVERY_S))[0]:
                await self._glance(reader)
            return building.result()
        finally:
            building.cancel()

    async def _glance(self, reader: ListReader) -> None:
        with contextlib.suppress(StoreUnavailableError):
            await reader.read_lists()
            if self._sight is not None:
                self._sight.glance()

    def _take(self, index: ListingIndex) -> None:
        self._index = index
        self._ready.set()

    def _build(
        self,
        lists: StoredLists,
        versions: Sequence[ListingVersion],
        before: ListingIndex | None,
    ) -> ListingIndex:
        """Build an index: the first one at full speed, later ones while questions are answered."""
        rest = no_rest if self._index is None else Politely(self.is_asked)
        with _undisturbed():
            index = ListingIndex(lists, versions, before, rest)
        self._tidy()
        return index


async def follow(news: AsyncIterator[Reader], current: CurrentIndex, board: CurrentBoard) -> None:
    """Catch up whenever there is news, without end.

    Raises:
        StoreUnavailableError: The database was lost; index and board stay as they are.
    """
    async for reader in news:
        with current.looking():
            await board.catch_up(reader)
            await current.catch_up(reader)


def _are_same(lists: StoredLists, known: StoredLists) -> bool:
    """Return whether no edition was added; one may have been confirmed."""
    return [each.id for each in lists.editions] == [each.id for each in known.editions]


@contextlib.contextmanager
def _undisturbed() -> Generator[None]:
    """Keep turns among threads short and the garbage collector off in this context.

    An index holds some hundred thousand objects and no cycle. Searching them again and again would
    stop every request for as long, so afterwards they are excluded from garbage collection for
    good.
    """
    usual = sys.getswitchinterval()
    sys.setswitchinterval(WORK_S / 2)
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
        sys.setswitchinterval(usual)
