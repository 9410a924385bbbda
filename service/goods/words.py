"""Words of a description: whether what a class is called stands in it."""

import functools
import re
import unicodedata
from collections import defaultdict

import msgspec

from service.goods.shown import as_shown

# Kana, Han and Hangul: written without blanks that could be relied on.
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af"
_HAS_CJK = re.compile(f"[{_CJK}]")
_WORD = re.compile(f"[{_CJK}]+|[^\\W_{_CJK}]+")
# The accents of Latin, Greek and Cyrillic; the marks of other scripts are letters.
_LAST_ACCENT = "\u036f"
_PLURALS = (("ies", "y"), ("es", ""), ("s", ""))
_SHORTEST_SINGULAR = 3


class Phrase(msgspec.Struct, frozen=True):
    """What a class is called, to be looked for.

    `words` are the forms of each word in order. `run` is set instead where there is Chinese,
    Japanese or Korean in it: its letters alone, wherever they stand.
    """

    words: tuple[frozenset[str], ...]
    run: str | None


class Description:
    """A description taken apart once, to look for many phrases in it."""

    def __init__(self, printed: str) -> None:
        self.printed = printed.strip()
        words = _words(printed)
        self._run = "".join(words)
        self._places: defaultdict[str, set[int]] = defaultdict(set)
        for place, word in enumerate(words):
            for form in _forms(word):
                self._places[form].add(place)

    def has(self, called: str) -> bool:
        """Whether these words stand in it, one after the other.

        Case, accents and simple plurals do not matter. What has no letter or digit never stands
        in it.
        """
        phrase = _phrase(called)
        if phrase.run is not None:
            return phrase.run in self._run
        if not phrase.words:
            return False
        ends = self._at(phrase.words[0])
        for word in phrase.words[1:]:
            ends = {place + 1 for place in ends} & self._at(word)
        return bool(ends)

    def _at(self, forms: frozenset[str]) -> set[int]:
        return {place for form in forms for place in self._places.get(form, ())}


# Some thousand words name the items of the shipped register.
@functools.lru_cache(maxsize=16_384)
def _phrase(called: str) -> Phrase:
    words = _words(called)
    run = "".join(words) if _HAS_CJK.search(called) else None
    return Phrase(tuple(map(_forms, words)), run)


def _words(printed: str) -> list[str]:
    apart = unicodedata.normalize("NFKD", printed.casefold())
    bare = "".join(
        letter for letter in apart if letter > _LAST_ACCENT or unicodedata.combining(letter) == 0
    )
    return _WORD.findall(as_shown(bare).casefold())


def _forms(word: str) -> frozenset[str]:
    """The word and whatever it may be the plural of; two words meet that share a form."""
    singulars = {
        word.removesuffix(ending) + instead
        for ending, instead in _PLURALS
        if word.endswith(ending) and not word.endswith("ss")
    }
    return frozenset({word} | {each for each in singulars if len(each) >= _SHORTEST_SINGULAR})
