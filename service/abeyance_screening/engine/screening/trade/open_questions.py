"""Open questions: those that decide most first, and what one answer decides asked once."""

from collections.abc import Mapping, Sequence

import msgspec

from abeyance_screening.engine.measures.register.register import EU, EU_MEMBERS
from abeyance_screening.engine.measures.severity import (
    MILD,
    demanded_by_law,
    grade_rank,
    gravest_of,
    severity,
)
from abeyance_screening.engine.measures.status import MeasureOnDay
from abeyance_screening.engine.measures.status_table import bearing_rank
from abeyance_screening.engine.screening.trade.goods import Comparison
from abeyance_screening.engine.screening.trade.questions import (
    code_question_of,
    row_question_of,
    short_question_of,
)
from abeyance_screening.engine.screening.trade.transaction import (
    OpenQuestion,
    ReachFact,
    Transaction,
)
from abeyance_screening.primitives.structs import copy_as

MOST_QUESTIONS = 6
"""How many questions an answer asks at once, unless all are asked for."""

# The jurisdiction of the United Kingdom is written otherwise than its country.
_JURISDICTIONS = {"GB": "UK"}
# What nobody can say by looking at his goods weighs least: first a code or the goods themselves,
# or whose they are, then what they are for, then conditions of other kinds.
_WEIGHT: Mapping[ReachFact, int] = {
    "item": 1,
    "origin": 1,
    "destination": 1,
    "exporter": 1,
    "us_rules": 1,
    "beyond": 2,
    "end_use": 3,
}


type Rank = tuple[bool, bool, bool, int, int, int, int, int]


class OpenMeasure(msgspec.Struct, frozen=True):
    """A measure that may reach a transaction, and how the transaction compares with it.

    `annexes` are those on which it rests, where nothing but the code of the goods decides.
    """

    measure: MeasureOnDay
    found: Comparison
    is_easing: bool = False
    annexes: tuple[str, ...] = ()


def questions_on(
    transaction: Transaction, opened: Sequence[OpenMeasure], met: Sequence[MeasureOnDay]
) -> tuple[OpenQuestion, ...]:
    """Return the questions on a transaction, those that decide most first.

    Measures that the same answer decides share a question. What a law asks although it is met
    already comes later, since the answer adds little: `met` are the measures that reach it.
    """
    groups: dict[str, list[OpenMeasure]] = {}
    for each in opened:
        groups.setdefault(_key(each, transaction.origin), []).append(each)
    ranks = _Ranks(transaction, met)
    ordered = sorted(groups.items(), key=lambda group: min(map(ranks.of, group[1])))
    return tuple(_shared(key, sorted(group, key=ranks.of)) for key, group in ordered)


# The key of the one question on the code of goods that are told in words.
_CODE = "code"


def _key(opened: OpenMeasure, origin: str | None) -> str:
    """Return the question on one measure; or a key, where it is put together with others."""
    found = opened.found
    is_settled = not any(each.us_rules or each.exporter for each in found.open)
    if found.rows and is_settled:
        return row_question_of(found.rows, found.open)
    if opened.annexes:
        return _CODE
    return short_question_of(found.open, origin)


def _shared(key: str, group: Sequence[OpenMeasure]) -> OpenQuestion:
    first, *others = group
    text = key
    if key == _CODE:
        named = (annex for each in group for annex in each.annexes)
        text = code_question_of(dict.fromkeys(named))
    return msgspec.structs.replace(
        question_on(first, text), also=tuple(each.measure.id for each in others)
    )


def question_on(opened: OpenMeasure, text: str) -> OpenQuestion:
    """Return the question on one measure."""
    measure = opened.measure
    return copy_as(
        OpenQuestion,
        measure,
        effect=tuple(dict.fromkeys(each.kind for each in measure.effect)),
        asks=opened.found.asks,
        question=text,
        also=(),
    )


class _Ranks:
    """The order of the questions on one transaction."""

    def __init__(self, transaction: Transaction, met: Sequence[MeasureOnDay]) -> None:
        self._home = frozenset(_law_of(transaction.origin) | _law_of(transaction.exporter))
        self._there = frozenset(_law_of(transaction.destination))
        self._answered = demanded_by_law(met)

    def of(self, opened: OpenMeasure) -> tuple[Rank, tuple[object, ...]]:
        """Return the sort key of one measure."""
        measure = opened.measure
        grade = grade_rank(gravest_of(measure))
        known = self._answered.get(measure.jurisdiction)
        adds_little = known is not None and known <= grade and not opened.is_easing
        is_near = opened.found.near
        weight = 0 if is_near else _weight(opened)
        is_mild = grade >= MILD and not opened.is_easing
        rank: Rank = (
            is_mild,
            not is_near,
            adds_little and not is_near,
            0 if opened.is_easing else bearing_rank(measure.status),
            self._distance(measure.jurisdiction),
            _turn(opened),
            weight,
            grade,
        )
        return rank, severity(measure)

    def _distance(self, jurisdiction: str) -> int:
        """Return 0 for the law of the exporter, 1 for that of the receiver, 2 for any other."""
        if jurisdiction in self._home:
            return 0
        return 1 if jurisdiction in self._there else 2


def _weight(opened: OpenMeasure) -> int:
    """Return how much the answer weighs, the most first; goods met by their chapter come first."""
    if opened.found.asks == ("beyond",) and any(each.items for each in opened.found.open):
        return 0
    return max(_WEIGHT[each] for each in opened.found.asks)


def _turn(opened: OpenMeasure) -> int:
    """Return 0 for what may loosen a rule on these goods, 1 for a rule, 2 for other relief."""
    return (0 if opened.found.near else 2) if opened.is_easing else 1


def _law_of(country: str | None) -> set[str]:
    if country is None:
        return set()
    return {_JURISDICTIONS.get(country, country), *([EU] if country in EU_MEMBERS else [])}
