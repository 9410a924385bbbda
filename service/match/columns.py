"""Names as arrays: what scoring needs of many names at once."""

from typing import NamedTuple

from service.match.arrays import Grid, Marks, Reals, Wholes
from service.match.compiled import inner
from service.match.entries import INITIALS
from service.match.vocabulary import Vocabulary

# What an entry may be: one word, neighbours printed as one, or the initials of several.
WORD, JOINED, RUN = range(3)
KINDS = 3


class Postings(NamedTuple):
    """`names[starts[p] : starts[p + 1]]` are the names where word `w` is an entry of kind `k`.

    `p` is `KINDS * w + k`, and `caps[p]` the most that the word can be worth in any name by an
    entry of that kind or one before it.
    """

    caps: Reals
    starts: Wholes
    names: Wholes


class Names(NamedTuple):
    """The words of each name.

    The entries of name `n` are `starts[n]` to `starts[n + 1]`: an entry says that `words[e]` of
    the vocabulary stands for the `spans[e]` words from place `places[e]` on, worth `factors[e]` of
    their weight. The `weights` of its words and what they are `telling` stand from
    `weight_starts[n]` on.
    """

    starts: Wholes
    words: Wholes
    places: Wholes
    spans: Wholes
    factors: Reals
    weight_starts: Wholes
    weights: Reals
    telling: Wholes


class Traits(NamedTuple):
    """What each name is as a whole; `letters` are the names run together, one after another.

    Keys are 64-bit digests, `NO_KEY` for none. `strange` is how little it can be a company's.
    """

    letters: Wholes
    letter_starts: Wholes
    same_words: Wholes
    same_letters: Wholes
    identity: Wholes
    word_keys: Wholes
    acronym_keys: Grid
    legal_forms: Wholes
    weak: Marks
    strange: Reals


class Columns(NamedTuple):
    """Names in the order given, one row a name."""

    vocabulary: Vocabulary
    postings: Postings
    names: Names
    traits: Traits


@inner
def entry_weight(names: Names, weights: int, entry: int) -> float:
    """The weight of the words that an entry stands for of a name whose weights begin there."""
    first = weights + names.places[entry]
    total = 0.0
    for place in range(first, first + names.spans[entry]):
        total += names.weights[place]
    return total


@inner
def entry_kind(names: Names, entry: int) -> int:
    """Whether an entry is a word, neighbours printed as one, or the initials of several."""
    if names.spans[entry] == 1:
        return WORD
    return RUN if names.factors[entry] == INITIALS else JOINED
