"""Which open questions are asked, in which order, and how many."""

from datetime import date

import pytest

from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.screening.trade.restrictions import restrictions_on
from abeyance_screening.engine.screening.trade.transaction import QuestionExtent, Restrictions
from abeyance_screening.engine.screening.validate import plain_transaction
from abeyance_screening.primitives.days import Days
from tests.shipped_register import load

BOARD = MeasureBoard(load())
DAYS = Days(as_of=date(2026, 11, 24), known_at=date(2026, 11, 24))
PUMP, CHIP = "8413.70", "8542.31"


def asked(
    item: str, origin: str, destination: str, questions: QuestionExtent = "first", **more: object
):
    described = plain_transaction([item], origin, destination, None, **more)  # pyright: ignore[reportArgumentType] - passed on as given
    return restrictions_on(BOARD, described, DAYS, questions)


def decided(found: Restrictions) -> set[str]:
    return {key for each in found.open_questions for key in (each.id, *each.also)}


@pytest.mark.parametrize(
    ("item", "origin", "destination"),
    [
        pytest.param(PUMP, "DE", "RU", id="a pump from Germany to Russia"),
        pytest.param(CHIP, "US", "RU", id="a chip from the United States to Russia"),
        pytest.param("gallium", "CN", "US", id="gallium from China to the United States"),
        pytest.param("machine parts", "DE", "CN", id="vague words"),
    ],
)
def test_at_most_six_questions_are_asked_and_the_rest_is_counted(
    item: str, origin: str, destination: str
):
    first, every = asked(item, origin, destination), asked(item, origin, destination, "all")
    assert len(first.open_questions) <= 6
    assert first.open_questions == every.open_questions[:6]
    assert first.more_questions == len(every.open_questions) - len(first.open_questions)
    assert every.more_questions == 0


@pytest.mark.parametrize("measure", ["us-ofac-gl-46", "us-ofac-gl-57", "us-ofac-gl-54"])
def test_a_licence_for_services_is_not_asked_about_for_a_pump(measure: str):
    assert measure not in decided(asked(PUMP, "DE", "RU", "all"))
    assert measure not in decided(asked(PUMP, "US", "RU", "all"))


@pytest.mark.parametrize(
    ("item", "measure", "is_asked"),
    [
        pytest.param(PUMP, "us-bis-advanced-computing", False, id="a pump is no chip"),
        pytest.param(CHIP, "us-bis-advanced-computing", True, id="a processor may be"),
        pytest.param(PUMP, "eu-russia-dual-use", True, id="a pump may be dual-use"),
        pytest.param("0702", "eu-russia-dual-use", False, id="a tomato is not"),
        pytest.param("0702", "eu-russia-arms-assistance", False, id="nor is it arms"),
        pytest.param("9302", "eu-russia-arms-assistance", True, id="a revolver is"),
    ],
)
def test_what_does_not_fit_the_chapter_of_the_goods_is_not_asked(
    item: str, measure: str, is_asked: bool
):
    assert (measure in decided(asked(item, "DE", "RU", "all"))) is is_asked


def test_what_one_answer_decides_is_asked_once():
    found = asked(PUMP, "DE", "RU", "all")
    (question,) = [each for each in found.open_questions if "us_rules" in each.asks]
    assert "Are the goods under US export rules, though they are sent from Germany" in (
        question.question
    )
    assert {"us-bis-744-21", "us-bis-country-chart"} <= {question.id, *question.also}


def test_an_answer_to_whose_rules_they_are_under_settles_that_question():
    unknown = decided(asked(PUMP, "DE", "RU", "all"))
    assert "us-bis-744-21" in unknown
    assert "us-bis-744-21" not in decided(asked(PUMP, "DE", "RU", "all", us_rules=False))
    known = asked(PUMP, "DE", "RU", "all", us_rules=True)
    assert "us-bis-744-21" in decided(known)
    assert not [each for each in known.open_questions if "us_rules" in each.asks]


def test_whose_person_exports_decides_whether_the_law_of_the_union_reaches_it():
    unknown = asked(PUMP, "TR", "RU", "all")
    (question,) = [each for each in unknown.open_questions if each.id.startswith("eu-")]
    assert question.question == (
        "Does a person or company of the European Union sell or send the goods?"
    )
    german = asked(PUMP, "TR", "RU", "all", exporter="DE")
    assert "eu-russia-industrial-goods" in {each.measure.id for each in german.met}
    turkish = asked(PUMP, "TR", "RU", "all", exporter="TR")
    assert not {each for each in decided(turkish) if each.startswith("eu-")}
    assert "eu-russia-industrial-goods" not in {each.measure.id for each in turkish.met}


def test_what_may_loosen_a_rule_on_these_very_goods_is_asked_first():
    found = asked("3A090.a", "US", "CN")
    assert found.open_questions[0].id == "us-bis-h200-review-policy"


def test_a_law_that_is_met_already_is_asked_about_after_one_that_is_not():
    places = {
        each.id: place for place, each in enumerate(asked(PUMP, "DE", "RU", "all").open_questions)
    }
    assert places["us-bis-russia-industrial-goods"] < places["eu-common-military-list"]


def test_a_question_asks_only_what_is_not_known():
    (question,) = [
        each
        for each in asked("gallium", "CN", "US", "all").open_questions
        if each.id == "cn-2024-46-1"
    ]
    assert question.question == (
        "Are the goods among these (dual-use items on the Chinese export control list), and for "
        "a military use?"
    )


def test_what_the_same_answer_decides_is_asked_once():
    every = asked(PUMP, "DE", "RU", "all").open_questions
    texts = [each.question for each in every]
    assert len(texts) == len(set(texts))
    (military,) = [each for each in every if each.id == "eu-common-military-list"]
    assert "eu-russia-arms-assistance" in military.also
    assert [each for each in texts if "Common Military List" in each] == [military.question]


def test_a_condition_is_asked_of_the_goods_that_meet_and_of_no_others():
    (norway,) = [
        each
        for each in asked("8542.31", "NO", "BY", "all").open_questions
        if each.id == "no-belarus-goods"
    ]
    assert norway.question == (
        "The goods may be among these: Annex Va to Reg. (EC) No 765/2006 (advanced technology). "
        "If so, is it true that the Norwegian regulation has the annex of the EU that lists it?"
    )
