"""`abeyance serve`: the HTTP service, with its own database unless one is given."""

import errno
import logging
import logging.config
import os
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import Never

import click
import httpx
import msgspec
import uvicorn

from service.cli.answering import prepared_database
from service.cli.lists import WATCHED
from service.cli.options import data_dir, examples, gathered, settings_with
from service.errors import BadInputError
from service.logs import LOG_CONFIG
from service.names.match import is_compiled

# --- Says where the service is once it answers, and now and then what it still waits for.

# The first start takes some 20 s on two cores, so that a usual one says nothing. Each later word
# comes after twice as long, so that a night of waiting is a dozen lines.
PATIENCE_S = 30.0
# At first somebody sits and waits; later once a second is enough.
LOOK_EVERY_S = 0.1
LOOK_LATER_EVERY_S = 1.0
ANSWERS_WITHIN_S = 2.0
# Of the bundled lists the largest takes some seconds: a first start says a handful of lines.
STEP_EVERY_S = 5.0


class _Refusal(msgspec.Struct, frozen=True):
    """The part of a problem document that says why a service is not ready."""

    detail: str


class Progress:
    """What a service that starts is at, a line each on standard error.

    Steps of one kind (`loading bundled list 3 of 14: …`) are said no more often than every
    `every_s`, the first of them at once.
    """

    def __init__(self, every_s: float = STEP_EVERY_S) -> None:
        self.step = "starting"
        self._every_s = every_s
        self._said_at = -every_s
        self._kind = ""

    def say(self, step: str) -> None:
        """Say the step that begins now."""
        kind, now = step.partition(" list ")[0], time.monotonic()
        if kind != self._kind or now - self._said_at >= self._every_s:
            click.echo(f"abeyance: {step}", err=True)
            self._said_at = now
        self.step, self._kind = step, kind


def announce(address: str, progress: Progress, patience_s: float = PATIENCE_S) -> None:
    """Waits until the service answers, however long that takes, and prints its address.

    What it waits for is said on standard error after `patience_s`, and then each time after twice
    as long.
    """
    started, say_after_s = time.monotonic(), patience_s
    # One client for all: each that is made reads all certificates anew.
    with httpx.Client(timeout=ANSWERS_WITHIN_S) as client:
        while (missing := _missing(client, address, progress)) is not None:
            waited_s = time.monotonic() - started
            if waited_s >= say_after_s:
                click.echo(f"abeyance: not ready after {waited_s:.0f} s: {missing}", err=True)
                say_after_s = 2 * waited_s
            time.sleep(LOOK_EVERY_S if waited_s < patience_s else LOOK_LATER_EVERY_S)
    url = shlex.quote(f"{address}/v1/search?name=Hikvision")
    click.echo(f"Abeyance answers at {address}\nTry it: curl -s {url}")


def _missing(client: httpx.Client, address: str, progress: Progress) -> str | None:
    """What the service still lacks; None once it is ready."""
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


# Listening on every address of the machine is reached from here over its own.
_NEAR = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - a name for it, not a socket
# Something else listens there, or this user may not listen on so low a port.
_PORT_FAULTS = {errno.EADDRINUSE, errno.EACCES}
SHUTDOWN_WITHIN_S = 5
LOOK_AT_REFRESHER_EVERY_S = 0.5
REFRESHER_AGAIN_AFTER_S = 5.0

logger = logging.getLogger(__name__)


class ServeOptions(msgspec.Struct, frozen=True):
    """What was given on the command line."""

    host: str
    port: int
    workers: int
    refresh: bool
    data_dir: Path | None


