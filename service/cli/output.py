"""What the commands print: tables for people, JSON for machines."""

from collections.abc import Iterable, Mapping, Sequence

import click
import msgspec
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from service.flow.reports import LoadReport
from service.model.answer import (
    CounterpartyResult,
    Coverage,
    EditionCoverage,
    Hit,
    ListAnswer,
    ScreeningAnswer,
)
from service.model.coming import HitChange, ListingChangeKind
from service.model.on_day import MeasureOnDay
from service.model.status import BITES, StatusWord
from service.wording import (
    badge,
    day_in_words,
    effect_in_words,
    left_in_words,
    notes,
    plain_badge,
)

_NUMBERS = {"Age, days", "Entries"}
_STATE_STYLES = {"fresh": "green", "kept": "yellow", "missing": "dim"}
# How the columns of a screening share what room the terminal has.
_RATIOS = {"Score": 5, "Listed name": 22, "List": 11, "Status": 20, "Measure": 42}
_LISTING_CHANGES: dict[ListingChangeKind, str] = {
    "listed": "came onto the list",
    "left": "left the list",
    "changed": "its entry is printed otherwise",
    "same": "its entry is the same",
    "unknown": "whether its entry is the same is not known, for no edition of then is here",
}


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
        for hit in result.hits:
            if hit.changed is not None:
                console.print(_since(hit, hit.changed))
        for hit in result.left:
            console.print(Text(left_in_words(hit), style="dim"))
        for warning in result.warnings:
            console.print(Text(f"{warning.field}: {warning.reason}.", style="yellow"))
        if result.total > len(result.hits):
            console.print(f"{result.total - len(result.hits)} more; ask with a higher --limit.")
        console.print()
    _print_coverage(console, answer.coverage)
    console.print(answer.restrictions.summary, highlight=False)


def _headline(result: CounterpartyResult, answer: ScreeningAnswer) -> Text:
    day = f"on {answer.as_of}, as known on {answer.known_at}"
    match result.outcome:
        case "hits":
            count = "1 listing" if result.total == 1 else f"{result.total} listings"
            words = f"{count} may be meant, {day}."
        case "owner_hits":
            words = f"no listing found {day}, but an owner may be one."
        case "no_hits":
            words = f"no listing found {day}, down to score {answer.threshold:.2f}."
        case "incomplete":
            words = f"cannot say: nothing found {day}, but not every list is good enough for that."
    return Text.assemble((result.name, "bold"), ": ", words)


def _hits(hits: Sequence[Hit]) -> Table:
    """One row a measure; the listing stands beside its first, a rule after its last."""
    table = Table()
    for heading in ("Score", "Listed name", "List", "Status", "Measure"):
        table.add_column(heading, overflow="fold", ratio=_RATIOS[heading])
    for hit in hits:
        for position, measure in enumerate(hit.measures):
            who = _who(hit) if position == 0 else ("", Text(), "")
            last = position == len(hit.measures) - 1
            table.add_row(*who, _status(measure), _what(measure), end_section=last)
    return table


def _since(hit: Hit, changed: HitChange) -> Text:
    """What changed in a hit since the day asked for."""
    text = Text(f"Since {day_in_words(changed.since)}: ", style="bold")
    listing = _LISTING_CHANGES[changed.listing]
    text.append(f"{hit.listing.primary_name}: {listing}", style="not bold")
    for diff in changed.measures:
        text.append(f"\n  {diff.title}: {diff.sentence}", style="not bold")
    return text


def _who(hit: Hit) -> tuple[str, Text, str]:
    name = Text(hit.listing.primary_name, style="bold")
    if hit.matched.text != hit.listing.primary_name:
        name.append(
            f"\n{hit.matched.kind.replace('_', ' ')}: {hit.matched.text}", style="not bold"
        )
    if hit.listing.countries:
        name.append(f"\n{', '.join(hit.listing.countries)}", style="not bold")
    return f"{hit.score:.2f}", name, hit.listing.list_code


def _status(measure: MeasureOnDay) -> Text:
    text = Text(badge(measure), style=_style(measure.status))
    if measure.next_change_on is not None and measure.next_change_to is not None:
        becomes = plain_badge(measure.next_change_to)
        text.append(f"\n{day_in_words(measure.next_change_on)}: {becomes}", style="not bold dim")
    for note in notes(measure):
        if note.kind == "disputed":
            text.append(f"\n{note.text}", style="not bold dim")
    return text


def _what(measure: MeasureOnDay) -> Text:
    text = Text()
    if measure.condition is not None:
        text.append(f"{measure.condition} If so: ", style="italic")
    text.append(measure.title)
    text.append(f" — {effect_in_words(measure)}")
    return text.append(f"\n{measure.citation}", style="dim")


def _style(status: StatusWord) -> str:
    if status in BITES:
        return "bold red"
    return "dim" if status in {"ended", "not_known"} else "yellow"


def _print_coverage(console: Console, coverage: Coverage) -> None:
    console.print(f"{len(coverage.lists)} lists searched.", end=" ")
    if coverage.complete:
        console.print("All are good enough to rest a “nothing found” on.")
        return
    console.print("Not good enough to rest a “nothing found” on:", style="yellow")
    doubts: dict[str, list[str]] = {}
    for covered in coverage.lists:
        if covered.state != "fresh":
            why = f"{covered.state.replace('_', ' ')}: {covered.reason}"
            doubts.setdefault(why, []).append(covered.code)
    for why, codes in doubts.items():
        console.print(f"  {', '.join(codes)}\n    {why}", highlight=False)


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
                why = f"{edition.state.replace('_', ' ')}: {edition.reason}"
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
