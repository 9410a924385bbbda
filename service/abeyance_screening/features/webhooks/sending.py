"""One try to deliver: the body, its signatures, and the request to an address that was checked."""

import asyncio
import base64
import math
import re
import socket
import ssl
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from importlib.metadata import version
from typing import cast

import httpx
import msgspec
from standardwebhooks import Webhook as Signer

from abeyance_screening.features.webhooks.addresses import (
    Receiver,
    ReceiverPolicy,
    ReceiverRefusedError,
    Resolve,
    addresses_of,
    receiver_of,
)
from abeyance_screening.features.webhooks.store import ClaimedDelivery
from abeyance_screening.platform.events import EventData, without_names
from abeyance_screening.primitives.errors import BadInputError

SECRET_PREFIX = "whsec_"  # noqa: S105 - the beginning of each secret, as the specification has it
SECRET_BYTES = 32
MOST_BODY_BYTES = 20_000
ANSWERS_WITHIN_S = 15.0
LONGEST_WAIT = timedelta(days=1)
"""The longest time for which a receiver can ask not to be sent anything."""
_RESOLVED_AT_ONCE = 16
_AGENT = f"Abeyance/{version('abeyance-screening')}"
_NO_ANSWER = f"no answer within {ANSWERS_WITHIN_S:.0f} s"
_FAULTS: tuple[tuple[type[Exception], str], ...] = (
    (httpx.ConnectError, "no connection"),
    (httpx.TimeoutException, _NO_ANSWER),
    (httpx.RemoteProtocolError, "it closed the connection, or does not speak HTTP"),
    (httpx.InvalidURL, "not sent: the address cannot be read"),
)
_SECONDS = re.compile("[0-9]{1,9}")


def secret_text(secret: bytes) -> str:
    """Return a secret as its receiver is given it."""
    return SECRET_PREFIX + base64.b64encode(secret).decode()


class _Said(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a body says beside its type: the event, in full or by its ids alone."""

    id: int | None = None
    counterparty: str | None = None
    webhook: str | None = None
    thin: bool = False


def body_of(sent: ClaimedDelivery) -> str:
    """Return the body of a delivery, which is the same at each try: `{type, timestamp, data}`.

    `data` has the number of the event, the counterparty's id and what has changed. Without names,
    or if it would be larger than `MOST_BODY_BYTES`, it says less, and `thin` is true.
    """
    event = sent.data
    if event is not None and not sent.names:
        event = without_names(event)
    body = _written(sent, event, is_thin=not sent.names)
    if len(body.encode()) >= MOST_BODY_BYTES:
        body = _written(sent, None, is_thin=True)
    return body


def _written(sent: ClaimedDelivery, event: EventData | None, *, is_thin: bool) -> str:
    ids = _Said(
        id=sent.event,
        counterparty=sent.counterparty,
        webhook=str(sent.webhook) if sent.event is None else None,
        thin=is_thin and sent.event is not None,
    )
    said = cast("dict[str, object]", msgspec.to_builtins(ids))
    data = said if event is None else said | cast("dict[str, object]", msgspec.to_builtins(event))
    at = (sent.at or sent.made_at).astimezone(UTC)
    whole = {"type": sent.type, "timestamp": at, "data": data}
    return msgspec.json.encode(whole).decode()


def signed(sent: ClaimedDelivery, body: str, now: datetime) -> dict[str, str]:
    """Return the headers of a try: its id, its time, a signature by each secret that counts."""
    at, key = now.astimezone(UTC), str(sent.id)
    secrets = [each for each in (sent.secret, sent.previous_secret) if each is not None]
    return {
        "connection": "close",
        "content-type": "application/json",
        "user-agent": _AGENT,
        "webhook-id": key,
        "webhook-timestamp": str(math.floor(at.timestamp())),
        "webhook-signature": " ".join(Signer(each).sign(key, at, body) for each in secrets),
    }


class SendOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a try: the status of the answer, and why it was not taken, None if it was.

    `retry_after` is how long the receiver asks to be left alone.
    """

    status: int | None = None
    fault: str | None = None
    retry_after: timedelta = timedelta()


class Resolver:
    """Names to addresses, by the resolver of the machine, in threads of its own.

    A name server that does not answer holds up only who waits for it.
    """

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_RESOLVED_AT_ONCE, "webhook-names")

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        """Return the addresses of a name, none if it has none."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, _looked_up, host, port)

    def close(self) -> None:
        """Let the threads end."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _looked_up(host: str, port: int) -> Sequence[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ()
    return [str(each[4][0]) for each in found]


