"""Numbers of companies and people as the UK prints them, often with their names in one text."""

import re
from collections.abc import Iterator

from service.model.listing import Identifier
from service.parse.countries import country_code

_WORD = r"(?:INN|OGRN|KPP|TIN|OKPO|OKTMO|BIK|BIN|SRN|BRN|CRN|USCC|PPC)"
# Only digits count as a number here: of anything else it is not certain where it ends.
_NAMED_NUMBER = re.compile(
    rf"(?P<kind>(?:[A-Z][a-z]+ )?{_WORD}(?:/{_WORD})?)(?: number)?\s*+(?:[:\u2013-]\s*+)?"
    r"(?P<number>\d{6,20})(?!\d)\s*+(?:[,;/.]\s*+)?"
)
# `Iran National ID Number - 10861529720`, `1037804006811 (Russia)`
_ONE_NUMBER = re.compile(
    r"(?:(?P<kind>[A-Z][A-Za-z ]{0,40}(?:[Nn]umber|No\.|ID|[Cc]ode))\s*+(?:[:\u2013-]\s*+)?)?"
    r"(?P<number>\d{6,20})(?:\s*\((?P<country>[A-Z][A-Za-z ]+)\))?"
)


def registrations(kind: str, printed: str, note: str | None = None) -> Iterator[Identifier]:
    """The numbers of one text: `INN: 7720891730 / KPP: 772201001` are two, of their own kinds.

    `kind` is that of a number without a name. A text that is not wholly made of named numbers
    (`SWIFT/BIC - PBIRIRTH`) is one number, as printed.
    """
    text = " ".join(printed.split()).strip("' ")
    found, place = list[Identifier](), 0
    while (match := _NAMED_NUMBER.match(text, place)) is not None:
        found.append(Identifier(kind=match["kind"], value=match["number"], note=note))
        place = match.end()
    if found and place == len(text):
        yield from found
    elif (one := _ONE_NUMBER.fullmatch(text)) is not None:
        country = country_code(one["country"] or "")
        where = None if country else one["country"]
        said = "; ".join(filter(None, (where, note))) or None
        yield Identifier(kind=one["kind"] or kind, value=one["number"], country=country, note=said)
    elif text:
        yield Identifier(kind=kind, value=text, note=note)
