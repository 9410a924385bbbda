"""An entity of the enhanced and of the delta file: the same elements in both, but for actions."""

from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from service.model.errors import RowRefusedError
from service.model.listing import Address, Name
from service.parse.countries import country_code
from service.parse.days import read_day
from service.parse.elements import ElementRow
from service.parse.us_ofac.lists import SDN, UNKNOWN_LIST, list_of_name
from service.parse.us_ofac.parties import OnList, Party, alias_kind, entity_type
from service.parse.us_ofac.periods import read_period
from service.parse.us_ofac.said import Said

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
# How far OFAC trusts a feature; the other files leave this out, except for false ones.
_RELIABILITIES = {"Confirmed": None, "Reported": None, "False": "(false)"}


def entity_row(element: Element) -> ElementRow:
    """The entity as a row whose place is its number, which alone of OFAC's numbers is left.

    Those of single names, parts and words say nothing of the party; without them most elements
    are plain texts. An attribute that is none of them is still an unknown one.
    """
    number = element.get("id", "")
    for each in element.iter():
        for name in _NUMBERS.intersection(each.attrib):
            del each.attrib[name]
    element.set("id", number)
    return ElementRow(f"entry {number or '?'}", element)


def party_of(row: ElementRow) -> Party:
    """The party; `id` of the entity is the number that the other files call uid or ent_num.

    Raises:
        RowRefusedError: an element or attribute is missing, unknown or unreadable.
    """
    general = row.row("generalInfo")
    if general is None:
        raise RowRefusedError(row.where, "generalInfo is missing")
    names = _names(row)
    party = Party(
        number=row.take_attribute("id"),
        entity_type=entity_type(row.where, general.take("entityType")),
        lists=_lists(row),
        names=names,
        programmes=_texts(row, "sanctionsPrograms", "sanctionsProgram"),
        citations=_texts(row, "legalAuthorities", "legalAuthority"),
        addresses=tuple(_addresses(row)),
        said=tuple(_said(row, general, names[0].text)),
        remarks=general.find("remarks"),
    )
    general.close("identityId")
    row.close()
    return party


def below(row: ElementRow, plural: str, singular: str) -> Iterator[ElementRow]:
    """The children `singular` of the child `plural`, which holds nothing else."""
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
    """The lists that an entity names; the umbrella alone says that which it is, is not known."""
    found, umbrella = list[OnList](), list[OnList]()
    for each in below(row, "sanctionsLists", "sanctionsList"):
        listed_on = read_day(each.where, "datePublished", each.attribute("datePublished"))
        list_code = list_of_name(each.where, each.own_text() or "")
        each.close()
        if list_code is None:
            umbrella.append(OnList(UNKNOWN_LIST, listed_on))
        else:
            found.append(OnList(list_code, listed_on))
    is_told = any(each.list_code != SDN for each in found)
    return (*found, *(() if is_told else umbrella[:1]))


def _names(row: ElementRow) -> tuple[Name, ...]:
    """The primary name first, then the others as printed, each in all its scripts."""
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
    """The address of these parts, each behind its kind; none where they say nothing.

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


def _said(row: ElementRow, general: ElementRow, primary: str) -> Iterator[Said]:
    title = general.find("title")
    if title is not None:
        yield Said(kind="Title", value=title)
    for feature in below(row, "features", "feature"):
        yield _feature(feature)
    for document in below(row, "identityDocuments", "identityDocument"):
        yield _document(document, primary)
    for printed in _texts(row, "sanctionsTypes", "sanctionsType"):
        yield Said(kind="sanctions type", value=printed)
    for relationship in below(row, "relationships", "relationship"):
        how = filter(None, (relationship.take("type"), relationship.find("quality")))
        whom = relationship.take("relatedEntity")
        relationship.close()
        yield Said(kind="Linked To:", value=whom, note=f"({', '.join(how)})")


def _feature(row: ElementRow) -> Said:
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
    return Said(kind=kind, value=value or period or "", note=note)


def _document(row: ElementRow, primary: str) -> Said:
    kind, number = row.take("type"), row.find("documentNumber")
    bearer, is_valid = row.find("name"), _is(row, "isValid")
    authority, location = row.find("issuingAuthority"), row.find("issuingLocation")
    notes = (
        None if bearer in {None, primary} else f"in the name of {bearer}",
        None if authority is None else f"issued by {authority}",
        None if location is None else f"issued in {location}",
        None if is_valid else "not valid",
    )
    said = Said(
        kind=kind,
        value=number or "",
        country=row.find("issuingCountry"),
        issued=read_period(row, "issueDate"),
        expires=read_period(row, "expirationDate"),
        note="; ".join(filter(None, notes)) or None,
    )
    row.close()
    return said
