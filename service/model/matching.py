"""What matching works on and what it answers."""

from typing import Literal

import msgspec

from service.model.listing import EntityType, NameKind

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
    joined: str


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
