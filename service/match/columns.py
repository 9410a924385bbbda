"""Names as arrays: what scoring needs of many names at once."""

import zlib
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from service.match.arrays import (
    Flags,
    Grid,
    Ints,
    Marks,
    Positions,
    Reals,
    Wholes,
    int_list,
    ints,
    ints_of,
)
from service.match.compiled import compiled, inner
from service.match.entries import Entries
from service.match.initials import ACRONYM_SPELLINGS, acronyms
from service.match.spelling import MOST_LETTERS
from service.match.vocabulary import Vocabulary, build_vocabulary, is_fuzzy, letter_codes
from service.model.listing import EntityType
from service.model.matching import ComparisonForm, IndexedName
from service.model.pace import Rest, no_rest, paced

NO_KEY = 0
# How little an entry can be a company: a name with a legal form is none of a person.
_STRANGE: Mapping[EntityType | None, float] = {"person": 1.0, "vessel": 0.5, "aircraft": 0.5}


class Postings(NamedTuple):
    """`names[starts[w] : starts[w + 1]]` are the names that have word `w` of the vocabulary.

    `caps[w]` is the most that it can be worth in any of them.
    """

    caps: Reals
    starts: Wholes
    names: Wholes


class Names(NamedTuple):
    """The words of each name: name `n` has `slots[n]` distinct ones.

    Its entries are `starts[n]` to `starts[n + 1]`: an entry says that `words[e]` of the vocabulary
    stands for the `spans[e]` words from place `places[e]` on, worth `factors[e]` of their weight.
    Its words' `weights` and what they are `telling` stand from `weight_starts[n]` on.
    """

    starts: Wholes
    words: Wholes
    places: Wholes
    spans: Wholes
    factors: Reals
    slots: Wholes
    weight_starts: Wholes
    weights: Reals
    telling: Wholes


class Traits(NamedTuple):
    """What each name is as a whole; `letters` are the names run together, one after another.

    Keys are 64-bit digests, `NO_KEY` for none. `strange` is how little it can be a company's.
    """

    letters: Wholes
    letter_starts: Wholes
    same_words: Wholes
    identity: Wholes
    word_keys: Wholes
    acronym_keys: Grid
    legal_forms: Wholes
    weak: Marks
    strange: Reals


class Columns(NamedTuple):
    """Names in the order given, one row a name."""

    vocabulary: Vocabulary
    postings: Postings
    names: Names
    traits: Traits


class Table(NamedTuple):
    """Columns, and the place of every word in their vocabulary."""

    columns: Columns
    places: dict[str, int]


def build_columns(names: Sequence[IndexedName], rest: Rest = no_rest) -> Table:
    """Lays out the names; `rest` is called all along, for work done beside other work."""
    entries = Entries()
    for name in paced(names, rest):
        entries.add(name.form)
    texts, rank = _by_length(entries.vocabulary)
    weight_starts = np.frombuffer(entries.weight_starts, dtype=np.int64)
    laid = Names(
        starts=np.frombuffer(entries.starts, dtype=np.int64),
        words=rank[np.frombuffer(entries.words, dtype=np.int32)],
        places=np.frombuffer(entries.places, dtype=np.uint8),
        spans=np.frombuffer(entries.spans, dtype=np.uint8),
        factors=np.frombuffer(entries.factors, dtype=np.float64),
        slots=np.diff(weight_starts),
        weight_starts=weight_starts,
        weights=np.frombuffer(entries.weights, dtype=np.float64),
        telling=np.frombuffer(entries.telling, dtype=np.uint8),
    )
    rest()
    fuzzy = _mark_fuzzy(texts, laid, rest)
    columns = Columns(
        vocabulary=build_vocabulary(texts, fuzzy, rest),
        postings=Postings(_find_caps(laid, len(texts)), *_post(laid, len(texts), rest)),
        names=laid,
        traits=_read_traits(names, rest),
    )
    return Table(columns, {text: place for place, text in enumerate(paced(texts, rest))})


def _mark_fuzzy(texts: Sequence[str], names: Names, rest: Rest) -> Flags:
    """Which words other spellings may stand for: not those that only stand for several."""
    alone = np.zeros(len(texts), dtype=np.bool_)
    alone[ints_of(names.words)[ints_of(names.spans) == 1]] = True
    for word in paced(int_list(np.flatnonzero(alone)), rest):
        alone[word] = is_fuzzy(texts[word])
    return alone


