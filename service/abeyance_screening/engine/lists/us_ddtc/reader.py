"""The reader of the parties debarred under the Arms Export Control Act, in DDTC's two files.

Source: https://www.pmddtc.state.gov/ddtc_public/ddtc_public?id=ddtc_kb_article_page&sys_id=c22d1833dbb8d300d0a370131f9619f0
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, datetime
from functools import partial

import msgspec

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.listing import EntityType, Fact, Listing, Name
from abeyance_screening.engine.lists.reading.days import read_american_day, read_citations
from abeyance_screening.engine.lists.reading.files import Format, GivenFile
from abeyance_screening.engine.lists.reading.names import collect_names, every_name
from abeyance_screening.engine.lists.reading.records import Row, key_of_name, one_edition
from abeyance_screening.engine.lists.reading.tables import (
    Cell,
    is_workbook_with,
    read_rows,
    read_sheet,
    text_of,
)
from abeyance_screening.engine.lists.reading.texts import line_of, read_text
from abeyance_screening.engine.lists.reading.unknown_parts import Rescued, read_records
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError

# --- Names as DDTC prints them: family name first, followed by other names.

# `(a.k.a. …`, `(aka …`, `(a/k/a …`, and without brackets after a semicolon or, in two rows, a tab.
_MARK = re.compile(
    r"(?!(?<=\s)\s)\s*+(?:[;,]\s*+)?(?:\(\s*+)?\b(?P<word>[af])(?:\.\s?k\.\s?a|/k/a|ka)\b\.?:?\s*+",
    re.IGNORECASE,
)
_BETWEEN_PARTIES = re.compile(
    r";\s+|,\s+and\s+|(?<=\bS\.A),\s+|(?<=\bS\.A\.),\s+|(?<=\bLtd\.)\s+and\s+|(?<=\bInc\.)\s+and\s+"
)


def split_aliases(printed: str) -> tuple[str, tuple[Name, ...]]:
    """Split `X (a.k.a. Y; Z)` into `X` and the other names, aliases or former names as marked."""
    mark = _MARK.search(printed)
    if mark is None or mark.start() == 0:
        return printed, ()
    marked = printed[mark.start() :]
    return printed[: mark.start()], tuple(_aliases(marked))


def turned(name: str) -> str:
    """Return a name in trade.gov's order: `Edwin Acety` for `Acety, Edwin`.

    trade.gov makes `Ramon Jr. Andrade` from `Andrade, Jr., Ramon`, and leaves a name that ends in
    `, Inc.` unchanged; any other company name with a comma is reordered too (`Ltd. Euro Optics`).
    """
    parts = name.split(", ")
    return name if parts[-1] == "Inc." else " ".join(reversed(parts))


def parties_of(printed: str) -> tuple[str, ...]:
    """Return the parties of a row that names several, a company and its head; else nothing."""
    parts = tuple(part for text in _BETWEEN_PARTIES.split(printed) if (part := text.strip()))
    return parts if len(parts) > 1 else ()


def _aliases(marked: str) -> Iterator[Name]:
    """Yield the names after the first mark; a mark may precede each, or hold for all of them."""
    former = False
    for text in marked.split(";"):
        mark = _MARK.match(text)
        if mark is not None:
            former = mark["word"] in "fF"
        name = text[0 if mark is None else mark.end() :].strip()
        if name.count(")") > name.count("("):
            name = name.removesuffix(")").rstrip()
        if name:
            yield Name(text=name, kind="former" if former else "alias")


# --- Debarments as DDTC's two files print them, and their listings.

LIST_CODE = "us_ddtc"
BIRTH = "Date Of Birth"
STATUTORY_COLUMNS = (
    "Party Name",
    BIRTH,
    "Federal Register Notice",
    "Notice Date",
    "Corrected Notice",
    "Corrected Notice Date",
)
ADMINISTRATIVE_COLUMNS = (
    "Name",
    "Date",
    "Charging Letter",
    "Debarment Order",
    "Federal Register Notice",
)
_SOURCE_URL = "https://www.pmddtc.state.gov/ddtc_public?id=ddtc_kb_article_page&sys_id=c22d1833dbb8d300d0a370131f9619f0"
STATUTORY, ADMINISTRATIVE = "statutory", "administrative"
_NAME_COLUMNS = {STATUTORY: "Party Name", ADMINISTRATIVE: "Name"}


type _AnyRow = Row[str] | Row[Cell]


class DebarmentRow(msgspec.Struct, frozen=True):
    """A row of either file that is not read yet; `programme` is the kind of its file."""

    programme: str
    row: _AnyRow


class Debarment(msgspec.Struct, frozen=True, kw_only=True):
    """One row of either file."""

    names: tuple[Name, ...]
    programme: str
    listed_on: date | None
    citations: tuple[str, ...]
    facts: tuple[Fact, ...]
    entity_type: EntityType | None = None


def statutory_of(row: _AnyRow) -> Debarment:
    """Read a row of the statutory file; the debarment takes effect on the day of its notice.

    A row with a date of birth is a person; for any other row the type is unknown, because not
    every person's birth is printed.
    """
    name, aliases = split_aliases(_printed(row, "Party Name"))
    born = line_of(_take(row, BIRTH))
    notice, correction = _take(row, "Federal Register Notice"), _take(row, "Corrected Notice")
    debarment = Debarment(
        names=collect_names(name, aliases),
        programme=STATUTORY,
        listed_on=read_american_day(row.where, "Notice Date", _take(row, "Notice Date")),
        citations=read_citations(f"{notice}; {correction}"),
        facts=_facts(
            ("date_of_birth", born),
            ("federal_register_notice", _more_than_act(notice)),
            ("corrected_notice", line_of(correction)),
            ("corrected_notice_date", line_of(_take(row, "Corrected Notice Date"))),
        ),
        entity_type="person" if born else None,
    )
    row.close(text_of=text_of)
    return debarment


def administrative_of(row: _AnyRow) -> Debarment:
    """Read a row of the administrative file; several parties in a row are names of one listing.

    `Charging Letter` and `Debarment Order` are ignored: they print the size of a linked file.
    """
    printed = _printed(row, "Name")
    notice = _take(row, "Federal Register Notice")
    parties = parties_of(printed)
    debarment = Debarment(
        names=collect_names(printed, (Name(text=text, kind="alias") for text in parties)),
        programme=ADMINISTRATIVE,
        listed_on=read_american_day(row.where, "Date", _take(row, "Date")),
        citations=read_citations(notice),
        facts=_facts(("federal_register_notice", _more_than_act(notice))),
    )
    row.close(("Charging Letter", "Debarment Order"), text_of=text_of)
    return debarment


def listing_of(record: DebarmentRow) -> Listing:
    """Return the debarment as a listing with an empty id, which depends on the whole list."""
    read = statutory_of if record.programme == STATUTORY else administrative_of
    debarment = read(record.row)
    return Listing(
        id="",
        list_code=LIST_CODE,
        names=debarment.names,
        entity_type=debarment.entity_type,
        programmes=(debarment.programme,),
        citations=debarment.citations,
        listed_on=debarment.listed_on,
        facts=debarment.facts,
        source_url=_SOURCE_URL,
    )


def rescued_of(record: DebarmentRow) -> Rescued:
    """Return the names of a row that cannot be read."""
    printed = _printed_name(record)
    if record.programme == STATUTORY:
        name, aliases = split_aliases(printed)
        names = (name, *(alias.text for alias in aliases))
    else:
        names = (printed, *parties_of(printed))
    born = text_of(record.row.printed(BIRTH))
    return Rescued(
        names=every_name(names),
        list_code=LIST_CODE,
        entity_type="person" if born else None,
        programmes=(record.programme,),
    )


def key_of(record: DebarmentRow) -> str:
    """Return the key for the id: a digest of the name in trade.gov's order."""
    printed = _printed_name(record)
    if record.programme == STATUTORY:
        printed = turned(split_aliases(printed)[0])
    return key_of_name(printed)


