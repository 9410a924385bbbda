"""Names as arrays: what scoring needs of many names at once."""

from typing import NamedTuple

from service.match.arrays import Grid, Marks, Reals, Wholes
from service.match.compiled import inner
from service.match.vocabulary import Vocabulary


class Postings(NamedTuple):
    """`names[starts[w] : starts[w + 1]]` are the names that have word `w` of the vocabulary.

    `caps[w]` is the most that it can be worth in any of them.
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
