"""Read Annexes IV and XLII of Regulation 833/2014 and Annex V of Regulation 765/2006.

Annex IV names the parties to whom almost no licence for dual-use items and advanced technology is
given, in Russia and elsewhere; Annex XLII the ships that may not enter ports of the Union; Annex V
the parties in Belarus. The newer annexes are tables, the older ones lists of names.

Sources: https://eur-lex.europa.eu/eli/reg/2014/833 and https://eur-lex.europa.eu/eli/reg/2006/765
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial

import msgspec

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.eu_annexes.acts import (
    ActAnnex,
    ActTable,
    ConsolidatedAct,
    Lines,
    read_dotted_day,
    read_formex,
    read_html,
)
from abeyance_screening.engine.lists.listing import (
    Address,
    EntityType,
    Fact,
    Identifier,
    Listing,
    Name,
)
from abeyance_screening.engine.lists.reading.countries import country_code
from abeyance_screening.engine.lists.reading.files import Format, GivenFile, one_file
from abeyance_screening.engine.lists.reading.names import collect_names, split_names
from abeyance_screening.engine.lists.reading.pages import is_page
from abeyance_screening.engine.lists.reading.records import (
    Row,
    doubles,
    filled,
    give_ids,
    key_of_name,
    key_of_number,
)
from abeyance_screening.engine.lists.reading.unknown_parts import (
    Rescued,
    is_in_record,
    may_hide_in,
    note_unknown,
    read_records,
)
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError

# --- The cells of Annex IV: names, and identifying information.

# Labels of the cell with the names, each seen: `A.k.a:`, `A.k.a.:`, `Aka:`, `Alias:`, `Alsiases:`,
# `Local name:`, `Local names:`, `Chinese company name:`, `Shenzhen branch:`.
_NAME_LABEL = re.compile(
    r"(?<!\S)(?:a\.?k\.?a\.?|alias(?:es)?|alsiases|local names?|chinese company name"
    r"|shenzhen branch):\s*",
    re.IGNORECASE,
)
# `Novosibirsk Cartridge Plant, JSC (alias: SIBFIRE), …`: what follows is a name too.
_IN_BRACKETS = re.compile(r"\((?:alias(?:es)?|a\.?k\.?a\.?):\s*([^()]*)\)[,;]?", re.IGNORECASE)
# Any other label begins a line: `Former name: X`.
_ANY_LABEL = re.compile(r"(?P<label>[^\W\d_][^:;()]{1,39}):\s+(?=\S)")
_FORMER = re.compile(r"\bformer", re.IGNORECASE)


def names_of(where: str, lines: Lines) -> tuple[Name, ...]:
    """Return the names in a cell, primary first: `X`, `A.k.a.: Y; Z`, `Local name: …`.

    A label may follow on the same line. A line without a label that begins with a bracket, or with
    a small letter, goes on with the line before; any other is a name of its own.
    """
    text = _IN_BRACKETS.sub(r"\nalias: \1\n", "\n".join(lines))
    first, *labelled = (_joined(part.split("\n")) for part in _NAME_LABEL.split(text))
    others = [name for part in (first[1:], *labelled) for line in part for name in _named_in(line)]
    if first:
        return collect_names(first[0], others)
    if not others:
        raise RowRefusedError(where, "the name is blank")
    return collect_names(others[0].text, others[1:])


def _named_in(line: str) -> Iterator[Name]:
    label = _ANY_LABEL.match(line)
    is_former = label is not None and _FORMER.search(label["label"]) is not None
    for text in split_names(line if label is None else line[label.end() :]):
        yield Name(text=text, kind="former" if is_former else "alias")


def _joined(lines: list[str]) -> list[str]:
    """Join lines that only go on with the line before, as after a break within brackets."""
    joined = list[str]()
    for line in filter(None, (each.strip() for each in lines)):
        if joined and (line.startswith("(") or line[0].islower()):
            joined[-1] += f" {line}"
        else:
            joined.append(line)
    return joined


# Labels of the cell with identifying information, and what becomes of the text after each.
_ADDRESS, _NUMBER = "address", "number"
_INFORMATION_LABEL = re.compile(
    r"(?<!\S)(?:(?P<address>address(?:\(es\)|es)?)|(?P<number>registration numbers?)"
    r"|(?P<website>websites?)|(?P<telephone>telephone(?:\(s\)|s)?|phones?)"
    r"|(?P<email>e-?mails?)|(?P<place_of_registration>place of registration))"
    r"(?::\s*|(?<=ite) (?=https?://))",
    re.IGNORECASE,
)
# `7704730655 (Tax ID/INN)`, `72201626 (BRN)`.
_NUMBERED = re.compile(r"(?P<number>[^()]*[^()\s])\s*\((?P<kind>[^()]*)\)")
# `Republic of Türkiye`, `Kingdom of Thailand`, `Democratic Socialist Republic of Sri Lanka`.
_REPUBLIC = re.compile(r"(?:[a-z ]*\brepublic|kingdom) of (?:the )?", re.IGNORECASE)


class Information(msgspec.Struct, frozen=True):
    """What a cell with identifying information says."""

    addresses: tuple[Address, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    facts: tuple[Fact, ...] = ()


def information_of(lines: Lines) -> Information:
    """Return the addresses, registration numbers and contacts in a cell.

    Text before the first label is an address: one entry prints it without its label. A line with a
    label that is not known becomes the fact `identifying_information`, as printed.
    """
    printed = list[tuple[str, str]]()
    text, unknown = _without_unknown(lines)
    place, kind = 0, _ADDRESS
    for label in _INFORMATION_LABEL.finditer(text):
        printed.append((kind, text[place : label.start()]))
        place, kind = label.end(), label.lastgroup or _ADDRESS
    printed.append((kind, text[place:]))
    values = [(kind, part) for kind, value in printed for part in filled(value.split(";"))]
    facts = [Fact(kind=kind, value=part) for kind, part in values if kind not in _OWN_FIELDS]
    facts += [Fact(kind="identifying_information", value=line) for line in unknown]
    return Information(
        addresses=tuple(_address(part) for kind, part in values if kind == _ADDRESS),
        identifiers=tuple(_identifier(part) for kind, part in values if kind == _NUMBER),
        facts=tuple(dict.fromkeys(facts)),
    )


_OWN_FIELDS = frozenset({_ADDRESS, _NUMBER})


def _without_unknown(lines: Lines) -> tuple[str, list[str]]:
    """Return the text of the lines, and apart from it the lines that begin with another label."""
    known, unknown = list[str](), list[str]()
    for line in lines:
        label = _ANY_LABEL.match(line)
        is_unknown = label is not None and _INFORMATION_LABEL.match(line) is None
        (unknown if is_unknown else known).append(line)
    return " ".join(known), unknown


def _address(text: str) -> Address:
    """Return an address with the country among its last two words: `Hong Kong, China` is HK."""
    last = (part.strip(" .0123456789-") for part in reversed(text.split(",")[-2:]))
    codes = [code for part in last if (code := _country(part)) is not None]
    return Address(text=text, country="HK" if "HK" in codes else next(iter(codes), None))


def _country(text: str) -> str | None:
    form = _REPUBLIC.match(text)
    return country_code(text) or (None if form is None else country_code(text[form.end() :]))


def _identifier(text: str) -> Identifier:
    match = _NUMBERED.fullmatch(text)
    if match is None:
        return Identifier(kind="Registration number", value=text)
    return Identifier(kind=match["kind"].strip() or "Registration number", value=match["number"])


# --- The annexes.

_RUSSIA, _BELARUS = "eu_annexes_833", "eu_annexes_765"
_URLS = {
    _RUSSIA: "https://eur-lex.europa.eu/eli/reg/2014/833",
    _BELARUS: "https://eur-lex.europa.eu/eli/reg/2006/765",
}
_BELARUS_LIST = "eu_765_v"
_ACTS = {_RUSSIA: "2014R0833", _BELARUS: "2006R0765"}
# Regulation (EU) 2024/1745 put Annex XLII in.
_FIRST_SHIPS = date(2024, 6, 25)
_PARTY_COLUMNS = ("number", "name", "identifying information", "date of listing")
_SHIP_COLUMNS = ("", "vessel name", "imo number", "grounds for inclusion", "date of application")
_ENTRY_NUMBER = re.compile(r"\d+[a-z]{0,2}")
_IMO = re.compile(r"(?:IMO\s*)?(\d{7})")
# `Jaguar (formerly Zaliv Amerika)`; one entry does not close the bracket.
_FORMERLY = re.compile(r"(?P<name>.*\S)\s*\(formerly:? (?P<former>[^()]+)\)?")
# The heading of a list of names may be an ordinary paragraph; what ends a name in such a list.
_HEADING = re.compile(r"\breferred to in articles?\b|^\[.*\]$|^part [a-z]\b", re.IGNORECASE)
# `191. Scientific-Production Enterprise …`; HTML has the number on a line of its own.
_ITEM = re.compile(r"(?P<number>\d+[a-z]{0,2})\.(?:\s+(?P<name>\S.*)|)")
_LIST_END = re.compile(r"(?:;(?: and| or)?|,)$")
# A sentence beside a table names no party.
_SENTENCE = re.compile(r"[.:]$")


class _NameLine(msgspec.Struct, frozen=True):
    """One name of a list of names, with the number before it, if there is one."""

    number: str | None
    text: str


def _parties(list_code: str, annex: ActAnnex) -> list[tuple[str, Listing]]:
    """Read Annex IV or V: a table, a list of names, or both.

    Most of the parties are organisations, some are persons; the annex does not say which. Ids are
    made of names: each time the annex was replaced, its entries were numbered anew.
    """
    rows = read_records(
        _rows(list_code, annex, _PARTY_COLUMNS),
        partial(_party, list_code),
        partial(_rescued, list_code, "name", None),
    )
    lines = read_records(
        _name_lines(annex), partial(_named, list_code), partial(_rescued_line, list_code)
    )
    found = (*(listing for _, listing in rows), *(listing for _, listing in lines))
    return [(key_of_name(listing.primary_name), listing) for listing in found]


def _party(list_code: str, row: Row[Lines]) -> Listing:
    number = _number(row, "number")
    information = information_of(row.take("identifying information"))
    listing = Listing(
        id="",
        list_code=list_code,
        names=names_of(row.where, row.take("name")),
        entry_id=number,
        addresses=information.addresses,
        countries=tuple(
            dict.fromkeys(filter(None, (each.country for each in information.addresses)))
        ),
        identifiers=information.identifiers,
        listed_on=_listed_on(row, "Date of listing"),
        facts=information.facts,
        source_url=_url(list_code),
    )
    row.close(text_of=" ".join)
    return listing


def _ships(list_code: str, annex: ActAnnex) -> list[tuple[str, Listing]]:
    for line in _name_lines(annex):
        _note_line(annex, line.text)
    records = read_records(
        _rows(list_code, annex, _SHIP_COLUMNS),
        partial(_ship, list_code),
        partial(_rescued, list_code, "vessel name", "vessel"),
    )
    keyed = list[tuple[str, Listing]]()
    for row, listing in records:
        imo = _IMO.fullmatch(" ".join(row.printed("imo number") or ()))
        key = key_of_name(listing.primary_name) if imo is None else key_of_number(imo[1])
        keyed.append((key, listing))
    return keyed


def _ship(list_code: str, row: Row[Lines]) -> Listing:
    number, printed = _number(row, ""), _one(row, "imo number")
    imo = _IMO.fullmatch(printed)
    if imo is None:
        raise RowRefusedError(row.where, f"IMO number: {printed!r} has not seven digits")
    listing = Listing(
        id="",
        list_code=list_code,
        names=ship_names(row.where, row.take("vessel name")),
        entity_type="vessel",
        entry_id=number,
        identifiers=(Identifier(kind="IMO number", value=imo[1]),),
        listed_on=_listed_on(row, "Date of application"),
        remarks=" ".join(row.take("grounds for inclusion")) or None,
        source_url=_url(list_code),
    )
    row.close(text_of=" ".join)
    return listing


def ship_names(where: str, lines: Lines) -> tuple[Name, ...]:
    """Return a ship's name, then its former ones: `Jaguar (formerly Zaliv Amerika)`."""
    if not lines:
        raise RowRefusedError(where, "the name is blank")
    match = _FORMERLY.fullmatch(" ".join(lines))
    if match is None:
        return names_of(where, lines)
    former = (Name(text=text, kind="former") for text in split_names(match["former"]))
    return collect_names(match["name"], former)


