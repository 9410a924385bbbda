"""List the ways to write a name: readings, joined words, initials, word pairs and keys."""

import re
import zlib
from array import array
from collections import defaultdict
from collections.abc import Mapping
from functools import cache, lru_cache
from itertools import count
from typing import NamedTuple

import msgspec

from abeyance_screening.engine.names.form.normalise import distinct_words
from abeyance_screening.engine.names.form.scripts import spell_latin
from abeyance_screening.engine.names.form.token import read_lines
from abeyance_screening.engine.names.form.word_types import (
    ComparisonForm,
    Word,
    fold,
    printed_letters,
)
from abeyance_screening.engine.names.match.spelling import MOST_LETTERS
from abeyance_screening.primitives.arrays import key_of_text

# --- The acronyms that a name may go by.

# Three initials say next to nothing: 2 in 100 ordinary companies share theirs with a listed name.
# Four are shared by 1 in 500, and 1 in 50 listed aliases is such an acronym.
SHORTEST_ACRONYM = 4
LONGEST_ACRONYM = 8
_LEAST_WORDS = 2
_SHORTEST_RUN = 3
# The letters that a legal form adds to an acronym (SMIC: … International Corporation; BHEL: …
# Electricals Limited). Other forms add none: of 75 well-known brands of four to six letters, nine
# were the initials of a listed name, most of them with the letters of an LLC or S.A.
_FORM_LETTERS = {
    "corp": ("c", "k"),
    "co": ("c", "k"),
    "co ltd": ("c", "cl"),
    "ltd": ("l",),
    "inc": ("i",),
}
# Each ASCII letter and digit for itself, and a blank for every other sign.
_BLANKS = bytes(sign if chr(sign).isalnum() else 32 for sign in range(128)).ljust(256)
# Russian letters of two Latin ones, of which the initials have one: MTSST is Moscow Center of
# SPARC Technologies (МЦСТ). Nothing else replaces a letter: YMTC is not I. M. T. Co., and SMIC not
# Shanghai Mahan International Travel Service.
_LETTERS_OF_TWO = {"c": "ts", "h": "kh"}
ACRONYM_SPELLINGS = 5
_CYRILLIC_WORD = re.compile("[\u0400-\u052f]+")
# Names of up to four words often share their initials, so their runs are cached; of longer names
# nine in ten have initials that no other name has.
_FEW_LENT = 4
# What folding may change. Letters without it, and any part of them, are folded already.
_UNFOLDED = re.compile(r"[cjqwy]|dzh|kh|ks|ph|ts|tz|teh|ii|(.)\1")
_CACHED_NAMES = 1 << 15


def acronyms(form: ComparisonForm) -> tuple[str, ...]:
    """Return the spellings of a name's acronym, without and with letters of its legal forms.

    China Aerospace Science and Industry Corporation is CASI and CASIC, but Syrian Company for
    Metals and Investments is not SMIC: a legal form lends its letter only where it is printed.
    Each spelling has four to eight letters, and there are at most `ACRONYM_SPELLINGS`.
    """
    if len(form.words) < _LEAST_WORDS:
        return ()
    initials = "".join([word.initials for word in form.words])
    if len(initials) > LONGEST_ACRONYM:
        return ()
    spellings = [initials, *[initials + each for each in _lent(form, initials)]]
    if not form.printed.isascii() and (sounds := _initial_sounds(form)) != initials:
        spellings += [sounds, *[sounds + each for each in _lent(form, sounds)]]
    for letter, letters in _LETTERS_OF_TWO.items():
        if letter in initials and len(initials) >= SHORTEST_ACRONYM:
            spellings.append(initials.replace(letter, letters))
    fit = [each for each in spellings if SHORTEST_ACRONYM <= len(each) <= LONGEST_ACRONYM]
    return tuple(dict.fromkeys(fit))[:ACRONYM_SPELLINGS]


def _initial_sounds(form: ComparisonForm) -> str:
    """Return the initials of a name in Cyrillic as they sound, empty for one in another script.

    Lists print the acronym of a Russian name in Latin letters (FZMT), whatever its words mean.
    """
    words: list[str] = _CYRILLIC_WORD.findall(" ".join([word.printed for word in form.words]))
    if len(words) < len(form.words):
        return ""
    return "".join([fold(spell_latin(word))[0] for word in words])


