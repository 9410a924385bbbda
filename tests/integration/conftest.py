"""The whole service on a real database with the bundled lists."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from abeyance_screening.app.application import create_app
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.settings import Operator, Settings
from abeyance_screening.platform.stores.connection import StoreOnConnection
from tests.integration.dated import AT_TWO, Dated
from tests.served import FixedClock, run, running, wait_for


@pytest.fixture(scope="module")
def operators() -> tuple[Operator, ...]:
    """The operators of the service; a module that has some writes its own."""
    return ()


@pytest.fixture(scope="module")
def client(
    listed_database: str, bundled_index: ListingIndex, operators: tuple[Operator, ...]
) -> Iterator[TestClient[Litestar]]:
    """A client of the service, ready, with the bundled lists."""
    settings = Settings(data_dir=Path(), database_url=listed_database, operators=operators)
    app = create_app(settings, bundled_index)
    with TestClient(app, raise_server_exceptions=False) as client:
        wait_until_ready(client)
        yield client


@pytest.fixture(scope="module")
def service(listed_database: str, bundled_index: ListingIndex) -> Iterator[TestClient[Litestar]]:
    """A client of a service that asks for keys, with one that may do everything."""
    key = run(listed_database, "keys", "add", "first", "--scope", "operator").strip()
    settings = Settings(data_dir=Path(), database_url=listed_database, access="keys")
    app = create_app(settings, bundled_index)
    with TestClient(app, raise_server_exceptions=False) as client:
        wait_until_ready(client)
        client.headers["x-api-key"] = key
        yield client


def wait_until_ready(client: TestClient[Litestar]) -> None:
    """Waits until an index is loaded."""
    wait_for(lambda: client.get("/readyz").is_success, "a service that is ready")


@pytest.fixture(scope="module")
def dated_service(listed_database: str, bundled_index: ListingIndex) -> Iterator[Dated]:
    """A running service that goes by a clock of its own."""
    clock = FixedClock(AT_TWO)
    app = create_app(Settings(data_dir=Path(), database_url=listed_database), bundled_index, clock)
    with running(app) as address:
        yield Dated(address, clock)


@pytest.fixture
def dated(dated_service: Dated) -> Dated:
    """The same at two in the morning UTC; a test may set its clock."""
    dated_service.clock.now = AT_TWO
    return dated_service


@pytest.fixture
async def store(emptied_database: str) -> AsyncIterator[StoreOnConnection]:
    async with connected(emptied_database) as connection:
        yield StoreOnConnection(connection)
