"""Supplement No. 4 to part 744: finding it in the eCFR's XML, and the listings of its entries."""

import io
import re
from collections.abc import Iterator, Mapping
from datetime import date
from xml.etree.ElementTree import Element

import msgspec
from defusedxml.ElementTree import iterparse

from service.errors import ListRefusedError, RowRefusedError
from service.lists.listing import Address, Fact, Listing
from service.lists.reading.countries import country_code
from service.lists.reading.days import find_day, read_citations
from service.lists.reading.names import collect_names
from service.lists.reading.xml import xml_refused
from service.lists.us_bis_el.cells import EntityParty, country_at_end, read_parties
from service.lists.us_bis_el.table import EntityRow, SupplementCell

ROOTS = frozenset(
    {"DLPSTEXTCLASS", "ECFR", "ECFRBRWS", *(f"DIV{level}" for level in range(1, 10))}
)
_SUPPLEMENT = re.compile(r"supplement\s+no\.?\s*4\s+to\s+part\s+744", re.IGNORECASE)
_AMENDED = re.compile(r"([A-Z][a-z]{2})[a-z]*\.? (\d{1,2}), (\d{4})(?:\s*\([^()]*\))?")


class Supplement(msgspec.Struct, frozen=True):
    """The whole element of the supplement, and the day up to which its volume is amended.

    The day is None where the file does not give it, as in extracts from the versioner API.
    """

    element: Element
    amended_on: date | None


def read_supplement(list_code: str, content: bytes) -> Supplement:
    """Find Supplement No. 4 in the whole title, in a part, or in an extract of it alone.

    Nothing else is kept, so memory is bounded by the file and the supplement. The file is read to
    its end, so that a truncated file is refused.

    Source: https://github.com/usgpo/bulk-data/blob/main/ECFR-XML-User-Guide.md

    Raises:
        ListRefusedError: The file is not well-formed XML (with line and column), declares a
            document type or entities, is not of the eCFR, or does not have the supplement
            exactly once.
    """
    with xml_refused(list_code):
        found = list(_supplements(list_code, content))
    if len(found) != 1:
        reason = f"Supplement No. 4 to Part 744 occurs {len(found)} times; once is expected"
        raise ListRefusedError(list_code, reason)
    return found[0]


def _supplements(list_code: str, content: bytes) -> Iterator[Supplement]:
    stack, amended, inside = list[Element](), "", 0
    for event, element in _events(content):
        if event == "start":
            if not stack and element.tag not in ROOTS:
                reason = f"the XML is a {element.tag!r}, not of the eCFR"
                raise ListRefusedError(list_code, reason)
            stack.append(element)
            inside += bool(inside) or _is_supplement(element)
            continue
        stack.pop()
        if inside:
            inside -= 1
            if inside:
                continue
            yield Supplement(element, _day(list_code, amended))
        elif element.tag == "AMDDATE":
            # Each volume of a title has one, before its text.
            amended = "".join(element.itertext())
        if stack:
            stack[-1].remove(element)


def _events(content: bytes) -> Iterator[tuple[str, Element]]:
    return iterparse(io.BytesIO(content), events=("start", "end"), forbid_dtd=True)


def _is_supplement(element: Element) -> bool:
    return (
        element.tag == "DIV9" and _SUPPLEMENT.fullmatch(element.get("N", "").strip()) is not None
    )


def _day(list_code: str, printed: str) -> date | None:
    """Read the day of `Dec. 29, 2022(fm)`, which ends with the editor's initials."""
    text = " ".join(printed.split())
    if not text:
        return None
    match = _AMENDED.fullmatch(text)
    day = None if match is None else find_day(f"{match[2]} {match[1]} {match[3]}")
    if day is None:
        raise ListRefusedError(list_code, f"AMDDATE: {text!r} is not a day (Dec. 29, 2022)")
    return day


# --- The listings of an entry: the party, and the members that its entry names.

