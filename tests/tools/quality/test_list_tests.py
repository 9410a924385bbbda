"""Which tests go through every list, format, measure or place is read from their code."""

from pathlib import Path

import pytest

from tools.quality.list_tests import FOLDERS, found_in, found_of

IMPORTS = """
from abeyance_screening.engine.lists.catalogue import LISTS, lists_of
from abeyance_screening.engine.lists.formats import public_formats as every_format
from tests.shipped_register import load
"""


@pytest.mark.parametrize(
    ("code", "is_found"),
    [
        pytest.param("def test_it(): assert LISTS", True, id="in the test"),
        pytest.param("def test_it(): assert lists_of('un_sc')", False, id="only one"),
        pytest.param("def test_it(): assert every_format()", True, id="under another name"),
        pytest.param(
            "@pytest.mark.parametrize('each', LISTS)\ndef test_it(each): pass", True, id="cases"
        ),
        pytest.param(
            "ALL = load().measures\nCODES = [each.id for each in ALL]\n"
            "def known(): return CODES\ndef test_it(): assert known()",
            True,
            id="by other names",
        ),
        pytest.param("def test_it(): assert load().get('a')", False, id="one measure"),
        pytest.param(
            "@pytest.fixture\ndef every(): return LISTS\ndef test_it(every): pass",
            True,
            id="a fixture",
        ),
        pytest.param("def helper(): return LISTS", False, id="no test"),
    ],
)
def test_a_test_that_goes_through_all_is_told_from_others(code: str, is_found: bool):
    assert found_of(f"{IMPORTS}\n{code}\n") == (["test_it"] if is_found else [])


@pytest.mark.parametrize(
    ("test", "is_found"),
    [
        pytest.param("def test_it(): assert LISTS", True, id="nothing"),
        pytest.param(
            "@pytest.mark.parametrize(('a', 'b'), LISTS)\ndef test_it(a, b): pass",
            True,
            id="cases",
        ),
        pytest.param(
            "@pytest.mark.parametrize('a', LISTS)\ndef test_it(client, a): pass", False, id="both"
        ),
    ],
)
def test_one_that_needs_more_than_its_cases_is_told_from_others(test: str, is_found: bool):
    assert found_of(f"{IMPORTS}\n{test}\n", alone=True) == (["test_it"] if is_found else [])


def test_those_that_a_new_list_broke_are_among_them():
    found = {name for folder in FOLDERS for name in found_in(Path(folder))}
    assert found >= {
        "tests/contract/test_readme.py::test_the_catalogue_names_the_formats_that_can_be_read",
        "tests/contract/test_readme.py::test_the_pages_made_from_the_program_are_what_it_makes",
        "tests/integration/test_files_on_pages.py::test_every_list_that_a_program_can_get_has_a_way",
        "tests/unit/lists/test_three_grades.py::test_every_format_has_a_sample",
        "tests/unit/measures/test_places.py::test_every_measure_is_decided_by_a_place",
        "tests/unit/screening/test_clocks.py::test_every_authority_has_a_time_zone",
        "tests/unit/wording/test_own_days.py::test_every_jurisdiction_with_a_clock_has_a_place",
    }
    assert len(found) > 80
