"""`abeyance register confirm`: say that a place was read up to a day."""

import asyncio
from datetime import date
from pathlib import Path

import click
import msgspec

from abeyance_screening.engine.measures.places import places
from abeyance_screening.features.watch.confirmations import (
    AllConfirmed,
    ConfirmationDraft,
    ConfirmedPlace,
    local_confirmations,
)
from abeyance_screening.platform.cli.database import prepared_database
from abeyance_screening.platform.cli.options import (
    Day,
    as_json,
    data_dir,
    examples,
    gathered,
    settings_with,
)
from abeyance_screening.platform.cli.output import print_json
from abeyance_screening.platform.settings import user_name
from abeyance_screening.primitives.errors import BadInputError

# --- `abeyance register confirm`: a word of a person that a place where acts appear was read.

# Not 1, which is an error, and not 2, which shells use for a wrong call.
EXIT_LEFT = 4


class ConfirmOptions(msgspec.Struct, frozen=True):
    """The arguments and options of `abeyance register confirm`."""

    place: str | None
    every: bool
    recorded_by: str
    until: date | None
    read_up_to: int | None
    as_json: bool
    data_dir: Path | None


@click.command(
    epilog=examples(
        "abeyance register confirm us-fr-bis",
        "abeyance register confirm cn-mfa-countermeasures --until 2026-11-24",
        "abeyance register confirm us-fr-ofac --read 812 --by anna",
        "abeyance register confirm --all",
    )
    + "\n\nExit status: 0 confirmed, 1 an error, 4 with --all: places are left to a person."
)
@click.argument("place", required=False)
@click.option("--all", "every", is_flag=True, help="All places that brought nothing new.")
@click.option("--by", "recorded_by", default=user_name, help="Who has read it [you].")
@click.option(
    "--until", type=Day(), help="The day until which you have read it [that of the last watch]."
)
@click.option(
    "--read",
    "read_up_to",
    type=click.IntRange(min=1),
    metavar="NUMBER",
    help="You have read its new documents up to this number.",
)
@as_json
@data_dir
@gathered(ConfirmOptions)
def confirm(options: ConfirmOptions) -> None:
    """Confirm that PLACE was read, and that whatever it brought is in the register.

    The measures that the place decides count as checked until that day, once every place that
    decides them is confirmed until then. A place with new documents is confirmed only with --read.
    A later confirmation of the same place replaces the earlier one; none is ever edited.
    """
    if (options.place is None) is not options.every:
        raise BadInputError("PLACE", "name one place, or give --all")
    if options.every and options.read_up_to is not None:
        raise BadInputError("--read", "cannot be combined with --all; name the place")
    with prepared_database(settings_with(options.data_dir)) as dsn:
        done = asyncio.run(_confirm(dsn, options))
    if options.as_json:
        print_json(done)
    else:
        _print(done)
    if done.left:
        raise SystemExit(EXIT_LEFT)


async def _confirm(dsn: str, options: ConfirmOptions) -> AllConfirmed:
    async with local_confirmations(dsn) as confirmations:
        if options.place is None:
            return await confirmations.confirm_all(options.recorded_by, options.until)
        draft = ConfirmationDraft(
            place=options.place, until=options.until, read_up_to=options.read_up_to
        )
        confirmed = await confirmations.confirm(draft, options.recorded_by)
        return AllConfirmed(confirmed=(confirmed,), left=())


def _print(done: AllConfirmed) -> None:
    for each in done.confirmed:
        click.echo(_line(each))
    for left in done.left:
        click.echo(f"{left.place} is left: {left.reason}.", err=True)
    if done.left:
        click.echo(f"{len(done.confirmed)} of {len(places())} places confirmed.", err=True)


def _line(confirmed: ConfirmedPlace) -> str:
    count = len(confirmed.moved)
    moved = f"{count} {'measure' if count == 1 else 'measures'} checked until a later day"
    waiting = ", ".join(confirmed.waiting_for)
    more = f"; others wait for {waiting}" if waiting else ""
    return f"{confirmed.place}: read until {confirmed.until}, {moved}{more}."
