"""Who answers the questions of a command: this machine's own data, or a service elsewhere."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Protocol

import msgspec

from service.app.local import local_desk
from service.cli.database import prepared_database
from service.cli.options import settings_with
from service.cli.remote import NO_ABEYANCE, RemoteService
from service.flow.ask import Asked
from service.flow.clocks import days_of
from service.flow.desk import Desk
from service.model.answer import ScreeningAnswer
from service.model.errors import RemoteFailedError
from service.model.question import Counterparty

_ANSWER = msgspec.json.Decoder(ScreeningAnswer)


class ScreeningBody(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A question as a service takes it; fields as in `Asked`, with the days as they were given."""

    counterparties: tuple[Counterparty, ...]
    lists: tuple[str, ...] | None = None
    as_of: date | None = None
    known_at: date | None = None
    since: date | None = None
    threshold: float | None = None
    limit: int | None = None


class Answering(Protocol):
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
        asked = Asked(
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
def answering(url: str | None, data_dir: Path | None) -> Generator[Answering]:
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
