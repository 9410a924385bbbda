"""Reads the word tables beside the code: `canonical: spelling | spelling …`, `#` for a remark."""

from collections.abc import Iterator
from importlib.resources import files


def read_lines(name: str) -> Iterator[str]:
    """The lines of `data/<name>` that are neither empty nor a remark."""
    text = files("service.normalise").joinpath("data", name).read_text(encoding="utf-8")
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
