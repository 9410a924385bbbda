"""Read the Consolidated Canadian Autonomous Sanctions List in its XML format.

Source: https://www.international.gc.ca/world-monde/international_relations-relations_internationales/sanctions/consolidated-consolide.aspx
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import msgspec

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.listing import (
    EntityType,
    Fact,
    Identifier,
    Listing,
    Name,
    NameKind,
)
from abeyance_screening.engine.lists.reading.days import read_day
from abeyance_screening.engine.lists.reading.files import Format, one_file
from abeyance_screening.engine.lists.reading.names import (
    collect_names,
    is_latin,
    split_names,
    tidy,
)
from abeyance_screening.engine.lists.reading.records import key_of_name, one_edition
from abeyance_screening.engine.lists.reading.texts import refuse_other_files
from abeyance_screening.engine.lists.reading.unknown_parts import (
    Rescued,
    may_hide_in,
    note_unknown,
    read_records,
)
from abeyance_screening.engine.lists.reading.xml import (
    ElementRow,
    local_name,
    read_elements,
    root_of,
)
from abeyance_screening.primitives.errors import RowRefusedError

# --- Names, in texts that mix languages and separators.

# `Iranian Army/Armée iranienne`: letters and words that mark the French half, because English
# names do not have them. Other slashes belong to a name: `MEC Steel Mills (Hmaw Bi/Pyi/Ywama)`.
_FRENCH_WORDS = r"[àâçèéêëîïôùûœ]|\b(?:de|des|du|la|les|et|aux?)\b|\b[dl]['\u2019]"
_NO_ENGLISH = re.compile(_FRENCH_WORDS, re.IGNORECASE)
_FRENCH = re.compile(
    rf"{_FRENCH_WORDS}|\b(?:agence|institut|force|banque|garde|centre|service)\b", re.IGNORECASE
)
# `X (New Oil Company)`: brackets of three words and more, of which the first has a capital, hold
# the name in another language; one or two words are a place or a brand.
_IN_BRACKETS = re.compile(r"(?P<name>.*\S)\s*\((?P<inside>[A-Z][^()\s]*(?: [^()\s]+){2,})\)")
_LAST_NAME_IN_BRACKETS = re.compile(
    r"(?=[^()]*+\([^()]++\)$)(?P<name>[^()]+(?<! ))\s*+\((?P<inside>[^()]++)\)"
)
_ALSO_KNOWN = re.compile(r"\b(?:also )?known as:?\s+|\bALIAS:\s*", re.IGNORECASE)
_LANGUAGE = re.compile(
    r"(?!(?<=\s)\s)[(,;]?\s*+\b"
    r"(?P<language>Arabic|Belaruss?ian|Burmese|Chinese|Dari|English|Farsi|French|Hebrew|Korean"
    r"|Pashto|Persian|Russian|Spanish|Ukrainian)\s*+:\s*+"
)
_OR = re.compile(r"(?<!\s)\s++(?:or|/)\s++")
_AND = re.compile(r"(?<!\s)\s++and\s++")
# What may follow a comma without being another name: `KVZ-Remservis, AO`, `Air Bagan Holdings,
# Ltd.`; in other scripts, a few capitals.
_LEGAL_FORM = re.compile(
    r"(?:Ltd|Limited|Inc|Co|Corp|LLC|LLP|PLC|LP|AG|GmbH|S\.?A|[COP]?JSC|[ZOP]?AO|OOO|TOV|F[GS]UP)"
    r"\b\.?(?: (?:Ltd|LLC|Co)\b\.?)?",
    re.IGNORECASE,
)
_LEGAL_FORM_LENGTH = 4
_ARTICLE = re.compile(r"^(?:the |l['\u2019])")


# --- Records, in the three layouts of the file.

_RECORD = ("data-set", "record")
# The names of each element: since August 2026, since 2023, and before.
_COUNTRY = ("Country-Pays", "Country")
_LAST_NAME = ("LastName-NomDeFamille", "LastName")
_GIVEN_NAME = ("GivenName-Prenom", "GivenName")
_ENTITY = ("EntityOrShip-EntiteOuNavire", "EntityOrShip", "Entity")
_TITLE = ("TitleOrShipType-TitreOuTypeDeNavire", "TitleOrShipType", "TitleOrShip", "Title")
_IMO = ("ShipIMONumber-NumeroOMIDuNavire", "ShipIMONumber")
_BORN = (
    "DateOfBirthOrShipBuildDate-DateDeNaissanceOuDateDeConstructionDuNavire",
    "DateOfBirthOrShipBuildDate",
    "DateOfBirth",
)
_ALIASES = ("Aliases-Alias", "Aliases")
_SCHEDULE = ("Schedule-Annexe", "Schedule")
_ITEM = ("Item-NumeroDarticle", "Item")
_LISTED = ("DateOfListing-DateDinscription", "DateOfListing")


class NumberedElement(msgspec.Struct, frozen=True):
    """A record element and its number in the file, from 1."""

    number: int
    element: Element

    def row(self) -> ElementRow:
        """Return its parts, to be read once each."""
        return ElementRow(f"record {self.number}", self.element)


class SemaRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One record; texts are as printed with single spaces, `aliases` is one text for each line.

    `where` is the number of the record in the file, from 1, for use in error messages.
    """

    where: str
    country: str
    last_name: str | None
    given_name: str | None
    entity: str | None
    title: str | None
    imo_number: str | None
    born: str | None
    aliases: tuple[str, ...]
    schedule: str | None
    item: str | None
    listed: str | None


