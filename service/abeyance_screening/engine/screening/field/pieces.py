"""Pieces of a text, and halves of a word, that may be the name of somebody listed."""

from collections.abc import Callable, Iterator

from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.form.word_types import ComparisonForm, Word
from abeyance_screening.engine.screening.field.parts import PIECE_THRESHOLD, WHOLE_THRESHOLD

_WORDS_OF_PIECE = range(1, 7)
_RARE = 0.9
# A piece with two rare words of listed names may lack a third (a patronymic).
_LEAST_OF_RARE = 0.8
# A word that is two words written together, and each of these, in letters.
_FEWEST_OF_TWO, _MOST_OF_TWO, _SHORTEST_HALF = 9, 40, 4


def forms_of_pieces(
    prose: str, is_listed: Callable[[str], bool]
) -> Iterator[tuple[ComparisonForm, float]]:
    """Yield the comparison forms of pieces of a text, each with the least score that counts.

    The pieces are every one to six words in a row that contain a rare word of a listed name
    (`is_listed`). Of one word alone only a company's name counts, which the caller sees to.
    """
    words, known = prose.split(), _rare_listed(prose, is_listed)
    rare = [_count_of(word, known) for word in words] if known else []
    had = set[object]()
    for length in _WORDS_OF_PIECE if known else ():
        for first in range(len(words) - length + 1):
            count = sum(rare[first : first + length])
            if count:
                least = WHOLE_THRESHOLD if length == 1 else _least_of(count)
                form = normalise(" ".join(words[first : first + length]))
                key = (form.words, form.spelled, form.legal_forms, least)
                # a sign at an end makes no other piece
                if key not in had:
                    had.add(key)
                    yield form, least


def forms_apart(
    printed: str, is_listed: Callable[[str], bool]
) -> Iterator[tuple[ComparisonForm, float]]:
    """Yield the forms of a word as two words of listed names, as `forms_of_pieces` does.

    `RAMZANKADYROV` → `RAMZAN KADYROV`.
    """
    word = printed.strip()
    if not (word.isalpha() and _FEWEST_OF_TWO <= len(word) <= _MOST_OF_TWO):
        return
    for at in range(_SHORTEST_HALF, len(word) - _SHORTEST_HALF + 1):
        halves = [normalise(half).words for half in (word[:at], word[at:])]
        if all(len(half) == 1 and is_listed(half[0].text) for half in halves):
            rare = sum(is_rare_in_field(half[0]) for half in halves)
            if rare:
                yield normalise(f"{word[:at]} {word[at:]}"), _least_of(rare)


def _least_of(rare: int) -> float:
    """Return the least score of a piece with so many rare words of listed names."""
    return PIECE_THRESHOLD if rare == 1 else _LEAST_OF_RARE


def has_listed(printed: str, is_listed: Callable[[str], bool]) -> bool:
    """Return whether a text has a rare word of a listed name."""
    return bool(_rare_listed(printed, is_listed))


def is_rare_in_field(word: Word) -> bool:
    """Return whether few companies have a word, so that it may tell a name within a field."""
    return word.weight >= _RARE and not word.is_trade_word


def _rare_listed(printed: str, is_listed: Callable[[str], bool]) -> frozenset[str]:
    words = (word.text for word in normalise(printed).words if is_rare_in_field(word))
    return frozenset(filter(is_listed, words))


def _count_of(printed: str, known: frozenset[str]) -> int:
    return sum(word.text in known for word in normalise(printed).words)
