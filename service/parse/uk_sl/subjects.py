"""A subject of the UK Sanctions List: what both of its formats say of it, in one shape.

Source: https://www.gov.uk/government/publications/uk-sanctions-list-format-guide
"""

import msgspec


class SubjectName(msgspec.Struct, frozen=True, kw_only=True):
    """One name: `parts` as printed from Name 1 to Name 6, its type and strength as printed."""

    parts: tuple[str, ...]
    type: str
    strength: str


class NonLatinName(msgspec.Struct, frozen=True, kw_only=True):
    """One name in another script, with the script and the language, each "" if not said."""

    text: str
    script: str
    language: str


class SubjectAddress(msgspec.Struct, frozen=True, kw_only=True):
    """One address: six lines, of which the last holds the town; each "" if not said."""

    lines: tuple[str, ...]
    postal_code: str
    country: str


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """One number as printed and what is said of it; either may be ""."""

    kind: str
    number: str
    note: str


class Birthplace(msgspec.Struct, frozen=True, kw_only=True):
    """A town and a country, either of which may be ""."""

    town: str
    country: str


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """One person, entity or ship, whole; texts as printed, in printed order, without repeats.

    `where` is the place in refusals. `texts` are all columns that are neither a name nor an
    address nor a document, by our word for them (`sanctions_imposed`): see `TEXTS`.
    """

    where: str
    unique_id: str
    type: str
    date_designated: str
    names: tuple[SubjectName, ...]
    non_latin_names: tuple[NonLatinName, ...]
    addresses: tuple[SubjectAddress, ...]
    documents: tuple[Document, ...]
    birthplaces: tuple[Birthplace, ...]
    texts: tuple[tuple[str, str], ...]


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """A text of a subject: our word for it, its CSV column, and its XML elements from above."""

    kind: str
    column: str
    path: tuple[str, ...]


def _person(kind: str, column: str, outer: str, inner: str) -> Text:
    return Text(kind=kind, column=column, path=("IndividualDetails", "Individual", outer, inner))


def _entity(kind: str, column: str, outer: str, inner: str) -> Text:
    return Text(kind=kind, column=column, path=("EntityDetails", "Entity", outer, inner))


def _ship(kind: str, column: str, outer: str, inner: str) -> Text:
    return Text(kind=kind, column=column, path=("ShipDetails", "Ship", outer, inner))


REGIME, OTHER_INFORMATION, SANCTIONS_IMPOSED = "regime", "other_information", "sanctions_imposed"
TEXTS = (
    Text(kind="last_updated", column="Last Updated", path=("LastUpdated",)),
    Text(kind="ofsi_group_id", column="OFSI Group ID", path=("OFSIGroupID",)),
    Text(kind="un_reference_number", column="UN Reference Number", path=("UNReferenceNumber",)),
    Text(kind="title", column="Title", path=("Titles", "Title")),
    Text(kind=REGIME, column="Regime Name", path=("RegimeName",)),
    Text(kind="designation_source", column="Designation source", path=("DesignationSource",)),
    Text(kind=SANCTIONS_IMPOSED, column="Sanctions Imposed", path=("SanctionsImposed",)),
    Text(kind=OTHER_INFORMATION, column="Other Information", path=("OtherInformation",)),
    Text(
        kind="statement_of_reasons",
        column="UK Statement of Reasons",
        path=("UKStatementofReasons",),
    ),
    Text(kind="phone_number", column="Phone number", path=("PhoneNumbers", "PhoneNumber")),
    Text(kind="website", column="Website", path=("Websites", "Website")),
    Text(kind="email_address", column="Email address", path=("EmailAddresses", "EmailAddress")),
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
