"""Slice the questions of a trial: by overlap with the remaining names, by kind and by script."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from rapidfuzz.fuzz import ratio

from abeyance_screening.bench.arrays import Flags, equal_to
from abeyance_screening.bench.figures import ALL
from abeyance_screening.bench.plain_folding import script_of
from abeyance_screening.bench.trial_answers import Forms
from abeyance_screening.bench.trials import Trial
from abeyance_screening.engine.names.form.word_types import ComparisonForm

Overlap = Literal["same words", "subset", "partial", "spelling", "acronym", "shares none"]
# Most in common first; a question is in the first class that it reaches with any of the names.
OVERLAPS: tuple[Overlap, ...] = (
    "same words",
    "subset",
    "partial",
    "spelling",
    "acronym",
    "shares none",
)
_SHARING = frozenset[Overlap]({"same words", "subset", "partial"})
_ALIKE = 85.0
_SHORTEST_ACRONYM = 2


def slices_of(trial: Trial, forms: Forms) -> dict[str, Flags]:
    """Return the slices by name, each with a flag for every question; empty ones are left out."""
    overlaps = overlaps_of(trial, forms)
    everything = np.ones(len(trial.queries), dtype=np.bool_)
    sharing = np.array([each in _SHARING for each in overlaps], dtype=np.bool_)
    slices = {ALL: everything, "shares a word": sharing, "shares no word": ~sharing}
    slices |= _by_value("overlap", overlaps, OVERLAPS)
    for what, values in {
        "kind": [query.kind for query in trial.queries],
        "script": [script_of(query.printed) for query in trial.queries],
    }.items():
        slices |= _by_value(what, values, sorted(set(values)))
    return {name: of for name, of in slices.items() if name == ALL or of.any()}


def _by_value(what: str, values: Sequence[str], known: Sequence[str]) -> dict[str, Flags]:
    return {f"{what}: {value}": equal_to(values, value) for value in known}


def overlaps_of(trial: Trial, forms: Forms) -> list[Overlap]:
    """Return the most that each question has in common with a remaining name of its entity."""
    wanted = {query.entity for query in trial.queries}
    remaining: dict[int, list[ComparisonForm]] = {}
    for name in trial.names:
        if name.entity in wanted:
            remaining.setdefault(name.entity, []).append(forms.of(name.printed))
    return [
        _most(forms.of(query.printed), remaining.get(query.entity, ())) for query in trial.queries
    ]


def _most(form: ComparisonForm, remaining: Sequence[ComparisonForm]) -> Overlap:
    found = {overlap_of(form, other) for other in remaining}
    for each in OVERLAPS:
        if each in found:
            return each
    return "shares none"


def overlap_of(form: ComparisonForm, other: ComparisonForm) -> Overlap:
    """Return what two names have in common, by canonical words without legal forms."""
    words, others = {word.text for word in form.words}, {word.text for word in other.words}
    if words == others:
        return "same words"
    if words <= others or words >= others:
        return "subset"
    if words & others:
        return "partial"
    if ratio(form.joined, other.joined) >= _ALIKE:
        return "spelling"
    return "acronym" if _abbreviates(form, other) or _abbreviates(other, form) else "shares none"


def _abbreviates(short: ComparisonForm, long: ComparisonForm) -> bool:
    """Return whether the only word of `short` is the initials of `long`."""
    initials = "".join(word.text[:1] for word in long.words)
    return (
        len(short.words) == 1
        and len(initials) >= _SHORTEST_ACRONYM
        and short.words[0].text == initials
    )
