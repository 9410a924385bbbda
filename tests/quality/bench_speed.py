r"""Measures the CPU time of a search with its explanations, the build and the memory of an index.

python -m tests.quality.bench_speed --us CSL.json --un UN.xml --ordinary GLEIF.csv \
    --queries Q.jsonl

Two indexes: all listed names, and 100,000 names (the listed ones filled up with ordinary ones).
Questions are listed names with one letter dropped, and ordinary companies, half and half.
"""

import argparse
import time
import tracemalloc
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from service.match import DEFAULT_THRESHOLD, NameIndex
from service.model.matching import IndexedName
from service.normalise import normalise
from tests.quality.names import read_ordinary, read_ordinary_queries, read_un, read_us
from tests.quality.retrieval import digest

_SIZE = 100_000
_QUESTIONS = 1_000
_LIMIT = 20


def main() -> None:
    """Build, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("us", "un", "ordinary", "queries"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    options = parser.parse_args()
    parties = read_us(options.us) + read_un(options.un)
    listed = [(listing, name) for listing, party in enumerate(parties) for name, _ in party.names]
    ordinary = read_ordinary(options.ordinary)[: _SIZE - len(listed)]
    filled = listed + [(len(parties) + place, name) for place, name in enumerate(ordinary)]
    chosen = sorted((name for _, name in listed), key=digest)[: _QUESTIONS // 2]
    asked = [name[:2] + name[3:] for name in chosen]
    asked += sorted(read_ordinary_queries(options.queries), key=digest)[: _QUESTIONS // 2]
    for names in (listed, filled):
        measure(names, asked)


def measure(names: Sequence[tuple[int, str]], asked: Sequence[str]) -> None:
    """Print one line of figures for an index of `names`."""
    start = time.process_time()
    forms = [(listing, normalise(name)) for listing, name in names]
    normalised = time.process_time()
    index = NameIndex.build([IndexedName(listing, 0, "alias", form) for listing, form in forms])
    built = time.process_time()
    spent = np.array([_ask(index, name) for name in asked]) * 1e6
    half = np.percentile(spent, 50)
    print(
        f"{len(names):,} names: normalise {(normalised - start) / len(names) * 1e6:.1f} us each, "
        f"build {built - normalised:.2f} s, search p50 {half:.0f} us, "
        f"p90 {np.percentile(spent, 90):.0f} us, p99 {np.percentile(spent, 99):.0f} us, "
        f"mean {spent.mean():.0f} us, memory {_memory(names) / 1e6:.0f} MB"
    )


def _ask(index: NameIndex, name: str) -> float:
    """CPU seconds to normalise, search, score and explain the hits."""
    start = time.process_time()
    form = normalise(name)
    result = index.search(form, lists=None, threshold=DEFAULT_THRESHOLD, limit=_LIMIT)
    for match in result.matches:
        index.explain(form, match.name)
    return time.process_time() - start


def _memory(names: Sequence[tuple[int, str]]) -> int:
    """Bytes held by an index of `names`, their comparison forms included."""
    tracemalloc.start()
    index = NameIndex.build(
        [IndexedName(listing, 0, "alias", normalise(name)) for listing, name in names]
    )
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del index
    return held


if __name__ == "__main__":
    main()
