"""One word of a printed name, and the tables of words in `data/`."""

from collections.abc import Iterator
from importlib.resources import files

import msgspec


class Token(msgspec.Struct, frozen=True, gc=False, cache_hash=True):
    """One word of a printed name: as printed, spelled without case and marks, and folded.

    `spelled` decides whether two names are identical: it is lower-case Latin, but Han, kana and
    Hangul are kept (Han simplified), because different characters share a reading. `folded` is the
    key for the tables of words. `canonical` and `code` are set where the script's own table has
    the word as a trade word or a legal form; a code of `""` is a legal form without meaning.
    `readings` are other ways to write the word in Latin letters, folded, likeliest first, without
    `folded` itself, at most `MOST_READINGS`.
    """

    printed: str
    spelled: str
    folded: str
    canonical: str | None = None
    code: str | None = None
    readings: tuple[str, ...] = ()


MOST_READINGS = 4


# --- Files in `data/`: a line is `canonical: spelling | spelling …`, or a comment after `#`. The
# folder is that of the words here, unless another package is given.

_PACKAGE = "abeyance_screening.engine.names.form"


def read_lines(name: str, package: str = _PACKAGE) -> Iterator[str]:
    """Yield the lines of `data/<name>` that are neither empty nor a comment."""
    text = files(package).joinpath("data", name).read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            yield line


def read_table(name: str, package: str = _PACKAGE) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the canonical word and the spellings of each line of a table, in file order.

    Raises:
        ValueError: A line has no colon.
    """
    for line in read_lines(name, package):
        canonical, spellings = line.split(": ", 1)
        yield canonical, tuple(spellings.split(" | "))


def read_words(name: str, package: str = _PACKAGE) -> Iterator[str]:
    """Yield the words of a file that has words only, separated by spaces or line ends."""
    for line in read_lines(name, package):
        yield from line.split(" ")
