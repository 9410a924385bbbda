"""What work costs, in walks through a text: a slow or busy machine takes longer for both."""

import gc
import signal
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Never

_LETTERS = 100_000


class TooLongError(Exception):
    """Something took more CPU than it may."""


@contextmanager
def at_most(seconds: float) -> Generator[None]:
    """Ends what is done within once it has taken that much CPU; expressions heed it, too.

    Nothing is searched for garbage meanwhile: in a callback of that search the end would be lost.
    """

    def stop(*_: object) -> Never:
        raise TooLongError

    collects = gc.isenabled()
    gc.disable()
    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
        if collects:
            gc.enable()


def cost(work: Callable[[], object]) -> float:
    """The CPU that a work takes, in seconds."""
    began = time.process_time()
    work()
    return time.process_time() - began


def a_walk(letters: int) -> float:
    """The CPU that this machine takes to look at so many letters one by one, in Python."""
    text = " " * letters
    return min(cost(lambda: sum(letter == "x" for letter in text)) for _ in range(3))


def seconds_of(letters: float) -> float:
    """The CPU that this machine would take now for so many letters, told by fewer of them."""
    return letters / _LETTERS * a_walk(_LETTERS)


@contextmanager
def at_most_letters(letters: float) -> Generator[None]:
    """Ends what is done within once it could have looked at so many letters one by one."""
    with at_most(seconds_of(letters)):
        yield
