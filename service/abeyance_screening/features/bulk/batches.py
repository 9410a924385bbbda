"""Arrow record batches: the rows read from them, and the results written as them."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol, cast, runtime_checkable

import msgspec
import numpy as np
from arro3.core import (
    Array,
    DataType,
    Field,
    RecordBatch,
    RecordBatchReader,
    Schema,
    list_array,
    struct_array,
)
from arro3.core.types import ArrowArrayExportable, ArrowStreamExportable

from abeyance_screening.engine.measures.status import MeasureOnDay
from abeyance_screening.engine.screening.answer import (
    CounterpartyResult,
    FoundParty,
    Hit,
    PartyResult,
    ScreeningHead,
)
from abeyance_screening.engine.tables import (
    ColumnMap,
    Counts,
    FieldChoice,
    ReadRow,
    TableRow,
    UnreadableRow,
    map_columns,
)
from abeyance_screening.engine.tables.counterparties import read_whole
from abeyance_screening.engine.tables.read_report import Tally, unread_warnings, unsaid_columns
from abeyance_screening.engine.tables.table import EMPTY, Cell, cell_of, named_columns
from abeyance_screening.engine.tables.values import LOOKED_AT
from abeyance_screening.engine.wording import effect_in_words
from abeyance_screening.primitives.errors import BadInputError

# Batches of results have at most so many rows: with all evidence a row takes some 5 kB, and many
# times as much where a name is that of many parties. Arrow texts of one batch end at 2 GB.
ROWS_AT_ONCE = 1_000
UNREADABLE = "unreadable"
"""The outcome of a row that was not screened, beside those of answers."""
HEAD_KEY = "abeyance"
"""The key of a schema's metadata under which the `ScreeningHead` is, as JSON."""
type AnyRow = ReadRow | UnreadableRow


# --- Rows in.


# Texts and mappings can be iterated over as well.
_NO_BATCHES: tuple[type, ...] = (str, bytes, dict)


@runtime_checkable
class _Stream(ArrowStreamExportable, Protocol):
    """Whatever gives an Arrow stream."""


@runtime_checkable
class _OneBatch(ArrowArrayExportable, Protocol):
    """Whatever gives an Arrow array."""


class Batches(msgspec.Struct, frozen=True):
    """Record batches one after another, and the names of their columns where these are known."""

    names: tuple[str, ...] | None
    each: Iterator[RecordBatch]


def batches_in(data: object) -> Batches:
    """Return the record batches of a table, a stream, one batch, or any number of these in turn.

    Whatever speaks the Arrow C data interface is taken: tables, batches and readers of pyarrow and
    arro3, frames of polars and pandas, relations of DuckDB. None of these libraries is needed.

    Raises:
        BadInputError: The data is none of these; the field is `batches`.
    """
    if isinstance(data, _Stream):
        reader = _opened(RecordBatchReader.from_stream, data)
        return Batches(tuple(reader.schema.names), _read_from(reader))
    if isinstance(data, _OneBatch):
        batch = _opened(RecordBatch.from_arrow, data)
        return Batches(tuple(batch.column_names), iter((batch,)))
    if isinstance(data, Iterable) and not isinstance(data, _NO_BATCHES):
        return Batches(None, _each_in(data))
    reason = f"is a {type(data).__name__}: no Arrow table, record batch, or stream of them"
    raise BadInputError("batches", reason)


