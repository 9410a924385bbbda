"""Encode: an answer as JSON, piece by piece, in turns with other work.

The same bytes as in one go, which would hold up everything else for as long as megabytes take.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from itertools import groupby
from typing import NamedTuple, Protocol
from uuid import UUID

import msgspec

from service.flow.shelf import Shelf
from service.flow.shown import SHOWN_FIELDS
from service.flow.turns import give_turns
from service.model.answer import (
    CounterpartyResult,
    Hit,
    OwnerResult,
    OwnershipResult,
    PartyResult,
    ScreeningAnswer,
    SearchAnswer,
)
from service.model.written import Part, Written

# Small pieces are joined up to about so many bytes: few enough to be sent or kept in one go.
PIECE_BYTES = 256_000
# So many pieces are looked at between two looks whether others have a turn.
_AT_ONCE = 1_000

type _Pieces = list[bytes | Part]
"""JSON in pieces, to be read one behind the other."""


class ScreeningStore(Protocol):
    """Keeps answers and gives them back, byte for byte."""

    async def add(self, key: UUID, asked_at: datetime, answer: Written) -> None:
        """Keeps one answer for good.

        Raises:
            StoreUnavailableError: It was not kept.
        """
        ...

    async def answer(self, key: UUID) -> Sequence[bytes] | None:
        """An earlier answer in pieces, or None."""
        ...


class Writer:
    """Writes answers; what it was already asked to write stands on the shelf."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    async def screening(self, answer: ScreeningAnswer) -> Written:
        """A whole screening."""
        restrictions = answer.restrictions
        written: dict[str, _Pieces] = {
            "coverage": [self._shelf.whole(answer.coverage)],
            "results": _array([await self._counterparty(each) for each in answer.results]),
        }
        if restrictions.transaction is None:
            written["restrictions"] = [self._shelf.whole(restrictions)]
        return await _taken_apart(_object(answer, written))

    async def search(self, answer: SearchAnswer) -> Written:
        """The hits for one name."""
        written: dict[str, _Pieces] = {
            "coverage": [self._shelf.whole(answer.coverage)],
            "hits": await self._hits(answer.hits),
            "left": await self._hits(answer.left),
        }
        return await _taken_apart(_object(answer, written))

    async def _counterparty(self, result: CounterpartyResult) -> _Pieces:
        written = await self._both(result)
        if result.ownership is not None:
            written["ownership"] = await self._ownership(result.ownership)
        return _object(result, written)

    async def _ownership(self, ownership: OwnershipResult) -> _Pieces:
        return _object(
            ownership,
            {
                "owners": _array([await self._owner(each) for each in ownership.owners]),
                "findings": _array([await _whole(each) for each in ownership.findings]),
            },
        )

    async def _owner(self, owner: OwnerResult) -> _Pieces:
        return _object(owner, await self._both(owner))

    async def _both(self, result: PartyResult) -> dict[str, _Pieces]:
        return {"hits": await self._hits(result.hits), "left": await self._hits(result.left)}

    async def _hits(self, hits: Sequence[Hit]) -> _Pieces:
        pieces: list[_Pieces] = []
        for hit in hits:
            await give_turns()
            pieces.append(self._hit(hit))
        return _array(pieces)

    def _hit(self, hit: Hit) -> _Pieces:
        shown = self._shelf.written(hit)
        before, behind = _encode_run(_BEFORE_SHOWN, hit), _encode_run(_BEHIND_SHOWN, hit)
        return [b"{%b," % before, shown, b",%b}" % behind]


class _Run(NamedTuple):
    """Fields of a struct that stand together, written as a struct of their own."""

    names: tuple[str, ...]
    kind: type[msgspec.Struct]


@cache
def _layout(
    kind: type[msgspec.Struct], written: tuple[str, ...]
) -> tuple[tuple[bytes, _Run | str], ...]:
    """The fields of a struct in order, each behind what stands before it.

    Those that are written already stand by name, others in runs.
    """
    laid: list[tuple[bytes, _Run | str]] = []
    before = "{"
    for is_written, names in groupby(kind.__struct_fields__, key=written.__contains__):
        for each in names if is_written else (_run(tuple(names)),):
            key = f'"{each}":' if is_written else ""
            laid.append((f"{before}{key}".encode(), each))
            before = ","
    return tuple(laid)


def _run(names: tuple[str, ...]) -> _Run:
    return _Run(names, msgspec.defstruct("_Written", names, frozen=True, gc=False))


def _encode_run(run: _Run, value: msgspec.Struct) -> bytes:
    """JSON of these fields without the brackets around them."""
    return _encode(run.kind(*[getattr(value, name) for name in run.names]))[1:-1]


async def _whole(value: msgspec.Struct) -> _Pieces:
    await give_turns()
    return [_encode(value)]


def _object(value: msgspec.Struct, written: Mapping[str, _Pieces]) -> _Pieces:
    """A struct of which some fields are written already."""
    pieces: _Pieces = []
    for before, each in _layout(type(value), tuple(written)):
        pieces.append(before)
        pieces += [_encode_run(each, value)] if isinstance(each, _Run) else written[each]
    return [*pieces, b"}"]


def _array(items: Iterable[_Pieces]) -> _Pieces:
    pieces: _Pieces = []
    for item in items:
        pieces += [b"," if pieces else b"[", *item]
    return [*pieces, b"]"] if pieces else [b"[]"]


async def _taken_apart(pieces: _Pieces) -> Written:
    own: list[bytes] = []
    parts: list[tuple[int, Part]] = []
    place = 0
    for count, piece in enumerate(pieces):
        if count % _AT_ONCE == _AT_ONCE - 1:
            await give_turns()
        if isinstance(piece, Part):
            parts.append((place, piece))
        else:
            own.append(piece)
            place += len(piece)
    whole = [each.body if isinstance(each, Part) else each for each in pieces]
    return Written(await joined(whole), await joined(own), tuple(parts))


async def joined(pieces: Sequence[bytes]) -> tuple[bytes, ...]:
    """The same in fewer pieces, each of about `PIECE_BYTES` and never much more."""
    if sum(map(len, pieces)) <= PIECE_BYTES:
        return (b"".join(pieces),)
    whole: list[bytes] = []
    start = size = 0
    for end, piece in enumerate(pieces):
        if size and size + len(piece) > PIECE_BYTES:
            whole.append(b"".join(pieces[start:end]))
            start, size = end, 0
            await give_turns()
        size += len(piece)
    return (*whole, b"".join(pieces[start:]))


_encode = msgspec.json.Encoder().encode
_SHOWN_AT = Hit.__struct_fields__.index(SHOWN_FIELDS[0])
_BEFORE_SHOWN = _run(Hit.__struct_fields__[:_SHOWN_AT])
_BEHIND_SHOWN = _run(Hit.__struct_fields__[_SHOWN_AT + len(SHOWN_FIELDS) :])
