"""The types that matching works on and answers with, and the folding of spellings."""

import re
from typing import Literal

import msgspec

from service.lists.listing import EntityType, NameKind

MetBy = Literal[
    "same",
    "spelling",
    "transliteration",
    "translation",
    "abbreviation",
    "synonym",
    "given_name",
    "initial",
    "acronym",
    "joined",
    "legal_form",
]


# The lowest score of a match, unless the caller gives another.
# Over all names that come with the program (102,012), this alerts on 0.89 % of 6,042 ordinary
# companies of 45 countries, a quarter of which are listed by that very name; on a shorter list it
# alerts on fewer. 0.58 would alert on some 0.99 %, 0.65 on 0.74 % (`abeyance bench quality` prints
# such rates).
DEFAULT_THRESHOLD = 0.6


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


class ComparisonForm(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A printed name made comparable.

    `words` are in printed order, without legal forms; `legal_forms` are canonical codes (`llc`,
    `gmbh`), sorted. `spelled` are the same words as the name itself spells them, before synonyms
    and folding, with Han, kana and Hangul kept.

    A question may say more: `initials` are those of a person's given names, each the letter by
    which it is compared, and no longer among the words; `entity_type` is what is asked for.
    """

    printed: str
    words: tuple[Word, ...]
    legal_forms: tuple[str, ...]
    spelled: tuple[str, ...]
    initials: tuple[str, ...] = ()
    entity_type: EntityType | None = None

    @property
    def joined(self) -> str:
        """Return `spelled` without spaces, so that spacing does not matter."""
        return "".join(self.spelled)


class IndexedName(msgspec.Struct, frozen=True, gc=False):
    """One name in an index.

    `listing` and `list_no` are numbers that the caller gives to the listing and its list.
    `entity_type` is that of the listing, None where the publisher does not state it.
    """

    listing: int
    list_no: int
    kind: NameKind
    form: ComparisonForm
    entity_type: EntityType | None = None


class WordPair(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A word of the question that met a word of the listed name, both as printed.

    `similarity` is the share of its weight that the spelling earned, 0 to 1; `worth` is its share
    of the part `matched_words` in log-odds. For an acronym, `worth` is the part `acronym` or
    `spelled_out`; for whole names with the same letters, spaced differently, it is `matched_words`
    and `same_words` together.
    """

    query: str
    listed: str
    by: MetBy
    similarity: float
    worth: float


class Part(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One part of a score: `value` is what was measured, `log_odds` what it added."""

    name: str
    value: float
    log_odds: float


class Explanation(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The arithmetic of a score.

    The log-odds of the parts add up to `log_odds`, and the score is 1 / (1 + exp(-log_odds)).
    Where `exact` is true, both names are identical, the listed one is no weak alias, and the score
    is 1. `manner` says how the question as a whole met the name, where that adds to the score
    ("cut after 35 characters"), and what of it was no word of a name ("without its number
    7707083893").
    """

    exact: bool
    pairs: tuple[WordPair, ...]
    query_left_over: tuple[str, ...]
    listed_left_over: tuple[str, ...]
    parts: tuple[Part, ...]
    log_odds: float
    manner: str | None = None


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """A listed name whose score reaches the threshold; `name` is its position in the index."""

    name: int
    listing: int
    score: float


class SearchResult(msgspec.Struct, frozen=True, kw_only=True):
    """The matches of a search, best first, at most one a listing: that of its best name.

    `total` counts all listings at or over the threshold; `matches` may be only the first of them.
    """

    matches: tuple[Match, ...]
    total: int


# --- Folding: the ways to spell one word in Latin letters become one spelling.
#
# The folded word is the key of every table of `service.names.form` and, where no table has it,
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
