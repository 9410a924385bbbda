import io
from collections.abc import Callable

import pytest
from openpyxl import Workbook, load_workbook

from abeyance_screening.engine.lists.edition import listings_in
from abeyance_screening.engine.lists.jp_meti_eul.reader import FORMATS, parse_workbook
from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.lists.reading.files import GivenFile
from abeyance_screening.engine.lists.reading.unknown_parts import taking_notes
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError
from tests.unit.lists.reading.pdf.pdf_files import pdf_file

type Sample = Callable[[str], bytes]
PLACE = "jp_meti_eul/list_2025.xlsx"
SHORT_ENTRIES = 15


@pytest.fixture(scope="session")
def rows(sample: Sample) -> list[list[str]]:
    """The header and the first records of the official workbook, with the numbers it counts."""
    sheet = load_workbook(io.BytesIO(sample(PLACE)), data_only=True).worksheets[0]
    found = sheet.iter_rows(max_row=SHORT_ENTRIES + 1, values_only=True)
    return [["" if each is None else str(each) for each in row] for row in found]


@pytest.fixture(scope="session")
def listings(rows: list[list[str]]) -> dict[str, Listing]:
    (edition,) = parse_workbook(workbook_of(rows))
    return {listing.entry_id or "": listing for listing in edition.listings}


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


def test_a_workbook_does_not_say_its_day(rows: list[list[str]]):
    (edition,) = parse_workbook(workbook_of(rows))
    assert (edition.list_code, edition.published_on) == ("jp_meti_eul", None)
    assert len({listing.id for listing in edition.listings}) == SHORT_ENTRIES


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
    (edition,) = parse_workbook(workbook_of(with_cell(rows, (2, 5), printed)))
    assert [fact.value for fact in edition.listings[1].facts] == ["N", *kinds]


def test_a_name_behind_a_bullet_in_the_column_of_names_is_a_name(rows: list[list[str]]):
    (edition,) = parse_workbook(workbook_of(with_cell(rows, (2, 2), "A One ・B Two")))
    assert [name.text for name in edition.listings[1].names] == ["A One", "B Two"]


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
    (edition,) = parse_workbook(workbook_of(with_cell(rows, (2, 3), printed)))
    assert [name.text for name in edition.listings[1].names[1:3]] == names


@pytest.mark.parametrize(
    ("place", "cell", "reason"),
    [
        pytest.param((1, 0), "1a", "row 2: No.: .1a. is not a number", id="no number"),
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
        parse_workbook(workbook_of(with_cell(rows, place, cell)))


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
    content = workbook_of(
        [rows[0], *([each, *rows[place][1:]] for place, each in numbers.items())]
    )
    with taking_notes() as notes:
        if part is None:
            with pytest.raises(ListRefusedError, match=r"are missing up to|was printed before"):
                parse_workbook(content)
            return
        (edition,) = notes.on(parse_workbook(content))
    assert [each.what for each in edition.read_in_part] == [part]
    assert [each.entry_id for each in listings_in(edition)] == list(numbers.values())


@pytest.mark.parametrize("column", range(5))
def test_a_missing_column_is_refused(rows: list[list[str]], column: int):
    cut = [[*row[:column], *row[column + 1 :]] for row in rows]
    with pytest.raises(RowRefusedError, match=r"is missing|is not a number"):
        parse_workbook(workbook_of(cut))


def test_lists_before_2025_lack_the_last_column(rows: list[list[str]]):
    older = [row[:5] for row in rows[:7]]
    (edition,) = parse_workbook(workbook_of(older))
    assert "CW" not in {fact.value for listing in edition.listings for fact in listing.facts}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param([["No.", "Colour"], ["1", "red"]], "unknown column: Colour", id="column"),
        pytest.param([["No.", "Country or Region"]], "no entries", id="only a header"),
    ],
)
def test_a_workbook_that_is_not_the_list_is_refused(content: list[list[str]], reason: str):
    book = Workbook()
    for row in content:
        book.worksheets[0].append(row)
    stream = io.BytesIO()
    book.save(stream)
    with pytest.raises(ListRefusedError, match=f"^jp_meti_eul: .*{reason}"):
        parse_workbook(stream.getvalue())


def test_the_pdf_file_is_told_and_refused_with_what_to_do():
    content = pdf_file(("No.",))
    known = next(each for each in FORMATS if each.tells(GivenFile("20250929_3.pdf", content)))
    with pytest.raises(ListRefusedError, match="load METI's workbook"):
        known.read((GivenFile("20250929_3.pdf", content),))


def test_the_format_tells_its_own_file_and_no_table_as_text(rows: list[list[str]]):
    (known,) = FORMATS
    assert known.tells(GivenFile("x", workbook_of(rows)))
    text = "\n".join(",".join(row) for row in rows).encode()
    assert not known.tells(GivenFile("list.csv", text))
