"""Restrictions: the measures that name no company but reach a transaction, and those that may."""

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from abeyance_screening.engine.measures.annexes.index import GoodsAnnex, shipped_titles
from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.measures.measure import Measure, only_eases
from abeyance_screening.engine.measures.register.register import Register
from abeyance_screening.engine.measures.severity import severity
from abeyance_screening.engine.measures.status import MeasureOnDay
from abeyance_screening.engine.measures.status_table import binds, may_be_used
from abeyance_screening.engine.screening.trade.goods import Comparer, Comparison
from abeyance_screening.engine.screening.trade.items import EAR99, Numbering, Verdict
from abeyance_screening.engine.screening.trade.lines import with_easings
from abeyance_screening.engine.screening.trade.not_covered import (
    annexes_behind,
    annexes_not_covered,
    by_code_alone,
    not_covered_by,
    outcome_of,
)
from abeyance_screening.engine.screening.trade.open_questions import (
    MOST_QUESTIONS,
    OpenMeasure,
    question_on,
    questions_on,
)
from abeyance_screening.engine.screening.trade.questions import brief_question_of
from abeyance_screening.engine.screening.trade.transaction import (
    AnnexLooked,
    OpenQuestion,
    QuestionExtent,
    RegimeNotCovered,
    Restriction,
    Restrictions,
    RestrictionsOutcome,
    Transaction,
)
from abeyance_screening.primitives.days import Days
from abeyance_screening.primitives.structs import copy_as

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
_UNDATED = (
    "The first day of a code was not read in every annex. Such a code counts from the first day "
    "of its act, which may be too early:"
)
_NOT_WHOLE = (
    "Not covered: these lists do not have the code as far as they were read, and are not at hand "
    "whole, so look it up in the act:"
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
    board: MeasureBoard,
    transaction: Transaction | None,
    days: Days,
    questions: QuestionExtent = "first",
) -> Restrictions:
    """Return the measures that reach a transaction on a day, and those that may.

    What was not public on the day of knowledge is left out. Without a transaction everything is
    open; that result is cached, since it is the same for everybody.
    """
    if transaction is None:
        return _all_open(board, days, questions)
    return _compared(board, transaction, days, questions)


@functools.lru_cache(maxsize=_CACHED_DAYS)
def _all_open(board: MeasureBoard, days: Days, questions: QuestionExtent) -> Restrictions:
    return _compared(board, None, days, questions)


def _compared(
    board: MeasureBoard, transaction: Transaction | None, days: Days, questions: QuestionExtent
) -> Restrictions:
    register, described = board.register, transaction or Transaction()
    concerned = _concerned(board, described, days)
    public = [each for each in concerned if each[1].verdict is not Verdict.NOT_MET]
    met = [each for each in public if each[1].verdict is Verdict.MET]
    live = [each for each in met if each[0].status != "ended"]
    reached = [measure for measure, _ in live]
    opened = _opened(public, register, is_described=transaction is not None)
    reaching = with_easings(live, opened, register)
    opened, resting = _parted(transaction, opened)
    asked = _questions_in_order(transaction, opened, reached)
    shown = asked if questions == "all" else asked[:MOST_QUESTIONS]
    regimes = not_covered_by(register, described, days.as_of)
    missing = (*regimes, *annexes_not_covered(resting, reached))
    outcome = outcome_of(transaction, reaching, asked, missing, register)
    return Restrictions(
        as_of=days.as_of,
        known_at=days.known_at,
        transaction=transaction,
        summary=_summary(reaching, len(opened), missing, outcome, transaction),
        outcome=outcome,
        not_covered=missing,
        met=reaching,
        open_questions=shown,
        more_questions=len(asked) - len(shown),
        looked_through=_looked_through(concerned),
        ended=tuple(
            Restriction(measure=measure, facts=found.met)
            for measure, found in met
            if measure.status == "ended"
        ),
        notes=(
            *_missing(missing),
            _held(register.measures),
            *_undated(reaching),
            *_notes(described),
        ),
    )


def _concerned(
    board: MeasureBoard, asked: Transaction, days: Days
) -> Sequence[tuple[MeasureOnDay, Comparison]]:
    """Return how the transaction compares with what the places leave, by severity.

    What was not public on the day is left out, and so is what neither reaches it nor has annexes
    that were looked through for it.
    """
    places = Transaction(origin=asked.origin, destination=asked.destination, end_use=asked.end_use)
    between = _between(board.register, places)
    comparer = Comparer(asked, days.as_of)
    found = dict(_compare(comparer, between, board.register.measures))
    compared = {each.id: _with_base(each, found, board.register) for each in between}
    concerned = [
        each
        for each in between
        if compared[each.id].verdict is not Verdict.NOT_MET or compared[each.id].looked
    ]
    on_day = sorted(board.every(concerned, days), key=severity)
    return [(each, compared[each.id]) for each in on_day if each.status != "not_known"]


