"""The score of one pair of names, and what each part of it adds."""

import math

from service.match.arrays import Reals
from service.match.compiled import compiled, inner
from service.match.tables import (
    IDENTICAL,
    PARTS,
    SAME_WORDS,
    WEAK_ALIAS,
    WHOLE,
    Tables,
    read_table,
)

_COUNT = len(PARTS)
_APART = (WHOLE, SAME_WORDS, IDENTICAL)


@inner
def add_up(values: Reals, tables: Tables, whole: float) -> float:
    """The log-odds of measured values, with `whole` for what the spelling as a whole adds."""
    likeness = tables.base + whole
    for part in range(_COUNT):
        if part not in _APART:
            likeness += read_table(tables, part, values[part])
    total = likeness
    if values[SAME_WORDS] > 0.0:
        total = max(total, read_table(tables, SAME_WORDS, 1.0))
    if values[IDENTICAL] > 0.0:
        total = max(total, read_table(tables, IDENTICAL, 1.0))
    return total


@compiled
def fill_parts(values: Reals, tables: Tables, parts: Reals) -> None:
    """What each part adds, into `parts`; of the same words that is what the others lack to it.

    The same words in another order reach at least what their table says, whatever they say; so
    does the identical name, which is above all that other strings reach by a weak alias.
    """
    likeness = tables.base
    for part in range(_COUNT):
        parts[part] = 0.0
        if part not in (SAME_WORDS, IDENTICAL):
            parts[part] = read_table(tables, part, values[part])
            likeness += parts[part]
    if values[SAME_WORDS] > 0.0:
        parts[SAME_WORDS] = max(0.0, read_table(tables, SAME_WORDS, 1.0) - likeness)
    if values[IDENTICAL] > 0.0:
        reached = likeness + parts[SAME_WORDS]
        parts[IDENTICAL] = max(0.0, read_table(tables, IDENTICAL, 1.0) - reached)


@compiled
def is_certain(values: Reals) -> bool:
    """Whether both are the same name, which its publisher does not call weak."""
    return values[IDENTICAL] > values[WEAK_ALIAS]


@compiled
def score_of(total: float, values: Reals) -> float:
    """The score in [0, 1]: 1 for an identical name, unless its publisher calls it weak."""
    if is_certain(values):
        return 1.0
    return 1.0 / (1.0 + math.exp(-total))
