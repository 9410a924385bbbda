"""Decisions on hits, as pages show them."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import msgspec

from abeyance_screening.platform.stores.judgements import Decision, HitJudgement
from abeyance_screening.primitives.days import day_in_words

DECISIONS: Mapping[Decision, str] = MappingProxyType(
    {"same": "Same party", "different": "Different", "unsure": "Unsure"}
)
_FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "names": "the listed names changed",
        "identifiers": "the listed numbers changed",
        "addresses": "the listed addresses changed",
        "entity_type": "the entry is of another type now",
        "birth_dates": "the listed dates of birth changed",
        "licence_requirement": "the licence requirement changed",
        "licence_review_policy": "the licence policy changed",
        "until": "its last day has passed",
        "counterparty": "the counterparty changed",
    }
)


class DecisionText(msgspec.Struct, frozen=True, kw_only=True):
    """What was decided, in two lines; `because` says what reopened it.

    `is_open` is whether somebody has to decide, `waiting` the number of the judgement that another
    person than the one who made it, `by`, has to approve.
    """

    line: str
    fine: str
    because: tuple[str, ...] = ()
    reason: str = ""
    is_open: bool = False
    waiting: int | None = None
    by: str = ""


def decision_of(
    judgements: Sequence[HitJudgement], *, has_hits: bool, is_sure: bool = True
) -> DecisionText:
    """Return the decision on one hit, or of all of a counterparty the one that needs most.

    Without a hit none is needed only where the answer `is_sure`.
    """
    if not has_hits and not judgements:
        if not is_sure:
            return DecisionText(line="Not yet", fine="the answer is incomplete")
        return DecisionText(line="none needed", fine="")
    reopened = [each for each in judgements if each.state == "reopened"]
    waiting = [each for each in judgements if each.state == "waiting"]
    held = [each for each in judgements if each.state == "holds"]
    for each in (*reopened, *waiting, *held):
        return _text(each)
    return DecisionText(line="To decide", fine="nobody has decided", is_open=True)


def reopened_because(judgement: HitJudgement) -> tuple[str, ...]:
    """Return what reopened a judgement, in words, change by change."""
    return tuple(dict.fromkeys(_word(each.field) for each in judgement.because))


def _word(field: str) -> str:
    return "a measure became stricter" if field.startswith("measures.") else _FIELDS[field]


def _text(judgement: HitJudgement) -> DecisionText:
    who = f"{judgement.asked_by}, {day_in_words(judgement.asked_at.date())}"
    line = DECISIONS[judgement.decision]
    match judgement.state:
        case "reopened":
            because = reopened_because(judgement)
            return DecisionText(
                line="Reopened",
                fine=f"{line} by {who}",
                because=because,
                reason=judgement.reason,
                is_open=True,
            )
        case "waiting":
            fine = f"{who} · waits for a second look"
            return DecisionText(
                line=line,
                fine=fine,
                reason=judgement.reason,
                is_open=True,
                waiting=judgement.id,
                by=judgement.asked_by,
            )
        case _:
            until = judgement.until
            term = "" if until is None else f" · until {day_in_words(until)}"
            second = "" if judgement.approved_by is None else f"{judgement.approved_by}, "
            return DecisionText(line=line, fine=f"{second}{who}{term}", reason=judgement.reason)
