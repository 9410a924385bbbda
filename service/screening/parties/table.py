"""The parties of one index: whose party a listing is, and where its other listings are."""

from collections.abc import Collection, Iterable, Mapping

import msgspec

from service.screening.answer import PartyBeside, PartyLink
from service.screening.parties.join import PartyKnown, WrittenParty
from service.store.written import PartySplit

_NOTHING = PartyKnown((), (), ())
_read = msgspec.msgpack.Decoder(PartyKnown).decode


class PartyTable:
    """Which listings of an index are one party; never changes.

    The id of a party is that of its lowest listing, so it lasts as long as that listing does. A
    listing that no newest edition has is a party of its own.
    """

    def __init__(self, written: bytes | memoryview, places: Mapping[str, int]) -> None:
        """Keep the parties that `join_written` has written; `places` are those of listings by id.

        What is known besides stays written: of 18,000 links as structs, each with its own texts,
        20 MB would be needed.
        """
        self._places: dict[str, tuple[int, ...]] = {}
        self._members: dict[str, tuple[str, ...]] = {}
        self._written: dict[str, msgspec.Raw] = {}
        for party in msgspec.msgpack.decode(written, type=list[WrittenParty]):
            its = tuple([places[each] for each in party.members])
            known = party.members[0]
            self._written[known] = party.beside
            if len(its) > 1:
                self._places[known] = its
                self._members[known] = party.members
        self._party_of = {each: party for party, some in self._members.items() for each in some}

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

    def _beside(self, party: str) -> PartyKnown:
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
