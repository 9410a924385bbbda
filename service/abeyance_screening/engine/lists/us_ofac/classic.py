"""SDN.XML and CONSOLIDATED.XML, OFAC's classic XML (`sdnList`), in either of its namespaces."""

import re
from collections.abc import Iterator
from datetime import date
from xml.etree.ElementTree import Element

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.listing import Address, Name
from abeyance_screening.engine.lists.reading.countries import country_code
from abeyance_screening.engine.lists.reading.files import GivenFile
from abeyance_screening.engine.lists.reading.texts import refuse_other_files
from abeyance_screening.engine.lists.reading.unknown_parts import note_unknown
from abeyance_screening.engine.lists.reading.xml import ElementRow, read_elements, root_of
from abeyance_screening.engine.lists.us_ofac.parties import (
    OfacDetail,
    OfacParty,
    PartyScraps,
    alias_kind,
    editions_of,
    entity_type,
    likely_lists,
    lists_of_programmes,
    placed_in,
    read_listings,
    source_of,
)
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError

_ROOT = "sdnList"
# The publisher's own spelling.
_INFORMATION = (_ROOT, "publshInformation")
_ENTRY = (_ROOT, "sdnEntry")
_DAY = re.compile(r"(\d{2})/(\d{2})/(\d{4})")
_PROGRAMMES = re.compile(rb"<programList>(.*?)</programList>", re.DOTALL)
_PROGRAMME = re.compile(rb"<program>\s*+((?:[^<\s]++|\s++(?!<))*+)\s*+</program>")
_CATEGORIES = {"strong": False, "weak": True}
_LINKED = re.compile(r"\(?(Linked To:) (.+?)\)?")
_STREETS = ("address1", "address2", "address3")
_VESSEL = (
    ("callSign", "Vessel Call Sign"),
    ("vesselType", "VESSEL TYPE"),
    ("tonnage", "Vessel Tonnage"),
    ("grossRegisteredTonnage", "Vessel Gross Registered Tonnage"),
    ("vesselFlag", "Vessel Flag"),
    ("vesselOwner", "Vessel Owner"),
)
_ITEMS = (
    ("dateOfBirthList", "dateOfBirthItem", "dateOfBirth", "DOB"),
    ("placeOfBirthList", "placeOfBirthItem", "placeOfBirth", "POB"),
    ("nationalityList", "nationality", "country", "nationality"),
    ("citizenshipList", "citizenship", "country", "citizen"),
)


def is_classic(file: GivenFile, *, source: str) -> bool:
    """Return whether a file may be the classic XML of this source, by its entries' programmes.

    A file whose programmes decide nothing, or that has no entries, may be of either source.
    """
    if root_of(file.head)[1] != _ROOT:
        return False
    entries = (
        [each[1].decode("utf-8", "replace") for each in _PROGRAMME.finditer(programmes[1])]
        for programmes in _PROGRAMMES.finditer(file.content)
    )
    return source_of(entries) in {None, source}


def read_classic(source: str, content: bytes) -> tuple[ParsedEdition, ...]:
    """Read one edition for each list with entries; `Publish_Date` is the day of publication."""
    refuse_other_files(source, content)
    file = _ClassicFile(source)
    listings = read_listings(
        file.entries(content),
        lambda element: placed_in(source, _party(source, element)),
        lambda element: _scraps_of(source, element).on_lists(source),
    )
    if file.published_on is None:
        raise ListRefusedError(source, f"{_INFORMATION[-1]} is missing")
    if file.record_count != f"{file.count}":
        reason = f"Record_Count gives {file.record_count} entries, but the file has {file.count}"
        raise ListRefusedError(source, reason)
    return editions_of(source, listings, file.published_on)


