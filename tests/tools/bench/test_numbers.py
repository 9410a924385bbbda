"""The strong numbers of a party."""

import pytest

from abeyance_screening.bench.numbers import strong_numbers
from abeyance_screening.engine.lists.listing import Identifier


@pytest.mark.parametrize(
    ("kind", "value", "numbers"),
    [
        ("Tax ID No.", "7750004150", {"7750004150"}),
        ("R.F.C.", "DIB-771110-HQ1", {"DIB771110HQ1"}),
        ("Business Reg No", "1137711000074 (Russia)", {"1137711000074"}),
        pytest.param("INN", "7704734000/770301001", {"7704734000"}, id="tax office after it"),
        pytest.param("KPP", "770701001", set(), id="tax office alone"),
        pytest.param("Registration Number", "12345", set(), id="five digits"),
        pytest.param("Registration Number", "123456", {"123456"}, id="six digits"),
        pytest.param("Registration Number", "000000", set(), id="no number"),
        pytest.param("SWIFT BIC", "KDBKKPPY", set(), id="no digit"),
        pytest.param("Registration Number", "2014-11-05", set(), id="a day"),
        pytest.param("Government Gazette Number", "29292940", set(), id="of a gazette"),
    ],
)
def test_a_strong_number_has_six_places_and_is_nobody_elses(
    kind: str, value: str, numbers: set[str]
):
    assert strong_numbers([Identifier(kind=kind, value=value)]) == numbers
