"""The command line: one module a command."""

import sys
from typing import Never

import click

from service.cli.bench import bench
from service.cli.calendar import calendar
from service.cli.compare import compare
from service.cli.completion import completion
from service.cli.lists import lists
from service.cli.load import load
from service.cli.measures import measures
from service.cli.openapi import openapi
from service.cli.refresh import refresh
from service.cli.register import register
from service.cli.restrictions import restrictions
from service.cli.screen import screen
from service.cli.serve import serve
from service.model.errors import AbeyanceError

STOPPED = 130
"""What a shell makes of a command that Ctrl-C ended: 128 and the number of the signal."""


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="abeyance")
def abeyance() -> None:
    """Screen counterparties against sanctions and export-control lists.

    Every answer says which measures stand behind a hit and whether they are in force on the day
    that matters.
    """


for command in (
    serve,
    screen,
    restrictions,
    measures,
    calendar,
    lists,
    load,
    refresh,
    register,
    compare,
    bench,
    openapi,
    completion,
):
    abeyance.add_command(command)


def run() -> None:
    """Runs one command; whatever is refused is one line and exit status 1."""
    try:
        abeyance(prog_name="abeyance", standalone_mode=False)
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
