"""Locations of the advanced file: addresses, and the countries that parties are tied to."""

from collections.abc import Iterator

import msgspec

from service.model.listing import Address
from service.parse.elements import ElementRow
from service.parse.us_ofac.advanced.reference import References
from service.parse.us_ofac.entities import address_of

_REGION = "Region: "


class Place(msgspec.Struct, frozen=True):
    """One location: its parts, each behind its kind, and the country's name as printed."""

    parts: tuple[tuple[str, str], ...]
    country: str | None

    @property
    def name(self) -> str:
        """The whole place on one line: of a nationality or a flag, the country alone."""
        return ", ".join((*(value for _, value in self.parts), *filter(None, (self.country,))))

    def address(self, where: str) -> Iterator[Address]:
        """The place as an address, in the shape that the enhanced file gives it.

        Raises:
            RowRefusedError: A part is of an unknown kind.
        """
        yield from address_of(where, self.parts, self.country)


def read_place(row: ElementRow, references: References) -> tuple[str, Place]:
    """The number of a location, and the location.

    Raises:
        RowRefusedError: An element or attribute is missing, unknown or unreadable.
    """
    # the same country once more as a code; alone only where the place is none that has one
    areas = [
        references.word(each.where, "AreaCode", _closed(each, "AreaCodeID"))
        for each in row.rows("LocationAreaCode")
    ]
    countries = [
        references.word(each.where, "Country", _closed(each, "CountryID"))
        for each in row.rows("LocationCountry")
    ]
    parts, names = list[tuple[str, str]](), [*(countries or areas)]
    for kind, value in _parts(row, references):
        if kind is None:
            names.append(value)
        else:
            parts.append((kind, value.removeprefix(_REGION)))
    number = row.take_attribute("ID")
    row.close("FeatureVersionReference")
    return number, Place(tuple(parts), ", ".join(names) or None)


def _parts(row: ElementRow, references: References) -> Iterator[tuple[str | None, str]]:
    """The parts with their kinds, None for one whose kind OFAC does not say: a country's name."""
    for part in row.rows("LocationPart"):
        number = part.take_attribute("LocPartTypeID")
        kind = references.said(part.where, "LocPartType", number)
        for value in part.rows("LocationPartValue"):
            text, comment = value.take("Value"), value.find("Comment")
            value.close("Primary", "LocPartValueTypeID", "LocPartValueStatusID")
            yield kind, " ".join(filter(None, (text, comment)))
        part.close()


def _closed(row: ElementRow, name: str) -> str:
    number = row.take_attribute(name)
    row.close("CountryRelevanceID")
    return number