@click.command(
    epilog=examples(
        "abeyance serve",
        "abeyance serve --host 0.0.0.0 --port 80 --workers 2",
    )
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8080, show_default=True, help="Port."
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Processes that answer, each with its own index.",
)
@click.option(
    "--refresh/--no-refresh",
    default=True,
    show_default=True,
    help="Ask the publishers for newer editions, each by its schedule [ABEYANCE_REFRESH].",
)
@data_dir
@gathered(ServeOptions)
def serve(given: ServeOptions) -> None:
    """Start the service.

    Without DATABASE_URL it starts a PostgreSQL of its own in the data directory, loads the
    bundled lists if there are none yet, and stops it at the end. Another process of its own asks
    the publishers for newer editions while it runs.
    """
    logging.config.dictConfig(LOG_CONFIG)
    signal.signal(signal.SIGTERM, _leave)
    _check_free(given.host, given.port)
    settings = settings_with(given.data_dir)
    progress = Progress()
    compiling = threading.Thread(target=_compile, daemon=True)
    compiling.start()
    address = _address(given.host, given.port)
    threading.Thread(target=announce, args=(address, progress), daemon=True).start()
    with ExitStack() as stack:
        dsn = stack.enter_context(prepared_database(settings, keep_alive=True, say=progress.say))
        if compiling.is_alive():
            progress.say("compiling the matching, once on this machine")
            compiling.join()
        progress.say("building the index of all names")
        os.environ["DATABASE_URL"] = dsn
        stack.enter_context(_refreshing(is_wanted=settings.refresh and given.refresh))
        uvicorn.run(
            "service.app.http:create_app",
            factory=True,
            host=given.host,
            port=given.port,
            workers=given.workers,
            # uvicorn's access log would hold the names asked for
            access_log=False,
            log_config=LOG_CONFIG,
            timeout_graceful_shutdown=SHUTDOWN_WITHIN_S,
        )


def _compile() -> None:
    """Has the inner loops of matching compiled in another process, where they are not yet.

    The processes that answer wait for it and find them in the cache: one that compiled them itself
    would keep some 55 MB of the compiler's. Where it fails, they do compile them themselves.
    """
    if not is_compiled():
        subprocess.run(
            [sys.executable, "-c", "from service.names.match import warm; warm()"], check=False
        )


@contextmanager
def _refreshing(*, is_wanted: bool) -> Generator[None]:
    """Keeps a process beside this one that refreshes the lists.

    It reads lists and must not slow answers down, so it is a process of its own. It ends with
    this one, however this one ends: it holds the other end of its standard input.
    """
    if not is_wanted:
        yield
        return
    stopping = threading.Event()
    keeper = threading.Thread(target=_keep_refreshing, args=(stopping,), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        stopping.set()
        keeper.join(SHUTDOWN_WITHIN_S)


def _keep_refreshing(stopping: threading.Event) -> None:
    """Keeps the refresher running until told to stop; one that ends is started anew."""
    while not stopping.is_set():
        child = subprocess.Popen(
            [sys.executable, "-m", "service", "refresh", "--watch"],
            stdin=subprocess.PIPE,
            env=os.environ | {WATCHED: "1"},
        )
        while child.poll() is None and not stopping.wait(LOOK_AT_REFRESHER_EVERY_S):
            pass
        if child.poll() is None:
            child.terminate()
            child.wait(SHUTDOWN_WITHIN_S)
        else:
            logger.warning("refresher.ended", extra={"status": child.returncode})
            stopping.wait(REFRESHER_AGAIN_AFTER_S)


def _leave(_number: int, _frame: FrameType | None) -> Never:
    """Lets every `with` on the way out do its work."""
    sys.exit(0)


def _check_free(host: str, port: int) -> None:
    """Fails before anything is started if the service could not listen there anyway.

    Raises:
        BadInputError: The address is none of this machine, or something listens there.
    """
    field = "--host"
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, UnicodeError) as error:
        # an address that is none of this machine's has nothing to do with the port
        if isinstance(error, OSError) and error.errno in _PORT_FAULTS:
            field = "--port"
        raise BadInputError(field, f"cannot listen on {host}:{port}: {error}") from error


def _address(host: str, port: int) -> str:
    """Where to reach a service from this machine that listens on `host`."""
    near = _NEAR.get(host, host)
    return f"http://[{near}]:{port}" if ":" in near else f"http://{near}:{port}"
