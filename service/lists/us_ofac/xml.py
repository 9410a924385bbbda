"""OFAC's XML files, except the advanced ones: the enhanced, delta and classic formats."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NoReturn
from xml.etree.ElementTree import Element

import msgspec

from service.errors import ListRefusedError, RowRefusedError
from service.lists.edition import ParsedDelta, ParsedEdition
from service.lists.listing import Address, Name
from service.lists.reading.countries import country_code
from service.lists.reading.days import find_day, read_day
from service.lists.reading.files import GivenFile
from service.lists.reading.texts import refuse_other_files
from service.lists.reading.xml import ElementRow, read_elements, root_of
from service.lists.us_ofac.parties import (
    LISTS_OF,
    NON_SDN,
    SDN,
    UMBRELLA,
    UNKNOWN_LIST,
    OfacDetail,
    OfacParty,
    OnList,
    alias_kind,
    editions_of,
    entity_type,
    linked_to,
    list_of_name,
    listings_of,
    lists_of_programmes,
    read_period,
    source_of,
)

# --- An entity of the enhanced and delta files, which share their elements except for actions.

_NUMBERS = frozenset({"id", "refId", "featureTypeId", "nameId", "nameTranslationId", "entityId"})
_LATIN = "Latin"
_PARTS = {
    "ADDRESS1": "street",
    "ADDRESS2": "street",
    "ADDRESS3": "street",
    "CITY": "city",
    "STATE/PROVINCE": "region",
    "POSTAL CODE": "postal_code",
    "REGION": "country",
}
_BOOLEANS = {"true": True, "false": False}
# How reliable OFAC considers a feature; the other files omit this, except for false ones.
_RELIABILITIES = {"Confirmed": None, "Reported": None, "False": "(false)"}


def entity_row(element: Element) -> ElementRow:
    """Return the entity as a row whose place is its number, and remove OFAC's other numbers.

    The numbers of names, parts and words carry nothing about the party; without them most
    elements are plain texts. Any other attribute is still refused if it is not read.
    """
    number = element.get("id", "")
    for each in element.iter():
        for name in _NUMBERS.intersection(each.attrib):
            del each.attrib[name]
    element.set("id", number)
    return ElementRow(f"entry {number or '?'}", element)


def party_of(row: ElementRow) -> OfacParty:
    """Read the party; the entity's `id` is the number that other files call uid or ent_num.

    Raises:
        RowRefusedError: An element or attribute is missing, unknown or unreadable.
    """
    general = row.row("generalInfo")
    if general is None:
        raise RowRefusedError(row.where, "generalInfo is missing")
    names = _names(row)
    party = OfacParty(
        number=row.take_attribute("id"),
        entity_type=entity_type(row.where, general.take("entityType")),
        lists=_lists(row),
        names=names,
        programmes=_texts(row, "sanctionsPrograms", "sanctionsProgram"),
        citations=_texts(row, "legalAuthorities", "legalAuthority"),
        addresses=tuple(_addresses(row)),
        details=tuple(_details(row, general, names[0].text)),
        remarks=general.find("remarks"),
    )
    general.close("identityId")
    row.close()
    return party


def below(row: ElementRow, plural: str, singular: str) -> Iterator[ElementRow]:
    """Yield the children `singular` of the child `plural`, which holds nothing else."""
    several = row.row(plural)
    if several is not None:
        yield from several.rows(singular)
        several.close()


def _texts(row: ElementRow, plural: str, singular: str) -> tuple[str, ...]:
    several = row.row(plural)
    if several is None:
        return ()
    texts = several.texts(singular)
    several.close()
    return tuple(dict.fromkeys(texts))


def _is(row: ElementRow, tag: str) -> bool:
    printed = row.take(tag)
    if printed not in _BOOLEANS:
        raise RowRefusedError(row.where, f"{tag}: {printed!r} is neither true nor false")
    return _BOOLEANS[printed]


def _lists(row: ElementRow) -> tuple[OnList, ...]:
    """Return the lists that an entity names; the umbrella alone means an unknown list."""
    found, umbrella = list[OnList](), list[OnList]()
    for each in below(row, "sanctionsLists", "sanctionsList"):
        listed_on = read_day(each.where, "datePublished", each.attribute("datePublished"))
        list_code = list_of_name(each.where, each.own_text() or "")
        each.close()
        if list_code is None:
            umbrella.append(OnList(UNKNOWN_LIST, listed_on))
        else:
            found.append(OnList(list_code, listed_on))
    names_list = any(each.list_code != SDN for each in found)
    return (*found, *(() if names_list else umbrella[:1]))


def _names(row: ElementRow) -> tuple[Name, ...]:
    """Return the primary name first, then the others as printed, each in all its scripts."""
    primary, others = list[Name](), list[Name]()
    for name in below(row, "names", "name"):
        is_primary, weak = _is(name, "isPrimary"), _is(name, "isLowQuality")
        alias = name.find("aliasType")
        if not is_primary and alias is None:
            raise RowRefusedError(name.where, "neither the primary name nor of a known type")
        kind = "alias" if alias is None else alias_kind(name.where, alias, weak=weak)
        for translation in below(name, "translations", "translation"):
            script = translation.find("script")
            first = _is(translation, "isPrimary") and is_primary
            text = translation.take("formattedFullName")
            translation.close("formattedFirstName", "formattedLastName", "nameParts")
            language = None if script == _LATIN else script
            found = Name(text=text, kind="primary" if first else kind, language=language)
            (primary if first else others).append(found)
        name.close()
    if len(primary) != 1:
        raise RowRefusedError(row.where, f"{len(primary)} primary names; one is expected")
    return (*primary, *others)


def _addresses(row: ElementRow) -> Iterator[Address]:
    for address in below(row, "addresses", "address"):
        country = address.find("country")
        translations = list(below(address, "translations", "translation"))
        for translation in translations:
            yield from _address(translation, country)
        if not translations and country is not None:
            yield Address(text=country, country=country_code(country))
        address.close()


def _address(row: ElementRow, country: str | None) -> Iterator[Address]:
    printed = list[tuple[str, str]]()
    for part in below(row, "addressParts", "addressPart"):
        printed.append((part.take("type"), part.take("value")))
        part.close()
    script = row.find("script")
    row.close("isPrimary")
    note = None if script == _LATIN else script
    yield from address_of(row.where, printed, country, note)


def address_of(
    where: str, printed: Iterable[tuple[str, str]], country: str | None, note: str | None = None
) -> Iterator[Address]:
    """Yield the address made of parts, each a kind and a value; nothing if all are blank.

    Raises:
        RowRefusedError: A part is of an unknown kind.
    """
    parts = {field: list[str]() for field in _PARTS.values()}
    for kind, value in printed:
        if kind not in _PARTS:
            raise RowRefusedError(where, f"unknown part of an address {kind!r}")
        parts[_PARTS[kind]].append(f"Region: {value}" if kind == "REGION" else value)
    if country is not None:
        parts["country"].append(country)
    joined = {field: ", ".join(values) or None for field, values in parts.items()}
    text = ", ".join(filter(None, (joined[field] for field in dict.fromkeys(_PARTS.values()))))
    if text:
        yield Address(
            text=text,
            street=joined["street"],
            city=joined["city"],
            region=joined["region"],
            postal_code=joined["postal_code"],
            country=country_code(country or joined["country"] or ""),
            note=note,
        )


def _details(row: ElementRow, general: ElementRow, primary: str) -> Iterator[OfacDetail]:
    title = general.find("title")
    if title is not None:
        yield OfacDetail(kind="Title", value=title)
    for feature in below(row, "features", "feature"):
        yield _feature(feature)
    for document in below(row, "identityDocuments", "identityDocument"):
        yield _document(document, primary)
    for printed in _texts(row, "sanctionsTypes", "sanctionsType"):
        yield OfacDetail(kind="sanctions type", value=printed)
    for relationship in below(row, "relationships", "relationship"):
        how = filter(None, (relationship.take("type"), relationship.find("quality")))
        whom = relationship.take("relatedEntity")
        relationship.close()
        yield OfacDetail(kind="Linked To:", value=whom, note=f"({', '.join(how)})")


def _feature(row: ElementRow) -> OfacDetail:
    kind, reliability = row.take("type"), row.find("reliability")
    if reliability is not None and reliability not in _RELIABILITIES:
        raise RowRefusedError(row.where, f"reliability: unknown {reliability!r}")
    period, value = read_period(row, "valueDate"), row.find("value")
    if value is None and period is None:
        raise RowRefusedError(row.where, f"{kind} has no value")
    comments = row.find("comments")
    doubt = None if reliability is None else _RELIABILITIES[reliability]
    row.close("versionId", "valueRefId", "isPrimary")
    note = " ".join(filter(None, (comments, doubt))) or None
    return OfacDetail(kind=kind, value=value or period or "", note=note)


def _document(row: ElementRow, primary: str) -> OfacDetail:
    kind, number = row.take("type"), row.find("documentNumber")
    bearer, is_valid = row.find("name"), _is(row, "isValid")
    authority, location = row.find("issuingAuthority"), row.find("issuingLocation")
    notes = (
        None if bearer in {None, primary} else f"in the name of {bearer}",
        None if authority is None else f"issued by {authority}",
        None if location is None else f"issued in {location}",
        None if is_valid else "not valid",
    )
    detail = OfacDetail(
        kind=kind,
        value=number or "",
        country=row.find("issuingCountry"),
        issued=read_period(row, "issueDate"),
        expires=read_period(row, "expirationDate"),
        note="; ".join(filter(None, notes)) or None,
    )
    row.close()
    return detail


# --- SDN_ENHANCED.XML and CONS_ENHANCED.XML of OFAC's Sanctions List Service.

ROOT = "sanctionsData"
INFORMATION = (ROOT, "publicationInfo")
ENTITY = (ROOT, "entities", "entity")
# Words with their numbers; an entity prints the words itself.
DICTIONARIES = (
    (ROOT, "referenceValues", "referenceValue"),
    (ROOT, "featureTypes", "featureType"),
)
_NAMESPACE = re.compile(r"/ENHANCED_XML$")
_FILTERS = {SDN: "SDN List", NON_SDN: UMBRELLA}
_FIRST_FILTER = re.compile(
    rb"<sanctionsList\b[^<>]*+>\s*+((?:[^<\s]++|\s++(?!<))*+)\s*+</sanctionsList>"
)


def is_enhanced(file: GivenFile, *, source: str) -> bool:
    """Return whether a file is the enhanced XML of this source, by the filter that it names.

    A file that is truncated before its filter may be of either source.
    """
    namespace, tag = root_of(file.head)
    if tag != ROOT or not _NAMESPACE.search(namespace):
        return False
    first = _FIRST_FILTER.search(file.content)
    return first is None or first[1].decode("utf-8", "replace") == _FILTERS[source]


def read_enhanced(source: str, content: bytes) -> tuple[ParsedEdition, ...]:
    """Read one edition for each list of the source with entries; `dataAsOf` is its day.

    A party may also be on the other source's lists; those are left out here.

    Raises:
        ListRefusedError: The file is not well-formed, is truncated, lacks `dataAsOf`, or is of
            other lists.
        RowRefusedError: An entity cannot be read; its place is its number.
    """
    refuse_other_files(source, content)
    parties, published_on = list[OfacParty](), None
    for path, element in read_elements(source, content, (INFORMATION, ENTITY, *DICTIONARIES)):
        if path == INFORMATION:
            published_on = _published_on(source, ElementRow(INFORMATION[-1], element))
        elif path == ENTITY:
            parties.append(party_of(entity_row(element)))
        elif path == (ROOT,):
            ElementRow(ROOT, element).close()
    if published_on is None:
        raise ListRefusedError(source, f"{INFORMATION[-1]} is missing")
    return editions_of(source, parties, published_on)


def day_of(source: str, tag: str, printed: str) -> date:
    """Read the publisher's local day of a moment printed as `2025-01-13T00:00:00-05:00`.

    Raises:
        ListRefusedError: The text is no such moment.
    """
    day = find_day(printed.partition("T")[0])
    if day is None:
        raise ListRefusedError(source, f"{tag}: {printed!r} is not a time (2025-01-13T00:00:00)")
    return day


def _published_on(source: str, row: ElementRow) -> date:
    printed = row.take("dataAsOf")
    for filters in row.rows("filters"):
        for name in _filter_names(filters):
            if name != _FILTERS[source]:
                _refuse_other_list(source, name)
        filters.close()
    row.close()
    return day_of(source, "dataAsOf", printed)


def _filter_names(filters: ElementRow) -> Iterator[str | None]:
    for each in below(filters, "sanctionsLists", "sanctionsList"):
        yield each.own_text()
        each.close("refId")


def _refuse_other_list(source: str, name: str | None) -> NoReturn:
    raise ListRefusedError(source, f"the file holds the {name!r}, not the {_FILTERS[source]!r}")


# --- OFAC's delta files: what one publication added to the lists and removed from them.
#
# Source: https://ofac.treasury.gov/sanctions-list-service (archive of delta files), three of
# 2025.

_DELTA_NAMESPACE = "/DeltaFile/1.0"
_ADD, _REMOVE = "add", "remove"
_WHOLE = frozenset({_ADD, _REMOVE})
_SHOWN = 5


class _DeltaChange(msgspec.Struct, frozen=True):
    """The change of an entity; action and party are None where only parts of it change."""

    number: str
    action: str | None
    party: OfacParty | None


def is_delta(file: GivenFile) -> bool:
    """Return whether a file is a delta; one file covers the lists of both sources."""
    namespace, tag = root_of(file.head)
    return tag == ROOT and namespace.endswith(_DELTA_NAMESPACE)


def read_delta(source: str, follows: tuple[str, ...], content: bytes) -> tuple[ParsedDelta, ...]:
    """Read one delta for each list of the source, by list code, even if it has no changes.

    `UNKNOWN_LIST` has a delta only with changes, because most installations never loaded it.

    An entity that is added or removed is printed whole. A corrected entity has no action itself,
    but actions on single elements; its whole text is only in the next full file. A delta with
    such an entity is refused.

    Raises:
        ListRefusedError: The file is not well-formed, is truncated, lacks `datePublished`, or has
            entities that are changed in part.
        RowRefusedError: An entity cannot be read, has an unknown action or occurs twice.
    """
    refuse_other_files(source, content)
    published_on, changes = None, list[_DeltaChange]()
    for path, element in read_elements(source, content, (INFORMATION, ENTITY, *DICTIONARIES)):
        if path == INFORMATION:
            row = ElementRow(INFORMATION[-1], element)
            published_on = day_of(source, "datePublished", row.take("datePublished"))
            row.close("publicationType")
        elif path == ENTITY:
            changes.append(_change(entity_row(element)))
        elif path == (ROOT,):
            ElementRow(ROOT, element).close()
    if published_on is None:
        raise ListRefusedError(source, f"{INFORMATION[-1]} is missing")
    _check(source, changes)
    put = listings_of(_parties(changes, _ADD), LISTS_OF[source])
    gone = listings_of(_parties(changes, _REMOVE), LISTS_OF[source])
    return tuple(
        ParsedDelta(
            list_code=code,
            published_on=published_on,
            put=put.get(code, ()),
            gone=tuple(listing.id for listing in gone.get(code, ())),
            follows=follows,
        )
        for code in sorted(LISTS_OF[source] - {UNKNOWN_LIST} | put.keys() | gone.keys())
    )


def _change(row: ElementRow) -> _DeltaChange:
    action = row.attribute("action")
    if action is None:
        return _DeltaChange(row.take_attribute("id"), None, None)
    if action not in _WHOLE:
        raise RowRefusedError(row.where, f"unknown action {action!r}")
    party = party_of(row)
    return _DeltaChange(party.number, action, party)


def _check(source: str, changes: Sequence[_DeltaChange]) -> None:
    partial = [change.number for change in changes if change.party is None]
    if partial:
        reason = (
            f"{len(partial)} entries are changed in part ({', '.join(partial[:_SHOWN])}), and "
            "their whole text is only in the full file of that day; load that file"
        )
        raise ListRefusedError(source, reason)
    times = Counter(change.number for change in changes)
    twice = [f"entry {number}" for number, count in times.items() if count > 1]
    if twice:
        raise RowRefusedError(twice[0], "occurs twice in the file")


def _parties(changes: Iterable[_DeltaChange], action: str) -> Iterator[OfacParty]:
    for change in changes:
        if change.action == action and change.party is not None:
            yield change.party


# --- SDN.XML and CONSOLIDATED.XML, OFAC's classic XML (`sdnList`), in either of its namespaces.

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
    """Read one edition for each list with entries; `Publish_Date` is the day of publication.

    Raises:
        ListRefusedError: The file is not well-formed, is truncated, lacks a readable
            `Publish_Date`, or has another number of entries than its `Record_Count`.
        RowRefusedError: An entry cannot be read; its place is its `uid`.
    """
    refuse_other_files(source, content)
    parties, published_on, count = list[OfacParty](), None, None
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
        reason = f"Record_Count gives {count} entries, but the file has {len(parties)}"
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


def _party(source: str, row: ElementRow) -> OfacParty:
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
    for alias in _below(row, "akaList", "aka"):
        category = alias.take("category")
        if category not in _CATEGORIES:
            raise RowRefusedError(alias.where, f"category: unknown {category!r}")
        kind = alias_kind(alias.where, alias.take("type"), weak=_CATEGORIES[category])
        yield Name(text=_name(alias), kind=kind)
        alias.close("uid")


def _classic_addresses(row: ElementRow) -> Iterator[Address]:
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
        for item in _below(row, plural, singular):
            yield OfacDetail(kind=kind, value=item.take(tag))
            item.close("uid", "mainEntry")
    for number in _below(row, "idList", "id"):
        yield OfacDetail(
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
