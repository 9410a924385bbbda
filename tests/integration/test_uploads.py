"""Uploaded tables are read apart: whatever one of them is, everybody else is answered."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import override

import httpx
import msgspec
import pytest
from litestar import Litestar

from abeyance_screening.app.application import create_app
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.features.tables.requests import TABLES_AT_ONCE, TABLES_WAITING
from abeyance_screening.platform.settings import Settings
from tests.unit.tables.tables import as_csv, as_xlsx
from tests.unit.tables.workbooks import NAME, PARTY, workbook

type Served = Callable[[], AbstractAsyncContextManager[httpx.AsyncClient]]

SHORT = as_csv([["Name"], ["Hikvision"]])


@pytest.fixture
def served(listed_database: str, bundled_index: ListingIndex) -> Served:
    settings = Settings(data_dir=Path(), database_url=listed_database)
    return lambda: _served(create_app(settings, bundled_index))


@pytest.fixture(scope="module")
def long() -> bytes:
    """A workbook that takes some seconds to read, with nothing to refuse."""
    rows = ([f"Mill {n}", *["text"] * 10] for n in range(20_000))
    return as_xlsx([["Name", *"ABCDEFGHIJ"], *rows])


class FromAnywhere(httpx.ASGITransport):
    """Requests that come from the address in their extension `client`."""

    @override
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.client = (request.extensions.get("client", "127.0.0.1"), 4711)
        return await super().handle_async_request(request)


@asynccontextmanager
async def _served(app: Litestar) -> AsyncGenerator[httpx.AsyncClient]:
    transport = FromAnywhere(app=app)  # pyright: ignore[reportArgumentType] - wider scope in its stub
    headers = {"origin": "http://test", "host": "test"}
    async with (
        app.lifespan(),
        httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers) as client,
    ):
        yield client


async def read(
    client: httpx.AsyncClient, name: str, content: bytes, address: str = "127.0.0.1"
) -> httpx.Response:
    return await client.post(
        "/spreadsheet/read", files={"file": (name, content)}, extensions={"client": address}
    )


async def test_evidence_and_answers_come_while_the_longest_tables_are_read(
    served: Served, long: bytes
):
    async with served() as client:
        body = {"counterparties": [{"name": "Hikvision"}]}
        kept = msgspec.json.decode((await client.post("/v1/screenings", json=body)).content)
        uploads = [asyncio.create_task(read(client, "long.xlsx", long)) for _ in range(3)]
        await asyncio.sleep(0.5)
        for path in (f"/evidence/{kept['id']}.pdf", "/v1/search?name=Hikvision"):
            assert (await client.get(path)).status_code == 200
        assert not any(upload.done() for upload in uploads)
        for upload in uploads:
            upload.cancel()
        await asyncio.gather(*uploads, return_exceptions=True)


async def test_who_comes_when_too_many_wait_is_told_to_come_again(served: Served):
    async with served() as client:
        room = TABLES_AT_ONCE + TABLES_WAITING
        answers = await asyncio.gather(*(read(client, "t.csv", SHORT) for _ in range(room + 1)))
        *others, busy = sorted(answers, key=lambda answer: answer.status_code)
        assert {answer.status_code for answer in others} == {200}
        assert (busy.status_code, busy.headers["retry-after"]) == (503, "5")
        assert "try again in a moment" in busy.text
        assert (await read(client, "t.csv", SHORT)).status_code == 200


async def test_a_page_without_a_script_says_so_too(served: Served, long: bytes):
    async with served() as client:
        waiting = TABLES_AT_ONCE + TABLES_WAITING
        # one client alone may not take the whole queue
        uploads = [
            asyncio.create_task(read(client, "long.xlsx", long, f"192.0.2.{n % 2}"))
            for n in range(waiting)
        ]
        await asyncio.sleep(0.5)
        page = await client.post("/spreadsheet", files={"file": ("t.csv", SHORT)})
        assert (page.status_code, page.headers["retry-after"]) == (503, "5")
        assert "The service is busy" in page.text
        for upload in uploads:
            upload.cancel()
        await asyncio.gather(*uploads, return_exceptions=True)


async def test_a_bomb_is_refused_in_a_sentence(served: Served):
    async with served() as client:
        answer = await read(client, "t.xlsx", workbook(NAME + PARTY + "<row/>" * 1_000_000))
        assert answer.status_code == 400
        assert answer.json()["detail"].startswith("file: holds more than 100,000 rows")
