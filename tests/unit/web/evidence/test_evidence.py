"""Evidence: which counterparties stand on which page, and the lane of a kept answer."""

from datetime import date

import pytest

from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.measures.status import MeasureOnDay
from abeyance_screening.engine.screening.answer import CounterpartyResult
from abeyance_screening.engine.wording.shapes import Scale
from abeyance_screening.features.evidence.document import AT_ONCE, HITS_AT_ONCE, pages_of
from abeyance_screening.features.evidence.pdf import lane_from, swatches
from abeyance_screening.primitives.days import Days
from tests.shipped_register import load

BOARD = MeasureBoard(load())
RULE = "us-bis-affiliates-rule"
SCALE = Scale(first=date(2025, 9, 1), last=date(2027, 3, 31), width=400.0)


def found(hits: int) -> CounterpartyResult:
    """A result of so many hits; nothing here looks into them."""
    return CounterpartyResult(
        id=None,
        name="Party",
        outcome="hits" if hits else "no_hits",
        total=hits,
        hits=(None,) * hits,  # pyright: ignore[reportArgumentType] - only their number counts
        delisted=(),
    )


def on(day: date) -> MeasureOnDay:
    return BOARD.one(RULE, Days(as_of=day, known_at=date(2026, 11, 24)))


@pytest.mark.parametrize(
    ("hits", "pages"),
    [
        ([0], ((0, 1),)),
        ([0] * AT_ONCE, ((0, AT_ONCE),)),
        ([0] * (AT_ONCE + 1), ((0, AT_ONCE), (AT_ONCE, AT_ONCE + 1))),
        ([HITS_AT_ONCE, 0], ((0, 2),)),
        ([HITS_AT_ONCE, 1], ((0, 1), (1, 2))),
        ([HITS_AT_ONCE + 1, 1], ((0, 1), (1, 2))),
    ],
    ids=["one", "a full page", "one more", "as many hits", "one hit more", "too many for any"],
)
def test_counterparties_are_spread_over_pages(hits, pages):
    assert pages_of(map(found, hits)) == pages


def test_a_lane_draws_nothing_before_what_the_answer_knows():
    lane = lane_from(on(date(2026, 11, 24)), SCALE, None)
    assert [bar.ink for bar in lane.bars] == ["lapsed", "lapsed"]
    assert lane.bars[0].x == SCALE.x(date(2026, 11, 10))
    assert not lane.bars[0].is_expected
    assert lane.bars[1].is_expected


def test_what_comes_next_is_drawn_at_half_height():
    lane = lane_from(on(date(2026, 10, 1)), SCALE, None)
    assert [(bar.ink, bar.is_expected) for bar in lane.bars] == [
        ("sleeps", False),
        ("sleeps", True),
        ("lapsed", True),
    ]
    assert lane.label == (
        "Suspended on 1 Oct 2026, since 10 Nov 2025; in force, unconfirmed from 10 Nov 2026 if "
        "nothing new is recorded."
    )


def test_the_day_asked_about_and_the_day_of_asking_are_told_apart():
    lane = lane_from(on(date(2025, 10, 15)), SCALE, date(2026, 11, 24))
    assert {flag.text for flag in lane.flags} == {"15 Oct 2025", "asked 24 Nov 2026"}
    alone = lane_from(on(date(2025, 10, 15)), SCALE, None)
    assert {flag.text for flag in alone.flags} == {"15 Oct 2025"}


def test_paper_gets_every_bar_and_the_day_within_the_lane():
    lane = lane_from(on(date(2025, 10, 15)), SCALE, None)
    drawn = list(swatches(lane))
    assert len(drawn) == len(lane.bars) + 1
    assert drawn[-1].pattern == "mark"
    for each in drawn:
        assert 0 <= each.start <= each.end <= 1
        assert each.top >= 0
        assert each.top + each.height <= 1.001 or each.pattern == "mark"
