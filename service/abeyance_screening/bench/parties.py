"""Turn listings into the parties of a benchmark, and join the parties that are one entity."""

from collections.abc import Iterable, Sequence

import msgspec

from abeyance_screening.bench.numbers import strong_numbers
from abeyance_screening.bench.plain_folding import whole_name
from abeyance_screening.engine.lists.listing import EntityType, Listing, NameKind

# The lists that do not state the type of an entry and have persons among them; an entry without a
# type on any other list is asked for as an organisation.
_LISTS_OF_PERSONS = frozenset({"us_bis_dpl", "us_ddtc", "us_state_isn"})
# A number of more entities than this does not identify any (a tax office, a building).
_MOST_HOLDERS = 4


class PrintedName(msgspec.Struct, frozen=True, gc=False):
    """One name as printed, and its kind."""

    text: str
    kind: NameKind


class Party(msgspec.Struct, frozen=True):
    """One entry of a list: its id there, its names, primary first, and its strong numbers.

    `entity_type` is None where neither the entry nor its list shows it.
    """

    id: str
    list_code: str
    entity_type: EntityType | None
    names: tuple[PrintedName, ...]
    numbers: frozenset[str] = frozenset()


def party_of(listing: Listing) -> Party:
    """Return the parts of a listing that the benchmark needs."""
    entity_type = listing.entity_type
    if entity_type is None and listing.list_code not in _LISTS_OF_PERSONS:
        entity_type = "organisation"
    names = tuple(PrintedName(name.text, name.kind) for name in listing.names)
    numbers = strong_numbers(listing.identifiers)
    return Party(listing.id, listing.list_code, entity_type, names, numbers)


class Groups:
    """Places joined into groups (union-find); the number of a group is its earliest place."""

    def __init__(self, count: int) -> None:
        self._parent = list(range(count))

    def of(self, place: int) -> int:
        """Return the earliest place of the group of a place."""
        while self._parent[place] != place:
            self._parent[place] = self._parent[self._parent[place]]
            place = self._parent[place]
        return place

    def join(self, places: Iterable[int]) -> None:
        """Make one group of all these places and their groups."""
        roots = {self.of(place) for place in places}
        for root in roots:
            self._parent[root] = min(roots)


def join_entities(parties: Sequence[Party]) -> tuple[int, ...]:
    """Return the entity of each party: one for all that share a whole name, strong number or id.

    Two editions of one list share ids. A number that many entities print joins none.
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
    """Return the parties that print each strong number, unless they are too many entities."""
    holders: dict[str, list[int]] = {}
    for place, party in enumerate(parties):
        for number in party.numbers:
            holders.setdefault(number, []).append(place)
    return {
        number: places
        for number, places in holders.items()
        if len({groups.of(place) for place in places}) <= _MOST_HOLDERS
    }
