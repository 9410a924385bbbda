"""Owners: screen those of a counterparty, and find what it means if one of them is listed.

First the listed owners are found, and the ownership rules that apply to them; then it is weighed
how far these owners reach.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType

import msgspec

from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.measures.measure import OwnershipTest
from abeyance_screening.engine.measures.status import MeasureOnDay
from abeyance_screening.engine.measures.status_table import binds, facts_of
from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.screening.answer import (
    CounterpartyResult,
    Hit,
    OwnerResult,
    OwnershipResult,
    outcome_of,
)
from abeyance_screening.engine.screening.answer_sentence import told
from abeyance_screening.engine.screening.ownership_findings import (
    Holding,
    ListedOwner,
    ListingBehind,
    MeasureBehind,
    OwnershipChain,
    OwnershipFinding,
    OwnershipStep,
    Verdict,
)
from abeyance_screening.engine.screening.question import (
    COUNTERPARTY,
    MAX_LIMIT,
    NOTHING,
    WHOLE_SHARE,
    Counterparty,
    Holdings,
    OwnerParty,
    Stake,
    places,
)
from abeyance_screening.engine.screening.screen import Screener
from abeyance_screening.primitives.fair_scheduler import give_turns
from abeyance_screening.primitives.structs import copy_as

FURTHEST_FIRST: tuple[Verdict, ...] = ("met", "open", "not_met")
# More chains than this are counted but not shown.
MAX_CHAINS = 100
# How many of a party's names or ids a sentence gives.
_SHOWN = 5

type _Hits = Mapping[str, tuple[Hit, ...]]
"""All hits of each owner, by the owner's key."""


class GroupWeight(msgspec.Struct, frozen=True, kw_only=True):
    """What a group of listed owners amounts to; see `OwnershipFinding`.

    `certain` are the parties that count as owners, including the listed ones; `possible` are those
    that may count, given what is not stated.
    """

    by_share: Verdict
    by_control: Verdict
    sum: Decimal
    sum_at_most: Decimal | None
    certain: frozenset[str]
    possible: frozenset[str]


class OwnershipVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict and how it was reached; see `OwnershipFinding`.

    `possible` are the parties that count or may count as owners, by their keys.
    """

    verdict: Verdict
    by_share: Verdict
    by_control: Verdict | None
    sum: Decimal
    sum_at_most: Decimal | None
    chains: tuple[OwnershipChain, ...]
    chain_total: int
    possible: frozenset[str]


async def result_with_owners(screener: Screener, counterparty: Counterparty) -> CounterpartyResult:
    """Return the counterparty's answer, with what its owners mean for it if it names any.

    Between two steps of the work other work gets its turn.
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
    whole = msgspec.structs.replace(
        result,
        outcome=outcome_of(screener.coverage, result.warnings, result.hits, owners),
        ownership=await _ownership(screener, holdings, tuple(owners), found),
    )
    return told(whole, screener.scope)


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
    return copy_as(
        OwnerResult,
        result,
        answer=None,
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
        counts=any(facts_of(each.status).force not in {"not_yet", "ended"} for each in reasons),
        measures=tuple(
            MeasureBehind(id=each.id, title=each.title, status=each.status) for each in reasons
        ),
    )


def _reasons(
    board: MeasureBoard, rule_id: str, measures: Collection[MeasureOnDay]
) -> tuple[MeasureOnDay, ...]:
    """Return the listed party's own measures that name the rule, else all that bind it."""
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
    return copy_as(
        OwnershipFinding,
        result,
        rule=rule,
        needed=test.share,
        bound=test.bound,
        aggregate=test.aggregate,
        listed=listed,
    )


def _place(finding: OwnershipFinding) -> tuple[bool, int, str]:
    rule = finding.rule
    return not binds(rule.status), FURTHEST_FIRST.index(finding.verdict), rule.id


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
    """Yield a sentence on each listed owner without a rule: what it holds may not be free."""
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


# --- Weigh: how far the listed owners reach through what they hold.
#
# A party that meets the test counts as an owner with everything it holds; shares are never
# multiplied. So X with half of A, which has half of B, reaches B, and X with 40 percent of A does
# not. Only what starts at a listed owner counts: owners that hold each other prove nothing.


