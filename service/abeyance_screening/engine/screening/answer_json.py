"""Write an answer as JSON, piece by piece, giving other work its turn.

The bytes are the same as if it were written at once; but an answer of megabytes would then block
everything else.
"""

import weakref
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import cache
from itertools import count, groupby
from typing import NamedTuple

import msgspec

from abeyance_screening.engine.lists.listing import policy_of, read_licence_terms
from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.measures.status import MeasureOnDay
from abeyance_screening.engine.names.form.word_types import ComparisonForm
from abeyance_screening.engine.screening.answer import (
    CounterpartyResult,
    FoundParty,
    Hit,
    OwnershipResult,
    PartyHit,
    PartyProfile,
    PartyResult,
    ScreeningAnswer,
    SearchAnswer,
    TextAnswer,
)
from abeyance_screening.engine.screening.applicable_versions import (
    ApplicableVersions,
    EditionsOfDay,
    Entry,
    EntryOnDay,
    on_day,
    on_no_list,
)
from abeyance_screening.engine.screening.family import PartyFacts, PartyLaw, Shape
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.engine.screening.question_record import AnswerBasis
from abeyance_screening.engine.screening.storage import AnswerPieces, SharedPiece
from abeyance_screening.primitives.days import Days
from abeyance_screening.primitives.fair_scheduler import give_turns


class EntryJson(msgspec.Struct, frozen=True, gc=False):
    """An entry on the days of a question; `written` is the JSON of `hit`, a part of any hit's."""

    entry: EntryOnDay
    hit: PartyHit
    written: SharedPiece


# The fields of a `Hit` that depend on the entry alone, in their order.
SHOWN_FIELDS = PartyHit.__struct_fields__
# JSON of entries that is kept, in bytes. Including the structs it takes 1.6 times as much memory,
# some 26 MB. An entry of the bundled lists takes 5.5 kB: room for 2,900 of them.
MOST_BYTES = 16_000_000
# Pairs of days whose entries are kept; most questions are about today.
_MOST_DAYS = 64
# Other structs whose JSON is kept: three for each pair of days, of some 40 kB together.
_MOST_STRUCTS = 96
# Entries whose applicable versions are kept, at some 150 bytes each.
_MOST_VERSIONS = 100_000
# Small pieces are joined up to about this many bytes: few enough to send or keep at once.
PIECE_BYTES = 256_000
# Parties that are kept as found, with their JSON without hits: some 3 kB each.
_MOST_PARTIES = 2_000
# Listed names whose shapes are kept, at some 1.5 kB each.
_MOST_SHAPES = 8_000
# How many pieces are looked at before other work gets its turn.
_AT_ONCE = 1_000
type _Pieces = list[bytes | SharedPiece]
"""JSON in pieces, to be read one after another."""


class _Run(NamedTuple):
    """Consecutive fields of a struct, with a struct type to write them."""

    names: tuple[str, ...]
    kind: type[msgspec.Struct]


_encode = msgspec.json.Encoder().encode
_SHOWN_AT = Hit.__struct_fields__.index(SHOWN_FIELDS[0])


def show(
    entry: Entry,
    editions: EditionsOfDay,
    versions: ApplicableVersions,
    board: MeasureBoard,
    days: Days,
) -> EntryJson:
    """Return the entry as these versions of it print it, with its measures on the days."""
    shown = on_day(entry, editions, versions, days.as_of)
    licence = read_licence_terms(shown.listing)
    hit = PartyHit(
        listing=shown.listing,
        licence=licence,
        licence_policy=policy_of(licence),
        standing=shown.standing,
        copies=shown.copies,
        measures=measures_of(shown, board, days),
        unknown_programmes=unknown_programmes_of(shown, board),
        on_no_list=on_no_list(shown.listing),
    )
    return EntryJson(shown, hit, shown_in(hit))


def shown_in(hit: Hit | PartyHit) -> SharedPiece:
    """Return the JSON of `SHOWN_FIELDS` in a hit, without the brackets around them."""
    return SharedPiece.of(_encode_run(_SHOWN, hit))


