r"""Learn which words lists print for one another, and write `word_pairs.txt`.

python -m tools.quality.learn_word_pairs [--aliases-held-out]

For every two names of an entity, an alignment model (IBM Model 1, both ways) finds which of the
words that meet no word of the other name mean the same. A pair is kept when two entities or more
show it, because one alone may print any two words. Two places are never a pair, because the
branches of a firm are not the same. The names are those of the lists that come with the program;
with `--aliases-held-out`, the names that the benchmark asks for are left out, to measure the worth
of the pairs.
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path

from rapidfuzz.distance import OSA

from abeyance_screening.bench.parties import join_entities
from abeyance_screening.bench.trial_answers import Forms
from abeyance_screening.bench.trials import Joined, hold_out_aliases
from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.form.token import read_table
from abeyance_screening.engine.names.form.word_types import ComparisonForm
from tools.quality.bundled_trials import ASKED_TYPES, bundled_parties

_TARGET = Path("service/abeyance_screening/engine/names/match/data/word_pairs.txt")
_HEAD = """# Words that lists print for one another: one other credit, the share of a word's
# weight that meeting it earns. Learned from the names of the bundled lists by
# tools/quality/learn_word_pairs.py; do not edit.
"""
_ALIKE = 0.72
_MOST_NAMES = 14
_MOST_LEFT = 4
_ROUNDS = 6
# The chance that a word translates none of the words of the other name.
_NOTHING = 0.3
_LEAST_CHANCE = 0.35
_LEAST_CHANCE_OF_TWO = 0.5
_LEAST_SEEN = 1.2
_MOST_CREDIT = 0.89

_PLACES = frozenset(
    word.text for place, _ in read_table("han_places.txt") for word in normalise(place).words
)

type Leftovers = tuple[tuple[str, ...], tuple[str, ...]]
type Chances = defaultdict[tuple[str, str], float]


def main() -> None:
    """Read the names, learn the pairs, and write them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--aliases-held-out", action="store_true")
    entities = list(_leftovers_of_all(held_out=parser.parse_args().aliases_held_out))
    seen, chances = _learn(entities)
    lines = sorted(_lines(entities, seen, chances))
    _TARGET.write_text(_HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(entities)} entities, {len(lines)} pairs")


def _leftovers_of_all(*, held_out: bool) -> Iterator[list[Leftovers]]:
    listed, other = bundled_parties()
    parties = (*listed, *other)
    joined = Joined(parties, join_entities(parties), ASKED_TYPES)
    forms, names = Forms(), defaultdict[int, dict[str, ComparisonForm]](dict)
    kept = hold_out_aliases(joined, range(len(parties))).names if held_out else None
    rows = (
        ((name.entity, name.printed, name.entity_type) for name in kept)
        if kept is not None
        else (
            (entity, name.text, party.entity_type)
            for _, entity, party, name in joined.rows(range(len(parties)))
        )
    )
    for entity, printed, entity_type in rows:
        form = forms.of(printed)
        if entity_type != "person" and form.words:
            names[entity][form.joined] = form
    for of_one in names.values():
        found = list(_leftovers(list(of_one.values())[:_MOST_NAMES]))
        if found:
            yield found


def _leftovers(names: list[ComparisonForm]) -> Iterator[Leftovers]:
    seen: set[frozenset[tuple[str, ...]]] = set()
    for one, other in combinations(names, 2):
        ours = tuple(dict.fromkeys(word.text for word in one.words))
        theirs = tuple(dict.fromkeys(word.text for word in other.words))
        left = tuple(word for word in ours if not _meets(word, theirs))
        missed = tuple(word for word in theirs if not _meets(word, ours))
        fits = 0 < len(left) <= _MOST_LEFT and 0 < len(missed) <= _MOST_LEFT
        if fits and frozenset((left, missed)) not in seen:
            seen.add(frozenset((left, missed)))
            yield left, missed


def _meets(word: str, others: Iterable[str]) -> bool:
    return any(
        word == other
        or (min(len(word), len(other)) > 3 and OSA.normalized_similarity(word, other) >= _ALIKE)
        for other in others
    )


def _learn(entities: list[list[Leftovers]]) -> tuple[Counter[tuple[str, str]], Chances]:
    """Return how many entities show that a word means another, and how likely it does."""
    chances: Chances = defaultdict(lambda: 1.0)
    counts: Counter[tuple[str, str]] = Counter()
    for _ in range(_ROUNDS):
        counts = Counter()
        for leftovers in entities:
            best: dict[tuple[str, str], float] = {}
            for one, other in leftovers:
                for source, target in ((one, other), (other, one)):
                    for word in target:
                        _share_out(word, source, chances, best)
            counts.update(best)
        totals: Counter[str] = Counter()
        for (source, _), count in counts.items():
            totals[source] += count
        chances = defaultdict(
            float, {pair: count / (totals[pair[0]] + 1.0) for pair, count in counts.items()}
        )
    return counts, chances


def _share_out(
    word: str, sources: tuple[str, ...], chances: Chances, best: dict[tuple[str, str], float]
) -> None:
    """Share a word out among the words that it may mean; an entity counts each pair once."""
    total = _NOTHING + sum(chances[source, word] for source in sources)
    for source in sources:
        pair = source, word
        best[pair] = max(best.get(pair, 0.0), chances[pair] / total)


def _lines(
    entities: list[list[Leftovers]], seen: Counter[tuple[str, str]], chances: Chances
) -> Iterator[str]:
    shown = Counter(
        pair
        for leftovers in entities
        for pair in {tuple(sorted((a, b))) for one, other in leftovers for a in one for b in other}
    )
    for one, other in shown:
        likely = min(chances[one, other], chances[other, one])
        least = _LEAST_CHANCE_OF_TWO if shown[one, other] == 2 else _LEAST_CHANCE
        often = min(seen[one, other], seen[other, one]) >= _LEAST_SEEN
        usable = min(len(one), len(other)) > 1 and not {one, other} <= _PLACES
        if usable and shown[one, other] >= 2 and likely >= least and often:
            credit = (chances[one, other] * chances[other, one]) ** 0.25
            yield f"{one} {other} {min(credit, _MOST_CREDIT):.2f}"


if __name__ == "__main__":
    main()
