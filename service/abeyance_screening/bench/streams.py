"""`abeyance bench streams`: a long screening on one connection, and what others notice of it."""

import http.client
import socket
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import batched
from urllib.parse import quote

import click
import msgspec

from abeyance_screening.bench.arrays import p50_and_p99
from abeyance_screening.bench.http import Running, cpu_seconds, running_service
from abeyance_screening.bench.jobs import made_up_companies
from abeyance_screening.bench.speed import most_watched, resident_mb
from abeyance_screening.platform.cli.options import as_json, examples, gathered
from abeyance_screening.platform.cli.output import print_json
from abeyance_screening.primitives.errors import AbeyanceError, BadInputError

_PATH = "/v1/screenings"
_HEAD = (
    f"POST {_PATH} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n"
    "content-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n"
).encode()
_END = b"0\r\n\r\n"
_ROWS_AT_ONCE = 500
_READ_BYTES = 262_144
_SMALL_BUFFER_BYTES = 4_096
# What a reader at 10,000 bytes a second takes at a time, ten times a second.
_SLOW_BYTES = 1_000
_SLOW_EVERY_S = 0.1
_WARM_UP_ROWS = 2_000
# Others ask thirty times a second.
_OTHERS_EVERY_S = 1 / 30
# A service at work takes a whole core; one that is asked by others alone takes a tenth.
_AT_WORK = 0.5
_LOOKED_BACK_S = 0.2
_GIVES_UP_S = 60.0


class NotWholeError(AbeyanceError):
    """A stream whose answer is not whole."""

    slug = "not-whole"
    title = "A stream was not answered whole"


class NotAnsweredError(AbeyanceError):
    """Others that got no answer at all while a stream was answered."""

    slug = "not-answered"
    title = "Nothing else was answered meanwhile"


class StillAtWorkError(AbeyanceError):
    """A service that works on for somebody who has left."""

    slug = "still-at-work"
    title = "The service is still at work a minute after its client has left"


class OthersFigures(msgspec.Struct, frozen=True, kw_only=True):
    """How long others waited for a search meanwhile, in milliseconds."""

    requests: int
    p50_ms: float
    p99_ms: float


class StreamFigures(msgspec.Struct, frozen=True, kw_only=True):
    """One way to read a stream's answer, and what the service did meanwhile.

    `seconds` is from the first byte sent to the last one read, `first_s` to the first answer.
    Memory is that of the serving process in megabytes, before and at most.
    """

    client: str
    rows: int
    seconds: float
    first_s: float | None
    before_mb: int
    most_mb: int
    others: OthersFigures


class StreamsFigures(msgspec.Struct, frozen=True, kw_only=True):
    """What others wait without a stream, each way of reading one, and how soon work ends.

    `ends_after_s` is from the moment at which a client vanishes to that at which the service is
    idle.
    """

    quiet: OthersFigures
    streams: tuple[StreamFigures, ...]
    ends_after_s: float


class StreamsGiven(msgspec.Struct, frozen=True):
    """The options of `abeyance bench streams`."""

    rows: int
    slow_seconds: float
    seed: int
    as_json: bool


# --- Those who ask for something else meanwhile.


class Others:
    """Asks for one search after another on a thread of its own, and measures each."""

    def __init__(self, port: int, names: Sequence[str]) -> None:
        self._port, self._names = port, names
        self._ended = threading.Event()
        self._waited_s = list[float]()
        self._thread = threading.Thread(target=self._ask)

    @contextmanager
    def asking(self) -> Generator[None]:
        """Ask until the context ends."""
        self._thread.start()
        try:
            yield
        finally:
            self._ended.set()
            self._thread.join()

    def figures(self) -> OthersFigures:
        """Return how long the answers took.

        Raises:
            NotAnsweredError: None has come.
        """
        if not self._waited_s:
            raise NotAnsweredError
        p50_ms, p99_ms = p50_and_p99(self._waited_s, 1e3)
        return OthersFigures(requests=len(self._waited_s), p50_ms=p50_ms, p99_ms=p99_ms)

    def _ask(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=_GIVES_UP_S)
        place = 0
        while not self._ended.wait(_OTHERS_EVERY_S):
            name = quote(self._names[place % len(self._names)])
            began = time.perf_counter()
            connection.request("GET", f"/v1/search?name={name}")
            _ = connection.getresponse().read()
            self._waited_s.append(time.perf_counter() - began)
            place += 1
        connection.close()


