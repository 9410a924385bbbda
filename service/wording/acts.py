"""Acts as they are cited: their places in the Federal Register, and short names of them."""

import re
from collections.abc import Iterable

FEDERAL_REGISTER = re.compile(r"\b(\d{2,3}) FR (\d{1,6})\b")
# The Federal Register's volume 1 is that of 1936.
_YEAR_BEFORE_VOLUME_1 = 1935
_LONGEST = 48


def short_citation(citation: str) -> str:
    """The place in the Federal Register where one is named, else the beginning of a citation."""
    found = FEDERAL_REGISTER.search(citation)
    if found is not None:
        return found[0]
    first = citation.split(";", maxsplit=1)[0].strip()
    return first if len(first) <= _LONGEST else f"{first[:_LONGEST].rsplit(' ', 1)[0]} …"


def years_of(citations: Iterable[str]) -> tuple[int, ...]:
    """The years of the Federal Register volumes that are cited, ascending."""
    volumes = (found[1] for each in citations for found in FEDERAL_REGISTER.finditer(each))
    return tuple(sorted({_YEAR_BEFORE_VOLUME_1 + int(volume) for volume in volumes}))
