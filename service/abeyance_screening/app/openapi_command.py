"""`abeyance openapi`: print the OpenAPI document of this program."""

from pathlib import Path

import click
import msgspec

from abeyance_screening.app.application import create_app
from abeyance_screening.app.openapi import openapi_document
from abeyance_screening.platform.cli.options import examples
from abeyance_screening.platform.settings import Settings

# Never connected to: only the routes of the application are read.
_NO_DATABASE = "postgresql://"


@click.command(epilog=examples("abeyance openapi > openapi/openapi.json"))
def openapi() -> None:
    """Print the OpenAPI document."""
    click.echo(msgspec.json.format(document_of_program(), indent=2))


def document_of_program() -> bytes:
    """Return the OpenAPI document of this program; it needs no database."""
    return openapi_document(create_app(Settings(data_dir=Path(), database_url=_NO_DATABASE)))
