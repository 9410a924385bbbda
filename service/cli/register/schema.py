"""`abeyance register schema`: the shape of a register file, for editors that check it."""

import click
import msgspec

from service.cli.options import examples
from service.model.measure import Measure


class RegisterFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One YAML file of the register."""

    measures: tuple[Measure, ...]


@click.command(epilog=examples("abeyance register schema > register.schema.json"))
def schema() -> None:
    """Print the JSON Schema of a register file."""
    click.echo(msgspec.json.format(msgspec.json.encode(msgspec.json.schema(RegisterFile))))
