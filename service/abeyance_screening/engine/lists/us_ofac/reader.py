"""OFAC's enhanced XML files, full and as deltas, and all formats of its own files.

The classic format has a module of its own.

Source: https://ofac.treasury.gov/sanctions-list-service
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from typing import NoReturn
from xml.etree.ElementTree import Element

from abeyance_screening.engine.lists.edition import ParsedDelta, ParsedEdition
from abeyance_screening.engine.lists.listing import Address, Listing, Name
from abeyance_screening.engine.lists.reading.countries import country_code
from abeyance_screening.engine.lists.reading.days import find_day, read_day
from abeyance_screening.engine.lists.reading.files import Format, GivenFile, one_file
from abeyance_screening.engine.lists.reading.records import doubles, give_ids, key_of_number
from abeyance_screening.engine.lists.reading.texts import refuse_other_files
from abeyance_screening.engine.lists.reading.unknown_parts import (
    MOST_UNREAD,
    Rescued,
    note_unknown,
    read_ahead,
)
from abeyance_screening.engine.lists.reading.xml import (
    ElementRow,
    names_in,
    read_elements,
    root_of,
)
from abeyance_screening.engine.lists.us_ofac.classic import (
    below,
    is_classic,
    read_classic,
    texts_of,
)
from abeyance_screening.engine.lists.us_ofac.parties import (
    LISTS_OF,
    NON_SDN,
    SDN,
    STRAY,
    UMBRELLA,
    UNKNOWN_LIST,
    OfacDetail,
    OfacParty,
    OnList,
    PartyScraps,
    alias_kind,
    code_of_name,
    editions_of,
    entity_type,
    list_of_name,
    lists_in,
    one_primary,
    placed,
    placed_in,
    read_listings,
    read_period,
)
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError

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
    """Read the party; the entity's `id` is the number that other files call uid or ent_num."""
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


def _texts(row: ElementRow, plural: str, singular: str) -> tuple[str, ...]:
    several = row.row(plural)
    if several is None:
        return ()
    texts = several.texts(singular)
    several.close()
    return tuple(dict.fromkeys(texts))


def _is(row: ElementRow, tag: str, *, otherwise: bool = False) -> bool:
    """Read a word that must be `true` or `false`; what else is printed counts as `otherwise`."""
    printed = row.take(tag)
    if printed not in _BOOLEANS:
        note_unknown(row.where, tag, printed)
    return _BOOLEANS.get(printed, otherwise)


def _lists(row: ElementRow) -> tuple[OnList, ...]:
    """Return the lists that an entity names; the umbrella alone means that none is named."""
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
            note_unknown(name.where, "kind of a name that is not the primary one", "blank")
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
    return one_primary(row.where, primary, others)


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
    """Yield the address made of parts, each a kind and a value; nothing if all are blank."""
    printed = list[tuple[str, str]]()
    for part in below(row, "addressParts", "addressPart"):
        printed.append((part.take("type"), part.take("value")))
        part.close()
    script = row.find("script")
    row.close("isPrimary")
    parts = {field: list[str]() for field in _PARTS.values()}
    for kind, value in printed:
        if kind not in _PARTS:
            note_unknown(row.where, f"part of an address {kind!r}", value)
            continue
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
            note=None if script == _LATIN else script,
        )


def _details(row: ElementRow, general: ElementRow, primary: str) -> Iterator[OfacDetail]:
    title = general.find("title")
    if title is not None:
        yield OfacDetail(kind="Title", value=title)
    for feature in below(row, "features", "feature"):
        yield from _feature(feature)
    for document in below(row, "identityDocuments", "identityDocument"):
        yield _document(document, primary)
    for printed in _texts(row, "sanctionsTypes", "sanctionsType"):
        yield OfacDetail(kind="sanctions type", value=printed)
    for relationship in below(row, "relationships", "relationship"):
        how = filter(None, (relationship.take("type"), relationship.find("quality")))
        whom = relationship.take("relatedEntity")
        relationship.close()
        yield OfacDetail(kind="Linked To:", value=whom, note=f"({', '.join(how)})")


def _feature(row: ElementRow) -> Iterator[OfacDetail]:
    kind, reliability = row.take("type"), row.find("reliability")
    if reliability is not None and reliability not in _RELIABILITIES:
        note_unknown(row.where, "reliability", reliability)
    period, value = read_period(row, "valueDate"), row.find("value")
    comments = row.find("comments")
    doubt = None if reliability is None else _RELIABILITIES.get(reliability)
    row.close("versionId", "valueRefId", "isPrimary")
    note = " ".join(filter(None, (comments, doubt))) or None
    if value is None and period is None:
        note_unknown(row.where, "feature without a value", kind)
    else:
        yield OfacDetail(kind=kind, value=value or period or "", note=note)


