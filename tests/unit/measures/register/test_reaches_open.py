"""What the shipped measures leave open, and what they leave alone."""

import pytest

from abeyance_screening.engine.screening.trade.items import Verdict
from tests.unit.measures.register.trades import Trade, reached


@pytest.mark.parametrize(
    ("trade", "measure"),
    [
        pytest.param(Trade(("dysprosium oxide",)), "cn-2025-18", id="from where?"),
        pytest.param(Trade(("gallium",), "CN"), "cn-2024-46-2", id="to where?"),
        pytest.param(Trade(("gallium",), "JP", "US"), "cn-2024-46-2",
                     id="is it of Chinese origin?"),
        pytest.param(Trade(("hs 284690",), "CN"), "cn-2025-18", id="which rare earth?"),
        pytest.param(Trade(("neodymium magnets",), "CN"), "cn-2025-18", id="what is in it?"),
        pytest.param(Trade(("hs 850511",), "JP", "US"), "cn-2025-61", id="how much is Chinese?"),
        pytest.param(Trade(("hs 811292",), "CN"), "cn-2023-23", id="which metal?"),
        pytest.param(Trade(("hs 280450",), "CN"), "cn-2025-10", id="tellurium or boron?"),
        pytest.param(Trade(("lithium-ion batteries",), "CN", "DE"), "cn-2025-58",
                     id="how strong?"),
        pytest.param(Trade(("hs 848620",), "US", "CN"), "us-bis-semiconductor-equipment",
                     id="which machine?"),
        pytest.param(Trade(("code 3B001.f.1",), "NL", "CN"), "us-bis-semiconductor-equipment",
                     id="is it subject to US rules?"),
        pytest.param(Trade(("code 3A090.c",), "KR", "CN"), "us-bis-advanced-computing",
                     id="is the memory subject to US rules?"),
        pytest.param(Trade(("photoresist",), "US", "CN", "semiconductor_manufacturing"),
                     "us-bis-744-23", id="which plant?"),
        pytest.param(Trade(("code 2B001",), "CN", "US"), "cn-2024-46-1", id="what for?"),
        pytest.param(Trade(("code 2B001",), "CN", "JP", "civil"), "cn-2026-1",
                     id="does it help the military?"),
        pytest.param(Trade(("machine parts",), "DE", "BY"), "eu-belarus-other-goods",
                     id="in an annex?"),
        pytest.param(Trade(("textiles",), "CN", "US"), "us-ustr-301-ships", id="on which ship?"),
        pytest.param(Trade(("code 3D991",), "US", "CN"), "us-bis-eda-is-informed",
                     id="chip design software: has the exporter got a letter?"),
        pytest.param(Trade(("nvidia H20",), "US", "CN"), "us-bis-h20-is-informed",
                     id="H20: has the exporter got a letter?"),
        pytest.param(Trade(("GPU servers",), "US", "CN"), "us-bis-advanced-computing",
                     id="how strong are its chips?"),
        pytest.param(Trade(("hs 854231",), "US", "VN"), "us-bis-advanced-computing",
                     id="how strong is the processor?"),
        pytest.param(Trade(("etching equipment",), "US", "CN"),
                     "us-bis-semiconductor-equipment", id="etching of what?"),
        pytest.param(Trade(("etching equipment",), "JP", "CN"), "jp-semiconductor-equipment",
                     id="etching of what, from Japan?"),
        pytest.param(Trade(("permanent magnets",), "CN", "DE"), "cn-2025-18",
                     id="of which metal?"),
        pytest.param(Trade(("稀土",), "CN", "DE"), "cn-2025-18", id="which, in Chinese?"),
        pytest.param(Trade(("レアアース",), "CN", "JP"), "cn-2025-18", id="which, in Japanese?"),
        pytest.param(Trade(("Oxide der Seltenen Erden",), "CN", "DE"), "cn-2025-18",
                     id="which, in German?"),
        pytest.param(Trade(("oxydes de terres rares",), "CN", "FR"), "cn-2025-18",
                     id="which, in French?"),
        pytest.param(Trade(("GaN chargers",), "CN", "DE"), "cn-2023-23",
                     id="the material or a device?"),
        pytest.param(Trade(("valves",), "US", "CN", "military"), "us-bis-744-21",
                     id="on the list for military uses?"),
        pytest.param(Trade(("valves",), "US", "CN", "military"), "us-bis-744-22",
                     id="for which branch of the military?"),
        pytest.param(Trade(("valves",), "DE", "RU", "military"), "us-bis-744-21",
                     id="is it for the military, and subject to US rules?"),
        pytest.param(Trade(("valves",), "US", "IN", "nuclear"), "us-bis-744-2-to-4",
                     id="a nuclear use: in a country that is left out?"),
        pytest.param(Trade(("valves",), "US", "IN", "missile"), "us-bis-744-2-to-4",
                     id="which missile?"),
        pytest.param(Trade(("valves",), "DE", "CN", "military"), "eu-dual-use-article-4",
                     id="is it under an embargo?"),
        pytest.param(Trade(("valves",), "DE", "IN", "missile"), "eu-dual-use-article-4",
                     id="has the authority told the exporter?"),
        pytest.param(Trade(("cotton shirts",), "CN", "US"), "us-uflpa-goods",
                     id="is any of it from Xinjiang?"),
        pytest.param(Trade(("valves",), "DE", "IR"), "us-ofac-iran-embargo",
                     id="is a US person in it?"),
        pytest.param(Trade(("wheat",), "US", "UA"), "us-ofac-occupied-ukraine-embargo",
                     id="to which part of Ukraine?"),
    ],
)  # fmt: skip
def test_a_fact_that_is_missing_leaves_a_measure_open(trade: Trade, measure: str):
    assert measure in reached(trade)[Verdict.OPEN]


@pytest.mark.parametrize(
    "trade",
    [
        pytest.param(Trade(("dysprosium oxide",), "AU", "CN"), id="into China"),
        pytest.param(Trade(("hs 281810",), "CN"), id="corundum"),
        pytest.param(Trade(("ytterbium oxide",), "CN"), id="terbium is no part of ytterbium"),
    ],
)
def test_what_no_list_names_is_not_taken_for_a_rare_earth(trade: Trade):
    assert "cn-2025-18" in reached(trade)[Verdict.NOT_MET]


@pytest.mark.parametrize(
    ("trade", "measure"),
    [
        pytest.param(Trade(("hs 850511",), "CN", "US"), "cn-2025-61", id="out of China itself"),
        pytest.param(Trade(("hs 850511",), "JP", "CN"), "cn-2025-61", id="into China"),
        pytest.param(Trade(("code 2B001",), "CN", "US", "civil"), "cn-2024-46-1",
                     id="from China itself, for civil use"),
        pytest.param(Trade(("textiles",), "US", "VN"), "us-bis-advanced-computing",
                     id="from the United States itself"),
        pytest.param(Trade(("valves",), "DE", "FR", "missile"), "eu-dual-use-article-4",
                     id="within the European Union"),
        pytest.param(Trade(("valves",), "US", "CN", "civil"), "us-bis-744-21",
                     id="for civil use"),
        pytest.param(Trade(("cotton shirts",), "CN", "DE"), "us-uflpa-goods",
                     id="not into the United States"),
    ],
)  # fmt: skip
def test_a_rule_for_what_is_sent_from_elsewhere_asks_nothing_of_what_is_not(
    trade: Trade, measure: str
):
    assert measure in reached(trade)[Verdict.NOT_MET]
