"""The parties of one index and of an answer: whose party a listing is, and what operators say."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from abeyance_screening.engine.lists.listing import Listing, name_form
from abeyance_screening.engine.measures.measure import OwnerStatement
from abeyance_screening.engine.measures.severity import severity
from abeyance_screening.engine.measures.status import MeasureOnDay
from abeyance_screening.engine.measures.status_table import StatusWord, facts_of
from abeyance_screening.engine.screening.answer import (
    Coverage,
    FoundParty,
    Hit,
    PartyAnswer,
    PartyBeside,
    PartyHit,
    PartyLink,
    PartyMeasure,
    PartyMember,
    PartyOwner,
    PartyProfile,
)
from abeyance_screening.engine.screening.parties.joined_party import (
    JoinedParty,
    OwnerLink,
    PartyKnown,
)
from abeyance_screening.primitives.days import Days
from abeyance_screening.primitives.structs import copy_as


class PartySplit(msgspec.Struct, frozen=True, kw_only=True):
    """An operator's word that listings are different parties, or one, or its withdrawal."""

    id: int
    """Number of the split, for its withdrawal."""
    listings: tuple[str, ...]
    """Ids of listings, each another party than each of `apart_from`, or with `joins` the same."""
    apart_from: tuple[str, ...]
    """Ids of the other listings."""
    because: str
    """The operator's reason."""
    recorded_by: str
    """The operator who recorded it."""
    recorded_at: datetime
    """When it was recorded, in UTC."""
    withdraws: int | None
    """Id of the earlier split that this one takes back; null for a split."""
    joins: bool = False
    """True if the word is that they are one party."""


# --- The parties of one index: whose party a listing is, and where its other listings are.

_NOTHING = PartyKnown((), (), (), ())
_read = msgspec.msgpack.Decoder(PartyKnown).decode


class PartyTable:
    """Which listings of an index are one party; never changes.

    The id of a party is that of its lowest listing, so it lasts as long as that listing does. A
    listing that no newest edition has is a party of its own.
    """

    def __init__(self, body: bytes | memoryview, places: Mapping[str, int]) -> None:
        """Keep the parties that `join_parties` has written; `places` are those of listings by id.

        What is known besides stays written: of 18,000 links as structs, each with its own texts,
        20 MB would be needed.
        """
        self._places: dict[str, tuple[int, ...]] = {}
        self._members: dict[str, tuple[str, ...]] = {}
        self._written: dict[str, msgspec.Raw] = {}
        for party in msgspec.msgpack.decode(body, type=list[JoinedParty]):
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
        return self._known(party).links

    def perhaps(self, party: str) -> tuple[PartyBeside, ...]:
        """Return the parties that may be the same, which the evidence does not settle."""
        return self._known(party).perhaps

    def related(self, party: str) -> tuple[PartyBeside, ...]:
        """Return the parties that belong to this one or that a list names beside it."""
        return self._known(party).related

    def owners(self, party: str) -> tuple[OwnerLink, ...]:
        """Return the listed parties of which a listing says that they own this one."""
        return self._known(party).owners

    def _known(self, party: str) -> PartyKnown:
        written = self._written.get(party)
        return _NOTHING if written is None else _read(written)


NO_PARTIES = PartyTable(msgspec.msgpack.encode(()), {})
"""A table that joins nothing: each listing is a party of its own."""


def in_force(splits: Iterable[PartySplit]) -> tuple[PartySplit, ...]:
    """Return the splits that are not withdrawn, in their order."""
    recorded = tuple(splits)
    withdrawn = {each.withdraws for each in recorded}
    return tuple(each for each in recorded if each.withdraws is None and each.id not in withdrawn)


def pairs_apart(splits: Collection[PartySplit]) -> frozenset[frozenset[str]]:
    """Return the pairs of listings that the splits in force declare to be different parties."""
    return _pairs(each for each in in_force(splits) if not each.joins)


def pairs_joined(splits: Collection[PartySplit]) -> frozenset[frozenset[str]]:
    """Return the pairs of listings that operators' words in force declare to be one party."""
    return _pairs(each for each in in_force(splits) if each.joins)


def _pairs(words: Iterable[PartySplit]) -> frozenset[frozenset[str]]:
    return frozenset(
        frozenset((one, other))
        for word in words
        for one in word.listings
        for other in word.apart_from
    )


# --- The parties of an answer: hits by party, and listings that the question does not meet.


def found_party(
    table: PartyTable,
    party: str,
    hits: Sequence[Hit],
    through: Sequence[PartyHit],
    met: Collection[str],
    owners: tuple[PartyOwner, ...] = (),
) -> FoundParty:
    """Return a party with its hits, best first, and what they bring.

    `met` are the ids of all listings that the question meets, shown or not.
    """
    profile = profile_of(table, party, (*hits, *through), met, owners)
    score = max(each.score for each in hits)
    return copy_as(FoundParty, profile, score=score, through=tuple(through))


