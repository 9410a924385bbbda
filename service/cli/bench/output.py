"""Prints the figures of a benchmark as tables."""

from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.table import Table

from service.bench.figures import ALL, Estimate, Level, TrialFigures
from service.bench.labelled import PairFigures
from service.bench.quality import Sighting, TrialReport


def print_trial(report: TrialReport) -> None:
    """A trial: what each threshold brings, then by slice, then the names to look at."""
    console = Console(highlight=False)
    figures = report.figures
    whole = figures.slices[ALL]
    console.print(
        f"[bold]{figures.trial}[/bold], {figures.engine}: {whole.questions:,} questions about "
        f"{figures.entities:,} entities, {figures.names:,} names indexed, "
        f"{figures.ordinary:,} ordinary companies; right entity first {_range(whole.first)}"
    )
    console.print(_levels(figures.levels))
    console.print(_slices(figures))
    _print_sightings(console, "Ordinary, highest", report.highest_ordinary)
    _print_sightings(console, "Missed at 1 % alerts", report.missed)


def _levels(levels: Iterable[Level]) -> Table:
    table = _table("Threshold", "Score", "Alerts", "Recall", "Entities a question")
    for level in levels:
        table.add_row(
            level.name,
            f"{level.threshold:.3f}",
            f"{level.alert_rate:.2%}",
            _range(level.recall[ALL]),
            f"{level.entities_a_query.value:.2f}",
        )
    return table


def _slices(figures: TrialFigures) -> Table:
    recalls = (f"Recall, {level.name}" for level in figures.levels)
    table = _table("Slice", "Questions", "Right first", *recalls)
    for name, of in figures.slices.items():
        if name != ALL:
            cells = (_range(level.recall[name]) for level in figures.levels)
            table.add_row(name, f"{of.questions:,}", f"{of.first.value:.3f}", *cells)
    return table


def _print_sightings(console: Console, title: str, sightings: Sequence[Sighting]) -> None:
    if sightings:
        table = _table(title, "Listed", "Score")
        for each in sightings:
            table.add_row(each.asked, each.listed, f"{each.score:.3f}")
        console.print(table)


def print_pairs(figures: Iterable[PairFigures]) -> None:
    """Labelled pairs, one row a category of each file."""
    table = _table("Pairs", "Category", "Matches", "Recall", "Others", "Alerts", "AUC")
    for each in figures:
        table.add_row(
            each.name if each.category == ALL else "",
            each.category,
            f"{each.matches:,}",
            _share(each.recall),
            f"{each.others:,}",
            _share(each.false_share),
            _share(each.auc),
        )
    Console(highlight=False).print(table)


def _table(*headings: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for place, heading in enumerate(headings):
        is_text = place == 0 or heading in {"Listed", "Category"}
        table.add_column(heading, justify="left" if is_text else "right", overflow="fold")
    return table


def _range(estimate: Estimate) -> str:
    return f"{estimate.value:.3f} ({estimate.low:.3f}-{estimate.high:.3f})"


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