def _document(row: ElementRow, primary: str) -> OfacDetail:
    kind, number = row.take("type"), row.find("documentNumber")
    bearer, is_valid = row.find("name"), _is(row, "isValid", otherwise=True)
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


def scraps_of(element: Element) -> PartyScraps:
    """Return what can be read of an entity that cannot be read whole, by its elements' tags."""
    return PartyScraps(
        number=element.get("id", "").strip() or None,
        entity_type="".join(texts_of(element, "generalInfo/{*}entityType")),
        lists=_codes_of(element),
        names=tuple(_printed_names(element)) or names_in(element),
        programmes=texts_of(element, "sanctionsPrograms/{*}sanctionsProgram"),
    )


def _codes_of(element: Element) -> tuple[str, ...]:
    printed = texts_of(element, "sanctionsLists/{*}sanctionsList")
    codes = tuple(code_of_name(each) for each in printed if each != UMBRELLA)
    return codes or tuple(UNKNOWN_LIST for _ in printed[:1])


def _printed_names(element: Element) -> Iterator[str]:
    """Yield all names, the primary ones first; a name that is blank is made of its parts."""
    names = list(element.iterfind("{*}names/{*}name"))
    for name in sorted(names, key=lambda each: texts_of(each, "isPrimary") != ("true",)):
        for each in name.iterfind("{*}translations/{*}translation"):
            family = texts_of(each, "formattedLastName")
            given = texts_of(each, "formattedFirstName")
            parts = texts_of(each, "nameParts/{*}namePart/{*}value")
            yield from (
                texts_of(each, "formattedFullName")
                or filter(None, [", ".join((*family, *given)) or " ".join(parts)])
            )


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


class _File:
    """The parties of a file, which are read one by one, and what the rest of it says of them."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.published_on: date | None = None

    def day(self) -> date:
        """Return the day of publication."""
        if self.published_on is None:
            raise ListRefusedError(self.source, f"{INFORMATION[-1]} is missing")
        return self.published_on


def read_enhanced(source: str, content: bytes) -> tuple[ParsedEdition, ...]:
    """Read one edition for each list of the source with entries; `dataAsOf` is its day.

    A party may also be on the other source's lists; those are left out here.
    """
    refuse_other_files(source, content)
    file = _File(source)
    listings = read_listings(
        _entities(file, content),
        lambda element: placed_in(source, party_of(entity_row(element))),
        lambda element: scraps_of(element).on_lists(source),
    )
    return editions_of(source, listings, file.day())


def _entities(file: _File, content: bytes) -> Iterator[Element]:
    for path, element in read_elements(file.source, content, (INFORMATION, ENTITY, *DICTIONARIES)):
        if path == INFORMATION:
            row = ElementRow(INFORMATION[-1], element)
            file.published_on = _published_on(file.source, row)
        elif path == ENTITY:
            yield element
        elif path == (ROOT,):
            ElementRow(ROOT, element).close()


def day_of(source: str, tag: str, printed: str) -> date:
    """Read the publisher's local day of a moment printed as `2025-01-13T00:00:00-05:00`."""
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
_SHOWN = 5


