"""Lists, loads and editions as tables on the terminal."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import click
from rich.table import Table

from abeyance_screening.engine.lists.load import LoadReport
from abeyance_screening.engine.screening.answer import EditionCoverage, ListAnswer
from abeyance_screening.engine.screening.coverage_line import STATES
from abeyance_screening.platform.cli.output import (
    Terminal,
    print_table,
    table_of_lists,
)

_STATE_STYLES = {"fresh": "green", "kept": "yellow", "missing": "dim"}


def print_lists(lists: Iterable[ListAnswer]) -> None:
    """Print lists as a table, one row a publication, and below it why a list is not fresh."""
    table = table_of_lists("List", "State", "Role", "Published", "Age, days", "Entries", "From")
    reasons: dict[str, list[str]] = {}
    for each in lists:
        covered = each.coverage
        editions = sorted(each.editions, key=lambda edition: edition.source != covered.source)
        for place, edition in enumerate(editions):
            code = covered.code if place == 0 else ""
            source = "" if edition.source == covered.code else edition.source
            style = _STATE_STYLES.get(edition.state)
            state, *cells = _edition_cells(edition)
            role = covered.role if place == 0 else ""
            table.add_row(code, state, role, *cells, source, style=style)
            if edition.reason is not None:
                reason = f"{STATES[edition.state]}: {edition.reason}"
                reasons.setdefault(reason, []).append(covered.code)
    _print_with_reasons(table, reasons)


def print_loads(reports: Iterable[LoadReport]) -> None:
    """Print the outcome for each list as a table, and below it why a list was not loaded."""
    table = table_of_lists("List", "Outcome", "Published", "Entries", "Changes", "From")
    reasons: dict[str, list[str]] = {}
    for report in reports:
        table.add_row(
            report.list_code,
            report.outcome,
            str(report.published_on or ""),
            f"{report.entry_count:,}",
            _changes(report),
            "" if report.source == report.list_code else report.source,
        )
        if report.in_full is not None:
            reasons.setdefault(f"{report.outcome}: {report.in_full}", []).append(report.list_code)
    _print_with_reasons(table, reasons)


def print_history(reports: Sequence[LoadReport]) -> None:
    """Print how many editions of each list were loaded as history, and each that was refused."""
    table = table_of_lists("List", "Loaded", "There already", "Refused", "From", "To", "Changes")
    for code in dict.fromkeys(report.list_code for report in reports):
        of_list = [report for report in reports if report.list_code == code]
        loaded = [report for report in of_list if report.outcome == "loaded"]
        outcomes = Counter(report.outcome for report in of_list)
        days = [report.published_on for report in loaded if report.published_on is not None]
        table.add_row(
            code,
            *(f"{outcomes[each]:,}" for each in ("loaded", "unchanged", "refused")),
            str(min(days, default="")),
            str(max(days, default="")),
            f"{sum(each.listed + each.changed + each.gone for each in loaded):,}",
        )
    print_table(table)
    for report in reports:
        if report.outcome == "refused":
            click.echo(f"{report.list_code}: refused: {report.reason}")


def _edition_cells(edition: EditionCoverage) -> tuple[str, ...]:
    return (
        edition.state.replace("_", " "),
        str(edition.published_on or ""),
        "" if edition.age_days is None else f"{edition.age_days:,}",
        "" if edition.entry_count is None else f"{edition.entry_count:,}",
    )


def _print_with_reasons(table: Table, reasons: Mapping[str, Sequence[str]]) -> None:
    """Print a table, and below it each reason once, with the codes of its lists."""
    console = Terminal()
    print_table(table, console)
    for reason, codes in reasons.items():
        lines = f"{', '.join(dict.fromkeys(codes))}\n  {reason}"
        console.print(lines, highlight=False, markup=False)


def _changes(report: LoadReport) -> str:
    """Write the counts as `3 listed, 12 changed`, empty if nothing changed."""
    counts = {"listed": report.listed, "changed": report.changed, "gone": report.gone}
    return ", ".join(f"{count:,} {word}" for word, count in counts.items() if count)
