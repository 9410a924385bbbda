"""Ask the engine the questions of a trial, and keep what the figures need."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Self

import msgspec
import numpy as np

from abeyance_screening.bench.arrays import Flags, Floats, Ints
from abeyance_screening.bench.trials import ListedName, Query, Trial
from abeyance_screening.engine.names.form import normalise_all, read_otherwise
from abeyance_screening.engine.names.form.word_types import ComparisonForm
from abeyance_screening.engine.names.match import NameIndex
from abeyance_screening.engine.names.match_types import IndexedName, Match

# Lower scores are below any threshold of interest.
FLOOR = 0.02
# The most names that one question is answered with; a generic name finds hundreds.
_LIMIT = 2_000


class Forms:
    """The comparison forms of printed names, cached over all trials."""

    def __init__(self) -> None:
        self._forms: dict[str, tuple[ComparisonForm, ...]] = {}

    def of(self, printed: str) -> ComparisonForm:
        """Return the comparison form of a whole printed name."""
        return self.all(printed)[0]

    def all(self, printed: str) -> tuple[ComparisonForm, ...]:
        """Return the comparison forms of a printed name, see `normalise_all`."""
        forms = self._forms.get(printed)
        if forms is None:
            forms = self._forms[printed] = normalise_all(printed)
        return forms

    def asked(self, printed: str) -> tuple[ComparisonForm, ...]:
        """Return the comparison forms of a question, see `read_otherwise`."""
        forms = self.all(printed)
        return (*forms, *read_otherwise(forms))


class Outcome(msgspec.Struct, frozen=True):
    """The answers to the questions of a trial.

    `right`, `first` and `entities` have one value a question: the best score of its own entity (0
    where it was not found), whether that entity is first, and its number. `scores` are the best
    scores of all entities in all answers, and `asked` is the question of each of these scores.
    `ordinary` are the best scores of ordinary companies, in their order.
    """

    right: Floats
    first: Flags
    entities: Ints
    scores: Floats
    asked: Ints
    ordinary: Floats

    @classmethod
    def of(
        cls,
        queries: Sequence[Query],
        answers: Iterable[Mapping[int, float]],
        ordinary: Iterable[float],
    ) -> Self:
        """Make an outcome from each question's best scores by entity, in the answer's order."""
        right: list[float] = []
        first: list[bool] = []
        scores: list[float] = []
        asked: list[int] = []
        for place, (query, best) in enumerate(zip(queries, answers, strict=True)):
            right.append(best.get(query.entity, 0.0))
            first.append(next(iter(best), None) == query.entity)
            scores.extend(best.values())
            asked.extend([place] * len(best))
        return cls(
            right=np.array(right, dtype=np.float64),
            first=np.array(first, dtype=np.bool_),
            entities=np.array([query.entity for query in queries], dtype=np.int64),
            scores=np.array(scores, dtype=np.float64),
            asked=np.array(asked, dtype=np.int64),
            ordinary=np.fromiter(ordinary, dtype=np.float64),
        )


class TrialIndex:
    """The engine's index of a trial's names; `places` is the name of each of its rows."""

    def __init__(self, names: Sequence[ListedName], forms: Forms) -> None:
        self.names = names
        self.forms = forms
        self.entity_of = {name.listing: name.entity for name in names}
        self.places: list[int] = []
        rows: list[IndexedName] = []
        for place, name in enumerate(names):
            for form in forms.all(name.printed):
                self.places.append(place)
                rows.append(IndexedName(name.listing, 0, name.kind, form, name.entity_type))
        self.index = NameIndex.build(rows)

    def best_by_entity(self, printed: str) -> dict[int, float]:
        """Return the best score of every entity in an answer, best first."""
        best: dict[int, float] = {}
        for match in self.near(printed, FLOOR)[:_LIMIT]:
            best.setdefault(self.entity_of[match.listing], match.score)
        return best

    def near(self, printed: str, threshold: float) -> list[Match]:
        """Return the names at or over a threshold, best first; `Match.name` is a row."""
        found = [
            match
            for form in self.forms.asked(printed)
            for match in self.index.matches(form, lists=None, threshold=threshold)
        ]
        return sorted(found, key=lambda match: -match.score)

    def top(self, printed: str) -> tuple[float, str]:
        """Return the best score and the listed name that has it; 0 and "" where there is none."""
        found = self.near(printed, FLOOR)
        return (found[0].score, self.printed(found[0])) if found else (0.0, "")

    def printed(self, match: Match) -> str:
        """Return the listed name of a match, as printed."""
        return self.names[self.places[match.name]].printed

    def ask(self, trial: Trial, ordinary: Sequence[str]) -> Outcome:
        """Ask every question of the trial, and every ordinary name."""
        answers = (self.best_by_entity(query.printed) for query in trial.queries)
        return Outcome.of(trial.queries, answers, (self.top(name)[0] for name in ordinary))
