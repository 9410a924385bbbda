"""A running `abeyance serve`, as its user starts it, and other commands beside it."""

import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import httpx
import pytest
import uvicorn
from litestar import Litestar
from litestar.types import ASGIApp

from abeyance_screening.platform.http.connections import BoundedProtocol
from tests.forked import abeyance_command

ABEYANCE = [sys.executable, "-m", "abeyance_screening"]
LISTENS_WITHIN_S = 90


class Served:
    """One running `abeyance serve` and what it said."""

    def __init__(self, data_dir: Path, *options: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.data_dir = data_dir
        self.process = subprocess.Popen(
            [*ABEYANCE, "serve", "--port", str(self.port), "--data-dir", str(data_dir), *options],
            stdout=subprocess.PIPE,
            text=True,
            env=without_database_url(),
        )
        self.said = [self._line(), self._line()]

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def get(self, path: str, **params: str) -> httpx.Response:
        return httpx.get(f"http://127.0.0.1:{self.port}{path}", params=params, timeout=60)

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        code = self.process.wait(60)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def wait_for(condition: Callable[[], bool], what: str = "it", within_s: float = 180) -> None:
    """Waits until something is so, and fails if it is not in time, which is ample on purpose.

    It looks ten times a second: a service that is asked more often than that builds an index at a
    tenth of its speed, so that its answers are not slowed down.
    """
    give_up_at = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < give_up_at, f"not within {within_s} s: {what}"
        time.sleep(0.1)


def with_marker(marker: str) -> list[int]:
    """The processes that have something in their environment, and so their children's children."""
    found = list[int]()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if marker.encode() in (entry / "environ").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def without_database_url() -> dict[str, str]:
    """The environment of a command that has its own database and asks no publisher."""
    kept = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    return {"ABEYANCE_REFRESH": "no", "ABEYANCE_WORK": "no"} | kept


def abeyance(data_dir: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command, *rest = arguments
    words = [command, "--data-dir", str(data_dir), *rest]
    return abeyance_command(words, without_database_url(), Path.cwd())


def copy_directory(loaded: Path, place: Path) -> Path:
    """Copy a data directory whose server has stopped, with owners and modes, to `place`."""
    place.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", f"{loaded}/.", place], check=True)
    return place


def ask(curl: str, port: int) -> httpx.Response:
    """Asks what a printed curl command would ask, of a service on this port."""
    _, *words = shlex.split(curl.replace("127.0.0.1:8080", f"127.0.0.1:{port}"))
    headers, body, url = {}, None, ""
    while words:
        match words.pop(0):
            case "-s":
                pass
            case "-H":
                name, _, value = words.pop(0).partition(": ")
                headers[name] = value
            case "-d":
                body = words.pop(0)
                json.loads(body)
            case "--data-binary":
                body = words.pop(0)
            case word:
                assert word.startswith("http"), f"{word!r} in {curl!r}"
                url = word
    return httpx.request("POST" if body else "GET", url, headers=headers, content=body, timeout=30)


@contextmanager
def listening(
    app: Litestar | ASGIApp,
    http: type[BoundedProtocol] = BoundedProtocol,
    port: int = 0,
    ws: str = "none",
) -> Generator[str]:
    """The address of an application that answers over a real socket, from a thread beside us.

    `ws` is what may take over a connection that becomes a WebSocket, as uvicorn has it.
    """
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        config = uvicorn.Config(
            app, log_level="warning", log_config=None, access_log=False, http=http, ws=ws
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]}, daemon=True)
        thread.start()
        until = time.monotonic() + LISTENS_WITHIN_S
        while not server.started:
            assert thread.is_alive()
            assert time.monotonic() < until
            time.sleep(0.02)
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"
        server.should_exit = True
        thread.join(20)


class FixedClock:
    """A clock that stands still until it is set."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@contextmanager
def running(app: Litestar, within_s: float = 120, port: int = 0) -> Generator[str]:
    """The address of an application that listens and is ready."""
    with listening(app, port=port) as address:
        _wait_until_ready(address, within_s)
        yield address


def _wait_until_ready(address: str, within_s: float) -> None:
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        try:
            if httpx.get(f"{address}/readyz", timeout=5).is_success:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    pytest.fail("the service did not become ready")
