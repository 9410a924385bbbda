"""The files of the spreadsheet page: the table that is read, and the results that are written.

What is asked for is bytes, and so is the answer, because large files are read and written in a
process of their own, which imports nothing but what this module needs.
"""

import io
from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import batched, islice
from typing import Annotated, Literal

import msgspec

from abeyance_screening.engine.tables import (
    FIELDS,
    ColumnField,
    ColumnMap,
    Counts,
    EvidenceRow,
    FieldChoice,
    HowToRead,
    PartyRow,
    ResultWriter,
    Summary,
    Table,
    TableKind,
    kind_of,
    map_columns,
    map_table,
    open_table,
    result_writer,
)
from abeyance_screening.engine.tables.files import WorkbookLimits
from abeyance_screening.engine.tables.headers import heading_of
from abeyance_screening.engine.tables.read_report import (
    NO_HEADER_ROW,
    Tally,
    columns_read,
    is_headless,
    notes_of,
    reading_of,
)
from abeyance_screening.engine.tables.table import Cell, TableRow
from abeyance_screening.features.tables.saved_results import SavedEvidence
from abeyance_screening.primitives.choices import explained
from abeyance_screening.primitives.errors import BadInputError
from abeyance_screening.primitives.fair_scheduler import go_on

# --- The table: a file, pasted text, or rows that the browser sends back.

MAX_ROWS = 20_000
MAX_FILE_BYTES = 9_000_000
# Limits of a workbook: sixty columns in each row, half of them with a unique text; five times the
# rows, since formatted blank rows are common. openpyxl reads a workbook at these limits in 20 s.
ROOM = WorkbookLimits(
    unpacked_bytes=100_000_000,
    rows=5 * MAX_ROWS,
    cells=60 * MAX_ROWS,
    texts=25 * MAX_ROWS,
    others=25 * MAX_ROWS,
)
SAMPLE_ROWS = 3
PASTED = "pasted rows"

type CellSent = str | int | float | bool | list[object] | dict[str, object] | None


class RowSent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A row of a table on its way to the browser and back.

    `cells` are in the order of the columns. `faults` say, by the index of a cell, why it cannot be
    read; `fault` says why the whole row cannot.
    """

    number: int
    cells: tuple[CellSent, ...]
    faults: dict[str, str] = {}
    fault: str | None = None


class TableSent(msgspec.Struct, frozen=True, kw_only=True):
    """A whole table, with the guessed field of each column, in the order of the columns.

    `doubt` says what a person has to decide about the columns: that none could be the name, that
    several are, or that one looks like names that its header does not tell; None for nothing.
    `notes` are what was read beside them and what was left, in lines.
    """

    name: str
    described: str
    columns: tuple[str, ...]
    guessed: tuple[ColumnField | None, ...]
    doubt: str | None
    notes: tuple[str, ...] = ()
    rows: tuple[RowSent, ...]


def read_table(content: bytes, file_name: str | None) -> Table:
    """Read a table from the bytes of a file, or from pasted text where there is no file name.

    Raises:
        BadInputError: The table is empty, too large, or cannot be read.
    """
    if len(content) > MAX_FILE_BYTES:
        reason = f"has {len(content):,} bytes, more than the {MAX_FILE_BYTES:,} allowed"
        raise BadInputError("file", f"{reason}; use “abeyance screen” for larger files")
    kind: TableKind = "csv" if file_name is None else kind_of(file_name)
    return open_table(kind, content, HowToRead(), ROOM)


class TableRequest(msgspec.Struct, frozen=True):
    """A file's bytes, its name (None for pasted text), and the largest number of rows allowed."""

    content: bytes
    name: str | None
    most_rows: int


def read_file_request(request: bytes) -> bytes:
    """Read the table of a `TableRequest` in msgpack; see `read_sent`."""
    asked = msgspec.msgpack.decode(request, type=TableRequest)
    return read_sent(asked.content, asked.name, asked.most_rows)


def read_sent(content: bytes, file_name: str | None, most: int) -> bytes:
    """Read a table from the bytes of a file, and return it as the JSON of a `TableSent`.

    Rows are encoded one by one, so that other threads have their turn.

    Raises:
        BadInputError: The table is empty, too large, or cannot be read.
    """
    table = table_sent(read_table(content, file_name), file_name, most)
    head = msgspec.json.encode(msgspec.structs.replace(table, rows=()))
    rows = b",".join([msgspec.json.encode(each) for each in table.rows])
    return head.removesuffix(b"]}") + rows + b"]}"


