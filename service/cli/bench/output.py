"""Prints the figures of a benchmark as tables."""

from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.table import Table

from service.bench.figures import ALL, JUDGED_BY, Estimate, Level, TrialFigures
from service.bench.http import HttpFigures
from service.bench.labelled import PairFigures
from service.bench.quality import Sighting, TrialReport
from service.bench.speed import SpeedFigures


def print_trial(report: TrialReport, candidates: int) -> None:
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
    if report.peers:
        console.print(
            f"Peers score pairs and have no index: each is given our {candidates} nearest names "
            "a question, and the right entity's always, which favours them."
        )
        console.print(_peers((figures, *report.peers)))
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
    recalls = (_short(level) for level in figures.levels)
    table = _table("Slice, recall at", "Questions", "First", *recalls)
    for name, of in figures.slices.items():
        if name != ALL:
            cells = (_cell(level, name) for level in figures.levels)
            table.add_row(name, f"{of.questions:,}", f"{of.first.value:.3f}", *cells)
    return table


def _peers(compared: Sequence[TrialFigures]) -> Table:
    """One row an engine: its levels beside each other."""
    levels = compared[0].levels
    recalls = (_short(level) for level in levels)
    table = _table("Engine, recall at", *recalls, "alerts", "First", "Pairs/s")
    for each in compared:
        recall = [_cell(level, ALL) for level in each.levels]
        own = f"{each.levels[-1].alert_rate:.2%}" if len(recall) == len(levels) else ""
        recall += [""] * (len(levels) - len(recall))
        pairs = "" if each.pairs_a_second is None else f"{each.pairs_a_second:,.0f}"
        table.add_row(each.engine, *recall, own, f"{each.slices[ALL].first.value:.3f}", pairs)
    return table


def _short(level: Level) -> str:
    return level.name.removesuffix(" alerts")


def _cell(level: Level, name: str) -> str:
    """The recall of a slice; at the level that engines are judged by, with its interval."""
    estimate = level.recall[name]
    return _range(estimate) if level.name == JUDGED_BY else f"{estimate.value:.3f}"


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


def print_speed(indexes: Sequence[SpeedFigures]) -> None:
    """One row an index."""
    console = Console(highlight=False)
    table = _table(
        "Names",
        "Forms s",
        "Build s",
        "MB",
        "p50 µs",
        "p99 µs",
        "Mean µs",
        "Names/s",
    )
    for each in indexes:
        table.add_row(
            f"{each.names:,}",
            f"{each.normalise_s:.2f}",
            f"{each.build_s:.2f}",
            f"{each.memory_mb:,.0f}",
            f"{each.p50_us:,.0f}",
            f"{each.p99_us:,.0f}",
            f"{each.mean_us:,.0f}",
            f"{each.names_a_second:,.0f}",
        )
    console.print(table)
    for each in indexes:
        if each.made:
            console.print(
                f"Of the {each.names:,} names {each.made:,} are recombined from the words of "
                "ordinary names, because the files have no more."
            )


def print_requests(requests: Sequence[HttpFigures]) -> None:
    """The empty endpoint and the screenings, and what share one reaches of the other."""
    table = _table("Request", "Requests", "A second", "A second a core")
    for each in requests:
        table.add_row(
            each.endpoint, f"{each.requests:,}", f"{each.a_second:,.0f}", f"{each.a_core:,.0f}"
        )
    console = Console(highlight=False)
    console.print(table)
    empty, screening = requests
    console.print(f"Screenings reach {screening.a_core / empty.a_core:.1%} of the empty endpoint.")


def _table(*headings: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for place, heading in enumerate(headings):
        is_text = place == 0 or heading in {"Listed", "Category"}
        table.add_column(heading, justify="left" if is_text else "right", overflow="fold")
    return table


def _range(estimate: Estimate) -> str:
    """`0.641 (.626-.656)`: the mean and its interval."""
    low, high = (f"{each:.3f}".removeprefix("0") for each in (estimate.low, estimate.high))
    return f"{estimate.value:.3f} ({low}-{high})"


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
