"""The parties of one index and of an answer: whose party a listing is, and what operators say."""

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from service.days import Days
from service.errors import BadInputError, NotFoundError
from service.lists.listing import Listing
from service.measures.register.check import LONG, text_findings
from service.measures.severity import severity
from service.measures.status import MeasureOnDay, StatusWord
from service.screening.answer import (
    Coverage,
    FoundParty,
    Hit,
    PartyAnswer,
    PartyBeside,
    PartyHit,
    PartyLink,
    PartyMeasure,
    PartyMember,
    PartyProfile,
)
from service.screening.parties.join import PartyKnown, WrittenParty
from service.store.written import PartySplit

# --- The parties of one index: whose party a listing is, and where its other listings are.

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


# --- What operators say of parties: that listings are different ones, and that this was wrong.

logger = logging.getLogger(__name__)


class SplitStore(Protocol):
    """Keeps every split for good."""

    async def party_splits(self) -> tuple[PartySplit, ...]:
        """Return every split and every withdrawal, in the order in which they were recorded."""
        ...

    async def add_party_split(
        self,
        listings: Sequence[str],
        apart_from: Sequence[str],
        because: str,
        by: tuple[str, datetime],
    ) -> PartySplit:
        """Record a split by an operator at a moment, and return it."""
        ...

    async def withdraw_party_split(
        self, split_id: int, because: str, by: tuple[str, datetime]
    ) -> PartySplit | None:
        """Record that a split no longer counts; None if no such split does."""
        ...


class KnownListings(Protocol):
    """The listings of an index, and their parties."""

    @property
    def parties(self) -> PartyTable:
        """Which listings are one party."""
        ...

    def by_id(self, listing_id: str, /) -> object | None:
        """Return the entry with that id, or None."""
        ...


class PartySplits:
    """The service that records operators' splits of parties.

    Every process joins its parties anew once it learns of a split, within seconds.
    """

    def __init__(
        self,
        store: SplitStore,
        known: Callable[[], KnownListings],
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._known = known
        self._now = now

    async def all(self) -> tuple[PartySplit, ...]:
        """Return every split and every withdrawal, in the order in which they were recorded.

        Raises:
            StoreUnavailableError: The database does not answer.
        """
        return await self._store.party_splits()

    async def split(
        self, listings: Sequence[str], apart_from: Sequence[str], because: str, by: str
    ) -> PartySplit:
        """Record that each of `listings` is another party than each of `apart_from`.

        If `apart_from` is empty, they are all other listings of the same party.

        Raises:
            BadInputError: A listing does not exist or is on both sides, there is nothing to keep
                apart, all of it is kept apart already, or `because` cannot be stored.
            NotReadyError: Nothing was loaded yet.
            StoreUnavailableError: The database does not answer; nothing was stored.
        """
        _check_reason(because)
        known = self._known()
        _check_known(known, "listings", listings)
        _check_known(known, "apart_from", apart_from)
        others = apart_from or _others_of(known.parties, listings)
        for position, each in enumerate(others):
            if each in listings:
                raise BadInputError(f"apart_from[{position}]", f"{each} is among `listings` too")
        pairs = {frozenset((one, other)) for one in listings for other in others}
        if pairs <= pairs_apart(await self._store.party_splits()):
            raise BadInputError("listings", "are kept apart from these already")
        recorded = await self._store.add_party_split(
            tuple(dict.fromkeys(listings)),
            tuple(dict.fromkeys(others)),
            because,
            (by, self._now()),
        )
        logger.info("party.split", extra={"split": recorded.id})
        return recorded

    async def withdraw(self, split_id: int, because: str, by: str) -> PartySplit:
        """Record that a split was wrong and no longer counts; return the withdrawal.

        Raises:
            NotFoundError: No split has that id, or it is withdrawn already.
            BadInputError: `because` cannot be stored.
            StoreUnavailableError: The database does not answer; nothing was stored.
        """
        _check_reason(because)
        recorded = await self._store.withdraw_party_split(split_id, because, (by, self._now()))
        if recorded is None:
            raise NotFoundError("split", str(split_id))
        logger.info("party.split_withdrawn", extra={"split": split_id})
        return recorded


def _check_reason(because: str) -> None:
    for field, reason in text_findings("because", because, LONG):
        raise BadInputError(field, reason)


def _check_known(known: KnownListings, field: str, listings: Sequence[str]) -> None:
    for position, each in enumerate(listings):
        if known.by_id(each) is None:
            raise BadInputError(f"{field}[{position}]", f"no listing has the id {each!r}")


def _others_of(table: PartyTable, listings: Sequence[str]) -> tuple[str, ...]:
    """Return the other listings of the one party that these are."""
    parties = {table.of(each) for each in listings}
    if len(parties) > 1:
        raise BadInputError("listings", "are of several parties already; name `apart_from`")
    others = tuple(
        each for party in parties for each in table.members(party) if each not in listings
    )
    if not others:
        raise BadInputError("listings", "are the whole party: nothing is left to keep apart from")
    return others


# --- The parties of an answer: hits by party, and listings that the question does not meet.


def found_party(
    table: PartyTable,
    party: str,
    hits: Sequence[Hit],
    through: Sequence[PartyHit],
    met: Collection[str],
) -> FoundParty:
    """Return a party with its hits, best first, and what they bring.

    `met` are the ids of all listings that the question meets, shown or not.
    """
    profile = profile_of(table, party, (*hits, *through), met)
    return FoundParty(
        id=profile.id,
        name=profile.name,
        entity_type=profile.entity_type,
        members=profile.members,
        names=profile.names,
        countries=profile.countries,
        identifiers=profile.identifiers,
        measures=profile.measures,
        evidence=profile.evidence,
        perhaps=profile.perhaps,
        related=profile.related,
        score=max(each.score for each in hits),
        through=tuple(through),
    )


def party_answer(
    profile: PartyProfile, listings: Sequence[PartyHit], days: Days, coverage: Coverage
) -> PartyAnswer:
    """Return a party with its listings on a day and the state of their lists."""
    return PartyAnswer(
        id=profile.id,
        name=profile.name,
        entity_type=profile.entity_type,
        members=profile.members,
        names=profile.names,
        countries=profile.countries,
        identifiers=profile.identifiers,
        measures=profile.measures,
        evidence=profile.evidence,
        perhaps=profile.perhaps,
        related=profile.related,
        as_of=days.as_of,
        known_at=days.known_at,
        listings=tuple(listings),
        coverage=coverage,
    )


def profile_of(
    table: PartyTable, party: str, shown: Sequence[Hit | PartyHit], met: Collection[str]
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
    )


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
