"""Where a command gets its answers: from this machine's data, or from a remote service."""

import asyncio
import os
import re
import tempfile
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import msgspec

from service.app.lists import bring_up_to_date, local_board, local_desk, local_index, prepare
from service.cli.options import settings_with
from service.errors import (
    BadInputError,
    RemoteFailedError,
    RemoteRefusedError,
    StoreUnavailableError,
)
from service.measures.board import MeasureBoard
from service.postgres import embedded_postgres
from service.screening.desk import Desk
from service.screening.question import Counterparty, ScreeningQuestion
from service.screening.review import RegisterEvidence, register_evidence
from service.screening.turns import days_of
from service.settings import Settings

# A batch of a thousand names takes some seconds; a service that is silent for longer is stuck.
ANSWER_WITHIN_S = 120.0
CONNECT_WITHIN_S = 10.0
# A workbook of a million rows is written whole before anything of it is sent.
_FILE_TIMEOUT = httpx.Timeout(1_800.0, connect=CONNECT_WITHIN_S)
# What a limit a second refuses is asked again; one a day would have a command wait until midnight.
LONGEST_PAUSE_S = 60
API_KEY = "ABEYANCE_API_KEY"
NO_ABEYANCE = "the answer is not one of this version of Abeyance"
_PAGE = 500
_SECONDS = re.compile("[0-9]{1,6}")
type Param = str | int | Sequence[str] | None


class _FieldProblem(msgspec.Struct, frozen=True):
    field: str
    reason: str


class _Problem(msgspec.Struct, frozen=True):
    """The fields of a problem document that an error message shows."""

    title: str
    detail: str = ""
    instance: str | None = None
    errors: tuple[_FieldProblem, ...] = ()


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


