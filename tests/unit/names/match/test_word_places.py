"""Words are numbered as they come, and found again in arrays."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.names.match.spelling import build_vocabulary
from abeyance_screening.engine.names.match.vocabulary import WordBook, WordPlaces, slots_of

WORDS = st.text(alphabet="ab09z", min_size=1, max_size=6)


@given(st.lists(st.lists(WORDS, max_size=40), max_size=8), st.lists(WORDS, max_size=10))
def test_each_word_has_one_number_by_which_it_is_found(runs: list[list[str]], others: list[str]):
    book, numbers = WordBook(), dict[str, int]()
    for words in runs:
        expected = [numbers.setdefault(word, len(numbers)) for word in words]
        assert book.number(words).tolist() == expected
    order = np.arange(book.count, dtype=np.int32)
    vocabulary = build_vocabulary(*book.arranged(order, np.ones(book.count, dtype=np.bool_)))
    places = WordPlaces(vocabulary, slots_of(vocabulary))
    assert list(places) == list(numbers)
    assert dict(places) == numbers
    for word in (*others, *numbers):
        assert places.get(word, -1) == numbers.get(word, -1)
        assert (word in places) == (word in numbers)
    again = WordBook(vocabulary)
    assert again.number([*numbers, "new"]).tolist() == [*numbers.values(), len(numbers)]


def test_what_is_no_word_is_not_found() -> None:
    book = WordBook()
    book.number(["v", "a"])
    vocabulary = build_vocabulary(*book.arranged(np.arange(2, dtype=np.int32), np.zeros(2, bool)))
    places = WordPlaces(vocabulary, slots_of(vocabulary))
    # a blank and `!` have the numbers that are the codes of letters
    for text in ("", " ", "!", "V", "v ", "\u0430", "\x0b"):
        assert text not in places
        assert places.get(text) is None
