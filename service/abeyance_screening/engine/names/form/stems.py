"""What remains of a name without the words beside it that say nothing of whose it is.

A firm goes by its brand, and lists print it with `Group`, `Company`, `Technology` or the place of
a branch, or the other way round. What remains must be rare: Delta Group is not Delta.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from abeyance_screening.engine.names.form.normalise import normalise
from abeyance_screening.engine.names.form.token import read_lines, read_table, read_words
from abeyance_screening.engine.names.form.word_types import Word

_PACKAGE = "abeyance_screening.engine.names.match"
# The words that may remain, their least weight, and that of one word beside a place, which may be
# another firm of that place.
_MOST_OF_STEM, _LEAST_OF_STEM, _LEAST_OF_BRANCH = 2, 0.8, 0.9
# The Houthis of most lists are the Houthi of another.
_PLURAL = re.compile(r"[^\W\d_]{4,}s")


def is_stem(words: Sequence[Word]) -> bool:
    """Return whether all words of a name may be what remains of another one."""
    return 0 < len(words) <= _MOST_OF_STEM and _is_rare(words)


def stem_of(words: Sequence[Word]) -> Sequence[Word]:
    """Return the words of a name without those beside it; none if it has no such words.

    What is left must be one or two words, and rare.
    """
    first, last = 0, len(words)
    while first < last and words[first].text in _towns():
        first += 1
    while first < last and _is_beside(words[last - 1].text):
        last -= 1
    stem = words[first:last]
    if len(stem) == len(words) or not 0 < len(stem) <= _MOST_OF_STEM:
        return ()
    beside = (*words[:first], *words[last:])
    least = (
        _LEAST_OF_STEM if all(word.text in _attachments() for word in beside) else _LEAST_OF_BRANCH
    )
    return stem if _is_rare(stem, least) else ()


def is_place(text: str) -> bool:
    """Return whether a word is a city, a country, a region or a province."""
    return text in _towns() or text in _provinces()


def is_attachment(text: str) -> bool:
    """Return whether a word is one that firms add to a brand: Group, Technology."""
    return text in _attachments()


def is_group_word(text: str) -> bool:
    """Return whether a word says that a name is that of all of a firm: Group, Holding."""
    return text in _group_words()


def is_branch_word(text: str) -> bool:
    """Return whether a word makes another firm of a group of a brand: International, Global."""
    return text in _branch_words()


def without_variant(text: str) -> str:
    """Return a word without what lists print now so, now so: Lines is Line, Airways is Air."""
    return _variants().get(text) or (text[:-1] if _PLURAL.fullmatch(text) else text)


def _is_beside(text: str) -> bool:
    return text in _attachments() or text in _towns()


def _is_rare(words: Sequence[Word], least: float = _LEAST_OF_STEM) -> bool:
    if len(words) == 1 and words[0].text in _given_names():
        return False
    return max([0.0 if word.is_trade_word else word.weight for word in words]) >= least


@cache
def _attachments() -> frozenset[str]:
    return _texts(read_words("attached_words.txt", _PACKAGE))


@cache
def _group_words() -> frozenset[str]:
    return _texts(("group", "holding", "holdings", "concern"))


@cache
def _branch_words() -> frozenset[str]:
    return _texts(("international", "global", "worldwide"))


@cache
def _variants() -> Mapping[str, str]:
    (air,) = _texts(("air",))
    return dict.fromkeys(_texts(("airways", "airlines")), air)


def _texts(words: Iterable[str]) -> frozenset[str]:
    return frozenset(normalise(word).words[0].text for word in words)


@cache
def _towns() -> frozenset[str]:
    """Return the cities, countries and regions of one word."""
    regions = dict(read_table("framing_words.txt", _PACKAGE))["region"]
    named = (normalise(place).words for place in (*read_lines("places.txt", _PACKAGE), *regions))
    return frozenset(words[0].text for words in named if len(words) == 1)


@cache
def _provinces() -> frozenset[str]:
    words = read_words("provinces.txt", _PACKAGE)
    return frozenset(normalise(word).words[0].text for word in words)


@cache
def _given_names() -> frozenset[str]:
    files = ("given_names.txt", "nicknames.txt")
    lines = (line for file in files for line in read_lines(file, _PACKAGE))
    return frozenset(word for line in lines for word in line.split(" ")[:2])
