import contextlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.lists.us_bis_dpl.reader import parse_csv
from abeyance_screening.primitives.errors import AbeyanceError, ListRefusedError, RowRefusedError
from tests.unit.lists.us_bis_dpl.dpl_files import CSV, HEADER, row_of

type Sample = Callable[[str], bytes]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "the file is empty", id="empty"),
        pytest.param(HEADER.encode(), "the file has no entries", id="no entries"),
        pytest.param(
            row_of("A, B, C, , US, ") + row_of("D, E, F, , US, ").partition(b"\n")[2][:-10],
            "the last record may be cut off: it ends in 'Type of Denial' without a line break",
            id="cut at its last cell",
        ),
        pytest.param(b"<html><body>Access denied", "the file is an HTML page", id="error page"),
        pytest.param(
            HEADER.replace("Effective_Date,", "").encode(),
            "missing column: Effective",
            id="column",
        ),
        pytest.param(
            HEADER.replace("Type", "Colour,Type").encode(), "unknown column: Colour", id="more"
        ),
        pytest.param(HEADER.encode() * 2, "the header row is repeated", id="two headers"),
        pytest.param(HEADER.encode() + b"a,b\r\n", "line 2 has 2 of 5 cells", id="cells"),
        pytest.param(HEADER.encode("utf-16"), "UTF-16", id="UTF-16"),
        pytest.param(HEADER.encode() + b"\xff\r\n", "not UTF-8", id="Latin-1"),
    ],
)
def test_a_file_of_another_shape_is_refused_with_the_reason(content: bytes, reason: str):
    with pytest.raises(ListRefusedError, match=f"^us_bis_dpl: .*{reason}"):
        parse_csv(content)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(row_of("ACME, 1 STREET, DE, "), "a name, street, city", id="too few fields"),
        pytest.param(row_of(", , , , DE, "), "a name, street, city", id="no name"),
        pytest.param(row_of("A, B, C, D, Germany, "), "'Germany' is no country", id="a country"),
        pytest.param(
            row_of("A, B, C, D, DE, ", "2003,,,Standard"), "'2003' is not a day", id="a year"
        ),
        pytest.param(
            row_of("A, B, C, D, DE, ", "1/2/2003,,,Odd"),
            "unknown word in 'Type of Denial' 'Odd'",
            id="other terms",
        ),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_by_its_line(content: bytes, reason: str):
    with pytest.raises(RowRefusedError, match=f"^line 2: .*{reason}"):
        parse_csv(content)


@given(st.data())
def test_damaged_files_are_read_or_refused_and_nothing_else(sample: Sample, data: st.DataObject):
    content = bytearray(sample(CSV))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(AbeyanceError):
        parse_csv(bytes(content))
