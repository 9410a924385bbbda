"""The acronyms that a name may go by."""

import re

from service.model.matching import ComparisonForm

# Three initials say next to nothing: 2 in 100 ordinary companies share theirs with a listed one.
# Four are shared by 1 in 500, and 1 in 50 listed aliases is such an acronym.
SHORTEST_ACRONYM = 4
LONGEST_ACRONYM = 8
_LEAST_WORDS = 2
_WORD_START = re.compile("[A-Za-z0-9]+")
_NO_INITIAL = frozenset({"and", "of", "the", "for", "und", "et"})
# The letter that a legal form lends to an acronym (SMIC: … International Corporation).
_FORM_LETTERS = {"corp": "c", "co": "c", "co ltd": "c", "ltd": "l", "jsc": "a", "llc": "l"}


def acronyms(form: ComparisonForm) -> tuple[str, ...]:
    """Initials of the words, then with the legal form's letter; none under four letters."""
    if len(form.words) < _LEAST_WORDS:
        return ()
    initials = "".join(_initials(word.printed, word.text) for word in form.words)
    letters = {_FORM_LETTERS[code] for code in form.legal_forms if code in _FORM_LETTERS}
    spellings = [initials, *(initials + letter for letter in sorted(letters))]
    return tuple(each for each in spellings if SHORTEST_ACRONYM <= len(each) <= LONGEST_ACRONYM)


def _initials(printed: str, text: str) -> str:
    if not printed.isascii():
        return text[0]
    starts = [found[0] for found in _WORD_START.finditer(printed.lower())]
    return "".join(start[0] for start in starts if start not in _NO_INITIAL) or text[0]
