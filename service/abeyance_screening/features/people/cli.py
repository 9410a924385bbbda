"""`abeyance sessions`: who has logged in to the desk, and log somebody out."""

import asyncio
from datetime import UTC
from pathlib import Path

import click

from abeyance_screening.platform.access.sessions import UserSession, UserSessionStore
from abeyance_screening.platform.cli.database import opened_database
from abeyance_screening.platform.cli.options import as_json, data_dir, examples, settings_with
from abeyance_screening.platform.cli.output import print_json, print_table, table_of
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.settings import user_name
from abeyance_screening.primitives.days import utc_now

# --- `abeyance sessions`: who has logged in, and how somebody is logged out.


@click.group()
def sessions() -> None:
    """Show who has logged in to the desk, and log somebody out."""


@sessions.command("list", epilog=examples("abeyance sessions list"))
@as_json
@data_dir
def list_sessions(*, as_json: bool, data_dir: Path | None) -> None:
    """List the sessions that go on, by the names of their users."""
    with opened_database(settings_with(data_dir)) as dsn:
        found = asyncio.run(_all_sessions(dsn))
    if as_json:
        print_json(found)
        return
    table = table_of("User", "Account", "Scopes", "Began", "Last used", "Ends by")
    for each in found:
        times = (each.made_at, each.last_used_at, each.expires_at)
        moments = (f"{at.astimezone(UTC):%Y-%m-%d %H:%M}" for at in times)
        table.add_row(each.user_name, each.account, " ".join(each.scopes), *moments)
    print_table(table)


@sessions.command("end", epilog=examples("abeyance sessions end anna"))
@click.argument("name")
@data_dir
def end_sessions(*, name: str, data_dir: Path | None) -> None:
    """End all sessions of the user NAME, everywhere within two seconds."""
    with opened_database(settings_with(data_dir)) as dsn:
        ended = asyncio.run(_end(dsn, name))
    click.echo(f"{ended} sessions of {name} ended" if ended != 1 else f"1 session of {name} ended")


async def _all_sessions(dsn: str) -> tuple[UserSession, ...]:
    async with connected(dsn) as connection:
        return await UserSessionStore(connection).all(utc_now())


async def _end(dsn: str, name: str) -> int:
    async with connected(dsn) as connection:
        return await UserSessionStore(connection).end_all_of(name, utc_now(), user_name())