@compiled
def _find_caps(names: Names, words: int) -> Reals:
    """The most that each word of the vocabulary can be worth in any name."""
    caps: Reals = np.zeros(words, dtype=np.float64)
    for name in range(len(names.slots)):
        for entry in range(names.starts[name], names.starts[name + 1]):
            word = names.words[entry]
            worth = names.factors[entry] * entry_weight(names, name, entry)
            caps[word] = max(worth, caps[word])
    return caps


@inner
def entry_weight(names: Names, name: int, entry: int) -> float:
    """The weight of the words that an entry of a name stands for."""
    first = names.weight_starts[name] + names.places[entry]
    total = 0.0
    for place in range(first, first + names.spans[entry]):
        total += names.weights[place]
    return total


def _by_length(vocabulary: Mapping[str, int]) -> tuple[list[str], Positions]:
    """The words, the shorter first, and where each that stood elsewhere stands now."""
    texts = list(vocabulary)
    order = np.argsort(np.array(list(map(len, texts)), dtype=np.int64), kind="stable")
    rank = np.empty(len(order), dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    return [texts[place] for place in int_list(order)], rank


def _read_traits(names: Sequence[IndexedName], rest: Rest) -> Traits:
    forms = [name.form for name in paced(names, rest)]
    runs = [run_together(form) for form in paced(forms, rest)]
    spellings = [key for form in paced(forms, rest) for key in acronym_keys(form)]
    return Traits(
        letters=letter_codes("".join(runs)),
        letter_starts=np.concatenate([[0], np.cumsum(ints(list(map(len, runs)), rest))]),
        same_words=ints([same_words_key(form) for form in paced(forms, rest)], rest),
        identity=ints([identity_key(form) for form in paced(forms, rest)], rest),
        word_keys=ints([word_key(form) for form in paced(forms, rest)], rest),
        acronym_keys=ints(spellings, rest).reshape(len(forms), ACRONYM_SPELLINGS),
        legal_forms=ints([form_bits(form) for form in paced(forms, rest)], rest),
        weak=np.array([name.kind == "weak_alias" for name in names], dtype=np.bool_),
        strange=np.array([_STRANGE.get(name.entity_type, 0.0) for name in names]),
    )


def _post(laid: Names, size: int, rest: Rest) -> tuple[Ints, Positions]:
    starts = ints_of(laid.starts)
    names = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    rest()
    pairs = np.sort(ints_of(laid.words).astype(np.int64) * len(starts) + names)
    rest()
    pairs = pairs[np.flatnonzero(np.diff(pairs, prepend=-1))]
    post_starts = np.zeros(size + 1, dtype=np.int64)
    np.cumsum(np.bincount(pairs // len(starts), minlength=size), out=post_starts[1:])
    rest()
    return post_starts, (pairs % len(starts)).astype(np.int32)


def key(text: str) -> int:
    """A 64-bit key of a text, never `NO_KEY`, the same as long as the process lives."""
    return hash(text) or 1


def identity_key(form: ComparisonForm) -> int:
    """Equal for two forms exactly where the names are the same but for what folding undoes.

    `NO_KEY` for a name without words.
    """
    if not form.words:
        return NO_KEY
    return key(f"{form.joined}|{','.join(form.legal_forms)}")


def same_words_key(form: ComparisonForm) -> int:
    """Equal for two forms with the same words, spelled the same, in any order; else `NO_KEY`."""
    if not form.words:
        return NO_KEY
    return key(f"{'+'.join(sorted(form.spelled))}|{','.join(form.legal_forms)}")


def run_together(form: ComparisonForm) -> str:
    """The words of a form without spaces, cut after `MOST_LETTERS`."""
    return "".join(word.text for word in form.words)[:MOST_LETTERS]


def word_key(form: ComparisonForm) -> int:
    """The key of the one word of a name, `NO_KEY` for a name of several."""
    words = {word.text for word in form.words}
    return key(words.pop()) if len(words) == 1 else NO_KEY


def acronym_keys(form: ComparisonForm) -> tuple[int, ...]:
    """Keys of the spellings of the name's acronym, filled up with `NO_KEY`."""
    keys = tuple(key(acronym) for acronym in acronyms(form))
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
