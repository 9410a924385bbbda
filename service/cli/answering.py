"""Who answers the questions of a command: this machine's own data, or a service elsewhere."""

import asyncio
import os
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import urlsplit

import httpx
import msgspec

from service.app.board import local_board
from service.app.lists import local_desk, prepare
from service.cli.options import settings_with
from service.errors import (
    BadInputError,
    RemoteFailedError,
    RemoteRefusedError,
    StoreUnavailableError,
)
from service.measures.board import MeasureBoard
from service.postgres import embedded_postgres
from service.screening.answer import ScreeningAnswer
from service.screening.ask import QuestionDraft
from service.screening.desk import Desk
from service.screening.question import Counterparty
from service.screening.turns import days_of
from service.settings import Settings

# --- The database a command works on: the one named by DATABASE_URL, else the embedded one.


@contextmanager
def prepared_database(
    settings: Settings, *, keep_alive: bool = False, say: Callable[[str], None] = lambda _: None
) -> Generator[str]:
    """Address of a running database with the newest schema and at least the bundled lists.

    An embedded server that another command runs on the same folder is joined. With `keep_alive`
    an embedded server that dies is started again until the end. `say` is told what it is at.
    """
    if settings.database_url is not None:
        try:
            asyncio.run(prepare(settings.database_url, say))
        except StoreUnavailableError as error:
            raise BadInputError("DATABASE_URL", "the database does not answer") from error
        yield settings.database_url
        return
    say(f"starting the database in {settings.data_dir}")
    with embedded_postgres(
        settings.data_dir, binaries=settings.postgres_bin, keep_alive=keep_alive
    ) as dsn:
        asyncio.run(prepare(dsn, say))
        yield dsn


def measures_at_hand(data_dir: Path | None) -> MeasureBoard:
    """The measures of the database a command works on, with what operators added to it."""
    with prepared_database(settings_with(data_dir)) as dsn:
        return asyncio.run(local_board(dsn))


# --- A service elsewhere, asked over HTTP in its own wire formats.

# A batch of a thousand names takes some seconds; a service that is silent for longer is stuck.
ANSWER_WITHIN_S = 120.0
CONNECT_WITHIN_S = 10.0
API_KEY = "ABEYANCE_API_KEY"
_PAGE = 500
NO_ABEYANCE = "what answers there is no Abeyance of this version"

type Param = str | int | Sequence[str] | None


class _FieldProblem(msgspec.Struct, frozen=True):
    field: str
    reason: str


class _Problem(msgspec.Struct, frozen=True):
    """As much of a problem document as can be told in a line."""

    title: str
    detail: str = ""
    instance: str | None = None
    errors: tuple[_FieldProblem, ...] = ()


class CollectionPage[T](msgspec.Struct, frozen=True):
    """A page of any collection."""

    items: tuple[T, ...]
    next_cursor: str | None


class DayPage[T](CollectionPage[T], frozen=True):
    """A page of a collection that is about a day."""

    as_of: date


class _PagedCollection(Protocol):
    """Whatever says where its next page begins."""

    @property
    def next_cursor(self) -> str | None: ...


class RemoteService:
    """One service, with a connection that is kept between questions.

    Where `ABEYANCE_API_KEY` is set it goes along as a bearer's; a name and a password in the
    address go along as such.
    """

    def __init__(self, url: str) -> None:
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
        """One answer; parameters without a value are left out.

        Raises:
            RemoteFailedError: There is no answer, or none of a service of ours.
            RemoteRefusedError: The service refuses the question.
        """
        given = {name: value for name, value in params.items() if value is not None}
        return read_answer(self.url, self._sent("GET", path, params=given).content, answer)

    def file(self, path: str, params: Mapping[str, Param]) -> bytes:
        """An answer that is no JSON, as it is.

        Raises:
            RemoteFailedError: There is no answer.
            RemoteRefusedError: The service refuses the question.
        """
        given = {name: value for name, value in params.items() if value is not None}
        return self._sent("GET", path, params=given).content

    def pages[T](
        self, path: str, params: Mapping[str, Param], page_of: type["CollectionPage[T]"]
    ) -> Iterator[T]:
        """All items of a collection, page by page.

        Raises:
            RemoteFailedError: There is no answer, or none of a service of ours.
            RemoteRefusedError: The service refuses the question.
        """
        for page in self._pages(path, params, page_of):
            yield from page.items

    def on_day[T](
        self, path: str, params: Mapping[str, Param], page_of: type["DayPage[T]"]
    ) -> tuple[tuple[T, ...], date]:
        """All items of a collection that is about a day, and that day.

        Raises:
            RemoteFailedError: There is no answer, or none of a service of ours.
            RemoteRefusedError: The service refuses the question.
        """
        pages = list(self._pages(path, params, page_of))
        return tuple(item for page in pages for item in page.items), pages[0].as_of

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

    def post(self, path: str, body: bytes) -> bytes:
        """The answer to a body of JSON.

        Raises:
            RemoteFailedError: There is no answer.
            RemoteRefusedError: The service refuses the question.
        """
        return self._sent("POST", path, content=body).content

    def _sent(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Param] | None = None,
        content: bytes | None = None,
    ) -> httpx.Response:
        headers = {"content-type": "application/json"} if content is not None else {}
        with _reaching(self.url):
            response = self._client.request(
                method, path, params=_query(params or {}), content=content, headers=headers
            )
        if response.is_success:
            return response
        raise _refusal(self.url, response)


