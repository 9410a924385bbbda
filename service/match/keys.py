"""Keys of whole names: equal where two names are the same in some way."""

import unicodedata
import zlib
from functools import cache

from service.match.initials import ACRONYM_SPELLINGS, acronyms, as_acronym
from service.match.spelling import MOST_LETTERS
from service.model.matching import ComparisonForm

NO_KEY = 0
# Names of fewer letters are the same by chance, with and without a legal form (TSCO, TS CO.).
_FEWEST_LETTERS = 5
_NO_LETTERS = bytes(set(range(128)) - set(b"0123456789abcdefghijklmnopqrstuvwxyz"))
_LAST_ACCENT = "\u036f"
# No key but that of letters is of a text with this.
_OF_LETTERS = "="
# One law's joint-stock companies: open, closed, public and private ones change into one another,
# and lists print one for the other.
_JOINT_STOCK = frozenset({"jsc", "ojsc", "cjsc", "pjsc", "pjs", "mkao"})
# Japanese calls all joint-stock companies of the world so, all limited ones likewise, and its own
# print other forms in Latin.
_OF_SEVERAL = {
    "kk": ("kk", "jsc", "co ltd", "corp", "inc", "ltd", "co"),
    "yk": ("yk", "llc", "co ltd", "ltd", "co"),
}


def key(text: str) -> int:
    """A 64-bit key of a text, never `NO_KEY`, the same as long as the process lives."""
    return hash(text) or 1


def identity_key(form: ComparisonForm) -> int:
    """Equal for two forms exactly where the names are the same but for what folding undoes.

    `NO_KEY` for a name without words.
    """
    if not form.words:
        return NO_KEY
    return key(f"{form.joined}|{','.join(form.legal_forms)}")


def same_words_key(form: ComparisonForm) -> int:
    """Equal for two forms with the same words, spelled the same, in any order; else `NO_KEY`."""
    if not form.words:
        return NO_KEY
    return key(f"{'+'.join(sorted(form.spelled))}|{','.join(form.legal_forms)}")


def letters_key(form: ComparisonForm) -> int:
    """Equal for two forms printed with the same letters and digits, whatever stands between them.

    Legal forms are among them, so that a blank more or less hides no name (PromsvyazbankPJSC).
    `NO_KEY` for a name of fewer than five.
    """
    printed = form.printed.lower()
    if printed.isascii():
        letters = printed.encode().translate(None, _NO_LETTERS).decode()
    else:
        letters = "".join(filter(_is_letter, unicodedata.normalize("NFKD", printed)))
    return key(letters + _OF_LETTERS) if len(letters) >= _FEWEST_LETTERS else NO_KEY


def _is_letter(sign: str) -> bool:
    """Whether it is a letter, a digit, or a vowel sign as scripts other than Latin have them."""
    return sign.isalnum() or (sign > _LAST_ACCENT and unicodedata.category(sign)[0] == "M")


def run_together(form: ComparisonForm) -> str:
    """The words of a form without spaces, cut after `MOST_LETTERS`."""
    return "".join(word.text for word in form.words)[:MOST_LETTERS]


def word_key(form: ComparisonForm) -> int:
    """The key of the one word of a name as an acronym, `NO_KEY` for a name of several."""
    word = as_acronym(form)
    return key(word) if word else NO_KEY


def acronym_keys(form: ComparisonForm) -> tuple[int, ...]:
    """Keys of the spellings of the name's acronym, filled up with `NO_KEY`."""
    keys = tuple(key(acronym) for acronym in acronyms(form))
    return keys + (NO_KEY,) * (ACRONYM_SPELLINGS - len(keys))


def form_bits(form: ComparisonForm) -> int:
    """The legal forms as bits, one of 63 for each; two rare forms may share one.

    Joint-stock companies of one law are one form; a Japanese one may be any of several.
    """
    bits = 0
    for code in form.legal_forms:
        for each in _OF_SEVERAL.get(code, (code,)):
            bits |= _form_bit("jsc" if each in _JOINT_STOCK else each)
    return bits


@cache
def _form_bit(code: str) -> int:
    """The same bit in every process, because a score must not depend on it."""
    return 1 << (zlib.crc32(code.encode()) % 63)
