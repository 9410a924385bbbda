"""`abeyance openapi`: the OpenAPI document of this program."""

from pathlib import Path

import click
import msgspec

from service.api.openapi import openapi_document
from service.app import create_app
from service.cli.options import examples
from service.settings import Settings


@click.command(
    epilog=examples(
        "abeyance openapi > openapi/openapi.json",
    )
)
def openapi() -> None:
    """Print the OpenAPI document."""
    document = openapi_document(create_app(Settings(data_dir=Path())))
    click.echo(msgspec.json.format(document, indent=2))