class _Reading(msgspec.Struct, frozen=True):
    """A reading of a test: if `doubtful`, whatever is not stated may be enough for it.

    `rests` are then what of each party the stated shares do not account for. Where an owner that
    counts holds anything of a party, it may hold that rest as well, itself or through others.

    Source: 15 CFR part 732, supplement 3, Red Flag 29 (90 FR 47201): anybody who knows of a
    listed owner but not how much it owns has to find out or to apply for a licence.
    """

    test: OwnershipTest
    doubtful: bool
    rests: Mapping[str, Decimal] = MappingProxyType({})

    def by_share(self, stake: Stake, held: Decimal) -> bool:
        """Return whether what counting owners hold of a party is enough, this stake included."""
        if self.doubtful and not stake.complete:
            return True
        if held > NOTHING:
            held += self.rests.get(stake.owned, NOTHING)
        needed = self.test.share
        return held >= needed if self.test.bound == "at_least" else held > needed

    def by_control(self, stake: Stake) -> bool:
        """Return whether the stake is one that controls."""
        stated = stake.control is True
        return self.test.control and (stated or (self.doubtful and stake.control is None))

    def by_either(self, stake: Stake, held: Decimal) -> bool:
        """Return whether the party is reached by share or by control."""
        return self.by_share(stake, held) or self.by_control(stake)

    def holds(self, stake: Stake) -> bool:
        """Return whether there is anything in the stake to pass on."""
        return stake.share > NOTHING or (self.doubtful and not stake.complete)


class _Spread(msgspec.Struct, frozen=True):
    """The parties that count, and how much of each party those hold together."""

    reached: frozenset[str]
    held: Mapping[str, Decimal]


type _Way = tuple[Stake, ...]


def furthest(verdicts: Collection[Verdict]) -> Verdict:
    """Return the strictest verdict, met before open before not met; without any, not met."""
    return min(verdicts, key=FURTHEST_FIRST.index) if verdicts else "not_met"


def weigh(holdings: Holdings, listed: Collection[str], test: OwnershipTest) -> GroupWeight:
    """Return what these listed owners amount to together; the counterparty is none of them."""
    sure = _Reading(test, doubtful=False)
    doubtful = _Reading(test, doubtful=True, rests=holdings.rests)
    shares = _spread(holdings, listed, sure.by_share)
    at_most = _spread(holdings, listed, doubtful.by_share)
    certain = _spread(holdings, listed, sure.by_either)
    possible = _spread(holdings, listed, doubtful.by_either)
    return GroupWeight(
        by_share=_verdict(shares.reached, at_most.reached),
        by_control=_verdict(
            _by_help_of_control(holdings, listed, certain, sure),
            _by_help_of_control(holdings, listed, possible, doubtful),
        ),
        sum=shares.held.get(COUNTERPARTY, NOTHING),
        sum_at_most=_bounded(holdings, at_most),
        certain=certain.reached,
        possible=possible.reached,
    )


def chains(
    holdings: Holdings, listed: Collection[str], weighed: GroupWeight, test: OwnershipTest
) -> Iterator[OwnershipChain]:
    """Yield the best way for each listed owner and each direct owner of the counterparty.

    The best is a way on which every party counts, else one on which every party may count, else
    any; of these the shortest. A way ends at the next listed owner, which needs no owner before
    it.
    """
    scopes: tuple[tuple[Verdict, Collection[str]], ...] = (
        ("met", weighed.certain - set(listed)),
        ("open", weighed.possible - set(listed)),
        ("not_met", holdings.owners.keys() - set(listed)),
    )
    for owner in listed:
        shown: set[str] = set()
        for counts, through in scopes:
            for way in _ways(holdings, owner, through, control=test.control):
                if way[-1].owner not in shown:
                    shown.add(way[-1].owner)
                    yield _chain(holdings, counts, way)


def judge(holdings: Holdings, listed: Collection[str], test: OwnershipTest) -> OwnershipVerdict:
    """Return whether the counterparty is reached; `listed` are the keys of owners that count.

    A rule that adds up considers them together, any other each alone. If it adds up only on a
    condition, what is met by adding up alone stays open.
    """
    together = _judge(holdings, listed, test)
    if test.adds_up_if is None or together.verdict != "met":
        return together
    alone = _judge(holdings, listed, msgspec.structs.replace(test, aggregate=False))
    if alone.verdict == "met":
        return together
    return msgspec.structs.replace(together, verdict="open", by_share="open")


