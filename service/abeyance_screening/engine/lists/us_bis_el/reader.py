"""The reader of the Entity List, as the eCFR publishes it: 15 CFR part 744, Supplement No. 4.

Source: https://www.ecfr.gov/current/title-15/part-744/appendix-Supplement%20No.%204%20to%20Part%20744
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from xml.etree.ElementTree import Element

import msgspec

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.listing import Address, Fact, Listing
from abeyance_screening.engine.lists.reading.countries import country_code
from abeyance_screening.engine.lists.reading.days import find_day, read_citations
from abeyance_screening.engine.lists.reading.files import Format, one_file
from abeyance_screening.engine.lists.reading.names import collect_names, every_name
from abeyance_screening.engine.lists.reading.records import doubles, key_of_name, one_edition
from abeyance_screening.engine.lists.reading.texts import line_of, refuse_other_files
from abeyance_screening.engine.lists.reading.unknown_parts import (
    MOST_UNREAD,
    Rescued,
    may_hide_in,
    note_unknown,
    notes_are_taken,
    read_groups,
)
from abeyance_screening.engine.lists.reading.xml import events_in, root_of, xml_refused
from abeyance_screening.engine.lists.us_bis_el.cells import (
    EntityParty,
    country_at_end,
    read_parties,
)
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError

# --- The table in the supplement: its rows, their cells, and the notes below it.

COLUMNS = (
    "Country",
    "Entity",
    "License requirement",
    "License review policy",
    "Federal Register citation",
)
_HERE = "Supplement No. 4"
# Elements of the supplement outside its table: headings, the text of the rule, its history.
_PROSE = frozenset(
    {"HEAD", "HED", "HD1", "HD2", "HD3", "P", "FP", "FP-1", "FP-2", "PSPACE", "AUTH", "SOURCE"}
    | {
        "CITA",
        "EDNOTE",
        "EFFDNOT",
        "NOTE",
        "CROSSREF",
        "XREF",
        "FTNT",
        "APPRO",
        "SECAUTH",
        "STARS",
    }
)
_AROUND = frozenset({"DIV", "EXTRACT", "THEAD", "TBODY", "TFOOT"})
_BREAKS = frozenset({"BR", "P", "DIV"})
_RAISED = frozenset({"SU", "SUP", "FTREF"})
_PLAIN = frozenset({"I", "E", "B", "EM", "STRONG", "SUB", "SPAN", "XREF", "A"})
_NOTE_START = re.compile(r"(\d{1,2})\s+(?=\S)|\[(\d{1,2})\]\s*")
_RESERVED = re.compile(r"\[(?:Removed and )?Reserved\]", re.IGNORECASE)
_MARK = re.compile(r"\s*\d{1,2}\s*")
# What the other columns begin with, where a row has too few cells or too many.
_OTHER_COLUMN = re.compile(
    r"(?:for )?all items\b|(?:presumption|policy) of\b|case-by-case\b|see §|\d{2} FR \d",
    re.IGNORECASE,
)


class SupplementCell(msgspec.Struct, frozen=True):
    """A cell's text, with breaks as newlines, and the numbers of the footnotes it refers to.

    `text` includes superscript footnote numbers as the list's other publications print them
    (`734.9(g),3`); `bare` is the text without them. `unknown` are the tags that are not known, of
    the cell itself first, with their texts.
    """

    text: str
    bare: str
    marks: tuple[str, ...] = ()
    unknown: tuple[tuple[str, str], ...] = ()
    spans_rows: bool = False


class SupplementRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row as printed, below its table's `header`, that is neither a note nor empty.

    `country` is the row's own, or that of the last row above that names one.
    """

    where: str
    header: tuple[str, ...]
    country: str
    cells: tuple[SupplementCell, ...]

    @property
    def is_whole(self) -> bool:
        """Whether each cell is under its column."""
        return len(self.cells) == len(self.header)

    def cell(self, column: str) -> SupplementCell:
        """Return the cell of a column, in a row that is whole."""
        return self.cells[self.header.index(column.casefold())]