def _name_lines(annex: ActAnnex) -> Iterator[_NameLine]:
    """Yield the lines that name a party; beside a table only numbered ones, others are noted."""
    number: str | None = None
    for line in annex.lines:
        text = _LIST_END.sub("", line).strip()
        if not text or _HEADING.search(text):
            continue
        item = _ITEM.fullmatch(text)
        if item is not None:
            _note_number(annex, number)
            number, text = item["number"], item["name"]
        if text and annex.tables and number is None:
            _note_line(annex, text)
        elif text:
            yield _NameLine(number, text)
            number = None
    _note_number(annex, number)


def _note_number(annex: ActAnnex, number: str | None) -> None:
    if number is not None:
        note_unknown(f"Annex {annex.number}", "number without a name", number, may_hide="name")


def _note_line(annex: ActAnnex, text: str) -> None:
    may_hide = None if _SENTENCE.search(text) else "name"
    note_unknown(f"Annex {annex.number}", "line beside the table", text, may_hide=may_hide)


def _named(list_code: str, line: _NameLine) -> Listing:
    return Listing(
        id="",
        list_code=list_code,
        names=names_of(line.text, (line.text,)),
        entry_id=line.number,
        source_url=_url(list_code),
    )


def _rescued_line(list_code: str, line: _NameLine) -> Rescued:
    return Rescued(list_code=list_code, names=(line.text,), entry_id=line.number)


