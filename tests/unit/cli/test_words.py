"""The words that only the command line has."""

import pytest

from abeyance_screening.engine.screening.trade.transaction import FactMet
from abeyance_screening.platform.cli.measures import fact_in_words


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        pytest.param(
            FactMet(
                fact="item",
                given="284690",
                meets="2846",
                item=0,
                item_class="rare earths",
                by="hs",
            ),
            "284690, by hs 2846: rare earths",
            id="an item",
        ),
        pytest.param(
            FactMet(fact="end_use", given="military_intelligence", meets="military"),
            "end use military intelligence",
            id="a use",
        ),
    ],
)
def test_a_fact_that_met_is_told_with_what_it_met(fact: FactMet, words: str):
    assert fact_in_words(fact) == words
