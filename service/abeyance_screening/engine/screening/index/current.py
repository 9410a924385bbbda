"""Follow: keep the index of this process the same as what the store holds."""

import asyncio
import contextlib
import logging
import sys
import time
from calendar import monthrange
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Generator,
    Iterable,
    Iterator,
    Sequence,
)
from contextlib import AbstractAsyncContextManager, contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Protocol, Self

import msgspec

from abeyance_screening.engine.lists.edition import ListingVersion, StoredLists
from abeyance_screening.engine.lists.loading_ports import PastReader
from abeyance_screening.engine.lists.profile import ListProfile
from abeyance_screening.engine.screening.applicable_versions import spans_of_days
from abeyance_screening.engine.screening.index.files import IndexFiles
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.engine.screening.parties.table import PartySplit
from abeyance_screening.primitives.arrays import IN_MEMORY
from abeyance_screening.primitives.days import Rest, no_rest
from abeyance_screening.primitives.errors import (
    NotReadyError,
    OutOfSightError,
    StoreUnavailableError,
)
from abeyance_screening.primitives.fair_scheduler import WORK_S, Throttle
from abeyance_screening.primitives.processes import making_what_stays

# A follower looks at the database every half minute, and each of its queries may take ten
# seconds. One that has not seen it for longer may lack an edition that others answer from.
OUT_OF_SIGHT_AFTER = timedelta(seconds=60)
logger = logging.getLogger(__name__)
# An index is built politely if somebody has asked so recently.
ASKED_WITHIN_S = 0.05
# How many months' indexes are kept. With more, memory grows, and those who ask about many months
# in turn wait less.
MONTHS_KEPT = 3
# While an index is built, the database is asked this often whether it is still there.
GLANCE_EVERY_S = 10.0
# How often a process looks whether another one has built its index, and how long it waits for it.
LOOK_AGAIN_S = 0.25
BUILD_WITHIN_S = 900.0


class IndexReader(Protocol):
    """Reads what an index is built from; each call sees the database at one moment."""

    async def read_lists(self) -> StoredLists:
        """Return all editions and the last load attempts, without the listings."""
        ...

    def newest_versions(
        self, since: int
    ) -> AbstractAsyncContextManager[tuple[StoredLists, AsyncIterator[Sequence[ListingVersion]]]]:
        """Open the lists, and the newest version of each listing that changed since.

        A listing has changed if an edition with a larger id than `since` began or ended a version.
        Of each there is one version for each source: the current one, or the last one where the
        listing is gone. They come some at a time, in order of listing id, while the context is
        open. Only `read_lists` may be called meanwhile, and not while some are awaited.
        """
        ...

    async def party_splits(self) -> tuple[PartySplit, ...]:
        """Return every split of a party and every withdrawal, as they were recorded."""
        ...

    async def read_basis(self, until: int | None = None) -> tuple[StoredLists, bytes]:
        """Return the lists, and a digest of all versions of all listings, as of one moment.

        With `until`, as when the edition with that id was the newest.
        """
        ...


type PartyJoiner = Callable[[bytes], Awaitable[bytes]]
"""Joins parties as `join_parties` does."""


class SyncState:
    """When the database was last seen and everything it held then was taken in.

    Only an answer of the database counts: a connection whose other end is gone stays silent for a
    long time. `now` is UTC.
    """

    def __init__(self, now: Callable[[], datetime], limit: timedelta = OUT_OF_SIGHT_AFTER) -> None:
        self._now = now
        self._limit = limit
        self._seen_at: datetime | None = None
        self._glanced_at: datetime | None = None
        self._has_failed = False

    @contextmanager
    def looking(self) -> Generator[None]:
        """Count what is read and taken in here as seen when the context began, or at a glance.

        A first look may take longer than the limit, on a slow machine.
        """
        begun, self._glanced_at = self._now(), None
        try:
            yield
        except BaseException:
            self._has_failed = True
            raise
        self._has_failed = False
        self._seen_at = self._glanced_at or begun

    def glance(self) -> None:
        """Record that the database answers while what it held is still being taken in.

        This keeps the database in sight but does not bring it back, neither after it was lost nor
        after an attempt to take in its contents has failed: what was held must be taken in first.
        """
        self._glanced_at = self._now()
        if self.lost is None and not self._has_failed:
            self._seen_at = self._glanced_at

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


# --- Indexes of past months.