# --- Listings.

LIST_CODE = "ca_sema"
SOURCE_URL = (
    "https://www.international.gc.ca/world-monde/international_relations-relations_internationales"
    "/sanctions/consolidated-consolide.aspx"
)
# Some regulations have been printed in several ways over the years; the register and the ids use
# the first. The keys are the English halves; all other regulations stay as printed.
_PROGRAMMES = {
    "Belarus": "Belarus / Bélarus",
    "Burma": "Burma / Birmanie",
    "China": "China/Chine",
    "Justice for Victims of Corrupt Foreign Officials Regulations (JVCFOR)": (
        "Justice for Victims of Corrupt Foreign Officials Regulations (JVCFOR) / Règlement "
        "relatif à la justice pour les victimes de dirigeants étrangers corrompus (RJVDEC)"
    ),
    "Myanmar (Burma)": "Burma / Birmanie",
    "Russia": "Russia / Russie",
    "South Sudan": "South Sudan / Soudan du sud",
    "Syria": "Syria / Syrie",
}
_NO_SCHEDULE = "N/A"


def parse_xml(content: bytes) -> tuple[ParsedEdition, ...]:
    """Return the one edition in the file, which does not state its publication day.

    Three layouts are read: that of 2022, that of 2023 to 2026 with ships and days of listing, and
    the one since August 2026 with bilingual element names.
    """
    refuse_other_files(LIST_CODE, content)
    elements = _records(LIST_CODE, content)
    records = read_records(elements, lambda element: listing_of(record_of(element)), _rescue)
    keyed = [(_key_of(listing), listing) for _, listing in records]
    return one_edition(LIST_CODE, keyed)


def listing_of(record: SemaRecord) -> Listing:
    """Return the listing of a record; its id is "" until `give_ids` sets it.

    Canada gives no permanent numbers: an item is renumbered when one before it is removed. So the
    key is made of the regulation and the name. `programmes` is that regulation, named by its
    country. That country is not the party's, and the list prints none for the party, so
    `countries` is empty.
    """
    is_person = record.last_name is not None or record.given_name is not None
    if is_person == (record.entity is not None):
        reason = "has no name" if record.entity is None else "names both a person and an entity"
        raise RowRefusedError(record.where, reason)
    primary, others = (
        entity_names(record.entity)
        if record.entity is not None
        else person_names(record.given_name, record.last_name)
    )
    programme = _programme(record.country)
    aliases = alias_names(record.aliases, is_person=is_person)
    return Listing(
        id="",
        list_code=LIST_CODE,
        names=collect_names(primary, (*others, *aliases)),
        entity_type=_entity_type(record),
        identifiers=_identifiers(record),
        programmes=(programme,),
        citations=_citations(record),
        listed_on=read_day(record.where, "DateOfListing", record.listed),
        facts=tuple(_facts(record)),
        source_url=SOURCE_URL,
        information_url=SOURCE_URL,
    )


def _key_of(listing: Listing) -> str:
    return key_of_name(f"{''.join(listing.programmes)}: {listing.primary_name}")


def _rescue(element: NumberedElement) -> Rescued:
    """Return a record that cannot be read by its names, and its regulation where that is given."""
    row = element.row()
    given, last, entity, country = (
        " ".join(filter(None, map(row.printed, tags)))
        for tags in (_GIVEN_NAME, _LAST_NAME, _ENTITY, _COUNTRY)
    )
    person = " ".join(filter(None, (given, last)))
    return Rescued(
        names=(entity or person, person, *row.printed_names()),
        list_code=LIST_CODE,
        programmes=(_programme(country),) if country else (),
    )


