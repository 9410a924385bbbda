"""Downloads, from a server that does what servers do."""

import asyncio
import itertools
import socket
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from abeyance_screening.platform.download import (
    AllowedServers,
    DownloadedFile,
    Patience,
    Validators,
    fetch,
)
from abeyance_screening.primitives.errors import FetchFailedError
from tests.publisher import Publisher
from tests.publisher.faults import MAINTENANCE

BODY = b"id,name\n1,Acme\n" * 5_000
SIZE = f"{len(BODY):,}"
PATH = "/list.csv"
CHANGED = datetime(2026, 7, 31, 13, 15, tzinfo=UTC)
QUICK = Patience(tries=3, first_wait_s=0)


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher() as running:
        running.serve(PATH, BODY)
        yield running


async def brought(publisher: Publisher, patience: Patience = QUICK, **how: Any) -> DownloadedFile:
    return await fetch(publisher.url(PATH), patience=patience, **how)


async def test_a_file_comes_whole_with_the_day_it_last_changed(publisher: Publisher):
    publisher.serve(PATH, BODY, etag='"31"', last_modified=CHANGED)
    fetched = await brought(publisher)
    assert fetched.content == BODY
    assert fetched.last_modified_on == date(2026, 7, 31)
    assert fetched.seen == Validators(etag='"31"', last_modified="Fri, 31 Jul 2026 13:15:00 GMT")


async def test_a_server_that_says_nothing_of_its_file_is_not_quoted(publisher: Publisher):
    publisher.serve(PATH, BODY, etag=None)
    fetched = await brought(publisher)
    assert fetched.seen == Validators()
    assert fetched.last_modified_on is None


async def test_the_server_learns_who_asks_and_no_more(publisher: Publisher):
    await brought(publisher)
    headers = publisher.requests[0].headers
    assert headers["user-agent"].startswith("Abeyance/")
    assert headers["accept-encoding"] == "gzip, deflate"
    assert not headers.keys() & {"if-none-match", "if-modified-since", "cookie", "authorization"}


@pytest.mark.parametrize("etag", ['"31"', 'W/"31"', None], ids=["strong", "weak", "day only"])
async def test_an_unchanged_file_is_not_sent_again(publisher: Publisher, etag: str | None):
    publisher.serve(PATH, BODY, etag=etag, last_modified=CHANGED)
    first = await brought(publisher)
    again = await brought(publisher, seen=first.seen)
    assert again == DownloadedFile(
        content=None, seen=first.seen, last_modified_on=date(2026, 7, 31)
    )
    assert publisher.requests[1].headers.get("if-none-match") == etag


async def test_a_changed_file_is_sent_whole_with_what_to_ask_next(publisher: Publisher):
    first = await brought(publisher)
    publisher.serve(PATH, b"new", etag='"32"')
    again = await brought(publisher, seen=first.seen)
    assert again == DownloadedFile(
        content=b"new", seen=Validators(etag='"32"'), last_modified_on=None
    )


@pytest.mark.parametrize("seen", [None, Validators()], ids=["nothing", "nothing said"])
async def test_unchanged_is_no_answer_to_who_has_nothing(
    publisher: Publisher, seen: Validators | None
):
    publisher.fault(PATH, "raw", content=b"HTTP/1.1 304 Not Modified\r\n\r\n")
    with pytest.raises(FetchFailedError, match="answered 304"):
        await brought(publisher, seen=seen)


async def test_an_etag_that_no_header_can_hold_is_not_asked_with(publisher: Publisher):
    head = b'HTTP/1.1 200 OK\r\nETag: "\xc3\xa9"\r\nContent-Length: 0\r\n\r\n'
    publisher.fault(PATH, "raw", content=head)
    assert (await brought(publisher)).seen == Validators()


@pytest.mark.parametrize(
    "how", [(), ("chunked",), ("gzip",), ("gzip", "chunked")], ids=["plain", "c", "g", "g and c"]
)
async def test_progress_is_told_as_sent(publisher: Publisher, how: tuple[str, ...]):
    publisher.serve(PATH, BODY, how=how)
    told: list[tuple[int, int | None]] = []
    fetched = await brought(publisher, on_progress=lambda *each: told.append(each))
    assert fetched.content == BODY
    assert [came for came, _ in told] == sorted({came for came, _ in told})
    came, announced = told[-1]
    assert announced == (None if "chunked" in how else came)
    assert (came < len(BODY)) == ("gzip" in how)


