"""Printed codes, citations and names made comparable, as little as will do."""

import re

_FEDERAL_REGISTER = re.compile(
    r"\b(?P<volume>\d{1,3})\s*F\.?\s?R\.?\s*(?P<page>\d{1,6})\b", re.IGNORECASE
)


def programme_form(printed: str) -> str:
    """A programme code with runs of blanks as one; every letter counts, and its case."""
    return " ".join(printed.split())


def name_form(printed: str) -> str:
    """A name without regard to case and runs of blanks; punctuation counts."""
    return " ".join(printed.split()).casefold()


def citation_forms(printed: str) -> frozenset[str]:
    """The acts one printed citation names.

    Federal Register pages come out as `90 FR 4617`, however they were dotted, dated or strung
    together (`90 F.R. 4617 1/16/25; 87 FR 34136`); of anything else the whole text is the form.
    """
    found = _FEDERAL_REGISTER.finditer(printed)
    pages = frozenset(f"{match['volume']} FR {match['page']}" for match in found)
    return pages or frozenset({name_form(printed)})
