"""The bit-parallel measures equal their textbook definitions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA, LCSseq

from abeyance_screening.engine.names.match.edges import give_credit
from abeyance_screening.engine.names.match.kernel import Bytes, compiled
from abeyance_screening.engine.names.match.spelling import (
    LETTERS,
    LONGEST_FUZZY,
    MOST_LETTERS,
    common_letters,
    edits,
    letter_codes,
    mark_blocks,
    mark_letters,
)

_COMPILING = settings(deadline=None)


@compiled
def count_edits(one: Bytes, other: Bytes) -> int:
    marks = np.zeros(LETTERS, dtype=np.uint64)
    mark_letters(one, marks)
    return edits(marks, len(one), other)


@compiled
def count_common(one: Bytes, other: Bytes) -> int:
    blocks = MOST_LETTERS // 64
    marks = np.ones(blocks * LETTERS, dtype=np.uint64)
    rows = np.zeros(blocks, dtype=np.uint64)
    return common_letters(marks, mark_blocks(one, marks), other, rows)


@compiled
def credit_of(similarity: float) -> float:
    return give_credit(similarity)


def words(longest: int, alphabet: str = "abcz09"):
    return st.one_of(
        st.text(alphabet=alphabet[:2], min_size=1, max_size=longest),
        st.text(alphabet=alphabet, min_size=1, max_size=longest),
        st.integers(1, longest).map(lambda length: ("abc" * length)[:length]),
    )


@_COMPILING
@given(words(LONGEST_FUZZY), words(LONGEST_FUZZY + 20))
def test_edits_are_those_of_optimal_string_alignment(one: str, other: str) -> None:
    assert count_edits(letter_codes(one), letter_codes(other)) == OSA.distance(one, other)


@_COMPILING
@given(words(MOST_LETTERS), words(1500))
def test_common_letters_are_the_longest_common_subsequence(one: str, other: str) -> None:
    assert count_common(letter_codes(one), letter_codes(other)) == LCSseq.similarity(one, other)


@_COMPILING
@given(words(500), words(500))
def test_common_letters_are_the_same_both_ways(one: str, other: str) -> None:
    ours, theirs = letter_codes(one), letter_codes(other)
    assert count_common(ours, theirs) == count_common(theirs, ours)


@_COMPILING
@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_credit_rises_with_similarity_and_is_whole_for_the_same_word_only(
    one: float, other: float
) -> None:
    low, high = sorted((one, other))
    assert 0.0 <= credit_of(low) <= credit_of(high) <= credit_of(1.0) == 1.0
    assert low > 0.999 or credit_of(low) < 1.0


@pytest.mark.parametrize(
    ("ours", "theirs", "least", "most"),
    [
        pytest.param("huavei", "huavei", 1.0, 1.0, id="same"),
        pytest.param("hikvison", "hikvision", 0.7, 0.9, id="one letter in nine"),
        pytest.param("hikvsiion", "hikvision", 0.7, 0.9, id="two letters swapped"),
        pytest.param("zto", "zte", 0.0, 0.0, id="one letter in three"),
        pytest.param("smit", "smik", 0.05, 0.2, id="one letter in four"),
        pytest.param("siemens", "hikvision", 0.0, 0.0, id="another word"),
    ],
)
def test_credit_falls_with_edits_and_shortness(
    ours: str, theirs: str, least: float, most: float
) -> None:
    distance = count_edits(letter_codes(ours), letter_codes(theirs))
    assert least <= credit_of(1.0 - distance / max(len(ours), len(theirs))) <= most
