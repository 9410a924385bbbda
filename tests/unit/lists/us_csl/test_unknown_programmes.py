"""A programme code that nobody knows costs no entry: a row's `source` alone tells its list."""

from collections.abc import Callable

import pytest

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.us_csl.reader import parse_csv, parse_json

type Sample = Callable[[str], bytes]
type Read = Callable[[bytes], tuple[ParsedEdition, ...]]


@pytest.mark.parametrize(
    ("name", "read"),
    [
        pytest.param("consolidated_2023.csv", parse_csv, id="CSV"),
        pytest.param("consolidated_2026.json", parse_json, id="JSON"),
    ],
)
def test_an_entry_of_a_new_programme_is_on_the_list_of_its_row(
    sample: Sample, name: str, read: Read
):
    content = sample(f"us_csl/{name}")
    changed = content.replace(b'"CMIC-EO13959"', b'"ZZZ-EO14999"')
    ids = {each.id for edition in read(content) for each in edition.listings}
    after = {each.id: each for edition in read(changed) for each in edition.listings}
    assert after.keys() == ids
    marked = {each.list_code for each in after.values() if each.programmes == ("ZZZ-EO14999",)}
    assert marked == {"us_ofac_cmic"}
