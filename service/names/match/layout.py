"""Lays names out as arrays, those that an earlier index has already laid out no more."""

from array import array
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from service.days import Rest, no_rest, paced
from service.lists.listing import EntityType
from service.names.match.kernel import (
    Flags,
    Grid,
    Ints,
    Marks,
    NumberRow,
    Positions,
    Reals,
    Wholes,
    compiled,
    floats_of,
    inner,
    int_list,
    ints,
    ints_of,
    spread,
)
from service.names.match.spelling import Vocabulary, build_vocabulary, is_fuzzy, letter_codes
from service.names.match.words import (
    ACRONYM_SPELLINGS,
    INITIALS,
    Entries,
    acronym_keys,
    form_bits,
    identity_key,
    letters_key,
    run_together,
    same_words_key,
    word_key,
)
from service.names.matching import ComparisonForm, IndexedName

# --- Names as arrays: what scoring needs of many names at once.

# What an entry may be: one word, neighbours printed as one, or the initials of several.
WORD, JOINED, RUN = range(3)
KINDS = 3


class Postings(NamedTuple):
    """`names[starts[p] : starts[p + 1]]` are the names where word `w` is an entry of kind `k`.

    `p` is `KINDS * w + k`, and `caps[p]` the most that the word can be worth in any name by an
    entry of that kind or one before it.
    """

    caps: Reals
    starts: Wholes
    names: Wholes


class Names(NamedTuple):
    """The words of each name.

    The entries of name `n` are `starts[n]` to `starts[n + 1]`: an entry says that `words[e]` of
    the vocabulary stands for the `spans[e]` words from place `places[e]` on, worth `factors[e]` of
    their weight. The `weights` of its words and what they are `telling` stand from
    `weight_starts[n]` on.
    """

    starts: Wholes
    words: Wholes
    places: Wholes
    spans: Wholes
    factors: Reals
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
    same_letters: Wholes
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


@inner
def entry_weight(names: Names, weights: int, entry: int) -> float:
    """The weight of the words that an entry stands for of a name whose weights begin there."""
    first = weights + names.places[entry]
    total = 0.0
    for place in range(first, first + names.spans[entry]):
        total += names.weights[place]
    return total


@inner
def entry_kind(names: Names, entry: int) -> int:
    """Whether an entry is a word, neighbours printed as one, or the initials of several."""
    if names.spans[entry] == 1:
        return WORD
    return RUN if names.factors[entry] == INITIALS else JOINED


# --- Takes rows of an earlier index over into a new one, so that only new names are laid out.
#
# A row of the new index is given by a number: first count the rows of the earlier index, then
# those laid out now.


class PickedRows(NamedTuple):
    """Which row each name of a new index is, and the forms of those that are laid out now."""

    picked: Ints
    fresh: list[ComparisonForm]


def pick_rows(
    forms: Sequence[ComparisonForm], before: Sequence[ComparisonForm], rest: Rest
) -> PickedRows:
    """Finds the rows of forms that an earlier index was built from: the very same objects."""
    known = {id(form): row for row, form in enumerate(paced(before, rest))}
    fresh: list[ComparisonForm] = []
    picked = np.empty(len(forms), dtype=np.int64)
    for place, form in enumerate(paced(forms, rest)):
        row = known.get(id(form))
        if row is None:
            row = len(before) + len(fresh)
            fresh.append(form)
        picked[place] = row
    return PickedRows(picked, fresh)


def carry_names(before: Names, fresh: Names, picked: Ints, rest: Rest) -> Names:
    """The words of the picked rows."""
    weights = _Runs(before.weight_starts, fresh.weight_starts, picked)
    rest()
    entries = _Runs(before.starts, fresh.starts, picked)
    rest()
    return Names(
        starts=entries.starts,
        words=entries.take(before.words, fresh.words),
        places=entries.take(before.places, fresh.places),
        spans=entries.take(before.spans, fresh.spans),
        factors=entries.take(before.factors, fresh.factors),
        weight_starts=weights.starts,
        weights=weights.take(before.weights, fresh.weights),
        telling=weights.take(before.telling, fresh.telling),
    )


def carry_traits(before: Traits, fresh: Traits, picked: Ints, rest: Rest) -> Traits:
    """What the picked rows are by their forms; `weak` and `strange` are left to the caller."""
    letters = _Runs(before.letter_starts, fresh.letter_starts, picked)
    rest()
    return fresh._replace(
        letters=letters.take(before.letters, fresh.letters),
        letter_starts=letters.starts,
        same_words=_take(before.same_words, fresh.same_words, picked),
        same_letters=_take(before.same_letters, fresh.same_letters, picked),
        identity=_take(before.identity, fresh.identity, picked),
        word_keys=_take(before.word_keys, fresh.word_keys, picked),
        acronym_keys=_take(before.acronym_keys, fresh.acronym_keys, picked),
        legal_forms=_take(before.legal_forms, fresh.legal_forms, picked),
    )


