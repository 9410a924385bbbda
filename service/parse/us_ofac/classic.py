"""SDN.XML and CONSOLIDATED.XML, OFAC's XML of old (`sdnList`), in either of its namespaces."""

import re
from collections.abc import Iterator
from datetime import date

from service.model.edition import ParsedEdition
from service.model.errors import ListRefusedError, RowRefusedError
from service.model.listing import Address, Name
from service.parse.countries import country_code
from service.parse.elements import ElementRow, read_elements, root_of
from service.parse.files import GivenFile
from service.parse.texts import refuse_other_files
from service.parse.us_ofac.lists import source_of
from service.parse.us_ofac.parties import (
    Party,
    alias_kind,
    editions_of,
    entity_type,
    lists_of_programmes,
)
from service.parse.us_ofac.remarks import linked_to
from service.parse.us_ofac.said import Said

_ROOT = "sdnList"
# The publisher's own spelling.
_INFORMATION = (_ROOT, "publshInformation")
_ENTRY = (_ROOT, "sdnEntry")
_DAY = re.compile(r"(\d{2})/(\d{2})/(\d{4})")
_PROGRAMMES = re.compile(rb"<programList>(.*?)</programList>", re.DOTALL)
_PROGRAMME = re.compile(rb"<program>\s*+((?:[^<\s]++|\s++(?!<))*+)\s*+</program>")
_CATEGORIES = {"strong": False, "weak": True}
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
    """Whether a file is the classic XML of this source, told by its entries' programmes.

    One whose entries do not tell, or that has none, may be of either.
    """
    if root_of(file.head)[1] != _ROOT:
        return False
    entries = (
        [each[1].decode("utf-8", "replace") for each in _PROGRAMME.finditer(programmes[1])]
        for programmes in _PROGRAMMES.finditer(file.content)
    )
    return source_of(entries) in {None, source}


def read_classic(source: str, content: bytes) -> tuple[ParsedEdition, ...]:
    """One edition for each list with entries; `Publish_Date` is the day of publication.

    Raises:
        ListRefusedError: not well-formed, cut off, without a readable `Publish_Date`, or with
            another number of entries than its `Record_Count`.
        RowRefusedError: an entry cannot be read; its place is its `uid`.
    """
    refuse_other_files(source, content)
    parties, published_on, count = list[Party](), None, None
    for path, element in read_elements(source, content, (_INFORMATION, _ENTRY)):
        if path == _INFORMATION:
            information = ElementRow(_INFORMATION[-1], element)
            published_on = _day(source, information.take("Publish_Date"))
            count = information.take("Record_Count")
            information.close()
        elif path == _ENTRY:
            where = f"entry {(element.findtext('{*}uid') or '?').strip()}"
            parties.append(_party(source, ElementRow(where, element)))
        else:
            ElementRow(_ROOT, element).close()
    if published_on is None:
        raise ListRefusedError(source, f"{_INFORMATION[-1]} is missing")
    if count != f"{len(parties)}":
        reason = f"Record_Count says {count} entries and the file has {len(parties)}"
        raise ListRefusedError(source, reason)
    return editions_of(source, parties, published_on)


def _day(source: str, printed: str) -> date:
    match = _DAY.fullmatch(printed)
    try:
        if match is not None:
            return date(int(match[3]), int(match[1]), int(match[2]))
    except ValueError:
        pass
    raise ListRefusedError(source, f"Publish_Date: {printed!r} is not a day (MM/DD/YYYY)")


def _party(source: str, row: ElementRow) -> Party:
    remarks = row.find("remarks")
    programmes = tuple(_programmes(row))
    said = tuple(_said(row, remarks))
    printed = "; ".join((*(f"{each.kind} {each.value}" for each in said), remarks or ""))
    party = Party(
        number=row.take("uid"),
        entity_type=entity_type(row.where, row.take("sdnType")),
        lists=lists_of_programmes(source, row.where, programmes, printed),
        names=(Name(text=_name(row), kind="primary"), *_aliases(row)),
        programmes=programmes,
        addresses=tuple(_addresses(row)),
        said=said,
        remarks=remarks,
    )
    row.close()
    return party


def _programmes(row: ElementRow) -> Iterator[str]:
    for programmes in row.rows("programList"):
        yield from programmes.texts("program")
        programmes.close()


def _name(row: ElementRow) -> str:
    """`LAST, First`, as the other files print it."""
    last, first = row.find("lastName"), row.find("firstName")
    name = ", ".join(filter(None, (last, first)))
    if not name:
        raise RowRefusedError(row.where, "lastName and firstName are missing")
    return name


def _aliases(row: ElementRow) -> Iterator[Name]:
    for alias in _below(row, "akaList", "aka"):
        category = alias.take("category")
        if category not in _CATEGORIES:
            raise RowRefusedError(alias.where, f"category: unknown {category!r}")
        kind = alias_kind(alias.where, alias.take("type"), weak=_CATEGORIES[category])
        yield Name(text=_name(alias), kind=kind)
        alias.close("uid")


def _addresses(row: ElementRow) -> Iterator[Address]:
    for address in _below(row, "addressList", "address"):
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


def _said(row: ElementRow, remarks: str | None) -> Iterator[Said]:
    title = row.find("title")
    if title is not None:
        yield Said(kind="Title", value=title)
    vessel = row.row("vesselInfo")
    if vessel is not None:
        for tag, kind in _VESSEL:
            if (value := vessel.find(tag)) is not None:
                yield Said(kind=kind, value=value)
        vessel.close()
    for plural, singular, tag, kind in _ITEMS:
        for item in _below(row, plural, singular):
            yield Said(kind=kind, value=item.take(tag))
            item.close("uid", "mainEntry")
    for number in _below(row, "idList", "id"):
        yield Said(
            kind=number.take("idType"),
            value=number.find("idNumber") or "",
            country=number.find("idCountry"),
            issued=number.find("issueDate"),
            expires=number.find("expirationDate"),
        )
        number.close("uid")
    yield from linked_to(remarks or "")


def _below(row: ElementRow, plural: str, singular: str) -> Iterator[ElementRow]:
    for several in row.rows(plural):
        yield from several.rows(singular)
        several.close()
