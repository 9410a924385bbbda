"""Which listings are one entity."""

from abeyance_screening.bench.parties import join_entities, party_of
from abeyance_screening.engine.lists.listing import Identifier, Listing, Name
from tests.tools.bench.listed import HUAWEI, HUAWEI_UK, KUNLUN, party


def test_a_whole_name_joins_whatever_its_legal_form():
    other = party("uk-2", "Huawei Technologies LLC")
    assert join_entities((HUAWEI, KUNLUN, HUAWEI_UK, other)) == (0, 1, 0, 0)


def test_a_number_joins_lists_that_share_no_name():
    first = party("ofac-1", "VTB Bank", numbers=["7702070139"])
    second = party("uk-1", "Vneshtorgbank", numbers=["7702070139"])
    assert join_entities((first, KUNLUN, second)) == (0, 1, 0)


def test_a_number_of_many_joins_nobody():
    houses = [party(f"ofac-{n}", f"House {n} Trading", numbers=["7700001"]) for n in range(5)]
    assert join_entities(houses) == (0, 1, 2, 3, 4)
    assert join_entities(houses[:4]) == (0, 0, 0, 0)


def test_two_editions_of_one_list_join_by_id():
    older = party("ofac-1", "Bank Kunlun")
    newer = party("ofac-1", "Karamay Bank")
    assert join_entities((older, newer)) == (0, 0)


def test_an_entry_of_a_list_of_companies_is_taken_for_one():
    name = (Name(text="Hikvision", kind="primary"),)
    number = (Identifier(kind="USCC", value="91330000733796106P"),)
    firm = Listing(id="us_bis_el-1", list_code="us_bis_el", names=name, identifiers=number)
    denied = Listing(id="us_bis_dpl-1", list_code="us_bis_dpl", names=name)
    assert party_of(firm).entity_type == "organisation"
    assert party_of(firm).numbers == {"91330000733796106P"}
    assert party_of(denied).entity_type is None
