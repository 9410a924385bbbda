"""Sanctions entries and relationships of the advanced file: on which list a party is, and why."""

from datetime import date

import msgspec

from service.model.errors import RowRefusedError
from service.parse.elements import ElementRow
from service.parse.us_ofac.advanced.reference import References
from service.parse.us_ofac.advanced.rows import read_day, truth
from service.parse.us_ofac.lists import list_of_name
from service.parse.us_ofac.parties import OnList
from service.parse.us_ofac.said import Said

_CREATED = "Created"
_PROGRAMME = "Program"


class SanctionsEntry(msgspec.Struct, frozen=True, kw_only=True):
    """That a profile is on a list, or only under the roof of the others (`on` is None then)."""

    profile: str
    on: OnList | None
    programmes: tuple[str, ...]
    citations: tuple[str, ...]
    types: tuple[str, ...]


class Relationship(msgspec.Struct, frozen=True):
    """How a profile is linked to another one, in words."""

    profile: str
    other: str
    how: str

    def said(self, other_name: str | None) -> Said:
        """The link to a party of that name; None where the other one is not in the file."""
        whom = f"entry {self.other}" if other_name is None else other_name
        return Said(kind="Linked To:", value=whom, note=f"({self.how})")


def read_entry(row: ElementRow, references: References) -> SanctionsEntry:
    """One entry.

    Raises:
        RowRefusedError: An unknown list, an event that is no listing, a programme without its
            code, or an element or attribute that is missing or unknown.
    """
    printed = references.word(row.where, "List", row.take_attribute("ListID"))
    list_code = list_of_name(row.where, printed)
    days, citations = list[date](), dict[str, None]()
    for event in row.rows("EntryEvent"):
        day, citation = _event(event, references)
        days += [] if day is None else [day]
        citations |= {} if citation is None else {citation: None}
    programmes, types = dict[str, None](), dict[str, None]()
    for measure in row.rows("SanctionsMeasure"):
        kind = references.word(
            measure.where, "SanctionsType", measure.take_attribute("SanctionsTypeID")
        )
        comment = measure.find("Comment")
        measure.close("ID", "DatePeriod")
        if kind == _PROGRAMME:
            if comment is None:
                raise RowRefusedError(measure.where, "the programme has no code")
            programmes[comment] = None
        else:
            types[" ".join(filter(None, (kind, comment)))] = None
    entry = SanctionsEntry(
        profile=row.take_attribute("ProfileID"),
        on=None if list_code is None else OnList(list_code, min(days, default=None)),
        programmes=tuple(programmes),
        citations=tuple(citations),
        types=tuple(types),
    )
    row.close("ID")
    return entry


def read_relationship(row: ElementRow, references: References) -> Relationship:
    """One relationship, of the party that it says something of.

    Raises:
        RowRefusedError: An element or attribute is missing or unknown.
    """
    kind = references.word(row.where, "RelationType", row.take_attribute("RelationTypeID"))
    quality = references.said(row.where, "RelationQuality", row.attribute("RelationQualityID"))
    former = "former" if truth(row, "Former") else None
    how = ", ".join(filter(None, (kind, quality, former, row.find("Comment"))))
    profile, other = row.take_attribute("From-ProfileID"), row.take_attribute("To-ProfileID")
    row.close("ID", "SanctionsEntryID")
    return Relationship(profile, other, how)


def _event(row: ElementRow, references: References) -> tuple[date | None, str | None]:
    """The day, and the law behind it."""
    kind = references.word(row.where, "EntryEventType", row.take_attribute("EntryEventTypeID"))
    if kind != _CREATED:
        raise RowRefusedError(row.where, f"unknown kind of event {kind!r}")
    moment = row.row("Date")
    day = None if moment is None else read_day(moment)
    citation = references.said(row.where, "LegalBasis", row.attribute("LegalBasisID"))
    row.close("ID", "Comment")
    return day, citation
