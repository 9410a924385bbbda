"""`abeyance register`: the register of measures, one module a command."""

from types import MappingProxyType

import click

from service.cli import Commands


class RegisterCommands(Commands):
    """The commands of `abeyance register`."""

    modules = MappingProxyType(
        {
            "add": "service.cli.register.add",
            "check": "service.cli.register.check",
            "propose": "service.cli.register.propose",
            "record": "service.cli.register.record",
            "retract": "service.cli.register.retract",
            "schema": "service.cli.register.schema",
        }
    )


@click.group(cls=RegisterCommands)
def register() -> None:
    """Keep the register of measures."""
