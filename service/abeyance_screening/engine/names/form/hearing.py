"""Hear a name in another script as a name in Latin letters that it may stand for.

Newspapers write a foreign brand as it sounds: روسنفت, როსნეფტი and ロスネフチ are Rosneft. Each
letter may stand for several (`hearing.txt`), so no single spelling meets the listed one. Whether a
listed name can be heard in the letters is compared instead, with whole names only. It is looked up
by its consonants, several of which sound alike, and then compared letter by letter.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from abeyance_screening.engine.names.form.token import read_table
from abeyance_screening.engine.names.form.word_types import ComparisonForm

_VOWELS = frozenset("aeiouy")
_VOWEL_LIKE = _VOWELS | {"w", "h"}
_NOTHING = "-"


class Sound(NamedTuple):
    """One sound of a name: the Latin spellings it may have, and what it costs to leave it out.

    `consonants` are the consonants of these spellings, as `skeleton` has them.
    """

    spellings: tuple[str, ...]
    consonants: tuple[str, ...]
    is_vowel: bool
    silent: int


class Hearing(NamedTuple):
    """The sounds of a whole name, and what a vowel costs that its script does not write."""

    sounds: tuple[Sound, ...]
    unwritten: int


# What the beginnings of a name cost, by their lengths.
type _Costs = dict[int, int]

# --- What is heard costs hundredths; a name is heard if all of it costs little for its length.

# A letter that may be silent, one that mostly is, a vowel and a consonant that is written, but not
# in the Latin name.
_SILENT, _MOSTLY_SILENT, _EXTRA_VOWEL, _EXTRA = 10, 5, 40, 100
# A vowel of the Latin name that is written as another one, one that is not written in scripts that
# write all, in Arabic and Hebrew, and in Devanagari; an `i` before another vowel, an `h`.
_OTHER_VOWEL, _UNWRITTEN, _UNWRITTEN_SEMITIC, _UNWRITTEN_INDIC = 30, 50, 20, 25
_GLIDE, _BREATH = 10, 20
# A name of one word costs at most this much for each consonant after the first, up to a bound.
# With at most two consonants it costs next to nothing, and with fewer than six letters nothing, so
# it must be written as it sounds. A name of two words has five consonants at least.
#
# Of 1,472 names of shops and banks in these scripts, printed by OpenStreetMap's index of brands,
# 20 are heard as a listed name of the bundled lists, 12 of them rightly, and of 4,428 names of
# listed persons seven are heard as that of a firm.
_EACH, _MOST, _EACH_OF_TWO, _MOST_OF_TWO = 15, 60, 10, 50
_MOST_OF_FEW, _MOST_OF_SHORT = 10, 0
_FEW, _SHORT, _SHORTEST, _FEWEST_OF_SHORT, _FEWEST_OF_TWO = 2, 6, 5, 3, 5
_LONGEST = 32
# Names with the same consonants are compared again and again.
_CACHED_NAMES = 1 << 12
# The least weight of a word that names a party: a common word is a name of many (Partner).
_TELLING = 0.8
_WORDS = 2


class LatinName(NamedTuple):
    """A listed name as it may be heard: its letters without spaces, prepared, and its bound.

    `most` is what it may cost at most to be heard.
    """

    letters: str
    most: int


def heard_name(form: ComparisonForm) -> LatinName | None:
    """Return a listed name as it may be heard, None where it is too common or long for that.

    It has one or two words in Latin letters, one of them rare.
    """
    words, spelled = form.words, form.spelled
    if not 1 <= len(words) <= _WORDS or len(spelled) != len(words):
        return None
    if not any(word.weight >= _TELLING and not word.is_trade_word for word in words):
        return None
    latin = "".join(spelled)
    if not latin.isascii() or not latin.isalpha() or not _SHORTEST <= len(latin) <= _LONGEST:
        return None
    name = _latin_name(latin, len(words))
    return name if name.most >= 0 else None


def hear(written: str) -> Hearing | None:
    """Return the sounds of a name in another script; None if it has letters of no such script."""
    words = _letters_of(written).split()
    letters = "".join(words)
    if not letters or letters.isascii() or len(letters) > _LONGEST:
        return None
    spoken = [sounds for word in words if (sounds := _spoken(word))]
    if len(spoken) < len(words):
        return None
    return Hearing(tuple(chain.from_iterable(spoken)), _unwritten_in(letters))


def _spoken(word: str) -> list[Sound]:
    """Return the sounds of a word by its longest groups of letters; none if one is unknown."""
    sounds, place = list[Sound](), 0
    while place < len(word):
        ends = range(min(place + _MOST_LETTERS, len(word)), place, -1)
        found = ((end, some) for end in ends if (some := _sounds_of(word, place, end)))
        place, some = next(found, (len(word), ()))
        if not some:
            return []
        sounds += some
    return sounds


def skeletons(hearing: Hearing) -> frozenset[str]:
    """Return the skeletons of the names that may be heard; none where there are too many."""
    found = {""}
    for sound in hearing.sounds:
        found = {before + each for before in found for each in sound.consonants}
        if len(found) > _MOST_SKELETONS:
            return frozenset()
    return frozenset(map(_squeezed, found))


def skeleton(name: LatinName) -> str:
    """Return the consonants of a name in Latin letters, one letter for those that sound alike."""
    return _squeezed(_consonants(name.letters))


def misheard(hearing: Hearing, name: LatinName) -> float | None:
    """Return how far a name is from what is heard, from 0; None where it is another name."""
    letters, most = name
    skips = _skips(letters, hearing.unwritten)
    costs = _skipped({0: 0}, skips, most)
    for place, sound in enumerate(hearing.sounds):
        silent = _SILENT if place == 0 and _leans(sound, letters, hearing) else sound.silent
        costs = _skipped(_after(costs, sound, silent, letters), skips, most)
        if not costs:
            return None
    cost = costs.get(len(letters))
    return None if cost is None else cost / 100


@lru_cache(_CACHED_NAMES)
def _latin_name(latin: str, words: int) -> LatinName:
    """Return a name with `k` for a hard c and `ks` for an x that is not its first letter."""
    soft = _SOFT.sub("zhi", _HARD.sub("k", latin))
    letters = soft[:1] + soft[1:].replace("x", "ks")
    count = len(_consonants(letters).replace("TS", "S"))
    return LatinName(letters, _most(len(letters), count, words))


def _most(length: int, consonants: int, words: int) -> int:
    """Return what a name may cost at most; negative if it cannot be heard at all."""
    if words > 1:
        enough = consonants >= _FEWEST_OF_TWO
        return min(_MOST_OF_TWO, _EACH_OF_TWO * (consonants - 1)) if enough else -1
    if length < _SHORT:
        return _MOST_OF_SHORT if consonants >= _FEWEST_OF_SHORT else -1
    return _MOST_OF_FEW if consonants <= _FEW else min(_MOST, _EACH * (consonants - 1))


def _leans(sound: Sound, name: str, hearing: Hearing) -> bool:
    """Return whether a first vowel only helps to speak two consonants (اسبربانک is Sberbank)."""
    if hearing.unwritten != _UNWRITTEN_SEMITIC or not sound.is_vowel:
        return False
    return name[0] not in _VOWELS and name[1] not in _VOWELS


def _after(costs: _Costs, sound: Sound, silent: int, name: str) -> _Costs:
    """Return what the beginnings of a name cost after one more sound."""
    after = {place: cost + silent for place, cost in costs.items()}
    for place, cost in costs.items():
        for spelling in sound.spellings:
            if name.startswith(spelling, place):
                _lower(after, place + len(spelling), cost)
        if sound.is_vowel and name[place : place + 1] in _VOWELS:
            _lower(after, place + 1, cost + _OTHER_VOWEL)
    return after


def _skipped(costs: _Costs, skips: Sequence[int], most: int) -> _Costs:
    """Leave letters of the name out wherever that costs less, and what costs too much."""
    kept: _Costs = {}
    for start in sorted(costs):
        place, cost = start, costs[start]
        while cost <= most and cost < kept.get(place, _TOO_MUCH):
            kept[place] = cost
            if place == len(skips):
                break
            cost += skips[place]
            place += 1
    return kept


def _lower(costs: _Costs, place: int, cost: int) -> None:
    if cost < costs.get(place, _TOO_MUCH):
        costs[place] = cost


@lru_cache(_CACHED_NAMES)
def _skips(name: str, unwritten: int) -> tuple[int, ...]:
    return tuple([_skip(name, place, unwritten) for place in range(len(name))])


def _skip(name: str, place: int, unwritten: int) -> int:
    """Return what it costs that a letter of a name is not written."""
    letter = name[place]
    if place > 0 and name[place - 1] == letter:
        return 0
    if letter in _VOWELS:
        if place in (0, len(name) - 1):
            return _UNWRITTEN
        return _GLIDE if letter in "iy" and name[place + 1] in "aou" else unwritten
    if letter == "h":
        return _BREATH
    return _UNWRITTEN if letter == "w" else _EXTRA


# --- Consonants: those that one script or another does not tell apart are one letter.

_ALIKE = {
    **dict.fromkeys(("p", "b", "f", "v", "ph"), "P"),
    **dict.fromkeys(("t", "d", "th"), "T"),
    **dict.fromkeys(("k", "g", "q", "gh"), "K"),
    **dict.fromkeys(("s", "z", "j", "c", "x", "ts", "tz", "dz", "sh", "ch", "zh", "dj"), "S"),
    **dict.fromkeys(("sch", "tch", "dzh", "shch"), "S"),
    **dict.fromkeys(("m", "n"), "N"),
    **dict.fromkeys(("l", "r"), "R"),
    "kh": "",
}
_CONSONANT = re.compile("|".join(sorted(_ALIKE, key=len, reverse=True)))
_REPEATED = re.compile(r"(.)\1+")
_HARD = re.compile("c(?![eiyh])")
# Vision, television: this s is heard like the s of pleasure.
_SOFT = re.compile("(?<=[aeiou])si(?=on)")


def _consonants(name: str) -> str:
    found: list[str] = _CONSONANT.findall(name)
    return "".join([_ALIKE[each] for each in found])


def _squeezed(consonants: str) -> str:
    return _REPEATED.sub(r"\1", consonants.replace("TS", "S"))


# --- Letters, and what each may stand for.

_MARKS = re.compile("[\u0300-\u036f\u0640\u064b-\u065f\u0670\u200c\u200d]")
_DECOMPOSED = re.compile("[\u0370-\u03ff\u1f00-\u1fff\uac00-\ud7a3]")
# Thai writes these vowels before the consonant after which they are spoken.
_VOWEL_FIRST = re.compile("([\u0e40-\u0e44])([\u0e01-\u0e2e])")
# An l between vowels is written twice in Hangul, at the end of one syllable and at the next one.
_TWO_L, _ONE_L = "\u11af\u1105", "\u1105"
_HIRAGANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
_SEMITIC, _INDIC = re.compile("[\u0590-\u06ff]"), re.compile("[\u0900-\u097f]")
_START, _END = "^", "$"
_PARTS = " / "
_TOO_MUCH = 1000
_MOST_SKELETONS = 512


def _letters_of(written: str) -> str:
    composed = unicodedata.normalize("NFKC", written.lower()).translate(_HIRAGANA)
    apart = _DECOMPOSED.sub(lambda letter: unicodedata.normalize("NFD", letter[0]), composed)
    ordered = _VOWEL_FIRST.sub(r"\2\1", _MARKS.sub("", apart)).replace(_TWO_L, _ONE_L)
    return "".join(filter(_is_letter, ordered))


def _is_letter(sign: str) -> bool:
    return sign.isalpha() or sign == " " or unicodedata.category(sign)[0] == "M"


def _sounds_of(letters: str, place: int, end: int) -> tuple[Sound, ...]:
    """Return the sounds of letters, which may be others at an end of the name; none if unknown."""
    some = letters[place:end]
    at_start = _TABLE.get(_START + some, ()) if place == 0 else ()
    at_end = _TABLE.get(some + _END, ()) if end == len(letters) else ()
    return at_start or at_end or _TABLE.get(some, ())


def _unwritten_in(letters: str) -> int:
    if _SEMITIC.search(letters) is not None:
        return _UNWRITTEN_SEMITIC
    return _UNWRITTEN if _INDIC.search(letters) is None else _UNWRITTEN_INDIC


def _sound(spellings: str) -> Sound:
    options = spellings.split(" ")
    kept = tuple([each for each in options if each != _NOTHING])
    is_vowel = any(map(_VOWELS.issuperset, kept)) and all(map(_VOWEL_LIKE.issuperset, kept))
    silent = _EXTRA_VOWEL if is_vowel else _EXTRA
    if options[0] == _NOTHING:
        silent = _MOSTLY_SILENT if kept else 0
    elif _NOTHING in options:
        silent = _SILENT
    return Sound(kept, tuple(dict.fromkeys(map(_consonants, options))), is_vowel, silent)


def _rows() -> Iterator[tuple[str, tuple[Sound, ...]]]:
    for letters, (spellings,) in read_table("hearing.txt"):
        sounds = tuple(map(_sound, spellings.split(_PARTS)))
        for each in letters.split(" "):
            yield each, sounds


_TABLE = dict(_rows())
_MOST_LETTERS = max(map(len, _TABLE))
