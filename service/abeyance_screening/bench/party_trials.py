"""Measure parties: what is joined without the numbers that prove it, and what that brings.

The truth of a trial is what publishers print: listings that share a number which a party has once
for life, or a publisher's reference. Numbers and references are taken out before listings are
joined, so only names, births, places and addresses decide.
"""

import asyncio
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import combinations
from operator import attrgetter
from typing import Literal, override

import msgspec
from rich.console import Console

from abeyance_screening.bench.other_trials import Pair
from abeyance_screening.bench.plain_folding import digest, whole_name
from abeyance_screening.engine.lists.edition import Edition, ListingVersion, StoredLists
from abeyance_screening.engine.lists.listing import EntityType, Listing
from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.measures.register import read
from abeyance_screening.engine.measures.register.register import Register
from abeyance_screening.engine.screening.answer import CounterpartyResult, FoundParty, Hit
from abeyance_screening.engine.screening.answer_json import Shelf
from abeyance_screening.engine.screening.applicable_versions import PartyMatches
from abeyance_screening.engine.screening.family import Family
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.engine.screening.parties.table import PartyTable
from abeyance_screening.engine.screening.parties.traits import (
    FOREIGN_REFERENCES,
    ListingTraits,
    traits_of,
)
from abeyance_screening.engine.screening.question import Counterparty, ScreeningQuestion
from abeyance_screening.engine.screening.screen import Screener
from abeyance_screening.engine.screening.validate import question_from
from abeyance_screening.primitives.days import Days

# So many firms of the asked list are asked for by an alias.
_MOST_ASKED = 500
# Rounds of searches, without and with parties by turns, whose CPU time is compared.
_ROUNDS = 5
_ASKED_LIST = "us_ofac_sdn"
_ASKED_AUTHORITY = "us_ofac_"
_AT = datetime(2026, 1, 1, tzinfo=UTC)
type Proof = Literal["numbers", "references"]


class HeldOut(msgspec.Struct, frozen=True, kw_only=True):
    """How many pairs of listings that a proof joins are one party without it."""

    proof: Proof
    entity_type: EntityType | None
    pairs: int
    recall: float


class NamePairs(msgspec.Struct, frozen=True, kw_only=True):
    """Labelled pairs of names: of those that different listings print, the share that is joined.

    `matches` and `others` are pairs of listings of different lists.
    """

    matches: int
    recall: float | None
    others: int
    false_share: float | None


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Firms of the SDN List asked for by an alias that the other authorities do not print.

    Shares of these firms: `none` brings no entry of the other authorities, `not_all` not each;
    `..._alone` is what hits alone bring, without parties. `search_us` and `search_us_alone` are
    the CPU time of such a search, in microseconds, if what it shows was shown before.
    """

    firms: int
    none_alone: float
    not_all_alone: float
    none: float
    not_all: float
    search_us_alone: float
    search_us: float


class PartyFigures(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of parties over lists; `cpu_s` is what joining all listings takes.

    `precision` is the share of pairs joined without proof, of those that print the same kind of
    proof, that agree in it.
    """

    listings: int
    parties: int
    cpu_s: float
    held_out: tuple[HeldOut, ...]
    judged: int
    precision: float
    asked: Asked | None
    pairs: NamePairs | None


def party_figures(listings: Sequence[Listing], pairs: Sequence[Pair]) -> PartyFigures:
    """Join listings with and without proof, and return the figures."""
    known = {each.id: each for each in listings}
    index = index_of(known.values())
    started = time.process_time()
    table = index.parties
    cpu_s = time.process_time() - started
    traits = {each.id: traits_of((each, ())) for each in known.values()}
    without = index_of(map(without_proof, known.values())).parties
    judged, agreeing = _judged(traits, without)
    return PartyFigures(
        listings=len(known),
        parties=table.party_count,
        cpu_s=cpu_s,
        held_out=tuple(_held_out(traits, without.of)),
        judged=judged,
        precision=agreeing / judged if judged else 1.0,
        asked=_asked(known, traits, index),
        pairs=_name_pairs(known.values(), pairs, table.of) if pairs else None,
    )


