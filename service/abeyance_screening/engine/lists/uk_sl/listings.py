"""Turn a subject of the UK Sanctions List into a listing."""

import re
from collections.abc import Callable, Iterable, Iterator

import msgspec

from abeyance_screening.engine.lists.listing import (
    Address,
    EntityType,
    Fact,
    Identifier,
    Listing,
    Name,
    NameKind,
)
from abeyance_screening.engine.lists.reading.countries import country_code
from abeyance_screening.engine.lists.reading.days import read_day_first
from abeyance_screening.engine.lists.reading.names import collect_names, tidy
from abeyance_screening.engine.lists.reading.unknown_parts import Rescued, note_unknown
from abeyance_screening.primitives.errors import RowRefusedError

# --- Registration numbers, often several with their kinds in one text.

_WORD = r"(?:INN|OGRN|KPP|TIN|OKPO|OKTMO|BIK|BIN|SRN|BRN|CRN|USCC|PPC)"
# Only digits count as a number here, because the end of anything else is not certain.
_NAMED_NUMBER = re.compile(
    rf"(?P<kind>(?:[A-Z][a-z]+ )?{_WORD}(?:/{_WORD})?)(?: number)?\s*+(?:[:\u2013-]\s*+)?"
    r"(?P<number>\d{6,20})(?!\d)\s*+(?:[,;/.]\s*+)?"
)
# `Iran National ID Number - 10861529720`, `1037804006811 (Russia)`
_ONE_NUMBER = re.compile(
    r"(?:(?P<kind>[A-Z][A-Za-z ]{0,40}(?:[Nn]umber|No\.|ID|[Cc]ode))\s*+(?:[:\u2013-]\s*+)?)?"
    r"(?P<number>\d{6,20})(?:\s*\((?P<country>[A-Z][A-Za-z ]+)\))?"
)


# --- Subjects: the data of both file formats in one shape.
#
# Source: https://www.gov.uk/government/publications/uk-sanctions-list-format-guide


class SubjectName(msgspec.Struct, frozen=True, kw_only=True):
    """One name: `parts` from Name 1 to Name 6, its type and its strength, each as printed."""

    parts: tuple[str, ...]
    type: str
    strength: str


class NonLatinName(msgspec.Struct, frozen=True, kw_only=True):
    """One name in another script, with the script and the language, each "" if not given."""

    text: str
    script: str
    language: str


class SubjectAddress(msgspec.Struct, frozen=True, kw_only=True):
    """One address: six lines, of which the last holds the town; each field is "" if not given."""

    lines: tuple[str, ...]
    postal_code: str
    country: str


class IdentityDocument(msgspec.Struct, frozen=True, kw_only=True):
    """One number as printed and the remark on it; either may be ""."""

    kind: str
    number: str
    note: str


class Birthplace(msgspec.Struct, frozen=True, kw_only=True):
    """A town and a country, either of which may be ""."""

    town: str
    country: str


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """One person, entity or ship; texts are as printed, in printed order, without repeats.

    `where` is the place for error messages. `texts` are all columns other than names, addresses
    and documents, each with the `kind` that `TEXTS` gives it (`sanctions_imposed`).
    """

    where: str
    unique_id: str
    type: str
    date_designated: str
    names: tuple[SubjectName, ...]
    non_latin_names: tuple[NonLatinName, ...]
    addresses: tuple[SubjectAddress, ...]
    documents: tuple[IdentityDocument, ...]
    birthplaces: tuple[Birthplace, ...]
    texts: tuple[tuple[str, str], ...]


class SubjectRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What a file prints of a subject, which is not read yet.

    `names` finds what is printed of names where `read` refuses the record.
    """

    unique_id: str
    type: str
    read: Callable[[], Subject]
    names: Callable[[], tuple[str, ...]]


class TextField(msgspec.Struct, frozen=True, kw_only=True):
    """A text of a subject: the kind of its fact, its CSV column, and its path of XML elements."""

    kind: str
    column: str
    path: tuple[str, ...]


def _person(kind: str, column: str, outer: str, inner: str) -> TextField:
    return TextField(
        kind=kind, column=column, path=("IndividualDetails", "Individual", outer, inner)
    )


def _entity(kind: str, column: str, outer: str, inner: str) -> TextField:
    return TextField(kind=kind, column=column, path=("EntityDetails", "Entity", outer, inner))


def _ship(kind: str, column: str, outer: str, inner: str) -> TextField:
    return TextField(kind=kind, column=column, path=("ShipDetails", "Ship", outer, inner))


REGIME, OTHER_INFORMATION, SANCTIONS_IMPOSED = "regime", "other_information", "sanctions_imposed"
TEXTS = (
    TextField(kind="last_updated", column="Last Updated", path=("LastUpdated",)),
    TextField(kind="ofsi_group_id", column="OFSI Group ID", path=("OFSIGroupID",)),
    TextField(
        kind="un_reference_number", column="UN Reference Number", path=("UNReferenceNumber",)
    ),
    TextField(kind="title", column="Title", path=("Titles", "Title")),
    TextField(kind=REGIME, column="Regime Name", path=("RegimeName",)),
    TextField(kind="designation_source", column="Designation source", path=("DesignationSource",)),
    TextField(kind=SANCTIONS_IMPOSED, column="Sanctions Imposed", path=("SanctionsImposed",)),
    TextField(kind=OTHER_INFORMATION, column="Other Information", path=("OtherInformation",)),
    TextField(
        kind="statement_of_reasons",
        column="UK Statement of Reasons",
        path=("UKStatementofReasons",),
    ),
    TextField(kind="phone_number", column="Phone number", path=("PhoneNumbers", "PhoneNumber")),
    TextField(kind="website", column="Website", path=("Websites", "Website")),
    TextField(
        kind="email_address", column="Email address", path=("EmailAddresses", "EmailAddress")
    ),
    _person("date_of_birth", "D.O.B", "DOBs", "DOB"),
    _person("nationality", "Nationality(/ies)", "Nationalities", "Nationality"),
    _person("position", "Position", "Positions", "Position"),
    _person("gender", "Gender", "Genders", "Gender"),
    _entity("type_of_entity", "Type of entity", "TypeOfEntities", "TypeOfEntity"),
    _entity("subsidiary", "Subsidiaries", "Subsidiaries", "Subsidiary"),
    _entity("parent_company", "Parent company", "ParentCompanies", "ParentCompany"),
    _ship(
        "current_owner_or_operator",
        "Current owner/operator (s)",
        "CurrentOwnerOperators",
        "CurrentOwnerOperator",
    ),
    _ship(
        "previous_owner_or_operator",
        "Previous owner/operator (s)",
        "PreviousOwnerOperators",
        "PreviousOwnerOperator",
    ),
    _ship(
        "current_flag",
        "Current believed flag of ship",
        "CurrentBelievedFlagOfShips",
        "CurrentBelievedFlagOfShip",
    ),
    _ship("previous_flag", "Previous flags", "PreviousFlags", "PreviousFlag"),
    _ship("type_of_ship", "Type of ship", "TypeOfShipDetails", "TypeOfShip"),
    _ship("tonnage", "Tonnage of ship", "TonnageOfShipDetails", "TonnageOfShip"),
    _ship("length", "Length of ship", "LengthOfShipDetails", "LengthOfShip"),
    _ship("year_built", "Year Built", "YearsBuilt", "YearBuilt"),
)
"""The plain texts in the order of the CSV columns, which is that of a listing's facts."""

PASSPORT, NATIONAL_IDENTIFIER = "Passport number", "National Identifier number"
BUSINESS_REGISTRATION = "Business registration number"
IMO_NUMBER, HULL_NUMBER = "IMO number", "Hull identification number (HIN)"


# --- Listings.

LIST_CODE = "uk_sl"
SOURCE_URL = "https://sanctionslist.fcdo.gov.uk/"
INFORMATION_URL = "https://www.gov.uk/government/publications/the-uk-sanctions-list"

