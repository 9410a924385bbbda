"""Which measures most need a legal reader."""

from collections import Counter
from datetime import UTC, date, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.measures.measure import Event, Measure, MeasureReview
from abeyance_screening.engine.measures.register.register import Register
from abeyance_screening.engine.measures.sign_offs import record_digest, sign_off_of
from abeyance_screening.features.register.review import WEIGHTS, need_key, review_list
from abeyance_screening.primitives.days import Days
from abeyance_screening.primitives.errors import BadInputError
from tests.unit.measures.law.building import day, event, measure

DAYS = Days(as_of=date(2025, 6, 1), known_at=date(2025, 6, 1))
READ = event("take_effect", "2025-01-01", confidence="verified_secondary")
GUESSED = event("take_effect", "2025-01-01", confidence="general_knowledge")


def called(name: str, *events: Event, **fields: object) -> Measure:
    return msgspec.structs.replace(measure(*events), id=name, **fields)


def signed(of: Measure) -> MeasureReview:
    return MeasureReview(
        measure_id=of.id,
        digest=record_digest(of),
        reviewed_by="A. Reader",
        reviewed_on=date(2025, 5, 1),
        note=None,
        recorded_by="anna",
        recorded_at=datetime(2025, 5, 1, tzinfo=UTC),
    )


def board(*measures: Measure, reviews: tuple[MeasureReview, ...] = ()) -> MeasureBoard:
    return MeasureBoard(Register(measures, reviews))


@pytest.mark.parametrize(
    ("made", "doubts"),
    [
        pytest.param(called("a", READ, checked_until=DAYS.as_of), ("no_words",), id="second hand"),
        pytest.param(called("a", READ), ("no_words", "stale"), id="not checked"),
        pytest.param(
            called("a", GUESSED, checked_until=DAYS.as_of),
            ("general_knowledge", "no_words"),
            id="general knowledge",
        ),
        pytest.param(
            called("a", checked_until=DAYS.as_of),
            ("unknown_status", "general_knowledge", "no_words"),
            id="nothing recorded",
        ),
        pytest.param(
            called(
                "a",
                READ,
                event("suspend", "2025-02-01", "2025-12-01", confidence="disputed"),
                checked_until=DAYS.as_of,
            ),
            ("disputed", "no_words"),
            id="sources that contradict each other",
        ),
    ],
)
def test_a_doubt_is_named_and_weighs(made: Measure, doubts: tuple[str, ...]):
    (row,) = review_list(board(made), {"x": Counter({"a": 7})}, DAYS).rows
    assert row.doubts == doubts
    assert row.unsure == sum(WEIGHTS[each] for each in row.doubts)
    assert row.need == 7 * row.unsure


def test_the_greatest_need_comes_first_and_a_measure_without_listings_counts_as_one():
    made = board(called("few", GUESSED), called("many", READ), called("none", GUESSED))
    rows = review_list(made, {"x": Counter({"few": 2, "many": 50})}, DAYS).rows
    assert [(each.measure_id, each.listings, each.need) for each in rows] == [
        ("many", 50, 150),
        ("few", 2, 12),
        ("none", 0, 6),
    ]
    assert sorted(map(need_key, rows)) == list(map(need_key, rows))


def test_a_list_keeps_what_binds_its_listings():
    made = board(called("a", READ), called("b", READ))
    bound = {"us_bis_el": Counter({"a": 3}), "un_sc": Counter({"a": 1, "b": 9})}
    rows = review_list(made, bound, DAYS, "us_bis_el").rows
    assert [(each.measure_id, each.listings) for each in rows] == [("a", 3)]
    with pytest.raises(BadInputError, match="no list is called"):
        review_list(made, bound, DAYS, "no_such")


def test_a_signed_measure_needs_nobody_until_its_record_changes():
    made = called("a", READ)
    (row,) = review_list(board(made, reviews=(signed(made),)), {}, DAYS).rows
    assert row.sign_off is not None
    assert (row.need, row.sign_off.by, row.sign_off.is_current) == (0, "A. Reader", True)
    changed = msgspec.structs.replace(made, events=(READ, event("revoke", "2025-05-02")))
    (row,) = review_list(board(changed, reviews=(signed(made),)), {}, DAYS).rows
    assert row.sign_off is not None
    assert row.need > 0
    assert not row.sign_off.is_current


def test_the_newest_sign_off_counts():
    made = called("a", READ)
    first, second = signed(made), msgspec.structs.replace(signed(made), reviewed_by="B. Reader")
    found = sign_off_of(Register([made], (first, second)), "a")
    assert found is not None
    assert found.by == "B. Reader"


@given(st.dates())
def test_a_later_reading_of_the_sources_leaves_a_sign_off_current(checked: date):
    made = called("a", READ, checked_until=day("2025-01-01"))
    assert record_digest(msgspec.structs.replace(made, checked_until=checked)) == (
        record_digest(made)
    )


@given(st.permutations([READ, event("revoke", "2025-05-02"), event("suspend", "2025-03-01")]))
def test_the_order_of_recording_does_not_matter_for_a_sign_off(events: list[Event]):
    assert record_digest(called("a", *events)) == record_digest(
        called("a", *sorted(events, key=lambda each: each.id))
    )
