"""The columns of the EU's two csv files, and the XML attributes that they stand for."""

from collections.abc import Mapping

import msgspec


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """The columns of one kind of part: `attributes` and `source` name the XML's attributes.

    `document` is a column of numbers with their kinds, `contacts` one of telephones, `owner` one
    that repeats the entry's number, `silent` are columns that say nothing of the party.
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
    """One of the two formats: what its header begins with, and what its columns say."""

    begins: str
    generated: str
    number: str
    reference: str
    remark: str
    subject: tuple[str, ...]
    entity: Mapping[str, str]
    act: Mapping[str, str]
    act_url: str
    groups: tuple[Group, ...]

    @property
    def own(self) -> tuple[str, ...]:
        """The columns of the entry itself and its act, by which rows belong together."""
        named = (*self.entity.values(), *self.act.values(), self.act_url)
        return tuple(dict.fromkeys((*named, self.remark, *self.subject)))

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns of the format, in no order."""
        parts = (name for group in self.groups for name in group.columns)
        return (self.generated, *self.own, *parts)

    def with_names_once(self, text: str) -> str:
        """The file with another name for each column whose name has stood in the header before.

        Format 1.0 calls the second column of each part `Entity_logical_id`, like the entry's own.
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
    """Attributes whose columns are called as they are, but for a capital in front."""
    return {name: f"{name[0].upper()}{name[1:]}" for name in attributes}


def _group(
    prefix: str,
    tag: str,
    names: Mapping[str, str],
    truths: tuple[str, ...] = (),
    contacts: str | None = None,
) -> Group:
    """A group of format 1.1."""
    return Group(
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
) -> Group:
    """A group of format 1.0; `further` are its columns of contacts or of documents."""
    number = f"{prefix}_logical_id"
    single = {} if further is None else _under(prefix, further)
    return Group(
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
