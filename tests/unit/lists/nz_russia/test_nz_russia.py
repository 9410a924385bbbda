import io
from collections.abc import Callable
from datetime import date

import pytest
from openpyxl import load_workbook

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.primitives.errors import ListRefusedError
from tests.unit.lists.editions import edition_of

FILE = "nz_russia/Russia-Sanctions-Register.xlsx"


@pytest.fixture
def register(sample: Callable[[str], bytes]) -> bytes:
    return sample(FILE)


def read(content: bytes) -> ParsedEdition:
    return edition_of("nz_russia", content)


def by_number(edition: ParsedEdition) -> dict[str | None, Listing]:
    return {each.entry_id: each for each in edition.listings}


def said(listing: Listing, kind: str) -> list[str]:
    return [each.value for each in listing.facts if each.kind == kind]


def test_both_sheets_are_read_and_the_sum_is_no_entry(register: bytes):
    edition = read(register)
    assert len(edition.listings) == 8
    assert edition.read_in_part == ()


def test_an_entity_has_its_name_in_the_column_of_first_names(register: bytes):
    bank = by_number(read(register))["NZ-1003"]
    assert [each.text for each in bank.names] == [
        "Sberbank of Russia",
        "PJSC Sberbank",
        "Public Joint Stock Company Sberbank of Russia",
    ]
    assert bank.entity_type == "organisation"
    assert bank.listed_on == date(2022, 4, 5)
    assert said(bank, "sanctions_imposed") == [
        "Aircraft Ban",
        "Asset Freeze",
        "Dealing with Securities",
        "Service Prohibition",
        "Ship Ban",
    ]


def test_a_person_has_three_columns_of_names_and_a_day_in_either_form(register: bytes):
    person = by_number(read(register))["NZ-1001"]
    assert person.primary_name == "Vladimir Vladimirovich PUTIN"
    assert (person.entity_type, person.countries) == ("person", ("RU",))
    assert person.listed_on == date(2022, 3, 18)
    assert said(person, "date_of_birth") == ["1952-10-07"]


def test_a_misprinted_type_is_known_and_commas_separate_names_of_persons(register: bytes):
    person = by_number(read(register))["NZ-1002"]
    assert person.entity_type == "person"
    assert [each.text for each in person.names][2:] == [
        "Alyaksandr Lukashenka",
        "Aleksandr Lukashenko",
    ]
    assert said(person, "sanctions_imposed") == ["Travel Ban"]


def test_a_ship_has_its_number_and_may_not_enter_ports(register: bytes):
    ship = by_number(read(register))["NZ-2001"]
    assert ship.entity_type == "vessel"
    assert [each.value for each in ship.identifiers] == ["9421960"]
    assert [each.text for each in ship.names] == ["SCF Primorye", "Ocean Prima", "Sea Horizon"]
    assert said(ship, "sanctions_imposed") == ["Ship Ban"]


def test_what_was_removed_stays_as_removed(register: bytes):
    found = by_number(read(register))
    assert said(found["NZ-2002"], "sanction_status") == ["Removed"]
    assert said(found["NZ-1005"], "sanction_status") == ["Removed"]
    assert said(found["NZ-2001"], "sanction_status") == ["Sanctioned"]


def test_a_word_for_a_sanction_that_is_not_known_counts_as_imposed(register: bytes):
    book = load_workbook(io.BytesIO(register))
    book.worksheets[0]["W7"] = "partly"
    book.save(changed := io.BytesIO())
    edition = read(changed.getvalue())
    assert "Asset Freeze" in said(by_number(edition)["NZ-1002"], "sanctions_imposed")
    assert [each.what for each in edition.read_in_part] == ["word in 'AssetFreeze'"]


def test_a_sheet_of_ships_without_the_columns_may_hide_them(register: bytes):
    book = load_workbook(io.BytesIO(register))
    book.worksheets[1]["B1"] = "No."
    book.save(changed := io.BytesIO())
    edition = read(changed.getvalue())
    assert len(edition.listings) == 6
    assert [(each.example, each.may_hide) for each in edition.read_in_part] == [("Ships", "name")]


def test_a_workbook_without_the_columns_is_refused(register: bytes):
    book = load_workbook(io.BytesIO(register))
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value == "Unique Identifier":
                    cell.value = "Number"
    book.save(changed := io.BytesIO())
    with pytest.raises(ListRefusedError, match="no sheet of the workbook has the columns"):
        _ = read(changed.getvalue())
