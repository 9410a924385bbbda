import csv
import io
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from abeyance_screening.engine.lists.edition import listings_in
from abeyance_screening.engine.lists.jp_meti_eul.reader import FORMATS, parse_csv, parse_workbook
from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.lists.reading.files import GivenFile
from abeyance_screening.engine.lists.reading.notes import taking_notes
from abeyance_screening.primitives.errors import AbeyanceError, ListRefusedError, RowRefusedError
from tests.unit.lists.reading.pdf.pdf_files import pdf_file

type Sample = Callable[[str], bytes]
PLACE = "jp_meti_eul/list_2025.csv"


@pytest.fixture(scope="session")
def rows(sample: Sample) -> list[list[str]]:
    """The header and the records, without the line above them."""
    return list(csv.reader(io.StringIO(sample(PLACE).decode(), newline="")))[1:]


@pytest.fixture(scope="session")
def listings(sample: Sample) -> dict[str, Listing]:
    (edition,) = parse_csv(sample(PLACE))
    return {listing.entry_id or "": listing for listing in edition.listings}


def csv_of(rows: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def workbook_of(rows: list[list[str]]) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "ユーザーリスト"
    for number, *cells in rows:
        sheet.append(
            [int(number) if number.isdigit() else number, *(each or None for each in cells)]
        )
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def with_cell(rows: list[list[str]], place: tuple[int, int], cell: str) -> list[list[str]]:
    """A copy of the rows with one cell changed."""
    copied = [list(row) for row in rows]
    copied[place[0]][place[1]] = cell
    return copied


def test_the_line_above_the_header_tells_the_day_of_publication(sample: Sample):
    (edition,) = parse_csv(sample(PLACE))
    assert (edition.list_code, edition.published_on) == ("jp_meti_eul", date(2025, 9, 29))
    assert len({listing.id for listing in edition.listings}) == 15


def test_the_workbook_says_the_same_without_its_day(rows: list[list[str]], sample: Sample):
    ((workbook,), (text,)) = parse_workbook(workbook_of(rows)), parse_csv(sample(PLACE))
    assert workbook.published_on is None
    assert workbook.listings == text.listings


@pytest.mark.parametrize(
    ("printed", "kinds"),
    [
        pytest.param("通常兵器\nCW", ["CW"], id="words and letters, as METI prints it"),
        pytest.param("CW", ["CW"], id="letters alone"),
        pytest.param("", [], id="none"),
    ],
)
def test_conventional_weapons_are_told_by_their_letters(
    rows: list[list[str]], printed: str, kinds: list[str]
):
    (edition,) = parse_csv(csv_of(with_cell(rows, (2, 5), printed)))
    assert [fact.value for fact in edition.listings[1].facts] == ["N", *kinds]


def test_a_name_behind_a_bullet_in_the_column_of_names_is_a_name(rows: list[list[str]]):
    (edition,) = parse_csv(csv_of(with_cell(rows, (2, 2), "A One ・B Two")))
    assert [name.text for name in edition.listings[1].names] == ["A One", "B Two"]


def test_the_table_alone_is_read_without_a_day(rows: list[list[str]]):
    (edition,) = parse_csv(csv_of(rows))
    assert edition.published_on is None


def test_a_listing_says_everything_that_is_printed(listings: dict[str, Listing]):
    listing = listings["3"]
    assert [name.text for name in listing.names] == [
        "Aerospace Industries Organization(AIO)",
        "Sazemane Sanaye Hava Faza",
        "Aerospace Industries Organization",
        "AIO",
    ]
    (address,) = listing.addresses
    assert (address.text, address.country) == ("Islamic Republic of Iran", "IR")
    assert address.note == "イラン"
    assert listing.countries == ("IR",)
    assert [fact.value for fact in listing.facts] == ["M", "CW"]
    assert (listing.entity_type, listing.programmes) == ("organisation", ())


@pytest.mark.parametrize(
    ("entry", "names"),
    [
        pytest.param(
            "7",
            {
                "23rd Research Institute",
                "中国航天科学技術工業集団有限公司第二研究院第二十三研究所",
                "China Aerospace Science and Industry Corporation(CASIC) Second Academy 23rd Research Institute",  # noqa: E501 - as printed
            },
            id="478: two scripts without brackets",
        ),
        pytest.param(
            "10",
            {"SHENZHEN JIASIBO TECHNOLOGY CO., LTD.", "深圳嘉思博科技有限公司"},
            id="580: full-width comma and brackets",
        ),
        pytest.param(
            "11",
            {
                "Defense Science and Technology Organization",
                "DESTO",
                "Chaklala Defense Science and Technology Organization",
                "Defense Science and Technology Center",
            },
            id="615: an abbreviation in brackets",
        ),
        pytest.param(
            "13",
            {"General Technology Limited", "大眾科技有限公司"},
            id="716: a wide space in brackets",
        ),
        pytest.param("15", {"Novator Design Bureau", "JSC OKB Novator"}, id="761: and behind"),
    ],
)
def test_every_printed_name_stands_for_itself(
    listings: dict[str, Listing], entry: str, names: set[str]
):
    assert names <= {name.text for name in listings[entry].names}


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        pytest.param("・A One\n・B\nTwo\n", ["A One", "B Two"], id="a name over two lines"),
        pytest.param("A One\nB Two", ["A One", "B Two"], id="without bullets"),
        pytest.param("･A One; and\n・B Two,", ["A One", "B Two"], id="joints at the ends"),
    ],
)
def test_other_names_are_parted_by_bullets_or_lines(
    rows: list[list[str]], printed: str, names: list[str]
):
    (edition,) = parse_csv(csv_of(with_cell(rows, (2, 3), printed)))
    assert [name.text for name in edition.listings[1].names[1:3]] == names


