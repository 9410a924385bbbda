"""Words that sound alike: an edit between them counts half."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.match import score
from abeyance_screening.engine.names.match.kernel import Bytes, compiled
from abeyance_screening.engine.names.match.spelling import letter_codes, sounds_like

_WORDS = st.text(alphabet="abcdehkostuvz", min_size=1, max_size=12)


@compiled
def alike(one: Bytes, other: Bytes) -> bool:
    return sounds_like(one, other)


def sound(one: str, other: str) -> bool:
    return alike(letter_codes(one), letter_codes(other))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param("shomal", "shemal", True, id="another vowel"),
        pytest.param("huthi", "houthi", True, id="a vowel more"),
        pytest.param("sadr", "satr", True, id="voiced and voiceless"),
        pytest.param("kalcimin", "kalsimin", True, id="soft c"),
        pytest.param("amal", "mal", False, id="one begins with a vowel"),
        pytest.param("karim", "kamir", False, id="consonants turned"),
        pytest.param("aeiou", "uoi", True, id="nothing but vowels"),
        pytest.param("boral", "boran", False, id="another consonant"),
    ],
)
def test_which_words_sound_alike(one: str, other: str, *, expected: bool) -> None:
    assert sound(one, other) is expected


@given(_WORDS, _WORDS)
def test_sounding_alike_is_the_same_both_ways(one: str, other: str) -> None:
    assert sound(one, one)
    assert sound(one, other) == sound(other, one)


def test_another_vowel_is_less_of_a_difference_than_another_consonant() -> None:
    listed = normalise("Solaj Mining")
    vowel, consonant = normalise("Sulaj Mining"), normalise("Somaj Mining")
    assert score(consonant, listed) < score(vowel, listed) < 1.0
