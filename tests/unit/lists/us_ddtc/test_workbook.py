"""DDTC's lists as workbooks: re-made from rows of the csv files, days as days."""

import contextlib
import io
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abeyance_screening.engine.lists.formats import read_files
from abeyance_screening.engine.lists.listing import Fact
from abeyance_screening.engine.lists.reading.files import GivenFile
from abeyance_screening.engine.lists.us_ddtc.reader import FORMATS, parse_files, parse_workbooks
from abeyance_screening.primitives.errors import AbeyanceError, ListRefusedError, RowRefusedError
from tests.unit.lists.us_ddtc.debarment_files import (
    ADMINISTRATIVE,
    HEADER,
    OTHER_HEADER,
    OTHER_ROW,
    ROW,
    STATUTORY,
    changed,
    files_of,
    named,
    workbook_of,
)

type Sample = Callable[[str], bytes]

FIRST, OTHER = workbook_of(HEADER + ROW), workbook_of(OTHER_HEADER + OTHER_ROW)


def books_of(sample: Sample) -> tuple[GivenFile, ...]:
    return files_of(workbook_of(sample(STATUTORY)), workbook_of(sample(ADMINISTRATIVE)))


def test_the_workbooks_say_the_same_as_the_csv_files_in_either_order(sample: Sample):
    csv = parse_files(files_of(sample(STATUTORY), sample(ADMINISTRATIVE)))
    assert parse_workbooks(books_of(sample)) == csv
    assert parse_workbooks(books_of(sample)[::-1]) == csv


def test_a_pair_is_told_by_its_content(sample: Sample):
    found = read_files("us_ddtc", books_of(sample), sources=("us_ddtc",))
    assert (found.source, found.format) == ("us_ddtc", "ddtc_xlsx")


def test_a_header_whose_texts_stand_behind_those_of_all_names_is_found():
    texts = "".join(f"<si><t>Party of number {number}, Inc.</t></si>" for number in range(3_000))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/sharedStrings.xml", f"<sst>{texts}<si><t>Party Name</t></si></sst>")
    assert len(texts) > 100_000
    workbooks, csv = FORMATS
    assert workbooks.tells(GivenFile("a.xlsx", stream.getvalue()))
    assert not csv.tells(GivenFile("a.xlsx", stream.getvalue()))


@pytest.mark.parametrize(
    ("cell", "printed"),
    [
        pytest.param("November, 1975", "November, 1975", id="as text"),
        pytest.param(date(1975, 11, 1), "November, 1975", id="a month that Excel made a day"),
        pytest.param(date(1975, 11, 2), "11/2/1975", id="a day"),
        pytest.param(1975, "1975", id="a year as a number"),
    ],
)
def test_a_birth_is_kept_as_the_csv_file_prints_it(cell: date | str | int, printed: str):
    (edition,) = parse_workbooks(files_of(changed(FIRST, "B2", cell), OTHER))
    listing = named(edition.listings, "Acety, Edwin")
    assert listing.facts == (Fact(kind="date_of_birth", value=printed),)
    assert listing.entity_type == "person"


@pytest.mark.parametrize(
    "files",
    [
        pytest.param((GivenFile("s.xlsx", FIRST),), id="the statutory list alone"),
        pytest.param((GivenFile("a.xlsx", OTHER),), id="the other alone"),
        pytest.param((GivenFile("s.xlsx", FIRST),) * 2, id="one kind twice"),
    ],
)
def test_anything_but_one_workbook_of_each_kind_is_refused(files: tuple[GivenFile, ...]):
    with pytest.raises(ListRefusedError, match=r"file together; given: [as]\.xlsx"):
        parse_workbooks(files)


def test_a_workbook_and_a_csv_file_are_no_pair():
    pair = files_of(FIRST, OTHER_HEADER + OTHER_ROW)
    with pytest.raises(ListRefusedError, match="do not belong together"):
        read_files("us_ddtc", pair, sources=("us_ddtc",))


@pytest.mark.parametrize(
    ("book", "reason"),
    [
        pytest.param(changed(FIRST, "D1", "Day"), "missing column: Notice Date", id="renamed"),
        pytest.param(changed(FIRST, "G1", "Country"), "unknown column: Country", id="new"),
        pytest.param(workbook_of(HEADER), r"s\.csv has no entries", id="no entries"),
    ],
)
def test_a_workbook_of_another_shape_is_refused(book: bytes, reason: str):
    with pytest.raises(ListRefusedError, match=f"^us_ddtc: .*{reason}"):
        parse_workbooks(files_of(book, OTHER))


def test_a_workbook_that_is_cut_off_is_refused():
    with pytest.raises(ListRefusedError, match=r"^us_ddtc: s\.csv is .*damaged"):
        read_files("us_ddtc", files_of(FIRST[:-30], OTHER), sources=("us_ddtc",))


@pytest.mark.parametrize(
    ("place", "value", "reason"),
    [
        pytest.param("A2", None, "statutory, row 2: Party Name is blank", id="no name"),
        pytest.param(
            "D2", "1975", "statutory, row 2: Notice Date: '1975' is not a day", id="a year"
        ),
        pytest.param("G2", "x", "row 2: cells beyond the 6", id="a seventh cell"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_by_list_and_row(
    place: str, value: str | None, reason: str
):
    with pytest.raises(RowRefusedError, match=reason):
        parse_workbooks(files_of(changed(FIRST, place, value), OTHER))


def test_workbooks_of_others_are_not_taken_for_them(sample: Sample):
    workbooks, _ = FORMATS
    for place in (
        "jp_meti_eul/list_2025.xlsx",
        "au_dfat/Australian_Sanctions_Consolidated_List.xlsx",
    ):
        assert not workbooks.tells(GivenFile("x", sample(place)))


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_damaged_workbooks_are_read_or_refused_and_nothing_else(data: st.DataObject):
    content = bytearray(FIRST)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(AbeyanceError):
        parse_workbooks(files_of(bytes(content), OTHER))
