"""Count the house: how many modules and functions the service has, and how long they are.

    python -m tools.house
    python -m tools.house --json

The aim is few modules, each a chapter, with functions that do one step. All lines of a module
count, and those of a function from `def` to its last line. A module imports another when it names
it, or a name of it, in an import statement.
"""

import ast
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import fmean, median

import click
import msgspec

_ROOT = Path(__file__).parents[1] / "service"
_PACKAGE = "abeyance_screening"


class House(msgspec.Struct, frozen=True, kw_only=True):
    """The size of a package: its modules, its functions, and the names that are used twice.

    Lengths are in lines. `imported_once` are the modules that one module alone imports, of another
    folder: a folder's own chapters are where they belong, and these may belong elsewhere;
    `shared_class_names` the names that more than one class has; both are sorted.
    """

    modules: int
    median_lines: float
    longest_lines: int
    longest_module: str
    functions: int
    mean_function_lines: float
    longest_function_lines: int
    longest_function: str
    imported_once: tuple[str, ...]
    shared_class_names: tuple[str, ...]


def count_house(root: Path, package: str) -> House:
    """Count the modules of a package, which is a folder of `root`.

    Raises:
        FileNotFoundError: The folder has no module, or no function is in any.
    """
    paths = sorted((root / package).rglob("*.py"))
    texts = {_name(path.relative_to(root)): path.read_text("utf-8") for path in paths}
    trees = {name: ast.parse(text) for name, text in texts.items()}
    lines = {name: len(text.splitlines()) for name, text in texts.items()}
    functions = [each for name, tree in trees.items() for each in _functions(name, tree)]
    if not functions:
        raise FileNotFoundError(root / package)
    longest = max(lines, key=lambda name: lines[name])
    longest_function = max(functions, key=lambda each: each[1])
    importers = _importers(trees)
    return House(
        modules=len(lines),
        median_lines=median(lines.values()),
        longest_lines=lines[longest],
        longest_module=longest,
        functions=len(functions),
        mean_function_lines=fmean(length for _, length in functions),
        longest_function_lines=longest_function[1],
        longest_function=longest_function[0],
        imported_once=tuple(sorted(name for name in trees if _is_strayed(name, importers[name]))),
        shared_class_names=_shared_classes(trees),
    )


@click.command()
@click.option("--json", "is_json", is_flag=True, help="Print JSON.")
def main(*, is_json: bool) -> None:
    """Print how large the service is: modules, functions, and names that are used twice."""
    house = count_house(_ROOT, _PACKAGE)
    if is_json:
        click.echo(msgspec.json.format(msgspec.json.encode(house)))
        return
    for line in _lines(house):
        click.echo(line)


def _name(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def _functions(module: str, tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{module}.{node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


def _importers(trees: Mapping[str, ast.Module]) -> Mapping[str, set[str]]:
    """Return the modules that import each module, itself never among them."""
    importers: defaultdict[str, set[str]] = defaultdict(set)
    for name, tree in trees.items():
        for imported in _imports(tree):
            # `from package import name` imports a module of the package, or a name of the package
            module = imported if imported in trees else imported.rpartition(".")[0]
            if module in trees and module != name:
                importers[module].add(name)
    return importers


def _is_strayed(name: str, importers: set[str]) -> bool:
    """Return whether a module has one importer, which is in another folder."""
    folders = {each.rpartition(".")[0] for each in importers}
    return len(importers) == 1 and folders.isdisjoint({name, name.rpartition(".")[0]})


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield from (f"{node.module}.{each.name}" for each in node.names)


def _shared_classes(trees: Mapping[str, ast.Module]) -> tuple[str, ...]:
    names = Counter(
        node.name
        for tree in trees.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    )
    return tuple(sorted(name for name, count in names.items() if count > 1))


def _lines(house: House) -> Iterator[str]:
    yield (
        f"modules: {house.modules}, median {house.median_lines:.0f} lines, "
        f"longest {house.longest_lines} ({house.longest_module})"
    )
    yield (
        f"functions: {house.functions}, mean {house.mean_function_lines:.1f} lines, "
        f"longest {house.longest_function_lines} ({house.longest_function})"
    )
    yield f"modules with exactly one importer: {len(house.imported_once)}"
    yield from (f"  {name}" for name in house.imported_once)
    yield f"class names used more than once: {len(house.shared_class_names)}"
    yield from (f"  {name}" for name in house.shared_class_names)


if __name__ == "__main__":
    main()
