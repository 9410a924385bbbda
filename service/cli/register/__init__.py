"""`abeyance register`: the register of measures, one module a command."""

import click

from service.cli.register.add import add
from service.cli.register.check import check
from service.cli.register.propose import propose
from service.cli.register.record import record
from service.cli.register.retract import retract
from service.cli.register.schema import schema


@click.group()
def register() -> None:
    """Keep the register of measures."""


for command in (check, record, propose, add, retract, schema):
    register.add_command(command)
