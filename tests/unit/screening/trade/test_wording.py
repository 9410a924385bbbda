"""What decides a measure, asked in plain words."""

import pytest

from abeyance_screening.engine.measures.reach import ItemClass, Reach
from abeyance_screening.engine.screening.trade.questions import (
    brief_question_of,
    short_question_of,
)


def classes(*names: str) -> tuple[ItemClass, ...]:
    return tuple(ItemClass(name=name, words=(name,)) for name in names)


FROM_CHINA = Reach(items=classes("gallium", "germanium"), origin=("CN",), destination=("US",))


@pytest.mark.parametrize(
    ("reaches", "question"),
    [
        pytest.param(
            [FROM_CHINA],
            "Are the goods among these (gallium; germanium), and sent from China to the United "
            "States?",
            id="goods and places",
        ),
        pytest.param(
            [Reach(destination=("EU", "NL"), end_use=("military", "nuclear"))],
            "Are the goods sent to the European Union or the Netherlands and for a military use "
            "or a nuclear use?",
            id="uses, and no goods",
        ),
        pytest.param(
            [Reach(items_of="dual-use items", beyond="it is old")],
            "The goods may be among these: dual-use items. If so, is it true that it is old?",
            id="neither place",
        ),
        pytest.param(
            [FROM_CHINA, Reach(items=classes("graphite"), origin=("CN",), destination=("US",))],
            "Are the goods among these (gallium; germanium; graphite), and sent from China to the "
            "United States?",
            id="the same way",
        ),
        pytest.param(
            [Reach(origin=("IR",)), Reach(destination=("IR",))],
            "Are the goods sent from Iran? Or: Are the goods sent to Iran?",
            id="two ways",
        ),
        pytest.param(
            [Reach(items=classes("a"), origin_except=("CN",), beyond="it is of Chinese origin")],
            "The goods may be among these: a. If so, is it true that they are sent from anywhere "
            "but China and that it is of Chinese origin?",
            id="from elsewhere",
        ),
        pytest.param(
            [Reach(items=classes("a"), origin=("CN",)), Reach(items=classes("b"), origin=("JP",))],
            "Are the goods among these (a), and sent from China? Or: Are the goods among these "
            "(b), and sent from Japan?",
            id="other goods another way",
        ),
        pytest.param(
            [Reach(destination=("CN", "HK", "MO", "RU"))],
            "Are the goods sent to China, Hong Kong, Macao or Russia?",
            id="as many countries as are named",
        ),
        pytest.param(
            [Reach(destination=("CN", "HK", "MO", "RU", "VE"))],
            "Are the goods sent to CN, HK, MO, RU or VE?",
            id="more countries than are named",
        ),
        pytest.param(
            [Reach(items=classes(*"abcdefg"), origin=("CN",))],
            "Are the goods among these (a; b; c; d; e; 2 more), and sent from China?",
            id="more goods than are named",
        ),
    ],
)
def test_a_question_says_what_would_meet(reaches: list[Reach], question: str):
    assert short_question_of(reaches, None) == question


@pytest.mark.parametrize(
    ("reaches", "question"),
    [
        pytest.param(
            [FROM_CHINA, Reach(items=classes("tin"), destination=("US",), beyond="it is Chinese")],
            "Is any of this sent to the United States: gallium; germanium; 1 more?",
            id="what only one of them asks is left out",
        ),
        pytest.param(
            [FROM_CHINA, Reach(destination=("JP",))],
            "Is anything sent to the United States or Japan?",
            id="any goods take in all",
        ),
        pytest.param(
            [Reach(origin=("IR",)), Reach(destination=("IR",))],
            "Is anything sent from Iran, or sent to Iran?",
            id="places on either side",
        ),
        pytest.param(
            [Reach(origin=("US",), beyond="it is old"), Reach(origin=("CN",), beyond="it is old")],
            "Is anything sent from the United States or China where it is old?",
            id="the same condition of all",
        ),
    ],
)
def test_a_brief_question_takes_in_all_so_that_no_rules_the_measure_out(
    reaches: list[Reach], question: str
):
    assert brief_question_of(reaches) == question
