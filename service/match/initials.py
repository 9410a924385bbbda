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
# The letter that a legal form lends to an acronym (SMIC: … International Corporation).
_FORM_LETTERS = {"corp": "c", "co": "c", "co ltd": "c", "ltd": "l", "jsc": "a", "llc": "l"}
ACRONYM_SPELLINGS = 5
# Names share their initials: of three letters there are few.
_fold = lru_cache(1 << 15)(fold)


def acronyms(form: ComparisonForm) -> tuple[str, ...]:
    """Initials of the words, then with those of legal forms, as printed; none under four letters.

    They are folded as words are.

    At most `ACRONYM_SPELLINGS`: China Aerospace Science and Industry Corporation Limited is CASI,
    CASIC and CASICL.
    """
    if len(form.words) < _LEAST_WORDS:
        return ()
    initials = "".join([_initials(word.printed, word.text) for word in form.words])
    spellings = [initials]
    if form.legal_forms:
        letters = {_FORM_LETTERS[code] for code in form.legal_forms if code in _FORM_LETTERS}
        spellings += [initials + letter for letter in sorted(letters)]
    if form.printed.isascii():
        printed = _starts(form.printed)
        spellings += [printed[:length] for length in range(len(initials), len(printed) + 1)]
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
