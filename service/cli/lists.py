"""`abeyance lists`: every list with its edition, age and state."""

import asyncio
from pathlib import Path

import click
import msgspec

from service.app.local_lists import local_lists
from service.cli.database import prepared_database
from service.cli.options import as_json, data_dir, examples, gathered, remote_url, settings_with
from service.cli.output import print_json, print_lists
from service.cli.remote import Page, RemoteService
from service.model.answer import ListAnswer


class ListsGiven(msgspec.Struct, frozen=True):
    """What was given on the command line."""

    url: str | None
    as_json: bool
    data_dir: Path | None


@click.command(
    epilog=examples(
        "abeyance lists",
        "abeyance lists --json",
        "abeyance lists --url http://127.0.0.1:8080",
    )
)
@remote_url
@as_json
@data_dir
@gathered(ListsGiven)
def lists(given: ListsGiven) -> None:
    """Show every list with its edition, age and state."""
    covered = _local(given.data_dir) if given.url is None else _remote(given.url)
    (print_json if given.as_json else print_lists)(covered)


def _local(folder: Path | None) -> tuple[ListAnswer, ...]:
    with prepared_database(settings_with(folder)) as dsn:
        found = asyncio.run(local_lists(dsn))
        return tuple(sorted(found, key=lambda each: each.coverage.code))


def _remote(url: str) -> tuple[ListAnswer, ...]:
    with RemoteService(url) as service:
        return tuple(service.pages("/v1/lists", {}, Page[ListAnswer]))
