"""Compare spellings: edits, common letters and sound, on words whose letters are small numbers."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from rapidfuzz.distance import OSA

from abeyance_screening.engine.names.match.kernel import (
    Bytes,
    Flags,
    Ints,
    Marks,
    Wholes,
    Words,
    compiled,
    inner,
    int_list,
    words_of,
)
from abeyance_screening.primitives.days import Rest, no_rest

LETTERS = 37
# Words are similar where at most the rest of the longer word's letters, 28 %, are edits.
LEAST_SIMILAR = 0.72
# Longer words, which do not fit the bits of a machine word, are met by the same spelling only.
LONGEST_FUZZY = 64
_NONE = np.uint64(0)
# The most letters of a whole name that are compared; 500 Han characters may be read as thousands.
MOST_LETTERS = 1024
_ONE = np.uint64(1)
_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
_PAIRS = np.uint64(0x3333333333333333)
# The code of `a`. Words that similar spellings may meet consist of `a` to `z` only.
FIRST_LETTER = 11
_ALPHABET = np.uint64(26)


def is_like_any(word: str, others: Iterable[str]) -> bool:
    """Return whether a word is spelled like one of others."""
    for other in others:
        if word == other or OSA.normalized_similarity(word, other) >= LEAST_SIMILAR:
            return True
    return False


@inner
def gather_letters(word: Wholes) -> np.uint64:
    """Return the letters of a word as bits: one for a letter's first, second and third occurrence.

    Some letters share the bit of their third occurrence. So every bit that one word has and
    another lacks is a letter that the first has more often.
    """
    letters = np.uint64(0)
    for letter in word:
        bit = _ONE << np.uint64(letter - FIRST_LETTER)
        if int(letters & bit) != 0:
            if int(letters & (bit << _ALPHABET)) == 0:
                bit <<= _ALPHABET
            else:
                bit = _ONE << np.uint64(2 * 26 + letter % 12)
        letters |= bit
    return letters


@inner
def gather_signs(name: Wholes) -> np.uint64:
    """Return the letters and digits of a whole name as bits, as `gather_letters` does for a word.

    There is a bit for the first occurrence of each, and of the second ones some share a bit.
    """
    signs = np.uint64(0)
    for letter in name:
        bit = _ONE << np.uint64(letter)
        if int(signs & bit) != 0:
            bit = _ONE << np.uint64(LETTERS + letter % (64 - LETTERS))
        signs |= bit
    return signs


@inner
def count_bits(bits: np.uint64) -> int:
    """Return how many bits are set; compilers turn this form into a single instruction."""
    bits -= (bits >> np.uint64(1)) & np.uint64(0x5555555555555555)
    bits = (bits & _PAIRS) + ((bits >> np.uint64(2)) & _PAIRS)
    bits = (bits + (bits >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return int((bits * np.uint64(0x0101010101010101)) >> np.uint64(56))


@inner
def mark_letters(word: Wholes, marks: Words) -> None:
    """Set in `marks`, for each letter, the bits of the places that it has in `word`."""
    marks[:] = _NONE
    for place in range(len(word)):
        marks[word[place]] |= _ONE << np.uint64(place)


@inner
def edits(marks: Words, length: int, other: Wholes) -> int:
    """Return the edits from a marked word of 1 to 64 letters to another; a swap counts as one.

    Source: Hyyrö, A bit-vector algorithm for computing Levenshtein and Damerau edit distances
    (2003).
    """
    last = _ONE << np.uint64(length - 1)
    vertical_up, vertical_down = _ALL, np.uint64(0)
    diagonal, before = np.uint64(0), np.uint64(0)
    distance = length
    for letter in other:
        here = marks[letter]
        swapped = ((~diagonal & here) << _ONE) & before
        diagonal = (((here & vertical_up) + vertical_up) ^ vertical_up) | here | vertical_down
        diagonal |= swapped
        across_up = vertical_down | ~(diagonal | vertical_up)
        across_down = diagonal & vertical_up
        if across_up & last:
            distance += 1
        if across_down & last:
            distance -= 1
        across_up = (across_up << _ONE) | _ONE
        across_down <<= _ONE
        vertical_up = across_down | ~(diagonal | across_up)
        vertical_down = across_up & diagonal
        before = here
    return distance


@inner
def mark_blocks(word: Wholes, marks: Words) -> int:
    """Mark a word of any length in blocks of 64 places, and return the number of blocks."""
    blocks = (len(word) + 63) // 64
    marks[: blocks * LETTERS] = _NONE
    for place in range(len(word)):
        bit = _ONE << np.uint64(place % 64)
        marks[(place // 64) * LETTERS + int(word[place])] |= bit
    return blocks


@inner
def common_letters(marks: Words, blocks: int, other: Wholes, rows: Words) -> int:
    """Return how many letters a marked word and another have in common and in order.

    Source: Hyyrö, Bit-parallel LCS-length computation revisited (2004).
    """
    rows[:blocks] = _ALL
    for letter in other:
        carry = np.uint64(0)
        for block in range(blocks):
            row = rows[block]
            met = row & marks[block * LETTERS + int(letter)]
            total = row + met
            more = total + carry
            carry = np.uint64(total < row) | np.uint64(more < total)
            rows[block] = more | (row - met)
    common = 0
    for block in range(blocks):
        common += count_bits(~rows[block])
    return common


# --- Sound: two words sound alike if they have the same consonants, whatever their vowels.
#
# Transliteration and hearing keep consonants and lose vowels (Shomal, Shemal), and confuse
# voiced consonants with voiceless ones (Sadr, Satr) and soft `c` with `s`.

_UNHEARD = "aeiouh"
_ALIKE = {"b": "p", "d": "t", "g": "k", "v": "f", "z": "s", "c": "s"}


def _list_sounds() -> Bytes:
    """Return the sound of each letter by its code, 0 for a letter that is not heard."""
    sounds = np.arange(LETTERS, dtype=np.uint8)
    for letter in _UNHEARD:
        sounds[_code(letter)] = 0
    for letter, like in _ALIKE.items():
        sounds[_code(letter)] = _code(like)
    return sounds


def _code(letter: str) -> int:
    return FIRST_LETTER + ord(letter) - ord("a")


_SOUNDS = _list_sounds()


@inner
def sounds_like(one: Wholes, other: Wholes) -> bool:
    """Return whether two words sound alike: the same consonants in order, and a like beginning.

    Both must begin with a consonant, or both with a vowel or `h`. The words are letters as
    `letter_codes` gives them, at least one each.
    """
    if (_SOUNDS[one[0]] == 0) != (_SOUNDS[other[0]] == 0):
        return False
    ours, theirs = 0, 0
    while True:
        while ours < len(one) and _SOUNDS[one[ours]] == 0:
            ours += 1
        while theirs < len(other) and _SOUNDS[other[theirs]] == 0:
            theirs += 1
        if ours == len(one) or theirs == len(other):
            return ours == len(one) and theirs == len(other)
        if _SOUNDS[one[ours]] != _SOUNDS[other[theirs]]:
            return False
        ours += 1
        theirs += 1


# --- Swaps: two letters in the wrong order, a slip of the hand. Hardly two names differ so.


@inner
def is_swap(one: Wholes, other: Wholes) -> bool:
    """Return whether two different words of one length are the same but for two neighbours."""
    first, last = 0, len(one) - 1
    if len(one) != len(other):
        return False
    while first < last and one[first] == other[first]:
        first += 1
    while last > first and one[last] == other[last]:
        last -= 1
    return last == first + 1 and one[first] == other[last] and one[last] == other[first]


# --- The vocabulary: the distinct words of all names as arrays, with an index of their grams.
#
# A gram is a run of three letters of a word, or of two letters and an end of the word. The posting
# of a gram is the list of words that have it, so that similar words are found without looking at
# all the others.

GRAMS = LETTERS**3
# One edit in a word of three letters makes it another word (ZTE is not ZTO).
SHORTEST_FUZZY = 4
_LETTER_CODES = "0123456789abcdefghijklmnopqrstuvwxyz"
_CODES = bytes.maketrans(_LETTER_CODES.encode(), bytes(range(1, len(_LETTER_CODES) + 1)))
# Every other sign is 0, which is the code of no letter.
_CODES_OF_ANY = bytes(_LETTER_CODES.find(chr(sign)) + 1 for sign in range(256))


class Vocabulary(NamedTuple):
    """The distinct words of all names, shorter words first.

    Word `w` is `letters[starts[w] : starts[w + 1]]`, in codes 1 to 36. The words of `n` letters
    are those from `length_starts[n]` up to, but not including, `length_starts[n + 1]`, for `n` up
    to `LONGEST_FUZZY`.

    `fuzzy` marks the words that similar spellings may meet. Those that have gram `g` are
    `gram_words[gram_starts[g] : gram_starts[g + 1]]`; `gram_letters` has the letters of each of
    these words, see `gather_letters`.
    """

    letters: Wholes
    starts: Wholes
    gram_starts: Wholes
    gram_words: Wholes
    fuzzy: Marks
    length_starts: Wholes
    gram_letters: Words


def build_vocabulary(
    letters: Bytes, starts: Ints, fuzzy: Flags, rest: Rest = no_rest
) -> Vocabulary:
    """Lay out words, the shorter first, whose letters begin at `starts`, and post their grams.

    Only words marked `fuzzy` are found by their grams.
    """
    length_starts = np.searchsorted(np.diff(starts), np.arange(LONGEST_FUZZY + 2))
    rest()
    gram_starts = np.zeros(GRAMS + 1, dtype=np.int32)
    _count_grams(letters, starts, fuzzy, gram_starts)
    rest()
    np.cumsum(gram_starts, out=gram_starts)
    (count,) = int_list(gram_starts[-1:])
    gram_words, gram_letters = np.zeros(count, dtype=np.int32), np.zeros(count, dtype=np.uint64)
    _post_grams(letters, starts, fuzzy, gram_starts[:-1].copy(), gram_words, gram_letters)
    rest()
    return Vocabulary(
        letters=letters,
        starts=starts.astype(np.int32),
        gram_starts=gram_starts,
        gram_words=gram_words,
        fuzzy=fuzzy,
        length_starts=length_starts,
        gram_letters=words_of(gram_letters),
    )


@inner
def _gram_at(letters: Wholes, place: int, start: int, end: int) -> int:
    """Return the gram around a place of the word from `start` to `end`."""
    before = int(letters[place - 1]) if place > start else 0
    after = int(letters[place + 1]) if place + 1 < end else 0
    return (before * LETTERS + int(letters[place])) * LETTERS + after


@compiled
def _count_grams(letters: Wholes, starts: Wholes, fuzzy: Marks, counts: Wholes) -> None:
    """Add to `counts`, at the place after each gram, in how many fuzzy words it is."""
    last = np.full(GRAMS, -1, dtype=np.int32)
    for word in range(len(fuzzy)):
        if fuzzy[word]:
            start, end = starts[word], starts[word + 1]
            for place in range(start, end):
                gram = _gram_at(letters, place, start, end)
                if last[gram] != word:
                    last[gram] = word
                    counts[gram + 1] += 1


@compiled
def _post_grams(
    letters: Wholes,
    starts: Wholes,
    fuzzy: Marks,
    ends: Wholes,
    gram_words: Wholes,
    gram_letters: Words,
) -> None:
    """Fill the postings of grams, of which `ends` are where each begins, and what is in them."""
    last = np.full(GRAMS, -1, dtype=np.int32)
    for word in range(len(fuzzy)):
        if fuzzy[word]:
            start, end = starts[word], starts[word + 1]
            gathered = gather_letters(letters[start:end])
            for place in range(start, end):
                gram = _gram_at(letters, place, start, end)
                if last[gram] != word:
                    last[gram] = word
                    gram_words[ends[gram]] = word
                    gram_letters[ends[gram]] = gathered
                    ends[gram] += 1


def letter_codes(text: str) -> Bytes:
    """Return the characters `0-9a-z` of a text as codes 1 to 36."""
    return np.frombuffer(bytearray(text.encode("ascii").translate(_CODES)), dtype=np.uint8)


def codes_of(text: str) -> bytes:
    """Return the characters of any text as `letter_codes` does, and 0 for all but `0-9a-z`."""
    return text.encode("ascii", "replace").translate(_CODES_OF_ANY)


def text_of(codes: memoryview) -> str:
    """Return the text that consists of these letters."""
    return "".join([_LETTER_CODES[code - 1] for code in codes])
