"""However large a request, others get their turn: the loop is never held for long."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import msgspec
import pytest

from service.app import create_app
from service.settings import Settings

# Reading ten megabytes in one go takes a quarter of a second, several where it is done in Python.
HELD_AT_MOST_S = 1.0
SCREENINGS, EVENTS = "/v1/screenings", "/v1/measures/us-bis-affiliates-rule/events"
ONE_PARTY_OF_4000_NAMES = msgspec.json.encode(
    {
        "counterparties": [
            {
                "name": "Plain Bakery",
                "owners": [
                    {
                        "name": f"Trading {n}",
                        "id": "1",
                        "aliases": [f"A {n} {m}" for m in range(20)],
                    }
                    for n in range(199)
                ],
            }
        ]
    }
)
JSON = {"content-type": "application/json"}
UNREADABLE = b'{"a":[' + b"{}," * 3_200_000 + b"{}]}"
OWNERS = b'{"name":"A","owners":[' + b",".join([b'{"name":"B"}'] * 190) + b"]}"
TOO_MANY = b'{"counterparties":[' + b",".join([OWNERS] * 990) + b"]}"


@asynccontextmanager
async def _running(dsn: str) -> AsyncGenerator[httpx.AsyncClient]:
    app = create_app(Settings(data_dir=Path(), database_url=dsn))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)  # pyright: ignore[reportArgumentType] - wider scope in its stub
    async with (
        app.lifespan(),
        httpx.AsyncClient(transport=transport, base_url="http://test") as client,
    ):
        yield client


async def _longest_hold() -> float:
    """Ends when it is cancelled, by which time its answer is known."""
    longest, before = 0.0, time.monotonic()
    try:
        while True:
            await asyncio.sleep(0)
            now = time.monotonic()
            longest, before = max(longest, now - before), now
    except asyncio.CancelledError:
        return longest


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        pytest.param(EVENTS, UNREADABLE, 401, id="an event without a key"),
        pytest.param(SCREENINGS, UNREADABLE, 400, id="no question"),
        pytest.param(SCREENINGS, TOO_MANY, 400, id="a question too large"),
        pytest.param(SCREENINGS, ONE_PARTY_OF_4000_NAMES, 200, id="an owner of many names"),
    ],
)
async def test_the_largest_requests_let_others_have_their_turn(
    listed_database: str, path: str, body: bytes, status: int
):
    async with _running(listed_database) as client:
        watch = asyncio.create_task(_longest_hold())
        await asyncio.sleep(0)
        answer = await client.post(path, content=body, headers=JSON)
        watch.cancel()
        assert answer.status_code == status
        assert await watch < HELD_AT_MOST_S
