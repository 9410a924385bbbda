"""CPU time, memory and building time of an index of so many names."""

import gc
import multiprocessing
import os
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import count, islice
from pathlib import Path

import msgspec
import numpy as np

from service.names.form import normalise
from service.names.match import DEFAULT_THRESHOLD, NameIndex, warm
from service.names.matching import IndexedName
from tools.bench.arrays import Floats
from tools.bench.plain import digest

# A question shows so many hits, each explained.
HITS = 10
# The first questions fill caches; they are asked and not counted.
_WARM_UP = 50
_STATM = Path("/proc/self/statm")
# By how much further along the second name of a recombined one stands, round after round.
_STRIDE = 7_919


class Names(msgspec.Struct, frozen=True):
    """What is indexed: of `names` so many, at the start, are listed, and at the end, made up."""

    names: tuple[str, ...]
    listed: int
    made: int


class SpeedFigures(msgspec.Struct, frozen=True, kw_only=True):
    """One index: its size, what it took to make, and what a question takes.

    `normalise_s` and `build_s` are CPU seconds for all names, `memory_mb` what the index and the
    comparison forms hold. `p50_us`, `p99_us` and `mean_us` are microseconds of CPU a question:
    its name normalised, the index searched at the default threshold, the first ten hits explained.
    `names_a_second` is how many one core answers.
    """

    names: int
    made: int
    questions: int
    normalise_s: float
    build_s: float
    memory_mb: float
    p50_us: float
    p99_us: float
    mean_us: float
    names_a_second: float


def fill_up(listed: Sequence[str], ordinary: Sequence[str], size: int) -> Names:
    """Exactly `size` names: listed ones, then ordinary ones, then those made of ordinary ones.

    Of too many the first stay. A made name has the first half of one ordinary name's words and
    the second half of another's.

    Raises:
        ValueError: nothing to make names of.
    """
    kept = listed[:size]
    real = (*kept, *ordinary[: size - len(kept)])
    missing = size - len(real)
    if missing and not ordinary:
        raise ValueError(ordinary)
    made = tuple(islice(_recombined(ordinary), missing))
    return Names((*real, *made), len(kept), len(made))


def _recombined(ordinary: Sequence[str]) -> Iterator[str]:
    for step in count(1):
        for place, first in enumerate(ordinary):
            second = ordinary[(place + step * _STRIDE) % len(ordinary)]
            begins, ends = first.split(), second.split()
            yield " ".join((*begins[: (len(begins) + 1) // 2], *ends[len(ends) // 2 :]))


def questions_of(listed: Sequence[str], ordinary: Sequence[str], most: int) -> list[str]:
    """Half listed names with a letter dropped, half ordinary ones, mixed; by the names alone."""
    chosen = sorted(listed, key=digest)[: most // 2]
    asked = [name[:2] + name[3:] for name in chosen]
    asked += sorted(ordinary, key=digest)[: most - len(asked)]
    return sorted(asked, key=digest)


def measure_apart(names: Names, asked: Sequence[str]) -> SpeedFigures:
    """As `measure`, in a process of its own, so that memory is that of this index alone."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as pool:
        return pool.submit(measure, names, asked).result()


def measure(names: Names, asked: Sequence[str]) -> SpeedFigures:
    """Build the index and ask; the machine code of the inner loops is there before."""
    warm()
    gc.collect()
    before = resident_mb()
    started = time.process_time()
    forms = [normalise(name) for name in names.names]
    normalised = time.process_time()
    indexed = [IndexedName(place, 0, "alias", form) for place, form in enumerate(forms)]
    index = NameIndex.build(indexed)
    built = time.process_time()
    del indexed
    gc.collect()
    held = resident_mb() - before
    for name in asked[:_WARM_UP]:
        _ask(index, name)
    spent: Floats = np.array([_ask(index, name) for name in asked], dtype=np.float64)
    return SpeedFigures(
        names=len(index),
        made=names.made,
        questions=len(asked),
        normalise_s=normalised - started,
        build_s=built - normalised,
        memory_mb=held,
        p50_us=float(np.percentile(spent, 50)) * 1e6,
        p99_us=float(np.percentile(spent, 99)) * 1e6,
        mean_us=float(spent.mean()) * 1e6,
        names_a_second=1.0 / float(spent.mean()),
    )


def _ask(index: NameIndex, name: str) -> float:
    """CPU seconds to normalise, search, score and explain the hits."""
    started = time.thread_time()
    form = normalise(name)
    found = index.search(form, lists=None, threshold=DEFAULT_THRESHOLD, limit=HITS)
    for match in found.matches:
        index.explain(form, match.name)
    return time.thread_time() - started


def resident_mb() -> float:
    """Megabytes of memory this process holds now; its peak where the system only knows that."""
    if _STATM.exists():
        pages = int(_STATM.read_text("ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak / 1e3
