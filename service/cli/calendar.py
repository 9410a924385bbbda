"""`abeyance calendar`: every change of a measure that is known to come."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from service.api.ical import icalendar
from service.cli.database import measures_at_hand
from service.cli.options import (
    Day,
    as_json,
    data_dir,
    days,
    examples,
    gathered,
    list_codes,
    remote_url,
)
from service.cli.output import print_json, write_file
from service.cli.remote import DayPage, RemoteService, days_asked
from service.flow.calendar import CalendarFilter, coming
from service.flow.clocks import days_of
from service.flow.measures import MeasureFilter
from service.model.coming import ComingChange
from service.model.errors import BadInputError
from service.wording import day_in_words, measure_title
from service.wording.own_days import own_day


class CalendarGiven(msgspec.Struct, frozen=True):
    """What was given on the command line."""

    as_of: date | None
    known_at: date | None
    until: date | None
    list_code: str | None
    jurisdiction: str | None
    authority: str | None
    measure: str | None
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
@click.option("--until", type=Day(), help="The last day told [no end].")
@click.option(
    "--list", "list_code", shell_complete=list_codes, help="Only measures that reach this list."
)
@click.option("--jurisdiction", help="Only this jurisdiction: US, CN, EU …")
@click.option("--authority", help="Only this authority: BIS, MOFCOM …")
@click.option("--measure", help="Only the measure with this id.")
@click.option(
    "--ics",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write an iCalendar file instead of a table.",
)
@remote_url
@as_json
@data_dir
@gathered(CalendarGiven)
def calendar(given: CalendarGiven) -> None:
    """Show what changes after a day: ends of suspensions and licences, starts, terms."""
    if given.ics is not None and given.as_json:
        raise BadInputError("--ics", "stands beside --json; choose one")
    if given.url is None:
        _show(given, *_local(given))
    else:
        with RemoteService(given.url) as service:
            _show(given, *_remote(service, given))


def _show(
    given: CalendarGiven, rows: Sequence[ComingChange], file: Callable[[], bytes], as_of: date
) -> None:
    """The rows, or the file of them."""
    if given.ics is not None:
        write_file(given.ics, "--ics", file())
    elif given.as_json:
        print_json(rows)
    else:
        _print_calendar(rows, as_of)


def _local(
    given: CalendarGiven,
) -> tuple[Sequence[ComingChange], Callable[[], bytes], date]:
    asked = days_of(given.as_of, given.known_at, datetime.now(UTC))
    chosen = CalendarFilter(
        until=given.until,
        measure_id=given.measure,
        measures=MeasureFilter(
            jurisdiction=given.jurisdiction,
            authority=given.authority,
            list_code=given.list_code,
        ),
    )
    rows = coming(measures_at_hand(given.data_dir), chosen, asked)
    return rows, lambda: icalendar(rows, chosen.in_words), asked.as_of


def _remote(
    service: RemoteService, given: CalendarGiven
) -> tuple[Sequence[ComingChange], Callable[[], bytes], date]:
    params = {
        "until": None if given.until is None else given.until.isoformat(),
        "measure": given.measure,
        "list": given.list_code,
        "jurisdiction": given.jurisdiction,
        "authority": given.authority,
    } | days_asked(given.as_of, given.known_at)
    if given.ics is not None:
        as_of = given.as_of or datetime.now(UTC).date()
        return (), lambda: service.file("/v1/calendar.ics", params), as_of
    rows, as_of = service.on_day("/v1/calendar", params, DayPage[ComingChange])
    return rows, lambda: b"", as_of


def _print_calendar(rows: Sequence[ComingChange], as_of: date) -> None:
    """A row a change; what is only announced stands dim."""
    console = Console()
    if not rows:
        said = f"Nothing is known to change after {day_in_words(as_of)}."
        console.print(said, highlight=False)
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
        comes = row.sentence if own is None else f"{row.sentence}\n{own.line}"
        table.add_row(day_in_words(row.on), ahead, measure, comes, style=style)
    console.print(table)
