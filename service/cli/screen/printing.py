"""A screening on a terminal: hits, their measures on the day, and the answer's coverage."""

import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date

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
from service.days import plural
from service.measures.status import StatusWord
from service.screening.answer import (
    CounterpartyResult,
    Hit,
    OwnershipResult,
    ScreeningAnswer,
    TextAnswer,
)
from service.screening.question import Counterparty
from service.tables import (
    Counts,
    EvidenceRow,
    PartyRow,
    ReadRow,
    Summary,
    counterparties_of,
    party_rows,
    worst_first,
)
from service.wording import (
    AskedOf,
    HitText,
    MeasureText,
    asked_of,
    found_in_words,
    headline,
    hit_text,
    measure_text,
    why_incomplete,
)
from service.wording.answers import (
    chains_in_words,
    coverage_line,
    remedies_of,
    shares_in_words,
    sum_in_words,
    verdict_in_words,
    warning_text,
)
from service.wording.hits import score_in_words
from service.wording.titles import list_title

EXIT_HITS = 3
EXIT_INCOMPLETE = 4
EXIT_STATUS = (
    "Exit status: 0 nothing found, and every required list is complete and fresh; 1 refused or "
    "failed; 3 hits; 4 no hits, but a required list cannot be relied on, or a row could not be "
    "read; 130 stopped by Ctrl-C. With --exit-zero, 3 and 4 become 0."
)
# Below this width of the terminal the columns of a table are too narrow to read, so its cells are
# printed one below another.
_WIDE = 90
_MORE = "Every measure and source: --long."
# The most lines on what to do about lists; `--long` has all.
_MOST_REMEDIES = 3


def status_of(counts: Counts) -> int:
    """Return the exit status of a screening: 0, 3 or 4; 3 if there is any hit."""
    if counts.hits or counts.owner_hits:
        return EXIT_HITS
    return EXIT_INCOMPLETE if counts.incomplete or counts.unreadable else 0


def status_of_text(answer: TextAnswer) -> int:
    """Return the exit status of a question about a text: 0, 3 or 4."""
    if answer.outcome == "no_hits":
        return 0
    return EXIT_HITS if answer.outcome == "hits" else EXIT_INCOMPLETE


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
        task = progress.add_task(_progress_in_words(0, rows, Counts(), None), total=rows)

        def report(done: int, counts: Counts) -> None:
            words = _progress_in_words(done, rows, counts, progress.tasks[0].speed)
            progress.update(task, completed=done, description=words)

        yield report


def print_briefly(answer: ScreeningAnswer) -> None:
    """Print a screening with one line for each party that may be meant, then its coverage."""
    console, asked = Console(soft_wrap=True), asked_of(answer)
    for result in answer.results:
        console.print(Text.assemble((result.name, "bold"), f": {headline(result)}"))
        console.print(Text(found_in_words(result, asked)))
        read = ReadRow(number=0, counterparty=Counterparty(name=result.name))
        for row in party_rows(read, result, answer):
            if row.party is not None:
                console.print(_party_line(row))
        _print_findings(console, result.ownership, answer.as_of)
        _print_rest(console, result, answer.as_of)
    _print_coverage(console, asked, answer.results)
    console.print(Text(f"{answer.restrictions.summary} {_MORE}".lstrip(), style="dim"))


def print_screening(answer: ScreeningAnswer) -> None:
    """Print a screening name by name with every measure, then its coverage."""
    console, asked = Console(), asked_of(answer)
    for result in answer.results:
        console.print(Text.assemble((result.name, "bold"), f": {headline(result)}"))
        console.print(Text(found_in_words(result, asked)))
        for hits in _cards(result.hits):
            console.print(_card(hits, answer.as_of, is_wide=console.width >= _WIDE))
        if result.ownership is not None:
            console.print(_owners(result.ownership, answer.as_of))
        _print_rest(console, result, answer.as_of)
    _print_coverage(console, asked, answer.results, in_full=True)
    console.print(Text(answer.restrictions.summary, style="dim"))


