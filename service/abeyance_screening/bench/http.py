"""Measure the requests a second of a service, with a client fast enough not to be the limit."""

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from statistics import median

import msgspec

from abeyance_screening.bench.arrays import p50_and_p99
from abeyance_screening.primitives.errors import NotReadyError
from abeyance_screening.primitives.structs import copy_as

# Connections, and requests that each pipelines, so that the server never waits for the next one.
_CONNECTIONS, _PIPELINED = 8, 4
# The first requests fill caches and are not counted.
_WARM_UP_S = 1.0
# An answer to a thousand names has megabytes.
_READ_AHEAD = 4_000_000
_OK = b"HTTP/1.1 200"
_LENGTH = b"content-length:"
# Limits that nobody reaches cost what others cost.
_LIMITS = ("requests_per_second", "counterparties_per_second", "counterparties_per_day")
_UNREACHED = 100_000_000


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """Requests, and how they are sent: over and over, on `connections` that each wait for answers.

    On each of them `pipelined` requests are sent ahead of their answers. A request asks about
    `names` counterparties.
    """

    endpoint: str
    requests: Sequence[bytes]
    connections: int = _CONNECTIONS
    pipelined: int = _PIPELINED
    names: int = 1


class HttpFigures(msgspec.Struct, frozen=True, kw_only=True):
    """What was answered of a load: a second, and a CPU second of the server (`a_core`).

    `p50_ms` and `p99_ms` are the milliseconds from sending a request to the end of its answer. The
    other fields are those of the load.
    """

    endpoint: str
    names: int
    connections: int
    pipelined: int
    requests: int
    seconds: float
    a_second: float
    a_core: float
    p50_ms: float
    p99_ms: float


class FailedRequestError(Exception):
    """A request of the load was not answered with 200."""


def get(path: str) -> bytes:
    """Return a GET request."""
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


def post(path: str, bodies: Sequence[bytes], key: str | None = None) -> list[bytes]:
    """Return a POST request for each JSON body."""
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    if key is not None:
        head += f"Authorization: Bearer {key}\r\n"
    return [f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body for body in bodies]


class Running(msgspec.Struct, frozen=True):
    """A running service: its port, its process id, and a key if it asks for one."""

    port: int
    pid: int
    key: str | None


@contextmanager
def running_service(*, keep_screenings: bool, with_key: bool = False) -> Generator[Running]:
    """Run a service with its own database and the lists that come with the program.

    With a key it asks for keys, and the key has limits that nobody reaches.

    Raises:
        NotReadyError: The service does not start; standard error has its reason.
    """
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    environment["ABEYANCE_STORE_SCREENINGS"] = "true" if keep_screenings else "false"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        key = _new_key(folder, environment) if with_key else None
        if with_key:
            environment["ABEYANCE_ACCESS"] = "keys"
        port = free_port()
        command = [
            sys.executable,
            "-m",
            "abeyance_screening",
            "serve",
            "--no-refresh",
            "--no-work",
            "--port",
            f"{port}",
        ]
        command += ["--data-dir", folder]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:  # noqa: S603 - the command is ours
            try:
                if process.stdout is None or not process.stdout.readline():
                    raise NotReadyError
                yield Running(port, process.pid, key)
            finally:
                process.terminate()


def _new_key(folder: str, environment: dict[str, str]) -> str:
    """Make the first key of the service in a folder."""
    command = [
        sys.executable,
        "-m",
        "abeyance_screening",
        "keys",
        "add",
        "bench",
        "--scope",
        "screen",
    ]
    command += [f"--limit={name}={_UNREACHED}" for name in _LIMITS]
    command += ["--json", "--data-dir", folder]
    made = subprocess.run(command, stdout=subprocess.PIPE, env=environment, check=False)  # noqa: S603 - the command is ours
    if made.returncode:
        raise NotReadyError
    return msgspec.json.decode(made.stdout, type=_MadeKey).secret


class _MadeKey(msgspec.Struct, frozen=True):
    """What `abeyance keys add --json` prints of a key."""

    secret: str


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: object = free.getsockname()[1]  # pyright: ignore[reportAny]
    return msgspec.convert(port, int)


def load(given: Load, service: Running, seconds: float) -> HttpFigures:
    """Send the requests of a load to a service for `seconds`, and return the rates."""
    asyncio.run(_send(given, service.port, min(_WARM_UP_S, seconds)))
    cpu, started = cpu_seconds(service.pid), time.perf_counter()
    waited = asyncio.run(_send(given, service.port, seconds))
    spent, used = time.perf_counter() - started, cpu_seconds(service.pid) - cpu
    p50_ms, p99_ms = p50_and_p99(waited, 1e3)
    return copy_as(
        HttpFigures,
        given,
        requests=len(waited),
        seconds=spent,
        a_second=len(waited) / spent,
        a_core=len(waited) / max(used, 1e-9),
        p50_ms=p50_ms,
        p99_ms=p99_ms,
    )


class KeyedFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Requests a CPU second, by turns without and with a key that has limits; one for each turn.

    `share` is the median of what a turn with a key reaches of the one before.
    """

    without_key: tuple[float, ...]
    with_key: tuple[float, ...]
    share: float


def by_turns(
    endpoint: str,
    posted: tuple[str, Sequence[bytes]],
    services: tuple[Running, Running],
    turns: int,
    seconds: float,
) -> KeyedFigures:
    """Post to a path, with these bodies, to two services by turns, and compare their rates."""
    loads = [Load(endpoint=endpoint, requests=post(*posted, each.key)) for each in services]
    rates = [
        [load(*each, seconds).a_core for each in zip(loads, services, strict=True)]
        for _ in range(turns)
    ]
    return KeyedFigures(
        without_key=tuple(without for without, _ in rates),
        with_key=tuple(keyed for _, keyed in rates),
        share=median(keyed / without for without, keyed in rates),
    )


def cpu_seconds(pid: int) -> float:
    """Return the CPU seconds, user and system, that a process has used.

    Source: proc_pid_stat(5), fields 14 and 15.
    """
    after_name = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


async def _send(given: Load, port: int, seconds: float) -> list[float]:
    """Send requests over all connections for `seconds`; return how long each answer took."""
    until = time.perf_counter() + seconds
    apart = len(given.requests) / given.connections
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(_talk(given, int(place * apart), port, until))
            for place in range(given.connections)
        ]
    return [each for task in tasks for each in task.result()]


async def _talk(given: Load, begin: int, port: int, until: float) -> list[float]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=_READ_AHEAD)
    waiting = islice(cycle(given.requests), begin, None)
    sent, waited = deque[float](), list[float]()

    async def read() -> None:
        await _read_answer(reader)
        waited.append(time.perf_counter() - sent.popleft())

    def write() -> None:
        sent.append(time.perf_counter())
        writer.write(next(waiting))

    for _ in range(given.pipelined):
        write()
    while time.perf_counter() < until:
        await read()
        write()
    for _ in range(given.pipelined):
        await read()
    writer.close()
    await writer.wait_closed()
    return waited


async def _read_answer(reader: asyncio.StreamReader) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        int(line[len(_LENGTH) :])
        for line in head.lower().split(b"\r\n")
        if line.startswith(_LENGTH)
    )
    body = await reader.readexactly(length)
    if not head.startswith(_OK):
        raise FailedRequestError(head.partition(b"\r\n")[0] + b" " + body[:200])
