"""Questions packed as bytes, to be asked again of the names that change, many at once.

Reading a name takes longer than any search. What was read of it does not change while the words
that lists know stay the same, so it is kept in the arrays that a search takes.
"""

from array import array
from collections.abc import Sequence
from typing import NamedTuple, cast

import msgspec
import numpy as np

from abeyance_screening.engine.names.form.normalise import MOST_WORDS, distinct_words
from abeyance_screening.engine.names.form.word_types import ComparisonForm
from abeyance_screening.engine.names.match.cut import asked_beginnings
from abeyance_screening.engine.names.match.framed import attached_keys, bare_keys, framed_keys
from abeyance_screening.engine.names.match.kernel import (
    Bytes,
    Reals,
    Wholes,
    compiled,
    int_list,
    ints_of,
)
from abeyance_screening.engine.names.match.layout import (
    COLUMNS,
    FUZZY,
    KEYS,
    KNOWN,
    LETTERS_FROM,
    NOT_LOOKED_UP,
    PLACE,
    SPAN,
    QuestionArrays,
)
from abeyance_screening.engine.names.match.person_score import least_log_odds
from abeyance_screening.engine.names.match.search import MOST_UNITS, Searcher, search

# What `sizes` says of a question before its units: words, units, letters, letters run together,
# and spellings of its acronym.
_SIZES = 5


class PackedQuestions(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Some questions, each with the least log-odds that count, as bytes of arrays.

    One after another, `sizes` (16 bits) have the lengths of a question's arrays, where its units
    begin and how long its acronyms are; `reals` (64 bits) its least log-odds, weights and factors;
    `keys` (64 bits) its legal forms and keys; and `letters` its telling marks, the places and
    spans of its units, and all letters.
    """

    count: int
    sizes: bytes
    reals: bytes
    keys: bytes
    letters: bytes


class QuestionPacker:
    """Packs questions one after another."""

    def __init__(self) -> None:
        self._count = 0
        self._sizes, self._reals, self._keys = array("H"), array("d"), array("q")
        self._letters = bytearray()

    def add(self, form: ComparisonForm, threshold: float, asked: QuestionArrays) -> None:
        """Pack a form that is asked for at a threshold, as it was laid out."""
        units = cast("np.ndarray[tuple[int, int], np.dtype[np.int32]]", asked.units)
        lengths = len(asked.weights), len(asked.factors), len(asked.letters)
        self._count += 1
        self._sizes.extend((*lengths, len(asked.run_together), len(asked.acronyms)))
        self._sizes.extend(int_list(units[:, LETTERS_FROM]))
        self._sizes.extend(int_list(ints_of(asked.acronyms)))
        self._reals.append(least_log_odds(form, threshold))
        for reals in (asked.weights, asked.factors):
            self._reals.frombytes(np.asarray(reals).tobytes())
        self._keys.append(asked.legal_forms)
        self._keys.frombytes(np.asarray(asked.keys).tobytes())
        columns = (units[:-1, each].astype(np.uint8) for each in (PLACE, SPAN))
        for some in (asked.telling, *columns, asked.letters, asked.run_together):
            self._letters += np.asarray(some).tobytes()

    def packed(self) -> PackedQuestions:
        """Return what was packed."""
        return PackedQuestions(
            self._count,
            self._sizes.tobytes(),
            self._reals.tobytes(),
            self._keys.tobytes(),
            bytes(self._letters),
        )


def whole_name_keys(form: ComparisonForm) -> tuple[int, ...]:
    """Return every key by which a question as a whole may find a name, whatever words lists have.

    See `NameIndex`: the names found are those that have one of these keys of beginnings.
    """
    words, known = distinct_words(form), _Everything()
    beginnings = [each.key for each in asked_beginnings(form, words, known)]
    return (*beginnings, *framed_keys(words, known), *attached_keys(words), *bare_keys(words))


class _Everything:
    """All words that there may be."""

    def __contains__(self, word: object) -> bool:
        return True


class _Packed(NamedTuple):
    """The arrays of many packed questions; `counts` says how many each of those has that ask."""

    counts: Wholes
    sizes: Wholes
    reals: Reals
    keys: Wholes
    letters: Wholes


def ask_packed(searcher: Searcher, questions: Sequence[PackedQuestions]) -> Bytes:
    """Return 1 for each of these that has a question whose words find a name, else 0."""
    met = np.zeros(len(questions), dtype=np.uint8)
    packed = _Packed(
        np.array([each.count for each in questions], dtype=np.int64),
        *(
            np.frombuffer(bytearray(b"".join(parts)), dtype=kind)
            for kind, parts in (
                ("u2", [each.sizes for each in questions]),
                ("f8", [each.reals for each in questions]),
                ("i8", [each.keys for each in questions]),
                ("u1", [each.letters for each in questions]),
            )
        ),
    )
    _ask_all(searcher, packed, met)
    return met


@compiled
def _ask_all(searcher: Searcher, packed: _Packed, met: Wholes) -> None:
    """Set `met` to 1 for each that has a question which finds a name."""
    units = np.zeros((MOST_UNITS, COLUMNS), dtype=np.int32)
    acronyms = np.zeros(MOST_WORDS, dtype=np.int64)
    allowed = np.zeros(0, dtype=np.bool_)
    sizes, reals, keys, letters = packed.sizes, packed.reals, packed.keys, packed.letters
    size = real = key = letter = 0
    for place in range(len(packed.counts)):
        for _ in range(packed.counts[place]):
            words, count, written = int(sizes[size]), int(sizes[size + 1]), int(sizes[size + 2])
            together, spellings = int(sizes[size + 3]), int(sizes[size + 4])
            begins, spans = size + _SIZES, letter + words + count
            for unit in range(count + 1):
                units[unit, PLACE] = letters[letter + words + unit] if unit < count else 0
                units[unit, SPAN] = letters[spans + unit] if unit < count else 0
                units[unit, KNOWN], units[unit, FUZZY] = NOT_LOOKED_UP, 0
                units[unit, LETTERS_FROM] = sizes[begins + unit]
            for spelling in range(spellings):
                acronyms[spelling] = sizes[begins + count + 1 + spelling]
            text = spans + count
            question = QuestionArrays(
                reals[real + 1 : real + 1 + words],
                letters[letter : letter + words],
                units[: count + 1],
                reals[real + 1 + words : real + 1 + words + count],
                letters[text : text + written],
                letters[text + written : text + written + together],
                keys[key + 1 : key + 1 + KEYS],
                acronyms[:spellings],
                keys[key],
            )
            if met[place] == 0 and search(searcher, question, allowed, reals[real]) > 0:
                met[place] = 1
            size, real, key = (
                begins + count + 1 + spellings,
                real + 1 + words + count,
                key + 1 + KEYS,
            )
            letter = text + written + together
