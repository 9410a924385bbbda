"""A screening on a terminal: who may be meant, what holds on the day, how far the answer goes."""

import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date

import click
import msgspec
from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from service.cli.output import style_of
from service.cli.screen.journal import Batch
from service.screening.answer import CounterpartyResult, Coverage, Hit, ScreeningAnswer
from service.tables import Counts, EvidenceRow, Summary
from service.wording import (
    AskedOf,
    HitText,
    MeasureText,
    found_in_words,
    headline,
    hit_text,
)
from service.wording.answers import STATES, warning_text

# --- How far a screening of a table has come, shown on a terminal and nowhere else.


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


# Below this width the columns of a table are too narrow to read: each part stands below the other.
_WIDE = 90


def print_screening(answer: ScreeningAnswer) -> None:
    """A screening name by name, then what the answer rests on."""
    console = Console()
    asked = AskedOf(
        as_of=answer.as_of,
        known_at=answer.known_at,
        threshold=answer.threshold,
        coverage=answer.coverage,
    )
    for result in answer.results:
        console.print(Text.assemble((result.name, "bold"), f": {headline(result)}"))
        console.print(Text(found_in_words(result, asked)))
        for hits in _cards(result.hits):
            console.print(_card(hits, answer.as_of, is_wide=console.width >= _WIDE))
        _print_rest(console, result, answer.as_of)
    _print_coverage(console, answer.coverage)
    console.print(Text(answer.restrictions.summary, style="dim"))


def _print_rest(console: Console, result: CounterpartyResult, asked: date) -> None:
    """What stands below the hits of one name."""
    for told in (hit_text(hit, asked) for hit in result.left):
        words = " ".join((told.history, *told.agreements_in_sentences))
        console.print(Text(words, style="dim"))
    for warning in result.warnings:
        words = warning_text(warning)
        console.print(Text(f"{words.lead} {words.text}", style="yellow"))
    if result.total > len(result.hits):
        console.print(f"{result.total - len(result.hits)} more; ask with a higher --limit.")
    console.print()


def _cards(hits: Sequence[Hit]) -> Iterator[list[Hit]]:
    """Hits that share a card: neighbours of the same name and country, each list for itself."""
    card: list[Hit] = []
    for hit in hits:
        if card and _who(card[0]) != _who(hit):
            yield card
            card = []
        card.append(hit)
    if card:
        yield card


def _who(hit: Hit) -> tuple[str, tuple[str, ...]]:
    return hit.listing.primary_name, hit.listing.countries


def _card(hits: Sequence[Hit], asked: date, *, is_wide: bool) -> RenderableType:
    first, texts = hits[0], [hit_text(each, asked) for each in hits]
    countries = ", ".join(first.listing.countries)
    head = Text.assemble(
        "\n",
        (first.listing.primary_name, "bold"),
        f"  {countries}" if countries else "",
        (f"\n{first.score:.2f} by {texts[0].matched}", "dim"),
    )
    if len(hits) > 1:
        head.append("\nOn several lists; each speaks for itself.", style="dim")
    body = _wide(texts) if is_wide else _narrow(texts)
    changed = [_changed(each) for each in texts if each.changed]
    return Group(head, body, *changed)


