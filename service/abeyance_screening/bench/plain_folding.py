"""Fold names in a plain way that does not depend on the engine.

Trials are made by these keys, so that they stay the same when the engine changes.
"""

import re
import unicodedata
import zlib

_WORD = re.compile(r"[^\W_]+")
# The legal forms that lists print most; they are ignored when entities are joined. The table stays
# as it is on purpose: a longer one would join other entities and so change every figure.
_FORMS = """ab ag ao as bv co company corp corporation cjsc fze gmbh inc incorporated jsc kft lc
limited llc llp lp ltd nv oao ojsc ooo oy pao pjsc plc pjs pte pty pvt sa sae sal sarl sas sdn bhd
spa sro srl zao"""
# OOO, AO, OAO, PAO and ZAO in Cyrillic letters.
_CYRILLIC_FORMS = "\u043e" * 3, *(f"{first}\u0430\u043e" for first in ("", *"\u043e\u043f\u0437"))
_LEGAL_FORMS = frozenset((*_FORMS.split(), *_CYRILLIC_FORMS))
# By the first word of a letter's Unicode name, the script's name in figures.
_SCRIPTS = {
    "LATIN": "Latin",
    "FULLWIDTH": "Latin",
    "CYRILLIC": "Cyrillic",
    "ARABIC": "Arabic",
    "CJK": "Han",
    "HIRAGANA": "Han",
    "KATAKANA": "Han",
    "HALFWIDTH": "Han",
    "KATAKANA-HIRAGANA": "Han",
    "HANGUL": "Hangul",
    "GREEK": "Greek",
    "HEBREW": "Hebrew",
    "THAI": "Thai",
    "GEORGIAN": "Georgian",
    "ARMENIAN": "Armenian",
}
_LATIN = "Latin"


def digest(text: str) -> int:
    """Return a number to choose names by, the same in every process."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


def plain_words(printed: str) -> list[str]:
    """Return the words without case, accents and dots, in printed order."""
    folded = unicodedata.normalize("NFKD", printed.replace(".", "").casefold())
    return _WORD.findall("".join(each for each in folded if not unicodedata.combining(each)))


def spelling(printed: str) -> str:
    """Return a key that names share if they differ in case, accents or punctuation only."""
    return "".join(plain_words(printed)) or printed


def whole_name(printed: str) -> str:
    """Return the spelling without legal forms, which listings of one entity share."""
    words = plain_words(printed)
    return "".join(word for word in words if word not in _LEGAL_FORMS) or spelling(printed)


def scripts_in(printed: str) -> frozenset[str]:
    """Return the scripts of all letters of a name."""
    return frozenset(_script(letter) for letter in printed if letter.isalpha())


def script_of(printed: str) -> str:
    """Return the script of most letters of a name, or Latin where no other has more.

    Kana count as Han, because Japanese names mix both.
    """
    counts: dict[str, int] = {_LATIN: 0}
    for letter in filter(str.isalpha, printed):
        script = _script(letter)
        counts[script] = counts.get(script, 0) + 1
    return max(counts, key=lambda script: (counts[script], script == _LATIN))


def _script(letter: str) -> str:
    if letter.isascii():
        return _LATIN
    first = unicodedata.name(letter, "OTHER").split()[0]
    return _SCRIPTS.get(first, "other")
