"""Number the distinct words of many names as they come, and look up words by their letters.

Both use a table of slots: a word is in the first slot that was free from the one on that the
checksum of its letters gives. So a vocabulary of millions of words is an array, which all
processes of a machine share, rather than a dictionary, of which each would need its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple, cast, override
from zlib import crc32

import numpy as np

from abeyance_screening.engine.names.match.kernel import (
    Bytes,
    Flags,
    Ints,
    Marks,
    Positions,
    Wholes,
    compiled,
    inner,
    int_list,
    ints_of,
)
from abeyance_screening.engine.names.match.spelling import (
    FIRST_LETTER,
    LONGEST_FUZZY,
    SHORTEST_FUZZY,
    Vocabulary,
    codes_of,
    letter_codes,
    text_of,
)

_ALL_BITS, _POLYNOMIAL = 0xFFFFFFFF, 0xEDB88320
# How many words stay known as texts: common words are asked for again and again.
_MOST_KNOWN = 16_384


class Slots(NamedTuple):
    """Words and where each is found: word `w` is `letters[starts[w] : starts[w + 1]]`.

    `slots` are places of words, -1 where there is none; their number is a power of two, and at
    most half of them are taken.
    """

    letters: Wholes
    starts: Wholes
    slots: Wholes


def _remainders() -> Ints:
    """Return the table by which a CRC-32 is worked out a byte at a time."""
    remainders = np.arange(256, dtype=np.int64)
    for _ in range(8):
        remainders = (remainders >> 1) ^ (_POLYNOMIAL * (remainders & 1))
    return remainders


_REMAINDERS: Wholes = _remainders()


@inner
def slot_of(book: Slots, letters: Wholes, start: int, end: int) -> int:
    """Return the slot that has the word `letters[start:end]`, or the free one that it will get."""
    checksum: int = _ALL_BITS
    for place in range(start, end):
        checksum = (checksum >> 8) ^ _REMAINDERS[(checksum ^ int(letters[place])) & 255]
    last = len(book.slots) - 1
    slot = (checksum ^ _ALL_BITS) & last
    while book.slots[slot] >= 0:
        word = book.slots[slot]
        first = book.starts[word]
        if book.starts[word + 1] - first == end - start:
            place = start
            while place < end and book.letters[first + place - start] == letters[place]:
                place += 1
            if place == end:
                return slot
        slot = (slot + 1) & last
    return slot


@compiled
def _number(book: Slots, count: int, letters: Wholes, starts: Wholes, numbers: Wholes) -> int:
    """Fill `numbers` with the place of each word, and add new words; return how many there are."""
    for word in range(len(starts) - 1):
        start, end = starts[word], starts[word + 1]
        slot = slot_of(book, letters, start, end)
        if book.slots[slot] < 0:
            first = book.starts[count]
            for place in range(start, end):
                book.letters[first + place - start] = letters[place]
            book.starts[count + 1] = first + end - start
            book.slots[slot] = count
            count += 1
        numbers[word] = book.slots[slot]
    return count


@compiled
def _fill_slots(book: Slots, count: int) -> None:
    """Put the first `count` words, which differ from each other, into free slots."""
    for word in range(count):
        start, end = book.starts[word], book.starts[word + 1]
        book.slots[slot_of(book, book.letters, start, end)] = word


def slots_of(vocabulary: Vocabulary) -> Positions:
    """Return the slots of a vocabulary, by which `WordPlaces` finds its words."""
    count = len(vocabulary.starts) - 1
    slots = _free_slots(count)
    _fill_slots(Slots(vocabulary.letters, vocabulary.starts, slots), count)
    return slots


def _free_slots(words: int) -> Positions:
    return np.full(1 << (2 * words).bit_length(), -1, dtype=np.int32)


class WordBook:
    """The distinct words of names, in the order in which they came."""

    def __init__(self, known: Vocabulary | None = None) -> None:
        """Start with the words of an earlier vocabulary, if any."""
        self.count = 0 if known is None else len(known.starts) - 1
        letters = np.zeros(0, np.uint8) if known is None else cast("Bytes", known.letters)
        starts = np.zeros(1, np.int64) if known is None else ints_of(known.starts)
        self._letters: Bytes = letters.copy()
        self._starts: Ints = starts.astype(np.int64)
        self._slots = _free_slots(self.count)
        _fill_slots(self._book(), self.count)

    def number(self, texts: Sequence[str]) -> Positions:
        """Return the place of each word; new words get the next places."""
        letters, starts = letter_codes("".join(texts)), np.zeros(len(texts) + 1, dtype=np.int64)
        np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)), out=starts[1:])
        self._make_room(len(texts), len(letters))
        numbers = np.zeros(len(texts), dtype=np.int32)
        self.count = _number(self._book(), self.count, letters, starts, numbers)
        return numbers

    def lengths(self) -> Ints:
        """Return the number of letters of each word."""
        return np.diff(self._starts[: self.count + 1])

    def arranged(self, order: Positions, alone: Flags) -> tuple[Bytes, Ints, Flags]:
        """Return words in an order: their letters, where each begins, and which are fuzzy.

        Those are fuzzy, of the words that are marked as `alone`, that similar spellings may meet.
        """
        starts, fuzzy = np.zeros(len(order) + 1, np.int64), np.zeros(len(order), np.bool_)
        letters = np.zeros(sum(int_list(self.lengths()[order])), dtype=np.uint8)
        _arrange(self._book(), order, letters, starts, fuzzy)
        return letters, starts, fuzzy & alone

    def _book(self) -> Slots:
        return Slots(self._letters, self._starts, self._slots)

    def _make_room(self, words: int, letters: int) -> None:
        """Make room for so many more words and letters."""
        (used,) = int_list(self._starts[self.count : self.count + 1])
        words, letters = self.count + words, used + letters
        if letters > len(self._letters):
            self._letters = np.concatenate([self._letters, np.zeros(letters, np.uint8)])
        if words + 1 > len(self._starts):
            self._starts = np.concatenate([self._starts, np.zeros(words + 1, np.int64)])
        if 2 * words > len(self._slots):
            self._slots = _free_slots(2 * words)
            _fill_slots(self._book(), self.count)


@compiled
def _arrange(
    book: Slots, order: Wholes, letters: Wholes, starts: Wholes, may_be_fuzzy: Marks
) -> None:
    """Fill `letters` and `starts` with the words of a book in this order.

    `may_be_fuzzy` marks those that similar spellings may meet: 4 to 64 letters without a digit.
    """
    for place in range(len(order)):
        first, end = book.starts[order[place]], book.starts[order[place] + 1]
        start, is_fuzzy = starts[place], SHORTEST_FUZZY <= end - first <= LONGEST_FUZZY
        for at in range(first, end):
            letters[start + at - first] = book.letters[at]
            is_fuzzy = is_fuzzy and book.letters[at] >= FIRST_LETTER
        starts[place + 1] = start + end - first
        may_be_fuzzy[place] = is_fuzzy


class WordPlaces(Mapping[str, int]):
    """The place of each word in a vocabulary, looked up in arrays."""

    def __init__(self, vocabulary: Vocabulary, slots: Positions) -> None:
        self._letters = memoryview(cast("Bytes", vocabulary.letters))
        self._starts = memoryview(cast("Positions", vocabulary.starts))
        self._slots = memoryview(slots)
        self._last = len(slots) - 1
        self._known: dict[str, int] = {}

    @override
    def __len__(self) -> int:
        return len(self._starts) - 1

    @override
    def __iter__(self) -> Iterator[str]:
        return (text_of(self._letters[first:end]) for first, end in pairwise(self._starts))

    @override
    def __contains__(self, text: object) -> bool:
        return isinstance(text, str) and self._find(text) >= 0

    @override
    def __getitem__(self, text: str) -> int:
        place = self._find(text)
        if place < 0:
            raise KeyError(text)
        return place

    def _find(self, text: str) -> int:
        """Return the place of a word, or -1."""
        known = self._known.get(text)
        if known is not None:
            return known
        codes = codes_of(text)
        slot = crc32(codes) & self._last
        while (place := self._slots[slot]) >= 0:
            if bytes(self._letters[self._starts[place] : self._starts[place + 1]]) == codes:
                if len(self._known) >= _MOST_KNOWN:
                    self._known.clear()
                self._known[text] = place
                break
            slot = (slot + 1) & self._last
        return place