def _printed_name(record: DebarmentRow) -> str:
    return line_of(text_of(record.row.printed(_NAME_COLUMNS[record.programme])))


def _take(row: _AnyRow, column: str) -> str:
    """Return a cell as text, a day as `4/25/2018`.

    DDTC prints only the month of a birth, in all 479 rows that have one. A first day of a month
    is therefore what Excel makes of `November, 1975`, and becomes that text again.
    """
    cell = row.take(column)
    if not isinstance(cell, datetime):
        return text_of(cell)
    if column == BIRTH and cell.day == 1:
        return f"{cell:%B, %Y}"
    return f"{cell.month}/{cell.day}/{cell.year}"


def _printed(row: _AnyRow, field: str) -> str:
    name = line_of(_take(row, field))
    if not name:
        raise RowRefusedError(row.where, f"{field} is blank")
    return name


def _more_than_act(notice: str) -> str:
    """Return the notice as printed where it says more than the act cited, else ""."""
    text = line_of(notice)
    return "" if "; ".join(read_citations(text)) == text else text


def _facts(*printed: tuple[str, str]) -> tuple[Fact, ...]:
    return tuple(Fact(kind=kind, value=value) for kind, value in printed if value)


# --- The two files of an edition.

_SET_LENGTH = 2
_STATUTORY_SIGN, _ADMINISTRATIVE_SIGN = "Party Name", "Debarment Order"


