"""Measure the requests a second of a service, with a client fast enough not to be the limit."""

import asyncio
import os
import time
from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path

import msgspec

_CONNECTIONS = 8
# Requests that a connection pipelines, so that the server never waits for the next one.
_PIPELINED = 4
# The first requests fill caches and are not counted.
_WARM_UP_S = 1.0
_OK = b"HTTP/1.1 200"
_LENGTH = b"content-length:"


class HttpFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Requests answered by one endpoint: a second, and a CPU second of the server (`a_core`)."""

    endpoint: str
    requests: int
    seconds: float
    a_second: float
    a_core: float


class FailedRequestError(Exception):
    """A request of the load was not answered with 200."""


def get(path: str) -> bytes:
    """Return a GET request."""
    return f"GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n".encode()


def post(path: str, body: bytes) -> bytes:
    """Return a POST request with a JSON body."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def load(
    endpoint: str, requests: Sequence[bytes], port: int, pid: int, seconds: float
) -> HttpFigures:
    """Send the requests over and over to a server for `seconds`, and return the rates."""
    asyncio.run(_send(requests, port, min(_WARM_UP_S, seconds)))
    cpu, started = cpu_seconds(pid), time.perf_counter()
    answered = asyncio.run(_send(requests, port, seconds))
    spent, used = time.perf_counter() - started, cpu_seconds(pid) - cpu
    return HttpFigures(
        endpoint=endpoint,
        requests=answered,
        seconds=spent,
        a_second=answered / spent,
        a_core=answered / max(used, 1e-9),
    )


def cpu_seconds(pid: int) -> float:
    """Return the CPU seconds, user and system, that a process has used.

    Source: proc_pid_stat(5), fields 14 and 15.
    """
    after_name = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


async def _send(requests: Sequence[bytes], port: int, seconds: float) -> int:
    """Send requests over all connections for `seconds`; return how many were answered."""
    until = time.perf_counter() + seconds
    apart = len(requests) // _CONNECTIONS
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(_talk(requests, place * apart, port, until))
            for place in range(_CONNECTIONS)
        ]
    return sum(task.result() for task in tasks)


async def _talk(requests: Sequence[bytes], begin: int, port: int, until: float) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    waiting = islice(cycle(requests), begin, None)
    answered = 0
    for _ in range(_PIPELINED):
        writer.write(next(waiting))
    while time.perf_counter() < until:
        await _read_answer(reader)
        answered += 1
        writer.write(next(waiting))
    for _ in range(_PIPELINED):
        await _read_answer(reader)
    writer.close()
    await writer.wait_closed()
    return answered + _PIPELINED


async def _read_answer(reader: asyncio.StreamReader) -> None:
    """Read one answer, headers and body.

    Raises:
        FailedRequestError: The answer is not 200.
    """
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        int(line[len(_LENGTH) :])
        for line in head.lower().split(b"\r\n")
        if line.startswith(_LENGTH)
    )
    body = await reader.readexactly(length)
    if not head.startswith(_OK):
        raise FailedRequestError(head.partition(b"\r\n")[0] + b" " + body[:200])
