"""Protocols: each has two implementations in the program, but for a few that may have one."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.repository import ROOT

SERVICE = ROOT / "service" / "abeyance_screening"
KERNEL = SERVICE / "engine" / "names" / "match"
"""Its protocols are the shapes of what numba compiles, which has no types."""

OF_THE_DATABASE = frozenset(
    {"ScreeningStore", "StagedListings", "StagingStore", "HistoryStore"},
)
"""What the engine asks of a database, which it may not import; nothing else keeps such things."""

OF_OTHERS = frozenset({"QueryPlace", "RunningWorker"})
"""Shapes of what libraries make: a connection or a pool of asyncpg, a process."""


class ClassRead(NamedTuple):
    """A class of the service: where it is, what it is made from, and its own members."""

    module: Path
    bases: tuple[str, ...]
    members: frozenset[str]

    @property
    def is_protocol(self) -> bool:
        return "Protocol" in self.bases


def classes() -> dict[str, ClassRead]:
    return {
        node.name: ClassRead(module, tuple(map(_base, node.bases)), frozenset(_members(node)))
        for module in sorted(SERVICE.rglob("*.py"))
        for node in ast.walk(ast.parse(module.read_text()))
        if isinstance(node, ast.ClassDef)
    }


def _base(node: ast.expr) -> str:
    return ast.unparse(node).partition("[")[0].rpartition(".")[2]


def _members(node: ast.ClassDef) -> Iterator[str]:
    for each in ast.walk(node):
        match each:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name
            case ast.Assign(targets=targets):
                yield from (target.id for target in targets if isinstance(target, ast.Name))
            case ast.Attribute(value=ast.Name(id="self"), attr=name, ctx=ast.Store()):
                yield name
            case _:
                pass


def every_member(name: str, known: dict[str, ClassRead]) -> frozenset[str]:
    read = known.get(name)
    if read is None:
        return frozenset()
    return read.members.union(*(every_member(base, known) for base in read.bases))


def implementations(protocol: str, known: dict[str, ClassRead]) -> set[str]:
    """Return the classes with all members of a protocol; a subclass of one is the same one."""
    wanted = every_member(protocol, known)
    having = {
        name
        for name, read in known.items()
        if not read.is_protocol and wanted <= every_member(name, known)
    }
    return {name for name in having if having.isdisjoint(known[name].bases)}


def test_a_protocol_has_two_implementations_or_is_a_port_of_the_database():
    known = classes()
    single = {
        name: implementations(name, known)
        for name, read in known.items()
        # a private one is the shape of a library's object, in a `cast`
        if read.is_protocol and not name.startswith("_") and KERNEL not in read.module.parents
    }
    lone = {name for name, found in single.items() if len(found) < 2}
    assert lone - OF_OTHERS == OF_THE_DATABASE, "use the class itself, or a type of a callable"
