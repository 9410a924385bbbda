"""`abeyance lists`: every list with its edition, age and state."""

import asyncio
from pathlib import Path

import click
import msgspec

from service.app import local_desk
from service.cli.database import prepared_database
from service.cli.options import as_json, data_dir, examples, gathered, settings_with
from service.cli.output import print_json, print_lists


class ListsGiven(msgspec.Struct, frozen=True):
    """What was given on the command line."""

    as_json: bool
    data_dir: Path | None


@click.command(
    epilog=examples(
        "abeyance lists",
        "abeyance lists --json",
    )
)
@as_json
@data_dir
@gathered(ListsGiven)
def lists(given: ListsGiven) -> None:
    """Show every list with its edition, age and state."""
    with prepared_database(settings_with(given.data_dir)) as dsn:
        covered = tuple(asyncio.run(local_desk(dsn)).lists())
    (print_json if given.as_json else print_lists)(covered)
