"""What printed evidence says of an answer's worth."""

import msgspec
import pytest

from abeyance_screening.engine.screening.answer import Coverage
from abeyance_screening.features.evidence.document import complete_line
from tests.unit.tables.results import COVERED, answer_of

FRESH = msgspec.structs.replace(COVERED, state="fresh", reason=None)
LOST = "the database was last seen at noon"
_LOST = LOST.capitalize()
UNRELIABLE = "is too old (Entity List)."
NOT_FOUND = "That a name was not found does not mean that it is not listed."


@pytest.mark.parametrize(
    ("coverage", "line"),
    [
        pytest.param(
            Coverage(complete=True, lists=(FRESH,)),
            "Complete. Searched: 1 required list, 116 days old.",
            id="complete",
        ),
        pytest.param(
            Coverage(complete=False, lists=(FRESH, COVERED)),
            f"Incomplete answer. 1 of 2 required lists {UNRELIABLE} {NOT_FOUND}",
            id="a list that is too old",
        ),
        pytest.param(
            Coverage(complete=False, lists=(FRESH,), reasons=(LOST,)),
            f"Incomplete answer. {_LOST}. {NOT_FOUND}",
            id="a database out of sight",
        ),
        pytest.param(
            Coverage(complete=False, lists=(COVERED,), reasons=(LOST,)),
            f"Incomplete answer. {_LOST}; 1 of 1 required list {UNRELIABLE} {NOT_FOUND}",
            id="both",
        ),
    ],
)
def test_what_silence_is_worth_is_said_in_a_line(coverage: Coverage, line: str):
    assert complete_line(msgspec.structs.replace(answer_of(), coverage=coverage)) == line
