"""Restrictions: the measures that name no company but reach a transaction, and those that may."""

import functools
from collections.abc import Iterator, Mapping, Sequence

from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.measures.measure import Measure, only_eases
from abeyance_screening.engine.measures.register.register import Register
from abeyance_screening.engine.measures.severity import severity
from abeyance_screening.engine.measures.status import MeasureOnDay, binds
from abeyance_screening.engine.screening.trade.goods import (
    EAR99,
    Comparer,
    Comparison,
    Numbering,
    Verdict,
    brief_question_of,
    question_of,
)
from abeyance_screening.engine.screening.trade.not_covered import not_covered_by, outcome_of
from abeyance_screening.engine.screening.trade.transaction import (
    OpenQuestion,
    ReachFact,
    RegimeNotCovered,
    Restriction,
    Restrictions,
    RestrictionsOutcome,
    Transaction,
)
from abeyance_screening.primitives.days import Days

# Pairs of days for which the result without a transaction is cached.
_CACHED_DAYS = 16
# Pairs of places, with a use, for which the measures between them are cached.
_CACHED_PLACES = 2_048
_ONLY_WORDS = (
    "An item given only in words was compared only with the words that measures name: an HS or "
    "control code decides whether they reach it."
)
_WHOSE_CODE = (
    "A control code was read as an entry of each authority's own list. China numbers its list in "
    "its own way, so a code that matches none of its entries decides nothing there: describe the "
    "goods."
)
_EAR99 = (
    "EAR99 means that an item is under US export rules and on no entry of the Commerce Control "
    "List. That rules out only US controls on entries of that list. It does not rule out "
    "embargoes, controls on all items or on an end use, or licences for listed parties, and it "
    "says nothing about the lists of other authorities: give an HS code, or the item's code in "
    "their list, as well."
)
_DUTIES = (
    "Customs duties are not covered: the register holds some additional duties and fees, most of "
    "them between the United States and China, but no tariff schedule, no list of exclusions, no "
    "anti-dumping or countervailing duties, and not all duties under Sections 232 and 301. That "
    "none is named does not mean that none is due."
)
# China numbers its control list in its own way; the others follow the Wassenaar list, as EU
# Annex I and the ECCNs do.
CHINA = "CN"
_NOWHERE = Comparison(Verdict.NOT_MET)
# It keeps the Commerce Control List, by which EAR99 is decided.
BIS = "BIS"


def restrictions_on(
    board: MeasureBoard, transaction: Transaction | None, days: Days
) -> Restrictions:
    """Return the measures that reach a transaction on a day, and those that may.

    What was not public on the day of knowledge is left out. Without a transaction everything is
    open; that result is cached, since it is the same for everybody.
    """
    if transaction is None:
        return _all_open(board, days)
    return _compared(board, transaction, days)


@functools.lru_cache(maxsize=_CACHED_DAYS)
def _all_open(board: MeasureBoard, days: Days) -> Restrictions:
    return _compared(board, None, days)


def _compared(board: MeasureBoard, transaction: Transaction | None, days: Days) -> Restrictions:
    asked = transaction or Transaction()
    public = _concerned(board, asked, days)
    met = [
        Restriction(measure=measure, facts=found.met)
        for measure, found in public
        if found.verdict is Verdict.MET
    ]
    live = tuple(each for each in met if each.measure.status != "ended")
    ask = brief_question_of if transaction is None else question_of
    open_questions = tuple(
        _question(measure, found.asks, ask(found.open))
        for measure, found in public
        if found.verdict is Verdict.OPEN and measure.status not in {"ended", "not_yet_made"}
    )
    missing = not_covered_by(board.register, asked, days.as_of)
    outcome = outcome_of(transaction, live, open_questions, missing, board.register)
    return Restrictions(
        as_of=days.as_of,
        known_at=days.known_at,
        transaction=transaction,
        summary=_summary(transaction, live, open_questions, missing, outcome),
        outcome=outcome,
        not_covered=missing,
        met=live,
        open_questions=open_questions,
        ended=tuple(each for each in met if each.measure.status == "ended"),
        notes=(*map(_missing, missing), _held(board.register.measures), *_notes(asked)),
    )


def _concerned(
    board: MeasureBoard, asked: Transaction, days: Days
) -> Sequence[tuple[MeasureOnDay, Comparison]]:
    """Return what reaches the transaction or may, by severity, if it was public on the day."""
    places = Transaction(origin=asked.origin, destination=asked.destination, end_use=asked.end_use)
    between = _between(board.register, places)
    found = dict(_compare(Comparer(asked), between, board.register.measures))
    compared = {each.id: _with_base(each, found, board.register) for each in between}
    concerned = [each for each in between if compared[each.id].verdict is not Verdict.NOT_MET]
    on_day = sorted(board.every(concerned, days), key=severity)
    return [(each, compared[each.id]) for each in on_day if each.status != "not_known"]


