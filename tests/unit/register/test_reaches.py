"""What the shipped measures reach by goods, places and uses."""

import msgspec
import pytest

from service.goods.reaches import Comparer
from service.goods.verdict import Verdict
from service.model.measure import Measure
from service.model.reach import EndUse
from service.model.transaction import AskedItem, Transaction
from service.register.reach_rules import WITHOUT_LISTING
from service.register.read import load

REGISTER = load()
NAMELESS = [each for each in REGISTER.measures if WITHOUT_LISTING & set(each.attaches_by)]
# All goods from one country to another pay a duty, so it would stand in every row.
RESTRICTING = [each for each in NAMELESS if each.kind != "tariff"]


class _Trade(msgspec.Struct, frozen=True):
    """A transaction in short: items as words unless they begin with `hs ` or `code `."""

    items: tuple[str, ...] = ()
    origin: str | None = None
    destination: str | None = None
    end_use: EndUse | None = None


def _item(printed: str) -> AskedItem:
    kind, _, code = printed.partition(" ")
    if kind == "hs":
        return AskedItem(hs=code)
    if kind == "code":
        return AskedItem(control_code=code)
    return AskedItem(description=printed)


def _reached(trade: _Trade) -> dict[Verdict, set[str]]:
    comparer = Comparer(
        Transaction(
            items=tuple(map(_item, trade.items)),
            origin=trade.origin,
            destination=trade.destination,
            end_use=trade.end_use,
        )
    )
    found: dict[Verdict, set[str]] = {verdict: set() for verdict in Verdict}
    for measure in RESTRICTING:
        found[
            comparer.compare(measure.reaches, own_codes=measure.jurisdiction == "CN").verdict
        ].add(measure.id)
    return found


@pytest.mark.parametrize("measure", [pytest.param(each, id=each.id) for each in NAMELESS])
def test_a_measure_that_no_listing_brings_into_play_says_what_does(measure: Measure):
    assert measure.reaches
    assert all(reach.items or reach.items_of or reach.beyond or reach.origin or reach.destination
               for reach in measure.reaches)  # fmt: skip


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
    asked = _reached(_Trade(("cotton shirts",), origin, destination, "civil"))[Verdict.OPEN]
    unlisted = {each.id for each in NAMELESS if any(reach.items_of for reach in each.reaches)}
    ships = {"cn-port-fees", "us-ustr-301-ships"}
    assert asked <= unlisted | ships


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
                assert measure in _reached(_Trade((called,), "CN"))[Verdict.MET], called


