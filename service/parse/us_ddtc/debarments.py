"""Debarments as DDTC's two files print them, and the listings they make."""

from datetime import date

import msgspec

from service.model.errors import RowRefusedError
from service.model.listing import EntityType, Fact, Listing, Name
from service.parse.citations import read_citations
from service.parse.days import read_american_day
from service.parse.printed_names import collect_names
from service.parse.rows import Row
from service.parse.us_ddtc.names import parties_of, split_aliases, turned

LIST_CODE = "us_ddtc"
BIRTH = "Date Of Birth"
STATUTORY_COLUMNS = (
    "Party Name",
    BIRTH,
    "Federal Register Notice",
    "Notice Date",
    "Corrected Notice",
    "Corrected Notice Date",
)
ADMINISTRATIVE_COLUMNS = (
    "Name",
    "Date",
    "Charging Letter",
    "Debarment Order",
    "Federal Register Notice",
)
_SOURCE_URL = "https://www.pmddtc.state.gov/ddtc_public?id=ddtc_kb_article_page&sys_id=c22d1833dbb8d300d0a370131f9619f0"
_STATUTORY, _ADMINISTRATIVE = "statutory", "administrative"


class Debarment(msgspec.Struct, frozen=True, kw_only=True):
    """One row of either file; `turned_name` is what trade.gov makes of the printed name."""

    names: tuple[Name, ...]
    turned_name: str
    programme: str
    listed_on: date | None
    citations: tuple[str, ...]
    facts: tuple[Fact, ...]
    entity_type: EntityType | None = None


def statutory_of(row: Row[str]) -> Debarment:
    """A row of the statutory file, in force from the day of its notice on.

    Only persons are told: they are the rows with a date of birth, but not all of them have one.

    Raises:
        RowRefusedError: no name, a day that is none, or a column nobody knows.
    """
    name, aliases = split_aliases(_printed(row, "Party Name"))
    born = _line(row.take(BIRTH))
    notice, correction = row.take("Federal Register Notice"), row.take("Corrected Notice")
    debarment = Debarment(
        names=collect_names(name, aliases),
        turned_name=turned(name),
        programme=_STATUTORY,
        listed_on=read_american_day(row.where, "Notice Date", row.take("Notice Date")),
        citations=read_citations(f"{notice}; {correction}"),
        facts=_facts(
            ("date_of_birth", born),
            ("federal_register_notice", _more_than_act(notice)),
            ("corrected_notice", _line(correction)),
            ("corrected_notice_date", _line(row.take("Corrected Notice Date"))),
        ),
        entity_type="person" if born else None,
    )
    row.close()
    return debarment


def administrative_of(row: Row[str]) -> Debarment:
    """A row of the administrative file; several parties in one row are names of one listing.

    `Charging Letter` and `Debarment Order` print the size of a file that is not there.

    Raises:
        RowRefusedError: no name, a day that is none, or a column nobody knows.
    """
    printed = _printed(row, "Name")
    notice = row.take("Federal Register Notice")
    parties = parties_of(printed)
    debarment = Debarment(
        names=collect_names(printed, (Name(text=text, kind="alias") for text in parties)),
        turned_name=printed,
        programme=_ADMINISTRATIVE,
        listed_on=read_american_day(row.where, "Date", row.take("Date")),
        citations=read_citations(notice),
        facts=_facts(("federal_register_notice", _more_than_act(notice))),
    )
    row.close(("Charging Letter", "Debarment Order"))
    return debarment


def listing_of(debarment: Debarment) -> Listing:
    """The listing, with an empty id that its whole list is needed for."""
    return Listing(
        id="",
        list_code=LIST_CODE,
        names=debarment.names,
        entity_type=debarment.entity_type,
        programmes=(debarment.programme,),
        citations=debarment.citations,
        listed_on=debarment.listed_on,
        facts=debarment.facts,
        source_url=_SOURCE_URL,
    )


def _printed(row: Row[str], field: str) -> str:
    name = _line(row.take(field))
    if not name:
        raise RowRefusedError(row.where, f"{field} is blank")
    return name


def _more_than_act(notice: str) -> str:
    """The notice as printed where it says more than the act cited, else nothing."""
    text = _line(notice)
    return "" if "; ".join(read_citations(text)) == text else text


def _facts(*printed: tuple[str, str]) -> tuple[Fact, ...]:
    return tuple(Fact(kind=kind, value=value) for kind, value in printed if value)


def _line(printed: str) -> str:
    return " ".join(printed.split())
