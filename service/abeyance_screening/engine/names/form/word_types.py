"""The words of a name, and the form in which names are compared."""

import math
import re
import unicodedata
from functools import lru_cache

import msgspec

from abeyance_screening.engine.lists.listing import EntityType


class Word(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One word of a comparison form.

    `text` is the canonical word that is compared (lower-case Latin letters and digits), and
    `printed` the piece of the printed name that it came from. `weight` is how distinctive the word
    is, from 0 for a word that all names have to 1 for one never seen in any name. `initials` are
    the letters that it adds to an acronym of the name, several where a phrase is one word.
    `readings` are other ways to write the word in Latin letters, folded like `text`, likeliest
    first, at most four; mostly of a word in a script that is read in more than one way.
    `is_trade_word` is true for a word in the table of trades: alone it identifies nobody, however
    rare it is (isotope).
    """

    text: str
    printed: str
    weight: float
    initials: str
    readings: tuple[str, ...] = ()
    is_trade_word: bool = False


class Rereading(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Another way to read a question than as it is written: in words, and its log-odds.

    A name that is met so has no more log-odds than `most`.
    """

    manner: str
    log_odds: float
    most: float = math.inf


class ComparisonForm(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A printed name made comparable.

    `words` are in printed order, without legal forms; `legal_forms` are canonical codes (`llc`,
    `gmbh`), sorted. `spelled` are the same words as the name itself spells them, before synonyms
    and folding, with Han, kana and Hangul kept.

    A question may say more: `initials` are those of a person's given names, each the letter by
    which it is compared, and no longer among the words; `entity_type` is what is asked for;
    `reading` is how it was read, where not as written.
    """

    printed: str
    words: tuple[Word, ...]
    legal_forms: tuple[str, ...]
    spelled: tuple[str, ...]
    initials: tuple[str, ...] = ()
    entity_type: EntityType | None = None
    reading: Rereading | None = None

    @property
    def joined(self) -> str:
        """Return `spelled` without spaces, so that spacing does not matter."""
        return "".join(self.spelled)


# --- Folding: the ways to spell one word in Latin letters become one spelling.
#
# The folded word is the key of every table of `engine.names.form` and, where no table has it,
# the word that is compared. Folding undoes the differences between transliteration systems (`ks`
# and `x`, `kh` and `h`, `iy`, `yy`, `ij` and `i`, `tekhn` and `techn`, `shch` and `sch`, `dzh` and
# `j`, hard `c`, `q` and `k`, `w` and `v`), and in long words doubled letters and the endings
# `-tech`, `-tekh` and `-tec`. It leaves vowels alone. Initials, which may be a whole name, are
# folded far less.

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
# In an ending both letters are one i (-iy, -yy, -ij, -iya); inside a word each is its own letter,
# so that names written together fold like their parts (Bei Jing, Hai Yan).
_GLIDE = r"[iy][iyj](?![aeiou][a-z])"
# A `c` is a `k` unless one of these letters follows.
_HARD = "c(?![eiyh])"
_VARIANT = re.compile("|".join((_GLIDE, *_VARIANTS, _HARD)))
# In a short word only these are folded (TMC is not TMK), and a `j` only next to a vowel (Ilja, but
# not LJ).
_VARIANT_OF_SHORT = re.compile("kh|ph|ts|y|j(?=[aeiou])|(?<=[aeiou])j")
# In a short word a doubled letter makes another name (OOO, AAA, FII), not another spelling.
_SHORT = 4
_REPEATED = re.compile(r"([a-z])\1+")
# An ending of trade names: Rostec, Rostech, Rostekh, Rostek. In words of five letters it is kept.
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


def _variant(found: re.Match[str]) -> str:
    return _VARIANTS.get(found[0], "k" if found[0] == "c" else "i")


# --- Letters: what two prints of one name have alike, whatever its spacing and its signs.

_NO_LETTERS = bytes(set(range(128)) - set(b"0123456789abcdefghijklmnopqrstuvwxyz"))
# The letters of a name are asked for several times in a row.
_CACHED_LETTERS = 16
_LAST_ACCENT = "\u036f"


@lru_cache(_CACHED_LETTERS)
def printed_letters(printed: str) -> str:
    """Return the letters, digits and non-Latin vowel signs of a printed name, in lower case."""
    lower = printed.lower()
    if lower.isascii():
        return lower.encode().translate(None, _NO_LETTERS).decode()
    return "".join(filter(_is_letter, unicodedata.normalize("NFKD", lower)))


def _is_letter(sign: str) -> bool:
    """Return whether a character is a letter, a digit or a non-Latin vowel sign."""
    return sign.isalnum() or (sign > _LAST_ACCENT and unicodedata.category(sign)[0] == "M")
