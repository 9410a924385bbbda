"""Owners: screen those of a counterparty, and find what it means if one of them is listed."""

from collections.abc import Collection, Iterator, Mapping

from service.measures.board import MeasureBoard
from service.measures.measure import OwnershipTest
from service.measures.on_day import MeasureOnDay
from service.measures.status import BITES, FORCE
from service.names.form import normalise
from service.screening.answer import (
    CounterpartyResult,
    Hit,
    Holding,
    ListedOwner,
    ListingBehind,
    MeasureBehind,
    OwnerResult,
    OwnershipFinding,
    OwnershipResult,
)
from service.screening.question import MAX_LIMIT, Counterparty, Holdings, OwnerParty, places
from service.screening.screen import Screener, outcome_of
from service.screening.turns import give_turns
from service.screening.weigh import FURTHEST_FIRST, OwnershipVerdict, doubts, judge

type _Hits = Mapping[str, tuple[Hit, ...]]
"""All hits of each owner, by the owner's key."""


async def result_with_owners(screener: Screener, counterparty: Counterparty) -> CounterpartyResult:
    """Return the counterparty's answer, with what its owners mean for it if it names any.

    Between two steps of the work other work gets its turn.

    Raises:
        BadInputError: There are more hits so far than one question may have.
    """
    result = await screener.result(counterparty)
    if not counterparty.owners:
        return result
    names = await _name_keys(counterparty)
    holdings = Holdings(counterparty, names.__getitem__)
    owners: list[OwnerResult] = []
    found: dict[str, tuple[Hit, ...]] = {}
    for key, party in holdings.owners.items():
        await give_turns()
        owner = await screener.in_full(party.asked)
        found[key] = owner.hits
        owners.append(_owner(owner.result, party, holdings))
    return CounterpartyResult(
        id=result.id,
        name=result.name,
        outcome=outcome_of(screener.coverage, result.warnings, result.hits, owners),
        total=result.total,
        hits=result.hits,
        left=result.left,
        parties=result.parties,
        parties_note=result.parties_note,
        warnings=result.warnings,
        ownership=await _ownership(screener, holdings, tuple(owners), found),
    )


async def _name_keys(counterparty: Counterparty) -> Mapping[str, str]:
    """Return the key of every name in the question."""
    names = (counterparty.name, *(place.owner.name for place in places(counterparty)))
    keys: dict[str, str] = {}
    for name in dict.fromkeys(names):
        await give_turns()
        keys[name] = name_key(name)
    return keys


def name_key(name: str) -> str:
    """Return a key shared by names that differ only in case, accents, script or legal form.

    Of the legal form only the spelling may differ.
    """
    form = normalise(name)
    return " ".join((*form.spelled, *form.legal_forms))


def _owner(result: CounterpartyResult, party: OwnerParty, holdings: Holdings) -> OwnerResult:
    return OwnerResult(
        id=result.id,
        name=result.name,
        outcome=result.outcome,
        total=result.total,
        hits=result.hits,
        left=result.left,
        parties=result.parties,
        parties_note=result.parties_note,
        warnings=result.warnings,
        holdings=tuple(
            Holding(
                at=place.path,
                owned=holdings.named(holdings.owned_at(place)),
                share=place.owner.share,
                control=place.owner.control,
            )
            for place in party.places
        ),
    )


async def _ownership(
    screener: Screener, holdings: Holdings, owners: tuple[OwnerResult, ...], found: _Hits
) -> OwnershipResult:
    board, question = screener.board, screener.question
    findings: list[OwnershipFinding] = []
    controlling: set[str] = set()
    for rule_id, test in sorted((await _rules(board, found)).items()):
        listed = await _listed(board, rule_id, holdings, found)
        verdict = judge(holdings, [key for key, each in listed.items() if each.counts], test)
        rule = board.one(rule_id, question.days)
        findings.append(_finding(rule, test, verdict, tuple(listed.values())))
        if test.control:
            controlling |= verdict.possible
    hit = [key for key, hits in found.items() if hits]
    return OwnershipResult(
        owners=owners,
        findings=tuple(sorted(findings, key=_place)),
        not_known=(
            *doubts(holdings, hit, controlling),
            *_on_conditions(board, findings),
            *_named_too(found, holdings),
            *_without_rule(board, found, holdings),
            *_not_looked_at(owners),
        ),
    )


async def _rules(board: MeasureBoard, found: _Hits) -> dict[str, OwnershipTest]:
    """Return the ownership rules that apply to any hit, with the test of each."""
    rules: set[str] = set()
    for hits in found.values():
        await give_turns()
        rules |= {
            measure.id for hit in hits for measure in hit.measures if measure.condition is not None
        }
    tests = {rule_id: board.register.get(rule_id).owns for rule_id in rules}
    return {rule_id: test for rule_id, test in tests.items() if test is not None}


