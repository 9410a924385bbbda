"""Who restricts what between which places: nothing that is known may read as nothing."""

from collections.abc import Iterator

import msgspec
import pytest

from abeyance_screening.engine.measures.regimes import GoodsKind, Regime, RegimePlace, regimes
from abeyance_screening.engine.measures.register.register import EU_MEMBERS, PLACES
from abeyance_screening.engine.screening.trade.goods import Comparer
from abeyance_screening.engine.screening.trade.items import Verdict
from abeyance_screening.engine.screening.trade.transaction import Transaction
from tests.cases import for_each
from tests.shipped_register import load

REGISTER = load()
REGIMES = regimes()
# The most cells of the matrix with a regime that may lack one: three in ten.
MOST_NOT_COVERED = 0.3


class Cell(msgspec.Struct, frozen=True):
    """What one trader sends to a place, or gets from there, of one kind of goods."""

    trader: str
    way: str
    place: str
    kind: str
    regimes: tuple[Regime, ...]

    @property
    def lacking(self) -> list[str]:
        """The regimes of which the register has no measure."""
        return [each.id for each in self.regimes if not any(map(REGISTER.has, each.measures))]


def cells() -> Iterator[Cell]:
    for trader in REGIMES.traders:
        for place in REGIMES.places:
            if trader.id == place.id:
                continue
            for way in ("to", "from"):
                for kind in REGIMES.kinds:
                    yield Cell(
                        trader.id, way, place.id, kind.id, between(trader, way, place, kind)
                    )


def between(
    trader: RegimePlace, way: str, place: RegimePlace, kind: GoodsKind
) -> tuple[Regime, ...]:
    (own,) = trader.codes
    pairs = [(own, each) if way == "to" else (each, own) for each in place.codes]
    found = [each for pair in pairs for each in REGIMES.between(*pair, {kind.id})]
    return tuple({each.id: each for each in found}.values())


CELLS = tuple(cells())


def test_the_matrix_has_the_traders_places_and_goods_that_people_ask_about():
    assert [each.id for each in REGIMES.traders] == [
        *("US", "EU", "UK", "CH", "JP", "CA", "AU", "NO", "KR", "TW", "CN", "IN"),
    ]
    assert [each.id for each in REGIMES.places] == [
        *("RU", "BY", "UA", "IR", "KP", "SY", "CU", "VE", "MM", "CN", "AF"),
    ]
    assert len(REGIMES.kinds) == 18
    assert len(CELLS) == (12 * 11 - 1) * 2 * 18


def test_few_cells_with_a_regime_lack_one():
    ruled = [each for each in CELLS if each.regimes]
    assert len(ruled) > 1_400
    assert sum(bool(each.lacking) for each in ruled) <= MOST_NOT_COVERED * len(ruled)


def test_exports_of_the_three_great_traders_to_russia_and_belarus_lack_nothing():
    lacking = [
        (each.trader, each.place, each.kind, each.lacking)
        for each in CELLS
        if each.trader in {"US", "EU", "UK"} and each.place in {"RU", "BY"} and each.way == "to"
        if each.lacking
    ]
    assert lacking == []


@pytest.mark.parametrize("trader", [each.id for each in REGIMES.traders])
@pytest.mark.parametrize("kind", ["arms", "dual_use", "chips"])
def test_arms_dual_use_goods_and_chips_are_controlled_wherever_they_go(trader: str, kind: str):
    of_it = [each for each in CELLS if (each.trader, each.way, each.kind) == (trader, "to", kind)]
    assert of_it
    assert all(each.regimes for each in of_it)


def test_each_regime_has_an_id_of_its_own_and_names_what_there_is():
    ids = [each.id for each in REGIMES.regimes]
    assert len(ids) == len(set(ids))
    kinds = {each.id for each in REGIMES.kinds}
    for each in REGIMES.regimes:
        assert {*each.origin, *each.destination} <= PLACES, each.id
        assert set(each.kinds) <= kinds, each.id
        assert each.origin or each.destination, each.id


def test_every_measure_that_carries_a_regime_is_in_the_register():
    named = {each: regime.id for regime in REGIMES.regimes for each in regime.measures}
    assert {each: named[each] for each in named if not REGISTER.has(each)} == {}


def test_what_is_not_in_the_register_yet_says_where_its_act_is():
    bare = [each for each in REGIMES.regimes if not each.measures]
    assert bare
    assert [each.id for each in bare if not (each.source or "").startswith("http")] == []


@for_each("regime", {each.id: each for each in REGIMES.regimes if each.measures})
def test_a_regime_is_carried_by_measures_that_reach_from_there_to_here(regime: Regime):
    for pair in _pairs(regime):
        comparer = Comparer(Transaction(origin=pair[0], destination=pair[1]))
        reached = [
            each
            for each in map(REGISTER.get, regime.measures)
            if comparer.compare(each.reaches).verdict is not Verdict.NOT_MET
        ]
        assert reached, (regime.id, pair)


def _pairs(regime: Regime) -> Iterator[tuple[str, str]]:
    for origin in regime.origin or ("US", "DE", "CN"):
        for destination in regime.destination or ("US", "DE", "CN"):
            pair = (_member(origin), _member(destination))
            if regime.is_between(*pair):
                yield pair


def _member(code: str) -> str:
    return "DE" if code == "EU" else code


# What they impose is no rule on goods of a kind.
ELSEWHERE = {"fee", "due_diligence", "easing"}
# Goods that are of none of the kinds: banknotes, precursors of drugs, and fruit.
OF_NO_KIND = {
    "eu-russia-banknotes",
    "cn-precursors-2025",
    "cn-precursors-2026-40",
    "cn-tw-pineapple",
}


def test_every_measure_on_goods_between_these_places_carries_a_regime():
    carried = {each for regime in REGIMES.regimes for each in regime.measures}
    places = {code for each in REGIMES.places for code in each.codes}
    traders = {code for each in REGIMES.traders for code in each.codes} | EU_MEMBERS
    loose = {
        measure.id
        for measure in REGISTER.measures
        if measure.id not in carried
        and not {effect.kind for effect in measure.effect} <= ELSEWHERE
        for reach in measure.reaches
        if (set(reach.origin) & places and set(reach.destination) & traders)
        or (set(reach.origin) & traders and set(reach.destination) & places)
    }
    assert loose == OF_NO_KIND
