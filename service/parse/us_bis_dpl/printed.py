"""`NAME, STREET, CITY, STATE, COUNTRY, POSTAL CODE` in one column, taken apart again."""

import re

import msgspec

from service.model.errors import RowRefusedError
from service.model.listing import Address
from service.parse.countries import country_code

_BEHIND_NAME = ("street", "city", "state", "country", "postal code")
# What stands behind a comma and still belongs to the name. The words are those of all names of
# the Denied Persons List of 2021 to 2026 that hold a comma.
_NAME_TAIL = re.compile(
    r"(?:INC(?:ORPORATED)?|L\.?L\.?C|LTD|LIMITED|CO|CORP(?:ORATION)?|GMBH|AG|JSC|PTE\.? LTD"
    r"|S\.? ?A(?:\.? DE C\.?V)?|S\.? ?L|B\.?V|JR|SR|II|III|IV)\.?(?:\s*\([^()]*\))?",
    re.IGNORECASE,
)
# `JIN, ZHONGDA, 1895 DOBBIN DRIVE`: one word, then given names, then what a street begins with.
# Where a street begins with words instead (`OKBA AIR BASE`), one word is taken for the name.
_FAMILY_NAME = re.compile(r"[A-Z'-]+", re.IGNORECASE)
_GIVEN_NAMES = re.compile(r"[A-Z'.-]+(?: [A-Z'.-]+)?", re.IGNORECASE)
_STREET = re.compile(r"(?:\d|P\.? ?O\.? |INMATE|C/O )", re.IGNORECASE)
_COUNTRY = re.compile(r"[A-Za-z]{2}|PRC|")
_ZIP = re.compile(r"\d{5}(?:-?\d{4})?")
_STATES = (
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ "
    "NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY PR VI GU AS MP"
)
_STATE = re.compile(_STATES.replace(" ", "|"))


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """An address as BIS keeps it; `city` may hold a region too where the country is not the US."""

    street: str
    city: str
    state: str
    country: str
    postal_code: str


def split_name(where: str, printed: str) -> tuple[str, Place]:
    """The name and the address behind it.

    The file joins six fields by `, `, blank ones too, so the last four are always city, state,
    country and postal code; street and name may hold commas of their own. A name goes on behind
    a comma with a legal form, with `JR.` and the like, with the rest of its brackets, and with
    the given names behind a family name. A city with a comma in it (`SCARBOROUGH, ONTARIO`)
    leaves its first words to the street.

    Raises:
        RowRefusedError: fewer fields, no name, or a country that is no code of two letters.
    """
    text = f"{printed} " if printed.endswith(",") else printed
    as_printed = text.split(", ")
    fields = [" ".join(field.split()) for field in as_printed]
    most = len(fields) - len(_BEHIND_NAME)
    if most < 1 or not fields[0]:
        expected = f"a name, {', '.join(_BEHIND_NAME)} are expected"
        raise RowRefusedError(where, f"Name_and_Address: {printed!r}; {expected}")
    length = _name_length(fields, most)
    *street, city, state, country, postal_code = fields[length:]
    if _COUNTRY.fullmatch(country) is None:
        raise RowRefusedError(where, f"Name_and_Address: {country!r} is no country's code")
    return ", ".join(as_printed[:length]).strip(), Place(
        street=", ".join(filter(None, street)),
        city=city,
        state=state,
        country=country,
        postal_code=postal_code,
    )


def address_of(place: Place) -> Address | None:
    """The address, None where all of it is blank.

    Parts are told apart only within the US: abroad a city may hold a comma, so that where the
    street ends is not sure. A US state with a ZIP code is in the US also where BIS left the
    country out, or printed the state in its place.
    """
    inside = (place.street, place.city, place.state, place.postal_code, place.country)
    text = ", ".join(filter(None, inside))
    if not text:
        return None
    country = _country_of(place)
    if country != "US":
        return Address(text=text, postal_code=place.postal_code or None, country=country)
    return Address(
        text=text,
        street=place.street or None,
        city=place.city or None,
        region=place.state or None,
        postal_code=place.postal_code or None,
        country=country,
    )


def _name_length(fields: list[str], most: int) -> int:
    """How many fields the name takes up."""
    length = _behind_brackets(fields, most)
    if length == 1 and _is_turned(fields, most):
        return 2
    while length < most and _NAME_TAIL.fullmatch(fields[length]):
        length += 1
    return length


def _behind_brackets(fields: list[str], most: int) -> int:
    """One, or more where brackets open in the first field and close in a later one."""
    depth = 0
    for length in range(1, most + 1):
        depth += fields[length - 1].count("(") - fields[length - 1].count(")")
        if depth <= 0:
            return length
    return 1


def _is_turned(fields: list[str], most: int) -> bool:
    return (
        most > 1
        and _FAMILY_NAME.fullmatch(fields[0]) is not None
        and _GIVEN_NAMES.fullmatch(fields[1]) is not None
        and _NAME_TAIL.fullmatch(fields[1]) is None
        and _STREET.match(fields[2]) is not None
    )


def _country_of(place: Place) -> str | None:
    state = place.state or place.country
    named = country_code(place.country) if place.country else None
    if named is None and _STATE.fullmatch(state) and _ZIP.fullmatch(place.postal_code):
        return "US"
    return named
