"""Spells Arabic, Persian and Urdu words in Latin letters, though they write few of their vowels.

Words of companies have a table of their own (`arabic_words.txt`); frequent names are spelled as
the UN and the UK print them beside the original (`arabic_names.txt`, built by
tests/quality/build_arabic_names.py); every other word gets vowels by the shape of its syllables.
"""

import re
from collections.abc import Mapping

from service.model.fold import fold
from service.normalise.script import spell_latin
from service.normalise.table import read_table
from service.normalise.token import MOST_READINGS, Token

ARABIC = "\u0620-\u065f\u066e-\u06d3\u06fa-\u06ff"

_RUN = re.compile(f"([{ARABIC}]+)|[^{ARABIC}]+")
_SILENT = re.compile("[\u0640\u064b-\u065f\u0670\u0621\u200c\u200d]")
_ARTICLE = "ال"
_ABD = "عبد"
_ABDUL = ("abdul", "abdul", None, None, ("abd", "abdel"))
_ABD_APART = re.compile("عبد +(?=\u0627ل)")
_AND = "و"
# An article is taken off where this much of a word remains.
_LEAST_STEM = 3
_FORM_MARK = "="
_VOWELS = frozenset("aeiu")
_ARABIC_VOWELS = ("a", "i", "u")
_LAST_H = "\u0647"
_OR = "~"
# Letters that Arabic does not write, and what Persian says otherwise.
_PERSIAN = re.compile("[\u067e\u0686\u0698\u06af\u06a9\u06cc]")
_PERSIAN_VOWELS = ("a", "e")


def join_abd(kept: str) -> str:
    """Writes `abd` together with the divine name after it, as many do: Abdullah is one word."""
    return _ABD_APART.sub(_ABD, kept)


def split_arabic(piece: str) -> list[Token]:
    """The words of a piece without blanks: an article, `abd` and what they stand before."""
    tokens: list[Token] = []
    for run in _RUN.finditer(piece):
        if run[1] is None:
            spelled = spell_latin(run[0])
            tokens.append(Token(run[0], spelled, fold(spelled)))
        else:
            tokens.extend(_split_word(run[0]))
    return tokens


def _split_word(printed: str) -> list[Token]:
    word = simplify_arabic(printed)
    known = _WORDS.get(word)
    if known is None and word.startswith(_ABD) and len(word) > len(_ABD) + _LEAST_STEM:
        rest = printed[printed.index(_ABD[-1]) + 1 :]
        return [Token(_ABD, *_ABDUL), _token(rest, word.removeprefix(_ABD).removeprefix(_ARTICLE))]
    stem = word.removeprefix(_AND if word.startswith(_AND + _ARTICLE) else "").removeprefix(
        _ARTICLE
    )
    article: list[Token] = []
    if known is None and stem != word and len(stem) >= _LEAST_STEM:
        word, known = stem, _WORDS.get(stem)
        printed = printed.removeprefix(_ARTICLE)
        article = [] if known else [Token(_ARTICLE, "al", "al")]
    if known is not None:
        return _known_tokens(printed, word, known)
    return [*article, _token(printed, word)] if word else []


def simplify_arabic(word: str) -> str:
    """The word without vowel signs, its letters those of Arabic where Persian has other forms."""
    return _SILENT.sub("", word).translate(_SAME)


def _known_tokens(printed: str, word: str, known: str) -> list[Token]:
    if known.startswith(_FORM_MARK):
        return [Token(printed, word, _codes(word), code=known.removeprefix(_FORM_MARK))]
    tokens: list[Token] = []
    for each in known.split(" "):
        folded, *others = map(fold, each.split(_OR))
        tokens.append(Token(printed, each.partition(_OR)[0], folded, readings=tuple(others)))
    return tokens


def _token(printed: str, word: str) -> Token:
    spellings = _NAMES.get(word) or guess_vowels(
        word, persian=_PERSIAN.search(printed) is not None
    )
    folded, *others = dict.fromkeys(map(fold, spellings))
    letters = "".join(_read(word, _LETTERS)) or folded
    return Token(printed, letters, folded, readings=tuple(others[:MOST_READINGS]))


def guess_vowels(word: str, *, persian: bool = False) -> list[str]:
    """Spellings of a simplified word, likeliest first, with short vowels where syllables need one.

    Persian reads some letters otherwise. Never empty.
    """
    letters = _read(word, _PERSIAN_LETTERS if persian else _LETTERS)
    if persian and letters[-1:] == ["a"] and word.endswith(_LAST_H):
        letters[-1:] = ["e", "h"]
    vowels = _PERSIAN_VOWELS if persian else _ARABIC_VOWELS
    spelled = ("".join(_fill(letters, vowel)) for vowel in vowels)
    return list(dict.fromkeys(each for each in spelled if each)) or [_codes(word)]


def _codes(word: str) -> str:
    return "u" + "".join(f"{ord(letter):x}" for letter in word)


def _read(word: str, spelled: Mapping[str, str]) -> list[str]:
    """Its letters in Latin; w and y are vowels between consonants and at the end."""
    letters = [spelled[letter] for letter in word if letter in spelled]
    for place, letter in enumerate(letters):
        after_vowel = place > 0 and letters[place - 1] in _VOWELS
        before_vowel = place + 1 < len(letters) and letters[place + 1] == "a"
        if letter in _GLIDES and place > 0 and not after_vowel and not before_vowel:
            letters[place] = _GLIDES[letter]
    if len(letters) > 1 and word.endswith(_LAST_H):
        letters[-1] = "a"
    return letters


def _fill(letters: list[str], vowel: str) -> list[str]:
    """Put a vowel into every run of consonants that no syllable can hold."""
    filled: list[str] = []
    run: list[str] = []
    for letter in letters:
        if letter in _VOWELS:
            filled += _spread(run, vowel, at_start=not filled, at_end=False)
            filled.append(letter)
            run = []
        else:
            run.append(letter)
    return filled + _spread(run, vowel, at_start=not filled, at_end=True)


def _spread(run: list[str], vowel: str, *, at_start: bool, at_end: bool) -> list[str]:
    """Consonants, a vowel after the first at the start of a word, before the last at its end."""
    spread = list(run)
    if at_end and len(spread) > 1:
        spread.insert(-1, vowel)
    if at_start and len(run) > (2 if at_end else 1):
        spread.insert(1, vowel)
    return spread


_SAME = str.maketrans("أإآٱىیېےئؤةۀەہھکګڪ", "اااايييييوهههههككك")
_LETTERS = {letter: latin for latin, letters in read_table("arabic.txt") for letter in letters}
_PERSIAN_LETTERS = _LETTERS | {"و": "v", "ض": "z", "ذ": "z", "ث": "s", "ق": "gh"}
_GLIDES = {"w": "u", "v": "u", "y": "i"}
_WORDS = {
    simplify_arabic(spelling): latin
    for latin, spellings in read_table("arabic_words.txt")
    for spelling in spellings
}
_NAMES = dict(read_table("arabic_names.txt")) | {"الله": ("ullah", "allah")}
