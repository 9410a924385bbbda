"""Names as arrays: what scoring needs of many names at once."""

import zlib
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

import numpy as np

from service.match.arrays import Flags, Floats, Ints, Positions, int_list, ints
from service.match.initials import acronyms
from service.model.listing import NameKind
from service.model.matching import ComparisonForm, Word
from service.model.pace import Rest, no_rest, paced

NO_KEY = 0
ACRONYM_SPELLINGS = 2


class Columns:
    """Names in the order given, one row a name; words are positions in one shared vocabulary.

    `starts` and `counts` say where a name's distinct words stand in `flat`, in printed order.
    `pair_keys` beside `flat` are keys of a word run together with the next one of its name.
    Keys are 64-bit digests, `NO_KEY` where there is nothing.
    """

    def __init__(
        self,
        forms: Sequence[ComparisonForm],
        kinds: Sequence[NameKind],
        rest: Rest = no_rest,
    ) -> None:
        """Reads the forms; `rest` is called all along, for work done beside other work."""
        vocabulary: dict[str, int] = {}
        weights: list[float] = []
        counts: list[int] = []
        flat: list[int] = []
        pair_keys: list[int] = []
        for form in paced(forms, rest):
            words = distinct_words(form)
            for word in words:
                place = vocabulary.setdefault(word.text, len(vocabulary))
                if place == len(weights):
                    weights.append(word.weight)
                flat.append(place)
            counts.append(len(words))
            pair_keys.extend(pair_keys_of(words))
        self.words = list(vocabulary)
        self.weights: Floats = np.array(weights, dtype=np.float64)
        self.flat: Positions = ints(flat, rest).astype(np.int32)
        self.counts: Ints = ints(counts, rest)
        self.starts: Ints = np.cumsum(self.counts) - self.counts
        self.pair_keys: Ints = ints(pair_keys, rest)
        word_keys = [key(word) for word in paced(self.words, rest)]
        self.word_keys: Ints = ints(word_keys, rest)
        self.digits: Flags = np.array(
            [has_digit(word) for word in paced(self.words, rest)], dtype=np.bool_
        )
        self.numbers: Flags = np.array(
            [word[0].isdigit() for word in paced(self.words, rest)], dtype=np.bool_
        )
        self._keys = set(paced(word_keys, rest))
        self._pair_keys = set(paced(pair_keys, rest))
        self._read_forms(forms, rest)
        self.weak: Flags = np.array([kind == "weak_alias" for kind in kinds], dtype=np.bool_)

    def may_join(self, words: Ints, pairs: Ints) -> bool:
        """Whether any of those words is two words of some name, or any pair one word of it."""
        return not (
            self._pair_keys.isdisjoint(int_list(words)) and self._keys.isdisjoint(int_list(pairs))
        )

    def _read_forms(self, forms: Sequence[ComparisonForm], rest: Rest) -> None:
        self.run_together = [run_together(form) for form in paced(forms, rest)]
        same_words = [same_words_key(form) for form in paced(forms, rest)]
        identity = [identity_key(form) for form in paced(forms, rest)]
        legal_forms = [form_bits(form) for form in paced(forms, rest)]
        acronyms_of = [acronym_keys(form) for form in paced(forms, rest)]
        self.same_words: Ints = ints(same_words, rest)
        self.identity: Ints = ints(identity, rest)
        self.legal_forms: Ints = ints(legal_forms, rest)
        spellings = [spelling for of_one in paced(acronyms_of, rest) for spelling in of_one]
        self.acronym_keys: Ints = ints(spellings, rest).reshape(len(forms), ACRONYM_SPELLINGS)


def distinct_words(form: ComparisonForm) -> tuple[Word, ...]:
    """The words of a form without repeats, in printed order; the first printed piece stays."""
    return tuple({word.text: word for word in reversed(form.words)}.values())[::-1]


def key(text: str) -> int:
    """A 64-bit key of a text, never `NO_KEY`, the same as long as the process lives."""
    return hash(text) or 1


def pair_keys_of(words: Sequence[Word]) -> list[int]:
    """For each word the key of it and the next run together, `NO_KEY` for the last."""
    keys = [key(word.text + after.text) for word, after in pairwise(words)]
    return [*keys, NO_KEY] if words else []


def identity_key(form: ComparisonForm) -> int:
    """Equal for two forms exactly where the names are the same but for what folding undoes."""
    return key(f"{form.joined}|{','.join(form.legal_forms)}")


def same_words_key(form: ComparisonForm) -> int:
    """Equal for two forms with the same words, spelled the same, in any order."""
    return key(f"{'+'.join(sorted(form.spelled))}|{','.join(form.legal_forms)}")


def run_together(form: ComparisonForm) -> str:
    """The compared words without spaces, in printed order."""
    return "".join(word.text for word in form.words)


def acronym_keys(form: ComparisonForm) -> tuple[int, ...]:
    """Keys of the spellings of the name's acronym, filled up with `NO_KEY`."""
    keys = tuple(key(acronym) for acronym in acronyms(form))[:ACRONYM_SPELLINGS]
    return keys + (NO_KEY,) * (ACRONYM_SPELLINGS - len(keys))


def form_bits(form: ComparisonForm) -> int:
    """The legal forms as bits, one of 63 for each; two rare forms may share one."""
    bits = 0
    for code in form.legal_forms:
        bits |= _form_bit(code)
    return bits


@cache
def _form_bit(code: str) -> int:
    """The same bit in every process, because a score must not depend on it."""
    return 1 << (zlib.crc32(code.encode()) % 63)


def has_digit(word: str) -> bool:
    """Whether a digit stands anywhere in the word."""
    return not word.isalpha()
