"""A log call with a key that a log record has itself raises KeyError: no call has one.

Every key can be read from the code of the function that logs, and a call whose keys cannot be read
there is a fault too: it could carry any name.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from abeyance_screening.platform.logs import RESERVED

ROOT = Path(__file__).parents[2]
LEVELS = {"debug", "info", "warning", "error", "exception", "critical", "log"}

type Function = ast.FunctionDef | ast.AsyncFunctionDef


class UnreadableError(Exception):
    """Keys that the function does not write out."""


def log_calls(tree: ast.Module) -> Iterator[tuple[Function, ast.Call]]:
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for node in ast.walk(function):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in LEVELS
                and any(keyword.arg == "extra" for keyword in node.keywords)
            ):
                yield function, node


def keys_of(node: ast.expr, function: Function) -> Iterator[str]:
    """The keys of a dictionary that a function writes out, or names and fills in itself."""
    match node:
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                yield from keys_of(value, function) if key is None else [_key(key)]
        case ast.BinOp(left=one, op=ast.BitOr(), right=other) | ast.IfExp(body=one, orelse=other):
            yield from keys_of(one, function)
            yield from keys_of(other, function)
        case ast.Name(id=name):
            yield from _keys_of_name(name, function)
        case _:
            raise UnreadableError(ast.unparse(node))


def _key(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    raise UnreadableError(ast.unparse(node))


def _keys_of_name(name: str, function: Function) -> Iterator[str]:
    values = 0
    for node in ast.walk(function):
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=target)], value=ast.expr() as value)
                | ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as value)
                | ast.AugAssign(target=ast.Name(id=target), value=ast.expr() as value)
            ) if target == name:
                values += 1
                yield from keys_of(value, function)
            case ast.Subscript(value=ast.Name(id=target), slice=key, ctx=ast.Store()) if (
                target == name
            ):
                yield _key(key)
            case _:
                pass
    if not values:
        raise UnreadableError(name)


def faults(tree: ast.Module, place: str) -> list[str]:
    found: list[str] = []
    for function, call in log_calls(tree):
        extra = next(each.value for each in call.keywords if each.arg == "extra")
        try:
            reserved = sorted(RESERVED.intersection(keys_of(extra, function)))
        except UnreadableError as error:
            found.append(f"{place}:{call.lineno}: keys that cannot be read: {error}")
        else:
            found.extend(f"{place}:{call.lineno}: {key} is reserved" for key in reserved)
    return found


def test_no_log_call_has_a_key_that_a_log_record_has_itself():
    found: list[str] = []
    read = 0
    for folder in ("service", "tools"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            text = path.read_text()
            if "extra" not in text:
                continue  # no call that is looked for, and not worth being parsed
            tree = ast.parse(text)
            read += sum(1 for _ in log_calls(tree))
            found += faults(tree, str(path.relative_to(ROOT)))
    assert read > 40, "the calls are found"
    assert found == []


@pytest.mark.parametrize(
    ("body", "says"),
    [
        pytest.param("logger.info('x', extra={'work': 1})", [], id="free"),
        pytest.param(
            "logger.info('x', extra={'process': 1})", ["m:2: process is reserved"], id="written"
        ),
        pytest.param(
            "keys = {'work': 1}\n  keys['name'] = 2\n  logger.info('x', extra=keys | {'args': 3})",
            ["m:4: args is reserved", "m:4: name is reserved"],
            id="named, added to and joined",
        ),
        pytest.param(
            "logger.info('x', extra={**given})",
            ["m:2: keys that cannot be read: given"],
            id="given",
        ),
    ],
)
def test_a_reserved_key_is_seen_however_it_gets_there(body: str, says: list[str]):
    assert faults(ast.parse(f"def f(given):\n  {body}\n"), "m") == says
