"""`abeyance register`: the commands that check and extend the register of measures."""

from types import MappingProxyType

import click

from service.cli import Commands


class RegisterCommands(Commands):
    """The commands of `abeyance register`."""

    modules = MappingProxyType(
        {
            "add": "service.cli.register.events",
            "bundle": "service.cli.register.bundle",
            "check": "service.cli.register.keep",
            "coverage": "service.cli.register.events",
            "confirm": "service.cli.register.events",
            "propose": "tools.propose.command",
            "record": "service.cli.register.keep",
            "retract": "service.cli.register.events",
            "review": "service.cli.register.events",
            "schema": "service.cli.register.keep",
            "state": "service.cli.register.bundle",
            "verify": "service.cli.register.bundle",
            "watch": "tools.propose.watch",
        }
    )


@click.group(cls=RegisterCommands)
def register() -> None:
    """Check the register of measures, add events to it, and pass it on."""
