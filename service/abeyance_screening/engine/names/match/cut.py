"""Recognise a question that is the beginning of a listed name, cut where a message has no room.

Payment messages give a name 35 characters, other forms 30 or fewer: `AVIATION INDUSTRY CORPORATION
OF CH`. The words that are lost cannot speak against the name, so the beginning itself is evidence,
if it says more than a legal form and trade words do.
"""

from collections.abc import Container, Sequence
from typing import NamedTuple

from abeyance_screening.engine.names.form.normalise import distinct_words
from abeyance_screening.engine.names.form.trade_words import weigh
from abeyance_screening.engine.names.form.word_types import (
    ComparisonForm,
    Word,
    fold,
    printed_letters,
)
from abeyance_screening.engine.names.match.name_keys import NO_KEY, key

# The part of a score that a beginning adds, beside those that have tables.
CUT = "cut"
# A question of fewer characters is as likely a short name as a long one that was cut.
SHORTEST_CUT = 27
# The number of keys of `beginning_keys`, and of letters that each is made of. With the longer key
# few names share it that begin with a legal form (limited liability company).
BEGINNINGS = 3
_FEW_LETTERS, _MORE_LETTERS, _WORD_LETTERS = 18, 26, 12
# Thousands of names begin with the same legal form or trade phrase (NPP) and share a key. For
# these the letters after the first 18 are laid out as numbers, 12 letters each, to be compared at
# once: of a million names 12,000 share a key, and reading the forms of all took 120 ms.
FOLLOWING, _AT_ONCE, _BITS = 3, 12, 5
_BASE_32 = "0123456789abcdefghijklmnopqrstuv"
_TO_BASE_32 = {each: _BASE_32[each & 31] for each in range(128)}
# The least weight of words, in whole or in part, that a beginning must have: a word never seen in
# any other name has 1. Of 58,650 ordinary names cut after 27 characters 31 begin with the letters
# of a listed name, nearly all with nothing but a legal form. With this bound 9 begin like one, by
# letters or by words.
_LEAST_SAID = 0.5
# A word that was cut counts from two letters on, and from six on almost fully.
_FEWEST_TELLING, _TELLING, _ALMOST = 2, 6, 0.95
# A word of less weight is one that other firms have, and so a whole one.
_KNOWN = 0.95
# What the beginning adds: a total below the first is raised to it, then the gain is added, up to
# the last, which is below the log-odds of the identical name.
_FLOOR, _GAIN, MOST_OF_WHOLE = -3.0, 4.0, 4.0


def beginning_keys(form: ComparisonForm) -> tuple[int, int, int]:
    """Return the keys that a name shares with its own beginnings, or `NO_KEY` where it is short.

    They are those of its first 18 and 26 letters, and of the first 12 letters of its canonical
    words, which do not depend on the script.
    """
    letters = printed_letters(form.printed)
    few = _letters_key(letters[: _MORE_LETTERS - 1]) if len(letters) >= _FEW_LETTERS else NO_KEY
    more = _letters_key(letters) if len(letters) >= _MORE_LETTERS else NO_KEY
    return few, more, _words_key(distinct_words(form))


def following_letters(form: ComparisonForm) -> tuple[int, ...]:
    """Return the letters of a name after the first 18 as numbers, `FOLLOWING` of them.

    Of two names with the same letters the numbers are the same; two letters may have one digit.
    """
    return _as_numbers(printed_letters(form.printed)[_FEW_LETTERS:])


class AskedBeginning(NamedTuple):
    """What the names have in common of which a question may be the beginning.

    They have a key. Shifted to the right by `shifts` bits, their `following_letters` are
    `following`, and the words `words` are in them.
    """

    key: int
    following: tuple[int, ...] = ()
    shifts: tuple[int, ...] = ()
    words: tuple[str, ...] = ()


def asked_beginnings(
    form: ComparisonForm, words: Sequence[Word], known: Container[str]
) -> tuple[AskedBeginning, ...]:
    """Return what names have that a question may be the beginning of; mostly nothing.

    `words` are its distinct words, and `known` are those of all names. The longer key takes the
    place of the shorter one, and the last word, which may be cut, says nothing.
    """
    if len(form.printed) < SHORTEST_CUT:
        return ()
    letters = printed_letters(form.printed)
    if len(letters) < _FEW_LETTERS:
        return ()
    first = _begun_by(letters)
    whole = words[:-1]
    if not whole or not all(word.text in known for word in whole):
        return (first,)
    key_of_words = _words_key(whole)
    if key_of_words == NO_KEY:
        return (first,)
    return first, AskedBeginning(key_of_words, words=tuple([word.text for word in whole]))


def _begun_by(letters: str) -> AskedBeginning:
    rest = letters[_FEW_LETTERS:]
    lengths = [len(rest[_AT_ONCE * each :][:_AT_ONCE]) for each in range(FOLLOWING)]
    shifts = tuple([_BITS * (_AT_ONCE - length) for length in lengths if length])
    numbers = zip(_as_numbers(rest), shifts, strict=False)
    following = tuple([number >> shift for number, shift in numbers])
    return AskedBeginning(_letters_key(letters), following, shifts)


