"""`abeyance explain` says what a field means, or which name is spelled alike."""

import re

import pytest
from click.testing import CliRunner

from abeyance_screening.app.explain_command import explain
from abeyance_screening.app.screen_command import screen
from abeyance_screening.primitives.errors import BadInputError


def explained(*fields: str) -> str:
    """What is printed, on one line."""
    result = CliRunner().invoke(explain, fields, catch_exceptions=False)
    assert result.exit_code == 0
    return " ".join(result.output.split())


def test_a_field_is_explained_with_the_objects_that_have_it():
    said = explained("similarity")
    assert said == (
        "similarity Share of its weight that the spelling earned, in [0, 1]. in WordPair"
    )


def test_a_field_of_one_object_has_one_meaning():
    assert explained("Readiness.status") == (
        "Readiness.status Always `ready`; before that the answer is a problem. in Readiness"
    )


def test_the_meanings_of_one_name_are_all_printed_the_commonest_first():
    said = explained("known_at")
    common = said.index("though the names of moments end in `_at`")
    assert common < said.index("for this day; a date.")
    assert re.search(r"in [A-Z]\w+(, [A-Z]\w+){5} and \d+ more", said)


@pytest.mark.parametrize(
    ("name", "means"),
    [
        pytest.param("passed_days", "Also the changes of so many last days", id="a parameter"),
        pytest.param("Retry-After", "In how many seconds to ask again.", id="a header"),
        pytest.param("retry-after", "In how many seconds to ask again.", id="in small letters"),
        pytest.param("violated-policies", "Names of the limits", id="a renamed field"),
    ],
)
def test_whatever_has_a_name_is_explained(name: str, means: str):
    assert means in explained(name)


def test_a_name_that_nothing_has_is_refused_with_one_spelled_alike():
    with pytest.raises(BadInputError, match=r"nothing is called 'treshold'.*mean threshold\?"):
        CliRunner().invoke(explain, ["treshold"], catch_exceptions=False)


def test_screening_explains_a_field_and_screens_nothing():
    result = CliRunner().invoke(screen, ["--explain", "corroboration"], catch_exceptions=False)
    assert result.exit_code == 0
    assert "It orders hits and never removes one." in " ".join(result.output.split())
