"""Why a printed name cannot be compared, or not all of it: what an empty answer may not hide."""

import unicodedata
from collections.abc import Iterator

from service.normalise.form import normalise
from service.normalise.table import read_words
from service.normalise.words import FORM_WEIGHT

# Of other scripts (Runic, Gothic, cuneiform) no list prints a name, and what is spelled in them
# is a picture of letters.
_SCRIPTS = frozenset(read_words("scripts.txt"))
_REPLACEMENT = "\ufffd"
# Unassigned, and for private use: nobody knows what they are.
_UNKNOWN = frozenset({"Cn", "Co", "Cs"})
# Letters behind them are shown in another order than they are written in.
_OVERRIDES = frozenset("\u202d\u202e")
_MOST_SHOWN = 3


def has_letters(printed: str) -> bool:
    """Whether any letter or digit is in it, however it is printed: `Ⓗ` and `㍿` are letters."""
    return any(map(str.isalnum, unicodedata.normalize("NFKC", printed)))


def why_not_comparable(printed: str) -> str | None:
    """Why not all of a name can be compared with listed ones; None where all of it can.

    A name may still be found: what can be read of it is compared.
    """
    return next(_faults(printed), None)


def _faults(printed: str) -> Iterator[str]:
    letters = unicodedata.normalize("NFKC", printed)
    if not any(map(str.isalnum, letters)):
        yield "has no letter or digit that can be compared"
    if not letters.isascii():
        yield from _unread(letters)
    if sum(map(str.isalnum, letters)) == 1:
        yield "is one letter, which is too little to tell a name by"
    if _is_a_legal_form(printed):
        yield "is nothing but a legal form, which is no name"


def _unread(letters: str) -> Iterator[str]:
    if not _OVERRIDES.isdisjoint(letters):
        yield "turns the order of its letters round, so what is shown is not what is compared"
    unread = dict.fromkeys(letter for letter in letters if not _is_read(letter))
    if unread:
        shown = ", ".join(f"U+{ord(letter):04X}" for letter in list(unread)[:_MOST_SHOWN])
        yield f"has characters that cannot be read ({shown}); check its spelling and encoding"


def _is_read(letter: str) -> bool:
    if letter == _REPLACEMENT or unicodedata.category(letter) in _UNKNOWN:
        return False
    if not letter.isalpha():
        return True
    return unicodedata.name(letter, "").partition(" ")[0] in _SCRIPTS


def _is_a_legal_form(printed: str) -> bool:
    return all(word.weight <= FORM_WEIGHT for word in normalise(printed).words)
