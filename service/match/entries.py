"""Which words of the vocabulary may stand for which words of a name."""

import re
from array import array
from collections.abc import Mapping

from service.match.initials import runs_of_initials
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


class _Numbers(dict[str, int]):
    """Numbers words in the order in which they are asked for."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


class Entries:
    """Gathers the entries of many names, one name after another; see `columns.Columns`."""

    def __init__(self, known: Mapping[str, int]) -> None:
        """Goes on numbering words after those that are known."""
        self.vocabulary: dict[str, int] = _Numbers(known)
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
        size = len(words)
        own = [word.text for word in words]
        texts, places, spans = own.copy(), list(range(size)), [1] * size
        factors = [1.0] * size
        for place, word in enumerate(words):
            if word.readings:
                texts += word.readings
                places += [place] * len(word.readings)
                spans += [1] * len(word.readings)
                factors += [READING] * len(word.readings)
        if size > 1:
            texts += map(join_words, own, own[1:])
            places += range(size - 1)
            spans += [2] * (size - 1)
            factors += [1.0] * (size - 1)
            for place, span, initials in runs_of_initials(words):
                texts.append(initials)
                places.append(place)
                spans.append(span)
                factors.append(INITIALS)
        self.words.extend(map(self.vocabulary.__getitem__, texts))
        self.places += bytes(places)
        self.spans += bytes(spans)
        self.factors.extend(factors)
        self.weights.extend([word.weight for word in words])
        self.telling += bytes(map(telling, own))
        self.weight_starts.append(len(self.weights))
        self.starts.append(len(self.words))


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
