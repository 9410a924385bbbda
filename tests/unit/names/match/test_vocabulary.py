"""The vocabulary: words as arrays, and the postings of grams."""

from importlib.resources import files

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from service.names.match.spelling import (
    GRAMS,
    LETTERS,
    LONGEST_FUZZY,
    Vocabulary,
    build_vocabulary,
    is_fuzzy,
    letter_codes,
)
from service.names.match.words import PARTNERS

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


def test_numbers_short_words_and_very_long_ones_have_no_other_spellings() -> None:
    for text in ("zte", "1142", "plant2", "a" * (LONGEST_FUZZY + 1)):
        assert not is_fuzzy(text)
    assert is_fuzzy("smik")
    assert is_fuzzy("a" * LONGEST_FUZZY)


def test_word_pairs_hold_both_ways_and_never_count_as_the_same_word() -> None:
    for word, partners in PARTNERS.items():
        for partner in partners:
            assert partner.text != word
            assert 0.0 < partner.credit < 0.9
            backs = {(each.text, each.credit) for each in PARTNERS[partner.text]}
            assert (word, partner.credit) in backs
        assert len({each.text for each in partners}) == len(partners)


def test_the_file_of_word_pairs_is_sorted_and_names_each_pair_once() -> None:
    text = files("service.names.match").joinpath("data", "word_pairs.txt").read_text("utf-8")
    pairs = [
        tuple(line.split(" ")[:2])
        for line in text.splitlines()
        if line and not line.startswith("#")
    ]
    assert pairs == sorted(set(pairs))
    assert all(one < other for one, other in pairs)
