import pytest

from abeyance_screening.engine.lists.reading.tables import read_rows
from abeyance_screening.engine.lists.us_csl.files import COLUMNS, CslAddress, CslId, entry_of
from abeyance_screening.primitives.errors import ListRefusedError

HEADER = ",".join(COLUMNS)
BLANK = "," * (len(COLUMNS) - 1)


def row(**cells: str) -> str:
    return ",".join(f'"{cells.get(name, "")}"' for name in COLUMNS)


def test_rows_are_read_by_name_in_any_order_of_columns():
    turned = tuple(reversed(COLUMNS))
    text = ",".join(turned) + "\n" + ",".join(turned).replace("name", "ACME") + "\n"
    assert len(COLUMNS) == 29
    (only,) = read_rows("us_csl", text, COLUMNS)
    assert only.where == "line 2"
    assert only.take("name") == "ACME"


def test_a_row_behind_a_cell_of_several_lines_keeps_the_place_of_its_first():
    rows = read_rows("us_csl", f"{HEADER}\n{row(name='A\n\nB')}\n{row(name='C')}\n", COLUMNS)
    assert [(one.where, one.peek("name")) for one in rows] == [
        ("line 2", "A\n\nB"),
        ("line 5", "C"),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param(HEADER, "the file is cut off: it ends within its header", id="no record"),
        pytest.param(f"{HEADER},colour\n", "unknown column: colour", id="a new column"),
        pytest.param(f"{HEADER},ids\n", "column twice: ids", id="a column twice"),
        pytest.param(
            HEADER.replace(",license_policy", "") + "\n",
            "missing column: license_policy",
            id="a column gone",
        ),
        pytest.param("hello\nworld\n", "missing column: _id, source", id="something else"),
        pytest.param(
            f"{HEADER}\n{HEADER}\n", "the header row is repeated in line 2", id="two headers"
        ),
        pytest.param(f"{HEADER}\n{BLANK},\n", "line 2 has 30 of 29 cells", id="a cell too many"),
        pytest.param(f"{HEADER}\na,b\n", "line 2 has 2 of 29 cells", id="a record cut"),
        pytest.param(f'{HEADER}\n"a\n', "not readable as CSV", id="a quote that does not end"),
        pytest.param(f'{HEADER}\n"a"b{BLANK}\n', "not readable as CSV", id="text behind a quote"),
        pytest.param(
            f"{HEADER}\n{'x' * 1_000_001}\n", "not readable as CSV", id="an endless cell"
        ),
    ],
)
def test_a_file_of_another_shape_is_refused_with_the_reason(text: str, reason: str):
    with pytest.raises(ListRefusedError, match=f"^us_csl: .*{reason}"):
        list(read_rows("us_csl", text, COLUMNS))


def test_a_cell_of_the_longest_length_is_read():
    (only,) = read_rows("us_csl", f"{HEADER}\n{row(remarks='x' * 1_000_000)}\n", COLUMNS)
    assert len(only.take("remarks")) == 1_000_000


def test_lists_in_cells_are_parted():
    (only,) = read_rows(
        "us_csl",
        f"{HEADER}\n"
        + row(
            source="(SDN)",
            name="ACME",
            programs="IRAN; SDGT",
            addresses="1 Main Road; Suite 2, Tehran, IR; Dubai, AE",
            nationalities="IR; SY",
            ids="SWIFT/BIC, ACMEIRTH",
        )
        + "\n",
        COLUMNS,
    )
    entry = entry_of(only, type_last=False)
    assert entry.programs == ["IRAN", "SDGT"]
    assert entry.addresses == [
        CslAddress(address="1 Main Road"),
        CslAddress(address="Suite 2, Tehran, IR"),
        CslAddress(address="Dubai, AE"),
    ]
    assert entry.nationalities == ["IR", "SY"]
    assert entry.ids == [CslId(type="SWIFT/BIC", number="ACMEIRTH")]
