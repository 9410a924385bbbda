"""`abeyance measures`, `calendar` and `restrictions`: questions about the register of measures."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import get_args

import click
import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from service.cli.answering import DayPage, days_asked, opened_api
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
from service.cli.output import fact_in_words, print_json, print_measures, status_text, write_file
from service.errors import BadInputError
from service.measures.calendar import (
    MOST_PASSED_DAYS,
    PASSED_DAYS_KEPT,
)
from service.measures.law.coming import ComingChange
from service.measures.measure import EndUse
from service.measures.status import STATUS_WORDS, MeasureOnDay, StatusWord
from service.screening.trade.transaction import OpenQuestion, Restriction, Restrictions
from service.wording import day_in_words, measure_title, plain_badge, sentence
from service.wording.notes import own_day, own_day_of


class MeasuresOptions(msgspec.Struct, frozen=True):
    """The arguments and options of `abeyance measures`."""

    as_of: date | None
    known_at: date | None
    status: StatusWord | None
    jurisdiction: str | None
    authority: str | None
    list_code: str | None
    url: str | None
    as_json: bool
    data_dir: Path | None


@click.command(
    epilog=examples(
        "abeyance measures --status in_force_by_lapse",
        "abeyance measures --as-of 2025-10-15 --known-at 2025-10-15 --json",
        "abeyance measures --jurisdiction CN --url http://127.0.0.1:8080",
    )
)
@days
@click.option("--status", type=click.Choice(STATUS_WORDS), help="Only this status.")
@click.option("--jurisdiction", help="Only this jurisdiction: US, CN, EU …")
@click.option("--authority", help="Only this authority: BIS, MOFCOM …")
@click.option(
    "--list", "list_code", shell_complete=list_codes, help="Only measures that reach this list."
)
@remote_url
@as_json
@data_dir
@gathered(MeasuresOptions)
def measures(options: MeasuresOptions) -> None:
    """Show measures and their status on a day."""
    params = {
        "jurisdiction": options.jurisdiction,
        "authority": options.authority,
        "status": options.status,
        "list": options.list_code,
    } | days_asked(options.as_of, options.known_at)
    with opened_api(options.url, options.data_dir, "register") as api:
        selected, as_of = api.on_day("/v1/measures", params, DayPage[MeasureOnDay])
    if options.as_json:
        print_json(selected)
    else:
        print_measures(selected, as_of)


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
    } | days_asked(options.as_of, options.known_at)
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
    console = Console()
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


# --- `abeyance restrictions`: measures that reach goods, places and end uses.


class RestrictionsOptions(msgspec.Struct, frozen=True):
    """The arguments and options of `abeyance restrictions`."""

    items: tuple[str, ...]
    origin: str | None
    destination: str | None
    end_use: EndUse | None
    as_of: date | None
    known_at: date | None
    url: str | None
    as_json: bool
    data_dir: Path | None


@click.command(
    epilog=examples(
        'abeyance restrictions --item "dysprosium oxide" --origin CN --destination US',
        "abeyance restrictions --item 3B001 --item 8486.20 --origin NL --destination CN --json",
        "abeyance restrictions --item gallium --origin CN --url http://127.0.0.1:8080",
    )
)
@click.option(
    "--item",
    "items",
    multiple=True,
    help="HS code, control code, EAR99 or words; repeat for several.",
)
@click.option("--origin", help="Code of the country it is sent from.")
@click.option("--destination", help="Code of the country it is sent to.")
@click.option("--end-use", type=click.Choice(get_args(EndUse)), help="The end use of the items.")
@days
@remote_url
@as_json
@data_dir
@gathered(RestrictionsOptions)
def restrictions(options: RestrictionsOptions) -> None:
    """Show the measures that reach a transaction without naming a company."""
    params = {
        "item": options.items,
        "origin": options.origin,
        "destination": options.destination,
        "end_use": options.end_use,
    } | days_asked(options.as_of, options.known_at)
    with opened_api(options.url, options.data_dir, "register") as api:
        found = api.get("/v1/restrictions", params, Restrictions)
    (print_json if options.as_json else _print_restrictions)(found)


def _print_restrictions(found: Restrictions) -> None:
    console = Console()
    days = f"On {day_in_words(found.as_of)}, as known on {day_in_words(found.known_at)}"
    console.print(f"{days}: {found.summary}", highlight=False)
    for heading, met in (("Reaches it", found.met), ("Has ended", found.ended)):
        if met:
            console.print(_table_of_measures(heading, met, found.as_of))
    if found.open_questions:
        console.print(_table_of_questions(found.open_questions, found.as_of))
    for note in found.notes:
        console.print(note, style="dim")


def _table_of_measures(heading: str, reaching: Iterable[Restriction], as_of: date) -> Table:
    table = _table(heading, "Status", "What it means", "By")
    for each in reaching:
        table.add_row(
            f"{measure_title(each.measure.id, each.measure.title)}\n{each.measure.id}",
            status_text(each.measure, as_of),
            sentence(each.measure),
            "\n".join(map(fact_in_words, each.facts)),
        )
    return table


def _table_of_questions(questions: Iterable[OpenQuestion], as_of: date) -> Table:
    table = _table("May reach it", "Status", "Does so if yes")
    for each in questions:
        own = own_day_of(each, as_of)
        status = plain_badge(each.status)
        table.add_row(
            f"{measure_title(each.id, each.title)}\n{each.id}",
            status if own is None else f"{status}\n{own.line}",
            each.question,
        )
    return table


def _table(*headings: str) -> Table:
    table = Table()
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table
