"""Read the UK Sanctions List in its CSV and XML formats.

The CSV file has one row for each name, address, document and birth of a subject; the XML file has
one Designation element for each subject.

Source: https://www.gov.uk/government/publications/the-uk-sanctions-list
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import partial
from xml.etree.ElementTree import Element

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.reading.days import find_day, read_day_first
from abeyance_screening.engine.lists.reading.files import Format, GivenFile, one_file
from abeyance_screening.engine.lists.reading.records import Row, by_number, filled, one_edition
from abeyance_screening.engine.lists.reading.tables import read_rows
from abeyance_screening.engine.lists.reading.texts import read_text, refuse_other_files
from abeyance_screening.engine.lists.reading.unknown_parts import (
    HeldNotes,
    note_unknown,
    read_records,
)
from abeyance_screening.engine.lists.reading.xml import (
    ElementRow,
    local_name,
    names_in,
    read_elements,
    root_of,
)
from abeyance_screening.engine.lists.uk_sl.listings import (
    BUSINESS_REGISTRATION,
    HULL_NUMBER,
    IMO_NUMBER,
    LIST_CODE,
    NATIONAL_IDENTIFIER,
    PASSPORT,
    SANCTIONS_IMPOSED,
    TEXTS,
    Birthplace,
    IdentityDocument,
    NonLatinName,
    Subject,
    SubjectAddress,
    SubjectName,
    SubjectRecord,
    full_name,
    listing_of,
    rescue,
)
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError

__all__ = ["FORMATS", "LIST_CODE", "parse_csv", "parse_xml"]


# --- The CSV file.

_REPORT_DATE = re.compile(r"Report Date:\s*(\d{1,2}-[A-Za-z]{3}-\d{4})")
_PARTS = tuple(f"Name {number}" for number in range(1, 7))
_LINES = tuple(f"Address Line {number}" for number in range(1, 7))
_ID, _TYPE, _DESIGNATED = "Unique ID", "Designation Type", "Date Designated"
_NON_LATIN = ("Name non-latin script", "Non-latin script type", "Non-latin script language")
# Kind, column of the number, column of the remark on it.
_DOCUMENTS = (
    (
        NATIONAL_IDENTIFIER,
        "National Identifier number",
        "National Identifier additional information",
    ),
    (PASSPORT, "Passport number", "Passport additional information"),
    (BUSINESS_REGISTRATION, "Business registration number (s)", None),
    (IMO_NUMBER, "IMO number", None),
    (HULL_NUMBER, "Hull identification number (HIN)", None),
)
_BIRTHPLACE = ("Town of birth", "Country of birth")
# Column names before 28 January 2026, and spellings seen since, with the names used now.
_EARLIER = {
    "Individual, Entity, Ship": _TYPE,
    "Parent Company": "Parent company",
    "Business registration number(s)": "Business registration number (s)",
    "Current owner/operator(s)": "Current owner/operator (s)",
    "Previous owner/operator(s)": "Previous owner/operator (s)",
}
COLUMNS = tuple(
    sorted(
        {_ID, _TYPE, _DESIGNATED, "Name type", "Alias strength", "Address Postal Code"}
        | {"Address Country", *_PARTS, *_LINES, *_NON_LATIN, *_BIRTHPLACE}
        | {text.column for text in TEXTS}
        | {column for _, *columns in _DOCUMENTS for column in columns if column is not None}
    )
)


# --- The XML file.

ROOT = "Designations"
_GENERATED = (ROOT, "DateGenerated")
_DESIGNATION = (ROOT, "Designation")
# Kind, the element that holds the numbers, and the element of one number.
_NUMBERS = (
    (BUSINESS_REGISTRATION, "BusinessRegistrationNumbers", "BusinessRegistrationNumber"),
    (IMO_NUMBER, "IMONumbers", "IMONumber"),
    (HULL_NUMBER, "HullIdentificationNumbers", "HullIdentificationNumber"),
)
# One true or false element for each sanction that SanctionsImposed names in words.
_INDICATORS = (
    "AssetFreeze",
    "ArmsEmbargo",
    "TargetedArmsEmbargo",
    "CharteringOfShips",
    "ClosureOfRepresentativeOffices",
    "CrewServicingOfShipsAndAircraft",
    "Deflag",
    "PreventionOfBusinessArrangements",
    "ProhibitionOfPortEntry",
    "TravelBan",
    "PreventionOfCharteringOfShips",
    "PreventionOfCharteringOfShipsAndAircraft",
    "TechnicalAssistanceRelatedToAircraft",
    "TrustServicesSanctions",
    "DirectorDisqualificationSanction",
)


def read_csv(list_code: str, content: bytes) -> tuple[date | None, list[SubjectRecord]]:
    """Return the report date, and the subjects in the order in which they first appear.

    A file cut between two records cannot be distinguished from a whole one, nor can some cuts
    within the last cell of a record (`read_rows`); every other cut is refused.
    """
    text = read_text(list_code, content)
    first, _, rest = text.partition("\n")
    dated = first.lstrip(' "').startswith("Report Date")
    published_on = _report_date(list_code, first) if dated else None
    body, first_line = (rest, 2) if dated else (text, 1)
    rows = read_rows(
        list_code, _with_current_header(list_code, body), COLUMNS, first_line=first_line
    )
    gathered = dict[str, _SubjectRows]()
    # each row is freed once it is read: a subject may have 400 of them
    for row in rows:
        unique_id = (row.printed(_ID) or "").strip()
        if unique_id == _ID:
            raise ListRefusedError(list_code, f"the header row is repeated in {row.where}")
        key = unique_id or row.where
        gathered.setdefault(key, _SubjectRows(row.where, unique_id)).add(row)
    return published_on, [each.record() for each in gathered.values()]


def read_xml(list_code: str, content: bytes) -> tuple[date | None, list[SubjectRecord]]:
    """Return the day of DateGenerated, and the subjects in printed order."""
    refuse_other_files(list_code, content)
    generated: date | None = None
    subjects = list[SubjectRecord]()
    for path, element in read_elements(list_code, content, (_GENERATED, _DESIGNATION)):
        if path == _GENERATED:
            generated = _day(list_code, (element.text or "").strip())
        elif path == _DESIGNATION:
            subjects.append(_record(element))
        else:
            ElementRow(ROOT, element).close()
    return generated, subjects


def _report_date(list_code: str, line: str) -> date:
    printed = _REPORT_DATE.fullmatch(line.replace('"', "").strip(" ,\r"))
    day = None if printed is None else find_day(printed[1].replace("-", " "))
    if day is None:
        reason = f"the first line, {line.strip()[:60]!r}, is not a Report Date: DD-Mon-YYYY"
        raise ListRefusedError(list_code, reason)
    return day


def _with_current_header(list_code: str, body: str) -> str:
    """Return the file with the columns of an earlier header renamed to the current names."""
    line, separator, rest = body.partition("\n")
    try:
        header = next(csv.reader([line]), list[str]())
    except csv.Error as error:
        raise ListRefusedError(list_code, f"not readable as CSV: {error}") from None
    if not any(name in _EARLIER for name in header):
        return body
    names = io.StringIO()
    csv.writer(names, lineterminator="").writerow(_EARLIER.get(name, name) for name in header)
    return names.getvalue() + separator + rest


class _SubjectRows:
    """Collects the values in the rows of one subject, without repeats."""

    def __init__(self, where: str, unique_id: str) -> None:
        self._where = f"{where}, {unique_id}"
        self._unique_id = unique_id
        self._held = HeldNotes()
        self._other_names = dict[str, None]()
        # Dicts, because a set does not keep the printed order.
        self._types = dict[str, None]()
        self._designated = dict[str, None]()
        self._names = dict[SubjectName, None]()
        self._non_latin = dict[NonLatinName, None]()
        self._addresses = dict[SubjectAddress, None]()
        self._documents = dict[IdentityDocument, None]()
        self._birthplaces = dict[Birthplace, None]()
        self._texts: dict[str, dict[str, None]] = {text.kind: {} for text in TEXTS}
        # Rows repeat most cells of the row before them.
        self._seen = dict[str, tuple[str, ...]]()

    def add(self, row: Row[str]) -> None:
        """Add the values of one row; one that cannot be read adds what it prints of names."""
        if not self._held.hold(partial(self._add, row)):
            parts = (row.printed(part) or "" for part in _PARTS)
            for text in (full_name(parts), row.printed(_NON_LATIN[0]) or ""):
                self._other_names[text] = None

    def record(self) -> SubjectRecord:
        """Return the subject that the rows describe, as a record."""
        return SubjectRecord(
            unique_id=self._unique_id,
            type=next(iter(self._types), ""),
            read=self._subject,
            names=self._all_names,
        )

    def _add(self, row: Row[str]) -> None:
        if not row.take(_ID).strip():
            raise RowRefusedError(row.where, f"{_ID} is blank")
        self._types.update(_filled_cell(row, _TYPE))
        self._designated.update(_filled_cell(row, _DESIGNATED))
        if cells := self._new(row, "name", (*_PARTS, "Name type", "Alias strength")):
            name = SubjectName(parts=cells[:-2], type=cells[-2], strength=cells[-1])
            self._names[name] = None
        if cells := self._new(row, "script", _NON_LATIN):
            text, script, language = cells
            self._non_latin[NonLatinName(text=text, script=script, language=language)] = None
        if cells := self._new(row, "place", (*_LINES, "Address Postal Code", "Address Country")):
            address = SubjectAddress(lines=cells[:-2], postal_code=cells[-2], country=cells[-1])
            self._addresses[address] = None
        if cells := self._new(row, "birth", _BIRTHPLACE):
            town, country = cells
            self._birthplaces[Birthplace(town=town, country=country)] = None
        self._add_documents(row)
        for text in TEXTS:
            if cell := row.take(text.column).strip():
                self._texts[text.kind][cell] = None
        row.close()

    def _subject(self) -> Subject:
        self._held.release()
        texts = ((kind, value) for kind, values in self._texts.items() for value in values)
        return Subject(
            where=self._where,
            unique_id=self._unique_id,
            # two different cells are neither a type nor a day, and are noted as such
            type=" and ".join(self._types),
            date_designated=" and ".join(self._designated),
            names=tuple(self._names),
            non_latin_names=tuple(self._non_latin),
            addresses=tuple(self._addresses),
            documents=tuple(self._documents),
            birthplaces=tuple(self._birthplaces),
            texts=tuple(texts),
        )

    def _add_documents(self, row: Row[str]) -> None:
        for kind, number, note in _DOCUMENTS:
            if cells := self._new(row, kind, tuple(filter(None, (number, note)))):
                document = IdentityDocument(kind=kind, number=cells[0], note="".join(cells[1:]))
                self._documents[document] = None

    def _all_names(self) -> tuple[str, ...]:
        names = (full_name(name.parts) for name in self._names)
        return filled((*names, *(name.text for name in self._non_latin), *self._other_names))

    def _new(self, row: Row[str], what: str, columns: tuple[str, ...]) -> tuple[str, ...]:
        """Return the trimmed cells, or () if all are blank or as in the row before."""
        cells = tuple(row.take(column).strip() for column in columns)
        if cells == self._seen.get(what) or not any(cells):
            return ()
        self._seen[what] = cells
        return cells


def _filled_cell(row: Row[str], column: str) -> Iterator[tuple[str, None]]:
    if cell := row.take(column).strip():
        yield cell, None


def _day(list_code: str, printed: str) -> date | None:
    try:
        return read_day_first("DateGenerated", "day", printed)
    except RowRefusedError:
        try:
            return datetime.fromisoformat(printed).date()
        except ValueError:
            reason = f"DateGenerated: {printed[:60]!r} is not a day (DD/MM/YYYY)"
            raise ListRefusedError(list_code, reason) from None


def _record(element: Element) -> SubjectRecord:
    unique_id, kind = (
        " ".join((element.findtext(tag) or "").split())
        for tag in ("UniqueID", "IndividualEntityShip")
    )
    return SubjectRecord(
        unique_id=unique_id,
        type=kind,
        read=partial(_subject, f"Designation {unique_id or '?'}", element),
        names=partial(_printed_names, element),
    )


def _printed_names(element: Element) -> tuple[str, ...]:
    """Return the names of a designation, whether it can be read or not."""
    parts = [part for part in element.iter() if local_name(part.tag) == "Name"]
    latin = (full_name(name.findtext(f"Name{n}") or "" for n in range(1, 7)) for name in parts)
    others = (part.text or "" for part in element.iter("NameNonLatinScript"))
    return filled((*latin, *others)) or names_in(element)


def _subject(where: str, element: Element) -> Subject:
    row = ElementRow(where, element)
    details = {
        outer: _details(row, outer, inner)
        for outer, inner in (
            ("IndividualDetails", "Individual"),
            ("EntityDetails", "Entity"),
            ("ShipDetails", "Ship"),
        )
    }
    people = details["IndividualDetails"]
    parties = [part for parts in details.values() for part in parts]
    subject = Subject(
        where=row.where,
        unique_id=row.take("UniqueID"),
        type=row.find("IndividualEntityShip") or "",
        date_designated=row.find("DateDesignated") or "",
        names=tuple(_names(row)),
        non_latin_names=tuple(_non_latin_names(row)),
        addresses=tuple(_addresses(row)),
        documents=tuple(dict.fromkeys([*_documents(people), *_numbers(parties)])),
        birthplaces=tuple(dict.fromkeys(_birthplaces(people))),
        texts=tuple(_texts(row, details)),
    )
    for part in (*parties, row):
        part.close()
    return subject


def _details(row: ElementRow, outer: str, inner: str) -> list[ElementRow]:
    """Return the elements `inner` in the containers `outer`; the caller must close them."""
    holders = row.rows(outer)
    found = [each for holder in holders for each in holder.rows(inner)]
    for holder in holders:
        holder.close()
    return found


def _names(row: ElementRow) -> Iterator[SubjectName]:
    for name in _details(row, "Names", "Name"):
        parts = tuple(name.find(f"Name{number}") or "" for number in range(1, 7))
        kind, strength = name.find("NameType") or "", name.find("AliasStrength") or ""
        name.close()
        yield SubjectName(parts=parts, type=kind, strength=strength)


def _non_latin_names(row: ElementRow) -> Iterator[NonLatinName]:
    for name in _details(row, "NonLatinNames", "NonLatinName"):
        text, script = name.find("NameNonLatinScript"), name.find("NonLatinScriptType")
        language = name.find("NonLatinScriptLanguage")
        name.close()
        yield NonLatinName(text=text or "", script=script or "", language=language or "")


def _addresses(row: ElementRow) -> Iterator[SubjectAddress]:
    for address in _details(row, "Addresses", "Address"):
        lines = tuple(address.find(f"AddressLine{number}") or "" for number in range(1, 7))
        postal_code, country = address.find("AddressPostalCode"), address.find("AddressCountry")
        address.close()
        yield SubjectAddress(lines=lines, postal_code=postal_code or "", country=country or "")


def _documents(people: list[ElementRow]) -> Iterator[IdentityDocument]:
    for person in people:
        for kind, outer, word in (
            (NATIONAL_IDENTIFIER, "NationalIdentifierDetails", "NationalIdentifier"),
            (PASSPORT, "PassportDetails", "Passport"),
        ):
            for paper in _details(person, outer, word):
                number = paper.find(f"{word}Number") or ""
                note = paper.find(f"{word}AdditionalInformation") or ""
                paper.close()
                yield IdentityDocument(kind=kind, number=number, note=note)


def _numbers(parties: list[ElementRow]) -> Iterator[IdentityDocument]:
    for kind, outer, inner in _NUMBERS:
        for party in parties:
            for number in _leaves(party, outer, inner):
                yield IdentityDocument(kind=kind, number=number, note="")


def _leaves(row: ElementRow, outer: str, inner: str) -> list[str]:
    """Return the texts of the elements `inner` in the containers `outer`."""
    found = list[str]()
    for holder in row.rows(outer):
        found += holder.texts(inner)
        holder.close()
    return found


def _birthplaces(people: list[ElementRow]) -> Iterator[Birthplace]:
    for person in people:
        for place in _details(person, "BirthDetails", "Location"):
            town, country = place.find("TownOfBirth") or "", place.find("CountryOfBirth") or ""
            place.close()
            yield Birthplace(town=town, country=country)


def _texts(row: ElementRow, details: dict[str, list[ElementRow]]) -> Iterator[tuple[str, str]]:
    indicated = _sanctions_indicated(row)
    for text in TEXTS:
        *outer, word = text.path
        holders = details.get(outer[0], []) if len(outer) > 1 else [row]
        values = [
            value
            for holder in holders
            for value in (_leaves(holder, outer[-1], word) if outer else holder.texts(word))
        ]
        if text.kind == SANCTIONS_IMPOSED and not values:
            values = indicated
        yield from ((text.kind, value) for value in filled(values))


def _sanctions_indicated(row: ElementRow) -> list[str]:
    """Return the sanctions whose indicator is true, or a word that is not known to mean no."""
    found = list[str]()
    for holder in row.rows("SanctionsImposedIndicators"):
        for tag in _INDICATORS:
            value = holder.find(tag)
            if value is not None and value not in {"true", "false"}:
                note_unknown(row.where, f"word in {tag!r}", value)
            if value not in {"false", None}:
                found.append(tag)
        holder.close()
    return found


# --- The formats.


def parse_csv(content: bytes) -> tuple[ParsedEdition, ...]:
    """Return the one edition in `UK-Sanctions-List.csv`; its day is the Report Date.

    Ids are made from the Unique ID (`RUS0001`), which the FCDO does not change. A file cut between
    two records cannot be distinguished from a whole one, nor can some cuts within the last cell of
    a record (`read_rows`); every other cut is refused.
    """
    return _edition(*read_csv(LIST_CODE, content))


def parse_xml(content: bytes) -> tuple[ParsedEdition, ...]:
    """Return the one edition in `UK-Sanctions-List.xml`; its day is the DateGenerated."""
    return _edition(*read_xml(LIST_CODE, content))


def _edition(
    published_on: date | None, subjects: Iterable[SubjectRecord]
) -> tuple[ParsedEdition, ...]:
    keyed = by_number(read_records(subjects, lambda record: listing_of(record.read()), rescue))
    return one_edition(LIST_CODE, keyed, published_on)


def _is_csv(file: GivenFile) -> bool:
    header = "".join(file.head.splitlines()[:2])
    return not header.startswith("<") and (
        header.startswith(("Report Date", '"Report Date')) or "Unique ID" in header
    )


FORMATS = (
    Format(
        word="uk_sl_xml",
        source=LIST_CODE,
        title="UK-Sanctions-List.xml",
        tells=lambda file: root_of(file.head)[1] == ROOT,
        read=one_file(parse_xml),
    ),
    Format(
        word="uk_sl_csv",
        source=LIST_CODE,
        title="UK-Sanctions-List.csv",
        tells=_is_csv,
        read=one_file(parse_csv),
    ),
)
"""The formats that the Foreign, Commonwealth and Development Office publishes."""
