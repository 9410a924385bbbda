"""Read the identities of a target of the Swiss list: names, births, addresses, documents."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from xml.etree.ElementTree import Element

import msgspec

from abeyance_screening.engine.lists.edition import MayHide
from abeyance_screening.engine.lists.listing import Address, Fact, Identifier, Name, NameKind
from abeyance_screening.engine.lists.reading.countries import country_code
from abeyance_screening.engine.lists.reading.days import find_day
from abeyance_screening.engine.lists.reading.records import filled
from abeyance_screening.engine.lists.reading.unknown_parts import note_unknown, notes_are_taken
from abeyance_screening.engine.lists.reading.xml import ElementRow, read_elements
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError

# --- Elements.

ROOT = "swiss-sanctions-list"
_RECORDS = ((ROOT, "sanctions-program"), (ROOT, "target"), (ROOT, "place"))
_WHOLE = "whole-list"


class SecoElement(msgspec.Struct, frozen=True, kw_only=True):
    """A programme, target or place of the file, or its root; `number` is "" where it has none."""

    tag: str
    number: str
    element: Element

    def row(self) -> ElementRow:
        """Return its parts, to be read once each."""
        where = self.tag if self.tag == ROOT else f"{self.tag} {self.number or '?'}"
        return ElementRow(where, self.element)


# --- Names, put together from parts with spelling variants.

_NAME_TYPES: dict[str, NameKind] = {
    "primary-name": "primary",
    "alias": "alias",
    "formerly-known-as": "former",
}
_IS_WEAK = {"good": False, "low": True}
# Whether a part belongs to the name as it is written in full.
_PART_TYPES = {
    "given-name": True,
    "further-given-name": True,
    "father-name": True,
    "grand-father-name": True,
    "family-name": True,
    "tribal-name": True,
    "whole-name": True,
    "suffix": True,
    "other": True,
    "maiden-name": False,
    "title": False,
}


class _Variant(msgspec.Struct, frozen=True):
    text: str
    language: str | None


class _Part(msgspec.Struct, frozen=True, kw_only=True):
    order: int
    kind: str
    value: str
    variants: tuple[_Variant, ...]


class PrintedNames(msgspec.Struct, frozen=True, kw_only=True):
    """The names of one identity; several may be of kind `primary`, or none if those are weak."""

    names: tuple[Name, ...]
    facts: tuple[Fact, ...]


# --- What targets refer to by number: programmes, places and other targets.


class SanctionsSet(msgspec.Struct, frozen=True, kw_only=True):
    """One set of measures under one ordinance; `text` names its article or annex."""

    programme: str
    ordinance: str | None
    text: str | None
    origin: str | None


class SecoPlace(msgspec.Struct, frozen=True, kw_only=True):
    """A place; `country` is as printed, `code` is ISO alpha-2, `also` are its other spellings."""

    location: str | None
    area: str | None
    country: str | None
    code: str | None
    also: tuple[str, ...]


class Reference:
    """The programmes, places and names of one file, by number.

    All are collected before any is looked up, because a target may precede what it refers to.
    """

    def __init__(self) -> None:
        self._sets: dict[str, SanctionsSet] = {}
        self._places: dict[str, SecoPlace] = {}
        self._names: dict[str, str] = {}

    def add_programme(self, row: ElementRow) -> None:
        """Add the sets of one sanctions-program."""
        programme, ordinance = _programme_key(row), in_languages(row, "program-name").get("eng")
        origin = row.find("origin")
        texts = dict[str, str | None]()
        for part in row.rows("sanctions-set"):
            noting_faults("sanctions-set that cannot be read", partial(_add_set, texts, part))
        if not texts:
            raise RowRefusedError(row.where, "'sanctions-set' is missing")
        # When the ordinance was last changed, for any of its targets.
        row.close("ssid", "version-date", "predecessor-version-date")
        for number, text in texts.items():
            self._sets[number] = SanctionsSet(
                programme=programme, ordinance=ordinance, text=text, origin=origin
            )

    def add_place(self, row: ElementRow) -> None:
        """Add one place."""
        number, country, code = row.take_attribute("ssid"), None, None
        if (part := row.row("country")) is not None:
            country, code = part.own_text(), part.attribute("iso-code")
            part.close()
        variants = [*row.rows("location-variant"), *row.rows("area-variant")]
        self._places[number] = SecoPlace(
            location=row.find("location"),
            area=row.find("area"),
            country=country,
            code=country_code(code or "") or country_code(country or ""),
            also=tuple(text for each in variants if (text := _variant(each)) is not None),
        )
        row.close()

    def add_name(self, number: str, name: str) -> None:
        """Add the primary name of the target with that number."""
        self._names[number] = name

    def sanctions_set(self, where: str, number: str) -> SanctionsSet:
        """Return the set with that number."""
        if number not in self._sets:
            raise RowRefusedError(where, f"sanctions-set {number} is not in the file")
        return self._sets[number]

    def place(self, where: str, number: str) -> SecoPlace | None:
        """Return the place with that number, None where the file has no such place."""
        if number not in self._places:
            note_unknown(where, "place that is not in the file", number)
        return self._places.get(number)

    def name(self, number: str) -> str:
        """Return the name and number of a target, or the number alone if it has left the file."""
        name = self._names.get(number)
        return number if name is None else f"{name} ({number})"


# --- Places, documents and identities.

_TRUTHS = {"true": True, "false": False}
_IS_LOW = {"good": False, "low": True}


class PrintedPlace(msgspec.Struct, frozen=True, kw_only=True):
    """An address or a place of birth; `place` is the number of a `place` element of the file."""

    where: str
    place: str | None
    street: str | None
    postal_code: str | None
    note: str | None

    def address(self, reference: Reference) -> Address:
        """Return the address, with its location filled in."""
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
    """A document; the `value` of its identifier is blank where its number is not known."""

    identifier: Identifier
    issued_at: PrintedPlace | None


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """One identity, its parts in printed order."""

    is_main: bool
    names: tuple[Name, ...]
    facts: tuple[Fact, ...]
    dates: tuple[str, ...]
    birthplaces: tuple[PrintedPlace, ...]
    addresses: tuple[PrintedPlace, ...]
    nationalities: tuple[tuple[str, str | None], ...]
    documents: tuple[PrintedDocument, ...]


def read_parts(list_code: str, content: bytes) -> Iterator[SecoElement]:
    """Yield the root, then programmes, targets and places in printed order.

    Each is freed before the next is read.
    """
    for path, element in read_elements(list_code, content, _RECORDS):
        if path == (ROOT,):
            _check_whole(list_code, element)
        number = (element.get("ssid") or "").strip()
        yield SecoElement(tag=path[-1], number=number, element=element)


def printed_names(target: Element) -> tuple[str, ...]:
    """Return the names of a target, whether it can be read or not, with their other spellings.

    What has parts with a value is a name, whatever it is called. Those of its modifications are
    names that it has had, or has anyway.
    """
    inside = (each for child in target if child.tag != "modification" for each in child.iter())
    found = list[str]()
    for name in inside:
        parts = [part for part in name if part.find("value") is not None]
        shown = [
            _Part(order=0, kind="", value=part.findtext("value") or "", variants=_spelled(part))
            for part in sorted(parts, key=_printed_order)
        ]
        found += [each.text for each in _names_of_parts(shown, "alias", None)]
    return filled(found)


def in_languages(row: ElementRow, tag: str) -> dict[str, str]:
    """Return the texts of the children with a tag by language, the first of each."""
    texts = [(part.attribute("lang"), part.own_text(), part) for part in row.rows(tag)]
    for _, _, part in texts:
        part.close("ssid")
    found = dict[str, str]()
    for language, text, _ in texts:
        if text is not None:
            found.setdefault(language or "", text)
    return found


def noting_faults(what: str, read: Callable[[], None]) -> None:
    """Read a part that other records refer to, and note its fault in place of raising it."""
    try:
        read()
    except RowRefusedError as error:
        if not notes_are_taken():
            raise
        note_unknown(error.where, what, str(error))


def identity_of(row: ElementRow) -> Identity:
    """Read one identity."""
    printed = names_of(row)
    identity = Identity(
        is_main=category(row, "main", _TRUTHS, otherwise=False),
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


def names_of(identity: ElementRow) -> PrintedNames:
    """Return the names of an identity in printed order, each followed by its other spellings."""
    names, facts = list[Name](), list[Fact]()
    for row in identity.rows("name"):
        parts = sorted(
            (_part(part, place) for place, part in enumerate(row.rows("name-part"), start=1)),
            key=lambda part: part.order,
        )
        kind = _kind(row)
        language = row.attribute("lang")
        row.close("ssid")
        names += _names_of_parts(parts, kind, language)
        facts += (
            Fact(kind=part.kind.replace("-", "_"), value=part.value)
            for part in parts
            if not _is_shown(part)
        )
    return PrintedNames(names=tuple(names), facts=tuple(facts))


def category[T](
    row: ElementRow,
    name: str,
    words: dict[str, T],
    *,
    otherwise: T,
    may_hide: MayHide | None = None,
) -> T:
    """Return the value in `words` for the word of an attribute, `otherwise` for an unknown one."""
    printed = row.take_attribute(name)
    if printed not in words:
        note_unknown(row.where, f"word in {name!r}", printed, may_hide=may_hide)
    return words.get(printed, otherwise)


def _programme_key(row: ElementRow) -> str:
    """Return the key of a programme in English, or in another language if it has no other."""
    keys = in_languages(row, "program-key")
    if not keys:
        raise RowRefusedError(row.where, "'program-key' is missing")
    if "eng" not in keys:
        note_unknown(row.where, "'program-key', none in English but", ", ".join(keys.values()))
    return keys.get("eng") or next(iter(keys.values()))


def _add_set(texts: dict[str, str | None], row: ElementRow) -> None:
    number, language = row.take_attribute("ssid"), row.attribute("lang")
    text = row.own_text()
    row.close()
    texts[number] = text if language == "eng" else texts.get(number)


def _printed_order(part: Element) -> int:
    printed = part.get("order", "")
    return int(printed) if printed.isascii() and printed.isdigit() else 0


def _spelled(part: Element) -> tuple[_Variant, ...]:
    variants = part.iterfind("spelling-variant")
    return tuple(_Variant(each.text or "", each.get("lang")) for each in variants if each.text)


def _is_shown(part: _Part) -> bool:
    return _PART_TYPES.get(part.kind, True)


def _variant(row: ElementRow) -> str | None:
    text = row.own_text()
    row.close("lang", "script", "variant-type", "spelling-variant-type")
    return text


def _check_whole(list_code: str, root: Element) -> None:
    kind = root.get("list-type")
    if kind != _WHOLE:
        raise ListRefusedError(list_code, f"list-type is {kind!r}; the {_WHOLE!r} is expected")


def _date(row: ElementRow) -> str:
    """Return a date of birth: `1980-03-23`, `1980-03`, `circa 1980`, `1355 (Islamic calendar)`."""
    year, month, day = (_number(row, name) for name in ("year", "month", "day"))
    calendar = row.attribute("calendar")
    about = "circa" if _has_low_quality(row) else None
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
        note_unknown(row.where, f"number in {name!r}", printed)
        return None
    return None if printed is None else int(printed)


def _has_low_quality(row: ElementRow) -> bool:
    printed = row.attribute("quality")
    if printed is not None and printed not in _IS_LOW:
        note_unknown(row.where, "word in 'quality'", printed)
    return printed is not None and _IS_LOW.get(printed, False)


def _place(row: ElementRow) -> PrintedPlace:
    place, is_low = row.attribute("place-id"), _has_low_quality(row)
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


def _nationalities(row: ElementRow) -> Iterator[tuple[str, str | None]]:
    """Yield each nationality as printed, and as ISO alpha-2."""
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
    notes = (
        f"issued by {issuer}" if issuer is not None and country is None else None,
        _day_note("issued", issued, issued_on),
        _day_note("expires", expires, expires_on),
        *remarks,
    )
    identifier = Identifier(
        kind=kind,
        value=number or "",
        country=country,
        issued_on=issued_on,
        expires_on=expires_on,
        note="; ".join(filter(None, notes)) or None,
    )
    return PrintedDocument(identifier=identifier, issued_at=issued_at)


def _day_note(what: str, printed: str | None, day: date | None) -> str | None:
    return None if printed is None or day is not None else f"{what} {printed}"


def _part(row: ElementRow, place: int) -> _Part:
    """Read a part of a name; `place` is its place in print, where its own order is no number."""
    order, kind = row.take_attribute("order"), row.take_attribute("name-part-type")
    if kind not in _PART_TYPES:
        note_unknown(row.where, "word in 'name-part-type'", kind)
    if not order.isascii() or not order.isdigit():
        note_unknown(row.where, "number in 'order'", order)
        order = str(place)
    variants = tuple(_variants(row))
    value = row.find("value")
    row.close()
    return _Part(order=int(order), kind=kind, value=value or "", variants=variants)


def _variants(row: ElementRow) -> Iterator[_Variant]:
    for part in row.rows("spelling-variant"):
        language, script, text = part.attribute("lang"), part.attribute("script"), part.own_text()
        # `not-defined` in every file seen
        part.close("spelling-variant-type")
        if text is not None:
            yield _Variant(text, " ".join(filter(None, (language, script))) or None)


def _kind(row: ElementRow) -> NameKind:
    kind = category(row, "name-type", _NAME_TYPES, otherwise="alias")
    is_weak = category(row, "quality", _IS_WEAK, otherwise=False)
    return "weak_alias" if is_weak and kind != "former" else kind


def _names_of_parts(
    parts: Sequence[_Part], kind: NameKind, language: str | None
) -> Iterator[Name]:
    """Yield the name as printed, then in each language's spelling, then with the maiden name."""
    shown = [part for part in parts if _is_shown(part)]
    other: NameKind = "alias" if kind == "primary" else kind
    printed = [part.value for part in shown]
    yield from _name_of_parts(printed, kind, language)
    for spelling_language in dict.fromkeys(
        each.language for part in shown for each in part.variants
    ):
        for texts in _spellings(shown, spelling_language):
            yield from _name_of_parts(texts, other, spelling_language)
    for maiden in (part.value for part in parts if part.kind == "maiden-name"):
        texts = [maiden if part.kind == "family-name" else part.value for part in shown]
        yield from _name_of_parts(texts if texts != printed else [maiden], other, language)


def _name_of_parts(texts: Sequence[str], kind: NameKind, language: str | None) -> Iterator[Name]:
    text = " ".join(filter(None, texts)).strip(" ,;")
    if text:
        yield Name(text=text, kind=kind, language=language)


def _spellings(parts: Sequence[_Part], language: str | None) -> Iterator[list[str]]:
    """Yield the first spelling of every part together, then each further one in its place."""
    spelled = [
        [each.text for each in part.variants if each.language == language] for part in parts
    ]
    first = [texts[0] if texts else part.value for texts, part in zip(spelled, parts, strict=True)]
    yield first
    for place, texts in enumerate(spelled):
        for text in texts[1:]:
            yield [*first[:place], text, *first[place + 1 :]]
