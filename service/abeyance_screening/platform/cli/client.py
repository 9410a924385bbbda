"""A client of the API, that of this machine or of a service, and the command's database."""

import asyncio
import os
import re
import time
from collections.abc import Callable, Coroutine, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from http import HTTPStatus
from pathlib import Path
from pkgutil import resolve_name
from types import TracebackType
from typing import Literal, Protocol, Self, cast, override
from urllib.parse import urlsplit
from uuid import uuid4

import click
import httpx
import msgspec

from abeyance_screening.engine.screening.question import read_percent
from abeyance_screening.platform.cli.database import prepared_database
from abeyance_screening.platform.cli.options import settings_with
from abeyance_screening.platform.settings import Settings
from abeyance_screening.primitives.errors import (
    AbeyanceError,
    BadInputError,
    ProblemError,
    RemoteFailedError,
    RemoteRefusedError,
)

# A batch of a thousand names takes some seconds; a service that is silent for longer is stuck.
ANSWER_WITHIN_S = 120.0
CONNECT_WITHIN_S = 10.0
# A workbook of a million rows is written whole before anything of it is sent.
_FILE_TIMEOUT = httpx.Timeout(1_800.0, connect=CONNECT_WITHIN_S)
# What a limit a second refuses is asked again; one a day would have a command wait until midnight.
LONGEST_PAUSE_S = 60
API_KEY = "ABEYANCE_API_KEY"
HERE = "http://127.0.0.1:8080"
"""The service that is asked where no other is named: where `abeyance serve` listens."""
NO_ABEYANCE = "the answer is not one of this version of Abeyance"
# Nothing listens there: a client within the process needs some address.
_IN_PROCESS = "http://127.0.0.1"
_PAGE = 500
_SECONDS = re.compile("[0-9]{1,6}")
type Param = str | int | Sequence[str] | None
type AsgiApplication = Callable[..., Coroutine[None, None, None]]
"""An application as ASGI defines it."""

Routes = Literal["lists", "register"]
"""What a command asks: questions that search the lists, or what the register alone answers."""

type OpenApi = Callable[[Settings, str, Routes], Coroutine[None, None, AsgiApplication]]
"""Opens the API on a prepared database, with some of its routes."""


class _FieldProblem(msgspec.Struct, frozen=True):
    field: str
    reason: str


class _Problem(msgspec.Struct, frozen=True):
    """The fields of a problem document that an error message shows."""

    title: str
    detail: str = ""
    instance: str | None = None
    errors: tuple[_FieldProblem, ...] = ()


_NO_HEADERS: Mapping[str, str] = {}


class CollectionPage[T](msgspec.Struct, frozen=True):
    """One page of a collection of any kind; `next_cursor` None on the last."""

    items: tuple[T, ...]
    next_cursor: str | None


class DayPage[T](CollectionPage[T], frozen=True):
    """One page of a collection that depends on the day `as_of`."""

    as_of: date


class _PagedCollection(Protocol):
    """A page with the cursor of the next one."""

    @property
    def next_cursor(self) -> str | None: ...


