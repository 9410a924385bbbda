"""The name asked for, made ready to be compared with many."""

import numpy as np

from service.match.arrays import Flags, Floats, Ints, int_list
from service.match.columns import (
    distinct_words,
    form_bits,
    has_digit,
    identity_key,
    key,
    pair_keys_of,
    run_together,
    same_words_key,
)
from service.match.initials import acronyms
from service.model.matching import ComparisonForm


class Question:
    """One comparison form as arrays, one place a distinct word; see `Columns` for the fields.

    `acronyms` are the keys of its acronym's spellings with their lengths.
    """

    def __init__(self, form: ComparisonForm) -> None:
        words = distinct_words(form)
        self.words = [word.text for word in words]
        self.weights: Floats = np.array([word.weight for word in words], dtype=np.float64)
        self.total = float(self.weights.sum())
        self.digits: Flags = np.array([has_digit(word) for word in self.words], dtype=np.bool_)
        self.numbers: Flags = np.array([word[0].isdigit() for word in self.words], dtype=np.bool_)
        self.has_number = any(word[0].isdigit() for word in self.words)
        self.word_keys: Ints = np.array([key(word) for word in self.words], dtype=np.int64)
        self.pair_keys: Ints = np.array(pair_keys_of(words), dtype=np.int64)
        self.run_together = run_together(form)
        self.same_words = same_words_key(form)
        self.identity = identity_key(form)
        self.legal_forms = form_bits(form)
        self.acronyms = [(key(spelling), len(spelling)) for spelling in acronyms(form)]

    def lasting_keys(self) -> list[int]:
        """Keys of the names that must be looked at whatever letters they share.

        The same name, the same words, and one side's acronym as the other's one word.
        """
        words = int_list(self.word_keys) if len(self.words) == 1 else []
        return [self.identity, self.same_words, *words, *(key for key, _ in self.acronyms)]
