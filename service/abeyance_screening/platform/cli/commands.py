"""The command `abeyance`: its subcommands, each imported only when it is called."""

from collections.abc import Mapping
from importlib import import_module
from typing import ClassVar, cast, override

import click
from click.shell_completion import CompletionItem

from abeyance_screening.platform.feature import CommandEntry
from abeyance_screening.primitives.processes import making_what_stays


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
        with making_what_stays():
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
