"""Supervise child processes: they end with their parent, and are started again if need be."""

import logging
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import msgspec

from abeyance_screening.platform.child_process import ChildProcess
from abeyance_screening.platform.settings import Settings
from abeyance_screening.primitives.processes import ending_in_words

# A service that is stopped cuts off what it is still answering after this time.
SHUTDOWN_WITHIN_S = 5
LOOK_EVERY_S = 0.5
AGAIN_AFTER_S = 5.0
# Without any list a service never answers, and the process that would load some waits for it.
_LOOKS_FOR_FIRST = 120
# A child that was told to end has this time, in which it may answer what it has in hand; a
# container engine kills everything after 10 s.
_ENDS_WITHIN_S = 7.0
# Importing the service takes 2 s of CPU, building an index of four million names some minutes in a
# thread, during which the loop goes on saying that it lives.
_MOST_CPU_S = 60.0
# A process that waits for its turn gets 2 % of a core at load 20 with ten processes of ours, and
# used this much CPU within 3 s. One that used less in so long a time is not waiting for its turn.
_STILL_S = 120.0
_STILL_CPU_S = 0.05
# Where the CPU of another process is not known, standing still is all that is seen.
_UNKNOWN_CPU_S = 600.0
# A supervisor that had no turn itself, as in a container that was paused, counts one look as this.
_LONGEST_LOOK_S = 2.0
logger = logging.getLogger(__name__)


class Child(msgspec.Struct, frozen=True, kw_only=True):
    """A process to keep running: its name in the log, and the arguments of its Python."""

    name: str
    arguments: tuple[str, ...]
    descriptors: tuple[int, ...] = ()


REFRESHER = Child(name="refresher", arguments=("-m", "abeyance_screening", "refresh", "--watch"))
"""The process that refreshes the lists by schedule."""

WORKER = Child(name="worker", arguments=("-m", "abeyance_screening", "work"))
"""A process that works on jobs."""


class Watchdog:
    """Tells by its progress whether a child is stuck, however slow the machine is.

    A child says how it gets on: at each step of its start, and then once a second. Between two
    such signs it may use `cpu_s` seconds of CPU, or stand still for `still_s` seconds. One that
    waits for its turn on a busy machine does neither. A child that never said anything is not
    judged.
    """

    def __init__(self, cpu_s: float = _MOST_CPU_S, still_s: float = _STILL_S) -> None:
        self.phase: str | None = None
        self._cpu_s = cpu_s
        self._still_s = still_s
        self._looked_at: float | None = None
        self._still_for_s = 0.0
        self._used_at_sign = self._used_at_move = 0.0

    def look(self, now_s: float, used_s: float | None, said: str | None) -> str | None:
        """Return why the child is stuck; None while it is not.

        Args:
            now_s: A clock that never goes back.
            used_s: The seconds of CPU that the child has used so far, None if that is not known.
            said: The last thing that it said since the last look, if anything.
        """
        since_s = 0.0 if self._looked_at is None else now_s - self._looked_at
        self._looked_at = now_s
        self._still_for_s += min(since_s, _LONGEST_LOOK_S)
        used = used_s or 0.0
        if said is not None:
            self.phase, self._used_at_sign = said, used
        if said is not None or used - self._used_at_move >= _STILL_CPU_S:
            self._used_at_move, self._still_for_s = used, 0.0
        if self.phase is None:
            return None
        if used - self._used_at_sign > self._cpu_s:
            return f"no sign of life in {self._cpu_s:.0f} s of its CPU"
        still_s = _UNKNOWN_CPU_S if used_s is None else self._still_s
        return f"it stood still for {still_s:.0f} s" if self._still_for_s > still_s else None


@contextmanager
def supervise(
    *children: Child,
    pause_s: float = AGAIN_AFTER_S,
    watchdog: Callable[[], Watchdog] = Watchdog,
    clock: Callable[[], float] = time.monotonic,
    first: threading.Event | None = None,
) -> Generator[None]:
    """Keep processes running until the context ends.

    They are started once the `first` thing is done, for which they leave the machine, or after a
    minute.
    Each ends with this process, however this one ends. A child that ends by itself, cannot be
    started, or is stuck is started again after `pause_s` seconds, however often, with a line in
    the log. A child that must end is told so by SIGTERM, and killed if it does not.
    """
    stopping = threading.Event()
    keepers = [_Keeper(child, stopping, pause_s, watchdog, clock) for child in children]
    threads = [threading.Thread(target=each.run, args=(first,), daemon=True) for each in keepers]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopping.set()
        for thread in threads:
            thread.join(2 * _ENDS_WITHIN_S)


