"""What the shipped measures reach by goods, places and uses."""

import pytest

from abeyance_screening.engine.measures.measure import Measure
from abeyance_screening.engine.screening.trade.items import Verdict
from tests.cases import for_each
from tests.unit.measures.register.trades import NAMELESS, Trade, reached


@for_each("measure", {each.id: each for each in NAMELESS})
def test_a_measure_that_no_listing_brings_into_play_says_what_does(measure: Measure):
    assert measure.reaches
    assert all(reach.items or reach.items_of or reach.beyond or reach.origin or reach.destination
               or reach.us_rules for reach in measure.reaches)  # fmt: skip


def test_whatever_is_described_in_words_can_be_compared():
    classes = [items for each in NAMELESS for reach in each.reaches for items in reach.items]
    assert [items.name for items in classes if not items.words] == []


@pytest.mark.parametrize(
    ("origin", "destination"),
    [
        pytest.param("US", "CN", id="to China"),
        pytest.param("CN", "DE", id="from China"),
        pytest.param("NL", "CN", id="from the Netherlands"),
    ],
)
def test_words_of_no_class_ask_nothing_about_listed_goods(origin: str, destination: str):
    asked = reached(Trade(("cotton shirts",), origin, destination, "civil"))[Verdict.OPEN]
    unlisted = {
        each.id
        for each in NAMELESS
        if any(reach.items_of or reach.annexes for reach in each.reaches)
    }
    of_any_goods = {"cn-port-fees", "us-ustr-301-ships", "eu-forced-labour-products"}
    assert asked <= unlisted | of_any_goods


def test_the_element_named_is_looked_for_in_four_languages_and_by_its_symbol():
    elements = {
        "cn-2023-23": {"Ga": "gallium 镓 ガリウム", "Ge": "germanium 锗 ゲルマニウム"},
        "cn-2023-39": {"石墨": "graphite 黒鉛 グラファイト Graphit"},
        "cn-2024-33": {"Sb": "antimony 锑 アンチモン Antimon"},
        "cn-2025-10": {"W": "tungsten 钨 タングステン Wolfram", "Te": "tellurium 碲 テルル Tellur",
                       "Bi": "bismuth 铋 ビスマス Wismut", "In": "indium 铟 インジウム",
                       "Mo": "molybdenum 钼 モリブデン Molybdän"},
        "cn-2025-18": {"Sm": "samarium 钐 サマリウム", "Gd": "gadolinium 钆 ガドリニウム",
                       "Tb": "terbium 铽 テルビウム", "Dy": "dysprosium 镝 ジスプロシウム",
                       "Lu": "lutetium 镥 ルテチウム", "Sc": "scandium 钪 スカンジウム",
                       "Y": "yttrium 钇 イットリウム"},
        "cn-2025-57": {"Ho": "holmium 钬 ホルミウム", "Er": "erbium 铒 エルビウム",
                       "Tm": "thulium 铥 ツリウム", "Eu": "europium 铕 ユウロピウム",
                       "Yb": "ytterbium 镱 イッテルビウム"},
    }  # fmt: skip
    for measure, named in elements.items():
        for symbol, names in named.items():
            for called in (symbol, *names.split()):
                assert measure in reached(Trade((called,), "CN"))[Verdict.MET], called


