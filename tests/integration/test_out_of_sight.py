"""A replica that is cut off from its database, without being told, gives no all-clear."""

import asyncio
import contextlib
import json
import threading
import time
from collections.abc import AsyncGenerator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from abeyance_screening.app.application import create_app
from abeyance_screening.engine.lists.edition import GivenFile
from abeyance_screening.engine.lists.load import ListFiles, wanted_by_name
from abeyance_screening.features.lists.load import load_into
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.postgres.migrations import migrate
from abeyance_screening.platform.settings import Settings
from abeyance_screening.platform.stores.connection import StoreOnConnection
from abeyance_screening.platform.stores.register import record_shipped
from tests.integration.conftest import wait_until_ready
from tests.served import wait_for
from tests.shipped_register import shipped


class Wire:
    """A wire to a server. Once it is cut, what is sent into either end is swallowed in silence."""

    def __init__(self, dsn: str) -> None:
        parts = urlsplit(dsn)
        asked = parse_qs(parts.query)
        self._socket = asked.get("host", [None])[0]
        self._to = (parts.hostname or "", parts.port or int(asked.get("port", ["5432"])[0]))
        self._is_whole = threading.Event()
        self._is_whole.set()
        self._port = 0
        self.dsn_of = lambda: parts._replace(
            netloc=f"{parts.username}:{parts.password or 'none'}@127.0.0.1:{self._port}", query=""
        ).geturl()

    def cut(self) -> None:
        self._is_whole.clear()

    def mend(self) -> None:
        self._is_whole.set()

    @contextlib.asynccontextmanager
    async def laid(self) -> AsyncGenerator[None]:
        server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        self._port = server.sockets[0].getsockname()[1]
        async with server:
            yield
            server.close_clients()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._socket is None:
            far_reader, far_writer = await asyncio.open_connection(*self._to)
        else:
            path = f"{self._socket}/.s.PGSQL.{self._to[1]}"
            far_reader, far_writer = await asyncio.open_unix_connection(path)
        was_whole = self._is_whole.is_set()
        with contextlib.suppress(OSError):
            await asyncio.gather(
                self._pass(reader, far_writer, is_whole=was_whole),
                self._pass(far_reader, writer, is_whole=was_whole),
            )

    async def _pass(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, is_whole: bool
    ) -> None:
        """Bytes from one end to the other; a connection that has lost some carries none again."""
        while data := await reader.read(65_536):
            is_whole = is_whole and self._is_whole.is_set()
            if is_whole:
                writer.write(data)
        writer.close()


class Clock:
    """The time of the test, so that no minute is waited for."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def go(self, seconds: float) -> None:
        self.ahead += timedelta(seconds=seconds)


@pytest.fixture
def wire(fresh_database: str) -> Iterator[Wire]:
    wire, begun, done = Wire(fresh_database), threading.Event(), threading.Event()

    async def lay() -> None:
        async with wire.laid():
            begun.set()
            await asyncio.to_thread(done.wait)

    thread = threading.Thread(target=lambda: asyncio.run(lay()))
    thread.start()
    begun.wait()
    yield wire
    done.set()
    thread.join()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("abeyance_screening.app.application.utc_now", clock)
    monkeypatch.setattr("abeyance_screening.platform.postgres.pool.LOOK_EVERY_S", 0.1)
    monkeypatch.setattr("abeyance_screening.platform.postgres.database.QUERY_TIMEOUT_S", 0.5)
    return clock


@pytest.fixture
def client(fresh_database: str, wire: Wire, clock: Clock) -> Iterator[TestClient[Litestar]]:
    asyncio.run(fill(fresh_database, clock()))
    app = create_app(Settings(data_dir=Path(), database_url=wire.dsn_of()))
    with TestClient(app, raise_server_exceptions=False) as client:
        wait_until_ready(client)
        yield client
        wire.mend()


async def loaded_into(dsn: str, given: ListFiles) -> None:
    await load_into(Settings(data_dir=Path(), database_url=dsn), dsn, given)


async def fill(dsn: str, now: datetime) -> None:
    async with connected(dsn) as connection:
        await migrate(connection)
        await record_shipped(StoreOnConnection(connection), shipped(), now)
    content = json.dumps({"id": "1", "name": "Quixotic Zeppelin Works"}).encode()
    given = ListFiles(wanted=wanted_by_name("mine"), files=(GivenFile("mine", content),))
    await loaded_into(dsn, given)


def ask(client: TestClient[Litestar], name: str):
    return client.get("/v1/search", params={"name": name, "lists": "mine"}).json()


def test_a_replica_that_is_cut_off_says_so_and_comes_back_by_itself(client, wire, clock):
    before = ask(client, "Borogove Mills")
    assert (before["outcome"], before["coverage"]["complete"]) == ("no_hits", True)
    assert before["coverage"]["reasons"] == []
    clock.go(3_600)
    wait_for(lambda: client.get("/readyz").status_code == 200, "the next look")
    wire.cut()
    time.sleep(0.5)
    assert ask(client, "Borogove Mills")["outcome"] == "no_hits"
    clock.go(61)
    during = ask(client, "Borogove Mills")
    assert (during["outcome"], during["coverage"]["complete"]) == ("incomplete", False)
    (reason,) = during["coverage"]["reasons"]
    assert reason.startswith("the database was last seen at ")
    assert ask(client, "Quixotic Zeppelin Works")["outcome"] == "hits"
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["detail"]) == (503, reason)
    assert ready.json()["type"] == "/problems/database-out-of-sight"
    assert client.get("/healthz").status_code == 200
    assert client.get("/v1/lists").json()["reasons"] == [reason]
    page = client.get("/", params={"name": "Borogove Mills", "lists": "mine"}).text
    assert f"T{reason[1:]}." in page
    wire.mend()
    wait_for(lambda: client.get("/readyz").status_code == 200, "the database")
    assert ask(client, "Borogove Mills")["coverage"] == before["coverage"]


def test_a_list_that_came_meanwhile_is_in_the_first_complete_answer(
    client, wire, clock, fresh_database: str
):
    wire.cut()
    time.sleep(0.5)
    clock.go(61)
    assert ask(client, "Borogove Mills")["outcome"] == "incomplete"
    content = (
        b'{"id": "1", "name": "Quixotic Zeppelin Works"}\n{"id": "2", "name": "Borogove Mills"}'
    )
    given = ListFiles(wanted=wanted_by_name("mine"), files=(GivenFile("mine", content),))
    asyncio.run(loaded_into(fresh_database, given))
    wire.mend()
    outcomes: list[str] = []

    def is_back() -> bool:
        outcomes.append(ask(client, "Borogove Mills")["outcome"])
        return outcomes[-1] != "incomplete"

    wait_for(is_back, "the database")
    assert outcomes[-1] == "hits"
