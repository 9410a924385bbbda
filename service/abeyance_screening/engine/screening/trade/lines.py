"""What a measure demands and what loosens it, told together in one line."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from abeyance_screening.engine.measures.measure import EffectKind, only_eases
from abeyance_screening.engine.measures.register.register import Register
from abeyance_screening.engine.measures.severity import effect_rank
from abeyance_screening.engine.measures.status import MeasureOnDay
from abeyance_screening.engine.measures.status_table import binds, may_be_used
from abeyance_screening.engine.screening.trade.goods import Comparison
from abeyance_screening.engine.screening.trade.open_questions import OpenMeasure
from abeyance_screening.engine.screening.trade.questions import short_question_of
from abeyance_screening.engine.screening.trade.transaction import Easing, Restriction

_DEMANDS: Mapping[EffectKind, str] = MappingProxyType(
    {
        "blocked": "dealings are blocked",
        "prohibition": "prohibited",
        "licence_required": "licence needed",
        "import_ban": "import prohibited",
        "travel_ban": "travel ban",
        "debarment": "debarred",
        "due_diligence": "checks due",
        "fee": "duty or fee due",
        "director_disqualification": "directors disqualified",
        "easing": "a permission",
        "own_policy": "own rule",
        "unknown": "not on record, so to be treated as prohibited",
        "none": "forbids nothing by itself",
    }
)


def with_easings(
    met: Sequence[tuple[MeasureOnDay, Comparison]],
    opened: Sequence[OpenMeasure],
    register: Register,
) -> tuple[Restriction, ...]:
    """Return the measures that are met, each with what loosens it on the day, or may.

    Permissions that are over, or not to be used yet, are left out.
    """
    easings: dict[str, list[Easing]] = {}
    for measure, _ in met:
        if only_eases(register.get(measure.id)) and may_be_used(measure.status):
            _add(easings, _easing(measure, None), register)
    for each in opened:
        if each.is_easing:
            question = short_question_of(each.found.open, None)
            _add(easings, _easing(each.measure, question), register)
    return tuple(
        _told(measure, found, tuple(easings.get(measure.id, ())), register)
        for measure, found in met
    )


def _add(easings: dict[str, list[Easing]], easing: Easing, register: Register) -> None:
    for base in register.get(easing.id).eases:
        easings.setdefault(register.get(base).id, []).append(easing)


def _easing(measure: MeasureOnDay, question: str | None) -> Easing:
    return Easing(
        id=measure.id,
        title=measure.title,
        status=measure.status,
        applies=question is None,
        plain=measure.plain,
        question=question,
    )


def _told(
    measure: MeasureOnDay, found: Comparison, eased_by: tuple[Easing, ...], register: Register
) -> Restriction:
    eases = register.get(measure.id).eases if only_eases(register.get(measure.id)) else ()
    said = _line_of_easing(measure, eases, register) if eases else _of_base(measure, eased_by)
    return Restriction(measure=measure, facts=found.met, eased_by=eased_by, line=said)


def _of_base(measure: MeasureOnDay, eased_by: Iterable[Easing]) -> str:
    gravest = min(measure.effect, key=effect_rank).kind
    demand = _DEMANDS[gravest]
    said = [demand if binds(measure.status) else f"{demand}, but not binding on the day"]
    for each in eased_by:
        what = each.title if each.plain is None else each.plain.strip().removesuffix(".")
        said.append(what if each.applies else f"where it applies ({each.title}): {what}")
    return f"{'; '.join(said)}."


def _line_of_easing(measure: MeasureOnDay, eases: Iterable[str], register: Register) -> str:
    """Return the line of a permission, which names what it loosens first."""
    bases = ", ".join(register.get(each).title for each in eases)
    what = measure.title if measure.plain is None else measure.plain
    return f"Only loosens what stands: {bases}. {what}"
