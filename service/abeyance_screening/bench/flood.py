"""`abeyance bench wrong-keys`: what others notice while one address sends wrong keys.

The service and its database have one core, the flood and the caller who is measured another one,
so that the flood takes no time from the service but that of its requests. The same flood of a
request that needs no key tells what is the machine's.
"""

import multiprocessing
import os
import select
import socket
import sys
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from errno import EAGAIN, EINPROGRESS
from http import HTTPStatus
from http.client import HTTPConnection
from itertools import cycle
from multiprocessing.connection import Connection
from struct import pack

import click
import msgspec
import numpy as np
from rich.console import Console

from abeyance_screening.bench.http import FailedRequestError, Running, cpu_seconds, running_service
from abeyance_screening.bench.table import table_with
from abeyance_screening.platform.access.keys import KEY_BYTES, key_of
from abeyance_screening.platform.cli.options import as_json, examples, gathered
from abeyance_screening.platform.cli.output import print_json
from abeyance_screening.primitives.errors import BadInputError

_ASKED = "/v1/search?name=Hangzhou+Hikvision+Digital"
_ASK_EVERY_S = 0.005
# A wrong key counts as such only after ten: the flood has begun when it is measured.
_BEGIN_S = 2.0
# The flood gives way to the caller who is measured.
_NICENESS = 10
_MOST_AT_ONCE = 500
_LINGER_NOT = pack("ii", 1, 0)


class FloodFigures(msgspec.Struct, frozen=True, kw_only=True):
    """What another caller noticed of a flood: milliseconds, and CPU of the service.

    `p99_ms` has a figure for each turn. `sent_a_second` are the requests of the flood that left
    it, `opened_a_second` the connections it opened, `core` the share of its core that the service
    used.
    """

    flood: str
    connections: int
    p50_ms: float
    p99_ms: tuple[float, ...]
    sent_a_second: float
    opened_a_second: float
    core: float


class WrongKeysGiven(msgspec.Struct, frozen=True):
    """The arguments of `bench wrong-keys`."""

    connections: tuple[int, ...]
    rate: int
    seconds: float
    turns: int
    sender: str
    fresh: bool
    as_json: bool


class _Flood(msgspec.Struct, frozen=True):
    """Requests of one kind, sent again and again from one address."""

    name: str
    request: bytes
    sender: str
    connections: int
    rate: int
    fresh: bool


class _Turn(msgspec.Struct, frozen=True):
    """What was measured in one turn."""

    waited_s: tuple[float, ...]
    sent: int
    opened: int
    core: float
    seconds: float


@click.command(
    "wrong-keys",
    epilog=examples(
        "abeyance bench wrong-keys",
        "abeyance bench wrong-keys --connections 1000 --rate 10000 --sender 127.0.0.2",
    ),
)
@click.option(
    "--connections",
    type=click.IntRange(1),
    multiple=True,
    default=(50, 1_000),
    show_default=True,
    help="Connections of the flood. Repeatable.",
)
@click.option(
    "--rate",
    type=click.IntRange(1),
    default=10_000,
    show_default=True,
    help="Requests of the flood, a second.",
)
@click.option(
    "--seconds",
    type=click.FloatRange(0.5),
    default=10.0,
    show_default=True,
    help="Seconds of each turn.",
)
@click.option(
    "--turns", type=click.IntRange(1), default=3, show_default=True, help="Turns of each kind."
)
@click.option(
    "--sender",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help="Where the flood comes from; any but 127.0.0.1 has a limited number of connections.",
)
@click.option("--fresh", is_flag=True, help="Open a new connection for each request.")
@as_json
@gathered(WrongKeysGiven)
def wrong_keys(given: WrongKeysGiven) -> None:
    """Measure what another caller notices of wrong keys that come from one address.

    The flood does not wait for answers: each of its connections sends its part of the rate, and is
    opened anew when the service closes it, or after each request with --fresh. By turns nothing is
    sent, wrong keys, and as many requests for /healthz, which needs no key.
    """
    if not sys.platform.startswith("linux"):
        raise BadInputError("wrong-keys", "needs Linux, for epoll and CPU seconds of processes")
    figures = list[FloodFigures]()
    for connections in given.connections:
        figures += _measured(given, connections)
    if given.as_json:
        print_json(tuple(figures))
    else:
        _print(figures)


def _measured(given: WrongKeysGiven, connections: int) -> list[FloodFigures]:
    """Measure each kind by turns, on a service of its own."""
    head = b"GET %b HTTP/1.1\r\nHost: localhost\r\n%b\r\n"
    wrong = b"Authorization: Bearer %b\r\n" % key_of(os.urandom(KEY_BYTES)).encode()
    requests = (
        ("wrong keys", head % (b"/v1/lists", wrong)),
        ("GET /healthz", head % (b"/healthz", b"")),
    )
    kinds = [
        None,
        *(
            _Flood(name, request, given.sender, connections, given.rate, given.fresh)
            for name, request in requests
        ),
    ]
    with _cores() as (of_service, of_flood):
        os.sched_setaffinity(0, of_service)
        with running_service(keep_screenings=False, with_key=True) as service:
            os.sched_setaffinity(0, of_flood)
            turns = [
                [_turn(each, service, given.seconds) for each in kinds] for _ in range(given.turns)
            ]
    return [
        _figures("nothing" if each is None else each.name, connections, measured)
        for each, measured in zip(kinds, zip(*turns, strict=True), strict=True)
    ]


@contextmanager
def _cores() -> Generator[tuple[set[int], set[int]]]:
    """Yield a core for the service and one for the flood; the same one where there is one."""
    own = os.sched_getaffinity(0)
    chosen = sorted(own)
    try:
        yield {chosen[0]}, {chosen[-1]}
    finally:
        os.sched_setaffinity(0, own)