class PastMonth(msgspec.Struct, frozen=True):
    """The first and the last day of a month; one index answers for all days between."""

    first: date
    last: date

    @classmethod
    def of(cls, day: date) -> "PastMonth":
        """Return the month that a day is in."""
        return cls(day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1]))


class PastIndexes:
    """The indexes of past months that were asked about last, at most `MONTHS_KEPT`.

    Each is the current index with the older versions of that month in place, read from the store
    when the first question about the month comes, and shares with the current index whatever is
    the same.
    """

    def __init__(
        self,
        reader: PastReader | None,
        build: Callable[
            [StoredLists, Sequence[ListingVersion], ListingIndex], Awaitable[ListingIndex]
        ],
    ) -> None:
        """Start with none; without a `reader` no question about past days can be answered."""
        self._reader = reader
        self._build = build
        self._kept: dict[PastMonth, ListingIndex] = {}
        self._building: dict[PastMonth, asyncio.Task[ListingIndex]] = {}
        self._one_by_one = asyncio.Lock()

    async def of(self, day: date, current: ListingIndex) -> ListingIndex:
        """Return an index for a day, with the states of the lists that the current index has."""
        month = PastMonth.of(day)
        kept = self._kept.get(month)
        index = await self._built(month, current) if kept is None else kept
        lists = current.lists
        if lists.newest < index.lists.newest:
            # the store was ahead of the current index when the month was read from it
            lists = msgspec.structs.replace(index.lists, out_of_sight=lists.out_of_sight)
        answering = index if index.lists == lists else index.with_lists(lists)
        answering = answering.with_parties_of(current)
        if self._kept.get(month) is index:
            self._keep(month, answering)
        return answering

    def forget(self, since: date) -> None:
        """Drop the months that editions of this day or later ones may have changed."""
        self._kept = {month: each for month, each in self._kept.items() if month.last < since}
        for month in [month for month in self._building if month.last >= since]:
            # those who wait for it get it; whoever asks from now on does not
            del self._building[month]

    async def _built(self, month: PastMonth, current: ListingIndex) -> ListingIndex:
        task = self._building.get(month)
        if task is None:
            task = asyncio.ensure_future(self._read(month, current))
            self._building[month] = task
            task.add_done_callback(lambda _: self._done(month, task))
        # one cancelled caller must not stop the build that others wait for
        return await asyncio.shield(task)

    def _done(self, month: PastMonth, task: asyncio.Task[ListingIndex]) -> None:
        # what was forgotten while it was built is not kept
        if self._building.get(month) is task:
            del self._building[month]
            if not task.cancelled() and task.exception() is None:
                self._keep(month, task.result())

    async def _read(self, month: PastMonth, current: ListingIndex) -> ListingIndex:
        if self._reader is None:
            raise StoreUnavailableError
        async with self._one_by_one:
            lists, versions = await self._reader.read_past(
                lambda lists: spans_of_days(lists, month.first, month.last), current.lists.newest
            )
            index = await self._build(lists, versions, current)
        logger.info("index.past", extra={"month": f"{month.first:%Y-%m}", "older": len(versions)})
        return index

    def _keep(self, month: PastMonth, index: ListingIndex) -> None:
        _ = self._kept.pop(month, None)
        self._kept[month] = index
        while len(self._kept) > MONTHS_KEPT:
            del self._kept[next(iter(self._kept))]


# --- The index of today, and how it catches up.