LIST_CODE = "us_bis_el"
SOURCE_URL = "https://www.ecfr.gov/current/title-15/part-744/appendix-Supplement%20No.%204%20to%20Part%20744"
INFORMATION_URL = "https://www.bis.gov/licensing/guidance-on-end-user-and-end-use-controls-and-us-person-controls"
# `CHINA, PEOPLE'S REPUBLIC OF` has 27 characters; a whole sentence is in the wrong column.
_LONGEST_HEADING = 60
# `KOREA, REPUBLIC OF`, and `CRIMEA REGION OF UKRAINE`.
_INVERTED = re.compile(r"(?P<name>[^,]+), (?P<ahead>.* of)", re.IGNORECASE)
_REGION = re.compile(r"^.*\b(?:region|part)s? of (?:the )?", re.IGNORECASE | re.MULTILINE)


def listings_of(entry: EntityRow, notes: Mapping[str, str]) -> Iterator[tuple[str, Listing]]:
    """Yield for each party the name that makes its id, and the listing with an empty id.

    `notes` are the texts of the footnotes by number. Requirement, policy, citations and footnotes
    of an entry hold for all parties in it. `countries` are the heading's and those at the ends of
    the addresses.

    Raises:
        RowRefusedError: Name, requirement or policy is missing, or a heading is too long for a
            country.
    """
    heading = _country(entry)
    acts = read_citations(_line(entry.citation.text))
    facts = tuple(_facts(entry, acts, notes))
    requirement = _filled(entry, "License requirement", entry.requirement)
    policy = _filled(entry, "License review policy", entry.policy)
    for party in read_parties(entry.entity.bare):
        if not party.name:
            raise RowRefusedError(entry.where, f"no name in {entry.entity.bare[:80]!r}")
        addresses = tuple(_address(text, heading) for text in party.addresses)
        codes = [heading, *(address.country for address in addresses)]
        listing = Listing(
            id="",
            list_code=LIST_CODE,
            names=collect_names(party.name, party.aliases),
            addresses=addresses,
            countries=tuple(dict.fromkeys(filter(None, codes))),
            licence_requirement=requirement,
            licence_review_policy=policy,
            citations=acts,
            facts=(*_party_facts(party), *facts),
            source_url=SOURCE_URL,
            information_url=INFORMATION_URL,
        )
        yield party.title, listing


def _country(entry: EntityRow) -> str | None:
    """Return the heading's country, None where the words name none; they are kept as a fact."""
    printed = entry.country
    if len(printed) > _LONGEST_HEADING:
        raise RowRefusedError(entry.where, f"Country: {printed[:80]!r} is no country")
    inverted = _INVERTED.fullmatch(printed)
    forms = [printed, _REGION.sub("", printed), printed.partition(" (")[0]]
    if inverted is not None:
        forms += [f"{inverted['ahead']} {inverted['name']}", inverted["name"]]
    return next(filter(None, map(country_code, forms)), None)


def _address(text: str, heading: str | None) -> Address:
    """Return an address; where it does not end with a country, the heading's country counts."""
    return Address(text=text, country=country_at_end(text) or heading)


def _filled(entry: EntityRow, column: str, cell: SupplementCell) -> str:
    text = _line(cell.text)
    if not text:
        raise RowRefusedError(entry.where, f"{column} is blank")
    return text


def _party_facts(party: EntityParty) -> Iterator[Fact]:
    if party.title not in {party.name, *(name.text for name in party.aliases)}:
        yield Fact(kind="entry_name", value=party.title)
    for text in party.scope:
        yield Fact(kind="extends_to", value=text)
    for text in party.alias_notes:
        yield Fact(kind="alias_note", value=text)
    for text in party.cross_references:
        yield Fact(kind="cross_reference", value=text)


def _facts(entry: EntityRow, acts: tuple[str, ...], notes: Mapping[str, str]) -> Iterator[Fact]:
    """Yield what else is printed, including the whole Entity cell, which is prose."""
    yield Fact(kind="country_heading", value=entry.country)
    yield Fact(kind="entry", value=_line(entry.entity.bare))
    notice = _line(entry.citation.text)
    if notice and "; ".join(acts) != notice:
        yield Fact(kind="federal_register_notice", value=notice)
    cells = (entry.entity, entry.requirement, entry.policy, entry.citation)
    for mark in dict.fromkeys(mark for cell in cells for mark in cell.marks):
        yield Fact(kind="footnote", value=": ".join(filter(None, (mark, notes.get(mark)))))


def _line(text: str) -> str:
    return " ".join(text.split())
