"""Give words their canonical form and their weight; synonyms and abbreviations become one word."""

import math
import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from itertools import pairwise

from abeyance_screening.engine.names.form.east_asia import SYLLABLES
from abeyance_screening.engine.names.form.scripts import spell_latin
from abeyance_screening.engine.names.form.token import (
    MOST_READINGS,
    Token,
    read_lines,
    read_table,
    read_words,
)
from abeyance_screening.engine.names.form.tokens import split_tokens
from abeyance_screening.engine.names.form.word_types import Word, fold

# --- Weights: how distinctive a word is, from how many names have it.
#
# `word_counts.txt` counts ordinary companies, listed persons and cities, and
# `word_counts_by_country.txt` raises the counts of words that firms of one country share, and
# `russian/russian_nouns.txt` those of nouns that firms of Russia are called by. All are part of
# the scorer's version: a change of a list never moves a score.
_COUNTS = ("word_counts.txt", "word_counts_by_country.txt", "russian/russian_nouns.txt")

# The least weight of a bare number, whatever its count. Names share numbers by chance more often
# than the counts say, but numbers set plants, institutes and registration-number companies apart.
_LEAST_OF_NUMBER = 0.5


def weigh(word: str) -> float:
    """Return the weight of a canonical word: 1 if no counted name has it, 0 if all have it."""
    weight = _WEIGHTS.get(word, 1.0)
    return max(weight, _LEAST_OF_NUMBER) if word[0].isdigit() else weight


def _read_weights() -> dict[str, float]:
    weights: dict[str, float] = {}
    for table in _COUNTS:
        lines = read_lines(table)
        names = int(next(lines).removeprefix("names "))
        for line in lines:
            count, _, words = line.partition(": ")
            weight = 1.0 - math.log1p(float(count)) / math.log1p(names)
            for word in words.split(" "):
                weights[word] = min(weight, weights.get(word, 1.0))
    return weights


_WEIGHTS = _read_weights()


# --- One word of a comparison form: its weight, and the letters that it adds to an acronym.

# A word includes the letters after an apostrophe (People's).
_WORD = re.compile("[a-z0-9](?:[a-z0-9'`])*")
_NO_INITIAL = frozenset({"and", "of", "the", "for", "und", "et"})


def make_word(
    text: str, printed: str, readings: tuple[str, ...] = (), *, is_trade_word: bool = False
) -> Word:
    """Make a word from its canonical text and the piece of the name that it was printed as."""
    return Word(text, printed, weigh(text), _initials(text, printed), readings, is_trade_word)


def make_form_word(text: str, printed: str, readings: tuple[str, ...]) -> Word:
    """Make a word of a legal form, for a name that consists of legal forms only."""
    return Word(text, printed, FORM_WEIGHT, _initials(text, printed), readings)


def _initials(text: str, printed: str) -> str:
    """Return the initials of the printed words in Latin letters, without those like "and".

    Words in other scripts, or with no initial left, give the first letter of the canonical word.
    """
    words: list[str] = _WORD.findall(printed.lower()) if printed.isascii() else []
    return "".join([word[0] for word in words if word not in _NO_INITIAL]) or text[:1]


# The weight of a legal form that is a word: lower than that of any other word.
FORM_WEIGHT = 0.1


_ADJECTIVE = re.compile("([a-z]{4,})sk(?:i|ii|ai|aia|oe|oi|ogo|omu|ie|ih|im|om|oio|oie|iy|e|a)")
# Names share most of their words.
_CACHED_WORDS = 1 << 15
_STEM_MARK = "*"
# What may follow a stem: an ending, or a suffix with an ending, but not another word.
_INFLECTED = re.compile("[a-z]{0,5}|[a-z]{0,5}(?:sk|n|stv|vann|iruem)[a-z]{1,5}")
_SHORTEST_STEM = 4
_SHORTEST_PLURAL = 4
# Words that only join others; "&" is not a word in the first place.
_SILENT = frozenset(read_words("silent_words.txt"))
# Ukrainian "with" and "on", in Cyrillic, which as a Latin letter is one of an acronym.
_UKRAINIAN_WITH = frozenset("\u0437")
_SILENT_SYLLABLES = frozenset(word for word in _SILENT & SYLLABLES if len(word) > 1)


def merge_trade_words(tokens: Sequence[Token]) -> list[Word]:
    """Return the canonical words of a name in order; a known phrase is one word.

    Words that only join others ("and", "of") are left out, unless the name has no others.
    """
    joined = _join_syllables([token.spelled for token in tokens])
    words = [
        _word(token, joined.get(place, ()))
        for place, token in enumerate(tokens)
        if token.spelled not in _SILENT and token.printed not in _UKRAINIAN_WITH
    ]
    if not words:
        return [_silent_word(token) for token in tokens]
    return _merge_phrases(words)


def forget_trade_words() -> None:
    """Empty the caches of words; existing comparison forms keep their words."""
    _word.cache_clear()
    _phrase_word.cache_clear()


@lru_cache(_CACHED_WORDS)
def _word(token: Token, joined: tuple[str, ...]) -> Word:
    """Make a word; names with the same word share one object, which saves memory and time."""
    ukrainian = _UKRAINIAN.get(token.printed.lower())
    text = token.canonical or ukrainian or _canonical_word(token.folded)
    readings = token.readings
    russian = russian_words(token.printed)
    others = (*(each for each in russian if each != text), *_stem(text), *joined)
    if others:
        readings = (*readings[: MOST_READINGS - len(others)], *others)
    return make_word(text, token.printed, readings, is_trade_word=text in _CANONICAL)


