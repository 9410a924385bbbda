"""Read the entries of the EU list from its two CSV files, as the elements of the XML file.

Both files print one row for each name, address, birth, document and citizenship of an entry,
preceded by the entry and its act. Format 1.1 has a column for each attribute of the XML except
`strong`: every name counts as strong unless its remark says otherwise. Format 1.0 has fewer
columns, and prints countries as ISO alpha-3 codes and the kind of a document after its number.

Source: https://data.europa.eu/data/datasets/consolidated-list-of-persons-groups-and-entities-subject-to-eu-financial-sanctions
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from xml.etree.ElementTree import Element, SubElement

import msgspec

from abeyance_screening.engine.lists.eu_fsf.listings import EntityRecord, printed_names
from abeyance_screening.engine.lists.reading.countries import country_of_alpha_3
from abeyance_screening.engine.lists.reading.days import read_day_first
from abeyance_screening.engine.lists.reading.records import Row
from abeyance_screening.engine.lists.reading.tables import read_rows
from abeyance_screening.engine.lists.reading.texts import read_text
from abeyance_screening.engine.lists.reading.unknown_parts import HeldNotes, note_unknown
from abeyance_screening.engine.lists.reading.xml import ElementRow
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError

# --- Columns of the two formats, and the XML attributes they correspond to.


class ColumnGroup(msgspec.Struct, frozen=True, kw_only=True):
    """The columns of one kind of element, `tag`.

    `attributes` and `source` map the XML's attributes, those of the element and of its act, to
    columns. `document` is a column of numbers with their kinds, `contacts` one of contact details,
    `owner` one that repeats the entry's number; `silent` are columns that say nothing of the
    party.
    """

    tag: str
    attributes: Mapping[str, str]
    source: Mapping[str, str]
    silent: tuple[str, ...]
    truths: tuple[str, ...] = ()
    remark: str | None = None
    contacts: str | None = None
    document: str | None = None
    owner: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns of the group."""
        single = (self.remark, self.contacts, self.document, self.owner)
        named = (*self.attributes.values(), *self.source.values(), *self.silent)
        return tuple(dict.fromkeys((*named, *filter(None, single))))


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """One of the two formats: the start of its header, and the meaning of its columns."""

    begins: str
    generated: str
    number: str
    reference: str
    remark: str
    subject: tuple[str, ...]
    entity: Mapping[str, str]
    act: Mapping[str, str]
    act_url: str
    groups: tuple[ColumnGroup, ...]

    @property
    def own(self) -> tuple[str, ...]:
        """The columns of the entry itself and its act; rows that agree in them belong together."""
        named = (*self.entity.values(), *self.act.values(), self.act_url)
        return tuple(dict.fromkeys((*named, self.remark, *self.subject)))

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns of the format, in no particular order."""
        parts = (name for group in self.groups for name in group.columns)
        return (self.generated, *self.own, *parts)

    def with_unique_names(self, text: str) -> str:
        """Return the file with a new name for each column whose name is already in the header.

        Format 1.0 calls the second column of each group `Entity_logical_id`, like the entry's own.
        """
        header, end, rest = text.partition("\n")
        names = list[str]()
        for name in header.rstrip("\r").split(";"):
            names.append(f"{names[-1]}, {name}" if name in names else name)
        return f"{';'.join(names)}{end}{rest}"


_COUNTRY = {"countryIso2Code": "CountryIso2Code", "countryDescription": "CountryDescription"}
_SOURCE = {
    "regulationType": "Regulation_Type",
    "publicationDate": "Regulation_PublicationDate",
    "numberTitle": "Regulation_NumberTitle",
    "publicationUrl": "Regulation_PublicationUrl",
}
_SILENT = (
    *("LogicalId", "RegulationLanguage", "Regulation_OrganisationType"),
    *("Regulation_EntryIntoForceDate", "Regulation_Programme"),
)
_OLD_SOURCE = {
    "publicationDate": "leba_publication_date",
    "numberTitle": "leba_numtitle",
    "publicationUrl": "leba_url",
}
_FLAGS = ("diplomatic", "knownExpired", "knownFalse", "reportedLost", "revokedByIssuer")


def _under(prefix: str, names: Mapping[str, str]) -> dict[str, str]:
    return {attribute: f"{prefix}_{name}" for attribute, name in names.items()}


def _same(*attributes: str) -> dict[str, str]:
    """Map attributes to columns of the same name with a capital first letter."""
    return {name: f"{name[0].upper()}{name[1:]}" for name in attributes}


def _group(
    prefix: str,
    tag: str,
    names: Mapping[str, str],
    truths: tuple[str, ...] = (),
    contacts: str | None = None,
) -> ColumnGroup:
    """Return a group of format 1.1."""
    return ColumnGroup(
        tag=tag,
        attributes=_under(prefix, names),
        source=_under(prefix, _SOURCE),
        silent=tuple(f"{prefix}_{name}" for name in _SILENT),
        truths=truths,
        remark=f"{prefix}_Remark",
        contacts=contacts,
    )


def _old_group(
    prefix: str,
    tag: str,
    names: Mapping[str, str],
    truths: tuple[str, ...] = (),
    further: Mapping[str, str] | None = None,
) -> ColumnGroup:
    """Return a group of format 1.0; `further` maps `contacts` or `document` to its column."""
    number = f"{prefix}_logical_id"
    single = {} if further is None else _under(prefix, further)
    return ColumnGroup(
        tag=tag,
        attributes=_under(prefix, names),
        source=_under(prefix, _OLD_SOURCE),
        silent=(number, f"{prefix}_programme"),
        truths=truths,
        owner=f"{number}, Entity_logical_id",
        contacts=single.get("contacts"),
        document=single.get("document"),
    )


_NAMES = _same(
    *("lastName", "firstName", "middleName", "wholeName", "nameLanguage"),
    *("gender", "title", "function"),
)
_PLACES = _same("city", "zipCode", "region", "place") | _COUNTRY
_FORMAT_1_1 = Layout(
    begins="fileGenerationDate;Entity_LogicalId;",
    generated="fileGenerationDate",
    number="Entity_LogicalId",
    reference="Entity_EU_ReferenceNumber",
    remark="Entity_Remark",
    subject=("Entity_SubjectType", "Entity_SubjectType_ClassificationCode"),
    entity=_under(
        "Entity",
        {
            "logicalId": "LogicalId",
            "euReferenceNumber": "EU_ReferenceNumber",
            "unitedNationId": "UnitedNationId",
            "designationDate": "DesignationDate",
            "designationDetails": "DesignationDetails",
        },
    ),
    act=_under(
        "Entity_Regulation",
        {
            "regulationType": "Type",
            "organisationType": "OrganisationType",
            "publicationDate": "PublicationDate",
            "entryIntoForceDate": "EntryIntoForceDate",
            "numberTitle": "NumberTitle",
            "programme": "Programme",
        },
    ),
    act_url="Entity_Regulation_PublicationUrl",
    groups=(
        _group("NameAlias", "nameAlias", _NAMES, ("strong",)),
        _group(
            "Address",
            "address",
            _same("street", "poBox", "asAtListingTime") | _PLACES,
            ("asAtListingTime",),
            "Address_ContactInfo",
        ),
        _group(
            "BirthDate",
            "birthdate",
            {"birthdate": "BirthDate", "dayOfMonth": "Day", "monthOfYear": "Month"}
            | _same("year", "yearRangeFrom", "yearRangeTo", "circa", "calendarType")
            | _PLACES,
            ("circa",),
        ),
        _group(
            "Identification",
            "identification",
            _same("number", *_FLAGS, "issuedBy", "validFrom", "validTo", "latinNumber")
            | {"issueDate": "IssuedDate", "nameOnDocument": "NameOnDocument"}
            | {"identificationTypeCode": "TypeCode", "region": "Region"}
            | {"identificationTypeDescription": "TypeDescription"}
            | _COUNTRY,
            _FLAGS,
        ),
        _group("Citizenship", "citizenship", {"region": "Region"} | _COUNTRY),
    ),
)
_FORMAT_1_0 = Layout(
    begins="Date_file;Entity_logical_id;",
    generated="Date_file",
    number="Entity_logical_id",
    reference="EU_ref_num",
    remark="Entity_remark",
    subject=("Subject_type",),
    entity={"logicalId": "Entity_logical_id", "euReferenceNumber": "EU_ref_num"},
    act={
        "publicationDate": "Leba_publication_date",
        "numberTitle": "Leba_numtitle",
        "programme": "Programme",
    },
    act_url="Leba_url",
    groups=(
        _old_group(
            "Naal",
            "nameAlias",
            {
                "lastName": "lastname",
                "firstName": "firstname",
                "middleName": "middlename",
                "wholeName": "wholename",
                "nameLanguage": "language",
                **{name: name for name in ("gender", "title", "function")},
            },
            ("strong",),
        ),
        _old_group(
            "Addr",
            "address",
            {"street": "street", "place": "number", "zipCode": "zipcode", "city": "city"}
            | {"countryDescription": "country"},
            ("asAtListingTime",),
            {"contacts": "other"},
        ),
        _old_group(
            "Birt",
            "birthdate",
            {"birthdate": "date", "city": "place", "countryDescription": "country"},
            ("circa",),
        ),
        _old_group(
            "Iden",
            "identification",
            {"countryDescription": "country"},
            _FLAGS,
            {"document": "number"},
        ),
        _old_group("Citi", "citizenship", {"countryDescription": "country"}),
    ),
)
FORMATS = (_FORMAT_1_1, _FORMAT_1_0)
"""Format 1.1, then format 1.0; the Commission publishes both."""


# --- Rows.

# Several remarks in one cell, each in brackets, are separated by these two characters.
_BETWEEN = r"\n"
_CONTACT = re.compile(r"(?P<key>[A-Z]+)\[(?P<value>.*)\]")
# `AD001095 (passport-National passport) ((passport))`: the number, what it is, and a remark.
_DOCUMENT = re.compile(
    r"(?P<number>.+?) \((?P<code>[a-z]+)-(?P<kind>[^()]*(?:\([^()]*\)[^()]*)*)\)"
    r"(?: ?\((?P<remark>.*)\))?"
)
_DAY = re.compile(r"\d{2}/\d{2}/\d{4}")
# The columns beside the name's hold codes of a language and of a sex.
_LONGEST_CODE = 2
_NOTHING = frozenset({"", "N/A"})
_CODES = {"p": "person", "e": "enterprise", "person": "person", "enterprise": "enterprise"}


# Parts of an entry, each with its group, by the group's tag and their cells.
type _Parts = dict[tuple[str, ...], tuple[ColumnGroup, Mapping[str, str]]]


class _PrintedEntry(msgspec.Struct, frozen=True):
    """The rows of one entry under one act: the place of the first, common cells, and parts."""

    where: str
    cells: Mapping[str, str]
    parts: _Parts


class _PartyRows:
    """Collects the rows of one party by their entries, and what could not be read of them."""

    def __init__(self, layout: Layout, number: str, reference: str) -> None:
        self.number = number
        self.reference = reference
        self.held = HeldNotes()
        self._layout = layout
        self._entries = dict[tuple[str, ...], _PrintedEntry]()
        self._names = dict[str, None]()

    def add(self, row: Row[str]) -> None:
        """Add the parts of a row to those of its entry, without repeats.

        A row that cannot be read adds what it prints of a name.
        """
        if not self.held.hold(partial(self._gather, row)):
            name = _element("nameAlias", self._layout.groups[0].attributes, row.printed)
            # A cell too many moves the name into a column beside its own.
            beside = (text for text in name.attrib.values() if len(text) > _LONGEST_CODE)
            self._names |= dict.fromkeys((*printed_names(_parent_of(name)), *beside))

    def join(self, other: "_PartyRows") -> None:
        """Add the names and the fault of rows that could not be read."""
        self.held.hold(other.held.release)
        self._names |= dict.fromkeys(other.names())

    def record(self, generated: str) -> EntityRecord:
        """Return the party as a record of a file of a day."""
        return EntityRecord(
            number=self.number,
            reference=self.reference,
            generated=generated,
            entries=self._elements,
            names=self.names,
        )

    def names(self) -> tuple[str, ...]:
        """Return what is printed of the party's names, whether it can be read or not."""
        parts = (part for entry in self._entries.values() for part in entry.parts.values())
        named = (
            _element(group.tag, group.attributes, cells.get)
            for group, cells in parts
            if group.tag == "nameAlias"
        )
        return (*printed_names(_parent_of(*named)), *self._names)

    def _elements(self) -> list[ElementRow]:
        """Return the entries as elements of the XML file; one without a name has the others'."""
        self.held.release()
        entries = list(self._entries.values())
        parts = (part for each in entries for part in each.parts.items())
        names = {place: part for place, part in parts if place[0] == "nameAlias"}
        return [
            ElementRow(
                each.where,
                _entry(self._layout, each, names if names.keys().isdisjoint(each.parts) else {}),
            )
            for each in entries
        ]

    def _gather(self, row: Row[str]) -> None:
        layout = self._layout
        cells = _cells(row, layout)
        own = {name: cells[name] for name in layout.own}
        entry = self._entries.setdefault(tuple(own.values()), _PrintedEntry(row.where, own, {}))
        for group in layout.groups:
            part = {name: cells[name] for name in group.columns}
            _check_same_entry(row.where, group, part, cells[layout.number])
            values = tuple(part.values())
            if any(value.casefold() not in {"", "false"} for value in values):
                entry.parts.setdefault((group.tag, *values), (group, part))


