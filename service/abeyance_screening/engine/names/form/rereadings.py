"""Read a question again where nothing met it: as scanned, or typed with a slip of the hand.

Each reading is a further form of the name, which says how it was read (`read_as`) and costs a
little score. It is made only if it turns a word that no list has into one that a list has.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain, islice, product

import msgspec

from abeyance_screening.engine.names.form.keyboards import typed_otherwise
from abeyance_screening.engine.names.form.normalise import normalise
from abeyance_screening.engine.names.form.slips import SPELLED
from abeyance_screening.engine.names.form.trade_words import weigh
from abeyance_screening.engine.names.form.word_types import ComparisonForm, fold

type IsKnown = Callable[[str], bool]

_WORD = re.compile(r"[^\W_]+")
# Digits that a scan reads for letters, with the letters for each.
_LETTERS_OF = {"0": "od", "1": "il", "2": "z", "3": "e", "4": "a", "5": "s", "6": "gb"} | {
    "7": "t",
    "8": "b",
    "9": "g",
}
_DIGIT_IN_WORD = re.compile(r"(?=[A-Z]*[0-9])(?=[0-9]*[A-Z])[A-Z0-9]{2,}", re.IGNORECASE)
_MOST_DIGITS, _MOST_SPELLINGS = 4, 16
# A word of fewer letters may as well be a code (A1, G4), unless a longer one was scanned too.
_SHORTEST_ALONE = 4
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
_TWINS = (("l", "i"), ("i", "l"))
_OTHERS = (
    *_TWINS,
    ("m", "rn"),
    ("n", "ri"),
    ("d", "cl"),
    ("w", "vv"),
    ("h", "li"),
    ("u", "ii"),
    ("c", "e"),
    ("e", "c"),
    ("f", "t"),
    ("t", "f"),
)
_SHORTEST_SCANNED, _SHORTEST_TYPED = 4, 6
_SCAN, _SWAP = "as scanned: {}", "with letters in another order: {}"
_DIGITS, _TYPED = "with letters for digits: {}", "as typed on another keyboard layout: {}"


def digits_as_letters(printed: str, is_known: IsKnown) -> ComparisonForm | None:
    """Return a name with letters for the digits inside its words; None if it has none such.

    `HUAWE1 TECHN0L0GIES` → `HUAWEI TECHNOLOGIES`. A word that no list has stays as it is, unless
    its digits are between letters.
    """
    read = _all_lettered(printed, is_known)
    if all(len(word) < _SHORTEST_ALONE or other == word for word, other in read.items()):
        return None
    return _form(printed, _DIGIT_IN_WORD.sub(lambda word: read[word[0]], printed), _DIGITS)


def read_again(printed: str, is_known: IsKnown) -> Iterator[ComparisonForm]:
    """Yield the forms of a name that nothing met, as it may have been meant; mostly none.

    `HlKVlSION` → `HIKVISION`, `Kasperksy` → `Kaspersky`, `Hjcytanm` → `Роснефть`. `is_known` says
    whether a list has a word.
    """
    read = _all_lettered(printed, is_known)
    lettered = _DIGIT_IN_WORD.sub(lambda word: read[word[0]], printed) if read else printed
    scanned = _WORD.sub(partial(_first_known, find=_scanned, is_known=is_known), lettered)
    swapped = _WORD.sub(partial(_first_known, find=_swapped, is_known=is_known), printed)
    for text, manner in ((scanned, _SCAN), (swapped, _SWAP)):
        form = _form(printed, text, manner)
        if form is not None:
            yield form
    for text in typed_otherwise(printed):
        form = _form(printed, text, _TYPED)
        if form is not None and any(map(is_known, _texts(form))):
            yield form


def _all_lettered(printed: str, is_known: IsKnown) -> dict[str, str]:
    """Return each word that has digits inside, and how it is read."""
    found: list[str] = _DIGIT_IN_WORD.findall(printed)
    return {word: _lettered(word, is_known) for word in found}


def _form(printed: str, text: str, manner: str) -> ComparisonForm | None:
    if text == printed:
        return None
    return msgspec.structs.replace(normalise(text), read_as=manner.format(text))


def _texts(form: ComparisonForm) -> Iterator[str]:
    for word in form.words:
        if len(word.text) >= _SHORTEST_SCANNED - 1:
            yield word.text
            yield from word.readings


def _lettered(word: str, is_known: IsKnown) -> str:
    lower = word.lower()
    digits = sum(map(str.isdigit, lower))
    if digits > _MOST_DIGITS or len(lower) < 2 * digits:
        return word
    spellings = ("".join(each) for each in product(*(_LETTERS_OF.get(s, s) for s in lower)))
    likely = list(islice(spellings, _MOST_SPELLINGS))
    known = (each for each in likely if _is_word(each, is_known) or _is_form(each))
    scanned = (each for some in likely[:2] for each in _scanned(some) if is_known(fold(each)))
    within = lower[0].isalpha() and lower[-1].isalpha() and len(lower) >= _SHORTEST_ALONE
    read = next(chain(known, scanned), likely[0] if within else None)
    return word if read is None else _in_case_of(word, read)


def _is_word(word: str, is_known: IsKnown) -> bool:
    """Return whether a list, an ordinary company or a trade has this word."""
    folded = fold(word)
    return is_known(folded) or word in SPELLED or weigh(folded) < 1.0


def _is_form(word: str) -> bool:
    return bool(normalise(f"x {word}").legal_forms)


def _first_known(
    found: re.Match[str], find: Callable[[str], Iterator[str]], is_known: IsKnown
) -> str:
    """Return the first way to read a word that a list has, or the word if a list has it."""
    word = found[0]
    if not word.isascii() or not word.isalpha() or _is_word(word.lower(), is_known):
        return word
    known = (each for each in find(word.lower()) if _is_word(each, is_known))
    return next((_in_case_of(word, each) for each in known), word)


def _in_case_of(word: str, other: str) -> str:
    if word[:1].islower():
        return other
    return other.capitalize() if word[1:].islower() else other.upper()


def _scanned(word: str) -> Iterator[str]:
    """Yield the words that a scan may read so, likeliest first."""
    if len(word) < _SHORTEST_SCANNED:
        return
    likely = list(_replaced(word, _SEVERAL))
    yield from likely
    for each in likely:
        yield from _replaced(each, (*_SEVERAL, *_TWINS))
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