@functools.lru_cache(maxsize=_CACHED_PLACES)
def _between(register: Register, bare: Transaction) -> tuple[Measure, ...]:
    """Return the measures that places and use do not rule out, `bare` being without items."""
    comparer = Comparer(bare)
    return tuple(each for each in register.measures if comparer.may_be_under(each.reaches))


def _opened(
    public: Sequence[tuple[MeasureOnDay, Comparison]], register: Register, *, is_described: bool
) -> list[OpenMeasure]:
    """Return the measures that may reach a transaction, and are of any weight on the day.

    A licence or exception is asked about only where something that it loosens is met.
    """
    met = {measure.id for measure, found in public if found.verdict is Verdict.MET}
    opened = list[OpenMeasure]()
    for measure, found in public:
        if found.verdict is not Verdict.OPEN or measure.status in {"ended", "not_yet_made"}:
            continue
        record = register.get(measure.id)
        is_easing = only_eases(record)
        if is_easing and is_described:
            bases = {register.get(each).id for each in record.eases}
            if bases.isdisjoint(met) or not may_be_used(measure.status):
                continue
        opened.append(OpenMeasure(measure, found, is_easing))
    return opened


def _parted(
    transaction: Transaction | None, opened: Sequence[OpenMeasure]
) -> tuple[list[OpenMeasure], list[tuple[MeasureOnDay, Sequence[str]]]]:
    """Return what can be asked, and the measures that rest on annexes alone, with these annexes.

    Whether an annex lists a code is no question to a person: if it is not at hand whole, nobody
    can answer. Only the code of goods that are told in words can be asked for. An annex that
    describes goods is not told beside another question on the same measure, which describes them.
    """
    items = () if transaction is None else transaction.items
    is_coded = bool(items) and all(each.hs is not None for each in items)
    asked, resting = list[OpenMeasure](), list[tuple[MeasureOnDay, Sequence[str]]]()
    for each in opened:
        reaches, annexes = annexes_behind(each.found)
        if transaction is None or each.is_easing or not annexes:
            asked.append(each)
            continue
        rest = tuple(reach for reach in each.found.open if reach not in reaches)
        if rest:
            found = msgspec.structs.replace(each.found, open=rest)
            asked.append(OpenMeasure(each.measure, found))
        if is_coded:
            resting.append((each.measure, by_code_alone(annexes) if rest else annexes))
        elif not is_coded:
            found = msgspec.structs.replace(each.found, open=reaches, asks=("item",), near=False)
            asked.append(OpenMeasure(each.measure, found, annexes=annexes))
    return asked, resting


def _looked_through(
    concerned: Sequence[tuple[MeasureOnDay, Comparison]],
) -> tuple[AnnexLooked, ...]:
    measures: dict[str, list[str]] = {}
    for measure, comparison in concerned:
        for annex_id in comparison.looked:
            measures.setdefault(annex_id, []).append(measure.id)
    annexes: Mapping[str, GoodsAnnex] = shipped_titles() if measures else {}
    return tuple(
        copy_as(
            AnnexLooked,
            annexes[key],
            annex=key,
            missing=annexes[key].missing or None,
            measures=tuple(of),
        )
        for key, of in sorted(measures.items())
    )


def _questions_in_order(
    transaction: Transaction | None, opened: Sequence[OpenMeasure], met: Sequence[MeasureOnDay]
) -> tuple[OpenQuestion, ...]:
    if transaction is None:
        return tuple(question_on(each, brief_question_of(each.found.open)) for each in opened)
    return questions_on(transaction, opened, met)


def _compare(
    comparer: Comparer, measures: Sequence[Measure], every: Sequence[Measure]
) -> Iterator[tuple[str, Comparison]]:
    """Yield how each measure compares; a control code is Chinese if any of China's names it."""
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


def _summary(
    met: Sequence[Restriction],
    may: int,
    missing: Sequence[RegimeNotCovered],
    outcome: RestrictionsOutcome,
    transaction: Transaction | None,
) -> str:
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
        known = f"not in the register, or not whole: {len(missing)}"
        return f"{reach} Rules and lists known between these places that are {known}."
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


def _missing(every: Sequence[RegimeNotCovered]) -> Iterator[str]:
    """Yield what is known and was not compared: a sentence an act, and one on all lists."""
    for regime in every:
        if regime.measure is None:
            goods = f" on {', '.join(regime.goods)}" if regime.goods else ""
            yield (
                f"Not covered: {regime.act} ({regime.jurisdiction}) has rules{goods} between "
                "these places that are not in the register. Read the act."
            )
    lists = [each.act for each in every if each.measure is not None]
    if lists:
        yield f"{_NOT_WHOLE} {'; '.join(lists)}."


def _undated(met: Iterable[Restriction]) -> Iterator[str]:
    """Yield a note if a code counts from the first day of its act, its own day not being read."""
    facts = (fact for each in met for fact in each.facts)
    undated = {f"{each.item_class}" for each in facts if each.annex and each.listed_from is None}
    if undated:
        yield f"{_UNDATED} {'; '.join(sorted(undated))}."


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
