"""`abeyance profile`: show or choose whose lists must be fresh for an answer to be complete."""

import asyncio
from pathlib import Path

import click
import msgspec

from abeyance_screening.engine.lists.profile import profiles
from abeyance_screening.engine.screening.coverage import required_codes
from abeyance_screening.engine.wording.answers import profile_in_words
from abeyance_screening.engine.wording.titles import profile_title
from abeyance_screening.features.profiles.service import ProfileChoices
from abeyance_screening.platform.cli.database import opened_database
from abeyance_screening.platform.cli.options import (
    as_json,
    data_dir,
    examples,
    gathered,
    list_codes,
    settings_with,
)
from abeyance_screening.platform.cli.output import print_json, print_table, table_of
from abeyance_screening.platform.local_data import check_site, list_codes_of
from abeyance_screening.platform.postgres.database import at
from abeyance_screening.platform.settings import Settings, user_name
from abeyance_screening.platform.stores.profiles import DatabaseProfiles
from abeyance_screening.primitives.days import plural, utc_now
from abeyance_screening.primitives.errors import BadInputError


class ProfileOptions(msgspec.Struct, frozen=True):
    """The arguments and options of `abeyance profile`."""

    names: tuple[str, ...]
    required: tuple[str, ...]
    none: bool
    because: str | None
    account: str | None
    as_json: bool
    data_dir: Path | None


@click.command(
    epilog=examples(
        "abeyance profile",
        'abeyance profile us --because "we export from the United States"',
        'abeyance profile us eu --because "and from Germany" --account research',
        'abeyance profile --require us_bis_el --require eu_fsf --because "by counsel\'s advice"',
        'abeyance profile --none --because "back to every list"',
    )
)
@click.argument("names", metavar="[PROFILE]...", nargs=-1)
@click.option(
    "--require",
    "required",
    multiple=True,
    shell_complete=list_codes,
    help="This list in place of profiles; repeat it for several.",
)
@click.option("--none", is_flag=True, help="Take the choice back.")
@click.option("--because", help="The reason, which stays on record; needed for a choice.")
@click.option("--account", help="Choose for this account alone [for the installation].")
@as_json
@data_dir
@gathered(ProfileOptions)
def profile(options: ProfileOptions) -> None:
    """Show or choose whose lists must be fresh for an answer to be complete.

    Several profiles are joined. The settings ABEYANCE_PROFILE, ABEYANCE_REQUIRED_LISTS and
    ABEYANCE_ADVISORY_LISTS come before what is chosen here. A running service answers by it within
    half a minute; the audit log has it.
    """
    settings = settings_with(options.data_dir)
    is_choice = bool(options.names or options.required or options.none)
    if not is_choice and options.because is not None:
        raise BadInputError("PROFILE", "is missing; name one, or --require a list, or --none")
    if is_choice and options.because is None:
        raise BadInputError("--because", "is missing: say why, for the record")
    with opened_database(settings) as dsn:
        if options.because is not None:
            asyncio.run(_choose(dsn, settings, options, options.because))
        asyncio.run(_show(dsn, settings, is_json=options.as_json))


async def _choose(dsn: str, settings: Settings, options: ProfileOptions, because: str) -> None:
    if options.none and (options.names or options.required):
        raise BadInputError("--none", "takes the choice back, so that nothing is named with it")
    if options.account is not None and options.required:
        raise BadInputError("--require", "is for the installation; an account names profiles")
    choices = ProfileChoices(DatabaseProfiles(at(dsn)), settings.profile, utc_now)
    await choices.choose(
        options.account,
        (options.names, options.required),
        because,
        user_name(),
        await list_codes_of(dsn),
    )


async def _show(dsn: str, settings: Settings, *, is_json: bool) -> None:
    lists = await check_site(settings, dsn)
    if is_json:
        print_json(
            {
                "name": lists.profile.name,
                "required": sorted(required_codes(lists)),
                "accounts": lists.account_profiles,
                "profiles": {name: dict(each) for name, each in profiles().items()},
            }
        )
        return
    click.echo(profile_in_words(lists.profile))
    for account, names in sorted(lists.account_profiles.items()):
        click.echo(f"The account {account} has chosen {', '.join(names)}.")
    table = table_of("Profile", "For whom", "Requires")
    for name, each in profiles().items():
        table.add_row(name, profile_title(name), plural(len(each), "list"))
    print_table(table)
