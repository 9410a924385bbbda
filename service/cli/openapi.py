"""`abeyance openapi`: print the OpenAPI document of this program."""

from pathlib import Path

import click
import msgspec

from service.api.openapi import openapi_document
from service.app.http import create_app
from service.cli.options import examples
from service.settings import Settings

# Never connected to: only the routes of the application are read.
_NO_DATABASE = "postgresql://"


@click.command(
    epilog=examples(
        "abeyance openapi > openapi/openapi.json",
    )
)
def openapi() -> None:
    """Print the OpenAPI document."""
    document = openapi_document(create_app(Settings(data_dir=Path(), database_url=_NO_DATABASE)))
    click.echo(msgspec.json.format(document, indent=2))
