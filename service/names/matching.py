"""What matching works on and what it answers."""

import re
from typing import Literal

import msgspec

from service.lists.listing import EntityType, NameKind

MetBy = Literal[
    "same",
    "spelling",
    "transliteration",
    "abbreviation",
    "synonym",
    "initial",
    "acronym",
    "joined",
    "legal_form",
]


class Word(msgspec.Struct, frozen=True, gc=False):
    """One word of a comparison form.

    `text` is the canonical word that is compared (lower case Latin letters and digits);
    `printed` is the piece of the printed name it came from; `weight` is how telling it is, 0 for
    a word that says nothing to 1 for one never seen in any name. `initials` are the letters that
    it lends to an acronym of the name, several where a phrase is one word. `readings` are other
    ways to write the word in Latin letters, folded like `text`, likeliest first, at most four;
    they are those of a word in another script that is read in more than one way. `is_trade_word`
    says that a table of trades knows it: alone it tells nobody, however rare it is (isotope).
    """

    text: str
    printed: str
    weight: float
    initials: str
    readings: tuple[str, ...] = ()
    is_trade_word: bool = False


class ComparisonForm(msgspec.Struct, frozen=True, gc=False):
    """A printed name made comparable.

    `words` in printed order, without legal forms; `legal_forms` are canonical codes (`llc`,
    `gmbh`), sorted. `spelled` are the same words as the name itself spells them, before synonyms
    and folding, with Han, kana and Hangul kept; `joined` is `spelled` run together: there, spacing
    does not matter.
    """

    printed: str
    words: tuple[Word, ...]
    legal_forms: tuple[str, ...]
    spelled: tuple[str, ...]

    @property
    def joined(self) -> str:
        """The words as the name spells them, run together."""
        return "".join(self.spelled)


class IndexedName(msgspec.Struct, frozen=True, gc=False):
    """One name in the index: `listing` and `list_no` are positions the caller knows.

    `entity_type` is what its entry is, None where the publisher does not say.
    """

    listing: int
    list_no: int
    kind: NameKind
    form: ComparisonForm
    entity_type: EntityType | None = None


class WordPair(msgspec.Struct, frozen=True, kw_only=True):
    """A word of the question that met a word of the listed name, both as printed.

    `similarity` is the share of its weight that the spelling earned, 0 to 1; `worth` is its share
    of the part `matched_words` in log-odds (of the part `acronym` for an acronym, and of
    `same_words` beside it where whole names have the same letters, spaced otherwise).
    """

    query: str
    listed: str
    by: MetBy
    similarity: float
    worth: float


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One term of the score: `log_odds` are what it added, `value` what was measured."""

    name: str
    value: float
    log_odds: float


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """The score's own arithmetic.

    The parts' log-odds add up to `log_odds`, and the score is 1 / (1 + exp(-log_odds)); where
    `exact` is true both names are the same and the score is 1, unless the listed name is a weak
    alias: then the sum stands.
    """

    exact: bool
    pairs: tuple[WordPair, ...]
    query_left_over: tuple[str, ...]
    listed_left_over: tuple[str, ...]
    parts: tuple[Part, ...]
    log_odds: float


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """A listed name that reached the threshold. `name` is its position in the index."""

    name: int
    listing: int
    score: float


class SearchResult(msgspec.Struct, frozen=True, kw_only=True):
    """What a search found.

    `matches` are best first, one a listing: its best name. `total` counts the listings at or over
    the threshold, of which `matches` may be the first few.
    """

    matches: tuple[Match, ...]
    total: int


# --- Folds the ways one word is spelled in Latin letters into one spelling.
#
# The folded word is the key of every table of `service.names.form` and, where no table knows
# it, the word that is compared. The initials of a name, which may be the whole of another,
# fold far less. It undoes what transliteration systems disagree on (`ks` and `x`, `kh` and
# `h`, `iy`, `yy`, `ij` and `i`, `tekhn` and `techn`, `shch` and `sch`, `dzh` and `j`, hard
# `c`, `q` and `k`, `w` and `v`) and doubled letters of long words, and of these the ending
# `-tech`, `-tekh` or `-tec`; it leaves vowels alone.

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
