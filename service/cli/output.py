"""What the commands print: tables for people, JSON for machines."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

import click
import msgspec
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from service.errors import BadInputError
from service.lists.load import LoadReport
from service.measures.on_day import MeasureOnDay
from service.measures.status import BITES
from service.screening.answer import EditionCoverage, ListAnswer
from service.screening.trade.transaction import FactMet
from service.wording import badge, day_in_words, measure_title, notes, plain_badge, sentence
from service.wording.answers import STATES
from service.wording.notes import own_day_of

# --- A status on a terminal: its badge in its colour, and its own day where that is another one.

_STYLES = {
    "in_force": "bold red",
    "in_force_eased": "yellow",
    "partly_suspended": "yellow",
    "suspended": "blue",
    "court_stayed": "blue",
    "published_not_effective": "cyan",
    "announced": "cyan",
    "eased_by_licence": "yellow",
}


def style_of(status: str | None) -> str:
    """Red for what bites, amber for what is eased, blue for what sleeps, grey for what is over."""
    if status is None:
        return ""
    return _STYLES.get(status, "red" if status in BITES else "dim")


def status_text(measure: MeasureOnDay, asked: date) -> Text:
    """The badge, and below it the day of the status where the answer is about another day."""
    text = Text(badge(measure), style=style_of(measure.status))
    own = own_day_of(measure, asked)
    return text if own is None else text.append(f"\n{own.line}", style="not bold")


_NUMBERS = {"Age, days", "Entries"}
_STATE_STYLES = {"fresh": "green", "kept": "yellow", "missing": "dim"}


def print_json(value: object) -> None:
    """JSON on standard output, indented."""
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def _status(measure: MeasureOnDay, asked: date) -> Text:
    text = status_text(measure, asked)
    if measure.next_change_on is not None and measure.next_change_to is not None:
        becomes = plain_badge(measure.next_change_to)
        text.append(f"\n{day_in_words(measure.next_change_on)}: {becomes}", style="not bold dim")
    for note in notes(measure):
        if note.kind == "disputed":
            text.append(f"\n{note.line}", style="not bold dim")
    return text


def write_file(path: Path, option: str, content: bytes) -> None:
    """A file written whole.

    Raises:
        BadInputError: It cannot be written; the field is the option that names it.
    """
    try:
        path.write_bytes(content)
    except OSError as error:
        raise BadInputError(option, f"{path} cannot be written: {error.strerror}") from None


def print_lists(lists: Iterable[ListAnswer]) -> None:
    """Lists as a table, one row a publication of each, and below it why any is not fresh."""
    table = _table_of_lists("List", "State", "Published", "Age, days", "Entries", "From")
    reasons: dict[str, list[str]] = {}
    for each in lists:
        covered = each.coverage
        editions = sorted(each.editions, key=lambda edition: edition.source != covered.source)
        for place, edition in enumerate(editions):
            code = covered.code if place == 0 else ""
            source = "" if edition.source == covered.code else edition.source
            style = _STATE_STYLES.get(edition.state)
            table.add_row(code, *_edition_cells(edition), source, style=style)
            if edition.reason is not None:
                why = f"{STATES[edition.state]}: {edition.reason}"
                reasons.setdefault(why, []).append(covered.code)
    _print_with_reasons(table, reasons)


def _table_of_lists(*headings: str) -> Table:
    """A table that keeps each cell on one line, numbers to the right."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        right = heading in _NUMBERS
        table.add_column(heading, no_wrap=True, justify="right" if right else "left")
    return table


def _print_with_reasons(table: Table, reasons: Mapping[str, Sequence[str]]) -> None:
    """The table, and below it each reason once, with the lists it is about."""
    console = Console()
    console.print(table)
    for why, codes in reasons.items():
        console.print(f"{', '.join(dict.fromkeys(codes))}\n  {why}", highlight=False, markup=False)


def _edition_cells(edition: EditionCoverage) -> tuple[str, ...]:
    return (
        edition.state.replace("_", " "),
        str(edition.published_on or ""),
        "" if edition.age_days is None else f"{edition.age_days:,}",
        "" if edition.entry_count is None else f"{edition.entry_count:,}",
    )


def print_loads(reports: Iterable[LoadReport]) -> None:
    """How each list of a load fared, and below the table why any was not taken in."""
    table = _table_of_lists("List", "Outcome", "Published", "Entries", "Changes", "From")
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
        if report.reason is not None:
            reasons.setdefault(f"{report.outcome}: {report.reason}", []).append(report.list_code)
    _print_with_reasons(table, reasons)


def _changes(report: LoadReport) -> str:
    """`3 listed, 12 changed`; nothing where nothing did."""
    counts = {"listed": report.listed, "changed": report.changed, "gone": report.gone}
    return ", ".join(f"{count:,} {word}" for word, count in counts.items() if count)


def print_measures(measures: Iterable[MeasureOnDay], asked: date) -> None:
    """Measures on the day asked about as a table, by id."""
    Console().print(f"On {day_in_words(asked)}:", highlight=False)
    table = Table()
    for heading in ("Measure", "Status", "What it means", "Citation"):
        table.add_column(heading, overflow="fold")
    for measure in measures:
        table.add_row(
            f"{measure.id}\n{measure_title(measure.id, measure.title)}",
            _status(measure, asked),
            sentence(measure),
            measure.citation,
        )
    Console().print(table)


# --- The words of the command line that no page has.


def fact_in_words(fact: FactMet) -> str:
    """A fact of a transaction and what it meets: `284690, by hs 2846: rare earths`."""
    if fact.by is None:
        return f"{fact.fact.replace('_', ' ')} {fact.given.replace('_', ' ')}"
    return f"{fact.given}, by {fact.by.replace('_', ' ')} {fact.meets}: {fact.item_class}"
