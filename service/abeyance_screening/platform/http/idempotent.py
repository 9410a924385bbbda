"""Requests that may be sent again: the header `Idempotency-Key`, and the answer to a repetition.

Source: IETF draft-ietf-httpapi-idempotency-key-header-07.
"""

import asyncio
import hashlib
import logging
import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from types import MappingProxyType
from uuid import UUID

import msgspec
from litestar import Response
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from abeyance_screening.platform.access.idempotency import (
    FORM_ID,
    KEY_HEADER,
    REPLAYED,
    FirstAnswer,
    RequestMark,
)
from abeyance_screening.platform.http.bodies import EncodedResponse, TypedRequest
from abeyance_screening.platform.stores.accounts import AccountStore
from abeyance_screening.primitives.errors import (
    BadInputError,
    RequestOutstandingError,
    StoreUnavailableError,
)
from abeyance_screening.primitives.fair_scheduler import current_work

# A string of RFC 8941 without escapes, as the draft has it, or the same without its quotes, as
# most clients send it.
KEY_FORM = r'^("[ !#-\[\]-~]{1,255}"|[!#-+\--:<-\[\]-~]{1,255})$'

# The id of a form, and a digest of its fields once it was sent.
_FORM_ID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(?P<sent>\.[0-9a-f]{32})?"
# How often, and how many times, a form that comes again looks for the answer to the first: 60 s.
_FORM_TRIED_EVERY_S, _FORM_TRIES = 0.25, 240

# Often enough that two attempts may fail before the key is free.
_HOLD_EVERY_S = 10.0

_REPLAYED = MappingProxyType({REPLAYED: "true"})
logger = logging.getLogger(__name__)


class Idempotency:
    """Carries out a request once, however often it comes with the same `Idempotency-Key`.

    Without the header it is carried out each time.
    """

    def __init__(
        self,
        request: TypedRequest,
        store: Callable[[], AccountStore],
        new_id: Callable[[], UUID],
    ) -> None:
        """Take the request, the store of its caller's account, and a source of new ids.

        Raises:
            BadInputError: The header is given twice, or is no key.
        """
        self._request = request
        self._store = store
        self._new_id = new_id
        self._key = _key_in(request)

    async def __call__[T: msgspec.Struct](
        self,
        work: Callable[[], Awaitable[T]],
        status: int | Callable[[T], int],
        keep: Callable[[T], T] | None = None,
    ) -> Response[T]:
        """Return the result of the work, or the first answer, with a status and as JSON.

        `status` may go by the result. `keep` returns what may be kept of the result to be given
        again, all of it if left out.

        Raises:
            KeyReusedError: The key came before with another request.
            RequestOutstandingError: The first request with the key still runs.
        """

        async def written() -> tuple[int, bytes, bytes]:
            result = await work()
            body = msgspec.json.encode(result)
            kept = body if keep is None else msgspec.json.encode(keep(result))
            return status if isinstance(status, int) else status(result), body, kept

        done = await self._carried_out(written, lambda made: (made[0], made[2]))
        if isinstance(done, FirstAnswer):
            return EncodedResponse(done.pieces, done.status, _REPLAYED)
        return EncodedResponse((done[1],), done[0])

    async def screening[T](
        self,
        work: Callable[[], Awaitable[Sequence[bytes]]],
        shown: Callable[[Sequence[bytes]], Awaitable[Sequence[bytes]]],
    ) -> EncodedResponse[T]:
        """Return the pieces of a screening that the work keeps, or those of the first answer.

        What is kept is the full answer; `shown` returns what a request sent again gets of it.
        """
        done = await self._carried_out(work, lambda _: (HTTPStatus.OK, None))
        if isinstance(done, FirstAnswer):
            return EncodedResponse(await shown(done.pieces), done.status, _REPLAYED)
        return EncodedResponse(done)

    async def body(
        self,
        work: Callable[[], Awaitable[bytes]],
        status: int,
        fingerprint: bytes | None = None,
    ) -> tuple[bytes, bool]:
        """Return the body that the work writes, or the first one, and whether it is the first.

        `fingerprint` is that of a request whose body was read in pieces; see `Fingerprint`.
        """
        done = await self._carried_out(work, lambda body: (status, body), fingerprint)
        if isinstance(done, FirstAnswer):
            return b"".join(done.pieces), True
        return done, False

    async def form(
        self, once: str, fields: Iterable[tuple[str, str]], work: Callable[[], Awaitable[bytes]]
    ) -> tuple[str, bytes]:
        """Return the id of a form that was sent, and the body the work wrote for it first.

        A page that shows a form gives it the id `once`; without one the work is done each time.
        The form that comes again with the same fields, by a second click or a reload, gets the
        first body, and waits for it if need be; with other fields it counts as another. The id
        returned is one of a form and its fields.

        Raises:
            BadInputError: The id is none that a page gives.
            RequestOutstandingError: The first of its kind takes too long.
        """
        if not once:
            return "", await work()
        known = re.fullmatch(_FORM_ID, once)
        if known is None:
            raise BadInputError(FORM_ID, "is not the id that the page gave to its form")
        sent = once if known["sent"] else f"{once}.{_digest_of(fields)}"
        mark = RequestMark(
            operation=self._operation,
            key=sent,
            # what was sent is in the key: with other fields a form is another request
            fingerprint=hashlib.sha256(sent.encode()).digest(),
        )
        for _ in range(_FORM_TRIES):
            with suppress(RequestOutstandingError):
                done = await self._carried_out_as(mark, work, lambda body: (HTTPStatus.OK, body))
                return sent, b"".join(done.pieces) if isinstance(done, FirstAnswer) else done
            await asyncio.sleep(_FORM_TRIED_EVERY_S)
            if (waiting := current_work()) is not None:
                waiting.check()
        raise RequestOutstandingError

    @property
    def _operation(self) -> str:
        return f"{self._request.method} {self._request.scope['path_template']}"

    async def _carried_out[T](
        self,
        work: Callable[[], Awaitable[T]],
        sealed: Callable[[T], tuple[int, bytes | None]],
        fingerprint: bytes | None = None,
    ) -> T | FirstAnswer:
        if self._key is None:
            return await work()
        if fingerprint is None:
            asked = Fingerprint(self._request)
            asked.add(await self._request.body())
            fingerprint = asked.digest()
        mark = RequestMark(operation=self._operation, key=self._key, fingerprint=fingerprint)
        return await self._carried_out_as(mark, work, sealed)

    async def _carried_out_as[T](
        self,
        mark: RequestMark,
        work: Callable[[], Awaitable[T]],
        sealed: Callable[[T], tuple[int, bytes | None]],
    ) -> T | FirstAnswer:
        return await carry_out_once(self._store(), mark, self._new_id(), work, sealed)


