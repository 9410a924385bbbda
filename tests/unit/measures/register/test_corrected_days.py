"""Days that the register had wrong, asked for the day before and the day of each change."""

from datetime import date

import pytest

from abeyance_screening.engine.measures.law.resolve import status_on
from tests.shipped_register import load

REGISTER = load()
BEFORE_THE_CORRECTION, AFTER_IT = date(2026, 11, 30), date(2026, 12, 2)


def word_on(measure_id: str, day: str, known_at: date = AFTER_IT) -> str:
    return status_on(REGISTER.get(measure_id), date.fromisoformat(day), known_at).word


@pytest.mark.parametrize(
    ("measure_id", "day", "word"),
    [
        pytest.param("au-un-1737", "2025-09-01", "not_yet_made", id="Iran in Australia, before"),
        pytest.param("au-un-1737", "2025-09-27", "not_yet_made", id="day before the snapback"),
        pytest.param("au-un-1737", "2025-09-28", "announced", id="day of the snapback"),
        pytest.param("au-un-1737", "2025-12-11", "announced", id="day before Australian law"),
        pytest.param("au-un-1737", "2025-12-12", "in_force", id="day of Australian law"),
        pytest.param("kr-strategic-2026", "2025-02-22", "not_yet_made", id="Korea, before"),
        pytest.param(
            "kr-strategic-2026", "2025-02-27", "published_not_effective", id="day before Korea"
        ),
        pytest.param("kr-strategic-2026", "2025-02-28", "in_force", id="day of Korea"),
        pytest.param("us-hongkong-eo13936", "2026-07-14", "in_force", id="last day of the term"),
        pytest.param(
            "us-hongkong-eo13936", "2026-07-15", "ended_by_term_unconfirmed", id="day after it"
        ),
        pytest.param(
            "ch-seco-iran", "2016-01-16", "published_not_effective", id="day before that of 2015"
        ),
        pytest.param("ch-seco-iran", "2016-01-17", "in_force", id="day of the ordinance of 2015"),
        pytest.param("ch-seco-iran", "2025-12-11", "in_force", id="last day of that ordinance"),
        pytest.param("ch-seco-iran", "2025-12-12", "in_force", id="day of the ordinance of 2025"),
        pytest.param(
            "ch-iran-crude-oil", "2025-12-11", "not_yet_made", id="day before the oil ban"
        ),
        pytest.param("ch-iran-crude-oil", "2025-12-12", "in_force", id="day of the oil ban"),
    ],
)
def test_a_measure_changes_on_the_day_that_its_act_says(measure_id: str, day: str, word: str):
    assert word_on(measure_id, day) == word


@pytest.mark.parametrize(
    ("measure_id", "day", "word"),
    [
        pytest.param("au-un-1737", "2025-09-01", "in_force", id="Australia"),
        pytest.param("kr-strategic-2026", "2025-02-28", "not_yet_made", id="Korea"),
        pytest.param("us-hongkong-eo13936", "2026-07-15", "ended", id="Hong Kong"),
        pytest.param("ch-seco-iran", "2025-12-11", "not_yet_made", id="Switzerland"),
    ],
)
def test_what_was_answered_before_the_correction_is_answered_again_for_that_day(
    measure_id: str, day: str, word: str
):
    assert word_on(measure_id, day, BEFORE_THE_CORRECTION) == word


def test_no_official_source_confirms_that_the_hong_kong_emergency_ended():
    status = status_on(REGISTER.get("us-hongkong-eo13936"), date(2026, 11, 24), AFTER_IT)
    assert status.confirmed is False
    assert status.residual_obligation == "What was blocked under it stays blocked."


def test_syrian_sectoral_bans_of_the_union_are_gone_a_day_after_their_publication():
    syria = REGISTER.get("eu-syria")
    assert "narrow-2025-05-29" in status_on(syria, date(2025, 5, 28), AFTER_IT).upcoming
    assert "narrow-2025-05-29" not in status_on(syria, date(2025, 5, 29), AFTER_IT).upcoming
    lifted = [
        each
        for each in syria.events
        if each.retracted_at is None and each.effective_on == date(2025, 5, 28)
    ]
    assert lifted == []


@pytest.mark.parametrize("day", ["2025-06-19", "2025-06-20"])
def test_switzerland_keeps_the_freeze_of_the_former_syrian_government(day: str):
    status = status_on(REGISTER.get("ch-seco-syria"), date.fromisoformat(day), AFTER_IT)
    assert status.word == "in_force"
    assert ("narrow-2025-06-20" in status.upcoming) is (day == "2025-06-19")


def test_the_licence_of_the_affiliates_rule_expires_on_the_day_that_it_states():
    rule = REGISTER.get("us-bis-affiliates-rule")
    during = status_on(rule, date(2025, 11, 9), AFTER_IT)
    assert during.word == "in_force_eased"
    assert "authorise-2025-09-29-general-order-7" in during.rests_on
    flag = "renewal_due_2025-12-01"
    assert flag in status_on(rule, date(2025, 11, 29), AFTER_IT).flags
    assert flag not in status_on(rule, date(2025, 12, 1), AFTER_IT).flags


def test_the_licence_of_the_affiliates_rule_does_not_come_back_with_the_rule():
    status = status_on(REGISTER.get("us-bis-affiliates-rule"), date(2026, 11, 10), AFTER_IT)
    assert status.word == "in_force_by_lapse"
    assert not any(each.startswith("authorise") for each in status.rests_on)


@pytest.mark.parametrize(
    ("day", "coming"), [("2024-09-08", True), ("2024-09-09", False)], ids=["before", "day"]
)
def test_the_last_enlargement_of_the_korean_notice_acts_from_september_2024(
    day: str, coming: bool
):
    korea = REGISTER.get("kr-russia-belarus-situational")
    status = status_on(korea, date.fromisoformat(day), AFTER_IT)
    assert status.word == "in_force"
    assert status.since == date(2022, 3, 26)
    assert ("amend-2024-09-09" in status.upcoming) is coming
