"""The command `abeyance`: its subcommands, each imported only when it is called."""

import sys
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import ClassVar, Never, cast, override

import click

from service.errors import AbeyanceError, BadInputError

STOPPED = 130
"""The exit status of a command that Ctrl-C ended: 128 plus the number of the signal."""

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "audit": "service.cli.accounts",
        "bench": "tools.bench.commands",
        "calendar": "service.cli.measures",
        "compare": "tools.bench.compare",
        "completion": "service.cli.options",
        "doctor": "service.cli.lists",
        "index": "service.cli.lists",
        "jobs": "service.cli.screen.job",
        "keys": "service.cli.accounts",
        "lists": "service.cli.lists",
        "load": "service.cli.lists",
        "measures": "service.cli.measures",
        "openapi": "service.cli.openapi",
        "refresh": "service.cli.lists",
        "register": "service.cli.register",
        "restrictions": "service.cli.measures",
        "screen": "service.cli.screen",
        "screenings": "service.cli.accounts",
        "serve": "service.cli.serve",
        "sessions": "service.cli.accounts",
        "work": "service.cli.work",
    }
)
"""The module of each command, which defines a function with the command's name."""


class Commands(click.Group):
    """A group that imports a command when it is called or its line of help is needed.

    Importing all commands loads the whole service, which takes seconds. `modules` has the module
    of each command, which defines a function with the command's name.
    """

    modules: ClassVar[Mapping[str, str]]

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.modules)

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.modules:
            return None
        module = import_module(self.modules[cmd_name])
        command = cast("object", getattr(module, cmd_name))
        return command if isinstance(command, click.Command) else None


class AllCommands(Commands):
    """The commands of `abeyance`."""

    modules = COMMANDS


@click.group(
    cls=AllCommands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="abeyance")
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