class BatchReading:
    """Reads rows from batches one after another; their numbers go on from one to the next."""

    def __init__(self, choices: Iterable[FieldChoice], first_row: int = 1) -> None:
        """Set the columns that the user chose, and the number of the first row."""
        self._choices = tuple(choices)
        self._number = first_row
        self._known: tuple[tuple[str, ...], ColumnMap] | None = None
        self._tally = Tally()

    def mapped(self, names: Sequence[str]) -> ColumnMap:
        """Return the columns of each field: as chosen, and the others by their names.

        Raises:
            BadInputError: As `map_columns`; the field is `columns`.
        """
        columns = named_columns(list(names))
        if self._known is None or self._known[0] != columns:
            self._known = columns, self._map(columns)
            self._tally.look_only_at(unsaid_columns(self._known[1]))
        return self._known[1]

    def _map(self, columns: tuple[str, ...]) -> ColumnMap:
        try:
            return map_columns(columns, self._choices)
        except BadInputError as error:
            raise BadInputError("columns", error.reason) from None

    def rows(self, batch: RecordBatch) -> Iterator[AnyRow]:
        """Return the rows of a batch, each as a counterparty or as unreadable.

        A row warns of each column that was left out though its cells look like names, as far as
        this batch and those before it show.

        Raises:
            BadInputError: The columns cannot be recognised.
        """
        mapped = self.mapped(batch.column_names)
        columns = named_columns(list(batch.column_names))
        self._look_at(batch.slice(0, min(batch.num_rows, LOOKED_AT)), mapped)
        warnings = unread_warnings(self._tally.holding_names)
        first, self._number = self._number, self._number + batch.num_rows
        read = frozenset(columns) - frozenset(mapped.unread)
        for row in _rows(batch, columns, read, first):
            whole = read_whole(row, mapped)
            if warnings and isinstance(whole, ReadRow):
                whole = msgspec.structs.replace(whole, warnings=(*whole.warnings, *warnings))
            yield whole

    def _look_at(self, batch: RecordBatch, mapped: ColumnMap) -> None:
        """Look at the cells of the columns that are left out, though nobody said so."""
        columns = named_columns(list(batch.column_names))
        for row in _rows(batch, columns, frozenset(unsaid_columns(mapped)), 1):
            self._tally.see(row)


def _rows(
    batch: RecordBatch, columns: Sequence[str], wanted: frozenset[str], first: int
) -> Iterator[TableRow]:
    """Yield the wanted columns of a batch as rows, which are numbered from `first` on."""
    found = [(place, each) for place, each in enumerate(columns) if each in wanted]
    cells = [_cells(batch.column(place)) for place, _ in found]
    names = [each for _, each in found]
    for number, row in enumerate(zip(*cells, strict=True), start=first):
        yield TableRow(number, dict(zip(names, row, strict=True)))


def slices_of(batch: RecordBatch, most: int = ROWS_AT_ONCE) -> Iterator[RecordBatch]:
    """Yield a batch in slices of at most that many rows, which share its memory."""
    for start in range(0, batch.num_rows, most):
        yield batch.slice(start, min(most, batch.num_rows - start))


def _read_from(reader: RecordBatchReader) -> Iterator[RecordBatch]:
    while (batch := _opened(lambda each: next(each, None), reader)) is not None:
        yield batch


def is_of_arrow(error: BaseException) -> bool:
    """Return whether an error says that data is no Arrow data, or no whole file.

    The library has no errors of its own, and for some files raises one that is no `Exception`.
    """
    return isinstance(error, ValueError | TypeError) or type(error).__name__ in _OF_ARROW


_OF_ARROW = frozenset({"Exception", "PanicException"})


def _each_in(data: Iterable[object]) -> Iterator[RecordBatch]:
    for each in data:
        yield from batches_in(each).each


def _opened[D, T](opening: Callable[[D], T], data: D) -> T:
    try:
        return opening(data)
    except BaseException as error:
        if not is_of_arrow(error):
            raise
        reason = f"cannot be read as record batches: {' '.join(str(error).split())[:200]}"
        raise BadInputError("batches", reason) from None


# Kinds of values that a cell may have, and lists and structs of them. Texts of times and durations
# are nobody's name or number, so they are faults in a column that is read.
_READ: tuple[Callable[[DataType], bool], ...] = (
    DataType.is_string,
    DataType.is_large_string,
    DataType.is_string_view,
    DataType.is_boolean,
    DataType.is_integer,
    DataType.is_floating,
    DataType.is_decimal,
    DataType.is_date,
    DataType.is_timestamp,
    DataType.is_null,
)
_LISTS: tuple[Callable[[DataType], bool], ...] = (
    DataType.is_list,
    DataType.is_large_list,
    DataType.is_fixed_size_list,
    DataType.is_dictionary,
)


