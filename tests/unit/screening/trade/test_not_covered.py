"""The outcome of a question about goods: what is known is never told as nothing."""

from datetime import date

import pytest

from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.measures.regimes import regimes
from abeyance_screening.engine.measures.register.register import Register
from abeyance_screening.engine.screening.trade.not_covered import kinds_of
from abeyance_screening.engine.screening.trade.restrictions import restrictions_on
from abeyance_screening.engine.screening.trade.transaction import Item, Restrictions, Transaction
from abeyance_screening.engine.screening.validate import plain_transaction
from abeyance_screening.primitives.days import Days
from tests.shipped_register import load

BOARD = MeasureBoard(load())
EMPTY = MeasureBoard(Register(()))
TODAY = date(2026, 12, 1)


def asked(
    item: str, origin: str | None, destination: str | None, day: date = TODAY,
    board: MeasureBoard = BOARD,
) -> Restrictions:  # fmt: skip
    transaction = plain_transaction((item,), origin, destination, None)
    return restrictions_on(board, transaction, Days(as_of=day, known_at=TODAY))


@pytest.mark.parametrize(
    ("item", "origin", "destination", "measure"),
    [
        ("crude oil", "RU", "US", "us-ofac-russia-eo14066"),
        ("crude oil", "RU", "GB", "uk-russia-oil"),
        ("crude oil", "RU", "AU", "au-russia-energy-imports"),
        ("crude oil", "RU", "CH", "ch-russia-oil"),
        ("crude oil", "RU", "NO", "no-russia-imports"),
        ("coal", "RU", "US", "us-ofac-russia-eo14066"),
        ("gold", "RU", "GB", "uk-russia-gold"),
        ("gold", "RU", "CH", "ch-russia-gold"),
        ("aluminium", "RU", "US", "us-ofac-russia-eo14068-metals"),
        ("7208.10", "RU", "GB", "uk-russia-iron-steel"),
        ("steel", "RU", "CH", "ch-russia-iron-steel"),
        ("diamonds", "RU", "JP", "jp-russia-diamonds"),
        ("uranium", "RU", "US", "us-russian-uranium"),
        ("coal", "KP", "CN", "cn-dprk-goods"),
        ("crude oil", "VE", "US", "us-ofac-venezuela-oil"),
        ("firearms", "US", "CN", "us-itar-126-1"),
        ("9301.90", "US", "VE", "us-itar-126-1"),
        ("rifles", "DE", "RU", "eu-russia-arms"),
        ("ammunition", "GB", "MM", "uk-myanmar-goods"),
        ("seafood", "JP", "CN", "cn-gacc-jp-seafood"),
        ("salmon", "NO", "RU", "ru-food-embargo"),
        ("8413.70", "US", "RU", "us-bis-russia-industrial-goods"),
        ("8542.31", "US", "RU", "us-bis-russia-industrial-goods"),
        ("alumina", "AU", "RU", "au-russia-export-ban"),
        ("potash", "BY", "DE", "eu-belarus-wood-iron-potash"),
        ("iron", "TW", "KP", "tw-dprk-trade"),
        ("toys", "JP", "KP", "jp-dprk"),
    ],
)
def test_what_everybody_asks_about_is_met(item: str, origin: str, destination: str, measure: str):
    found = asked(item, origin, destination)
    assert measure in {each.measure.id for each in found.met}
    assert found.outcome == "met"


@pytest.mark.parametrize(
    ("item", "origin", "destination", "measure"),
    [
        ("8413.60", "GB", "RU", "uk-russia-g7-dependency"),
        ("8413.70", "CH", "RU", "ch-russia-industrial"),
        ("8413.70", "JP", "RU", "jp-russia-export-ban"),
        ("8413.70", "CA", "RU", "ca-russia-industrial-goods"),
        ("8413.70", "AU", "RU", "au-russia-export-ban"),
        ("8413.70", "NO", "RU", "no-russia-exports"),
        ("8542.31", "DE", "RU", "eu-russia-advanced-technology"),
        ("8542.31", "GB", "RU", "uk-russia-critical-industry"),
        ("8542.31", "JP", "RU", "jp-russia-export-ban"),
        ("8542.31", "TW", "BY", "tw-russia-belarus"),
        ("crude oil", "RU", "JP", "jp-russia-oil-price-cap"),
        ("CAD software", "DE", "RU", "eu-russia-software"),
        ("diesel", "IN", "GB", "uk-russia-processed-oil"),
        ("audit services", "CH", "RU", "ch-russia-services"),
        ("perfume", "US", "BY", "us-bis-russia-luxury-goods"),
        ("wheat", "AU", "UA", "au-occupied-ukraine"),
    ],
)
def test_what_a_list_or_a_fact_decides_is_met_or_asked(
    item: str, origin: str, destination: str, measure: str
):
    found = asked(item, origin, destination)
    reached = {each.measure.id for each in found.met}
    assert measure in reached | {each.id for each in found.open_questions}
    assert found.outcome in {"met", "open"}


def test_rules_that_are_known_and_not_in_the_register_are_named():
    found = asked("2846.90", "KR", "IR")
    assert found.outcome == "not_covered"
    (missing,) = found.not_covered
    assert missing.id == "kr-iran"
    assert missing.jurisdiction == "KR"
    assert "UNSCR 1929" in missing.act
    assert "or not whole: 1." in found.summary
    assert any(each.startswith("Not covered: ") and missing.act in each for each in found.notes)