async def _listed(
    board: MeasureBoard, rule_id: str, holdings: Holdings, found: _Hits
) -> dict[str, ListedOwner]:
    """Return the owners that have a listing to which the rule applies, by key."""
    listed: dict[str, ListedOwner] = {}
    for key, hits in found.items():
        await give_turns()
        listings = tuple(
            _listing(board, rule_id, hit)
            for hit in hits
            if rule_id in {measure.id for measure in hit.measures}
        )
        if listings:
            listed[key] = ListedOwner(
                owner=holdings.named(key),
                counts=any(each.counts for each in listings),
                listings=listings,
            )
    return listed


def _listing(board: MeasureBoard, rule_id: str, hit: Hit) -> ListingBehind:
    reasons = _reasons(board, rule_id, hit.measures)
    return ListingBehind(
        id=hit.listing.id,
        list_code=hit.listing.list_code,
        name=hit.listing.primary_name,
        score=hit.score,
        counts=any(FORCE[each.status] not in {"not_yet", "ended"} for each in reasons),
        measures=tuple(
            MeasureBehind(id=each.id, title=each.title, status=each.status) for each in reasons
        ),
    )


def _reasons(
    board: MeasureBoard, rule_id: str, measures: Collection[MeasureOnDay]
) -> tuple[MeasureOnDay, ...]:
    """Return the measures on the listed party itself that name the rule.

    If the rule reaches the listing without any of them, these are all measures that bind the
    party.
    """
    binding = [
        each
        for each in measures
        if each.condition is None and any(effect.kind != "easing" for effect in each.effect)
    ]
    naming = [each for each in binding if _names(board, each.id, rule_id)]
    return tuple(naming or binding)


def _names(board: MeasureBoard, measure_id: str, rule_id: str) -> bool:
    ownership = board.register.get(measure_id).ownership
    by = () if ownership is None else ownership.by
    return rule_id in {board.register.get(each).id for each in by}


def _finding(
    rule: MeasureOnDay,
    test: OwnershipTest,
    result: OwnershipVerdict,
    listed: tuple[ListedOwner, ...],
) -> OwnershipFinding:
    return OwnershipFinding(
        rule=rule,
        verdict=result.verdict,
        by_share=result.by_share,
        by_control=result.by_control,
        sum=result.sum,
        sum_at_most=result.sum_at_most,
        needed=test.share,
        bound=test.bound,
        aggregate=test.aggregate,
        listed=listed,
        chains=result.chains,
        chain_total=result.chain_total,
    )


def _place(finding: OwnershipFinding) -> tuple[bool, int, str]:
    rule = finding.rule
    return rule.status not in BITES, FURTHEST_FIRST.index(finding.verdict), rule.id


def _on_conditions(board: MeasureBoard, findings: Collection[OwnershipFinding]) -> Iterator[str]:
    """Yield what must hold for shares to add up, for rules where adding up decides."""
    for finding in findings:
        test = board.register.get(finding.rule.id).owns
        if test is not None and test.adds_up_if is not None and finding.verdict == "open":
            yield (
                f"Under {finding.rule.title} the shares of listed owners add up only if "
                f"{test.adds_up_if}: whether that holds is not known."
            )


def _without_rule(board: MeasureBoard, found: _Hits, holdings: Holdings) -> Iterator[str]:
    """Yield a sentence for each listed owner whose listing has no ownership rule.

    That the register has no rule does not mean that what the owner holds is free.
    """
    for key, hits in found.items():
        bare = [hit for hit in hits if not _has_a_rule(board, hit)]
        for code in dict.fromkeys(hit.listing.list_code for hit in bare):
            yield (
                f"{holdings.named(key).name} may be on {code}, for which the register has no "
                "ownership rule: whether that list reaches what it owns was not worked out."
            )


def _has_a_rule(board: MeasureBoard, hit: Hit) -> bool:
    return any(board.register.get(each.id).owns is not None for each in hit.measures)


def _named_too(found: _Hits, holdings: Holdings) -> Iterator[str]:
    """Yield a sentence for each entry that names subsidiaries itself, whatever a rule says."""
    for key, hits in found.items():
        for hit in hits:
            if hit.licence is not None and hit.licence.includes_subsidiaries:
                yield (
                    f"The entry of {hit.listing.primary_name} ({hit.listing.list_code}), which "
                    f"{holdings.named(key).name} may be, also names subsidiaries or units: "
                    "whether the counterparty is one of them is not known."
                )


def _not_looked_at(owners: Collection[OwnerResult]) -> Iterator[str]:
    for owner in owners:
        if owner.total > max(MAX_LIMIT, len(owner.hits)):
            yield (
                f"{owner.name} may be any of {owner.total:,} listings, and what some of them mean "
                "was not worked out; ask with a higher threshold."
            )
