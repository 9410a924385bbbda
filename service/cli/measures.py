"""`abeyance measures`: the register with the status of each measure on a day."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import get_args

import click
import msgspec

from service.cli.database import measures_at_hand
from service.cli.options import as_json, data_dir, days, examples, gathered
from service.cli.output import print_json, print_measures
from service.flow.clocks import days_of
from service.flow.measures import MeasureFilter, select_measures
from service.model.status import StatusWord


class MeasuresGiven(msgspec.Struct, frozen=True):
    """What was given on the command line."""

    as_of: date | None
    known_at: date | None
    status: StatusWord | None
    jurisdiction: str | None
    authority: str | None
    list_code: str | None
    as_json: bool
    data_dir: Path | None


@click.command(
    epilog=examples(
        "abeyance measures --status in_force_by_lapse",
        "abeyance measures --as-of 2025-10-15 --known-at 2025-10-15 --json",
    )
)
@days
@click.option("--status", type=click.Choice(get_args(StatusWord)), help="Only this status.")
@click.option("--jurisdiction", help="Only this jurisdiction: US, CN, EU …")
@click.option("--authority", help="Only this authority: BIS, MOFCOM …")
@click.option("--list", "list_code", help="Only measures that reach this list.")
@as_json
@data_dir
@gathered(MeasuresGiven)
def measures(given: MeasuresGiven) -> None:
    """Show measures and their status on a day."""
    asked = days_of(given.as_of, given.known_at, datetime.now(UTC))
    chosen = MeasureFilter(
        jurisdiction=given.jurisdiction,
        authority=given.authority,
        status=given.status,
        list_code=given.list_code,
    )
    board = measures_at_hand(given.data_dir)
    selected = select_measures(board, chosen, asked)
    (print_json if given.as_json else print_measures)(selected)
