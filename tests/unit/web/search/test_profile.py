"""Who a party is, on the page: what lists print of owners, in the words of their readers."""

from collections.abc import Iterable
from pathlib import Path

import msgspec
import pytest

from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.features.screen.page.profile import OWNING, profile_parts
from tests.unit.lists.grades.mutations import Files, Sample, cell_put
from tests.unit.lists.grades.uk_sl import SAMPLES as UK_SAMPLES
from tests.unit.lists.test_three_grades import SAMPLES, listings_of, read
from tests.unit.tables.results import hit_of

FIXTURES = Path(__file__).parents[3] / "fixtures"
CELLS = {
    "Subsidiaries": ("Acme Maritime", "subsidiary: Acme Maritime"),
    "Parent company": ("Acme Holding", "parent: Acme Holding"),
    "Current owner/operator (s)": ("Acme Ships", "owner or operator: Acme Ships"),
}


def files_of(sample: Sample) -> Files:
    return tuple((FIXTURES / each).read_bytes() for each in sample.files)


def owning(listing: Listing) -> tuple[str, ...]:
    hit = msgspec.structs.replace(hit_of("Acme"), listing=listing)
    parts = {each.heading: each for each in profile_parts([hit])}
    return tuple(line.text for line in parts["Owners and owned"].lines)


def uk_list_with(column: str, value: str) -> Iterable[Listing]:
    sample = UK_SAMPLES[0]
    put = cell_put(column, value, header=1, encoding="utf-8-sig")
    return listings_of(read(sample, put(files_of(sample)))).values()


@pytest.mark.parametrize(("column", "value", "told"), [(c, *each) for c, each in CELLS.items()])
def test_owners_and_owned_of_the_uk_list_are_on_the_page(column: str, value: str, told: str):
    assert any(told in text for each in uk_list_with(column, value) for text in owning(each))


def test_the_owner_of_a_ship_of_the_uk_list_is_on_the_page():
    for sample in UK_SAMPLES:
        ships = [
            each
            for each in listings_of(read(sample, files_of(sample))).values()
            if each.primary_name == "Petrel 8"
        ]
        assert [owning(each) for each in ships] == [
            ("owner or operator: Global United Shipping India",)
        ]


def test_the_page_looks_for_no_word_that_no_reader_says():
    read_whole = (listings_of(read(each, files_of(each))).values() for each in SAMPLES)
    of_cells = (uk_list_with(column, value) for column, (value, _) in CELLS.items())
    said = {fact.kind for some in (*read_whole, *of_cells) for each in some for fact in each.facts}
    assert {*OWNING, "statement_of_reasons"} <= said
