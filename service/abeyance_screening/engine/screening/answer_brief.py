"""Answers in brief: each listing and measure told once, and nothing that is null or empty.

A brief answer has the same outcome, hits, parties, order and warnings as the full one. What it
leaves out is how a score came about, what an entry prints besides its name, and the acts behind a
measure: those are at `GET /v1/listings/{id}` and `GET /v1/measures/{id}`, on the same days. It has
no measures with a condition either, the ownership rules: they reach what the party owns. What they
mean for a counterparty whose owners are given is in its `rules`.
"""

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, Self, TypedDict
from uuid import UUID

import msgspec

from abeyance_screening.engine.lists.edition import ListState
from abeyance_screening.engine.lists.listing import EntityType, Listing
from abeyance_screening.engine.measures.status import MeasureOnDay, StatusWord
from abeyance_screening.engine.screening.answer import (
    CounterpartyResult,
    Coverage,
    FoundParty,
    Hit,
    InputWarning,
    ListCoverage,
    MatchedInText,
    Outcome,
    OwnerResult,
    OwnershipFinding,
    PartyResult,
    ScreeningHead,
    SearchAnswer,
    TextAnswer,
    TextPlace,
    Verdict,
)
from abeyance_screening.engine.screening.trade.transaction import Restrictions
from abeyance_screening.primitives.errors import StoreUnavailableError

# Coverages that are remembered: one for each pair of days and choice of lists.
_MOST_COVERAGES = 64

View = Literal["full", "brief"]