class Sender:
    """Sends bodies to receivers; it reads of an answer nothing but its head."""

    def __init__(
        self,
        policy: ReceiverPolicy,
        resolve: Resolve,
        now: Callable[[], datetime],
        trusted: ssl.SSLContext | None = None,
        answers_within_s: float = ANSWERS_WITHIN_S,
    ) -> None:
        """Take which addresses may be sent to, and the clock in UTC.

        `trusted` has the certificates that are trusted, None for the usual ones.
        """
        self._policy = policy
        self._resolve = resolve
        self._now = now
        self._trusted = trusted
        self._answers_within_s = answers_within_s
        self._client: httpx.AsyncClient | None = None

    async def send(self, url: str, body: bytes, headers: dict[str, str]) -> SendOutcome:
        """Send a body, and return what came of it; nothing is ever raised for a receiver."""
        try:
            async with asyncio.timeout(self._answers_within_s):
                return await self._sent(receiver_of(url), body, headers)
        except TimeoutError:
            return SendOutcome(fault=_NO_ANSWER)
        except ReceiverRefusedError as error:
            return SendOutcome(fault=f"not sent: {error.reason}")
        except BadInputError as error:
            return SendOutcome(fault=f"not sent: the address {error.reason}")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return SendOutcome(fault=_words_of(error))

    async def close(self) -> None:
        """Close all connections."""
        if self._client is not None:
            await self._client.aclose()

    async def _sent(self, receiver: Receiver, body: bytes, headers: dict[str, str]) -> SendOutcome:
        addresses = await addresses_of(receiver, self._policy, self._resolve)
        if not addresses:
            return SendOutcome(fault="its name has no address")
        for address in addresses[:-1]:
            try:
                return await self._sent_to(address, receiver, body, headers)
            except httpx.ConnectError:
                continue
        return await self._sent_to(addresses[-1], receiver, body, headers)

    async def _sent_to(
        self, address: str, receiver: Receiver, body: bytes, headers: dict[str, str]
    ) -> SendOutcome:
        """Send to one address; the certificate must be that of the receiver's name."""
        url = httpx.URL(receiver.url)
        request = self._opened().build_request(
            "POST",
            url.copy_with(host=address),
            content=body,
            headers=headers | {"host": url.netloc.decode()},
            extensions={"sni_hostname": receiver.host},
        )
        answer = await self._opened().send(request, stream=True)
        try:
            return _outcome(answer, self._now())
        finally:
            await answer.aclose()

    def _opened(self) -> httpx.AsyncClient:
        if self._client is None:
            # A connection is for one name at one address, so none is used again. No proxy stands
            # between: it would look names up itself.
            self._client = httpx.AsyncClient(
                verify=self._trusted or httpx.create_ssl_context(),
                timeout=self._answers_within_s,
                limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
                follow_redirects=False,
                trust_env=False,
            )
        return self._client


def _outcome(answer: httpx.Response, now: datetime) -> SendOutcome:
    status = answer.status_code
    if answer.is_success:
        return SendOutcome(status=status)
    fault = (
        "it redirects, which is not followed"
        if answer.is_redirect
        else f"it answers {status} {answer.reason_phrase[:50]}".rstrip()
    )
    asked = cast("str", answer.headers.get("retry-after", ""))
    wait = _wait_in(asked, now)
    return SendOutcome(status=status, fault=fault, retry_after=wait)


def _wait_in(text: str, now: datetime) -> timedelta:
    """Return how long `Retry-After` asks to wait, in seconds or until a date; at most a day."""
    if _SECONDS.fullmatch(text.strip()):
        return min(timedelta(seconds=int(text)), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return timedelta()
    until = until if until.tzinfo is not None else until.replace(tzinfo=UTC)
    return min(max(until - now, timedelta()), LONGEST_WAIT)


def _words_of(error: Exception) -> str:
    """Return what went wrong; the text of an error may hold the address, and so a secret."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate is not trusted: {cause.verify_message[:200]}"
        if isinstance(cause, ssl.SSLError):
            return "TLS failed"
        cause = cause.__cause__ or cause.__context__
    return next((said for kind, said in _FAULTS if isinstance(error, kind)), "it broke off")


def is_gone(outcome: SendOutcome) -> bool:
    """Whether a receiver says that it will take nothing more."""
    return outcome.status == HTTPStatus.GONE
