"""An answer as the service gives it, made by the register and a listing of the test's own."""

from datetime import UTC, date, datetime
from uuid import UUID

from abeyance_screening.engine.lists.listing import Listing, Name
from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.names.match_types import Explanation
from abeyance_screening.engine.screening.answer import (
    Corroboration,
    CounterpartyResult,
    Coverage,
    Hit,
    ListCoverage,
    MatchedName,
    ScreeningAnswer,
    Standing,
)
from abeyance_screening.engine.screening.trade.transaction import Restrictions
from abeyance_screening.primitives.days import Days
from tests.shipped_register import load

DAY = date(2026, 11, 24)
BOARD = MeasureBoard(load())
MEASURES = tuple(
    BOARD.one(each, Days(as_of=DAY, known_at=DAY))
    for each in ("us-bis-entity-list", "us-bis-affiliates-rule")
)
COVERED = ListCoverage(
    code="us_bis_el",
    title="Entity List",
    source="us_csl",
    state="too_old",
    reason="116 days old, the limit is 3",
    edition=7,
    sha256="0" * 64,
    published_on=date(2026, 7, 31),
    confirmed_on=None,
    loaded_at=None,
    age_days=116,
    entry_count=1,
    max_age_days=3,
)


def hit_of(name: str) -> Hit:
    return Hit(
        score=1.0,
        matched=MatchedName(text=name, kind="primary", query=name),
        corroboration=Corroboration(
            entity_type="unknown", countries="agrees", addresses="unknown", identifiers=()
        ),
        explanation=Explanation(
            exact=True,
            pairs=(),
            query_left_over=(),
            listed_left_over=(),
            parts=(),
            log_odds=9.0,
        ),
        listing=Listing(
            id="us_bis_el-1",
            list_code="us_bis_el",
            names=(Name(text=name, kind="primary"),),
            countries=("CN",),
            citations=("84 FR 54002",),
            source_url="https://example.org/el",
        ),
        licence=None,
        standing=Standing(
            state="listed",
            source="us_csl",
            edition=7,
            first_seen_on=DAY,
            known=True,
            left_on=None,
            left_by=None,
        ),
        copies=(),
        measures=MEASURES,
        changed=None,
    )


def result_of(name: str, *hits: Hit) -> CounterpartyResult:
    return CounterpartyResult(
        id="C-1",
        name=name,
        outcome="hits" if hits else "incomplete",
        total=len(hits),
        hits=hits,
        delisted=(),
    )


def answer_of(*results: CounterpartyResult) -> ScreeningAnswer:
    return ScreeningAnswer(
        id=UUID("01934f5e-0000-7000-8000-000000000001"),
        asked_at=datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
        as_of=DAY,
        known_at=DAY,
        scorer="3",
        threshold=0.73,
        limit=10,
        stored=False,
        coverage=Coverage(complete=False, lists=(COVERED,)),
        results=results,
        restrictions=Restrictions(
            as_of=DAY,
            known_at=DAY,
            transaction=None,
            summary="",
            met=(),
            open_questions=(),
            ended=(),
            notes=(),
        ),
    )