def doubts(
    holdings: Holdings, listed: Collection[str], controlling: Collection[str]
) -> Iterator[str]:
    """Yield what would have to be found out, for each party first what is held of it.

    `listed` are the owners that may be on a list. `controlling` are those that count, or may
    count, for a rule that asks for control: for the others control makes no difference.
    """
    for key in dict.fromkeys((COUNTERPARTY, *holdings.owners)):
        stakes = holdings.into(key)
        yield from _of_sum(holdings, key, stakes)
        for stake in stakes:
            yield from _of_stake(holdings, stake)
            if stake.control is None and stake.owner in controlling:
                owner, owned = _both(holdings, stake)
                yield f"Whether {owner} controls {owned} by other means is not stated."
        if key != COUNTERPARTY:
            yield from _of_owner(holdings.owners[key], is_listed=key in listed, stakes=stakes)
    yield from _loops(holdings)


def _spread(
    holdings: Holdings, listed: Collection[str], reaches: Callable[[Stake, Decimal], bool]
) -> _Spread:
    """Follow holdings from the listed owners; the counterparty passes nothing on."""
    reached: set[str] = set()
    held: defaultdict[str, Decimal] = defaultdict(Decimal)
    waiting = list(listed)
    while waiting:
        owner = waiting.pop()
        if owner in reached:
            continue
        reached.add(owner)
        for stake in _passed_on(holdings, owner):
            held[stake.owned] += stake.share
            if reaches(stake, held[stake.owned]):
                waiting.append(stake.owned)
    return _Spread(frozenset(reached), held)


def _passed_on(holdings: Holdings, owner: str) -> tuple[Stake, ...]:
    return () if owner == COUNTERPARTY else holdings.of(owner)


def _verdict(certain: Collection[str], possible: Collection[str]) -> Verdict:
    if COUNTERPARTY in certain:
        return "met"
    return "open" if COUNTERPARTY in possible else "not_met"


def _by_help_of_control(
    holdings: Holdings, listed: Collection[str], spread: _Spread, reading: _Reading
) -> set[str]:
    """Return the reached parties that control, anywhere on the way, helped to reach."""
    helped: set[str] = set()
    waiting = [
        stake.owned
        for owner in spread.reached
        for stake in _passed_on(holdings, owner)
        if reading.by_control(stake)
    ]
    while waiting:
        party = waiting.pop()
        if party in helped or party in listed:
            continue
        helped.add(party)
        waiting += [
            stake.owned
            for stake in _passed_on(holdings, party)
            if reading.holds(stake) and _is_enough(holdings, stake.owned, spread, reading)
        ]
    return helped


def _is_enough(holdings: Holdings, owned: str, spread: _Spread, reading: _Reading) -> bool:
    counting = (stake for stake in holdings.into(owned) if stake.owner in spread.reached)
    return any(reading.by_share(stake, spread.held[owned]) for stake in counting)


def _bounded(holdings: Holdings, at_most: _Spread) -> Decimal | None:
    counting = [stake for stake in holdings.into(COUNTERPARTY) if stake.owner in at_most.reached]
    if all(stake.complete for stake in counting):
        held = at_most.held.get(COUNTERPARTY, NOTHING)
        rest = holdings.rests.get(COUNTERPARTY, NOTHING)
        return held + rest if held > NOTHING else held
    return None


def _ways(
    holdings: Holdings, start: str, through: Collection[str], *, control: bool
) -> Iterator[_Way]:
    """Yield the shortest way to the counterparty through each of its direct owners."""
    waiting: deque[tuple[str, _Way]] = deque([(start, ())])
    seen = {start}
    while waiting:
        owner, way = waiting.popleft()
        for stake in holdings.of(owner):
            if not _is_any(stake, control=control):
                continue
            if stake.owned == COUNTERPARTY:
                yield *way, stake
            elif stake.owned in through and stake.owned not in seen:
                seen.add(stake.owned)
                waiting.append((stake.owned, (*way, stake)))


def _is_any(stake: Stake, *, control: bool) -> bool:
    """Return whether a stake has, or may have, anything that the rule considers."""
    may_control = control and stake.control is not False
    return stake.share > NOTHING or not stake.complete or may_control


def _chain(holdings: Holdings, counts: Verdict, way: _Way) -> OwnershipChain:
    return OwnershipChain(
        owner=holdings.named(way[0].owner),
        counts=counts,
        steps=tuple(_step(holdings, stake) for stake in way),
    )


def _step(holdings: Holdings, stake: Stake) -> OwnershipStep:
    return OwnershipStep(
        owner=holdings.named(stake.owner),
        share=stake.share if stake.complete or stake.share > NOTHING else None,
        complete=stake.complete,
        control=stake.control,
        owned=holdings.named(stake.owned),
    )


