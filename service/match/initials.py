"""The acronyms that a name may go by."""

import re

from service.model.matching import ComparisonForm

# Two initials say nothing: most pairs of letters are somebody's.
SHORTEST_ACRONYM = 3
LONGEST_ACRONYM = 8
_WORD_START = re.compile("[A-Za-z0-9]+")
_NO_INITIAL = frozenset({"and", "of", "the", "for", "und", "et"})
# The letter that a legal form lends to an acronym (SMIC: … International Corporation).
_FORM_LETTERS = {"corp": "c", "co": "c", "co ltd": "c", "ltd": "l", "jsc": "a", "llc": "l"}


def acronyms(form: ComparisonForm) -> tuple[str, ...]:
    """Initials of the words, then the same with the legal form's letter; none under three."""
    if len(form.words) < SHORTEST_ACRONYM - 1:
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
