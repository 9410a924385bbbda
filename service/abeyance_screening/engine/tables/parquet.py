"""Evidence as Parquet, with the columns of `EvidenceRow`; needs the extra `arrow`."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from itertools import batched, chain
from types import MappingProxyType
from typing import IO, cast

import msgspec
from arro3.core import Array, DataType, Field, RecordBatch, RecordBatchReader, Schema
from arro3.io import write_parquet as write_stream

from abeyance_screening.engine.screening.answer import ScreeningHead
from abeyance_screening.engine.tables import EvidenceRow
from abeyance_screening.primitives.fair_scheduler import go_on

# Rows of one batch, and of one group of rows, which is in memory until it is written.
_BATCH, _ROW_GROUP = 2_000, 20_000
_EPOCH, _EPOCH_DAY = datetime(1970, 1, 1, tzinfo=UTC), date(1970, 1, 1).toordinal()
_MILLION = 1_000_000


def write_parquet(
    rows: Iterable[Iterable[EvidenceRow]], head: ScreeningHead, stream: IO[bytes]
) -> None:
    """Write rows, batch by batch; the metadata `abeyance` is what holds for all, as JSON."""
    columns = _columns()
    schema = Schema([Field(name, kind) for name, kind in columns.items()])
    reader = RecordBatchReader.from_batches(schema, _batches(rows, columns, schema))
    told = msgspec.json.encode(head).decode()
    write_stream(
        reader,
        stream,
        compression="zstd(1)",
        max_row_group_size=_ROW_GROUP,
        key_value_metadata={"abeyance": told},
    )


def _batches(
    rows: Iterable[Iterable[EvidenceRow]], columns: dict[str, DataType], schema: Schema
) -> Iterator[RecordBatch]:
    for some in batched(chain.from_iterable(rows), _BATCH, strict=False):
        go_on()
        yield RecordBatch.from_arrays(
            [_array([getattr(row, name) for row in some], kind) for name, kind in columns.items()],
            schema=schema,
        )


def _columns() -> dict[str, DataType]:
    """Return the column of each field of the evidence."""
    described = cast("msgspec.inspect.StructType", msgspec.inspect.type_info(EvidenceRow))
    return {each.name: _kind_of(each.type) for each in described.fields}


# Any other field is a text.
_KINDS: Mapping[type[msgspec.inspect.Type], DataType] = MappingProxyType(
    {
        msgspec.inspect.IntType: DataType.int64(),
        msgspec.inspect.FloatType: DataType.float64(),
        msgspec.inspect.BoolType: DataType.bool(),
        msgspec.inspect.DateType: DataType.date32(),
        msgspec.inspect.DateTimeType: DataType.timestamp("us", tz="UTC"),
    }
)


def _kind_of(field: msgspec.inspect.Type) -> DataType:
    kinds = field.types if isinstance(field, msgspec.inspect.UnionType) else (field,)
    first = next(each for each in kinds if not isinstance(each, msgspec.inspect.NoneType))
    return _KINDS.get(type(first), DataType.string())


def _array(values: list[object], kind: DataType) -> Array:
    if DataType.is_date32(kind):
        return Array(list(map(_day, values)), DataType.int32()).cast(kind)
    if DataType.is_timestamp(kind):
        return Array(list(map(_moment, values)), DataType.int64()).cast(kind)
    if DataType.is_string(kind):
        return Array([None if each is None else str(each) for each in values], kind)
    return Array(values, kind)


def _day(value: object) -> int | None:
    return value.toordinal() - _EPOCH_DAY if isinstance(value, date) else None


def _moment(value: object) -> int | None:
    """Return a moment in microseconds since 1970."""
    if not isinstance(value, datetime):
        return None
    since = value - _EPOCH
    return (since.days * 86_400 + since.seconds) * _MILLION + since.microseconds
