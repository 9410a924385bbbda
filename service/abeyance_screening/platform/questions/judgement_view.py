"""Answers with what people decided: hits judged the same first, those judged different last."""

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec
from litestar.params import QueryParameter

from abeyance_screening.engine.screening.answer import (
    CounterpartyResult,
    Hit,
    ScreeningAnswer,
    outcome_of,
)
from abeyance_screening.engine.screening.desk import Desk
from abeyance_screening.engine.screening.question import (
    DEFAULT_LIMIT,
    MAX_LIMIT,
    ScreeningQuestion,
)
from abeyance_screening.platform.stores.judgements import Decision, HitJudgement

type JudgedView = Literal["show", "exclude"]
"""`show` ranks hits judged different last and hides none; `exclude` leaves them out."""
LeftOut = int
"""How many hits are left out because they are judged different, as `judged=exclude` asks."""
JudgedAsked = Annotated[
    JudgedView,
    QueryParameter(
        name="judged",
        description="`show` ranks hits that are judged different last and hides none; `exclude` "
        "leaves them out, however many they are, and says how many in `left_out`.",
    ),
]


async def judged_answer(
    desk: Desk, asked: ScreeningQuestion, judgements: Sequence[HitJudgement], judged: JudgedView
) -> tuple[ScreeningAnswer, int]:
    """Return an answer that is not kept, ranked by judgements, and how many hits it leaves out.

    The judgements are on counterparties of the question, by their ids. As many hits more are
    looked for as are left out.

    Raises:
        BadInputError: The question cannot be answered as it is.
        NotReadyError: Nothing was loaded yet.
    """
    by_id = {
        each.id: [judgement for judgement in judgements if judgement.counterparty == each.id]
        for each in asked.counterparties
        if each.id is not None
    }
    different = (len(_listings(some, "different")) for some in by_id.values())
    more = max(different, default=0) if judged == "exclude" else 0
    limit = desk.filled(asked).limit or DEFAULT_LIMIT
    answer = await desk.answered(
        msgspec.structs.replace(asked, limit=min(MAX_LIMIT, limit + more)), sent=asked
    )
    results, left_out = list[CounterpartyResult](), 0
    for each in answer.results:
        ranked, left = _ranked(each, by_id.get(each.id or "", ()), judged)
        owners = () if ranked.ownership is None else ranked.ownership.owners
        outcome = outcome_of(answer.coverage, ranked.warnings, ranked.hits, owners)
        results.append(msgspec.structs.replace(ranked, outcome=outcome))
        left_out += left
    return msgspec.structs.replace(answer, results=tuple(results), limit=limit), left_out


def _listings(judgements: Sequence[HitJudgement], decision: Decision) -> frozenset[str]:
    """Return the listings that a counterparty itself is judged to be, or not to be."""
    return frozenset(
        each.listing
        for each in judgements
        if each.state == "holds" and each.decision == decision and each.owner is None
    )


def _ranked(
    result: CounterpartyResult, judgements: Sequence[HitJudgement], judged: JudgedView
) -> tuple[CounterpartyResult, int]:
    """Return a result with hits judged the same first, and those judged different last or not."""
    same, different = (_listings(judgements, each) for each in ("same", "different"))

    def place(hit: Hit) -> int:
        key = hit.listing.id
        return 0 if key in same else 2 if key in different else 1

    hits = tuple(sorted(result.hits, key=place))
    if judged == "show" or not different:
        return msgspec.structs.replace(result, hits=hits), 0
    kept = tuple(each for each in hits if each.listing.id not in different)
    left_out = len(hits) - len(kept)
    parties = tuple(
        each
        for each in result.parties
        if not all(
            member.listing_id in different
            for member in each.members
            if member.found_by == "question"
        )
    )
    result = msgspec.structs.replace(
        result, hits=kept, parties=parties, total=result.total - left_out
    )
    return result, left_out
