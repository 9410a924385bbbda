"""Every example that a `--help` shows is a command that can be given just so."""

import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from abeyance_screening.app.command_line import abeyance


def commands(
    group: click.Group, path: tuple[str, ...] = ()
) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield " ".join((*path, name)), command


COMMANDS = dict(commands(abeyance))
# These ask for nothing but their name.
PLAIN = {"register schema"}


def examples_of(command: click.Command) -> list[list[str]]:
    shown = (command.epilog or "").partition("For example:\n")[2].partition("\n\n")[0]
    lines = shown.replace("\\\n", "").splitlines()
    return [shlex.split(line.partition(" > ")[0]) for line in lines if line.strip()]


EXAMPLES = [(name, words) for name, command in COMMANDS.items() for words in examples_of(command)]


@pytest.mark.parametrize("name", sorted(COMMANDS.keys() - PLAIN))
def test_every_command_shows_examples_and_says_what_it_does(name: str):
    assert examples_of(COMMANDS[name])
    assert COMMANDS[name].help


@pytest.mark.parametrize(
    ("name", "words"), EXAMPLES, ids=[" ".join(words) for _, words in EXAMPLES]
)
def test_an_example_can_be_given_just_so(
    name: str, words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    make_files(words, tmp_path)
    program, *arguments = words
    assert program == abeyance.name
    path = name.split()
    assert arguments[: len(path)] == path
    COMMANDS[name].make_context(name, arguments[len(path) :]).close()


def make_files(words: list[str], folder: Path) -> None:
    """Whatever an example names is there."""
    for word in words:
        if word.startswith(("http", "-")) or "=" in word:
            continue
        if word == "FOLDER" or ("/" in word and not Path(word).suffix):
            (folder / word).mkdir(parents=True, exist_ok=True)
        elif Path(word).suffix:
            file = folder / word
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_gets_the_script_that_completes(shell: str, capsys: pytest.CaptureFixture[str]):
    abeyance(["completion", shell], prog_name="abeyance", standalone_mode=False)
    script = capsys.readouterr().out
    assert "_ABEYANCE_COMPLETE" in script
    assert f"{shell}_complete" in script


def test_codes_of_lists_are_completed():
    option = next(each for each in COMMANDS["screen"].params if each.name == "lists")
    with COMMANDS["screen"].make_context("screen", ["A"]) as context:
        found = option.shell_complete(context, "us_bis")
    assert {"us_bis_el", "us_bis_dpl"} <= {item.value for item in found}
    assert all(item.value.startswith("us_bis") for item in found)