def measures_of(entry: EntryOnDay, board: MeasureBoard, days: Days) -> tuple[MeasureOnDay, ...]:
    """Return the measures that reach a party while it is on the list; none once it has left."""
    if entry.standing.state == "left":
        return ()
    measures = board.of_prints(entry.prints, days)
    return measures if entry.standing.known else tuple(map(_perhaps, measures))


def unknown_programmes_of(entry: EntryOnDay, board: MeasureBoard) -> tuple[str, ...]:
    """Return the programmes that are not in the register, of a party that is on the list."""
    return () if entry.standing.state == "left" else board.unknown_programmes(entry.prints)


class Shelf:
    """A cache of what was made from one index and one board for recent questions.

    It holds only what the days of a question decide: what a hit shows of an entry, the state of
    the lists, the measures that name no company. So a cached hit costs no more than its score.
    Another index or board gets a new shelf; entries of this one are never invalidated.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._numbers = count()
        self._days: dict[Days, int] = {}
        self._versions: dict[int, dict[int, ApplicableVersions | None]] = {}
        self._shown: dict[tuple[int, int], EntryJson] = {}
        self._by_standing: dict[int, EntryJson] = {}
        self._structs: dict[int, tuple[msgspec.Struct, SharedPiece]] = {}
        self._bases: dict[Hashable, AnswerBasis] = {}
        self._parties: dict[Hashable, FoundParty] = {}
        self._facts: dict[Hashable, PartyFacts] = {}
        self._law: dict[Hashable, PartyLaw] = {}
        self._reaching: dict[Hashable, frozenset[str]] = {}
        self._shapes: dict[Hashable, Shape] = {}
        self._profiles: dict[int, tuple[FoundParty, SharedPiece]] = {}
        self.byte_count = 0

    def number(self, days: Days) -> int:
        """Return the number of these days on this shelf; no other days ever had it."""
        number = self._days.get(days)
        if number is None:
            if len(self._days) >= _MOST_DAYS:
                self._days.clear()
            number = self._days[days] = next(self._numbers)
        return number

    def versions(self, number: int) -> dict[int, ApplicableVersions | None]:
        """Return the versions that apply on the days with that number, by position.

        Callers add to the result.
        """
        if sum(map(len, self._versions.values())) > _MOST_VERSIONS:
            self._versions.clear()
        return self._versions.setdefault(number, {})

    def shown(self, number: int, position: int, make: Callable[[], EntryJson]) -> EntryJson:
        """Return the entry at a position of the index on the days of that number.

        It is made on demand.
        """
        key = number, position
        shown = self._shown.pop(key, None)
        if shown is None:
            shown = make()
            self._by_standing[id(shown.entry.standing)] = shown
            self.byte_count += len(shown.written.body)
        self._shown[key] = shown
        while self.byte_count > self._most_bytes and len(self._shown) > 1:
            self._remove(next(iter(self._shown)))
        return shown

    def written(self, hit: Hit | PartyHit) -> SharedPiece:
        """Return the JSON of `SHOWN_FIELDS` in a hit, without the brackets around them."""
        shown = self._by_standing.get(id(hit.standing))
        # A cached struct is not freed, so that no other struct can have its id.
        if shown is None or shown.entry.standing is not hit.standing:
            return shown_in(hit)
        return shown.written

    def party(self, key: Hashable, make: Callable[[], FoundParty]) -> FoundParty:
        """Return a party as it was found before under the same key, apart from its score."""
        known = self._parties.get(key)
        if known is None:
            if len(self._parties) >= _MOST_PARTIES:
                self._parties.clear()
                self._profiles.clear()
            known = self._parties[key] = make()
            self._profiles[id(known.members)] = known, _profile_in(known)
        return known

    def facts(self, key: Hashable, make: Callable[[], PartyFacts]) -> PartyFacts:
        """Return what lists print of a party, as it was found under the same key."""
        return _kept(self._facts, key, make, _MOST_PARTIES)

    def law(self, key: Hashable, make: Callable[[], PartyLaw]) -> PartyLaw:
        """Return a party's listings with their measures, as they were under the same key."""
        return _kept(self._law, key, make, _MOST_PARTIES)

    def reaching(self, key: Hashable, make: Callable[[], frozenset[str]]) -> frozenset[str]:
        """Return the ids of measures that reach a party, as they were under the same key."""
        return _kept(self._reaching, key, make, _MOST_PARTIES)

    def basis(self, key: Hashable, make: Callable[[], AnswerBasis]) -> AnswerBasis:
        """Return what answers come from, as it was found under the same key."""
        return _kept(self._bases, key, make, _MOST_DAYS)

    def shape(self, number: int, form: Callable[[int], ComparisonForm]) -> Shape:
        """Return the shape of the listed name with a number, whose form is read once."""
        return _kept(self._shapes, number, lambda: Shape(form(number)), _MOST_SHAPES)

    def profile(self, party: FoundParty) -> SharedPiece:
        """Return the JSON of who a party is, without the brackets around it."""
        known = self._profiles.get(id(party.members))
        # A party that is kept keeps its members, so that no other tuple can have their id.
        if known is None or known[0].members is not party.members:
            return _profile_in(party)
        return known[1]

    def whole(self, value: msgspec.Struct) -> SharedPiece:
        """Return a struct's JSON; written once for a struct that is asked for repeatedly."""
        known = self._structs.get(id(value))
        if known is not None:
            return known[1]
        written = SharedPiece.of(msgspec.json.encode(value))
        if len(self._structs) >= _MOST_STRUCTS:
            self._structs.clear()
        self._structs[id(value)] = value, written
        return written

    def _remove(self, key: tuple[int, int]) -> None:
        shown = self._shown.pop(key)
        del self._by_standing[id(shown.entry.standing)]
        self.byte_count -= len(shown.written.body)


