"""The whole service on a real database with the bundled lists."""

import time
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from service.app.http import create_app
from service.flow.index import ListingIndex
from service.settings import Settings

READY_WITHIN_S = 60


@pytest.fixture(scope="module")
def client(listed_database: str, bundled_index: ListingIndex) -> Iterator[TestClient[Litestar]]:
    """A client of the service, ready, with the bundled lists."""
    app = create_app(Settings(data_dir=Path(), database_url=listed_database), bundled_index)
    with TestClient(app, raise_server_exceptions=False) as client:
        wait_until_ready(client)
        yield client


def wait_until_ready(client: TestClient[Litestar]) -> None:
    """Waits until an index is loaded."""
    until = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < until:
        if client.get("/readyz").status_code == HTTPStatus.OK:
            return
        time.sleep(0.05)
    pytest.fail("the service did not become ready")
