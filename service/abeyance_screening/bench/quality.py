"""Report the quality of the engine on a trial: its figures, and names to look at."""

from collections.abc import Sequence
from itertools import islice

import msgspec
import numpy as np

from abeyance_screening.bench.arrays import float_list
from abeyance_screening.bench.crowds import (
    CROWD_RATE,
    OF_CROWD,
    CountryAlerts,
    Crowd,
    CrowdName,
)
from abeyance_screening.bench.figures import (
    JUDGED_BY,
    TrialFigures,
    alert_thresholds,
    figures_of,
    meanings_of,
    threshold_for,
)
from abeyance_screening.bench.overlap import slices_of
from abeyance_screening.bench.peers import Candidates, Engine, pairs_a_second
from abeyance_screening.bench.plain_folding import digest
from abeyance_screening.bench.trial_answers import FLOOR, Forms, Outcome, TrialIndex
from abeyance_screening.bench.trials import Query, Trial
from abeyance_screening.engine.names.match import DEFAULT_THRESHOLD, SCORER_VERSION, score

DEFAULT = "default"
ENGINE = f"abeyance {SCORER_VERSION}"
# The pairs by which an engine is timed.
_PAIRS = 5_000


class Sighting(msgspec.Struct, frozen=True):
    """A question, a listed name and their score, for a person who judges a threshold."""

    asked: str
    listed: str
    score: float


class TrialReport(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of a trial, the ordinary names that scored highest, and missed questions.

    A question is missed if its entity is below the threshold of 1 % alerts. `countries` are the
    alerts of the crowd by country, if one was given, and `peers` the figures of other engines, if
    any were requested.
    """

    figures: TrialFigures
    highest_ordinary: tuple[Sighting, ...]
    missed: tuple[Sighting, ...]
    countries: tuple[CountryAlerts, ...] = ()
    peers: tuple[TrialFigures, ...] = ()


class Ours:
    """This program's engine on one trial.

    Where no ordinary companies are given, those of the crowd stand for them, without listed ones.
    """

    def __init__(
        self,
        trial: Trial,
        ordinary: Sequence[str],
        forms: Forms,
        seed: int,
        crowd: Sequence[CrowdName] = (),
    ) -> None:
        self.trial = trial
        self.seed = seed
        self.index = TrialIndex(trial.names, forms)
        self.crowd = Crowd(crowd, [self.index.top(self._cut(each.name))[0] for each in crowd])
        self.ordinary = [self._cut(name) for name in ordinary or self.crowd.ordinary]
        self.outcome: Outcome = self.index.ask(trial, self.ordinary)
        self.slices = slices_of(trial, forms)

    def _cut(self, name: str) -> str:
        return name[: self.trial.cut_after].strip()

    def figures(self) -> TrialFigures:
        """Return the figures at each alert rate and at the default threshold."""
        return self._figures(ENGINE, self.outcome, DEFAULT_THRESHOLD)

    def compared(self, engines: Sequence[Engine], most: int) -> tuple[TrialFigures, ...]:
        """Return the figures of other engines, on the same `most` candidates a question."""
        candidates = Candidates(self.index, self.trial, self.ordinary, most)
        pairs = tuple(islice(candidates.pairs(), _PAIRS))
        return tuple(
            msgspec.structs.replace(
                self._figures(engine.name, candidates.ask(engine), engine.threshold),
                pairs_a_second=pairs_a_second(engine, pairs),
            )
            for engine in engines
        )

    def _figures(self, engine: str, outcome: Outcome, own: float | None) -> TrialFigures:
        thresholds = alert_thresholds(outcome.ordinary)
        if engine == ENGINE and self.crowd.scores:
            thresholds.append((OF_CROWD, threshold_for(CROWD_RATE, np.array(self.crowd.scores))))
        if own is not None:
            thresholds.append((DEFAULT, own))
        slices, levels = figures_of(outcome, self.slices, thresholds, self.seed)
        return TrialFigures(
            trial=self.trial.title,
            engine=engine,
            names=len(self.trial.names),
            entities=len({query.entity for query in self.trial.queries}),
            ordinary=len(self.ordinary),
            slices=slices,
            levels=levels,
            meanings=meanings_of(outcome),
        )

    def report(self, worst: int) -> TrialReport:
        """Return the figures, and up to `worst` ordinary names and missed questions."""
        figures = self.figures()
        judged = next(level for level in figures.levels if level.name == JUDGED_BY)
        return TrialReport(
            figures=figures,
            highest_ordinary=self._highest_ordinary(worst),
            missed=self._missed(judged.threshold, worst),
            countries=self.crowd.countries(DEFAULT_THRESHOLD),
        )

    def _highest_ordinary(self, most: int) -> tuple[Sighting, ...]:
        ranked = sorted(zip(float_list(self.outcome.ordinary), self.ordinary, strict=True))[::-1]
        return tuple(
            Sighting(name, self.index.top(name)[1], best)
            for best, name in ranked[:most]
            if best >= FLOOR
        )

    def _missed(self, threshold: float, most: int) -> tuple[Sighting, ...]:
        """Return a fixed sample of missed questions, each with the best name of its entity."""
        missed = [
            query
            for query, right in zip(
                self.trial.queries, float_list(self.outcome.right), strict=True
            )
            if right < threshold
        ]
        chosen = sorted(missed, key=lambda query: digest(query.printed))[:most]
        return tuple(self._best_right(query) for query in chosen)

    def _best_right(self, query: Query) -> Sighting:
        forms = self.index.forms
        asked = forms.of(query.printed)
        own = (name for name in self.trial.names if name.entity == query.entity)
        reached = ((score(asked, forms.of(name.printed), name.kind), name.printed) for name in own)
        best, listed = max(reached, default=(0.0, ""))
        return Sighting(query.printed, listed, best)