@pytest.mark.parametrize(
    ("trade", "met"),
    [
        pytest.param(_Trade(("dysprosium oxide",), "CN", "DE"), {"cn-2025-18"},
                     id="dysprosium oxide from China"),
        pytest.param(_Trade(("氧化镝",), "CN", "DE"), {"cn-2025-18"}, id="in Chinese"),
        pytest.param(_Trade(("Dysprosiumoxid, 99,9 %",), "CN", "DE"), {"cn-2025-18"},
                     id="in German, as one word"),
        pytest.param(_Trade(("酸化ジスプロシウム",), "CN", "JP"), {"cn-2025-18"},
                     id="in Japanese"),
        pytest.param(_Trade(("酸化テルビウム",), "CN", "JP"), {"cn-2025-18"}, id="terbium oxide"),
        pytest.param(_Trade(("酸化イッテルビウム",), "CN", "JP"), {"cn-2025-57"},
                     id="ytterbium, in which terbium is written"),
        pytest.param(_Trade(("gallium",), "CN", "HK"), {"cn-2023-23"}, id="to Hong Kong"),
        pytest.param(_Trade(("gallium",), "CN", "CN"), set(), id="within China"),
        pytest.param(_Trade(("gallium",), "CN"), {"cn-2023-23"}, id="to nobody knows where"),
        pytest.param(_Trade(("GaN wafers",), "CN", "DE"), {"cn-2023-23"}, id="by its short name"),
        pytest.param(_Trade(("球状黒鉛鋳鉄",), "CN", "JP"), set(), id="cast iron is no graphite"),
        pytest.param(_Trade(("code 5A992.c",), "US", "RU", "military"),
                     {"us-bis-russia-belarus", "us-bis-744-21"}, id="for the Russian military"),
        pytest.param(_Trade(("valves",), "US", "BY", "military"), {"us-bis-744-21"},
                     id="anything for the military of Belarus"),
        pytest.param(_Trade(("valves",), "US", "TR", "military"), set(), id="of another country"),
        pytest.param(_Trade(("valves",), "US", "CN", "military_intelligence"), {"us-bis-744-22"},
                     id="anything for Chinese military intelligence"),
        pytest.param(_Trade(("valves",), "US", "DE", "military_intelligence"), set(),
                     id="for German military intelligence"),
        pytest.param(_Trade(("valves",), "US", "BR", "chemical_biological"),
                     {"us-bis-744-2-to-4"}, id="anything for chemical weapons, to anywhere"),
        pytest.param(_Trade(("valves",), "US", "US", "chemical_biological"), set(),
                     id="within the United States"),
        pytest.param(_Trade(("hs 28469015",), "CN", "DE"), {"cn-2025-18"},
                     id="by its Chinese customs code"),
        pytest.param(_Trade(("code 1C905.b",), "CN", "DE"), {"cn-2025-18"},
                     id="by its Chinese control code"),
        pytest.param(_Trade(("lanthanum oxide",), "CN", "DE"), set(), id="lanthanum is free"),
        pytest.param(_Trade(("cerium oxide", "hs 284610"), "CN", "DE"), set(),
                     id="cerium is free by its code too"),
        pytest.param(_Trade(("holmium oxide",), "CN", "DE"), {"cn-2025-57"}, id="one of five"),
        pytest.param(_Trade(("gallium",), "CN", "US"), {"cn-2023-23", "cn-2024-46-2"},
                     id="gallium to the United States"),
        pytest.param(_Trade(("gallium",), "CN", "DE"), {"cn-2023-23"}, id="gallium elsewhere"),
        pytest.param(_Trade(("antimony ingots",), "CN", "US"), {"cn-2024-33", "cn-2024-46-2"},
                     id="antimony to the United States"),
        pytest.param(_Trade(("graphite",), "CN", "US"), {"cn-2023-39", "cn-2024-46-2"},
                     id="graphite to the United States"),
        pytest.param(_Trade(("石墨",), "CN", "JP"), {"cn-2023-39"}, id="graphite in Chinese"),
        pytest.param(_Trade(("石墨烯",), "CN", "JP"), set(), id="graphene is not graphite"),
        pytest.param(_Trade(("hs 25041010",), "CN", "JP"), {"cn-2023-39"}, id="flake graphite"),
        pytest.param(_Trade(("artificial graphite anode",), "CN", "JP"),
                     {"cn-2023-39", "cn-2025-58"}, id="graphite for batteries"),
        pytest.param(_Trade(("ammonium paratungstate",), "CN", "KR"), {"cn-2025-10"},
                     id="a compound by its own name"),
        pytest.param(_Trade(("synthetic diamond powder",), "CN", "KR"), {"cn-2025-55"},
                     id="diamond powder"),
        pytest.param(_Trade(("drone", ), "CN", "US"), {"cn-2026-34"}, id="a drone"),
        pytest.param(_Trade(("drone", ), "CN", "DE"), set(), id="a drone elsewhere"),
        pytest.param(_Trade(("chlorine",), "CN", "VN"), {"cn-2026-29"}, id="chlorine"),
        pytest.param(_Trade(("chlorine dioxide",), "CN", "VN"), set(), id="not chlorine itself"),
        pytest.param(_Trade(("code 2B001",), "CN", "US", "military"), {"cn-2024-46-1"},
                     id="a controlled item for the US military"),
        pytest.param(_Trade(("code 2B001",), "CN", "US", "civil"), set(), id="for civil use"),
        pytest.param(_Trade(("code 2B001",), "CN", "JP", "military"), {"cn-2026-1"},
                     id="a controlled item for the Japanese military"),
        pytest.param(_Trade(("lithography scanner",), "US", "CN"),
                     {"us-bis-semiconductor-equipment"}, id="lithography from the United States"),
        pytest.param(_Trade(("code 3B001.f.1",), "US", "CN"), {"us-bis-semiconductor-equipment"},
                     id="lithography by its entry"),
        pytest.param(_Trade(("code 3B001.f.1",), "US", "MO"), {"us-bis-semiconductor-equipment"},
                     id="to Macao"),
        pytest.param(_Trade(("code 3B001.f.1",), "US", "HK"), {"us-bis-semiconductor-equipment"},
                     id="to Hong Kong"),
        pytest.param(_Trade(("code 3B001.f.1",), "US", "TW"), set(), id="to Taiwan"),
        pytest.param(_Trade(("lithography scanner",), "NL", "CN"), {"nl-semiconductor-equipment"},
                     id="lithography from the Netherlands"),
        pytest.param(_Trade(("露光装置",), "JP", "CN"), {"jp-semiconductor-equipment"},
                     id="lithography from Japan"),
        pytest.param(_Trade(("code 3A090.a",), "US", "CN"),
                     {"us-bis-advanced-computing", "us-bis-ai-diffusion"}, id="an advanced chip"),
        pytest.param(_Trade(("code 3A090.b",), "US", "CN"), {"us-bis-advanced-computing"},
                     id="a lesser one"),
        pytest.param(_Trade(("code 3A090.c",), "US", "VN"), set(),
                     id="memory to a place where only chips are controlled"),
        pytest.param(_Trade(("code 3A090.a",), "US", "FR"), {"us-bis-ai-diffusion"},
                     id="an advanced chip to a friend"),
        pytest.param(_Trade(("nvidia H200",), "US", "CN"),
                     {"us-bis-advanced-computing", "us-bis-ai-diffusion",
                      "us-bis-h200-review-policy"}, id="H200"),
        pytest.param(_Trade(("code 5A992.c",), "US", "RU"), {"us-bis-russia-belarus"},
                     id="anything of the US list to Russia"),
        pytest.param(_Trade(("LNG",), "RU", "DE"), {"eu-lng-19th-package"},
                     id="Russian LNG to a member state"),
        pytest.param(_Trade(("hs 27111100",), "RU", "TR"), set(), id="Russian LNG elsewhere"),
        pytest.param(_Trade(("hs 29011000",), "RU", "HU"), {"eu-acyclic-hydrocarbons"},
                     id="hydrocarbons by their code"),
        pytest.param(_Trade(("code 3A001",), "DE", "IN"), {"eu-dual-use-annex-i"},
                     id="a dual-use item from a member state"),
        pytest.param(_Trade(("textiles",), "US", "AE"), {"us-bis-uae-a5"},
                     id="any goods, where only the destination counts"),
        pytest.param(_Trade(("valves",), "DE", "IR", "nuclear"), {"un-1737-iran"},
                     id="a nuclear use in Iran"),
        pytest.param(_Trade(("HBM3E",), "US", "CN"), {"us-bis-advanced-computing"},
                     id="memory by its trade name"),
        pytest.param(_Trade(("high-bandwidth memory stacks",), "US", "VN"), set(),
                     id="memory to a place where only chips are controlled, in words"),
        pytest.param(_Trade(("plasma etching tools",), "US", "CN"),
                     {"us-bis-semiconductor-equipment"}, id="etching from the United States"),
        pytest.param(_Trade(("code 3A090.b",), "US", "AE"),
                     {"us-bis-advanced-computing", "us-bis-uae-a5"},
                     id="the control list names the UAE itself"),
        pytest.param(_Trade(("lithography scanner",), "NL", "DE"), set(),
                     id="within the European Union"),
        pytest.param(_Trade(("露光装置",), "JP", "JP"), set(), id="within Japan"),
        pytest.param(_Trade(("code 3A001",), "DE", "FR"), set(), id="a dual-use item, within"),
        pytest.param(_Trade(("cigars",), "US", "CU"), {"us-bis-cuba", "us-ofac-cuba-embargo"},
                     id="anything to Cuba"),
        pytest.param(_Trade(("cigars",), "CU", "US"), {"us-ofac-cuba-embargo"},
                     id="anything from Cuba"),
        pytest.param(_Trade(("carpets",), "IR", "US"), {"us-ofac-iran-embargo"},
                     id="anything from Iran"),
        pytest.param(_Trade(("code 5A992.c",), "US", "IR"),
                     {"us-bis-iran", "us-ofac-iran-embargo"}, id="a listed item to Iran"),
        pytest.param(_Trade(("shoes",), "US", "KP"),
                     {"us-bis-north-korea", "us-ofac-north-korea-embargo"},
                     id="anything to North Korea"),
        pytest.param(_Trade(("crude oil",), "RU", "DE"), {"eu-russia-oil"},
                     id="Russian crude to a member state"),
        pytest.param(_Trade(("hs 27101943",), "RU", "FR"), {"eu-russia-oil"},
                     id="Russian diesel by its code"),
        pytest.param(_Trade(("crude oil",), "RU", "IN"), set(), id="Russian crude elsewhere"),
        pytest.param(_Trade(("code 3A001",), "DE", "RU"),
                     {"eu-dual-use-annex-i", "eu-russia-dual-use"},
                     id="a dual-use item from a member state to Russia"),
        pytest.param(_Trade(("code 3A001",), "GB", "RU"), {"uk-russia-dual-use"},
                     id="a dual-use item from the United Kingdom to Russia"),
    ],
)  # fmt: skip
def test_a_transaction_meets_exactly_these_measures(trade: _Trade, met: set[str]):
    assert _reached(trade)[Verdict.MET] == met