# Three letters for the regime, and a number: `RUS0001`.
_UNIQUE_ID = re.compile(r"([A-Z]{3})\d{3,5}")
_ENTITY_TYPES: dict[str, EntityType] = {
    "individual": "person",
    "entity": "organisation",
    "ship": "vessel",
}
# Compared without regard to case: the list prints `Primary Name`, `Primary name` and one `ALias`.
# A name without a type was left unclassified.
_NAME_KINDS: dict[str, NameKind] = {
    "primary name": "primary",
    "primary name variation": "alias",
    "alias": "alias",
    "": "alias",
}
_STRENGTHS: dict[str, NameKind | None] = {
    "good quality a.k.a": "alias",
    "low quality a.k.a": "weak_alias",
    "": None,
}
_NON_LATIN = "non-Latin script"
_IMO = re.compile(r"IMO\s*(?=\d)", re.IGNORECASE)
_NOT_FACTS = frozenset({REGIME, OTHER_INFORMATION})


def listing_of(subject: Subject) -> Listing:
    """Return the listing of a subject; its id is "" until `give_ids` sets it.

    The programme is the three letters of the Unique ID, which abbreviate the regime; the
    regulations of the regime are the citation. `countries` are those of the addresses and
    nationalities.
    """
    unique_id = _UNIQUE_ID.fullmatch(subject.unique_id)
    if unique_id is None:
        reason = f"Unique ID: {subject.unique_id!r} is not three letters and a number"
        raise RowRefusedError(subject.where, reason)
    addresses = tuple(_addresses(subject.addresses))
    nationalities = _texts(subject, "nationality")
    codes = [*(address.country for address in addresses), *map(country_code, nationalities)]
    return Listing(
        id="",
        list_code=LIST_CODE,
        names=_names(subject),
        entity_type=_entity_type(subject),
        entry_id=subject.unique_id,
        addresses=addresses,
        countries=tuple(dict.fromkeys(filter(None, codes))),
        identifiers=tuple(dict.fromkeys(_identifiers(subject.documents))),
        programmes=(unique_id[1],),
        citations=_texts(subject, REGIME),
        listed_on=read_day_first(subject.where, "Date Designated", subject.date_designated),
        remarks="\n".join(_texts(subject, OTHER_INFORMATION)) or None,
        facts=tuple(_facts(subject)),
        source_url=SOURCE_URL,
        information_url=INFORMATION_URL,
    )


def rescue(record: SubjectRecord) -> Rescued:
    """Return a subject that cannot be read, by what is printed of its names."""
    unique_id = _UNIQUE_ID.fullmatch(record.unique_id)
    return Rescued(
        names=record.names(),
        list_code=LIST_CODE,
        entry_id=record.unique_id or None,
        entity_type=_ENTITY_TYPES.get(record.type.casefold()),
        programmes=() if unique_id is None else (unique_id[1],),
    )


def registrations(kind: str, printed: str, note: str | None = None) -> Iterator[Identifier]:
    """Yield the numbers in one text, each under its kind.

    `INN: 7720891730 / KPP: 772201001` holds two. `kind` is that of a number that the text gives no
    kind for. A text that is not wholly made of such numbers (`SWIFT/BIC - PBIRIRTH`) is one
    number, as printed.
    """
    text = " ".join(printed.split()).strip("' ")
    found, place = list[Identifier](), 0
    while (match := _NAMED_NUMBER.match(text, place)) is not None:
        found.append(Identifier(kind=match["kind"], value=match["number"], note=note))
        place = match.end()
    if found and place == len(text):
        yield from found
    elif (one := _ONE_NUMBER.fullmatch(text)) is not None:
        country = country_code(one["country"] or "")
        where = None if country else one["country"]
        note = "; ".join(filter(None, (where, note))) or None
        yield Identifier(kind=one["kind"] or kind, value=one["number"], country=country, note=note)
    elif text:
        yield Identifier(kind=kind, value=text, note=note)


