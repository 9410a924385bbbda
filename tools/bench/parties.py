"""Listed parties as the benchmark sees them, and which of them are one entity."""

from collections.abc import Iterable, Sequence

import msgspec

from service.lists.listing import EntityType, Listing, NameKind
from tools.bench.numbers import strong_numbers
from tools.bench.plain import whole_name

# Of lists that do not say what an entry is, those with persons among their entries; an entry of
# any other is asked for as an organisation.
_LISTS_OF_PERSONS = frozenset({"us_bis_dpl", "us_ddtc", "us_state_isn"})
# A number that more entities print than this is nobody's own (a tax office, a building).
_MOST_HOLDERS = 4


class PrintedName(msgspec.Struct, frozen=True, gc=False):
    """One name as printed and how sure its publisher is of it."""

    text: str
    kind: NameKind


class Party(msgspec.Struct, frozen=True):
    """One entry of a list: its id there, its names, primary first, and its strong numbers.

    `entity_type` is None where neither the entry nor its list says.
    """

    id: str
    list_code: str
    entity_type: EntityType | None
    names: tuple[PrintedName, ...]
    numbers: frozenset[str] = frozenset()


def party_of(listing: Listing) -> Party:
    """What the benchmark needs of a listing."""
    entity_type = listing.entity_type
    if entity_type is None and listing.list_code not in _LISTS_OF_PERSONS:
        entity_type = "organisation"
    names = tuple(PrintedName(name.text, name.kind) for name in listing.names)
    numbers = strong_numbers(listing.identifiers)
    return Party(listing.id, listing.list_code, entity_type, names, numbers)


class Groups:
    """Places joined into groups; `of` numbers a place's group by its earliest place."""

    def __init__(self, count: int) -> None:
        self._parent = list(range(count))

    def of(self, place: int) -> int:
        """The earliest place of the group."""
        while self._parent[place] != place:
            self._parent[place] = self._parent[self._parent[place]]
            place = self._parent[place]
        return place

    def join(self, places: Iterable[int]) -> None:
        """Make one group of all those places."""
        roots = {self.of(place) for place in places}
        for root in roots:
            self._parent[root] = min(roots)


def join_entities(parties: Sequence[Party]) -> tuple[int, ...]:
    """One number for all parties that share a whole name, a strong number or an id.

    The same id stands in two editions of one list. A number that many print joins nobody.
    """
    groups = Groups(len(parties))
    by_name: dict[str, list[int]] = {}
    for place, party in enumerate(parties):
        by_name.setdefault(party.id, []).append(place)
        for name in {whole_name(name.text) for name in party.names}:
            by_name.setdefault(name, []).append(place)
    for places in by_name.values():
        groups.join(places)
    for places in holders_of_numbers(parties, groups).values():
        groups.join(places)
    return tuple(groups.of(place) for place in range(len(parties)))


def holders_of_numbers(parties: Sequence[Party], groups: Groups) -> dict[str, list[int]]:
    """The parties that print each strong number, where those are few enough entities."""
    holders: dict[str, list[int]] = {}
    for place, party in enumerate(parties):
        for number in party.numbers:
            holders.setdefault(number, []).append(place)
    return {
        number: places
        for number, places in holders.items()
        if len({groups.of(place) for place in places}) <= _MOST_HOLDERS
    }
