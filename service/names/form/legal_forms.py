"""Finds the legal forms in a name: which words they are and which form they say.

Two tables: `legal_forms.txt`, written by hand, holds forms that mean nothing else, and they are
taken wherever they stand; `legal_forms_gleif.txt`, built from GLEIF's table, holds the long tail
of every language, and those are taken at the end of a name only ("SE" in the middle is a word).
But those that go on around a form of the first table and have an abbreviation are taken wherever
they stand, before that form is (one person company, OPC).
"""

from collections.abc import Sequence
from itertools import combinations

from service.names.form.token import Token, read_table
from service.names.form.tokens import split_tokens

_EDGE_MARK = "^"
_SHORT = 4


def find_legal_forms(tokens: Sequence[Token]) -> dict[int, str]:
    """The place of every word that belongs to a legal form, with that form's code."""
    folded = list(map(_fold, tokens))
    found = {place: token.code for place, token in enumerate(tokens) if token.code is not None}
    _find_anywhere(folded, found)
    _find_at_end(folded, found)
    for edge in (0, len(folded) - 1):
        if len(folded) > 1 and edge not in found and folded[edge] in _AT_EDGE:
            found[edge] = _AT_EDGE[folded[edge]]
    return found


def _find_anywhere(folded: list[str], found: dict[int, str]) -> None:
    end = 0
    for place, word in enumerate(folded):
        if word in _ANYWHERE_LENGTHS and place >= end:
            for length in _ANYWHERE_LENGTHS[word]:
                code = _ANYWHERE.get(" ".join(folded[place : place + length]))
                if code is not None:
                    end = place + length
                    found.update(dict.fromkeys(range(place, end), code))
                    break


def _find_at_end(folded: list[str], found: dict[int, str]) -> None:
    """Take forms off the end while there are any and a word of two letters or more remains."""
    end = len(folded)
    while end > 1:
        if end - 1 in found:
            end -= 1
            continue
        for length in _AT_END_LENGTHS.get(folded[end - 1], ()):
            phrase = " ".join(folded[end - length : end])
            if length < end and (code := _AT_END.get(phrase)) is not None:
                found.update(dict.fromkeys(range(end - length, end), code))
                end -= length
                break
        else:
            return


def fold_phrase(phrase: str) -> str:
    """A table's spelling as the key that names are looked up by: folded words, one space."""
    return " ".join(map(_fold, split_tokens(phrase)))


def _fold(token: Token) -> str:
    """A word as the tables have it; a short one as it is spelled (JP is no IP, TSO no CO)."""
    return token.spelled if len(token.spelled) < _SHORT else token.folded


def _read_hand_table() -> tuple[dict[str, str], dict[str, str]]:
    anywhere: dict[str, str] = {}
    at_edge: dict[str, str] = {}
    for code, spellings in read_table("legal_forms.txt"):
        table = at_edge if code.startswith(_EDGE_MARK) else anywhere
        for spelling in spellings:
            table[fold_phrase(spelling)] = code.removeprefix(_EDGE_MARK)
    return anywhere, at_edge


def _read_gleif_table() -> dict[str, str]:
    return {
        fold_phrase(spelling): code
        for code, spellings in read_table("legal_forms_gleif.txt")
        for spelling in spellings
    }


def _goes_on_around_one(phrase: str) -> bool:
    """Whether a form of the first table is within a longer phrase that is none itself."""
    words = phrase.split(" ")
    runs = (words[start:end] for start, end in combinations(range(len(words) + 1), 2))
    return phrase not in _BY_HAND and any(" ".join(run) in _BY_HAND for run in runs)


def _lengths_by_word(phrases: dict[str, str], place: int) -> dict[str, tuple[int, ...]]:
    """For each word the lengths of the phrases that have it at that place, longest first."""
    lengths: dict[str, set[int]] = {}
    for phrase in phrases:
        words = phrase.split(" ")
        lengths.setdefault(words[place], set()).add(len(words))
    return {word: tuple(sorted(some, reverse=True)) for word, some in lengths.items()}


_BY_HAND, _AT_EDGE = _read_hand_table()
_AT_END = _read_gleif_table()
_AT_END_LENGTHS = _lengths_by_word(_AT_END, -1)
_ANYWHERE = _BY_HAND | {
    phrase: code
    for phrase, code in _AT_END.items()
    if phrase != fold_phrase(code) and _goes_on_around_one(phrase)
}
_ANYWHERE_LENGTHS = _lengths_by_word(_ANYWHERE, 0)
