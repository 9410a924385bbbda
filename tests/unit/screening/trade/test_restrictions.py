"""The measures that reach a transaction, with their status on the day."""

from datetime import date

import msgspec
import pytest

from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.measures.measure import (
    Effect,
    EffectKind,
    Event,
    EventKind,
    Measure,
)
from abeyance_screening.engine.measures.reach import ItemClass, Reach
from abeyance_screening.engine.measures.register.register import Register
from abeyance_screening.engine.measures.status_table import binds
from abeyance_screening.engine.screening.trade.restrictions import restrictions_on
from abeyance_screening.engine.screening.trade.transaction import Item, Restrictions, Transaction
from abeyance_screening.primitives.days import Days
from tests.shipped_register import load

DAY = date(2026, 11, 24)
SOON = date(2027, 1, 1)
GRAPHITE = ItemClass(name="graphite", words=("graphite",), hs=("2504",))
FROM_CN = Reach(items=(GRAPHITE,), origin=("CN",))


def measure(key: str, *events: Event, effect: EffectKind = "licence_required") -> Measure:
    return Measure(
        id=key,
        title=key,
        authority="MOFCOM",
        jurisdiction="CN",
        kind="export_control",
        citation=key,
        effect=(Effect(kind=effect), Effect(kind=effect, what="again")),
        attaches_by=("goods",),
        confidence="verified_primary",
        events=events,
        reaches=(FROM_CN,),
    )


def event(kind: EventKind, on: date, published_on: date | None = None) -> Event:
    return Event(
        id=f"{kind}-{on}",
        kind=kind,
        effective_on=on,
        published_on=published_on,
        confidence="verified_primary",
    )


BEGAN = event("take_effect", date(2023, 12, 1))
PAUSED = Event(
    id="suspend",
    kind="suspend",
    effective_on=date(2026, 1, 1),
    until=date(2026, 12, 31),
    until_bound="inclusive",
    lapse_effect="restriction_returns",
)
BOARD = MeasureBoard(
    Register(
        [
            measure("a-licence", BEGAN),
            measure("b-ban", BEGAN, effect="prohibition"),
            measure("c-suspended", BEGAN, PAUSED, effect="prohibition"),
            measure("d-published", event("take_effect", SOON, published_on=DAY)),
            measure("e-ended", BEGAN, event("revoke", date(2025, 1, 1))),
            measure("f-not-public", event("take_effect", SOON)),
        ]
    )
)
GIVEN = Transaction(items=(Item(hs="250410"),), origin="CN")


def asked(transaction: Transaction | None, day: date = DAY) -> Restrictions:
    return restrictions_on(BOARD, transaction, Days(as_of=day, known_at=day))


def test_what_is_met_is_ordered_by_what_binds_and_then_by_how_hard():
    found = asked(GIVEN)
    assert [(each.measure.id, each.measure.status) for each in found.met] == [
        ("b-ban", "in_force"),
        ("a-licence", "in_force"),
        ("c-suspended", "suspended"),
        ("d-published", "published_not_effective"),
    ]
    assert found.open_questions == ()


def test_what_has_ended_is_apart_and_what_was_not_public_is_nowhere():
    found = asked(GIVEN)
    assert [each.measure.id for each in found.ended] == ["e-ended"]
    assert "f-not-public" not in {each.measure.id for each in found.met}
    assert "f-not-public" in {each.measure.id for each in asked(GIVEN, SOON).met}


def test_an_ended_measure_is_no_open_question():
    (question,) = asked(Transaction(origin="CN")).open_questions
    open_ids = [question.id, *question.also]
    assert open_ids == ["b-ban", "a-licence", "c-suspended", "d-published"]
    assert asked(Transaction(origin="CN")).ended == ()


def test_a_suspension_that_lapsed_binds_again():
    after = asked(GIVEN, date(2027, 1, 2))
    statuses = {each.measure.id: each.measure.status for each in after.met}
    assert statuses["c-suspended"] == "in_force_by_lapse"


def test_an_open_question_says_what_it_asks_and_in_which_words():
    question = asked(Transaction(destination="US")).open_questions[0]
    assert question.asks == ("item", "origin")
    assert question.effect == ("prohibition",)
    assert question.question == "Are the goods among these (graphite), and sent from China?"


def test_a_fact_that_rules_a_measure_out_leaves_nothing_of_it():
    found = asked(Transaction(origin="JP"))
    assert (found.met, found.open_questions, found.ended) == ((), (), ())


def test_without_a_transaction_everything_is_open_and_no_hit():
    found = asked(None)
    assert (found.transaction, found.met, found.ended) == (None, (), ())
    assert len(found.open_questions) == 4
    assert "No transaction was described" in found.summary


def test_what_is_open_without_a_transaction_is_worked_out_once_for_a_day():
    assert asked(None) is asked(None)
    assert asked(None) is not asked(None, SOON)


@pytest.mark.parametrize(
    ("item", "words", "codes"),
    [
        pytest.param(Item(description="graphite"), True, False, id="words alone"),
        pytest.param(Item(description="graphite", hs="2504"), False, False, id="an HS code"),
        pytest.param(Item(control_code="1C108"), False, True, id="a control code"),
    ],
)
def test_an_answer_notes_what_the_comparison_could_not_see(item: Item, words: bool, codes: bool):
    notes = asked(Transaction(items=(item,))).notes
    assert any("only in words" in note for note in notes) is words
    assert any("control code was read" in note for note in notes) is codes


