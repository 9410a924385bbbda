"""Denial orders as either file prints them, and the listings they make."""

from datetime import date

import msgspec

from service.model.errors import RowRefusedError
from service.model.listing import Fact, Listing, Name
from service.parse.citations import read_citations
from service.parse.days import read_american_day
from service.parse.printed_names import collect_names
from service.parse.rows import Row
from service.parse.us_bis_dpl.printed import Place, address_of, split_name

LIST_CODE = "us_bis_dpl"
COLUMNS = (
    "Name_and_Address",
    "Effective_Date",
    "Expiration_Date",
    "Appropriate Federal Register Citations",
    "Type of Denial",
)
TXT_COLUMNS = (
    "Name",
    "Street_Address",
    "City",
    "State",
    "Country",
    "Postal_Code",
    "Effective_Date",
    "Expiration_Date",
    "Standard_Order",
    "Last_Update",
    "Action",
    "FR_Citation",
)
_SOURCE_URL = "https://www.bis.gov/licensing/end-user-guidance/denied-persons-list-dpl"
# Both files say of every order whether it has the standard terms; two rows of each say nothing.
_STANDARD, _OTHER = "Standard", "Non-Standard"
_PROGRAMMES = {
    "Standard": (_STANDARD,),
    "Non-Standard": (_OTHER,),
    "Y": (_STANDARD,),
    "N": (_OTHER,),
    "": (),
}


class Denial(msgspec.Struct, frozen=True, kw_only=True):
    """One order against one name at one address; `name` is as printed: the id is made of it."""

    name: str
    place: Place
    programmes: tuple[str, ...]
    effective_on: date | None
    expires_on: date | None
    notices: str
    remarks: str | None = None
    last_update: str | None = None


def denial_of(row: Row[str]) -> Denial:
    """A row of `dpl.csv`.

    Raises:
        RowRefusedError: name and address cannot be told apart, a day that is none, an unknown
            type of denial, or a column nobody knows.
    """
    name, place = split_name(row.where, row.take("Name_and_Address"))
    denial = Denial(
        name=name,
        place=place,
        programmes=_programmes(row.where, "Type of Denial", row.take("Type of Denial")),
        effective_on=_day(row, "Effective_Date"),
        expires_on=_day(row, "Expiration_Date"),
        notices=row.take("Appropriate Federal Register Citations").strip(),
    )
    row.close()
    return denial


def denial_of_txt(row: Row[str]) -> Denial:
    """A row of `dpl.txt`; what it calls the action is kept as the remark.

    Raises:
        RowRefusedError: the name is blank, a day that is none, an unknown word for the terms, or
            a column nobody knows.
    """
    name = row.take("Name").strip()
    if not name:
        raise RowRefusedError(row.where, "Name is blank")
    place = Place(
        street=_line(row.take("Street_Address")),
        city=_line(row.take("City")),
        state=_line(row.take("State")),
        country=_line(row.take("Country")),
        postal_code=_line(row.take("Postal_Code")),
    )
    denial = Denial(
        name=name,
        place=place,
        programmes=_programmes(row.where, "Standard_Order", row.take("Standard_Order").upper()),
        effective_on=_day(row, "Effective_Date"),
        expires_on=_day(row, "Expiration_Date"),
        notices=row.take("FR_Citation").strip(),
        remarks=_line(row.take("Action")) or None,
        last_update=_line(row.take("Last_Update")) or None,
    )
    row.close()
    return denial


def listing_of(denial: Denial) -> Listing:
    """The listing, with an empty id that its whole list is needed for."""
    address = address_of(denial.place)
    country = None if address is None else address.country
    citations = read_citations(denial.notices)
    says_more = "; ".join(citations) != denial.notices
    printed = (
        ("federal_register_notice", denial.notices if says_more else None),
        ("last_update", denial.last_update),
    )
    return Listing(
        id="",
        list_code=LIST_CODE,
        names=_names(denial.name),
        addresses=() if address is None else (address,),
        countries=() if country is None else (country,),
        programmes=denial.programmes,
        citations=citations,
        listed_on=denial.effective_on,
        expires_on=denial.expires_on,
        remarks=denial.remarks,
        facts=tuple(Fact(kind=kind, value=value) for kind, value in printed if value is not None),
        source_url=_SOURCE_URL,
    )


def _names(printed: str) -> tuple[Name, ...]:
    # `ANNEXFIELD , LTD.`
    return collect_names(_line(printed).replace(" ,", ","), ())


def _programmes(where: str, field: str, printed: str) -> tuple[str, ...]:
    word = printed.strip()
    if word not in _PROGRAMMES:
        raise RowRefusedError(where, f"{field}: unknown word {word!r}")
    return _PROGRAMMES[word]


def _day(row: Row[str], field: str) -> date | None:
    return read_american_day(row.where, field, row.take(field))


def _line(printed: str) -> str:
    return " ".join(printed.split())
