"""Folds the ways one word is spelled in Latin letters into one spelling.

The folded word is the key of every table of `service.normalise` and, where no table knows it, the
word that is compared. The initials of a name, which may be the whole of another, fold far less.
It undoes what transliteration systems disagree on (`ks` and `x`, `kh` and `h`, `iy`, `yy`, `ij`
and `i`, `tekhn` and `techn`, `shch` and `sch`, `dzh` and `j`, hard `c`, `q` and `k`, `w` and `v`)
and doubled letters of long words, and of these the ending `-tech`, `-tekh` or `-tec`; it leaves
vowels alone.
"""

import re

_VARIANTS = {
    "tekhn": "techn",
    "tehn": "techn",
    "shch": "sh",
    "tsch": "ch",
    "dsch": "i",
    "dzh": "i",
    "sch": "sh",
    "kh": "h",
    "ks": "x",
    "ph": "f",
    "tz": "c",
    "ts": "c",
    "ck": "k",
    "ch": "ch",
    "q": "k",
    "w": "v",
    "y": "i",
    "j": "i",
}
# Endings are one i (-iy, -yy, -ij, -iya); inside a word each is a letter of its own, so that names
# written together fold as their parts do (Bei Jing, Hai Yan).
_GLIDE = r"[iy][iyj](?![aeiou][a-z])"
# A `c` is a `k` but before these letters.
_HARD = "c(?![eiyh])"
_VARIANT = re.compile("|".join((_GLIDE, *_VARIANTS, _HARD)))
# In a short word only these are spelled in two ways (TMC is not TMK), a `j` beside a vowel alone
# (Ilja, but not LJ).
_VARIANT_OF_SHORT = re.compile("kh|ph|ts|y|j(?=[aeiou])|(?<=[aeiou])j")
# In initials no letter stands for another: YMTC are not the initials of I. M. T. Co.
_VARIANT_OF_INITIALS = re.compile("kh|ph|ts")
# A short word with a doubled letter is a name of its own (OOO, AAA, FII), not a spelling.
_SHORT = 4
_REPEATED = re.compile(r"([a-z])\1+")
# How names of trade end: Rostec, Rostech, Rostekh, Rostek. So long a word is no name of its own.
_TECH = re.compile("te(?:kh|ch|c|h)$")
_LONG_BEFORE_TECH = 5
_ORDINAL = re.compile(r"0*(\d+)(?:st|nd|rd|th|i|y|oi|oy|ii|iy|aya|oe|ogo|go|ya|ia)?")


def fold(spelled: str) -> str:
    """Fold one word of `a-z0-9`; a number loses leading zeros and its ordinal ending."""
    if spelled[0].isdigit():
        ordinal = _ORDINAL.fullmatch(spelled)
        if ordinal is not None:
            return ordinal[1]
    if len(spelled) < _SHORT:
        return _VARIANT_OF_SHORT.sub(_variant, spelled)
    single = _REPEATED.sub(r"\1", spelled) if len(spelled) > _SHORT else spelled
    if len(single) > _LONG_BEFORE_TECH:
        single = _TECH.sub("tek", single)
    return _VARIANT.sub(_variant, single)


def fold_initials(letters: str) -> str:
    """Fold initials, or a word that may be some, by no more than how one letter is spelled."""
    return _VARIANT_OF_INITIALS.sub(_variant, letters)


def _variant(found: re.Match[str]) -> str:
    return _VARIANTS.get(found[0], "k" if found[0] == "c" else "i")