def _as_numbers(letters: str) -> tuple[int, ...]:
    """Return the first letters as numbers, the first letter in the highest bits."""
    digits = letters[: FOLLOWING * _AT_ONCE]
    if digits.isascii():
        digits = digits.translate(_TO_BASE_32)
    else:
        digits = "".join([_BASE_32[ord(letter) & 31] for letter in digits])
    digits = digits.ljust(FOLLOWING * _AT_ONCE, "0")
    starts = range(0, FOLLOWING * _AT_ONCE, _AT_ONCE)
    return tuple([int(digits[start : start + _AT_ONCE], 32) for start in starts])


def _letters_key(letters: str) -> int:
    """Return the longest key of the first letters of a name that has 18 or more."""
    if len(letters) >= _MORE_LETTERS:
        return key(f"{letters[:_MORE_LETTERS]}~~")
    return key(f"{letters[:_FEW_LETTERS]}~")


def _words_key(words: Sequence[Word]) -> int:
    letters = "".join([word.text for word in words])
    return key(f"{letters[:_WORD_LETTERS]}~~~") if len(letters) >= _WORD_LETTERS else NO_KEY


def cut_after(asked: ComparisonForm, listed: ComparisonForm) -> int:
    """Return the number of characters after which the listed name was cut, or 0.

    The question must be the beginning of the listed name by its letters, or by its words, of which
    the last may be cut.
    """
    length = len(asked.printed.strip())
    if length < SHORTEST_CUT or len(ours := printed_letters(asked.printed)) < _FEW_LETTERS:
        return 0
    theirs = printed_letters(listed.printed)
    if ours == theirs:
        return 0
    if theirs.startswith(ours):
        shares = _shares_by_letters(len(ours), theirs, listed.words)
        is_told = _is_telling(listed.words, shares) and not _is_another_word(asked, shares)
        return length if is_told else 0
    shares = _shares_by_words(ours, asked, listed)
    return length if _is_telling(distinct_words(listed), shares) else 0


def begins(asked: ComparisonForm, listed: ComparisonForm) -> bool:
    """Return whether the letters of a question, as many as one that is cut has, begin a name."""
    ours, theirs = printed_letters(asked.printed), printed_letters(listed.printed)
    return len(theirs) > len(ours) and theirs.startswith(ours)


def lift(log_odds: float, most: float = MOST_OF_WHOLE) -> float:
    """Return what a question as a whole adds to the log-odds of its words, up to `most`."""
    return max(min(max(log_odds, _FLOOR) + _GAIN, most) - log_odds, 0.0)


def _is_another_word(asked: ComparisonForm, shares: Sequence[float]) -> bool:
    """Return whether a question is one word that begins a longer one, and other firms have too.

    Public Joint Stock Company Magnit is not Magnitogorsk, cut. It is told by its letters, whatever
    they mean: `ZELEN` is no word of firms, though it may be read as green.
    """
    said = [share for share in shares if share > 0.0]
    return len(said) == 1 and said[0] < 1.0 and max(map(_weight_of_letters, asked.words)) < _KNOWN


def _weight_of_letters(word: Word) -> float:
    """Return how rare a word is as it is printed; one that is only read as another is rarer."""
    letters = printed_letters(word.printed)
    return weigh(fold(letters)) if letters.isascii() and letters else word.weight


def _is_telling(words: Sequence[Word], shares: Sequence[float]) -> bool:
    """Return whether the words of a name, of which a beginning has these shares, tell it.

    One trade word never does: many names begin "scientific production centre".
    """
    said = [(word, share) for word, share in zip(words, shares, strict=False) if share > 0.0]
    if len(said) == 1 and said[0][0].is_trade_word and said[0][1] > _ALMOST:
        return False
    return sum([word.weight * share for word, share in said]) >= _LEAST_SAID


def _shares_by_letters(count: int, letters: str, words: Sequence[Word]) -> list[float]:
    """Return how much of each word is in the first `count` letters of its name."""
    shares, place = list[float](), 0
    for word in words:
        length = within = 0
        for piece in map(printed_letters, word.printed.split()):
            found = letters.find(piece, place)
            place = found + len(piece) if found >= 0 else place
            length += len(piece)
            within += max(0, min(place, count) - found) if found >= 0 else 0
        shares.append(_share(within, length))
    return shares


def _shares_by_words(letters: str, asked: ComparisonForm, listed: ComparisonForm) -> list[float]:
    """Return how much of each word of a name a question has, nothing if it is no beginning.

    A question of these `letters` that ends in a legal form was not cut, and whole words of fewer
    than 12 letters say too little.
    """
    words, others = distinct_words(asked), distinct_words(listed)
    if len(words) > len(others):
        return []
    *whole, last = words
    for ours, theirs in zip(whole, others, strict=False):
        if ours.text != theirs.text:
            return []
    if _words_key(whole) == NO_KEY or not letters.endswith(printed_letters(last.printed)):
        return []
    other = others[len(whole)]
    if last.text == other.text:
        return [1.0] * len(words) if len(words) < len(others) else []
    share = 0.0
    if other.text.startswith(last.text):
        share = _share(len(last.text), len(other.text))
    elif any(word.startswith(asked.spelled[-1]) for word in listed.spelled):
        share = _share(len(asked.spelled[-1]), len(printed_letters(other.printed)))
    return [*[1.0] * len(whole), share] if share > 0.0 else []


def _share(letters: int, length: int) -> float:
    """Return how much of a word's weight its first letters have."""
    if letters >= length:
        return 1.0
    return min(_ALMOST, letters / _TELLING) if letters >= _FEWEST_TELLING else 0.0