class CoveredList(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One list as it was searched, without anything that depends on the day asked about."""

    code: str
    title: str
    source: str
    edition: int | None = None
    sha256: str | None = None
    published_on: date | None = None
    confirmed_on: date | None = None
    loaded_at: datetime | None = None
    entry_count: int | None = None
    transcribed: bool = False

    @classmethod
    def of(cls, covered: ListCoverage) -> Self:
        """Return the lasting part of a list's coverage."""
        return msgspec.convert(covered, cls, from_attributes=True)


class CoverageRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The editions that an answer rests on, with the days on which they were read.

    `id` is a digest of the rest, so that the same editions have the same id for ever.
    """

    id: str
    lists: tuple[CoveredList, ...]

    @classmethod
    def of(cls, coverage: Coverage) -> Self:
        """Return the record of a coverage."""
        lists = tuple(map(CoveredList.of, coverage.lists))
        return cls(id=hashlib.sha256(msgspec.json.encode(lists)).hexdigest()[:32], lists=lists)


class BriefCoverage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whether the answer is complete, and if not, why.

    `id` is that of the editions searched: `GET /v1/coverage/{id}` has them. Where they could not
    be stored, `lists` has them instead. `not_fresh` has the required lists in any other state than
    fresh, by state.
    """

    complete: bool
    id: str | None = None
    reasons: tuple[str, ...] = ()
    not_fresh: Mapping[ListState, tuple[str, ...]] = {}
    lists: tuple[CoveredList, ...] = ()

    @classmethod
    def of(cls, coverage: Coverage, record: CoverageRecord, *, is_kept: bool) -> Self:
        """Return a coverage in brief; `is_kept` says whether its record can be fetched."""
        return cls(
            id=record.id if is_kept else None,
            complete=coverage.complete,
            reasons=coverage.reasons,
            not_fresh=_not_fresh(coverage.lists),
            lists=() if is_kept else record.lists,
        )


def _not_fresh(lists: Iterable[ListCoverage]) -> Mapping[ListState, tuple[str, ...]]:
    found: dict[ListState, tuple[str, ...]] = {}
    for each in lists:
        if each.role == "required" and each.state != "fresh":
            found[each.state] = (*found.get(each.state, ()), each.code)
    return found


class BriefMeasure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A measure with its status on the day asked about.

    `effects` are the kinds of effect that it has on any of the entries told here.
    """

    status: StatusWord
    effects: tuple[str, ...]
    until: date | None = None
    next_change_on: date | None = None
    next_change_to: StatusWord | None = None


class BriefListing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An entry of a list: its primary name, what it is, and its countries."""

    list_code: str
    name: str
    entity_type: EntityType | None = None
    countries: tuple[str, ...] = ()


class BriefHit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A listing that the counterparty may be, and its measures, by their ids.

    `matched` is the name of the listing that met the question if it is not its primary one.
    `identifiers` met those of the question, `identifiers_differ` are kinds of number that speak
    against the hit. `places` are where a text has the name. `left_on` is the day by which a party
    that has left its list had left it. `not_known` is true if the party may have been listed only
    after the day asked about.
    """

    listing: str
    score: float
    matched: str | None = None
    identifiers: tuple[str, ...] = ()
    identifiers_differ: tuple[str, ...] = ()
    places: tuple[TextPlace, ...] = ()
    measures: tuple[str, ...] = ()
    unknown_programmes: tuple[str, ...] = ()
    left_on: date | None = None
    not_known: bool = False


class BriefParty(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A party that the question may mean, by the id of its lowest listing.

    `hits` are its listings among the hits, by their positions from 0. `other_listings` are no
    hits, and `other_measures` reach it through these alone: the law of other authorities that
    print other names. `perhaps` are parties that may be the same.
    """

    id: str
    hits: tuple[int, ...]
    other_listings: tuple[str, ...] = ()
    other_measures: tuple[str, ...] = ()
    perhaps: tuple[str, ...] = ()


class BriefFindings(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was found for one party: as in the full answer, in brief."""

    outcome: Outcome
    total: int = 0
    hits: tuple[BriefHit, ...] = ()
    left: tuple[BriefHit, ...] = ()
    parties: tuple[BriefParty, ...] = ()
    warnings: tuple[InputWarning, ...] = ()


class BriefRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whether one ownership rule treats the counterparty as listed; `sum` is in percent."""

    rule: str
    status: StatusWord
    verdict: Verdict
    sum: Decimal


class BriefOwner(BriefFindings, frozen=True, kw_only=True, omit_defaults=True):
    """What was found for one owner."""

    name: str
    id: str | None = None


class BriefResult(BriefFindings, frozen=True, kw_only=True, omit_defaults=True):
    """One counterparty's answer; `owners` and `rules` if the question names owners.

    In a line of a stream it has the `listings` and `measures` that it speaks of.
    """

    name: str
    id: str | None = None
    owners: tuple[BriefOwner, ...] = ()
    rules: tuple[BriefRule, ...] = ()
    listings: dict[str, BriefListing] = {}
    measures: dict[str, BriefMeasure] = {}


class BriefHead(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What holds for a whole answer."""

    as_of: date
    known_at: date
    scorer: str
    threshold: float
    limit: int
    coverage: BriefCoverage


class BriefSearch(
    BriefHead, frozen=True, kw_only=True, omit_defaults=True, tag_field="view", tag="brief"
):
    """The answer about one name, or about a text, which has no `name`.

    `listings` and `measures` are told once, by id.
    """

    name: str | None = None
    outcome: Outcome
    total: int = 0
    hits: tuple[BriefHit, ...] = ()
    left: tuple[BriefHit, ...] = ()
    parties: tuple[BriefParty, ...] = ()
    warnings: tuple[InputWarning, ...] = ()
    listings: dict[str, BriefListing] = {}
    measures: dict[str, BriefMeasure] = {}


class BriefScreening(
    BriefHead, frozen=True, kw_only=True, omit_defaults=True, tag_field="view", tag="brief"
):
    """A whole screening.

    `restrictions` are the measures that name no company and that reach the transaction, and
    `open_restrictions` those that may, by id. Both are empty if no transaction is described.
    """

    id: UUID | None = None
    asked_at: datetime
    results: tuple[BriefResult, ...]
    restrictions: tuple[str, ...] = ()
    open_restrictions: tuple[str, ...] = ()
    listings: dict[str, BriefListing] = {}
    measures: dict[str, BriefMeasure] = {}


class BriefEnd(BriefHead, frozen=True, kw_only=True, omit_defaults=True):
    """The last line of a stream that was answered whole."""

    asked_at: datetime
    count: int
    refused: int


class _Findings(TypedDict):
    """The fields of `BriefFindings`."""

    outcome: Outcome
    total: int
    hits: tuple[BriefHit, ...]
    left: tuple[BriefHit, ...]
    parties: tuple[BriefParty, ...]
    warnings: tuple[InputWarning, ...]


class Brevity:
    """Says in brief what full answers say, and gathers what they speak of, each once."""

    def __init__(self) -> None:
        self.listings: dict[str, BriefListing] = {}
        self.measures: dict[str, BriefMeasure] = {}

    def screening(
        self,
        head: ScreeningHead,
        restrictions: Restrictions,
        coverage: BriefCoverage,
        results: Sequence[BriefResult],
    ) -> BriefScreening:
        """Return a whole screening in brief, with its results, which are in brief already."""
        is_open = restrictions.transaction is not None
        return BriefScreening(
            id=head.id,
            asked_at=head.asked_at,
            as_of=head.as_of,
            known_at=head.known_at,
            scorer=head.scorer,
            threshold=head.threshold,
            limit=head.limit,
            coverage=coverage,
            results=tuple(results),
            restrictions=self._measures(each.measure for each in restrictions.met),
            open_restrictions=tuple(each.id for each in restrictions.open_questions if is_open),
            listings=self.listings,
            measures=self.measures,
        )

    def search(self, answer: SearchAnswer | TextAnswer, coverage: BriefCoverage) -> BriefSearch:
        """Return the answer about one name or a text in brief."""
        return BriefSearch(
            name=answer.name if isinstance(answer, SearchAnswer) else None,
            as_of=answer.as_of,
            known_at=answer.known_at,
            scorer=answer.scorer,
            threshold=answer.threshold,
            limit=answer.limit,
            coverage=coverage,
            listings=self.listings,
            measures=self.measures,
            **self._findings(answer),
        )

    def line(self, result: CounterpartyResult) -> BriefResult:
        """Return one counterparty's answer in brief, with all that it speaks of."""
        brief = self.result(result)
        return msgspec.structs.replace(brief, listings=self.listings, measures=self.measures)

    def result(self, result: CounterpartyResult) -> BriefResult:
        """Return one counterparty's answer in brief."""
        owned = result.ownership
        return BriefResult(
            id=result.id,
            name=result.name,
            owners=() if owned is None else tuple(map(self._owner, owned.owners)),
            rules=() if owned is None else tuple(map(self._rule, owned.findings)),
            **self._findings(result),
        )

    def _owner(self, owner: OwnerResult) -> BriefOwner:
        return BriefOwner(id=owner.id, name=owner.name, **self._findings(owner))

    def _rule(self, finding: OwnershipFinding) -> BriefRule:
        rule = finding.rule
        return BriefRule(
            rule=rule.id, status=rule.status, verdict=finding.verdict, sum=finding.sum
        )

    def _findings(self, found: PartyResult | SearchAnswer | TextAnswer) -> _Findings:
        return {
            "outcome": found.outcome,
            "total": found.total,
            "hits": tuple(map(self._hit, found.hits)),
            "left": tuple(map(self._hit, found.left)),
            "parties": tuple(self._party(each, found.hits) for each in found.parties),
            "warnings": found.warnings,
        }

    def _hit(self, hit: Hit) -> BriefHit:
        listing, standing, matched = hit.listing, hit.standing, hit.matched
        self._tell(listing)
        return BriefHit(
            listing=listing.id,
            score=round(hit.score, 4),
            matched=None if matched.text == listing.primary_name else matched.text,
            identifiers=hit.corroboration.identifiers,
            identifiers_differ=tuple(each.kind for each in hit.corroboration.identifiers_differ),
            places=matched.places if isinstance(matched, MatchedInText) else (),
            measures=self._measures(hit.measures),
            unknown_programmes=hit.unknown_programmes,
            left_on=standing.left_on or standing.left_by,
            not_known=not standing.known,
        )

    def _party(self, party: FoundParty, hits: Sequence[Hit]) -> BriefParty:
        members = {each.listing_id for each in party.members}
        among = [at for at, hit in enumerate(hits) if hit.listing.id in members]
        told = {measure.id for at in among for measure in hits[at].measures}
        others = [each for through in party.through for each in through.measures]
        return BriefParty(
            id=party.id,
            hits=tuple(among),
            other_listings=tuple(sorted(members - {hits[at].listing.id for at in among})),
            other_measures=self._measures(each for each in others if each.id not in told),
            perhaps=tuple(each.party for each in party.perhaps),
        )

    def _measures(self, measures: Iterable[MeasureOnDay]) -> tuple[str, ...]:
        """Return the ids of measures, and gather each with its effects."""
        ids = dict[str, None]()
        for each in measures:
            if each.condition is not None:
                continue
            ids[each.id] = None
            told = self.measures.get(each.id)
            before = () if told is None else told.effects
            kinds = tuple(dict.fromkeys((*before, *(effect.kind for effect in each.effect))))
            if told is None or kinds != told.effects:
                self.measures[each.id] = _in_brief(each, kinds)
        return tuple(ids)

    def _tell(self, listing: Listing) -> None:
        if listing.id not in self.listings:
            self.listings[listing.id] = BriefListing(
                list_code=listing.list_code,
                name=listing.primary_name,
                entity_type=listing.entity_type,
                countries=listing.countries,
            )


def _in_brief(measure: MeasureOnDay, effects: tuple[str, ...]) -> BriefMeasure:
    return BriefMeasure(
        status=measure.status,
        effects=effects,
        until=measure.until,
        next_change_on=measure.next_change_on,
        next_change_to=measure.next_change_to,
    )


class CoverageRecords:
    """Coverages in brief, whose records `keep` stores, each once."""

    def __init__(self, keep: Callable[[CoverageRecord], Awaitable[None]] | None) -> None:
        self._keep = keep
        self._known: dict[int, tuple[Coverage, BriefCoverage]] = {}

    async def brief(self, coverage: Coverage) -> BriefCoverage:
        """Return a coverage in brief, with its lists where its record cannot be stored now."""
        known = self._known.get(id(coverage))
        # A coverage that is remembered is not freed, so that no other can have its id.
        if known is not None:
            return known[1]
        record = CoverageRecord.of(coverage)
        if self._keep is None:
            return BriefCoverage.of(coverage, record, is_kept=False)
        try:
            await self._keep(record)
        except StoreUnavailableError:
            return BriefCoverage.of(coverage, record, is_kept=False)
        if len(self._known) >= _MOST_COVERAGES:
            self._known.clear()
        brief = BriefCoverage.of(coverage, record, is_kept=True)
        self._known[id(coverage)] = coverage, brief
        return brief