class CurrentIndex:
    """The index that answers now; swapped whole, so that a question in progress keeps its own.

    An `index` to continue from answers once the store was looked at. Without `sight` the index is
    for one moment only; with it, answers are in doubt once the database is out of sight. `past`
    reads what questions about earlier editions need. `profile` says which lists the site requires.
    Parties are joined by `join` before an index answers; without it, when they are asked for.
    Until the first index is built, `NotReadyError` is raised.
    """

    def __init__(
        self,
        index: ListingIndex | None = None,
        sight: SyncState | None = None,
        built: Callable[[], None] = lambda: None,
        past: PastReader | None = None,
        profile: ListProfile | None = None,
        join: PartyJoiner | None = None,
    ) -> None:
        """Start without an index; after each build, `built` is called on the thread that built."""
        self._keeper: IndexFiles | None = None
        self._has_room = True
        self._past = PastIndexes(past, self._built_for_past)
        self._before = index
        self._sight = sight
        self._on_built = built
        self._tidy: Callable[[], None] = lambda: None
        self._index: ListingIndex | None = None
        self._in_doubt: ListingIndex | None = None
        self._ready = asyncio.Event()
        self._asked_at = 0.0
        self._join_written = join
        self._profile = ListProfile() if profile is None else profile

    def keep_in(self, keeper: IndexFiles | None, tidy: Callable[[], None] = lambda: None) -> Self:
        """Build no index that another process has built and kept; return this object.

        Parties must be joined by a `PartyJoiner`, because an index is kept with its parties.
        `tidy` is called on another thread each time that memory which an index needed is free.
        """
        self._keeper = keeper
        self._tidy = tidy
        return self

    @classmethod
    def pinned(cls, index: ListingIndex, past: PastReader) -> Self:
        """Return an index that stays as it is: whatever changes, it answers the same.

        `past` must do so too, and the profile of the site is that of the index.
        """
        current = cls(past=past, profile=index.lists.profile)
        current._take(index)
        return current

    async def wait_ready(self, within_s: float) -> bool:
        """Wait for an index, at most `within_s` seconds; return whether there is one."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                await self._ready.wait()
        return self._index is not None

    def get(self) -> ListingIndex:
        """Return the index to answer from, which says itself whether it is in doubt."""
        if self._index is None:
            raise NotReadyError
        self._asked_at = time.monotonic()
        lost = None if self._sight is None else self._sight.lost
        return self._index if lost is None else self._doubted(self._index, lost)

    async def on(self, day: date) -> ListingIndex:
        """Return the index to answer from about the editions of a day.

        For today it is the one that `get` returns, at once; for an earlier day it may have to be
        built, while other questions are answered.

        Raises:
            StoreUnavailableError: The database does not answer, and the day needs it.
        """
        index = self.get()
        return index if index.is_newest_on(day) else await self._past.of(day, index)

    def check(self) -> ListingIndex:
        """Return the index if answers from it are not in doubt.

        Raises:
            OutOfSightError: The database was not seen for too long.
        """
        index = self.get()
        if index.lists.out_of_sight is not None:
            raise OutOfSightError(index.lists.out_of_sight)
        return index

    def _doubted(self, index: ListingIndex, lost: str) -> ListingIndex:
        """Return a copy of the index in doubt, the same one while the database is out of sight."""
        known = self._in_doubt
        if (
            known is None
            or known.names is not index.names
            or known.splits != index.splits
            or known.lists.out_of_sight != lost
        ):
            lists = msgspec.structs.replace(index.lists, out_of_sight=lost)
            known = self._in_doubt = index.with_lists(lists)
        return known

    def looking(self) -> contextlib.AbstractContextManager[None]:
        """Count what is taken in by the end of this context as seen when the context began."""
        return contextlib.nullcontext() if self._sight is None else self._sight.looking()

    def is_asked(self) -> bool:
        """Return whether a question came within the last `ASKED_WITHIN_S` seconds."""
        return time.monotonic() - self._asked_at < ASKED_WITHIN_S

    async def catch_up(self, reader: IndexReader) -> None:
        """Take in what is new: only the states of lists, splits of parties, or whole editions."""
        before = self._before if self._index is None else self._index
        splits = await reader.party_splits()
        if before is not None:
            lists = self.with_profile(await reader.read_lists())
            if _are_same(lists, before.lists):
                index = before.with_lists(lists)
                if splits != before.splits:
                    again = index.with_splits(splits)
                    index = await self._kept(
                        reader, splits, lambda: self._built(reader, lambda: again)
                    )
                self._take(index)
                return
        known = 0 if before is None else before.lists.newest
        index = await self._kept(reader, splits, lambda: self._newest(reader, splits, before))
        # before it answers, or the first sentence would stop everybody else for that long
        await asyncio.to_thread(_smoothly, index.lay_out_texts)
        self._take(index)
        new = (each.known_on for each in index.lists.editions if each.id > known)
        self._past.forget(min(new, default=date.max))

    async def _newest(
        self, reader: IndexReader, splits: tuple[PartySplit, ...], before: ListingIndex | None
    ) -> ListingIndex:
        """Build the index of the newest editions from what has changed since an earlier one.

        Without one it is one that is kept. Where more has changed than fits beside a large index,
        all is read again; and so it is, to be laid out in memory, where the disk is full.
        """
        before = await self._kept_before(reader, splits) if before is None else before
        most = None if before is None else before.most_beside
        if most is not None:
            with contextlib.suppress(_TooManyChangedError):
                return await self._read(reader, splits, before, most)
            before = None
        try:
            return await self._read(reader, splits, before, None)
        except OSError as error:
            logger.warning("index.no_room", extra={"reason": str(error)})
            self._has_room = False
            return await self._read(reader, splits, before, None)

    async def _kept_before(
        self, reader: IndexReader, splits: tuple[PartySplit, ...]
    ) -> ListingIndex | None:
        """Return the index that is kept for an earlier state of this very database, if one is."""
        if (keeper := self._keeper) is not None:
            for origin in await asyncio.to_thread(keeper.origins):
                lists, basis = await reader.read_basis(origin.newest)
                if basis == origin.basis:
                    return await asyncio.to_thread(keeper.reopen, origin, lists, splits)
        return None

    async def _read(
        self,
        reader: IndexReader,
        splits: tuple[PartySplit, ...],
        before: ListingIndex | None,
        most: int | None,
    ) -> ListingIndex:
        """Build an index from what is newer than an earlier one, at most so many versions."""
        since = 0 if before is None else before.lists.newest
        async with reader.newest_versions(since) as (read, batches):
            lists, versions = self.with_profile(read), _Arriving(batches, most, self._seen)
            try:
                index = await self._built(
                    reader, lambda: self._build(lists, versions, before, splits), versions
                )
            finally:
                await versions.stop()
        logger.info("index.swapped", extra={"changed": versions.count, "edition": lists.newest})
        return index

    async def _kept(
        self,
        reader: IndexReader,
        splits: tuple[PartySplit, ...],
        build: Callable[[], Awaitable[ListingIndex]],
    ) -> ListingIndex:
        """Return the index that is kept for the database as it is, or build and keep it.

        Only one process of a machine builds; the others wait for it, with a glance at the database
        from time to time, and build for themselves if it takes too long.
        """
        if self._keeper is None:
            return await build()
        found, state = await self._read_kept(self._keeper, reader, splits)
        begun = glanced = time.monotonic()
        has_waited = False
        while found is None:
            with self._keeper.building() as is_ours:
                if is_ours or time.monotonic() - begun > BUILD_WITHIN_S:
                    # another process may have built it in the meantime
                    state = None if has_waited else state
                    found, state = await self._read_kept(self._keeper, reader, splits, state)
                    return found or await self._built_and_kept(self._keeper, reader, state, build)
            has_waited = True
            await asyncio.sleep(LOOK_AGAIN_S)
            if time.monotonic() - glanced > GLANCE_EVERY_S:
                await self._glance(reader)
                glanced = time.monotonic()
        return found

    async def _read_kept(
        self,
        keeper: IndexFiles,
        reader: IndexReader,
        splits: tuple[PartySplit, ...],
        state: tuple[StoredLists, bytes] | None = None,
    ) -> tuple[ListingIndex | None, tuple[StoredLists, bytes]]:
        """Return the index that is kept for a state of the database, by default that of now."""
        lists, basis = await reader.read_basis() if state is None else state
        lists = self.with_profile(lists)
        found = await asyncio.to_thread(_smoothly, partial(keeper.read, lists, splits, basis))
        if found is not None:
            await asyncio.to_thread(self._tidy)
            logger.info("index.mapped", extra={"edition": found.lists.newest})
        return found, (lists, basis)

    async def _built_and_kept(
        self,
        keeper: IndexFiles,
        reader: IndexReader,
        state: tuple[StoredLists, bytes],
        build: Callable[[], Awaitable[ListingIndex]],
    ) -> ListingIndex:
        """Build an index, and keep it unless the database has changed meanwhile."""
        lists, basis = state
        index = await build()
        if index.written_parties is None:
            return index
        if index.lists.editions != lists.editions and (await reader.read_basis())[1] != basis:
            return index
        # what was built is free once nothing holds on to it: it is in a file now
        index = await asyncio.to_thread(_smoothly, partial(keeper.keep, index, basis))
        await asyncio.to_thread(self._tidy)
        return index

    async def _built(
        self,
        reader: IndexReader,
        build: Callable[[], ListingIndex],
        arriving: "_Arriving | None" = None,
    ) -> ListingIndex:
        """Build an index on another thread, with a glance at the database from time to time.

        What arrives from the database is a glance too, and does not bear another one beside it.
        """
        building = asyncio.ensure_future(self._with_parties(build))
        try:
            while not (await asyncio.wait({building}, timeout=GLANCE_EVERY_S))[0]:
                if arriving is None or arriving.has_ended:
                    await self._glance(reader)
            return building.result()
        finally:
            building.cancel()

    async def _with_parties(self, build: Callable[[], ListingIndex]) -> ListingIndex:
        index = await asyncio.to_thread(build)
        if self._join_written is not None and not index.has_parties:
            # 20 MB of listings, which nothing holds on to once they are joined
            written = await self._join_written(
                await asyncio.to_thread(index.write_listings, self._rest())
            )
            await asyncio.to_thread(index.take_parties, written)
        await asyncio.to_thread(self._tidy)
        return index

    async def _glance(self, reader: IndexReader) -> None:
        with contextlib.suppress(StoreUnavailableError):
            await reader.read_lists()
            self._seen()

    def _seen(self) -> None:
        if self._sight is not None:
            self._sight.glance()

    async def _built_for_past(
        self, lists: StoredLists, versions: Sequence[ListingVersion], current: ListingIndex
    ) -> ListingIndex:
        lists = self.with_profile(lists)
        index = await asyncio.to_thread(self._build_for_past, lists, versions, current)
        await asyncio.to_thread(self._tidy)
        return index

    def with_profile(self, lists: StoredLists) -> StoredLists:
        """Return lists with those that the site requires: by its settings, else as stored."""
        if not self._profile.is_set:
            return lists
        return msgspec.structs.replace(lists, profile=self._profile)

    def _take(self, index: ListingIndex) -> None:
        self._index = index
        self._ready.set()

    def _build(
        self,
        lists: StoredLists,
        versions: Iterable[ListingVersion],
        before: ListingIndex | None,
        splits: tuple[PartySplit, ...],
    ) -> ListingIndex:
        """Build an index: the first one at full speed, later ones while questions are answered."""
        keeper = self._keeper if self._has_room else None
        room = IN_MEMORY if keeper is None else keeper.room()
        with _undisturbed():
            index = ListingIndex(lists, versions, before, self._rest(), splits, room)
        self._on_built()
        return index

    def _build_for_past(
        self, lists: StoredLists, versions: Sequence[ListingVersion], current: ListingIndex
    ) -> ListingIndex:
        """Build an index of past days, whose parties are those of the current one."""
        index = self._build(lists, versions, current, current.splits)
        return index.with_parties_of(current)

    def _rest(self) -> Rest:
        return no_rest if self._index is None else Throttle(self.is_asked)


# --- Versions that arrive while an index is built from them.


class _TooManyChangedError(Exception):
    """More listings have changed than are laid out beside an index."""


class _Arriving:
    """Versions of listings that arrive some at a time, for another thread to take in turn."""

    def __init__(
        self,
        batches: AsyncIterator[Sequence[ListingVersion]],
        most: int | None,
        seen: Callable[[], None],
    ) -> None:
        """Take what arrives on the loop that runs now; `seen` is called there for each batch.

        More than `most` are refused.
        """
        self._batches = batches
        self._most = most
        self._seen = seen
        self._loop = asyncio.get_running_loop()
        self._one_by_one = asyncio.Lock()
        self.count = 0
        self.has_ended = False

    def __iter__(self) -> Iterator[ListingVersion]:
        """Yield the versions, while the next of them arrive."""
        coming = asyncio.run_coroutine_threadsafe(self._next(), self._loop)
        while some := coming.result():
            coming = asyncio.run_coroutine_threadsafe(self._next(), self._loop)
            yield from some
        self.has_ended = True

    async def stop(self) -> None:
        """Stop reading, so that the cursor can be closed."""
        async with self._one_by_one:
            self.has_ended = True

    async def _next(self) -> Sequence[ListingVersion]:
        async with self._one_by_one:
            if self.has_ended:
                raise StoreUnavailableError
            some = await anext(self._batches, ())
        self.count += len(some)
        self._seen()
        if self._most is not None and self.count > self._most:
            raise _TooManyChangedError
        return some


# --- Building beside requests.


def _are_same(lists: StoredLists, known: StoredLists) -> bool:
    """Return whether no edition was added; one may have been confirmed."""
    return [each.id for each in lists.editions] == [each.id for each in known.editions]


def _smoothly[T](work: Callable[[], T]) -> T:
    """Do work beside requests, as an index is built."""
    with _undisturbed():
        return work()


@contextlib.contextmanager
def _undisturbed() -> Generator[None]:
    """Keep turns among threads short and the garbage collector off in this context."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(WORK_S / 2)
    try:
        with making_what_stays():
            yield
    finally:
        sys.setswitchinterval(usual)
