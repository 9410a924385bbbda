"""Which words of the vocabulary may stand for which words of a name."""

import re
from itertools import accumulate

from service.match.initials import runs_of_initials
from service.match.vocabulary import is_fuzzy
from service.model.matching import ComparisonForm, Word

# A whole word met by another reading of its characters, and a run of words met by its initials,
# are worth this share of their weight.
READING = 0.9
INITIALS = 0.6
# Words that tell one name from another where both have one: numbers, and fathers' names.
NUMBER, PATRONYMIC = 1, 2
_PATRONYMIC = re.compile("[a-z]{3,}(?:[oe]vich|[oe]vna|ovich|ichna|inichna)")
# See `service.model.fold`.
_LONG = 4
_FOLDED = str.maketrans("qw", "kv")
_HARD = re.compile("c(?![eiyh])")
# The most words of one name that are looked at; a name of 500 characters has no more than 250.
MOST_WORDS = 250


class Entries:
    """Gathers the entries of many names, one name after another; see `columns.Columns`."""

    def __init__(self) -> None:
        self.vocabulary: dict[str, int] = {}
        self.caps: list[float] = []
        self.fuzzy = bytearray()
        self.words: list[int] = []
        self.starts: list[int] = [0]
        self.places = bytearray()
        self.spans = bytearray()
        self.factors: list[float] = []
        self.weights: list[float] = []
        self.weight_starts: list[int] = [0]
        self.telling = bytearray()

    def add(self, form: ComparisonForm) -> None:
        """Adds one name: its words, their readings, two neighbours as one, runs of initials."""
        words = distinct_words(form)
        weights = [word.weight for word in words]
        for place, word in enumerate(words):
            self._add(word.text, place, 1, 1.0, weights[place])
            self.telling.append(telling(word.text))
            for reading in word.readings:
                self._add(reading, place, 1, READING, weights[place])
        for place in range(len(words) - 1):
            joined = join_words(words[place].text, words[place + 1].text)
            self._add(joined, place, 2, 1.0, weights[place] + weights[place + 1])
        if len(words) > 1:
            before = [0.0, *accumulate(weights)]
            for place, span, initials in runs_of_initials(words):
                weight = before[place + span] - before[place]
                self._add(initials, place, span, INITIALS, weight)
        self.weights.extend(weights)
        self.weight_starts.append(len(self.weights))
        self.starts.append(len(self.words))

    def _add(self, text: str, place: int, span: int, factor: float, weight: float) -> None:
        size = len(self.caps)
        word = self.vocabulary.setdefault(text, size)
        if word == size:
            self.caps.append(0.0)
            self.fuzzy.append(0)
        self.caps[word] = max(self.caps[word], factor * weight)
        if span == 1 and is_fuzzy(text):
            self.fuzzy[word] = 1
        self.words.append(word)
        self.places.append(place)
        self.spans.append(span)
        self.factors.append(factor)


def telling(word: str) -> int:
    """Whether a word is a number or a father's name, else 0."""
    if word[0].isdigit():
        return NUMBER
    return PATRONYMIC if _PATRONYMIC.fullmatch(word) is not None else 0


def join_words(one: str, other: str) -> str:
    """Two words as one, folded as long words are: in short ones q, w and hard c are kept."""
    joined = one + other
    if len(joined) < _LONG:
        return joined
    return _HARD.sub("k", joined.translate(_FOLDED))


def distinct_words(form: ComparisonForm) -> tuple[Word, ...]:
    """The words of a form without repeats, in printed order; the first printed piece stays."""
    kept: dict[str, Word] = {}
    for word in form.words:
        kept.setdefault(word.text, word)
    return tuple(kept.values())[:MOST_WORDS]