def _lent(form: ComparisonForm, initials: str) -> list[str]:
    """Return the letters of legal forms that are printed after words with these initials.

    In other scripts only the place of the legal form counts: it must follow all other words.
    """
    lent = [
        letters
        for code in form.legal_forms
        for letters in _FORM_LETTERS.get(code, ())
        if SHORTEST_ACRONYM <= len(initials) + len(letters) <= LONGEST_ACRONYM
    ]
    if not lent:
        return lent
    if not form.printed.isascii():
        return [] if form.printed.endswith(form.words[-1].printed) else lent
    words = form.printed.lower().encode().translate(_BLANKS).split()
    printed = bytes([word[0] for word in words])
    after = _place_after(initials, printed, 0)
    return [each for each in lent if after >= 0 and _place_after(each, printed, after) >= 0]


def _place_after(letters: str, printed: bytes, start: int) -> int:
    """Return the place after these letters, in their order among the printed ones, or -1."""
    for letter in letters.encode():
        start = printed.find(letter, start) + 1
        if start == 0:
            return -1
    return start


def as_acronym(form: ComparisonForm) -> str:
    """Return a name's only word as it is compared with the acronyms of other names.

    That is the word's own spelling, but for a trade word its canonical word, and for one in
    another script its reading. A name of several words gives an empty string.
    """
    texts = {word.text for word in form.words}
    if len(texts) != 1:
        return ""
    if len(form.spelled) == 1 and form.spelled[0].isascii() and not form.words[0].is_trade_word:
        return form.spelled[0]
    return texts.pop()


class Runs(NamedTuple):
    """The runs of neighbouring words of a name that may be met by their initials.

    Run `r` is the `spans[r]` words from place `places[r]` on, and `texts[r]` are its initials,
    folded like a word.
    """

    places: bytes
    spans: bytes
    texts: tuple[str, ...]


def runs_of(lent: tuple[str, ...]) -> Runs:
    """Return the runs of a name whose words have these initials, at least one letter each."""
    return _runs_of_few(lent) if len(lent) <= _FEW_LENT else _find_runs(lent)


def _find_runs(lent: tuple[str, ...]) -> Runs:
    if len(letters := "".join(lent)) == len(lent):
        places, spans, ends = _single_letters(len(letters))
        texts = [letters[first:last] for first, last in zip(places, ends, strict=True)]
        is_folded = letters.isalpha() and _UNFOLDED.search(letters) is None
        return Runs(places, spans, tuple(texts) if is_folded else tuple(map(fold, texts)))
    return _find_longer_runs(lent)


@cache
def _single_letters(words: int) -> tuple[bytes, bytes, bytes]:
    """Return places, spans and ends of the runs of so many words with one initial each."""
    shortest, longest = _SHORTEST_RUN, LONGEST_ACRONYM
    runs = [
        (first, span)
        for first in range(words)
        for span in range(shortest, min(longest, words - first) + 1)
    ]
    places, spans = bytes([run[0] for run in runs]), bytes([run[1] for run in runs])
    return places, spans, bytes(map(sum, runs))


def _find_longer_runs(lent: tuple[str, ...]) -> Runs:
    places, spans, texts = bytearray(), bytearray(), list[str]()
    for first in range(len(lent) - 1):
        initials = lent[first]
        for last in range(first + 1, len(lent)):
            initials += lent[last]
            if len(initials) > LONGEST_ACRONYM:
                break
            if len(initials) >= _SHORTEST_RUN:
                places.append(first)
                spans.append(last - first + 1)
                texts.append(fold(initials))
    return Runs(bytes(places), bytes(spans), tuple(texts))


_runs_of_few = lru_cache(_CACHED_NAMES)(_find_runs)


# --- The words of a name, and its entries: the ways to write runs of its words.

