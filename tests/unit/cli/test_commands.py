"""Commands are listed without being imported, and one that is mistyped names its like."""

import subprocess
import sys
from collections.abc import Mapping

import click
import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner

from abeyance_screening.app.command_line import AllCommands, RegisterCommands, abeyance, register
from abeyance_screening.app.features import commands_of
from abeyance_screening.platform.cli.commands import Commands
from abeyance_screening.platform.feature import CommandEntry

GROUPS = {"abeyance": commands_of(), "register": RegisterCommands.entries}


@pytest.mark.parametrize(
    ("group", "name"), [(group, name) for group, entries in GROUPS.items() for name in entries]
)
def test_the_line_of_help_is_how_a_command_explains_itself(group: str, name: str):
    given: Mapping[str, CommandEntry] = GROUPS[group]
    commands = {"abeyance": AllCommands, "register": RegisterCommands}[group](name=group)
    command = commands.get_command(click.Context(commands), name)
    assert command is not None
    assert command.help is not None
    assert given[name].line == " ".join(command.help.partition("\n\n")[0].split())


@pytest.mark.parametrize("group", [abeyance, register])
def test_help_lists_every_command_whole(group: Commands):
    printed = " ".join(CliRunner().invoke(group, ["--help"]).output.split())
    for name, entry in group.entries.items():
        assert f"{name} {entry.line}" in printed


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        pytest.param(["sreen", "Rosneft"], "Did you mean one of: 'screen',", id="screen"),
        pytest.param(["refesh"], "'refresh'", id="refresh"),
        pytest.param(["register", "chek"], "Did you mean one of: 'check',", id="of a group"),
        pytest.param(["screen", "Rosneft", "--as_of", "2026-11-24"], "'--as-of'", id="an option"),
        pytest.param(["keys", "rotat"], "'rotate'", id="of an ordinary group"),
    ],
)
def test_a_mistyped_command_or_option_names_the_one_that_is_meant(words: list[str], meant: str):
    outcome = CliRunner().invoke(abeyance, words)
    assert outcome.exit_code == 2
    assert meant in " ".join(outcome.output.split())


def test_a_word_like_no_command_names_none():
    assert "Did you mean" not in CliRunner().invoke(abeyance, ["quixotic"]).output


def test_tab_completes_commands_with_their_lines_and_options():
    complete = ShellComplete(abeyance, {}, "abeyance", "_ABEYANCE_COMPLETE")
    found = complete.get_completions([], "re")
    assert [(each.value, each.help) for each in found] == [
        (name, commands_of()[name].line) for name in ("refresh", "register", "restrictions")
    ]
    assert [each.value for each in complete.get_completions([], "--v")] == ["--version"]


def imported_by(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; {code}; print(*sys.modules, file=sys.stderr)"],
        check=True,
        capture_output=True,
        text=True,
    )
    return set(done.stderr.split())


_IMPORT = "from abeyance_screening.app.command_line import abeyance; "
_RUN = _IMPORT + "abeyance({}, standalone_mode=False)"
_TAB = (
    _IMPORT + "from click.shell_completion import ShellComplete; "
    "ShellComplete(abeyance, {}, 'abeyance', 'X').get_completions([], 's')"
)


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(_RUN.format(["--help"]), id="--help"),
        pytest.param(_RUN.format(["register", "--help"]), id="register --help"),
        pytest.param(_TAB, id="Tab"),
    ],
)
def test_to_list_commands_none_is_imported(code: str):
    ours = {each for each in imported_by(code) if each.startswith("abeyance_screening.")}
    # what features say of themselves, and nothing that they do
    assert {each for each in ours if each.count(".") > 2} == {
        "abeyance_screening.platform.cli.commands"
    }