def index_of(listings: Iterable[Listing]) -> ListingIndex:
    """Return an index of listings, each list in one edition."""
    of_list: dict[str, list[Listing]] = {}
    for each in listings:
        of_list.setdefault(each.list_code, []).append(each)
    editions = {
        code: edition_on(number, code, _AT) for number, code in enumerate(of_list, start=1)
    }
    versions = [
        ListingVersion(
            listing_id=each.id,
            list_code=code,
            source=code,
            first_edition=editions[code].id,
            until_edition=None,
            body=msgspec.json.encode(each),
        )
        for code, some in of_list.items()
        for each in some
    ]
    return ListingIndex(
        StoredLists(editions=tuple(editions.values()), attempts=()),
        sorted(versions, key=attrgetter("listing_id")),
    )


def edition_on(number: int, code: str, at: datetime) -> Edition:
    """Return an edition of a list that its publisher offered at a moment, for a trial."""
    return Edition(
        id=number,
        list_code=code,
        source=code,
        sha256="",
        format="bench",
        reader=0,
        published_on=at.date(),
        loaded_at=at,
        confirmed_at=at,
        entry_count=0,
        accepted=False,
    )


def without_proof(listing: Listing) -> Listing:
    """Return a listing without its numbers and without any publisher's reference."""
    facts = tuple(each for each in listing.facts if each.kind not in FOREIGN_REFERENCES)
    return msgspec.structs.replace(
        listing, identifiers=(), entry_id=None, remarks=None, facts=facts
    )


def _proofs(traits: ListingTraits, proof: Proof) -> dict[str, frozenset[str]]:
    """Return the values of each kind of proof that a listing prints."""
    if proof == "numbers":
        return traits.once
    kinds = {whose for whose, _ in traits.references}
    return {
        kind: frozenset(value for whose, value in traits.references if whose == kind)
        for kind in kinds
    }


def _held_out(
    traits: Mapping[str, ListingTraits], party: Callable[[str], str]
) -> Iterator[HeldOut]:
    for proof in ("numbers", "references"):
        found: dict[EntityType | None, list[bool]] = {}
        for one, other in sorted(_proven(traits, proof)):
            kind = traits[one].entity_type
            if kind == traits[other].entity_type:
                found.setdefault(kind, []).append(party(one) == party(other))
        for kind, joined in found.items():
            yield HeldOut(
                proof=proof,
                entity_type=kind,
                pairs=len(joined),
                recall=sum(joined) / len(joined),
            )


def _proven(traits: Mapping[str, ListingTraits], proof: Proof) -> set[tuple[str, str]]:
    """Return the pairs of listings that share a proof which each list prints once."""
    held: dict[tuple[str, str], set[str]] = {}
    for each in traits.values():
        for kind, values in _proofs(each, proof).items():
            for value in values:
                held.setdefault((kind, value), set()).add(each.listing_id)
    return {
        pair
        for holders in held.values()
        if len({traits[each].list_code for each in holders}) == len(holders)
        for pair in combinations(sorted(holders), 2)
    }


def _judged(traits: Mapping[str, ListingTraits], without: PartyTable) -> tuple[int, int]:
    """Return how many joined pairs print one kind of proof, and how many of them agree in it.

    OFAC's numbers are left out, because it has given one firm two numbers on two of its lists. For
    the same reason a party that a list has entered twice, under one name and birth or address, has
    the references of both entries: the UN has one man under Somalia and under Al-Qaida.
    """
    members: dict[str, list[str]] = {}
    for listing_id in traits:
        members.setdefault(without.of(listing_id), []).append(listing_id)
    judged = agreeing = 0
    for party, some in members.items():
        proofs = _proofs_of_party(traits, party, some, without)
        for one, other in combinations(some, 2):
            here, there = proofs[one], proofs[other]
            shared = here.keys() & there.keys()
            if shared and traits[one].list_code != traits[other].list_code:
                judged += 1
                agreeing += any(here[kind] & there[kind] for kind in shared)
    return judged, agreeing


def _proofs_of_party(
    traits: Mapping[str, ListingTraits], party: str, some: Iterable[str], without: PartyTable
) -> dict[str, dict[str, frozenset[str]]]:
    """Return the proofs of each listing of a party, with those of its other entry in the list."""
    own = {each: _all_proofs(traits[each]) for each in some}
    found = dict(own)
    for link in without.links(party):
        if link.kind == "entered_twice":
            for here, there in ((link.one, link.other), (link.other, link.one)):
                kinds = found[here].keys() | own[there].keys()
                none = frozenset[str]()
                found[here] = {
                    kind: found[here].get(kind, none) | own[there].get(kind, none)
                    for kind in kinds
                }
    return found


