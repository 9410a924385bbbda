"""Spells Hangul in Latin letters, as the North does and as the South does.

North: McCune-Reischauer without its marks, with `j` and `r` as Pyongyang prints them ("Ryonbong").
South: the Revised Romanisation, with the initial sound law ("Yeonbong").
"""

from collections.abc import Sequence

from service.normalise.table import read_table

_FIRST, _LAST = 0xAC00, 0xD7A3
_VOWELS, _FINALS = 21, 28
_RIEUL, _NIEUN, _SILENT = 5, 2, 11
# i, ya, yae, yeo, ye, yo, yu: before them r and n are silent at the front of a Southern word.
_BRIGHT = frozenset({2, 3, 6, 7, 12, 17, 20})

_VOICED = {"k": "g", "t": "d", "p": "b"}
# What a final becomes before a syllable that begins with a vowel.
_LINKED = {"k": "g", "t": "s", "p": "b", "l": "r"}
_NASAL = {"k": "ng", "t": "n", "p": "m"}
_SOUNDING = frozenset("aeiounmlg")
_NOTHING = "-"

type Syllable = tuple[int, int, int]


def romanise_hangul(hangul: str) -> tuple[str, str]:
    """A word of Hangul as the North and as the South spell it; other letters are left out."""
    syllables = [_take_apart(ord(letter)) for letter in hangul if _FIRST <= ord(letter) <= _LAST]
    southern = [_drop_initial(syllables[0]), *syllables[1:]] if syllables else []
    return (
        _join(syllables, *_NORTHERN),
        _join(southern, *_SOUTHERN),
    )


def customary(hangul: str) -> str:
    """As Koreans abroad write their names: a surname of one syllable, or a given name."""
    southern = romanise_hangul(hangul)[1].replace("eo", "u").replace("eu", "u")
    return _SURNAMES.get(hangul, southern)


def _take_apart(code: int) -> Syllable:
    rest, final = divmod(code - _FIRST, _FINALS)
    return (*divmod(rest, _VOWELS), final)


def _drop_initial(syllable: Syllable) -> Syllable:
    initial, vowel, final = syllable
    if initial in {_RIEUL, _NIEUN} and vowel in _BRIGHT:
        return (_SILENT, vowel, final)
    return (_NIEUN, vowel, final) if initial == _RIEUL else syllable


def _join(syllables: Sequence[Syllable], initials: Sequence[str], vowels: Sequence[str]) -> str:
    spelled = ""
    for place, (initial, vowel, final) in enumerate(syllables):
        onset = initials[initial]
        if spelled and spelled[-1] in _SOUNDING:
            onset = "l" if spelled[-1] == "l" and onset == "r" else _VOICED.get(onset, onset)
        following = syllables[place + 1][0] if place + 1 < len(syllables) else None
        spelled += onset + vowels[vowel] + _close(_FINAL[final], following)
    return spelled


def _close(final: str, following: int | None) -> str:
    """A final consonant before the next syllable's initial (None: the word ends)."""
    if following == _SILENT:
        return _LINKED.get(final, final)
    if following in {_NIEUN, _RIEUL, 6}:
        return _NASAL.get(final, final)
    return final


_SURNAMES = {
    hangul: latin for latin, known in read_table("korean_surnames.txt") for hangul in known
}
_LETTERS = {
    part: tuple(letter.strip(_NOTHING) for letter in letters)
    for part, letters in read_table("hangul.txt")
}
_NORTHERN = (_LETTERS["northern initials"], _LETTERS["northern vowels"])
_SOUTHERN = (_LETTERS["southern initials"], _LETTERS["southern vowels"])
_FINAL = _LETTERS["finals"]
