"""`abeyance measures`: the register with the status of each measure on a day."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import get_args

import click
import msgspec

from service.cli.database import measures_at_hand
from service.cli.options import as_json, data_dir, days, examples, gathered, list_codes, remote_url
from service.cli.output import print_json, print_measures
from service.cli.remote import DayPage, RemoteService, days_asked
from service.flow.clocks import days_of
from service.flow.measures import MeasureFilter, select_measures
from service.model.on_day import MeasureOnDay
from service.model.status import StatusWord


class MeasuresGiven(msgspec.Struct, frozen=True):
    """What was given on the command line."""

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
@click.option("--status", type=click.Choice(get_args(StatusWord)), help="Only this status.")
@click.option("--jurisdiction", help="Only this jurisdiction: US, CN, EU …")
@click.option("--authority", help="Only this authority: BIS, MOFCOM …")
@click.option(
    "--list", "list_code", shell_complete=list_codes, help="Only measures that reach this list."
)
@remote_url
@as_json
@data_dir
@gathered(MeasuresGiven)
def measures(given: MeasuresGiven) -> None:
    """Show measures and their status on a day."""
    selected, as_of = _local(given) if given.url is None else _remote(given.url, given)
    if given.as_json:
        print_json(selected)
    else:
        print_measures(selected, as_of)


def _local(given: MeasuresGiven) -> tuple[tuple[MeasureOnDay, ...], date]:
    asked = days_of(given.as_of, given.known_at, datetime.now(UTC))
    chosen = MeasureFilter(
        jurisdiction=given.jurisdiction,
        authority=given.authority,
        status=given.status,
        list_code=given.list_code,
    )
    return select_measures(measures_at_hand(given.data_dir), chosen, asked), asked.as_of


def _remote(url: str, given: MeasuresGiven) -> tuple[tuple[MeasureOnDay, ...], date]:
    params = {
        "jurisdiction": given.jurisdiction,
        "authority": given.authority,
        "status": given.status,
        "list": given.list_code,
    }
    with RemoteService(url) as service:
        asked = params | days_asked(given.as_of, given.known_at)
        return service.on_day("/v1/measures", asked, DayPage[MeasureOnDay])