class _NotFiniteError(Exception):
    """A number of floating point that is none, or infinite."""

    def __init__(self, value: float) -> None:
        super().__init__(f"has {value}, which is no number")


def _is_read(kind: DataType) -> bool:
    if any(is_one(kind) for is_one in _LISTS):
        return kind.value_type is not None and _is_read(kind.value_type)
    if DataType.is_struct(kind):
        return all(_is_read(each.type) for each in kind.fields)
    return any(is_one(kind) for is_one in _READ)


def _cells(column: Array) -> list[Cell]:
    """Return a column as cells; a value that no cell can have is a fault of its cell alone."""
    if not _is_read(column.type):
        return [Cell(None, f"has values of a kind that is not read: {column.type}")] * len(column)
    try:
        values = cast("list[object]", cast("object", column.to_pylist()))  # pyright: ignore[reportUnknownMemberType] - its stub says it is an array
    except (ValueError, OverflowError):
        return [_cell_at(column, place) for place in range(len(column))]
    return [_cell(each) for each in values]


def _cell_at(column: Array, place: int) -> Cell:
    try:
        return _cell(cast("object", column[place].as_py()))
    except (ValueError, OverflowError):
        return Cell(None, "has a value that cannot be read, such as a day after the year 9999")


def _cell(value: object) -> Cell:
    if value is None or value == "":
        return EMPTY
    if isinstance(value, str):
        return Cell(value)
    try:
        return cell_of(_plain(value))
    except _NotFiniteError as error:
        return Cell(None, str(error))


def _plain(value: object) -> object:
    """Return a value as JSON has it, days and times as texts; a struct without what is null."""
    match value:
        case datetime() | date():
            return str(value)
        case float():
            if not math.isfinite(value):
                raise _NotFiniteError(value)
            return Decimal(repr(value))
        case list():
            return [_plain(each) for each in cast("list[object]", value)]
        case dict():
            fields = cast("dict[str, object]", value)
            return {name: _plain(each) for name, each in fields.items() if each is not None}
        case _:
            return value


# --- Results out.


def _list_of(kind: DataType) -> DataType:
    return DataType.list(Field("item", kind))


_TEXT, _SCORE, _DAY = DataType.utf8(), DataType.float64(), DataType.date32()
_LISTING = DataType.struct(
    [
        Field("listing_id", _TEXT),
        Field("list_code", _TEXT),
        Field("name", _TEXT),
        Field("party", _TEXT),
        Field("found_by", _TEXT),
        Field("matched", _TEXT),
        Field("score", _SCORE),
        Field("owner", _TEXT),
    ]
)
_MEASURE = DataType.struct(
    [
        Field("listing_id", _TEXT),
        Field("measure_id", _TEXT),
        Field("title", _TEXT),
        Field("authority", _TEXT),
        Field("effect", _TEXT),
        Field("condition", _TEXT),
        Field("status", _TEXT),
        Field("as_of", _DAY),
        Field("since", _DAY),
        Field("until", _DAY),
        Field("next_change_on", _DAY),
        Field("next_change_to", _TEXT),
    ]
)
_COLUMNS = (
    Field("row", DataType.int64(), nullable=False),
    Field("id", _TEXT),
    Field("name", _TEXT),
    Field("outcome", _TEXT, nullable=False),
    Field("reason", _TEXT),
    Field("total", DataType.int32()),
    Field("best_score", _SCORE),
    Field("warnings", _list_of(_TEXT), nullable=False),
    Field("listings", _list_of(_LISTING), nullable=False),
    Field("measures", _list_of(_MEASURE), nullable=False),
)
_EVIDENCE = Field("result", _TEXT)
# The place of the outcome in a row.
_OUTCOME = 3
_EPOCH = date(1970, 1, 1).toordinal()


