"""The score's tables: log-odds by what was measured, straight lines between the points."""

import math
from collections.abc import Sequence
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from service.match.arrays import Reals, Wholes
from service.match.compiled import inner

SCORER_VERSION = "7"

# What is measured of a pair of names, in the order of a row of measured values.
PARTS = (
    "matched_words",
    "query_covered",
    "rarest_word",
    "whole_spelling",
    "listed_gap",
    "first_word",
    "acronym",
    "spelled_out",
    "conflict",
    "legal_form_conflict",
    "type_conflict",
    "weak_alias",
    "same_words",
    "identical",
)
(
    MATCHED,
    QUERY_COVERED,
    RAREST,
    WHOLE,
    LISTED_GAP,
    FIRST_WORD,
    ACRONYM,
    SPELLED_OUT,
    CONFLICT,
    FORM_CONFLICT,
    TYPE_CONFLICT,
    WEAK_ALIAS,
    SAME_WORDS,
    IDENTICAL,
) = range(len(PARTS))


# The cells of a table in a value of one; its points lie on their borders.
_FINENESS = 20


class Tables(NamedTuple):
    """All tables one after another, in cells of one width: a value's cell is known at once.

    Those of part `p` are `starts[p]` to `starts[p + 1]`. Cell `c` begins at `values[c]` with
    `log_odds[c]`, which rise by `slopes[c]` in a value of one; the last cell of a part is level.
    `base` is the sum of a pair of names that have nothing in common. `peaks` are the highest
    log-odds of each part.
    """

    starts: Wholes
    values: Reals
    log_odds: Reals
    slopes: Reals
    peaks: Reals
    base: float


@inner
def read_table(tables: Tables, part: int, value: float) -> float:
    """Log-odds of a measured value; outside a table's points the nearest one holds."""
    value = max(value, 0.0)
    start, end = tables.starts[part], tables.starts[part + 1]
    cell = min(start + int(value * _FINENESS), end - 1)
    return tables.log_odds[cell] + (value - tables.values[cell]) * tables.slopes[cell]


def load_tables(text: str) -> Tables:
    """The tables in the form of `score_tables.txt`; a part without one adds nothing.

    Raises:
        ValueError: A line is no table, of no known part, or its points are not in order.
    """
    base = 0.0
    points: dict[str, list[tuple[float, float]]] = {part: [(0.0, 0.0)] for part in PARTS}
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        part, _, pairs = line.partition(": ")
        read = [
            (float(at), float(odds)) for at, _, odds in (p.partition("=") for p in pairs.split())
        ]
        if part == "base":
            base = read[0][1]
        elif part in points:
            points[part] = read
        else:
            raise ValueError(line)
    cut = [_cut(points[part]) for part in PARTS]
    cells = np.array([cell for table in cut for cell in table], dtype=np.float64)
    return Tables(
        starts=np.cumsum([0, *map(len, cut)]),
        values=cells[:, 0].copy(),
        log_odds=cells[:, 1].copy(),
        slopes=cells[:, 2].copy(),
        peaks=np.array([max(odds for _, odds in points[part]) for part in PARTS]),
        base=base,
    )


def _cut(points: Sequence[tuple[float, float]]) -> list[tuple[float, float, float]]:
    """Where each cell of a table begins, with what log-odds, and how fast they rise.

    Raises:
        ValueError: The first point is not at 0, one is not after the one before, or in a cell.
    """
    cells: list[tuple[float, float, float]] = []
    if points[0][0] != 0.0:
        raise ValueError(points)
    for (low, start), (high, end) in pairwise(points):
        count = round((high - low) * _FINENESS)
        if count < 1 or not math.isclose(count, (high - low) * _FINENESS):
            raise ValueError(points)
        slope = (end - start) / (high - low)
        steps = [step / _FINENESS for step in range(count)]
        cells += [(low + step, start + slope * step, slope) for step in steps]
    return [*cells, (*points[-1], 0.0)]


TABLES = load_tables(
    files("service.match").joinpath("data", "score_tables.txt").read_text("utf-8")
)
