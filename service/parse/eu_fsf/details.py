"""What an entry of the EU list says besides its names: places, births, documents."""

from collections.abc import Iterator

from service.model.errors import RowRefusedError
from service.model.listing import Address, Fact, Identifier
from service.parse.countries import country_code
from service.parse.days import read_day
from service.parse.elements import ElementRow
from service.parse.eu_fsf.acts import Source, read_sources
from service.parse.eu_fsf.elements import truth
from service.parse.printed_names import tidy

# Numbers of the database and the language of the act say nothing of the party.
_SAYS_NOTHING = ("logicalId", "regulationLanguage")
_NO_COUNTRY = "00"
_CONTACTS = {"PHONE": "telephone", "FAX": "fax", "EMAIL": "email", "WEB": "website"}
_FLAGS = {
    "diplomatic": "diplomatic",
    "knownExpired": "known to be expired",
    "knownFalse": "known to be false",
    "reportedLost": "reported lost",
    "revokedByIssuer": "revoked by its issuer",
}


class Details:
    """Collects the details of one entry, each in printed order, and their sources."""

    def __init__(self) -> None:
        self.addresses: list[Address] = []
        self.identifiers: list[Identifier] = []
        self.facts: list[Fact] = []
        self.nationalities: list[str] = []
        self.sources: list[Source] = []

    def read(self, row: ElementRow) -> None:
        """Take all details out of the entry.

        Raises:
            RowRefusedError: one of them has an unknown part or cannot be read.
        """
        self.facts += [fact for part in row.rows("birthdate") for fact in self._birth(part)]
        for part in row.rows("citizenship"):
            self._citizenship(part)
        for part in row.rows("address"):
            self._address(part)
        self.identifiers += [self._document(part) for part in row.rows("identification")]

    def _birth(self, row: ElementRow) -> Iterator[Fact]:
        """`circa 1958`, `1958 to 1963`, `1965-12-12`; the place as `Touggourt, ALGERIA`."""
        about = "circa" if truth(row, "circa") else None
        day, year, month = row.attribute("birthdate"), row.attribute("year"), _month(row)
        from_year, to_year = row.attribute("yearRangeFrom"), row.attribute("yearRangeTo")
        calendar, remark = row.attribute("calendarType"), self._remark(row)
        place, code = _place(row, ("place", "city", "zipCode", "region"))
        years = " to ".join(filter(None, (from_year, to_year)))
        in_month = None if year is None or month is None else f"{year}-{month:02}"
        date = day or in_month or year or years
        self._close(row, "dayOfMonth")
        kind = None if calendar in {None, "GREGORIAN"} else f"({calendar} calendar)"
        if date:
            yield Fact(kind="date_of_birth", value=" ".join(filter(None, (about, date, kind))))
        country = None if code is None else code[1]
        if said := ", ".join(filter(None, (*place, country))):
            yield Fact(kind="place_of_birth", value=said)
        if remark is not None:
            yield Fact(kind="birth_remark", value=remark)

    def _citizenship(self, row: ElementRow) -> None:
        place, code = _place(row, ("region",))
        remark = self._remark(row)
        self._close(row)
        printed = None if code is None else code[1]
        said = ", ".join(filter(None, (*place, printed)))
        note = None if remark is None else f"({remark})"
        if value := " ".join(filter(None, (said, note))):
            self.facts.append(Fact(kind="nationality", value=value))
        if code is not None and code[0] is not None:
            self.nationalities.append(code[0])

    def _address(self, row: ElementRow) -> None:
        at_listing = truth(row, "asAtListingTime")
        box, postal_code = row.attribute("poBox"), row.attribute("zipCode")
        (street, place, city, region), code = _place(row, ("street", "place", "city", "region"))
        country = None if code is None else code[1]
        note = "; ".join(
            filter(None, ("at the time of listing" if at_listing else None, self._remark(row)))
        )
        for part in row.rows("contactInfo"):
            self.facts.append(_contact(part))
        self._close(row)
        parts = (street, box, place, city, region, postal_code, country)
        if text := tidy(", ".join(filter(None, parts)) or note):
            self.addresses.append(
                Address(
                    text=text,
                    street=", ".join(filter(None, (street, box, place))) or None,
                    city=city,
                    region=region,
                    postal_code=postal_code,
                    country=None if code is None else code[0],
                    note=note or None,
                )
            )

    def _document(self, row: ElementRow) -> Identifier:
        kind = row.attribute("identificationTypeDescription")
        code = row.take_attribute("identificationTypeCode")
        number, latin = row.take_attribute("number"), row.attribute("latinNumber")
        issued, valid = row.attribute("issueDate"), row.attribute("validFrom")
        (region,), country = _place(row, ("region",))
        issuer, holder = row.attribute("issuedBy"), row.attribute("nameOnDocument")
        flags = [words for name, words in _FLAGS.items() if truth(row, name)]
        expires_on = read_day(row.where, "validTo", row.attribute("validTo"))
        remark = self._remark(row)
        self._close(row)
        place = ", ".join(filter(None, (issuer, region)))
        said = (
            *flags,
            f"issued by {place}" if place else None,
            f"valid from {valid}" if valid is not None and issued is not None else None,
            f"in Latin letters {latin}" if latin is not None and latin != number else None,
            f"name on the document: {holder}" if holder is not None else None,
            remark,
        )
        return Identifier(
            kind=kind or code,
            value=number,
            country=None if country is None else country[0],
            issued_on=read_day(row.where, "issueDate", issued or valid),
            expires_on=expires_on,
            note="; ".join(filter(None, said)) or None,
        )

    def _remark(self, row: ElementRow) -> str | None:
        return "; ".join(dict.fromkeys(row.texts("remark"))) or None

    def _close(self, row: ElementRow, *ignore: str) -> None:
        self.sources += read_sources(row)
        row.close(*_SAYS_NOTHING, *ignore)


def _place(
    row: ElementRow, names: tuple[str, ...]
) -> tuple[list[str | None], tuple[str | None, str] | None]:
    """The parts of a place by their names, and its country: ISO code and printed words."""
    parts = [row.attribute(name) for name in names]
    code, printed = row.attribute("countryIso2Code"), row.attribute("countryDescription")
    if code in {None, _NO_COUNTRY} and printed in {None, "UNKNOWN"}:
        return parts, None
    iso = country_code(code or "") or country_code(printed or "")
    return parts, (iso, printed or code or "")


def _month(row: ElementRow) -> int | None:
    printed = row.attribute("monthOfYear")
    if printed is None:
        return None
    if not printed.isascii() or not printed.isdigit() or int(printed) not in range(1, 13):
        raise RowRefusedError(row.where, f"monthOfYear: {printed!r} is not a month")
    return int(printed)


def _contact(row: ElementRow) -> Fact:
    key, value = row.take_attribute("key"), row.take_attribute("value")
    row.close()
    if key not in _CONTACTS:
        raise RowRefusedError(row.where, f"contactInfo: unknown key {key!r}")
    return Fact(kind=_CONTACTS[key], value=value)