class _Runs:
    """Runs of values, one a row, of which some rows are picked."""

    def __init__(self, before: Wholes, fresh: Wholes, picked: Ints) -> None:
        earlier, later = ints_of(before), ints_of(fresh)
        begins = np.concatenate([earlier[:-1], later[:-1] + earlier[-1]])[picked]
        lengths = np.concatenate([np.diff(earlier), np.diff(later)])[picked]
        self.starts: Ints = np.concatenate([[0], np.cumsum(lengths)])
        filled = lengths > 0
        self._places = spread(begins[filled], lengths[filled])

    def take[T: Wholes | Reals](self, before: T, fresh: T) -> T:
        """The values of the picked rows, one row after another."""
        return _take(before, fresh, self._places)


def _take[T: Wholes | Reals | Grid](before: T, fresh: T, picked: Ints) -> T:
    values = np.concatenate(cast("list[NDArray[np.generic]]", [before, fresh]))
    return cast("T", cast("object", values[picked]))


# How little an entry can be a company: a name with a legal form is none of a person.
_STRANGE: Mapping[EntityType | None, float] = {"person": 1.0, "vessel": 0.5, "aircraft": 0.5}


class NameTable(NamedTuple):
    """Columns, the place of every word in their vocabulary in order, and the forms of the rows."""

    columns: Columns
    places: Mapping[str, int]
    forms: Sequence[ComparisonForm]


def lay_out(
    names: Sequence[IndexedName], before: NameTable | None = None, rest: Rest = no_rest
) -> NameTable:
    """Lays out the names.

    `before` is what an earlier index was built from: its rows are taken over for forms that are
    the same objects. `rest` is called all along, for work done beside other work.
    """
    forms = [name.form for name in paced(names, rest)]
    rows = pick_rows(forms, () if before is None else before.forms, rest)
    entries = Entries({} if before is None else before.places)
    for form in paced(rows.fresh, rest):
        entries.add(form)
    words, traits = _names_of(entries), _traits_of(rows.fresh, rest)
    if before is not None:
        words = carry_names(before.columns.names, words, rows.picked, rest)
        traits = carry_traits(before.columns.traits, traits, rows.picked, rest)
    texts, rank = _by_length(entries.vocabulary)
    words = words._replace(words=rank[ints_of(words.words)])
    rest()
    columns = Columns(
        vocabulary=build_vocabulary(texts, _mark_fuzzy(texts, words, rest), rest),
        postings=_post(words, len(texts), rest),
        names=words,
        traits=traits._replace(
            weak=np.array([name.kind == "weak_alias" for name in names], dtype=np.bool_),
            strange=np.array([_STRANGE.get(name.entity_type, 0.0) for name in names]),
        ),
    )
    return NameTable(
        columns, {text: place for place, text in enumerate(paced(texts, rest))}, forms
    )


def _names_of(entries: Entries) -> Names:
    return Names(
        starts=np.frombuffer(entries.starts, dtype=np.int64),
        words=np.frombuffer(entries.words, dtype=np.int32),
        places=np.frombuffer(entries.places, dtype=np.uint8),
        spans=np.frombuffer(entries.spans, dtype=np.uint8),
        factors=np.frombuffer(entries.factors, dtype=np.float64),
        weight_starts=np.frombuffer(entries.weight_starts, dtype=np.int64),
        weights=np.frombuffer(entries.weights, dtype=np.float64),
        telling=np.frombuffer(entries.telling, dtype=np.uint8),
    )


def _traits_of(forms: Sequence[ComparisonForm], rest: Rest) -> Traits:
    """What the names are by their forms alone, `weak` and `strange` left out."""
    runs: list[str] = []
    same_words, same_letters, identity = (array("q") for _ in range(3))
    word_keys, spellings, legal_forms = (array("q") for _ in range(3))
    for form in paced(forms, rest):
        runs.append(run_together(form))
        same_words.append(same_words_key(form))
        same_letters.append(letters_key(form))
        identity.append(identity_key(form))
        word_keys.append(word_key(form))
        spellings.extend(acronym_keys(form))
        legal_forms.append(form_bits(form))
    return Traits(
        letters=letter_codes("".join(runs)),
        letter_starts=np.concatenate([[0], np.cumsum(ints(list(map(len, runs)), rest))]),
        same_words=_column(same_words),
        same_letters=_column(same_letters),
        identity=_column(identity),
        word_keys=_column(word_keys),
        acronym_keys=_column(spellings).reshape(len(forms), ACRONYM_SPELLINGS),
        legal_forms=_column(legal_forms),
        weak=np.zeros(0, dtype=np.bool_),
        strange=np.zeros(0),
    )


def _column(values: "array[int]") -> Ints:
    return np.frombuffer(values, dtype=np.int64)