def _judge(holdings: Holdings, listed: Collection[str], test: OwnershipTest) -> OwnershipVerdict:
    starts = sorted(set(listed) - {COUNTERPARTY})
    groups = [starts] if test.aggregate else [[start] for start in starts]
    weighed = [weigh(holdings, group, test) for group in groups]
    by_share = furthest([each.by_share for each in weighed])
    by_control = furthest([each.by_control for each in weighed])
    found = [
        chain
        for group, each in zip(groups, weighed, strict=True)
        for chain in chains(holdings, group, each, test)
    ]
    return OwnershipVerdict(
        verdict=furthest([by_share, by_control]),
        by_share=by_share,
        by_control=by_control if test.control else None,
        sum=max((each.sum for each in weighed), default=NOTHING),
        sum_at_most=_at_most(weighed),
        chains=tuple(sorted(found, key=_place_of_chain)[:MAX_CHAINS]),
        chain_total=len(found),
        possible=frozenset(key for each in weighed for key in each.possible),
    )


def _at_most(weighed: Collection[GroupWeight]) -> Decimal | None:
    bounds = [each.sum_at_most for each in weighed]
    known = [bound for bound in bounds if bound is not None]
    return max(known, default=NOTHING) if len(known) == len(bounds) else None


def _place_of_chain(chain: OwnershipChain) -> tuple[int, int, tuple[str, ...]]:
    """Return a sort key: those that count first, the shorter before the longer, then by name."""
    names = tuple(step.owner.name for step in chain.steps)
    return FURTHEST_FIRST.index(chain.counts), len(chain.steps), names


def _of_sum(holdings: Holdings, key: str, stakes: Collection[Stake]) -> Iterator[str]:
    stated = sum((stake.share for stake in stakes), NOTHING)
    owned = holdings.named(key).name
    if stakes and stated < WHOLE_SHARE:
        rest = _percent(WHOLE_SHARE - stated)
        yield (
            f"The stated shares of {owned} add up to {_percent(stated)}: "
            f"{rest} is not accounted for."
        )
    elif stated > WHOLE_SHARE:
        yield f"The stated shares of {owned} add up to {_percent(stated)}, more than there is."


def _percent(share: Decimal) -> str:
    return f"{share.normalize():f} %"


def _of_stake(holdings: Holdings, stake: Stake) -> Iterator[str]:
    owner, owned = _both(holdings, stake)
    if not stake.complete and stake.share == NOTHING:
        yield f"What share of {owned} {owner} holds is not stated."
    elif not stake.complete:
        share = _percent(stake.share)
        yield f"{owner} holds {share} of {owned} and a further share that is not stated."
    if stake.conflicting:
        yield (
            f"What {owner} holds of {owned} is stated in different ways; the largest share, "
            f"{_percent(stake.share)}, was used, and control where it is stated anywhere."
        )


def _both(holdings: Holdings, stake: Stake) -> tuple[str, str]:
    return holdings.named(stake.owner).name, holdings.named(stake.owned).name


def _of_owner(party: OwnerParty, *, is_listed: bool, stakes: Collection[Stake]) -> Iterator[str]:
    if len(party.names) > 1:
        yield f"{_some(party.names)} were treated as one party, by id or by name."
    if len(party.ids) > 1:
        yield (
            f"Whether {party.named.name} without an id is the one with the id "
            f"{_some(party.ids, ' or ')} is not known; all were treated as one party."
        )
    if not stakes and not is_listed and party.asked.entity_type != "person":
        yield f"Who owns {party.named.name} is not stated."


def _some(words: tuple[str, ...], between: str = ", ") -> str:
    """Return the first few words; a party may have hundreds of names."""
    more = len(words) - _SHOWN
    return between.join(words[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _loops(holdings: Holdings) -> Iterator[str]:
    """Yield one sentence for each loop, naming its parties in the order of the question."""
    reached = {key: _owned_by(holdings, key) for key in (COUNTERPARTY, *holdings.owners)}
    seen: set[str] = set()
    for key, owned in reached.items():
        if key in owned and key not in seen:
            loop = [other for other in reached if other in owned and key in reached[other]]
            seen.update(loop)
            names = ", ".join(holdings.named(each).name for each in loop)
            yield f"{names}: a loop of ownership, which by itself proves nothing."


def _owned_by(holdings: Holdings, key: str) -> set[str]:
    """Return everything a party owns, directly or through others."""
    found: set[str] = set()
    waiting = [key]
    while waiting:
        for stake in holdings.of(waiting.pop()):
            if stake.owned not in found:
                found.add(stake.owned)
                waiting.append(stake.owned)
    return found
