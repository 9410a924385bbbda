"""Kept results of a job as NDJSON, CSV, a workbook and Parquet."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from arro3.core import Table
from arro3.io import read_parquet
from backports import zstd
from openpyxl import load_workbook

from abeyance_screening.engine.screening.answer import InputWarning, RefusedLine, StreamEnd
from abeyance_screening.engine.screening.question import Counterparty, Owner, PartyIdentifier
from abeyance_screening.engine.tables import COLUMNS
from abeyance_screening.engine.tables.write import MOST_TO_REVIEW, MOST_WORKBOOK_ROWS
from abeyance_screening.features.jobs.results import (
    check_workbook,
    last_line,
    lines_of,
    write_file,
)
from abeyance_screening.features.jobs.rows import RowQuestion
from abeyance_screening.features.jobs.rows import rows_in as stored_rows
from abeyance_screening.features.jobs.types import FileKind, FileWanted, JobPart
from abeyance_screening.primitives.errors import BadInputError
from tests.unit.tables.results import answer_of, hit_of, result_of

FORMULA = '=HYPERLINK("https://example.org")'
PARTIES = (
    Counterparty(name="Hikvision", id="C-1", owners=(Owner(name="CETC"),)),
    Counterparty(name=FORMULA, id="C-2"),
    Counterparty(name="B" * 9, id="C-3"),
)
HEAD = msgspec.convert(
    {
        **{name: getattr(answer_of(), name) for name in StreamEnd.__struct_fields__[:-2]},
        "count": 0,
        "refused": 0,
    },
    StreamEnd,
)


def part(chunk: int, *rows: tuple[RowQuestion, object, str]) -> JobPart:
    encode = msgspec.json.Encoder().encode_lines
    lines = encode([answer for _, answer, _ in rows])
    return JobPart(
        chunk=chunk,
        first_row=chunk * 500,
        rows=len(rows),
        asked=zstd.compress(encode([asked for asked, _, _ in rows])),
        lines=zstd.compress(lines),
        kinds="".join(kind for _, _, kind in rows).encode(),
        size=len(lines),
        hits_size=0,
    )


def asked(row: int, party: Counterparty) -> RowQuestion:
    warnings = (InputWarning(field="Type", reason="'X' is no type"),) if row == 2 else ()
    return RowQuestion(row=row, counterparty=party, warnings=warnings)


HIT, FORMULA_ROW, TOO_LONG = (
    asked(row, party) for row, party in zip((2, 3, 7), PARTIES, strict=True)
)
PARTS = (
    part(0, (HIT, result_of("Hikvision", hit_of("Hikvision")), "h")),
    part(
        1,
        (FORMULA_ROW, result_of(FORMULA), "i"),
        (
            RowQuestion(row=5, reason="Name: is empty", id="C-9"),
            RefusedLine(line=5, field="Name", reason="is empty"),
            "r",
        ),
        (TOO_LONG, RefusedLine(line=7, field="name", reason="takes too much"), "r"),
    ),
)


def frames(kind: FileKind, *, only_hits: bool = False) -> Iterator[bytes]:
    yield msgspec.msgpack.encode(
        FileWanted(
            kind=kind,
            name="parties.csv",
            read_as=("CSV",),
            head=HEAD,
            only_hits=only_hits,
            row_count=None,
        )
    )
    yield from map(msgspec.msgpack.encode, PARTS)


def written(kind: FileKind, *, only_hits: bool = False) -> bytes:
    stream = io.BytesIO()
    write_file(frames(kind, only_hits=only_hits), stream)
    return stream.getvalue()


def rows_in(kind: FileKind, content: bytes) -> list[dict[str, Any]]:
    if kind == "csv":
        return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert kind == "parquet"
    table = Table.from_arrow(read_parquet(io.BytesIO(content)))
    columns = {name: table[name].to_pylist() for name in table.column_names}
    return [
        dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)
    ]


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_each_row_has_its_evidence_in_order(kind: FileKind):
    rows = rows_in(kind, written(kind))
    assert list(rows[0]) == list(COLUMNS)
    numbers = [(int(each["row"]), each["kind"], each["counterparty_id"]) for each in rows]
    assert numbers == [
        (2, "hit", "C-1"),
        (2, "hit", "C-1"),
        (3, "none", "C-2"),
        (5, "unreadable", "C-9"),
        (7, "unreadable", "C-3"),
    ]
    assert rows[0]["asked"] == "owners: CETC"
    assert rows[0]["warnings"] == "Type: 'X' is no type"
    assert [each["reason"] for each in rows[3:]] == ["Name: is empty", "name: takes too much"]
    # no cell of a CSV is a formula, and a Parquet file has the text as it is
    assert rows[2]["counterparty"] == (f"'{FORMULA}" if kind == "csv" else FORMULA)
    hits = rows_in(kind, written(kind, only_hits=True))
    assert [each["row"] for each in hits] == [each["row"] for each in rows[:2]]
    if kind == "parquet":
        assert isinstance(rows[0]["as_of"], type(HEAD.as_of))
        assert rows[0]["asked_at"] == HEAD.asked_at.astimezone(UTC)
        assert isinstance(rows[0]["asked_at"], datetime)
        assert rows[0]["score"] == 1.0


def test_a_workbook_has_its_sheets_and_says_that_it_is_not_the_whole():
    book = load_workbook(io.BytesIO(written("xlsx")))
    assert book.sheetnames == [
        "Summary", "To review", "Results", "Without hits", "Unreadable", "Lists"
    ]  # fmt: skip
    (_, text) = next(
        row
        for row in book["Without hits"].iter_rows(min_row=1, max_col=3, values_only=True)
        if row[0] == 3
    )[1:]
    assert text == FORMULA
    assert book["Without hits"]["C2"].data_type == "s"
    told = [str(row[1]) for row in book["Summary"].iter_rows(values_only=True)]
    assert "Only the first 4 rows are in this file." in told


def test_a_workbook_of_too_many_rows_is_refused_with_what_takes_them():
    check_workbook(MOST_WORKBOOK_ROWS, MOST_TO_REVIEW)
    with pytest.raises(BadInputError, match=r"at most 1,000,000 rows, and these .* csv, parquet"):
        check_workbook(MOST_WORKBOOK_ROWS + 1, 0)
    with pytest.raises(BadInputError, match="at most 100,000 rows to review"):
        check_workbook(MOST_WORKBOOK_ROWS, MOST_TO_REVIEW + 1)


def test_lines_are_those_of_a_stream_and_the_last_says_that_they_are_whole():
    first, second = (lines_of(each, only_hits=False) for each in PARTS)
    assert [json.loads(line).get("line") for line in (first + second).splitlines()] == [
        None, None, 5, 7
    ]  # fmt: skip
    assert b"".join(lines_of(each, only_hits=True) for each in PARTS) == first
    last = msgspec.json.decode(last_line(HEAD, 4, 2), type=StreamEnd)
    assert last == msgspec.structs.replace(HEAD, count=4, refused=2)


def test_a_row_that_was_stored_before_its_fields_had_bounds_is_read_as_it_is():
    stored = b"""{"row":2,"counterparty":{"name":"A","id":null,"aliases":["B"],"entity_type":null,
        "countries":["CN"],"addresses":[],"identifiers":[{"value":"1","kind":"","country":null}],
        "owners":[{"name":"","id":null,"aliases":[],"entity_type":null,"countries":[],
        "addresses":[],"identifiers":[],"owners":[],"birth_date":null,"share":"5E+1",
        "control":null}],"birth_date":null},"warnings":[{"field":"Type","reason":"left out"}]}"""
    assert stored_rows(zstd.compress(stored.replace(b"\n", b" "))) == [
        RowQuestion(
            row=2,
            counterparty=Counterparty(
                name="A",
                aliases=("B",),
                countries=("CN",),
                identifiers=(PartyIdentifier(value="1", kind=""),),
                owners=(Owner(name="", share=Decimal("5E+1")),),
            ),
            warnings=(InputWarning(field="Type", reason="left out"),),
        )
    ]


def test_a_stored_share_is_read_as_python_writes_it():
    asked = RowQuestion(
        row=2,
        counterparty=Counterparty(name="A", owners=(Owner(name="R", share=Decimal("5E+1")),)),
    )
    assert stored_rows(zstd.compress(msgspec.json.encode(asked))) == [asked]