def _figures(name: str, connections: int, turns: Sequence[_Turn]) -> FloodFigures:
    seconds = sum(each.seconds for each in turns)
    return FloodFigures(
        flood=name,
        connections=connections,
        p50_ms=float(np.median([wait for each in turns for wait in each.waited_s])) * 1e3,
        p99_ms=tuple(float(np.percentile(each.waited_s, 99)) * 1e3 for each in turns),
        sent_a_second=sum(each.sent for each in turns) / seconds,
        opened_a_second=sum(each.opened for each in turns) / seconds,
        core=sum(each.core for each in turns) / len(turns),
    )


def _turn(flood: _Flood | None, service: Running, seconds: float) -> _Turn:
    """Ask with a good key for so long, under a flood or under none."""
    if flood is None:
        waited, core = _ask(service, seconds)
        return _Turn(waited, 0, 0, core, seconds)
    spawn = multiprocessing.get_context("spawn")
    here, there = spawn.Pipe(duplex=False)
    lasting = _BEGIN_S + seconds
    sender = spawn.Process(target=_send, args=(flood, service.port, lasting, there), daemon=True)
    sender.start()
    try:
        here.recv_bytes()
        time.sleep(_BEGIN_S)
        waited, core = _ask(service, seconds)
        sent, opened = msgspec.json.decode(here.recv_bytes(), type=tuple[int, int])
    finally:
        sender.kill()
        sender.join()
    time.sleep(_BEGIN_S)
    return _Turn(waited, sent, opened, core, lasting)


def _ask(service: Running, seconds: float) -> tuple[tuple[float, ...], float]:
    """Ask again and again; return how long each answer took, and what of a core they used."""
    asking = HTTPConnection("127.0.0.1", service.port)
    headers = {"Authorization": f"Bearer {service.key}"}
    waited = list[float]()
    cpu, begun = cpu_seconds(service.pid), time.perf_counter()
    while (start := time.perf_counter()) < begun + seconds:
        asking.request("GET", _ASKED, headers=headers)
        answer = asking.getresponse()
        _ = answer.read()
        if answer.status != HTTPStatus.OK:
            raise FailedRequestError(answer.status)
        waited.append(time.perf_counter() - start)
        time.sleep(max(0.0, _ASK_EVERY_S - waited[-1]))
    asking.close()
    return tuple(waited), (cpu_seconds(service.pid) - cpu) / (time.perf_counter() - begun)


# --- The flood, in a process of its own.


class _Senders:
    """The connections of a flood, each opened anew when it is closed."""

    def __init__(self, flood: _Flood, port: int) -> None:
        self._flood = flood
        self._port = port
        self._poll = select.epoll()
        self._open: dict[int, socket.socket] = {}
        self.sent = self.opened = 0
        for _ in range(flood.connections):
            self._connect()
        self._turns = cycle(range(flood.connections))

    def send(self, count: int) -> None:
        """Send so many requests, each on the next connection; one that takes none is left out."""
        connections = list(self._open.values())
        for _ in range(min(count, len(connections)) if self._flood.fresh else count):
            connection = connections[next(self._turns) % len(connections)]
            with suppress(OSError):
                if connection.send(self._flood.request) == len(self._flood.request):
                    self.sent += 1
                    if self._flood.fresh:
                        self._renew(connection)

    def receive(self, wait_s: float) -> None:
        """Read and forget what comes, and open what was closed anew."""
        for number, _ in self._poll.poll(wait_s):
            connection = self._open[number]
            try:
                is_closed = not connection.recv(65_536)
            except OSError as error:
                is_closed = error.errno != EAGAIN
            if is_closed:
                self._renew(connection)

    def _renew(self, connection: socket.socket) -> None:
        number = connection.fileno()
        self._poll.unregister(number)
        del self._open[number]
        connection.close()
        self._connect()

    def _connect(self) -> None:
        connection = socket.socket()
        connection.setblocking(False)  # noqa: FBT003 - it has no name
        if not self._flood.fresh:
            # as one who only floods would: no port waits for packets that come late
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.bind((self._flood.sender, 0))
        fault = connection.connect_ex(("127.0.0.1", self._port))
        if fault not in {0, EINPROGRESS}:
            raise OSError(fault, os.strerror(fault))
        self._poll.register(connection.fileno(), select.EPOLLIN)
        self._open[connection.fileno()] = connection
        self.opened += 1


def _send(flood: _Flood, port: int, seconds: float, report: Connection) -> None:
    """Send a flood for so long, and report what was sent; at first report that it begins."""
    _ = os.nice(_NICENESS)
    senders = _Senders(flood, port)
    report.send_bytes(b"")
    begun, due = time.perf_counter(), 0
    while (passed := time.perf_counter() - begun) < seconds:
        wanted = int(passed * flood.rate) - due
        senders.send(min(wanted, _MOST_AT_ONCE))
        due += wanted
        senders.receive(0.001)
    report.send_bytes(msgspec.json.encode((senders.sent, senders.opened)))


def _print(figures: Sequence[FloodFigures]) -> None:
    table = table_with(
        *("Flood", "Connections", "Sent a second", "Opened a second", "Core of the service"),
        *("p50 ms", "p99 ms of each turn"),
    )
    for each in figures:
        table.add_row(
            each.flood,
            f"{each.connections:,}",
            f"{each.sent_a_second:,.0f}",
            f"{each.opened_a_second:,.0f}",
            f"{each.core:.0%}",
            f"{each.p50_ms:.1f}",
            ", ".join(f"{turn:.1f}" for turn in each.p99_ms),
        )
    Console(highlight=False).print(table)