def print_text(answer: TextAnswer, text: str) -> None:
    """Print the listed names of a text: a line for each party, and below it where it is named."""
    console, asked = Console(soft_wrap=True), asked_of(answer)
    result = CounterpartyResult(
        id=None,
        name="",
        outcome=answer.outcome,
        total=answer.total,
        hits=answer.hits,
        left=answer.left,
        parties=answer.parties,
        warnings=answer.warnings,
    )
    console.print(Text(found_in_words(result, asked)))
    places = {hit.listing.id: hit.matched.places for hit in answer.hits}
    read = ReadRow(number=0, counterparty=Counterparty(name=""))
    for row in party_rows(read, result, answer):
        if row.party is not None:
            console.print(_party_line(row))
        for place in sorted({each for listing in row.listings for each in places[listing]}):
            words = " ".join(text[place.start : place.end].split())
            console.print(Text(f"      {place.start}-{place.end}  {words}", style="dim"))
    _print_rest(console, result, answer.as_of)
    _print_coverage(console, asked, [result], in_full=True)


def print_parties(batches: Iterable[Batch], summary: Summary) -> None:
    """Print the results of a table, the worst first: one line for each party, then the counts."""
    console = Console(soft_wrap=True)
    rows = worst_first(row for batch in batches for row in batch.parties)
    for group in counterparties_of(rows):
        first = group[0]
        if first.party is None:
            console.print(Text(f"row {first.row}: {_unanswered(first)}", style="yellow"))
            continue
        console.print(Text.assemble(f"row {first.row}: ", (first.counterparty, "bold")))
        for row in group:
            console.print(_party_line(row))
    _print_end(console, summary)
    console.print(Text(_MORE, style="dim"))


def print_evidence(batches: Iterable[Batch], summary: Summary, *, as_json: bool) -> None:
    """Print the results of a table: all as JSON lines, or hits, unreadable rows and counts."""
    rows = [row for batch in batches for row in batch.rows]
    if as_json:
        click.echo(msgspec.json.Encoder().encode_lines(rows), nl=False)
        return
    console = Console()
    hits = _by_listing(row for row in rows if row.kind in {"hit", "owner"})
    console.print(_hits_wide(hits) if console.width >= _WIDE else _hits_narrow(hits))
    for row in rows:
        if row.kind == "unreadable":
            console.print(Text(f"row {row.row}: {row.reason}", style="yellow"))
    _print_end(console, summary, in_full=True)


def _print_end(console: Console, summary: Summary, *, in_full: bool = False) -> None:
    """Print the coverage of a table's screening and the counts of its rows."""
    if summary.coverage is not None:
        first = summary.first_asked_at
        asked = AskedOf(
            as_of=summary.as_of,
            known_at=summary.known_at,
            threshold=summary.threshold,
            coverage=summary.coverage,
            today=None if first is None else first.astimezone(UTC).date(),
        )
        _print_coverage(console, asked, (), in_full=in_full)
    console.print(f"{summary.counts.rows:,} rows: {counts_in_words(summary.counts)}.")


