"""`abeyance serve`: start the HTTP service, with an embedded database unless one is given."""

import asyncio
import errno
import logging
import logging.config
import os
import shlex
import signal
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import NamedTuple, Never

import click
import httpx
import msgspec

from abeyance_screening.app.answering import (
    INDEX,
    answer_here,
    answer_in_children,
    import_application,
)
from abeyance_screening.features.keys.background import is_any_key
from abeyance_screening.platform.cli.client import API_KEY
from abeyance_screening.platform.cli.database import opened_database
from abeyance_screening.platform.cli.options import data_dir, examples, gathered, settings_with
from abeyance_screening.platform.compiling import compile_matching
from abeyance_screening.platform.http.connections import (
    MOST_CONNECTIONS,
    limits_of,
    raise_descriptor_limit,
)
from abeyance_screening.platform.http.hosts import own_hosts, public_hosts
from abeyance_screening.platform.local_data import check_site, prepare
from abeyance_screening.platform.logs import LOG_CONFIG
from abeyance_screening.platform.settings import ACCESS, COUNTED_TOGETHER, HOSTS, Settings
from abeyance_screening.platform.supervisor import (
    REFRESHER,
    WORKER,
    Child,
    of_processes,
    supervise,
)
from abeyance_screening.primitives.errors import BadInputError
from abeyance_screening.primitives.processes import STARTING, family_cpu_s

# The first start takes some 20 s on two cores, so a usual start prints no line. Each later line
# comes after twice the time, so a night of waiting prints a dozen lines.
PATIENCE_S = 30.0
# At first somebody is watching the terminal; later once a second is enough.
LOOK_EVERY_S = 0.1
LOOK_LATER_EVERY_S = 1.0
ANSWERS_WITHIN_S = 2.0
# The largest bundled list takes some seconds to load: a first start prints a handful of lines.
STEP_EVERY_S = 5.0
# The loopback address of a service that listens on every address of the machine.
_LOOPBACK = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - a name for it, not a socket
# What curl needs to send a key.
_WITH_KEY = f' -H "Authorization: Bearer ${API_KEY}"'
# The port is taken, or this user may not listen on so low a port.
_PORT_FAULTS = {errno.EADDRINUSE, errno.EACCES}
logger = logging.getLogger(__name__)


class ServeOptions(msgspec.Struct, frozen=True):
    """The arguments and options of `abeyance serve`."""

    host: str
    port: int
    workers: int
    refresh: bool
    work: bool
    timings: bool
    data_dir: Path | None


class TimedStep(NamedTuple):
    """A step of a start, and the seconds and seconds of CPU that it took."""

    step: str
    wall_s: float
    cpu_s: float


class _Refusal(msgspec.Struct, frozen=True):
    """The field of a problem document that says why a service is not ready."""

    detail: str


class Progress:
    """The steps of a start, printed on standard error one a line.

    Of steps of one kind (`loading bundled list 3 of 14: …`) the first is printed at once, and
    another one at most every `every_s` seconds.
    """

    def __init__(self, every_s: float = STEP_EVERY_S) -> None:
        self.step = "starting"
        self.timed: list[TimedStep] = []
        self._every_s = every_s
        self._printed_at = -every_s
        self._kind = ""
        self._since = time.monotonic(), family_cpu_s()

    def say(self, step: str) -> None:
        """Note the step that begins now, and print it unless one of its kind was just printed."""
        kind, now = step.partition(" list ")[0], time.monotonic()
        if kind != self._kind:
            self.note()
        if kind != self._kind or now - self._printed_at >= self._every_s:
            click.echo(f"abeyance: {step}", err=True)
            self._printed_at = now
        self.step, self._kind = step, kind

    def note(self) -> None:
        """Note what the step took that ends now; those of one kind in a row are one."""
        (since_s, used_s), now = self._since, (time.monotonic(), family_cpu_s())
        self.timed.append(TimedStep(self._kind or self.step, now[0] - since_s, now[1] - used_s))
        self._since = now


