"""`serve` says its address once it answers, however long that takes."""

import math
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import override

import pytest

from abeyance_screening.app import serve_command
from abeyance_screening.app.serve_command import Progress, announce

PATIENCE_S = 0.3
PROBLEM = b'{"type":"/problems/not-ready","title":"x","status":503,"detail":"Nothing is loaded"}'


class _Service(HTTPServer):
    """A service that is not ready for its first answers, whatever they are."""

    def __init__(self, place: tuple[str, int], first: list[bytes]) -> None:
        super().__init__(place, _Handler)
        self.first = first
        self.asked: list[str] = []


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, _Service)
        self.server.asked.append(self.path)
        body = self.server.first.pop(0) if self.server.first else None
        # unlike `send_response` it writes no line of a log
        self.send_response_only(200 if body is None else 503)
        self.end_headers()
        self.wfile.write(body or b"{}")


@pytest.fixture
def place() -> tuple[str, int]:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()


class _Loading(Progress):
    """A start whose step is asked for at each look at which nobody listens."""

    def __init__(self) -> None:
        self.is_said, self._looks = threading.Event(), 0
        super().__init__()

    @property
    @override
    def step(self) -> str:
        self._looks += 1
        # after three waits of .1 s its patience is over, and what is waited for is said
        if self._looks > 3:
            self.is_said.set()
        return "loading bundled list 3 of 14: un_sc"

    @step.setter
    def step(self, step: str) -> None: ...


class _Clock:
    """A clock that goes on by as long as somebody sleeps, however long that really takes."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def monotonic(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.now_s += seconds
        # the service has a thread of its own
        time.sleep(0.001)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> _Clock:
    clock = _Clock()
    monkeypatch.setattr(serve_command, "time", clock)
    return clock


@pytest.fixture
def progress() -> _Loading:
    return _Loading()


@pytest.fixture
def service(
    place: tuple[str, int], progress: _Loading, request: pytest.FixtureRequest
) -> Iterator[list[_Service]]:
    """What begins to listen once it is said that it is waited for."""
    started: list[_Service] = []

    def serve() -> None:
        assert progress.is_said.wait(60)
        with _Service(place, list(request.param)) as running:
            started.append(running)
            running.serve_forever()

    thread = threading.Thread(target=serve)
    thread.start()
    yield started
    started[0].shutdown()
    thread.join()


@pytest.mark.parametrize("service", [[PROBLEM, PROBLEM, b"no problem"]], indirect=True)
def test_who_is_ready_late_is_announced_and_meanwhile_said_to_be_waited_for(
    place: tuple[str, int],
    progress: _Loading,
    service: list[_Service],
    clock: _Clock,
    capsys: pytest.CaptureFixture[str],
):
    address = f"http://127.0.0.1:{place[1]}"
    announce(address, progress, PATIENCE_S)
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        f"Abeyance answers at {address}",
        f"Try it: curl -s '{address}/v1/search?name=Hikvision'",
    ]
    lines = said.err.splitlines()
    assert all(line.startswith("abeyance: not ready after ") for line in lines)
    assert lines[0].endswith("s: loading bundled list 3 of 14: un_sc")
    assert any(line.endswith("s: Nothing is loaded") for line in lines)
    # each word after twice the time, however long it takes: 0.3, 0.6, 1.2, 2.4, 4.8
    assert 2 <= len(lines) <= 1 + math.log2(clock.now_s / PATIENCE_S)
    assert set(service[0].asked) == {"/readyz"}


@pytest.mark.parametrize("service", [[]], indirect=True)
def test_who_is_ready_in_time_is_announced_and_nothing_else(
    place: tuple[str, int],
    progress: _Loading,
    service: list[_Service],
    capsys: pytest.CaptureFixture[str],
):
    announce(f"http://127.0.0.1:{place[1]}", progress, 600)
    said = capsys.readouterr()
    assert said.out.startswith("Abeyance answers at ")
    assert said.err == ""
    assert service[0].asked == ["/readyz"]


def test_each_step_is_a_line_and_many_lists_are_a_few(capsys: pytest.CaptureFixture[str]):
    progress = Progress(every_s=60)
    progress.say("starting the database in /data")
    for place in range(1, 15):
        progress.say(f"loading bundled list {place} of 14: un_sc")
    progress.say("building the index of all names")
    assert capsys.readouterr().err.splitlines() == [
        "abeyance: starting the database in /data",
        "abeyance: loading bundled list 1 of 14: un_sc",
        "abeyance: building the index of all names",
    ]
    assert progress.step == "building the index of all names"
