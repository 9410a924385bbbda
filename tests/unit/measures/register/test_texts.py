"""What a measure says of itself holds on every day: what became of it is told by its events."""

import re

import pytest

from abeyance_screening.engine.measures.measure import Measure
from tests.cases import for_each
from tests.shipped_register import load

_MEASURES = load().measures
# Words that tell what has become of a measure, or on which day somebody wrote the sentence.
_FATE = re.compile(
    r"\b(ended|ends|closed|historic|lapsed|expired|repealed|revoked|rescinded|annulled|vacated"
    r"|terminated|suspended|stayed|stopped|lifted|eased|narrowed|moved|removed|delisted"
    r"|reimposed|re-imposed|re-applied|replaced|dormant"
    r"|now|no longer|not any more|currently|current|so far|again|anew|new in|when active"
    r"|used to|was blocked|was treated|old|older|context only)\b",
    re.IGNORECASE,
)
# A duty that remains is told in every state of its measure but in force.
_STATE = re.compile(r"\b(while|when|once|since|until|suspended|stopped|ended)\b", re.IGNORECASE)


def _texts(measure: Measure) -> str:
    whats = (each.what for each in measure.effect)
    return "\n".join(filter(None, (measure.title, measure.plain, measure.condition, *whats)))


@for_each("measure", {each.id: each for each in _MEASURES})
def test_title_and_plain_words_do_not_say_what_became_of_the_measure(measure: Measure):
    assert _FATE.findall(_texts(measure)) == []


@pytest.mark.parametrize(
    "measure",
    [pytest.param(each, id=each.id) for each in _MEASURES if each.residual_obligation is not None],
)
def test_a_residual_duty_is_worded_for_whatever_state_it_remains_in(measure: Measure):
    assert _STATE.findall(measure.residual_obligation or "") == []