def entity_names(printed: str) -> tuple[str, list[Name]]:
    """Return the name of an organisation or ship, and the further names in the same text."""
    english, french = _halves(_ALSO_KNOWN.sub("a.k.a. ", printed))
    others = [Name(text=french, kind="alias")] if french is not None else []
    others += [Name(text=text, kind="alias") for text in _names_in_brackets(english)]
    return english, others


def person_names(given: str | None, last: str | None) -> tuple[str, list[Name]]:
    """Return `Given LAST`, and the name with the other surname in brackets: `DIKIY (DIKY)`."""
    brackets = _LAST_NAME_IN_BRACKETS.fullmatch(last or "")
    if brackets is None:
        return " ".join(filter(None, (given, last))), []
    first, second = (" ".join(filter(None, (given, brackets[part]))) for part in (1, 2))
    return first, [Name(text=second, kind="alias")]


def alias_names(lines: tuple[str, ...], *, is_person: bool) -> Iterator[Name]:
    """Yield the aliases of a record, in printed order.

    Names are separated by a line break, a semicolon, ` or `, a slash between spaces or before the
    French name, or the name of a language with a colon; by ` and ` where the names are not in
    Latin letters; and by a comma, unless the next words are a legal form or begin in lower case,
    as words of one name do. A single word is a weak alias of a person: a given name, a surname or
    a nom de guerre.
    """
    for line in lines:
        for text, language in _by_language(_ALSO_KNOWN.sub(";", line)):
            for piece in _pieces(text):
                kind: NameKind = "weak_alias" if is_person and " " not in piece else "alias"
                yield Name(text=piece, kind=kind, language=language)


def record_of(numbered: NumberedElement) -> SemaRecord:
    """Return the record of an element."""
    # Some aliases are separated by a line break alone; `ElementRow` would make it a space.
    parts = numbered.element
    printed = [part.text or "" for part in parts if local_name(part.tag) in _ALIASES]
    return _record(numbered.row(), "\n".join(printed))


def _records(list_code: str, content: bytes) -> Iterator[NumberedElement]:
    """Yield the records in printed order; each is freed before the next is read."""
    number = 0
    for path, element in read_elements(list_code, content, (_RECORD,)):
        if path != _RECORD:
            ElementRow(path[0], element).close()
            continue
        number += 1
        yield NumberedElement(number, element)


def _programme(country: str) -> str:
    english = country.partition("/")[0].strip()
    return _PROGRAMMES.get(english, country)


def _entity_type(record: SemaRecord) -> EntityType:
    if record.entity is None:
        return "person"
    # Only ships have an IMO number, and an entity's title is a ship type.
    return "organisation" if record.imo_number is None and record.title is None else "vessel"


def _identifiers(record: SemaRecord) -> tuple[Identifier, ...]:
    if record.imo_number is None:
        return ()
    return (Identifier(kind="IMO number", value=record.imo_number),)


def _citations(record: SemaRecord) -> tuple[str, ...]:
    """Return the place in the regulation: `Russia / Russie, Schedule 1, Part 1, item 94`."""
    schedule = None if record.schedule in {None, _NO_SCHEDULE} else f"Schedule {record.schedule}"
    item = None if record.item is None else f"item {record.item}"
    place = ", ".join(filter(None, (schedule, item)))
    return (f"{record.country}, {place}",) if place else ()


def _facts(record: SemaRecord) -> Iterator[Fact]:
    is_ship = _entity_type(record) == "vessel"
    printed = (
        ("vessel_type" if is_ship else "title", record.title),
        ("build_date" if is_ship else "date_of_birth", record.born),
        ("regulation", record.country),
        ("schedule", record.schedule),
        ("item", record.item),
        ("aliases_as_printed", "; ".join(record.aliases) or None),
    )
    for kind, value in printed:
        if value is not None:
            yield Fact(kind=kind, value=value)


def _halves(text: str) -> tuple[str, str | None]:
    """Split `Iranian Army/Armée iranienne` in two; return the text and None for a single name."""
    english, slash, french = _mark_slashes(text).partition("\0")
    if not slash or "\0" in french or not _FRENCH.search(french) or _NO_ENGLISH.search(english):
        return tidy(text), None
    return tidy(english), tidy(french)