def _mark_fuzzy(texts: Sequence[str], names: Names, rest: Rest) -> Flags:
    """Which words other spellings may stand for: not those that only stand for several."""
    alone = np.zeros(len(texts), dtype=np.bool_)
    alone[ints_of(names.words)[ints_of(names.spans) == 1]] = True
    for word in paced(int_list(np.flatnonzero(alone)), rest):
        alone[word] = is_fuzzy(texts[word])
    return alone


def _post(names: Names, words: int, rest: Rest) -> Postings:
    """Which names have each word of the vocabulary, by the kind of their entries."""
    starts = ints_of(names.starts)
    pairs = np.zeros(len(ints_of(names.words)), dtype=np.int64)
    caps = np.zeros(KINDS * words, dtype=np.float64)
    _pair_up(names, pairs, caps)
    rest()
    # a sort lets other threads run meanwhile, numpy's own unique does not
    pairs.sort()
    rest()
    pairs = pairs[np.flatnonzero(np.diff(pairs, prepend=-1))]
    counts = np.bincount(pairs // (len(starts) - 1), minlength=KINDS * words)
    post_starts = np.zeros(KINDS * words + 1, dtype=np.int32)
    np.cumsum(counts, out=post_starts[1:])
    rest()
    return Postings(
        caps=np.maximum.accumulate(caps.reshape(-1, KINDS), axis=1).ravel(),
        starts=post_starts,
        names=(pairs % (len(starts) - 1)).astype(np.int32),
    )


@compiled
def _pair_up(names: Names, pairs: Wholes, caps: Reals) -> None:
    """Fills in each entry's posting and name as one number, and what each posting is worth."""
    count = len(names.starts) - 1
    for name in range(count):
        for entry in range(names.starts[name], names.starts[name + 1]):
            posting = KINDS * names.words[entry] + entry_kind(names, entry)
            pairs[entry] = posting * count + name
            worth = names.factors[entry] * entry_weight(names, names.weight_starts[name], entry)
            caps[posting] = max(caps[posting], worth)


def _by_length(vocabulary: Mapping[str, int]) -> tuple[list[str], Positions]:
    """The words, the shorter first, and where each that stood elsewhere stands now."""
    texts = list(vocabulary)
    order = np.argsort(np.array(list(map(len, texts)), dtype=np.int64), kind="stable")
    rank = np.empty(len(order), dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    return [texts[place] for place in int_list(order)], rank


# --- Rows: what scoring reads of each name first, together on one line of the processor's cache.
#
# The columns of a name lie far apart in memory, and to fetch one takes longer than all that is
# done with it. So what every weighed name needs is copied into a row of its own.

# The bytes that a processor fetches at a time.
_LINE = 64


class NameRow(Protocol):
    """One name: keys, flags and numbers as in `Traits`, where its words and letters begin.

    It has `entry_count` entries, `slots` distinct words and `letter_count` letters.
    """

    identity: int
    same_words: int
    same_letters: int
    word_key: int
    legal_forms: int
    entries: int
    weights: int
    letters: int
    entry_count: int
    slots: int
    letter_count: int
    strange: float
    weak: int


type Rows = NumberRow[NameRow]

_ROW = np.dtype(
    {
        "names": [
            *("identity", "same_words", "same_letters", "word_key", "legal_forms"),
            *("entries", "weights", "letters", "strange"),
            *("entry_count", "slots", "letter_count", "weak"),
        ],
        "formats": [*["i8"] * 5, *["i4"] * 3, "f4", *["u2"] * 4],
        "itemsize": _LINE,
    }
)


def pack_rows(names: Names, traits: Traits) -> Rows:
    """The rows of all names."""
    starts, weights = ints_of(names.starts), ints_of(names.weight_starts)
    letters = ints_of(traits.letter_starts)
    rows = lines_of(_ROW, len(starts) - 1)
    rows["identity"], rows["same_words"] = ints_of(traits.identity), ints_of(traits.same_words)
    rows["same_letters"] = ints_of(traits.same_letters)
    rows["word_key"] = ints_of(traits.word_keys)
    rows["legal_forms"] = ints_of(traits.legal_forms)
    rows["entries"], rows["entry_count"] = starts[:-1], np.diff(starts)
    rows["weights"], rows["slots"] = weights[:-1], np.diff(weights)
    rows["letters"], rows["letter_count"] = letters[:-1], np.diff(letters)
    rows["strange"] = floats_of(traits.strange)
    rows["weak"] = cast("Flags", cast("object", traits.weak))
    return cast("Rows", cast("object", rows))


def lines_of(kind: np.dtype[np.void], count: int) -> NDArray[np.void]:
    """Room for so many rows, the first of which begins a line; their fields are attributes."""
    room = np.zeros(count * kind.itemsize + _LINE, dtype=np.uint8)
    first = -room.ctypes.data % _LINE
    return room[first : first + count * kind.itemsize].view(np.dtype((np.record, kind)))