class EntityRow(msgspec.Struct, frozen=True, kw_only=True):
    """The cells of one row by their columns."""

    where: str
    country: str
    entity: SupplementCell
    requirement: SupplementCell
    policy: SupplementCell
    citation: SupplementCell


class SupplementTable(msgspec.Struct, frozen=True):
    """The rows that list somebody in printed order, and the texts of the footnotes by number."""

    rows: tuple[SupplementRow, ...]
    notes: dict[str, str]


def read_table(list_code: str, supplement: Element) -> SupplementTable:
    """Read all rows of the supplement, without empty and `[Reserved]` ones.

    The place of a row is `row 12`, counted below the header over all tables.
    """
    rows, notes, number, country = list[SupplementRow](), dict[str, str](), 0, ""
    tables = 0
    for part in _parts(supplement):
        if part.tag.upper() != "TABLE":
            notes |= _note(part)
            continue
        tables += 1
        for header, elements in _rows(list_code, part):
            number += 1
            cells = tuple(map(_cell, elements))
            if (note := _as_note(cells)) is not None:
                notes |= note
                continue
            country = _heading(header, cells) or country
            row = SupplementRow(where=f"row {number}", header=header, country=country, cells=cells)
            if _lists_somebody(row):
                rows.append(row)
    if not tables:
        raise ListRefusedError(list_code, "Supplement No. 4 has no table")
    return SupplementTable(tuple(rows), notes)


def entry_of(row: SupplementRow) -> EntityRow:
    """Return a row's cells by their columns."""
    _note_unknown_elements(row)
    if any(cell.spans_rows for cell in row.cells):
        raise RowRefusedError(row.where, "a cell spans several rows")
    if not row.is_whole:
        raise RowRefusedError(row.where, f"{len(row.cells)} of {len(row.header)} cells")
    _, entity, requirement, policy, citation = map(row.cell, COLUMNS)
    if not row.country:
        raise RowRefusedError(row.where, "neither this row nor one above it names a country")
    if not entity.bare.strip(" .*"):
        raise RowRefusedError(row.where, "the Entity cell is blank")
    known = _folded(COLUMNS)
    for name, cell in zip(row.header, row.cells, strict=True):
        if name not in known:
            text = " ".join(cell.text.split())
            note_unknown(row.where, f"column {name!r}", text, may_hide=may_hide_in(name))
    return EntityRow(
        where=row.where,
        country=row.country,
        entity=entity,
        requirement=requirement,
        policy=policy,
        citation=citation,
    )


def printed_parties(row: SupplementRow) -> list[EntityParty]:
    """Return the parties with a name in a row that cannot be read.

    Where its cells cannot be told apart, those count that may be the Entity cell.
    """
    cells = [row.cell("Entity")] if row.is_whole else list(_entity_cells(row))
    parties = [party for cell in cells for party in read_parties(cell.bare)]
    return [each for each in parties if any(map(str.isalpha, each.title + _aliases_of(each)))]


def _aliases_of(party: EntityParty) -> str:
    return "".join(alias.text for alias in party.aliases)


def _note_unknown_elements(row: SupplementRow) -> None:
    for place, cell in enumerate(row.cells):
        is_entity = not row.is_whole or row.header[place] == COLUMNS[1].casefold()
        for tag, text in cell.unknown:
            may_hide = "name" if is_entity else None
            note_unknown(row.where, f"element {tag!r} in a cell", text, may_hide=may_hide)


def _heading(header: tuple[str, ...], cells: tuple[SupplementCell, ...]) -> str:
    """Return the country of a row; the first of too few cells may be under another column."""
    place = header.index(COLUMNS[0].casefold()) if len(cells) == len(header) else 0
    printed = " ".join(cells[place].bare.split()) if cells else ""
    return printed if len(cells) >= len(header) or country_code(printed) else ""


