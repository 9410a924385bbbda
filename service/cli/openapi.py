"""`abeyance openapi`: the OpenAPI document of this program."""

from pathlib import Path

import click
import msgspec

from service.api.openapi import openapi_document
from service.app import create_app
from service.settings import Settings


@click.command()
def openapi() -> None:
    r"""Print the OpenAPI document.

    \b
    abeyance openapi > openapi/openapi.json
    """
    document = openapi_document(create_app(Settings(data_dir=Path())))
    click.echo(msgspec.json.format(document, indent=2))
