"""Tell the listed firm that a whole name in its own script is known to mean.

The names are no list's: each comes from a dated public source, which the answer names.
"""

import unicodedata
from functools import cache
from typing import NamedTuple

from abeyance_screening.engine.names.form.east_asia import simplify
from abeyance_screening.engine.names.form.normalise import normalise
from abeyance_screening.engine.names.form.scripts import simplify_arabic
from abeyance_screening.engine.names.form.token import read_table

_SOURCE = "source"


class NativeName(NamedTuple):
    """The name of a firm as lists print it, and where its own name is said to be the same."""

    latin: str
    source: str


def known_as(printed: str) -> tuple[NativeName, ...]:
    """Return the firms that a whole name is known to mean, with or without its legal form."""
    if printed.isascii():
        return ()
    bare = "".join([word.printed for word in normalise(printed).words])
    return _known().get(_letters(printed), ()) or _known().get(_letters(bare), ())


def _letters(printed: str) -> str:
    """Return the letters of a name without spaces, signs and differences of writing."""
    plain = simplify_arabic(unicodedata.normalize("NFKC", printed).casefold())
    return simplify("".join(filter(str.isalnum, plain)))


@cache
def _known() -> dict[str, tuple[NativeName, ...]]:
    known: dict[str, tuple[NativeName, ...]] = {}
    source = ""
    for native, (latin, *more) in read_table("native_names.txt"):
        if native == _SOURCE:
            source = f"{latin}, {more[0]}"
            continue
        language, number = more
        name = NativeName(latin, f"in {language} ({source}, Wikidata {number})")
        key = _letters(native)
        known[key] = (*known.get(key, ()), name)
    return known
