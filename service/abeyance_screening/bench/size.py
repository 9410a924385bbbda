"""`abeyance bench size`: what an index of very many names costs to build, to map and to ask."""

import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import batched, chain, islice
from pathlib import Path
from typing import NamedTuple

import click
import msgspec
import numpy as np
from rich import box
from rich.console import Console
from rich.table import Table

from abeyance_screening.bench.arrays import Floats, p50_and_p99
from abeyance_screening.bench.plain_folding import digest
from abeyance_screening.bench.reading import ordinary_in, read_parties, sizes_in
from abeyance_screening.bench.speed import WARM_UP, ask, most_watched, questions_of, recombined
from abeyance_screening.engine.lists.bundled import bundled_editions, read_bundled
from abeyance_screening.engine.lists.edition import ListingVersion, packed
from abeyance_screening.engine.lists.listing import Listing, Name
from abeyance_screening.engine.names.match import warm
from abeyance_screening.engine.screening.index.columns import (
    lay_out_listings,
    read_columns,
    write_columns,
)
from abeyance_screening.platform.cli.options import as_json, examples, gathered
from abeyance_screening.platform.cli.output import print_json
from abeyance_screening.primitives.arrays import ScratchSpace, map_arrays, write_arrays
from abeyance_screening.primitives.errors import BadInputError

_SIZES = "100000,1000000,4000000"
_LIST, _BASIS = "made", b"made"
_NAMES_OF_ONE = 5
_ANONYMOUS = "RssAnon:"


