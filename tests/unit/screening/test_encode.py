"""An answer is written piece by piece, and comes to the same bytes as in one go."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import msgspec
import pytest

from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.screening.answer import CounterpartyResult, ScreeningAnswer
from abeyance_screening.engine.screening.answer_json import Shelf, Writer
from abeyance_screening.engine.screening.question import Counterparty, ScreeningQuestion
from abeyance_screening.engine.screening.screen import Screener
from abeyance_screening.engine.screening.trade.restrictions import restrictions_on
from abeyance_screening.engine.screening.validate import question_from
from tests.unit.screening.owners.listed_owners import (
    DAYS,
    INDEX,
    LIST,
    REGISTER,
    TODAY,
    owner,
    screened,
)

PARTY = Counterparty(name="Plain Bakery")
QUESTION = question_from(ScreeningQuestion(counterparties=(PARTY,), lists=(LIST,)), DAYS)
BOARD = MeasureBoard(REGISTER)


def answer(*results: CounterpartyResult) -> ScreeningAnswer:
    return ScreeningAnswer(
        id=UUID(int=1),
        asked_at=datetime(2026, 11, 24, 6, tzinfo=UTC),
        as_of=TODAY,
        known_at=TODAY,
        scorer="1",
        threshold=0.5,
        limit=10,
        stored=False,
        coverage=Screener(INDEX, BOARD, QUESTION, TODAY).coverage,
        results=results,
        restrictions=restrictions_on(BOARD, None, DAYS),
    )


@pytest.mark.parametrize(
    "results",
    [
        pytest.param((), id="nobody"),
        pytest.param((screened(),), id="without owners"),
        pytest.param((screened(owner("Plain Baker", 100)),), id="no finding"),
        pytest.param(
            (
                screened(owner("Zorbax Trading", 60), owner("Ombrell Industries", 40)),
                screened(name="Zorbax Trading"),
                screened(owner("Yttrig Foundation", None)),
            ),
            id="several, with findings",
        ),
    ],
)
def test_the_bytes_are_those_of_the_whole(results: tuple[CounterpartyResult, ...]):
    whole = answer(*results)
    written = asyncio.run(Writer(Shelf()).screening(whole))
    assert b"".join(written.pieces) == msgspec.json.encode(whole)
