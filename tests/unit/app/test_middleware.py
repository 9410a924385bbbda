"""What each request passes first: by which name it asks, and whose turn it is."""

import asyncio
from pathlib import Path

import httpx
import pytest

from abeyance_screening.app.metrics import Meter, seen
from abeyance_screening.platform.http.hosts import host_check
from abeyance_screening.platform.http.middleware import CallerQueues, fronted
from abeyance_screening.platform.settings import Settings
from abeyance_screening.primitives.errors import BrokenOffError, BusyError
from abeyance_screening.primitives.fair_scheduler import Work


@pytest.mark.parametrize(
    ("host", "is_ours"),
    [
        ("localhost:8080", True),
        ("LOCALHOST", True),
        ("desk.localhost", True),
        ("127.0.0.1:8080", True),
        ("[::1]:8080", True),
        ("192.0.2.7", True),
        ("Desk.Example.:443", True),
        ("evil.example", False),
        ("desk.example.evil.example", False),
        ("notlocalhost", False),
        ("127.0.0.1.evil.example", False),
        ("desk.example:evil", False),
        ("[::1", False),
        ("", False),
    ],
)
def test_only_the_services_own_names_and_addresses_are_taken(host: str, is_ours: bool):
    assert host_check(["desk.example"])(host.encode()) is is_ours
    assert host_check(["*"])(b"evil.example")


async def test_a_refusal_before_any_handler_names_its_request():
    async def never(*_: object) -> None:
        raise AssertionError

    settings = Settings(data_dir=Path(), hosts=("desk.example",))
    transport = httpx.ASGITransport(seen(fronted(never, settings), Meter()))  # pyright: ignore[reportArgumentType] - litestar's scopes are narrower
    async with httpx.AsyncClient(transport=transport, base_url="http://evil.example") as client:
        refused = await client.get("/", headers={"x-request-id": "order-7"})
    assert refused.status_code == 421
    assert refused.json()["request_id"] == refused.headers["x-request-id"] == "order-7"


async def test_a_caller_has_some_requests_at_once_others_wait_and_more_are_refused():
    queues, done = CallerQueues(at_once=1, waiting=2), list[str]()

    async def request(name: str, caller: str, work: Work) -> None:
        with work:
            work.caller = caller
            await queues.enter(work)
            await asyncio.sleep(0.01)
            done.append(name)

    works = [Work(60) for _ in range(5)]
    tasks = [
        asyncio.create_task(request(name, name[0], work))
        for name, work in zip(("a1", "a2", "a3", "a4", "b1"), works, strict=True)
    ]
    await asyncio.sleep(0)
    works[1].abandon()
    ended = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(each) for each in ended] == [
        type(None),
        BrokenOffError,
        type(None),
        BusyError,
        type(None),
    ]
    assert done == ["a1", "b1", "a3"]
    with Work(60) as again:
        again.caller = "a"
        await asyncio.wait_for(queues.enter(again), 1)
