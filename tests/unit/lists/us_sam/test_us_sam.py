from collections.abc import Callable
from datetime import date

import pytest

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.primitives.errors import ListRefusedError
from tests.unit.lists.editions import edition_of, facts, named

FILE = "us_sam/SAM_Exclusions_Public_Extract_V2.csv"


@pytest.fixture
def extract(sample: Callable[[str], bytes]) -> bytes:
    return sample(FILE)


def read(content: bytes) -> ParsedEdition:
    return edition_of("us_sam", content)


def test_every_record_is_read(extract: bytes):
    edition = read(extract)
    assert [each.entity_type for each in edition.listings] == [
        "organisation", "person", "organisation", "vessel", None,
    ]  # fmt: skip
    assert edition.read_in_part == ()


def test_a_firm_has_its_agency_address_numbers_and_term(extract: bytes):
    firm = named(read(extract), "Invented Marine Supply LLC")
    assert firm.addresses[0].text == "1 DOCK STREET, UNIT 4, ROTTERDAM, NLD"
    assert firm.countries == ("NL",)
    assert [(each.kind, each.value) for each in firm.identifiers][:2] == [
        ("UEI", "ZZZ111222333"),
        ("CAGE", "1ABC2"),
    ]
    assert (firm.listed_on, firm.expires_on) == (date(2023, 11, 12), date(2026, 11, 12))
    assert facts(firm)["excluding_agency"] == "DLA"
    assert facts(firm)["comments"] == "Debarred, with two lines"


def test_other_parties_of_one_action_are_a_fact_and_no_names(extract: bytes):
    firm = named(read(extract), "Invented Marine Supply LLC")
    assert [each.text for each in firm.names] == ["Invented Marine Supply LLC"]
    assert facts(firm)["cross_reference"] == "(also Jane DOE , Invented Marine BV )"


def test_a_person_has_a_name_of_parts_and_no_invented_number(extract: bytes):
    person = named(read(extract), "JOHN Q INVENTED JR")
    assert [each.kind for each in person.identifiers] == ["SAM number"]


def test_an_exclusion_without_an_end_has_none(extract: bytes):
    assert named(read(extract), "INVENTED STAR").expires_on is None


def test_a_record_that_is_not_active_may_have_ended(extract: bytes):
    edition = read(extract.replace(b'"Active","",', b'"Inactive","",', 1))
    assert [(each.what, each.may_hide) for each in edition.read_in_part] == [
        ("word in 'Record Status'", "status")
    ]


def test_a_file_without_a_column_is_refused(extract: bytes):
    with pytest.raises(ListRefusedError, match="missing column: Last"):
        _ = read(extract.replace(b'"Last"', b'"Family"'))
