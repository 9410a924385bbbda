"""Padding that a hostile file may hold, and a limit for the time that it may cost."""

import gc
import re
import signal
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any, Never

PADDING = {
    "blanks": " ",
    "tabs": "\t",
    "line breaks": "\n",
    "ideographic spaces": "\u3000",
    "digits": "1",
    "small letters": "a",
    "capitals": "A",
    "Han": "公",
    "commas": ", ",
    "semicolons": "; ",
    "full stops": ".",
    "dashes": "-",
    "stars": "*",
    "opening brackets": "(",
    "closing brackets": ")",
    "pairs of brackets": "(a) ",
    "quotes": '"',
    "apostrophes": "'",
    "a.k.a.": "a.k.a. ",
    "letters apart": "a ",
    "capitals apart": "A, ",
    "numbers apart": "1 ",
    "lines of numbers": "1\n",
    "and": " and ",
}


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


def words_of(pattern: re.Pattern[Any]) -> list[str]:
    """The longest plain words of an expression, which lead a search to its inner parts."""
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode()
    plain = re.sub(r"\\.|\?P<\w+>|\[[^\]]*\]", " ", source)
    return sorted(re.findall(r"[\w./<>]+", plain), key=len, reverse=True)[:3]
