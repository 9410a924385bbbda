"""Parties of the advanced file, before it says which lists they are on."""

from collections.abc import Iterator, Mapping

import msgspec

from service.model.errors import RowRefusedError
from service.model.listing import Address, EntityType, Name
from service.parse.elements import ElementRow
from service.parse.us_ofac.advanced.documents import Document
from service.parse.us_ofac.advanced.names import read_names
from service.parse.us_ofac.advanced.places import Place
from service.parse.us_ofac.advanced.reference import References
from service.parse.us_ofac.advanced.rows import read_dates
from service.parse.us_ofac.parties import entity_type
from service.parse.us_ofac.said import Said

_ADDRESS, _TITLE = "Location", "Title"
# As in the enhanced file: how far OFAC trusts a feature is left out but for false ones.
_RELIABILITIES = {None: None, "Confirmed": None, "Reported": None, "False": "(false)"}


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """A party with what the file says of it alone; `number` is OFAC's lasting one."""

    profile: str
    number: str
    entity_type: EntityType
    names: tuple[Name, ...]
    addresses: tuple[Address, ...]
    said: tuple[Said, ...]
    remarks: str | None


class Surroundings(msgspec.Struct, frozen=True):
    """What stands in front of the parties: the words, the places, the documents by identity."""

    references: References
    places: dict[str, Place]
    documents: dict[str, list[Document]]


def read_profile(row: ElementRow, around: Surroundings) -> Profile:
    """One party; its documents are taken out of those that stood before it.

    Raises:
        RowRefusedError: An element or attribute is missing, unknown or unreadable, or a place is
            referred to that is not in the file.
    """
    number, remarks = row.take_attribute("FixedRef"), row.find("Comment")
    profile = row.row("Profile")
    if profile is None:
        raise RowRefusedError(row.where, "Profile is missing")
    printed = around.references.party_type(row.where, profile.take_attribute("PartySubTypeID"))
    names, documents = dict[str, Name](), list[Said]()
    for identity in profile.rows("Identity"):
        names |= read_names(identity, around.references)
        held = around.documents.pop(identity.take_attribute("ID"), [])
        documents += [document.of(names) for document in held]
        identity.close("FixedRef", "Primary", "False")
    addresses, said = list[Address](), list[Said]()
    for feature in profile.rows("Feature"):
        for each in _feature(feature, around):
            if isinstance(each, Address):
                addresses.append(each)
            else:
                said.append(each)
    read = Profile(
        profile=profile.take_attribute("ID"),
        number=number,
        entity_type=entity_type(row.where, printed),
        names=tuple(names.values()),
        addresses=tuple(addresses),
        said=(*sorted(said, key=_is_no_title), *documents),
        remarks=remarks,
    )
    profile.close()
    row.close()
    return read


def _is_no_title(said: Said) -> bool:
    return said.kind != _TITLE


def _feature(row: ElementRow, around: Surroundings) -> Iterator[Said | Address]:
    number = row.take_attribute("FeatureTypeID")
    kind = around.references.word(row.where, "FeatureType", number)
    for version in row.rows("FeatureVersion"):
        yield from _version(version, kind, around)
    row.close("ID", "IdentityReference")


def _version(row: ElementRow, kind: str, around: Surroundings) -> Iterator[Said | Address]:
    """What one version says: a place, a text or word, or a period."""
    reliability = around.references.said(row.where, "Reliability", row.attribute("ReliabilityID"))
    if reliability not in _RELIABILITIES:
        raise RowRefusedError(row.where, f"reliability: unknown {reliability!r}")
    period, details = read_dates(row), list(_details(row, around.references))
    places = [_place(each, around.places) for each in row.rows("VersionLocation")]
    note = " ".join(filter(None, (row.find("Comment"), _RELIABILITIES[reliability]))) or None
    row.close("ID")
    if kind == _ADDRESS and not details:
        for place in places:
            yield from place.address(row.where)
        return
    values = [*details, *filter(None, (period,)), *(place.name for place in places)]
    if not values:
        raise RowRefusedError(row.where, f"{kind} has no value")
    for value in values:
        yield Said(kind=kind, value=value, note=note)


def _details(row: ElementRow, references: References) -> Iterator[str]:
    for detail in row.rows("VersionDetail"):
        looked_up = detail.attribute("DetailReferenceID")
        if looked_up is not None:
            yield references.word(detail.where, "DetailReference", looked_up)
        text = detail.own_text()
        if text is not None:
            yield text
        detail.close("DetailTypeID")


def _place(row: ElementRow, places: Mapping[str, Place]) -> Place:
    number = row.take_attribute("LocationID")
    row.close()
    if number not in places:
        raise RowRefusedError(row.where, f"location {number} is not in the file: it is not whole")
    return places[number]
