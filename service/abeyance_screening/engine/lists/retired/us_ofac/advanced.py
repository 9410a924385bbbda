"""SDN_ADVANCED.XML and CONS_ADVANCED.XML, in the United Nations' advanced model.

No whole official file has been read: `sdn_advanced_2024.xml` of the tests is re-made from a cut
one. So a file with a reference to anything missing is refused as not whole.

Source: https://ofac.treasury.gov/sanctions-list-service (Advanced Sanctions List Standard)
"""

import re
from collections import defaultdict
from datetime import date
from xml.etree.ElementTree import Element

import msgspec

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.reading.files import GivenFile
from abeyance_screening.engine.lists.reading.notes import Ahead, note_unknown, read_ahead
from abeyance_screening.engine.lists.reading.texts import refuse_other_files
from abeyance_screening.engine.lists.reading.xml import ElementRow, read_elements, root_of
from abeyance_screening.engine.lists.retired.us_ofac.profiles import (
    SETS,
    Profile,
    References,
    Surroundings,
    read_boolean,
    read_day,
    read_document,
    read_place,
    read_profile,
    scraps_of,
)
from abeyance_screening.engine.lists.us_ofac.parties import (
    SDN,
    UMBRELLA,
    OfacDetail,
    OfacParty,
    OnList,
    PartyScraps,
    code_of_name,
    editions_of,
    list_of_name,
    placed_in,
    read_listings,
)
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError

# --- Sanctions entries and relationships: the lists that a party is on, and why.

_CREATED = "Created"
_PROGRAMME = "Program"


class SanctionsEntry(msgspec.Struct, frozen=True, kw_only=True):
    """The entry of a profile on a list; `on` is None for the umbrella over the non-SDN lists."""

    profile: str
    on: OnList | None
    programmes: tuple[str, ...]
    citations: tuple[str, ...]
    types: tuple[str, ...]


class Relationship(msgspec.Struct, frozen=True):
    """The link from one profile to another, in words."""

    profile: str
    other: str
    how: str

    def detail(self, other_name: str | None) -> OfacDetail:
        """Return the link to a party by name; without one, the party is not in the file."""
        whom = f"entry {self.other}" if other_name is None else other_name
        return OfacDetail(kind="Linked To:", value=whom, note=f"({self.how})")


def read_entry(row: ElementRow, references: References) -> SanctionsEntry:
    """Read one sanctions entry."""
    printed = references.word(row.where, "List", row.take_attribute("ListID"))
    list_code = list_of_name(row.where, printed)
    days, citations = list[date](), dict[str, None]()
    for event in row.rows("EntryEvent"):
        day, citation = _event(event, references)
        days += [] if day is None else [day]
        citations |= {} if citation is None else {citation: None}
    programmes, types = dict[str, None](), dict[str, None]()
    for measure in row.rows("SanctionsMeasure"):
        kind = references.word(
            measure.where, "SanctionsType", measure.take_attribute("SanctionsTypeID")
        )
        comment = measure.find("Comment")
        measure.close("ID", "DatePeriod")
        if kind == _PROGRAMME:
            if comment is None:
                raise RowRefusedError(measure.where, "the programme has no code")
            programmes[comment] = None
        else:
            types[" ".join(filter(None, (kind, comment)))] = None
    entry = SanctionsEntry(
        profile=row.take_attribute("ProfileID"),
        on=None if list_code is None else OnList(list_code, min(days, default=None)),
        programmes=tuple(programmes),
        citations=tuple(citations),
        types=tuple(types),
    )
    row.close("ID")
    return entry


def read_relationship(row: ElementRow, references: References) -> Relationship:
    """Read one relationship."""
    kind = references.word(row.where, "RelationType", row.take_attribute("RelationTypeID"))
    quality = references.known_word(
        row.where, "RelationQuality", row.attribute("RelationQualityID")
    )
    former = "former" if read_boolean(row, "Former") else None
    how = ", ".join(filter(None, (kind, quality, former, row.find("Comment"))))
    profile, other = row.take_attribute("From-ProfileID"), row.take_attribute("To-ProfileID")
    row.close("ID", "SanctionsEntryID")
    return Relationship(profile, other, how)