@pytest.mark.parametrize(
    ("trade", "met"),
    [
        pytest.param(Trade(("dysprosium oxide",), "CN", "DE"), {"cn-2025-18"},
                     id="dysprosium oxide from China"),
        pytest.param(Trade(("氧化镝",), "CN", "DE"), {"cn-2025-18"}, id="in Chinese"),
        pytest.param(Trade(("Dysprosiumoxid, 99,9 %",), "CN", "DE"), {"cn-2025-18"},
                     id="in German, as one word"),
        pytest.param(Trade(("酸化ジスプロシウム",), "CN", "JP"), {"cn-2025-18"},
                     id="in Japanese"),
        pytest.param(Trade(("酸化テルビウム",), "CN", "JP"), {"cn-2025-18"}, id="terbium oxide"),
        pytest.param(Trade(("酸化イッテルビウム",), "CN", "JP"), {"cn-2025-57"},
                     id="ytterbium, in which terbium is written"),
        pytest.param(Trade(("gallium",), "CN", "HK"), {"cn-2023-23"}, id="to Hong Kong"),
        pytest.param(Trade(("gallium",), "CN", "CN"), set(), id="within China"),
        pytest.param(Trade(("gallium",), "CN"), {"cn-2023-23"}, id="to nobody knows where"),
        pytest.param(Trade(("GaN wafers",), "CN", "DE"), {"cn-2023-23"}, id="by its short name"),
        pytest.param(Trade(("球状黒鉛鋳鉄",), "CN", "JP"), set(), id="cast iron is no graphite"),
        pytest.param(Trade(("code 5A992.c",), "US", "RU", "military"),
                     {"us-bis-russia-belarus", "us-bis-744-21"}, id="for the Russian military"),
        pytest.param(Trade(("valves",), "US", "BY", "military"),
                     {"us-bis-744-21", "us-bis-russia-industrial-goods"},
                     id="anything for the military of Belarus"),
        pytest.param(Trade(("valves",), "US", "TR", "military"), set(), id="of another country"),
        pytest.param(Trade(("valves",), "US", "CN", "military_intelligence"), {"us-bis-744-22"},
                     id="anything for Chinese military intelligence"),
        pytest.param(Trade(("valves",), "US", "DE", "military_intelligence"), set(),
                     id="for German military intelligence"),
        pytest.param(Trade(("valves",), "US", "BR", "chemical_biological"),
                     {"us-bis-744-2-to-4"}, id="anything for chemical weapons, to anywhere"),
        pytest.param(Trade(("valves",), "US", "US", "chemical_biological"), set(),
                     id="within the United States"),
        pytest.param(Trade(("hs 28469015",), "CN", "DE"), {"cn-2025-18"},
                     id="by its Chinese customs code"),
        pytest.param(Trade(("code 1C905.b",), "CN", "DE"), {"cn-2025-18", "cn-dual-use-list"},
                     id="by its Chinese control code"),
        pytest.param(Trade(("lanthanum oxide",), "CN", "DE"), set(), id="lanthanum is free"),
        pytest.param(Trade(("cerium oxide", "hs 284610"), "CN", "DE"), set(),
                     id="cerium is free by its code too"),
        pytest.param(Trade(("holmium oxide",), "CN", "DE"), {"cn-2025-57"}, id="one of five"),
        pytest.param(Trade(("gallium",), "CN", "US"), {"cn-2023-23", "cn-2024-46-2"},
                     id="gallium to the United States"),
        pytest.param(Trade(("gallium",), "CN", "DE"), {"cn-2023-23"}, id="gallium elsewhere"),
        pytest.param(Trade(("antimony ingots",), "CN", "US"), {"cn-2024-33", "cn-2024-46-2"},
                     id="antimony to the United States"),
        pytest.param(Trade(("graphite",), "CN", "US"), {"cn-2023-39", "cn-2024-46-2"},
                     id="graphite to the United States"),
        pytest.param(Trade(("石墨",), "CN", "JP"), {"cn-2023-39"}, id="graphite in Chinese"),
        pytest.param(Trade(("石墨烯",), "CN", "JP"), set(), id="graphene is not graphite"),
        pytest.param(Trade(("hs 25041010",), "CN", "JP"), {"cn-2023-39"}, id="flake graphite"),
        pytest.param(Trade(("artificial graphite anode",), "CN", "JP"),
                     {"cn-2023-39", "cn-2025-58"}, id="graphite for batteries"),
        pytest.param(Trade(("ammonium paratungstate",), "CN", "KR"), {"cn-2025-10"},
                     id="a compound by its own name"),
        pytest.param(Trade(("synthetic diamond powder",), "CN", "KR"), {"cn-2025-55"},
                     id="diamond powder"),
        pytest.param(Trade(("drone", ), "CN", "US"), {"cn-2026-34"}, id="a drone"),
        pytest.param(Trade(("drone", ), "CN", "DE"), set(), id="a drone elsewhere"),
        pytest.param(Trade(("chlorine",), "CN", "VN"), {"cn-2026-29"}, id="chlorine"),
        pytest.param(Trade(("chlorine dioxide",), "CN", "VN"), set(), id="not chlorine itself"),
        pytest.param(Trade(("code 2B001",), "CN", "US", "military"),
                     {"cn-2024-46-1", "cn-dual-use-list"},
                     id="a controlled item for the US military"),
        pytest.param(Trade(("code 2B001",), "CN", "US", "civil"), {"cn-dual-use-list"},
                     id="for civil use"),
        pytest.param(Trade(("code 2B001",), "CN", "JP", "military"),
                     {"cn-2026-1", "cn-dual-use-list"},
                     id="a controlled item for the Japanese military"),
        pytest.param(Trade(("lithography scanner",), "US", "CN"),
                     {"us-bis-semiconductor-equipment"}, id="lithography from the United States"),
        pytest.param(Trade(("code 3B001.f.1",), "US", "CN"), {"us-bis-semiconductor-equipment"},
                     id="lithography by its entry"),
        pytest.param(Trade(("code 3B001.f.1",), "US", "MO"), {"us-bis-semiconductor-equipment"},
                     id="to Macao"),
        pytest.param(Trade(("code 3B001.f.1",), "US", "HK"),
                     {"us-bis-semiconductor-equipment", "hk-strategic-commodities"},
                     id="to Hong Kong"),
        pytest.param(Trade(("code 3B001.f.1",), "US", "TW"), set(), id="to Taiwan"),
        pytest.param(Trade(("lithography scanner",), "NL", "CN"), {"nl-semiconductor-equipment"},
                     id="lithography from the Netherlands"),
        pytest.param(Trade(("露光装置",), "JP", "CN"), {"jp-semiconductor-equipment"},
                     id="lithography from Japan"),
        pytest.param(Trade(("code 3A090.a",), "US", "CN"),
                     {"us-bis-advanced-computing", "us-bis-ai-diffusion"}, id="an advanced chip"),
        pytest.param(Trade(("code 3A090.b",), "US", "CN"), {"us-bis-advanced-computing"},
                     id="a lesser one"),
        pytest.param(Trade(("code 3A090.c",), "US", "VN"), set(),
                     id="memory to a place where only chips are controlled"),
        pytest.param(Trade(("code 3A090.a",), "US", "FR"), {"us-bis-ai-diffusion"},
                     id="an advanced chip to a friend"),
        pytest.param(Trade(("nvidia H200",), "US", "CN"),
                     {"us-bis-advanced-computing", "us-bis-ai-diffusion",
                      "us-bis-h200-review-policy"}, id="H200"),
        pytest.param(Trade(("code 5A992.c",), "US", "RU"), {"us-bis-russia-belarus"},
                     id="anything of the US list to Russia"),
        pytest.param(Trade(("LNG",), "RU", "DE"), {"eu-lng-19th-package"},
                     id="Russian LNG to a member state"),
        pytest.param(Trade(("hs 27111100",), "RU", "TR"), set(), id="Russian LNG elsewhere"),
        pytest.param(Trade(("hs 29011000",), "RU", "HU"),
                     {"eu-acyclic-hydrocarbons", "eu-russia-revenue-goods"},
                     id="hydrocarbons by their code"),
        pytest.param(Trade(("code 3A001",), "DE", "IN"), {"eu-dual-use-annex-i"},
                     id="a dual-use item from a member state"),
        pytest.param(Trade(("textiles",), "US", "AE"), set(),
                     id="goods that may be on no list, to a place eased for those that are"),
        pytest.param(Trade(("valves",), "DE", "IR", "nuclear"), {"un-1737-iran"},
                     id="a nuclear use in Iran"),
        pytest.param(Trade(("HBM3E",), "US", "CN"), {"us-bis-advanced-computing"},
                     id="memory by its trade name"),
        pytest.param(Trade(("high-bandwidth memory stacks",), "US", "VN"), set(),
                     id="memory to a place where only chips are controlled, in words"),
        pytest.param(Trade(("plasma etching tools",), "US", "CN"),
                     {"us-bis-semiconductor-equipment"}, id="etching from the United States"),
        pytest.param(Trade(("code 3A090.b",), "US", "AE"), {"us-bis-advanced-computing"},
                     id="the control list names the UAE itself"),
        pytest.param(Trade(("lithography scanner",), "NL", "DE"), set(),
                     id="within the European Union"),
        pytest.param(Trade(("露光装置",), "JP", "JP"), set(), id="within Japan"),
        pytest.param(Trade(("code 3A001",), "DE", "FR"), set(), id="a dual-use item, within"),
        pytest.param(Trade(("cigars",), "US", "CU"), {"us-bis-cuba", "us-ofac-cuba-embargo"},
                     id="anything to Cuba"),
        pytest.param(Trade(("cigars",), "CU", "US"), {"us-ofac-cuba-embargo"},
                     id="anything from Cuba"),
        pytest.param(Trade(("carpets",), "IR", "US"), {"us-ofac-iran-embargo"},
                     id="anything from Iran"),
        pytest.param(Trade(("code 5A992.c",), "US", "IR"),
                     {"us-bis-iran", "us-ofac-iran-embargo"}, id="a listed item to Iran"),
        pytest.param(Trade(("shoes",), "US", "KP"),
                     {"us-bis-north-korea", "us-ofac-north-korea-embargo"},
                     id="anything to North Korea"),
        pytest.param(Trade(("crude oil",), "RU", "DE"), {"eu-russia-oil"},
                     id="Russian crude to a member state"),
        pytest.param(Trade(("hs 27101943",), "RU", "FR"), {"eu-russia-oil"},
                     id="Russian diesel by its code"),
        pytest.param(Trade(("crude oil",), "RU", "IN"), set(), id="Russian crude elsewhere"),
        pytest.param(Trade(("code 3A001",), "DE", "RU"),
                     {"eu-dual-use-annex-i", "eu-russia-dual-use"},
                     id="a dual-use item from a member state to Russia"),
        pytest.param(Trade(("code 3A001",), "GB", "RU"),
                     {"uk-russia-dual-use", "uk-strategic-exports"},
                     id="a dual-use item from the United Kingdom to Russia"),
    ],
)  # fmt: skip
def test_a_transaction_meets_exactly_these_measures(trade: Trade, met: set[str]):
    assert reached(trade)[Verdict.MET] == met