class RemoteService:
    """A remote service, with a connection that is kept open between questions.

    The value of `ABEYANCE_API_KEY`, if set, is sent as a bearer token; a user name and password
    in the address are sent as basic authentication.
    """

    def __init__(self, url: str) -> None:
        """Prepare a client for the service at `url`; nothing is sent yet.

        Raises:
            BadInputError: The address is not an HTTP address.
        """
        self.url = _checked(url)
        key = os.environ.get(API_KEY)
        self._client = httpx.Client(
            base_url=self.url,
            headers={"authorization": f"Bearer {key}"} if key else {},
            timeout=httpx.Timeout(ANSWER_WITHIN_S, connect=CONNECT_WITHIN_S),
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
        """Return the answer to GET as a value of type `answer`; parameters of None are not sent.

        Raises:
            RemoteFailedError: There is no answer, or it is not one of Abeyance.
            RemoteRefusedError: The service refuses the question.
        """
        return read_answer(self.url, self.file(path, params), answer)

    def file(self, path: str, params: Mapping[str, Param]) -> bytes:
        """Return the bytes of the answer to GET; parameters of None are not sent.

        Raises:
            RemoteFailedError: There is no answer.
            RemoteRefusedError: The service refuses the question.
        """
        sent = {name: value for name, value in params.items() if value is not None}
        return self._send("GET", path, params=sent).content

    def pages[T](
        self, path: str, params: Mapping[str, Param], page_of: type["CollectionPage[T]"]
    ) -> Iterator[T]:
        """Yield all items of a collection, fetching one page after another.

        Raises:
            RemoteFailedError: There is no answer, or it is not one of Abeyance.
            RemoteRefusedError: The service refuses the question.
        """
        for page in self._pages(path, params, page_of):
            yield from page.items

    def on_day[T](
        self, path: str, params: Mapping[str, Param], page_of: type["DayPage[T]"]
    ) -> tuple[tuple[T, ...], date]:
        """Return all items of a collection that depends on a day, and that day.

        Raises:
            RemoteFailedError: There is no answer, or it is not one of Abeyance.
            RemoteRefusedError: The service refuses the question.
        """
        pages = list(self._pages(path, params, page_of))
        return tuple(item for page in pages for item in page.items), pages[0].as_of

    def post(self, path: str, body: bytes) -> bytes:
        """Return the bytes of the answer to POST; `body` is JSON.

        Raises:
            RemoteFailedError: There is no answer.
            RemoteRefusedError: The service refuses the question.
        """
        return self._send("POST", path, content=body).content

    def upload(
        self, path: str, params: Mapping[str, Param], pieces: Iterator[bytes], size: int
    ) -> bytes:
        """Return the bytes of the answer to POST, whose body of `size` bytes comes in pieces.

        Raises:
            RemoteFailedError: There is no answer.
            RemoteRefusedError: The service refuses what is sent.
        """
        headers = {"content-length": str(size), "idempotency-key": str(uuid4())}
        sent = {name: value for name, value in params.items() if value is not None}
        with _connection_errors(self.url):
            response = self._client.post(
                path, params=_query(sent), content=pieces, headers=headers
            )
        if not response.is_success:
            raise _error_of(self.url, response)
        return response.content

    def delete(self, path: str) -> bytes:
        """Return the bytes of the answer to DELETE.

        Raises:
            RemoteFailedError: There is no answer.
            RemoteRefusedError: The service refuses it.
        """
        return self._send("DELETE", path).content

    @contextmanager
    def download(
        self, path: str, params: Mapping[str, Param], part: str | None = None
    ) -> Generator[Iterator[bytes]]:
        """Yield the answer to GET in pieces as they come; `part` is a Range: `bytes=100-`.

        Raises:
            RemoteFailedError: There is no answer, or it breaks off.
            RemoteRefusedError: The service refuses the question.
        """
        sent = {name: value for name, value in params.items() if value is not None}
        headers = {} if part is None else {"range": part}
        with (
            _connection_errors(self.url),
            self._client.stream(
                "GET", path, params=_query(sent), headers=headers, timeout=_FILE_TIMEOUT
            ) as response,
        ):
            if not response.is_success:
                response.read()
                raise _error_of(self.url, response)
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
                raise _error_of(self.url, response)
            time.sleep(pause_s)


class QuestionBody(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What every question says; fields as in `QuestionTerms`, a day left open is None."""

    lists: tuple[str, ...] | None = None
    as_of: date | None = None
    known_at: date | None = None
    since: date | None = None
    threshold: float | None = None
    limit: int | None = None

    def draft(self, counterparties: tuple[Counterparty, ...] = ()) -> ScreeningQuestion:
        """Return the question about these counterparties as a desk takes it."""
        return ScreeningQuestion(
            counterparties=counterparties,
            lists=self.lists,
            as_of=self.as_of,
            known_at=self.known_at,
            since=self.since,
            threshold=self.threshold,
            limit=self.limit,
        )


class ScreeningBody(QuestionBody, frozen=True, kw_only=True, omit_defaults=True):
    """The body of a screening request; with `store` False the service keeps nothing of it."""

    counterparties: tuple[Counterparty, ...]
    store: bool | None = None


class TextBody(QuestionBody, frozen=True, kw_only=True, omit_defaults=True):
    """The body of a question about a text."""

    text: str


class AnswerSource(Protocol):
    """A source of answers: this machine's data, or a remote service."""

    def text(self, body: TextBody) -> bytes:
        """Look for listed names in a text and return the JSON of a `TextAnswer`.

        Raises:
            AbeyanceError: The question is refused, or cannot be answered.
        """
        ...

    def screen(self, body: ScreeningBody) -> bytes:
        """Screen the counterparties of a question and return the JSON of a `ScreeningAnswer`.

        Raises:
            AbeyanceError: The question is refused, or cannot be answered.
        """
        ...


class LocalAnswers:
    """Answers from this machine's data, with one index for all questions."""

    def __init__(self, runner: asyncio.Runner, desk: Desk) -> None:
        self._runner = runner
        self._desk = desk

    def screen(self, body: ScreeningBody) -> bytes:
        """Screen the counterparties of a question and return the JSON of a `ScreeningAnswer`."""
        return b"".join(self._runner.run(self._desk.screen(body.draft(body.counterparties))))

    def text(self, body: TextBody) -> bytes:
        """Look for listed names in a text and return the JSON of a `TextAnswer`."""
        return b"".join(self._runner.run(self._desk.text(body.text, body.draft())))


class RemoteAnswers:
    """Answers of a remote service."""

    def __init__(self, service: RemoteService) -> None:
        self._service = service

    def screen(self, body: ScreeningBody) -> bytes:
        """Screen the counterparties of a question and return the JSON of a `ScreeningAnswer`."""
        return self._service.post("/v1/screenings", msgspec.json.encode(body))

    def text(self, body: TextBody) -> bytes:
        """Look for listed names in a text and return the JSON of a `TextAnswer`."""
        return self._service.post("/v1/texts", msgspec.json.encode(body))


@contextmanager
def answering(url: str | None, data_dir: Path | None) -> Generator[AnswerSource]:
    """Yield the source of answers: the service at `url` if given, else this machine's data.

    Raises:
        AbeyanceError: The service, or this machine's database, cannot be used.
    """
    if url is not None:
        with RemoteService(url) as service:
            yield RemoteAnswers(service)
        return
    settings = settings_with(data_dir)
    with prepared_database(settings) as dsn, asyncio.Runner() as runner:
        yield LocalAnswers(runner, runner.run(local_desk(settings, dsn)))


def read_own[T](content: bytes, answer: type[T]) -> T:
    """Decode the JSON of an `AnswerSource`.

    Raises:
        RemoteFailedError: It is not of the type `answer`, which only a remote service can send.
    """
    return read_answer("the service", content, answer)


def read_answer[T](url: str, content: bytes, answer: type[T]) -> T:
    """Decode the JSON of a remote service.

    Raises:
        RemoteFailedError: The content is not JSON of the type `answer`.
    """
    try:
        return msgspec.json.decode(content, type=answer)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise RemoteFailedError(url, NO_ABEYANCE) from None


def days_asked(as_of: date | None, known_at: date | None) -> dict[str, Param]:
    """Return the two clocks as query parameters, None for a day left open."""
    return {
        "as_of": None if as_of is None else as_of.isoformat(),
        "known_at": None if known_at is None else known_at.isoformat(),
    }


@contextmanager
def prepared_database(
    settings: Settings, *, keep_alive: bool = False, say: Callable[[str], None] = lambda _: None
) -> Generator[str]:
    """Yield the address of a running database, with the newest schema and the bundled lists.

    Raises:
        BadInputError: As `opened_database`.
        EmbeddedPostgresError: As `opened_database`.
    """
    with opened_database(settings, keep_alive=keep_alive, say=say) as dsn:
        asyncio.run(prepare(dsn, say))
        yield dsn


@contextmanager
def opened_database(
    settings: Settings, *, keep_alive: bool = False, say: Callable[[str], None] = lambda _: None
) -> Generator[str]:
    """Yield the address of a running database with the newest schema, whatever lists it has.

    It is the database of DATABASE_URL if that is set, otherwise the embedded one; an embedded
    server that another command runs on the same folder is shared. With `keep_alive` an embedded
    server that dies is started again until the context ends. `say` receives each step in words.

    Raises:
        BadInputError: The database of DATABASE_URL does not answer, or the data directory cannot
            be written.
        EmbeddedPostgresError: The embedded database cannot run.
    """
    if settings.database_url is not None:
        try:
            asyncio.run(bring_up_to_date(settings.database_url))
        except StoreUnavailableError as error:
            raise BadInputError("DATABASE_URL", "the database does not answer") from error
        yield settings.database_url
        return
    _provide(settings.data_dir)
    say(f"starting the database in {settings.data_dir}")
    with embedded_postgres(
        settings.data_dir, binaries=settings.postgres_bin, keep_alive=keep_alive
    ) as dsn:
        asyncio.run(bring_up_to_date(dsn))
        yield dsn


def measures_at_hand(data_dir: Path | None) -> MeasureBoard:
    """Load all measures of the command's database, including the events that operators added."""
    with prepared_database(settings_with(data_dir)) as dsn:
        return asyncio.run(local_board(dsn))


def evidence_at_hand(data_dir: Path | None, as_of: date | None) -> RegisterEvidence:
    """Work out what the law behind the listings of the command's database rests on."""
    days = days_of(as_of, None, datetime.now(UTC))
    settings = settings_with(data_dir)
    with prepared_database(settings) as dsn:
        index, board = asyncio.run(local_index(settings, dsn, days.as_of))
        return register_evidence(index, board, days)


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
    """Turn errors of the HTTP client into one line that says why the service cannot be reached.

    Raises:
        RemoteFailedError: The service cannot be reached.
    """
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
        name: [str(value)] if isinstance(value, str | int) else list(value or ())
        for name, value in params.items()
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
    first, *more = problem.errors
    reason = first.reason if not more else f"{first.reason} (and {len(more)} more)"
    return RemoteRefusedError(first.field, reason)


def _provide(folder: Path) -> None:
    """Create the data directory if it is missing, before any work is announced.

    Raises:
        BadInputError: The directory cannot be created or written.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        reason = f"{folder} cannot be written: {error.strerror}"
        raise BadInputError("ABEYANCE_DATA_DIR", reason) from error