def _rescued(
    list_code: str, column: str, entity_type: EntityType | None, row: Row[Lines]
) -> Rescued:
    """Return a row that cannot be read, by its cell of names."""
    lines = row.printed(column) or ()
    names = ship_names if entity_type == "vessel" else names_of
    try:
        texts = [name.text for name in names(row.where, lines)]
    except RowRefusedError:
        texts = []
    return Rescued(list_code=list_code, names=texts, entity_type=entity_type)


def _rows(list_code: str, annex: ActAnnex, columns: tuple[str, ...]) -> Iterator[Row[Lines]]:
    """Yield the rows of an annex's tables, each part by its column's heading in small letters.

    A row with more or fewer cells than the header row has a fault; its name is the first cell
    with letters that is no number.
    """
    for table in annex.tables:
        header = _header(list_code, annex, table, columns)
        for place, cells in enumerate(table.rows[1:], start=1):
            where = f"Annex {annex.number}, row {place}"
            if tuple(map(_heading, cells)) == header:
                reason = f"the header row of Annex {annex.number} is repeated"
                raise ListRefusedError(list_code, reason)
            if len(cells) == len(header):
                yield Row(where, dict(zip(header, cells, strict=True)))
                continue
            named = next(filter(_has_words, cells), ())
            yield Row(where, {columns[1]: named}, fault=f"{len(cells)} of {len(header)} cells")


