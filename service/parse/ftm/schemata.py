"""The FollowTheMoney model as far as it tells of listed parties: its schemata and properties."""

import functools
import re
from collections.abc import Mapping

from service.model.errors import RowRefusedError
from service.model.listing import EntityType

# Source: https://followthemoney.tech/explorer/schemata/ (model 4.10.2), each schema with its own
# properties; those of the schemata it extends come on top.
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
DOCUMENTS = frozenset({"Identification", "Passport"})
# What ties entities together, by the properties that hold its ends.
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
# Schemata of documents, places and dealings that make nobody a listed party. Their own
# properties are not read; their captions stand where a party points to them.
OTHERS = frozenset(
    {"Analyzable", "Article", "Assessment", "Audio", "Call", "CallForTenders", "Concession"}
    | {"Contract", "ContractAward", "CourtCase", "CourtCaseParty", "Document", "EconomicActivity"}
    | {"Email", "Event", "Folder", "HyperText", "Image", "License", "Mention", "Message", "Note"}
    | {"Package", "Page", "Pages", "Payment", "PlainText", "Position", "Post", "Project", "Table"}
    | {"TaxRoll", "Territory", "Transaction", "Trip", "UserAccount", "Video", "Workbook"}
)
# In the nested form a property names what points to the entity; here the property it points with.
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
# Properties that a publisher's issued numbers stand in.
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


def check_known(where: str, schema: str, properties: Mapping[str, object]) -> None:
    """Refuse a schema or a property that this reader does not know, by its name.

    Raises:
        RowRefusedError: the model has grown.
    """
    if schema in OTHERS:
        return
    if schema not in _OWN or schema in {"Thing", "Value", "Interval", "Interest"}:
        raise RowRefusedError(where, f"unknown schema {schema!r}")
    unknown = sorted(properties.keys() - _properties(schema))
    if unknown:
        names = ", ".join(map(repr, unknown))
        raise RowRefusedError(where, f"unknown property {names} of {schema}"[:500])


def entity_type_of(schema: str) -> EntityType | None:
    """Person, organisation, vessel or aircraft; None for what may be two of them, or none."""
    return _ENTITY_TYPES.get(schema)


def fact_kind(name: str) -> str:
    """`birthDate` as `birth_date`, `UnknownLink` as `unknown_link`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


@functools.cache
def _properties(schema: str) -> frozenset[str]:
    own = frozenset(_OWN[schema].split())
    return own.union(*map(_properties, _EXTENDS.get(schema, ())))
