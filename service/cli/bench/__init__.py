"""`abeyance bench`: what the engine finds, one module a command."""

import click

from service.cli.bench.quality import quality
from service.cli.bench.speed import speed


@click.group()
def bench() -> None:
    """Measure what is found, what alerts and how fast, on files of your own."""


for command in (quality, speed):
    bench.add_command(command)