# A word met by another reading of its characters, and a run of words met by its initials, are
# worth this share of their weight.
READING = 0.9
INITIALS = 0.6
# Words that set two names apart where each has another one, numbers and patronymics, and trade
# words, which alone identify nobody.
NUMBER, PATRONYMIC, TRADE = 1, 2, 3
_ENDINGS = ("ich", "na")
_PATRONYMIC = re.compile("[a-z]{3,}(?:[oe]vich|[oe]vna|ovich|ichna|inichna)")
# See `engine.names.match_types`.
_LONG = 4
_HARD = re.compile("c(?![eiyh])")
# Names share their words, and names of few words the counts of their readings.
_CACHED_WORDS = 1 << 15
_FEW_WORDS = 12
_CACHED_SHAPES = 1 << 12


class Entries:
    """The entries of many names, one name after another, as `layout.Names` has them."""

    def __init__(self) -> None:
        self.vocabulary: dict[str, int] = defaultdict(count().__next__)
        self.words = array("i")
        self.starts = array("q", [0])
        self.places = bytearray()
        self.spans = bytearray()
        self.factors = array("d")
        self.weights = array("d")
        self.weight_starts = array("q", [0])
        self.telling = bytearray()

    def add(self, form: ComparisonForm) -> None:
        """Add one name: its words, their readings, joined neighbours and runs of initials."""
        words = distinct_words(form)
        own = [word.text for word in words]
        texts = own.copy()
        for word in words:
            texts += word.readings
        texts += map(join_words, own, own[1:])
        runs = runs_of(tuple([word.initials for word in words]))
        texts += runs.texts
        shape = _shape_of(tuple([len(word.readings) for word in words]))
        self.words.extend(map(self.vocabulary.__getitem__, texts))
        self.places += shape.places + runs.places
        self.spans += shape.spans + runs.spans
        self.factors.frombytes(shape.factors + _INITIALS * len(runs.texts))
        self.weights.extend([word.weight for word in words])
        self.telling += bytes(map(telling_class, words))
        self.weight_starts.append(len(self.weights))
        self.starts.append(len(self.words))


class _Shape(NamedTuple):
    """The entries of a name but for their words and runs of initials, each column as bytes."""

    places: bytes
    spans: bytes
    factors: bytes


def _shape_of(readings: tuple[int, ...]) -> _Shape:
    """Return the shape of a name from the number of readings of each of its words."""
    return _shape_of_few(readings) if len(readings) <= _FEW_WORDS else _make_shape(readings)


def _make_shape(readings: tuple[int, ...]) -> _Shape:
    size, pairs = len(readings), max(len(readings) - 1, 0)
    read = [place for place, some in enumerate(readings) for _ in range(some)]
    factors = [1.0] * size + [READING] * len(read) + [1.0] * pairs
    return _Shape(
        bytes([*range(size), *read, *range(pairs)]),
        bytes([1] * (size + len(read)) + [2] * pairs),
        array("d", factors).tobytes(),
    )


_shape_of_few = lru_cache(_CACHED_SHAPES)(_make_shape)
_INITIALS = array("d", [INITIALS]).tobytes()


@lru_cache(_CACHED_WORDS)
def telling(word: str) -> int:
    """Return `NUMBER`, `PATRONYMIC`, or 0 for any other word."""
    if word[0].isdigit():
        return NUMBER
    is_one = word.endswith(_ENDINGS) and _PATRONYMIC.fullmatch(word) is not None
    return PATRONYMIC if is_one else 0


def telling_class(word: Word) -> int:
    """Return what `telling` says of a word, `TRADE` for a trade word, or 0 for any other word."""
    return telling(word.text) or (TRADE if word.is_trade_word else 0)


def join_words(one: str, other: str) -> str:
    """Join two words to one and fold it, because short words keep q, w and hard c unfolded."""
    joined = one + other
    if len(joined) < _LONG:
        return joined
    folded = joined.replace("q", "k").replace("w", "v")
    return _HARD.sub("k", folded) if "c" in folded else folded


# --- Keys of whole names: equal where two names are the same in some way.