class SizeFigures(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of one index.

    `build_s` and `map_s` are seconds of elapsed time: laying out and writing, and checking and
    mapping the file. `build_mb` is the most memory of its own that the building process and those
    beside it had together, `own_mb` that of a process that has mapped the file and answered the
    questions, less what it had before. `p50_us` and `p99_us` are microseconds of CPU for a
    question, as `bench speed` asks it; `hits` is the mean number of names that one finds.
    """

    names: int
    listings: int
    build_s: float
    build_mb: float
    file_mb: float
    map_s: float
    own_mb: float
    p50_us: float
    p99_us: float
    hits: float


class SizeGiven(msgspec.Struct, frozen=True):
    """The arguments of `bench size`."""

    fill: tuple[Path, ...]
    sizes: tuple[int, ...]
    questions: int
    folder: Path | None
    as_json: bool


@click.command(epilog=examples("abeyance bench size --fill gleif.csv --sizes 100000,1000000"))
@click.option(
    "--fill",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    required=True,
    help="Ordinary names to ask for: JSON lines with query, or CSV with LegalName.",
)
@click.option(
    "--sizes", callback=sizes_in, default=_SIZES, show_default=True, help="Names in each index."
)
@click.option(
    "--questions", type=click.IntRange(2), default=1_000, show_default=True, help="Questions."
)
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where the files are written, one kilobyte a name; by default that of temporary files.",
)
@as_json
@gathered(SizeGiven)
def size(given: SizeGiven) -> None:
    """Measure what an index of very many names costs: time, memory and the speed of questions.

    The names are those of the lists that come with the program, then ones recombined from their
    words, five a listing. Each index is laid out as a service does it, written to a file, and
    asked by another process that maps it. Half of the questions are listed names with a letter
    dropped, half are ordinary names. Linux only.
    """
    if not sys.platform.startswith("linux"):
        raise BadInputError("--sizes", "needs Linux, as memory is read from /proc")
    ordinary = ordinary_in("--fill", given.fill)
    listed = _listed()
    asked = questions_of(listed[: min(given.sizes)], ordinary, given.questions)
    figures = [measure(listed, each, asked, given.folder) for each in given.sizes]
    if given.as_json:
        print_json(figures)
    else:
        print_sizes(figures)


def print_sizes(indexes: Sequence[SizeFigures]) -> None:
    """Print the figures of indexes, a row for each."""
    headings = ("Names", "Build s", "Build MB", "File MB", "Map s", "Own MB", "p50 µs", "p99 µs")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in (*headings, "Hits"):
        table.add_column(heading, justify="right")
    for each in indexes:
        table.add_row(
            f"{each.names:,}",
            f"{each.build_s:,.1f}",
            f"{each.build_mb:,.0f}",
            f"{each.file_mb:,.0f}",
            f"{each.map_s:,.2f}",
            f"{each.own_mb:,.0f}",
            f"{each.p50_us:,.0f}",
            f"{each.p99_us:,.0f}",
            f"{each.hits:,.1f}",
        )
    Console(highlight=False).print(table)


def measure(
    listed: Sequence[str], count: int, names: Sequence[str], folder: Path | None
) -> SizeFigures:
    """Build an index of so many names in one process, and ask it in another."""
    with tempfile.TemporaryDirectory(prefix="abeyance-", dir=folder) as made:
        path = Path(made) / "index"
        build_s, build_mb = _apart(_build, listed, count, path)
        file_mb = path.stat().st_size / 1e6
        answered = _apart(_map_and_ask, path, names)
    p50_us, p99_us = p50_and_p99(answered.spent, 1e6)
    return SizeFigures(
        names=answered.names,
        listings=answered.listings,
        build_s=build_s,
        build_mb=build_mb,
        file_mb=file_mb,
        map_s=answered.map_s,
        own_mb=answered.own_mb,
        p50_us=p50_us,
        p99_us=p99_us,
        hits=answered.hits,
    )


def _listed() -> list[str]:
    """Return the names of the lists that come with the program, each once."""
    names = dict.fromkeys(
        name.text
        for edition in bundled_editions()
        for party in read_parties(read_bundled(edition), edition.source)
        for name in party.names
    )
    return sorted(names, key=digest)


def _apart[**P, R](work: Callable[P, R], *given: P.args, **named: P.kwargs) -> R:
    """Do work in a new process, the memory of which is that of the work alone."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as pool:
        return pool.submit(work, *given, **named).result()


def _build(listed: Sequence[str], count: int, path: Path) -> tuple[float, float]:
    """Lay out and write an index; return the seconds, and the most megabytes of memory."""
    warm()
    with most_watched(_with_children_mb) as most:
        started, before = time.monotonic(), most[0]
        columns = lay_out_listings(_versions(listed, count), room=ScratchSpace(path.parent))
        write_arrays(path, _BASIS, write_columns(columns))
        return time.monotonic() - started, most[0] - before


def _versions(listed: Sequence[str], count: int) -> Iterator[ListingVersion]:
    """Yield made listings in order of id, which have so many names together."""
    names = islice(chain(listed, recombined(listed)), count)
    for number, some in enumerate(batched(names, _NAMES_OF_ONE, strict=False)):
        listing = Listing(
            id=f"{_LIST}-{number:09}",
            list_code=_LIST,
            names=tuple(
                Name(text=text, kind="alias" if place else "primary")
                for place, text in enumerate(some)
            ),
        )
        yield ListingVersion(
            listing_id=listing.id,
            list_code=_LIST,
            source="own",
            first_edition=1,
            until_edition=None,
            body=packed(msgspec.json.encode(listing)),
        )


class _LoadAnswered(NamedTuple):
    """What a process found that mapped an index and asked it; `spent` are seconds a question."""

    names: int
    listings: int
    map_s: float
    own_mb: float
    spent: Floats
    hits: float


def _map_and_ask(path: Path, names: Sequence[str]) -> _LoadAnswered:
    """Map an index and ask it."""
    warm()
    before, started = own_mb(), time.monotonic()
    columns = read_columns(map_arrays(path, _BASIS))
    mapped = time.monotonic() - started
    for name in names[:WARM_UP]:
        ask(columns.names, name)
    answers = [ask(columns.names, name) for name in names]
    return _LoadAnswered(
        names=len(columns.names),
        listings=columns.listing_count,
        map_s=mapped,
        own_mb=own_mb() - before,
        spent=np.array([spent for spent, _ in answers], dtype=np.float64),
        hits=sum(hits for _, hits in answers) / len(answers),
    )


# --- Memory of its own that a process has, not what it maps from files.


def own_mb(pid: int | str = "self") -> float:
    """Return the anonymous memory of a process in MB; that of one that has ended is 0."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith(_ANONYMOUS)) / 1e3


def _with_children_mb() -> float:
    """Return the anonymous memory of this process and its children in MB."""
    return own_mb() + sum(map(own_mb, _children()))


def _children() -> list[str]:
    """Return the ids of the processes that this one has started."""
    found = list[str]()
    for path in Path(f"/proc/{os.getpid()}/task").glob("*/children"):
        try:
            found += path.read_text("ascii").split()
        except OSError:
            continue
    return found