class _Form(msgspec.Struct, frozen=True):
    """How files of one form are read: `rows` reads a file, `has` looks for a word in it."""

    rows: Callable[[GivenFile, Collection[str]], Sequence[_AnyRow]]
    has: Callable[[GivenFile, str], bool]


def parse_files(files: tuple[GivenFile, ...]) -> tuple[ParsedEdition, ...]:
    """Read the statutory and the administrative CSV file, in either order, into one edition.

    A listing is one row; its programme is `statutory` or `administrative`. The files give no
    publication day. Ids are made from the name as trade.gov's Consolidated Screening List prints
    it. One file alone is refused, because the parties in the other would count as removed.
    """
    return _parse(_CSV, files)


def parse_workbooks(files: tuple[GivenFile, ...]) -> tuple[ParsedEdition, ...]:
    """Read the statutory and the administrative workbook into one edition, like `parse_files`."""
    return _parse(_XLSX, files)


def _parse(form: _Form, files: tuple[GivenFile, ...]) -> tuple[ParsedEdition, ...]:
    kinds = [form.has(file, _STATUTORY_SIGN) for file in files]
    if len(files) != _SET_LENGTH or sum(kinds) != 1:
        given = " and ".join(file.name for file in files)
        reason = (
            f"one edition is the statutory and the administrative file together; given: {given}"
        )
        raise ListRefusedError(LIST_CODE, reason)
    statutory, administrative = files if kinds[0] else files[::-1]
    # the long file last: its end is then the end of the list, where a cut is looked for
    records = (
        *_records(form, ADMINISTRATIVE, administrative),
        *_records(form, STATUTORY, statutory),
    )
    keyed = [
        (key_of(record), listing)
        for record, listing in read_records(records, listing_of, rescued_of)
    ]
    return one_edition(LIST_CODE, keyed)


def _records(form: _Form, kind: str, file: GivenFile) -> list[DebarmentRow]:
    rows = form.rows(file, _COLUMNS[kind])
    if not rows:
        raise ListRefusedError(LIST_CODE, f"{file.name} has no entries")
    for row in rows:
        row.where = f"{kind}, {row.where}"
    return [DebarmentRow(kind, row) for row in rows]


def _csv_rows(file: GivenFile, columns: Collection[str]) -> Sequence[_AnyRow]:
    return list(read_rows(LIST_CODE, read_text(LIST_CODE, _in_utf8(file.content)), columns))


def _in_utf8(content: bytes) -> bytes:
    """Return a csv file in UTF-8: DDTC's own are in a Western encoding of one byte a character.

    In June 2026 one character was not of ASCII, a space after a citation.
    """
    try:
        _ = content.decode("utf-8")
    except UnicodeDecodeError:
        # A NUL shows an encoding of several bytes a character, which is refused.
        return content if b"\x00" in content else content.decode("latin-1").encode()
    return content


def _sheet_rows(file: GivenFile, columns: Collection[str]) -> Sequence[_AnyRow]:
    return read_sheet(LIST_CODE, file.content, columns)


def _header_has(file: GivenFile, word: str) -> bool:
    return word in file.head.partition("\n")[0]


def _workbook_has(file: GivenFile, word: str) -> bool:
    return is_workbook_with(file, (word,))


def _is_either(form: _Form, file: GivenFile) -> bool:
    return form.has(file, _STATUTORY_SIGN) or form.has(file, _ADMINISTRATIVE_SIGN)


_COLUMNS = {STATUTORY: STATUTORY_COLUMNS, ADMINISTRATIVE: ADMINISTRATIVE_COLUMNS}
_CSV, _XLSX = _Form(_csv_rows, _header_has), _Form(_sheet_rows, _workbook_has)
FORMATS = (
    Format(
        word="ddtc_xlsx",
        source=LIST_CODE,
        title="the statutory and the administrative debarments, two XLSX workbooks",
        tells=partial(_is_either, _XLSX),
        read=parse_workbooks,
        several=True,
    ),
    Format(
        word="ddtc_csv",
        source=LIST_CODE,
        title="the statutory and the administrative debarments, two CSV files",
        tells=partial(_is_either, _CSV),
        read=parse_files,
        several=True,
    ),
)
"""The format in which DDTC publishes the list, and the same tables as CSV."""