@click.command(
    epilog=examples(
        "abeyance serve",
        "abeyance serve --host 0.0.0.0 --port 80 --workers 2",
    )
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8080,
    show_default=True,
    help="Port to listen on.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Number of processes that answer, each with its own index.",
)
@click.option(
    "--refresh/--no-refresh",
    default=True,
    show_default=True,
    help="Ask the publishers for newer editions by schedule [ABEYANCE_REFRESH].",
)
@click.option(
    "--work/--no-work",
    default=True,
    show_default=True,
    help="Work on jobs, in a process of its own [ABEYANCE_WORK].",
)
@click.option(
    "--timings", is_flag=True, help="Print what each step of the start took, once it answers."
)
@data_dir
@gathered(ServeOptions)
def serve(options: ServeOptions) -> None:
    """Start the service.

    Beyond this machine (--host) it asks callers for a key, and starts only once there is one.
    Without DATABASE_URL it starts an embedded PostgreSQL in the data directory and stops it at the
    end. Bundled lists that the database lacks are loaded first. A second process asks the
    publishers for newer editions while the service runs, and a third one works on jobs.
    """
    logging.config.dictConfig(LOG_CONFIG)
    signal.signal(signal.SIGTERM, _exit)
    is_here = _check_free(options.host, options.port)
    settings = settings_with(options.data_dir)
    is_asking = settings.access == "keys" or (settings.access is None and not is_here)
    progress = Progress()
    _bound(settings, options.host)
    compiling = threading.Thread(target=compile_matching, daemon=True)
    compiling.start()
    if options.workers == 1:
        # while the database starts, which is another process
        threading.Thread(target=import_application, daemon=True).start()
    answers = _announce_later(options, progress, is_asking=is_asking)
    with ExitStack() as stack:
        dsn = stack.enter_context(opened_database(settings, keep_alive=True, say=progress.say))
        if is_asking:
            _ask_for_keys(dsn, options, settings)
        asyncio.run(_prepare(settings, dsn, progress.say))
        if compiling.is_alive():
            progress.say("compiling the matching code, once on this machine")
            compiling.join()
        os.environ |= of_processes(settings, dsn)
        stack.enter_context(_counting_together(options.workers))
        beside = [REFRESHER] * (settings.refresh and options.refresh)
        beside += [WORKER] * (settings.work and options.work)
        _answer(options, beside, answers, progress.say)


def announce(
    address: str, progress: Progress, patience_s: float = PATIENCE_S, key: str = ""
) -> None:
    """Wait until the service answers, however long that takes, and print its address.

    `key` is the option with which curl sends one. After `patience_s`, and then each time after
    twice as long, print on standard error what the service still lacks.
    """
    started, print_after_s = time.monotonic(), patience_s
    # it asks this machine alone, without TLS or a proxy; to read all certificates takes 40 ms
    no_certificates = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    with httpx.Client(timeout=ANSWERS_WITHIN_S, verify=no_certificates, trust_env=False) as client:
        while (missing := _missing(client, address, progress)) is not None:
            waited_s = time.monotonic() - started
            if waited_s >= print_after_s:
                click.echo(f"abeyance: not ready after {waited_s:.0f} s: {missing}", err=True)
                print_after_s = 2 * waited_s
            time.sleep(LOOK_EVERY_S if waited_s < patience_s else LOOK_LATER_EVERY_S)
    url = shlex.quote(f"{address}/v1/search?name=Hikvision")
    click.echo(f"Abeyance answers at {address}\nTry it: curl -s{key} {url}")


def _exit(_number: int, _frame: FrameType | None) -> Never:
    """Exit by an exception, so that every `with` statement cleans up."""
    sys.exit(0)


def _answer(
    options: ServeOptions,
    children: Sequence[Child],
    answers: threading.Event,
    say: Callable[[str], None],
) -> None:
    """Answer requests until the service is stopped; once it answers, others run beside."""
    if options.workers == 1:
        with supervise(*children, first=answers):
            answer_here(options.host, options.port, say)
        return
    say(INDEX)
    with (
        answer_in_children(options.host, options.port) as answering,
        supervise(*children, first=answers),
        supervise(*[answering] * options.workers),
        suppress(KeyboardInterrupt),
    ):
        # SIGTERM, which `_exit` turns into an exception, ends this as Ctrl-C does
        threading.Event().wait()