@pytest.mark.parametrize(
    ("kind", "how", "reason"),
    [
        pytest.param("status", {"code": 204}, "answered 204", id="no content"),
        pytest.param("status", {"code": 302}, "answered 302", id="redirected to nowhere"),
        pytest.param("status", {"code": 403}, "answered 403", id="forbidden"),
        pytest.param("status", {"code": 404}, "answered 404", id="gone"),
        pytest.param(
            "status", {"code": 200, "headers": {"Content-Encoding": "br"}}, "'br'", id="brotli"
        ),
        pytest.param(
            "status",
            {"code": 200, "headers": {"Content-Encoding": "gzip, gzip"}},
            "'gzip, gzip', which was not asked for",
            id="packed twice",
        ),
        pytest.param(
            "redirect",
            {"to": PATH, "headers": {"Set-Cookie": "s=\xe9"}},
            r"cannot be requested \('ascii' codec",
            id="a cookie that cannot be sent back",
        ),
        pytest.param("redirect", {"to": "ftp://x/y"}, "to ftp://x, not", id="another scheme"),
        pytest.param(
            "redirect", {"to": "http://x:65536/"}, "leads to no valid http or", id="no such port"
        ),
        pytest.param(
            "redirect",
            {"to": PATH},
            r"redirected more than 5 times \(at last to http",
            id="circle",
        ),
    ],
)
async def test_what_will_not_pass_is_asked_once(
    publisher: Publisher, kind: str, how: dict[str, Any], reason: str
):
    publisher.fault(PATH, kind, **how)
    with pytest.raises(FetchFailedError, match=reason):
        await brought(publisher)
    assert len(publisher.requests) == (6 if how == {"to": PATH} else 1)


@pytest.mark.parametrize(
    "how", [(), ("chunked",), ("gzip",)], ids=["announced", "as sent", "gzip"]
)
async def test_a_file_is_taken_up_to_its_limit(publisher: Publisher, how: tuple[str, ...]):
    publisher.serve(PATH, b"x" * 100_000, how=how)
    assert (await brought(publisher, patience=Patience(max_bytes=100_000))).content is not None
    with pytest.raises(FetchFailedError, match="more than 99,999 bytes"):
        await brought(publisher, patience=Patience(max_bytes=99_999))
    assert len(publisher.requests) == 2


async def test_a_packed_bomb_is_stopped_while_it_unpacks(publisher: Publisher):
    publisher.fault(PATH, "bomb", size=20_000_000)
    told: list[int] = []
    with pytest.raises(FetchFailedError, match="more than 1,000,000 bytes"):
        await brought(
            publisher,
            patience=Patience(max_bytes=1_000_000),
            on_progress=lambda came, _: told.append(came),
        )
    assert max(told, default=0) < 10_000


@pytest.mark.parametrize("body", [b"", MAINTENANCE], ids=["nothing", "a page"])
async def test_what_the_file_says_is_for_its_reader(publisher: Publisher, body: bytes):
    publisher.fault(PATH, "html", body=body)
    assert (await brought(publisher)).content == body


async def test_a_dribble_ends_with_the_time(publisher: Publisher):
    """The whole file would take ten minutes."""
    publisher.fault(PATH, "dribble", every_s=0.01)
    with pytest.raises(FetchFailedError, match=rf"complete within 0\.3 s: \d+ of {SIZE} bytes"):
        await brought(publisher, patience=Patience(total_s=0.3))
    assert len(publisher.requests) == 1


@pytest.mark.parametrize(
    ("slowest_per_s", "is_whole"),
    [pytest.param(2, False, id="too slow"), pytest.param(1, True, id="just fast enough")],
)
async def test_a_body_that_comes_a_byte_a_second_is_given_up_after_one_stretch(
    publisher: Publisher, slowest_per_s: int, is_whole: bool
):
    """A second passes with each look at the clock, of which there is one for each chunk."""
    publisher.serve(PATH, b"x" * 40)
    publisher.fault(PATH, "dribble", every_s=0.01)
    ticks = itertools.count()
    patience = Patience(read_s=10, slowest_per_s=slowest_per_s, clock=lambda: float(next(ticks)))
    if is_whole:
        assert (await brought(publisher, patience)).content == b"x" * 40
        return
    with pytest.raises(FetchFailedError, match=r"^\S+: too slow: 10 of 40 bytes arrived, less"):
        await brought(publisher, patience)
    # once, and not again after a wait
    assert (len(publisher.requests), next(ticks)) == (1, 11)


