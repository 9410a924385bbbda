"""`abeyance measures`: the measures of the register, and their status on a day."""

from datetime import date
from pathlib import Path

import click
import msgspec

from abeyance_screening.engine.measures.status import MeasureOnDay
from abeyance_screening.engine.measures.status_table import STATUS_WORDS, StatusWord
from abeyance_screening.platform.cli.client import DayPage, opened_api, question_days
from abeyance_screening.platform.cli.measures import print_measures
from abeyance_screening.platform.cli.options import (
    as_json,
    data_dir,
    days,
    examples,
    gathered,
    list_codes,
    remote_url,
)
from abeyance_screening.platform.cli.output import print_json


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
    } | question_days(options.as_of, options.known_at)
    with opened_api(options.url, options.data_dir, "register") as api:
        selected, as_of = api.on_day("/v1/measures", params, DayPage[MeasureOnDay])
    if options.as_json:
        print_json(selected)
    else:
        print_measures(selected, as_of)
