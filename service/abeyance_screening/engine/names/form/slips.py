"""Mend slips of a question: signs and digits inside words, and misspelled legal forms.

A slip is mended in a further form of the name, which is looked up beside the name as written. No
list is read so: what a list prints is what it means.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from rapidfuzz.distance import OSA

from abeyance_screening.engine.names.form.normalise import normalise
from abeyance_screening.engine.names.form.token import read_table
from abeyance_screening.engine.names.form.trade_words import everyday_words, weigh
from abeyance_screening.engine.names.form.word_types import ComparisonForm, fold

# A sign that no name has inside a word; points, dashes, apostrophes, slashes and plus signs do.
_SIGN = re.compile(r"(?<=[^\W\d_])[\^{}~|#$%*!=;<>\[\]\\?_](?=[^\W\d_])")
_SIGN_AT_EDGE = re.compile(r"(?<!\S)[\^{}~|#$%*!=;<>\\?_](?=[^\W\d_]{2})")
# What these patterns and those below need: most names have neither such a sign nor such a digit.
_SLIP = re.compile(r"[\^{}~|#$%*!=;<>\[\]\\?_2-9]")
_NO_SLIP = bytes(sign for sign in range(128) if _SLIP.match(chr(sign)) is None)
# A digit that was struck instead of the space bar, between words of three letters or more, or of a
# word and a legal form.
_DIGIT_FOR_SPACE = re.compile(r"(?<=[^\W\d_]{3})[,.]?[2-9](?=[^\W\d_]{3})")
# A digit that is read for a letter like it (Jo5eph), in a word with no other digit but a 0 or 1,
# and none at its end. 0 and 1 alone are readings of every word already.
_DIGIT_FOR_LETTER = re.compile(
    r"(?<!\w)((?:[^\W\d_]+[01])?[^\W\d_]*)([2-9])((?:[^\W\d_]+[01])?[^\W\d_]+)(?!\w)"
)
_FEWEST_LETTERS = 3
_LETTER_LIKE = str.maketrans("0123456789", "oizeasgtbg")
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
        yield _with_right_words(_DIGIT_FOR_LETTER.sub(_read_letter, plain))


def _read_letter(found: re.Match[str]) -> str:
    if len(found[1] + found[3]) < _FEWEST_LETTERS:
        return found[0]
    return found[0].translate(_LETTER_LIKE)


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