def _lists_somebody(row: SupplementRow) -> bool:
    """Return whether a row lists a party: `[Reserved]` and a country alone do not."""
    if not row.is_whole:
        return any(cell.text for cell in row.cells)
    entity = row.cell("Entity").bare.strip(" .*")
    if not entity:
        return any(row.cell(column).text for column in COLUMNS[2:])
    return _RESERVED.fullmatch(entity) is None


def _entity_cells(row: SupplementRow) -> Iterator[SupplementCell]:
    """Yield the cells that may be the Entity cell: what precedes the licence requirement."""
    for cell in row.cells:
        line = " ".join(cell.bare.split()).strip(" .*")
        if _OTHER_COLUMN.match(line) is not None:
            return
        if line and country_code(line) is None and _RESERVED.fullmatch(line) is None:
            yield cell


def _parts(element: Element) -> Iterator[Element]:
    """Yield tables and prose in printed order, also from inside the elements that wrap them."""
    for child in element:
        tag = child.tag.upper()
        if tag == "TABLE" or tag in _PROSE:
            yield child
        elif tag in _AROUND:
            yield from _parts(child)
        else:
            _note_element(child)


def _note_element(element: Element) -> None:
    """Note an element of the supplement that is not known, which may be another kind of table."""
    rows = sum(each.tag.upper() in {"TR", "ROW"} for each in element.iter())
    if rows > MOST_UNREAD:
        raise RowRefusedError(_HERE, f"unknown element {element.tag!r}, with rows")
    text, may_hide = "".join(element.itertext()), "kind" if len(element) else None
    note_unknown(_HERE, f"element {element.tag!r}", text, may_hide=may_hide)


def _rows(list_code: str, table: Element) -> Iterator[tuple[tuple[str, ...], list[Element]]]:
    """Yield each row as its cells, the header first; further columns where notes are taken."""
    rows = _children(table)
    if not rows:
        raise ListRefusedError(list_code, "a table of Supplement No. 4 is empty")
    header = _header(rows[0])
    known = tuple(name for name in header if name in _folded(COLUMNS))
    is_longer = notes_are_taken() and not doubles(header)
    if known != _folded(COLUMNS) or (header != known and not is_longer):
        printed = " | ".join(header)
        reason = f"a table has other columns than the Entity List: {printed!r}"
        raise ListRefusedError(list_code, reason[:500])
    for row in rows[1:]:
        # Comparing the first cell alone is nearly always enough.
        if _header(row[:1]) == header[:1] and _header(row) == header:
            raise ListRefusedError(list_code, "the header row is repeated in a table")
        yield header, list(row)


def _children(table: Element) -> list[Element]:
    """Return the rows of a table."""
    rows, unknown = list[Element](), list[Element]()
    _sort_children(table, rows, unknown)
    for child in unknown:
        what, text = f"element {child.tag!r} in the table", "".join(child.itertext())
        if len(unknown) > MOST_UNREAD:
            raise RowRefusedError(_HERE, f"unknown {what}, one of {len(unknown)}")
        note_unknown(_HERE, what, text, may_hide="kind")
    return rows


def _sort_children(around: Element, rows: list[Element], unknown: list[Element]) -> None:
    for child in around:
        tag = child.tag.upper()
        if tag == "TR":
            rows.append(child)
        elif tag in _AROUND:
            _sort_children(child, rows, unknown)
        elif tag not in {"CAPTION", "COLGROUP", "COL"}:
            unknown.append(child)


def _header(row: Iterable[Element]) -> tuple[str, ...]:
    return _folded(" ".join("".join(cell.itertext()).split()) for cell in row)


def _folded(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name.casefold() for name in names)


def _cell(cell: Element) -> SupplementCell:
    is_known = cell.tag.upper() in {"TD", "TH"}
    spans_rows = cell.get("rowspan", "1").strip() != "1"
    if len(cell) == 0 and is_known and not spans_rows:
        # Most cells hold nothing but text.
        line = _on_one_line(cell.text or "").strip()
        return SupplementCell(line, line)
    printed = _Printed([], [], [], [])
    if not is_known:
        printed.unknown.append((cell.tag, _all_text(cell)))
    _collect(cell, printed)
    return SupplementCell(
        "".join(printed.text).strip(),
        "".join(printed.bare).strip(),
        tuple(dict.fromkeys(printed.marks)),
        tuple(printed.unknown),
        spans_rows,
    )


