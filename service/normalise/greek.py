"""Spells Greek words in Latin letters."""

import re
import unicodedata

from service.normalise.table import read_table

_AT_START = "^"


def spell_greek(word: str) -> str:
    """A word with its Greek letters in Latin, as ELOT 743 has it; other letters stay."""
    plain = unicodedata.normalize("NFD", word.lower())
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    start = _START.match(bare)
    if start is not None:
        bare = _LATIN[_AT_START + start[0]] + bare[start.end() :]
    return _LETTERS.sub(lambda found: _LATIN[found[0]], bare)


_LATIN = {letters: latin for latin, all_ in read_table("greek.txt") for letters in all_}
_START = re.compile(
    "|".join(each.removeprefix(_AT_START) for each in _LATIN if each.startswith(_AT_START))
)
_LETTERS = re.compile(
    "|".join(sorted((each for each in _LATIN if each[0] != _AT_START), key=len, reverse=True))
)
