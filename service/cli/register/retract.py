"""`abeyance register retract`: take an event of your own back."""

import asyncio
from pathlib import Path

import click
import msgspec

from service.app.local import local_operators
from service.cli.database import prepared_database
from service.cli.options import (
    as_json,
    data_dir,
    examples,
    gathered,
    settings_with,
    user_name,
)
from service.cli.output import print_json


class RetractGiven(msgspec.Struct, frozen=True):
    """What was given on the command line."""

    measure: str
    event: str
    because: str
    recorded_by: str
    as_json: bool
    data_dir: Path | None


@click.command(
    epilog=examples(
        "abeyance register retract us-bis-affiliates-rule"
        ' own-extend-suspension-2026-11-24-0f3a9c21 --because "read from a draft"'
    )
)
@click.argument("measure")
@click.argument("event")
@click.option("--because", required=True, help="Why it was a mistake.")
@click.option("--by", "recorded_by", default=user_name, help="Who takes it back [you].")
@as_json
@data_dir
@gathered(RetractGiven)
def retract(given: RetractGiven) -> None:
    """Take back EVENT of MEASURE, one of your own. Earlier knowledge still counts it."""
    with prepared_database(settings_with(given.data_dir)) as dsn:
        asyncio.run(_retract(dsn, given))
    if given.as_json:
        print_json({"measure": given.measure, "event": given.event, "retracted": True})
    else:
        click.echo(f"{given.measure}: {given.event} retracted")


async def _retract(dsn: str, given: RetractGiven) -> None:
    async with local_operators(dsn) as operators:
        await operators.retract(given.measure, given.event, given.recorded_by, given.because)