def read_csv_entries(list_code: str, content: bytes) -> tuple[date, list[EntityRecord]]:
    """Return the day of the file, and the parties in printed order, each with all its entries."""
    text = read_text(list_code, content)
    layout = _layout_of(text)
    if layout is None:
        begins = " or ".join(repr(each.begins) for each in FORMATS)
        reason = (
            f"the file begins {text[:40]!r}, not {begins}: another program has saved it; load the "
            "file as published"
        )
        raise ListRefusedError(list_code, reason)
    text = layout.with_unique_names(text)
    day, parties = "", dict[str, _PartyRows]()
    for row in read_rows(list_code, text, layout.columns, delimiter=";"):
        number, reference = _printed(row, layout.number), _printed(row, layout.reference)
        if number == layout.number:
            raise ListRefusedError(list_code, f"the header row is repeated in {row.where}")
        day = _same_day(list_code, layout, row, day)
        key = number or reference or row.where
        if (rows := parties.get(key)) is None:
            rows = parties[key] = _PartyRows(layout, number, reference)
        rows.add(row)
    if not parties:
        raise ListRefusedError(list_code, "the file has no entries")
    return _day(list_code, layout, day), [each.record(day) for each in _joined(parties.values())]


def _joined(parties: Iterable[_PartyRows]) -> list[_PartyRows]:
    """Return the parties, with rows that lack their number added to the party they refer to."""
    numbered = {each.reference: each for each in parties if each.number}
    found = list[_PartyRows]()
    for each in parties:
        other = None if each.number else numbered.get(each.reference)
        if other is None:
            found.append(each)
        else:
            other.join(each)
    return found


