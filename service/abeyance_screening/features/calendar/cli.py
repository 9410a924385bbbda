"""`abeyance calendar`: what changes after a day."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click
import msgspec
from rich.table import Table
from rich.text import Text

from abeyance_screening.engine.measures.calendar import MOST_PASSED_DAYS, PASSED_DAYS_KEPT
from abeyance_screening.engine.measures.law.coming import ComingChange
from abeyance_screening.engine.wording import day_in_words, measure_title
from abeyance_screening.engine.wording.notes import own_day
from abeyance_screening.platform.cli.client import DayPage, opened_api, question_days
from abeyance_screening.platform.cli.options import (
    Day,
    as_json,
    data_dir,
    days,
    examples,
    gathered,
    list_codes,
    remote_url,
)
from abeyance_screening.platform.cli.output import (
    Terminal,
    print_json,
    write_file,
)
from abeyance_screening.primitives.errors import BadInputError

# --- `abeyance calendar`: every known future change of a measure.


class CalendarOptions(msgspec.Struct, frozen=True):
    """The arguments and options of `abeyance calendar`."""

    as_of: date | None
    known_at: date | None
    until: date | None
    list_code: str | None
    jurisdiction: str | None
    authority: str | None
    measure: str | None
    passed_days: int | None
    ics: Path | None
    url: str | None
    as_json: bool
    data_dir: Path | None


@click.command(
    epilog=examples(
        "abeyance calendar --list us_bis_el --until 2027-12-31",
        "abeyance calendar --jurisdiction CN --ics coming.ics",
        "abeyance calendar --json --url http://127.0.0.1:8080",
    )
)
@days
@click.option("--until", type=Day(), help="The last day to show [no end].")
@click.option(
    "--list", "list_code", shell_complete=list_codes, help="Only measures that reach this list."
)
@click.option("--jurisdiction", help="Only this jurisdiction: US, CN, EU …")
@click.option("--authority", help="Only this authority: BIS, MOFCOM …")
@click.option("--measure", help="Only the measure with this id.")
@click.option(
    "--passed-days",
    type=click.IntRange(0, MOST_PASSED_DAYS),
    help="Also the changes of so many last days, with what followed [90 with --ics, else 0].",
)
@click.option(
    "--ics",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write an iCalendar file instead of a table.",
)
@remote_url
@as_json
@data_dir
@gathered(CalendarOptions)
def calendar(options: CalendarOptions) -> None:
    """Show what changes after a day: ends of suspensions and licences, starts, terms."""
    if options.ics is not None and options.as_json:
        raise BadInputError("--ics", "cannot be combined with --json; choose one")
    params = {
        "until": None if options.until is None else options.until.isoformat(),
        "measure": options.measure,
        "list": options.list_code,
        "jurisdiction": options.jurisdiction,
        "authority": options.authority,
        "passed_days": _passed_days(options),
    } | question_days(options.as_of, options.known_at)
    with opened_api(options.url, options.data_dir, "register") as api:
        if options.ics is not None:
            write_file(options.ics, "--ics", api.file("/v1/calendar.ics", params))
            return
        rows, as_of = api.on_day("/v1/calendar", params, DayPage[ComingChange])
    if options.as_json:
        print_json(rows)
    else:
        _print_calendar(rows, as_of)


def _passed_days(options: CalendarOptions) -> int:
    """Return how many last days to show; a file to subscribe to keeps what has passed."""
    if options.passed_days is not None:
        return options.passed_days
    return 0 if options.ics is None else PASSED_DAYS_KEPT


def _print_calendar(rows: Sequence[ComingChange], as_of: date) -> None:
    """Print a table with one row a change; changes that are only announced are dim."""
    console = Terminal()
    if not rows:
        line = f"Nothing is known to change after {day_in_words(as_of)}."
        console.print(line, highlight=False)
        return
    console.print(f"Seen from {day_in_words(as_of)}:", highlight=False)
    table = Table()
    table.add_column("Day", no_wrap=True)
    table.add_column("In days", no_wrap=True, justify="right")
    table.add_column("Measure", overflow="fold", ratio=2)
    table.add_column("What comes", overflow="fold", ratio=3)
    for row in rows:
        measure = Text.assemble(
            (measure_title(row.measure_id, row.title), "bold"), f"\n{row.measure_id}"
        )
        style = "dim" if row.announced else None
        ahead = f"{row.days_ahead:,}"
        own = own_day(row.as_of, (row.jurisdiction,), as_of)
        outcome = None if row.outcome is None else row.outcome.sentence
        lines = (row.sentence, outcome, None if own is None else own.line)
        comes = "\n".join(filter(None, lines))
        table.add_row(day_in_words(row.on), ahead, measure, comes, style=style)
    console.print(table)
