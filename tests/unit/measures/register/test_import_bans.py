"""What may not be brought in from Russia, by the country that forbids it, its goods and day."""

from datetime import date, timedelta

import pytest

from abeyance_screening.engine.measures.law.resolve import status_on
from abeyance_screening.engine.screening.trade.items import Verdict
from tests.unit.measures.register.trades import REGISTER, Trade, reached

KNOWN_AT = date(2026, 12, 2)


@pytest.mark.parametrize(
    ("item", "destination", "measure_id"),
    [
        pytest.param("crude oil", "US", "us-ofac-russia-eo14066", id="oil to the US"),
        pytest.param("hs 270900", "US", "us-ofac-russia-eo14066", id="oil to the US, by code"),
        pytest.param("diesel", "US", "us-ofac-russia-eo14066", id="diesel to the US"),
        pytest.param("LNG", "US", "us-ofac-russia-eo14066", id="liquefied gas to the US"),
        pytest.param("coal", "US", "us-ofac-russia-eo14066", id="coal to the US"),
        pytest.param("gold", "US", "us-ofac-russia-eo14068-gold", id="gold to the US"),
        pytest.param("hs 71081200", "US", "us-ofac-russia-eo14068-gold", id="gold, by code"),
        pytest.param("seafood", "US", "us-ofac-russia-eo14068", id="seafood to the US"),
        pytest.param("crude oil", "GB", "uk-russia-oil", id="oil to the UK"),
        pytest.param("hs 27101943", "GB", "uk-russia-oil", id="diesel to the UK, by code"),
        pytest.param("coal", "GB", "uk-russia-coal", id="coal to the UK"),
        pytest.param("hs 2701", "GB", "uk-russia-coal", id="coal to the UK, by code"),
        pytest.param("gold", "GB", "uk-russia-gold", id="gold to the UK"),
        pytest.param("LNG", "GB", "uk-russia-lng", id="liquefied gas to the UK"),
        pytest.param("hs 27111100", "GB", "uk-russia-lng", id="liquefied gas, by code"),
        pytest.param("crude oil", "AU", "au-russia-energy-imports", id="oil to Australia"),
        pytest.param("coal", "AU", "au-russia-energy-imports", id="coal to Australia"),
        pytest.param(
            "hs 271121", "AU", "au-russia-energy-imports", id="gas to Australia, by code"
        ),
        pytest.param("gold", "AU", "au-russia-gold", id="gold to Australia"),
        pytest.param("crude oil", "CH", "ch-russia-oil", id="oil to Switzerland"),
        pytest.param("coal", "CH", "ch-russia-coal", id="coal to Switzerland"),
        pytest.param("gold", "CH", "ch-russia-gold", id="gold to Switzerland"),
        pytest.param("gold", "JP", "jp-russia-gold", id="gold to Japan"),
        pytest.param("vodka", "JP", "jp-russia-imports", id="vodka to Japan"),
        pytest.param("crude oil", "CA", "ca-russia-petroleum", id="oil to Canada"),
        pytest.param("hs 2708", "CA", "ca-russia-coal", id="pitch to Canada, by code"),
        pytest.param("coal", "CA", "ca-russia-coal", id="coal to Canada"),
        pytest.param("gold", "CA", "ca-russia-gold", id="gold to Canada"),
    ],
)
def test_what_a_country_forbids_from_russia_is_met_and_from_norway_is_not(
    item: str, destination: str, measure_id: str
):
    assert measure_id in reached(Trade((item,), "RU", destination))[Verdict.MET]
    elsewhere = reached(Trade((item,), "NO", destination))
    assert measure_id not in elsewhere[Verdict.MET]


@pytest.mark.parametrize(
    "measure_id", ["us-ofac-russia-eo14066", "uk-russia-oil", "ch-russia-oil"]
)
def test_oil_from_russia_to_india_is_no_import_of_theirs(measure_id: str):
    found = reached(Trade(("crude oil",), "RU", "IN"))
    assert measure_id not in found[Verdict.MET] | found[Verdict.OPEN]


@pytest.mark.parametrize("destination", ["US", "GB", "AU", "CH", "CA"])
def test_oil_does_not_go_to_russia_by_an_import_ban(destination: str):
    found = reached(Trade(("crude oil",), destination, "RU"))[Verdict.MET]
    assert not {each for each in found if REGISTER.get(each).kind == "import_ban"}


def test_japan_has_a_price_cap_on_russian_oil_and_no_ban():
    found = reached(Trade(("crude oil",), "RU", "JP"))
    assert "jp-russia-oil-price-cap" in found[Verdict.OPEN]
    assert not {each for each in found[Verdict.MET] if each.startswith("jp-")}


@pytest.mark.parametrize(
    ("item", "measure_id"),
    [
        pytest.param("cod fillets", "us-ofac-russia-eo14068-seafood", id="cod packed in China"),
        pytest.param("diamonds", "us-ofac-russia-eo14068-diamonds", id="diamonds cut in India"),
    ],
)
def test_what_was_worked_elsewhere_asks_whether_it_is_russian(item: str, measure_id: str):
    for origin in ("CN", "IN"):
        assert measure_id in reached(Trade((item,), origin, "US"))[Verdict.OPEN]
    assert measure_id not in reached(Trade((item,), "CN", "DE"))[Verdict.OPEN]


@pytest.mark.parametrize("item", ["uranium", "fertiliser", "natural gas by pipeline"])
def test_the_order_on_energy_names_no_other_goods(item: str):
    assert "us-ofac-russia-eo14066" not in reached(Trade((item,), "RU", "US"))[Verdict.MET]


