"""Which printed numbers are a party's own, so that two lists with one of them mean one party."""

import re
from collections.abc import Iterable

from service.lists.listing import Identifier

_SHORTEST = 6
_PARTED = re.compile(r"[\s,;:/()\[\]]+")
_NOT_COUNTED = re.compile(r"[^0-9A-Z]")
_DAY = re.compile(r"\d{1,4}[.-]\d{1,2}[.-]\d{1,4}")
# Russia's code of the tax office (KPP), which stands behind a slash after the tax number.
_TAX_OFFICE = re.compile(r"\d{4}01001")
# What is printed as an identifier and is shared by many, or is none.
_SHARED = re.compile(
    r"kpp|gazette|ticker|licen[cs]e|phone|fax|mail|web|bik\b|postal|activity|flag", re.IGNORECASE
)


def strong_numbers(identifiers: Iterable[Identifier]) -> frozenset[str]:
    """The numbers of at least six letters and digits, digits among them, without punctuation."""
    return frozenset(
        number
        for identifier in identifiers
        if _SHARED.search(identifier.kind) is None
        for number in _numbers_in(identifier.value)
    )


def _numbers_in(value: str) -> Iterable[str]:
    for piece in _PARTED.split(value.upper()):
        number = _NOT_COUNTED.sub("", piece)
        if _is_strong(number) and _DAY.fullmatch(piece) is None:
            yield number


def _is_strong(number: str) -> bool:
    has_digit = any(letter.isdigit() for letter in number)
    is_shared = _TAX_OFFICE.fullmatch(number) is not None or len(set(number)) == 1
    return len(number) >= _SHORTEST and has_digit and not is_shared