class ApiClient:
    """A client of the API, with a connection that is kept open between questions.

    To a service, the value of `ABEYANCE_API_KEY`, if set, is sent as a bearer token; a user name
    and password in the address are sent as basic authentication. With `transport` the API is that
    of this process: what it refuses is refused as by any other part of the command.

    Parameters of None are not sent. Each question may raise:
        RemoteFailedError: There is no answer, or it breaks off or is not one of Abeyance.
        RemoteRefusedError: The service refuses the question.
        BadInputError: The API of this process refuses it.
        ProblemError: The API of this process has another problem, such as with its database.
    """

    def __init__(self, url: str, transport: httpx.BaseTransport | None = None) -> None:
        """Prepare a client for the service at `url`; nothing is sent yet.

        Raises:
            BadInputError: The address is not an HTTP address.
        """
        self.url = _checked(url)
        self._is_here = transport is not None
        key = None if self._is_here else os.environ.get(API_KEY)
        self._client = httpx.Client(
            base_url=self.url,
            headers={"authorization": f"Bearer {key}"} if key else {},
            timeout=httpx.Timeout(ANSWER_WITHIN_S, connect=CONNECT_WITHIN_S),
            transport=transport,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def get[T](self, path: str, params: Mapping[str, Param], answer: type[T]) -> T:
        """Return the answer to GET as a value of type `answer`."""
        return self.read(self.file(path, params), answer)

    def read[T](self, content: bytes, answer: type[T]) -> T:
        """Decode the JSON of an answer."""
        try:
            return msgspec.json.decode(content, type=answer, dec_hook=read_percent)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise RemoteFailedError(self.url, NO_ABEYANCE) from None

    def file(self, path: str, params: Mapping[str, Param]) -> bytes:
        """Return the bytes of the answer to GET."""
        return self._send("GET", path, params=params).content

    def pages[T](
        self, path: str, params: Mapping[str, Param], page_of: type["CollectionPage[T]"]
    ) -> Iterator[T]:
        """Yield all items of a collection, fetching one page after another."""
        for page in self._pages(path, params, page_of):
            yield from page.items

    def on_day[T](
        self, path: str, params: Mapping[str, Param], page_of: type["DayPage[T]"]
    ) -> tuple[tuple[T, ...], date]:
        """Return all items of a collection that depends on a day, and that day."""
        pages = list(self._pages(path, params, page_of))
        return tuple(item for page in pages for item in page.items), pages[0].as_of

    def post(self, path: str, body: bytes) -> bytes:
        """Return the bytes of the answer to POST; `body` is JSON."""
        return self._send("POST", path, content=body).content

    def upload(
        self,
        path: str,
        params: Mapping[str, Param],
        pieces: Iterator[bytes],
        size: int,
        more: Mapping[str, str] = _NO_HEADERS,
    ) -> bytes:
        """Return the bytes of the answer to POST, whose body of `size` bytes comes in pieces.

        `more` are headers to send with it.
        """
        headers = {"content-length": str(size), "idempotency-key": str(uuid4()), **more}
        with _connection_errors(self.url):
            response = self._client.post(
                path, params=_query(params), content=pieces, headers=headers
            )
        if not response.is_success:
            raise self._error_of(response)
        return response.content

    def delete(self, path: str) -> bytes:
        """Return the bytes of the answer to DELETE."""
        return self._send("DELETE", path).content

    @contextmanager
    def download(
        self, path: str, params: Mapping[str, Param], part: str | None = None
    ) -> Generator[Iterator[bytes]]:
        """Yield the answer to GET in pieces as they come; `part` is a Range: `bytes=100-`."""
        headers = {} if part is None else {"range": part}
        with (
            _connection_errors(self.url),
            self._client.stream(
                "GET", path, params=_query(params), headers=headers, timeout=_FILE_TIMEOUT
            ) as response,
        ):
            if not response.is_success:
                response.read()
                raise self._error_of(response)
            yield response.iter_bytes()

    def _pages[P: _PagedCollection](
        self, path: str, params: Mapping[str, Param], page_of: type[P]
    ) -> Iterator[P]:
        cursor: str | None = None
        while True:
            page = self.get(path, {**params, "limit": _PAGE, "cursor": cursor}, page_of)
            yield page
            cursor = page.next_cursor
            if cursor is None:
                return

    def _send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Param] | None = None,
        content: bytes | None = None,
    ) -> httpx.Response:
        headers = {"content-type": "application/json"} if content is not None else {}
        while True:
            with _connection_errors(self.url):
                response = self._client.request(
                    method, path, params=_query(params or {}), content=content, headers=headers
                )
            if response.is_success:
                return response
            pause_s = _pause_s(response)
            if pause_s is None:
                raise self._error_of(response)
            time.sleep(pause_s)

    def _error_of(self, response: httpx.Response) -> AbeyanceError:
        return _own_error_of(response) if self._is_here else _error_of(self.url, response)


