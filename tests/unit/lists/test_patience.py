"""What is tried again, how often, and after which wait."""

import socket
from collections.abc import Iterator
from typing import Any, override

import httpx
import pytest

from abeyance_screening.platform.download import (
    Arriving,
    DownloadedFile,
    Patience,
    fault_of,
    fetch,
    full_jitter,
)
from abeyance_screening.primitives.errors import FetchFailedError
from tests.publisher import Publisher

BODY = b"id,name\n1,Acme\n" * 5_000
SIZE = f"{len(BODY):,}"
PATH = "/list.csv"
QUICK = Patience(tries=3, first_wait_s=0)
SHORT = Patience(tries=3, read_s=0.2, first_wait_s=0)


class Hurried(Patience, frozen=True, kw_only=True):
    """Limits with which nobody waits; `waits` are how long somebody would have waited."""

    waits: list[float]

    @override
    def wait_s(self, tries: int, retry_after_s: float | None) -> float:
        self.waits.append(super().wait_s(tries, retry_after_s))
        return 0


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher() as running:
        running.serve(PATH, BODY)
        yield running


async def brought(publisher: Publisher, patience: Patience = QUICK) -> DownloadedFile:
    return await fetch(publisher.url(PATH), patience=patience)


PASSING = [
    pytest.param("status", {"code": 408}, "the server answered 408", id="request timeout"),
    pytest.param("status", {"code": 425}, "the server answered 425", id="too early"),
    pytest.param("status", {"code": 429}, "the server answered 429", id="too many requests"),
    pytest.param("status", {"code": 500}, "the server answered 500", id="first server error"),
    pytest.param("status", {"code": 503}, "the server answered 503", id="busy"),
    pytest.param("cut", {"after": 1024}, f"cut off after 1,024 of {SIZE} bytes", id="cut"),
    pytest.param("cut", {"after": 0}, f"cut off after 0 of {SIZE} bytes", id="cut at once"),
    pytest.param(
        "cut",
        {"after": len(BODY) - 1},
        f"cut off after {len(BODY) - 1:,} of {SIZE} bytes",
        id="last byte cut",
    ),
    pytest.param(
        "wrong length",
        {"announced": len(BODY) + 1},
        f"cut off after {SIZE} of {len(BODY) + 1:,} bytes",
        id="announces too much",
    ),
    pytest.param("reset", {"after": 1024}, "cut off after 1,024 of", id="reset in the body"),
    pytest.param("reset", {}, r"no usable answer .the connection broke", id="reset at once"),
    pytest.param("hang", {}, r"no answer within 0\.2 s", id="hangs"),
    pytest.param(
        "hang",
        {"after": 1024},
        f"cut off after 1,024 of {SIZE} bytes: nothing more within 0.2 s",
        id="hangs in the body",
    ),
    pytest.param("raw", {"content": b""}, "no usable answer .Server disconnected", id="hangs up"),
    pytest.param(
        "raw", {"content": b"SSH-2.0-x\r\n\r\n"}, "no usable answer .illegal", id="not HTTP"
    ),
    pytest.param(
        "redirect", {"to": "http://x:y/"}, "no usable answer .Invalid URL in loc", id="no address"
    ),
    pytest.param(
        "raw",
        {"content": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nno"},
        "cannot be unpacked after 2 of 2 bytes",
        id="not gzip",
    ),
]


@pytest.mark.parametrize(("kind", "how", "reason"), PASSING)
async def test_what_may_pass_is_tried_again(
    publisher: Publisher, kind: str, how: dict[str, Any], reason: str
):
    patience = SHORT if kind == "hang" else QUICK
    publisher.fault(PATH, kind, times=2, **how)
    assert (await brought(publisher, patience)).content == BODY
    publisher.fault(PATH, kind, **how)
    with pytest.raises(FetchFailedError, match=rf"{reason}.*\b3 tries\)$"):
        await brought(publisher, patience)
    assert len(publisher.requests) == 6


@pytest.mark.parametrize("how", [("chunked",), ("gzip", "chunked")], ids=["plain", "gzip"])
async def test_a_cut_is_seen_where_no_length_was_announced(
    publisher: Publisher, how: tuple[str, ...]
):
    publisher.serve(PATH, BODY, how=how)
    publisher.fault(PATH, "cut", after=100)
    with pytest.raises(FetchFailedError, match=r"cut off after 100 bytes \(3 tries\)"):
        await brought(publisher)


async def test_a_packed_file_that_ends_in_the_middle_is_seen_without_any_length(
    publisher: Publisher,
):
    publisher.serve(PATH, BODY, how=("gzip",))
    publisher.fault(PATH, "cut", after=100, is_announced=False)
    with pytest.raises(FetchFailedError, match="after 100 bytes: the packed body has no end"):
        await brought(publisher)


async def test_no_wait_begins_that_outlasts_the_time(publisher: Publisher):
    publisher.fault(PATH, "status", code=503, headers={"Retry-After": "30"})
    with pytest.raises(FetchFailedError, match=r"answered 503$"):
        await brought(publisher, patience=Patience(total_s=20))


SECONDS = {"Retry-After": "30"}
DATE = {"Date": "Fri, 31 Jul 2026 13:15:00 GMT", "Retry-After": "Fri, 31 Jul 2026 13:15:30 GMT"}


@pytest.mark.parametrize("headers", [SECONDS, DATE], ids=["seconds", "date"])
async def test_the_server_may_ask_for_a_longer_wait(publisher: Publisher, headers: dict[str, str]):
    publisher.fault(PATH, "status", code=503, headers=headers, times=1)
    patience = Hurried(first_wait_s=0, longest_wait_s=30, waits=[])
    await brought(publisher, patience=patience)
    assert patience.waits == [30]


@pytest.mark.parametrize("headers", [SECONDS, DATE], ids=["seconds", "date"])
async def test_who_asks_to_be_left_alone_for_long_is_not_asked_again(
    publisher: Publisher, headers: dict[str, str]
):
    publisher.fault(PATH, "status", code=429, headers=headers)
    patience = Hurried(first_wait_s=0, longest_wait_s=29, waits=[])
    with pytest.raises(FetchFailedError, match=r"429, and asks to be left alone for 30 s$"):
        await brought(publisher, patience=patience)
    assert (patience.waits, len(publisher.requests)) == ([], 1)


async def test_waits_grow_as_the_jitter_makes_them(publisher: Publisher):
    publisher.fault(PATH, "status", code=503)
    ceilings: list[float] = []
    patience = Patience(tries=5, longest_wait_s=5, jitter=lambda s: ceilings.append(s) or 0)
    with pytest.raises(FetchFailedError, match="5 tries"):
        await brought(publisher, patience=patience)
    assert ceilings[:4] == [2, 4, 5, 5]


async def test_nobody_there_is_tried_again():
    with pytest.raises(
        FetchFailedError, match=r"http://127\.0\.0\.1:9/.* refused the .*, 3 tries\)"
    ):
        await fetch("http://127.0.0.1:9/list.csv", patience=QUICK)


async def test_a_failure_says_whose_server_it_was():
    with pytest.raises(FetchFailedError) as caught:
        await fetch("http://127.0.0.1:9/list.csv", patience=QUICK, whose="the mirror's")
    assert caught.value.reason == "the mirror's server refused the connection"


@pytest.mark.parametrize(
    ("cause", "reason"),
    [
        pytest.param(
            socket.gaierror(-2, "Name or service not known"),
            "the publisher's address could not be found",
            id="no such name",
        ),
        pytest.param(
            ExceptionGroup("all", [ConnectionRefusedError(111, "Connection refused")]),
            "the publisher's server refused the connection",
            id="nobody listens",
        ),
        pytest.param(
            OSError(101, "Network is unreachable"),
            "the publisher's server could not be reached",
            id="no network",
        ),
    ],
)
def test_why_there_is_no_connection_is_told_in_words_and_to_operators_in_detail(
    cause: Exception, reason: str
):
    error = httpx.ConnectError(str(cause))
    error.__cause__ = OSError("All connection attempts failed")
    error.__cause__.__cause__ = cause
    fault = fault_of(
        error, "the publisher's", Arriving("https://un.example/list.xml", 1, None), QUICK
    )
    assert (fault.reason, fault.detail) == (reason, str(cause))
    assert str(fault) == f"https://un.example/list.xml: {reason} ({cause})"


@pytest.mark.parametrize(
    ("tries", "retry_after_s", "wait_s"),
    [
        pytest.param(1, None, 2, id="first"),
        pytest.param(2, None, 4, id="second"),
        pytest.param(3, None, 5, id="highest"),
        pytest.param(1, 0.0, 2, id="asked for none"),
        pytest.param(1, 3.0, 5, id="asked for on top"),
    ],
)
def test_a_wait_is_what_was_asked_and_the_jitter_of_a_growing_ceiling(
    tries: int, retry_after_s: float | None, wait_s: float
):
    patience = Patience(first_wait_s=2, longest_wait_s=5, jitter=lambda ceiling_s: ceiling_s)
    assert patience.wait_s(tries, retry_after_s) == wait_s


def test_the_jitter_is_full():
    waits = [full_jitter(4) for _ in range(1_000)]
    assert 0 <= min(waits) < 1
    assert 3 < max(waits) <= 4
