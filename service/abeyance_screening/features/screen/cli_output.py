"""A screening on a terminal: hits, their measures on the day, and the answer's coverage."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from abeyance_screening.engine.screening.answer import (
    CounterpartyResult,
    Hit,
    OwnershipResult,
    ScreeningAnswer,
    TextAnswer,
)
from abeyance_screening.engine.screening.question import Counterparty
from abeyance_screening.engine.tables import Counts, ReadRow, party_rows
from abeyance_screening.engine.wording import (
    AnswerTerms,
    HitText,
    MeasureText,
    answer_terms,
    count_in_words,
    headline,
    hit_text,
    measure_text,
)
from abeyance_screening.engine.wording.answers import (
    chains_in_words,
    shares_in_words,
    sum_in_words,
    verdict_in_words,
    warning_text,
)
from abeyance_screening.engine.wording.hits import score_in_words
from abeyance_screening.engine.wording.titles import list_title
from abeyance_screening.platform.cli.measures import style_of
from abeyance_screening.platform.cli.output import Terminal
from abeyance_screening.platform.cli.results import MORE, WIDE, party_line, print_coverage
from abeyance_screening.primitives.structs import copy_as

EXIT_HITS = 3
EXIT_INCOMPLETE = 4
EXIT_STATUS = (
    "Exit status: 0 nothing found, and every required list is complete and fresh; 1 refused or "
    "failed; 3 hits; 4 no hits, but a required list cannot be relied on, or a row, or a "
    "sheet of a workbook, was not read; 130 stopped by Ctrl-C. With --exit-zero, 3 and 4 become 0."
)


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


def print_briefly(answer: ScreeningAnswer) -> None:
    """Print a screening with one line for each party that may be meant, then its coverage."""
    console, asked = Terminal(soft_wrap=True), answer_terms(answer)
    for result in answer.results:
        _print_answer(console, result, asked)
        read = ReadRow(number=0, counterparty=Counterparty(name=result.name))
        for row in party_rows(read, result, answer):
            if row.party is not None:
                console.print(party_line(row))
        _print_findings(console, result.ownership, answer.as_of)
        _print_rest(console, result, answer.as_of)
    print_coverage(console, asked, answer.results)
    console.print(Text(f"{answer.restrictions.summary} {MORE}".lstrip(), style="dim"))


def print_screening(answer: ScreeningAnswer) -> None:
    """Print a screening name by name with every measure, then its coverage."""
    console, asked = Terminal(), answer_terms(answer)
    for result in answer.results:
        _print_answer(console, result, asked)
        for hits in _cards(result.hits):
            console.print(_card(hits, answer.as_of, is_wide=console.width >= WIDE))
        if result.ownership is not None:
            console.print(_owners(result.ownership, answer.as_of))
        _print_rest(console, result, answer.as_of)
    print_coverage(console, asked, answer.results, in_full=True)
    console.print(Text(answer.restrictions.summary, style="dim"))


def _print_answer(console: Console, result: CounterpartyResult, asked: AnswerTerms) -> None:
    """Print the sentence of an answer, what must be found out, and how much was found."""
    if result.answer is not None:
        console.print(Text(result.answer.sentence, style="bold"))
        for each in result.answer.depends_on:
            console.print(Text(f"Find out {each.what}. {each.because}"))
    console.print(Text.assemble((result.name, "bold"), f": {headline(result)}"))
    console.print(Text(count_in_words(result, asked), style="dim"))


def print_text(answer: TextAnswer, text: str) -> None:
    """Print the listed names of a text: a line for each party, and below it where it is named."""
    console, asked = Terminal(soft_wrap=True), answer_terms(answer)
    result = copy_as(
        CounterpartyResult,
        answer,
        id=None,
        name="",
        answer=None,
        numbers=(),
        ownership=None,
        asked=None,
    )
    console.print(Text(count_in_words(result, asked)))
    places = {hit.listing.id: hit.matched.places for hit in answer.hits}
    read = ReadRow(number=0, counterparty=Counterparty(name=""))
    for row in party_rows(read, result, answer):
        if row.party is not None:
            console.print(party_line(row))
        for place in sorted({each for listing in row.listings for each in places[listing]}):
            words = " ".join(text[place.start : place.end].split())
            console.print(Text(f"      {place.start}-{place.end}  {words}", style="dim"))
    _print_rest(console, result, answer.as_of)
    print_coverage(console, asked, [result], in_full=True)


def _print_findings(console: Console, ownership: OwnershipResult | None, as_of: date) -> None:
    """Print what each ownership rule says, one line each."""
    for finding in () if ownership is None else ownership.findings:
        rule = measure_text(finding.rule, as_of)
        console.print(Text.assemble("  ", (rule.title, "bold"), f": {verdict_in_words(finding)}"))


def _print_rest(console: Console, result: CounterpartyResult, as_of: date) -> None:
    """Print what follows the hits of a name: parties that left a list, warnings, how many more."""
    for text in (hit_text(hit, as_of) for hit in result.delisted):
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
    """Return list, entry and what agrees, with licence terms that no measure states."""
    entry = "" if hit.entry_id is None else f" · entry {hit.entry_id}"
    more = (
        f"{hit.authority}{entry}",
        *(() if hit.unlisted is None else (hit.unlisted,)),
        *hit.agreements_in_sentences,
        *(hit.licence if hit.measures else ()),
        *(() if hit.read is None else (hit.read,)),
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


def _owners(ownership: OwnershipResult, as_of: date) -> Group:
    """Return the owners with the listings each may be, and what each ownership rule says."""
    parts: list[RenderableType] = [Text("\nIts owners", style="bold")]
    for finding in ownership.findings:
        rule = measure_text(finding.rule, as_of)
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
