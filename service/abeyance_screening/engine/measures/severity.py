"""How severe a measure is beside others: the one order in which every answer tells measures."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Literal, cast, get_args

from abeyance_screening.engine.measures.measure import Effect, EffectKind
from abeyance_screening.engine.measures.status import MeasureOnDay
from abeyance_screening.engine.measures.status_table import bearing_rank, binds

Grade = Literal[
    "freeze",
    "ban_on_all_dealings",
    "not_on_record",
    "licence_for_all_items",
    "ban_or_licence",
    "import_ban",
    "travel_ban",
    "debarment",
    "due_diligence",
    "fee",
    "own_policy",
    "nothing_by_itself",
]
"""What an effect amounts to for a trader, the gravest first.

What is not on record counts as a ban that was not read. A ban or a licence requirement for some
dealings or items is one grade: which of the two is graver depends on the items.
"""

Severity = tuple[int, bool, int, date, str, str]

_GRADES: Mapping[EffectKind, Grade] = MappingProxyType(
    {
        "blocked": "freeze",
        "prohibition": "ban_or_licence",
        "licence_required": "ban_or_licence",
        "import_ban": "import_ban",
        "travel_ban": "travel_ban",
        "debarment": "debarment",
        "due_diligence": "due_diligence",
        "fee": "fee",
        "director_disqualification": "debarment",
        "easing": "nothing_by_itself",
        "own_policy": "own_policy",
        "unknown": "not_on_record",
        "none": "nothing_by_itself",
    }
)
_IN_ORDER = cast("tuple[Grade, ...]", get_args(Grade))
_RANKS: Mapping[Grade, int] = MappingProxyType({each: n for n, each in enumerate(_IN_ORDER)})
# Subjects that are all dealings with a party, or with a country, and not some of them.
_ALL_DEALINGS = re.compile(
    r"(all|any) (dealings|transactions?)\b|(activities and )?dealings (with|of Chinese)\b"
    r"|transactions with US persons|trade with China|port entry and dealings"
    r"|(services, trade|goods, (services|technology)).* (Iran|North Korea|territories|investment)"
)
# Subjects that are all items, and not those of a list or for a use.
_ALL_ITEMS = re.compile(
    r"(all|every|any) (items?|exports|goods)\b(?!.*\bfor (military|such)\b)|goods to"
)
_LARGEST_REGISTER = 4096


def severity(measure: MeasureOnDay, list_code: str = "") -> Severity:
    """Return the sort key of a measure among others, the most severe first.

    What binds on the day comes before what may bind on another, relief, and what is over. Of each,
    what a listing itself brings comes before what depends on a question. Then comes what the
    measure does, by its gravest effect; then the measure that has been in its status for longer,
    or whose acts are older where the day of the entry is not on record, and one without any day
    last; then the code of the list, and the id.
    """
    acts = (each.effective_on for each in measure.rests_on if each.effective_on is not None)
    since = measure.since or min(acts, default=date.max)
    gravest = grade_rank(gravest_of(measure))
    is_asked = measure.condition is not None
    return bearing_rank(measure.status), is_asked, gravest, since, list_code, measure.id


def is_licence_list(measure: MeasureOnDay) -> bool:
    """Return whether a measure is a list whose entries print on what terms a licence is needed."""
    is_needed = any(effect.kind == "licence_required" for effect in measure.effect)
    return measure.condition is None and measure.kind == "list" and is_needed


@lru_cache(_LARGEST_REGISTER)
def grade_of(effect: Effect) -> Grade:
    """Return the grade of an effect, by its kind and its subject.

    A ban or a licence requirement without a subject is on all dealings, or for all items.
    """
    what = effect.what
    if effect.kind == "prohibition" and (what is None or _ALL_DEALINGS.match(what)):
        return "ban_on_all_dealings"
    if effect.kind == "licence_required" and (what is None or _ALL_ITEMS.match(what)):
        return "licence_for_all_items"
    return _GRADES[effect.kind]


def gravest_of(measure: MeasureOnDay) -> Grade:
    """Return the grade of the gravest effect of a measure."""
    grades: list[Grade] = [grade_of(each) for each in measure.effect]
    return min(grades, key=grade_rank)


def grade_rank(grade: Grade) -> int:
    """Return the sort key of a grade, the gravest first."""
    return _RANKS[grade]


def demanded_by_law(measures: Iterable[MeasureOnDay]) -> dict[str, int]:
    """Return the rank of the gravest effect that binds, by jurisdiction; the least is gravest."""
    demanded: dict[str, int] = {}
    for each in measures:
        if binds(each.status):
            grade = grade_rank(gravest_of(each))
            demanded[each.jurisdiction] = min(grade, demanded.get(each.jurisdiction, grade))
    return demanded


def effect_rank(effect: Effect) -> int:
    """Return the sort key of an effect by its grade alone, the gravest first."""
    return grade_rank(grade_of(effect))


MILD = grade_rank("due_diligence")
"""The rank from which on an effect stops no trade: checks and fees."""
