"""Find the legal forms in a name: which words they are, and the code of the form.

There are two tables. `legal_forms.txt`, written by hand, has forms that mean nothing else, and
they are found anywhere in a name. `legal_forms_gleif.txt`, built from GLEIF's table, has the long
tail of all languages, and its forms are found at the end of a name only ("SE" in the middle is a
word). The exception is a GLEIF form that contains a form of the first table and has an
abbreviation: it is found anywhere, before the shorter form is (one person company, OPC).
"""

from collections.abc import Sequence
from itertools import combinations

from service.names.form.token import Token, read_table
from service.names.form.tokens import split_tokens

_EDGE_MARK = "^"
_SHORT = 4


def find_legal_forms(tokens: Sequence[Token]) -> dict[int, str]:
    """Return the place of each word that belongs to a legal form, with the code of the form."""
    folded = list(map(_fold, tokens))
    found = {place: token.code for place, token in enumerate(tokens) if token.code is not None}
    _find_anywhere(folded, found)
    _find_at_end(folded, found)
    for edge in (0, len(folded) - 1):
        if len(folded) > 1 and edge not in found and folded[edge] in _AT_EDGE:
            found[edge] = _AT_EDGE[folded[edge]]
    return found


def fold_phrase(phrase: str) -> str:
    """Turn a spelling of a table into the key for look-ups: folded words, single spaces."""
    return " ".join(map(_fold, split_tokens(phrase)))


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
    """Find the forms at the end of a name, as long as at least one word remains before them."""
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


def _fold(token: Token) -> str:
    """Fold a word for look-ups; a short one stays as it is spelled (JP is not IP, TSO not CO)."""
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
    """Return whether a phrase contains a form of the first table and is not one itself."""
    words = phrase.split(" ")
    runs = (words[start:end] for start, end in combinations(range(len(words) + 1), 2))
    return phrase not in _BY_HAND and any(" ".join(run) in _BY_HAND for run in runs)


def _lengths_by_word(phrases: dict[str, str], place: int) -> dict[str, tuple[int, ...]]:
    """Return, for each word at a place of a phrase, the lengths of such phrases, longest first."""
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
