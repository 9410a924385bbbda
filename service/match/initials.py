"""The acronyms that a name may go by."""

from functools import lru_cache
from typing import NamedTuple

from service.model.fold import fold, fold_initials
from service.model.matching import ComparisonForm

# Three initials say next to nothing: 2 in 100 ordinary companies share theirs with a listed one.
# Four are shared by 1 in 500, and 1 in 50 listed aliases is such an acronym.
SHORTEST_ACRONYM = 4
LONGEST_ACRONYM = 8
_LEAST_WORDS = 2
_SHORTEST_RUN = 3
# The letters that a legal form lends to an acronym (SMIC: … International Corporation; BHEL: …
# Electricals Limited). Others lend none: of 75 well-known brands of four to six letters nine were
# the initials of somebody listed, most of them with the letters of an LLC or S.A.
_FORM_LETTERS = {"corp": ("c",), "co": ("c",), "co ltd": ("c", "cl"), "ltd": ("l",), "inc": ("i",)}
ACRONYM_SPELLINGS = 5
# Names of so few words share their initials, of longer ones nine in ten have their own.
_FEW_WORDS = 4
_CACHED_NAMES = 1 << 15


def acronyms(form: ComparisonForm) -> tuple[str, ...]:
    """Initials of the words, then with those of its legal forms; none under four letters.

    They are folded as `as_acronym` folds a word. At most `ACRONYM_SPELLINGS`: China Aerospace
    Science and Industry Corporation is CASI and CASIC.
    """
    if len(form.words) < _LEAST_WORDS:
        return ()
    initials = "".join([word.initials for word in form.words])
    lent = [letters for code in form.legal_forms for letters in _FORM_LETTERS.get(code, ())]
    spellings = [initials, *[initials + letters for letters in lent]]
    fit = [each for each in spellings if SHORTEST_ACRONYM <= len(each) <= LONGEST_ACRONYM]
    return tuple(dict.fromkeys(map(fold_initials, fit)))[:ACRONYM_SPELLINGS]


def as_acronym(form: ComparisonForm) -> str:
    """The only word of a form as it is compared with the initials of a whole name, else nothing.

    It is the word's own spelling, whose letters are those that it is printed with; a word of trade
    stands for what it abbreviates, and one that is not in Latin letters for its reading.
    """
    texts = {word.text for word in form.words}
    if len(texts) != 1:
        return ""
    if len(form.spelled) == 1 and form.spelled[0].isascii() and not form.words[0].is_trade_word:
        return fold_initials(form.spelled[0])
    return texts.pop()


class Runs(NamedTuple):
    """Neighbouring words that initials may stand for.

    Run `r` is the `spans[r]` words from place `places[r]` on, and `texts[r]` are its initials,
    folded as a word is.
    """

    places: bytes
    spans: bytes
    texts: tuple[str, ...]


def runs_of(lent: tuple[str, ...]) -> Runs:
    """The runs of words that lend these letters each, one at least."""
    return _runs_of_few(lent) if len(lent) <= _FEW_WORDS else _find_runs(lent)


def _find_runs(lent: tuple[str, ...]) -> Runs:
    places, spans, texts = bytearray(), bytearray(), list[str]()
    for first in range(len(lent) - 1):
        initials = lent[first]
        for last in range(first + 1, len(lent)):
            initials += lent[last]
            if len(initials) > LONGEST_ACRONYM:
                break
            if len(initials) >= _SHORTEST_RUN:
                places.append(first)
                spans.append(last - first + 1)
                texts.append(fold(initials))
    return Runs(bytes(places), bytes(spans), tuple(texts))


_runs_of_few = lru_cache(_CACHED_NAMES)(_find_runs)
