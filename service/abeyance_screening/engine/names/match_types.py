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
"""How the two words met: the `same`; alike in `spelling`; by `transliteration` or `translation`;
as `abbreviation`, `synonym`, short form of a `given_name`, `initial` or `acronym`; `joined`,
written as one or apart; or as `legal_form`."""


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
    """A word of the question that met a word of the listed name."""

    query: str
    """The word of the question, as given."""
    listed: str
    """The word of the listed name, as printed."""
    by: MetBy
    similarity: float
    """Share of its weight that the spelling earned, in [0, 1]."""
    worth: float
    """Its share of the part `matched_words`, in log-odds; of an acronym, the part `acronym` or
    `spelled_out`; of whole names with the same letters, `matched_words` and `same_words` together.
    """


class ComparedWord(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A word of one of two names, and how fully a word of the other met it."""

    word: str
    """The word, as printed."""
    read_as: str
    """The letters that were compared."""
    weight: float
    """How distinctive it is: from 0 for a word that all names have to 1 for one of no other name.
    """
    is_trade_word: bool
    """Whether it is a word of trades, which counts at most 0.85 in the part `rarest_word`."""
    credit: float
    """Share of a weight that the best spelling of it earned, in [0, 1]; 0 where nothing met it."""
    met: float
    """The weight that met: the credit times the lesser weight of the two words."""


class Part(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One part of a score."""

    name: str
    """Name of the part, such as `matched_words`."""
    value: float
    """What was measured."""
    log_odds: float
    """What it added to the log-odds of the score; negative if it speaks against."""


class Explanation(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The arithmetic of a score."""

    exact: bool
    """True if both names are identical and the listed one is no weak alias; the score is then 1.
    """
    pairs: tuple[WordPair, ...]
    """The words that met."""
    query_left_over: tuple[str, ...]
    """Words of the question that met nothing."""
    listed_left_over: tuple[str, ...]
    """Words of the listed name that met nothing."""
    query_words: tuple[ComparedWord, ...] = ()
    """The words of the question, each once, in their order: what the parts of words are measured
    on. Empty in an answer that an earlier version kept."""
    listed_words: tuple[ComparedWord, ...] = ()
    """The words of the listed name, likewise."""
    parts: tuple[Part, ...]
    """The parts of the score; their log-odds add up to `log_odds`."""
    log_odds: float
    """The score is 1 / (1 + exp(-log_odds))."""
    manner: str | None = None
    """How the question as a whole met the name, where that adds to the score, and what of it was
    no word of a name ("without its number 7707083893"); or "only a number met", where the names
    alone make no hit. Null if nothing of this."""


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
