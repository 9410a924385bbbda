"""Lays names out as arrays, those that an earlier index has already laid out no more."""

from array import array
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from service.match.arrays import Flags, Ints, Positions, Reals, Wholes, int_list, ints, ints_of
from service.match.carry import carry_names, carry_traits, pick_rows
from service.match.columns import (
    KINDS,
    Columns,
    Names,
    Postings,
    Traits,
    entry_kind,
    entry_weight,
)
from service.match.compiled import compiled
from service.match.entries import Entries
from service.match.initials import ACRONYM_SPELLINGS
from service.match.keys import (
    acronym_keys,
    form_bits,
    identity_key,
    letters_key,
    run_together,
    same_words_key,
    word_key,
)
from service.match.vocabulary import build_vocabulary, is_fuzzy, letter_codes
from service.model.listing import EntityType
from service.model.matching import ComparisonForm, IndexedName
from service.model.pace import Rest, no_rest, paced

# How little an entry can be a company: a name with a legal form is none of a person.
_STRANGE: Mapping[EntityType | None, float] = {"person": 1.0, "vessel": 0.5, "aircraft": 0.5}


class Table(NamedTuple):
    """Columns, the place of every word in their vocabulary in order, and the forms of the rows."""

    columns: Columns
    places: Mapping[str, int]
    forms: Sequence[ComparisonForm]


def lay_out(
    names: Sequence[IndexedName], before: Table | None = None, rest: Rest = no_rest
) -> Table:
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
    return Table(columns, {text: place for place, text in enumerate(paced(texts, rest))}, forms)


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