def schema_of(head: ScreeningHead, *, evidence: bool) -> Schema:
    """Return the schema of results, with what holds for all of them in its metadata.

    `evidence` says whether there is a column `result` with the whole answer as JSON.
    """
    columns = (*_COLUMNS, _EVIDENCE) if evidence else _COLUMNS
    return Schema(columns, metadata={HEAD_KEY: msgspec.json.encode(head).decode()})


class _Lists:
    """A column of lists, most of which are empty; only the others are kept, by their rows."""

    def __init__(self) -> None:
        self._rows = list[int]()
        self._lengths = list[int]()

    def note(self, row: int, length: int) -> None:
        """Note that the next list, with so many items, is that of a row; rows come in order."""
        self._rows.append(row)
        self._lengths.append(length)

    def of(self, items: Array, kind: DataType, row_count: int) -> Array:
        """Return the column, of the items of all lists one after another."""
        ends = np.zeros(row_count + 1, dtype=np.int32)
        ends[np.array(self._rows, dtype=np.int64) + 1] = self._lengths
        np.cumsum(ends, out=ends)
        return list_array(Array.from_numpy(ends), items, type=_list_of(kind))


class _Structs:
    """A column of lists of structs; a struct that several lists have is written once."""

    def __init__(self, kind: DataType) -> None:
        self._kind = kind
        self._structs = list[Sequence[object]]()
        self._picked = list[int]()
        self._lists = _Lists()

    def add(self, values: Sequence[object]) -> int:
        """Write a struct, and return its place."""
        self._structs.append(values)
        return len(self._structs) - 1

    def pick(self, row: int, places: Sequence[int]) -> None:
        """Have a row's list consist of the structs at these places."""
        self._picked.extend(places)
        self._lists.note(row, len(places))

    def array(self, row_count: int) -> Array:
        """Return the column."""
        fields = self._kind.fields
        columns = zip(*self._structs, strict=True) if self._structs else ((),) * len(fields)
        arrays = [
            _array(values, field.type) for values, field in zip(columns, fields, strict=True)
        ]
        places = Array(self._picked, type=DataType.int64())
        items = struct_array(arrays, fields=fields).take(places)
        return self._lists.of(items, self._kind, row_count)


type _Row = tuple[
    int, str | None, str | None, str, str | None, int | None, float | None, bytes | None
]


