"""Tables made for tests, and what is read of them."""

import csv
import io
from collections.abc import Sequence

import msgspec
from openpyxl import Workbook

from abeyance_screening.engine.tables import (
    HowToRead,
    ReadRow,
    TableKind,
    UnreadableRow,
    counterparties,
    map_columns,
    open_table,
    read_said,
)

type Records = Sequence[Sequence[object]]


def as_csv(records: Records, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(records)
    return text.getvalue().encode(encoding)


def as_xlsx(records: Records, title: str = "Sheet") -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for record in records:
        sheet.append(list(record))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def as_jsonl(records: Records) -> bytes:
    header, *rows = records
    return b"\n".join(
        msgspec.json.encode(dict(zip(map(str, header), row, strict=True))) for row in rows
    )


def read(
    kind: TableKind, content: bytes, *said: str, how: HowToRead | None = None
) -> list[ReadRow | UnreadableRow]:
    table = open_table(kind, content, how or HowToRead())
    return list(counterparties(table, map_columns(table.columns, map(read_said, said))))


def names(rows: Sequence[ReadRow | UnreadableRow]) -> list[str]:
    return [row.counterparty.name for row in rows if isinstance(row, ReadRow)]


def faults(rows: Sequence[ReadRow | UnreadableRow]) -> list[tuple[int, str]]:
    return [(row.number, row.reason) for row in rows if isinstance(row, UnreadableRow)]
