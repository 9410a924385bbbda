"""The vocabulary: words as arrays, and the postings of grams."""

from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.names.form.word_types import ComparisonForm, Word
from abeyance_screening.engine.names.match import NameIndex
from abeyance_screening.engine.names.match.layout import FUZZY, KNOWN, lay_out_question
from abeyance_screening.engine.names.match.name_keys import PARTNERS
from abeyance_screening.engine.names.match.search import search, take_seat
from abeyance_screening.engine.names.match.spelling import (
    GRAMS,
    LETTERS,
    LONGEST_FUZZY,
    Vocabulary,
    build_vocabulary,
    letter_codes,
)
from abeyance_screening.engine.names.match_types import IndexedName

_WORDS = st.lists(
    st.text(alphabet="abcz019", min_size=1, max_size=LONGEST_FUZZY + 6), unique=True, max_size=30
)


def grams(word: str) -> set[int]:
    codes = [0, *(int(code) for code in letter_codes(word)), 0]
    return {
        (codes[at - 1] * LETTERS + codes[at]) * LETTERS + codes[at + 1]
        for at in range(1, len(codes) - 1)
    }


def built_of(words: list[str], fuzzy: list[bool]) -> Vocabulary:
    starts = np.cumsum([0, *map(len, words)])
    return build_vocabulary(letter_codes("".join(words)), starts, np.array(fuzzy, dtype=np.bool_))


@given(_WORDS, st.data())
def test_a_gram_is_posted_to_the_fuzzy_words_that_have_it(words: list[str], data) -> None:
    wanted = data.draw(st.lists(st.booleans(), min_size=len(words), max_size=len(words)))
    fit = [asked and len(word) <= LONGEST_FUZZY for word, asked in zip(words, wanted, strict=True)]
    built = built_of(words, fit)
    assert list(built.fuzzy) == fit
    posted = {
        (gram, int(word))
        for gram in range(GRAMS)
        if built.gram_starts[gram] < built.gram_starts[gram + 1]
        for word in built.gram_words[built.gram_starts[gram] : built.gram_starts[gram + 1]]
    }
    expected = {(gram, at) for at, word in enumerate(words) if fit[at] for gram in grams(word)}
    assert posted == expected
    assert len(built.gram_words) == len(expected)


@given(_WORDS)
def test_every_word_is_laid_out_whole(words: list[str]) -> None:
    built = built_of(words, [False] * len(words))
    for at, word in enumerate(words):
        letters = built.letters[built.starts[at] : built.starts[at + 1]]
        assert list(letters) == letter_codes(word).tolist()
        assert min(list(letters)) >= 1


@pytest.mark.parametrize(
    ("text", "has_others"),
    [
        ("zte", False),
        ("1142", False),
        ("plant2", False),
        ("a" * (LONGEST_FUZZY + 1), False),
        ("smik", True),
        ("a" * LONGEST_FUZZY, True),
    ],
)
def test_numbers_short_words_and_very_long_ones_have_no_other_spellings(
    text: str, *, has_others: bool
) -> None:
    form = ComparisonForm(text, (Word(text, text, 1.0, text[0]),), (), (text,))
    index = NameIndex.build([IndexedName(0, 0, "primary", form)]).index
    asked = lay_out_question(form)
    assert search(take_seat(index).searcher, asked, np.zeros(0, dtype=np.bool_), 0.0) == 1
    assert bool(index.finding.vocabulary.fuzzy[0]) == has_others
    # the last row but one: other words that lists print for it come first, the end of all last
    assert asked.units[len(asked.factors) - 1, KNOWN] == 0
    assert bool(asked.units[len(asked.factors) - 1, FUZZY]) == has_others


def test_word_pairs_hold_both_ways_and_never_count_as_the_same_word() -> None:
    for word, partners in PARTNERS.items():
        for partner in partners:
            assert partner.text != word
            assert 0.0 < partner.credit < 0.9
            backs = {(each.text, each.credit) for each in PARTNERS[partner.text]}
            assert (word, partner.credit) in backs
        assert len({each.text for each in partners}) == len(partners)


def test_the_file_of_word_pairs_is_sorted_and_names_each_pair_once() -> None:
    text = (
        files("abeyance_screening.engine.names.match")
        .joinpath("data", "word_pairs.txt")
        .read_text("utf-8")
    )
    pairs = [
        tuple(line.split(" ")[:2])
        for line in text.splitlines()
        if line and not line.startswith("#")
    ]
    assert pairs == sorted(set(pairs))
    assert all(one < other for one, other in pairs)