@pytest.mark.parametrize(
    ("place", "cell", "reason"),
    [
        pytest.param((1, 0), "1a", "line 7: No.: .1a. is not a number", id="no number"),
        pytest.param((1, 1), "", "No. 1: Country or Region is blank", id="no country"),
        pytest.param((1, 2), " ", "No. 1: Company or Organization is blank", id="no name"),
        pytest.param((2, 4), "核\nQ", "No. 2: unknown Type of WMD", id="unknown letter"),
        pytest.param((2, 4), "毒\nN", "No. 2: unknown Type of WMD", id="unknown word"),
        pytest.param((2, 4), "核\nM", "No. 2: .*whose words and letters differ", id="differ"),
        pytest.param((2, 4), "", "No. 2: no type of concern", id="no kind at all"),
        pytest.param((3, 5), "通常兵器", "No. 3: unknown Conventional Weapons", id="words alone"),
        pytest.param((3, 5), "DW", "No. 3: unknown Conventional Weapons 'DW'", id="unknown CW"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_at_its_number(
    rows: list[list[str]], place: tuple[int, int], cell: str, reason: str
):
    with pytest.raises(RowRefusedError, match=reason):
        parse_csv(csv_of(with_cell(rows, place, cell)))


@pytest.mark.parametrize(
    ("numbers", "part"),
    [
        pytest.param({1: "1", 2: "3", 3: "4", 4: "5"}, "gap in the numbers", id="one is missing"),
        pytest.param({1: "1", 2: "7", 3: "3", 4: "4"}, "number out of order", id="a misprint"),
        pytest.param({1: "1", 2: "6", 3: "7", 4: "8"}, None, id="more than slips"),
        pytest.param({1: "1", 2: "2", 3: "1", 4: "2"}, None, id="the list twice"),
    ],
)
def test_a_slip_in_the_numbers_is_noted_and_more_is_refused(
    rows: list[list[str]], numbers: dict[int, str], part: str | None
):
    content = csv_of([rows[0], *([each, *rows[place][1:]] for place, each in numbers.items())])
    with taking_notes() as notes:
        if part is None:
            with pytest.raises(ListRefusedError, match=r"are missing up to|was printed before"):
                parse_csv(content)
            return
        (edition,) = notes.on(parse_csv(content))
    assert [each.what for each in edition.read_in_part] == [part]
    assert [each.entry_id for each in listings_in(edition)] == list(numbers.values())


@pytest.mark.parametrize("column", range(5))
def test_a_missing_column_is_refused(rows: list[list[str]], column: int):
    cut = [[*row[:column], *row[column + 1 :]] for row in rows]
    with pytest.raises(RowRefusedError, match=r"is missing|is not a number"):
        parse_csv(csv_of(cut))


def test_lists_before_2025_lack_the_last_column(rows: list[list[str]]):
    older = [row[:5] for row in rows[:7]]
    (edition,) = parse_csv(csv_of(older))
    assert "CW" not in {fact.value for listing in edition.listings for fact in listing.facts}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "the file is empty", id="empty"),
        pytest.param("外国ユーザーリスト,soon\nNo.\n1\n".encode(), "'soon' after", id="no day"),
        pytest.param(b"No.,Colour\n1,red\n", "unknown column: Colour", id="unknown column"),
        pytest.param("外国ユーザーリスト,2025-09-29\n".encode(), "", id="only a title"),
        pytest.param(b"No.,Country or Region\n", "no entries", id="only a header"),
    ],
)
def test_a_text_that_is_not_the_list_is_refused(content: bytes, reason: str):
    with pytest.raises(ListRefusedError, match=f"^jp_meti_eul: .*{reason}"):
        parse_csv(content)


def test_the_pdf_file_is_told_and_refused_with_what_to_do():
    content = pdf_file(("No.",))
    known = next(each for each in FORMATS if each.tells(GivenFile("20250929_3.pdf", content)))
    with pytest.raises(ListRefusedError, match="load METI's workbook"):
        known.read((GivenFile("20250929_3.pdf", content),))


def test_each_format_tells_its_own_file(rows: list[list[str]], sample: Sample):
    files = (GivenFile("x", workbook_of(rows)), GivenFile("y", sample(PLACE)))
    assert [[known.tells(file) for known in FORMATS] for file in files] == [
        [True, False],
        [False, True],
    ]
    assert not any(known.tells(GivenFile("list.csv", b"id,name\n")) for known in FORMATS)


def test_a_text_cut_anywhere_is_refused_or_whole_up_to_there(sample: Sample):
    content = sample(PLACE)
    (whole,) = parse_csv(content)
    known = {listing.id for listing in whole.listings}
    for end in range(0, len(content), 29):
        try:
            (cut,) = parse_csv(content[:end])
        except AbeyanceError:
            continue
        assert {listing.id for listing in cut.listings} <= known


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_damaged_bytes_are_read_or_refused(sample: Sample, data: st.DataObject):
    content = bytearray(sample(PLACE))
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + 1] = data.draw(st.binary(max_size=4))
    try:
        parse_csv(bytes(content))
    except AbeyanceError:
        return
