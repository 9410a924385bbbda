"""The score tables satisfy the conditions that the guarantees depend on."""

import math
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.names.match import DEFAULT_THRESHOLD, SCORER_VERSION
from abeyance_screening.engine.names.match.kernel import compiled
from abeyance_screening.engine.names.match.score import (
    PARTS,
    TABLES,
    Tables,
    load_tables,
    read_table,
)

_FALLING = frozenset(
    {
        "listed_gap",
        "conflict",
        "legal_form_conflict",
        "common_words",
        "type_conflict",
        "weak_alias",
    }
)


@compiled
def read(tables: Tables, part: int, value: float) -> float:
    return read_table(tables, part, value)


read(TABLES, 0, 0.0)


WRITTEN = dict(
    line.split(": ")
    for line in files("abeyance_screening.engine.names.match")
    .joinpath("data", "score_tables.txt")
    .read_text()
    .splitlines()
    if not line.startswith("#")
)


def points(part: str) -> tuple[list[float], list[float]]:
    """Return tables in the format of the file."""
    pairs = [pair.split("=") for pair in WRITTEN.get(part, "0=0").split()]
    return [float(at) for at, _ in pairs], [float(odds) for _, odds in pairs]


@pytest.mark.parametrize("part", PARTS)
def test_a_table_never_turns(part: str) -> None:
    values, log_odds = points(part)
    assert values == sorted(set(values))
    assert log_odds == sorted(log_odds, reverse=part in _FALLING)


@pytest.mark.parametrize("part", PARTS)
def test_nothing_measured_adds_nothing(part: str) -> None:
    assert read(TABLES, PARTS.index(part), 0.0) == 0.0


@pytest.mark.parametrize("part", PARTS)
def test_what_takes_away_has_no_peak_that_a_bound_would_miss(part: str) -> None:
    peak = TABLES.peaks[PARTS.index(part)]
    assert peak == max(points(part)[1])
    assert peak == 0.0 or part not in _FALLING


@given(st.sampled_from(PARTS), st.floats(-1.0, 10.0), st.floats(-1.0, 10.0))
def test_reading_goes_straight_from_point_to_point(part: str, one: float, other: float) -> None:
    place = PARTS.index(part)
    values, log_odds = points(part)
    low, high = sorted((one, other))
    below, above = read(TABLES, place, low), read(TABLES, place, high)
    assert (below >= above) if part in _FALLING else (below <= above)
    assert below == pytest.approx(np.interp(low, values, log_odds))


def test_the_same_words_are_over_the_default_threshold_whatever_they_say() -> None:
    least = TABLES.peaks[PARTS.index("same_words")]
    assert 1.0 / (1.0 + math.exp(-least)) > DEFAULT_THRESHOLD


def test_tables_are_read_as_they_are_written() -> None:
    tables = load_tables("# a remark\n\nbase: 0=-5\nfirst_word: 0=0 1=2.5\n")
    assert tables.base == -5.0
    assert read(tables, PARTS.index("first_word"), 0.5) == 1.25
    assert read(tables, PARTS.index("conflict"), 1.0) == 0.0, "a part without a table"


@pytest.mark.parametrize(
    "line",
    [
        "colour: 0=0 1=1",
        "first_word: 0=0 1=much",
        "first_word: 0 1",
        "first word",
        "first_word: 0=0 0.33=1",
        "first_word: 0.5=0 1=1",
        "first_word: 0=0 1=1 0.5=1",
        "first_word: 0=0 0=1",
    ],
)
def test_what_is_no_table_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        load_tables(f"base: 0=-5\n{line}\n")


def test_the_scorer_has_a_version() -> None:
    assert SCORER_VERSION.isdigit()