def _event(row: ElementRow, references: References) -> tuple[date | None, str | None]:
    """Return the day of a listing and its legal basis."""
    kind = references.word(row.where, "EntryEventType", row.take_attribute("EntryEventTypeID"))
    if kind != _CREATED:
        note_unknown(row.where, "kind of event", kind, may_hide="status")
    moment = row.row("Date")
    day = None if moment is None else read_day(moment)
    citation = references.known_word(row.where, "LegalBasis", row.attribute("LegalBasisID"))
    row.close("ID", "Comment")
    return day if kind == _CREATED else None, citation


# --- The file.

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
    # None with content has been seen; such a one would be refused.
    (_ROOT, "SanctionsEntryLinks"),
)
_SDN_NUMBER = re.compile(rb'<List ID="(\d+)"[^>]*>\s*SDN List\s*</List>')
_ENTRY_OF = re.compile(rb'<SanctionsEntry\s[^>]*?ProfileID="(\d+)"\s+ListID="(\d+)"')
_ENTRIES = b"<SanctionsEntries>"
_SHOWN = 5


class _PartOfFile(msgspec.Struct, frozen=True):
    """A party as it stands among the parties, and what can be read of it in any case."""

    profile: Ahead[Profile]
    scraps: PartyScraps


class _PartOfList(msgspec.Struct, frozen=True):
    """A sanctions entry, and the code of its list if it can be read, in any case."""

    entry: Ahead[SanctionsEntry]
    list_code: str | None


class _Read(msgspec.Struct):
    """The parts of a file that have been read so far, by the number of their profile."""

    around: Surroundings
    parties: dict[str, _PartOfFile]
    links: dict[str, list[Ahead[Relationship]]]
    entries: dict[str, list[_PartOfList]]
    published_on: date | None = None