class _Printed(msgspec.Struct):
    """The parts of a cell in printed order."""

    text: list[str]
    bare: list[str]
    marks: list[str]
    unknown: list[tuple[str, str]]


def _collect(element: Element, printed: _Printed) -> None:
    """Add an element's text, with breaks as newlines, and its footnote marks to its cell's."""
    _append(element.text, printed)
    for child in element:
        tag = child.tag.upper()
        if tag in _RAISED and _MARK.fullmatch("".join(child.itertext()) or "-") is not None:
            mark = "".join(child.itertext()).strip()
            printed.marks.append(mark)
            printed.text.append(mark)
        elif tag in _PLAIN | _RAISED:
            _collect(child, printed)
        else:
            if tag not in _BREAKS:
                printed.unknown.append((child.tag, _all_text(child)))
            _break(printed)
            _collect(child, printed)
            _break(printed)
        _append(child.tail, printed)


def _all_text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _append(text: str | None, printed: _Printed) -> None:
    if text:
        line = _on_one_line(text)
        printed.text.append(line)
        printed.bare.append(line)


def _on_one_line(printed: str) -> str:
    """Return the text on one line: a line break in the file is no break in the cell."""
    return printed.replace("\r", " ").replace("\n", " ")


def _break(printed: _Printed) -> None:
    printed.text.append("\n")
    printed.bare.append("\n")


def _as_note(cells: tuple[SupplementCell, ...]) -> dict[str, str] | None:
    """Return the footnote, by its number, of a row with only a first cell; None for others."""
    filled = [cell for cell in cells if cell.text]
    if len(filled) != 1 or filled[0] is not cells[0]:
        return None
    return _numbered(filled[0].text) or None


def _note(prose: Element) -> dict[str, str]:
    """Return the footnote, by its number, that is printed below the table; empty for others."""
    return _numbered("".join(prose.itertext()))


def _numbered(printed: str) -> dict[str, str]:
    text = " ".join(printed.split())
    start = _NOTE_START.match(text)
    return {} if start is None else {start[1] or start[2]: text[start.end() :]}


# --- The supplement: finding it in the eCFR's XML, and the listings of its entries.

ROOTS = frozenset(
    {"DLPSTEXTCLASS", "ECFR", "ECFRBRWS", *(f"DIV{level}" for level in range(1, 10))}
)
_SUPPLEMENT = re.compile(r"supplement\s+no\.?\s*4\s+to\s+part\s+744", re.IGNORECASE)
_AMENDED = re.compile(r"([A-Z][a-z]{2})[a-z]*\.? (\d{1,2}), (\d{4})(?:\s*\([^()]*\))?")


class Supplement(msgspec.Struct, frozen=True):
    """The whole element of the supplement, and the day up to which its volume is amended.

    The day is None where the file does not give it, as in extracts from the versioner API.
    """

    element: Element
    amended_on: date | None


def read_supplement(list_code: str, content: bytes) -> Supplement:
    """Find Supplement No. 4 in the whole title, in a part, or in an extract of it alone.

    Nothing else is kept, so memory is bounded by the file and the supplement. The file is read to
    its end, so that a truncated file is refused.

    Source: https://github.com/usgpo/bulk-data/blob/main/ECFR-XML-User-Guide.md
    """
    with xml_refused(list_code):
        found = list(_supplements(list_code, content))
    if len(found) != 1:
        reason = f"Supplement No. 4 to Part 744 occurs {len(found)} times; once is expected"
        raise ListRefusedError(list_code, reason)
    return found[0]


