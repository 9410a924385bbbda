"""The score's tables: log-odds by what was measured, straight lines between the points."""

from importlib.resources import files
from typing import NamedTuple

import numpy as np

from service.match.arrays import Reals, Wholes
from service.match.compiled import inner

SCORER_VERSION = "4"

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


class Tables(NamedTuple):
    """All tables one after another: that of part `p` is points `starts[p]` to `starts[p + 1]`.

    `base` is the sum of a pair of names that have nothing in common. `peaks` are the highest
    log-odds of each part.
    """

    starts: Wholes
    values: Reals
    log_odds: Reals
    peaks: Reals
    base: float


@inner
def read_table(tables: Tables, part: int, value: float) -> float:
    """Log-odds of a measured value; outside a table's points the nearest one holds."""
    start, end = tables.starts[part], tables.starts[part + 1]
    if start == end or value <= tables.values[start]:
        return 0.0 if start == end else tables.log_odds[start]
    for place in range(start + 1, end):
        high = tables.values[place]
        if value <= high:
            low = tables.values[place - 1]
            share = (value - low) / (high - low)
            rise = tables.log_odds[place] - tables.log_odds[place - 1]
            return tables.log_odds[place - 1] + share * rise
    return tables.log_odds[end - 1]


def load_tables(text: str) -> Tables:
    """The tables in the form of `score_tables.txt`; a part without one adds nothing.

    Raises:
        ValueError: A line is no table, or of no known part.
    """
    base = 0.0
    points: dict[str, list[tuple[float, float]]] = {part: [] for part in PARTS}
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
    return Tables(
        starts=np.cumsum([0, *(len(points[part]) for part in PARTS)]),
        values=np.array([at for part in PARTS for at, _ in points[part]], dtype=np.float64),
        log_odds=np.array([odds for part in PARTS for _, odds in points[part]], dtype=np.float64),
        peaks=np.array([max((odds for _, odds in points[part]), default=0.0) for part in PARTS]),
        base=base,
    )


TABLES = load_tables(
    files("service.match").joinpath("data", "score_tables.txt").read_text("utf-8")
)
