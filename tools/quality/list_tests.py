"""Run the tests that a new list, format, measure or place of acts can break.

    python -m tools.quality.list_tests

Those are the tests that go through all lists, formats, measures, places or jurisdictions, and not
only through some that they name. They are found in the code of the tests, module by module: a test
is one of them if it uses, itself or by other names of its module, something in `EVERY`, or the
measures of the register that comes with the program. Where tests start services, only those that
need none are taken: the others ask for whatever lists there are.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

EVERY: Mapping[str, frozenset[str]] = {
    "abeyance_screening.primitives.days": frozenset({"ZONES"}),
    "abeyance_screening.engine.lists.catalogue": frozenset(
        {"LISTS", "LIST_BY_CODE", "LIST_CODES", "READERS", "SOURCES", "SOURCE_BY_CODE"}
    ),
    "abeyance_screening.engine.lists.formats": frozenset({"public_formats"}),
    "abeyance_screening.engine.measures.places": frozenset({"deciding", "places"}),
    "tools.quality.write_lists": frozenset({"lists_file"}),
}
"""What holds every list, format, place or jurisdiction, by the module that it is imported from."""

SHIPPED: Mapping[str, frozenset[str]] = {
    "abeyance_screening.engine.measures.register.read": frozenset({"load", "shipped"}),
    "tests.shipped_register": frozenset({"load", "shipped"}),
}
"""What returns the register that comes with the program, which has every measure as `measures`."""

FOLDERS = ("tests/unit", "tests/tools", "tests/contract", "tests/integration")
WITH_SERVICES = frozenset({"contract", "integration"})


def main() -> None:
    """Run the tests, with the options of pytest that are given."""
    found = [test for folder in FOLDERS for test in found_in(Path(folder))]
    # none is left out for being slow
    quickly = ("-n", "0", "-q", "-m", "", "--hypothesis-profile", "fast")
    command = [sys.executable, "-m", "pytest", *quickly, *sys.argv[1:], *found]
    raise SystemExit(subprocess.run(command, check=False).returncode)


def found_in(folder: Path) -> Iterator[str]:
    """Yield those tests of a folder, as pytest names them."""
    for path in sorted(folder.rglob("test_*.py")):
        code = path.read_text("utf-8")
        alone = not WITH_SERVICES.isdisjoint(path.parts)
        yield from (f"{path}::{name}" for name in found_of(code, alone=alone))


def found_of(code: str, *, alone: bool = False) -> list[str]:
    """Return the names of those tests in the code of a module; with `alone`, without fixtures."""
    tree = ast.parse(code)
    every = _imported(tree, EVERY)
    registers = _imported(tree, SHIPPED)
    used = {name: _used_in(node) for name, node in _definitions(tree)}
    # what holds the register; its measures are asked of that
    registers |= {name for name, uses in used.items() if uses & registers and name.isupper()}
    every |= {f"{name}.measures" for name in registers}
    concerned = {name for name, uses in used.items() if uses & every}
    while more := {name for name, uses in used.items() if uses & concerned} - concerned:
        concerned |= more
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    functions = [each for each in tree.body if isinstance(each, kinds) and each.name in concerned]
    tests = [each for each in functions if each.name.startswith("test_")]
    return [each.name for each in tests if not (alone and _has_fixtures(each))]


def _has_fixtures(test: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Return whether a test has an argument that none of its parametrisations names."""
    named = {
        name.strip()
        for decorator in test.decorator_list
        for text in ast.walk(decorator)
        if isinstance(text, ast.Constant) and isinstance(text.value, str)
        for name in text.value.split(",")
    }
    return any(each.arg not in named for each in test.args.args)


def _imported(tree: ast.Module, wanted: Mapping[str, frozenset[str]]) -> set[str]:
    return {
        each.asname or each.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module is not None
        for each in node.names
        if each.name in wanted.get(node.module, ())
    }


def _definitions(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """Yield each name that a module defines, with the code that says what it is."""
    for node in tree.body:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name, node
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    yield from ((name, value) for name in _used_in(target))
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                yield name, value
            case _:
                pass


def _used_in(node: ast.AST) -> set[str]:
    """Return the names that are used, and each attribute of what a name leads to, as `name.it`."""
    used = set[str]()
    for each in ast.walk(node):
        match each:
            # an argument of a test is a fixture by its name
            case ast.Name(id=name) | ast.arg(arg=name):
                used.add(name)
            case ast.Attribute(value=value, attr=attribute):
                used.add(f"{_root(value)}.{attribute}")
            case _:
                pass
    return used


def _root(node: ast.expr) -> str:
    """Return the name that `name.it` and `name(1).of.it` begin with, empty without one."""
    while True:
        match node:
            case ast.Name(id=name):
                return name
            case ast.Attribute(value=value) | ast.Call(func=value):
                node = value
            case _:
                return ""


if __name__ == "__main__":
    main()