def _wide(texts: Iterable[HitText]) -> Table:
    """One row a measure; the list stands beside its first, a rule below its last."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
    table.add_column("List", ratio=2, overflow="fold")
    table.add_column("Status", ratio=4, overflow="fold")
    table.add_column("What it means", ratio=9, overflow="fold")
    for told in texts:
        for place, measure in enumerate(told.measures):
            where = _where(told) if place == 0 else Text()
            last = place == len(told.measures) - 1
            table.add_row(where, _status(measure), _meaning(measure), end_section=last)
        if not told.measures:
            table.add_row(_where(told), Text(), _beside(told))
    return table


def _narrow(texts: Iterable[HitText]) -> Group:
    """One below the other, for a narrow terminal."""
    parts: list[RenderableType] = []
    for told in texts:
        parts.append(Text.assemble("\n", _where(told)))
        for measure in told.measures:
            parts.append(Padding(_status(measure), (0, 0, 0, 2)))
            parts.append(Padding(_meaning(measure), (0, 0, 0, 4)))
        if not told.measures:
            parts.append(Padding(_beside(told), (0, 0, 0, 4)))
    return Group(*parts)


def _where(told: HitText) -> Text:
    """The list and the entry, what agrees with the question, and licences told of no measure."""
    entry = "" if told.entry_id is None else f"\n{told.entry_id}"
    more = (*told.agreements_in_sentences, *(told.licence if told.measures else ()))
    return Text.assemble(
        (told.list_code, "bold"), (entry, "dim"), *((f"\n{each}", "dim") for each in more)
    )


def _status(told: MeasureText) -> Text:
    text = Text(told.badge, style=style_of(told.measure.status))
    if told.own_day is not None:
        text.append(f"\n{told.own_day.line}", style="not bold")
    if told.ahead is not None:
        text.append(f"\n{told.ahead}", style="not bold dim")
    return text


def _meaning(told: MeasureText) -> Text:
    text = Text()
    if told.question is not None:
        text.append(f"{told.question} If so: ", style="italic")
    text.append(told.title, style="bold")
    for said in (*told.licence, told.sentence):
        text.append(f"\n{said}")
    for note in told.lines:
        text.append(f"\n{note.line}", style="dim")
    return text.append(f"\n{told.measure.citation}", style="dim")


def _beside(told: HitText) -> Text:
    """What is told of a hit that has no measure to tell it."""
    words = filter(None, (told.gone, told.no_measure, *told.licence))
    return Text("\n".join(words))


def _changed(told: HitText) -> Text:
    """What changed in a hit since the day asked for."""
    return Text("\n  ".join((f"{told.name}. {told.changed[0]}", *told.changed[1:])))


def _print_coverage(console: Console, coverage: Coverage) -> None:
    count = len(coverage.lists)
    lists = f"{count} {'list' if count == 1 else 'lists'} searched."
    if coverage.complete:
        console.print(f"{lists} All are good enough to rest a “nothing found” on.")
        return
    console.print(Text(f"{lists} Not good enough to rest a “nothing found” on:", style="yellow"))
    for reason in coverage.reasons:
        console.print(Text(f"  {reason}"))
    doubts: dict[str, list[str]] = {}
    for covered in coverage.lists:
        if covered.state != "fresh":
            why = f"{STATES[covered.state]}: {covered.reason}"
            doubts.setdefault(why, []).append(covered.code)
    for why, codes in doubts.items():
        console.print(Text(f"  {', '.join(codes)}\n    {why}"))


def print_evidence(batches: Iterable[Batch], summary: Summary, *, as_json: bool) -> None:
    """The results of a table: JSON lines, or hits and unreadable rows with the counts below."""
    rows = [row for batch in batches for row in batch.rows]
    if as_json:
        click.echo(msgspec.json.Encoder().encode_lines(rows), nl=False)
        return
    console = Console()
    found = _by_listing(row for row in rows if row.kind in {"hit", "owner"})
    console.print(_hits_wide(found) if console.width >= _WIDE else _hits_narrow(found))
    for row in rows:
        if row.kind == "unreadable":
            console.print(Text(f"row {row.row}: {row.reason}", style="yellow"))
    if summary.coverage is not None:
        _print_coverage(console, summary.coverage)
    console.print(f"{summary.counts.rows:,} rows: {counts_in_words(summary.counts)}.")


def _by_listing(rows: Iterable[EvidenceRow]) -> list[list[EvidenceRow]]:
    """The rows of one hit together: its measures, in their order."""
    found: dict[object, list[EvidenceRow]] = {}
    for row in rows:
        found.setdefault((row.row, row.owner, row.listing_id), []).append(row)
    return list(found.values())


def _hits_wide(found: Sequence[Sequence[EvidenceRow]]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Row", justify="right", no_wrap=True)
    for heading in ("Counterparty", "Score", "Listed name", "List", "Status"):
        table.add_column(heading, overflow="fold")
    for rows in found:
        first = rows[0]
        listed = Text(first.listed_name or "")
        table.add_row(
            str(first.row), _party(first), _score(first), listed, first.list, _statuses(rows)
        )
    return table


def _hits_narrow(found: Sequence[Sequence[EvidenceRow]]) -> Group:
    parts: list[RenderableType] = []
    for rows in found:
        first = rows[0]
        parts.append(Text.assemble(f"{first.row}  ", _party(first)))
        where = f"{_score(first)} {first.listed_name} · {first.list}"
        parts.append(Padding(Text(where), (0, 0, 0, 4)))
        parts.append(Padding(_statuses(rows), (0, 0, 0, 4)))
    return Group(*parts)


def _party(row: EvidenceRow) -> Text:
    owner = "" if row.owner is None else f": {row.owner}"
    return Text.assemble((row.counterparty, "bold"), owner)


def _score(row: EvidenceRow) -> str:
    return "" if row.score is None else f"{row.score:.2f}"


def _statuses(rows: Sequence[EvidenceRow]) -> Text:
    """What holds of the measures behind a hit, each badge once, the most telling first."""
    badges = {(row.badge, row.own_day): row.status for row in rows if row.badge is not None}
    shown: list[Text] = []
    for (words, own_day), status in badges.items():
        shown.append(Text(words, style=style_of(status)))
        if own_day is not None:
            shown[-1].append(f"\n{own_day}", style="not bold")
    return Text("\n").join(shown)


# --- What the exit status of a screening says.

FOUND = 3
NOTHING_SAID = 4
EXIT_STATUS = (
    "Exit status: 0 nothing found, with every list there and fresh; 1 refused or failed; 3 hits; "
    "4 no hits, but a list is missing or too old, or a row could not be read; 130 stopped by "
    "Ctrl-C. With --exit-zero 3 and 4 are 0."
)


def status_of(counts: Counts) -> int:
    """0, 3 or 4 by how the rows came out; a hit goes before what cannot be said."""
    if counts.hits or counts.owner_hits:
        return FOUND
    return NOTHING_SAID if counts.incomplete or counts.unreadable else 0


def counted(results: Iterable[CounterpartyResult]) -> Counts:
    """The counts of some results."""
    counts = Counts()
    for result in results:
        counts = counts.with_result(result)
    return counts
