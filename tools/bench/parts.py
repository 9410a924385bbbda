"""Where the CPU time of requests goes, by the samples that py-spy takes of a serving process.

    uvx py-spy record --pid PID --duration 30 --rate 200 --format raw --output stacks.txt
    python -m tools.bench.parts stacks.txt

A sample counts for the innermost of its calls that belongs to a part.
"""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import click
from rich.console import Console

from tools.bench.table import table_with

_REST = "event loop, sockets"
# The part of each call: what its file's path has in it, and how its function begins where the file
# has several parts. The first that fits counts.
_PARTS: tuple[tuple[str, str, str], ...] = (
    ("names/match/index.py", "explain", "explaining hits"),
    ("names/match/index.py", "matches", "search"),
    ("names/form/", "", "normalising"),
    ("screening/asked.py", "", "normalising"),
    ("screening/named_numbers.py", "", "normalising"),
    ("measures/", "", "measures and their status"),
    ("screening/trade/restrictions.py", "", "measures and their status"),
    ("screening/written.py", "show", "hits and parties"),
    ("screening/written.py", "", "JSON out"),
    ("api/bodies.py", "_send", "JSON out"),
    ("store/", "", "keeping"),
    ("asyncpg/", "", "keeping"),
    ("screening/kept.py", "", "keeping"),
    ("api/repeats.py", "", "keeping"),
    ("screening/screen.py", "by_name", "search"),
    ("screening/screen.py", "_take", "search"),
    ("screening/screen.py", "by_identifier", "normalising"),
    ("screening/screen.py", "_doubt", "normalising"),
    ("screening/screen.py", "", "hits and parties"),
    ("screening/beside.py", "", "hits and parties"),
    ("screening/found_parties.py", "", "hits and parties"),
    ("screening/standing.py", "", "hits and parties"),
    ("screening/columns.py", "", "hits and parties"),
    ("screening/index.py", "", "hits and parties"),
    ("screening/parties/", "", "hits and parties"),
    ("api/bodies.py", "", "JSON in"),
    ("api/screenings.py", "counterparty_of", "JSON in"),
    ("access/", "", "keys and limits"),
    ("api/access.py", "", "keys and limits"),
    ("app/front.py", "enter", "keys and limits"),
    ("screening/", "", "question and turns"),
    ("api/screenings.py", "", "question and turns"),
    ("litestar/", "", "framework"),
    ("app/", "", "HTTP"),
    ("uvicorn/", "", "HTTP"),
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
