"""The parties of an answer: hits by who they are, and the family that the asked name means."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter

import msgspec

from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.measures.measure import OwnerStatement
from abeyance_screening.engine.names.form.word_types import ComparisonForm
from abeyance_screening.engine.names.match.framed import words_around
from abeyance_screening.engine.screening.answer import (
    Corroboration,
    FoundParty,
    Hit,
    PartyHit,
    PartyOwner,
)
from abeyance_screening.engine.screening.answer_json import Shelf
from abeyance_screening.engine.screening.applicable_versions import EntryMatch, PartyMatches
from abeyance_screening.engine.screening.corroboration import place_of_party
from abeyance_screening.engine.screening.family import (
    NEARLY_SAME,
    Candidate,
    Family,
    Kin,
    ListingMet,
    PartyFacts,
    PartyLaw,
    Shape,
    family_of,
    is_variant,
    is_within,
    kin_by_name,
    kin_of,
    kin_of_words,
    kin_within,
    shape_of,
    what_differs,
)
from abeyance_screening.engine.screening.field.further_names import is_perhaps_a_part
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.engine.screening.parties.table import (
    OwnerSource,
    PartyTable,
    found_party,
    owners_of,
)
from abeyance_screening.engine.screening.question import Counterparty
from abeyance_screening.primitives.fair_scheduler import give_turns

type _Matches = Mapping[int, EntryMatch]
type _Kins = tuple[Kin, Kin]
# A question of a common word meets hundreds of parties; no more than these are looked at.
_MOST_CANDIDATES = 400
# A match that is no worse than another, although it scores so much less.
_NO_WORSE = 0.02


class ListingSource(msgspec.Struct, frozen=True):
    """What is known of an entry of the index on the day of a question, by its position.

    `show` returns it with its measures and `read` as it is printed, both None where no list
    searched has it on the day; `reaching` returns the ids of measures that it brings by itself.
    `stated` returns the owners that are recorded with a measure, by its id.
    """

    show: Callable[[int], PartyHit | None]
    read: Callable[[int], Listing | None]
    reaching: Callable[[int], frozenset[str]]
    stated: Callable[[str], Iterable[OwnerStatement]]


class PartyFinder:
    """Groups what a question meets by party, with the other listings of each.

    `numbers` are those of the lists searched.
    """

    def __init__(
        self,
        index: ListingIndex,
        shelf: Shelf,
        days: int,
        numbers: frozenset[int] | None,
        source: ListingSource,
    ) -> None:
        self._index = index
        self._shelf = shelf
        self._days = days
        self._numbers = numbers
        self._source = source

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
        family = msgspec.structs.replace(family, owners=_owners(parties, family))
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
            own = tuple(hits.values())
            source = OwnerSource(self._listings_of, self._source.stated)
            owners = owners_of(table, party, (*own, *through), source)
            return found_party(table, party, own, through, ids, owners)

        key = (self._days, self._numbers, party, *hits, None, *met)
        known = self._shelf.party(key, make)
        score = max([each.score for each in hits.values()])
        return known if known.score == score else msgspec.structs.replace(known, score=score)

    def _listings_of(self, party: str) -> list[PartyHit]:
        """Return all listings of a party that the lists searched have on the day."""
        ids = self._index.parties.members(party)
        places = map(self._index.columns.position_of, ids)
        shown = (self._source.show(place) for place in places if place is not None)
        return [each for each in shown if each is not None]

    def _brought(self, position: int, listing_id: str) -> PartyHit | None:
        """Return a listing that its party brings; None if no searched list has it that day."""
        if self._index.by_id(listing_id) is None:
            # the newest editions decide parties; an index of past days may lack their listings
            return None
        return self._source.show(position)

    # --- The family of the asked name, among all that it meets.

    async def _family(
        self, parties: tuple[FoundParty, ...], finds: PartyMatches, agreeing: frozenset[int]
    ) -> Family:
        """Return whom the asked name means, of all the entries that the question meets."""
        matches, sure = finds.listed, finds.numbered | agreeing
        table, met = self._index.parties, dict[str, list[int]]()
        for each in parties:
            met[each.id] = []
        for position in sorted(matches, key=lambda each: -matches[each].score):
            party = table.of(self._index.entry(position).listing_id)
            met.setdefault(party, []).append(position)
        asked = Shape(self._question_form(matches))
        kins = await self._kins(matches, asked)
        candidates = list[Candidate]()
        for party in [*met][:_MOST_CANDIDATES]:
            await give_turns()
            if own := met[party]:
                meetings = tuple([self._meeting(each, matches[each], *kins[each]) for each in own])
                is_agreed = not sure.isdisjoint(own)
                candidates.append(self._candidate(table, party, meetings, is_agreed=is_agreed))
        family = family_of(asked, candidates)
        unmet = self._unmet(asked, family.members, frozenset(met))
        return family_of(asked, [*candidates, *unmet]) if unmet else family

    def _question_form(self, matches: _Matches) -> ComparisonForm:
        """Return the form of the question that it is about: of the best match, or a fuller one.

        Without its place Sberbank Europe is a form of the question too, and meets Sberbank no
        worse.
        """
        best = max(matches.values(), key=lambda each: each.score)
        asked = best.query
        for match in matches.values():
            query = match.query
            if match.name is None or len(query.words) <= len(asked.words):
                continue
            is_no_worse = match.score >= best.score - _NO_WORSE
            if is_no_worse and self._shape(match.name).texts == Shape(query).texts:
                asked = query
        return asked

    def _unmet(
        self, asked: Shape, members: Sequence[Candidate], met: frozenset[str]
    ) -> tuple[Candidate, ...]:
        """Return what may be a party of the family, and has less than the asked name.

        PMC Wagner does not meet the Wagner of Canada, nor Ansar Allah the Houthi of Japan, which
        other lists call the Houthis. Of initials there are too many, and of people.
        """
        found = dict[str, Candidate]()
        for member in members:
            is_named = member.kin <= Kin.BESIDE and member.is_firm
            for party in member.facts.perhaps if is_named else ():
                place = None if party in met else self._index.columns.position_of(party)
                if place is None or party in member.facts.apart or party in found:
                    continue
                other = self._not_met(party, place)
                # not where no searched list has it that day
                if other.facts.prints and (
                    is_within(self._primary(place), asked) or is_variant(member, other)
                ):
                    found[party] = other
        return tuple(found.values())

    def _not_met(self, party: str, place: int) -> Candidate:
        entry = self._index.entry(place)
        meeting = ListingMet(
            position=place,
            kin=Kin.BESIDE,
            own=Kin.APART,
            score=0.0,
            entity_type=entry.entity_type,
            list_code=entry.list_code,
        )
        return self._candidate(self._index.parties, party, (meeting,), is_agreed=False)

    async def _kins(self, matches: _Matches, asked: Shape) -> dict[int, _Kins]:
        """Return how each listing that was met has the asked name in it, and its primary name has.

        Where none has it as a whole, as with a slip in it, the best of them stands for it; but not
        a person for a word that a firm begins with.
        """
        kins, queries = dict[int, _Kins](), dict[int, Shape]()
        for position, match in matches.items():
            await give_turns()
            query = queries.get(id(match.query))
            if query is None:
                query = queries[id(match.query)] = _fuller(asked, Shape(match.query))
            kins[position] = self._kin(position, match.name, query)
        closest = min(kins.values())[0]
        if closest < Kin.HOLDS:
            return kins
        place = max(matches, key=lambda each: matches[each].score)
        best = matches[place]
        if best.score < NEARLY_SAME or best.name is None:
            return kins
        is_person = self._index.entry(place).entity_type == "person"
        if closest is Kin.HOLDS and is_person and len(asked.form.words) == 1:
            return kins
        stands = self._shape(best.name)
        return {each: self._kin(each, match.name, stands) for each, match in matches.items()}

    def _kin(self, position: int, name_number: int | None, asked: Shape) -> _Kins:
        if name_number is None:
            return Kin.APART, Kin.APART
        entry, name = self._index.entry(position), self._index.name(name_number)
        shape = self._shape(name_number)
        kin = kin_of(asked, shape, name.text)
        if kin is Kin.APART and (around := words_around(asked.form, shape.form)):
            kin = kin_within(around)
        if kin in {Kin.TRADED, Kin.HOLDS} and not asked.form.printed.isascii():
            # a brand in its own script does not meet its name in two words: 商汤, Sense Time
            kin = min(kin, *(_kin_joined(asked, each.text) for each in entry.names))
        if kin > Kin.TRADED:
            return kin, Kin.APART
        primary = self._primary(position)
        own = kin_of_words(asked, primary)
        if kin > Kin.BESIDE or name.kind == "primary":
            return kin, own
        return kin_by_name(kin, own, asked, primary), own

    def _shape(self, name_number: int) -> Shape:
        """Return the shape of a listed name."""
        return self._shelf.shape(name_number, self._index.names.form)

    def _primary(self, position: int) -> Shape:
        names = self._index.entry(position).names
        return shape_of(next(each.text for each in names if each.kind == "primary"))

    def _meeting(self, position: int, match: EntryMatch, kin: Kin, own: Kin) -> ListingMet:
        entry = self._index.entry(position)
        return ListingMet(
            position=position,
            kin=kin,
            own=own,
            score=match.score,
            entity_type=entry.entity_type,
            list_code=entry.list_code,
            differs=self._differs(match),
        )

    def _differs(self, match: EntryMatch) -> str:
        if match.name is None:
            return ""
        if is_perhaps_a_part(match.query):
            return f"“{match.query.printed}”, a part of that"
        return what_differs(Shape(match.query), self._shape(match.name))

    def _candidate(
        self, table: PartyTable, party: str, meetings: tuple[ListingMet, ...], *, is_agreed: bool
    ) -> Candidate:
        # the newest editions decide parties, and may lack what is met on a past day
        known = tuple(dict.fromkeys((*table.places(party), *[each.position for each in meetings])))
        key = self._days, self._numbers, party, *known
        return Candidate(
            facts=self._shelf.facts(key, lambda: self._facts(table, party, known)),
            meetings=meetings,
            is_agreed=is_agreed,
            show=lambda facts: self._shelf.law(key, lambda: self._law(facts)),
            reaching=lambda facts: self._shelf.reaching(key, lambda: self._reaching(facts)),
        )

    def _facts(self, table: PartyTable, party: str, known: tuple[int, ...]) -> PartyFacts:
        read = self._source.read
        printed = {place: found for place in known if (found := read(place)) is not None}
        return PartyFacts(
            party=party,
            places=tuple(printed),
            prints=tuple(printed.values()),
            perhaps={each.party: each.reason for each in table.perhaps(party)},
            apart=frozenset([each.party for each in table.related(party)]),
        )

    def _law(self, facts: PartyFacts) -> PartyLaw:
        shown = {place: self._source.show(place) for place in facts.places}
        listings = {place: hit for place, hit in shown.items() if hit is not None}
        return PartyLaw(tuple(listings), tuple(listings.values()))

    def _reaching(self, facts: PartyFacts) -> frozenset[str]:
        return frozenset[str]().union(*map(self._source.reaching, facts.places))


def _owners(parties: Iterable[FoundParty], family: Family) -> tuple[PartyOwner, ...]:
    """Return who is said to own parties of a family, each once; none of the family itself."""
    members = {each.party for each in family.members}
    owners = (owner for each in parties if each.id in members for owner in each.owners)
    return tuple({each.party: each for each in owners if each.party not in members}.values())


def _fuller(asked: Shape, query: Shape) -> Shape:
    """Return the asked name for one that is a part of it, and any other as it is."""
    return asked if query.known < asked.known else query


def _kin_joined(asked: Shape, printed: str) -> Kin:
    return Kin.SAME if "".join(asked.texts) == "".join(shape_of(printed).texts) else Kin.APART


def _agrees(corroboration: Corroboration) -> bool:
    """Return whether more than the name and the kind of party agrees with the question."""
    facts = (corroboration.countries, corroboration.addresses, corroboration.birth_date)
    return "agrees" in facts or bool(corroboration.identifiers)
