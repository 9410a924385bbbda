"""Identity documents of the advanced file, which stand apart from the parties that hold them."""

from collections.abc import Mapping

import msgspec

from service.model.listing import Name
from service.parse.elements import ElementRow
from service.parse.us_ofac.advanced.places import Place
from service.parse.us_ofac.advanced.reference import References
from service.parse.us_ofac.advanced.rows import read_dates
from service.parse.us_ofac.said import Said

_ISSUED, _EXPIRES = "Issue Date", "Expiration Date"
_VALID = "Valid"


class Document(msgspec.Struct, frozen=True):
    """A document and the numbers of the identity that holds it and of the name printed on it."""

    identity: str
    bearer: str | None
    said: Said

    def of(self, names: Mapping[str, Name]) -> Said:
        """The document of a party with these names, noting one that is not its primary name."""
        bearer = None if self.bearer is None else names.get(self.bearer)
        if bearer is None or bearer.kind == "primary":
            return self.said
        notes = (f"in the name of {bearer.text}", self.said.note)
        return msgspec.structs.replace(self.said, note="; ".join(filter(None, notes)))


def read_document(
    row: ElementRow, references: References, places: Mapping[str, Place]
) -> Document:
    """One document.

    Raises:
        RowRefusedError: An element or attribute is missing, unknown or unreadable.
    """
    kind = references.word(row.where, "IDRegDocType", row.take_attribute("IDRegDocTypeID"))
    country = references.said(row.where, "Country", row.attribute("IssuedBy-CountryID"))
    validity = references.word(row.where, "Validity", row.take_attribute("ValidityID"))
    location = places.get(row.attribute("IssuedIn-LocationID") or "")
    authority, days = row.find("IssuingAuthority"), _days(row, references)
    notes = (
        None if authority is None else f"issued by {authority}",
        None if location is None else f"issued in {location.name}",
        None if validity == _VALID else "not valid",
        row.find("Comment"),
    )
    reference = row.row("DocumentedNameReference")
    document = Document(
        identity=row.take_attribute("IdentityID"),
        bearer=None if reference is None else reference.take_attribute("DocumentedNameID"),
        said=Said(
            kind=kind,
            value=row.find("IDRegistrationNo") or "",
            country=country,
            issued=days.get(_ISSUED),
            expires=days.get(_EXPIRES),
            note="; ".join(filter(None, notes)) or None,
        ),
    )
    row.close("ID")
    return document


def _days(row: ElementRow, references: References) -> dict[str, str]:
    days = dict[str, str]()
    for each in row.rows("DocumentDate"):
        number = each.take_attribute("IDRegDocDateTypeID")
        kind = references.word(each.where, "IDRegDocDateType", number)
        if (period := read_dates(each)) is not None:
            days[kind] = period
        each.close()
    return days