NO_KEY = 0
# Names of fewer letters can be equal by chance, as with and without a legal form (TSCO, TS CO.).
FEWEST_LETTERS = 5
# Sets keys of letters apart: the text of no other key contains this sign.
OF_LETTERS = "="
# Joint-stock companies of one law: open, closed, public and private ones change into one another,
# and lists print one instead of the other.
_JOINT_STOCK = frozenset({"jsc", "ojsc", "cjsc", "pjsc", "pjs", "mkao"})
# Japanese uses kabushiki kaisha and yugen kaisha for the joint-stock and limited companies of all
# countries, and Japanese companies print other forms in Latin letters.
_OF_SEVERAL = {
    "kk": ("kk", "jsc", "co ltd", "corp", "inc", "ltd", "co"),
    "yk": ("yk", "llc", "co ltd", "ltd", "co"),
}


def key(text: str) -> int:
    """Return a 64-bit key of a text, the same in every process, never `NO_KEY`."""
    return key_of_text(text)


def identity_key(form: ComparisonForm) -> int:
    """Return a key that two forms share if their names are identical once folded.

    It is `NO_KEY` for a name without words.
    """
    if not form.words:
        return NO_KEY
    return key(f"{form.joined}|{','.join(form.legal_forms)}")


def same_words_key(form: ComparisonForm) -> int:
    """Return a key that two forms share if they have the same words and legal forms, in any order.

    It is `NO_KEY` for a name without words.
    """
    if not form.words:
        return NO_KEY
    return key(f"{'+'.join(sorted(form.spelled))}|{','.join(form.legal_forms)}")


def letters_key(form: ComparisonForm) -> int:
    """Return a key that two forms share if they are printed with the same letters and digits.

    Spacing and punctuation do not count. The letters of legal forms do, so that a name is found
    even when written together with its legal form (PromsvyazbankPJSC). The key is `NO_KEY` for a
    name of fewer than five letters.
    """
    return key_of_letters(form.printed)


def key_of_letters(printed: str) -> int:
    """Return the `letters_key` of a name that is printed so."""
    letters = printed_letters(printed)
    return key(letters + OF_LETTERS) if len(letters) >= FEWEST_LETTERS else NO_KEY


def run_together(form: ComparisonForm) -> str:
    """Return the words of a form without spaces, cut after `MOST_LETTERS`."""
    return "".join([word.text for word in form.words])[:MOST_LETTERS]


def word_key(form: ComparisonForm) -> int:
    """Return the key of `as_acronym`, or `NO_KEY` for a name of several words."""
    word = as_acronym(form)
    return key(word) if word else NO_KEY


def acronym_keys(form: ComparisonForm) -> tuple[int, ...]:
    """Return the keys of `acronyms`, padded with `NO_KEY` to `ACRONYM_SPELLINGS`."""
    keys = tuple(key(acronym) for acronym in acronyms(form))
    return keys + (NO_KEY,) * (ACRONYM_SPELLINGS - len(keys))


def form_bits(form: ComparisonForm) -> int:
    """Return the legal forms as bits, one of 63 for each; two rare forms may share a bit.

    All joint-stock companies of one law share a bit; a Japanese form sets the bits of several.
    """
    bits = 0
    for code in form.legal_forms:
        for each in _OF_SEVERAL.get(code, (code,)):
            bits |= _form_bit("jsc" if each in _JOINT_STOCK else each)
    return bits


@cache
def _form_bit(code: str) -> int:
    """Return the bit of a form, the same in every process, so that scores do not vary."""
    return 1 << (zlib.crc32(code.encode()) % 63)


# --- Word pairs: words that lists print for one another, such as translations and short forms.


class Partner(msgspec.Struct, frozen=True, gc=False):
    """The other word of a pair, and the share of the weight that meeting it earns."""

    text: str
    credit: float


type Pairs = Mapping[str, tuple[Partner, ...]]


def _read(*names: str) -> Pairs:
    partners: dict[str, dict[str, Partner]] = {}
    for name in names:
        for line in read_lines(name, "abeyance_screening.engine.names.match"):
            one, other, credit = line.split(" ")
            partners.setdefault(one, {}).setdefault(other, Partner(other, float(credit)))
            partners.setdefault(other, {}).setdefault(one, Partner(one, float(credit)))
    return {word: tuple(some.values()) for word, some in partners.items()}


PARTNERS = _read("word_pairs.txt")
# Given names of one person: spellings of several languages, and nicknames. They count only where a
# question may be a person's name.
GIVEN_NAMES = _read("given_names.txt", "nicknames.txt")
