"""Processes: one ends with its parent; how one has ended, in words; starting without litter.

What a start makes, modules and indexes, stays as long as its process.
"""

import ctypes
import gc
import os
import signal
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

_PR_SET_PDEATHSIG = 1
# What one look costs, some microseconds, is nothing at this interval.
_LOOK_EVERY_S = 1.0


# Beside twelve busy processes on two cores a start has nine tenths of a core by it, and without it
# a seventh.
_NICENESS = -15


def end_with(parent: int, *, within_s: float = 0.0) -> None:
    """End this process once the process with the id `parent`, which started it, has ended.

    It gets SIGTERM and has `within_s` seconds to finish by itself; then it ends without any
    clean-up, even if its main thread never comes round. With 0 seconds it gets SIGKILL. Linux
    sends the signal itself; it counts the thread that started this process as the parent, so that
    thread must live as long as its process. Elsewhere, a thread looks once a second.
    """
    if sys.platform == "linux":
        sent = signal.SIGTERM if within_s else signal.SIGKILL
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, sent)
    if os.getppid() != parent:
        # it ended before anything was watched
        os._exit(1)
    # a thread takes 72 MB of address space, which a process may be short of
    if within_s or sys.platform != "linux":
        threading.Thread(target=_watch, args=(parent, within_s), daemon=True).start()


@contextmanager
def making_what_stays() -> Generator[None]:
    """Keep the garbage collector off in this context, and from all that is made in it for good.

    Hundreds of thousands of objects without a cycle would be searched for one again and again: a
    tenth of what importing the service takes, and every request stands still as long.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.freeze()
            gc.enable()


def family_cpu_s() -> float:
    """Return the seconds of CPU that this process and all that it started have used so far.

    Where the system does not say (no `/proc`), those of this process alone.
    """
    return sum(_family().values()) or time.process_time()


class Preference:
    """Runs this process and all that it starts before those of others, where it may do so.

    Only root and who has CAP_SYS_NICE may; for everybody else nothing changes.
    """

    def __init__(self) -> None:
        self._usual: int | None = None

    def begin(self) -> None:
        """Take the preference; a process that starts has it from its first import on."""
        if sys.platform == "linux":
            self._usual = os.getpriority(os.PRIO_PROCESS, 0)
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, 0, _NICENESS)

    def end(self) -> None:
        """Give it back, for each thread of this process and of all that it started."""
        if self._usual is None:
            return
        # twice, because a process that starts meanwhile takes over the preference of its parent
        for process in (*_family(), *_family()):
            for thread in Path(f"/proc/{process}/task").glob("*"):
                with suppress(OSError):
                    os.setpriority(os.PRIO_PROCESS, int(thread.name), self._usual)


STARTING = Preference()
"""That of a service until it answers."""


def _family() -> dict[int, float]:
    """Return this process and all that it started, parents first, with the CPU of each, in s."""
    used, children = dict[int, float](), defaultdict[int, list[int]](list)
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # behind the name and its bracket: proc(5) numbers the parent 4, the times 14 to 17, of
            # which the last two are those of children that have ended
            words = stat.read_text("utf-8", "replace").rpartition(")")[2].split()
            used[int(stat.parent.name)] = sum(map(int, words[11:15])) / os.sysconf("SC_CLK_TCK")
            children[int(words[1])].append(int(stat.parent.name))
    family = [os.getpid()] if os.getpid() in used else []
    for each in family:
        family += children[each]
    return {each: used[each] for each in family}


def ending_in_words(status: int) -> str:
    """Return what an exit status says: `SIGKILL`, `status 1`."""
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"status {status}"


def _watch(parent: int, within_s: float) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK_EVERY_S)
    if within_s:
        # to the process, so that a main thread that waits for a lock is woken
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(within_s)
    os._exit(1)
