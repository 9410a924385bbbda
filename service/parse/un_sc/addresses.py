"""The addresses of a party of the UN list, which stand in parts or in a note alone."""

import re
from collections.abc import Iterator

from service.model.listing import Address
from service.parse.countries import country_code
from service.parse.elements import ElementRow
from service.parse.printed_names import tidy
from service.parse.rows import filled

# `Branch Office 1: i) Chohar Mir Road, …, Pakistan; ii) Room number 1, …, Pakistan`.
_BRANCH = re.compile(r"(?P<label>Branch Office \d+):\s*")
_NUMERAL = re.compile(r"(?:^|[\s;]{1,3})[ivx]+\)\s+")
_OPERATES = re.compile(r"Operates in (?P<places>.+)")
_STOPS = " ;,."
_AND = re.compile(r",\s*+|(?<!\s)\s++and\s++")
# Behind a place: telephones, a remark in brackets, since when it is true.
_BEHIND = re.compile(
    r"(?:\b(?:Tel(?:ephone)?|Phone|Fax|Mobile|e-mail)\b.*|\([^()]*\)"
    r"|\b(?:since|as (?:of|at)) [^,]*)$",
    re.IGNORECASE,
)
# Before a country, in the same breath: `Support network in`, `Jakarta 13440`, `location -`.
_BEFORE = re.compile(r"(?:\bin|\d|\s-)\s+")


def read_addresses(row: ElementRow, tag: str) -> tuple[Address, ...]:
    """All addresses, those that a note counts through each by itself.

    An address in a note has the country it ends with; one of a party that operates in several
    stands once for each of them.
    """
    return tuple(address for part in row.rows(f"{tag}_ADDRESS") for address in _addresses(part))


def _addresses(row: ElementRow) -> Iterator[Address]:
    street, city, region = row.find("STREET"), row.find("CITY"), row.find("STATE_PROVINCE")
    postal_code, country, note = row.find("ZIP_CODE"), row.find("COUNTRY"), row.find("NOTE")
    row.close()
    parts = ", ".join(filter(None, (street, city, region, postal_code, country)))
    if not parts:
        yield from _noted(note or "")
        return
    yield Address(
        text=tidy(parts),
        street=street,
        city=city,
        region=region,
        postal_code=postal_code,
        country=None if country is None else country_code(country),
        note=note,
    )


def _noted(note: str) -> Iterator[Address]:
    branch = _BRANCH.match(note)
    printed = note if branch is None else note[branch.end() :]
    pieces = filled(_NUMERAL.split(printed))
    apart = branch is not None or len(pieces) > 1
    for piece in pieces:
        label = None if branch is None else branch["label"]
        for country in _countries(piece):
            yield Address(text=tidy(piece), country=country, note=label if apart else note or None)


def _countries(piece: str) -> tuple[str | None, ...]:
    operates = _OPERATES.match(piece)
    places = [] if operates is None else _AND.split(operates["places"])
    codes = tuple(dict.fromkeys(filter(None, map(country_code, places))))
    return codes or (_last_country(piece),)


def _last_country(piece: str) -> str | None:
    text = piece.rstrip(_STOPS)
    while (shorter := _BEHIND.sub("", text).rstrip(_STOPS)) != text:
        text = shorter
    last = text.rpartition(",")[2].strip()
    return country_code(last) or country_code(_BEFORE.split(last)[-1])
