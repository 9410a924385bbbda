"""The parties of an answer: hits by who they are, and the family that the asked name means."""

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter

import msgspec

from abeyance_screening.engine.names.form.normalise import normalise
from abeyance_screening.engine.names.form.word_types import ComparisonForm
from abeyance_screening.engine.screening.answer import Corroboration, FoundParty, Hit, PartyHit
from abeyance_screening.engine.screening.answer_json import Shelf
from abeyance_screening.engine.screening.corroboration import place_of_party
from abeyance_screening.engine.screening.family import (
    family_of,
    has_name,
    is_within,
    kin_by_name,
    kin_of,
    without_brackets,
)
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.engine.screening.kin import NEARLY_SAME, Candidate, Family, Kin, ListingMet
from abeyance_screening.engine.screening.matches import EntryMatch, PartyMatches
from abeyance_screening.engine.screening.parties.table import PartyTable, found_party
from abeyance_screening.engine.screening.question import Counterparty
from abeyance_screening.primitives.fair_scheduler import give_turns

type _Matches = Mapping[int, EntryMatch]
# A question of a common word meets hundreds of parties; no more than these are looked at.
_MOST_CANDIDATES = 400


class PartyFinder:
    """Groups what a question meets by party, with the other listings of each.

    `numbers` are those of the lists searched. `show` shows an entry by its position in the index,
    None where no list searched has it on the day.
    """

    def __init__(
        self,
        index: ListingIndex,
        shelf: Shelf,
        days: int,
        numbers: frozenset[int] | None,
        show: Callable[[int], PartyHit | None],
    ) -> None:
        self._index = index
        self._shelf = shelf
        self._days = days
        self._numbers = numbers
        self._show = show

    async def grouped(
        self, counterparty: Counterparty, hits: dict[int, Hit], finds: PartyMatches
    ) -> tuple[tuple[FoundParty, ...], Family | None]:
        """Return the parties of the hits, each with all its listings of the day, and the family.

        `finds` are all entries that the question meets, shown or not. The parties of the family
        come first, likeliest first. There is no family without a name, as of a text.
        """
        if not hits:
            return (), None
        parties = await self._parties(counterparty, hits, finds.listed)
        if not counterparty.name:
            return parties, None
        agreeing = frozenset([p for p, hit in hits.items() if _agrees(hit.corroboration)])
        family = await self._family(parties, finds, agreeing)
        places = {each.party: place for place, each in enumerate(family.members)}
        last = len(places)
        return tuple(sorted(parties, key=lambda each: places.get(each.id, last))), family

    async def _parties(
        self, counterparty: Counterparty, hits: dict[int, Hit], matches: _Matches
    ) -> tuple[FoundParty, ...]:
        """Return the parties of the hits, likeliest first."""
        table, grouped = self._index.parties, dict[str, list[int]]()
        whole = {counterparty.name, *counterparty.aliases}
        for position, hit in hits.items():
            grouped.setdefault(table.of(hit.listing.id), []).append(position)
        placed: list[tuple[tuple[float, float], FoundParty]] = []
        for party, own in grouped.items():
            await give_turns()
            met = tuple([each for each in table.places(party) if each in matches]) or tuple(own)
            shown = self._party(table, party, {each: hits[each] for each in own}, met)
            query = matches[own[0]].query
            is_one_word = len(query.words) == 1 and query.printed in whole
            lists = len({self._index.entry(each).list_code for each in met}) if is_one_word else 0
            best = hits[own[0]]
            placed.append((place_of_party(best.score, best.corroboration, lists), shown))
        if len(placed) > 1:
            placed.sort(key=itemgetter(0))
        return tuple([party for _, party in placed])

    def _party(
        self, table: PartyTable, party: str, hits: dict[int, Hit], met: tuple[int, ...]
    ) -> FoundParty:
        """Return a party with its hits, and those of its other listings that were searched."""

        def make() -> FoundParty:
            brought = [
                self._brought(position, listing_id)
                for listing_id, position in zip(
                    table.members(party), table.places(party), strict=False
                )
                if position not in hits
            ]
            through = [each for each in brought if each is not None]
            ids = frozenset([self._index.entry(each).listing_id for each in met])
            return found_party(table, party, tuple(hits.values()), through, ids)

        key = (self._days, self._numbers, party, *hits, None, *met)
        known = self._shelf.party(key, make)
        score = max([each.score for each in hits.values()])
        return known if known.score == score else msgspec.structs.replace(known, score=score)

    def _brought(self, position: int, listing_id: str) -> PartyHit | None:
        """Return a listing that its party brings; None if no searched list has it that day."""
        if self._index.by_id(listing_id) is None:
            # the newest editions decide parties; an index of past days may lack their listings
            return None
        return self._show(position)

    # --- The family of the asked name, among all that it meets.

    async def _family(
        self, parties: tuple[FoundParty, ...], finds: PartyMatches, agreeing: frozenset[int]
    ) -> Family:
        """Return whom the asked name means, of all the entries that the question meets.

        `agreeing` are those with which more than the name agrees.
        """
        matches, sure = finds.listed, finds.numbered | agreeing
        table, met = self._index.parties, dict[str, list[int]]()
        for each in parties:
            met[each.id] = []
        for position in sorted(matches, key=lambda each: -matches[each].score):
            party = table.of(self._index.entry(position).listing_id)
            met.setdefault(party, []).append(position)
        kins = await self._kins(matches)
        candidates = list[Candidate]()
        for party in [*met][:_MOST_CANDIDATES]:
            await give_turns()
            if own := met[party]:
                meetings = tuple([self._meeting(each, matches[each], kins[each]) for each in own])
                is_agreed = not sure.isdisjoint(own)
                candidates.append(self._candidate(table, party, meetings, is_agreed=is_agreed))
        best = max(matches.values(), key=lambda each: each.score)
        family = family_of(best.query, candidates)
        unmet = self._unmet(best.query, family.members, frozenset(met))
        return family_of(best.query, [*candidates, *unmet]) if unmet else family

    def _unmet(
        self, asked: ComparisonForm, members: Sequence[Candidate], met: frozenset[str]
    ) -> tuple[Candidate, ...]:
        """Return what may be a party of the family, and has less than the asked name.

        PMC Wagner does not meet the Wagner of Canada. Of initials there are too many.
        """
        named = [each for each in members if each.kin <= Kin.BESIDE]
        beside = dict.fromkeys(party for each in named for party in each.perhaps)
        found = list[Candidate]()
        for party in beside:
            place = None if party in met else self._index.columns.position_of(party)
            if place is not None and is_within(self._primary(place), asked):
                entry = self._index.entry(place)
                meeting = ListingMet(
                    position=place,
                    kin=Kin.BESIDE,
                    score=0.0,
                    is_own=False,
                    entity_type=entry.entity_type,
                    list_code=entry.list_code,
                )
                table = self._index.parties
                found.append(self._candidate(table, party, (meeting,), is_agreed=False))
        return tuple(found)

    async def _kins(self, matches: _Matches) -> dict[int, Kin]:
        """Return how each listing that was met has the asked name in it.

        Where none has it as a whole, as with a slip in it, the best of them stands for it.
        """
        kins = dict[int, Kin]()
        for position, match in matches.items():
            await give_turns()
            kins[position] = self._kin(position, match, match.query)
        best = max(matches.values(), key=lambda each: each.score)
        if min(kins.values()) < Kin.HOLDS or best.score < NEARLY_SAME or best.name is None:
            return kins
        stands = self._index.names.form(best.name)
        return {each: self._kin(each, match, stands) for each, match in matches.items()}

    def _kin(self, position: int, match: EntryMatch, asked: ComparisonForm) -> Kin:
        if match.name is None:
            return Kin.APART
        name = self._index.name(match.name)
        kin = kin_of(asked, self._index.names.form(match.name), name.text)
        if kin > Kin.BESIDE or name.kind == "primary":
            return kin
        return kin_by_name(kin, asked, self._primary(position))

    def _primary(self, position: int) -> ComparisonForm:
        names = self._index.entry(position).names
        printed = next(each.text for each in names if each.kind == "primary")
        return normalise(without_brackets(printed))

    def _meeting(self, position: int, match: EntryMatch, kin: Kin) -> ListingMet:
        entry = self._index.entry(position)
        is_own = kin <= Kin.BESIDE and has_name(match.query, self._primary(position))
        return ListingMet(
            position=position,
            kin=kin,
            score=match.score,
            is_own=is_own,
            entity_type=entry.entity_type,
            list_code=entry.list_code,
        )

    def _candidate(
        self, table: PartyTable, party: str, meetings: tuple[ListingMet, ...], *, is_agreed: bool
    ) -> Candidate:
        places = table.places(party) or tuple([each.position for each in meetings])
        met = {each.position for each in meetings}
        ordered = (*[each.position for each in meetings], *[p for p in places if p not in met])
        shown = [self._show(each) for each in ordered]
        return Candidate(
            party=party,
            meetings=meetings,
            is_agreed=is_agreed,
            listings=tuple([each for each in shown if each is not None]),
            perhaps={each.party: each.reason for each in table.perhaps(party)},
        )


def _agrees(corroboration: Corroboration) -> bool:
    """Return whether more than the name and the kind of party agrees with the question."""
    facts = (corroboration.countries, corroboration.addresses, corroboration.birth_date)
    return "agrees" in facts or bool(corroboration.identifiers)
