"""One word of a comparison form: how telling it is, and what letters an acronym has of it."""

import re

from service.model.matching import Word
from service.normalise.weights import weigh

# A word goes on behind an apostrophe (People's), with the letters that stand there.
_WORD = re.compile("[a-z0-9](?:[a-z0-9'`])*")
_NO_INITIAL = frozenset({"and", "of", "the", "for", "und", "et"})


def make_word(
    text: str, printed: str, readings: tuple[str, ...] = (), *, is_trade_word: bool = False
) -> Word:
    """A canonical word by the piece of the name it was printed as; see `Word`."""
    return Word(text, printed, weigh(text), _initials(text, printed), readings, is_trade_word)


def make_form_word(text: str, printed: str, readings: tuple[str, ...]) -> Word:
    """A legal form that has to serve as a word of the name."""
    return Word(text, printed, FORM_WEIGHT, _initials(text, printed), readings)


def _initials(text: str, printed: str) -> str:
    """The first letters of words in Latin letters, but for those that only join them.

    Of others, and where nothing is left, that of the canonical word.
    """
    words: list[str] = _WORD.findall(printed.lower()) if printed.isascii() else []
    return "".join([word[0] for word in words if word not in _NO_INITIAL]) or text[:1]


# It says less than the most common trade word, and no other word says so little.
FORM_WEIGHT = 0.1
