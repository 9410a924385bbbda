"""Mend slips of a question: signs and digits inside words, and misspelled legal forms.

A slip is mended in a further form of the name, which is looked up beside the name as written. No
list is read so: what a list prints is what it means.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from itertools import islice, product

import msgspec
from rapidfuzz.distance import OSA

from abeyance_screening.engine.names.form.normalise import is_legal_form, normalise
from abeyance_screening.engine.names.form.token import read_table, read_words
from abeyance_screening.engine.names.form.trade_words import FORM_WEIGHT, everyday_words, weigh
from abeyance_screening.engine.names.form.word_types import ComparisonForm, Rereading, fold

type IsKnown = Callable[[str], bool]

# A sign that no name has inside a word; points, dashes, apostrophes, slashes and plus signs do.
_SIGN = re.compile(r"(?<=[^\W\d_])[\^{}~|#$%*!=;<>\[\]\\?_](?=[^\W\d_])")
_SIGN_AT_EDGE = re.compile(r"(?<!\S)[\^{}~|#$%*!=;<>\\?_](?=[^\W\d_]{2})")
# What these patterns and those below need: most names have neither such a sign nor such a digit.
_SLIP = re.compile(r"[\^{}~|#$%*!=;<>\[\]\\?_2-9]")
_NO_SLIP = bytes(sign for sign in range(128) if _SLIP.match(chr(sign)) is None)
# A digit that was struck instead of the space bar, between words of three letters or more, or of a
# word and a legal form.
_DIGIT_FOR_SPACE = re.compile(r"(?<=[^\W\d_]{3})[,.]?[2-9](?=[^\W\d_]{3})")
# Letters that a scan reads for others; only in words of forms and trades (LIRNITED, COMPARIY).
_SCANNED = (
    ("rn", "m"),
    ("ri", "n"),
    ("cl", "d"),
    ("vv", "w"),
    ("m", "rn"),
    ("d", "cl"),
    ("n", "ri"),
)
# Words of legal forms and trades that one slip does not hide, if no ordinary company has the slip
# for a word: of shorter ones most slips are brands.
_OF_FORMS = (
    "limited liability company corporation incorporated joint stock private public sociedad "
    "aktiengesellschaft gesellschaft haftung limitada responsabilidad sirketi sendirian berhad "
    "obshchestvo otvetstvennostyu ogranichennoy aktsionernoe sherkat"
)
_SHORTEST_OF_TRADE, _SHORTEST = 7, 5
_LONG_WORD = re.compile(f"[A-Za-z]{{{_SHORTEST},}}")
# Names share their words.
_CACHED_WORDS = 1 << 15


def mended_forms(printed: str) -> tuple[ComparisonForm, ...]:
    """Return the forms of a name with its slips mended; none for most names."""
    long = [piece for piece in printed.split() if len(piece) >= _SHORTEST]
    if not _may_slip(printed) and all(map(_is_right, long)):
        return ()
    forms: dict[str, ComparisonForm] = {}
    for text in dict.fromkeys(_mended(printed)):
        if text != printed:
            form = normalise(text)
            forms.setdefault(form.joined, form)
    return tuple(forms.values())


def _may_slip(printed: str) -> bool:
    if printed.isascii():
        return bool(printed.encode().translate(None, _NO_SLIP))
    return _SLIP.search(printed) is not None


def _mended(printed: str) -> Iterator[str]:
    if not _may_slip(printed):
        yield _with_right_words(printed)
        return
    plain = _SIGN_AT_EDGE.sub("", _SIGN.sub("", printed))
    yield _with_right_words(plain)
    if any(map(str.isdigit, plain)):
        spaced = _DIGIT_FOR_SPACE.sub(" ", plain)
        yield _with_right_words(spaced)


def _with_right_words(printed: str) -> str:
    """Return a name whose misspelled common words are right (COMPNAY, ELEDTRONICS)."""
    words: list[str] = _LONG_WORD.findall(printed)
    if words == list(map(_right_word, words)):
        return printed
    return _LONG_WORD.sub(lambda found: _right_word(found[0]), printed)


@lru_cache(_CACHED_WORDS)
def _is_right(piece: str) -> bool:
    return _with_right_words(piece) == piece


@lru_cache(_CACHED_WORDS)
def _right_word(printed: str) -> str:
    word = printed.lower()
    if word in SPELLED or weigh(fold(word)) < 1.0:
        return printed
    for read, meant in _SCANNED:
        if word.replace(read, meant, 1) in _KNOWN:
            return word.replace(read, meant, 1)
    near = (known for rest in _shortened(word) for known in slips().get(rest, "").split())
    likely = (known for known in near if OSA.distance(word, known) == 1)
    return next(likely, printed)


def _shortened(word: str) -> Iterator[str]:
    """Yield a word, and the word without each of its letters."""
    yield word
    yield from (word[:at] + word[at + 1 :] for at in range(len(word)))


def _common_words() -> Iterator[str]:
    yield from _OF_FORMS.split(" ")
    for canonical, spellings in read_table("trade_words.txt"):
        for word in (canonical, *spellings):
            if len(word) >= _SHORTEST_OF_TRADE and word.isascii() and word.isalpha():
                yield word
                yield word + "s"


@cache
def slips() -> dict[str, str]:
    """Return the common words by what is left of each without one letter, or with all.

    Words with the same rest are one text with spaces between them: 33,000 lists would be looked
    through by every collection of garbage. It takes 4 MB, which a process that answers no question
    does without; one that does makes it before the first (see `warm`), since it takes 30 ms.
    """
    words: dict[str, str] = {}
    for known in sorted(_KNOWN):
        for rest in _shortened(known):
            words[rest] = f"{words[rest]} {known}" if rest in words else known
    return words


_KNOWN = frozenset(_common_words())
# Words of trades and everyday life, as they are spelled, which are no slip of another: Russia is
# not Russian with a letter less.
SPELLED = everyday_words() | _KNOWN.union(
    *((known, *some) for known, some in read_table("trade_words.txt"))
)


# --- Names cut before the word by which they are told.

# Forms of payments and letters have room for so many characters or more.
_LEAST_ROOM = 27
# A piece of so few letters may begin any word.
_OF_ANY_WORD = 2
_QUOTES = "'\"\u00ab\u201c\u201e"


def is_cut_before_its_name(printed: str) -> bool:
    """Return whether a long name ends within a word of a trade, and has nothing else but such.

    Many listed names begin so: `LIMITED LIABILITY COMPANY MANAGEMEN`.
    """
    *words, last = printed.split() or ("",)
    if len(printed.strip()) < _LEAST_ROOM or not words:
        return False
    # capitals after words are an abbreviation (Công ty Cổ phần Chứng khoán DSC)
    is_short_for_more = last[1:].isupper() and not printed.isupper()
    if is_short_for_more or not _begins_a_common_word(last.strip(_QUOTES).lower()):
        return False
    rest = normalise(" ".join(words)).words
    return all(word.is_trade_word or word.weight <= FORM_WEIGHT for word in rest)


def _begins_a_common_word(piece: str) -> bool:
    """Return whether letters begin a word of a trade or a legal form, and are none."""
    if not (piece.isascii() and piece.isalpha()):
        return False
    if len(piece) == 1 or is_legal_form(piece):
        return len(piece) == 1
    common = _common_in_order()
    at = bisect_left(common, piece)
    is_word = at < len(common) and common[at] == piece
    begins = at < len(common) and common[at].startswith(piece)
    return not is_word and (begins or len(piece) <= _OF_ANY_WORD)


@cache
def _common_in_order() -> tuple[str, ...]:
    spelled = (*SPELLED, *_OF_FORMS.split(" "), *read_words("silent_words.txt"))
    return tuple(sorted({word for phrase in spelled for word in phrase.split(" ")}))


# --- Digits for letters: a scan reads them so, or somebody writes them instead.

# Digits that a scan reads for letters, with the letters for each.
_LETTERS_OF = {
    "0": "od",
    "1": "il",
    "2": "z",
    "3": "e",
    "4": "a",
    "5": "s",
    "6": "gb",
    "7": "t",
    "8": "b",
    "9": "g",
}
_WORD_OR_NUMBER = re.compile("[A-Za-z0-9]{2,}")
_MOST_DIGITS, _MOST_SPELLINGS = 4, 16
# A word of fewer letters may as well be a code (A1, G4), unless a longer one was scanned too.
_SHORTEST_ALONE = 4
# How a form was read, and what that costs its score.
_DIGITS = ("with letters for digits: {}", -0.4)


def digits_as_letters(printed: str, is_known: IsKnown) -> ComparisonForm | None:
    """Return a name with letters for the digits inside its words; None if it has none such.

    `HUAWE1 TECHN0L0GIES` → `HUAWEI TECHNOLOGIES`. A word that no list has stays as it is, unless
    its digits are between letters.
    """
    read = all_lettered(printed, is_known)
    if all(len(word) < _SHORTEST_ALONE or other == word for word, other in read.items()):
        return None
    return reread(printed, with_letters(printed, read), _DIGITS)


def all_lettered(printed: str, is_known: IsKnown) -> dict[str, str]:
    """Return each word that has digits inside, and how it is read."""
    found: list[str] = _WORD_OR_NUMBER.findall(printed)
    mixed = (word for word in found if not (word.isalpha() or word.isdigit()))
    return {word: _lettered(word, is_known) for word in mixed}


def with_letters(printed: str, read: Mapping[str, str]) -> str:
    """Return a name with each of these words as it is read."""
    if not read:
        return printed
    return _WORD_OR_NUMBER.sub(lambda word: read.get(word[0], word[0]), printed)


def reread(printed: str, text: str, how: tuple[str, float]) -> ComparisonForm | None:
    """Return the form of a name as it is read, how and for what log-odds; or None."""
    if text == printed:
        return None
    manner, log_odds = how
    return msgspec.structs.replace(
        normalise(text), reading=Rereading(manner.format(text), log_odds)
    )


def _lettered(word: str, is_known: IsKnown) -> str:
    lower = word.lower()
    digits = sum(map(str.isdigit, lower))
    if digits > _MOST_DIGITS or len(lower) < 2 * digits:
        return word
    spellings = ("".join(each) for each in product(*(_LETTERS_OF.get(s, s) for s in lower)))
    likely = list(islice(spellings, _MOST_SPELLINGS))
    known = (each for each in likely if is_word(each, is_known) or is_legal_form(each))
    within = lower[0].isalpha() and lower[-1].isalpha() and len(lower) >= _SHORTEST_ALONE
    read = next(known, likely[0] if within else None)
    return word if read is None else in_case_of(word, read)


def is_word(word: str, is_known: IsKnown) -> bool:
    """Return whether a list, an ordinary company or a trade has this word."""
    folded = _folded_if_strange(word)
    return folded is None or is_known(folded)


@lru_cache(_CACHED_WORDS)
def _folded_if_strange(word: str) -> str | None:
    """Return a word folded, or None if an ordinary company or a trade has it."""
    folded = fold(word)
    return None if word in SPELLED or weigh(folded) < 1.0 else folded


def in_case_of(word: str, other: str) -> str:
    """Return the other word in capitals or small letters, as the word is."""
    if word[:1].islower():
        return other
    return other.capitalize() if word[1:].islower() else other.upper()
