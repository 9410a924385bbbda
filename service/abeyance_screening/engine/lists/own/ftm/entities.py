"""Read FollowTheMoney entities, one a line, either flat or with other entities inside."""

import contextlib
import functools
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import IO, Literal

import msgspec
from msgspec import UNSET, UnsetType

from abeyance_screening.engine.lists.edition import MayHide
from abeyance_screening.engine.lists.listing import EntityType, NameKind
from abeyance_screening.engine.lists.reading.records import (
    doubles,
    filled,
    read_struct,
    refusal_of,
    texts_under,
)
from abeyance_screening.engine.lists.reading.texts import check_text, lines_of
from abeyance_screening.engine.lists.reading.unknown_parts import (
    may_hide_in,
    note_unknown,
    notes_are_taken,
)
from abeyance_screening.primitives.errors import RowRefusedError

# --- The part of the FollowTheMoney model that concerns listed parties.

# Source: https://followthemoney.tech/explorer/schemata/ (model 4.10.2). Each schema has these
# properties and those of the schemata it extends.
_OWN: Mapping[str, str] = {
    "Thing": "name alias previousName weakAlias country summary notes description sourceUrl "
    "publisher publisherUrl alephUrl wikipediaUrl wikidataId keywords topics address "
    "addressEntity riskSource program programId proof indexText createdAt modifiedAt retrievedAt",
    "Value": "amount currency amountUsd amountEur",
    "Interval": "startDate endDate date summary description recordId sourceUrl proof publisher "
    "publisherUrl alephUrl namesMentioned indexText modifiedAt retrievedAt",
    "Interest": "role status",
    "LegalEntity": "abbreviation brightQueryId brightQueryOrgId okvedCode sayariId "
    "email phone website legalForm incorporationDate dissolutionDate taxStatus "
    "status sector classification registrationNumber idNumber taxNumber licenseNumber vatCode "
    "jurisdiction mainCountry opencorporatesUrl bvdId uscCode icijId okpoCode innCode ogrnCode "
    "leiCode dunsCode uniqueEntityId npiCode swiftBic parent",
    "Person": "biography title "
    "firstName secondName middleName fatherName motherName lastName nameSuffix "
    "birthDate birthPlace birthCountry deathDate position nationality citizenship passportNumber "
    "socialSecurityNumber gender ethnicity height weight eyeColor hairColor appearance religion "
    "political profession education spokenLanguage",
    "Organization": "cageCode permId imoNumber giiNumber",
    "Company": "capital voenCode coatoCode irsCode ipoCode cikCode jibCode mbsCode caemCode "
    "kppCode okvedCode okopfCode fnsCode fssCode bikCode pfrNumber oksmCode isinCode ticker "
    "ricCode",
    "PublicBody": "",
    "Asset": "",
    "Vehicle": "registrationNumber type model owner operator buildDate registrationDate "
    "deregistrationDate",
    "Vessel": "imoNumber crsNumber flag registrationPort navigationArea tonnage "
    "grossRegisteredTonnage deadweightTonnage nameChangeDate callSign pastFlags pastTypes mmsi",
    "Airplane": "serialNumber icaoCode manufacturer",
    "Security": "isin registrationNumber ticker figiCode issuer issueDate maturityDate type "
    "classification collateral",
    "CryptoWallet": "publicKey privateKey creationDate currencySymbol managingExchange holder "
    "balance balanceDate accountId blockchain cryptoAddress custodyType",
    "BankAccount": "bankName accountNumber iban bic bank accountType openingDate closingDate "
    "balance balanceDate maxBalance maxBalanceDate bankAddress",
    "RealEstate": "latitude longitude censusBlock cadastralCode area registrationNumber "
    "titleNumber parent tenure encumbrance propertyType landType createDate",
    "Land": "",
    "Address": "full remarks postOfficeBox street street2 city postalCode region state latitude "
    "longitude osmId googlePlaceId",
    "Identification": "holder type country number authority",
    "Passport": "passportNumber surname givenName birthDate birthPlace gender personalNumber",
    "Sanction": "entity authority authorityId unscId program programId programUrl provisions "
    "status duration reason country listingDate",
    "Risk": "entity authority program programId programUrl topics "
    "status duration reason country listingDate",
    "Ownership": "owner asset percentage sharesCount sharesValue sharesCurrency sharesType "
    "legalBasis ownershipType",
    "Control": "controller controlled controlType legalBasis",
    "Directorship": "director organization secretary",
    "Membership": "member organization",
    "Employment": "employer employee",
    "Representation": "agent client",
    "Family": "person relative relationship",
    "Associate": "person associate relationship",
    "UnknownLink": "subject object",
    "Succession": "predecessor successor",
    "Occupancy": "holder post declarationDate electionDate periodStart periodEnd constituency "
    "politicalGroup status",
    "Debt": "debtor creditor",
    "Documentation": "document entity",
    "ProjectParticipant": "project participant",
    "Similar": "candidate match confidenceScore criteria matcher",
}
_EXTENDS: Mapping[str, tuple[str, ...]] = {
    "LegalEntity": ("Thing",),
    "Person": ("LegalEntity",),
    "Organization": ("LegalEntity",),
    "Company": ("Organization", "Asset"),
    "PublicBody": ("Organization",),
    "Asset": ("Thing", "Value"),
    "Vehicle": ("Asset",),
    "Vessel": ("Vehicle",),
    "Airplane": ("Vehicle",),
    "Security": ("Asset",),
    "CryptoWallet": ("Thing", "Value"),
    "BankAccount": ("Asset",),
    "RealEstate": ("Asset",),
    "Land": ("RealEstate",),
    "Address": ("Thing",),
    "Passport": ("Identification",),
    "Debt": ("Interval", "Value"),
    **dict.fromkeys(("Identification", "Sanction", "Risk", "Family", "Associate"), ("Interval",)),
    **dict.fromkeys(("Occupancy", "Interest", "Similar"), ("Interval",)),
    **dict.fromkeys(
        ("Ownership", "Control", "Directorship", "Membership", "Employment", "Representation"),
        ("Interest",),
    ),
    **dict.fromkeys(
        ("UnknownLink", "Succession", "Documentation", "ProjectParticipant"), ("Interest",)
    ),
}
PARTIES = frozenset(
    {"Person", "LegalEntity", "Organization", "Company", "PublicBody", "Asset", "Vehicle"}
    | {"Vessel", "Airplane", "Security", "CryptoWallet", "BankAccount", "RealEstate", "Land"}
)
_ABSTRACT = frozenset({"Thing", "Value", "Interval", "Interest"})
DOCUMENTS = frozenset({"Identification", "Passport"})
# Schemata that link entities, with the properties that hold the ids at their ends.
ENDS: Mapping[str, tuple[str, ...]] = {
    "Sanction": ("entity",),
    "Risk": ("entity",),
    "Identification": ("holder",),
    "Passport": ("holder",),
    "Ownership": ("owner", "asset"),
    "Control": ("controller", "controlled"),
    "Directorship": ("director", "organization"),
    "Membership": ("member", "organization"),
    "Employment": ("employer", "employee"),
    "Representation": ("agent", "client"),
    "Family": ("person", "relative"),
    "Associate": ("person", "associate"),
    "UnknownLink": ("subject", "object"),
    "Succession": ("predecessor", "successor"),
    "Occupancy": ("holder", "post"),
    "Debt": ("debtor", "creditor"),
    "Documentation": ("document", "entity"),
    "ProjectParticipant": ("project", "participant"),
    "Similar": ("candidate", "match"),
}
# Schemata of documents, places and dealings, which are never listed parties. Their properties
# are not read; their captions are shown where a party points to them.
OTHERS = frozenset(
    {"Analyzable", "Article", "Assessment", "Audio", "Call", "CallForTenders", "Concession"}
    | {"Contract", "ContractAward", "CourtCase", "CourtCaseParty", "Document", "EconomicActivity"}
    | {"Email", "Event", "Folder", "HyperText", "Image", "License", "Mention", "Message", "Note"}
    | {"Package", "Page", "Pages", "Payment", "PlainText", "Position", "Post", "Project", "Table"}
    | {"TaxRoll", "Territory", "Transaction", "Trip", "UserAccount", "Video", "Workbook"}
)
# In the nested form an entity has a property for the entities that point to it. The values are
# the properties with which they point.
REVERSED: Mapping[str, str] = {
    "sanctions": "entity",
    "risks": "entity",
    "identification": "holder",
    "passports": "holder",
    "positionOccupancies": "holder",
    "cryptoWallets": "holder",
    "ownershipOwner": "owner",
    "ownershipAsset": "asset",
    "controlledEntities": "controller",
    "controllingEntities": "controlled",
    "directorshipDirector": "director",
    "directorshipOrganization": "organization",
    "membershipMember": "member",
    "membershipOrganization": "organization",
    "employees": "employer",
    "employers": "employee",
    "agencyClient": "agent",
    "agentRepresentation": "client",
    "familyPerson": "person",
    "familyRelative": "relative",
    "associates": "person",
    "associations": "associate",
    "unknownLinkTo": "subject",
    "unknownLinkFrom": "object",
    "successors": "predecessor",
    "predecessors": "successor",
    "debtDebtor": "debtor",
    "debtCreditor": "creditor",
    "documentedBy": "entity",
    "relatedEntities": "document",
    "projectParticipation": "participant",
    "participants": "project",
    "candidateSimilars": "candidate",
    "matchSimilars": "match",
    "subsidiaries": "parent",
    "subunits": "parent",
    "ownedVehicles": "owner",
    "operatedVehicles": "operator",
    "securities": "issuer",
    "bankAccounts": "bank",
    "images": "pictured",
    "noteEntities": "entity",
    "courtCase": "party",
    "eventsInvolved": "involved",
    "eventsOrganized": "organizer",
    "taxRolls": "taxee",
    "userAccounts": "owner",
    "contractAuthority": "authority",
    "contractAwardSupplier": "supplier",
    "paymentPayer": "payer",
    "paymentBeneficiary": "beneficiary",
    "mentionedBy": "resolved",
    "things": "addressEntity",
}
# Properties of parties that hold another entity's id.
POINTERS = frozenset(
    {"parent", "owner", "operator", "issuer", "holder", "bank", "proof", "addressEntity"}
    | {"riskSource"}
)
# Properties that hold names, with their kinds; the model keeps the weak ones from being matched.
NAMES: Mapping[str, NameKind] = {
    "name": "alias",
    "alias": "alias",
    "weakAlias": "weak_alias",
    "abbreviation": "weak_alias",
    "previousName": "former",
}
# Properties that hold issued numbers.
NUMBERS = frozenset(
    {"registrationNumber", "idNumber", "taxNumber", "licenseNumber", "vatCode", "bvdId", "uscCode"}
    | {"icijId", "okpoCode", "innCode", "ogrnCode", "leiCode", "dunsCode", "uniqueEntityId"}
    | {"npiCode", "swiftBic", "passportNumber", "socialSecurityNumber", "cageCode", "permId"}
    | {"imoNumber", "giiNumber", "voenCode", "irsCode", "ipoCode", "cikCode", "jibCode", "mbsCode"}
    | {"kppCode", "fnsCode", "fssCode", "bikCode", "pfrNumber", "isinCode", "isin", "ticker"}
    | {"ricCode", "figiCode", "crsNumber", "callSign", "mmsi", "serialNumber", "publicKey"}
    | {"cryptoAddress", "brightQueryId", "brightQueryOrgId", "sayariId", "okvedCode"}
    | {"accountNumber", "accountId", "iban", "bic", "cadastralCode", "titleNumber", "wikidataId"}
)
_ENTITY_TYPES: Mapping[str, EntityType] = {
    "Person": "person",
    "Organization": "organisation",
    "Company": "organisation",
    "PublicBody": "organisation",
    "Vessel": "vessel",
    "Airplane": "aircraft",
}


