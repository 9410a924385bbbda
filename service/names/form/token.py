"""One word of a printed name."""

from collections.abc import Iterator
from importlib.resources import files

import msgspec


class Token(msgspec.Struct, frozen=True, gc=False, cache_hash=True):
    """One word: as printed, in its own script without case and marks, and folded.

    `spelled` is what two names must share to be the same name: lower-case Latin, but Han, kana and
    Hangul as they stand (Han simplified), because different characters share a reading. `folded`
    is what tables are asked for. `canonical` and `code` are set where the script itself knew a
    trade word or a legal form; a code of `""` is a form that says nothing. `readings` are other
    ways the same word may be written in Latin letters, folded, likeliest first, at most
    `MOST_READINGS`, none of them `folded`.
    """

    printed: str
    spelled: str
    folded: str
    canonical: str | None = None
    code: str | None = None
    readings: tuple[str, ...] = ()


MOST_READINGS = 4


# --- Reads the word tables beside the code: `canonical: spelling | spelling …`, `#` for a remark.


def read_lines(name: str) -> Iterator[str]:
    """The lines of `data/<name>` that are neither empty nor a remark."""
    text = files("service.names.form").joinpath("data", name).read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            yield line


def read_table(name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each line of a table as its canonical word and its spellings, in file order.

    Raises:
        ValueError: A line has no colon.
    """
    for line in read_lines(name):
        canonical, spellings = line.split(": ", 1)
        yield canonical, tuple(spellings.split(" | "))


def read_words(name: str) -> Iterator[str]:
    """The words of a file that is nothing but words."""
    for line in read_lines(name):
        yield from line.split(" ")
