"""Where the CPU time of requests goes, by the samples that py-spy takes of a serving process.

    uvx py-spy record --pid PID --duration 30 --rate 200 --format raw --output stacks.txt
    python -m abeyance_screening.bench.cpu_shares stacks.txt

A sample counts for the innermost of its calls that belongs to a part.
"""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import click
from rich.console import Console

from abeyance_screening.bench.table import table_with

_REST = "sockets, HTTP, routing"
# The part of each call: what its file's path has in it, and how its function begins where the file
# has several parts. The first that fits counts.
_PARTS: tuple[tuple[str, str, str], ...] = (
    ("engine/names/match/index.py", "explain", "explaining hits"),
    ("engine/names/match/index.py", "matches", "search and score"),
    ("engine/names/form/", "", "making the name comparable"),
    ("screening/name_variants.py", "", "making the name comparable"),
    ("engine/measures/", "", "measures and their status"),
    ("screening/trade/restrictions.py", "", "measures and their status"),
    ("screening/answer_json.py", "show", "listings and parties of the hits"),
    ("screening/answer_json.py", "", "JSON out"),
    ("http/bodies.py", "_send", "JSON out"),
    ("platform/stores/", "", "keeping the answer"),
    ("platform/postgres/", "", "keeping the answer"),
    ("asyncpg/", "", "keeping the answer"),
    ("screening/storage.py", "", "keeping the answer"),
    ("http/idempotent.py", "", "keeping the answer"),
    ("screening/screen.py", "by_name", "search and score"),
    ("screening/screen.py", "_take", "search and score"),
    ("screening/screen.py", "by_identifier", "making the name comparable"),
    ("screening/screen.py", "_doubt", "making the name comparable"),
    ("screening/screen.py", "", "listings and parties of the hits"),
    ("screening/corroboration.py", "", "listings and parties of the hits"),
    ("screening/applicable_versions.py", "", "listings and parties of the hits"),
    ("screening/index/columns.py", "", "listings and parties of the hits"),
    ("screening/index/", "", "listings and parties of the hits"),
    ("screening/parties/", "", "listings and parties of the hits"),
    ("http/bodies.py", "", "JSON in"),
    ("platform/access/", "", "keys and limits"),
    ("http/entrance.py", "", "keys and limits"),
    ("http/middleware.py", "enter", "keys and limits"),
    ("engine/screening/", "", "checking the question, turns"),
    ("features/screen/api.py", "", "checking the question, turns"),
    ("fair_scheduler.py", "", "checking the question, turns"),
    ("litestar/", "", _REST),
    ("platform/http/", "", _REST),
    ("uvicorn/", "", _REST),
)


@click.command()
@click.argument("stacks", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def main(stacks: Path) -> None:
    """Print the share of each part in the samples of the file STACKS."""
    parts = parts_of(stacks.read_text("utf-8").splitlines())
    table, total = table_with("Part", "Share", "Samples"), parts.total()
    for part, samples in parts.most_common():
        table.add_row(part, f"{samples / total:.1%}", f"{samples:,}")
    Console(highlight=False).print(table)


def parts_of(stacks: Iterable[str]) -> Counter[str]:
    """Count the samples of each part; a line is `call;call;… samples`, the innermost call last.

    Samples of other threads than the one that answers are left out.
    """
    parts = Counter[str]()
    for line in stacks:
        calls, _, samples = line.rpartition(" ")
        if "uvicorn" in calls:
            parts[_part_of(calls.split(";"))] += int(samples)
    return parts


def _part_of(calls: list[str]) -> str:
    for call in reversed(calls):
        function, _, place = call.partition(" (")
        for file, name, part in _PARTS:
            if file in place and function.rpartition(".")[2].startswith(name):
                return part
    return _REST


if __name__ == "__main__":
    main()
