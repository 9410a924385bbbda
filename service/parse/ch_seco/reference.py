"""What the targets of the Swiss list refer to by number: programmes, places, each other."""

from typing import NoReturn

import msgspec

from service.model.errors import RowRefusedError
from service.parse.ch_seco.elements import english
from service.parse.countries import country_code
from service.parse.elements import ElementRow


class SanctionsSet(msgspec.Struct, frozen=True, kw_only=True):
    """One set of measures under one ordinance; `text` names its article or annex."""

    programme: str
    ordinance: str | None
    text: str | None
    origin: str | None


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A place; `country` is as printed, `code` ISO alpha-2; `also` are its other spellings."""

    location: str | None
    area: str | None
    country: str | None
    code: str | None
    also: tuple[str, ...]


class Reference:
    """The programmes, places and names of one file; a target may come before what it names."""

    def __init__(self) -> None:
        self._sets: dict[str, SanctionsSet] = {}
        self._places: dict[str, Place] = {}
        self._names: dict[str, str] = {}

    def add_programme(self, row: ElementRow) -> None:
        """Take in a sanctions-program with all its sets.

        Raises:
            RowRefusedError: it has no key in English, no set, or an unknown part.
        """
        programme, ordinance = english(row, "program-key"), english(row, "program-name")
        origin = row.find("origin")
        if programme is None:
            raise RowRefusedError(row.where, "'program-key' in English is missing")
        texts = dict[str, str | None]()
        for part in row.rows("sanctions-set"):
            number, language = part.take_attribute("ssid"), part.attribute("lang")
            text = part.own_text()
            part.close()
            texts[number] = text if language == "eng" else texts.get(number)
        if not texts:
            raise RowRefusedError(row.where, "'sanctions-set' is missing")
        # When the ordinance was last changed, for any of its targets.
        row.close("ssid", "version-date", "predecessor-version-date")
        for number, text in texts.items():
            self._sets[number] = SanctionsSet(
                programme=programme, ordinance=ordinance, text=text, origin=origin
            )

    def add_place(self, row: ElementRow) -> None:
        """Take in a place.

        Raises:
            RowRefusedError: it has an unknown part.
        """
        number, country, code = row.take_attribute("ssid"), None, None
        if (part := row.row("country")) is not None:
            country, code = part.own_text(), part.attribute("iso-code")
            part.close()
        variants = [*row.rows("location-variant"), *row.rows("area-variant")]
        self._places[number] = Place(
            location=row.find("location"),
            area=row.find("area"),
            country=country,
            code=country_code(code or "") or country_code(country or ""),
            also=tuple(text for each in variants if (text := _variant(each)) is not None),
        )
        row.close()

    def add_name(self, number: str, name: str) -> None:
        """Remember what the target of that number is called."""
        self._names[number] = name

    def sanctions_set(self, where: str, number: str) -> SanctionsSet:
        """The set of that number.

        Raises:
            RowRefusedError: the file has no such set.
        """
        return self._sets.get(number) or _missing(where, "sanctions-set", number)

    def place(self, where: str, number: str) -> Place:
        """The place of that number.

        Raises:
            RowRefusedError: the file has no such place.
        """
        return self._places.get(number) or _missing(where, "place", number)

    def name(self, number: str) -> str:
        """A target by name and number, by number alone where it left the file."""
        name = self._names.get(number)
        return number if name is None else f"{name} ({number})"


def _variant(row: ElementRow) -> str | None:
    text = row.own_text()
    row.close("lang", "script", "variant-type", "spelling-variant-type")
    return text


def _missing(where: str, what: str, number: str) -> NoReturn:
    raise RowRefusedError(where, f"{what} {number} is not in the file")
