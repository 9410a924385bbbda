from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abeyance_screening.engine.lists.au_dfat.reader import (
    COLUMNS,
    FORMATS,
    parse_workbook,
    refuse_old_workbook,
)
from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.formats import read_files
from abeyance_screening.engine.lists.reading.files import Format, GivenFile
from abeyance_screening.primitives.errors import AbeyanceError, ListRefusedError, RowRefusedError
from tests.unit.lists.au_dfat.subject_files import xlsx_file

type Sample = Callable[[str], bytes]
PLACE = "au_dfat/Australian_Sanctions_Consolidated_List.xlsx"
OF_XLSX, OF_XLS = FORMATS
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def test_a_workbook_is_one_edition_without_a_day(sample: Sample):
    (edition,) = parse_workbook(sample(PLACE))
    assert (edition.list_code, edition.published_on) == ("au_dfat", None)
    assert len({listing.id for listing in edition.listings}) == 14


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "the file is empty", id="empty"),
        pytest.param(b"<!doctype html><html>", "the file is an HTML page", id="HTML"),
        pytest.param(xlsx_file({})[:-30], "not readable as a workbook", id="cut off"),
        pytest.param(xlsx_file(), "the workbook has no entries", id="no entries"),
        pytest.param(
            xlsx_file({}, header=COLUMNS[1:]), "missing column: Reference", id="a column missing"
        ),
        pytest.param(
            xlsx_file({}, header=(*COLUMNS, "Colour")), "unknown column: Colour", id="a column new"
        ),
    ],
)
def test_a_file_that_is_not_the_list_is_refused_with_the_reason(content: bytes, reason: str):
    with pytest.raises(ListRefusedError, match=f"^au_dfat: .*{reason}"):
        parse_workbook(content)


def test_an_old_workbook_is_refused_with_what_to_load_instead():
    with pytest.raises(ListRefusedError, match=r"an old \.xls workbook.*load Australian_.*xlsx"):
        refuse_old_workbook(OLD)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        pytest.param({"Reference": None}, r"row 2, reference \?: a reference is", id="none"),
        pytest.param({"Reference": "A1"}, "row 2, reference A1: a reference is", id="letters"),
        pytest.param({"Name of Individual or Entity": " "}, "the name is blank", id="no name"),
        pytest.param({"Type": "Aircraft"}, "unknown Type 'Aircraft'", id="type"),
        pytest.param({"Name Type": "Nickname"}, "unknown Name Type 'Nickname'", id="name type"),
        pytest.param({"Name Type": None}, "unknown Name Type 'blank'", id="no name type"),
        pytest.param({"Alias Strength": "Fair"}, "unknown Alias Strength 'Fair'", id="strength"),
        pytest.param({"Travel Ban": "Yes"}, "'Travel Ban' 'Yes'", id="measure"),
        pytest.param({"Travel Ban": None}, "'Travel Ban' 'blank'", id="no measure"),
        pytest.param({"Control Date": "soon"}, "unknown day in 'Control Date' 'soon'", id="date"),
        pytest.param({"Citizenship": "=A1"}, "row 2: a cell holds a formula", id="a formula"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_by_its_reference(
    row: dict[str, object], reason: str
):
    with pytest.raises(RowRefusedError, match=reason):
        parse_workbook(xlsx_file(row))


def test_rows_of_one_subject_with_different_types_are_refused():
    content = xlsx_file({}, {"Reference": "9999a", "Type": "Individual"})
    with pytest.raises(
        RowRefusedError,
        match="unknown Type, which differs between the rows of one subject 'Entity and",
    ):
        parse_workbook(content)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(xlsx_file({}), OF_XLSX, id="the workbook"),
        pytest.param(xlsx_file({}, header=COLUMNS[10:]), OF_XLSX, id="without most columns"),
        pytest.param(xlsx_file({}, header=("Group ID",)), None, id="another workbook"),
        pytest.param(OLD, OF_XLS, id="an old workbook"),
        pytest.param(b"Reference,Name\r\n", None, id="a text"),
        pytest.param(b"", None, id="nothing"),
    ],
)
def test_a_format_is_told_by_the_content(content: bytes, told: Format | None):
    found = [each for each in FORMATS if each.tells(GivenFile("x", content))]
    assert found == ([] if told is None else [told])


@settings(max_examples=60, deadline=None)
@given(place=st.integers(0, 20_000), damage=st.binary(max_size=5), cut=st.booleans())
def test_damaged_bytes_are_read_or_refused(sample: Sample, place: int, damage: bytes, cut: bool):
    content = sample(PLACE)
    place %= len(content)
    broken = content[:place] + damage + (b"" if cut else content[place + len(damage) :])
    try:
        parse_workbook(broken)
    except AbeyanceError:
        return


@pytest.mark.parametrize(
    ("change", "is_unread"),
    [
        pytest.param({"Citizenship": "#REF!"}, True, id="an error in a cell"),
        pytest.param({"Name of Individual or Entity": " "}, False, id="a blank name"),
    ],
)
def test_a_row_that_cannot_be_read_costs_its_subject_no_other_name(
    change: dict[str, object], *, is_unread: bool
):
    alias: dict[str, object] = {
        "Reference": "9999a",
        "Name Type": "Alias",
        "Name of Individual or Entity": "Acme Trading Corporation (ACTC)",
    }
    other: dict[str, object] = {"Reference": "9998", "Name of Individual or Entity": "OTHER"}
    content = xlsx_file({}, alias, {"Reference": "9999b", **change}, other)
    (edition,) = read_files("au_dfat", (GivenFile("a", content),), sources=("au_dfat",)).parsed
    assert isinstance(edition, ParsedEdition)
    first, second = edition.listings
    assert (first.id, first.entity_type) == ("au_dfat-9999", "organisation")
    assert {name.text for name in first.names} == {
        "ACME",
        "Acme Trading Corporation (ACTC)",
        "Acme Trading Corporation",
        "ACTC",
    }
    assert (first.unread is not None) is is_unread
    hidden = [part.may_hide for part in edition.read_in_part]
    assert hidden == ([None] if is_unread else ["name"])
    assert second.unread is None


def test_a_measure_in_another_word_is_not_lost():
    content = xlsx_file({"Travel Ban": "Yes"})
    (edition,) = read_files("au_dfat", (GivenFile("a", content),), sources=("au_dfat",)).parsed
    assert isinstance(edition, ParsedEdition)
    measures = [fact.value for fact in edition.listings[0].facts if fact.kind == "measure"]
    assert measures == ["Targeted Financial Sanction", "Travel Ban"]
    assert [part.example for part in edition.read_in_part] == ["Yes"]
