"""A transaction against what brings a measure into play."""

import msgspec
import pytest

from abeyance_screening.engine.measures.reach import EndUse, ItemClass, Reach
from abeyance_screening.engine.screening.trade.goods import Comparer
from abeyance_screening.engine.screening.trade.items import Numbering, Verdict
from abeyance_screening.engine.screening.trade.transaction import FactMet, Item, Transaction

MET, OPEN, NOT_MET = Verdict.MET, Verdict.OPEN, Verdict.NOT_MET
RARE_EARTHS = ItemClass(
    name="dysprosium and its compounds",
    words=("dysprosium", "氧化镝"),
    symbols=("Dy",),
    hs=("284690",),
    control_codes=("1C902",),
)
ONLY_HS = ItemClass(name="graphite", hs=("2504",))


def verdict(reach: Reach, transaction: Transaction) -> Verdict:
    return Comparer(transaction).compare([reach]).verdict


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        pytest.param(Item(description="dysprosium oxide"), MET, id="a word"),
        pytest.param(Item(description="Dy"), MET, id="the symbol alone"),
        pytest.param(Item(description="DY"), NOT_MET, id="the symbol in capitals"),
        pytest.param(Item(description="Dy 99.9"), NOT_MET, id="the symbol amid others"),
        pytest.param(Item(description="machine parts"), NOT_MET, id="vague words"),
        pytest.param(Item(hs="28469019"), MET, id="a code below"),
        pytest.param(Item(hs="2846"), OPEN, id="a code above"),
        pytest.param(Item(hs="2847"), NOT_MET, id="another code"),
        pytest.param(Item(control_code="1C902.a"), MET, id="an entry below"),
        pytest.param(Item(control_code="1C903"), NOT_MET, id="another entry"),
        pytest.param(
            Item(description="dysprosium", hs="8541"), MET, id="one kind that meets is enough"
        ),
        pytest.param(
            Item(description="powder", hs="2846"), OPEN, id="one kind that is open is enough"
        ),
    ],
)
def test_an_item_against_a_class(item: Item, expected: Verdict):
    assert verdict(Reach(items=(RARE_EARTHS,)), Transaction(items=(item,))) is expected


def test_what_cannot_be_compared_is_open():
    only_words = Item(description="graphite electrodes")
    assert verdict(Reach(items=(ONLY_HS,)), Transaction(items=(only_words,))) is OPEN
    assert verdict(Reach(items=(ONLY_HS,)), Transaction()) is OPEN


def test_any_item_in_any_class_is_enough_and_each_that_meets_is_told_of():
    reach = Reach(items=(ONLY_HS, RARE_EARTHS))
    items = (Item(hs="8541"), Item(description="氧化镝粉"), Item(hs="250410"))
    compared = Comparer(Transaction(items=items)).compare([reach])
    assert compared.met == (
        FactMet(
            fact="item",
            given="氧化镝粉",
            meets="氧化镝",
            item=1,
            item_class="dysprosium and its compounds",
            by="words",
        ),
        FactMet(fact="item", given="250410", meets="2504", item=2, item_class="graphite", by="hs"),
    )


def test_a_code_is_told_of_rather_than_words():
    item = Item(description="dysprosium", hs="284690", control_code="1C902")
    (met,) = Comparer(Transaction(items=(item,))).compare([Reach(items=(RARE_EARTHS,))]).met
    assert (met.by, met.meets) == ("control_code", "1C902")


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        pytest.param((Item(control_code="3C001"),), MET, id="an entry of a control list"),
        pytest.param((Item(hs="284690"),), OPEN, id="an HS code"),
        pytest.param((Item(description="dual-use items"),), OPEN, id="words"),
        pytest.param((), OPEN, id="no item"),
    ],
)
def test_only_a_control_code_shows_an_item_of_an_unlistable_class(
    items: tuple[Item, ...], expected: Verdict
):
    assert verdict(Reach(items_of="dual-use items"), Transaction(items=items)) is expected


@pytest.mark.parametrize(
    ("destination", "expected"),
    [
        pytest.param("US", MET, id="named"),
        pytest.param("DE", MET, id="a member state"),
        pytest.param("GB", NOT_MET, id="a member state no more"),
        pytest.param("CA", NOT_MET, id="not named"),
        pytest.param(None, OPEN, id="not said"),
    ],
)
def test_a_place_against_those_a_measure_names(destination: str | None, expected: Verdict):
    there, back = Transaction(destination=destination), Transaction(origin=destination)
    assert verdict(Reach(destination=("US", "EU")), there) is expected
    assert verdict(Reach(origin=("US", "EU")), back) is expected


@pytest.mark.parametrize("other", ["HK", "MO", "TW"])
def test_hong_kong_macao_and_taiwan_are_themselves(other: str):
    assert verdict(Reach(destination=("CN",)), Transaction(destination=other)) is NOT_MET


