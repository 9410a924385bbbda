"""Brings trade words, their abbreviations and their translations to one canonical word."""

from collections.abc import Iterable

from service.normalise.table import read_table
from service.normalise.token import Token
from service.normalise.tokens import split_tokens

_STEM_MARK = "*"
_SHORTEST_STEM = 4
# Words that join others and say nothing; "&" is no word to begin with.
_SILENT = frozenset({"and", "und", "et", "the", "of", "ve", "imeni", "named", "after", "im"})


def merge_trade_words(tokens: Iterable[Token]) -> list[tuple[str, str, tuple[str, ...]]]:
    """Canonical words, printed pieces and other readings, in order; a known phrase is one word.

    Words that only join ("and", "of") are left out, unless the name has no other.
    """
    tokens = tuple(tokens)
    words = [
        (token.canonical or _canonical_word(token.folded), token.printed, token.readings)
        for token in tokens
        if token.spelled not in _SILENT
    ]
    if not words:
        return [(token.folded, token.printed, token.readings) for token in tokens]
    return _merge_phrases(words)


def _merge_phrases(
    words: list[tuple[str, str, tuple[str, ...]]],
) -> list[tuple[str, str, tuple[str, ...]]]:
    merged: list[tuple[str, str, tuple[str, ...]]] = []
    place = 0
    while place < len(words):
        canonical, printed, readings = words[place]
        length = 1
        for longer in _PHRASE_LENGTHS.get(canonical, ()):
            phrase = _PHRASES.get(tuple(word for word, _, _ in words[place : place + longer]))
            if phrase is not None:
                canonical, length, readings = phrase, longer, ()
                pieces = (piece for _, piece, _ in words[place : place + length])
                printed = " ".join(dict.fromkeys(pieces))
                break
        merged.append((canonical, printed, readings))
        place += length
    return merged


def _canonical_word(folded: str) -> str:
    known = _WORDS.get(folded)
    if known is not None:
        return known
    for length in range(min(_LONGEST_STEM, len(folded)), _SHORTEST_STEM - 1, -1):
        stem = _STEMS.get(folded[:length])
        if stem is not None:
            return stem
    return folded


def _fold_words(phrase: str) -> list[str]:
    return [token.folded for token in split_tokens(phrase) if token.spelled not in _SILENT]


def _plurals(word: str) -> tuple[str, ...]:
    return (word, word[:-1] + "ies" if word.endswith("y") else word + "s")


def _read_single_words() -> tuple[dict[str, str], dict[str, str]]:
    words: dict[str, str] = {}
    stems: dict[str, str] = {}
    for printed, spellings in read_table("trade_words.txt"):
        canonical = "".join(_fold_words(printed))
        for spelling in (printed, *spellings):
            if " " in spelling:
                continue
            if spelling.endswith(_STEM_MARK):
                stems["".join(_fold_words(spelling))] = canonical
                continue
            for form in _plurals(spelling):
                words.setdefault("".join(_fold_words(form)), canonical)
    return words, stems


def _read_phrases() -> dict[tuple[str, ...], str]:
    """Phrases by their canonical words, so that one line covers every inflection of them."""
    return {
        tuple(map(_canonical_word, _fold_words(spelling))): "".join(_fold_words(printed))
        for printed, spellings in read_table("trade_words.txt")
        for spelling in (printed, *spellings)
        if " " in spelling
    }


_WORDS, _STEMS = _read_single_words()
_LONGEST_STEM = max(map(len, _STEMS))
_PHRASES = _read_phrases()
_PHRASE_LENGTHS = {
    first: tuple(sorted({len(each) for each in _PHRASES if each[0] == first}, reverse=True))
    for first in {phrase[0] for phrase in _PHRASES}
}
