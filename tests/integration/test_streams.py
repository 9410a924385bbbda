"""A screening as a stream: a counterparty a line, answered in order while lines still come."""

import asyncio
import gzip
import json
import logging
import socket
import threading
import time
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, cast
from urllib.parse import urlencode, urlsplit

import httpx
import pytest
from backports import zstd

from abeyance_screening.app.application import create_app
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.engine.screening.open_screening import OpenScreening
from abeyance_screening.engine.screening.question import Counterparty
from abeyance_screening.features.screen import stream
from abeyance_screening.platform.http import spool as spooling
from abeyance_screening.platform.settings import Settings
from abeyance_screening.primitives.errors import QuotaExceededError
from tests.served import listening, wait_for

# The 20,000 answers of that test would take longer, and other tests keep the machine busy.
NDJSON = {"content-type": "application/x-ndjson"}
MELLI = {"id": "C-1", "name": "Bank Melli", "countries": ["IR"]}
ASKED = [
    MELLI,
    {"id": "C-2", "name": "Plain Bakery of Lower Wherever"},
    {"id": "C-3", "name": "Nordlicht", "owners": [{"name": "Rosoboronexport", "share": 60}]},
]
SETTINGS = {"lists": ["us_ofac_sdn", "un_sc"], "as_of": "2026-11-24", "known_at": "2026-11-24"}


@pytest.fixture(scope="module")
def address(listed_for_all: str, bundled_index: ListingIndex) -> Iterator[str]:
    settings = Settings(data_dir=Path(), database_url=listed_for_all)
    with listening(create_app(settings, bundled_index)) as address:
        yield address


def lines_of(rows: Iterable[object]) -> bytes:
    return b"".join(json.dumps(each).encode() + b"\n" for each in rows)


def answered(address: str, body: bytes, **headers: str) -> list[Any]:
    with httpx.Client(base_url=address, timeout=60, headers=NDJSON | headers) as client:
        answer = client.post("/v1/screenings", params=SETTINGS, content=body)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(each) for each in answer.text.splitlines()]


def begun(address: str, body: bytes, receive_bytes: int | None = None) -> socket.socket:
    """A connection on which a request has begun, whose body may go on."""
    place = urlsplit(address)
    connection = socket.socket()
    if receive_bytes is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
    connection.settimeout(30)
    connection.connect((place.hostname, place.port))
    target = f"/v1/screenings?{urlencode(SETTINGS, doseq=True)}"
    head = f"POST {target} HTTP/1.1\r\nhost: {place.netloc}\r\nconnection: close\r\n"
    head += "content-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n"
    connection.sendall(head.encode() + chunk(body))
    return connection


def chunk(body: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(body), body)


def test_each_line_has_its_answer_in_its_place(address: str):
    unreadable = {
        b"": "line",
        b"{": "line",
        b'{"nmae": "A"}': "nmae",
        b'{"name": "A", "aliases": [""]}': "aliases[0]",
        b'{"name": "A", "countries": ["XX"]}': "countries[0]",
        b'{"name": "A", "name": "B"}': "name",
        b'{"name": "' + b"A" * stream.MAX_LINE_BYTES + b'"}': "line",
    }
    body = b"\n".join([*unreadable, lines_of(ASKED).rstrip(b"\n").replace(b"\n", b"\r\n")])
    *answers, last = answered(address, body)
    refused = answers[: len(unreadable)]
    assert [(each["line"], each["field"]) for each in refused] == [
        (number, field) for number, field in enumerate(unreadable.values(), start=1)
    ]
    assert not [each for each in refused if "outcome" in each or not each["reason"]]
    whole = {"counterparties": ASKED, "store": False, **SETTINGS}
    screening = httpx.post(f"{address}/v1/screenings", json=whole, timeout=60).json()
    assert answers[len(unreadable) :] == screening["results"]
    assert [each["outcome"] for each in screening["results"]][::2] == ["hits", "owner_hits"]
    assert last["coverage"] == screening["coverage"]
    assert (last["count"], last["refused"], last["id"]) == (10, 7, None)
    assert "outcome" not in last


def test_a_line_is_answered_while_others_still_come(address: str):
    with begun(address, lines_of([MELLI])) as connection:
        came = b""
        while b'"id":"C-1"' not in came:
            came += connection.recv(65_536)
        connection.sendall(chunk(lines_of(ASKED[1:2])) + b"0\r\n\r\n")
        came = b"".join(iter(lambda: connection.recv(65_536), b""))
    assert b'"id":"C-2"' in came
    assert b'"count":2' in came


@pytest.mark.parametrize(
    ("encoding", "compress"),
    [
        pytest.param("gzip", gzip.compress, id="gzip"),
        pytest.param("zstd", zstd.compress, id="zstd"),
    ],
)
def test_bodies_may_be_encoded(address: str, encoding: str, compress: Any):
    # in two members, the first of which is large and says nothing
    body = compress(b" " * 20_000_000 + b"\n") + compress(lines_of(ASKED))
    headers = {"content-encoding": encoding, "accept-encoding": encoding}
    url = f"{address}/v1/screenings"
    with httpx.stream("POST", url, content=body, headers=NDJSON | headers) as answer:
        assert answer.headers["content-encoding"] == encoding
        raw = b"".join(answer.iter_raw())
    plain = zlib.decompress(raw, 31) if encoding == "gzip" else zstd.decompress(raw)
    refused, *results, last = map(json.loads, plain.splitlines())
    assert refused["reason"] == "is longer than 1,000,000 bytes"
    assert [each["id"] for each in results] == ["C-1", "C-2", "C-3"]
    assert last["count"] == 4
    for cut in (body[:-4], body + b"nonsense"):
        *_, last = answered(address, cut, **{"content-encoding": encoding})
        assert last.keys() == {"line", "field", "reason"}
        assert encoding in last["reason"]


