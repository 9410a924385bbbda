"""Say in brief what an answer says, and store the coverage that it refers to."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TypedDict

import msgspec

from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.measures.status import MeasureOnDay
from abeyance_screening.engine.screening.answer import (
    CounterpartyResult,
    Coverage,
    FoundParty,
    Hit,
    InputWarning,
    MatchedInText,
    Outcome,
    OwnerResult,
    PartyResult,
    ScreeningHead,
    SearchAnswer,
    TextAnswer,
)
from abeyance_screening.engine.screening.answer_brief import (
    BriefAnswer,
    BriefCoverage,
    BriefHit,
    BriefListing,
    BriefMeasure,
    BriefOwner,
    BriefParty,
    BriefResult,
    BriefRule,
    BriefScreening,
    BriefSearch,
    CoverageRecord,
)
from abeyance_screening.engine.screening.ownership_findings import OwnershipFinding
from abeyance_screening.engine.screening.trade.transaction import Restrictions
from abeyance_screening.primitives.errors import StoreUnavailableError
from abeyance_screening.primitives.structs import copy_as

# Coverages that are remembered: one for each pair of days and choice of lists.
_MOST_COVERAGES = 64


class _Findings(TypedDict):
    """The fields of `BriefFindings`."""

    outcome: Outcome
    answer: BriefAnswer | None
    total: int
    hits: tuple[BriefHit, ...]
    delisted: tuple[BriefHit, ...]
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
        reaching = (*restrictions.met, *restrictions.ended)
        asked = restrictions.open_questions if restrictions.transaction is not None else ()
        return copy_as(
            BriefScreening,
            head,
            coverage=coverage,
            results=tuple(results),
            restrictions=self._measures(each.measure for each in restrictions.met),
            open_restrictions=tuple(key for each in asked for key in (each.id, *each.also)),
            ended_restrictions=self._measures(each.measure for each in restrictions.ended),
            easings=_once(each.id for one in reaching for each in one.eased_by),
            looked_through=_once(
                key for each in restrictions.looked_through for key in each.measures
            ),
            not_covered=_once(
                key
                for each in restrictions.not_covered
                for key in (each.id, each.measure)
                if key is not None
            ),
            listings=self.listings,
            measures=self.measures,
        )

    def search(self, answer: SearchAnswer | TextAnswer, coverage: BriefCoverage) -> BriefSearch:
        """Return the answer about one name or a text in brief."""
        return copy_as(
            BriefSearch,
            answer,
            name=answer.name if isinstance(answer, SearchAnswer) else None,
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
        behind = (listing for owner in finding.listed for listing in owner.listings)
        return BriefRule(
            rule=rule.id,
            status=rule.status,
            verdict=finding.verdict,
            sum=finding.sum,
            because=_once(each.id for listing in behind for each in listing.measures),
        )

    def _findings(self, answer: PartyResult | SearchAnswer | TextAnswer) -> _Findings:
        delisted = tuple(map(self._hit, answer.delisted))
        return {
            "outcome": answer.outcome,
            "answer": None if isinstance(answer, TextAnswer) else BriefAnswer.of(answer.answer),
            "total": answer.total,
            "hits": tuple(map(self._hit, answer.hits)),
            "delisted": delisted,
            "left": delisted,
            "parties": tuple(self._party(each, answer.hits) for each in answer.parties),
            "warnings": answer.warnings,
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
            licence_policy=hit.licence_policy,
            rules=self._rules(hit.measures),
            unknown_programmes=hit.unknown_programmes,
            left_on=standing.left_on or standing.left_by,
            not_known=not standing.known,
        )

    def _party(self, party: FoundParty, hits: Sequence[Hit]) -> BriefParty:
        members = {each.listing_id for each in party.members}
        among = [at for at, hit in enumerate(hits) if hit.listing.id in members]
        told = {measure.id for at in among for measure in hits[at].measures}
        others = [each for through in party.through for each in through.measures]
        beside = [each for each in others if each.id not in told]
        return BriefParty(
            id=party.id,
            hits=tuple(among),
            other_listings=tuple(sorted(members - {hits[at].listing.id for at in among})),
            other_measures=self._measures(beside),
            other_rules=self._rules(beside),
            perhaps=tuple(each.party for each in party.perhaps),
        )

    def _measures(self, measures: Iterable[MeasureOnDay]) -> tuple[str, ...]:
        """Return the ids of measures without a condition, and gather each with its effects."""
        return _once(self._gathered(each) for each in measures if each.condition is None)

    def _rules(self, measures: Iterable[MeasureOnDay]) -> tuple[str, ...]:
        """Return the ids of measures with a condition, and gather each likewise."""
        return _once(self._gathered(each) for each in measures if each.condition is not None)

    def _gathered(self, measure: MeasureOnDay) -> str:
        told = self.measures.get(measure.id)
        before = () if told is None else told.effects
        kinds = _once((*before, *(effect.kind for effect in measure.effect)))
        if told is None or kinds != told.effects:
            self.measures[measure.id] = copy_as(
                BriefMeasure,
                measure,
                effects=kinds,
                is_conditional=measure.condition is not None,
            )
        return measure.id

    def _tell(self, listing: Listing) -> None:
        if listing.id not in self.listings:
            self.listings[listing.id] = BriefListing(
                list_code=listing.list_code,
                name=listing.primary_name,
                entity_type=listing.entity_type,
                countries=listing.countries,
            )


def _once(keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(keys))


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
