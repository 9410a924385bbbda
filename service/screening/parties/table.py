"""The parties of one index: whose party a listing is, and where its other listings are."""

from collections.abc import Collection, Iterable, Mapping

import msgspec

from service.screening.answer import PartyBeside, PartyLink
from service.screening.parties.join import Grouping
from service.store.written import PartySplit


class _Beside(msgspec.Struct, frozen=True, array_like=True):
    """What is known of one party besides its listings."""

    links: tuple[PartyLink, ...]
    perhaps: tuple[PartyBeside, ...]
    related: tuple[PartyBeside, ...]


_NOTHING = _Beside((), (), ())
_read = msgspec.msgpack.Decoder(_Beside).decode


class PartyTable:
    """Which listings of an index are one party; never changes.

    The id of a party is that of its lowest listing, so it lasts as long as that listing does. A
    listing that no newest edition has is a party of its own.
    """

    def __init__(self, grouping: Grouping, positions: Mapping[str, int]) -> None:
        """Keep the parties of several listings; `positions` are those of all listings.

        Ids are the objects that `positions` has, and the rest is kept written: of 18,000 links as
        structs, each with its own texts, 20 MB would be needed.
        """
        ids = {each: each for each in positions}
        self._members = {
            ids[party]: tuple(ids[each] for each in some)
            for party, some in grouping.members.items()
        }
        self._party_of = {each: party for party, some in self._members.items() for each in some}
        self._places = {
            party: tuple([positions[each] for each in some])
            for party, some in self._members.items()
        }
        known = grouping.links.keys() | grouping.perhaps.keys() | grouping.related.keys()
        self._written = {
            ids[party]: msgspec.msgpack.encode(
                _Beside(
                    grouping.links.get(party, ()),
                    grouping.perhaps.get(party, ()),
                    grouping.related.get(party, ()),
                )
            )
            for party in known
        }

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

    def places(self, party: str) -> tuple[int, ...]:
        """Return the positions in the index of a party's listings; none for a party of one."""
        return self._places.get(party, ())

    def links(self, party: str) -> tuple[PartyLink, ...]:
        """Return why the listings of a party are one."""
        return self._beside(party).links

    def perhaps(self, party: str) -> tuple[PartyBeside, ...]:
        """Return the parties that may be the same, which the evidence does not settle."""
        return self._beside(party).perhaps

    def related(self, party: str) -> tuple[PartyBeside, ...]:
        """Return the parties that belong to this one or that a list names beside it."""
        return self._beside(party).related

    def _beside(self, party: str) -> _Beside:
        written = self._written.get(party)
        return _NOTHING if written is None else _read(written)


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
