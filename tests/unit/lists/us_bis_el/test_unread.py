"""What the reader makes of rows that it cannot read, and of what it does not know, with notes."""

from collections.abc import Callable

import pytest

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.formats import read_files
from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.lists.reading.files import GivenFile
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError
from tests.unit.lists.us_bis_el.table_files import CELLS, COLUMNS, row, table, xml_file

type Sample = Callable[[str], bytes]
_OTHERS = (row("", "Second Party.", *CELLS[2:]), row("", "Third Party.", *CELLS[2:]))


def edition(content: bytes) -> ParsedEdition:
    (found,) = read_files(
        "us_bis_el", (GivenFile("a.xml", content),), sources=("us_bis_el",)
    ).parsed
    assert isinstance(found, ParsedEdition)
    return found


def unread(found: ParsedEdition) -> list[Listing]:
    return [listing for listing in found.listings if listing.unread]


@pytest.mark.parametrize(
    ("first", "reason"),
    [
        pytest.param(row(*CELLS[:2], "", *CELLS[3:]), "License requirement is blank", id="blank"),
        pytest.param(row(*CELLS[:4]), "4 of 5 cells", id="without a citation"),
        pytest.param(row(*CELLS[1:]), "4 of 5 cells", id="without a country"),
        pytest.param(row(*CELLS, "more"), "6 of 5 cells", id="a cell more"),
        pytest.param(
            row(*CELLS).replace("<TD>", "<TD rowspan='2'>", 1), "a cell spans", id="rowspan"
        ),
    ],
)
def test_a_row_that_cannot_be_read_is_kept_by_its_name_and_costs_no_other(first: str, reason: str):
    found = edition(xml_file(table(row("IRAN", "[Reserved]", "", "", ""), first, *_OTHERS)))
    (bad,) = unread(found)
    (whole, *_) = edition(xml_file(table(row(*CELLS), *_OTHERS))).listings
    assert bad.names[0] == whole.names[0]
    assert bad.id == whole.id
    assert (bad.unread or "").startswith(f"row 2: {reason}")
    assert [each.countries for each in found.listings if not each.unread] == [("IR",), ("IR",)]


def test_all_parties_of_a_row_that_cannot_be_read_keep_their_ids_and_names(sample: Sample):
    content = sample("us_bis_el/title15.xml")
    before, cetc, after = content.partition(b">China Electronics Technology Group")
    policy = b">Presumption of denial.<"
    assert policy in after
    whole, found = edition(content), edition(before + cetc + after.replace(policy, b"><", 1))
    assert len(unread(found)) == 3
    assert [each.id for each in found.listings] == [each.id for each in whole.listings]
    texts = [[name.text for name in each.names] for each in found.listings]
    assert texts == [[name.text for name in each.names] for each in whole.listings]
    (part,) = found.read_in_part
    assert part.count == 3


def test_a_row_without_any_name_says_that_one_may_hide():
    found = edition(xml_file(table(row(*CELLS), row("", "", *CELLS[2:]), *_OTHERS)))
    assert len(found.listings) == 3
    (part,) = found.read_in_part
    assert part.may_hide == "name"


def test_a_new_column_is_a_fact_wherever_it_is_added():
    columns, cells = (COLUMNS[0], "Alias type", *COLUMNS[1:]), (CELLS[0], "strong", *CELLS[1:])
    found = edition(xml_file(table(row(*cells), row("", "", *CELLS[1:]), columns=columns)))
    assert [each.countries for each in found.listings] == [("IR",), ("IR",)]
    first, second = ([each.value for each in one.facts] for one in found.listings)
    assert "column 'alias type': strong" in first
    assert not any("alias type" in value for value in second)
    assert [(part.count, part.may_hide) for part in found.read_in_part] == [(1, "name")]


@pytest.mark.parametrize(
    "columns",
    [
        pytest.param(COLUMNS[:4], id="missing"),
        pytest.param((COLUMNS[1], COLUMNS[0], *COLUMNS[2:]), id="order"),
        pytest.param((*COLUMNS, "Entity"), id="twice"),
    ],
)
def test_a_table_of_other_columns_is_refused(columns: tuple[str, ...]):
    with pytest.raises(ListRefusedError, match="other columns"):
        edition(xml_file(table(row(*CELLS), columns=columns)))


def test_an_unknown_element_of_an_entity_cell_may_begin_a_name():
    entity = "Sun Co., a.k.a., the following two aliases:<LI>—Moon</LI><LI>—Star</LI>"
    (found,) = edition(xml_file(table(row(CELLS[0], entity, *CELLS[2:])))).listings
    assert [name.text for name in found.names] == ["Sun Co.", "Moon", "Star"]
    parts = edition(xml_file(table(row(CELLS[0], entity, *CELLS[2:])))).read_in_part
    assert [(part.what, part.may_hide) for part in parts] == [("element 'LI' in a cell", "name")]


def test_an_unknown_element_beside_the_table_may_hide_entries_and_with_many_rows_is_refused():
    rows = "<ROW><ENT>ACME</ENT></ROW>"
    (part,) = edition(xml_file(table(row(*CELLS)), f"<GPOTABLE>{rows}</GPOTABLE>")).read_in_part
    assert (part.what, part.may_hide, part.example) == ("element 'GPOTABLE'", "kind", "ACME")
    with pytest.raises(RowRefusedError, match="unknown element 'GPOTABLE', with rows"):
        edition(xml_file(table(row(*CELLS)), f"<GPOTABLE>{rows * 4}</GPOTABLE>"))


def test_unknown_rows_of_the_table_may_hide_entries_and_many_are_refused():
    few, many = ("<ROW>ACME</ROW>" * count for count in (2, 4))
    (part,) = edition(xml_file(table(row(*CELLS), few))).read_in_part
    assert (part.what, part.count, part.may_hide) == ("element 'ROW' in the table", 2, "kind")
    with pytest.raises(RowRefusedError, match="unknown element 'ROW' in the table, one of 4"):
        edition(xml_file(table(row(*CELLS), many)))


def test_a_country_that_is_none_for_many_rows_is_a_foreign_file():
    rows = [row("X" * 61, *CELLS[1:]), *(row("", f"Party {n}.", *CELLS[2:]) for n in range(9))]
    with pytest.raises(ListRefusedError, match="10 records cannot be read"):
        edition(xml_file(table(*rows)))
