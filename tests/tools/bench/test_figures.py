"""Thresholds, intervals and levels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.bench.figures import (
    Bootstrap,
    alert_thresholds,
    figures_of,
    meanings_of,
    threshold_for,
)
from abeyance_screening.bench.labelled import auc
from abeyance_screening.bench.trial_answers import Outcome
from abeyance_screening.bench.trials import Query

SCORES = st.lists(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0]), min_size=1, max_size=60)


@given(SCORES, st.floats(0.0, 1.0))
def test_no_more_alert_than_allowed_and_the_next_lower_score_would_be_too_many(
    scores: list[float], rate: float
):
    ordinary = np.array(scores)
    threshold = threshold_for(rate, ordinary)
    assert (ordinary >= threshold).mean() <= rate
    lower = ordinary[ordinary < threshold]
    if len(lower) and threshold > 0.0:
        assert (ordinary >= lower.max()).mean() > rate


def test_where_too_many_reach_the_highest_score_nothing_is_allowed():
    assert threshold_for(0.01, np.ones(50)) > 1.0
    assert [name for name, _ in alert_thresholds(np.zeros(9))] == [
        "0.5% alerts",
        "1.0% alerts",
        "5.0% alerts",
    ]


def test_an_interval_holds_the_mean_and_shrinks_with_more_entities():
    values = np.tile([1.0, 1.0, 0.0, 1.0, 0.0], 40)
    few = Bootstrap(np.arange(20), seed=1).mean(values[:20])
    many = Bootstrap(np.arange(200), seed=1).mean(values)
    for estimate in (few, many):
        assert estimate.low < estimate.value < estimate.high
        assert estimate.value == pytest.approx(0.6)
    assert many.high - many.low < (few.high - few.low) / 2


def test_questions_about_one_entity_are_drawn_together():
    values = np.tile([1.0, 0.0], 100)
    apart = Bootstrap(np.arange(200), seed=1).mean(values)
    together = Bootstrap(np.repeat(np.arange(10), 20), seed=1).mean(values)
    assert together.high - together.low == pytest.approx(0.0), "each entity is half found"
    by_entity = Bootstrap(np.tile(np.arange(2), 100), seed=1).mean(values)
    assert by_entity.high - by_entity.low > apart.high - apart.low


def test_the_same_seed_draws_the_same():
    values, entities = np.array([1.0, 0.0, 1.0, 1.0]), np.arange(4)
    assert Bootstrap(entities, 7).mean(values) == Bootstrap(entities, 7).mean(values)


def test_a_level_counts_right_entities_and_all_entities_at_or_over_the_threshold():
    queries = [Query("a", "alias", 1), Query("b", "alias", 1), Query("c", "alias", 2)]
    answers = [{1: 0.9, 5: 0.6}, {5: 0.9, 1: 0.6}, {}]
    outcome = Outcome.of(queries, answers, [0.7, 0.1, 0.0, 0.0])
    slices = {"all": np.array([True, True, True]), "late": np.array([False, True, True])}
    sizes, levels = figures_of(outcome, slices, [("given", 0.6), ("higher", 0.61)], seed=1)
    given_, higher = levels
    assert given_.recall["all"].value == pytest.approx(2 / 3)
    assert given_.recall["late"].value == pytest.approx(1 / 2)
    assert given_.entities_a_query.value == pytest.approx(4 / 3)
    assert given_.alert_rate == pytest.approx(0.25)
    assert higher.recall["all"].value == pytest.approx(1 / 3)
    assert higher.entities_a_query.value == pytest.approx(2 / 3)
    assert sizes["all"].first.value == pytest.approx(1 / 3), (
        "a higher score of another comes first"
    )
    assert sizes["late"].questions == 2


def test_a_score_means_the_odds_at_equal_numbers():
    queries = [Query(name, "alias", 1) for name in "abcd"]
    answers = [{1: 1.0}, {1: 0.96}, {1: 0.95}, {1: 0.6}]
    told = meanings_of(Outcome.of(queries, answers, [0.951, 0.61, *[0.0] * 14]))
    by_score = {each.score: each for each in told}
    near = by_score[0.95]
    assert (near.right, near.ordinary, near.odds) == (2, 1, pytest.approx(2 / 4 / (1 / 16)))
    assert (near.recall, near.alert_rate) == (0.75, 1 / 16)
    assert (by_score[0.6].recall, by_score[0.6].alert_rate) == (1.0, 2 / 16)
    assert by_score[1.0].odds is None
    assert by_score[1.0].right == 1
    assert sum(each.right for each in told) == 4


def test_auc_counts_ties_half():
    assert auc(np.array([0.9, 0.5]), np.array([0.5, 0.1])) == pytest.approx(3.5 / 4)
    assert auc(np.array([0.9]), np.array([])) is None
