"""The shape of the code: short modules, short functions, telling names, nothing of this machine.

What ruff and import-linter know is theirs (pyproject.toml); here is what neither of them checks.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.repository import ROOT, texts

MODULE_LINES = 800
FUNCTION_LINES = 60
VAGUE = frozenset({"utils", "util", "common", "helpers", "helper", "base", "manager", "misc"})

MACHINE_PATHS = re.compile(r"(?<![\w.\-/])/(?:work|root|home)/\w")
"""Absolute paths of somebody's machine; a URL's path has its host before it."""

PACKAGE_HOSTS = re.compile(r"https?://(?!pypi\.org/simple|files\.pythonhosted\.org/)\S+", re.ASCII)
"""Any address but the public index's own: a lock made behind a mirror works nowhere else."""


CLOCKS = frozenset({"monotonic", "perf_counter", "process_time", "thread_time"})
"""Clocks of the standard library by which a test could judge how long something took."""

READ_CLOCKS = frozenset(
    {
        # ends what hangs
        "tests/served.py",
        # what work costs beside a walk through a text, in one process
        "tests/walks.py",
        "tests/integration/test_turns.py",
        # keep a thread busy
        "tests/unit/screening/test_sync.py",
        "tests/unit/screening/test_turns.py",
    }
)
"""Modules of the tests that read a clock, of which none compares it with a number of seconds."""


def modules_of(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


class Definition(NamedTuple):
    """A function or a class; its length is in lines from `def` on, without decorators."""

    name: str
    line: int
    length: int
    is_class: bool


@cache
def definitions_in(module: Path) -> tuple[Definition, ...]:
    """Every function and class of a module, which is parsed once for all that look at it."""
    return tuple(
        Definition(node.name, node.lineno, last - node.lineno + 1, isinstance(node, ast.ClassDef))
        for node in ast.walk(ast.parse(module.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and (last := node.end_lineno) is not None
    )


def places(path: Path, text: str, pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path}:{number}: {found[0]}"
        for number, line in enumerate(text.splitlines(), start=1)
        for found in pattern.finditer(line)
    ]


def test_modules_are_short():
    lengths = {
        path: len(path.read_text().splitlines())
        for path in modules_of("service", "tools", "tests")
    }
    long = [
        f"{path.relative_to(ROOT)}: {length} lines"
        for path, length in lengths.items()
        if length >= MODULE_LINES
    ]
    assert long == [], f"split these into modules below {MODULE_LINES} lines"


def test_functions_are_short():
    long = [
        f"{module.relative_to(ROOT)}:{each.line}: {each.name}, {each.length} lines"
        for module in modules_of("service")
        for each in definitions_in(module)
        if not each.is_class and each.length > FUNCTION_LINES
    ]
    assert long == [], f"let these do one step in at most {FUNCTION_LINES} lines"


def test_no_module_has_a_name_that_says_nothing():
    vague = [
        str(module.relative_to(ROOT))
        for module in modules_of("service", "tests")
        if VAGUE.intersection(module.relative_to(ROOT).with_suffix("").parts)
    ]
    assert vague == [], "name these after a word of the glossary or a step of the sentence"


def test_no_file_names_a_path_of_somebodys_machine():
    found = [place for path, text in texts() for place in places(path, text, MACHINE_PATHS)]
    assert found == []


def test_the_lock_knows_only_the_public_package_index():
    lock = ROOT / "uv.lock"
    assert places(lock, lock.read_text(), PACKAGE_HOSTS) == []


@pytest.mark.parametrize(
    ("line", "is_found"),
    [
        ("see " + "/work" + "/main/x", True),
        ("'" + "/home" + "/me'", True),
        ("https://example.org/work/main", False),
        ("/workshop/x", False),
    ],
)
def test_a_machines_path_is_told_from_an_address(line: str, is_found: bool):
    assert (MACHINE_PATHS.search(line) is not None) is is_found


def test_no_test_judges_by_a_clock():
    read = {
        str(module.relative_to(ROOT))
        for module in modules_of("tests")
        for node in ast.walk(ast.parse(module.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute | ast.Name)
        and (node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id) in CLOCKS
    }
    assert read == READ_CLOCKS, "count the work, or wait for the event by tests.served.wait_for"


def test_no_two_classes_share_a_name():
    folders: dict[str, list[str]] = {}
    for module in modules_of("service"):
        for each in definitions_in(module):
            if each.is_class:
                folders.setdefault(each.name, []).append(str(module.parent.relative_to(ROOT)))
    shared = {
        name: places
        for name, places in folders.items()
        if len(places) > 1 and (not name.startswith("_") or len(set(places)) > 1)
    }
    assert shared == {}, "one name is one thing; a private one may recur inside one folder"