def days_asked(as_of: date | None, known_at: date | None) -> dict[str, Param]:
    """The two clocks as parameters."""
    return {
        "as_of": None if as_of is None else as_of.isoformat(),
        "known_at": None if known_at is None else known_at.isoformat(),
    }


def read_answer[T](url: str, content: bytes, answer: type[T]) -> T:
    """An answer as what it should be.

    Raises:
        RemoteFailedError: It is something else.
    """
    try:
        return msgspec.json.decode(content, type=answer)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise RemoteFailedError(url, NO_ABEYANCE) from None


def _checked(url: str) -> str:
    try:
        parts = urlsplit(url)
        is_one = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_one = False
    if not is_one:
        raise BadInputError("--url", "is no address like http://host:8080")
    return url.rstrip("/")


@contextmanager
def _reaching(url: str) -> Generator[None]:
    """Says in a line why a service cannot be reached.

    Raises:
        RemoteFailedError: It cannot.
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
        what = str(error) or type(error).__name__
        raise RemoteFailedError(shown, f"the connection broke: {what}") from None


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _query(params: Mapping[str, Param]) -> dict[str, list[str]]:
    return {
        name: [str(value)] if isinstance(value, str | int) else list(value or ())
        for name, value in params.items()
    }


def _refusal(url: str, response: httpx.Response) -> RemoteFailedError | RemoteRefusedError:
    """What an answer other than the one wanted says, as far as it says anything."""
    shown = _without_password(url)
    try:
        problem = msgspec.json.decode(response.content, type=_Problem)
    except (msgspec.DecodeError, UnicodeDecodeError):
        status = f"{response.status_code} {response.reason_phrase}"
        if response.status_code in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            status += f"; give the key that it asks for as {API_KEY}"
        return RemoteFailedError(shown, f"answers {status}: {NO_ABEYANCE}")
    if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        number = "" if problem.instance is None else f" ({problem.instance})"
        return RemoteFailedError(shown, f"{problem.title}: {problem.detail}{number}")
    if not problem.errors:
        return RemoteRefusedError(None, problem.detail or problem.title)
    first, *more = problem.errors
    reason = first.reason if not more else f"{first.reason} (and {len(more)} more)"
    return RemoteRefusedError(first.field, reason)


_ANSWER = msgspec.json.Decoder(ScreeningAnswer)


class ScreeningBody(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A question as a service takes it; fields as in `QuestionDraft`, its days as given."""

    counterparties: tuple[Counterparty, ...]
    lists: tuple[str, ...] | None = None
    as_of: date | None = None
    known_at: date | None = None
    since: date | None = None
    threshold: float | None = None
    limit: int | None = None


class AnswerSource(Protocol):
    """Answers one question after another."""

    def screen(self, body: ScreeningBody) -> bytes:
        """The JSON of a `ScreeningAnswer`, to be shown as it is.

        Raises:
            AbeyanceError: The question is refused, or cannot be asked.
        """
        ...


class LocalAnswers:
    """Answers from the data of this machine; one index for all questions."""

    def __init__(self, runner: asyncio.Runner, desk: Desk) -> None:
        self._runner = runner
        self._desk = desk

    def screen(self, body: ScreeningBody) -> bytes:
        """The JSON of a `ScreeningAnswer`."""
        asked = QuestionDraft(
            counterparties=body.counterparties,
            lists=body.lists,
            days=days_of(body.as_of, body.known_at, datetime.now(UTC)),
            since=body.since,
            threshold=body.threshold,
            limit=body.limit,
        )
        return b"".join(self._runner.run(self._desk.screen(asked)))


class RemoteAnswers:
    """Answers of a service elsewhere."""

    def __init__(self, service: RemoteService) -> None:
        self._service = service

    def screen(self, body: ScreeningBody) -> bytes:
        """The JSON of a `ScreeningAnswer`."""
        return self._service.post("/v1/screenings", msgspec.json.encode(body))


def read_screening(answer: bytes) -> ScreeningAnswer:
    """The answer out of its JSON.

    Raises:
        RemoteFailedError: It is none; only a service elsewhere can do that.
    """
    try:
        return _ANSWER.decode(answer)
    except (msgspec.DecodeError, UnicodeDecodeError):
        where = "the service"
        raise RemoteFailedError(where, NO_ABEYANCE) from None


@contextmanager
def answering(url: str | None, data_dir: Path | None) -> Generator[AnswerSource]:
    """Whoever answers: the service at `url`, else the data of this machine.

    Raises:
        AbeyanceError: Neither can.
    """
    if url is not None:
        with RemoteService(url) as service:
            yield RemoteAnswers(service)
        return
    with prepared_database(settings_with(data_dir)) as dsn, asyncio.Runner() as runner:
        yield LocalAnswers(runner, runner.run(local_desk(dsn)))
