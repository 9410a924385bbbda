"""Measure what one question about goods costs: codes of annexes, from here to there."""

import random
import time
from collections.abc import Iterator
from datetime import date

import msgspec

from abeyance_screening.bench.arrays import p50_and_p99
from abeyance_screening.engine.measures.annexes.index import shipped_annexes
from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.measures.reach import Reach
from abeyance_screening.engine.measures.register import read
from abeyance_screening.engine.measures.register.register import EU, Register
from abeyance_screening.engine.screening.trade.restrictions import restrictions_on
from abeyance_screening.engine.screening.trade.transaction import Item, Transaction
from abeyance_screening.primitives.days import Days

QUESTIONS = 500
# Read the annexes and the places, which a service does once.
_WARM_UP = 50
_SEED = 7
_DAYS = Days(as_of=date(2026, 12, 1), known_at=date(2026, 12, 1))
_MEMBER = "DE"


class FlowFigures(msgspec.Struct, frozen=True, kw_only=True):
    """The milliseconds of CPU that a question about goods takes in process, and what was met.

    `met` are the questions that at least one measure reached.
    """

    questions: int
    met: int
    p50_ms: float
    p99_ms: float


def measure_flows() -> FlowFigures:
    """Ask for codes drawn by chance from the annexes, each between places of a measure with them.

    All are about one day, as those that a desk asks; each has its own code.
    """
    board = MeasureBoard(Register(read.shipped().measures))
    drawn = random.Random(_SEED)  # noqa: S311
    rows = [row for row in shipped_annexes().rows if row.code.isdigit()]
    places = dict(_places(board))
    asked = [
        row for row in drawn.choices(rows, k=4 * (QUESTIONS + _WARM_UP)) if row.annex in places
    ]
    spent, met = list[float](), 0
    for place, row in enumerate(asked[: QUESTIONS + _WARM_UP]):
        origin, destination = places[row.annex]
        described = Transaction(items=(Item(hs=row.code),), origin=origin, destination=destination)
        started = time.thread_time()
        found = restrictions_on(board, described, _DAYS)
        if place >= _WARM_UP:
            spent.append(time.thread_time() - started)
            met += bool(found.met)
    p50_ms, p99_ms = p50_and_p99(spent, 1e3)
    return FlowFigures(questions=len(spent), met=met, p50_ms=p50_ms, p99_ms=p99_ms)


def _places(board: MeasureBoard) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield annexes, each with two places between which a measure takes its goods from it."""
    for measure in board.register.measures:
        for reach in measure.reaches:
            for annex in reach.annexes if reach.origin and reach.destination else ():
                yield annex, _between(reach)


def _between(reach: Reach) -> tuple[str, str]:
    origin, destination = reach.origin[0], reach.destination[0]
    return _member(origin), _member(destination)


def _member(code: str) -> str:
    return _MEMBER if code == EU else code
