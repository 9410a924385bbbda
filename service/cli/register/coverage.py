"""`abeyance register coverage`: what the law behind the listings rests on."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click

from service.cli.answering import evidence_at_hand
from service.cli.options import Day, as_json, data_dir, examples
from service.cli.output import print_json
from service.screening.evidence import ListEvidence, MeasureEvidence, RegisterEvidence

# As many measures are printed unless `--measures` asks for all.
_MOST_MEASURES = 20
_HEAD = ("list", "listings", "act's words", "second hand", "general", "unbound", "stale")


@click.command(
    epilog=examples(
        "abeyance register coverage",
        "abeyance register coverage --as-of 2026-11-24 --json",
    )
)
@click.option("--as-of", type=Day(), help="The day to ask about; today if left out.")
@click.option("--measures", is_flag=True, help="Print every measure, not only the first 20.")
@as_json
@data_dir
def coverage(as_of: date | None, data_dir: Path | None, *, measures: bool, as_json: bool) -> None:
    """Print what the law behind the listings rests on, by list and by measure.

    A listing counts under "act's words" if a measure that binds it on the day has the words of its
    act, under "second hand" if its measures were only read about, under "general" if no source was
    read, and under "unbound" if no measure binds it on the day. It is stale if none of its
    measures was checked up to the day.
    """
    evidence = evidence_at_hand(data_dir, as_of)
    if as_json:
        print_json(evidence)
        return
    for line in _lines(evidence, most=None if measures else _MOST_MEASURES):
        click.echo(line)


def _lines(evidence: RegisterEvidence, most: int | None) -> Iterator[str]:
    yield f"On {evidence.as_of}, as known on {evidence.known_at}; shares are of the listings."
    yield ""
    yield _columns(_HEAD)
    for row in (*evidence.lists, evidence.total):
        yield _columns(_cells(row))
    yield ""
    yield "Measures by the listings that they bind:"
    for measure in evidence.measures[:most]:
        yield _measure_line(measure)
    hidden = 0 if most is None else len(evidence.measures) - most
    if hidden > 0:
        yield f"and {hidden} more; --measures prints them all"


def _cells(row: ListEvidence) -> tuple[str, ...]:
    counts = (row.with_words, row.second_hand, row.general_knowledge, row.unbound, row.stale)
    return (
        row.list_code,
        f"{row.listings:,}",
        *(f"{100 * count / max(row.listings, 1):.1f} %" for count in counts),
    )


def _columns(cells: tuple[str, ...]) -> str:
    first, *others = cells
    return f"{first:<22}" + "".join(f"{cell:>13}" for cell in others)


def _measure_line(measure: MeasureEvidence) -> str:
    words = "words" if measure.has_words else "-"
    checked = "unchecked" if measure.checked_until is None else str(measure.checked_until)
    return f"{measure.listings:>8,}  {words:<5}  {checked:<10}  {measure.measure_id}"