def _all_proofs(traits: ListingTraits) -> dict[str, frozenset[str]]:
    proofs = _proofs(traits, "numbers") | _proofs(traits, "references")
    return {kind: values for kind, values in proofs.items() if kind != "OFAC"}


# --- Labelled pairs of names.


def _name_pairs(
    listings: Iterable[Listing], pairs: Iterable[Pair], party: Callable[[str], str]
) -> NamePairs:
    printed: dict[str, set[str]] = {}
    for each in listings:
        for name in each.names:
            printed.setdefault(whole_name(name.text), set()).add(each.id)
    found: dict[bool, list[bool]] = {True: [], False: []}
    for pair in pairs:
        one, other = (
            _alone(printed.get(whole_name(each), ())) for each in (pair.query, pair.candidate)
        )
        found[pair.is_match] += [
            party(here) == party(there)
            for here in one - other
            for there in other - one
            if _list_of(here) != _list_of(there)
        ]
    return NamePairs(
        matches=len(found[True]),
        recall=_share(found[True]),
        others=len(found[False]),
        false_share=_share(found[False]),
    )


def _list_of(listing_id: str) -> str:
    return listing_id.partition("-")[0]


def _alone(listings: Collection[str]) -> set[str]:
    """Return those of the listings that are alone on their list under a name."""
    lists = [_list_of(each) for each in listings]
    return {each for each in listings if lists.count(_list_of(each)) == 1}


def _share(flags: Sequence[bool]) -> float | None:
    return sum(flags) / len(flags) if flags else None


# --- Firms asked for by an alias.


class _Question(msgspec.Struct, frozen=True):
    alias: str
    others: frozenset[str]


def _asked(
    listings: Mapping[str, Listing], traits: Mapping[str, ListingTraits], index: ListingIndex
) -> Asked | None:
    questions = list(_questions(listings, traits))
    if not questions:
        return None
    asked = _Asking(index, MeasureBoard(Register(read.shipped().measures)))
    found = [asked.search(each.alias) for each in questions]
    others = [each.others for each in questions]
    alone = [each & hits for each, (hits, _) in zip(others, found, strict=True)]
    both = [each & (hits | more) for each, (hits, more) in zip(others, found, strict=True)]
    search_us_alone, search_us = asked.cpu_us([each.alias for each in questions])
    return Asked(
        firms=len(questions),
        none_alone=_share([not each for each in alone]) or 0.0,
        not_all_alone=_share([x != y for x, y in zip(alone, others, strict=True)]) or 0.0,
        none=_share([not each for each in both]) or 0.0,
        not_all=_share([x != y for x, y in zip(both, others, strict=True)]) or 0.0,
        search_us_alone=search_us_alone,
        search_us=search_us,
    )


def _questions(
    listings: Mapping[str, Listing], traits: Mapping[str, ListingTraits]
) -> Iterator[_Question]:
    """Yield firms that other authorities list too, by a proof or a whole name of several words."""
    beside = _beside(listings.values(), traits)
    firms = [each for each in listings.values() if each.list_code == _ASKED_LIST]
    count = 0
    for firm in sorted(firms, key=lambda each: digest(each.id)):
        others = frozenset(
            each for each in beside.get(firm.id, ()) if not each.startswith(_ASKED_AUTHORITY)
        )
        printed = {whole_name(name.text) for each in others for name in listings[each].names}
        aliases = [
            name.text
            for name in firm.names
            if name.kind == "alias" and whole_name(name.text) not in printed
        ]
        if firm.entity_type == "organisation" and others and aliases and count < _MOST_ASKED:
            count += 1
            yield _Question(min(aliases, key=digest), others)


