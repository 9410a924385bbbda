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
from collections.abc import Generator
from contextlib import contextmanager

_PR_SET_PDEATHSIG = 1
# What one look costs, some microseconds, is nothing at this interval.
_LOOK_EVERY_S = 1.0


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
