"""The types that matching works on and answers with, and the folding of spellings."""

from typing import Literal

import msgspec

from abeyance_screening.engine.lists.listing import EntityType, NameKind
from abeyance_screening.engine.names.form.word_types import ComparisonForm

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