def _supplements(list_code: str, content: bytes) -> Iterator[Supplement]:
    stack, amended, inside = list[Element](), "", 0
    for event, element in events_in(content):
        if event == "start":
            if not stack and element.tag not in ROOTS:
                reason = f"the XML is a {element.tag!r}, not of the eCFR"
                raise ListRefusedError(list_code, reason)
            stack.append(element)
            inside += bool(inside) or _is_supplement(element)
            continue
        stack.pop()
        if inside:
            inside -= 1
            if inside:
                continue
            yield Supplement(element, _day(list_code, amended))
        elif element.tag == "AMDDATE":
            # Each volume of a title has one, before its text.
            amended = "".join(element.itertext())
        if stack:
            stack[-1].remove(element)


def _is_supplement(element: Element) -> bool:
    return (
        element.tag == "DIV9" and _SUPPLEMENT.fullmatch(element.get("N", "").strip()) is not None
    )


def _day(list_code: str, printed: str) -> date | None:
    """Read the day of `Dec. 29, 2022(fm)`, which ends with the editor's initials."""
    text = " ".join(printed.split())
    if not text:
        return None
    match = _AMENDED.fullmatch(text)
    day = None if match is None else find_day(f"{match[2]} {match[1]} {match[3]}")
    if day is None:
        raise ListRefusedError(list_code, f"AMDDATE: {text!r} is not a day (Dec. 29, 2022)")
    return day


# --- The listings of an entry: the party, and the members that its entry names.

LIST_CODE = "us_bis_el"
SOURCE_URL = "https://www.ecfr.gov/current/title-15/part-744/appendix-Supplement%20No.%204%20to%20Part%20744"
INFORMATION_URL = "https://www.bis.gov/licensing/guidance-on-end-user-and-end-use-controls-and-us-person-controls"
# `CHINA, PEOPLE'S REPUBLIC OF` has 27 characters; a whole sentence is in the wrong column.
_LONGEST_HEADING = 60
# `KOREA, REPUBLIC OF`, and `CRIMEA REGION OF UKRAINE`.
_INVERTED = re.compile(r"(?P<name>[^,]+), (?P<ahead>.* of)", re.IGNORECASE)
_REGION = re.compile(r"^.*\b(?:region|part)s? of (?:the )?", re.IGNORECASE | re.MULTILINE)


def listings_of(entry: EntityRow, notes: Mapping[str, str]) -> Iterator[tuple[str, Listing]]:
    """Yield for each party the name that makes its id, and the listing with an empty id.

    `notes` are the texts of the footnotes by number. Requirement, policy, citations and footnotes
    of an entry hold for all parties in it. `countries` are the heading's and those at the ends of
    the addresses.
    """
    heading = _country(entry)
    acts = read_citations(line_of(entry.citation.text))
    facts = tuple(_facts(entry, acts, notes))
    requirement = _filled(entry, "License requirement", entry.requirement)
    policy = _filled(entry, "License review policy", entry.policy)
    for party in read_parties(entry.entity.bare):
        if not party.name:
            raise RowRefusedError(entry.where, f"no name in {entry.entity.bare[:80]!r}")
        addresses = tuple(_address(text, heading) for text in party.addresses)
        codes = [heading, *(address.country for address in addresses)]
        listing = Listing(
            id="",
            list_code=LIST_CODE,
            names=collect_names(party.name, party.aliases),
            addresses=addresses,
            countries=tuple(dict.fromkeys(filter(None, codes))),
            licence_requirement=requirement,
            licence_review_policy=policy,
            citations=acts,
            facts=(*_party_facts(party), *facts),
            source_url=SOURCE_URL,
            information_url=INFORMATION_URL,
        )
        yield party.title, listing


def _country(entry: EntityRow) -> str | None:
    """Return the heading's country, None where the words name none; they are kept as a fact."""
    printed = entry.country
    if len(printed) > _LONGEST_HEADING:
        raise RowRefusedError(entry.where, f"Country: {printed[:80]!r} is no country")
    inverted = _INVERTED.fullmatch(printed)
    forms = [printed, _REGION.sub("", printed), printed.partition(" (")[0]]
    if inverted is not None:
        forms += [f"{inverted['ahead']} {inverted['name']}", inverted["name"]]
    return next(filter(None, map(country_code, forms)), None)


