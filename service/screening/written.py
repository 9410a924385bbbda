"""Encode: an answer as JSON, piece by piece, in turns with other work.

The same bytes as in one go, which would hold up everything else for as long as megabytes take.
"""

import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from itertools import count, groupby
from typing import NamedTuple, Protocol
from uuid import UUID

import msgspec

from service.days import Days
from service.lists.licence_terms import read_licence_terms
from service.lists.listing import LicenceTerms, Listing
from service.measures.board import MeasureBoard
from service.measures.on_day import MeasureOnDay
from service.screening.answer import (
    CounterpartyResult,
    Hit,
    OwnerResult,
    OwnershipResult,
    PartyResult,
    Print,
    ScreeningAnswer,
    SearchAnswer,
    Standing,
)
from service.screening.index import ListingIndex
from service.screening.standing import EditionsOfDay, Entry, EntryOnDay, Speaking, on_day
from service.screening.turns import give_turns
from service.store.written import AnswerPieces, SharedPiece

# --- Shown: what a hit shows of an entry, which the day decides and nothing else a question says.


class EntryJson(msgspec.Struct, frozen=True):
    """An entry on the days of a question; `written` is its part of a hit's JSON."""

    entry: EntryOnDay
    licence: LicenceTerms | None
    measures: tuple[MeasureOnDay, ...]
    unknown_programmes: tuple[str, ...]
    written: SharedPiece


class _Fields(msgspec.Struct, frozen=True, kw_only=True):
    """Those fields of a `Hit` that the entry alone decides, in the order in which they stand."""

    listing: Listing
    licence: LicenceTerms | None
    standing: Standing
    copies: tuple[Print, ...]
    measures: tuple[MeasureOnDay, ...]
    unknown_programmes: tuple[str, ...]


SHOWN_FIELDS = _Fields.__struct_fields__


def show(
    entry: Entry, editions: EditionsOfDay, said: Speaking, board: MeasureBoard, days: Days
) -> EntryJson:
    """The entry as these versions of it print it, with its measures on the days."""
    stands = on_day(entry, editions, said, days.as_of)
    licence = read_licence_terms(stands.listing)
    measures = measures_of(stands, board, days)
    unknown = unknown_programmes_of(stands, board)
    written = _written(
        _Fields(
            listing=stands.listing,
            licence=licence,
            standing=stands.standing,
            copies=stands.copies,
            measures=measures,
            unknown_programmes=unknown,
        )
    )
    return EntryJson(stands, licence, measures, unknown, written)


def shown_in(hit: Hit) -> SharedPiece:
    """The JSON of `SHOWN_FIELDS` in a hit, without the brackets around them."""
    return _written(
        _Fields(
            listing=hit.listing,
            licence=hit.licence,
            standing=hit.standing,
            copies=hit.copies,
            measures=hit.measures,
            unknown_programmes=hit.unknown_programmes,
        )
    )


def _written(fields: _Fields) -> SharedPiece:
    return SharedPiece.of(msgspec.json.encode(fields)[1:-1])


def measures_of(entry: EntryOnDay, board: MeasureBoard, days: Days) -> tuple[MeasureOnDay, ...]:
    """The measures that reach a party while it stands on the list; none once it has left."""
    if entry.standing.state == "left":
        return ()
    measures = board.of_prints(entry.prints, days)
    return measures if entry.standing.known else tuple(map(_perhaps, measures))


def unknown_programmes_of(entry: EntryOnDay, board: MeasureBoard) -> tuple[str, ...]:
    """The programmes that nobody registered, of a party that stands on the list."""
    return () if entry.standing.state == "left" else board.unknown_programmes(entry.prints)


def _perhaps(measure: MeasureOnDay) -> MeasureOnDay:
    """The measure of a party that may have come onto its list only after the day."""
    if measure.force != "in_force":
        return measure
    flags = (*measure.flags, "listed_then_not_known")
    return msgspec.structs.replace(measure, flags=flags)


# --- Shelf: what was worked out and written as JSON for one question, for the next that needs it.
#
# It holds what the day decides and nothing else a question says: what a hit shows of an entry,
# how the lists stand, the measures that name no company. So a hit costs no more than its
# score.

# JSON of entries that is kept, in bytes. With the structs beside it that is 1.6 times as much
# memory, some 26 MB. An entry of the bundled lists takes 5.5 kB: room for 2,900 of them.
MOST_BYTES = 16_000_000
# Pairs of days whose entries are kept; most questions are about today.
_MOST_DAYS = 64
# Structs beside the entries whose JSON is kept: of each pair of days two, of some 30 kB together.
_MOST_STRUCTS = 64
# Entries of which it is known which versions speak, in some 150 bytes each.
_MOST_SAID = 100_000


