"""Slips of a question are mended in a further form of the name; other names have none."""

import pytest

from abeyance_screening.engine.names.form import normalise_all
from abeyance_screening.engine.names.form.slips import mended_forms
from abeyance_screening.engine.names.match import DEFAULT_THRESHOLD, score_forms
from abeyance_screening.engine.screening.name_variants import question_forms


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        pytest.param("Promsvyaz^ank", "Promsvyazbank", id="a sign for a letter"),
        pytest.param("Has{sen Rouhani", "Hassen Rouhani", id="a sign put in"),
        pytest.param("Rosoboron6LLC", "ROSOBORON LLC", id="a digit for the space before a form"),
        pytest.param("MOHAMMAD,5Bazuki", "MOHAMMAD, Bazuki", id="a digit after a comma"),
        pytest.param("TRIBIT LIRNITED LIABILITY COMPARIY", "TRIBIT LLC", id="a scanned form"),
        pytest.param("TRIBIT LIMITED LIABILITY COMPNAY", "TRIBIT LLC", id="a legal form"),
        pytest.param("PT TRIBIT ELEDTRONICS", "PT TRIBIT ELECTRONICS", id="a trade word"),
    ],
)
def test_a_slip_hides_no_name(asked: str, listed: str) -> None:
    assert mended_forms(asked)
    assert score_forms(question_forms(asked), normalise_all(listed)) >= DEFAULT_THRESHOLD


@pytest.mark.parametrize(
    "printed",
    [
        "Tribit Electronics Co., Ltd.",
        "AT&T",
        "7-Eleven",
        "H2O GmbH",
        "Web3 Labs",
        "Studio54 Berlin",
        "C++ Works",
        "\u534e\u4e3a",
    ],
)
def test_a_name_without_slips_has_no_further_form(printed: str) -> None:
    assert mended_forms(printed) == ()