@pytest.mark.parametrize(
    ("item", "origin", "destination", "missing"),
    [
        ("8413.70", "GB", "RU", "uk-2019-855-3e"),
        ("8413.70", "KR", "RU", "kr-annex-2-2"),
        ("8413.70", "TW", "RU", "tw-notices"),
        ("8542.31", "JP", "BY", "jp-2-3-1"),
        ("8542.31", "CH", "BY", "ch-946-231-116-9"),
        ("8542.31", "GB", "BY", "uk-2019-600-2c"),
        ("8542.31", "KR", "BY", "kr-annex-2-2"),
    ],
)
def test_a_list_that_is_not_at_hand_is_named_and_nobody_is_asked_what_is_on_it(
    item: str, origin: str, destination: str, missing: str
):
    found = asked(item, origin, destination)
    assert found.outcome == "not_covered"
    (named,) = [each for each in found.not_covered if each.id == missing]
    assert (named.measure, named.url) != (None, None)
    assert "Not at hand: " in f"{named.note}"
    assert named.act in " ".join(found.notes)
    assert not [each for each in found.open_questions if "not at hand" in each.question]


def test_a_list_at_hand_whole_and_one_for_checks_alone_are_not_named():
    # Part 2 on machinery, which began a day later, is at hand whole; Part 1 is not
    australian = asked("8413.70", "AU", "RU", date(2023, 10, 25))
    assert [each.id for each in australian.not_covered] == ["au-russia-exports"]
    # the clause against re-export to Russia goes by annexes that are not at hand whole
    assert asked("8413.70", "DE", "IR").not_covered == ()


def test_a_list_of_a_law_that_bans_the_goods_already_is_not_named():
    assert asked("8413.70", "DE", "RU").not_covered == ()


def test_what_is_met_does_not_hide_that_something_else_is_not_covered():
    found = asked("3B001", "KR", "IR")
    assert found.outcome == "met"
    assert [each.id for each in found.not_covered] == ["kr-iran"]


def test_a_regime_counts_from_its_first_day():
    eve, first = date(2025, 9, 27), date(2025, 9, 28)
    assert asked("2846.90", "KR", "IR", eve).not_covered == ()
    assert [each.id for each in asked("2846.90", "KR", "IR", first).not_covered] == ["kr-iran"]


def test_a_register_without_the_measures_of_a_regime_does_not_cover_it():
    found = asked("crude oil", "RU", "US", board=EMPTY)
    assert found.outcome == "not_covered"
    assert "us-russia-energy" in {each.id for each in found.not_covered}


def test_none_is_known_only_where_no_rule_may_be_about_the_goods():
    assert asked("8703.23", "TR", "KR", board=EMPTY).outcome == "none_known"
    assert asked("8703.23", "SY", "US", board=EMPTY).outcome == "none_known"
    assert asked("cars", "SY", "US", board=EMPTY).outcome == "none_known"
    assert asked("crude oil", "SY", "US", board=EMPTY).outcome == "not_covered"
    # what has no name of a kind may be the oil that a regime is about
    things = asked("things", "SY", "US", board=EMPTY)
    assert (things.outcome, [each.id for each in things.not_covered][-1:]) == (
        "open",
        ["us-syria-in"],
    )
    held = ("us-ofac-syria-program", "us-itar-126-1")
    whole = MeasureBoard(Register(map(BOARD.register.get, held)))
    assert asked("things", "SY", "US", board=whole).outcome == "open"
    assert asked("8703.23", "SY", "US", board=whole).outcome == "none_known"
    assert "no permission" in asked("8703.23", "SY", "US", board=whole).summary


def test_without_both_places_nothing_is_ruled_out():
    assert asked("crude oil", None, "KR", board=EMPTY).outcome == "open"
    assert asked("crude oil", "TR", None, board=EMPTY).outcome == "open"
    days = Days(as_of=TODAY, known_at=TODAY)
    assert restrictions_on(EMPTY, None, days).outcome == "open"


def test_what_has_ended_or_was_not_made_on_the_day_is_not_met():
    before = asked("logs", "US", "CN", date(2025, 3, 3))
    during = asked("logs", "US", "CN", date(2025, 3, 4))
    after = asked("logs", "US", "CN", date(2025, 11, 10))
    assert [each.outcome == "met" for each in (before, during, after)] == [False, True, False]
    assert "cn-gacc-us-logs" in {each.measure.id for each in after.ended}


@pytest.mark.parametrize(
    ("item", "kinds"),
    [
        pytest.param(Item(hs="270900"), {"oil_gas"}, id="oil by its code"),
        pytest.param(Item(hs="2701"), {"coal"}, id="coal by its code"),
        pytest.param(Item(description="crude oil"), {"oil_gas"}, id="oil in words"),
        pytest.param(Item(description="coal"), {"coal"}, id="coal in words"),
        pytest.param(Item(hs="930320"), {"arms", "dual_use"}, id="a shotgun"),
        pytest.param(Item(description="things"), None, id="words of no kind"),
        pytest.param(Item(control_code="3A001"), None, id="a control code"),
        pytest.param(Item(hs="7604", description="coal"), {"aluminium", "dual_use"},
                     id="the code decides"),
    ],
)  # fmt: skip
def test_goods_are_of_the_kinds_that_their_code_or_their_words_allow(
    item: Item, kinds: set[str] | None
):
    assert kinds_of((item,), regimes()) == kinds


def test_no_items_may_be_of_any_kind():
    assert kinds_of((), regimes()) is None
    assert kinds_of((Item(hs="2701"), Item(description="things")), regimes()) is None
    found = restrictions_on(
        BOARD, Transaction(origin="KR", destination="IR"), Days(as_of=TODAY, known_at=TODAY)
    )
    assert [each.id for each in found.not_covered] == ["kr-iran"]