TheOnce = NamedDependency[SkipValidation[Idempotency]]


async def carry_out_once[T](
    store: AccountStore,
    mark: RequestMark,
    token: UUID,
    work: Callable[[], Awaitable[T]],
    sealed: Callable[[T], tuple[int, bytes | None]],
) -> T | FirstAnswer:
    """Do the work of a request and return its result, or the answer it had the first time.

    `sealed` returns the status and the body to keep of a result; see `Seal`. `token` is a new id.
    """
    first = await store.claim(mark, token)
    if first is not None:
        return first
    async with _held(store, mark, token), store.carrying_out(mark, token) as seal:
        result = await work()
        await seal(*sealed(result))
    return result


@asynccontextmanager
async def _held(store: AccountStore, mark: RequestMark, token: UUID) -> AsyncGenerator[None]:
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


async def _hold_on(store: AccountStore, mark: RequestMark, token: UUID) -> None:
    while True:
        await asyncio.sleep(_HOLD_EVERY_S)
        try:
            await store.hold(mark, token)
        except StoreUnavailableError:
            logger.warning("request.hold_failed")


def _digest_of(fields: Iterable[tuple[str, str]]) -> str:
    return hashlib.sha256(msgspec.json.encode(list(fields))).hexdigest()[:32]


def _key_in(request: TypedRequest) -> str | None:
    """Return the key in the header, without quotes; None without the header."""
    name = KEY_HEADER.lower().encode()
    given = [value for key, value in request.scope["headers"] if key == name]
    if not given:
        return None
    if len(given) > 1:
        raise BadInputError(KEY_HEADER, "is given more than once")
    key = given[0].decode("latin-1")
    if re.fullmatch(KEY_FORM, key) is None:
        raise BadInputError(
            KEY_HEADER,
            "is not 1 to 255 printable ASCII characters in double quotes, such as a UUID, "
            "without quotes and backslashes among them",
        )
    return key[1:-1] if key.startswith('"') else key


class Fingerprint:
    """A SHA-256 of what is asked: the address and the body, byte for byte."""

    def __init__(self, request: TypedRequest) -> None:
        """Take the address; the body is added as it is read."""
        address = request.scope["path"].encode() + b"?" + request.scope["query_string"]
        self._hash = hashlib.sha256(address + b"\0")

    def add(self, data: bytes) -> None:
        """Add the next bytes of the body."""
        self._hash.update(data)

    def digest(self) -> bytes:
        """Return the SHA-256 of all that was added."""
        return self._hash.digest()
