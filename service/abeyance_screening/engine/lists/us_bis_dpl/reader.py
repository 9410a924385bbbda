"""The reader of the Denied Persons List of the US Bureau of Industry and Security.

Source: https://www.bis.gov/licensing/end-user-guidance/denied-persons-list-dpl
"""

import re
from datetime import date

import msgspec

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.listing import Address, Fact, Listing
from abeyance_screening.engine.lists.reading.countries import country_code
from abeyance_screening.engine.lists.reading.days import read_american_day, read_citations
from abeyance_screening.engine.lists.reading.files import Format, GivenFile, one_file
from abeyance_screening.engine.lists.reading.names import collect_names
from abeyance_screening.engine.lists.reading.records import Row, by_name, one_edition
from abeyance_screening.engine.lists.reading.tables import read_rows
from abeyance_screening.engine.lists.reading.texts import line_of, read_text
from abeyance_screening.engine.lists.reading.unknown_parts import (
    Rescued,
    note_unknown,
    read_records,
)
from abeyance_screening.primitives.errors import RowRefusedError

# --- `NAME, STREET, CITY, STATE, COUNTRY, POSTAL CODE` in one column, split into fields.

_ADDRESS_FIELDS = ("street", "city", "state", "country", "postal code")
# Words after a comma that still belong to the name. They are those of all names with a comma on
# the Denied Persons List of 2021 to 2026.
_NAME_TAIL = re.compile(
    r"(?:INC(?:ORPORATED)?|L\.?L\.?C|LTD|LIMITED|CO|CORP(?:ORATION)?|GMBH|AG|JSC|PTE\.? LTD"
    r"|S\.? ?A(?:\.? DE C\.?V)?|S\.? ?L|B\.?V|JR|SR|II|III|IV)\.?(?:\s*\([^()]*\))?",
    re.IGNORECASE,
)
# `JIN, ZHONGDA, 1895 DOBBIN DRIVE`: one word, then given names, then the beginning of a street.
# Where a street begins with words instead (`OKBA AIR BASE`), the first word alone is the name.
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


class DplAddress(msgspec.Struct, frozen=True, kw_only=True):
    """An address in BIS's fields; outside the US `city` may also hold a region."""

    street: str
    city: str
    state: str
    country: str
    postal_code: str


def split_name(where: str, printed: str) -> tuple[str, DplAddress]:
    """Split a cell into the name and the address after it.

    The file joins six fields by `, `, blank ones too, so that the last four are always city,
    state, country and postal code; name and street may contain commas themselves. After a comma
    the name continues with a legal form, with `JR.` and the like, with the rest of its brackets,
    and with given names after a family name. The first words of a city with a comma
    (`SCARBOROUGH, ONTARIO`) go to the street.
    """
    text = f"{printed} " if printed.endswith(",") else printed
    as_printed = text.split(", ")
    fields = [" ".join(field.split()) for field in as_printed]
    most = len(fields) - len(_ADDRESS_FIELDS)
    if most < 1 or not fields[0]:
        expected = f"a name, {', '.join(_ADDRESS_FIELDS)} are expected"
        raise RowRefusedError(where, f"Name_and_Address: {printed!r}; {expected}")
    length = _name_length(fields, most)
    *street, city, state, country, postal_code = fields[length:]
    if _COUNTRY.fullmatch(country) is None:
        raise RowRefusedError(where, f"Name_and_Address: {country!r} is no country code")
    return ", ".join(as_printed[:length]).strip(), DplAddress(
        street=", ".join(filter(None, street)),
        city=city,
        state=state,
        country=country,
        postal_code=postal_code,
    )


def address_of(place: DplAddress) -> Address | None:
    """Return the address, None where all of it is blank.

    Only US addresses have parts: abroad a city may contain a comma, so that the end of the street
    is not certain. A US state with a ZIP code means the US even where BIS omitted the country, or
    printed the state in its place.
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
    """Return how many fields the name takes up."""
    length = _bracketed_length(fields, most)
    if length == 1 and _is_turned(fields, most):
        return 2
    while length < most and _NAME_TAIL.fullmatch(fields[length]):
        length += 1
    return length


def _bracketed_length(fields: list[str], most: int) -> int:
    """Return 1, or more where brackets open in the first field and close in a later one."""
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


def _country_of(place: DplAddress) -> str | None:
    state = place.state or place.country
    named = country_code(place.country) if place.country else None
    if named is None and _STATE.fullmatch(state) and _ZIP.fullmatch(place.postal_code):
        return "US"
    return named


# --- Denial orders and their listings.

LIST_CODE = "us_bis_dpl"
COLUMNS = (
    "Name_and_Address",
    "Effective_Date",
    "Expiration_Date",
    "Appropriate Federal Register Citations",
    "Type of Denial",
)
_SOURCE_URL = "https://www.bis.gov/licensing/end-user-guidance/denied-persons-list-dpl"
# Whether an order has the standard terms; it is blank in two rows.
_TERMS = frozenset({"Standard", "Non-Standard", ""})


def listing_of(row: Row[str]) -> Listing:
    """Return the order of a row as a listing with an empty id, which depends on the whole list."""
    name, place = split_name(row.where, row.take("Name_and_Address"))
    address = address_of(place)
    country = None if address is None else address.country
    notices = row.take("Appropriate Federal Register Citations").strip()
    citations = read_citations(notices)
    says_more = "; ".join(citations) != notices
    terms = row.take("Type of Denial").strip()
    if terms not in _TERMS:
        note_unknown(row.where, "word in 'Type of Denial'", terms)
    listing = Listing(
        id="",
        list_code=LIST_CODE,
        # `ANNEXFIELD , LTD.`
        names=collect_names(line_of(name).replace(" ,", ","), ()),
        addresses=() if address is None else (address,),
        countries=() if country is None else (country,),
        programmes=(terms,) if terms else (),
        citations=citations,
        listed_on=_day_in(row, "Effective_Date"),
        expires_on=_day_in(row, "Expiration_Date"),
        facts=(Fact(kind="federal_register_notice", value=notices),) if says_more else (),
        source_url=_SOURCE_URL,
    )
    row.close()
    return listing


def _day_in(row: Row[str], field: str) -> date | None:
    return read_american_day(row.where, field, row.take(field))


# --- The files.


def parse_csv(content: bytes) -> tuple[ParsedEdition, ...]:
    """Read `dpl.csv` into one edition of one listing a row; the file gives no publication day.

    Ids are made from the printed name, as for the same list within trade.gov's Consolidated
    Screening List. A file that was truncated between two records, or before the word for the type
    of denial, cannot be told from a whole one; any other truncated file is refused.
    """
    rows = read_rows(LIST_CODE, read_text(LIST_CODE, content), COLUMNS)
    keyed = by_name(read_records(rows, listing_of, _rescue))
    return one_edition(LIST_CODE, keyed)


def _rescue(row: Row[str]) -> Rescued:
    """Return an order that cannot be read: what precedes its first comma, and the whole cell."""
    printed = row.printed_names()
    return Rescued(
        list_code=LIST_CODE, names=(*(each.split(",")[0] for each in printed), *printed)
    )


def _is_csv(file: GivenFile) -> bool:
    header = file.head.partition("\n")[0]
    return "Name_and_Address" in header or "Type of Denial" in header


FORMATS = (
    Format(
        word="dpl_csv",
        source=LIST_CODE,
        title="dpl.csv, with name and address in one column",
        tells=_is_csv,
        read=one_file(parse_csv),
    ),
)
"""The format in which BIS publishes the list."""