@pytest.mark.parametrize(
    ("trade", "measure"),
    [
        pytest.param(_Trade(("dysprosium oxide",)), "cn-2025-18", id="from where?"),
        pytest.param(_Trade(("gallium",), "CN"), "cn-2024-46-2", id="to where?"),
        pytest.param(_Trade(("gallium",), "JP", "US"), "cn-2024-46-2",
                     id="is it of Chinese origin?"),
        pytest.param(_Trade(("hs 284690",), "CN"), "cn-2025-18", id="which rare earth?"),
        pytest.param(_Trade(("neodymium magnets",), "CN"), "cn-2025-18", id="what is in it?"),
        pytest.param(_Trade(("hs 850511",), "JP", "US"), "cn-2025-61", id="how much is Chinese?"),
        pytest.param(_Trade(("hs 811292",), "CN"), "cn-2023-23", id="which metal?"),
        pytest.param(_Trade(("hs 280450",), "CN"), "cn-2025-10", id="tellurium or boron?"),
        pytest.param(_Trade(("lithium-ion batteries",), "CN", "DE"), "cn-2025-58",
                     id="how strong?"),
        pytest.param(_Trade(("hs 848620",), "US", "CN"), "us-bis-semiconductor-equipment",
                     id="which machine?"),
        pytest.param(_Trade(("code 3B001.f.1",), "NL", "CN"), "us-bis-semiconductor-equipment",
                     id="is it subject to US rules?"),
        pytest.param(_Trade(("code 3A090.c",), "KR", "CN"), "us-bis-advanced-computing",
                     id="is the memory subject to US rules?"),
        pytest.param(_Trade(("photoresist",), "US", "CN", "semiconductor_manufacturing"),
                     "us-bis-744-23", id="which plant?"),
        pytest.param(_Trade(("code 2B001",), "CN", "US"), "cn-2024-46-1", id="what for?"),
        pytest.param(_Trade(("code 2B001",), "CN", "JP", "civil"), "cn-2026-1",
                     id="does it help the military?"),
        pytest.param(_Trade(("machine parts",), "DE", "BY"), "eu-belarus", id="in an annex?"),
        pytest.param(_Trade(("textiles",), "CN", "US"), "us-ustr-301-ships", id="on which ship?"),
        pytest.param(_Trade(("code 3D991",), "US", "CN"), "us-bis-eda-is-informed",
                     id="chip design software: has the exporter got a letter?"),
        pytest.param(_Trade(("nvidia H20",), "US", "CN"), "us-bis-h20-is-informed",
                     id="H20: has the exporter got a letter?"),
        pytest.param(_Trade(("GPU servers",), "US", "CN"), "us-bis-advanced-computing",
                     id="how strong are its chips?"),
        pytest.param(_Trade(("hs 854231",), "US", "VN"), "us-bis-advanced-computing",
                     id="how strong is the processor?"),
        pytest.param(_Trade(("etching equipment",), "US", "CN"),
                     "us-bis-semiconductor-equipment", id="etching of what?"),
        pytest.param(_Trade(("etching equipment",), "JP", "CN"), "jp-semiconductor-equipment",
                     id="etching of what, from Japan?"),
        pytest.param(_Trade(("permanent magnets",), "CN", "DE"), "cn-2025-18",
                     id="of which metal?"),
        pytest.param(_Trade(("稀土",), "CN", "DE"), "cn-2025-18", id="which, in Chinese?"),
        pytest.param(_Trade(("レアアース",), "CN", "JP"), "cn-2025-18", id="which, in Japanese?"),
        pytest.param(_Trade(("Oxide der Seltenen Erden",), "CN", "DE"), "cn-2025-18",
                     id="which, in German?"),
        pytest.param(_Trade(("oxydes de terres rares",), "CN", "FR"), "cn-2025-18",
                     id="which, in French?"),
        pytest.param(_Trade(("GaN chargers",), "CN", "DE"), "cn-2023-23",
                     id="the material or a device?"),
        pytest.param(_Trade(("valves",), "US", "CN", "military"), "us-bis-744-21",
                     id="on the list for military uses?"),
        pytest.param(_Trade(("valves",), "US", "CN", "military"), "us-bis-744-22",
                     id="for which branch of the military?"),
        pytest.param(_Trade(("valves",), "DE", "RU", "military"), "us-bis-744-21",
                     id="is it for the military, and subject to US rules?"),
        pytest.param(_Trade(("valves",), "US", "IN", "nuclear"), "us-bis-744-2-to-4",
                     id="a nuclear use: in a country that is left out?"),
        pytest.param(_Trade(("valves",), "US", "IN", "missile"), "us-bis-744-2-to-4",
                     id="which missile?"),
        pytest.param(_Trade(("valves",), "DE", "CN", "military"), "eu-dual-use-article-4",
                     id="is it under an embargo?"),
        pytest.param(_Trade(("valves",), "DE", "IN", "missile"), "eu-dual-use-article-4",
                     id="has the authority told the exporter?"),
        pytest.param(_Trade(("cotton shirts",), "CN", "US"), "us-uflpa-goods",
                     id="is any of it from Xinjiang?"),
        pytest.param(_Trade(("valves",), "DE", "IR"), "us-ofac-iran-embargo",
                     id="is a US person in it?"),
        pytest.param(_Trade(("wheat",), "US", "UA"), "us-ofac-occupied-ukraine-embargo",
                     id="to which part of Ukraine?"),
    ],
)  # fmt: skip
def test_a_fact_that_is_missing_leaves_a_measure_open(trade: _Trade, measure: str):
    assert measure in _reached(trade)[Verdict.OPEN]