def _address(text: str, heading: str | None) -> Address:
    """Return an address; where it does not end with a country, the heading's country counts."""
    return Address(text=text, country=country_at_end(text) or heading)


def _filled(entry: EntityRow, column: str, cell: SupplementCell) -> str:
    text = line_of(cell.text)
    if not text:
        raise RowRefusedError(entry.where, f"{column} is blank")
    return text


def _party_facts(party: EntityParty) -> Iterator[Fact]:
    if party.title not in {party.name, *(name.text for name in party.aliases)}:
        yield Fact(kind="entry_name", value=party.title)
    for text in party.scope:
        yield Fact(kind="extends_to", value=text)
    for text in party.alias_notes:
        yield Fact(kind="alias_note", value=text)
    for text in party.cross_references:
        yield Fact(kind="cross_reference", value=text)


def _facts(entry: EntityRow, acts: tuple[str, ...], notes: Mapping[str, str]) -> Iterator[Fact]:
    """Yield what else is printed, including the whole Entity cell, which is prose."""
    yield Fact(kind="country_heading", value=entry.country)
    yield Fact(kind="entry", value=line_of(entry.entity.bare))
    notice = line_of(entry.citation.text)
    if notice and "; ".join(acts) != notice:
        yield Fact(kind="federal_register_notice", value=notice)
    cells = (entry.entity, entry.requirement, entry.policy, entry.citation)
    for mark in dict.fromkeys(mark for cell in cells for mark in cell.marks):
        yield Fact(kind="footnote", value=": ".join(filter(None, (mark, notes.get(mark)))))


# --- The format.


def parse_xml(content: bytes) -> tuple[ParsedEdition, ...]:
    """Read the file into one edition; `published_on` is the day of its `AMDDATE`, if there is one.

    A listing is one party under one country, in printed order; a member listed inside a party's
    entry (`Affiliated entities:`) is a separate listing after the party. Ids are made from the
    names, as for the same list within the Consolidated Screening List.
    """
    refuse_other_files(LIST_CODE, content)
    supplement = read_supplement(LIST_CODE, content)
    table = read_table(LIST_CODE, supplement.element)
    reader = _RowReader(table.notes)
    keyed = list[tuple[str, Listing]]()
    for _, listings in read_groups(table.rows, reader.read, reader.rescue):
        keyed += zip(map(key_of_name, reader.titles), listings, strict=True)
    return one_edition(LIST_CODE, keyed, supplement.amended_on, lacks="the table has no entries")


class _RowReader:
    """The reader of one row after the other; `titles` make the ids of the last one's parties."""

    def __init__(self, notes: Mapping[str, str]) -> None:
        self._notes = notes
        self.titles = list[str]()

    def read(self, row: SupplementRow) -> list[Listing]:
        """Return the listings of a row."""
        pairs = list(listings_of(entry_of(row), self._notes))
        self.titles = [title for title, _ in pairs]
        return [listing for _, listing in pairs]

    def rescue(self, row: SupplementRow) -> list[Rescued]:
        """Return the parties of a row that cannot be read, each by its names."""
        parties = printed_parties(row)
        self.titles = [party.title or party.aliases[0].text for party in parties]
        names = [
            every_name((party.name, *(each.text for each in party.aliases))) for party in parties
        ]
        # Without any name, the row is counted as one that may hide some.
        return [Rescued(names=each, list_code=LIST_CODE) for each in names or [()]]


FORMATS = (
    Format(
        word="ecfr_xml",
        source=LIST_CODE,
        title="title 15 of the eCFR, or an extract with Supplement No. 4 to Part 744, as XML",
        tells=lambda file: root_of(file.head) in {("", root) for root in ROOTS},
        read=one_file(parse_xml),
    ),
)
"""The format in which the eCFR publishes the Entity List."""