class _ClassicFile:
    """The entries of a file, which are read one by one, and what it says of itself."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.published_on: date | None = None
        self.record_count: str | None = None
        self.count = 0

    def entries(self, content: bytes) -> Iterator[Element]:
        """Yield the entries, and count them."""
        for path, element in read_elements(self.source, content, (_INFORMATION, _ENTRY)):
            if path == _INFORMATION:
                information = ElementRow(_INFORMATION[-1], element)
                self.published_on = _day(self.source, information.take("Publish_Date"))
                self.record_count = information.take("Record_Count")
                information.close()
            elif path == _ENTRY:
                self.count += 1
                yield element
            else:
                ElementRow(_ROOT, element).close()


def _day(source: str, printed: str) -> date:
    match = _DAY.fullmatch(printed)
    try:
        if match is not None:
            return date(int(match[3]), int(match[1]), int(match[2]))
    except ValueError:
        pass
    raise ListRefusedError(source, f"Publish_Date: {printed!r} is not a day (MM/DD/YYYY)")


def _party(source: str, element: Element) -> OfacParty:
    row = ElementRow(f"entry {''.join(texts_of(element, 'uid')) or '?'}", element)
    remarks = row.find("remarks")
    programmes = tuple(_programmes(row))
    details = tuple(_classic_facts(row, remarks))
    printed = "; ".join((*(f"{each.kind} {each.value}" for each in details), remarks or ""))
    party = OfacParty(
        number=row.take("uid"),
        entity_type=entity_type(row.where, row.take("sdnType")),
        lists=lists_of_programmes(source, row.where, programmes, printed),
        names=(Name(text=_name(row), kind="primary"), *_aliases(row)),
        programmes=programmes,
        addresses=tuple(_classic_addresses(row)),
        details=details,
        remarks=remarks,
    )
    row.close()
    return party


def _scraps_of(source: str, element: Element) -> PartyScraps:
    """Return what can be read of an entry that cannot be read whole, by its elements' tags."""
    programmes = texts_of(element, "programList/{*}program")
    named = (element, *element.iterfind("{*}akaList/{*}aka"))
    parts = ((*texts_of(each, "lastName"), *texts_of(each, "firstName")) for each in named)
    return PartyScraps(
        number="".join(texts_of(element, "uid")) or None,
        entity_type="".join(texts_of(element, "sdnType")),
        lists=tuple(likely_lists(source, programmes, " ".join(element.itertext()))),
        names=tuple(filter(None, map(", ".join, parts))),
        programmes=programmes,
    )


def _programmes(row: ElementRow) -> Iterator[str]:
    for programmes in row.rows("programList"):
        yield from programmes.texts("program")
        programmes.close()


def _name(row: ElementRow) -> str:
    """Return the name as `LAST, First`, as the other files print it."""
    last, first = row.find("lastName"), row.find("firstName")
    name = ", ".join(filter(None, (last, first)))
    if not name:
        raise RowRefusedError(row.where, "lastName and firstName are missing")
    return name


def _aliases(row: ElementRow) -> Iterator[Name]:
    for alias in below(row, "akaList", "aka"):
        category = alias.take("category")
        if category not in _CATEGORIES:
            note_unknown(alias.where, "category of a name", category)
        weak = _CATEGORIES.get(category, False)
        kind = alias_kind(alias.where, alias.take("type"), weak=weak)
        yield Name(text=_name(alias), kind=kind)
        alias.close("uid")


def _classic_addresses(row: ElementRow) -> Iterator[Address]:
    for address in below(row, "addressList", "address"):
        street = ", ".join(filter(None, map(address.find, _STREETS))) or None
        city, region = address.find("city"), address.find("stateOrProvince")
        postal_code, country = address.find("postalCode"), address.find("country")
        address.close("uid")
        text = ", ".join(filter(None, (street, city, region, postal_code, country)))
        if text:
            yield Address(
                text=text,
                street=street,
                city=city,
                region=region,
                postal_code=postal_code,
                country=country_code(country or ""),
            )


def _classic_facts(row: ElementRow, remarks: str | None) -> Iterator[OfacDetail]:
    title = row.find("title")
    if title is not None:
        yield OfacDetail(kind="Title", value=title)
    vessel = row.row("vesselInfo")
    if vessel is not None:
        for tag, kind in _VESSEL:
            if (value := vessel.find(tag)) is not None:
                yield OfacDetail(kind=kind, value=value)
        vessel.close()
    for plural, singular, tag, kind in _ITEMS:
        for item in below(row, plural, singular):
            yield OfacDetail(kind=kind, value=item.take(tag))
            item.close("uid", "mainEntry")
    for number in below(row, "idList", "id"):
        yield OfacDetail(
            kind=number.take("idType"),
            value=number.find("idNumber") or "",
            country=number.find("idCountry"),
            issued=number.find("issueDate"),
            expires=number.find("expirationDate"),
        )
        number.close("uid")
    yield from linked_to(remarks or "")


def linked_to(remark: str) -> Iterator[OfacDetail]:
    """Yield the parties that a remark of the classic XML links to: `(Linked To: ROSTEC)`."""
    for part in remark.split("; "):
        match = _LINKED.fullmatch(part.strip().removesuffix("."))
        if match is not None:
            yield OfacDetail(kind=match[1], value=match[2])


def below(row: ElementRow, plural: str, singular: str) -> Iterator[ElementRow]:
    """Yield the children `singular` of the children `plural`, which hold nothing else."""
    for several in row.rows(plural):
        yield from several.rows(singular)
        several.close()


def texts_of(element: Element, path: str) -> tuple[str, ...]:
    """Return the texts below an element, on one line each; `path` begins in any namespace."""
    texts = ("".join(each.itertext()) for each in element.iterfind(f"{{*}}{path}"))
    return tuple(filter(None, (" ".join(text.split()) for text in texts)))
