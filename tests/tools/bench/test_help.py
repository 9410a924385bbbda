"""The examples in `--help` are commands with existing options."""

import shlex

import click
import pytest

from abeyance_screening.app.command_line import abeyance
from abeyance_screening.bench.commands import parties, quality, speed
from abeyance_screening.bench.compare import compare
from abeyance_screening.bench.flood import wrong_keys
from abeyance_screening.bench.rescreen import rescreen
from abeyance_screening.bench.streams import streams


@pytest.mark.parametrize(
    "command", [quality, speed, parties, streams, wrong_keys, compare, rescreen]
)
def test_examples_can_be_parsed(command: click.Command):
    shown = (command.epilog or "").partition("For example:\n")[2].replace("\\\n", "")
    lines = [shlex.split(line) for line in shown.splitlines() if line.strip()]
    assert lines
    known = {option for parameter in command.params for option in parameter.opts}
    for program, *words in lines:
        assert program == abeyance.name == "abeyance"
        found: click.Command = abeyance
        while isinstance(found, click.Group):
            step = found.get_command(click.Context(found), words.pop(0))
            assert step is not None
            found = step
        assert found is command
        assert {word for word in words if word.startswith("--")} <= known | {"--no-http"}
