from collections.abc import Callable
from datetime import date

import pytest

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.primitives.errors import ListRefusedError
from tests.unit.lists.editions import edition_of, named

FILE = "be_finance/consolidated-list.csv"


@pytest.fixture
def table(sample: Callable[[str], bytes]) -> bytes:
    return sample(FILE)


def read(content: bytes) -> ParsedEdition:
    return edition_of("be_finance", content)


def said(listing: Listing, kind: str) -> list[str]:
    return [each.value for each in listing.facts if each.kind == kind]


def test_every_row_is_read(table: bytes):
    edition = read(table)
    assert len(edition.listings) == 4
    assert edition.read_in_part == ()


def test_each_line_of_a_cell_is_a_value(table: bytes):
    company = named(read(table), "Almaz-Antey")
    assert [each.text for each in company.names] == ["Almaz-Antey", "OJSC Concern Almaz-Antey"]
    assert company.citations == ("833/2014 (OJ L229)", "269/2014 (OJ L78)")
    assert company.listed_on == date(2014, 7, 31)
    assert said(company, "listed_by") == ["EU or UN"]


def test_a_person_of_belgiums_own_list(table: bytes):
    person = named(read(table), "Jan Piet INVENTED")
    assert person.entity_type == "person"
    assert said(person, "listed_by") == ["Belgium"]
    assert person.listed_on == date(2016, 7, 28)
    assert said(person, "function") == ["Fighter abroad"]
    assert [(each.kind, each.value, each.note) for each in person.identifiers] == [
        ("passport-National passport", "0363464", "(issued by X)"),
        ("number", "12345", None),
    ]


def test_a_name_is_made_of_its_parts_where_the_whole_is_blank(table: bytes):
    assert named(read(table), "Ali DOE").listed_on == date(1999, 3, 9)


@pytest.mark.parametrize("printed", [b"31-02-14", b"July 2014"])
def test_a_day_that_cannot_be_read_is_noted(table: bytes, printed: bytes):
    edition = read(table.replace(b"31-07-14", printed))
    assert [each.example for each in edition.read_in_part] == [printed.decode()]
    assert named(edition, "Almaz-Antey").listed_on is None


def test_a_file_without_a_column_is_refused(table: bytes):
    with pytest.raises(ListRefusedError, match="missing column: Number"):
        _ = read(table.replace(b";Number;", b";Nr;"))