def test_who_reads_only_in_the_end_gets_everything(address: str, monkeypatch: pytest.MonkeyPatch):
    """Answers of some 10 MB wait on disk, which is empty afterwards."""
    monkeypatch.setattr(spooling, "_FILE_BYTES", 1_000_000)
    disk = spooling.SHARED_DISK
    body = lines_of({"id": str(number), "name": "Bank Melli"} for number in range(400))
    with begun(address, body, 4_096) as connection:
        wait_for(lambda: disk.taken > 5_000_000)
        connection.sendall(b"0\r\n\r\n")
        came = b"".join(iter(lambda: connection.recv(65_536), b""))
    assert came.count(b'"name":"Bank Melli","outcome":"hits"') == 400
    assert b'"count":400' in came
    wait_for(lambda: disk.taken == 0)


def test_work_ends_when_the_client_leaves(address: str, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO)
    body = lines_of({"name": f"Bank Melli {number}"} for number in range(20_000))
    with begun(address, body) as connection:
        assert connection.recv(1_000)
    wait_for(lambda: "request.broken_off" in caplog.messages)
    assert [each for each in caplog.records if each.levelno >= logging.WARNING] == []


async def test_a_stream_that_is_cut_while_its_file_is_opened_leaves_none(
    monkeypatch: pytest.MonkeyPatch,
):
    begun, opened = threading.Event(), list[IO[bytes]]()

    def open_late() -> IO[bytes]:
        begun.set()
        time.sleep(0.2)
        opened.append(TemporaryFile())  # noqa: SIM115 - the spool closes it
        return opened[0]

    monkeypatch.setattr(spooling, "TemporaryFile", open_late)
    disk = spooling.Disk()
    spool = spooling.Spool(disk, near=0)
    putting = asyncio.create_task(spool.put(b"an answer"))
    await asyncio.to_thread(begun.wait)
    putting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await putting
    await spool.close()
    assert [each.closed for each in opened] == [True]
    assert disk.taken == 0


class PlainAnswers:
    """Answers every counterparty with its name."""

    async def result(self, counterparty: Counterparty) -> bytes:
        return counterparty.name.encode()


async def test_limits_of_a_second_slow_a_stream_down_and_those_of_a_day_cut_it(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(stream, "LOOK_EVERY_S", 0.01)
    refusals = [
        None,
        None,
        QuotaExceededError(("counterparties",), 1),
        None,
        QuotaExceededError(("counterparties-day",), 40_000),
    ]

    async def charge(counterparties: int) -> None:
        assert counterparties == 1
        if (refusal := refusals.pop(0)) is not None:
            raise refusal

    answering = stream.Answering(charge, cast("OpenScreening", cast("object", PlainAnswers())))
    assert await answering.line(b'{"name": "A"}') == b"A"
    assert b"is missing" in await answering.line(b"{}")
    assert await answering.line(b'{"name": "B"}') == b"B"
    with pytest.raises(QuotaExceededError) as refused:
        await answering.line(b'{"name": "C"}')
    last = json.loads(answering.cut(refused.value))
    assert last["line"] == 4
    assert "counterparties-day" in last["reason"]


@pytest.mark.parametrize(
    "line", [b"", b"{}", b"[", None], ids=["empty", "no name", "no JSON", "too long"]
)
async def test_lines_that_are_refused_count_too(line: bytes | None):
    """A kilobyte of gzip has a million empty lines, each of which has an answer."""
    left = 3

    async def charge(counterparties: int) -> None:
        nonlocal left
        if not left:
            raise QuotaExceededError(("counterparties-day",), 40_000)
        left -= counterparties

    answering = stream.Answering(charge, cast("OpenScreening", cast("object", PlainAnswers())))
    for _ in range(3):
        assert b'"reason"' in await answering.line(line)
    with pytest.raises(QuotaExceededError):
        await answering.line(line)


@pytest.mark.parametrize(
    ("query", "headers", "status", "field"),
    [
        pytest.param("fuzzy=yes", {}, 400, "fuzzy", id="an unknown setting"),
        pytest.param("store=true", {}, 400, "store", id="to be kept"),
        pytest.param("lists=nowhere", {}, 400, "lists", id="an unknown list"),
        pytest.param("", {"content-encoding": "br"}, 415, "br", id="an unknown encoding"),
    ],
)
def test_settings_are_checked_before_the_first_line(
    address: str, query: str, headers: dict[str, str], status: int, field: str
):
    url = f"{address}/v1/screenings?{query}"
    answer = httpx.post(url, content=b"{}\n", headers=NDJSON | headers)
    assert answer.status_code == status
    assert field in answer.json()["detail"]