def _has_words(cell: Lines) -> bool:
    text = " ".join(cell).removesuffix(".")
    return any(map(str.isalpha, text)) and _ENTRY_NUMBER.fullmatch(text) is None


def _header(
    list_code: str, annex: ActAnnex, table: ActTable, columns: tuple[str, ...]
) -> tuple[str, ...]:
    header = tuple(map(_heading, table.rows[0])) if table.rows else ()
    missing = [column for column in columns if column not in header]
    faults = {"lacks the column": missing, "has a column twice:": doubles(header)}
    for fault, names in faults.items():
        if names:
            reason = f"a table of Annex {annex.number} {fault} {', '.join(map(repr, names))}"
            raise ListRefusedError(list_code, reason)
    return header


def _url(list_code: str) -> str:
    return _URLS[_BELARUS if list_code == _BELARUS_LIST else _RUSSIA]


def _heading(cell: Lines) -> str:
    return " ".join(cell).casefold()


def _number(row: Row[Lines], column: str) -> str | None:
    """Return an entry's number, which a refusal names; one of another form is noted."""
    printed = _one(row, column)
    number = printed.removesuffix(".").strip()
    if _ENTRY_NUMBER.fullmatch(number) is None:
        note_unknown(row.where, "number of an entry", printed or row.where)
        return None
    row.where = f"{row.where.partition(',')[0]}, No. {number}"
    return number


