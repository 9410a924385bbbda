"""The distinct words of all names as arrays: their letters, and which words have a gram.

A word with its two ends is cut into runs of three letters (grams); a gram's posting is the list
of words that have it, so that words spelled alike are found without looking at all others.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from service.match.arrays import (
    Bytes,
    Flags,
    Ints,
    Marks,
    Positions,
    Wholes,
    Words,
    spread,
    words_of,
)
from service.match.compiled import compiled
from service.match.spelling import LETTERS, LONGEST_FUZZY, gather_letters
from service.model.pace import Rest, no_rest

GRAMS = LETTERS**3
# One edit in a word of three letters makes it another word (ZTE is not ZTO).
SHORTEST_FUZZY = 4
_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"
_CODES = bytes.maketrans(_ALPHABET.encode(), bytes(range(1, len(_ALPHABET) + 1)))


class Vocabulary(NamedTuple):
    """Words, the shorter before the longer: word `w` is `letters[starts[w] : starts[w + 1]]`.

    Letters are codes 1 to 36. The words of `n` letters are `length_starts[n]` to
    `length_starts[n + 1]`, for `n` up to the longest that other spellings may stand for;
    `gram_letters` are the letters of the words in `gram_words`, see `gather_letters`.

    `gram_words[gram_starts[g] : gram_starts[g + 1]]` are the words that have gram `g`; only those
    marked `fuzzy`, which other spellings may stand for, are found there.
    """

    letters: Wholes
    starts: Wholes
    gram_starts: Wholes
    gram_words: Wholes
    fuzzy: Marks
    length_starts: Wholes
    gram_letters: Words


def build_vocabulary(texts: Sequence[str], fuzzy: Flags, rest: Rest = no_rest) -> Vocabulary:
    """Lays out the words, which stand in order of their length.

    Only those marked `fuzzy` are found by their grams.
    """
    lengths = np.array([len(text) for text in texts], dtype=np.int64)
    rest()
    starts = np.zeros(len(texts) + 1, dtype=np.int64)
    np.cumsum(lengths, out=starts[1:])
    letters = letter_codes("".join(texts))
    rest()
    gram_starts, gram_words = _post_grams(letters, starts, np.flatnonzero(fuzzy), rest)
    length_starts = np.searchsorted(lengths, np.arange(LONGEST_FUZZY + 2))
    return Vocabulary(
        letters=letters,
        starts=starts.astype(np.int32),
        gram_starts=gram_starts,
        gram_words=gram_words,
        fuzzy=fuzzy,
        length_starts=length_starts,
        gram_letters=words_of(_gather_all(letters, starts, fuzzy))[gram_words],
    )


@compiled
def _gather_all(letters: Wholes, starts: Wholes, fuzzy: Marks) -> Words:
    """The letters of each fuzzy word, none of the others."""
    gathered = np.zeros(len(fuzzy), dtype=np.uint64)
    for word in range(len(fuzzy)):
        if fuzzy[word]:
            gathered[word] = gather_letters(letters[starts[word] : starts[word + 1]])
    return gathered


def letter_codes(text: str) -> Bytes:
    """Small numbers for letters `a-z0-9`."""
    return np.frombuffer(bytearray(text.encode("ascii").translate(_CODES)), dtype=np.uint8)


def is_fuzzy(text: str) -> bool:
    """Whether other spellings of a word may stand for it: four letters or more, no digit."""
    return SHORTEST_FUZZY <= len(text) <= LONGEST_FUZZY and text.isalpha()


def _post_grams(
    letters: Bytes, starts: Ints, words: Ints, rest: Rest
) -> tuple[Positions, Positions]:
    lengths = starts[words + 1] - starts[words]
    places = spread(starts[words], lengths)
    codes = letters.astype(np.int64)
    first = np.zeros(len(codes) + 1, dtype=np.bool_)
    first[starts] = True
    before = np.where(first[places], 0, codes[places - 1])
    after = np.where(first[places + 1], 0, codes[np.minimum(places + 1, len(codes) - 1)])
    rest()
    grams = (before * LETTERS + codes[places]) * LETTERS + after
    # a sort lets other threads run meanwhile, numpy's own unique does not
    pairs = np.sort(grams * len(starts) + np.repeat(words, lengths))
    rest()
    pairs = pairs[np.flatnonzero(np.diff(pairs, prepend=-1))]
    counts = np.bincount(pairs // len(starts), minlength=GRAMS)
    gram_starts = np.zeros(GRAMS + 1, dtype=np.int32)
    np.cumsum(counts, out=gram_starts[1:])
    rest()
    return gram_starts, (pairs % len(starts)).astype(np.int32)
