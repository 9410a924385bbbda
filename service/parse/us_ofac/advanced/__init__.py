"""SDN_ADVANCED.XML and CONS_ADVANCED.XML, OFAC's files in the United Nations' advanced model.

Source: https://ofac.treasury.gov/sanctions-list-service (Advanced Sanctions List Standard)
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from xml.etree.ElementTree import Element

import msgspec

from service.model.edition import ParsedEdition
from service.model.errors import ListRefusedError, RowRefusedError
from service.parse.elements import ElementRow, read_elements, root_of
from service.parse.files import GivenFile
from service.parse.texts import refuse_other_files
from service.parse.us_ofac.advanced.documents import read_document
from service.parse.us_ofac.advanced.entries import (
    Relationship,
    SanctionsEntry,
    read_entry,
    read_relationship,
)
from service.parse.us_ofac.advanced.places import read_place
from service.parse.us_ofac.advanced.profiles import Profile, Surroundings, read_profile
from service.parse.us_ofac.advanced.reference import SETS, References
from service.parse.us_ofac.advanced.rows import read_day
from service.parse.us_ofac.lists import SDN
from service.parse.us_ofac.parties import Party, editions_of
from service.parse.us_ofac.said import Said

__all__ = ["is_advanced", "read_advanced"]

_ROOT = "Sanctions"
_NAMESPACE = re.compile(r"/sanctions/1\.0$|/ADVANCED_XML$")
_DAY = (_ROOT, "DateOfIssue")
_PLACE = (_ROOT, "Locations", "Location")
_DOCUMENT = (_ROOT, "IDRegDocuments", "IDRegDocument")
_PARTY = (_ROOT, "DistinctParties", "DistinctParty")
_LINK = (_ROOT, "ProfileRelationships", "ProfileRelationship")
_ENTRY = (_ROOT, "SanctionsEntries", "SanctionsEntry")
_PATHS = (
    *((_ROOT, "ReferenceValueSets", name) for name in sorted(SETS)),
    *(_DAY, _PLACE, _DOCUMENT, _PARTY, _LINK, _ENTRY),
    # none has been seen; one would be refused
    (_ROOT, "SanctionsEntryLinks"),
)
_SDN_NUMBER = re.compile(rb'<List ID="(\d+)"[^>]*>\s*SDN List\s*</List>')
_ENTRY_OF = re.compile(rb'<SanctionsEntry\s[^>]*?ProfileID="(\d+)"\s+ListID="(\d+)"')
_ENTRIES = b"<SanctionsEntries>"
_SHOWN = 5


class _Read(msgspec.Struct):
    """What has been read of a file so far."""

    around: Surroundings
    profiles: dict[str, Profile]
    links: list[Relationship]
    entries: dict[str, list[SanctionsEntry]]
    published_on: date | None = None


def is_advanced(file: GivenFile, *, source: str) -> bool:
    """Whether a file is the advanced XML of this source, told by the lists of its entries.

    The SDN List's file has every party on that list, whatever others it is on; the other file has
    some that are not. A file cut off before its entries may be either.
    """
    namespace, tag = root_of(file.head)
    if tag != _ROOT or not _NAMESPACE.search(namespace):
        return False
    number = _SDN_NUMBER.search(file.content)
    begin = file.content.find(_ENTRIES)
    if begin < 0:
        return True
    found = [match.groups() for match in _ENTRY_OF.finditer(file.content, begin)]
    if not found:
        return True
    blocked = {profile for profile, on in found if number is not None and on == number[1]}
    return (blocked >= {profile for profile, _ in found}) == (source == SDN)


def read_advanced(source: str, content: bytes) -> tuple[ParsedEdition, ...]:
    """One edition for each list of the source with entries; `DateOfIssue` is its day.

    Names, places, documents and entries stand apart in the file and refer to each other by
    numbers; a file in which one is referred to that is not there is refused as not whole.

    Raises:
        ListRefusedError: Not well-formed, without `DateOfIssue`, or not whole.
        RowRefusedError: A party or entry cannot be read; its place is its number.
    """
    refuse_other_files(source, content)
    read = _Read(Surroundings(References(), {}, {}), {}, [], defaultdict(list))
    for path, element in read_elements(source, content, _PATHS):
        if path == (_ROOT,):
            ElementRow(_ROOT, element).close("Version")
        else:
            _take(read, path, element)
    if read.published_on is None:
        raise ListRefusedError(source, f"{_DAY[-1]} is missing")
    _check_whole(source, read)
    return editions_of(source, _parties(read), read.published_on)


def _take(read: _Read, path: tuple[str, ...], element: Element) -> None:
    """Put one record to those of its kind."""
    references = read.around.references
    if path[-1] in SETS:
        references.read(element)
    elif path == _DAY:
        read.published_on = read_day(ElementRow(_DAY[-1], element))
    elif path == _PLACE:
        number, place = read_place(_row(element, "location", "ID"), references)
        read.around.places[number] = place
    elif path == _DOCUMENT:
        document = read_document(_row(element, "document", "ID"), references, read.around.places)
        read.around.documents.setdefault(document.identity, []).append(document)
    elif path == _PARTY:
        profile = read_profile(_row(element, "entry", "FixedRef"), read.around)
        _check_new(profile, read.profiles)
        read.profiles[profile.profile] = profile
    else:
        _take_behind(read, path, element)


def _check_new(profile: Profile, known: dict[str, Profile]) -> None:
    where = f"entry {profile.number}"
    if profile.profile in known:
        raise RowRefusedError(where, "stands twice in the file")


def _take_behind(read: _Read, path: tuple[str, ...], element: Element) -> None:
    """What stands behind the parties."""
    references = read.around.references
    if path == _LINK:
        read.links.append(read_relationship(_row(element, "relationship", "ID"), references))
    elif path == _ENTRY:
        entry = read_entry(_row(element, "sanctions entry", "ID"), references)
        read.entries[entry.profile].append(entry)
    else:
        ElementRow(path[-1], element).close()


def _row(element: Element, what: str, name: str) -> ElementRow:
    return ElementRow(f"{what} {element.get(name, '?')}", element)


def _check_whole(source: str, read: _Read) -> None:
    """Refuse a file that lacks what it refers to.

    Raises:
        ListRefusedError: A party has no sanctions entry, or an entry or a document belongs to a
            party that is not in the file.
    """
    held = (document for held in read.around.documents.values() for document in held)
    faults = {
        "parties without a sanctions entry": [
            profile.number for each, profile in read.profiles.items() if each not in read.entries
        ],
        "sanctions entries of parties that are not in it": [
            each for each in read.entries if each not in read.profiles
        ],
        "documents of parties that are not in it": [each.identity for each in held],
    }
    found = [
        f"{len(numbers)} {what} ({', '.join(numbers[:_SHOWN])})"
        for what, numbers in faults.items()
        if numbers
    ]
    if found:
        raise ListRefusedError(source, f"the file is not whole: it has {' and '.join(found)}")


def _parties(read: _Read) -> Iterator[Party]:
    links = defaultdict[str, list[Said]](list)
    for link in read.links:
        other = read.profiles.get(link.other)
        links[link.profile].append(link.said(None if other is None else other.names[0].text))
    for number, profile in read.profiles.items():
        entries = read.entries[number]
        types = dict.fromkeys(each for entry in entries for each in entry.types)
        kinds = (Said(kind="sanctions type", value=each) for each in types)
        yield Party(
            number=profile.number,
            entity_type=profile.entity_type,
            lists=tuple(entry.on for entry in entries if entry.on is not None),
            names=profile.names,
            programmes=tuple(
                dict.fromkeys(each for entry in entries for each in entry.programmes)
            ),
            citations=tuple(dict.fromkeys(each for entry in entries for each in entry.citations)),
            addresses=profile.addresses,
            said=(*profile.said, *kinds, *links[number]),
            remarks=profile.remarks,
        )