class _Keeper:
    """Keeps one child running, in a thread that lives as long (see `end_with`)."""

    def __init__(
        self,
        child: Child,
        stopping: threading.Event,
        pause_s: float,
        watchdog: Callable[[], Watchdog],
        clock: Callable[[], float],
    ) -> None:
        self._child = child
        self._stopping = stopping
        self._pause_s = pause_s
        self._patience = watchdog
        self._clock = clock
        self._id = uuid4()

    def run(self, first: threading.Event | None) -> None:
        """Start the child, and again whenever it has ended, until `stopping` is set."""
        looks = 0
        while first is not None and not first.is_set() and looks < _LOOKS_FOR_FIRST:
            if self._stopping.wait(LOOK_EVERY_S):
                return
            looks += 1
        restarts, name = 0, self._child.name
        while not self._stopping.is_set():
            try:
                self._run_once(restarts)
            except OSError as error:
                # no memory or no process number is free just now
                logger.warning("child.not_started", extra={"child": name, "reason": str(error)})
            restarts += 1
            self._stopping.wait(self._pause_s)

    def _run_once(self, restarts: int) -> None:
        ours, theirs = socket.socketpair()
        with ours:
            for end in (ours, theirs):
                end.setblocking(False)  # noqa: FBT003 - the library's own
            with theirs:
                process = self._started(theirs, restarts)
            watchdog = self._patience()
            while (reason := self._reason(process, ours, watchdog)) is None:
                if self._stopping.wait(LOOK_EVERY_S):
                    self._end(process)
                    return
            logger.warning(
                "child.restarting",
                extra={
                    "child": self._child.name,
                    "pid": process.pid,
                    "reason": reason,
                    "phase": watchdog.phase or "unknown",
                    "restarts": restarts + 1,
                },
            )
            self._end(process)

    def _started(self, theirs: socket.socket, restarts: int) -> subprocess.Popen[bytes]:
        told = ChildProcess(parent=os.getpid(), id=self._id, restarts=restarts)
        return subprocess.Popen(  # noqa: S603 - the command is ours
            [sys.executable, *self._child.arguments],
            stdin=theirs.fileno(),
            env=os.environ | told.variables(),
            pass_fds=self._child.descriptors,
        )

    def _reason(
        self, process: subprocess.Popen[bytes], ours: socket.socket, watchdog: Watchdog
    ) -> str | None:
        """Return why the child is to be started again; None while it gets on."""
        said = _last_line(ours)
        if (status := process.poll()) is not None:
            return f"it ended with {ending_in_words(status)}"
        return watchdog.look(self._clock(), _cpu_s(process.pid), said)

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        """End the child: it is asked to, and killed if it does not."""
        if process.poll() is not None:
            return
        process.terminate()
        try:
            process.wait(_ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            logger.warning("child.killed", extra={"child": self._child.name, "pid": process.pid})
            process.kill()
            process.wait()


def of_processes(settings: Settings, dsn: str) -> dict[str, str]:
    """Return the variables from which processes know the database and the data directory."""
    folder = {"ABEYANCE_DATA_DIR": str(settings.data_dir)} if settings.keep_indexes else {}
    return {"DATABASE_URL": dsn} | folder


def _last_line(ours: socket.socket) -> str | None:
    """Return what the child said last since the last look; None if it said nothing."""
    said = b""
    with suppress(OSError):
        while some := ours.recv(4096):
            said = some
    lines = said.decode("utf-8", "replace").splitlines()
    return lines[-1] if lines else None


def _cpu_s(process: int) -> float | None:
    """Return the seconds of CPU that a process has used; None where the system does not say."""
    try:
        words = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    except OSError:
        return None
    # `utime` and `stime`, which proc(5) numbers 14 and 15, behind the name and its bracket
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