# --- Clients of a stream.


def _chunks(names: Sequence[str]) -> Iterator[bytes]:
    """Yield the body of a request: a counterparty a line, many lines a chunk."""
    for begin, some in enumerate(batched(names, _ROWS_AT_ONCE, strict=False)):
        lines = b"".join(
            msgspec.json.encode({"id": str(begin * _ROWS_AT_ONCE + place), "name": name}) + b"\n"
            for place, name in enumerate(some)
        )
        yield b"%x\r\n%b\r\n" % (len(lines), lines)


def _connected(port: int, *, is_slow: bool = False) -> socket.socket:
    connection = socket.socket()
    if is_slow:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SMALL_BUFFER_BYTES)
    connection.settimeout(_GIVES_UP_S)
    connection.connect(("127.0.0.1", port))
    connection.sendall(_HEAD)
    return connection


class _StreamAnswer:
    """What comes back on a connection: how much, when the first line came, and the end."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._began = time.perf_counter()
        self._tail = b""
        self.first_s: float | None = None

    def read(self) -> None:
        """Read to the end."""
        while data := self._connection.recv(_READ_BYTES):
            if self.first_s is None and b'"outcome"' in data:
                self.first_s = time.perf_counter() - self._began
            self._tail = (self._tail + data)[-_READ_BYTES:]

    def check(self, rows: int) -> None:
        """Check that every row has its answer.

        Raises:
            NotWholeError: The last line is missing, or counts others.
        """
        _, _, last = self._tail.rpartition(b"\n{")
        try:
            end = msgspec.json.decode(b"{" + last.partition(b"\n")[0], type=_LastLine)
        except msgspec.DecodeError as error:
            raise NotWholeError from error
        if (end.count, end.refused) != (rows, 0):
            raise NotWholeError


class _LastLine(msgspec.Struct, frozen=True):
    """What the last line of a stream counts."""

    count: int
    refused: int


def _at_once(port: int, names: Sequence[str]) -> float | None:
    """Read while sending; return when the first answer came."""
    with _connected(port) as connection:
        answer = _StreamAnswer(connection)
        reading = threading.Thread(target=answer.read)
        reading.start()
        for chunk in _chunks(names):
            connection.sendall(chunk)
        connection.sendall(_END)
        reading.join()
        answer.check(len(names))
        return answer.first_s


def _after_sending(port: int, names: Sequence[str]) -> None:
    """Send everything before anything is read."""
    with _connected(port) as connection:
        for chunk in _chunks(names):
            connection.sendall(chunk)
        connection.sendall(_END)
        answer = _StreamAnswer(connection)
        answer.read()
        answer.check(len(names))


def _slowly(port: int, names: Sequence[str], seconds: float) -> None:
    """Read ten thousand bytes a second, for some seconds, of all that was sent."""
    with _connected(port, is_slow=True) as connection:
        sending = threading.Thread(target=_send_what_is_taken, args=(connection, names))
        sending.start()
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            _ = connection.recv(_SLOW_BYTES)
            time.sleep(_SLOW_EVERY_S)
        connection.shutdown(socket.SHUT_RDWR)
        sending.join()


def _send_what_is_taken(connection: socket.socket, names: Sequence[str]) -> None:
    try:
        for chunk in _chunks(names):
            connection.sendall(chunk)
    except OSError:
        # the reader has left, or the service takes no more before it is read
        return


def _work_ends_after(service: Running, names: Sequence[str]) -> float:
    """Leave in the middle of a stream; return after how many seconds the service is idle."""
    with _connected(service.port) as connection:
        sending = threading.Thread(target=_send_what_is_taken, args=(connection, names))
        sending.start()
        _ = connection.recv(_SMALL_BUFFER_BYTES)
        time.sleep(1.0)
        connection.shutdown(socket.SHUT_RDWR)
    left = time.perf_counter()
    sending.join()
    while time.perf_counter() - left < _GIVES_UP_S:
        before, looked = cpu_seconds(service.pid), time.perf_counter()
        time.sleep(_LOOKED_BACK_S)
        used = cpu_seconds(service.pid) - before
        if used / (time.perf_counter() - looked) < _AT_WORK:
            return looked - left
    raise StillAtWorkError


# --- The command.


def _streamed(
    client: str, service: Running, names: Sequence[str], send: Callable[[], float | None]
) -> StreamFigures:
    others, memory_mb = Others(service.port, names), partial(resident_mb, service.pid)
    before_mb, began = memory_mb(), time.perf_counter()
    with most_watched(memory_mb) as most_mb, others.asking():
        first_s = send()
        seconds = time.perf_counter() - began
    return StreamFigures(
        client=client,
        rows=len(names),
        seconds=seconds,
        first_s=first_s,
        before_mb=round(before_mb),
        most_mb=round(most_mb[0]),
        others=others.figures(),
    )


def _measure(given: StreamsGiven, service: Running) -> StreamsFigures:
    names = [name for name, _ in made_up_companies(given.rows, given.seed)]
    port = service.port
    # what is compiled, cached and read from disk at first is not counted
    _ = _at_once(port, names[:_WARM_UP_ROWS])
    quiet = Others(port, names)
    with quiet.asking():
        time.sleep(given.slow_seconds)
    streams = (
        _streamed("reads while it sends", service, names, lambda: _at_once(port, names)),
        _streamed("sends, then reads", service, names, lambda: _after_sending(port, names)),
        _streamed(
            "reads 10 kB a second",
            service,
            names,
            lambda: _slowly(port, names, given.slow_seconds),
        ),
    )
    return StreamsFigures(
        quiet=quiet.figures(), streams=streams, ends_after_s=_work_ends_after(service, names)
    )


def _print(figures: StreamsFigures) -> None:
    quiet = figures.quiet
    click.echo(f"no stream: {_others(quiet)}")
    for each in figures.streams:
        first = "" if each.first_s is None else f", the first answer after {each.first_s:.2f} s"
        click.echo(
            f"{each.client}: {each.rows:,} rows, {each.seconds:.1f} s{first}; "
            f"{each.before_mb} MB before, {each.most_mb} MB at most; {_others(each.others)}"
        )
    click.echo(f"work ends {figures.ends_after_s:.2f} s after its client has left")


def _others(others: OthersFigures) -> str:
    return f"others wait {others.p50_ms:.1f} ms, p99 {others.p99_ms:.1f} ms"


@click.command(
    epilog=examples("abeyance bench streams", "abeyance bench streams --rows 1000000 --json")
)
@click.option("--rows", type=click.IntRange(2_000), default=50_000, show_default=True)
@click.option(
    "--slow-seconds",
    type=click.FloatRange(1),
    default=10.0,
    show_default=True,
    help="How long the slow reader reads, and how long others are measured without a stream.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of what is random.")
@as_json
@gathered(StreamsGiven)
def streams(given: StreamsGiven) -> None:
    """Measure a screening of many rows on one connection, and what others notice of it.

    It runs a service of its own with the lists that come with the program, and reads the answer
    in three ways. Linux only, as CPU and memory are read from /proc.
    """
    if not sys.platform.startswith("linux"):
        reason = "needs Linux, as CPU and memory are read from /proc"
        raise BadInputError("streams", reason)
    with running_service(keep_screenings=False) as service:
        figures = _measure(given, service)
    if given.as_json:
        print_json(figures)
    else:
        _print(figures)