def _listed_on(row: Row[Lines], field: str) -> date | None:
    """Return the day in a column; one that cannot be read is noted."""
    printed = _one(row, field.casefold())
    try:
        return read_dotted_day(row.where, field, printed)
    except RowRefusedError:
        if not is_in_record():
            raise
        hidden = may_hide_in(printed)
        may_hide = "status" if hidden == "status" else None
        note_unknown(row.where, f"day in {field!r}", printed or row.where, may_hide=may_hide)
        return None


def _one(row: Row[Lines], column: str) -> str:
    return " ".join(row.take(column))


# --- The editions.

type _Reader = Callable[[str, str, bytes], ConsolidatedAct]
_ANNEXES = {
    _RUSSIA: (("eu_833_iv", "IV", _parties), ("eu_833_xlii", "XLII", _ships)),
    _BELARUS: ((_BELARUS_LIST, "V", _parties),),
}


def parse(source: str, read: _Reader, content: bytes) -> tuple[ParsedEdition, ...]:
    """Read a consolidated regulation into an edition for each annex; its day is in the text.

    Annex XLII is there since June 2024; an older text has no edition of it.
    """
    act = read(source, _ACTS[source], content)
    editions = list[ParsedEdition]()
    for list_code, number, entries in _ANNEXES[source]:
        if number == "XLII" and act.day < _FIRST_SHIPS:
            continue
        annex = act.annex(source, number)
        keyed = entries(list_code, annex)
        if not keyed:
            raise ListRefusedError(source, f"Annex {number} has no entries")
        listings = give_ids(list_code, keyed)
        edition = ParsedEdition(list_code=list_code, published_on=act.day, listings=listings)
        editions.append(edition)
    return tuple(editions)


def _is_html(act: str, file: GivenFile) -> bool:
    return is_page(file.head) and act in file.head


def _is_formex(act: str, file: GivenFile) -> bool:
    return "<CONS.ACT" in file.head and f'CONSLEG.REF="{act}"' in file.head


def _formats(source: str, word: str) -> Iterator[Format]:
    act = _ACTS[source]
    yield Format(
        word=f"{word}_html",
        source=source,
        title="the consolidated text in English, as HTML",
        tells=partial(_is_html, act),
        read=one_file(partial(parse, source, read_html)),
    )
    yield Format(
        word=f"{word}_formex",
        source=source,
        title="the consolidated text in English, as Formex XML",
        tells=partial(_is_formex, act),
        read=one_file(partial(parse, source, read_formex)),
    )


FORMATS = (*_formats(_RUSSIA, "eu_833"), *_formats(_BELARUS, "eu_765"))
"""The forms in which EUR-Lex publishes consolidated texts that the annexes are read from."""
