"""The Consolidated Canadian Autonomous Sanctions List, in its XML format.

Source: https://www.international.gc.ca/world-monde/international_relations-relations_internationales/sanctions/consolidated-consolide.aspx
"""

import re
from collections.abc import Iterator

import msgspec

from service.errors import ListRefusedError, RowRefusedError
from service.lists.edition import ParsedEdition
from service.lists.listing import EntityType, Fact, Identifier, Listing, Name, NameKind
from service.lists.reading.days import read_day
from service.lists.reading.files import Format, GivenFile, one_file
from service.lists.reading.ids import give_ids, key_of_name
from service.lists.reading.names import collect_names, is_latin, split_names, tidy
from service.lists.reading.texts import refuse_other_files
from service.lists.reading.xml import ElementRow, local_name, read_elements, root_of

# --- The names in a record of the Canadian list, whose texts mix languages and separators.

# `Iranian Army/Armée iranienne`: the French half, told by what English names do not have. Other
# strokes belong to a name: `MEC Steel Mills (Hmaw Bi/Pyi/Ywama)`.
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
# What stands behind a comma and is no name: `KVZ-Remservis, AO`, `Air Bagan Holdings, Ltd.`; in
# other letters, a few capitals.
_LEGAL_FORM = re.compile(
    r"(?:Ltd|Limited|Inc|Co|Corp|LLC|LLP|PLC|LP|AG|GmbH|S\.?A|[COP]?JSC|[ZOP]?AO|OOO|TOV|F[GS]UP)"
    r"\b\.?(?: (?:Ltd|LLC|Co)\b\.?)?",
    re.IGNORECASE,
)
_LEGAL_FORM_LENGTH = 4
_ARTICLE = re.compile(r"^(?:the |l['\u2019])")


def entity_names(printed: str) -> tuple[str, list[Name]]:
    """The name of an organisation or ship, and those that stand beside it in the same text."""
    english, french = _halves(_ALSO_KNOWN.sub("a.k.a. ", printed))
    others = [Name(text=french, kind="alias")] if french is not None else []
    others += [Name(text=text, kind="alias") for text in _bracketed(english)]
    return english, others


def person_names(given: str | None, last: str | None) -> tuple[str, list[Name]]:
    """`Given LAST`, and the name with the surname that stands in brackets: `DIKIY (DIKY)`."""
    brackets = _LAST_NAME_IN_BRACKETS.fullmatch(last or "")
    if brackets is None:
        return " ".join(filter(None, (given, last))), []
    first, second = (" ".join(filter(None, (given, brackets[part]))) for part in (1, 2))
    return first, [Name(text=second, kind="alias")]


def alias_names(lines: tuple[str, ...], *, is_person: bool) -> Iterator[Name]:
    """The aliases of a record, parted by what parts them.

    That is a line break, a semicolon, ` or `, a stroke between spaces or before the French, the
    name of a language with a colon; ` and ` between names not in Latin letters; and a comma,
    unless what follows is a legal form or begins in small letters, as one name's words do. One
    word alone is a weak alias of a person: a given name, a surname or a nom de guerre.
    """
    for line in lines:
        for text, language in _spoken(_ALSO_KNOWN.sub(";", line)):
            for piece in _pieces(text):
                kind: NameKind = "weak_alias" if is_person and " " not in piece else "alias"
                yield Name(text=piece, kind=kind, language=language)


def _spoken(line: str) -> Iterator[tuple[str, str | None]]:
    """`X, Russian: Y` → `X`, and `Y` with its language."""
    start, language = 0, None
    for mark in _LANGUAGE.finditer(line):
        yield line[start : mark.start()], language
        start, language = mark.end(), mark["language"]
    yield line[start:], language


def _pieces(text: str) -> Iterator[str]:
    for part in split_names(text):
        for alternative in _OR.split(part):
            for side in filter(None, _halves(alternative)):
                for name in _commas(side):
                    yield from filter(None, map(_closed, _parted(name)))


def _parted(name: str) -> list[str]:
    """The halves of a name, or what ` and ` parts where no side is in Latin letters."""
    sides = _AND.split(name)
    if not any(map(is_latin, sides)):
        return sides
    return [half for half in _halves(name) if half is not None]


def _commas(text: str) -> list[str]:
    """The names between commas outside brackets; the text whole where they part no names."""
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


def _halves(text: str) -> tuple[str, str | None]:
    """`Iranian Army/Armée iranienne` → both; the text and None where a stroke parts no halves."""
    english, stroke, french = _outer(text).partition("\0")
    if not stroke or "\0" in french or not _FRENCH.search(french) or _NO_ENGLISH.search(english):
        return tidy(text), None
    return tidy(english), tidy(french)


def _outer(text: str) -> str:
    """The text with the strokes outside brackets marked."""
    depth, letters = 0, list[str]()
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        letters.append("\0" if letter == "/" and depth == 0 else letter)
    return "".join(letters)


def _bracketed(name: str) -> tuple[str, ...]:
    match = _IN_BRACKETS.fullmatch(name)
    if match is None or "/" in match["inside"]:
        return ()
    return match["name"], match["inside"]


def _closed(text: str) -> str:
    """The text without brackets that have lost their other half; blank where nothing is left."""
    whole = text.strip(" ,;")
    if whole.count("(") > whole.count(")"):
        whole = whole.removeprefix("(")
    elif whole.count(")") > whole.count("("):
        whole = whole.removesuffix(")")
    return whole.strip(" ,;") if any(map(str.isalnum, whole)) else ""