@pytest.mark.parametrize(
    ("given", "wanted", "expected"),
    [
        pytest.param("military", "military", MET, id="the same"),
        pytest.param("civil", "military", NOT_MET, id="civil"),
        pytest.param("nuclear", "military", NOT_MET, id="another"),
        pytest.param(None, "military", OPEN, id="not said"),
        pytest.param("military_intelligence", "military", MET, id="a narrower use"),
        pytest.param("military", "military_intelligence", OPEN, id="a wider use"),
    ],
)
def test_an_end_use_against_one(given: EndUse | None, wanted: EndUse, expected: Verdict):
    assert verdict(Reach(end_use=(wanted,)), Transaction(end_use=given)) is expected


def test_what_no_question_carries_leaves_a_reach_open_at_best():
    reach = Reach(origin=("CN",), beyond="a tenth of a percent of its value is Chinese")
    compared = Comparer(Transaction(origin="CN")).compare([reach])
    assert (compared.verdict, compared.asks) == (OPEN, ("beyond",))
    assert verdict(reach, Transaction(origin="US")) is NOT_MET


def test_all_facts_of_a_reach_must_be_met_and_one_reach_is_enough():
    both = Reach(items=(RARE_EARTHS,), origin=("CN",), destination=("US",))
    asked = Transaction(items=(Item(hs="284690"),), origin="CN")
    to_us, to_jp = (msgspec.structs.replace(asked, destination=each) for each in ("US", "JP"))
    assert verdict(both, asked) is OPEN
    assert verdict(both, to_us) is MET
    assert verdict(both, to_jp) is NOT_MET
    assert Comparer(to_jp).compare([both, Reach(destination=("JP",))]).verdict is MET


def test_only_the_facts_that_decide_are_asked_for():
    reach = Reach(items=(RARE_EARTHS,), origin=("CN",), destination=("US",), end_use=("civil",))
    gone = Reach(origin=("NL",))
    compared = Comparer(Transaction(origin="CN", end_use="civil")).compare([reach, gone])
    assert compared.open == (Reach(items=(RARE_EARTHS,), destination=("US",)),)
    assert compared.asks == ("item", "destination")


def test_a_measure_without_reaches_is_not_met():
    assert Comparer(Transaction(origin="CN")).compare([]).verdict is NOT_MET


@pytest.mark.parametrize(
    ("destination", "expected"),
    [
        pytest.param("US", MET, id="outside"),
        pytest.param("FR", NOT_MET, id="a member state"),
        pytest.param(None, MET, id="not given"),
    ],
)
def test_what_is_left_out_is_not_reached(destination: str | None, expected: Verdict):
    leaves = Reach(origin=("EU",), destination_except=("EU",))
    assert verdict(leaves, Transaction(origin="DE", destination=destination)) is expected


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        pytest.param("KR", MET, id="from elsewhere"),
        pytest.param("CN", NOT_MET, id="from where it is left out"),
        pytest.param(None, OPEN, id="from nobody knows where"),
    ],
)
def test_what_comes_from_where_it_is_left_out_is_not_reached(
    origin: str | None, expected: Verdict
):
    foreign_made = Reach(origin_except=("CN",), destination_except=("CN",))
    assert verdict(foreign_made, Transaction(origin=origin, destination="US")) is expected


@pytest.mark.parametrize(
    ("item", "numbering", "expected"),
    [
        pytest.param(Item(control_code="3B001"), "shared", NOT_MET, id="the common numbering"),
        pytest.param(Item(control_code="3B001"), "ccl", NOT_MET, id="the American list"),
        pytest.param(Item(control_code="3B001"), "own", OPEN, id="a numbering of its own"),
        pytest.param(Item(control_code="1C905"), "own", MET, id="met all the same"),
        pytest.param(
            Item(control_code="3B001", description="wafers"), "own", NOT_MET, id="words tell"
        ),
        pytest.param(Item(control_code="EAR99"), "ccl", NOT_MET, id="on no American entry"),
        pytest.param(Item(control_code="EAR99"), "shared", OPEN, id="perhaps on another"),
        pytest.param(Item(control_code="EAR99"), "own", OPEN, id="perhaps on a Chinese one"),
        pytest.param(
            Item(control_code="EAR99", description="dysprosium"), "ccl", MET, id="words met"
        ),
    ],
)
def test_a_code_of_another_numbering_rules_nothing_out(
    item: Item, numbering: Numbering, expected: Verdict
):
    reach = Reach(items=(ItemClass(name="x", words=("dysprosium",), control_codes=("1C905",)),))
    comparer = Comparer(Transaction(items=(item,)))
    assert comparer.compare([reach], numbering).verdict is expected
