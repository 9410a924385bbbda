"""`abeyance bench speed`: CPU and memory of the index, and requests a second."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import msgspec

from service.bench.http import HttpFigures, get, load, post
from service.bench.plain import digest
from service.bench.reading import read_ordinary
from service.bench.speed import SpeedFigures, fill_up, measure_apart, questions_of
from service.cli.bench.files import given_file, listed_parties
from service.cli.bench.output import print_requests, print_speed
from service.cli.bench.server import running_service
from service.cli.options import as_json, examples, gathered
from service.cli.output import print_json
from service.model.errors import BadInputError

_SIZES = (10_000, 100_000, 1_000_000)
# Ordinary names to ask and to fill up with; of fewer, what is made would all be alike.
_FEWEST = 100
_EMPTY = "GET /healthz"
_SCREENING = "POST /v1/screenings"


class SpeedGiven(msgspec.Struct, frozen=True):
    """What was given on the command line."""

    listed: tuple[str, ...]
    fill: tuple[Path, ...]
    sizes: tuple[int, ...]
    questions: int
    http: bool
    http_seconds: float
    keep_screenings: bool
    as_json: bool


class SpeedReport(msgspec.Struct, frozen=True):
    """What `--json` prints; `share` is that of the empty endpoint's requests a core."""

    indexes: tuple[SpeedFigures, ...]
    requests: tuple[HttpFigures, ...]
    share: float | None


def _sizes(_ctx: click.Context, _param: click.Parameter, value: str) -> tuple[int, ...]:
    """Whole numbers above 0, parted by commas."""
    sizes = value.split(",")
    if not all(size.isascii() and size.isdigit() and int(size) > 0 for size in sizes):
        raise click.BadParameter(value)
    return tuple(map(int, sizes))


@click.command(
    epilog=examples(
        "abeyance bench speed --listed us_csl --listed un_sc --fill gleif.csv",
        "abeyance bench speed --listed us_csl --fill gleif.csv --sizes 100000 --no-http",
    )
)
@click.option(
    "--listed", multiple=True, required=True, metavar="LIST", help="A list to index. Repeatable."
)
@click.option(
    "--fill",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    required=True,
    help="Ordinary names to fill up with: JSON lines with query, or CSV with LegalName.",
)
@click.option(
    "--sizes",
    callback=_sizes,
    default=",".join(map(str, _SIZES)),
    show_default=True,
    help="Names in each index.",
)
@click.option(
    "--questions", type=click.IntRange(2), default=1_000, show_default=True, help="To be asked."
)
@click.option("--http/--no-http", default=True, show_default=True, help="Measure requests too.")
@click.option(
    "--http-seconds", type=click.FloatRange(0.1), default=10.0, show_default=True, help="Each."
)
@click.option(
    "--keep-screenings/--no-keep-screenings",
    default=True,
    show_default=True,
    help="Whether the service stores each screening, as it does if not told otherwise.",
)
@as_json
@gathered(SpeedGiven)
def speed(given: SpeedGiven) -> None:
    """Measure CPU, memory and building time of the index, and requests a second.

    LIST is what `bench quality` takes. Each index is built in a process of its own, out of listed
    names, then ordinary ones, then names recombined from the words of ordinary ones. Half of the
    questions are listed names with a letter dropped, half are ordinary names that are not indexed.
    Requests go to a service with the lists that come with the program; beside its screenings
    stands an empty endpoint in the same run. `a core` counts by the CPU seconds of the service.
    """
    listed = [
        name.text for party in listed_parties("--listed", given.listed) for name in party.names
    ]
    ordinary = [name for path in given.fill for name in read_ordinary(given_file(path))]
    if len(ordinary) < _FEWEST:
        raise BadInputError("--fill", f"{len(ordinary)} names; {_FEWEST} are needed at least")
    ordinary.sort(key=digest)
    half = min(given.questions, len(ordinary)) // 2
    kept_back, fill = ordinary[:half], ordinary[half:]
    asked = questions_of(listed, kept_back, given.questions)
    indexes = list[SpeedFigures]()
    for size in given.sizes:
        names = fill_up(sorted(listed, key=digest), fill, size)
        indexes.append(measure_apart(names, asked))
    if not given.as_json:
        print_speed(indexes)
    requests = tuple(_requests(asked, given)) if given.http else ()
    share = requests[1].a_core / requests[0].a_core if requests else None
    if given.as_json:
        print_json(SpeedReport(tuple(indexes), requests, share))
    elif requests:
        print_requests(requests)


def _requests(asked: Sequence[str], given: SpeedGiven) -> Iterator[HttpFigures]:
    if not sys.platform.startswith("linux"):
        raise BadInputError("--http", "a server's CPU seconds are read from /proc; use --no-http")
    bodies = [msgspec.json.encode({"counterparties": [{"name": name}]}) for name in asked]
    screenings = [post("/v1/screenings", body) for body in bodies]
    with running_service(keep_screenings=given.keep_screenings) as service:
        where = (service.port, service.pid, given.http_seconds)
        yield load(_EMPTY, [get("/healthz")] * len(screenings), *where)
        yield load(_SCREENING, screenings, *where)
