"""The names that a printed name of a question asks for."""

import re
from collections.abc import Iterator

from service.model.matching import ComparisonForm
from service.normalise import normalise, normalise_all
from service.parse.countries import country_code

# A country stands last, behind a comma, a dash between blanks, or in brackets.
_SEPARATOR = re.compile(r"[,(]|\s[-\u2013\u2014]\s")
# A code of two letters is a legal form as often (AG, CO, SA).
_SHORTEST_COUNTRY = 3
# Street, district, city, postcode.
_MOST_PARTS = 4


def asked_forms(printed: str) -> tuple[ComparisonForm, ...]:
    """The comparison forms of a name as somebody wrote it, the whole first.

    Those are `normalise_all`'s. A name with its address behind it, of which the country tells
    ("JSC Proton, Moscow, Russia", "Proton (Russia)"), is asked for without the address as well.
    """
    forms: dict[str, ComparisonForm] = {}
    for name in (printed, *_without_address(printed)):
        for form in normalise_all(name):
            forms.setdefault(form.joined, form)
    return tuple(forms.values())


def _without_address(printed: str) -> Iterator[str]:
    """The name before a country, and before each part of the address before that."""
    name, country = _split_last(printed)
    if len(country) < _SHORTEST_COUNTRY or country_code(country) is None:
        return
    yield name
    for _ in range(_MOST_PARTS):
        name, part = _split_last(name)
        if not part or normalise(f"x {part}").legal_forms:
            return
        yield name


def _split_last(printed: str) -> tuple[str, str]:
    """What stands before the last separator and behind it, which is empty where there is none."""
    separators = list(_SEPARATOR.finditer(printed))
    if not separators or not any(map(str.isalnum, printed[: separators[-1].start()])):
        return printed, ""
    last = separators[-1]
    return printed[: last.start()].rstrip(" ,"), printed[last.end() :].strip(" )")
