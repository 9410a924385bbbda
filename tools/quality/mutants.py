"""Make single changes in some files, and count how many of them the tests catch.

    python -m tools.quality.mutants LAW --tests tests/unit/measures/law

Each change is one that a slip would make: a comparison turned, a number off by one, `and` for
`or`, a `not` left out, `None` returned. The same seed chooses the same changes as long as the
files are the same. The tests run in a copy of the checkout: once as it is, once with the files
broken altogether, which they must notice, then once for each change. A change that makes them run
too long counts as caught. What survives is marked: either no test looks there, or the change makes
no difference.
"""

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from copy import copy
from pathlib import Path
from typing import NamedTuple, override

_TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_BROKEN = b"this file is broken on purpose\n"
_LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "__pycache__", ".*_cache", "_build")


class Mutant(NamedTuple):
    """One change: the bytes from `start` to `end` of a file become `text`."""

    file: Path
    line: int
    start: int
    end: int
    was: str
    text: str

    @override
    def __str__(self) -> str:
        return f"{self.file}:{self.line}  {self.was}  →  {self.text}"


class Checkout(NamedTuple):
    """A copy of a checkout, and how its tests are run."""

    root: Path
    copy: Path
    tests: Sequence[str]
    limit_s: float

    def run(self) -> str:
        """Run the tests, and return `passed`, `failed` or `too long`."""
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", *self.tests]
        found = [Path(each) for each in sys.path if each]
        inside = [each.relative_to(self.root) for each in found if self._has(each)]
        paths = [str(self.copy), *(str(self.copy / each) for each in inside)]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(dict.fromkeys(paths))}
        process = subprocess.Popen(
            command,
            cwd=self.copy,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            return "failed" if process.wait(self.limit_s) else "passed"
        except subprocess.TimeoutExpired:
            _end(process)
            return "too long"

    def _has(self, path: Path) -> bool:
        return path.is_relative_to(self.root) and ".venv" not in path.parts

    def write(self, file: Path, content: bytes, moment: int) -> None:
        """Write a file of the copy; `moment` differs each time, or Python takes old bytecode."""
        (self.copy / file).write_bytes(content)
        os.utime(self.copy / file, (moment, moment))


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the tests and whatever they started."""
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, 9)
    process.wait()


def main() -> None:
    """Print each change that survives, and how many are caught."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="+", type=Path, help="files or folders to change")
    parser.add_argument("--tests", nargs="+", required=True, help="what pytest is to run")
    parser.add_argument("--number", type=int, default=25, help="of changes [25]")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=float, default=300, help="seconds of one run [300]")
    options = parser.parse_args()
    root = Path.cwd().resolve()
    files = files_in(options.files, root)
    chosen = choose(root, files, options.number, options.seed)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder).resolve() / "checkout"
        shutil.copytree(root, target, ignore=_LEFT_OUT, symlinks=True)
        found = try_all(Checkout(root, target, options.tests, options.limit), files, chosen)
    caught = found["failed"] + found["too long"]
    print(f"{caught} of {len(chosen)} changes caught, {found['too long']} of them by the limit")


def files_in(given: Sequence[Path], root: Path) -> list[Path]:
    """Return the Python files given or in the folders given, relative to the root, in order."""
    paths = [(root / each).resolve() for each in given]
    found = [file for each in paths for file in (each.rglob("*.py") if each.is_dir() else [each])]
    return sorted({file.relative_to(root) for file in found})


def choose(root: Path, files: Sequence[Path], number: int, seed: int) -> list[Mutant]:
    """Return so many changes of the files, or all where there are fewer, chosen by the seed."""
    made = [each for file in files for each in mutants_of(file, (root / file).read_bytes())]
    chance = random.Random(seed)  # noqa: S311 - a choice that can be repeated
    return chance.sample(made, min(number, len(made)))


def try_all(checkout: Checkout, files: Sequence[Path], chosen: Sequence[Mutant]) -> Counter[str]:
    """Run the tests with each change, print what survives, and count the outcomes."""
    original = {file: (checkout.root / file).read_bytes() for file in files}
    # Moments in the past, a second apart: a file's bytecode is told by the second and the size.
    moments = iter(range(1_000_000_000, 2_000_000_000))
    if checkout.run() != "passed":
        sys.exit("the tests do not pass as they are")
    for file in files:
        checkout.write(file, _BROKEN, next(moments))
    if checkout.run() == "passed":
        sys.exit("the tests pass with the files broken: they do not import them")
    for file, content in original.items():
        checkout.write(file, content, next(moments))
    found: Counter[str] = Counter()
    for each in chosen:
        before = original[each.file]
        changed = before[: each.start] + each.text.encode() + before[each.end :]
        checkout.write(each.file, changed, next(moments))
        outcome = checkout.run()
        checkout.write(each.file, before, next(moments))
        found[outcome] += 1
        print(f"{'SURVIVED' if outcome == 'passed' else 'caught  '} {each}", flush=True)
    return found


def mutants_of(file: Path, content: bytes) -> Iterator[Mutant]:
    """Yield every change that can be made in a file, in the order of its text."""
    starts = [0]
    for line in content.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for node in _nodes(ast.parse(content)):
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or 0
        start = starts[node.lineno - 1] + node.col_offset
        end = starts[end_line - 1] + end_column
        was = " ".join(content[start:end].decode().split())
        for text in _changes(node):
            yield Mutant(file, node.lineno, start, end, was, text)


def _nodes(node: ast.AST) -> Iterator[ast.expr | ast.stmt]:
    """Yield the nodes of a tree without annotations, which change nothing when code runs."""
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "type_params"} or isinstance(node, ast.TypeAlias):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.expr | ast.stmt):
                yield child
            if isinstance(child, ast.AST):
                yield from _nodes(child)


def _changes(node: ast.AST) -> Iterator[str]:
    """Yield the text of each change of one node."""
    match node:
        case ast.Compare(ops=ops):
            for place, operator in enumerate(ops):
                turned = copy(node)
                turned.ops = [*ops[:place], _TURNED[type(operator)](), *ops[place + 1 :]]
                yield f"({ast.unparse(turned)})"
        case ast.BoolOp(op=operator):
            other = copy(node)
            other.op = ast.Or() if isinstance(operator, ast.And) else ast.And()
            yield f"({ast.unparse(other)})"
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield f"({ast.unparse(operand)})"
        case ast.Constant(value=int(number)) if not isinstance(number, bool):
            yield from (f"({number + 1})", f"({number - 1})")
        case ast.Return(value=ast.expr() as value) if ast.unparse(value) != "None":
            yield "return None"
        case _:
            pass


if __name__ == "__main__":
    main()