def _addresses(printed: Iterable[SubjectAddress]) -> Iterator[Address]:
    for address in printed:
        *street, city = (" ".join(line.split()).strip(" ,") for line in address.lines)
        street_line = ", ".join(filter(None, street))
        parts = (street_line, city, address.postal_code, address.country)
        if text := ", ".join(filter(None, parts)):
            yield Address(
                text=" ".join(text.split()),
                street=street_line or None,
                city=city or None,
                postal_code=address.postal_code or None,
                country=country_code(address.country),
            )


def _texts(subject: Subject, kind: str) -> tuple[str, ...]:
    return tuple(text for word, text in subject.texts if word == kind)


def _names(subject: Subject) -> tuple[Name, ...]:
    """Return the names, the primary one (else the first one) first; a second one is an alias."""
    named = [
        Name(text=text, kind=_kind(subject.where, name))
        for name in subject.names
        if (text := full_name(name.parts))
    ]
    if not named:
        raise RowRefusedError(subject.where, "the subject has no name")
    primary = next((name for name in named if name.kind == "primary"), named[0])
    if primary.kind != "primary" and any(map(_is_primary, subject.names)):
        note_unknown(subject.where, "primary name", "blank", may_hide="name")
    others = [
        Name(text=name.text, kind="alias" if name.kind == "primary" else name.kind)
        for name in named
        if name is not primary
    ]
    return collect_names(primary.text, [*others, *_non_latin(subject)])


def _is_primary(name: SubjectName) -> bool:
    return _NAME_KINDS.get(" ".join(name.type.split()).casefold()) == "primary"


def _kind(where: str, name: SubjectName) -> NameKind:
    kind = _NAME_KINDS.get(" ".join(name.type.split()).casefold())
    if kind is None:
        note_unknown(where, "name type", name.type)
    strength = " ".join(name.strength.split()).casefold().rstrip(".")
    if strength not in _STRENGTHS:
        note_unknown(where, "alias strength", name.strength)
    return kind if kind == "primary" else _STRENGTHS.get(strength) or kind or "alias"


def full_name(parts: Iterable[str]) -> str:
    """Return the parts of a name, from Name 1 to Name 6, as one text."""
    return " ".join(" ".join(parts).split()).strip(" ;,")


def _non_latin(subject: Subject) -> Iterator[Name]:
    for name in subject.non_latin_names:
        language = ", ".join(filter(None, (name.script, name.language)))
        if text := tidy(name.text).strip("،, "):
            yield Name(text=text, kind="alias", language=language or _NON_LATIN)


def _entity_type(subject: Subject) -> EntityType | None:
    entity_type = _ENTITY_TYPES.get(subject.type.casefold())
    if entity_type is None:
        what = "type of designation"
        note_unknown(subject.where, what, subject.type or "blank", may_hide="kind")
    return entity_type


def _identifiers(documents: Iterable[IdentityDocument]) -> Iterator[Identifier]:
    for document in documents:
        note = " ".join(document.note.split()) or None
        if document.kind == PASSPORT and document.number:
            yield Identifier(kind=PASSPORT, value=document.number, note=note)
        elif document.kind == IMO_NUMBER and document.number:
            yield Identifier(kind=IMO_NUMBER, value=_IMO.sub("", document.number).strip())
        else:
            yield from registrations(document.kind, document.number, note)


def _facts(subject: Subject) -> Iterator[Fact]:
    for kind, text in subject.texts:
        if kind == SANCTIONS_IMPOSED:
            yield from (
                Fact(kind=kind, value=sanction.strip())
                for sanction in text.split("|")
                if sanction.strip()
            )
        elif kind not in _NOT_FACTS:
            yield Fact(kind=kind, value=text)
    for place in subject.birthplaces:
        text = ", ".join(filter(None, (place.town, place.country)))
        if text:
            yield Fact(kind="place_of_birth", value=" ".join(text.split()))
    for document in subject.documents:
        if not document.number and document.note:
            yield Fact(kind="document", value=f"{document.kind}: {document.note}")
