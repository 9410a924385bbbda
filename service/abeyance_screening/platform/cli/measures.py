"""Measures and their status on the terminal."""

from collections.abc import Iterable, Mapping
from datetime import date

from rich.table import Table
from rich.text import Text

from abeyance_screening.engine.measures.register_state import BundleReport, RegisterState
from abeyance_screening.engine.measures.status import MeasureOnDay
from abeyance_screening.engine.measures.status_table import STATUSES, Shape, StatusWord
from abeyance_screening.engine.screening.trade.transaction import FactMet
from abeyance_screening.engine.wording import (
    badge,
    badge_ahead,
    day_in_words,
    lapse_in_words,
    measure_title,
    notes,
    sentence,
)
from abeyance_screening.engine.wording.notes import own_day_of
from abeyance_screening.platform.cli.output import (
    Terminal,
    print_table,
)

_STYLES: Mapping[Shape, str] = {
    "announced": "cyan",
    "coming": "cyan",
    "force": "bold red",
    "eased": "yellow",
    "part": "yellow",
    "sleeps": "blue",
    "stayed": "blue",
    "frame": "red",
    "lapsed": "red",
    "unknown": "red",
    "over": "dim",
    "over-unsure": "dim",
    "licence": "yellow",
    "licence-gone": "dim",
}


def style_of(status: StatusWord | None) -> str:
    """Return the colour of a status, empty for None.

    Red restricts, yellow is eased, blue is suspended, cyan is yet to begin, dim is over.
    """
    if status is None:
        return ""
    return _STYLES[STATUSES[status].shape]


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
    Terminal().print(f"On {day_in_words(as_of)}:", highlight=False)
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
