"""Screenings, stored exactly as they were answered; parts shared by many are stored once.

A part holds only what lists and the register say, so nothing of a question stays when its
screening is deleted.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import batched
from struct import pack
from uuid import UUID

import asyncpg
import msgspec

from abeyance_screening.engine.screening.storage import AnswerPieces, ScreeningSummary, SharedPiece
from abeyance_screening.platform.postgres.database import (
    CLOSE_TIMEOUT_S,
    QUERY_TIMEOUT_S,
    query,
    reaching,
)

# PostgreSQL's binary COPY format: signature, no flags, no header extension; the end-of-data mark.
_START = b"PGCOPY\n\xff\r\n\x00" + pack("!ii", 0, 0)
_END = pack("!h", -1)
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_COLUMNS = (
    "id",
    "asked_at",
    "answer",
    "part_places",
    "part_digests",
    "account",
    "counterparty_count",
    "counterparty_ids",
    "outcome",
)
# PostgreSQL's type ids (OIDs) of the elements of arrays.
_INTEGER, _BYTEA, _TEXT = 23, 17, 25
# Small pieces are sent together, up to about this many bytes.
_SENT_AT_ONCE = 64_000
_ITEMS_AT_ONCE = 1_000
# How many parts are written or read with one statement; each has some kilobytes.
_PARTS_AT_ONCE = 32

type Connection = asyncpg.pool.PoolConnectionProxy


class StoredScreening(msgspec.Struct, frozen=True):
    """An answer to store, with its account, its id, the moment and what it is about."""

    account: str
    key: UUID
    asked_at: datetime
    answer: AnswerPieces
    summary: ScreeningSummary

    @property
    def byte_count(self) -> int:
        """The length of the answer without its shared parts."""
        return sum(map(len, self.answer.own))


async def add_screenings(
    connection: Connection, screenings: Sequence[StoredScreening], new: Sequence[SharedPiece]
) -> None:
    """Store answers, all of them or none; they are committed when the function returns.

    `new` are those of their parts that may not be stored yet. Everything is sent in small pieces,
    so that the longest answer does not block other work.

    Raises:
        asyncpg.PostgresError: The database refuses or goes away; nothing was stored.
    """
    if not new:
        return await _add_rows(connection, screenings)
    async with connection.transaction():
        # in the order of their digests, so that two writers of the same parts cannot deadlock
        for parts in batched(
            sorted(new, key=lambda part: part.digest), _PARTS_AT_ONCE, strict=False
        ):
            digests, bodies = [each.digest for each in parts], [each.body for each in parts]
            await connection.execute(query("add_screening_parts"), digests, bodies)
        await _add_rows(connection, screenings)
    return None


async def _add_rows(connection: Connection, screenings: Sequence[StoredScreening]) -> None:
    """Add answers, a statement each, with one commit; COPY would take two more round trips."""
    if all(len(each.answer.own) == 1 for each in screenings):
        await connection.executemany(query("add_screening"), map(_values, screenings))
        return
    await connection.copy_to_table(
        "screening", columns=_COLUMNS, source=_sent(screenings), format="binary"
    )


async def _sent(screenings: Iterable[StoredScreening]) -> AsyncIterator[bytes]:
    """Yield the rows in the format of COPY, in pieces of about `_SENT_AT_ONCE` bytes."""
    buffer, size = [_START], 0
    for each in screenings:
        for piece in _row(each):
            buffer.append(piece)
            size += len(piece)
            if size > _SENT_AT_ONCE:
                yield b"".join(buffer)
                buffer, size = [], 0
    yield b"".join([*buffer, _END])


def _values(screening: StoredScreening) -> tuple[object, ...]:
    """Return the values that `add_screening` takes of an answer in one piece."""
    parts, summary = screening.answer.parts, screening.summary
    return (
        screening.account,
        screening.key,
        screening.asked_at,
        screening.answer.own[0],
        [place for place, _ in parts],
        [part.digest for _, part in parts],
        summary.counterparty_count,
        summary.counterparty_ids,
        summary.outcome,
    )


def _row(screening: StoredScreening) -> Iterator[bytes]:
    """Yield one row, its fields in the order of `_COLUMNS`, each after its length."""
    asked_at = (screening.asked_at - _EPOCH) // _MICROSECOND
    parts, summary = screening.answer.parts, screening.summary
    count = len(_COLUMNS)
    yield pack("!hi16siqi", count, 16, screening.key.bytes, 8, asked_at, screening.byte_count)
    yield from screening.answer.own
    yield from _array(_INTEGER, [pack("!i", place) for place, _ in parts])
    yield from _array(_BYTEA, [part.digest for _, part in parts])
    yield _field(screening.account.encode())
    yield pack("!ii", 4, summary.counterparty_count)
    yield from _array(_TEXT, [each.encode() for each in summary.counterparty_ids])
    yield _field(summary.outcome.encode())


def _field(value: bytes) -> bytes:
    return pack("!i", len(value)) + value


def _array(kind: int, items: Sequence[bytes]) -> Iterator[bytes]:
    """Yield a one-dimensional array without nulls, with lower bound 1, after its length."""
    head = pack("!iiiii", 1, 0, kind, len(items), 1) if items else pack("!iii", 0, 0, kind)
    yield pack("!i", len(head) + 4 * len(items) + sum(map(len, items))) + head
    for some in batched(items, _ITEMS_AT_ONCE, strict=False):
        yield b"".join([pack("!i", len(item)) + item for item in some])


class _StoredAnswer(msgspec.Struct, frozen=True, array_like=True):
    """An answer as stored: its own bytes, and the places and digests of its shared parts."""

    own: bytes
    places: tuple[int, ...]
    digests: tuple[bytes, ...]


async def screening_answer(
    pool: asyncpg.Pool, account: str, key: UUID, since: datetime
) -> list[bytes] | None:
    """Return an answer byte for byte as it was given, in pieces.

    None where the account has no answer with the id, or one from before `since`.
    """
    with reaching():
        async with asyncio.timeout(QUERY_TIMEOUT_S), _connection(pool) as connection:
            rows = await connection.fetch(query("screening_answer"), account, key, since)
            stored = msgspec.convert([tuple(row) for row in rows], list[_StoredAnswer])
            if not stored:
                return None
            parts = await _parts(connection, set(stored[0].digests))
    return list(_assembled(stored[0], parts))


@asynccontextmanager
async def _connection(pool: asyncpg.Pool) -> AsyncGenerator[Connection]:
    """Acquire a connection of the pool; its release waits no longer than `QUERY_TIMEOUT_S`."""
    async with pool.acquire(timeout=QUERY_TIMEOUT_S) as connection:
        yield connection


async def _parts(connection: Connection, digests: Iterable[bytes]) -> Mapping[bytes, bytes]:
    """Return the bodies of these parts by digest."""
    parts: dict[bytes, bytes] = {}
    for batch in batched(digests, _PARTS_AT_ONCE, strict=False):
        rows = await connection.fetch(query("screening_parts"), batch)
        parts |= msgspec.convert([tuple(row) for row in rows], list[tuple[bytes, bytes]])
    return parts


def _assembled(stored: _StoredAnswer, parts: Mapping[bytes, bytes]) -> Iterator[bytes]:
    before = 0
    for place, digest in zip(stored.places, stored.digests, strict=True):
        yield stored.own[before:place]
        yield parts[digest]
        before = place
    yield stored.own[before:]


# --- Group commit: answers that arrive together are stored together, with one commit for all.
#
# A commit waits some milliseconds for the disk; meanwhile the next answers gather. Each answer
# waits for the commit of its own row, so that nothing is answered before it is stored durably.

# An answer longer than this uses its own connection, because others would wait for it.
_LONG_BYTES = 1_000_000
# So does an answer of more parts than this, because they may all be new.
_MANY_PARTS = 100
# How many long answers are written at once; the other connections are for other work.
_LONG_AT_ONCE = 3
# How many answers may wait for a commit; further ones wait until there is room.
_MOST_WAITING = 1_000
# A batch of this size or more takes no further answers.
_BATCH_BYTES = 8_000_000
# How many digests of stored parts are remembered: some 10 MB.
_MOST_KNOWN = 100_000


class _Batch:
    """Screenings that are stored with one commit."""

    def __init__(self) -> None:
        self.screenings: list[StoredScreening] = []
        self.byte_count = 0

    def take(self, screening: StoredScreening) -> None:
        self.screenings.append(screening)
        self.byte_count += screening.byte_count


class ScreeningKeeper:
    """A writer of screenings that uses a pool of connections and keeps one of them open.

    As long as that connection lasts, the keeper remembers which parts of answers are stored. It
    forgets them with the connection, because a database that comes back may have lost them.
    """

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._connection: Connection | None = None
        self._known: set[bytes] = set()
        self._gathering = _Batch()
        self._writing: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()
        self._room = asyncio.Semaphore(_MOST_WAITING)
        self._long = asyncio.Semaphore(_LONG_AT_ONCE)

    async def add(self, screening: StoredScreening) -> None:
        """Store a screening, and return when it is committed."""
        with reaching():
            async with asyncio.timeout(QUERY_TIMEOUT_S):
                parts = screening.answer.parts
                if screening.byte_count > _LONG_BYTES or len(parts) > _MANY_PARTS:
                    async with self._long, self._pool.acquire(timeout=QUERY_TIMEOUT_S) as free:
                        await self._write([screening], free)
                else:
                    await self._add(screening)

    async def close(self) -> None:
        """Wait until all screenings are stored, at most `CLOSE_TIMEOUT_S`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_TIMEOUT_S), self._turn:
                pass

    async def _add(self, screening: StoredScreening) -> None:
        async with self._room:
            if self._writing is None or self._gathering.byte_count > _BATCH_BYTES:
                self._gathering = _Batch()
                self._writing = asyncio.create_task(self._write_batch(self._gathering))
            self._gathering.take(screening)
            # a caller that is cancelled does not cancel the commit of the others
            await asyncio.shield(self._writing)

    async def _write_batch(self, batch: _Batch) -> None:
        """Store a batch once the one before it is stored; until then it may grow."""
        async with self._turn:
            if self._gathering is batch:
                self._writing = None
            try:
                async with asyncio.timeout(QUERY_TIMEOUT_S):
                    await self._write(batch.screenings, await self._connected())
            except BaseException:
                await self._disconnect()
                raise

    async def _write(self, screenings: Sequence[StoredScreening], connection: Connection) -> None:
        parts = {part.digest: part for each in screenings for _, part in each.answer.parts}
        new = [part for digest, part in parts.items() if digest not in self._known]
        await add_screenings(connection, screenings, new)
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        self._known.update(part.digest for part in new)

    async def _connected(self) -> Connection:
        if self._connection is not None and _is_lost(self._connection):
            await self._disconnect()
        if self._connection is None:
            self._connection = await self._pool.acquire(timeout=QUERY_TIMEOUT_S)
        return self._connection

    async def _disconnect(self) -> None:
        """Terminate the connection, whose state is unknown after a failure."""
        connection, self._connection = self._connection, None
        self._known = set()
        if connection is not None:
            if not _is_lost(connection):
                connection.terminate()
            await self._pool.release(connection)


def _is_lost(connection: Connection) -> bool:
    """Return whether the server has closed the connection, or the pool has taken it back."""
    try:
        return connection.is_closed()
    except asyncpg.InterfaceError:
        return True
