"""The command line: one module a command, imported when it is asked for."""

import sys
from importlib import import_module
from typing import Never, cast, override

import click

from service.model.errors import AbeyanceError

STOPPED = 130
"""What a shell makes of a command that Ctrl-C ended: 128 and the number of the signal."""


COMMANDS = (
    "bench",
    "calendar",
    "compare",
    "completion",
    "lists",
    "load",
    "measures",
    "openapi",
    "refresh",
    "register",
    "restrictions",
    "screen",
    "serve",
)
"""Every command; each is the function of its name in the module of its name."""


class Commands(click.Group):
    """A group that imports a command when it is called, or its line of help is needed.

    All of them together load the whole service, which takes seconds.
    """

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"{__name__}.{cmd_name}")
        command = cast("object", getattr(module, cmd_name))
        return command if isinstance(command, click.Command) else None


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="abeyance")
def abeyance() -> None:
    """Screen counterparties against sanctions and export-control lists.

    Every answer says which measures stand behind a hit and whether they are in force on the day
    that matters.
    """


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
