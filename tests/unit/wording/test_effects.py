"""What the law does to dealings with a party: one sentence, strictest first, then what comes."""

from datetime import date

import msgspec
import pytest

from abeyance_screening.engine.measures.measure import Effect
from abeyance_screening.engine.measures.severity import severity
from abeyance_screening.engine.measures.status import MeasureOnDay
from abeyance_screening.engine.wording import MeasureText, measure_text
from abeyance_screening.engine.wording.parties import party_effect
from abeyance_screening.primitives.days import Days
from tests.unit.tables.results import BOARD, DAY

ON = "In force on 24 Nov 2026: "


def of(measure_id: str, day: date = DAY) -> MeasureText:
    return measure_text(BOARD.one(measure_id, Days(as_of=day, known_at=day)), day)


def made(of_kind: MeasureText, **changes: object) -> MeasureText:
    measure: MeasureOnDay = msgspec.structs.replace(of_kind.measure, **changes)
    return measure_text(measure, DAY)


FREEZE = made(of("us-ofac-russia-eo14024"), effect=(Effect(kind="blocked"),))
UK = made(FREEZE, id="uk-1", jurisdiction="UK")
SECURITIES = of("us-ofac-ns-cmic")
REFUSED = msgspec.structs.replace(
    of("us-bis-entity-list"),
    licence=("A licence is needed for all items, and the answer is normally no.",),
)


@pytest.mark.parametrize(
    ("texts", "lead"),
    [
        pytest.param((UK, FREEZE), "its assets are frozen by the UK and the US.", id="two freeze"),
        pytest.param(
            (SECURITIES, REFUSED),
            "a licence is needed for all items, and the answer is normally no (by the US); "
            "forbidden by the US: securities.",
            id="a refusal before a narrow ban",
        ),
        pytest.param(
            (made(FREEZE, status="in_force_by_lapse"),),
            "its assets are frozen by the US (unconfirmed).",
            id="by lapse",
        ),
        pytest.param(
            (made(UK, effect=(Effect(kind="blocked"), Effect(kind="travel_ban"))), SECURITIES),
            "its assets are frozen by the UK; forbidden by the US: securities.",
            id="what comes beside",
        ),
    ],
)
def test_what_is_in_force_is_one_sentence(texts: tuple[MeasureText, ...], lead: str):
    assert party_effect(texts, DAY).lead == ON + lead
    assert party_effect(reversed(texts), DAY).lead == ON + lead


def test_what_else_is_in_force_is_told_by_whom_and_on_what():
    uk = made(UK, effect=(Effect(kind="blocked"), Effect(kind="travel_ban")))
    of_arms = made(FREEZE, effect=(Effect(kind="blocked"), Effect(kind="debarment", what="arms")))
    told = party_effect((uk, SECURITIES, of_arms), DAY).rest
    assert told.startswith("Also by the UK: an entry ban; by the US: a debarment (arms). ")


def test_without_a_measure_in_force_the_sentence_says_so_and_what_there_is():
    over = made(FREEZE, status="ended", force="ended", since=date(2025, 11, 10))
    shown = party_effect((over,), DAY)
    assert shown.lead.startswith("No measure is in force on 24 Nov 2026. ")
    assert "Ended 10 Nov 2025" in shown.lead


def test_questions_count_until_they_are_answered_and_yes_makes_them_certain():
    rule = of("us-bis-affiliates-rule")
    asking = msgspec.structs.replace(rule, question="Is it owned by this party?")
    one = "One more reaches what it owns or controls: Affiliates Rule (50%)."
    assert one in party_effect((REFUSED, asking), DAY).rest
    assert one not in party_effect((REFUSED, asking), DAY, {rule.measure.id: "no"}).rest
    shown = party_effect((REFUSED, asking), DAY, {rule.measure.id: "yes"})
    also = "Also by the US: another licence requirement (Affiliates Rule (50%))."
    assert shown.rest.startswith(also)


def test_the_next_change_is_one_that_an_act_states():
    coming = made(FREEZE, next_change_on=date(2026, 12, 31), next_change_to="ended")
    assert party_effect((UK, coming), DAY).rest.startswith(
        "Next change on record: 31 Dec 2026: Ends ("
    )
    assert party_effect((UK,), DAY).rest == "No coming change is on record."


def test_the_next_change_counts_rules_that_reach_what_it_owns_unless_they_do_not_apply():
    rule = of("us-bis-affiliates-rule")
    asking = msgspec.structs.replace(rule, question="Is it owned by this party?")
    coming = msgspec.structs.replace(
        asking,
        measure=msgspec.structs.replace(
            rule.measure, next_change_on=date(2026, 12, 31), next_change_to="ended"
        ),
        ahead="31 Dec 2026: Ends",
    )
    assert "Next change on record: 31 Dec 2026" in party_effect((UK, coming), DAY).rest
    answered = party_effect((UK, coming), DAY, {rule.measure.id: "no"})
    assert "No coming change" in answered.rest


def test_rows_come_in_the_order_of_the_sentence():
    texts = sorted((SECURITIES, REFUSED, FREEZE), key=lambda each: severity(each.measure))
    assert texts == [FREEZE, REFUSED, SECURITIES]
