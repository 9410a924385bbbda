"""Acts as links: a Federal Register page by its number, anything else by the address on record."""

from collections.abc import Iterable

import msgspec

from service.model.on_day import MeasureOnDay
from service.wording.acts import FEDERAL_REGISTER, short_citation

_MOST_ACTS = 6
_MOST_BEHIND = 3


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


def acts_of_measure(measure: MeasureOnDay) -> tuple[Act, ...]:
    """The acts behind a measure's status, the newest first, at most three; else its citation."""
    cited = [each for each in reversed(measure.rests_on) if each.citation is not None]
    acts = {
        (text := short_citation(each.citation or "")): Act(text=text, url=safe_link(each.url))
        for each in cited
    }
    if acts:
        return tuple(acts.values())[:_MOST_BEHIND]
    return (Act(text=short_citation(measure.citation), url=safe_link(measure.url)),)


def safe_link(url: str | None) -> str | None:
    """An address that a page may link to: of the web, and of nothing else."""
    return url if url is not None and url.startswith(("https://", "http://")) else None


def _page_of(citation: str) -> str | None:
    found = FEDERAL_REGISTER.fullmatch(citation.strip())
    if found is None:
        return None
    return f"https://www.federalregister.gov/citation/{found[1]}-FR-{found[2]}"
