"""Every command and every answer that the README shows is run and compared."""

import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from service.cli.screen.printing import FOUND
from service.lists.catalogue import SOURCE_BY_CODE, SOURCES, lists_of
from service.lists.formats import formats_of
from service.lists.tables import lists_file, with_lists
from tests.served import ABEYANCE, Served, ask, without_database_url

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
REGISTER = (ROOT / "REGISTER.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", README + REGISTER, re.MULTILINE | re.DOTALL)
PAIRS = [
    (command, json.loads(answer))
    for (kind, command), (next_kind, answer) in pairwise(BLOCKS)
    if kind == "sh" and command.startswith("curl") and next_kind == "json"
]
COMMANDS = [
    line
    for kind, block in BLOCKS
    if kind == "sh" and not block.startswith("curl")
    for line in block.replace("\\\n", "").splitlines()
]
# run elsewhere, or by whoever keeps the register: it writes into the source tree
ELSEWHERE = (
    "uv run abeyance serve",
    "uv run --group dev pytest",
    "uv run abeyance register record",
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    running = Served(tmp_path_factory.mktemp("readme"))
    yield running
    running.stop()


@pytest.mark.parametrize(("command", "shown"), PAIRS)
def test_an_answer_is_the_one_shown(served: Served, command: str, shown: object):
    assert_within(shown, ask(command, served.port).json(), "$")


@pytest.mark.parametrize("command", [each for each in COMMANDS if each.startswith("uv run")])
def test_a_command_does_what_it_is_shown_for(served: Served, command: str):
    if command in ELSEWHERE:
        return
    _, _, name, *arguments = shlex.split(command)
    assert name == "abeyance"
    done = subprocess.run(
        [*ABEYANCE, arguments[0], *arguments[1:]],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=without_database_url() | {"ABEYANCE_DATA_DIR": str(served.data_dir)},
        timeout=120,
    )
    # hits are what most of the screenings shown are there to show
    assert done.returncode == (FOUND if arguments[0] == "screen" else 0), done.stderr
    assert done.stdout.strip()


def test_no_command_of_the_readme_is_left_out():
    assert len(PAIRS) == README.count("```sh\ncurl")
    assert all(each.startswith(("uv run ", "docker ", "POSTGRES_")) for each in COMMANDS)


def test_the_lists_are_those_of_the_catalogue():
    """`python -m tools.quality.write_lists` writes both anew."""
    assert with_lists(README) == README
    assert (ROOT / "LISTS.md").read_text("utf-8") == lists_file()


@pytest.mark.parametrize("source", [source.code for source in SOURCES])
def test_the_catalogue_names_the_formats_that_can_be_read(source: str):
    known = SOURCE_BY_CODE[source]
    assert known.formats == formats_of(source)
    assert known.tried_on
    assert lists_of(source)


def assert_within(shown: object, real: object, where: str) -> None:
    """What is shown is there; of a list, the first ones in their order."""
    match shown:
        case dict():
            assert isinstance(real, dict), where
            for key, value in shown.items():
                assert key in real, f"{where}.{key}"
                assert_within(value, real[key], f"{where}.{key}")
        case list():
            assert isinstance(real, list), where
            assert len(real) >= len(shown), where
            for place, (value, found) in enumerate(zip(shown, real, strict=False)):
                assert_within(value, found, f"{where}[{place}]")
        case _:
            assert shown == real, where
