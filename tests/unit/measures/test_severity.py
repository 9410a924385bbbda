"""One order of measures for every answer: what binds, its own before a question, then the deed."""

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.measures.measure import Effect
from abeyance_screening.engine.measures.severity import grade_of, severity
from abeyance_screening.engine.measures.status import MeasureOnDay
from abeyance_screening.engine.measures.status_table import STATUS_WORDS, binds
from tests.unit.web.measures import PLAIN


def made(*effects: Effect, **changes: object) -> MeasureOnDay:
    given_effects = effects or PLAIN.effect
    return msgspec.structs.replace(PLAIN, effect=given_effects, **changes)


FREEZE = made(Effect(kind="blocked"), id="a-freeze")
ALL_DEALINGS = made(Effect(kind="prohibition", what="dealings with Chinese parties"), id="b")
ALL_ITEMS = made(Effect(kind="licence_required"), id="c")
SECURITIES = made(Effect(kind="prohibition", what="securities"), id="d")
IMPORTS = made(Effect(kind="import_ban"), id="e")
ENTRY = made(Effect(kind="travel_ban"), id="f")
DEBARMENT = made(Effect(kind="debarment"), id="g")
CHECKS = made(Effect(kind="due_diligence"), id="h")
CHARGE = made(Effect(kind="fee"), id="i")
IN_ORDER = [
    FREEZE,
    ALL_DEALINGS,
    ALL_ITEMS,
    SECURITIES,
    IMPORTS,
    ENTRY,
    DEBARMENT,
    CHECKS,
    CHARGE,
    made(Effect(kind="blocked"), id="asked", condition="Owned?"),
    made(Effect(kind="blocked"), id="later 1", status="suspended"),
    made(Effect(kind="blocked"), id="later 2", status="not_yet_made"),
    made(Effect(kind="easing"), id="a licence", status="eased_by_licence"),
    made(Effect(kind="blocked"), id="over", status="ended"),
]


@given(st.permutations(IN_ORDER))
def test_measures_come_by_what_they_do_on_the_day(mixed: list[MeasureOnDay]):
    assert [each.id for each in sorted(mixed, key=severity)] == [each.id for each in IN_ORDER]


def test_of_equals_the_older_comes_first_then_the_list():
    older = msgspec.structs.replace(FREEZE, id="z", since=date(2014, 3, 17))
    newer = msgspec.structs.replace(FREEZE, id="a", since=date(2022, 2, 24))
    undated = msgspec.structs.replace(FREEZE, id="a", since=None)
    assert sorted((undated, newer, older), key=severity) == [older, newer, undated]
    assert severity(older, "uk_sl") < severity(older, "us_ofac_sdn") < severity(newer, "eu_fsf")


def test_the_gravest_of_several_effects_counts_wherever_it_stands():
    late = made(Effect(kind="fee"), Effect(kind="blocked"), id="late")
    assert severity(late) < severity(ALL_DEALINGS)


@given(
    st.sampled_from(STATUS_WORDS),
    st.sampled_from(STATUS_WORDS),
    st.sampled_from(IN_ORDER),
    st.sampled_from(IN_ORDER),
)
def test_nothing_that_does_not_bind_comes_before_what_binds(
    one: str, other: str, first: MeasureOnDay, second: MeasureOnDay
):
    one_on_day = msgspec.structs.replace(first, status=one)
    other_on_day = msgspec.structs.replace(second, status=other)
    if binds(one) and not binds(other):
        assert severity(one_on_day) < severity(other_on_day)


@pytest.mark.parametrize(
    ("effect", "grade"),
    [
        (Effect(kind="prohibition"), "ban_on_all_dealings"),
        (Effect(kind="prohibition", what="transactions with US persons"), "ban_on_all_dealings"),
        (Effect(kind="prohibition", what="any transaction with the banks"), "ban_on_all_dealings"),
        (Effect(kind="prohibition", what="arms"), "ban_or_licence"),
        (Effect(kind="licence_required", what="all items subject to the EAR"),
         "licence_for_all_items"),
        (Effect(kind="licence_required", what="any item for such an end use"), "ban_or_licence"),
        (Effect(kind="licence_required", what="items of Annex I"), "ban_or_licence"),
        (Effect(kind="unknown"), "not_on_record"),
        (Effect(kind="director_disqualification"), "debarment"),
    ],
)  # fmt: skip
def test_an_effect_on_everything_is_graver_than_one_on_something(effect: Effect, grade: str):
    assert grade_of(effect) == grade
