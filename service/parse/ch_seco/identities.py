"""The identities of a target of the Swiss list: names, births, addresses, documents."""

from collections.abc import Iterator
from datetime import date

import msgspec

from service.model.errors import RowRefusedError
from service.model.listing import Address, Fact, Identifier, Name
from service.parse.ch_seco.elements import category
from service.parse.ch_seco.names import names_of
from service.parse.ch_seco.reference import Reference
from service.parse.countries import country_code
from service.parse.days import find_day
from service.parse.elements import ElementRow

_TRUTHS = {"true": True, "false": False}
_IS_LOW = {"good": False, "low": True}


class PrintedPlace(msgspec.Struct, frozen=True, kw_only=True):
    """An address or a place of birth; where it is stands elsewhere in the file, by number."""

    where: str
    place: str | None
    street: str | None
    postal_code: str | None
    note: str | None

    def address(self, reference: Reference) -> Address:
        """The address with its place.

        Raises:
            RowRefusedError: the file has no place of that number.
        """
        found = None if self.place is None else reference.place(self.where, self.place)
        location, area, country, code, also = (
            (None, None, None, None, ())
            if found is None
            else (found.location, found.area, found.country, found.code, found.also)
        )
        parts = (self.street, self.postal_code, location, area, country)
        notes = (self.note, f"also spelled {', '.join(also)}" if also else None)
        note = "; ".join(filter(None, notes)) or None
        return Address(
            text=", ".join(filter(None, parts)) or note or "",
            street=self.street,
            city=location,
            region=area,
            postal_code=self.postal_code,
            country=code,
            note=note,
        )


class PrintedDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A document; `value` is blank where its number is not known."""

    identifier: Identifier
    issued_at: PrintedPlace | None


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """One identity as printed, every part in its order."""

    is_main: bool
    names: tuple[Name, ...]
    facts: tuple[Fact, ...]
    dates: tuple[str, ...]
    birthplaces: tuple[PrintedPlace, ...]
    addresses: tuple[PrintedPlace, ...]
    nationalities: tuple[tuple[str, str | None], ...]
    documents: tuple[PrintedDocument, ...]


def identity_of(row: ElementRow) -> Identity:
    """An identity taken apart.

    Raises:
        RowRefusedError: a part is unknown or cannot be read.
    """
    printed = names_of(row)
    identity = Identity(
        is_main=category(row, "main", _TRUTHS),
        names=printed.names,
        facts=printed.facts,
        dates=tuple(_date(part) for part in row.rows("day-month-year")),
        birthplaces=tuple(_place(part) for part in row.rows("place-of-birth")),
        addresses=tuple(_place(part) for part in row.rows("address")),
        nationalities=tuple(_nationalities(row)),
        documents=tuple(_document(part) for part in row.rows("identification-document")),
    )
    row.close("ssid")
    return identity


def _date(row: ElementRow) -> str:
    """`1980-03-23`, `1980-03`, `circa 1980`, `1355 (Islamic calendar)`."""
    year, month, day = (_number(row, name) for name in ("year", "month", "day"))
    calendar = row.attribute("calendar")
    about = "circa" if _is_low(row) else None
    row.close("ssid")
    digits = (
        "" if year is None else f"{year}",
        *(f"{n:02}" for n in (month, day) if n is not None),
    )
    kind = None if calendar in {None, "Gregorian"} else f"({calendar} calendar)"
    return " ".join(filter(None, (about, "-".join(filter(None, digits)), kind)))


def _number(row: ElementRow, name: str) -> int | None:
    printed = row.attribute(name)
    if printed is not None and not (printed.isascii() and printed.isdigit()):
        raise RowRefusedError(row.where, f"{name}: {printed!r} is not a number")
    return None if printed is None else int(printed)


def _place(row: ElementRow) -> PrintedPlace:
    place, is_low = row.attribute("place-id"), _is_low(row)
    is_old = row.attribute("current") == "false"
    care, street, box = (row.find(tag) for tag in ("c-o", "address-details", "p-o-box"))
    postal_code = row.find("zip-code")
    notes = ("no longer current" if is_old else None, "low quality" if is_low else None)
    remarks = [*row.texts("remark"), *row.texts("remarks")]
    row.close("ssid", "main")
    return PrintedPlace(
        where=row.where,
        place=place,
        street=", ".join(filter(None, (care, street, box and f"P.O. Box {box}"))) or None,
        postal_code=postal_code,
        note="; ".join(filter(None, (*notes, *remarks))) or None,
    )


def _is_low(row: ElementRow) -> bool:
    printed = row.attribute("quality")
    if printed is not None and printed not in _IS_LOW:
        raise RowRefusedError(row.where, f"quality: unknown {printed!r}")
    return printed is not None and _IS_LOW[printed]


def _nationalities(row: ElementRow) -> Iterator[tuple[str, str | None]]:
    """Each nationality as printed, and as ISO alpha-2."""
    for part in row.rows("nationality"):
        country = part.row("country")
        part.close("ssid")
        if country is not None:
            code, text = country.attribute("iso-code"), country.own_text()
            country.close()
            yield text or code or "", country_code(code or "") or country_code(text or "")


def _document(row: ElementRow) -> PrintedDocument:
    kind, number = row.take_attribute("document-type"), row.find("number")
    issuer, code = None, None
    if (part := row.row("issuer")) is not None:
        issuer, code = part.own_text(), part.attribute("code")
        part.close()
    issued, expires = row.find("date-of-issue"), row.find("expiry-date")
    issued_at = None if (part := row.row("place-of-issue")) is None else _place(part)
    issued_on, expires_on = find_day(issued or ""), find_day(expires or "")
    country = country_code(code or "") or country_code(issuer or "")
    remarks = row.texts("remark")
    row.close("ssid")
    said = (
        f"issued by {issuer}" if issuer is not None and country is None else None,
        _undated("issued", issued, issued_on),
        _undated("expires", expires, expires_on),
        *remarks,
    )
    identifier = Identifier(
        kind=kind,
        value=number or "",
        country=country,
        issued_on=issued_on,
        expires_on=expires_on,
        note="; ".join(filter(None, said)) or None,
    )
    return PrintedDocument(identifier=identifier, issued_at=issued_at)


def _undated(what: str, printed: str | None, day: date | None) -> str | None:
    return None if printed is None or day is not None else f"{what} {printed}"
