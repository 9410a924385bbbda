"""The parties of one index: whose party a listing is, and where its other listings are."""

from collections.abc import Collection, Iterable, Mapping

from service.screening.answer import PartyBeside, PartyLink
from service.screening.parties.join import Grouping
from service.store.written import PartySplit


class PartyTable:
    """Which listings of an index are one party; never changes.

    The id of a party is that of its lowest listing, so it lasts as long as that listing does. A
    listing that no newest edition has is a party of its own.
    """

    def __init__(self, grouping: Grouping, positions: Mapping[str, int]) -> None:
        """Keep the parties of several listings; `positions` are those of the listings."""
        self._members = grouping.members
        self._party_of = grouping.party_of
        self._positions = {each: positions[each] for each in self._party_of}
        self._links = grouping.links
        self._perhaps = grouping.perhaps
        self._related = grouping.related

    @property
    def party_count(self) -> int:
        """How many parties have several listings."""
        return len(self._members)

    def of(self, listing_id: str) -> str:
        """Return the id of the party that a listing is."""
        return self._party_of.get(listing_id, listing_id)

    def members(self, party: str) -> tuple[str, ...]:
        """Return the ids of a party's listings, lowest first."""
        return self._members.get(party, (party,))

    def position(self, listing_id: str) -> int | None:
        """Return the position in the index of a listing that has others beside it."""
        return self._positions.get(listing_id)

    def links(self, party: str) -> tuple[PartyLink, ...]:
        """Return why the listings of a party are one."""
        return self._links.get(party, ())

    def perhaps(self, party: str) -> tuple[PartyBeside, ...]:
        """Return the parties that may be the same, which the evidence does not settle."""
        return self._perhaps.get(party, ())

    def related(self, party: str) -> tuple[PartyBeside, ...]:
        """Return the parties that belong to this one or that a list names beside it."""
        return self._related.get(party, ())


def in_force(splits: Iterable[PartySplit]) -> tuple[PartySplit, ...]:
    """Return the splits that are not withdrawn, in their order."""
    recorded = tuple(splits)
    withdrawn = {each.withdraws for each in recorded}
    return tuple(each for each in recorded if each.withdraws is None and each.id not in withdrawn)


def pairs_apart(splits: Collection[PartySplit]) -> frozenset[frozenset[str]]:
    """Return the pairs of listings that the splits in force declare to be different parties."""
    return frozenset(
        frozenset((one, other))
        for split in in_force(splits)
        for one in split.listings
        for other in split.apart_from
    )
