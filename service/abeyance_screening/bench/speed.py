"""Measure CPU time, memory and building time of an index of a given size."""

import gc
import multiprocessing
import os
import resource
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from itertools import count, islice
from pathlib import Path

import msgspec
import numpy as np

from abeyance_screening.bench.arrays import Floats, p50_and_p99
from abeyance_screening.bench.plain_folding import digest
from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.match import DEFAULT_THRESHOLD, NameIndex, warm
from abeyance_screening.engine.names.match_types import IndexedName

# The hits of a question that are explained.
HITS = 10
# The first questions fill caches and are not counted.
WARM_UP = 50
_LOOK_EVERY_S = 0.1
# The distance between the two names of a recombined one, which grows by this in each round.
_STRIDE = 7_919


class SpeedNames(msgspec.Struct, frozen=True):
    """The names to index: the first `listed` are listed names, the last `made` are recombined."""

    names: tuple[str, ...]
    listed: int
    made: int


class SpeedFigures(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of one index: its size, the cost of building it, and that of a question.

    `normalise_s` and `build_s` are CPU seconds for all names, and `memory_mb` is the memory of the
    index and the comparison forms. `p50_us`, `p99_us` and `mean_us` are microseconds of CPU to
    normalise a name, search at the default threshold, and explain the first ten hits.
    `names_a_second` are the questions that one core answers.
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


def fill_up(listed: Sequence[str], ordinary: Sequence[str], size: int) -> SpeedNames:
    """Return exactly `size` names: listed ones, then ordinary ones, then recombined ones.

    A recombined name has the first half of one ordinary name's words and the second half of
    another's.

    Raises:
        ValueError: There are too few names, and no ordinary ones to recombine.
    """
    kept = listed[:size]
    real = (*kept, *ordinary[: size - len(kept)])
    missing = size - len(real)
    if missing and not ordinary:
        raise ValueError(ordinary)
    made = tuple(islice(recombined(ordinary), missing))
    return SpeedNames((*real, *made), len(kept), len(made))


def recombined(ordinary: Sequence[str]) -> Iterator[str]:
    """Yield names without end, each made of the words of two of these."""
    for step in count(1):
        for place, first in enumerate(ordinary):
            second = ordinary[(place + step * _STRIDE) % len(ordinary)]
            begins, ends = first.split(), second.split()
            yield " ".join((*begins[: (len(begins) + 1) // 2], *ends[len(ends) // 2 :]))


def questions_of(listed: Sequence[str], ordinary: Sequence[str], most: int) -> list[str]:
    """Return `most` questions, mixed: listed names with a letter dropped, and ordinary ones."""
    chosen = sorted(listed, key=digest)[: most // 2]
    asked = [name[:2] + name[3:] for name in chosen]
    asked += sorted(ordinary, key=digest)[: most - len(asked)]
    return sorted(asked, key=digest)


def measure_apart(names: SpeedNames, asked: Sequence[str]) -> SpeedFigures:
    """Call `measure` in a new process, so that the memory is that of this index alone."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as pool:
        return pool.submit(measure, names, asked).result()


def measure(names: SpeedNames, asked: Sequence[str]) -> SpeedFigures:
    """Build an index and ask it; the compilation of the kernel is not counted."""
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
    for name in asked[:WARM_UP]:
        ask(index, name)
    spent: Floats = np.array([ask(index, name)[0] for name in asked], dtype=np.float64)
    p50_us, p99_us = p50_and_p99(spent, 1e6)
    return SpeedFigures(
        names=len(index),
        made=names.made,
        questions=len(asked),
        normalise_s=normalised - started,
        build_s=built - normalised,
        memory_mb=held,
        p50_us=p50_us,
        p99_us=p99_us,
        mean_us=float(spent.mean()) * 1e6,
        names_a_second=1.0 / float(spent.mean()),
    )


def ask(index: NameIndex, name: str) -> tuple[float, int]:
    """Return the CPU seconds to normalise, search, score and explain a name, and its hits."""
    started = time.thread_time()
    form = normalise(name)
    found = index.search(form, lists=None, threshold=DEFAULT_THRESHOLD, limit=HITS)
    for match in found.matches:
        index.explain(form, match.name)
    return time.thread_time() - started, found.total


@contextmanager
def most_watched(now: Callable[[], float]) -> Generator[list[float]]:
    """Yield the most that `now` has returned, which is looked at ten times a second."""
    most, stopped = [now()], threading.Event()

    def watch() -> None:
        while not stopped.wait(_LOOK_EVERY_S):
            most[0] = max(most[0], now())

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield most
    finally:
        stopped.set()
        watching.join()


def resident_mb(pid: int | str = "self") -> float:
    """Return the memory of a process in MB; its own peak where the system has only that."""
    statm = Path(f"/proc/{pid}/statm")
    if statm.exists():
        pages = int(statm.read_text("ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak / 1e3