def russian_words(word: str) -> tuple[str, ...]:
    """Return the Russian words, as they are compared, that a word stands for; none for most.

    It is a Ukrainian translation or an abbreviation, as a name prints it, in Cyrillic.
    """
    return _RUSSIAN.get(word.lower(), ())


def russian_words_in_latin(word: str) -> tuple[str, ...]:
    """Return the Russian words for a Ukrainian word in Latin letters, as it is compared.

    Most of these are words of other languages too (chas, mir), so a name must say that it is
    Ukrainian.
    """
    return _IN_LATIN.get(word, ())


def _silent_word(token: Token) -> Word:
    """Make a word of one that only joins others, for a name that has no others."""
    is_trade_word = token.folded in _CANONICAL
    return make_word(token.folded, token.printed, token.readings, is_trade_word=is_trade_word)


def _join_syllables(words: Sequence[str]) -> Mapping[int, tuple[str, ...]]:
    """Return, by place, a Chinese syllable joined with its neighbour (Da Hua, Xi An, Heng Da).

    The neighbour is a syllable such as "an" or "da" that is left out as a joining word.
    """
    joined: dict[int, tuple[str, ...]] = {}
    if not _SILENT_SYLLABLES.isdisjoint(words):
        for place, (one, other) in enumerate(pairwise(words)):
            if one in SYLLABLES and other in SYLLABLES:
                if one in _SILENT_SYLLABLES:
                    joined[place + 1] = (*joined.get(place + 1, ()), fold(one + other))
                if other in _SILENT_SYLLABLES:
                    joined[place] = (*joined.get(place, ()), fold(one + other))
    return joined


def _stem(text: str) -> tuple[str, ...]:
    """Return the stem of a Slavic adjective, the place that it is made of (Yaroslavskiy).

    In a folded word `tsk` is `ck` (Salavatskiy).
    """
    adjective = _ADJECTIVE.fullmatch(text.replace("ck", "tsk"))
    return () if adjective is None else (adjective[1],)


def _merge_phrases(words: list[Word]) -> list[Word]:
    if _PHRASE_LENGTHS.keys().isdisjoint([word.text for word in words]):
        return words
    merged: list[Word] = []
    place = 0
    while place < len(words):
        word, length = words[place], 1
        for longer in _PHRASE_LENGTHS.get(word.text, ()):
            run = words[place : place + longer]
            phrase = _PHRASES.get(tuple(each.text for each in run))
            if phrase is not None:
                printed = " ".join(dict.fromkeys(each.printed for each in run))
                word, length = _phrase_word(phrase, printed), longer
                break
        merged.append(word)
        place += length
    return merged


@lru_cache(_CACHED_WORDS)
def _phrase_word(phrase: str, printed: str) -> Word:
    return make_word(phrase, printed, is_trade_word=True)


def _canonical_word(folded: str) -> str:
    known = _WORDS.get(folded)
    if known is not None:
        return known
    for length in _STEM_LENGTHS.get(folded[:_SHORTEST_STEM], ()):
        stem = _STEMS.get(folded[:length])
        if stem is not None and _INFLECTED.fullmatch(folded, length) is not None:
            return stem
    return folded


def _fold_words(phrase: str) -> list[str]:
    return [token.folded for token in split_tokens(phrase) if token.spelled not in _SILENT]


def _plurals(word: str) -> tuple[str, ...]:
    """Return a word and its plural; a word under four letters has none, as it may be a brand."""
    if len(word) < _SHORTEST_PLURAL:
        return (word,)
    return (word, word[:-1] + "ies" if word.endswith("y") else word + "s")


@cache
def everyday_words() -> frozenset[str]:
    """Return the words of everyday trades and their plurals, in small letters."""
    words = [word for _, some in read_table("everyday_words.txt") for word in some]
    return frozenset(form for word in words for form in (f"{word}s", *_plurals(word)))


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
    """Read the phrases by their canonical words, so that one line covers every inflection."""
    return {
        tuple(map(_canonical_word, _fold_words(spelling))): "".join(_fold_words(printed))
        for printed, spellings in read_table("trade_words.txt")
        for spelling in (printed, *spellings)
        if " " in spelling
    }


def _read_ukrainian() -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Return the trade words, and the Russian words, that Ukrainian and short words stand for."""
    trade_words: dict[str, str] = {}
    russian: dict[str, tuple[str, ...]] = {}
    rows = (*read_table("ukrainian_words.txt"), *read_table("russian_abbreviations.txt"))
    for meant, spellings in rows:
        for word in spellings:
            spelled = word.replace("'", "")
            if meant.isascii():
                trade_words[spelled] = "".join(_fold_words(meant))
            else:
                reading = _canonical_word(fold(spell_latin(meant)))
                russian[spelled] = (*russian.get(spelled, ()), reading)
    return trade_words, russian


_WORDS, _STEMS = _read_single_words()
_STEM_LENGTHS = {
    start: tuple(sorted({len(each) for each in _STEMS if each.startswith(start)}, reverse=True))
    for start in {each[:_SHORTEST_STEM] for each in _STEMS}
}
_UKRAINIAN, _RUSSIAN = _read_ukrainian()
_IN_LATIN = {fold(spell_latin(word)): russian for word, russian in _RUSSIAN.items()}
_PHRASES = _read_phrases()
_PHRASE_LENGTHS = {
    first: tuple(sorted({len(each) for each in _PHRASES if each[0] == first}, reverse=True))
    for first in {phrase[0] for phrase in _PHRASES}
}
_CANONICAL = frozenset(
    (*_WORDS.values(), *_STEMS.values(), *_PHRASES.values(), *_UKRAINIAN.values())
)