@pytest.mark.parametrize(
    ("transaction", "said"),
    [
        pytest.param(Transaction(origin="CN", destination="US"), True, id="China to the US"),
        pytest.param(Transaction(origin="US", destination="CN"), True, id="the US to China"),
        pytest.param(Transaction(destination="US"), True, id="from anywhere"),
        pytest.param(None, True, id="nothing described"),
        pytest.param(Transaction(origin="US", destination="US"), False, id="within a country"),
    ],
)
def test_an_answer_says_that_duties_are_not_covered(transaction: Transaction | None, said: bool):
    assert any("duties are not covered" in note for note in asked(transaction).notes) is said


def test_the_summary_counts_what_binds_and_what_may():
    assert asked(GIVEN).summary == (
        "Measures on goods, places or end uses that reach what was described: 4, binding on "
        "the day: 2. Measures that may, depending on facts not given: 0."
    )


def test_an_easing_is_never_met_where_its_base_is_not():
    easing = msgspec.structs.replace(
        measure("z-easing", BEGAN, effect="easing"), eases=("a-licence",), reaches=(Reach(),)
    )
    board = MeasureBoard(Register([measure("a-licence", BEGAN), easing]))
    elsewhere = Transaction(items=(Item(hs="250410"),), origin="JP")
    days = Days(as_of=DAY, known_at=DAY)
    assert restrictions_on(board, elsewhere, days).met == ()
    found = [each.measure.id for each in restrictions_on(board, GIVEN, days).met]
    assert found == ["a-licence", "z-easing"]


@pytest.mark.parametrize(
    ("described", "destination", "wanted"),
    [
        pytest.param(
            "H200", "CN", {"us-bis-h200-review-policy", "us-bis-advanced-computing"}, id="H200"
        ),
        pytest.param("A100", "CN", {"us-bis-advanced-computing"}, id="A100"),
        pytest.param("computer", "SY", {"us-bis-syria-746-9"}, id="a computer to Syria"),
    ],
)
def test_a_desk_question_meets_the_restriction_and_not_the_easing_alone(
    described: str, destination: str, wanted: set[str]
):
    answer_terms = Transaction(
        items=(Item(description=described),), origin="US", destination=destination
    )
    day = date(2025, 5, 5) if destination == "SY" else DAY
    found = restrictions_on(MeasureBoard(load()), answer_terms, Days(as_of=day, known_at=DAY))
    met = {each.measure.id: each.measure for each in found.met}
    assert wanted <= met.keys()
    binding = (each for each in met.values() if binds(each.status))
    assert any(effect.kind != "easing" for each in binding for effect in each.effect)


def reached_by(asked: Transaction) -> dict[str, set[str]]:
    """The measures of the shipped register that reach a transaction, and those that may."""
    found = restrictions_on(MeasureBoard(load()), asked, Days(as_of=DAY, known_at=DAY), "all")
    return {
        "met": {each.measure.id for each in found.met},
        "open": {key for each in found.open_questions for key in (each.id, *each.also)},
        "notes": {note.partition(" ")[0] for note in found.notes},
    }


@pytest.mark.parametrize(
    ("code", "is_open"),
    [pytest.param("EAR99", False, id="EAR99"), pytest.param("5A991", True, id="an entry")],
)
def test_ear99_is_on_no_entry_of_the_american_list(code: str, is_open: bool):
    item = Item(control_code=code)
    to_cn = reached_by(Transaction(items=(item,), origin="US", destination="CN"))
    # both are about items of the Commerce Control List alone
    assert ("us-bis-country-chart" in to_cn["open"]) is is_open
    assert ("us-bis-744-21" in to_cn["open"]) is is_open
    assert ("EAR99" in to_cn["notes"]) is not is_open


def test_ear99_is_free_of_no_embargo_and_no_end_use():
    item = Item(control_code="EAR99")
    to_kp = reached_by(Transaction(items=(item,), origin="US", destination="KP"))
    assert {"us-bis-north-korea", "us-ofac-north-korea-embargo"} <= to_kp["met"]
    to_ru = reached_by(
        Transaction(items=(item,), origin="US", destination="RU", end_use="military")
    )
    assert "us-bis-744-21" in to_ru["met"]
    # industrial and luxury goods of supplements to part 746 are EAR99 and need a licence
    assert "us-bis-russia-belarus" in to_ru["open"]


def test_ear99_says_nothing_about_the_lists_of_other_authorities():
    unknown = reached_by(Transaction(origin="DE", destination="RU"))
    given = reached_by(
        Transaction(items=(Item(control_code="EAR99"),), origin="DE", destination="RU")
    )
    european = {each for each in unknown["open"] if each.startswith(("eu-", "ch-", "uk-"))}
    assert len(european) > 5
    assert european <= given["open"]
    from_cn = reached_by(
        Transaction(items=(Item(control_code="EAR99"),), origin="CN", destination="US")
    )
    assert "cn-2023-23" in from_cn["open"]


def test_a_chinese_entry_is_chinese_beside_ear99():
    alone = Item(control_code="1C902")
    both = (alone, Item(control_code="EAR99"))
    met = reached_by(Transaction(items=(alone,), origin="CN", destination="US"))["met"]
    assert met
    assert reached_by(Transaction(items=both, origin="CN", destination="US"))["met"] == met
