"""Pieces: the numbers within a text that holds more than one number."""

import re
import unicodedata
from collections.abc import Iterator

import msgspec

from service.identify.kinds import said_by
from service.identify.plain import plain


class Piece(msgspec.Struct, frozen=True):
    """A number in plain form with what is said of it: its kinds in our words, its country."""

    text: str
    kinds: frozenset[str]
    country: str | None


_LABELLED = re.compile(
    r"\s*(IMO|LEI|INN|ИНН|OGRN(?:IP)?|ОГРН(?:ИП)?|USCC|MMSI|VAT|BIC|SWIFT)"
    r"(?:\s*(?:no|number|nr|code)\b)?(?:[\s:.,#№/-]++|(?=\d))([^\W_]++(?:[ .-]\d[^\W_]*+)*+)\s*+",
    re.IGNORECASE,
)
# A code of 18 or 20 characters, or seven digits and more, with one space between them at most and
# perhaps up to three letters before; glued to the next label ("2373007549KPP: 237301001") it ends
# where that begins. Shorter ones are numbers of courts, banks and houses.
_NUMBER = re.compile(
    r"(?<![0-9A-Za-z])"
    r"(?:[0-9A-Z]{18}(?:[0-9]{2})?(?![0-9A-Z])"
    r"|[A-Z]{0,3}[0-9](?: ?[0-9]){6,19}(?:[A-Z](?![0-9A-Za-z])|(?![0-9]|[A-Z](?![A-Za-z]))))"
)
_PLACE_AFTER = re.compile(r"\s*\(([^()]{2,30})\)")
# After a slash stands the code of the tax office: "7704734000/770301001".
_TAX_OFFICE = re.compile(r"/\s*$")
_TAX_OFFICE_DIGITS = 9


def labelled(value: str) -> Piece | None:
    """A value that says before the number what it is: "IMO 9187629"; else None."""
    found = _LABELLED.fullmatch(value)
    return None if found is None else Piece(found[2], said_by(found[1])[0], None)


def pieces_of(value: str, whole: Piece) -> Iterator[Piece]:
    """The numbers in a value other than the whole; of each, what the words before it say.

    A piece of which they say nothing is of the kind and the country of the whole.
    """
    if value.isalnum():
        return
    text = unicodedata.normalize("NFKC", value)
    end = 0
    for found in _NUMBER.finditer(text):
        before, number = text[end : found.start()], plain(found[0])
        place = _PLACE_AFTER.match(text, found.end())
        end = found.end() if place is None else place.end()
        if number == whole.text or _is_tax_office(before, number):
            continue
        kinds, country = said_by(before)
        if place is not None:
            country = said_by(place[1])[1]
        yield Piece(number, kinds or whole.kinds, country or whole.country)


def _is_tax_office(before: str, number: str) -> bool:
    return len(number) == _TAX_OFFICE_DIGITS and _TAX_OFFICE.search(before) is not None
