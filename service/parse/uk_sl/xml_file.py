"""The XML file of the UK Sanctions List: one Designation element for each subject."""

from collections.abc import Iterator
from datetime import date, datetime
from xml.etree.ElementTree import Element

from service.model.errors import ListRefusedError, RowRefusedError
from service.parse.days import read_day_first
from service.parse.elements import ElementRow, read_elements
from service.parse.rows import filled
from service.parse.texts import refuse_other_files
from service.parse.uk_sl.subjects import (
    BUSINESS_REGISTRATION,
    HULL_NUMBER,
    IMO_NUMBER,
    NATIONAL_IDENTIFIER,
    PASSPORT,
    SANCTIONS_IMPOSED,
    TEXTS,
    Birthplace,
    Document,
    NonLatinName,
    Subject,
    SubjectAddress,
    SubjectName,
)

ROOT = "Designations"
_GENERATED = (ROOT, "DateGenerated")
_DESIGNATION = (ROOT, "Designation")
# Kind, the elements that hold the numbers, and that of one number itself.
_NUMBERS = (
    (BUSINESS_REGISTRATION, "BusinessRegistrationNumbers", "BusinessRegistrationNumber"),
    (IMO_NUMBER, "IMONumbers", "IMONumber"),
    (HULL_NUMBER, "HullIdentificationNumbers", "HullIdentificationNumber"),
)
# One true or false for each sanction that SanctionsImposed names in words.
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


def read_xml(list_code: str, content: bytes) -> tuple[date | None, list[Subject]]:
    """The day of DateGenerated, and the subjects in printed order.

    Raises:
        ListRefusedError: not well-formed (with line and column), with entity declarations, or
            not the UK Sanctions List.
        RowRefusedError: an element is missing, unknown or unreadable; its place is the subject's
            Unique ID.
    """
    refuse_other_files(list_code, content)
    generated: date | None = None
    subjects = list[Subject]()
    for path, element in read_elements(list_code, content, (_GENERATED, _DESIGNATION)):
        if path == _GENERATED:
            generated = _day(list_code, (element.text or "").strip())
        elif path == _DESIGNATION:
            subjects.append(_subject(element))
        else:
            ElementRow(ROOT, element).close()
    return generated, subjects


def _day(list_code: str, printed: str) -> date | None:
    try:
        return read_day_first("DateGenerated", "day", printed)
    except RowRefusedError:
        try:
            return datetime.fromisoformat(printed).date()
        except ValueError:
            reason = f"DateGenerated: {printed[:60]!r} is not a day (DD/MM/YYYY)"
            raise ListRefusedError(list_code, reason) from None


def _subject(element: Element) -> Subject:
    printed = (element.findtext("UniqueID") or "?").strip()
    row = ElementRow(f"Designation {printed}", element)
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
        type=row.take("IndividualEntityShip"),
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
    """The elements `inner` in the holders `outer`; whoever asks must close them."""
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


def _documents(people: list[ElementRow]) -> Iterator[Document]:
    for person in people:
        for kind, outer, word in (
            (NATIONAL_IDENTIFIER, "NationalIdentifierDetails", "NationalIdentifier"),
            (PASSPORT, "PassportDetails", "Passport"),
        ):
            for paper in _details(person, outer, word):
                number = paper.find(f"{word}Number") or ""
                note = paper.find(f"{word}AdditionalInformation") or ""
                paper.close()
                yield Document(kind=kind, number=number, note=note)


def _numbers(parties: list[ElementRow]) -> Iterator[Document]:
    for kind, outer, inner in _NUMBERS:
        for party in parties:
            for number in _leaves(party, outer, inner):
                yield Document(kind=kind, number=number, note="")


def _birthplaces(people: list[ElementRow]) -> Iterator[Birthplace]:
    for person in people:
        for place in _details(person, "BirthDetails", "Location"):
            town, country = place.find("TownOfBirth") or "", place.find("CountryOfBirth") or ""
            place.close()
            yield Birthplace(town=town, country=country)


def _texts(row: ElementRow, details: dict[str, list[ElementRow]]) -> Iterator[tuple[str, str]]:
    indicated = _indicated(row)
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


def _leaves(row: ElementRow, outer: str, inner: str) -> list[str]:
    """The texts of the elements `inner` in the holders `outer`."""
    found = list[str]()
    for holder in row.rows(outer):
        found += holder.texts(inner)
        holder.close()
    return found


def _indicated(row: ElementRow) -> list[str]:
    """The sanctions that stand as true."""
    found = list[str]()
    for holder in row.rows("SanctionsImposedIndicators"):
        for tag in _INDICATORS:
            value = holder.find(tag)
            if value not in {"true", "false", None}:
                raise RowRefusedError(row.where, f"{tag}: {value!r} is neither true nor false")
            if value == "true":
                found.append(tag)
        holder.close()
    return found
