"""The guide "Add a list" works: it adds an invented publisher to a copy of the repository."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from service.cli.screen.printing import EXIT_HITS
from tests.served import copy_directory, without_database_url

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs/how-to/add-a-list.md").read_text("utf-8")
FILES = re.findall(r"^`([\w./-]+)`:\n\n```\w+\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
# Those that go through all lists, measures or places, with a case for each in many of them.
MANY_TESTS = 500
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
    (root / "service" / "names" / "__init__.py").unlink()
    package = root / "service" / "__init__.py"
    package.write_text(
        f"{package.read_text()}\n__path__.append({os.fspath(ROOT / 'service')!r})\n"
    )
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
    start = {"abeyance": ["-m", "service"], "pytest": ["-m", "pytest"], "python": []}[program]
    return subprocess.run(
        [sys.executable, *start, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=copy,
        env=without_database_url()
        | {"ABEYANCE_DATA_DIR": str(copy / "data"), "PYTHONPATH": os.fspath(copy)},
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
        "service/days.py",
        "service/wording/notes.py",
        "service/measures/watch/places.yaml",
    ]


def test_the_guide_adds_a_list(copy: Path):
    """Its commands in their order; the lists of before are all still there."""
    tests, grades, first_check, record, check, load, screen, write, list_tests = COMMANDS
    for command, passed in ((tests, "5 passed"), (grades, "5 passed")):
        done = run(copy, command)
        assert done.returncode == 0, done.stdout + done.stderr
        assert passed in done.stdout
    done = run(copy, first_check)
    assert done.returncode == 1, done.stdout
    assert "rt-trade-restricted" in done.stdout + done.stderr
    for command in (record, check, load):
        done = run(copy, command)
        assert done.returncode == 0, done.stdout + done.stderr
    assert "3" in done.stdout
    done = run(copy, screen)
    assert done.returncode == EXIT_HITS, done.stdout + done.stderr
    for shown in ("Zenda Ironworks plc", "Zenda Eisenwerke", "Ruritanian", "1 Mar 2026"):
        assert shown in done.stdout, done.stdout
    done = run(copy, write)
    assert done.returncode == 0, done.stderr
    before = (ROOT / "docs/reference/lists.md").read_text("utf-8").splitlines()
    after = (copy / "docs/reference/lists.md").read_text("utf-8").splitlines()
    assert [line for line in before if line not in after] == []
    assert len([line for line in after if line not in before]) == 2
    done = run(copy, list_tests)
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(re.search(r"(\d+) passed", done.stdout)[1]) > MANY_TESTS  # pyright: ignore[reportOptionalSubscript]