def is_advanced(file: GivenFile, *, source: str) -> bool:
    """Return whether a file is the advanced XML of this source, by the lists of its entries.

    In the SDN List's file every party is on that list, whatever other lists it is on; in the
    other file some are not. A file that is truncated before its entries may be of either source.
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
    """Read one edition for each list of the source with entries; `DateOfIssue` is its day.

    Names, places, documents and entries are separate in the file and refer to each other by
    numbers; a file with a reference to something missing is refused as not whole.

    Raises:
        ListRefusedError: The file is not well-formed, lacks `DateOfIssue`, or is not whole.
        RowRefusedError: A party or entry cannot be read; its place is its number.
    """
    refuse_other_files(source, content)
    read = _Read(Surroundings(References(), {}, {}), {}, defaultdict(list), defaultdict(list))
    for path, element in read_elements(source, content, _PATHS):
        if path == (_ROOT,):
            ElementRow(_ROOT, element).close("Version")
        else:
            _take(read, path, element)
    if read.published_on is None:
        raise ListRefusedError(source, f"{_DAY[-1]} is missing")
    _check_whole(source, read)
    listings = read_listings(
        read.parties,
        lambda profile: placed_in(source, _party(read, profile)),
        lambda profile: _scraps(read, profile).on_lists(source),
    )
    return editions_of(source, listings, read.published_on)


def _take(read: _Read, path: tuple[str, ...], element: Element) -> None:
    """Add one record to those read so far."""
    references = read.around.references
    if path[-1] in SETS:
        references.read(element)
    elif path == _DAY:
        read.published_on = read_day(ElementRow(_DAY[-1], element))
    elif path == _PLACE:
        place = read_ahead(lambda: read_place(_row(element, "location", "ID"), references))
        read.around.places[element.get("ID", "")] = place
    elif path == _DOCUMENT:
        places = read.around.places
        document = read_ahead(
            lambda: read_document(_row(element, "document", "ID"), references, places)
        )
        read.around.documents.setdefault(element.get("IdentityID", ""), []).append(document)
    elif path == _PARTY:
        _take_party(read, element)
    else:
        _take_after_parties(read, path, element)


def _take_party(read: _Read, element: Element) -> None:
    profile = read_ahead(lambda: read_profile(_row(element, "entry", "FixedRef"), read.around))
    scraps = _scraps_of(profile.value) or scraps_of(element, read.around.references)
    if profile.fault is not None:
        for identity in element.iterfind("{*}Profile/{*}Identity"):
            read.around.documents.pop(identity.get("ID", ""), None)
    number = next((each.get("ID", "") for each in element.iterfind("{*}Profile")), "")
    if number in read.parties:
        where = f"entry {scraps.number}"
        raise RowRefusedError(where, "occurs twice in the file")
    read.parties[number] = _PartOfFile(profile, scraps)


def _scraps_of(profile: Profile | None) -> PartyScraps | None:
    """Return what to keep of a party that was read, where its entries cannot be read."""
    if profile is None:
        return None
    return PartyScraps(
        number=profile.number,
        entity_type=profile.entity_type or "",
        lists=(),
        names=tuple(name.text for name in profile.names),
    )


def _take_after_parties(read: _Read, path: tuple[str, ...], element: Element) -> None:
    """Add one of the records that follow the parties in the file."""
    references = read.around.references
    if path == _LINK:
        link = read_ahead(
            lambda: read_relationship(_row(element, "relationship", "ID"), references)
        )
        read.links[element.get("From-ProfileID", "")].append(link)
    elif path == _ENTRY:
        entry = read_ahead(lambda: read_entry(_row(element, "sanctions entry", "ID"), references))
        name = references.printed("List", element.get("ListID", "")) or ""
        code = None if name == UMBRELLA else code_of_name(name)
        read.entries[element.get("ProfileID", "")].append(_PartOfList(entry, code))
    else:
        ElementRow(path[-1], element).close()


def _row(element: Element, what: str, name: str) -> ElementRow:
    return ElementRow(f"{what} {element.get(name, '?')}", element)


def _check_whole(source: str, read: _Read) -> None:
    """Refuse a file that lacks what it refers to."""
    documents = read.around.documents
    faults = {
        "parties without a sanctions entry": [
            each.scraps.number or "?"
            for profile, each in read.parties.items()
            if profile not in read.entries
        ],
        "sanctions entries of parties that are not in it": [
            each for each in read.entries if each not in read.parties
        ],
        "documents of parties that are not in it": [
            identity for identity, held in documents.items() for _ in held
        ],
        "relationships of no party": ["?" for _ in read.links.get("", ())],
    }
    found = [
        f"{len(numbers)} {what} ({', '.join(numbers[:_SHOWN])})"
        for what, numbers in faults.items()
        if numbers
    ]
    if found:
        raise ListRefusedError(source, f"the file is not whole: it has {' and '.join(found)}")


def _party(read: _Read, number: str) -> OfacParty:
    """Return a party with its entries and links, by the number of its profile."""
    profile = read.parties[number].profile.result()
    entries = [each.entry.result() for each in read.entries[number]]
    links = [each.result() for each in read.links.get(number, ())]
    types = dict.fromkeys(each for entry in entries for each in entry.types)
    kinds = (OfacDetail(kind="sanctions type", value=each) for each in types)
    return OfacParty(
        number=profile.number,
        entity_type=profile.entity_type,
        lists=tuple(entry.on for entry in entries if entry.on is not None),
        names=profile.names,
        programmes=tuple(dict.fromkeys(each for entry in entries for each in entry.programmes)),
        citations=tuple(dict.fromkeys(each for entry in entries for each in entry.citations)),
        addresses=profile.addresses,
        details=(
            *profile.details,
            *kinds,
            *(link.detail(_name_of(read, link.other)) for link in links),
        ),
        remarks=profile.remarks,
    )


def _name_of(read: _Read, number: str) -> str | None:
    party = read.parties.get(number)
    return None if party is None else next(iter(party.scraps.names), None)


def _scraps(read: _Read, number: str) -> PartyScraps:
    """Return what can be read of a party that cannot be read whole, with its lists."""
    entries = read.entries[number]
    read_whole = [each.entry.value for each in entries if each.entry.value is not None]
    return msgspec.structs.replace(
        read.parties[number].scraps,
        lists=tuple(each.list_code for each in entries if each.list_code is not None),
        programmes=tuple(dict.fromkeys(each for entry in read_whole for each in entry.programmes)),
    )
