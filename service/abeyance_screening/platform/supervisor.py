"""Supervise child processes: they end with their parent, and are restarted if they end alone."""

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager

from abeyance_screening.engine.names.match import is_compiled
from abeyance_screening.platform.settings import Settings

# Set in a process that ends when its standard input is closed.
WATCHED = "ABEYANCE_WATCHED"
SHUTDOWN_WITHIN_S = 5
LOOK_EVERY_S = 0.5
AGAIN_AFTER_S = 5.0
logger = logging.getLogger(__name__)


type Starter = Callable[[], subprocess.Popen[bytes]]
"""Starts a process whose standard input is a pipe."""


def start_refresher() -> subprocess.Popen[bytes]:
    """Start a process that refreshes the lists by schedule."""
    return subprocess.Popen(
        [sys.executable, "-m", "abeyance_screening", "refresh", "--watch"],
        stdin=subprocess.PIPE,
        env=os.environ | {WATCHED: "1"},
    )


def start_worker() -> subprocess.Popen[bytes]:
    """Start a process that works on jobs."""
    return subprocess.Popen(
        [sys.executable, "-m", "abeyance_screening", "work"],
        stdin=subprocess.PIPE,
        env=os.environ | {WATCHED: "1"},
    )


@contextmanager
def running_beside(
    start: Starter, *, is_wanted: bool = True, pause_s: float = AGAIN_AFTER_S
) -> Generator[None]:
    """Keep a process running, if wanted, until the context ends.

    It is a separate process because its work must not slow answers down. It ends with this one,
    however this one ends, because its standard input is a pipe that then closes. If it ends
    alone, or cannot be started, it is started again after `pause_s` seconds, however often.
    """
    if not is_wanted:
        yield
        return
    stopping = threading.Event()
    keeper = threading.Thread(target=_keep_running, args=(start, stopping, pause_s), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        stopping.set()
        keeper.join(SHUTDOWN_WITHIN_S)


def leave_with_parent() -> None:
    """Have this process end with the one that runs it beside itself, if one does."""
    if WATCHED in os.environ:
        threading.Thread(target=_leave_with_parent, daemon=True).start()


def of_processes(settings: Settings, dsn: str) -> dict[str, str]:
    """Return the variables from which processes know the database and the data directory."""
    folder = {"ABEYANCE_DATA_DIR": str(settings.data_dir)} if settings.keep_indexes else {}
    return {"DATABASE_URL": dsn} | folder


def compile_matching() -> None:
    """Compile the inner loops of matching in another process, unless they are in the cache.

    The processes that answer wait for it and load the loops from the cache: a process that
    compiled them would keep some 55 MB of the compiler's memory. If the compilation fails, each
    process compiles them for itself.
    """
    if not is_compiled():
        subprocess.run(
            [
                sys.executable,
                "-c",
                "from abeyance_screening.engine.names.match import warm; warm()",
            ],
            check=False,
        )


def _keep_running(start: Starter, stopping: threading.Event, pause_s: float) -> None:
    """Keep a process running until `stopping` is set; start it again if it ends."""
    name = getattr(start, "__name__", "")
    while not stopping.is_set():
        try:
            child = start()
        except OSError as error:
            # no memory or no process number is free just now
            logger.warning("beside.not_started", extra={"child": name, "reason": str(error)})
            stopping.wait(pause_s)
            continue
        while child.poll() is None and not stopping.wait(LOOK_EVERY_S):
            pass
        if child.poll() is None:
            child.terminate()
            child.wait(SHUTDOWN_WITHIN_S)
        else:
            logger.warning("beside.ended", extra={"child": name, "status": child.returncode})
            stopping.wait(pause_s)


def _leave_with_parent() -> None:
    """End this process when its standard input is closed, that is when its parent has ended.

    The descriptor is read: Python aborts where it exits while a thread waits in a file object.
    """
    while os.read(sys.stdin.fileno(), 4096):
        pass
    signal.raise_signal(signal.SIGTERM)
