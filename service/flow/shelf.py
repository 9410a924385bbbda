"""Shelf: what was worked out and written as JSON for one question, for the next that needs it.

It holds what the day decides and nothing else a question says: what a hit shows of an entry, how
the lists stand, the measures that name no company. So a hit costs no more than its score.
"""

import weakref
from collections.abc import Callable
from itertools import count

import msgspec

from service.flow.index import ListingIndex
from service.flow.measures import MeasureBoard
from service.flow.shown import Shown, shown_in
from service.flow.standing import Speaking
from service.model.answer import Hit
from service.model.days import Days
from service.model.written import Part

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
        self._shown: dict[tuple[int, int], Shown] = {}
        self._by_standing: dict[int, Shown] = {}
        self._structs: dict[int, tuple[msgspec.Struct, Part]] = {}
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

    def shown(self, number: int, position: int, make: Callable[[], Shown]) -> Shown:
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

    def written(self, hit: Hit) -> Part:
        """The JSON of `SHOWN_FIELDS` in a hit, without the brackets around them."""
        shown = self._by_standing.get(id(hit.standing))
        # What stands here is not freed, so that no other struct can have its number.
        if shown is None or shown.entry.standing is not hit.standing:
            return shown_in(hit)
        return shown.written

    def whole(self, value: msgspec.Struct) -> Part:
        """A struct's JSON; written once for one that is asked for again and again."""
        known = self._structs.get(id(value))
        if known is not None:
            return known[1]
        written = Part.of(msgspec.json.encode(value))
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