def _same_day(list_code: str, layout: Layout, row: Row[str], day: str) -> str:
    """Return the file's day, which each row repeats; a row without a day is noted."""
    generated = _printed(row, layout.generated)
    if generated == day or not day:
        return generated
    is_day = _DAY.fullmatch(generated) is not None
    if is_day and _DAY.fullmatch(day):
        reason = f"{row.where}: {layout.generated} is {generated!r} after {day!r}"
        raise ListRefusedError(list_code, reason)
    other = day if is_day else generated
    note_unknown(row.where, f"day in {layout.generated!r}", other or "blank")
    return generated if is_day else day


def _printed(row: Row[str], column: str) -> str:
    return " ".join((row.printed(column) or "").split())


def _layout_of(text: str) -> Layout | None:
    """Return the format whose header a file begins with, None where it is neither."""
    header = text.lstrip("\ufeff").split("\n", 1)[0].replace('"', "")
    return next((each for each in FORMATS if header.startswith(each.begins)), None)


def _cells(row: Row[str], layout: Layout) -> dict[str, str]:
    cells = {name: " ".join(row.take(name).split()) for name in layout.columns}
    row.close()
    number, reference = cells[layout.number], cells[layout.reference]
    row.where = f"{row.where}, sanctionEntity {reference or number or '?'}"
    if not number:
        raise RowRefusedError(row.where, f"{layout.number} is blank")
    return cells


