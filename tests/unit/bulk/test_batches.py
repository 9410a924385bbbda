"""Rows from Arrow: the same counterparties as from any table, whatever kind a column is."""

import numpy as np
import pytest
from arro3.core import (
    Array,
    DataType,
    Field,
    RecordBatch,
    Schema,
    Table,
    list_array,
    struct_array,
)

from abeyance_screening.engine.tables import FieldChoice, ReadRow, UnreadableRow
from abeyance_screening.features.bulk.batches import (
    ROWS_AT_ONCE,
    BatchReading,
    batches_in,
    slices_of,
)
from abeyance_screening.primitives.errors import BadInputError

TEXT = DataType.utf8()


def texts(*values: str | None) -> Array:
    return Array(values, type=TEXT)


def rows_of(batch: RecordBatch, *choices: FieldChoice) -> list[ReadRow | UnreadableRow]:
    return list(BatchReading(choices).rows(batch))


def batch_of(**columns: Array) -> RecordBatch:
    return RecordBatch.from_arrays(list(columns.values()), names=list(columns))


def test_every_kind_of_column_is_read_as_the_text_it_prints():
    owners = struct_array(
        [texts("Igor Sechin"), Array([50.5], type=DataType.float64())],
        fields=[Field("name", TEXT), Field("share", DataType.float64())],
    )
    born = Array([-6295], type=DataType.int32()).cast(DataType.date32())
    batch = batch_of(
        company_name=texts("Rosneft").cast(DataType.string_view()),
        customer_id=Array([17], type=DataType.int64()),
        alias=list_array(Array([0, 2], type=DataType.int32()), texts("NK Rosneft", "Роснефть")),
        country=texts("RU").cast(DataType.dictionary(DataType.int32(), TEXT)),
        date_of_birth=born,
        tax_id=Array([7706107510.0], type=DataType.float64()),
        owners=list_array(Array([0, 1], type=DataType.int32()), owners),
        checked=born,
    )
    (row,) = rows_of(batch)
    assert isinstance(row, ReadRow)
    party = row.counterparty
    assert (party.name, party.id, party.aliases) == ("Rosneft", "17", ("NK Rosneft", "Роснефть"))
    assert (party.countries, party.birth_date) == (("RU",), "1952-10-07")
    assert [each.value for each in party.identifiers] == ["7706107510"]
    assert [(each.name, str(each.share)) for each in party.owners] == [("Igor Sechin", "50.5")]


@pytest.mark.parametrize(
    ("column", "reason"),
    [
        pytest.param(texts(None), "is empty", id="null"),
        pytest.param(texts("  "), "is empty", id="blank"),
        pytest.param(Array([float("nan")], type=DataType.float64()), "nan", id="no number"),
        pytest.param(
            Array.from_numpy(np.array([10_000_000], "datetime64[D]")), "year 9999", id="day"
        ),
        pytest.param(Array([b"x"], type=DataType.binary()), "kind that is not read", id="bytes"),
        pytest.param(
            list_array(Array([0, 1], type=DataType.int32()), texts("x")), "a list", id="list"
        ),
    ],
)
def test_a_name_that_is_no_text_is_a_reason_and_no_answer(column: Array, reason: str):
    batch = batch_of(name=column, id=texts("C1"))
    (row,) = rows_of(batch)
    assert isinstance(row, UnreadableRow)
    assert (row.number, row.id) == (1, "C1")
    assert reason in row.reason


def test_rows_are_counted_on_over_batches_and_slices():
    one = batch_of(name=texts(*["Huawei"] * (ROWS_AT_ONCE + 1)))
    reading = BatchReading((), first_row=11)
    numbers = [
        row.number
        for batch in batches_in([Table.from_batches([one]), one.slice(0, 2)]).each
        for each in slices_of(batch)
        for row in reading.rows(each)
    ]
    assert numbers == list(range(11, 11 + ROWS_AT_ONCE + 3))


def test_columns_of_one_name_are_kept_apart():
    schema = Schema([Field("name", TEXT), Field("alias", TEXT), Field("alias", TEXT)])
    batch = RecordBatch.from_arrays([texts("A1"), texts("B1"), texts("C1")], schema=schema)
    (row,) = rows_of(batch, FieldChoice("alias", "alias (2)"))
    assert isinstance(row, ReadRow)
    assert row.counterparty.aliases == ("C1",)


@pytest.mark.parametrize("data", [None, 5, "name", {"name": ["x"]}, [1], texts("x")])
def test_what_is_no_batch_is_refused(data: object):
    with pytest.raises(BadInputError, match="batches"):
        list(batches_in(data).each)


def test_a_column_of_names_that_is_left_out_is_a_warning_of_every_row():
    batch = batch_of(
        company=texts("Muster Gartenbau GmbH", "Ahorn Holzbau KG", "Linde Fensterbau OHG"),
        zustellung=texts("Rosneft Oil Company", None, "Hangzhou Hikvision Digital Co., Ltd."),
        colour=texts("red", "green", "blue"),
    )
    warned = [
        [each.field for each in row.warnings] for row in rows_of(batch) if isinstance(row, ReadRow)
    ]
    assert warned == [["zustellung"]] * 3
    assert all(row.warnings[0].may_hide for row in rows_of(batch) if isinstance(row, ReadRow))
    for field in ("party", "unused"):
        (row, *_) = rows_of(batch, FieldChoice(field, "zustellung"))
        assert isinstance(row, ReadRow)
        assert row.warnings == ()


def test_a_column_is_looked_at_in_each_batch_and_stays_one_of_names():
    reading = BatchReading(())
    plain = batch_of(company=texts("Muster GmbH"), note=texts("2026-07"))
    named = batch_of(company=texts("Ahorn KG"), note=texts("Rosneft Oil Company"))
    warned = [
        [bool(row.warnings) for row in reading.rows(batch) if isinstance(row, ReadRow)]
        for batch in (plain, named, plain)
    ]
    assert warned == [[False], [True], [True]]