async def _prepare(settings: Settings, dsn: str, say: Callable[[str], None]) -> None:
    """Bring the database to the newest register and lists, and check what the settings name."""
    await prepare(dsn, say, settings)
    await check_site(settings, dsn)


def _announce_later(
    options: ServeOptions, progress: Progress, *, is_asking: bool
) -> threading.Event:
    """Print the address of the service from a thread, once it answers; the event says that."""
    address, answers = _address(options.host, options.port), threading.Event()

    def announcing() -> None:
        announce(address, progress, PATIENCE_S, _WITH_KEY if is_asking else "")
        STARTING.end()
        answers.set()
        if options.timings:
            progress.note()
            for step, wall_s, cpu_s in progress.timed:
                click.echo(f"abeyance: {wall_s:6.2f} s, {cpu_s:6.2f} s of CPU: {step}", err=True)

    threading.Thread(target=announcing, daemon=True).start()
    return answers


def _bound(settings: Settings, host: str) -> None:
    """Set the limit of descriptors and the service's names, which child processes take over."""
    limit = raise_descriptor_limit()
    limits = limits_of(settings)
    wanted = settings.connections or MOST_CONNECTIONS
    if limits.most < wanted:
        click.echo(
            f"abeyance: {limit:,} open files allow {limits.most:,} connections a process, not "
            f"{wanted:,}; `ulimit -n` raises that",
            err=True,
        )
    hosts = [*(settings.hosts or ()), *public_hosts(settings)]
    os.environ[HOSTS] = ",".join(own_hosts(host, hosts))


def _ask_for_keys(dsn: str, options: ServeOptions, settings: Settings) -> None:
    """Have the processes that answer ask for keys, after a check that there is one, or a login."""
    os.environ[ACCESS] = "keys"
    if settings.people is not None or asyncio.run(is_any_key(dsn)):
        return
    folder = (
        "" if options.data_dir is None else f" --data-dir {shlex.quote(str(options.data_dir))}"
    )
    reason = (
        f"{options.host} asks callers for a key, and there is none yet; make the first with "
        f"`abeyance keys add operator --scope operator{folder}`, or set {ACCESS}=proxy if only a "
        "reverse proxy that authenticates can reach the service"
    )
    raise BadInputError("--host", reason)


def _check_free(host: str, port: int) -> bool:
    """Check that an address can be listened on; return whether only this machine reaches it."""
    field = "--host"
    try:
        places = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        family, *_, address = places[0]
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            return all(ip_address(place[-1][0]).is_loopback for place in places)
    except (OSError, UnicodeError) as error:
        # any other error is about the address, not the port
        if isinstance(error, OSError) and error.errno in _PORT_FAULTS:
            field = "--port"
        raise BadInputError(field, f"cannot listen on {host}:{port}: {error}") from error


def _address(host: str, port: int) -> str:
    """Return the address at which this machine reaches a service that listens on `host`."""
    near = _LOOPBACK.get(host, host)
    return f"http://[{near}]:{port}" if ":" in near else f"http://{near}:{port}"


@contextmanager
def _counting_together(workers: int) -> Generator[None]:
    """Give several processes that answer a place where each finds what the others have counted."""
    if workers == 1:
        yield
        return
    with TemporaryDirectory(prefix="abeyance-counts-") as folder:
        os.environ[COUNTED_TOGETHER] = folder
        yield


def _missing(client: httpx.Client, address: str, progress: Progress) -> str | None:
    """Return what the service still lacks, in words; None once it is ready."""
    try:
        answer = client.get(f"{address}/readyz")
    except httpx.TimeoutException:
        return f"it does not answer within {ANSWERS_WITHIN_S:.0f} s"
    except httpx.HTTPError:
        return progress.step
    if answer.is_success:
        return None
    try:
        return msgspec.json.decode(answer.content, type=_Refusal).detail
    except (msgspec.DecodeError, UnicodeDecodeError):
        return f"it answers with status {answer.status_code}"
