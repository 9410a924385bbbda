"""`abeyance screen`: screen names from the command line, on the data of this machine."""

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path

import click
import msgspec

from service.app import local_desk
from service.cli.database import prepared_database
from service.cli.options import Day, as_json, data_dir, days, examples, gathered, settings_with
from service.cli.output import print_screening
from service.flow.ask import Asked
from service.flow.clocks import days_of
from service.model.answer import ScreeningAnswer
from service.model.question import MAX_LIMIT, Counterparty


class ScreenGiven(msgspec.Struct, frozen=True):
    """What was given on the command line."""

    names: tuple[str, ...]
    lists: tuple[str, ...]
    countries: tuple[str, ...]
    threshold: float | None
    limit: int | None
    as_of: date | None
    known_at: date | None
    since: date | None
    as_json: bool
    data_dir: Path | None


@click.command(
    epilog=examples(
        'abeyance screen "Huawei Technologies"',
        'abeyance screen "SMIC" "Hikvison" --as-of 2025-10-15',
        'abeyance screen "Hikvision" --since 2025-10-15',
        'abeyance screen "Bank Melli" --list un_sc --json',
    )
)
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@click.option("--list", "lists", multiple=True, help="Only this list; repeat it for several.")
@click.option("--country", "countries", multiple=True, help="Country code; orders the hits.")
@click.option("--threshold", type=click.FloatRange(0, 1), help="The lowest score that is a hit.")
@click.option("--limit", type=click.IntRange(1, MAX_LIMIT), help="The most hits for one name.")
@days
@click.option("--since", type=Day(), help="Tell what changed in each hit since this day.")
@as_json
@data_dir
@gathered(ScreenGiven)
def screen(given: ScreenGiven) -> None:
    """Screen names."""
    with prepared_database(settings_with(given.data_dir)) as dsn:
        answer = asyncio.run(_ask(dsn, _asked(given)))
    if given.as_json:
        click.echo(answer)
    else:
        print_screening(msgspec.json.decode(answer, type=ScreeningAnswer))


def _asked(given: ScreenGiven) -> Asked:
    return Asked(
        counterparties=tuple(
            Counterparty(name=name, countries=given.countries) for name in given.names
        ),
        lists=given.lists or None,
        days=days_of(given.as_of, given.known_at, datetime.now(UTC)),
        since=given.since,
        threshold=given.threshold,
        limit=given.limit,
    )


async def _ask(dsn: str, asked: Asked) -> bytes:
    desk = await local_desk(dsn)
    return b"".join(await desk.screen(asked))
