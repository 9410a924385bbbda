"""A part of a measure, told apart from the rest and put in words."""

from collections.abc import Iterator

from service.model.event import Slice


def picks_listings(part: Slice) -> bool:
    """Whether a part consists of some of the listings a measure reaches, whatever it is called."""
    return names_listings(part) or part.listed_from is not None or part.listed_until is not None


def names_listings(part: Slice) -> bool:
    """Whether a part says by name or by print which listings it consists of."""
    return bool(part.entities or part.programmes or part.citations or part.footnotes)


def name_of(part: Slice) -> str:
    """A part in words: its own name, else all that it consists of."""
    return part.part if part.part is not None else ", ".join(_selectors(part))


def in_words(part: Slice | None) -> str | None:
    """A part as `name_of` puts it; None for the whole, and for a part nobody named."""
    return None if part is None else name_of(part) or None


def _selectors(part: Slice) -> Iterator[str]:
    yield from part.entities
    yield from part.countries
    yield from part.programmes
    yield from part.citations
    if part.footnotes:
        yield f"footnote {', '.join(part.footnotes)}"
    days = (("from", part.listed_from), ("until", part.listed_until))
    if any(day is not None for _, day in days):
        yield " ".join(["listed", *(f"{word} {day}" for word, day in days if day is not None)])
