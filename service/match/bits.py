"""Flags of many things in little memory, a bit each: they stay in the nearest caches."""

import numpy as np

from service.match.arrays import Words, words_of
from service.match.compiled import inner

_ZERO, _ONE = np.uint64(0), np.uint64(1)


def no_bits(count: int) -> Words:
    """So many flags, none of them set."""
    return words_of(np.zeros(count // 64 + 1, dtype=np.uint64))


@inner
def has_bit(bits: Words, place: int) -> bool:
    """Whether the flag is set."""
    return int((bits[place >> 6] >> np.uint64(place & 63)) & _ONE) != 0


@inner
def set_bit(bits: Words, place: int) -> None:
    """Sets the flag."""
    bits[place >> 6] |= _ONE << np.uint64(place & 63)


@inner
def clear_bits(bits: Words, place: int) -> None:
    """Takes the flag back, and those beside it with it: whoever set them is done with all."""
    bits[place >> 6] = _ZERO