class _Delta(_File):
    """A delta's file: the entities in it, those changed in part, and the parties removed."""

    def __init__(self, source: str) -> None:
        super().__init__(source)
        self.numbers = list[str]()
        self.partial = list[str]()
        self.strays = list[str]()
        self.gone = defaultdict[str, list[tuple[str, Listing]]](list)
        self.kept = list[str]()


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
        RowRefusedError: An entity cannot be read, has an unknown action or occurs twice. Where
            notes are taken, an entity with an unknown action must be whole, a removal that cannot
            be read removes nothing, and an added party that cannot be read is kept by its names.
    """
    refuse_other_files(source, content)
    file = _Delta(source)
    put = read_listings(
        _additions(file, content),
        lambda element: _added(file, element),
        lambda element: _rescued(file, element),
    )
    published_on = file.day()
    _check(file)
    for name in file.strays:
        note_unknown("the file", "name of a list", name, may_hide="kind")
    gone = {code: give_ids(code, pairs) for code, pairs in file.gone.items()}
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


def _additions(file: _Delta, content: bytes) -> Iterator[Element]:
    """Yield the entities that were added, and take note of all others."""
    for path, element in read_elements(file.source, content, (INFORMATION, ENTITY, *DICTIONARIES)):
        if path == INFORMATION:
            row = ElementRow(INFORMATION[-1], element)
            file.published_on = day_of(file.source, "datePublished", row.take("datePublished"))
            row.close("publicationType")
        elif path == (ROOT,):
            ElementRow(ROOT, element).close()
        elif path == ENTITY:
            file.numbers.append(element.get("id", ""))
            action = element.get("action", "").strip()
            if not action:
                file.partial.append(element.get("id", ""))
                continue
            file.strays += _strays(file.source, element, action)
            if action == _REMOVE:
                _remove(file, element)
            else:
                yield element


def _strays(source: str, element: Element, action: str) -> Iterator[str]:
    """Yield the printed names of the lists for which the change of an entity is not applied.

    A list whose name is not known may be the SDN List, and an entity that is removed from one may
    be on any of the others.
    """
    codes = tuple(map(OnList, _codes_of(element)))
    if (source != SDN and action == _REMOVE) or not lists_in(source, codes, is_whole=False):
        printed = texts_of(element, "sanctionsLists/{*}sanctionsList")
        yield from (each for each in printed if each != UMBRELLA and code_of_name(each) == STRAY)


def _added(file: _Delta, element: Element) -> tuple[Listing, ...]:
    """Return an entity's listings; one of an unknown action, printed whole, counts as added."""
    row = entity_row(element)
    action = row.attribute("action") or ""
    if action != _ADD:
        note_unknown(row.where, "action", action, may_hide="status")
    party = party_of(row)
    return placed(party, lists_in(file.source, party.lists, is_whole=False))


def _rescued(file: _Delta, element: Element) -> tuple[Rescued, ...]:
    """Return an added entity that cannot be read; of an unknown action, it counts as partial."""
    if element.get("action", "").strip() != _ADD:
        file.partial.append(element.get("id", ""))
        return ()
    return scraps_of(element).on_lists(file.source, is_whole=False)


def _remove(file: _Delta, element: Element) -> None:
    """Take a removed entity's listings off their lists; one that cannot be read stays on them."""
    row = entity_row(element)
    row.attribute("action")
    removed = read_ahead(lambda: party_of(row))
    party = removed.value
    if party is None:
        file.kept.append(f"{removed.fault}")
        what = "removal that could not be read, so that the entry stays"
        note_unknown(row.where, what, f"{removed.fault}", may_hide="status")
        return
    for listing in placed(party, lists_in(file.source, party.lists, is_whole=False)):
        file.gone[listing.list_code].append((key_of_number(party.number), listing))


def _check(file: _Delta) -> None:
    if file.partial:
        reason = (
            f"{len(file.partial)} entries are changed in part "
            f"({', '.join(file.partial[:_SHOWN])}), and their whole text is only in the full file "
            "of that day; load that file"
        )
        raise ListRefusedError(file.source, reason)
    twice = [f"entry {number}" for number in doubles(file.numbers)]
    if twice:
        raise RowRefusedError(twice[0], "occurs twice in the file")
    if len(file.kept) > MOST_UNREAD:
        reason = f"{len(file.kept)} removals cannot be read: {file.kept[0]}"
        raise ListRefusedError(file.source, reason)


def _formats(source: str, word: str, titles: Sequence[str]) -> tuple[Format, ...]:
    """Return the formats of a source, first the one that a refresh downloads."""
    enhanced, classic, delta = titles
    follows = (f"{word}_enhanced", f"{word}_delta")
    return (
        Format(
            word=f"{word}_enhanced",
            source=source,
            title=enhanced,
            tells=partial(is_enhanced, source=source),
            read=one_file(partial(read_enhanced, source)),
        ),
        Format(
            word=f"{word}_xml",
            source=source,
            title=classic,
            tells=partial(is_classic, source=source),
            read=one_file(partial(read_classic, source)),
        ),
        Format(
            word=f"{word}_delta",
            source=source,
            title=delta,
            tells=is_delta,
            read=one_file(partial(read_delta, source, follows)),
        ),
    )


FORMATS = (
    *_formats(SDN, "ofac_sdn", ("SDN_ENHANCED.XML", "SDN.XML", "delta file (SDN List)")),
    *_formats(
        NON_SDN,
        "ofac_cons",
        ("CONS_ENHANCED.XML", "CONSOLIDATED.XML", "delta file (non-SDN lists)"),
    ),
)
"""The formats in which OFAC publishes, of each source first the one that a refresh downloads."""