@pytest.mark.parametrize(
    ("measure_id", "first_day", "before"),
    [
        pytest.param("us-ofac-russia-eo14066", "2022-03-08", "not_yet_made", id="US energy"),
        pytest.param("us-ofac-russia-eo14068-gold", "2022-06-28", "not_yet_made", id="US gold"),
        pytest.param(
            "us-ofac-russia-eo14068-seafood", "2023-12-22", "not_yet_made", id="US seafood"
        ),
        pytest.param("us-ofac-russia-eo14068-diamonds", "2024-03-01", "announced", id="diamonds"),
        pytest.param("uk-russia-oil", "2022-12-05", "published_not_effective", id="UK oil"),
        pytest.param("uk-russia-coal", "2022-08-10", "published_not_effective", id="UK coal"),
        pytest.param("uk-russia-gold", "2022-07-21", "published_not_effective", id="UK gold"),
        pytest.param("uk-russia-lng", "2023-01-01", "published_not_effective", id="UK gas"),
        pytest.param(
            "au-russia-energy-imports", "2022-04-25", "published_not_effective", id="Australia"
        ),
        pytest.param(
            "au-russia-gold", "2022-09-30", "published_not_effective", id="Australian gold"
        ),
        pytest.param("ch-russia-coal", "2022-04-27", "announced", id="Swiss coal"),
        pytest.param("ch-russia-oil", "2022-06-29", "announced", id="Swiss oil"),
        pytest.param("ch-russia-gold", "2022-08-03", "not_yet_made", id="Swiss gold"),
        pytest.param("jp-russia-imports", "2022-04-19", "published_not_effective", id="Japan"),
        pytest.param(
            "jp-russia-gold", "2022-08-01", "published_not_effective", id="Japanese gold"
        ),
        pytest.param("jp-russia-oil-price-cap", "2022-12-05", "not_yet_made", id="Japanese cap"),
    ],
)
def test_an_import_ban_begins_on_its_first_day(measure_id: str, first_day: str, before: str):
    measure, first = REGISTER.get(measure_id), date.fromisoformat(first_day)
    on_the_eve = status_on(measure, first - timedelta(days=1), KNOWN_AT)
    assert on_the_eve.word == before
    on_the_day = status_on(measure, first, KNOWN_AT)
    assert on_the_day.force == "in_force"
    assert on_the_day.since == first


@pytest.mark.parametrize(
    ("day", "word"),
    [("2022-04-21", "in_force_eased"), ("2022-04-22", "in_force")],
    ids=["last day", "day after"],
)
def test_older_contracts_for_russian_energy_were_licensed_until_april_2022(day: str, word: str):
    status = status_on(REGISTER.get("us-ofac-russia-eo14066"), date.fromisoformat(day), KNOWN_AT)
    assert status.word == word


@pytest.mark.parametrize(
    ("trade", "measure_id"),
    [
        pytest.param(Trade(("coal",), "KP", "CN"), "un-dprk-coal-iron-seafood", id="coal"),
        pytest.param(Trade(("hs 0307",), "KP", "CN"), "un-dprk-coal-iron-seafood", id="squid"),
        pytest.param(Trade(("hs 8413",), "KP", "RU"), "un-dprk-2397-exports", id="pumps out"),
        pytest.param(Trade(("hs 841370",), "CN", "KP"), "un-dprk-2397-imports", id="pumps in"),
        pytest.param(Trade(("hs 8703",), "JP", "KP"), "un-dprk-2397-imports", id="cars in"),
        pytest.param(Trade(("seafood",), "JP", "CN"), "cn-gacc-jp-seafood", id="Japanese seafood"),
        pytest.param(Trade(("水产品",), "JP", "CN"), "cn-gacc-jp-seafood", id="in Chinese"),
    ],
)
def test_the_bans_on_north_korea_and_on_japanese_seafood_are_met(trade: Trade, measure_id: str):
    assert measure_id in reached(trade)[Verdict.MET]
    swapped = Trade(trade.items, trade.destination, trade.origin)
    assert measure_id not in reached(swapped)[Verdict.MET]
    elsewhere = reached(Trade(trade.items, "KR", "VN"))
    assert measure_id not in elsewhere[Verdict.MET] | elsewhere[Verdict.OPEN]


@pytest.mark.parametrize(
    ("measure_id", "day", "word"),
    [
        pytest.param("un-dprk-coal-iron-seafood", "2017-08-04", "not_yet_made", id="coal, eve"),
        pytest.param("un-dprk-coal-iron-seafood", "2017-08-05", "in_force", id="coal, day"),
        pytest.param("un-dprk-2397-imports", "2017-12-21", "not_yet_made", id="metals, eve"),
        pytest.param("un-dprk-2397-imports", "2017-12-22", "in_force", id="metals, day"),
        pytest.param("cn-gacc-jp-seafood", "2023-08-23", "not_yet_made", id="seafood, eve"),
        pytest.param("cn-gacc-jp-seafood", "2023-08-24", "in_force", id="seafood, day"),
        pytest.param("cn-gacc-jp-seafood", "2026-11-24", "in_force", id="seafood, now"),
    ],
)
def test_bans_on_north_korea_and_japanese_seafood_begin_on_their_day(
    measure_id: str, day: str, word: str
):
    assert status_on(REGISTER.get(measure_id), date.fromisoformat(day), KNOWN_AT).word == word