async def test_a_file_that_claims_to_be_of_the_future_has_no_day(publisher: Publisher):
    now = datetime.now(UTC)
    publisher.serve(PATH, BODY, last_modified=now + timedelta(days=2))
    assert (await brought(publisher)).last_modified_on is None
    publisher.serve(PATH, BODY, last_modified=now)
    assert (await brought(publisher)).last_modified_on == now.date()


async def test_a_redirect_to_nobody_is_told_from_a_publisher_out_of_reach(publisher: Publisher):
    publisher.fault(PATH, "redirect", to="http://127.0.0.1:9/list.csv")
    with pytest.raises(FetchFailedError) as caught:
        await brought(publisher)
    assert caught.value.reason == "the redirect's server refused the connection"
    assert (caught.value.detail or "").startswith("http://127.0.0.1: ")


async def test_silence_ends_with_the_time(publisher: Publisher):
    publisher.fault(PATH, "hang")
    with pytest.raises(FetchFailedError, match=r"not complete within 0\.1 s: nothing arrived"):
        await brought(publisher, patience=Patience(total_s=0.1))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "list.csv",
        "ftp://x/y",
        "http://",
        "http://[::1",
        "http://x:y/",
        "http://x:65536/",
        "http://a\nb/",
    ],
)
async def test_what_is_no_address_is_not_asked(url: str):
    with pytest.raises(FetchFailedError, match="leads to no valid http or https address"):
        await fetch(url, patience=QUICK)


async def test_a_cancelled_download_ends(publisher: Publisher):
    publisher.fault(PATH, "hang", after=1024)
    has_begun = asyncio.Event()
    running = asyncio.create_task(
        brought(publisher, patience=Patience(), on_progress=lambda *_: has_begun.set())
    )
    await has_begun.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


REDIRECT = b"HTTP/1.1 302 Found\r\nSet-Cookie: %b\r\nLocation: http:/%b\r\n\r\n"
FIELD = st.binary(max_size=20).map(lambda each: each.replace(b"\n", b""))


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    raw=st.binary(max_size=200)
    | st.binary(max_size=100).map(b"HTTP/1.1 200 OK\r\n".__add__)
    | st.tuples(FIELD, FIELD).map(REDIRECT.__mod__)
)
async def test_whatever_a_server_sends_is_a_file_or_a_refusal(publisher: Publisher, raw: bytes):
    publisher.heal(PATH)
    publisher.fault(PATH, "raw", content=raw, times=1)
    with suppress(FetchFailedError):
        fetched = await brought(publisher, patience=Patience(tries=1, read_s=0.1))
        assert fetched.content is not None


@pytest.mark.parametrize(
    ("looks", "asked"),
    [
        pytest.param(["127.0.0.1"], 0, id="at the first look"),
        pytest.param(["93.184.215.14", "127.0.0.1"], 1, id="between the look and the request"),
    ],
)
async def test_a_redirect_to_a_private_address_is_sent_nothing(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch, looks: list[str], asked: int
):
    connections: list[bytes] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(await reader.read(100))
        writer.close()

    real, left = socket.getaddrinfo, list(looks)

    def leads_to(host: Any, *rest: Any, **how: Any) -> Any:
        """What a name leads to: the last address for good."""
        if host not in {"files.example", b"files.example"}:
            return real(host, *rest, **how)
        return real(left.pop(0) if len(left) > 1 else left[0], *rest, **how)

    monkeypatch.setattr(socket, "getaddrinfo", leads_to)
    async with await asyncio.start_server(take, "127.0.0.1", 0) as private:
        port = private.sockets[0].getsockname()[1]
        publisher.fault(PATH, "redirect", to=f"https://files.example:{port}/latest")
        allowed = AllowedServers(start=publisher.url(PATH))
        with pytest.raises(
            FetchFailedError, match=r"files\.example, an address that is not public"
        ):
            await brought(publisher, allowed=allowed)
        await asyncio.sleep(0)
    assert connections == [b""] * asked
