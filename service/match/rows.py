"""Rows: what scoring reads of each name first, together on one line of the processor's cache.

The columns of a name lie far apart in memory, and to fetch one takes longer than all that is done
with it. So what every weighed name needs is copied into a row of its own.
"""

from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from service.match.arrays import Flags, Run, floats_of, ints_of
from service.match.columns import Names, Traits

# The bytes that a processor fetches at a time.
_LINE = 64


class Row(Protocol):
    """One name: keys, flags and numbers as in `Traits`, where its words and letters begin.

    It has `entry_count` entries, `slots` distinct words and `letter_count` letters.
    """

    identity: int
    same_words: int
    same_letters: int
    word_key: int
    legal_forms: int
    entries: int
    weights: int
    letters: int
    entry_count: int
    slots: int
    letter_count: int
    strange: float
    weak: int


type Rows = Run[Row]

_ROW = np.dtype(
    {
        "names": [
            *("identity", "same_words", "same_letters", "word_key", "legal_forms"),
            *("entries", "weights", "letters", "strange"),
            *("entry_count", "slots", "letter_count", "weak"),
        ],
        "formats": [*["i8"] * 5, *["i4"] * 3, "f4", *["u2"] * 4],
        "itemsize": _LINE,
    }
)


def pack_rows(names: Names, traits: Traits) -> Rows:
    """The rows of all names."""
    starts, weights = ints_of(names.starts), ints_of(names.weight_starts)
    letters = ints_of(traits.letter_starts)
    rows = lines_of(_ROW, len(starts) - 1)
    rows["identity"], rows["same_words"] = ints_of(traits.identity), ints_of(traits.same_words)
    rows["same_letters"] = ints_of(traits.same_letters)
    rows["word_key"] = ints_of(traits.word_keys)
    rows["legal_forms"] = ints_of(traits.legal_forms)
    rows["entries"], rows["entry_count"] = starts[:-1], np.diff(starts)
    rows["weights"], rows["slots"] = weights[:-1], np.diff(weights)
    rows["letters"], rows["letter_count"] = letters[:-1], np.diff(letters)
    rows["strange"] = floats_of(traits.strange)
    rows["weak"] = cast("Flags", cast("object", traits.weak))
    return cast("Rows", cast("object", rows))


def lines_of(kind: np.dtype[np.void], count: int) -> NDArray[np.void]:
    """Room for so many rows, the first of which begins a line."""
    room = np.zeros(count * kind.itemsize + _LINE, dtype=np.uint8)
    first = -room.ctypes.data % _LINE
    return room[first : first + count * kind.itemsize].view(kind)