def _party_line(row: PartyRow) -> Text:
    """Return a party in one line: who it is, the worst that holds, and on which lists it is.

    `  1.00  SMIC (CN) · In force since 22 Dec 2020: licence required · Entity List`
    """
    worst = row.worst
    line = Text.assemble(
        f"  {score_in_words(row.score or 0.0, number_met=row.number_met)}  ",
        f"owner {row.owner}: " if row.owner is not None else "",
        (row.party or "", "bold"),
        f" ({', '.join(row.countries)})" if row.countries else "",
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


def _print_findings(console: Console, ownership: OwnershipResult | None, asked: date) -> None:
    """Print what each ownership rule says, one line each."""
    for finding in () if ownership is None else ownership.findings:
        rule = measure_text(finding.rule, asked)
        console.print(Text.assemble("  ", (rule.title, "bold"), f": {verdict_in_words(finding)}"))


def _progress_in_words(done: int, rows: int, counts: Counts, speed: float | None) -> str:
    rate = "" if speed is None else f", {speed:,.0f} rows/s"
    hits = counts.hits + counts.owner_hits
    return f"{done:,} of {rows:,} rows, {hits:,} with hits, {counts.unreadable:,} unreadable{rate}"


def _print_rest(console: Console, result: CounterpartyResult, as_of: date) -> None:
    """Print what follows the hits of a name: parties that left a list, warnings, how many more."""
    for text in (hit_text(hit, as_of) for hit in result.left):
        words = " ".join((text.history, *text.agreements_in_sentences, *_cited(text)))
        console.print(Text(words, style="dim"))
    for warning in result.warnings:
        words = warning_text(warning)
        console.print(Text(f"{words.lead} {words.text}", style="yellow"))
    if result.total > len(result.hits):
        console.print(f"{result.total - len(result.hits)} more; ask with a higher --limit.")
    console.print()


def _cards(hits: Sequence[Hit]) -> Iterator[list[Hit]]:
    """Yield the hits of each card: consecutive hits with the same name and countries."""
    card: list[Hit] = []
    for hit in hits:
        if card and _party_key(card[0]) != _party_key(hit):
            yield card
            card = []
        card.append(hit)
    if card:
        yield card


def _party_key(hit: Hit) -> tuple[str, tuple[str, ...]]:
    return hit.listing.primary_name, hit.listing.countries


def _card(hits: Sequence[Hit], as_of: date, *, is_wide: bool) -> RenderableType:
    first, texts = hits[0], [hit_text(each, as_of) for each in hits]
    countries = ", ".join(first.listing.countries)
    score = score_in_words(first.score, number_met=bool(first.corroboration.identifiers))
    head = Text.assemble(
        "\n",
        (first.listing.primary_name, "bold"),
        f"  {countries}" if countries else "",
        (f"\n{score} by {texts[0].matched}", "dim"),
    )
    if len(hits) > 1:
        head.append("\nOn several lists; each speaks for itself.", style="dim")
    body = _measures_wide(texts) if is_wide else _measures_narrow(texts)
    changed = [_changes(each) for each in texts if each.changed]
    return Group(head, body, *changed)


def _measures_wide(texts: Iterable[HitText]) -> Table:
    """Return a table with one row a measure; a list is named in its first row only."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
    table.add_column("List", ratio=2, overflow="fold")
    table.add_column("Status", ratio=4, overflow="fold")
    table.add_column("What it means", ratio=9, overflow="fold")
    for hit in texts:
        for place, measure in enumerate(hit.measures):
            entry = _list_entry(hit) if place == 0 else Text()
            last = place == len(hit.measures) - 1
            table.add_row(entry, _status(measure), _meaning(measure), end_section=last)
        if not hit.measures:
            table.add_row(_list_entry(hit), Text(), _without_measure(hit))
    return table


def _measures_narrow(texts: Iterable[HitText]) -> Group:
    """Return lists and measures one below another, for a narrow terminal."""
    parts: list[RenderableType] = []
    for hit in texts:
        parts.append(Text.assemble("\n", _list_entry(hit)))
        for measure in hit.measures:
            parts.append(Padding(_status(measure), (0, 0, 0, 2)))
            parts.append(Padding(_meaning(measure), (0, 0, 0, 4)))
        if not hit.measures:
            parts.append(Padding(_without_measure(hit), (0, 0, 0, 4)))
    return Group(*parts)


def _list_entry(hit: HitText) -> Text:
    """Return the list and entry of a hit, what agrees with the question, and its licence terms.

    The licence terms are here if no measure states them; `_without_measure` has those of a hit
    without measures.
    """
    entry = "" if hit.entry_id is None else f" · entry {hit.entry_id}"
    more = (
        f"{hit.authority}{entry}",
        *(() if hit.unlisted is None else (hit.unlisted,)),
        *hit.agreements_in_sentences,
        *(hit.licence if hit.measures else ()),
        *_cited(hit),
    )
    return Text.assemble((hit.list_title, "bold"), *((f"\n{each}", "dim") for each in more))


def _cited(hit: HitText) -> Iterator[str]:
    """Yield the acts that the entry cites as one sentence, if there are any."""
    if hit.acts:
        yield f"Cites {'; '.join(each.text for each in hit.acts)}."


def _status(measure: MeasureText) -> Text:
    text = Text(measure.badge, style=style_of(measure.measure.status))
    if measure.own_day is not None:
        text.append(f"\n{measure.own_day.line}", style="not bold")
    if measure.ahead is not None:
        text.append(f"\n{measure.ahead}", style="not bold dim")
    return text


def _meaning(measure: MeasureText) -> Text:
    text = Text()
    if measure.question is not None:
        text.append(f"{measure.question} If so: ", style="italic")
    text.append(measure.title, style="bold")
    for line in (*measure.licence, measure.sentence):
        text.append(f"\n{line}")
    for note in measure.lines:
        text.append(f"\n{note.line}", style="dim")
    return text.append(f"\n{'; '.join(each.text for each in measure.acts)}", style="dim")


def _without_measure(hit: HitText) -> Text:
    """Return the text of a hit to which no measure applies."""
    words = filter(None, (hit.gone, hit.no_measure, *hit.licence))
    return Text("\n".join(words))


def _changes(hit: HitText) -> Text:
    """Return what changed in a hit since the day of `--since`."""
    return Text("\n  ".join((f"{hit.name}. {hit.changed[0]}", *hit.changed[1:])))


def _owners(ownership: OwnershipResult, asked: date) -> Group:
    """Return the owners with the listings each may be, and what each ownership rule says."""
    parts: list[RenderableType] = [Text("\nIts owners", style="bold")]
    for finding in ownership.findings:
        rule = measure_text(finding.rule, asked)
        heading = Text.assemble((rule.title, "bold"), "  ", _status(rule))
        words = (
            f"{verdict_in_words(finding)} {sum_in_words(finding)}",
            *chains_in_words(finding),
            rule.sentence,
        )
        parts += [heading, Padding(Text("\n".join(words)), (0, 0, 0, 2))]
    for owner in ownership.owners:
        found = (
            f"{hit.listing.primary_name}, {list_title(hit.listing.list_code)}, {hit.score:.2f}"
            for hit in owner.hits
        )
        listings = "; ".join(found) or "no listing found"
        shares = shares_in_words(owner.holdings)
        parts.append(Text.assemble((owner.name, "bold"), f" ({shares}): {listings}."))
    parts += [Text(each, style="dim") for each in ownership.not_known]
    return Group(*parts)


def _print_coverage(
    console: Console,
    asked: AskedOf,
    results: Iterable[CounterpartyResult],
    *,
    in_full: bool = False,
) -> None:
    """Print which lists were searched, and what to do about those that cannot be relied on.

    Where a result has said already how many these are, it is not said again. `in_full` names them
    and has all that can be done, otherwise it is the first three steps.
    """
    coverage = asked.coverage
    line = coverage_line(coverage, asked.as_of, asked.today, found=True)
    if coverage.complete:
        console.print(Text(line))
        return
    if all(each.outcome != "incomplete" for each in results):
        console.print(Text(f"Finding nothing proves nothing. {line}", style="yellow"))
    for reason in why_incomplete(coverage, asked.as_of) if in_full else ():
        console.print(Text(reason))
    remedies = remedies_of(coverage)
    for remedy in remedies if in_full else remedies[:_MOST_REMEDIES]:
        console.print(Text(" ".join(filter(None, (remedy.text, remedy.command)))))
    console.print(Text("State, age and last try of each list: abeyance lists"))


def _by_listing(rows: Iterable[EvidenceRow]) -> list[list[EvidenceRow]]:
    """Group rows by hit; the rows of a hit are its measures, in their order."""
    hits: dict[object, list[EvidenceRow]] = {}
    for row in rows:
        hits.setdefault((row.row, row.owner, row.listing_id), []).append(row)
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
