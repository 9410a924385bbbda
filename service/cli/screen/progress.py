"""How far a screening of a table has come, shown on a terminal and nowhere else."""

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from service.sheet import Counts


@contextmanager
def showing_progress(rows: int) -> Generator[Callable[[int, Counts], None]]:
    """Takes how many rows are done with their counts, and draws a bar on standard error.

    Where that is no terminal nothing is drawn.
    """
    console = Console(stderr=True)
    if not sys.stderr.isatty():
        yield lambda _done, _counts: None
        return
    columns = (
        BarColumn(bar_width=None),
        TextColumn("{task.description}"),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=console, transient=True, expand=True) as progress:
        task = progress.add_task(_said(0, rows, Counts(), None), total=rows)

        def told(done: int, counts: Counts) -> None:
            speed = progress.tasks[0].speed
            progress.update(task, completed=done, description=_said(done, rows, counts, speed))

        yield told


def counts_in_words(counts: Counts) -> str:
    """`31 with hits, 4 unreadable`, whatever there is of it."""
    said = (
        (counts.hits, "with hits"),
        (counts.owner_hits, "with hits of owners"),
        (counts.no_hits, "without"),
        (counts.incomplete, "of which nothing can be said"),
        (counts.unreadable, "unreadable"),
    )
    return ", ".join(f"{count:,} {words}" for count, words in said if count) or "none done"


def _said(done: int, rows: int, counts: Counts, speed: float | None) -> str:
    rate = "" if speed is None else f", {speed:,.0f} rows/s"
    hits = counts.hits + counts.owner_hits
    return f"{done:,} of {rows:,} rows, {hits:,} with hits, {counts.unreadable:,} unreadable{rate}"
