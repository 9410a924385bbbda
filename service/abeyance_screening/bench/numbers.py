"""Find the strong numbers of a party: two lists that print one of them mean the same party."""

import re
from collections.abc import Iterable

from abeyance_screening.engine.lists.listing import Identifier

_SHORTEST = 6
_SEPARATORS = re.compile(r"[\s,;:/()\[\]]+")
_NOT_COUNTED = re.compile(r"[^0-9A-Z]")
_DAY = re.compile(r"\d{1,4}[.-]\d{1,2}[.-]\d{1,4}")
# Russia's code of the tax office (KPP), printed after the tax number and a slash.
_TAX_OFFICE = re.compile(r"\d{4}01001")
# Kinds of identifier that many parties share, or that are no identifier.
_SHARED = re.compile(
    r"kpp|gazette|ticker|licen[cs]e|phone|fax|mail|web|bik\b|postal|activity|flag", re.IGNORECASE
)


def strong_numbers(identifiers: Iterable[Identifier]) -> frozenset[str]:
    """Return the numbers with at least six letters or digits, one a digit, without punctuation."""
    return frozenset(
        number
        for identifier in identifiers
        if _SHARED.search(identifier.kind) is None
        for number in _numbers_in(identifier.value)
    )


def _numbers_in(value: str) -> Iterable[str]:
    for piece in _SEPARATORS.split(value.upper()):
        number = _NOT_COUNTED.sub("", piece)
        if _is_strong(number) and _DAY.fullmatch(piece) is None:
            yield number


def _is_strong(number: str) -> bool:
    has_digit = any(letter.isdigit() for letter in number)
    is_shared = _TAX_OFFICE.fullmatch(number) is not None or len(set(number)) == 1
    return len(number) >= _SHORTEST and has_digit and not is_shared
