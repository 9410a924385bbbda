"""What the commands print: tables for people, JSON for machines."""

from collections import Counter
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import BinaryIO

import click
import msgspec
from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from service.disk import whole_file
from service.errors import BadInputError
from service.lists.load import LoadReport
from service.measures.arrival import BundleReport, RegisterState
from service.measures.status import ByStatus, MeasureOnDay, StatusWord
from service.screening.answer import EditionCoverage, ListAnswer
from service.screening.trade.transaction import FactMet
from service.wording import (
    badge,
    badge_ahead,
    day_in_words,
    lapse_in_words,
    measure_title,
    notes,
    sentence,
)
from service.wording.answers import STATES
from service.wording.notes import own_day_of

_STYLES: ByStatus[str] = {
    "not_known": "dim",
    "not_yet_made": "dim",
    "announced": "cyan",
    "published_not_effective": "cyan",
    "in_force": "bold red",
    "in_force_eased": "yellow",
    "partly_suspended": "yellow",
    "suspended": "blue",
    "in_force_not_enforced": "red",
    "court_stayed": "blue",
    "in_force_by_lapse": "red",
    "ended": "dim",
    "ended_by_term_unconfirmed": "dim",
    "unknown": "red",
    "eased_by_licence": "yellow",
    "authorisation_lapsed_unconfirmed": "dim",
}
_COLUMNS_OF_CODES = {"List", "From", "Source"}
# A width into which any table fits.
_UNBOUNDED = 10_000
_NUMERIC_COLUMNS = {"Age, days", "Entries", "kB"}
_STATE_STYLES = {"fresh": "green", "kept": "yellow", "missing": "dim"}


@contextmanager
def whole_results(out: Path) -> Generator[BinaryIO]:
    """Open a file for results, which is there when they are complete and not before.

    Raises:
        BadInputError: The file cannot be written.
    """
    try:
        # an unfinished one that an ended command has left is written over by the next
        with whole_file(out, out.with_name(f".{out.name}.part")) as file:
            yield file
    except OSError as error:
        raise BadInputError("--out", f"cannot be written: {error.strerror}") from None


def print_json(value: object) -> None:
    """Print a value as indented JSON."""
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def write_file(path: Path, option: str, content: bytes) -> None:
    """Write a file.

    Raises:
        BadInputError: The file cannot be written; the field is `option`, which named it.
    """
    try:
        path.write_bytes(content)
    except OSError as error:
        raise BadInputError(option, f"{path} cannot be written: {error.strerror}") from None


def style_of(status: StatusWord | None) -> str:
    """Return the colour of a status, empty for None.

    Red restricts, yellow is eased, blue is suspended, cyan is yet to begin, dim is over.
    """
    if status is None:
        return ""
    return _STYLES[status]


def status_text(measure: MeasureOnDay, as_of: date) -> Text:
    """Return the badge of a measure's status, in its colour.

    Below the badge is the day of the status, if it is not the day asked about.
    """
    text = Text(badge(measure), style=style_of(measure.status))
    own = own_day_of(measure, as_of)
    return text if own is None else text.append(f"\n{own.line}", style="not bold")


def fact_in_words(fact: FactMet) -> str:
    """Write a fact of a transaction and what it meets: `284690, by hs 2846: rare earths`."""
    if fact.by is None:
        return f"{fact.fact.replace('_', ' ')} {fact.given.replace('_', ' ')}"
    return f"{fact.given}, by {fact.by.replace('_', ' ')} {fact.meets}: {fact.item_class}"


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


