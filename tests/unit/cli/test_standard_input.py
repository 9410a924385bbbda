"""`-` for a file is standard input, for every command that takes `--file`."""

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from abeyance_screening.app.command_line import AllCommands, RegisterCommands, abeyance
from abeyance_screening.platform.cli.options import InputFile

SUPPLIERS = Path("tests/fixtures/own/suppliers.csv")


@click.group()
def files() -> None:
    """Hold the command, as `abeyance` does."""


@files.command()
@click.option("--file", "paths", type=InputFile(is_table=True), multiple=True)
def show(paths: tuple[Path, ...]) -> None:
    """Print the name, the size and the place of files."""
    for path in paths:
        click.echo(f"{path.name} {path.stat().st_size} {path}")


def shown(content: bytes, *words: str) -> tuple[int, list[str]]:
    outcome = CliRunner().invoke(files, ["show", *words], input=content)
    return outcome.exit_code, outcome.output.splitlines()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        pytest.param(b"name;country\nX;DE\n", "standard-input.csv", id="CSV"),
        pytest.param(b'\xef\xbb\xbf {"name": 1}\n', "standard-input.jsonl", id="JSON lines"),
        pytest.param(b"PK\x03\x04rest", "standard-input.xlsx", id="a workbook"),
        pytest.param(b"PAR1rest", "standard-input.parquet", id="Parquet"),
        pytest.param(b"", "standard-input.csv", id="nothing"),
    ],
)
def test_a_table_has_the_ending_of_what_it_looks_like(content: bytes, name: str):
    code, (line,) = shown(content, "--file", "-")
    assert code == 0
    said, size, place = line.split()
    assert (said, int(size)) == (name, len(content))
    assert not Path(place).exists(), "it is deleted after the command"


def test_another_file_is_read_where_it_is():
    code, (line,) = shown(b"", "--file", str(SUPPLIERS))
    assert (code, line.split()[2]) == (0, str(SUPPLIERS))


def test_it_can_be_read_once():
    code, lines = shown(b"name\n", "--file", "-", "--file", "-")
    assert code == 2
    assert "standard input can be read only once" in " ".join(lines)


def commands_with_files() -> dict[str, click.Parameter]:
    found: dict[str, click.Parameter] = {}
    for commands in (AllCommands(name="abeyance"), RegisterCommands(name="register")):
        context = click.Context(commands)
        for name in commands.list_commands(context):
            command = commands.get_command(context, name)
            assert command is not None
            found |= {
                f"{commands.name} {name}": each for each in command.params if "--file" in each.opts
            }
    return found


def test_every_command_with_a_file_takes_standard_input():
    found = commands_with_files()
    assert set(found) == {"abeyance load", "abeyance screen", "register add"}
    for each in found.values():
        assert isinstance(each.type, InputFile)
        assert isinstance(each, click.Option)
        assert "standard input" in (each.help or "")


def test_a_table_from_standard_input_is_read_as_one():
    outcome = CliRunner().invoke(abeyance, ["screen", "--file", "-"], input=b"a;b\n1;2\n")
    assert "no column could be the name" in str(outcome.exception)
    assert "'a', 'b'" in str(outcome.exception)
