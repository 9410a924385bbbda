"""`abeyance bench`: what the engine finds, one module a command."""

import click

from service.cli.bench.quality import quality


@click.group()
def bench() -> None:
    """Measure what is found, what alerts and how fast, on files of your own."""


for command in (quality,):
    bench.add_command(command)
