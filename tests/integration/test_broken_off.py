"""A client that goes away in the middle of its request is no bug, and nothing is kept of it."""

import asyncio
import logging
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx
import pytest

from abeyance_screening.app.application import create_app
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.settings import Operator, Settings
from tests.integration.anna import EVENTS, KEY
from tests.served import listening, wait_for

FORM = "multipart/form-data; boundary=edge"
UPLOAD = (
    b'--edge\r\nContent-Disposition: form-data; name="file"; filename="parties.csv"\r\n'
    b"Content-Type: text/csv\r\n\r\nName,Country\r\n" + b"Hikvision,CN\r\n" * 20_000
)
BODY = b'{"counterparties": [{"name": "Hikvision"}, {"name": "Hua'
JSON, LETTERS = "application/json", "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def address(listed_database: str, bundled_index: ListingIndex) -> Iterator[str]:
    settings = Settings(
        data_dir=Path(),
        database_url=listed_database,
        operators=(Operator(name="anna", key=KEY),),
    )
    with listening(create_app(settings, bundled_index)) as address:
        yield address


class Watched(NamedTuple):
    """A running service, its database, and what is logged from now on."""

    address: str
    dsn: str
    log: pytest.LogCaptureFixture


@pytest.fixture
def served(address: str, listed_database: str, caplog: pytest.LogCaptureFixture) -> Watched:
    caplog.set_level(logging.INFO)
    return Watched(address, listed_database, caplog)


def break_off(address: str, head: str, half: bytes) -> None:
    """Sends the beginning of a request and closes the connection."""
    place = urlsplit(address)
    head += f"host: {place.netloc}\r\nauthorization: Bearer {KEY}\r\n\r\n"
    with socket.create_connection((place.hostname or "", place.port or 0), 10) as connection:
        connection.sendall(head.encode() + half)


def kept_count(dsn: str) -> int:
    async def count() -> int:
        async with connected(dsn) as connection:
            return await connection.fetchval("select count(*) from screening")

    return asyncio.run(count())


@pytest.mark.parametrize(
    ("path", "media_type", "half"),
    [
        pytest.param("/v1/screenings", JSON, BODY, id="screening"),
        pytest.param("/v1/screenings", JSON, b"", id="screening without a byte"),
        pytest.param(EVENTS, JSON, b'{"kind": "ext', id="operator's event"),
        pytest.param("/spreadsheet", FORM, UPLOAD, id="table without a script"),
        pytest.param("/spreadsheet/read", FORM, UPLOAD, id="table"),
        pytest.param("/spreadsheet/screen", JSON, BODY, id="batch of rows"),
        pytest.param("/spreadsheet/write", JSON, BODY, id="results to write"),
        pytest.param("/spreadsheet/results", LETTERS, b"name=Hikvision&as_of=2", id="results"),
        pytest.param("/evidence", LETTERS, b"name=Hikvision&as_of=2", id="evidence"),
    ],
)
@pytest.mark.parametrize("in_chunks", [False, True], ids=["of known length", "in chunks"])
def test_what_is_broken_off_is_no_bug(
    served: Watched, path: str, media_type: str, half: bytes, *, in_chunks: bool
):
    before = kept_count(served.dsn)
    sent = b"%x\r\n%b\r\n" % (len(half), half) if in_chunks and half else half
    framing = "transfer-encoding: chunked" if in_chunks else f"content-length: {len(half) + 100}"
    head = f"POST {path} HTTP/1.1\r\ncontent-type: {media_type}\r\n{framing}\r\n"
    break_off(served.address, head, sent)
    wait_for(lambda: "request.broken_off" in served.log.messages, "the log says so")
    assert httpx.get(f"{served.address}/healthz", timeout=10).is_success
    records = served.log.records
    assert [each for each in records if each.levelno >= logging.WARNING or each.exc_info] == []
    assert "Hikvision" not in served.log.text
    assert kept_count(served.dsn) == before
