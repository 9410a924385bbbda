"""How alike two words or two whole names are spelled, on letters as small numbers."""

import numpy as np

from service.match.arrays import Wholes, Words
from service.match.compiled import inner

LETTERS = 37
# Less than this share of the longer word's letters makes another word; the others are edits.
LEAST_SIMILAR = 0.72
# Longer words than a machine word has bits are compared whole only.
LONGEST_FUZZY = 64
_NONE = np.uint64(0)
# Of a whole name no more letters are compared: one of 500 Han characters may be read as thousands.
MOST_LETTERS = 1024
_ONE = np.uint64(1)
_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
_PAIRS = np.uint64(0x3333333333333333)
# Words that other spellings may stand for have letters only, the codes of `a` to `z`.
FIRST_LETTER = 11
_ALPHABET = np.uint64(26)


@inner
def gather_letters(word: Wholes) -> np.uint64:
    """The letters of a word as bits, for each its first, second and third time a bit of its own.

    Of what stands a third time some letters share a bit. So each bit that one word has and
    another lacks is a letter more of the one.
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
def count_bits(bits: np.uint64) -> int:
    """How many bits are set; in this form compilers know it for one instruction."""
    bits -= (bits >> np.uint64(1)) & np.uint64(0x5555555555555555)
    bits = (bits & _PAIRS) + ((bits >> np.uint64(2)) & _PAIRS)
    bits = (bits + (bits >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return int((bits * np.uint64(0x0101010101010101)) >> np.uint64(56))


@inner
def mark_letters(word: Wholes, marks: Words) -> None:
    """Notes in `marks`, letter by letter, at which places of `word` it stands."""
    marks[:] = _NONE
    for place in range(len(word)):
        marks[word[place]] |= _ONE << np.uint64(place)


@inner
def edits(marks: Words, length: int, other: Wholes) -> int:
    """Edits from a marked word of 1 to 64 letters to another; a swap of neighbours is one.

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
    """Notes in `marks` (blocks of 64 places by letter) where each letter of `word` stands."""
    blocks = (len(word) + 63) // 64
    marks[: blocks * LETTERS] = _NONE
    for place in range(len(word)):
        bit = _ONE << np.uint64(place % 64)
        marks[(place // 64) * LETTERS + word[place]] |= bit
    return blocks


@inner
def common_letters(marks: Words, blocks: int, other: Wholes, rows: Words) -> int:
    """How many letters a marked word and another have in common and in order.

    Source: Hyyrö, Bit-parallel LCS-length computation revisited (2004).
    """
    rows[:blocks] = _ALL
    for letter in other:
        carry = np.uint64(0)
        for block in range(blocks):
            row = rows[block]
            met = row & marks[block * LETTERS + letter]
            total = row + met
            more = total + carry
            carry = np.uint64(total < row) | np.uint64(more < total)
            rows[block] = more | (row - met)
    common = 0
    for block in range(blocks):
        common += count_bits(~rows[block])
    return common
