"""Repeats: a request with an `Idempotency-Key` is carried out once, however often it is sent.

A key is first held for the request that came first, so that a second one does not run beside it.
What the request stores and its answer are then committed together. A request that is refused or
fails stores nothing and frees the key. A process that dies leaves the key held for `HELD_FOR`.

Source: IETF draft-ietf-httpapi-idempotency-key-header-07.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from datetime import timedelta
from typing import Protocol
from uuid import UUID

import msgspec

from abeyance_screening.primitives.errors import StoreUnavailableError

KEY_HEADER, REPLAYED = "Idempotency-Key", "Idempotent-Replayed"
"""The header with the key, and that of a first answer which is given again."""

FORM_ID = "once"
"""The field with the id that a page gave to its form; see `BodyOnce.form`."""

REPEATED_FOR = timedelta(hours=24)
"""For how long a request that comes again gets the first answer."""

HELD_FOR = timedelta(seconds=30)
"""How long a key stays held after its process died; a process that lives holds it on."""

# Often enough that two attempts may fail before the key is free.
_HOLD_EVERY_S = 10.0
logger = logging.getLogger(__name__)


class RequestMark(msgspec.Struct, frozen=True, kw_only=True):
    """What tells one request from another: operation, key, and a SHA-256 of address and body."""

    operation: str
    key: str
    fingerprint: bytes


class FirstAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The answer that a request had the first time: its status, and its body in pieces."""

    status: int
    pieces: tuple[bytes, ...]


type Seal = Callable[[int, bytes | None], Awaitable[None]]
"""Keeps the status and the body of an answer; None is the screening that was kept with it."""


class RepeatStore(Protocol):
    """Keeps the requests of one account that were carried out; see `AccountStore`."""

    async def claim(self, mark: RequestMark, token: UUID) -> FirstAnswer | None:
        """Hold a key under a token, or return the first answer."""
        ...

    async def hold(self, mark: RequestMark, token: UUID) -> None:
        """Hold a key for a while longer."""
        ...

    async def release(self, mark: RequestMark, token: UUID) -> None:
        """Free a key whose request stored nothing."""
        ...

    def carrying_out(self, mark: RequestMark, token: UUID) -> AbstractAsyncContextManager[Seal]:
        """Open a unit of work for what the request stores and its sealed answer."""
        ...


class BodyOnce(Protocol):
    """Carries out a request once, whose answer is a body that is kept whole."""

    async def body(self, work: Callable[[], Awaitable[bytes]], status: int) -> tuple[bytes, bool]:
        """Return the body that the work writes, or the first one, and whether it is the first."""
        ...

    async def form(
        self, once: str, fields: Iterable[tuple[str, str]], work: Callable[[], Awaitable[bytes]]
    ) -> tuple[str, bytes]:
        """Return the id of a form that was sent, and the body the work wrote for it first.

        A page that shows a form gives it the id `once`. The form that comes again with the same
        fields, by a second click or a reload, gets the first body, and waits for it if need be;
        with other fields it counts as another. The id returned is one of a form and its fields.
        """
        ...


async def carry_out_once[T](
    store: RepeatStore,
    mark: RequestMark,
    token: UUID,
    work: Callable[[], Awaitable[T]],
    sealed: Callable[[T], tuple[int, bytes | None]],
) -> T | FirstAnswer:
    """Do the work of a request and return its result, or the answer it had the first time.

    `sealed` returns the status and the body to keep of a result; see `Seal`. `token` is a new id.

    Raises:
        KeyReusedError: The key came before with another request.
        RequestOutstandingError: The first request with the key still runs.
        StoreUnavailableError: The database does not answer; nothing was stored.
    """
    first = await store.claim(mark, token)
    if first is not None:
        return first
    async with _held(store, mark, token), store.carrying_out(mark, token) as seal:
        result = await work()
        await seal(*sealed(result))
    return result


@asynccontextmanager
async def _held(store: RepeatStore, mark: RequestMark, token: UUID) -> AsyncGenerator[None]:
    """Hold a key while its request runs, and free it if that fails."""
    holding = asyncio.create_task(_hold_on(store, mark, token))
    try:
        yield
    except BaseException:
        # a request that is cancelled frees its key too
        with suppress(StoreUnavailableError):
            await asyncio.shield(store.release(mark, token))
        raise
    finally:
        holding.cancel()


async def _hold_on(store: RepeatStore, mark: RequestMark, token: UUID) -> None:
    while True:
        await asyncio.sleep(_HOLD_EVERY_S)
        try:
            await store.hold(mark, token)
        except StoreUnavailableError:
            logger.warning("request.hold_failed")