# A field with an id or names, in a line that is not JSON.
_LITERAL = re.compile(r'"(?:[^"\\]|\\.)*+"')
_NAMED = re.compile(
    rf'"(?P<field>id|caption|{"|".join(NAMES)})"\s*+:'
    rf"(?P<values>\s*+\[?(?:\s*+{_LITERAL.pattern}\s*+,?)*+)"
)


# --- Entities and changes.

Operation = Literal["ADD", "MOD", "DEL"]


class FtmUnknown(msgspec.Struct, frozen=True):
    """A part of an entity that this reader does not know, as it is noted."""

    what: str
    value: str
    may_hide: MayHide | None


class FtmEntity(msgspec.Struct, frozen=True, kw_only=True):
    """One entity; `properties` holds texts, or ids where a property points to other entities.

    `target` is whether the publisher lists the entity, None where the file does not state it.
    `unknown` are the parts that are not known. Of an entity with a `fault`, which says why it
    cannot be read, there are only its names.
    """

    id: str
    schema: str
    caption: str | None
    datasets: tuple[str, ...]
    referents: tuple[str, ...]
    target: bool | None
    properties: dict[str, tuple[str, ...]]
    unknown: tuple[FtmUnknown, ...] = ()
    fault: str | None = None

    @property
    def is_party(self) -> bool:
        """Whether the entity is of a kind that may be listed, as far as its schema can be read."""
        return self.schema in PARTIES or self.fault is not None

    def values(self, name: str) -> tuple[str, ...]:
        """Return the values of a property in printed order."""
        return self.properties.get(name, ())


