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
import uvicorn
from litestar import Litestar
from litestar.types import ASGIApp

from abeyance_screening.platform.http.connections import BoundedProtocol
from tests.forked import abeyance_command

ABEYANCE = [sys.executable, "-m", "abeyance_screening"]
# Nothing is judged by it: what has not come by then hangs, on the slowest machine, too.
HANGS_AFTER_S = 600


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


def wait_for(condition: Callable[[], bool], what: str = "it") -> None:
    """Waits until something is so; what never comes to be so ends as a failure and not as a hang.

    After the first looks it looks ten times a second: a service that is asked more often than that
    builds an index at a tenth of its speed, so that its answers are not slowed down.
    """
    give_up_at, pause_s = time.monotonic() + HANGS_AFTER_S, 0.01
    while not condition():
        assert time.monotonic() < give_up_at, f"waited {HANGS_AFTER_S} s in vain: {what}"
        time.sleep(pause_s)
        pause_s = min(2 * pause_s, 0.1)


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


def run(dsn: str, *arguments: str) -> str:
    """What a command prints that has this database."""
    environment = without_database_url() | {"DATABASE_URL": dsn}
    done = abeyance_command(arguments, environment, Path.cwd())
    assert done.returncode == 0, done.stderr
    return done.stdout


def copy_directory(loaded: Path, place: Path) -> Path:
    """Copy a data directory whose server has stopped, with owners and modes, to `place`."""
    place.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", f"{loaded}/.", place], check=True)
    return place


def ask(curl: str, port: int) -> httpx.Response:
    """Asks what a printed curl command would ask, of a service on this port."""
    _, *words = shlex.split(curl.replace("127.0.0.1:8080", f"127.0.0.1:{port}"))
    headers, body, url, method = {}, None, "", None
    while words:
        match words.pop(0):
            case "-s":
                pass
            case "-X":
                method = words.pop(0)
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
    method = method or ("POST" if body else "GET")
    return httpx.request(method, url, headers=headers, content=body, timeout=30)


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
        wait_for(lambda: server.started or not thread.is_alive(), "a server that listens")
        assert thread.is_alive()
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
def running(app: Litestar, port: int = 0) -> Generator[str]:
    """The address of an application that listens and is ready."""
    with listening(app, port=port) as address:
        wait_for(lambda: is_ready(address), "a service that is ready")
        yield address


def is_ready(address: str) -> bool:
    """Whether a service answers, and can screen."""
    try:
        return httpx.get(f"{address}/readyz", timeout=HANGS_AFTER_S).is_success
    except httpx.HTTPError:
        return False
