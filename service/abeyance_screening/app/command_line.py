"""The command `abeyance` and its groups, out of the commands that features register."""

import sys
from typing import Never

import click

from abeyance_screening.app.features import commands_of
from abeyance_screening.platform.cli.commands import Commands
from abeyance_screening.primitives.errors import AbeyanceError, BadInputError

STOPPED = 130
"""The exit status of a command that Ctrl-C ended: 128 plus the number of the signal."""


LOCAL_API = "abeyance_screening.app.local_api:local_api"
"""What answers a command that asks no service: imported by those that ask."""


class AllCommands(Commands):
    """The commands of `abeyance`."""

    entries = commands_of()


@click.group(
    cls=AllCommands,
    context_settings={
        "help_option_names": ["-h", "--help"],
        "max_content_width": 100,
        "obj": LOCAL_API,
    },
)
@click.version_option(package_name="abeyance-screening", prog_name="abeyance")
def abeyance() -> None:
    """Screen counterparties against sanctions and export-control lists.

    Every answer names the legal measures that reach a hit and says whether they are in force on
    the day that matters.
    """


def run() -> None:
    """Run one command; print an expected error as one line and exit with status 1."""
    try:
        abeyance(prog_name="abeyance", standalone_mode=False)
    except BadInputError as error:
        _refuse(str(error))
    except AbeyanceError as error:
        _refuse(f"{error.title}: {error}" if str(error) else error.title)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
    except click.ClickException as error:
        _refuse(error.format_message())
    except click.Abort:
        click.echo("abeyance: stopped", err=True)
        sys.exit(STOPPED)


def _refuse(reason: str) -> Never:
    click.echo(f"abeyance: {' '.join(reason.split())}", err=True)
    sys.exit(1)


class RegisterCommands(Commands):
    """The commands of `abeyance register`."""

    entries = commands_of("register")


@click.group(cls=RegisterCommands)
def register() -> None:
    """Check the register of measures, add events to it, and pass it on."""
