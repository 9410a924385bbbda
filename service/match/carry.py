"""Takes rows of an earlier index over into a new one, so that only new names are laid out.

A row of the new index is given by a number: first count the rows of the earlier index, then those
laid out now.
"""

from collections.abc import Sequence
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from service.match.arrays import Grid, Ints, Reals, Wholes, ints_of, spread
from service.match.columns import Names, Traits
from service.model.matching import ComparisonForm
from service.model.pace import Rest, paced


class Rows(NamedTuple):
    """Which row each name of a new index is, and the forms of those that are laid out now."""

    picked: Ints
    fresh: list[ComparisonForm]


def pick_rows(
    forms: Sequence[ComparisonForm], before: Sequence[ComparisonForm], rest: Rest
) -> Rows:
    """Finds the rows of forms that an earlier index was built from: the very same objects."""
    known = {id(form): row for row, form in enumerate(paced(before, rest))}
    fresh: list[ComparisonForm] = []
    picked = np.empty(len(forms), dtype=np.int64)
    for place, form in enumerate(paced(forms, rest)):
        row = known.get(id(form))
        if row is None:
            row = len(before) + len(fresh)
            fresh.append(form)
        picked[place] = row
    return Rows(picked, fresh)


def carry_names(before: Names, fresh: Names, picked: Ints, rest: Rest) -> Names:
    """The words of the picked rows."""
    weights = _Runs(before.weight_starts, fresh.weight_starts, picked)
    rest()
    entries = _Runs(before.starts, fresh.starts, picked)
    rest()
    return Names(
        starts=entries.starts,
        words=entries.take(before.words, fresh.words),
        places=entries.take(before.places, fresh.places),
        spans=entries.take(before.spans, fresh.spans),
        factors=entries.take(before.factors, fresh.factors),
        weight_starts=weights.starts,
        weights=weights.take(before.weights, fresh.weights),
        telling=weights.take(before.telling, fresh.telling),
    )


def carry_traits(before: Traits, fresh: Traits, picked: Ints, rest: Rest) -> Traits:
    """What the picked rows are by their forms; `weak` and `strange` are left to the caller."""
    letters = _Runs(before.letter_starts, fresh.letter_starts, picked)
    rest()
    return fresh._replace(
        letters=letters.take(before.letters, fresh.letters),
        letter_starts=letters.starts,
        same_words=_take(before.same_words, fresh.same_words, picked),
        same_letters=_take(before.same_letters, fresh.same_letters, picked),
        identity=_take(before.identity, fresh.identity, picked),
        word_keys=_take(before.word_keys, fresh.word_keys, picked),
        acronym_keys=_take(before.acronym_keys, fresh.acronym_keys, picked),
        legal_forms=_take(before.legal_forms, fresh.legal_forms, picked),
    )


class _Runs:
    """Runs of values, one a row, of which some rows are picked."""

    def __init__(self, before: Wholes, fresh: Wholes, picked: Ints) -> None:
        earlier, later = ints_of(before), ints_of(fresh)
        begins = np.concatenate([earlier[:-1], later[:-1] + earlier[-1]])[picked]
        lengths = np.concatenate([np.diff(earlier), np.diff(later)])[picked]
        self.starts: Ints = np.concatenate([[0], np.cumsum(lengths)])
        filled = lengths > 0
        self._places = spread(begins[filled], lengths[filled])

    def take[T: Wholes | Reals](self, before: T, fresh: T) -> T:
        """The values of the picked rows, one row after another."""
        return _take(before, fresh, self._places)


def _take[T: Wholes | Reals | Grid](before: T, fresh: T, picked: Ints) -> T:
    values = np.concatenate(cast("list[NDArray[np.generic]]", [before, fresh]))
    return cast("T", cast("object", values[picked]))