def table_of_lists(*headings: str) -> Table:
    """Return a table that keeps codes on one line, with numbers aligned to the right."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        justify = "right" if heading in _NUMERIC_COLUMNS else "left"
        is_code = heading in _COLUMNS_OF_CODES
        table.add_column(heading, no_wrap=is_code, justify=justify, overflow="fold")
    return table


def print_table(table: Table, console: Console | None = None) -> None:
    """Print a table, and cut nothing, however narrow the terminal is.

    Where its columns do not fit although they fold at words, its lines are longer than the
    terminal's: codes and ids are there to be copied.
    """
    console = console or Console()
    for column in table.columns:
        cells = [str(cell) for cell in (column.header, *column.cells)]
        words = cells if column.no_wrap else [word for cell in cells for word in cell.split()]
        column.min_width = max(map(len, words), default=0)
    least = Measurement.get(console, console.options.update(width=_UNBOUNDED), table).minimum
    if least > console.width:
        table.width = least
    console.print(table, crop=False)


def table_of(*headings: str, whole: str | None = None) -> Table:
    """Return a table whose cells fold where they do not fit; the column `whole` never does."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        if heading == whole:
            table.add_column(heading, no_wrap=True)
        else:
            table.add_column(heading, overflow="fold")
    return table


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


def bundle_line(report: BundleReport) -> str:
    """Write the outcome of fetching a register bundle as one line."""
    words = f"Register bundle: {report.outcome}"
    if report.revision is not None:
        words = f"{words}, revision {report.revision:,}"
    if report.not_newer:
        codes = ", ".join(report.not_newer)
        words = f"{words}; left alone, no newer than the current edition: {codes}"
    reason = report.detail or report.reason
    return words if reason is None else f"{words}: {reason}"


def register_line(state: RegisterState) -> str:
    """Write which register is in force as one line, and why a newer one was not taken up."""
    source = "this program" if state.made_at is None else f"a bundle of {state.made_at.date()}"
    words = f"Register: revision {state.revision:,}, from {source}."
    last = state.last_fetch
    if last is None or last.reason is None:
        return words
    return f"{words} The last bundle was {last.outcome} on {last.tried_at.date()}: {last.reason}"


def print_measures(measures: Iterable[MeasureOnDay], as_of: date) -> None:
    """Print measures as a table with their status on the day asked about."""
    Console().print(f"On {day_in_words(as_of)}:", highlight=False)
    table = Table()
    for heading in ("Measure", "Status", "What it means", "Citation"):
        table.add_column(heading, overflow="fold")
    for measure in measures:
        table.add_row(
            f"{measure.id}\n{measure_title(measure.id, measure.title)}",
            _status_and_next(measure, as_of),
            sentence(measure),
            measure.citation,
        )
    print_table(table)


def _edition_cells(edition: EditionCoverage) -> tuple[str, ...]:
    return (
        edition.state.replace("_", " "),
        str(edition.published_on or ""),
        "" if edition.age_days is None else f"{edition.age_days:,}",
        "" if edition.entry_count is None else f"{edition.entry_count:,}",
    )


def _print_with_reasons(table: Table, reasons: Mapping[str, Sequence[str]]) -> None:
    """Print a table, and below it each reason once, with the codes of its lists."""
    console = Console()
    print_table(table, console)
    for reason, codes in reasons.items():
        lines = f"{', '.join(dict.fromkeys(codes))}\n  {reason}"
        console.print(lines, highlight=False, markup=False)


def _changes(report: LoadReport) -> str:
    """Write the counts as `3 listed, 12 changed`, empty if nothing changed."""
    counts = {"listed": report.listed, "changed": report.changed, "gone": report.gone}
    return ", ".join(f"{count:,} {word}" for word, count in counts.items() if count)


def _status_and_next(measure: MeasureOnDay, as_of: date) -> Text:
    """Return the status of a measure, and below it its next change, its lapse and its doubts."""
    text = status_text(measure, as_of)
    ended = lapse_in_words(measure)
    if ended is not None:
        text.append(f"\n{ended}", style="not bold dim")
    if measure.next_change_on is not None and measure.next_change_to is not None:
        becomes = badge_ahead(measure.next_change_to)
        text.append(f"\n{day_in_words(measure.next_change_on)}: {becomes}", style="not bold dim")
    for note in notes(measure):
        if note.kind in {"disputed", "announced"}:
            text.append(f"\n{note.line}", style="not bold dim")
    return text
