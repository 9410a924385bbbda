"""The immutable index each process holds in memory, and how it is built from the store."""

from collections.abc import Iterable

import msgspec

from service.match import NameIndex
from service.model.edition import Snapshot, StoredLists
from service.model.listing import Listing, Name, NameKind
from service.model.matching import IndexedName
from service.normalise import normalise

# Shorter than this, a number is no identifier: house numbers and years would meet each other.
SHORTEST_IDENTIFIER = 5


class NamePlace(msgspec.Struct, frozen=True):
    """What a position in the name index stands for."""

    text: str
    kind: NameKind
    listing: int


class ListingIndex:
    """Every current listing, searchable by name, by identifier and by id; never changes.

    `lists` says which editions it was built from. Listings are kept as JSON and decoded when they
    are asked for.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        """Builds the index; some three seconds of CPU for 60,000 names."""
        self.lists = snapshot.lists
        self._bodies = snapshot.bodies
        self._list_numbers: dict[str, int] = {}
        self._by_id: dict[str, int] = {}
        self._by_identifier: dict[str, list[int]] = {}
        self._places: list[NamePlace] = []
        self.list_code_of: list[str] = []
        names: list[IndexedName] = []
        for position, body in enumerate(snapshot.bodies):
            names.extend(self._take_in(position, _decode(body)))
        self.names = NameIndex.build(names)

    def _take_in(self, position: int, listing: Listing) -> Iterable[IndexedName]:
        number = self._list_numbers.setdefault(listing.list_code, len(self._list_numbers))
        self.list_code_of.append(listing.list_code)
        self._by_id[listing.id] = position
        for identifier in listing.identifiers:
            key = identifier_key(identifier.value)
            if key is not None:
                self._by_identifier.setdefault(key, []).append(position)
        for name in listing.names:
            yield self._indexed(position, number, name)

    def _indexed(self, position: int, number: int, name: Name) -> IndexedName:
        self._places.append(NamePlace(name.text, name.kind, position))
        return IndexedName(
            listing=position, list_no=number, kind=name.kind, form=normalise(name.text)
        )

    @property
    def listing_count(self) -> int:
        """How many listings can be found."""
        return len(self._bodies)

    @property
    def name_count(self) -> int:
        """How many names they have."""
        return len(self._places)

    def list_numbers(self, codes: Iterable[str]) -> frozenset[int]:
        """The numbers these lists have in the name index; a list without entry has none."""
        return frozenset(self._list_numbers[code] for code in codes if code in self._list_numbers)

    def listing(self, position: int) -> Listing:
        """The listing at a position."""
        return _decode(self._bodies[position])

    def by_id(self, listing_id: str) -> Listing | None:
        """The listing of that id, or None."""
        position = self._by_id.get(listing_id)
        return None if position is None else self.listing(position)

    def place(self, name: int) -> NamePlace:
        """What a name's position in the name index stands for."""
        return self._places[name]

    def by_identifier(self, value: str) -> tuple[int, ...]:
        """Positions of the listings that carry this number, however it is punctuated."""
        key = identifier_key(value)
        return () if key is None else tuple(self._by_identifier.get(key, ()))

    def with_lists(self, lists: StoredLists) -> "ListingIndex":
        """The same index with newer news of its lists; shares everything else."""
        twin = object.__new__(ListingIndex)
        twin.__dict__.update(self.__dict__, lists=lists)
        return twin


def identifier_key(value: str) -> str | None:
    """An identifier as it is compared: letters and digits, in capitals; None if too short."""
    key = "".join(filter(str.isalnum, value)).upper()
    has_digit = any(map(str.isdigit, key))
    return key if len(key) >= SHORTEST_IDENTIFIER and has_digit else None


def _decode(body: bytes) -> Listing:
    return msgspec.json.decode(body, type=Listing)