def table_sent(table: Table, file_name: str | None, most: int = MAX_ROWS) -> TableSent:
    """Return a table in the form that is sent to the browser.

    Raises:
        BadInputError: The table ends early, or has more than `most` rows.
    """
    tally = Tally()
    rows = list[RowSent]()
    for row in limited(table.rows(), most):
        tally.see(row)
        rows.append(_row(row, table.columns))
    guessed, doubt = guess(table)
    reading = reading_of(table, (), tally)
    headless = (NO_HEADER_ROW,) if is_headless(table) else ()
    return TableSent(
        name=file_name or PASTED,
        described=table.described,
        columns=table.columns,
        guessed=guessed,
        doubt=doubt,
        rows=tuple(rows),
        notes=(*headless, *notes_of(reading)),
    )


def limited(rows: Iterator[TableRow], most: int) -> Iterator[TableRow]:
    """Yield the rows.

    Raises:
        BadInputError: There are more than `most` rows.
    """
    for count, row in enumerate(rows, start=1):
        if count > most:
            reason = f"has more than {most:,} rows; use “abeyance screen” for larger files"
            raise BadInputError("file", reason)
        yield row


def restore_table(described: str, columns: Sequence[str], rows: Sequence[RowSent]) -> Table:
    """Return a table made of the rows that the browser sent back.

    Raises:
        BadInputError: Two columns have the same name, or a row has too many or too few cells.
    """
    if len(set(columns)) < len(columns):
        raise BadInputError("columns", "has two columns of the same name")
    for row in rows:
        if row.fault is None and len(row.cells) != len(columns):
            reason = (
                f"row {row.number} has {len(row.cells)} cells, the table {len(columns)} columns"
            )
            raise BadInputError("rows", reason)
    made = [_made(row, columns) for row in rows]
    return Table(
        kind="csv",
        described=described,
        columns=tuple(columns),
        header_row=1,
        rows=lambda: iter(made),
    )


def map_chosen(columns: Sequence[str], fields: Sequence[ColumnField | None]) -> ColumnMap:
    """Map the columns to the fields that a person chose; no other field is guessed.

    Raises:
        BadInputError: No column is the name, or two columns have a field that only one may have.
    """
    chosen = [
        FieldChoice("unused" if field is None else field, column)
        for column, field in zip(columns, fields, strict=True)
    ]
    absent = [FieldChoice(field, None) for field in FIELDS if field not in (*fields, "unused")]
    return map_columns(columns, [*chosen, *absent])


def guess(table: Table) -> tuple[tuple[ColumnField | None, ...], str | None]:
    """Guess the field of each column from its header, and say what a person has to decide.

    A column whose header is unknown and whose cells look like names is guessed to be that of
    another party. The second value is None where there is nothing to decide.
    """
    try:
        by_header = map_table(table)
    except BadInputError:
        return tuple(_by_header(each) for each in table.columns), _NO_NAME
    found = map_table(table, with_names=True)
    fields: tuple[ColumnField | None, ...] = tuple(
        each.field for each in columns_read(table.columns, found)
    )
    return fields, _doubt(found, set(found.party) - set(by_header.party))


def _row(row: TableRow, columns: Sequence[str]) -> RowSent:
    if row.fault is not None:
        return RowSent(number=row.number, cells=(), fault=row.fault)
    cells = [row.cells.get(column, Cell(None)) for column in columns]
    return RowSent(
        number=row.number,
        cells=tuple(_sent(each) for each in cells),
        faults={
            str(place): each.fault for place, each in enumerate(cells) if each.fault is not None
        },
    )


def _sent(cell: Cell) -> CellSent:
    """Return the value of a cell for JSON; a decimal number as a string of the same digits."""
    return str(cell.value) if isinstance(cell.value, Decimal) else cell.value


def _made(row: RowSent, columns: Sequence[str]) -> TableRow:
    if row.fault is not None:
        return TableRow(number=row.number, cells={}, fault=row.fault)
    cells = {
        column: Cell(value, row.faults.get(str(place)))
        for place, (column, value) in enumerate(zip(columns, row.cells, strict=True))
    }
    return TableRow(number=row.number, cells=cells)


def _by_header(column: str) -> ColumnField | None:
    """Return the field of one column by its header alone; never the name."""
    field = heading_of(column).field
    return None if field == "name" else field


_NO_NAME = "No column header looks like a name: choose the column that contains it."


def _doubt(found: ColumnMap, by_cells: Collection[str]) -> str | None:
    """Return what a person has to decide about the columns of names."""
    told = [each for each in found.party if each not in by_cells]
    said = list[str]()
    if told:
        said.append(
            f"Several columns have names: {found.name} is read as the counterparty, and "
            f"{', '.join(told)} as further parties of the row, each screened by itself."
        )
    if by_cells:
        columns = ", ".join(each for each in found.party if each in by_cells)
        said.append(
            f"The cells of {columns} look like names, so they are read as further parties too."
        )
    return f"{' '.join(said)} Choose otherwise where that is wrong." if said else None


