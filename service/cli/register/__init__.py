"""`abeyance register`: the register of measures, one module a command."""

from types import MappingProxyType

import click

from service.cli import Commands


class RegisterCommands(Commands):
    """The commands of `abeyance register`."""

    modules = MappingProxyType(
        {
            "add": "service.cli.register.events",
            "check": "service.cli.register.keep",
            "propose": "tools.propose.command",
            "record": "service.cli.register.keep",
            "retract": "service.cli.register.events",
            "schema": "service.cli.register.keep",
        }
    )


@click.group(cls=RegisterCommands)
def register() -> None:
    """Keep the register of measures."""
