"""Countries and addresses as DFAT prints them: several in one cell, the country last."""

import re
from collections.abc import Iterator

from service.model.listing import Address
from service.parse.countries import country_code
from service.parse.numbered import filled_numbered

_PARTING = re.compile(r"[,;:/]")
# No country's name has more words than `United Kingdom of Great Britain and Northern Ireland`.
_LONGEST_COUNTRY = 8
# A remark in brackets or a postal code behind the country.
_BEHIND = re.compile(r"(?<![\s,])[\s,]*+(?:\([^()]*+\)|\d{5,6})[\s.,;]*+$")
# Before a country's last words these say that it is one of two, or the words are of another one
# (`Sudan/South Sudan`).
_JOINS = re.compile(r"^(?:and|or)$|/[A-Za-z]", re.IGNORECASE)


def countries_of(printed: str) -> Iterator[str]:
    """The countries of `Somalia; Sweden`, `a) Sudan b) South Sudan` or `Congo, Republic of the`.

    What names no country of today is left out.
    """
    for part in filled_numbered(printed):
        whole = country_code(part)
        codes = [whole] if whole else map(country_code, _PARTING.split(part))
        yield from filter(None, codes)


def addresses_of(printed: str) -> Iterator[Address]:
    """The addresses of `a) Garabulli, Libya b) Zawiya, Libya`, each on one line.

    A semicolon parts addresses only where each of them ends in its country; it parts remarks too.
    """
    for part in filled_numbered(printed):
        pieces = [Address(text=text, country=_country_at_end(text)) for text in _lines(part)]
        if len(pieces) > 1 and not all(piece.country for piece in pieces):
            text = _line(part)
            pieces = [Address(text=text, country=_country_at_end(text))]
        yield from pieces


def _lines(part: str) -> list[str]:
    return [line for piece in part.split(";") if (line := _line(piece))]


def _line(text: str) -> str:
    return " ".join(text.split()).strip(" ,;")


def _country_at_end(text: str) -> str | None:
    """The country that an address ends in, before a remark in brackets or a postal code."""
    bare = text[1:-1] if text.startswith("(") and text.endswith(")") else text
    words = _BEHIND.sub("", bare).strip(" .,;").split()
    for count in range(min(_LONGEST_COUNTRY, len(words)), 0, -1):
        before, last = words[:-count], " ".join(words[-count:])
        code = country_code(last) if len(last) > len("XX") or last == "UK" else None
        if code is not None:
            return None if before and _JOINS.search(before[-1]) else code
    return None