# --- The results: written from the rows that the browser sends, or from those kept here.

FileKind = Literal["xlsx", "csv"]
# The rows of evidence written at a time, so that other threads have their turn.
_AT_ONCE = 200


class ResultsRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The first line of a request to write results.

    Each further line is a row of JSON: first as many of `PartyRow` as `parties` says, then those
    of `EvidenceRow`.
    """

    kind: FileKind
    summary: Summary
    parties: Annotated[int, msgspec.Meta(ge=0)] = 0


class SavedFileRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A file wanted of kept results: all of them, or the parties at some places.

    `row_count` is that of the whole table; `parts` are the parties and the evidence of each part,
    as they are kept.
    """

    kind: FileKind
    row_count: int
    places: frozenset[str] | None
    parts: tuple[tuple[bytes, bytes], ...]


def request_in(lines: bytes) -> ResultsRequest:
    """Return the first line of a request to write results.

    Raises:
        BadInputError: It is none.
    """
    return decoded(lines[: lines.find(b"\n") + 1] or lines, ResultsRequest)


def lines_for(
    kind: FileKind, parties: Sequence[PartyRow], rows: Sequence[EvidenceRow], summary: Summary
) -> bytes:
    """Return the lines of a request to write results."""
    head = ResultsRequest(kind=kind, summary=summary, parties=len(parties))
    return msgspec.json.Encoder().encode_lines([head, *parties, *rows])


def file_of_lines(lines: bytes) -> bytes:
    """Write a file with every column of the evidence, from the lines of a `ResultsRequest`.

    Raises:
        BadInputError: A line cannot be read.
    """
    read = io.BytesIO(lines)
    wanted, stream = decoded(read.readline(), ResultsRequest), io.BytesIO()
    writer = result_writer(wanted.kind, stream)
    parties = (decoded(line, PartyRow) for line in islice(read, wanted.parties))
    _write_rows(writer, parties, (decoded(line, EvidenceRow) for line in read if line.strip()))
    writer.finish(wanted.summary)
    return stream.getvalue()


def write_saved(request: bytes) -> bytes:
    """Write the file that a `SavedFileRequest` in msgpack asks for; see `file_of_parts`."""
    return file_of_parts(msgspec.msgpack.decode(request, type=SavedFileRequest))


def file_of_parts(wanted: SavedFileRequest) -> bytes:
    """Write a file of kept results, one part after another.

    Raises:
        BadInputError: No row could be screened.
    """
    stream = io.BytesIO()
    writer = result_writer(wanted.kind, stream)
    numbers = [_write_part(writer, *part, wanted.places) for part in wanted.parts]
    writer.finish(_summary(numbers, wanted.row_count))
    return stream.getvalue()


def decoded[T](body: bytes, kind: type[T]) -> T:
    """Read JSON that a browser sent.

    Raises:
        BadInputError: It is not what was expected.
    """
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        raise BadInputError("body", explained(error, kind)[:300]) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadInputError("body", str(error)[:300]) from error


def _write_rows(
    writer: ResultWriter, parties: Iterable[PartyRow], rows: Iterable[EvidenceRow]
) -> None:
    """Write some rows of a file; `parties` are read to their end first."""
    for others in batched(parties, _AT_ONCE, strict=False):
        go_on()
        writer.add_parties(others)
    for some in batched(rows, _AT_ONCE, strict=False):
        go_on()
        writer.add(some)


def _write_part(
    writer: ResultWriter, parties: bytes, evidence: bytes, places: frozenset[str] | None
) -> tuple[Counts, Summary | None]:
    """Write the rows of one part, and return its counts and summary."""
    rows = msgspec.json.decode(parties, type=list[PartyRow])
    kept = msgspec.json.decode(evidence, type=SavedEvidence)
    chosen = [each for each in rows if places is None or each.place in places]
    numbers = {each.row for each in chosen}
    _write_rows(writer, chosen, (each for each in kept.rows if each.row in numbers))
    return kept.counts, kept.summary


def _summary(numbers: Iterable[tuple[Counts, Summary | None]], row_count: int) -> Summary:
    """Return the summary of all parts, that of an incomplete answer if there is one."""
    counts, first = Counts(), None
    for more, summary in numbers:
        counts = counts.with_counts(more)
        if summary is not None and (first is None or _is_complete(first)):
            first = summary
    if first is None:
        raise BadInputError("file", "no row could be screened, so there is nothing to write")
    read = first.read_as
    if counts.rows < row_count:
        left = f"Only {counts.rows:,} of {row_count:,} rows were screened."
        read = (*read, left)
    return msgspec.structs.replace(first, counts=counts, read_as=read)


def _is_complete(summary: Summary) -> bool:
    return summary.coverage is None or summary.coverage.complete
