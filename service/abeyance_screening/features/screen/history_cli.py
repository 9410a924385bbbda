"""`abeyance screenings`: list and delete the screenings that a database keeps."""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, date
from functools import partial
from pathlib import Path
from uuid import UUID

import click
import msgspec
from rich.table import Table

from abeyance_screening.engine.screening.question import MAX_LIMIT
from abeyance_screening.engine.screening.storage import (
    HistoryQuery,
    ListedScreening,
    ScreeningPage,
    kept_page,
)
from abeyance_screening.platform.access.keys import ACCOUNT
from abeyance_screening.platform.cli.database import opened_database
from abeyance_screening.platform.cli.options import (
    Day,
    as_json,
    data_dir,
    examples,
    gathered,
    settings_with,
)
from abeyance_screening.platform.cli.output import print_json, print_table, table_of
from abeyance_screening.platform.postgres.database import Author, say_author
from abeyance_screening.platform.settings import Settings, user_name
from abeyance_screening.platform.stores.accounts import AccountStore, open_accounts
from abeyance_screening.platform.stores.retention import kept_since
from abeyance_screening.primitives.days import utc_now
from abeyance_screening.primitives.errors import NotFoundError
from abeyance_screening.primitives.structs import copy_as


@asynccontextmanager
async def account_store(
    account: str, settings: Settings, dsn: str
) -> AsyncGenerator[AccountStore]:
    """Yield what an account keeps in a database, to be listed and deleted without a key.

    A user with access to the database may do so anyway.
    """
    async with open_accounts(dsn, partial(kept_since, settings, utc_now)) as accounts:
        yield accounts.of(account)


# --- `abeyance screenings`: list and delete the screenings that a database keeps.

_ACCOUNT_HELP = "The account whose screenings they are."
# So many ids are shown in a row; the others are in the JSON.
_MOST_IDS = 5


@click.group()
def screenings() -> None:
    """List and delete the screenings that a database keeps."""


class ScreeningListOptions(msgspec.Struct, frozen=True):
    """The options of `abeyance screenings list`."""

    account: str
    from_day: date | None
    until_day: date | None
    counterparty_id: str | None
    limit: int
    cursor: str | None
    as_json: bool
    data_dir: Path | None


@screenings.command(
    "list",
    epilog=examples(
        "abeyance screenings list",
        "abeyance screenings list --from 2026-11-01 --until 2026-11-30",
        "abeyance screenings list --counterparty-id C-1 --json",
    ),
)
@click.option("--account", default=ACCOUNT, show_default=True, help=_ACCOUNT_HELP)
@click.option(
    "--from", "from_day", type=Day(), help="Only those asked on this day (UTC) or later."
)
@click.option("--until", "until_day", type=Day(), help="Only those asked on this day or before.")
@click.option("--counterparty-id", help="Only those about a counterparty with this id of yours.")
@click.option(
    "--limit",
    type=click.IntRange(1, MAX_LIMIT),
    default=100,
    show_default=True,
    help="The most screenings that are listed.",
)
@click.option("--cursor", help="Go on after the last one listed; the command before prints it.")
@as_json
@data_dir
@gathered(ScreeningListOptions)
def list_screenings(options: ScreeningListOptions) -> None:
    """List the screenings that are kept, the newest first, without any name."""
    asked = copy_as(HistoryQuery, options)
    settings = settings_with(options.data_dir)

    async def read(dsn: str) -> ScreeningPage:
        async with account_store(options.account, settings, dsn) as kept:
            return await kept_page(kept, asked)

    with opened_database(settings) as dsn:
        page = asyncio.run(read(dsn))
    if options.as_json:
        print_json(page)
        return
    print_table(table_of_screenings(page.items))
    if page.next_cursor is not None:
        click.echo(f"More: --cursor {page.next_cursor}", err=True)


def table_of_screenings(items: Iterable[ListedScreening]) -> Table:
    """Return kept screenings as a table, one row each, with whole ids."""
    table = table_of("Id", "Asked", "Outcome", "Counterparties", "Held", whole="Id")
    for each in items:
        asked = f"{each.asked_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        table.add_row(
            str(each.id),
            asked,
            each.outcome or "not read yet",
            _counterparties(each),
            each.held_because or "",
        )
    return table


def _counterparties(each: ListedScreening) -> str:
    ids = each.counterparty_ids or ()
    more = f", and {len(ids) - _MOST_IDS} more" if len(ids) > _MOST_IDS else ""
    named = f": {', '.join(ids[:_MOST_IDS])}{more}" if ids else ""
    return "" if each.counterparty_count is None else f"{each.counterparty_count}{named}"


class ScreeningDeleteOptions(msgspec.Struct, frozen=True):
    """The arguments and options of `abeyance screenings delete`."""

    ids: tuple[UUID, ...]
    account: str
    data_dir: Path | None


@screenings.command(
    epilog=examples("abeyance screenings delete 3d0f8c1e-5a6b-4c7d-8e9f-0a1b2c3d4e5f")
)
@click.argument("ids", metavar="ID...", type=click.UUID, nargs=-1, required=True)
@click.option("--account", default=ACCOUNT, show_default=True, help=_ACCOUNT_HELP)
@data_dir
@gathered(ScreeningDeleteOptions)
def delete(options: ScreeningDeleteOptions) -> None:
    """Delete the screenings with these IDs for good, questions and answers."""
    settings = settings_with(options.data_dir)

    async def work(dsn: str) -> None:
        say_author(Author(actor=user_name()))
        async with account_store(options.account, settings, dsn) as kept:
            for key in options.ids:
                if not await kept.delete(key):
                    raise NotFoundError("screening", str(key))
                click.echo(f"Screening {key}: deleted.")

    with opened_database(settings) as dsn:
        asyncio.run(work(dsn))