class Shelf:
    """What was made from one index and one board, as far as it was asked for last.

    It is made anew for another index or board, and never emptied of what has become wrong.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._numbers = count()
        self._days: dict[Days, int] = {}
        self._said: dict[int, dict[int, Speaking | None]] = {}
        self._shown: dict[tuple[int, int], EntryJson] = {}
        self._by_standing: dict[int, EntryJson] = {}
        self._structs: dict[int, tuple[msgspec.Struct, SharedPiece]] = {}
        self.byte_count = 0

    def number(self, days: Days) -> int:
        """By which number these days are known here; no other days ever had it."""
        number = self._days.get(days)
        if number is None:
            if len(self._days) >= _MOST_DAYS:
                self._days.clear()
            number = self._days[days] = next(self._numbers)
        return number

    def said(self, number: int) -> dict[int, Speaking | None]:
        """Which versions speak on the days of that number, by position; to be filled in."""
        if sum(map(len, self._said.values())) > _MOST_SAID:
            self._said.clear()
        return self._said.setdefault(number, {})

    def shown(self, number: int, position: int, make: Callable[[], EntryJson]) -> EntryJson:
        """The entry at a position of the index on the days of that number; made if need be."""
        key = number, position
        shown = self._shown.pop(key, None)
        if shown is None:
            shown = make()
            self._by_standing[id(shown.entry.standing)] = shown
            self.byte_count += len(shown.written.body)
        self._shown[key] = shown
        while self.byte_count > self._most_bytes and len(self._shown) > 1:
            self._let_go(next(iter(self._shown)))
        return shown

    def written(self, hit: Hit) -> SharedPiece:
        """The JSON of `SHOWN_FIELDS` in a hit, without the brackets around them."""
        shown = self._by_standing.get(id(hit.standing))
        # What stands here is not freed, so that no other struct can have its number.
        if shown is None or shown.entry.standing is not hit.standing:
            return shown_in(hit)
        return shown.written

    def whole(self, value: msgspec.Struct) -> SharedPiece:
        """A struct's JSON; written once for one that is asked for again and again."""
        known = self._structs.get(id(value))
        if known is not None:
            return known[1]
        written = SharedPiece.of(msgspec.json.encode(value))
        if len(self._structs) >= _MOST_STRUCTS:
            self._structs.clear()
        self._structs[id(value)] = value, written
        return written

    def _let_go(self, key: tuple[int, int]) -> None:
        shown = self._shown.pop(key)
        del self._by_standing[id(shown.entry.standing)]
        self.byte_count -= len(shown.written.body)


class CurrentShelf:
    """The shelf of the index and the board that answer now; holds on to neither."""

    def __init__(self) -> None:
        self._index: Callable[[], ListingIndex | None] = lambda: None
        self._board: Callable[[], MeasureBoard | None] = lambda: None
        self._shelf = Shelf()

    def of(self, index: ListingIndex, board: MeasureBoard) -> Shelf:
        """Their shelf; an empty one where either has been swapped."""
        if self._index() is not index or self._board() is not board:
            self._index, self._board = weakref.ref(index), weakref.ref(board)
            self._shelf = Shelf()
        return self._shelf


# Small pieces are joined up to about so many bytes: few enough to be sent or kept in one go.
PIECE_BYTES = 256_000
# So many pieces are looked at between two looks whether others have a turn.
_AT_ONCE = 1_000

type _Pieces = list[bytes | SharedPiece]
"""JSON in pieces, to be read one behind the other."""


class ScreeningStore(Protocol):
    """Keeps answers and gives them back, byte for byte."""

    async def add(self, key: UUID, asked_at: datetime, answer: AnswerPieces) -> None:
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

    async def screening(self, answer: ScreeningAnswer) -> AnswerPieces:
        """A whole screening."""
        restrictions = answer.restrictions
        written: dict[str, _Pieces] = {
            "coverage": [self._shelf.whole(answer.coverage)],
            "results": _array([await self._counterparty(each) for each in answer.results]),
        }
        if restrictions.transaction is None:
            written["restrictions"] = [self._shelf.whole(restrictions)]
        return await _taken_apart(_object(answer, written))

    async def search(self, answer: SearchAnswer) -> AnswerPieces:
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


async def _taken_apart(pieces: _Pieces) -> AnswerPieces:
    own: list[bytes] = []
    parts: list[tuple[int, SharedPiece]] = []
    place = 0
    for number, piece in enumerate(pieces):
        if number % _AT_ONCE == _AT_ONCE - 1:
            await give_turns()
        if isinstance(piece, SharedPiece):
            parts.append((place, piece))
        else:
            own.append(piece)
            place += len(piece)
    whole = [each.body if isinstance(each, SharedPiece) else each for each in pieces]
    return AnswerPieces(await joined(whole), await joined(own), tuple(parts))


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
