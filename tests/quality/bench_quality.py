r"""Measures what is found and what alerts.

python -m tests.quality.bench_quality --us CSL.json --un UN.xml --queries Q.jsonl [--half 1] \
    [--pairs DIR]

Prints: the recall of held-out official names at 0.5, 1 and 5 % alerts of ordinary companies and at
the default threshold, whole and by slice; how often the right entity is first; how many entities
answer; the alerts on the whole index; that every name finds its own listing; and for each file of
labelled pairs the share of matches and of near others at or over the default threshold.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np

from service.match import DEFAULT_THRESHOLD, NameIndex, score
from service.match.arrays import Flags, Floats
from service.model.matching import ComparisonForm, IndexedName
from service.normalise import normalise
from tests.quality.names import Party, read_ordinary_queries, read_un, read_us
from tests.quality.retrieval import Query, Trial, hold_out

_ALERT_RATES = (0.005, 0.01, 0.05)
# Scores under this are of no interest to any threshold in question.
_FLOOR = 0.02
_LIMIT = 500


class Outcome(msgspec.Struct, frozen=True):
    """Of each query: the best score of its own entity, whether it came first, all others."""

    right: Floats
    first: Flags
    entities: list[dict[int, float]]


def main() -> None:
    """Read, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("us", "un", "queries"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--half", type=int, choices=(0, 1))
    parser.add_argument("--pairs", type=Path)
    options = parser.parse_args()
    parties = read_us(options.us) + read_un(options.un)
    ordinary = [normalise(name) for name in read_ordinary_queries(options.queries)]
    _report_held_out(hold_out(parties), ordinary, options.half)
    _report_whole(parties, ordinary)
    for path in sorted(options.pairs.glob("*.jsonl")) if options.pairs else ():
        _report_pairs(path)


def _report_held_out(trial: Trial, ordinary: Sequence[ComparisonForm], half: int | None) -> None:
    queries = [query for query in trial.queries if half is None or query.half == half]
    alerts = _top_scores(trial.index, ordinary)
    outcome = _ask(trial, queries)
    shares = np.array([query.shares_word for query in queries])
    latin = np.array([query.form.printed.isascii() for query in queries])
    slices = {"all": shares | True, "shares a word": shares, "shares none": ~shares}
    slices |= {"not ASCII": ~latin}
    for rate in _ALERT_RATES:
        _print_recall(f"{rate:.1%} alerts", float(np.quantile(alerts, 1 - rate)), outcome, slices)
    _print_recall("default", DEFAULT_THRESHOLD, outcome, slices)
    print(f"held-out names {len(queries)}, right entity first {outcome.first.mean():.3f}")


def _ask(trial: Trial, queries: Sequence[Query]) -> Outcome:
    right: list[float] = []
    first: list[bool] = []
    entities: list[dict[int, float]] = []
    for query in queries:
        found = trial.index.search(query.form, lists=None, threshold=_FLOOR, limit=_LIMIT)
        best: dict[int, float] = {}
        for match in found.matches:
            best.setdefault(trial.entities[match.listing], match.score)
        right.append(best.get(query.entity, 0.0))
        first.append(next(iter(best), None) == query.entity)
        entities.append(best)
    return Outcome(np.array(right), np.array(first), entities)


def _print_recall(
    title: str, threshold: float, outcome: Outcome, slices: dict[str, Flags]
) -> None:
    over = outcome.right >= threshold
    answers = [sum(one >= threshold for one in best.values()) for best in outcome.entities]
    recalls = [f"{name} {over[of].mean():.3f}" for name, of in slices.items() if of.any()]
    print(
        f"recall at {title} (score {threshold:.3f}): {', '.join(recalls)}; "
        f"entities a query {np.mean(answers):.2f}"
    )


def _top_scores(index: NameIndex, forms: Sequence[ComparisonForm]) -> Floats:
    tops = [index.search(form, lists=None, threshold=_FLOOR, limit=1).matches for form in forms]
    return np.array([top[0].score if top else 0.0 for top in tops])


def _report_whole(parties: Sequence[Party], ordinary: Sequence[ComparisonForm]) -> None:
    names = [
        IndexedName(listing, 0, kind, normalise(name))
        for listing, party in enumerate(parties)
        for name, kind in party.names
    ]
    index = NameIndex.build(names)
    tops = _top_scores(index, ordinary)
    alerts = tops >= DEFAULT_THRESHOLD
    print(
        f"alerts at the default threshold over all {len(names)} names: {alerts.mean():.4f} of "
        f"{len(ordinary)} ordinary companies; {(tops == 1.0).sum()} of them are listed by that "
        f"very name"
    )
    missed = [name for name in names if not _finds_itself(index, name)]
    print(f"names that do not find their own listing at rank 1 or tied: {len(missed)}")


def _finds_itself(index: NameIndex, name: IndexedName) -> bool:
    """A weak alias may stand behind another listing's name of the same spelling."""
    found = index.search(name.form, lists=None, threshold=DEFAULT_THRESHOLD, limit=_LIMIT).matches
    own = [match.score for match in found if match.listing == name.listing]
    best = score(name.form, name.form, name.kind)
    ahead = [match for match in found if own and match.score > own[0]]
    return bool(own) and own[0] >= best and (not ahead or name.kind == "weak_alias")


def _report_pairs(path: Path) -> None:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    over: dict[str, list[bool]] = {}
    for row in rows:
        if not row.get("ambiguous"):
            reached = score(normalise(row["query"]), normalise(row["candidate"]))
            label = "match" if row["match"] else "other"
            over.setdefault(f"{label}, {row['category']}", []).append(reached >= DEFAULT_THRESHOLD)
            over.setdefault(label, []).append(reached >= DEFAULT_THRESHOLD)
    print(path.stem)
    for label in sorted(over):
        print(f"  {label}: {np.mean(over[label]):.3f} of {len(over[label])}")


if __name__ == "__main__":
    main()