def party_answer(
    profile: PartyProfile, listings: Sequence[PartyHit], days: Days, coverage: Coverage
) -> PartyAnswer:
    """Return a party with its listings on a day and the state of their lists."""
    return copy_as(
        PartyAnswer,
        profile,
        as_of=days.as_of,
        known_at=days.known_at,
        listings=tuple(listings),
        coverage=coverage,
    )


def profile_of(
    table: PartyTable,
    party: str,
    shown: Sequence[Hit | PartyHit],
    met: Collection[str],
    owners: tuple[PartyOwner, ...] = (),
) -> PartyProfile:
    """Return who a party is, by those of its listings that are shown, at least one."""
    listings = [each.listing for each in shown]
    return PartyProfile(
        id=party,
        name=listings[0].primary_name,
        entity_type=next((each.entity_type for each in listings if each.entity_type), None),
        members=_members(table, party, listings, met),
        names=_each(name.text for each in listings for name in each.names),
        countries=_each(country for each in listings for country in each.countries),
        identifiers=_each(
            f"{number.kind}: {number.value}" for each in listings for number in each.identifiers
        ),
        measures=_measures(shown),
        evidence=table.links(party),
        perhaps=table.perhaps(party),
        related=table.related(party),
        owners=owners,
    )


# --- The owners of a party, by what lists print and by what the register records.


class OwnerSource(msgspec.Struct, frozen=True):
    """What is known on the day of a question: a party's listings, and what a measure states.

    `listings` returns those of a party by its id, and `stated` the owners that are recorded with
    a measure, by its id.
    """

    listings: Callable[[str], Sequence[PartyHit]]
    stated: Callable[[str], Iterable[OwnerStatement]]


def owners_of(
    table: PartyTable, party: str, shown: Iterable[Hit | PartyHit], source: OwnerSource
) -> tuple[PartyOwner, ...]:
    """Return the listed parties that are said to own a party, each once, the register's first."""
    found = (*_recorded(table, shown, source), *_printed(table, party, source))
    owners = {each.party: each for each in reversed(found) if each.party != party}
    return tuple(reversed(owners.values()))


def _recorded(
    table: PartyTable, shown: Iterable[Hit | PartyHit], source: OwnerSource
) -> Iterator[PartyOwner]:
    for hit in shown:
        names = {name_form(each.text) for each in hit.listing.names}
        for measure in hit.measures:
            for stated in source.stated(measure.id):
                if name_form(stated.owned) in names:
                    party = table.of(stated.owner_listing)
                    yield PartyOwner(
                        party=party,
                        name=stated.owner,
                        says="owned by",
                        stated_by=measure.id,
                        share=stated.share,
                        stated_on=stated.as_of,
                        source_url=stated.source.url,
                        confidence=stated.confidence,
                        rules=_rules(source.listings(party)),
                    )


def _printed(table: PartyTable, party: str, source: OwnerSource) -> Iterator[PartyOwner]:
    for beside in table.owners(party):
        yield PartyOwner(
            party=beside.party,
            name=beside.name,
            says=beside.says,
            stated_by=beside.listing,
            share=None,
            stated_on=None,
            source_url=None,
            confidence=None,
            rules=_rules(source.listings(beside.party)),
        )


def _rules(listings: Iterable[PartyHit]) -> tuple[PartyMeasure, ...]:
    """Return the ownership rules of those listings whose own measures have begun and not ended."""
    counting = (
        hit
        for hit in listings
        if any(
            each.condition is None and facts_of(each.status).force not in {"not_yet", "ended"}
            for each in hit.measures
        )
    )
    return tuple(each for each in _measures(counting) if each.condition is not None)


# --- A party, by its listings.


def _members(
    table: PartyTable, party: str, listings: Iterable[Listing], met: Collection[str]
) -> tuple[PartyMember, ...]:
    shown = {each.id for each in listings}
    return tuple(
        PartyMember(
            listing_id=each,
            list_code=_list_of(each),
            found_by="question" if each in met else "party" if each in shown else None,
        )
        for each in table.members(party)
    )


def _each(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _measures(shown: Iterable[Hit | PartyHit]) -> tuple[PartyMeasure, ...]:
    """Return the measures of all listings, most severe first; those of one status together."""
    found: dict[tuple[str, StatusWord], tuple[MeasureOnDay, list[str]]] = {}
    for each in shown:
        for measure in each.measures:
            _, listings = found.setdefault((measure.id, measure.status), (measure, []))
            listings.append(each.listing.id)
    ordered = sorted(found.values(), key=lambda each: severity(each[0], _list_of(each[1][0])))
    return tuple(
        PartyMeasure(
            id=measure.id,
            title=measure.title,
            authority=measure.authority,
            status=measure.status,
            effect=measure.effect,
            condition=measure.condition,
            listings=tuple(listings),
        )
        for measure, listings in ordered
    )


def _list_of(listing_id: str) -> str:
    return listing_id.partition("-")[0]