def _check_same_entry(where: str, group: ColumnGroup, part: dict[str, str], number: str) -> None:
    """Refuse a part whose column for the entry's number, in format 1.0, has another number."""
    if group.owner is not None and part.pop(group.owner) not in {"", number}:
        raise RowRefusedError(where, f"{group.owner}: the {group.tag} belongs to another entry")


def _day(list_code: str, layout: Layout, printed: str) -> date:
    try:
        day = read_day_first("the file", layout.generated, printed)
    except RowRefusedError as error:
        raise ListRefusedError(list_code, error.reason) from None
    if day is None:
        raise ListRefusedError(list_code, f"{layout.generated} is blank")
    return day


def _entry(layout: Layout, printed: _PrintedEntry, names: _Parts) -> Element:
    cells = printed.cells
    element = _element("sanctionEntity", layout.entity, cells.get)
    _remarks(element, cells[layout.remark])
    act = _element("regulation", layout.act, cells.get)
    act.attrib.setdefault("regulationType", "legal basis")
    SubElement(act, "publicationUrl").text = cells[layout.act_url]
    element.append(act)
    SubElement(element, "subjectType", code=_subject(layout, cells))
    for group, part in (*names.values(), *printed.parts.values()):
        element.append(_part(printed.where, group, part))
    return element


