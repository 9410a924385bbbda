"""Names as DDTC prints them: family name first, with other names behind them."""

import re
from collections.abc import Iterator

from service.model.listing import Name

# `(a.k.a. …`, `(aka …`, `(a/k/a …`, and bare behind a semicolon or, as in two rows, a tab.
_MARK = re.compile(
    r"(?!(?<=\s)\s)\s*+(?:[;,]\s*+)?(?:\(\s*+)?\b(?P<word>[af])(?:\.\s?k\.\s?a|/k/a|ka)\b\.?:?\s*+",
    re.IGNORECASE,
)
_BETWEEN_PARTIES = re.compile(
    r";\s+|,\s+and\s+|(?<=\bS\.A),\s+|(?<=\bS\.A\.),\s+|(?<=\bLtd\.)\s+and\s+|(?<=\bInc\.)\s+and\s+"
)


def split_aliases(printed: str) -> tuple[str, tuple[Name, ...]]:
    """`X (a.k.a. Y; Z)` → `X`, and `Y` and `Z` as aliases, or former names where marked so."""
    mark = _MARK.search(printed)
    if mark is None or mark.start() == 0:
        return printed, ()
    behind = printed[mark.start() :]
    return printed[: mark.start()], tuple(_aliases(behind))


def turned(name: str) -> str:
    """`Acety, Edwin` → `Edwin Acety`, the way trade.gov prints the name in its screening list.

    It makes `Ramon Jr. Andrade` of `Andrade, Jr., Ramon`, and leaves a name that ends in `, Inc.`
    alone; any other company with a comma it turns too (`Ltd. Euro Optics`).
    """
    parts = name.split(", ")
    return name if parts[-1] == "Inc." else " ".join(reversed(parts))


def parties_of(printed: str) -> tuple[str, ...]:
    """The parties of one row, where it names more than one: a company and its head."""
    parts = tuple(part for text in _BETWEEN_PARTIES.split(printed) if (part := text.strip()))
    return parts if len(parts) > 1 else ()


def _aliases(behind: str) -> Iterator[Name]:
    """The names behind the first mark; a mark in front of each, or one for all of them."""
    former = False
    for text in behind.split(";"):
        mark = _MARK.match(text)
        if mark is not None:
            former = mark["word"] in "fF"
        name = text[0 if mark is None else mark.end() :].strip()
        if name.count(")") > name.count("("):
            name = name.removesuffix(")").rstrip()
        if name:
            yield Name(text=name, kind="former" if former else "alias")
