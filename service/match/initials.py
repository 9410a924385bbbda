"""The acronyms that a name may go by."""

import re
from collections.abc import Sequence
from functools import lru_cache

from service.model.fold import fold
from service.model.matching import ComparisonForm, Word

# Three initials say next to nothing: 2 in 100 ordinary companies share theirs with a listed one.
# Four are shared by 1 in 500, and 1 in 50 listed aliases is such an acronym.
SHORTEST_ACRONYM = 4
LONGEST_ACRONYM = 8
_LEAST_WORDS = 2
_SHORTEST_RUN = 3
# Names share most of their words.
_CACHED_WORDS = 1 << 15
_WORD = re.compile("[a-z0-9]+")
_NO_INITIAL = frozenset({"and", "of", "the", "for", "und", "et"})
# The letters that a legal form lends to an acronym (SMIC: … International Corporation; BHEL: …
# Electricals Limited). Others lend none: of 75 well-known brands of four to six letters nine were
# the initials of somebody listed, most of them with the letters of an LLC or S.A.
_FORM_LETTERS = {"corp": ("c",), "co": ("c",), "co ltd": ("c", "cl"), "ltd": ("l",), "inc": ("i",)}
ACRONYM_SPELLINGS = 5
# Names share their initials: of three letters there are few.
_fold = lru_cache(1 << 15)(fold)


def acronyms(form: ComparisonForm) -> tuple[str, ...]:
    """Initials of the words, then with those of its legal forms; none under four letters.

    They are folded as words are. At most `ACRONYM_SPELLINGS`: China Aerospace Science and Industry
    Corporation is CASI and CASIC.
    """
    if len(form.words) < _LEAST_WORDS:
        return ()
    initials = "".join([_initials(word.printed, word.text) for word in form.words])
    lent = [letters for code in form.legal_forms for letters in _FORM_LETTERS.get(code, ())]
    spellings = [initials, *(initials + letters for letters in lent)]
    fit = [_fold(each) for each in spellings if SHORTEST_ACRONYM <= len(each) <= LONGEST_ACRONYM]
    return tuple(dict.fromkeys(fit))[:ACRONYM_SPELLINGS]


def runs_of_initials(words: Sequence[Word]) -> list[tuple[int, int, str]]:
    """Neighbouring words that folded initials may stand for: first place, how many, initials."""
    parts = [_initials(word.printed, word.text) for word in words]
    runs: list[tuple[int, int, str]] = []
    for first in range(len(parts) - 1):
        initials = parts[first]
        for last in range(first + 1, len(parts)):
            initials += parts[last]
            if len(initials) > LONGEST_ACRONYM:
                break
            if len(initials) >= _SHORTEST_RUN:
                runs.append((first, last - first + 1, _fold(initials)))
    return runs


@lru_cache(_CACHED_WORDS)
def _initials(printed: str, text: str) -> str:
    if not printed.isascii():
        return text[0]
    return _starts(printed) or text[:1]


def _starts(printed: str) -> str:
    words: list[str] = _WORD.findall(printed.lower())
    return "".join([word[0] for word in words if word not in _NO_INITIAL])
