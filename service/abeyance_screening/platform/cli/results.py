"""Answers on the terminal: parties, evidence, progress and the table of a batch."""

import sys
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path

import msgspec
from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from abeyance_screening.engine.measures.status_table import StatusWord
from abeyance_screening.engine.screening.answer import CounterpartyResult
from abeyance_screening.engine.screening.coverage_line import coverage_line
from abeyance_screening.engine.screening.question import Counterparty, QuestionTerms
from abeyance_screening.engine.tables import (
    Counts,
    EvidenceRow,
    FieldChoice,
    HowToRead,
    PartyRow,
    Summary,
    counterparties_of,
    worst_first,
)
from abeyance_screening.engine.wording import AnswerTerms, why_incomplete
from abeyance_screening.engine.wording.answers import remedies_of
from abeyance_screening.engine.wording.hits import score_in_words
from abeyance_screening.engine.wording.parties import line_words
from abeyance_screening.platform.cli.measures import style_of
from abeyance_screening.platform.cli.output import Terminal, print_lines
from abeyance_screening.primitives.days import plural
from abeyance_screening.primitives.structs import copy_as


class ScreeningBody(QuestionTerms, frozen=True, kw_only=True, omit_defaults=True):
    """The body of a screening request, whose counterparties may still be missing."""

    counterparties: tuple[Counterparty, ...] = ()
    store: bool | None = None


