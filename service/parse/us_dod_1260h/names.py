"""Names of the section 1260H list: short and former names stand in brackets behind them."""

import re
from collections.abc import Iterator

from service.model.listing import Name
from service.parse.printed_names import collect_names, last_brackets

_FORMER = re.compile(r"(?:formerly(?: known as)?|f\.?k\.?a\.?):?\s+", re.IGNORECASE)
_ALSO = re.compile(r"(?:also known as|a\.?k\.?a\.?):?\s+", re.IGNORECASE)
_BETWEEN = re.compile(r"(?!(?<=\s)\s)\s*+;\s*+(?:and\s++)?")
# Stands behind names that an edition before had already.
_MARK = re.compile(r"(?!(?<=\s)\s)\s*+(?<!\*)(?P<mark>\*++)$")


def printed_names(printed: str) -> tuple[tuple[Name, ...], tuple[tuple[str, str], ...]]:
    """The names of one entry, primary first, and what marks stand behind it, by kind and value.

    Every pair of brackets at the end holds another name: `(AVIC)`, `(formerly X (Y))`. Brackets
    in the midst of a name, as in `(Limited) (CCCG)`, belong to it.
    """
    match = _MARK.search(printed)
    name = printed if match is None else printed[: match.start()]
    rest, inside = last_brackets(name.removesuffix(".") if name.endswith(").") else name)
    marks = () if match is None else (("mark", match["mark"]),)
    return collect_names(rest, _others(inside)), marks


def _others(inside: str) -> Iterator[Name]:
    former = _FORMER.match(inside)
    also = _ALSO.match(inside)
    start = next((match.end() for match in (former, also) if match is not None), 0)
    for text in _BETWEEN.split(inside[start:]):
        if text:
            yield Name(text=text, kind="alias" if former is None else "former")
