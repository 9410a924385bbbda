"""Build `given_names.txt` and `nicknames.txt`: given names that one person may go by.

python -m tools.quality.build_given_names --nicknames NAMES.csv [--half 0]

`given_names.txt` is learned from the persons of the bundled lists: two words are a pair where
several persons have names that differ in them, and they are spelled alike.
`nicknames.txt` has the English nicknames of the package `nicknames` (PyPI; Carlton Northern, Nick
Crews; Apache-2.0), whose `names.csv` is the input. `--half` learns from one half of the persons,
to measure the worth of the pairs on the other.
"""

import argparse
import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path

from rapidfuzz.distance import OSA

from abeyance_screening.bench.parties import join_entities
from abeyance_screening.bench.trials import Joined
from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.form.word_types import fold
from tools.quality.bundled_trials import bundled_parties

_FOLDER = Path("service/abeyance_screening/engine/names/match/data")
_LEARNED_HEAD = """\
# Names of one person as lists spell them: one other credit, the share of a word's weight
# that meeting it earns. Learned from the persons of the bundled lists by
# tools/quality/build_given_names.py; do not edit.
"""
_NICKNAMES_HEAD = """\
# English given names and nicknames: one other credit, as in given_names.txt. From
# the package `nicknames` 1.0.1 (Carlton Northern and Nick Crews, Apache-2.0; changed: folded).
# Built by tools/quality/build_given_names.py; do not edit.
"""
_MOST_NAMES = 30
_FEWEST_WORDS, _MOST_WORDS = 2, 5
_SHORTEST = 4
_MOST_LEFT = 3
# By how many persons must show a pair, the least likeness of its words. Of less alike words most
# are two names of one person (Ali, Hassan).
_LEAST_ALIKE = {2: 0.7, 3: 0.6, 5: 0.5}
_LEARNED_CREDIT, _NICKNAME_CREDIT = 0.93, 0.8


def main() -> None:
    """Read lists and nicknames, and write both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nicknames", type=Path, required=True)
    parser.add_argument("--half", type=int, choices=(0, 1))
    options = parser.parse_args()
    _write("given_names.txt", _LEARNED_HEAD, _learned(options.half))
    _write("nicknames.txt", _NICKNAMES_HEAD, _nicknames(options.nicknames))


def _write(name: str, head: str, lines: Iterable[str]) -> None:
    ordered = sorted(set(lines))
    (_FOLDER / name).write_text(head + "\n".join(ordered) + "\n", encoding="utf-8")
    print(f"{name}: {len(ordered)} pairs")


def _learned(half: int | None) -> Iterator[str]:
    shown: Counter[tuple[str, str]] = Counter()
    for names in _names_of_persons(half):
        shown.update({pair for two in combinations(names, 2) for pair in _differences(*two)})
    for (one, other), persons in shown.items():
        least = min((_LEAST_ALIKE[few] for few in _LEAST_ALIKE if persons >= few), default=1.0)
        usable = min(len(one), len(other)) >= _SHORTEST
        if usable and OSA.normalized_similarity(one, other) >= least:
            yield f"{one} {other} {_LEARNED_CREDIT}"


def _names_of_persons(half: int | None) -> Iterator[list[frozenset[str]]]:
    parties = [party for group in bundled_parties() for party in group]
    joined = Joined(tuple(parties), join_entities(parties), frozenset({"person"}))
    words: defaultdict[int, dict[frozenset[str], None]] = defaultdict(dict)
    for _, entity, party, name in joined.rows(range(len(parties))):
        if party.entity_type == "person" and half in {None, joined.half(entity)}:
            form = normalise(name.text)
            texts = frozenset(word.text for word in form.words)
            if _FEWEST_WORDS <= len(texts) <= _MOST_WORDS and all(map(str.isalpha, texts)):
                words[entity][texts] = None
    yield from (list(names)[:_MOST_NAMES] for names in words.values())


def _differences(one: frozenset[str], other: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Yield the words of two names that are not the same, each with the likest of the other."""
    left, missed = one - other, other - one
    if len(left) != len(missed) or len(left) > _MOST_LEFT or len(left) == len(one) == 1:
        return
    for word in left:
        like = max(missed, key=lambda each: OSA.normalized_similarity(word, each))
        if word == max(left, key=lambda each: OSA.normalized_similarity(like, each)):
            first, second = sorted((word, like))
            yield first, second


def _nicknames(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            one, other = sorted((fold(row["name1"]), fold(row["name2"])))
            if one != other and one.isalpha() and other.isalpha():
                yield f"{one} {other} {_NICKNAME_CREDIT}"


if __name__ == "__main__":
    main()
