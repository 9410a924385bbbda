"""`abeyance compare`: the score of pairs of names, for measuring."""

import sys
from typing import BinaryIO

import click
import msgspec

from service.cli.options import examples
from service.match import score
from service.model.errors import RowRefusedError
from service.normalise import normalise


@click.command(
    epilog=examples(
        "abeyance compare pairs.jsonl > scored.jsonl",
    )
)
@click.argument("pairs", type=click.File("rb"))
def compare(pairs: BinaryIO) -> None:
    """Score pairs of names.

    PAIRS holds one JSON object a line with `query` and `candidate`, - is standard input. Each
    line comes back whole, with its `score` in [0, 1] added.
    """
    out = sys.stdout.buffer
    for number, line in enumerate(pairs, start=1):
        if line.strip():
            out.write(msgspec.json.encode(_scored(number, line)) + b"\n")


def _scored(number: int, line: bytes) -> dict[str, object]:
    where = f"line {number}"
    try:
        row = msgspec.json.decode(line, type=dict[str, object])
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise RowRefusedError(where, str(error)) from error
    query, candidate = _name(row, "query", where), _name(row, "candidate", where)
    return {**row, "score": score(normalise(query), normalise(candidate))}


def _name(row: dict[str, object], key: str, where: str) -> str:
    name = row.get(key)
    if not isinstance(name, str):
        raise RowRefusedError(where, f"{key!r} must be a string")
    return name
