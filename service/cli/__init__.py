"""The command `abeyance`: its subcommands, each imported only when it is called."""

import sys
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import ClassVar, NamedTuple, Never, cast, override

import click
from click.shell_completion import CompletionItem

from service.errors import AbeyanceError, BadInputError

STOPPED = 130
"""The exit status of a command that Ctrl-C ended: 128 plus the number of the signal."""


LOCAL_API = "service.app.local:local_api"
"""The name of what opens the API on this machine's data, for a command that asks no service."""


class CommandEntry(NamedTuple):
    """The module of a command, which has a function of its name, and its line of help."""

    module: str
    line: str


COMMANDS: Mapping[str, CommandEntry] = MappingProxyType(
    {
        "audit": CommandEntry(
            "service.cli.accounts",
            "Print the audit log, the oldest entry first; with --json one entry a line.",
        ),
        "bench": CommandEntry(
            "tools.bench.commands",
            "Measure on your own files what is found, what alerts and how fast.",
        ),
        "calendar": CommandEntry(
            "service.cli.measures",
            "Show what changes after a day: ends of suspensions and licences, starts, terms.",
        ),
        "compare": CommandEntry("tools.bench.compare", "Score pairs of names."),
        "completion": CommandEntry(
            "service.cli.options",
            "Print the script that completes commands, options and list codes in SHELL.",
        ),
        "doctor": CommandEntry(
            "service.cli.lists",
            "Ask the publisher of every list once, and say what a refresh would load.",
        ),
        "index": CommandEntry(
            "service.cli.lists",
            "Write all lists and the register to one file, from which screening needs no "
            "database.",
        ),
        "jobs": CommandEntry(
            "service.cli.screen.job",
            "Look at the jobs of a service, cancel them, and fetch their results.",
        ),
        "keys": CommandEntry(
            "service.cli.accounts", "Manage the keys that callers show to the service."
        ),
        "lists": CommandEntry(
            "service.cli.lists",
            "Show every list with its edition, age and state, and which register is in force.",
        ),
        "load": CommandEntry("service.cli.lists", "Load a list from files."),
        "measures": CommandEntry(
            "service.cli.measures", "Show measures and their status on a day."
        ),
        "openapi": CommandEntry("service.cli.openapi", "Print the OpenAPI document."),
        "refresh": CommandEntry(
            "service.cli.lists", "Ask publishers for newer editions of the lists named, or of all."
        ),
        "register": CommandEntry(
            "service.cli.register",
            "Check the register of measures, add events to it, and pass it on.",
        ),
        "restrictions": CommandEntry(
            "service.cli.measures",
            "Show the measures that reach a transaction without naming a company.",
        ),
        "screen": CommandEntry(
            "service.cli.screen", "Screen names, or a table of counterparties."
        ),
        "screenings": CommandEntry(
            "service.cli.accounts", "List and delete the screenings that a database keeps."
        ),
        "serve": CommandEntry("service.cli.serve", "Start the service."),
        "sessions": CommandEntry(
            "service.cli.accounts", "Show who has logged in to the desk, and log somebody out."
        ),
        "work": CommandEntry("service.cli.work", "Work on jobs until stopped."),
    }
)


class Commands(click.Group):
    """A group that imports a command when it is called, and none to list them.

    Importing all commands loads the whole service, which takes seconds.
    """

    entries: ClassVar[Mapping[str, CommandEntry]]

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.entries)

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.entries:
            return None
        module = import_module(self.entries[cmd_name].module)
        command = cast("object", getattr(module, cmd_name))
        return command if isinstance(command, click.Command) else None

    @override
    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is called, or fail with those that are spelled like it."""
        try:
            return super().resolve_command(ctx, args)
        except click.exceptions.NoSuchCommand as error:
            raise click.exceptions.NoSuchCommand(
                error.command_name, possibilities=self.entries, ctx=ctx
            ) from None

    @override
    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.line) for name, entry in self.entries.items()])

    @override
    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        options = click.Command.shell_complete(self, ctx, incomplete)
        return [
            CompletionItem(name, help=entry.line)
            for name, entry in self.entries.items()
            if name.startswith(incomplete)
        ] + options


class AllCommands(Commands):
    """The commands of `abeyance`."""

    entries = COMMANDS


@click.group(
    cls=AllCommands,
    context_settings={
        "help_option_names": ["-h", "--help"],
        "max_content_width": 100,
        "obj": LOCAL_API,
    },
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
