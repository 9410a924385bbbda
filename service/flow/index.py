"""The immutable index each process holds in memory, and how it is built from the store."""

import functools
from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

from service.flow.entries import Entry, identifier_key, with_versions
from service.flow.standing import EditionsOfDay
from service.match import NameIndex
from service.model.edition import ListingVersion, StoredLists
from service.model.listing import NameKind
from service.model.matching import IndexedName

# Questions are mostly about today; a few other days are worth remembering.
_REMEMBERED_DAYS = 64


class NamePlace(msgspec.Struct, frozen=True, gc=False):
    """What a position in the name index stands for; `versions` are those that print the name."""

    text: str
    kind: NameKind
    entry: int
    versions: tuple[int, ...]


class ListingIndex:
    """Every listing there ever was, searchable by name, by identifier and by id; never changes.

    `lists` says which editions it was built from. Listings are kept as JSON and decoded when they
    are asked for. `entries` are by listing id, in that order; their positions are the index's own.
    """

    def __init__(
        self,
        lists: StoredLists,
        versions: Iterable[ListingVersion],
        before: "ListingIndex | None" = None,
    ) -> None:
        """Builds the index; some three seconds of CPU for 60,000 names, half of it with `before`.

        `before` is the index of earlier editions that the versions add to.
        """
        self.lists = lists
        self.entries: Mapping[str, Entry] = with_versions(
            {} if before is None else before.entries, versions
        )
        self._by_position = tuple(self.entries.values())
        self._list_numbers: dict[str, int] = {}
        self.entriesentifier: dict[str, list[tuple[int, tuple[int, ...]]]] = {}
        self._places: list[NamePlace] = []
        names: list[IndexedName] = []
        for position, entry in enumerate(self._by_position):
            names.extend(self._take_in(position, entry))
        self.names = NameIndex.build(names)
        self.on_day = functools.lru_cache(maxsize=_REMEMBERED_DAYS)(self._on_day)

    def _take_in(self, position: int, entry: Entry) -> Iterable[IndexedName]:
        number = self._list_numbers.setdefault(entry.list_code, len(self._list_numbers))
        for key, places in entry.identifiers:
            self.entriesentifier.setdefault(key, []).append((position, places))
        for name in entry.names:
            self._places.append(NamePlace(name.text, name.kind, position, name.versions))
            yield IndexedName(listing=position, list_no=number, kind=name.kind, form=name.form)

    def _on_day(self, day: date) -> EditionsOfDay:
        return EditionsOfDay(self.lists, day)

    @property
    def listing_count(self) -> int:
        """How many entries there are, with those that have left."""
        return len(self._by_position)

    @property
    def name_count(self) -> int:
        """How many names they have."""
        return len(self._places)

    def list_numbers(self, codes: Iterable[str]) -> frozenset[int]:
        """The numbers these lists have in the name index; a list without entry has none."""
        return frozenset(self._list_numbers[code] for code in codes if code in self._list_numbers)

    def entry(self, position: int) -> Entry:
        """The entry at a position."""
        return self._by_position[position]

    def by_id(self, listing_id: str) -> Entry | None:
        """The entry of that id, or None."""
        return self.entries.get(listing_id)

    def place(self, name: int) -> NamePlace:
        """What a name's position in the name index stands for."""
        return self._places[name]

    def by_identifier(self, value: str) -> tuple[tuple[int, tuple[int, ...]], ...]:
        """Positions of the entries that ever carried this number, however it is punctuated.

        With each stand the places of the versions that print it.
        """
        key = identifier_key(value)
        return () if key is None else tuple(self.entriesentifier.get(key, ()))

    def with_lists(self, lists: StoredLists) -> "ListingIndex":
        """The same index with newer news of its lists; shares everything else."""
        twin = object.__new__(ListingIndex)
        twin.__dict__.update(self.__dict__, lists=lists)
        twin.on_day = functools.lru_cache(maxsize=_REMEMBERED_DAYS)(twin._on_day)
        return twin