def _mark_slashes(text: str) -> str:
    """Return the text with a NUL in place of each slash outside brackets."""
    depth, letters = 0, list[str]()
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        letters.append("\0" if letter == "/" and depth == 0 else letter)
    return "".join(letters)


def _names_in_brackets(name: str) -> tuple[str, ...]:
    match = _IN_BRACKETS.fullmatch(name)
    if match is None or "/" in match["inside"]:
        return ()
    return match["name"], match["inside"]


def _by_language(line: str) -> Iterator[tuple[str, str | None]]:
    """Yield the parts of `X, Russian: Y`, each with its language: `X` with None, then `Y`."""
    start, language = 0, None
    for mark in _LANGUAGE.finditer(line):
        yield line[start : mark.start()], language
        start, language = mark.end(), mark["language"]
    yield line[start:], language


def _pieces(text: str) -> Iterator[str]:
    for part in split_names(text):
        for alternative in _OR.split(part):
            for side in filter(None, _halves(alternative)):
                for name in _split_at_commas(side):
                    yield from filter(None, map(_without_odd_bracket, _split_at_and(name)))


def _split_at_commas(text: str) -> list[str]:
    """Split a text at commas outside brackets, or return it whole if they separate no names."""
    names, start, depth = list[str](), 0, 0
    for place, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth <= 0 and not _is_legal_form(_after(text, place)):
            names.append(text[start:place].strip())
            start = place + 1
    names.append(text[start:].strip())
    begun = (_ARTICLE.sub("", name) for name in names[1:])
    return [text] if any(name[:1].islower() for name in begun) else names


def _is_legal_form(text: str) -> bool:
    if is_latin(text):
        return _LEGAL_FORM.fullmatch(text) is not None
    return text.isupper() and len(text) <= _LEGAL_FORM_LENGTH


def _after(text: str, comma: int) -> str:
    end = text.find(",", comma + 1)
    return text[comma + 1 : None if end < 0 else end].strip()


def _without_odd_bracket(text: str) -> str:
    """Return the text without an unpaired bracket, or "" if no letter or digit is left."""
    whole = text.strip(" ,;")
    if whole.count("(") > whole.count(")"):
        whole = whole.removeprefix("(")
    elif whole.count(")") > whole.count("("):
        whole = whole.removesuffix(")")
    return whole.strip(" ,;") if any(map(str.isalnum, whole)) else ""


def _split_at_and(name: str) -> list[str]:
    """Split a name at ` and ` if no part is in Latin letters, else into its two halves."""
    sides = _AND.split(name)
    if not any(map(is_latin, sides)):
        return sides
    return [half for half in _halves(name) if half is not None]


def _record(row: ElementRow, aliases: str) -> SemaRecord:
    _find(row, _ALIASES)
    country = _find(row, _COUNTRY)
    if country is None:
        raise RowRefusedError(row.where, "Country is missing or blank")
    record = SemaRecord(
        where=row.where,
        country=country,
        last_name=_find(row, _LAST_NAME),
        given_name=_find(row, _GIVEN_NAME),
        entity=_find(row, _ENTITY),
        title=_find(row, _TITLE),
        imo_number=_find(row, _IMO),
        born=_find(row, _BORN),
        aliases=_lines(aliases),
        schedule=_find(row, _SCHEDULE),
        item=_find(row, _ITEM),
        listed=_find(row, _LISTED),
    )
    row.close()
    return record


def _find(row: ElementRow, tags: tuple[str, ...]) -> str | None:
    found = [text for tag in tags if (text := row.find(tag)) is not None]
    for further in found[1:]:
        what = f"further {tags[-1]!r} under another name"
        note_unknown(row.where, what, further, may_hide=may_hide_in(tags[-1]))
    return found[0] if found else None


def _lines(aliases: str) -> tuple[str, ...]:
    """Return the lines of a text; one that begins in lower case continues the line before."""
    lines = list[str]()
    for line in (" ".join(line.split()) for line in aliases.split("\n")):
        if lines and line[:1].islower():
            lines[-1] += f" {line}"
        elif line:
            lines.append(line)
    return tuple(lines)


FORMATS = (
    Format(
        word="ca_xml",
        source=LIST_CODE,
        title="sema-lmes.xml",
        tells=lambda file: root_of(file.head)[1] == "data-set",
        read=one_file(parse_xml),
    ),
)
"""The formats that Global Affairs Canada publishes."""
