"""What belongs to an account: kept screenings, and requests that are carried out once.

It is reached only through an `AccountStore`, which exists only bound to an account and hands the
account to every query as a parameter. Row level security was the other way. It does not bind
superusers, as which the embedded database and many others are used, nor the owner of a table
unless it is forced; it takes a transaction and a setting more for every read; and one statement
of the group commit stores answers of several accounts. That no query on these tables leaves the
account out is held by a test of `sql/queries`.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Self, override
from uuid import UUID

import asyncpg
import msgspec

from abeyance_screening.engine.screening.storage import (
    AnswerPieces,
    HistorySpan,
    ListedScreening,
    ScreeningHold,
    ScreeningStore,
    ScreeningSummary,
)
from abeyance_screening.platform.access.idempotency import (
    HELD_FOR,
    REPEATED_FOR,
    FirstAnswer,
    RequestMark,
    Seal,
)
from abeyance_screening.platform.postgres.database import (
    QUERY_TIMEOUT_S,
    QueryPlace,
    UnitOfWork,
    current_unit,
    fetched,
    reaching,
    unit_of_work,
)
from abeyance_screening.platform.postgres.pool import PooledStore
from abeyance_screening.platform.stores.retention import KeptSince, kept_for_ever
from abeyance_screening.platform.stores.screenings import (
    ScreeningKeeper,
    StoredScreening,
    add_screenings,
    screening_answer,
)
from abeyance_screening.primitives.errors import (
    KeyReusedError,
    NotFoundError,
    RequestOutstandingError,
    ScreeningHeldError,
    StoreUnavailableError,
)

_NO_ID = UUID(int=0)
# How often a key that is released just then is asked for again.
_CLAIMS = 3


# How many units of work have a connection at once; the others of a pool are for other work.
_UNITS_AT_ONCE = 3


class AccountStores:
    """What belongs to accounts, on a pool; it is open inside `async with`, as the pool must be."""

    def __init__(self, pool: PooledStore, kept_since: KeptSince = kept_for_ever) -> None:
        self.pool = pool
        self.kept_since = kept_since
        self._keeper: ScreeningKeeper | None = None
        self._units = asyncio.Semaphore(_UNITS_AT_ONCE)
        self._accounts: dict[str, AccountStore] = {}

    async def __aenter__(self) -> Self:
        self._keeper, self._accounts = ScreeningKeeper(self.pool.pool), {}
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._keeper is not None:
            await self._keeper.close()

    def of(self, account: str) -> "AccountStore":
        """Return the store of an account, the only access to its data."""
        store = self._accounts.get(account)
        if store is None:
            if self._keeper is None:
                raise StoreUnavailableError
            pool = self.pool.pool
            store = AccountStore(pool, self._units, self._keeper, account, self.kept_since)
            self._accounts[account] = store
        return store


@asynccontextmanager
async def open_accounts(
    dsn: str, kept_since: KeptSince = kept_for_ever
) -> AsyncGenerator[AccountStores]:
    """Open what belongs to accounts, on a pool of its own."""
    async with PooledStore(dsn) as pool, AccountStores(pool, kept_since) as accounts:
        yield accounts


class AccountStore(ScreeningStore):
    """The store of one account, which knows nothing of what other accounts keep.

    Nothing is read once its time to be kept is over, deleted or not, except what is held.
    """

    def __init__(
        self,
        pool: asyncpg.Pool,
        units: asyncio.Semaphore,
        keeper: ScreeningKeeper,
        account: str,
        kept_since: KeptSince,
    ) -> None:
        """Take a pool, how many units of work may have a connection of it, and the account."""
        self._pool = pool
        self._units = units
        self._keeper = keeper
        self.account = account
        self._kept_since = kept_since

    @override
    async def add(
        self, key: UUID, asked_at: datetime, answer: AnswerPieces, summary: ScreeningSummary
    ) -> None:
        screening = StoredScreening(self.account, key, asked_at, answer, summary)
        unit = current_unit()
        if unit is None:
            await self._keeper.add(screening)
        else:
            await _add_in(unit, screening)

    @override
    async def answer(self, key: UUID) -> Sequence[bytes] | None:
        return await screening_answer(self._pool, self.account, key, self._kept_since())

    @override
    async def listed(self, span: HistorySpan, most: int) -> tuple[ListedScreening, ...]:
        before = (span.before, _NO_ID) if span.after is None else span.after
        asked = (self._kept_since(), *before, most, span.since)
        if span.counterparty_id is None:
            rows = await fetched(self._pool, "kept_screenings", self.account, *asked)
        else:
            rows = await fetched(
                self._pool, "kept_screenings_of", self.account, *asked, span.counterparty_id
            )
        return msgspec.convert([dict(row) for row in rows], tuple[ListedScreening, ...])

    @override
    async def delete(self, key: UUID) -> bool:
        if await fetched(self._pool, "delete_screening", self.account, key):
            return True
        if await self.hold_of(key) is not None:
            raise ScreeningHeldError(str(key))
        return False

    @override
    async def hold_of(self, key: UUID) -> ScreeningHold | None:
        return _hold(await fetched(self._pool, "screening_hold", self.account, key))

    @override
    async def keep_as_evidence(self, key: UUID, hold: ScreeningHold) -> ScreeningHold | None:
        asked = (self._kept_since(), hold.held_at, hold.held_by, hold.held_because)
        return _hold(await fetched(self._pool, "hold_screening", self.account, key, *asked))

    @override
    async def release_evidence(self, key: UUID, because: str) -> bool:
        return bool(await fetched(self._pool, "release_screening", self.account, key, because))

    async def describe(self, key: UUID, summary: ScreeningSummary) -> None:
        """Record what a screening of an earlier version of the service is about."""
        await fetched(
            self._pool,
            "describe_screening",
            self.account,
            key,
            summary.counterparty_count,
            summary.counterparty_ids,
            summary.outcome,
        )

    @property
    def place(self) -> QueryPlace:
        """Where its queries go: the unit of work of this request, or the pool."""
        return current_unit() or self._pool

    @property
    def since(self) -> datetime:
        """The moment (UTC) before which nothing is kept any more."""
        return self._kept_since()

    async def claim(self, mark: RequestMark, token: UUID) -> FirstAnswer | None:
        """Hold the key of a request under a token, or return the answer it had the first time.

        Raises:
            KeyReusedError: The key came before with another request.
            RequestOutstandingError: The first request with the key still runs.
            NotFoundError: The screening that answered it is kept no longer.
        """
        claim = (mark.fingerprint, token, HELD_FOR, REPEATED_FOR)
        for _ in range(_CLAIMS):
            if await self._of_mark("claim_idempotency_key", mark, *claim):
                return None
            known = await self._of_mark("idempotency_key", mark)
            if known:
                return await self._first(mark, msgspec.convert(dict(known[0]), _KnownRequest))
            # it was released in between
        raise RequestOutstandingError

    async def hold(self, mark: RequestMark, token: UUID) -> None:
        """Hold the key of a request that still runs for a while longer."""
        await self._of_mark("hold_idempotency_key", mark, token, HELD_FOR)

    async def release(self, mark: RequestMark, token: UUID) -> None:
        """Free the key of a request that stored nothing."""
        await self._of_mark("release_idempotency_key", mark, token)

    @asynccontextmanager
    async def carrying_out(self, mark: RequestMark, token: UUID) -> AsyncGenerator[Seal]:
        """Open a unit of work for what a request stores and for the answer it yields to seal.

        Raises:
            RequestOutstandingError: Another request has taken the key; nothing was stored.
        """
        async with unit_of_work(self._pool, self._units) as unit:

            async def seal(status: int, body: bytes | None) -> None:
                kept = (status, body, unit.screening, unit.table_result)
                finish = "finish_idempotency_key"
                if not await fetched(unit, finish, *self._key(mark), token, *kept):
                    raise RequestOutstandingError

            yield seal

    async def _first(self, mark: RequestMark, known: "_KnownRequest") -> FirstAnswer:
        if known.fingerprint != mark.fingerprint:
            raise KeyReusedError
        if known.status is None:
            raise RequestOutstandingError
        if known.body is not None:
            return FirstAnswer(status=known.status, pieces=(known.body,))
        answer = None if known.screening is None else await self.answer(known.screening)
        if answer is None:
            raise NotFoundError("screening", str(known.screening))
        return FirstAnswer(status=known.status, pieces=tuple(answer))

    async def _of_mark(
        self, name: str, mark: RequestMark, *arguments: object
    ) -> list[asyncpg.Record]:
        return await fetched(self._pool, name, *self._key(mark), *arguments)

    def _key(self, mark: RequestMark) -> tuple[str, str, str]:
        return self.account, mark.operation, mark.key


class _KnownRequest(msgspec.Struct, frozen=True):
    """A request that came before: its answer, if it has one, or the screening that is it."""

    fingerprint: bytes
    status: int | None
    body: bytes | None
    screening: UUID | None


def _hold(rows: Sequence[asyncpg.Record]) -> ScreeningHold | None:
    return msgspec.convert(dict(rows[0]), ScreeningHold) if rows else None


async def _add_in(unit: UnitOfWork, screening: StoredScreening) -> None:
    parts = {part.digest: part for _, part in screening.answer.parts}
    with reaching():
        async with asyncio.timeout(QUERY_TIMEOUT_S):
            await add_screenings(await unit.connection(), [screening], list(parts.values()))
    unit.screening = screening.key