class Batch(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The evidence of one batch; `done` and `counts` cover all rows up to its end.

    `parties` are the rows that a person has to look at.
    """

    done: int
    counts: Counts
    rows: tuple[EvidenceRow, ...]
    parties: tuple[PartyRow, ...] = ()


# Below this width of the terminal the columns of a table are too narrow to read, so its cells are
# printed one below another.
WIDE = 90
MORE = "Every measure and source: --long."
# The most lines on what to do about lists; `--long` has all.
_MOST_REMEDIES = 3


def counted(results: Iterable[CounterpartyResult]) -> Counts:
    """Count results by outcome."""
    counts = Counts()
    for result in results:
        counts = counts.with_result(result)
    return counts


def counts_in_words(counts: Counts) -> str:
    """Write the counts that are not zero: `31 with hits, 4 unreadable`."""
    parts = (
        (counts.hits, "with hits"),
        (counts.owner_hits, "with hits of owners"),
        (counts.no_hits, "without"),
        (counts.incomplete, "incomplete"),
        (counts.unreadable, "unreadable"),
    )
    return ", ".join(f"{count:,} {words}" for count, words in parts if count) or "none done"


@contextmanager
def showing_progress(rows: int) -> Generator[Callable[[int, Counts], None]]:
    """Show a progress bar on standard error, if that is a terminal.

    Yield a function that takes the number of rows done and their counts, and updates the bar.
    """
    console = Terminal(stderr=True)
    if not sys.stderr.isatty():
        yield lambda _done, _counts: None
        return
    columns = (
        BarColumn(bar_width=None),
        TextColumn("{task.description}"),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=console, transient=True, expand=True) as progress:
        task = progress.add_task(_progress_in_words(0, rows, Counts(), None), total=rows)

        def report(done: int, counts: Counts) -> None:
            words = _progress_in_words(done, rows, counts, progress.tasks[0].speed)
            progress.update(task, completed=done, description=words)

        yield report


def print_parties(batches: Iterable[Batch], summary: Summary) -> None:
    """Print the results of a table, the worst first: one line for each party, then the counts."""
    console = Terminal(soft_wrap=True)
    rows = worst_first(row for batch in batches for row in batch.parties)
    for group in counterparties_of(rows):
        first = group[0]
        if first.party is None:
            console.print(Text(f"row {first.row}: {_unanswered(first)}", style="yellow"))
            continue
        console.print(Text.assemble(f"row {first.row}: ", (first.counterparty, "bold")))
        for row in group:
            console.print(party_line(row))
    _print_end(console, summary)
    console.print(Text(MORE, style="dim"))


def print_evidence(batches: Iterable[Batch], summary: Summary, *, as_json: bool) -> None:
    """Print the results of a table: all as JSON lines, or hits, unreadable rows and counts."""
    rows = [row for batch in batches for row in batch.rows]
    if as_json:
        print_lines(msgspec.json.Encoder().encode_lines(rows))
        return
    console = Terminal()
    hits = _by_listing(row for row in rows if row.kind in {"hit", "owner"})
    console.print(_hits_wide(hits) if console.width >= WIDE else _hits_narrow(hits))
    for row in rows:
        if row.kind == "unreadable":
            console.print(Text(f"row {row.row}: {row.reason}", style="yellow"))
    _print_end(console, summary, in_full=True)


def _print_end(console: Console, summary: Summary, *, in_full: bool = False) -> None:
    """Print the coverage of a table's screening and the counts of its rows."""
    if summary.coverage is not None:
        first = summary.first_asked_at
        asked = copy_as(
            AnswerTerms, summary, today=None if first is None else first.astimezone(UTC).date()
        )
        print_coverage(console, asked, (), in_full=in_full)
    console.print(f"{summary.counts.rows:,} rows: {counts_in_words(summary.counts)}.")


def party_line(row: PartyRow) -> Text:
    """Return a party in one line: who it is, the worst that holds, and on which lists it is.

    `  1.00  SMIC (CN) · In force since 22 Dec 2020: licence required · Entity List`
    """
    worst = row.worst
    line = Text.assemble(
        f"  {score_in_words(row.score or 0.0, number_met=row.number_met)}  ",
        f"owner {row.owner}: " if row.owner is not None else "",
        (row.party or "", "bold"),
        f" ({'; '.join(line_words(row.facts))})" if row.facts else "",
        " · ",
        (row.badge or "", style_of(None if worst is None else worst.status)),
    )
    if worst is not None:
        condition = "" if worst.condition is None else ", if its condition is met"
        line.append(f": {worst.effect or worst.title}{condition}")
    line.append(f" · {', '.join(row.lists)}")
    more = len(row.measures) - 1
    if more > 0:
        line.append(f" · {plural(more, 'more measure')}")
    if worst is not None and worst.own_day is not None:
        line.append(f" · {worst.own_day}")
    return line


def _unanswered(row: PartyRow) -> str:
    """Return why a row has no answer, with the name where it can be read."""
    return ": ".join(filter(None, (row.counterparty, row.why)))


def _progress_in_words(done: int, rows: int, counts: Counts, speed: float | None) -> str:
    rate = "" if speed is None else f", {speed:,.0f} rows/s"
    hits = counts.hits + counts.owner_hits
    return f"{done:,} of {rows:,} rows, {hits:,} with hits, {counts.unreadable:,} unreadable{rate}"


def print_coverage(
    console: Console,
    terms: AnswerTerms,
    results: Iterable[CounterpartyResult],
    *,
    in_full: bool = False,
) -> None:
    """Print which lists were searched, and what to do about those that cannot be relied on.

    Where a result has said already how many these are, it is not said again. `in_full` names them
    and has all that can be done, otherwise it is the first three steps.
    """
    coverage = terms.coverage
    line = coverage_line(coverage, terms.as_of, terms.today, found=True)
    if coverage.complete:
        console.print(Text(line))
        return
    if all(each.outcome != "incomplete" for each in results):
        console.print(Text(f"No match is not a clear result. {line}", style="yellow"))
    for reason in why_incomplete(coverage, terms.as_of) if in_full else ():
        console.print(Text(reason))
    remedies = remedies_of(coverage)
    for remedy in remedies if in_full else remedies[:_MOST_REMEDIES]:
        console.print(Text(" ".join(filter(None, (remedy.text, remedy.command)))))
    console.print(Text("State, age and last try of each list: abeyance lists"))


def _by_listing(rows: Iterable[EvidenceRow]) -> list[list[EvidenceRow]]:
    """Group rows by hit; the rows of a hit are its measures, in their order."""
    hits: dict[object, list[EvidenceRow]] = {}
    for row in rows:
        hits.setdefault((row.row, row.counterparty, row.owner, row.listing_id), []).append(row)
    return list(hits.values())


def _hits_wide(hits: Sequence[Sequence[EvidenceRow]]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Row", justify="right", no_wrap=True)
    for heading in ("Counterparty", "Score", "Listed name", "List", "Status"):
        table.add_column(heading, overflow="fold")
    for rows in hits:
        first = rows[0]
        listed, title = Text(first.listed_name or ""), Text(first.list_title or "")
        table.add_row(str(first.row), _party(first), _score(first), listed, title, _statuses(rows))
    return table


def _hits_narrow(hits: Sequence[Sequence[EvidenceRow]]) -> Group:
    parts: list[RenderableType] = []
    for rows in hits:
        first = rows[0]
        parts.append(Text.assemble(f"{first.row}  ", _party(first)))
        listed = f"{_score(first)} {first.listed_name} · {first.list_title}"
        parts.append(Padding(Text(listed), (0, 0, 0, 4)))
        parts.append(Padding(_statuses(rows), (0, 0, 0, 4)))
    return Group(*parts)


def _party(row: EvidenceRow) -> Text:
    owner = "" if row.owner is None else f": {row.owner}"
    return Text.assemble((row.counterparty, "bold"), owner)


def _score(row: EvidenceRow) -> str:
    return "" if row.score is None else f"{row.score:.2f}"


def _statuses(rows: Sequence[EvidenceRow]) -> Text:
    """Return the badges of a hit's measures in order, each once, with its own day below it."""
    badges: dict[tuple[str, str | None], StatusWord | None] = {
        (row.badge, row.own_day): row.status for row in rows if row.badge is not None
    }
    lines: list[Text] = []
    for (words, own_day), status in badges.items():
        lines.append(Text(words, style=style_of(status)))
        if own_day is not None:
            lines[-1].append(f"\n{own_day}", style="not bold")
    return Text("\n").join(lines)


class TableJob(msgspec.Struct, frozen=True, kw_only=True):
    """A table and how to screen it; `body` is the question without its counterparties.

    `in_full` is whether every hit is printed, and not one line for each party.
    """

    table: Path
    how: HowToRead
    choices: tuple[FieldChoice, ...]
    body: ScreeningBody
    out: Path | None
    restart: bool
    url: str | None
    as_json: bool
    in_full: bool
    data_dir: Path | None


class BatchJob(msgspec.Struct, frozen=True, kw_only=True):
    """A file of record batches and how to screen it; `to_folder` says what `out` is.

    Without `index`, answers come from this machine's database. `dask` is the address of a
    scheduler, whose workers screen the parts of a folder.
    """

    table: Path
    choices: tuple[FieldChoice, ...]
    body: ScreeningBody
    out: Path
    to_folder: bool
    restart: bool
    index: Path | None
    dask: str | None
    data_dir: Path | None