class FtmChange(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a delta; `entity` is the whole entity that it adds or changes, else None."""

    where: str
    operation: Operation
    id: str
    entity: FtmEntity | None


class _Entity(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An entity as printed, with other entities inside its properties, still as decoded.

    The days on which the publisher saw and changed an entity say nothing of the party, and may
    change when nothing else does; they are accepted and ignored.
    """

    id: str
    schema: str
    properties: dict[str, tuple[str | dict[str, object], ...]]
    caption: str | None = None
    datasets: tuple[str, ...] = ()
    referents: tuple[str, ...] = ()
    target: bool | None = None
    first_seen: str | None = None
    last_seen: str | None = None
    last_change: str | None = None


class _PlainEntity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entity as most are printed: whole, of known fields, and with none inside it."""

    id: str
    schema: str
    properties: dict[str, tuple[str, ...]]
    caption: str | UnsetType = UNSET
    datasets: tuple[str, ...] | UnsetType = UNSET
    referents: tuple[str, ...] | UnsetType = UNSET
    target: bool | UnsetType = UNSET
    first_seen: str | UnsetType = UNSET
    last_seen: str | UnsetType = UNSET
    last_change: str | UnsetType = UNSET

    @property
    def field_count(self) -> int:
        """How many fields are printed, those of the properties included."""
        optional = (
            *(self.caption, self.datasets, self.referents, self.target),
            *(self.first_seen, self.last_seen, self.last_change),
        )
        return 3 + len(self.properties) + sum(each is not UNSET for each in optional)


class _EntityChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    op: Operation
    entity: dict[str, object]


class _Deletion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str


def entity_type_of(schema: str) -> EntityType | None:
    """Return the entity type of a schema; None for one that may have several types or none."""
    return _ENTITY_TYPES.get(schema)


def ends_of(entity: FtmEntity, schema: str | None = None) -> tuple[str, ...]:
    """Return the ids that a link or document points to, by its own schema or another."""
    ends = ENDS.get(schema or entity.schema, ())
    return tuple(dict.fromkeys(other for end in ends for other in entity.values(end)))


@functools.cache
def fact_kind(name: str) -> str:
    """Return `birthDate` as `birth_date`, `UnknownLink` as `unknown_link`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def read_changes(list_code: str, file: IO[bytes]) -> tuple[FtmChange, ...]:
    """Return the changes of a delta in printed order."""
    changes, lines = list[FtmChange](), dict[str, str]()
    for printed in lines_in(list_code, file):
        where, line = printed.where, printed.text
        envelope = read_struct(where, _decode(where, line), _EntityChange)
        entity = None
        if envelope.op == "DEL":
            changed = read_struct(where, envelope.entity, _Deletion).id
        else:
            entity, *inner = _read_line(where, line, envelope.entity)
            if inner:
                raise RowRefusedError(where, "an entity is inside another one")
            changed = entity.id
        _check_new(where, changed, lines)
        changes.append(FtmChange(where=where, operation=envelope.op, id=changed, entity=entity))
    return tuple(changes)


def is_known_schema(schema: str) -> bool:
    """Return whether this reader knows a schema that an entity may have."""
    return schema in OTHERS or schema in _OWN.keys() - _ABSTRACT


class FtmLine(msgspec.Struct, frozen=True, gc=False):
    """A line that is not blank: its number, where it begins in the file, and its text."""

    number: int
    start: int
    text: str
    is_last: bool

    @property
    def where(self) -> str:
        """The place of the line, as refusals name it."""
        return f"line {self.number}"


def lines_in(list_code: str, file: IO[bytes]) -> Iterator[FtmLine]:
    """Yield the filled lines of a file; between two of them it may be read elsewhere."""
    check_text(list_code, file)
    before: FtmLine | None = None
    for number, start, line in lines_of(file):
        text = line.decode()
        if text.strip():
            if before is not None:
                yield before
            before = FtmLine(number, start, text, is_last=False)
    if before is not None:
        yield msgspec.structs.replace(before, is_last=True)


def _decode(where: str, line: str) -> dict[str, object]:
    try:
        return msgspec.json.decode(line, type=dict[str, object])
    except (ValueError, RecursionError) as error:
        raise RowRefusedError(where, f"not readable as JSON: {error}") from None


def entities_on(where: str, line: str, *, is_last: bool) -> list[FtmEntity]:
    """Return the entity of a line, then those inside it."""
    plain = _plain_entity(line)
    if plain is not None:
        return [plain]
    try:
        record = _decode(where, line)
    except RowRefusedError as error:
        if is_last or not notes_are_taken():
            raise
        return [_faulty(where, _scraps(line), error)]
    return _read_line(where, line, record)


_FIELD = re.compile(r'"\s*:')
_decode_plain = msgspec.json.Decoder(_PlainEntity).decode


def _plain_entity(line: str) -> FtmEntity | None:
    """Return an entity of which all is known, in a third of the time; None for others."""
    try:
        printed = _decode_plain(line)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    # a text may hold what looks like the end of a field's name; there are more of them then
    is_once = len(_FIELD.findall(line)) == printed.field_count
    is_known = printed.schema in _OWN and printed.properties.keys() <= _properties(printed.schema)
    is_plain = printed.schema in OTHERS or (is_known and printed.schema not in _ABSTRACT)
    if not (is_once and is_plain and printed.id and printed.id == printed.id.strip()):
        return None
    if not REVERSED.keys().isdisjoint(printed.properties):
        return None
    return FtmEntity(
        id=printed.id,
        schema=printed.schema,
        caption=None if printed.caption is UNSET else printed.caption,
        datasets=() if printed.datasets is UNSET else printed.datasets,
        referents=() if printed.referents is UNSET else printed.referents,
        target=None if printed.target is UNSET else printed.target,
        properties={name: filled(texts) for name, texts in printed.properties.items()},
    )


def _scraps(line: str) -> dict[str, object]:
    """Return the id, the caption and the names of an entity whose line is not JSON."""
    texts = defaultdict[str, list[str]](list)
    for found in _NAMED.finditer(line):
        for literal in _LITERAL.finditer(found["values"]):
            with contextlib.suppress(ValueError):
                texts[found["field"]].append(msgspec.json.decode(literal[0], type=str))
    scraps: dict[str, object] = {key: texts.pop(key)[0] for key in ("id", "caption") if texts[key]}
    return {**scraps, "properties": {name: texts[name] for name in NAMES}}


def _read_line(where: str, line: str, record: dict[str, object]) -> list[FtmEntity]:
    """Return the entity of a line, then those inside it."""
    try:
        found = list(_flat(where, record))
        # msgspec silently takes the last of two fields with the same name
        json.loads(line, object_pairs_hook=partial(_check_once, where))
        _check_id(where, found[0].id)
    except RowRefusedError as error:
        if not notes_are_taken():
            raise
        return [_faulty(where, record, error)]
    except RecursionError as error:
        raise RowRefusedError(where, f"not readable as JSON: {error}") from None
    return found


def _faulty(where: str, record: dict[str, object], error: RowRefusedError) -> FtmEntity:
    """Return what can be read of an entity that is not as it should be."""
    entity_id, target = record.get("id"), record.get("target")
    names = texts_under(record.get("properties"), *NAMES)
    return FtmEntity(
        id=entity_id if isinstance(entity_id, str) and entity_id.strip() else where,
        schema="",
        caption=next(iter(texts_under(record, "caption")), None),
        datasets=(),
        referents=(),
        target=target if isinstance(target, bool) else None,
        properties={"name": filled(names)},
        fault=str(error),
    )


def _check_once(where: str, pairs: list[tuple[str, object]]) -> None:
    twice = doubles(name for name, _ in pairs)
    if twice:
        raise RowRefusedError(where, f"field {twice[0]!r} appears twice")


def _check_id(where: str, entity_id: str) -> None:
    if not entity_id or entity_id != entity_id.strip():
        raise RowRefusedError(where, f"id {entity_id!r} is blank, or has spaces around it")


def _check_new(where: str, entity_id: str, lines: dict[str, str]) -> None:
    if entity_id in lines:
        reason = f"id {entity_id!r} is already used in {lines[entity_id]}"
        raise RowRefusedError(where, reason)
    lines[entity_id] = where


def _flat(where: str, record: dict[str, object]) -> Iterator[FtmEntity]:
    """Yield the entity, then those inside it, each with ids in place of entities."""
    known = {name: value for name, value in record.items() if name in _Entity.__struct_fields__}
    try:
        printed = msgspec.convert(known, _Entity)
    except msgspec.ValidationError as error:
        raise refusal_of(error, _Entity, where) from None
    place = f"{where}, {printed.id}"
    properties = dict[str, tuple[str, ...]]()
    inner = list[tuple[list[FtmEntity], str | None]]()
    for name, values in printed.properties.items():
        nested = [list(_flat(place, value)) for value in values if not isinstance(value, str)]
        back = REVERSED.get(name)
        inner += [(each, back) for each in nested]
        if back is None or len(nested) < len(values):
            ids = iter(each[0].id for each in nested)
            properties[name] = filled(
                value if isinstance(value, str) else next(ids) for value in values
            )
    entity = FtmEntity(
        id=printed.id,
        schema=printed.schema,
        caption=printed.caption,
        datasets=printed.datasets,
        referents=printed.referents,
        target=printed.target,
        properties=properties,
    )
    unknown = [
        FtmUnknown(f"field {name!r}", _text(record[name]), may_hide_in(name))
        for name in record.keys() - known.keys()
    ]
    if not is_known_schema(printed.schema):
        unknown.append(FtmUnknown("schema", printed.schema, "kind"))
    yield _with_unknown(place, entity, unknown, properties)
    for (first, *deeper), back in inner:
        yield first if back is None else _pointing(place, first, back, printed.id)
        yield from deeper


def _with_unknown(
    where: str,
    entity: FtmEntity,
    unknown: Sequence[FtmUnknown],
    properties: Mapping[str, tuple[str, ...]],
) -> FtmEntity:
    """Return an entity with its unknown parts, among them unknown ones of these properties."""
    known = _properties(entity.schema) if entity.schema in _OWN else properties.keys()
    names = sorted(properties.keys() - known)
    parts = (
        *unknown,
        *(
            FtmUnknown(
                f"property {name!r} of {entity.schema}",
                "; ".join(properties[name]),
                may_hide_in(name),
            )
            for name in names
        ),
    )
    if not parts:
        return entity
    if not notes_are_taken():
        for part in parts:
            note_unknown(where, part.what, part.value)
    # what a link holds is shown with its party, whether it is known or not
    dropped = names if entity.is_party else ()
    kept = {name: texts for name, texts in entity.properties.items() if name not in dropped}
    return msgspec.structs.replace(entity, properties=kept, unknown=(*entity.unknown, *parts))


def _text(value: object) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _pointing(where: str, entity: FtmEntity, name: str, other: str) -> FtmEntity:
    """Return the entity with a pointer to the one it was inside."""
    pointer = {name: filled((*entity.values(name), other))}
    pointing = msgspec.structs.replace(entity, properties={**entity.properties, **pointer})
    return _with_unknown(f"{where}, {entity.id}", pointing, (), pointer)


def merged(where: str, one: FtmEntity, other: FtmEntity) -> FtmEntity:
    """Return one entity with the data of two entities that have the same id."""
    unknown = (*one.unknown, *other.unknown)
    fault = one.fault or other.fault
    if one.schema != other.schema and fault is None:
        refuse_other_schema(where, one.schema, other)
        reason = _other_schema(one.schema, other)
        unknown = (*unknown, FtmUnknown("second schema of an entity", reason, "kind"))
    texts = defaultdict[str, list[str]](list)
    for entity in (one, other):
        for name, values in entity.properties.items():
            texts[name] += values
    return msgspec.structs.replace(
        one,
        caption=one.caption or other.caption,
        datasets=filled((*one.datasets, *other.datasets)),
        referents=filled((*one.referents, *other.referents)),
        target=other.target if one.target is None else one.target or other.target,
        properties={name: filled(values) for name, values in texts.items()},
        unknown=tuple(dict.fromkeys(unknown)),
        fault=fault,
    )


def refuse_other_schema(where: str, schema: str, entity: FtmEntity) -> None:
    """Refuse an entity that has another schema above, where nobody takes notes."""
    if entity.schema != schema and not notes_are_taken():
        raise RowRefusedError(where, _other_schema(schema, entity))


def _other_schema(schema: str, entity: FtmEntity) -> str:
    return f"{entity.id!r} is {entity.schema} here and {schema} above"


@functools.cache
def _properties(schema: str) -> frozenset[str]:
    own = frozenset(_OWN[schema].split())
    return own.union(*map(_properties, _EXTENDS.get(schema, ())))
