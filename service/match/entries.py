"""Which words of the vocabulary may stand for which words of a name."""

import re
from array import array
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from itertools import count
from typing import NamedTuple

from service.match.initials import runs_of
from service.model.matching import ComparisonForm, Word

# A whole word met by another reading of its characters, and a run of words met by its initials,
# are worth this share of their weight.
READING = 0.9
INITIALS = 0.6
# Words that tell one name from another where both have one: numbers, and fathers' names.
NUMBER, PATRONYMIC = 1, 2
# Marked of questions only: a word of trade, which alone tells nobody.
TRADE = 3
_ENDINGS = ("ich", "na")
_PATRONYMIC = re.compile("[a-z]{3,}(?:[oe]vich|[oe]vna|ovich|ichna|inichna)")
# See `service.model.fold`.
_LONG = 4
_HARD = re.compile("c(?![eiyh])")
# The most words of one name that are looked at; a name of 500 characters has no more than 250.
MOST_WORDS = 250
# Names share their words, and those of few words how many readings each has.
_CACHED_WORDS = 1 << 15
_FEW_WORDS = 12
_CACHED_SHAPES = 1 << 12


class Entries:
    """Gathers the entries of many names, one name after another; see `columns.Columns`."""

    def __init__(self, known: Mapping[str, int]) -> None:
        """Goes on numbering words after those that are known."""
        self.vocabulary: dict[str, int] = defaultdict(count(len(known)).__next__, known)
        self.words = array("i")
        self.starts = array("q", [0])
        self.places = bytearray()
        self.spans = bytearray()
        self.factors = array("d")
        self.weights = array("d")
        self.weight_starts = array("q", [0])
        self.telling = bytearray()

    def add(self, form: ComparisonForm) -> None:
        """Adds one name: its words, their readings, two neighbours as one, runs of initials."""
        words = distinct_words(form)
        own = [word.text for word in words]
        texts = own.copy()
        for word in words:
            texts += word.readings
        texts += map(join_words, own, own[1:])
        runs = runs_of(tuple([word.initials for word in words]))
        texts += runs.texts
        shape = _shape_of(tuple([len(word.readings) for word in words]))
        self.words.extend(map(self.vocabulary.__getitem__, texts))
        self.places += shape.places + runs.places
        self.spans += shape.spans + runs.spans
        self.factors.frombytes(shape.factors + _INITIALS * len(runs.texts))
        self.weights.extend([word.weight for word in words])
        self.telling += bytes(map(telling, own))
        self.weight_starts.append(len(self.weights))
        self.starts.append(len(self.words))


class _Shape(NamedTuple):
    """Columns of the entries of a name, as bytes, but for runs of initials."""

    places: bytes
    spans: bytes
    factors: bytes


def _shape_of(readings: tuple[int, ...]) -> _Shape:
    """The shape of a name whose words have so many readings each."""
    return _shape_of_few(readings) if len(readings) <= _FEW_WORDS else _make_shape(readings)


def _make_shape(readings: tuple[int, ...]) -> _Shape:
    size, pairs = len(readings), max(len(readings) - 1, 0)
    read = [place for place, some in enumerate(readings) for _ in range(some)]
    factors = [1.0] * size + [READING] * len(read) + [1.0] * pairs
    return _Shape(
        bytes([*range(size), *read, *range(pairs)]),
        bytes([1] * (size + len(read)) + [2] * pairs),
        array("d", factors).tobytes(),
    )


_shape_of_few = lru_cache(_CACHED_SHAPES)(_make_shape)
_INITIALS = array("d", [INITIALS]).tobytes()


@lru_cache(_CACHED_WORDS)
def telling(word: str) -> int:
    """Whether a word is a number or a father's name, else 0."""
    if word[0].isdigit():
        return NUMBER
    is_one = word.endswith(_ENDINGS) and _PATRONYMIC.fullmatch(word) is not None
    return PATRONYMIC if is_one else 0


def join_words(one: str, other: str) -> str:
    """Two words as one, folded as long words are: in short ones q, w and hard c are kept."""
    joined = one + other
    if len(joined) < _LONG:
        return joined
    folded = joined.replace("q", "k").replace("w", "v")
    return _HARD.sub("k", folded) if "c" in folded else folded


def distinct_words(form: ComparisonForm) -> tuple[Word, ...]:
    """The words of a form without repeats, in printed order; the first printed piece stays."""
    kept: dict[str, Word] = {}
    for word in form.words:
        kept.setdefault(word.text, word)
    return tuple(kept.values())[:MOST_WORDS]
