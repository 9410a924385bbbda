"""The guide "Add a list" works: it adds an invented publisher to a copy of the repository."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from abeyance_screening.features.screen.cli_output import EXIT_HITS
from tests.served import copy_directory, without_database_url

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "service" / "abeyance_screening"
GUIDE = (ROOT / "docs/how-to/add-a-list.md").read_text("utf-8")
FILES = re.findall(r"^`([\w./-]+)`:\n\n```\w+\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
# Those that go through all lists, measures or places, with a case for each in many of them.
MANY_TESTS = 500
# Those of them that are cases of the new list or of its measure.
FEW_TESTS = 15
COMMANDS = [
    line
    for block in re.findall(r"^```sh\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
]
ADDITIONS = re.findall(
    r"^In `([\w./-]+)`, above `(.*?)`:\n\n```\w+\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL
)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory, loaded_directory: Path) -> Path:
    """A copy of the repository with the files of the guide in it, and the lists of before."""
    root = tmp_path_factory.mktemp("repository")
    for path in ROOT.iterdir():
        if path.name.startswith("."):
            continue
        if path.is_dir():
            left_out = shutil.ignore_patterns("__pycache__", "_build")
            shutil.copytree(path, root / path.name, ignore=left_out)
        else:
            shutil.copy(path, root / path.name)
    # matching is not concerned, and its compiled code is known by where its source lies, so that
    # it is imported from there: a folder that is no package gives way to a package
    engine = root / "service" / "abeyance_screening" / "engine"
    (engine / "names" / "__init__.py").unlink()
    init = engine / "__init__.py"
    init.write_text(f"{init.read_text()}\n__path__.append({os.fspath(PACKAGE / 'engine')!r})\n")
    for name, content in FILES:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    for name, line, added in ADDITIONS:
        add_above(root / name, line, added)
    copy_directory(loaded_directory, root / "data")
    return root


def add_above(path: Path, line: str, added: str) -> None:
    """Add lines to a file above the only one with a text, and as far in as that one."""
    lines = path.read_text("utf-8").splitlines(keepends=True)
    (place,) = (number for number, each in enumerate(lines) if each.strip() == line)
    margin = lines[place].removesuffix(lines[place].lstrip())
    lines[place:place] = [
        f"{margin}{each}".lstrip("\n") or "\n" for each in added.splitlines(True)
    ]
    path.write_text("".join(lines), "utf-8")


def run(copy: Path, command: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the guide on the copy, with this Python in place of `uv run`."""
    words = shlex.split(command.removeprefix("uv run ").removeprefix("--group dev "))
    program, *arguments = words
    start = {"abeyance": ["-m", "abeyance_screening"], "pytest": ["-m", "pytest"], "python": []}[
        program
    ]
    return subprocess.run(
        [sys.executable, *start, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=copy,
        env=without_database_url()
        | {
            "ABEYANCE_DATA_DIR": str(copy / "data"),
            "PYTHONPATH": os.pathsep.join((os.fspath(copy / "service"), os.fspath(copy))),
        },
        # the tests that a list can break take minutes
        timeout=1_800,
    )


def test_the_guide_says_what_goes_into_each_file():
    assert [Path(name).name for name, _ in FILES] == [
        "2026-11-02_parties.csv",
        "__init__.py",
        "reader.py",
        "test_rt_trade.py",
        "rt_trade.py",
        "rt.yaml",
        "rt-decrees.xml",
    ]
    assert [name for name, _, _ in ADDITIONS] == [
        "service/abeyance_screening/primitives/days.py",
        "service/abeyance_screening/engine/wording/notes.py",
        "service/abeyance_screening/engine/measures/places.yaml",
    ]


class Followed(NamedTuple):
    """What each command of the guide said on the copy, but for the last, which runs tests."""

    tests: subprocess.CompletedProcess[str]
    grades: subprocess.CompletedProcess[str]
    first_check: subprocess.CompletedProcess[str]
    record: subprocess.CompletedProcess[str]
    check: subprocess.CompletedProcess[str]
    load: subprocess.CompletedProcess[str]
    screen: subprocess.CompletedProcess[str]
    write: subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def followed(copy: Path) -> Followed:
    """The guide's commands in their order."""
    return Followed(*(run(copy, command) for command in COMMANDS[:-1]))


def test_the_guide_adds_a_list(copy: Path, followed: Followed):
    """Its commands do what it says; the lists of before are all still there."""
    for done in (followed.tests, followed.grades):
        assert done.returncode == 0, done.stdout + done.stderr
        assert "5 passed" in done.stdout
    first = followed.first_check
    assert first.returncode == 1, first.stdout
    assert "rt-trade-restricted" in first.stdout + first.stderr
    for done in (followed.record, followed.check, followed.load, followed.write):
        assert done.returncode == 0, done.stdout + done.stderr
    assert "3" in followed.load.stdout
    screened = followed.screen
    assert screened.returncode == EXIT_HITS, screened.stdout + screened.stderr
    for shown in ("Zenda Ironworks plc", "Zenda Eisenwerke", "Ruritanian", "1 Mar 2026"):
        assert shown in screened.stdout, screened.stdout
    before = (ROOT / "docs/reference/lists.md").read_text("utf-8").splitlines()
    after = (copy / "docs/reference/lists.md").read_text("utf-8").splitlines()
    assert [line for line in before if line not in after] == []
    assert len([line for line in after if line not in before]) == 2


def test_the_cases_of_the_new_list_and_its_measure_pass(copy: Path, followed: Followed):
    """Of the guide's last command, the cases named after them, and some of whole registers."""
    assert followed.write.returncode == 0
    chosen = "rt_trade or rt-trade or test_texts or test_reaches or test_ownership_rules"
    done = run(copy, f"{COMMANDS[-1]} -k '{chosen}'")
    assert passed_in(done) > FEW_TESTS


@pytest.mark.slow
def test_every_test_that_a_list_can_break_passes(copy: Path, followed: Followed):
    assert followed.write.returncode == 0
    assert passed_in(run(copy, COMMANDS[-1])) > MANY_TESTS


def passed_in(done: subprocess.CompletedProcess[str]) -> int:
    """The number of tests that passed, where none failed."""
    assert done.returncode == 0, done.stdout + done.stderr
    found = re.search(r"(\d+) passed", done.stdout)
    assert found is not None, done.stdout
    return int(found[1])
