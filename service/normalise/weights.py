"""How telling a word is, from how often names carry it.

`word_counts.txt` counts ordinary companies, listed persons and cities; it is part of the scorer's
version: a list that changes never moves a score.
"""

import math

from service.normalise.table import read_lines

# A bare number is shared by chance more often than counting says, but tells plants, institutes and
# registration-number companies apart: never below this, whatever its count.
_LEAST_OF_NUMBER = 0.5


def weigh(word: str) -> float:
    """Weight of a canonical word in [0, 1]: 1 for one in no counted name, 0 for one in all."""
    weight = _WEIGHTS.get(word, 1.0)
    return max(weight, _LEAST_OF_NUMBER) if word[0].isdigit() else weight


def _read_weights() -> dict[str, float]:
    lines = read_lines("word_counts.txt")
    names = int(next(lines).removeprefix("names "))
    weights: dict[str, float] = {}
    for line in lines:
        count, _, words = line.partition(": ")
        weight = 1.0 - math.log1p(float(count)) / math.log1p(names)
        weights.update(dict.fromkeys(words.split(" "), weight))
    return weights


_WEIGHTS = _read_weights()
