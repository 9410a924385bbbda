"""Acts as links: a Federal Register page by its number, anything else by the address on record."""

import re
from collections.abc import Iterable

import msgspec

_FEDERAL_REGISTER = re.compile(r"\b(\d{2,3}) FR (\d{1,6})\b")
# The Federal Register's volume 1 is that of 1936.
_YEAR_BEFORE_VOLUME_1 = 1935
_MOST_ACTS = 6


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """An act as cited; `url` None where nothing on record leads to it."""

    text: str
    url: str | None


def acts_of(citations: Iterable[str]) -> tuple[Act, ...]:
    """What a list's entry cites, the first few, each once."""
    cited = dict.fromkeys(
        part.strip() for each in citations for part in each.split(";") if part.strip()
    )
    return tuple(Act(text=each, url=_page_of(each)) for each in tuple(cited)[:_MOST_ACTS])


def years_of(citations: Iterable[str]) -> tuple[int, ...]:
    """The years of the Federal Register volumes that are cited, ascending."""
    volumes = (found[1] for each in citations for found in _FEDERAL_REGISTER.finditer(each))
    return tuple(sorted({_YEAR_BEFORE_VOLUME_1 + int(volume) for volume in volumes}))


def safe_link(url: str | None) -> str | None:
    """An address that a page may link to: of the web, and of nothing else."""
    return url if url is not None and url.startswith(("https://", "http://")) else None


def _page_of(citation: str) -> str | None:
    found = _FEDERAL_REGISTER.fullmatch(citation.strip())
    if found is None:
        return None
    return f"https://www.federalregister.gov/citation/{found[1]}-FR-{found[2]}"
