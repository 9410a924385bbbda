"""What is known to restrict a transaction and is not in the register, and the outcome.

That is a regime whose act is in no measure, or an annex of which a part was not read.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache

import msgspec

from abeyance_screening.engine.measures.annexes.index import GoodsAnnex, shipped_annexes
from abeyance_screening.engine.measures.measure import only_eases
from abeyance_screening.engine.measures.reach import Reach
from abeyance_screening.engine.measures.regimes import GoodsKind, Regime, Regimes, regimes
from abeyance_screening.engine.measures.register.register import Register
from abeyance_screening.engine.measures.severity import (
    MILD,
    demanded_by_law,
    grade_rank,
    gravest_of,
)
from abeyance_screening.engine.measures.status import MeasureOnDay
from abeyance_screening.engine.measures.status_table import is_over
from abeyance_screening.engine.screening.trade.goods import Comparison, rests_on_annexes
from abeyance_screening.engine.screening.trade.items import Description, Verdict, compare_hs
from abeyance_screening.engine.screening.trade.transaction import (
    Item,
    OpenQuestion,
    RegimeNotCovered,
    Restriction,
    RestrictionsOutcome,
    Transaction,
)
from abeyance_screening.primitives.structs import copy_as


def kinds_of(items: Iterable[Item], known: Regimes) -> frozenset[str] | None:
    """Return the kinds of goods that these items may be of; None if they may be of any.

    An HS code tells the kinds that it may belong to, and a description those that it names; what
    names no kind may be of any, and so may everything under a control code.
    """
    found: set[str] = set()
    for item in items:
        kinds = _kinds_of(item, known)
        if not kinds:
            return None
        found |= kinds
    return frozenset(found) or None


def not_covered_by(
    register: Register, transaction: Transaction, day: date
) -> tuple[RegimeNotCovered, ...]:
    """Return the regimes that a transaction may be under on a day and that no measure carries.

    A regime of which the register at hand has no measure counts as one that nothing carries.
    Without both places nothing is returned.
    """
    known = regimes()
    return tuple(
        _shown(each, known)
        for each in _between(transaction, known)
        if each.runs_on(day) and not _is_carried(each, register)
    )


# Nothing but an annex, whatever goods it can list at all.
_ANY = Reach()


def annexes_behind(found: Comparison) -> tuple[tuple[Reach, ...], tuple[str, ...]]:
    """Return the open reaches that rest on annexes of customs codes alone, and these annexes.

    A reach of which an annex may list the goods is left out: that can be asked.
    """
    named = {row.annex for row in found.rows}
    resting = tuple(
        each
        for each in found.open
        if rests_on_annexes(each)
        and msgspec.structs.replace(each, annexes=(), goods=(), items=()) == _ANY
        and named.isdisjoint(each.annexes)
        and all(map(_has_customs_codes, each.annexes))
    )
    return resting, tuple(
        dict.fromkeys(annex for each in resting for annex in each.annexes if annex in found.looked)
    )


def by_code_alone(annexes: Iterable[str]) -> tuple[str, ...]:
    """Return those of these annexes that go by customs codes, not by descriptions of goods."""
    return tuple(each for each in annexes if not shipped_annexes().is_by_description(each))


def annexes_not_covered(
    resting: Sequence[tuple[MeasureOnDay, Sequence[str]]], met: Sequence[MeasureOnDay]
) -> Iterator[RegimeNotCovered]:
    """Yield the annexes that are not at hand whole and may list the goods, each once.

    `resting` are measures with the annexes that decide them. Where a law that binds is met, an
    annex of the same law that demands no more is left out, and so is one for checks alone.
    """
    demanded, annexes = demanded_by_law(met), shipped_annexes().annexes
    told: set[str] = set()
    for measure, ids in resting:
        grade = grade_rank(gravest_of(measure))
        if grade >= MILD or demanded.get(measure.jurisdiction, grade + 1) <= grade:
            continue
        lists = (annexes[each] for each in ids if each not in told)
        for annex in (each for each in lists if each.role == "ban" and not each.whole):
            told.add(annex.id)
            yield RegimeNotCovered(
                id=annex.id,
                jurisdiction=measure.jurisdiction,
                act=annex.title,
                goods=(),
                url=annex.url,
                note=_note(annex),
                measure=measure.id,
            )


def _note(annex: GoodsAnnex) -> str:
    """Return what of an annex was read, if anything was, and what is missing."""
    read = f"Read so far: {annex.edition}. " if annex.confidence != "not_read" else ""
    return f"{read}Not at hand: {annex.missing}."


def _has_customs_codes(annex: str) -> bool:
    index = shipped_annexes()
    return index.has_customs_codes(annex) or not index.is_known_to_list(annex)


def outcome_of(
    transaction: Transaction | None,
    met: Sequence[Restriction],
    open_questions: Sequence[OpenQuestion],
    missing: Sequence[RegimeNotCovered],
    register: Register,
) -> RestrictionsOutcome:
    """Return the outcome: the strictest that holds, and `none_known` only if nothing else does.

    Goods of which only words are known are open as long as any regime between the two places
    may be about them: words can find a measure, and never rule one out. For the same reason a
    regime on some kinds of goods makes goods of no known kind open, and not `not_covered`.
    """
    if any(_restricts(each, register) for each in met):
        return "met"
    is_told = transaction is not None and kinds_of(transaction.items, regimes()) is not None
    if any(is_told or not each.goods for each in missing):
        return "not_covered"
    if missing or open_questions or transaction is None or _is_half_told(transaction):
        return "open"
    return "none_known"


def _is_half_told(transaction: Transaction) -> bool:
    """Return whether a place is missing, or goods told only in words may be under a regime."""
    if transaction.origin is None or transaction.destination is None:
        return True
    coded = bool(transaction.items) and all(
        each.hs is not None or each.control_code is not None for each in transaction.items
    )
    return not coded and any(_between(transaction, regimes()))


def _kinds_of(item: Item, known: Regimes) -> set[str]:
    if item.control_code is not None:
        return set()
    if item.hs is not None:
        return {each.id for each in known.kinds if _may_be(item.hs, each)}
    if item.description is None:
        return set()
    printed = Description(item.description)
    return {each.id for each in known.kinds if any(map(printed.has, each.words))}


@cache
def _may_be(hs: str, kind: GoodsKind) -> bool:
    return any(compare_hs(hs, each) is not Verdict.NOT_MET for each in kind.hs)


def _between(transaction: Transaction, known: Regimes) -> Iterator[Regime]:
    origin, destination = transaction.origin, transaction.destination
    if origin is None or destination is None:
        return iter(())
    return known.between(origin, destination, kinds_of(transaction.items, known))


def _is_carried(regime: Regime, register: Register) -> bool:
    return any(register.has(each) for each in regime.measures)


def _shown(regime: Regime, known: Regimes) -> RegimeNotCovered:
    return copy_as(
        RegimeNotCovered,
        regime,
        goods=tuple(known.kind_by_id[each].name for each in regime.kinds),
        url=regime.source,
        measure=None,
    )


def _restricts(restriction: Restriction, register: Register) -> bool:
    """Return whether a measure restricts; one that is suspended or only announced does too."""
    measure = restriction.measure
    is_made = measure.status != "not_yet_made" and not is_over(measure.status)
    return is_made and not only_eases(register.get(measure.id))
