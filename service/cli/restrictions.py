"""`abeyance restrictions`: the measures that reach goods, places and end uses."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import get_args

import click
import msgspec
from rich.console import Console
from rich.table import Table

from service.cli.database import measures_at_hand
from service.cli.options import as_json, data_dir, days, examples, gathered, remote_url
from service.cli.output import print_json
from service.cli.remote import RemoteService, days_asked
from service.cli.styles import status_text
from service.cli.words import fact_in_words
from service.flow.clocks import days_of
from service.flow.restrictions import restrictions_on
from service.flow.transactions import plain_transaction
from service.model.reach import EndUse
from service.model.transaction import OpenQuestion, Restriction, Restrictions
from service.wording import day_in_words, measure_title, plain_badge, sentence
from service.wording.own_days import own_day_of


class RestrictionsGiven(msgspec.Struct, frozen=True):
    """What was given on the command line."""

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
    "--item", "items", multiple=True, help="HS code, control code or words; repeat for several."
)
@click.option("--origin", help="Country code: sent from.")
@click.option("--destination", help="Country code: sent to.")
@click.option("--end-use", type=click.Choice(get_args(EndUse)), help="What it is for.")
@days
@remote_url
@as_json
@data_dir
@gathered(RestrictionsGiven)
def restrictions(given: RestrictionsGiven) -> None:
    """Show the measures that reach a transaction without naming a company."""
    found = _local(given) if given.url is None else _remote(given.url, given)
    (print_json if given.as_json else _print)(found)


def _local(given: RestrictionsGiven) -> Restrictions:
    transaction = plain_transaction(given.items, given.origin, given.destination, given.end_use)
    asked = days_of(given.as_of, given.known_at, datetime.now(UTC))
    return restrictions_on(measures_at_hand(given.data_dir), transaction, asked)


def _remote(url: str, given: RestrictionsGiven) -> Restrictions:
    params = {
        "item": given.items,
        "origin": given.origin,
        "destination": given.destination,
        "end_use": given.end_use,
    } | days_asked(given.as_of, given.known_at)
    with RemoteService(url) as service:
        return service.get("/v1/restrictions", params, Restrictions)


def _print(found: Restrictions) -> None:
    console = Console()
    days = f"On {day_in_words(found.as_of)}, as known on {day_in_words(found.known_at)}"
    console.print(f"{days}: {found.summary}", highlight=False)
    for heading, met in (("Reaches it", found.met), ("Has ended", found.ended)):
        if met:
            console.print(_met(heading, met, found.as_of))
    if found.open_questions:
        console.print(_open(found.open_questions, found.as_of))
    for note in found.notes:
        console.print(note, style="dim")


def _met(heading: str, met: Iterable[Restriction], asked: date) -> Table:
    table = _table(heading, "Status", "What it means", "By")
    for each in met:
        table.add_row(
            f"{measure_title(each.measure.id, each.measure.title)}\n{each.measure.id}",
            status_text(each.measure, asked),
            sentence(each.measure),
            "\n".join(map(fact_in_words, each.facts)),
        )
    return table


def _open(questions: Iterable[OpenQuestion], asked: date) -> Table:
    table = _table("May reach it", "Status", "Does so if yes")
    for each in questions:
        own = own_day_of(each, asked)
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