def _beside(
    listings: Iterable[Listing], traits: Mapping[str, ListingTraits]
) -> dict[str, set[str]]:
    held: dict[str, set[str]] = {}
    for each in listings:
        names = (name.text for name in each.names if name.kind != "weak_alias")
        for text in names:
            if len(text.split()) > 1:
                held.setdefault(whole_name(text), set()).add(each.id)
    found: dict[str, set[str]] = {}
    pairs = _proven(traits, "numbers") | _proven(traits, "references")
    for holders in held.values():
        if len({traits[each].list_code for each in holders}) == len(holders):
            pairs |= set(combinations(sorted(holders), 2))
    for one, other in pairs:
        if traits[other].entity_type in {None, traits[one].entity_type}:
            found.setdefault(one, set()).add(other)
            found.setdefault(other, set()).add(one)
    return found


class _WithoutParties(Screener):
    """Answers without parties."""

    @override
    async def _grouped(
        self, counterparty: Counterparty, hits: dict[int, Hit], finds: PartyMatches
    ) -> tuple[tuple[FoundParty, ...], Family | None]:
        return (), None


class _Asking:
    """Asks an index about names, with what was shown before on a shelf, as a service does."""

    def __init__(self, index: ListingIndex, board: MeasureBoard) -> None:
        self._index = index
        self._board = board
        self._shelf = Shelf()
        self._day = max(each.known_on for each in index.lists.editions)

    def search(self, name: str) -> tuple[frozenset[str], frozenset[str]]:
        """Return the ids of the hits, and of the listings that their parties bring."""
        result = asyncio.run(self._result(name, Screener))
        through = (each for party in result.parties for each in party.through)
        return (
            frozenset(each.listing.id for each in result.hits),
            frozenset(each.listing.id for each in through),
        )

    def cpu_us(self, names: Sequence[str]) -> tuple[float, float]:
        """Return the CPU time of a search without and with parties, the least of some rounds."""
        rounds = [
            (self._round(names, _WithoutParties), self._round(names, Screener))
            for _ in range(_ROUNDS)
        ]
        alone, both = zip(*rounds, strict=True)
        return min(alone) / len(names) * 1e6, min(both) / len(names) * 1e6

    def _round(self, names: Sequence[str], screener: type[Screener]) -> float:
        async def ask() -> None:
            for name in names:
                _ = await self._result(name, screener)

        started = time.process_time()
        asyncio.run(ask())
        return time.process_time() - started

    async def _result(self, name: str, screener: type[Screener]) -> CounterpartyResult:
        days = Days(as_of=self._day, known_at=self._day)
        draft = ScreeningQuestion(counterparties=(Counterparty(name=name),))
        question = question_from(draft, days, at="")
        asking = screener(self._index, self._board, question, self._day, self._shelf)
        return await asking.result(question.counterparties[0])


def print_parties(figures: PartyFigures) -> None:
    """Print the figures, one a line."""
    console = Console(highlight=False)
    console.print(
        f"{figures.listings:,} listings, {figures.parties:,} parties of several, "
        f"joined in {figures.cpu_s:.2f} s of CPU"
    )
    for each in figures.held_out:
        kind = each.entity_type or "type not stated"
        console.print(
            f"Without {each.proof}, {kind}: {each.recall:.3f} of {each.pairs:,} pairs joined"
        )
    console.print(
        f"Joined without proof: {figures.precision:.4f} of {figures.judged:,} pairs agree in it"
    )
    if figures.pairs is not None:
        _print_pairs(console, figures.pairs)
    if figures.asked is not None:
        _print_asked(console, figures.asked)


def _print_pairs(console: Console, pairs: NamePairs) -> None:
    recall = "-" if pairs.recall is None else f"{pairs.recall:.3f}"
    false = "-" if pairs.false_share is None else f"{pairs.false_share:.4f}"
    console.print(
        f"Labelled pairs on two lists: {recall} of {pairs.matches:,} matches joined, "
        f"{false} of {pairs.others:,} others"
    )


def _print_asked(console: Console, asked: Asked) -> None:
    console.print(
        f"{asked.firms:,} SDN firms asked for by an alias that others do not print: "
        f"{asked.none:.1%} bring no entry of another authority, {asked.not_all:.1%} not each "
        f"(hits alone: {asked.none_alone:.1%} and {asked.not_all_alone:.1%})"
    )
    console.print(
        f"CPU of such a search: {asked.search_us:.0f} us, "
        f"without parties {asked.search_us_alone:.0f} us"
    )