def _kept[V](store: dict[Hashable, V], key: Hashable, make: Callable[[], V], most: int) -> V:
    """Return what a store has under a key, made on demand; a store of `most` begins anew."""
    known = store.get(key)
    if known is None:
        if len(store) >= most:
            store.clear()
        known = store[key] = make()
    return known


class CurrentShelf:
    """The shelf of the index and the board that answer now; it keeps neither alive."""

    def __init__(self) -> None:
        self._index: Callable[[], ListingIndex | None] = lambda: None
        self._board: Callable[[], MeasureBoard | None] = lambda: None
        self._shelf = Shelf()

    def of(self, index: ListingIndex, board: MeasureBoard) -> Shelf:
        """Return the shelf of an index and a board; an empty one if either has been swapped."""
        if self._index() is not index or self._board() is not board:
            self._index, self._board = weakref.ref(index), weakref.ref(board)
            self._shelf = Shelf()
        return self._shelf


class Writer:
    """Writes answers; JSON that was written before comes from the shelf."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    async def screening(self, answer: ScreeningAnswer) -> AnswerPieces:
        """Write a whole screening."""
        restrictions = answer.restrictions
        written: dict[str, _Pieces] = {
            "coverage": [self._shelf.whole(answer.coverage)],
            "results": _array([await self._counterparty(each) for each in answer.results]),
        }
        if answer.question is not None:
            basis: _Pieces = [self._shelf.whole(answer.question.basis)]
            written["question"] = _object(answer.question, {"basis": basis})
        if restrictions.transaction is None:
            written["restrictions"] = [self._shelf.whole(restrictions)]
        return await _taken_apart(_object(answer, written))

    async def result(self, result: CounterpartyResult) -> bytes:
        """Write one result as it appears in a screening."""
        pieces = await self._counterparty(result)
        return b"".join([each.body if isinstance(each, SharedPiece) else each for each in pieces])

    async def search(self, answer: SearchAnswer | TextAnswer) -> AnswerPieces:
        """Write the hits for one name, or the listed names of a text."""
        written: dict[str, _Pieces] = {
            "coverage": [self._shelf.whole(answer.coverage)],
            **await self._of_hits(answer),
        }
        return await _taken_apart(_object(answer, written))

    async def _counterparty(self, result: CounterpartyResult) -> _Pieces:
        written = await self._of_hits(result)
        if result.ownership is not None:
            written["ownership"] = await self._ownership(result.ownership)
        return _object(result, written)

    async def _ownership(self, ownership: OwnershipResult) -> _Pieces:
        return _object(
            ownership,
            {
                "owners": _array(
                    [_object(each, await self._of_hits(each)) for each in ownership.owners]
                ),
                "findings": _array([await _whole(each) for each in ownership.findings]),
            },
        )

    async def _of_hits(
        self, result: PartyResult | SearchAnswer | TextAnswer
    ) -> dict[str, _Pieces]:
        delisted = await self._hits(result.delisted)
        return {
            "hits": await self._hits(result.hits),
            "delisted": delisted,
            "left": delisted,
            "parties": _array([await self._party(each) for each in result.parties]),
        }

    async def _party(self, party: FoundParty) -> _Pieces:
        await give_turns()
        before = b',"score":%b,"through":[' % _encode(party.score)
        pieces: _Pieces = [b"{", self._shelf.profile(party)]
        for each in party.through:
            pieces += [before + b"{", self._shelf.written(each)]
            before = b"},"
        return [*pieces, b"}]}" if party.through else before + b"]}"]

    async def _hits(self, hits: Sequence[Hit]) -> _Pieces:
        pieces: list[_Pieces] = []
        for hit in hits:
            await give_turns()
            pieces.append(self._hit(hit))
        return _array(pieces)

    def _hit(self, hit: Hit) -> _Pieces:
        shown = self._shelf.written(hit)
        before = _encode_run(_BEFORE_SHOWN, hit)
        after = _UNCHANGED if hit.changed is None else _encode_run(_AFTER_SHOWN, hit)
        return [b"{%b," % before, shown, b",%b}" % after]


async def joined(pieces: Sequence[bytes]) -> tuple[bytes, ...]:
    """Return the JSON in fewer pieces, each of about `PIECE_BYTES` and never much more."""
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


def _profile_in(party: FoundParty) -> SharedPiece:
    return SharedPiece.of(_encode_run(_PROFILE, party))


def _perhaps(measure: MeasureOnDay) -> MeasureOnDay:
    """Return the measure of a party that may have been listed only after the day."""
    if measure.force != "in_force":
        return measure
    flags = (*measure.flags, "listed_then_not_known")
    return msgspec.structs.replace(measure, flags=flags)


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


def _object(value: msgspec.Struct, written: Mapping[str, _Pieces]) -> _Pieces:
    """Return a struct as JSON, some fields of which are written already."""
    pieces: _Pieces = []
    for before, each in _layout(type(value), tuple(written)):
        pieces.append(before)
        pieces += [_encode_run(each, value)] if isinstance(each, _Run) else written[each]
    return [*pieces, b"}"]


@cache
def _layout(
    kind: type[msgspec.Struct], written: tuple[str, ...]
) -> tuple[tuple[bytes, _Run | str], ...]:
    """Return the fields of a struct in order, each with the JSON text that precedes it."""
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
    """Return the JSON of these fields without the brackets around them."""
    return _encode(run.kind(*[getattr(value, name) for name in run.names]))[1:-1]


async def _whole(value: msgspec.Struct) -> _Pieces:
    await give_turns()
    return [_encode(value)]


_PROFILE = _run(PartyProfile.__struct_fields__)
_SHOWN = _run(SHOWN_FIELDS)
_BEFORE_SHOWN = _run(Hit.__struct_fields__[:_SHOWN_AT])
_AFTER_SHOWN = _run(Hit.__struct_fields__[_SHOWN_AT + len(SHOWN_FIELDS) :])
# Of `_AFTER_SHOWN` where no earlier day is compared with.
_UNCHANGED = b'"changed":null'