@pytest.mark.parametrize(
    "trade",
    [
        pytest.param(_Trade(("dysprosium oxide",), "AU", "CN"), id="into China"),
        pytest.param(_Trade(("hs 281810",), "CN"), id="corundum"),
        pytest.param(_Trade(("ytterbium oxide",), "CN"), id="terbium is no part of ytterbium"),
    ],
)
def test_what_no_list_names_is_not_taken_for_a_rare_earth(trade: _Trade):
    assert "cn-2025-18" in _reached(trade)[Verdict.NOT_MET]


@pytest.mark.parametrize(
    ("trade", "measure"),
    [
        pytest.param(_Trade(("hs 850511",), "CN", "US"), "cn-2025-61", id="out of China itself"),
        pytest.param(_Trade(("hs 850511",), "JP", "CN"), "cn-2025-61", id="into China"),
        pytest.param(_Trade(("code 2B001",), "CN", "US", "civil"), "cn-2024-46-1",
                     id="from China itself, for civil use"),
        pytest.param(_Trade(("textiles",), "US", "VN"), "us-bis-advanced-computing",
                     id="from the United States itself"),
        pytest.param(_Trade(("valves",), "DE", "FR", "missile"), "eu-dual-use-article-4",
                     id="within the European Union"),
        pytest.param(_Trade(("valves",), "US", "CN", "civil"), "us-bis-744-21",
                     id="for civil use"),
        pytest.param(_Trade(("cotton shirts",), "CN", "DE"), "us-uflpa-goods",
                     id="not into the United States"),
    ],
)  # fmt: skip
def test_a_rule_for_what_is_sent_from_elsewhere_asks_nothing_of_what_is_not(
    trade: _Trade, measure: str
):
    assert measure in _reached(trade)[Verdict.NOT_MET]
