"""Names folded in the plainest way, apart from the engine's own normalising.

Trials are cut by these keys, so that they stay the same when the engine's comparison changes.
"""

import re
import unicodedata
import zlib

_WORD = re.compile(r"[^\W_]+")
# Legal forms as lists print them most; entities are joined without regard to them. Fixed on
# purpose: a longer table would join other entities and so move every figure.
_FORMS = """ab ag ao as bv co company corp corporation cjsc fze gmbh inc incorporated jsc kft lc
limited llc llp lp ltd nv oao ojsc ooo oy pao pjsc plc pjs pte pty pvt sa sae sal sarl sas sdn bhd
spa sro srl zao"""
# OOO, AO, OAO, PAO and ZAO in Cyrillic letters.
_CYRILLIC_FORMS = "\u043e" * 3, *(f"{first}\u0430\u043e" for first in ("", *"\u043e\u043f\u0437"))
_LEGAL_FORMS = frozenset((*_FORMS.split(), *_CYRILLIC_FORMS))
# The first word of a letter's Unicode name, and the script's name in figures.
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
    """A lasting number to choose by, the same in every process."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


def plain_words(printed: str) -> list[str]:
    """The words without case and accents, in printed order; dots within a word are taken out."""
    folded = unicodedata.normalize("NFKD", printed.replace(".", "").casefold())
    return _WORD.findall("".join(each for each in folded if not unicodedata.combining(each)))


def spelling(printed: str) -> str:
    """What two names share that differ by case, accents, spacing or punctuation alone."""
    return "".join(plain_words(printed)) or printed


def whole_name(printed: str) -> str:
    """The spelling without legal forms, by which two listings are one entity."""
    words = plain_words(printed)
    return "".join(word for word in words if word not in _LEGAL_FORMS) or spelling(printed)


def scripts_in(printed: str) -> frozenset[str]:
    """Every script that a letter of the name is of."""
    return frozenset(_script(letter) for letter in printed if letter.isalpha())


def script_of(printed: str) -> str:
    """The script of most of its letters; Latin where there are none or no more of another.

    Kana counts as Han: Japanese names mix them.
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