class _InProcess(httpx.BaseTransport):
    """Carries each request to an application in this process, which works while it is asked."""

    def __init__(self, runner: asyncio.Runner, application: AsgiApplication) -> None:
        self._runner = runner
        self._application = httpx.ASGITransport(application)

    @override
    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the whole answer."""
        return self._runner.run(self._answer(request))

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        response = await self._application.handle_async_request(request)
        content = await response.aread()
        return httpx.Response(response.status_code, headers=response.headers, content=content)


@contextmanager
def opened_api(url: str | None, data_dir: Path | None, routes: Routes) -> Generator[ApiClient]:
    """Yield a client of the API: of the service at `url` if given, else of this machine's data.

    That of this machine has the `routes` alone, because only those that search need an index. It
    is opened by the function whose name is the object of the command line's context.

    Raises:
        AbeyanceError: This machine's database cannot be used.
    """
    if url is not None:
        with ApiClient(url) as client:
            yield client
        return
    settings = settings_with(data_dir)
    name = str(cast("object", click.get_current_context().find_root().obj))
    open_api = cast("OpenApi", resolve_name(name))
    with prepared_database(settings) as dsn, asyncio.Runner() as runner:
        application = runner.run(open_api(settings, dsn, routes))
        with ApiClient(_IN_PROCESS, _InProcess(runner, application)) as client:
            yield client


def question_days(as_of: date | None, known_at: date | None) -> dict[str, Param]:
    """Return the two clocks as query parameters, None for a day left open."""
    return {
        "as_of": None if as_of is None else as_of.isoformat(),
        "known_at": None if known_at is None else known_at.isoformat(),
    }


def _checked(url: str) -> str:
    try:
        parts = urlsplit(url)
        is_valid = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_valid = False
    if not is_valid:
        raise BadInputError("--url", "is not an address such as http://host:8080")
    return url.rstrip("/")


@contextmanager
def _connection_errors(url: str) -> Generator[None]:
    """Turn errors of the HTTP client into one line that says why the service cannot be reached."""
    shown = _without_password(url)
    try:
        yield
    except httpx.ConnectTimeout:
        reason = f"no connection within {CONNECT_WITHIN_S:.0f} s"
        raise RemoteFailedError(shown, reason) from None
    except httpx.TimeoutException:
        raise RemoteFailedError(shown, f"no answer within {ANSWER_WITHIN_S:.0f} s") from None
    except httpx.ConnectError as error:
        raise RemoteFailedError(shown, f"cannot connect: {error}") from None
    except httpx.HTTPError as error:
        reason = str(error) or type(error).__name__
        raise RemoteFailedError(shown, f"the connection broke: {reason}") from None


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _pause_s(response: httpx.Response) -> int | None:
    """Return how many seconds to wait for what a limit refused; None where waiting is no help."""
    after = str(response.headers.get("retry-after", ""))  # pyright: ignore[reportAny] - its stub says no more
    if response.status_code != HTTPStatus.TOO_MANY_REQUESTS or not _SECONDS.fullmatch(after):
        return None
    return int(after) if int(after) <= LONGEST_PAUSE_S else None


def _query(params: Mapping[str, Param]) -> dict[str, list[str]]:
    return {
        name: [str(value)] if isinstance(value, str | int) else list(value)
        for name, value in params.items()
        if value is not None
    }


def _error_of(url: str, response: httpx.Response) -> RemoteFailedError | RemoteRefusedError:
    """Return the error that a response without success describes, as far as it describes one."""
    shown = _without_password(url)
    try:
        problem = msgspec.json.decode(response.content, type=_Problem)
    except (msgspec.DecodeError, UnicodeDecodeError):
        status = f"{response.status_code} {response.reason_phrase}"
        if response.status_code in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            status += f"; set {API_KEY} to the key that it asks for"
        return RemoteFailedError(shown, f"answers {status}: {NO_ABEYANCE}")
    if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        number = "" if problem.instance is None else f" ({problem.instance})"
        return RemoteFailedError(shown, f"{problem.title}: {problem.detail}{number}")
    if response.status_code == HTTPStatus.UNAUTHORIZED:
        return RemoteRefusedError(None, f"{problem.title}: set {API_KEY} ({problem.detail})")
    if not problem.errors:
        return RemoteRefusedError(None, problem.detail or problem.title)
    return RemoteRefusedError(*_fault_in(problem))


def _own_error_of(response: httpx.Response) -> BadInputError | ProblemError:
    """Return the error of an answer without success that came from within this process."""
    problem = msgspec.json.decode(response.content, type=_Problem)
    if problem.errors:
        return BadInputError(*_fault_in(problem))
    detail = "" if problem.detail == problem.title else problem.detail
    number = "" if problem.instance is None else f" ({problem.instance})"
    return ProblemError(problem.title, f"{detail}{number}")


def _fault_in(problem: _Problem) -> tuple[str, str]:
    """Return the first field at fault, and why; the others are counted."""
    first, *more = problem.errors
    return first.field, first.reason if not more else f"{first.reason} (and {len(more)} more)"
