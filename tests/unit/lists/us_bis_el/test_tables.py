import pytest

from abeyance_screening.engine.lists.us_bis_el.reader import parse_xml
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError
from tests.unit.lists.us_bis_el.table_files import CELLS, COLUMNS, entry, row, table, xml_file

BLANK = ("", "", "", "")


def test_a_blank_country_is_that_of_the_row_above():
    content = xml_file(table(row(*CELLS), row("", "Kamran Daneshjou", *CELLS[2:])))
    (edition,) = parse_xml(content)
    assert [each.countries for each in edition.listings] == [("IR",), ("IR",)]


def test_a_country_may_stand_in_a_row_of_its_own_and_in_another_table():
    content = xml_file(table(row("IRAN", *BLANK)), table(row("", *CELLS[1:])))
    (edition,) = parse_xml(content)
    assert edition.listings[0].countries == ("IR",)


@pytest.mark.parametrize("text", ["[Reserved]", "[Removed and Reserved].", " * * * "])
def test_a_row_that_lists_nobody_is_left_out(text: str):
    (edition,) = parse_xml(xml_file(table(row(*CELLS), row("", text, "", "", ""))))
    assert len(edition.listings) == 1


@pytest.mark.parametrize(
    ("heading", "code"),
    [
        pytest.param("CHINA, PEOPLE'S REPUBLIC OF", "CN", id="inverted"),
        pytest.param("CHINA", "CN", id="plain"),
        pytest.param("KOREA, REPUBLIC OF", "KR", id="not the other Korea"),
        pytest.param("CRIMEA REGION OF UKRAINE", "UA", id="a region"),
        pytest.param("TÜRKIYE", "TR", id="accent"),
        pytest.param("UNITED ARAB EMIRATES", "AE", id="Emirates"),
    ],
)
def test_a_heading_is_a_country(heading: str, code: str):
    (listing,) = entry("Somebody", Country=heading)
    assert listing.countries == (code,)


def test_a_heading_that_names_no_country_stays_as_a_fact():
    (listing,) = entry("Somebody", Country="ATLANTIS")
    assert listing.countries == ()
    assert ("country_heading", "ATLANTIS") in {(fact.kind, fact.value) for fact in listing.facts}


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        pytest.param([table(row(*CELLS[:4]))], "^row 1: 4 of 5 cells", id="a cell is missing"),
        pytest.param([table(row(*CELLS, "new"))], "^row 1: 6 of 5 cells", id="a cell too many"),
        pytest.param(
            [table(row("", *CELLS[1:]))], "^row 1: neither this row nor", id="no country yet"
        ),
        pytest.param(
            [table(row(CELLS[0], "", *CELLS[2:]))], "^row 1: the Entity cell is blank", id="entity"
        ),
        pytest.param(
            [table(row(*CELLS[:2], "", *CELLS[3:]))],
            "^row 1: License requirement is blank",
            id="no requirement",
        ),
        pytest.param(
            [table(row(*CELLS[:3], "", CELLS[4]))],
            "^row 1: License review policy is blank",
            id="no policy",
        ),
        pytest.param(
            [table(row("X" * 61, *CELLS[1:]))], "^row 1: Country: .* is no country", id="sentence"
        ),
        pytest.param(
            [table(row(CELLS[0], "A<video/>", *CELLS[2:]))],
            "^row 1: unknown element 'video' in a cell",
            id="unknown element in a cell",
        ),
        pytest.param(
            [table(row(*CELLS), row(*CELLS).replace("<TD>", "<TD rowspan='2'>"))],
            "^row 2: a cell spans several rows",
            id="rowspan",
        ),
        pytest.param(
            [table(row(*CELLS, tag="LI"))], "^row 1: unknown element 'LI'", id="no cells"
        ),
        pytest.param(["<GPOTABLE/>"], "Supplement No. 4: unknown element 'GPOTABLE'", id="GPO"),
        pytest.param(
            ["<TABLE><ROW/></TABLE>"], "unknown element 'ROW' in the table", id="unknown row"
        ),
        pytest.param(
            [table(row(CELLS[0], ", a.k.a., the following one alias: —B", *CELLS[2:]))],
            "^row 1: no name in ",
            id="no name",
        ),
    ],
)
def test_a_row_that_cannot_be_read_names_its_place(parts: list[str], reason: str):
    with pytest.raises(RowRefusedError, match=reason):
        parse_xml(xml_file(*parts))


@pytest.mark.parametrize(
    ("columns", "printed"),
    [
        pytest.param(COLUMNS[:4], "country | entity", id="a column is missing"),
        pytest.param((*COLUMNS, "Footnote"), "citation | footnote", id="a new column"),
        pytest.param((COLUMNS[1], COLUMNS[0], *COLUMNS[2:]), "entity | country", id="order"),
    ],
)
def test_a_table_with_other_columns_is_refused(columns: tuple[str, ...], printed: str):
    with pytest.raises(ListRefusedError, match="other columns than the Entity List") as refusal:
        parse_xml(xml_file(table(row(*CELLS), columns=columns)))
    assert printed in refusal.value.reason


def test_columns_are_known_by_their_words_in_any_case():
    upper = (*(name.upper() for name in COLUMNS[:4]), "Federal  Register citation")
    assert parse_xml(xml_file(table(row(*CELLS), columns=upper)))[0].listings


def test_a_header_in_the_middle_is_refused():
    with pytest.raises(ListRefusedError, match="the header row is repeated in a table"):
        parse_xml(xml_file(table(row(*CELLS), row(*COLUMNS), row(*CELLS))))