class ResultColumns:
    """The columns of a batch of results, filled row by row."""

    def __init__(self) -> None:
        self._rows = list[_Row]()
        self._warnings = list[str]()
        self._warned = _Lists()
        self._listings = _Structs(_LISTING)
        self._measures = _Structs(_MEASURE)
        # What many rows share, by its id in memory; it is kept here, so that no other gets the id.
        self._through: dict[int, tuple[FoundParty, list[int], list[int]]] = {}
        self._of_listing: dict[tuple[int, str], tuple[Sequence[MeasureOnDay], range]] = {}

    def add_unreadable(self, row: UnreadableRow) -> None:
        """Add a row that was not screened."""
        self._rows.append((row.number, row.id, row.name, UNREADABLE, row.reason, None, None, None))

    def add(self, read: ReadRow, result: CounterpartyResult, body: bytes | None) -> None:
        """Add a row with its answer, and that as JSON where it is wanted.

        The warnings of the row are among those of the answer.
        """
        party, hits, row = read.counterparty, result.hits, len(self._rows)
        best = max([each.score for each in hits]) if hits else None
        self._rows.append(
            (
                *(read.number, party.id, party.name, result.outcome, None),
                *(result.total, best, body),
            )
        )
        if result.warnings:
            self._warnings.extend([f"{each.field}: {each.reason}" for each in result.warnings])
            self._warned.note(row, len(result.warnings))
        if hits or result.parties or result.ownership is not None:
            self._add_listings(row, result)

    @property
    def counts(self) -> Counts:
        """How many rows there are, by outcome."""
        outcomes = Counter(each[_OUTCOME] for each in self._rows)
        return msgspec.convert({**outcomes, "rows": len(self._rows)}, Counts)

    def batch(self, schema: Schema) -> RecordBatch:
        """Return the rows as one batch, in the order in which they were added."""
        count = len(self._rows)
        numbers, ids, names, outcomes, reasons, totals, scores, results = zip(
            *self._rows, strict=True
        )
        columns = {
            "row": Array(numbers, type=DataType.int64()),
            "id": Array(ids, type=_TEXT),
            "name": Array(names, type=_TEXT),
            "outcome": Array(outcomes, type=_TEXT),
            "reason": Array(reasons, type=_TEXT),
            "total": Array(totals, type=DataType.int32()),
            "best_score": Array(scores, type=_SCORE),
            "warnings": self._warned.of(_array(self._warnings, _TEXT), _TEXT, count),
            "listings": self._listings.array(count),
            "measures": self._measures.array(count),
            "result": Array(results, type=DataType.binary()).cast(_TEXT),
        }
        return RecordBatch.from_arrays([columns[name] for name in schema.names], schema=schema)

    def _add_listings(self, row: int, result: CounterpartyResult) -> None:
        listings, measures = list[int](), list[int]()
        self._add_found(result, None, listings, measures)
        for owner in () if result.ownership is None else result.ownership.owners:
            self._add_found(owner, owner.name, listings, measures)
        self._listings.pick(row, listings)
        self._measures.pick(row, measures)

    def _add_found(
        self, result: PartyResult, owner: str | None, listings: list[int], measures: list[int]
    ) -> None:
        """Add the places of the listings that were found, and of the measures on them."""
        parties = {each.listing_id: party.id for party in result.parties for each in party.members}
        for hit in result.hits:
            party = parties.get(hit.listing.id)
            listings.append(self._listings.add(_hit(hit, party, owner)))
            measures += self._reaching(hit.listing.id, hit.measures)
        for party in result.parties:
            if party.through:
                places, reached = self._of_party(party, owner)
                listings += places
                measures += reached

    def _of_party(self, party: FoundParty, owner: str | None) -> tuple[list[int], list[int]]:
        known = self._through.get(id(party.through))
        if known is not None and owner is None:
            return known[1:]
        places = [
            self._listings.add(
                (
                    *(each.listing.id, each.listing.list_code, each.listing.primary_name),
                    *(party.id, "party", None, None, owner),
                )
            )
            for each in party.through
        ]
        reached = [
            place
            for each in party.through
            for place in self._reaching(each.listing.id, each.measures)
        ]
        if owner is None:
            self._through[id(party.through)] = party, places, reached
        return places, reached

    def _reaching(self, listing_id: str, measures: Sequence[MeasureOnDay]) -> range:
        key = id(measures), listing_id
        known = self._of_listing.get(key)
        if known is None:
            places = [self._measures.add(_measure(listing_id, each)) for each in measures]
            known = measures, range(places[0], places[-1] + 1) if places else range(0)
            self._of_listing[key] = known
        return known[1]


def _hit(hit: Hit, party: str | None, owner: str | None) -> tuple[object, ...]:
    listing = hit.listing
    return (
        *(listing.id, listing.list_code, listing.primary_name, party, "question"),
        *(hit.matched.text, hit.score, owner),
    )


def _measure(listing_id: str, measure: MeasureOnDay) -> tuple[object, ...]:
    return (
        *(listing_id, measure.id, measure.title, measure.authority, effect_in_words(measure)),
        *(measure.condition, measure.status, measure.as_of, measure.since, measure.until),
        *(measure.next_change_on, measure.next_change_to),
    )


def _array(values: Sequence[object], kind: DataType) -> Array:
    if DataType.is_date32(kind):
        days = cast("Sequence[date | None]", values)
        numbers = [None if each is None else each.toordinal() - _EPOCH for each in days]
        return Array(numbers, type=DataType.int32()).cast(kind)
    return Array(values, type=kind)
