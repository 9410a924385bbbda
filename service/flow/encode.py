"""Encode: a screening's answer as JSON, piece by piece, in turns with other work.

The same bytes as in one go, which would hold up everything else for as long as megabytes take.
"""

import asyncio
from collections.abc import Iterable, Mapping

import msgspec

from service.model.answer import CounterpartyResult, Ownership, ScreeningAnswer

type _Pieces = list[bytes]


async def encoded(answer: ScreeningAnswer) -> bytes:
    """The answer's JSON."""
    results = [await _result(each) for each in answer.results]
    # To join megabytes needs no interpreter, so that another thread does it beside all else.
    return await asyncio.to_thread(b"".join, _object(answer, {"results": _array(results)}))


async def _result(result: CounterpartyResult) -> _Pieces:
    await asyncio.sleep(0)
    if result.ownership is None:
        return [msgspec.json.encode(result)]
    return _object(result, {"ownership": await _ownership(result.ownership)})


async def _ownership(ownership: Ownership) -> _Pieces:
    return _object(
        ownership,
        {
            "owners": _array([await _whole(each) for each in ownership.owners]),
            "findings": _array([await _whole(each) for each in ownership.findings]),
        },
    )


async def _whole(value: msgspec.Struct) -> _Pieces:
    await asyncio.sleep(0)
    return [msgspec.json.encode(value)]


def _object(value: msgspec.Struct, written: Mapping[str, _Pieces]) -> _Pieces:
    """A struct of which some fields are written already."""
    pieces: _Pieces = []
    for name in value.__struct_fields__:
        pieces += [b"," if pieces else b"{", msgspec.json.encode(name), b":"]
        pieces += written.get(name) or [msgspec.json.encode(getattr(value, name))]
    return [*pieces, b"}"]


def _array(items: Iterable[_Pieces]) -> _Pieces:
    pieces: _Pieces = []
    for item in items:
        pieces += [b"," if pieces else b"[", *item]
    return [*pieces, b"]"] if pieces else [b"[]"]
