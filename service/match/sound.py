"""Whether two words sound alike: the same consonants, whatever the vowels between them.

Transliteration and hearing keep consonants and lose vowels (Shomal, Shemal), and confuse voiced
consonants with voiceless ones (Sadr, Satr) and soft `c` with `s`.
"""

import numpy as np

from service.match.arrays import Bytes, Wholes
from service.match.compiled import inner
from service.match.spelling import FIRST_LETTER, LETTERS

_UNHEARD = "aeiouh"
_ALIKE = {"b": "p", "d": "t", "g": "k", "v": "f", "z": "s", "c": "s"}


def _list_sounds() -> Bytes:
    """The sound of every letter by its code, 0 for one that is not heard."""
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
    """Whether both words have the same consonants in order, and begin with one or with none.

    They are letters as `vocabulary.letter_codes` gives them, at least one each.
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