def _parent_of(*parts: Element) -> Element:
    parent = Element("sanctionEntity")
    parent.extend(parts)
    return parent


def _element(
    tag: str, attributes: Mapping[str, str], cell: Callable[[str], str | None]
) -> Element:
    """Return an element with those of the attributes whose cell is filled in."""
    printed = {name: cell(column) or "" for name, column in attributes.items()}
    return Element(tag, {name: text for name, text in printed.items() if text not in _NOTHING})


def _remarks(element: Element, cell: str) -> None:
    for line in _lines(cell):
        SubElement(element, "remark").text = _bare(line)


def _lines(cell: str) -> Iterator[str]:
    yield from filter(None, (line.strip() for line in cell.split(_BETWEEN)))


def _bare(line: str) -> str:
    """Return a remark without the brackets that the CSV files put around each."""
    return line[1:-1].strip() if line.startswith("(") and line.endswith(")") else line


def _subject(layout: Layout, cells: Mapping[str, str]) -> str:
    """Return `person` or `enterprise`, or what is printed if it is neither or both."""
    printed = [cells[name] for name in layout.subject]
    codes = {_CODES.get(each.casefold(), "") for each in printed if each}
    return codes.pop() if len(codes) == 1 and "" not in codes else " ".join(printed).strip()


def _part(where: str, group: ColumnGroup, part: Mapping[str, str]) -> Element:
    element = _element(group.tag, group.attributes, part.get)
    for name in group.truths:
        # Without a column, a name counts as strong and no flag of a document is set.
        printed = element.get(name, "").casefold()
        element.set(name, printed or ("true" if name == "strong" else "false"))
    if group.remark is not None:
        _remarks(element, part[group.remark])
    if group.document is not None:
        _document(where, element, part[group.document])
    if group.contacts is not None:
        _contacts(element, part[group.contacts])
    code = country_of_alpha_3(element.get("countryDescription", ""))
    if code is not None:
        element.set("countryIso2Code", code)
    summary = _element("regulationSummary", group.source, part.get)
    if summary.attrib:
        element.append(summary)
    return element


def _document(where: str, element: Element, cell: str) -> None:
    match = _DOCUMENT.fullmatch(cell)
    if match is None:
        note_unknown(where, "kind of document in 'Iden_number'", cell or "blank")
        element.attrib |= {"number": cell or "unknown", "identificationTypeCode": "document"}
        return
    element.set("number", match["number"])
    element.set("identificationTypeCode", match["code"])
    element.set("identificationTypeDescription", match["kind"])
    if match["remark"]:
        SubElement(element, "remark").text = match["remark"]


def _contacts(element: Element, cell: str) -> None:
    """Add the lines of a cell: `PHONE[497 92 63]` as contact details, all others as remarks."""
    for line in _lines(cell):
        contact = _CONTACT.fullmatch(line)
        if contact is None:
            SubElement(element, "remark").text = _bare(line)
        else:
            SubElement(element, "contactInfo", contact.groupdict())
