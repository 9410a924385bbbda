"""What OFAC says of a party besides names and addresses: numbers somebody issued, and facts."""

import functools
import re

import msgspec

from service.model.listing import Fact, Identifier
from service.parse.countries import country_code
from service.parse.days import find_day
from service.parse.us_csl.identifiers import is_remark

# Printed in different words by different files; one word of ours for each.
_FACT_KINDS = {
    "Birthdate": "date_of_birth",
    "DOB": "date_of_birth",
    "Place of Birth": "place_of_birth",
    "POB": "place_of_birth",
    "Nationality Country": "nationality",
    "nationality": "nationality",
    "Citizenship Country": "citizenship",
    "citizen": "citizenship",
    "Title": "title",
    "Location": "location",
    "VESSEL TYPE": "vessel_type",
    "Vessel Call Sign": "call_sign",
    "Vessel Flag": "vessel_flag",
    "Vessel Owner": "vessel_owner",
    "Vessel Tonnage": "gross_tonnage",
    "Vessel Gross Registered Tonnage": "gross_registered_tonnage",
    "sanctions type": "sanctions_type",
}
_TYING = frozenset({"nationality", "citizenship", "nationality_of_registration"})


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """One thing said, as printed: `kind` in the file's words, `country` as a name, days as text.

    `value` may be blank: a document of which only the country is known.
    """

    kind: str
    value: str
    country: str | None = None
    issued: str | None = None
    expires: str | None = None
    note: str | None = None


def is_number(said: Said) -> bool:
    """Whether it is a number or code that somebody issued, and not a property or a remark."""
    return said.kind not in _FACT_KINDS and not is_remark(said.kind) and bool(said.value)


def identifier_of(said: Said) -> Identifier:
    """The number; days that are none (`1999`) and countries that are none stay as words."""
    issued, expires, country = said.issued or "", said.expires or "", said.country or ""
    issued_on, expires_on, code = find_day(issued), find_day(expires), country_code(country)
    words = (
        f"of {country}" if country and code is None else None,
        f"issued {issued}" if issued and issued_on is None else None,
        f"expires {expires}" if expires and expires_on is None else None,
        said.note,
    )
    return Identifier(
        kind=said.kind,
        value=said.value,
        country=code,
        issued_on=issued_on,
        expires_on=expires_on,
        note="; ".join(filter(None, words)) or None,
    )


def fact_of(said: Said) -> Fact:
    """The fact; of a document without a number, what else is known of it."""
    days = (
        f"issued {said.issued}" if said.issued else None,
        f"expires {said.expires}" if said.expires else None,
    )
    words = (said.value, said.country, *days, said.note)
    return Fact(kind=fact_kind(said.kind), value=" ".join(filter(None, words)))


def ties_to_country(fact: Fact) -> bool:
    """Whether a fact names a country that the party belongs to."""
    return fact.kind in _TYING


# Some sixty kinds, printed a hundred thousand times.
@functools.lru_cache(maxsize=1024)
def fact_kind(printed: str) -> str:
    """Our word for a printed kind: `Secondary sanctions risk:` → `secondary_sanctions_risk`."""
    known = _FACT_KINDS.get(printed)
    return known or re.sub(r"[^a-z0-9]+", "_", printed.casefold()).strip("_")