# --- The records of the Canadian list in its three layouts, read strictly and one at a time.

_RECORD = ("data-set", "record")
# Each part by the names it has had: since August 2026, from 2023 on, and before.
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


class SemaRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One record; texts as printed with single spaces, `aliases` one text for each line.

    `where` is its place in a refusal: the number of the record in the file, from 1.
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


def read_records(list_code: str, content: bytes) -> Iterator[SemaRecord]:
    """The records in printed order; each is let go before the next is read.

    Raises:
        ListRefusedError: not well-formed (with line and column), with a document type or entity
            declarations, or another list.
        RowRefusedError: an unknown element, one that stands twice, or a record without country.
    """
    number = 0
    for path, element in read_elements(list_code, content, (_RECORD,)):
        if path != _RECORD:
            ElementRow(path[0], element).close()
            continue
        number += 1
        # A line break is the only thing that parts some aliases, and a row knows only spaces.
        printed = [part.text or "" for part in element if local_name(part.tag) in _ALIASES]
        yield _record(ElementRow(f"record {number}", element), "\n".join(printed))


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


def _lines(aliases: str) -> tuple[str, ...]:
    """The lines of a text; one that begins in small letters goes on with the line before."""
    lines = list[str]()
    for line in (" ".join(line.split()) for line in aliases.split("\n")):
        if lines and line[:1].islower():
            lines[-1] += f" {line}"
        elif line:
            lines.append(line)
    return tuple(lines)


def _find(row: ElementRow, tags: tuple[str, ...]) -> str | None:
    found = [text for tag in tags if (text := row.find(tag)) is not None]
    if len(found) > 1:
        raise RowRefusedError(row.where, f"{tags[-1]} stands under {len(found)} names")
    return found[0] if found else None


# --- A record of the Canadian list as a listing.

LIST_CODE = "ca_sema"
SOURCE_URL = (
    "https://www.international.gc.ca/world-monde/international_relations-relations_internationales"
    "/sanctions/consolidated-consolide.aspx"
)
# One regulation has been printed in several ways over the years; the register and the ids know
# it by the first. By the English half; all others stay as printed.
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


def listing_of(record: SemaRecord) -> tuple[str, Listing]:
    """The key and the listing, with an empty id that its whole list is needed for.

    Canada gives no numbers that last: an item is renumbered when one before it goes. So the key
    is made of the regulation and the name. `programmes` is that regulation, named by its country;
    it is not the party's country, and the list prints none, so `countries` is empty.

    Raises:
        RowRefusedError: no name, both a person's and an entity's, or a day that cannot be read.
    """
    is_person = record.last_name is not None or record.given_name is not None
    if is_person == (record.entity is not None):
        reason = "has no name" if record.entity is None else "names both a person and an entity"
        raise RowRefusedError(record.where, reason)
    primary, beside = (
        entity_names(record.entity)
        if record.entity is not None
        else person_names(record.given_name, record.last_name)
    )
    programme = _programme(record.country)
    aliases = alias_names(record.aliases, is_person=is_person)
    listing = Listing(
        id="",
        list_code=LIST_CODE,
        names=collect_names(primary, (*beside, *aliases)),
        entity_type=_entity_type(record),
        identifiers=_identifiers(record),
        programmes=(programme,),
        citations=_citations(record),
        listed_on=read_day(record.where, "DateOfListing", record.listed),
        facts=tuple(_facts(record)),
        source_url=SOURCE_URL,
        information_url=SOURCE_URL,
    )
    return key_of_name(f"{programme}: {primary}"), listing


def _programme(country: str) -> str:
    english = country.partition("/")[0].strip()
    return _PROGRAMMES.get(english, country)


def _entity_type(record: SemaRecord) -> EntityType:
    if record.entity is None:
        return "person"
    # Only ships have a number, and the title of an entity is the type of a ship.
    return "organisation" if record.imo_number is None and record.title is None else "vessel"


def _identifiers(record: SemaRecord) -> tuple[Identifier, ...]:
    if record.imo_number is None:
        return ()
    return (Identifier(kind="IMO number", value=record.imo_number),)


def _citations(record: SemaRecord) -> tuple[str, ...]:
    """`Russia / Russie, Schedule 1, Part 1, item 94`: the place in the regulation."""
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


__all__ = ["FORMATS", "LIST_CODE", "parse_xml"]


def parse_xml(content: bytes) -> tuple[ParsedEdition, ...]:
    """The one edition of the file, which names no day of its own.

    The file is read in the layout of 2022, that of 2023 to 2026 with ships and days of listing,
    and the one since August 2026 with bilingual elements.

    Raises:
        ListRefusedError: not the Canadian list, not well-formed (with line and column), with
            entity declarations, or without a single record.
        RowRefusedError: an element is missing, unknown or unreadable; its place is the number of
            the record in the file.
    """
    refuse_other_files(LIST_CODE, content)
    keyed = [listing_of(record) for record in read_records(LIST_CODE, content)]
    if not keyed:
        raise ListRefusedError(LIST_CODE, "the file has no entries")
    listings = give_ids(LIST_CODE, keyed)
    return (ParsedEdition(list_code=LIST_CODE, published_on=None, listings=listings),)


def _is_xml(file: GivenFile) -> bool:
    return root_of(file.head)[1] == "data-set"


FORMATS = (
    Format(
        word="ca_xml",
        source=LIST_CODE,
        title="sema-lmes.xml",
        tells=_is_xml,
        read=one_file(parse_xml),
    ),
)
"""What Global Affairs Canada publishes."""
