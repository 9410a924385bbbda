"""What the commands print: tables for people, JSON for machines."""

from collections.abc import Iterable, Sequence

import click
import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from service.cli.words import BITES, badge, effect_in_words
from service.flow.load import LoadReport
from service.model.answer import (
    CounterpartyResult,
    Coverage,
    Hit,
    ListCoverage,
    MeasureOnDay,
    ScreeningAnswer,
)
from service.model.status import StatusWord


def print_json(value: object) -> None:
    """JSON on standard output, indented."""
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def print_screening(answer: ScreeningAnswer) -> None:
    """A screening as tables: one for each counterparty, then what the answer rests on."""
    console = Console()
    for result in answer.results:
        console.print(_headline(result, answer))
        if result.hits:
            console.print(_hits(result.hits))
        if result.total > len(result.hits):
            console.print(f"{result.total - len(result.hits)} more; ask with a higher --limit.")
        console.print()
    _print_coverage(console, answer.coverage)


def _headline(result: CounterpartyResult, answer: ScreeningAnswer) -> Text:
    day = f"on {answer.as_of}, as known on {answer.known_at}"
    match result.outcome:
        case "hits":
            count = "1 listing" if result.total == 1 else f"{result.total} listings"
            words = f"{count} may be meant, {day}."
        case "no_hits":
            words = f"no listing found {day}, down to score {answer.threshold:.2f}."
        case "incomplete":
            words = f"cannot say: nothing found {day}, but not every list is good enough for that."
    return Text.assemble((result.name, "bold"), ": ", words)


def _hits(hits: Sequence[Hit]) -> Table:
    table = Table(show_lines=True)
    for heading in ("Score", "Listed name", "List, entry", "Status", "Measure and what it does"):
        table.add_column(heading, overflow="fold")
    for hit in hits:
        for position, measure in enumerate(hit.measures):
            who = _who(hit) if position == 0 else ("", "", "")
            table.add_row(*who, _status(measure), _what(measure))
    return table


def _who(hit: Hit) -> tuple[str, str, str]:
    listing = hit.listing
    name = listing.primary_name
    if hit.matched.text != name:
        name += f"\n{hit.matched.kind.replace('_', ' ')}: {hit.matched.text}"
    if listing.countries:
        name += f"\n{', '.join(listing.countries)}"
    return f"{hit.score:.2f}", name, f"{listing.list_code}\n{listing.id}"


def _status(measure: MeasureOnDay) -> Text:
    text = Text(badge(measure), style=_style(measure.status))
    if measure.next_change_on is not None and measure.next_change_to is not None:
        becomes = measure.next_change_to.replace("_", " ")
        text.append(f"\nfrom {measure.next_change_on}: {becomes}", style="dim")
    return text


def _what(measure: MeasureOnDay) -> str:
    words = f"{measure.title}\n{measure.citation}\n{effect_in_words(measure)}"
    return f"Only if: {measure.condition}\n{words}" if measure.condition else words


def _style(status: StatusWord) -> str:
    if status in BITES:
        return "bold red"
    return "dim" if status in {"ended", "not_known"} else "yellow"


def _print_coverage(console: Console, coverage: Coverage) -> None:
    doubtful = [covered for covered in coverage.lists if covered.state != "fresh"]
    console.print(f"Searched {len(coverage.lists)} lists.", end=" ")
    if not doubtful:
        console.print("All are within their age limits.")
        return
    console.print(f"{len(doubtful)} of them cannot carry a “nothing found”:", style="bold yellow")
    _print_lists(console, doubtful)


def print_lists(covered: Iterable[ListCoverage]) -> None:
    """Lists as a table."""
    _print_lists(Console(), covered)


def _print_lists(console: Console, covered: Iterable[ListCoverage]) -> None:
    table = Table()
    for heading in ("List", "State", "Published", "Age", "Entries", "Why"):
        table.add_column(heading, overflow="fold")
    for each in covered:
        table.add_row(
            f"{each.code}\n{each.title}",
            each.state.replace("_", " "),
            str(each.published_on or "not known"),
            "" if each.age_days is None else f"{each.age_days} days",
            "" if each.entry_count is None else f"{each.entry_count:,}",
            each.reason or "",
        )
    console.print(table)


def print_loads(reports: Iterable[LoadReport]) -> None:
    """How each list of a load fared."""
    table = Table()
    for heading in ("List", "Outcome", "Published", "Entries", "Listed", "Changed", "Gone", "Why"):
        table.add_column(heading, overflow="fold")
    for report in reports:
        table.add_row(
            report.list_code,
            report.outcome,
            str(report.published_on or "not known"),
            f"{report.entry_count:,}",
            f"{report.listed:,}",
            f"{report.changed:,}",
            f"{report.gone:,}",
            report.reason or "",
        )
    Console().print(table)


def print_measures(measures: Iterable[MeasureOnDay]) -> None:
    """Measures as a table, by id."""
    table = Table()
    for heading in ("Measure", "Status", "What it does", "Citation"):
        table.add_column(heading, overflow="fold")
    for measure in measures:
        table.add_row(
            f"{measure.id}\n{measure.title}",
            _status(measure),
            effect_in_words(measure),
            measure.citation,
        )
    Console().print(table)
