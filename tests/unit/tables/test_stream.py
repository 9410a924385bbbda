"""Tables read from a stream: the same rows as from memory, and never more memory than is said."""

import io
import sys
from collections.abc import Callable, Iterator
from itertools import chain, repeat
from typing import IO, cast, override

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from abeyance_screening.engine.tables import (
    HowToRead,
    ReadRow,
    TableKind,
    UnreadableRow,
    read_said,
)
from abeyance_screening.engine.tables import delimited as whole
from abeyance_screening.engine.tables import stream as streams
from abeyance_screening.engine.tables.stream import StreamKind, check_head, streamed_counterparties
from abeyance_screening.primitives.errors import BadInputError
from tests.unit.tables.tables import Records, as_csv, as_jsonl, as_xlsx, faults, names, read

HEADER = ("Company", "Land", "Owner", "Share")
IN_MEMORY: dict[StreamKind, TableKind] = {"csv": "csv", "ndjson": "jsonl", "xlsx": "xlsx"}
WRITERS = {"csv": as_csv, "ndjson": as_jsonl, "xlsx": as_xlsx}
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12)
CELLS = TEXTS | st.sampled_from(["", "Acme\nWorks", 'the "best"', "DE", "Rostec (60 %)", "60"])
RECORDS = st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS), min_size=1, max_size=12)


