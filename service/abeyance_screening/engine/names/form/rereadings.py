"""Read a question again where nothing met it: as scanned, or typed with a slip of the hand.

Each reading is a further form of the name, which says how it was read (`reading`) and costs a
little score. It is made only if it turns a word that no list has into one that a list has.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from string import ascii_lowercase

from rapidfuzz.distance import OSA

from abeyance_screening.engine.names.form.keyboards import typed_otherwise
from abeyance_screening.engine.names.form.normalise import normalise
from abeyance_screening.engine.names.form.romanisations import romanised_otherwise
from abeyance_screening.engine.names.form.slips import (
    SPELLED,
    IsKnown,
    all_lettered,
    in_case_of,
    is_word,
    reread,
    with_letters,
)
from abeyance_screening.engine.names.form.token import read_table
from abeyance_screening.engine.names.form.word_types import ComparisonForm, fold

_WORD = re.compile(r"[^\W_]+")
# Letters that a scan reads for others: several for one, which it does most, and the rest.
_SEVERAL = (
    ("rn", "m"),
    ("nn", "m"),
    ("ri", "n"),
    ("cl", "d"),
    ("vv", "w"),
    ("li", "h"),
    ("ii", "u"),
)
# A small L among capitals and a capital I among small letters.
_TWIN = re.compile("(?<=[A-Z])l(?![a-z])|l(?=[A-Z])|(?<=[a-z])I")
_TWINS = {"l": "I", "I": "l"}
_OTHERS = (
    ("m", "rn"),
    ("n", "ri"),
    ("d", "cl"),
    ("w", "vv"),
    ("h", "li"),
    ("u", "ii"),
)
_SHORTEST_SCANNED, _SHORTEST_TYPED = 4, 6
# The least score of a listed name with the one word that a letter may be wrong in: Huawei has 0.24
# where its first letter is another.
NEAR = 0.2
_LATIN = re.compile("[A-Za-z]")
# How a form was read, and what that costs its score: a letter wrong may make it another name.
_LOOK = ("by its look: {}", -0.4)
_SCAN = ("as scanned: {}", -0.4)
_TYPED = ("as typed on another keyboard layout: {}", -0.4)
_SPELLED_OTHERWISE = ("in another romanisation: {}", -0.8)
_SWAP = ("with letters in another order: {}", -0.8)
_SLIP = ("with one letter wrong: {}", -3.0)


def read_again(printed: str, is_known: IsKnown) -> Iterator[ComparisonForm]:
    """Yield the forms of a name that nothing met, as it may have been meant; mostly none.

    `HlKVlSION` → `HIKVISION`, `Яosneft` → `Rosneft`, `Kasperksy` → `Kaspersky`, `Hjcytanm` →
    `Роснефть`. `is_known` says whether a list has a word.
    """
    looked = printed if printed.isascii() else _WORD.sub(_by_look, printed)
    form = reread(printed, looked, _LOOK)
    if form is not None and any(map(is_known, _texts(form))):
        yield form
    lettered = with_letters(printed, all_lettered(printed, is_known))
    text = _TWIN.sub(lambda letter: _TWINS[letter[0]], lettered)
    words: list[str] = _WORD.findall(text)
    strange = [word for word in words if _is_strange(word, is_known)]
    for other, how in _with_known_words(printed, text, strange, is_known):
        form = reread(printed, other, how)
        if form is not None:
            yield form
    if not _has_known(normalise(printed), is_known):
        for typed in typed_otherwise(printed):
            form = reread(printed, typed, _TYPED)
            if form is not None and any(map(is_known, _texts(form))):
                yield form


def _with_known_words(
    printed: str, text: str, strange: Sequence[str], is_known: IsKnown
) -> Iterator[tuple[str, tuple[str, float]]]:
    """Yield a name with words that a list has for the strange ones, and how these were read."""
    if strange or text != printed:
        # a firm with its legal form is written out with care: it is another with one letter moved
        is_bare = not normalise(printed).legal_forms
        for find, how in (
            ((_scanned, _SCAN), (_swapped, _SWAP)) if is_bare else ((_scanned, _SCAN),)
        ):
            read = partial(_first_known, strange=strange, find=find, is_known=is_known)
            yield _WORD.sub(read, text), how
    for other in romanised_otherwise(printed, strange, is_known):
        yield other, _SPELLED_OTHERWISE


def _is_strange(word: str, is_known: IsKnown) -> bool:
    """Return whether no list, no ordinary company and no trade has a word in Latin letters."""
    return word.isascii() and word.isalpha() and not is_word(word.lower(), is_known)


def _has_known(form: ComparisonForm, is_known: IsKnown) -> bool:
    """Return whether a name has a word that somebody has: on another keyboard hardly one is."""
    words = (word for word in form.words if len(word.text) >= _SHORTEST_SCANNED)
    return any(word.weight < 1.0 or is_known(word.text) for word in words)


def slipped_word(printed: str, is_known: IsKnown) -> ComparisonForm | None:
    """Return the form of a name of one word that no list and no ordinary company has, or None.

    With one letter wrong such a word may be a listed one, see `with_letter_right`. It is in Latin
    letters, with some of another script among them at most.
    """
    form = normalise(printed)
    if len(form.words) != 1 or len(form.spelled) != 1 or form.legal_forms:
        return None
    if _LATIN.search(printed) is None:
        return None
    word = form.words[0]
    is_coined = word.weight == 1.0 and not word.is_trade_word and word.text.isalpha()
    return None if not is_coined or is_known(word.text) else form


def with_letter_right(form: ComparisonForm, listed: ComparisonForm) -> ComparisonForm | None:
    """Return a form of one word as a word of a listed name of which it has one letter wrong.

    `Rosnef` is read as Rosneft. One of the words must have six letters or more. None if the listed
    name has no such word.
    """
    (ours,) = form.spelled
    for theirs in listed.spelled:
        long = max(len(ours), len(theirs)) >= _SHORTEST_TYPED
        if long and theirs.isascii() and OSA.distance(ours, theirs, score_cutoff=1) == 1:
            return reread(form.printed, theirs.capitalize(), _SLIP)
    return None


def with_letters_right(form: ComparisonForm, is_printed: IsKnown) -> Iterator[ComparisonForm]:
    """Yield a form of one word as each listed name of which it has one letter wrong.

    A wrong first letter hides a name from every search by its beginning. `is_printed` says whether
    a listed name is printed with these letters; those with six or more are tried.
    """
    (ours,) = form.spelled
    if ours.isascii() and ours.isalpha():
        tried = (each for each in _one_letter_off(ours) if len(each) >= _SHORTEST_TYPED)
        for theirs in dict.fromkeys(filter(is_printed, tried)):
            right = reread(form.printed, theirs.capitalize(), _SLIP)
            if right is not None:
                yield right


def _one_letter_off(word: str) -> Iterator[str]:
    """Yield the words that a word is with one letter more, less, another, or two changed about."""
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        yield from (before + letter + after for letter in ascii_lowercase)
        if after:
            yield before + after[1:]
            yield from (before + letter + after[1:] for letter in ascii_lowercase)
        if after[1:]:
            yield before + after[1] + after[0] + after[2:]


def _texts(form: ComparisonForm) -> Iterator[str]:
    for word in form.words:
        if len(word.text) >= _SHORTEST_SCANNED - 1:
            yield word.text
            yield from word.readings


def _by_look(found: re.Match[str]) -> str:
    """Return a word with Latin letters for those of other scripts among them."""
    word = found[0]
    return word.translate(_looks()) if _LATIN.search(word) is not None else word


@cache
def _looks() -> dict[int, str]:
    """Return the Latin letter that each letter of another script looks like."""
    rows = (*read_table("lookalikes.txt"), *read_table("looks.txt"))
    return {ord(letter): latin for latin, (letters,) in rows for letter in letters.split(" ")}


def _first_known(
    found: re.Match[str],
    strange: Sequence[str],
    find: Callable[[str], Iterator[str]],
    is_known: IsKnown,
) -> str:
    """Return the first way to read a strange word that a list has, or the word as it is."""
    word = found[0]
    if word not in strange:
        return word
    known = (each for each in find(word.lower()) if is_known(fold(each)) or each in SPELLED)
    return next((in_case_of(word, each) for each in known), word)


def _scanned(word: str) -> Iterator[str]:
    """Yield the words that a scan may read so, likeliest first."""
    if len(word) < _SHORTEST_SCANNED:
        return
    likely = list(_replaced(word, _SEVERAL))
    yield from likely
    for each in likely:
        yield from _replaced(each, _SEVERAL)
    if len(word) >= _SHORTEST_TYPED:
        yield from _replaced(word, _OTHERS)


def _replaced(word: str, pairs: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Yield a word with each of these letters read as meant, once and wherever they are."""
    for read, meant in pairs:
        count = word.count(read)
        if count > 1:
            yield word.replace(read, meant)
        at = word.find(read)
        while at >= 0:
            yield word[:at] + meant + word[at + len(read) :]
            at = word.find(read, at + 1)


def _swapped(word: str) -> Iterator[str]:
    if len(word) >= _SHORTEST_TYPED:
        for at in range(1, len(word) - 1):
            yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]
