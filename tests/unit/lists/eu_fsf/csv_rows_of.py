"""Entries of the EU's XML file as rows of its csv file in format 1.1, as the Commission prints it.

The header is the published one, column by column; each part of an entry has a row of its own, with
the entry and the act that it stands under in front.
"""

import csv
import io
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

_ACT = (
    *("Regulation_Type", "Regulation_OrganisationType", "Regulation_PublicationDate"),
    *("Regulation_EntryIntoForceDate", "Regulation_NumberTitle", "Regulation_Programme"),
    "Regulation_PublicationUrl",
)
_LAST = ("LogicalId", "RegulationLanguage", "Remark", *_ACT)
_COLUMNS = {
    "Entity": (
        *("LogicalId", "EU_ReferenceNumber", "UnitedNationId", "DesignationDate"),
        *("DesignationDetails", "Remark", "SubjectType", "SubjectType_ClassificationCode"),
        *_ACT,
    ),
    "NameAlias": (
        *("LastName", "FirstName", "MiddleName", "WholeName", "NameLanguage", "Gender", "Title"),
        *("Function", *_LAST),
    ),
    "Address": (
        *("City", "Street", "PoBox", "ZipCode", "Region", "Place", "AsAtListingTime"),
        *("ContactInfo", "CountryIso2Code", "CountryDescription", *_LAST),
    ),
    "BirthDate": (
        *("BirthDate", "Day", "Month", "Year", "YearRangeFrom", "YearRangeTo", "Circa"),
        *("CalendarType", "ZipCode", "Region", "Place", "City", "CountryIso2Code"),
        *("CountryDescription", *_LAST),
    ),
    "Identification": (
        *("Number", "Diplomatic", "KnownExpired", "KnownFalse", "ReportedLost"),
        *("RevokedByIssuer", "IssuedBy", "IssuedDate", "ValidFrom", "ValidTo", "LatinNumber"),
        *("NameOnDocument", "TypeCode", "TypeDescription", "Region", "CountryIso2Code"),
        *("CountryDescription", *_LAST),
    ),
    "Citizenship": ("Region", "CountryIso2Code", "CountryDescription", *_LAST),
}
HEADER = (
    "fileGenerationDate",
    *(f"{prefix}_{name}" for prefix, names in _COLUMNS.items() for name in names),
)
# Columns that are not called as the XML's attribute is.
_RENAMED = {
    "EU_ReferenceNumber": "euReferenceNumber",
    "Day": "dayOfMonth",
    "Month": "monthOfYear",
    "BirthDate": "birthdate",
    "IssuedDate": "issueDate",
    "TypeCode": "identificationTypeCode",
    "TypeDescription": "identificationTypeDescription",
    "Type": "regulationType",
}
_TAGS = {
    "nameAlias": "NameAlias",
    "address": "Address",
    "birthdate": "BirthDate",
    "identification": "Identification",
    "citizenship": "Citizenship",
}


def csv_of(xml: bytes, *, day: str = "18/03/2022", **changed: str) -> bytes:
    """The file as csv; `changed` are cells of every row that say something else."""
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, HEADER, restval="", delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    for entry in fromstring(xml):
        for row in _rows(entry):
            writer.writerow({"fileGenerationDate": day, **row, **changed})
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def csv_row(**cells: str) -> bytes:
    """A file of one row, of a company called Acme but for the cells given."""
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, HEADER, restval="", delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerow(
        {
            "fileGenerationDate": "18/03/2022",
            "Entity_LogicalId": "1",
            "Entity_EU_ReferenceNumber": "EU.1.1",
            "Entity_SubjectType": "E",
            "Entity_SubjectType_ClassificationCode": "enterprise",
            "Entity_Regulation_Type": "amendment",
            "Entity_Regulation_NumberTitle": "2020/716 (OJ L168)",
            "Entity_Regulation_Programme": "SYR",
            "NameAlias_WholeName": "Acme",
            "NameAlias_LogicalId": "2",
            **cells,
        }
    )
    return stream.getvalue().encode()


def _rows(entry: Element) -> Iterator[dict[str, str]]:
    own = {
        **_cells("Entity", entry),
        "Entity_Remark": _remarks(entry),
        "Entity_SubjectType": _child(entry, "subjectType").get("classificationCode", ""),
        "Entity_SubjectType_ClassificationCode": _child(entry, "subjectType").get("code", ""),
    }
    acts = [each for each in entry if _tag(each) == "regulation"]
    for act in acts:
        printed = _cells("Entity_Regulation", act, [name.split("_", 1)[1] for name in _ACT])
        url = " ".join((each.text or "").strip() for each in act)
        front = own | printed | {"Entity_Regulation_PublicationUrl": url}
        for part in entry:
            if _tag(part) in _TAGS:
                yield front | _part(_TAGS[_tag(part)], part)


def _part(prefix: str, part: Element) -> dict[str, str]:
    cells = _cells(prefix, part) | {f"{prefix}_Remark": _remarks(part)}
    contacts = [each for each in part if _tag(each) == "contactInfo"]
    if contacts:
        lines = (f"{each.get('key')}[{each.get('value')}]" for each in contacts)
        cells["Address_ContactInfo"] = r"\n".join(lines)
    for source in part:
        if _tag(source) == "regulationSummary":
            names = [name.split("_", 1)[1] for name in _ACT]
            cells |= _cells(f"{prefix}_Regulation", source, names)
    return cells


def _cells(prefix: str, element: Element, names: object = None) -> dict[str, str]:
    wanted = _COLUMNS[prefix] if names is None else names
    assert isinstance(wanted, (tuple, list))
    return {f"{prefix}_{name}": element.get(_attribute(name), "") for name in wanted}


def _attribute(name: str) -> str:
    return _RENAMED.get(name, f"{name[0].lower()}{name[1:]}")


def _remarks(element: Element) -> str:
    texts = ((each.text or "").strip() for each in element if _tag(each) == "remark")
    return r"\n".join(f"({' '.join(text.split())})" for text in texts)


def _child(element: Element, tag: str) -> Element:
    return next(each for each in element if _tag(each) == tag)


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2]