class Drip(io.RawIOBase):
    """A stream that gives a little at a time, and counts what it gave."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        super().__init__()
        self._pieces, self._left, self.given = pieces, b"", 0

    @override
    def read(self, size: int = -1, /) -> bytes:
        piece = self._left or next(self._pieces, b"")
        piece, self._left = piece[:size], piece[size:]
        self.given += len(piece)
        return piece


def drip(content: bytes, size: int = 7) -> Drip:
    return Drip(content[at : at + size] for at in range(0, len(content), size))


def streamed(kind: StreamKind, stream: object, *said: str) -> list[ReadRow | UnreadableRow]:
    choices = tuple(map(read_said, said))
    return list(streamed_counterparties(kind, cast("IO[bytes]", stream), HowToRead(), choices))


@settings(max_examples=40)
@given(RECORDS, st.sampled_from(["csv", "ndjson"]), st.floats(0, 1))
@example([("Acme", "DE", "Rostec (60 %)", "")], "xlsx", 1)
@example([("", "", "Acme\nWorks", "Acme\nWorks")], "csv", 0.75)
def test_a_stream_has_the_rows_that_the_same_table_has_in_memory(
    records: Records, kind: StreamKind, share: float
):
    content = WRITERS[kind]([HEADER, *records])
    stream = io.BytesIO(content) if kind == "xlsx" else drip(content)
    with pytest.MonkeyPatch.context() as patch:
        # the beginning ends anywhere after its first line
        first = content.find(b"\n") + 1 or len(content)
        patch.setattr(streams, "HEAD_BYTES", first + int(share * (len(content) - first)) + 1)
        assert outcome(lambda: streamed(kind, stream)) == outcome(
            lambda: read(IN_MEMORY[kind], content)
        )


def outcome(reading: Callable[[], object]) -> object:
    """What is read, or the field at fault."""
    try:
        return reading()
    except BadInputError as error:
        return error.field


LONG = b"x" * 100_000


@pytest.mark.parametrize(
    ("kind", "pieces", "reason"),
    [
        pytest.param(
            "csv", repeat(LONG), "first line is longer than 1,000,000", id="one line without end"
        ),
        pytest.param(
            "csv",
            chain([b"Company,Land\n" * 90_000], repeat(b'"a\nb",' * 10_000)),
            "longer than 4,000,000 characters; a quoted cell may not end",
            id="one row without end",
        ),
        pytest.param(
            "csv",
            iter([b"Company,Land\n", *[b"A" * 9_000 + b",DE\n"] * 120, "Ä,DE\n".encode("cp1252")]),
            "cannot be read as UTF-8; name the encoding",
            id="another encoding later",
        ),
        pytest.param(
            "csv",
            iter(
                [
                    "Company,Land\nSociété Générale,FR\n".encode("cp1252"),
                    *[b"A" * 9_000 + b",DE\n"] * 120,
                ]
            ),
            "its beginning alone does not decide that it is cp1252",
            id="an encoding that is guessed",
        ),
        pytest.param("ndjson", repeat(b'[1]\n{"'), "no line that is a JSON", id="no JSON object"),
        pytest.param("ndjson", iter([b" \n"]), "is empty", id="blank"),
        pytest.param("xlsx", iter([b"PK\x03\x04", LONG]), "not readable", id="no workbook"),
    ],
)
def test_what_cannot_be_read_ends_with_its_reason_within_bounds(
    kind: StreamKind, pieces: Iterator[bytes], reason: str
):
    stream = Drip(pieces)
    with pytest.raises(BadInputError, match=reason):
        streamed(kind, stream)
    assert stream.given < 10_000_000


MOST = 3


@pytest.mark.parametrize("kind", ["csv", "ndjson"])
@pytest.mark.parametrize(
    ("rows", "are_too_many"), [(MOST, False), (MOST + 1, True)], ids=["the most rows", "one more"]
)
def test_a_table_has_the_most_rows_beside_its_header_and_no_more(
    kind: StreamKind, rows: int, are_too_many: bool, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(streams, "MOST_ROWS", MOST)
    records = [(f"Acme {number}", "DE") for number in range(rows)]
    content = WRITERS[kind]([HEADER[:2], *records]) + b"\n\n"
    if are_too_many:
        with pytest.raises(BadInputError, match=f"has more than {MOST} (rows|lines)"):
            _ = streamed(kind, io.BytesIO(content))
    else:
        assert len(streamed(kind, io.BytesIO(content))) == rows


@pytest.mark.parametrize(
    ("rows", "are_too_many"), [(MOST, False), (MOST + 1, True)], ids=["the most rows", "one more"]
)
def test_a_table_in_memory_has_the_most_rows_beside_its_header_and_no_more(
    rows: int, are_too_many: bool
):
    text = "Company,Land\n" + "".join([f"Acme {number},DE\n" for number in range(rows)]) + "\n"
    read = whole.csv_layout(text, HowToRead()).rows(io.StringIO(text), MOST)
    if are_too_many:
        with pytest.raises(BadInputError, match=f"has more than {MOST} rows"):
            _ = list(read)
    else:
        assert len(list(read)) == rows


def test_a_line_of_json_that_is_too_long_is_refused_alone():
    long = b'{"name": "' + b"x" * 2_500_000 + b'"}\n'
    rows = streamed("ndjson", drip(b'{"name": "A"}\n' + long + b'{"name": "B"}\n', 65_536))
    assert names(rows) == ["A", "B"]
    assert faults(rows) == [(2, "is longer than 1,000,000 characters")]


def test_a_field_that_comes_late_is_read_unless_it_changes_what_was_read():
    lines = [
        *['{"name": "A", "x": 1}'] * 1_000,
        '{"name": "B", "aliases": ["Bee"], "owners": [{"name": "C", "share": 60}]}',
        '{"name": "D", "Full name": "E"}',
        '{"name": "F", "aliases": "Eff"}',
    ]
    *_, bee, dee, other, eff = streamed("ndjson", drip("\n".join(lines).encode(), 1_000))
    assert isinstance(bee, ReadRow)
    assert bee.counterparty.aliases == ("Bee",)
    assert [each.name for each in bee.counterparty.owners] == ["C"]
    assert names([dee, other]) == ["D", "E"]
    assert isinstance(eff, ReadRow)
    assert eff.counterparty.aliases == ("Eff",)


def test_parquet_is_read_or_the_extra_is_named(monkeypatch: pytest.MonkeyPatch):
    core, files = pytest.importorskip("arro3.core"), pytest.importorskip("arro3.io")
    columns = {"Company": ["Acme", None, "Steel"], "Land": ["DE", "FR", None]}
    text = core.DataType.utf8()
    table = core.Table.from_pydict({k: core.Array(v, type=text) for k, v in columns.items()})
    stream = io.BytesIO()
    files.write_parquet(table, stream)
    rows = list(streamed_counterparties("parquet", stream, HowToRead(), ()))
    assert (names(rows), faults(rows)) == (["Acme", "Steel"], [(2, "Company: is empty")])
    monkeypatch.setitem(sys.modules, "arro3.io", None)
    with pytest.raises(BadInputError, match="uv sync --extra arrow"):
        list(streamed_counterparties("parquet", stream, HowToRead(), ()))


@pytest.mark.parametrize(
    ("kind", "head", "reason"),
    [
        pytest.param("csv", b"PK\x03\x04", "say format=xlsx", id="a workbook"),
        pytest.param("csv", b"Land,Ort\nDE,Bonn\n", "no column could be the name", id="no name"),
        pytest.param("csv", b"Company;Land\nA;DE\nB", "", id="cut within a row"),
        pytest.param("ndjson", b'{"a": 1}\n', "no column could be the name", id="no field"),
        pytest.param("parquet", b"Company", "is no Parquet file", id="text"),
    ],
)
def test_the_beginning_is_checked_alone(kind: StreamKind, head: bytes, reason: str):
    if not reason:
        check_head(kind, head, HowToRead(), ())
        return
    with pytest.raises(BadInputError, match=reason):
        check_head(kind, head, HowToRead(), ())