@functools.lru_cache(maxsize=_CACHED_PLACES)
def _between(register: Register, bare: Transaction) -> tuple[Measure, ...]:
    """Return the measures that places and use alone do not rule out, `bare` being without items.

    Most measures are about other places; which these are is the same for all goods.
    """
    comparer = Comparer(bare)
    return tuple(each for each in register.measures if comparer.may_be_under(each.reaches))


def _compare(
    comparer: Comparer, measures: Sequence[Measure], every: Sequence[Measure]
) -> Iterator[tuple[str, Comparison]]:
    """Yield the comparison of the transaction with each measure, by the measure's id.

    `every` are all measures: a control code is Chinese if any of China's names it.
    """
    in_china = (reach for each in every if each.jurisdiction == CHINA for reach in each.reaches)
    is_chinese = comparer.is_numbered_by(in_china)
    for measure in measures:
        numbering = _numbering_of(measure, is_chinese=is_chinese)
        yield measure.id, comparer.compare(measure.reaches, numbering)


def _numbering_of(measure: Measure, *, is_chinese: bool) -> Numbering:
    if measure.jurisdiction == CHINA and not is_chinese:
        return "own"
    return "ccl" if measure.authority == BIS else "shared"


def _with_base(
    measure: Measure, comparisons: Mapping[str, Comparison], register: Register
) -> Comparison:
    """Return how a measure reaches a transaction; an easing reaches no further than its base.

    The register is checked for easings that reach further than what they ease; one that came from
    a newer database is limited here.
    """
    own = comparisons[measure.id]
    if own.verdict is Verdict.NOT_MET or not only_eases(measure):
        return own
    bases = (comparisons.get(register.get(each).id, _NOWHERE).verdict for each in measure.eases)
    best = max(bases, default=Verdict.NOT_MET)
    return own if best is not Verdict.NOT_MET else Comparison(Verdict.NOT_MET)


def _question(measure: MeasureOnDay, asks: tuple[ReachFact, ...], question: str) -> OpenQuestion:
    return OpenQuestion(
        id=measure.id,
        title=measure.title,
        jurisdiction=measure.jurisdiction,
        as_of=measure.as_of,
        status=measure.status,
        effect=tuple(dict.fromkeys(each.kind for each in measure.effect)),
        asks=asks,
        question=question,
    )


def _summary(
    transaction: Transaction | None,
    met: Sequence[Restriction],
    open_questions: Sequence[OpenQuestion],
    missing: Sequence[RegimeNotCovered],
    outcome: RestrictionsOutcome,
) -> str:
    may = len(open_questions)
    if transaction is None:
        return (
            f"No transaction was described. Measures on goods, places or end uses that may reach "
            f"one: {may}. They affect no outcome."
        )
    binding = sum(binds(each.measure.status) for each in met)
    reach = (
        f"Measures on goods, places or end uses that reach what was described: {len(met)}, "
        f"binding on the day: {binding}. Measures that may, depending on facts not given: {may}."
    )
    if missing:
        known = len(missing)
        return f"{reach} Rules known between these places that are not in the register: {known}."
    if outcome == "none_known":
        return f"{reach} Nothing is known of it, which is no permission."
    return reach


def _held(measures: Sequence[Measure]) -> str:
    """Return what the answer rests on: a silent register does not make the trade free."""
    with_reach = [each for each in measures if each.reaches]
    places = ", ".join(sorted({each.jurisdiction for each in with_reach}))
    return (
        f"Compared with the {len(with_reach)} measures on goods, places or end uses in the "
        f"register, of {places}. It contains no control list as a whole: if no measure reaches a "
        "transaction, that does not mean that the transaction is free of restrictions."
    )


def _missing(regime: RegimeNotCovered) -> str:
    """Return that rules are known and were not compared, in a sentence."""
    goods = f" on {', '.join(regime.goods)}" if regime.goods else ""
    return (
        f"Not covered: {regime.act} ({regime.jurisdiction}) has rules{goods} between these places "
        "that are not in the register. Read the act."
    )


def _notes(transaction: Transaction) -> Iterator[str]:
    """Yield what the comparison could not take into account."""
    if transaction.origin is None or transaction.origin != transaction.destination:
        yield _DUTIES
    if any(item.hs is None and item.control_code is None for item in transaction.items):
        yield _ONLY_WORDS
    if any(item.control_code not in {None, EAR99} for item in transaction.items):
        yield _WHOSE_CODE
    if any(item.control_code == EAR99 for item in transaction.items):
        yield _EAR99
