"""OFAC's general licences: their chains on given days, and the listings that they touch."""

from datetime import date

import pytest

from abeyance_screening.engine.lists.listing import Listing, Name
from abeyance_screening.engine.measures.law.resolve import status_on
from abeyance_screening.engine.measures.measure import Measure, has_words, only_eases
from abeyance_screening.engine.screening.trade.items import Verdict
from tests.shipped_register import load
from tests.unit.measures.register.trades import Trade, reached

REGISTER = load()
LICENCES = [
    each
    for each in REGISTER.measures
    if each.authority == "OFAC" and each.kind == "general_licence"
]
FOR_ALL_OF_RUSSIA = {
    f"us-ofac-gl-{number}" for number in (6, 7, 20, 25, 27, 31, 38, 50, 52, 133, 134)
}
"""Licences that name no party: they loosen what every listing under EO 14024 brings."""
RUSSIA = ("RUSSIA-EO14024",)
DIRECTIVE_4 = "CENTRAL BANK OF THE RUSSIAN FEDERATION"


def _licences(name: str, *programmes: str, list_code: str = "us_ofac_sdn") -> set[str]:
    listing = Listing(
        id=f"{list_code}-1",
        list_code=list_code,
        names=(Name(text=name, kind="primary"),),
        programmes=programmes,
    )
    ours = {each.id for each in LICENCES}
    return {each.id for each in REGISTER.attached_to(listing)} & ours


@pytest.mark.parametrize(
    ("licence", "day", "word"),
    [
        # 124: the pipeline, open since May 2025
        pytest.param("124", "2025-05-14", "not_yet_made", id="124 before"),
        pytest.param("124", "2025-05-15", "eased_by_licence", id="124"),
        pytest.param("124", "2025-11-14", "eased_by_licence", id="124B"),
        # 128: each version took over before the one before it ran out
        pytest.param("128", "2025-11-20", "eased_by_licence", id="128A"),
        pytest.param("128", "2025-12-13", "eased_by_licence", id="128B, on 128A's last day"),
        pytest.param("128", "2026-04-20", "eased_by_licence", id="128C"),
        pytest.param("128", "2026-10-29", "authorisation_lapsed_unconfirmed", id="128 over"),
        # 129: six months, then for good
        pytest.param("129", "2025-10-29", "eased_by_licence", id="129"),
        pytest.param("129", "2026-05-01", "eased_by_licence", id="129A"),
        # 130
        pytest.param("130", "2026-04-13", "eased_by_licence", id="130"),
        pytest.param("130", "2026-10-28", "eased_by_licence", id="130A"),
        pytest.param("130", "2026-10-29", "authorisation_lapsed_unconfirmed", id="130A over"),
        # 131: two links were not read
        pytest.param("131", "2025-12-09", "eased_by_licence", id="131"),
        pytest.param("131", "2025-12-10", "eased_by_licence", id="131A"),
        pytest.param("131", "2026-01-17", "eased_by_licence", id="131B"),
        pytest.param("131", "2026-02-28", "eased_by_licence", id="131C"),
        pytest.param("131", "2026-03-31", "eased_by_licence", id="131C's last sure day"),
        pytest.param("131", "2026-04-01", "unknown", id="131D was not read"),
        pytest.param("131", "2026-04-28", "unknown", id="131D still not"),
        pytest.param("131", "2026-05-01", "unknown", id="the term of 131E was not read"),
        pytest.param("131", "2026-06-25", "eased_by_licence", id="131G"),
        pytest.param("131", "2026-07-26", "authorisation_lapsed_unconfirmed", id="131G over"),
        # 133 and 134: oil at sea, with gaps in which nobody was permitted anything
        pytest.param("133", "2026-04-04", "authorisation_lapsed_unconfirmed", id="133 over"),
        pytest.param("134", "2026-03-12", "eased_by_licence", id="134"),
        pytest.param("134", "2026-04-11", "authorisation_lapsed_unconfirmed", id="134A over"),
        pytest.param("134", "2026-04-17", "eased_by_licence", id="134B"),
        pytest.param("134", "2026-05-17", "authorisation_lapsed_unconfirmed", id="134B over"),
        pytest.param("134", "2026-05-18", "eased_by_licence", id="134C"),
        pytest.param("134", "2026-06-17", "authorisation_lapsed_unconfirmed", id="134C over"),
        # what is first heard of as a successor may have run before: nobody read it
        pytest.param("6", "2024-06-11", "unknown", id="6C was not read"),
        pytest.param("6", "2024-06-12", "eased_by_licence", id="6D"),
        pytest.param("13", "2026-04-07", "unknown", id="13P was not read"),
        pytest.param("13", "2026-07-08", "eased_by_licence", id="13Q"),
        pytest.param("13", "2026-07-09", "authorisation_lapsed_unconfirmed", id="13Q over"),
        pytest.param("115", "2026-06-10", "eased_by_licence", id="115C"),
        pytest.param("115", "2026-12-17", "eased_by_licence", id="115D"),
        pytest.param("115", "2026-12-18", "authorisation_lapsed_unconfirmed", id="115D over"),
        pytest.param("55-115", "2026-12-17", "eased_by_licence", id="55F"),
        pytest.param("8", "2025-03-11", "eased_by_licence", id="8L"),
        pytest.param("8", "2025-03-12", "ended", id="8L over"),
    ],
)
def test_a_chain_of_licences_on_a_day(licence: str, day: str, word: str):
    measure = REGISTER.get(f"us-ofac-gl-{licence}")
    known_at = date(2026, 12, 31)
    assert status_on(measure, date.fromisoformat(day), known_at).word == word


@pytest.mark.parametrize(
    ("measure_id", "day", "word"),
    [
        pytest.param("us-ofac-belarus-potash", "2026-03-25", "eased_by_licence", id="potash"),
        pytest.param("us-ofac-belarus-potash", "2026-03-26", "ended", id="potash withdrawn"),
        pytest.param(
            "us-ofac-belarus-gl-14", "2026-03-26", "eased_by_licence", id="Belinvestbank"
        ),
        pytest.param("us-ofac-iran-gl-x", "2026-08-20", "eased_by_licence", id="Iran GL X"),
        pytest.param(
            "us-ofac-iran-gl-x",
            "2026-08-21",
            "authorisation_lapsed_unconfirmed",
            id="Iran GL X over",
        ),
        pytest.param("us-ofac-venezuela-gl-46", "2026-06-26", "eased_by_licence", id="oil"),
        pytest.param(
            "us-ofac-belarus-eo13405",
            "2006-06-18",
            "published_not_effective",
            id="EO 13405, signed and not yet effective",
        ),
        pytest.param("us-ofac-belarus-eo13405", "2006-06-19", "in_force", id="EO 13405"),
    ],
)
def test_a_measure_on_a_day(measure_id: str, day: str, word: str):
    known_at = date(2026, 12, 31)
    assert status_on(REGISTER.get(measure_id), date.fromisoformat(day), known_at).word == word


@pytest.mark.parametrize(
    ("name", "own"),
    [
        pytest.param(
            "PUBLIC JOINT STOCK COMPANY SBERBANK OF RUSSIA", {"8", "115", "132"}, id="Sberbank"
        ),
        pytest.param(
            "Gazprombank Joint Stock Company", {"53", "55-115", "115", "132"}, id="Gazprombank"
        ),
        pytest.param("VTB BANK PUBLIC JOINT STOCK COMPANY", {"8", "94", "115", "132"}, id="VTB"),
        pytest.param("Open Joint-Stock Company Rosneft Oil Company", {"124", "129"}, id="Rosneft"),
        pytest.param("LUKOIL OAO", {"124", "128", "130", "131"}, id="Lukoil"),
        pytest.param("Somebody else", set(), id="a party that no licence names"),
    ],
)
def test_a_listing_gets_the_licences_that_touch_it(name: str, own: set[str]):
    named = {f"us-ofac-gl-{each}" for each in own}
    assert _licences(name, *RUSSIA) == FOR_ALL_OF_RUSSIA | named


def test_a_directive_4_party_gets_the_licences_for_directive_4():
    found = _licences(DIRECTIVE_4, *RUSSIA, list_code="us_ofac_mbs")
    assert found == {f"us-ofac-gl-{number}" for number in (8, 13, 14, 53, 115, 132)}


def test_another_programme_gets_no_licence_for_russia():
    assert _licences("Somebody else", "SDGT") == set()


@pytest.mark.parametrize(
    "licence",
    [pytest.param(each, id=each.id) for each in LICENCES],
)
def test_no_licence_is_attached_without_what_it_eases(licence: Measure):
    bases = [REGISTER.get(each) for each in licence.eases]
    assert bases
    assert only_eases(licence)
    for each in licence.attaches:
        assert any(wide.list_code == each.list_code for base in bases for wide in base.attaches), (
            each
        )
        for programme in each.programmes:
            assert any(programme in wide.programmes for base in bases for wide in base.attaches), (
                programme
            )
    assert licence.attaches or licence.reaches or licence.unchecked


def test_a_services_licence_comes_only_with_the_ban_on_services():
    for number in (44, 46, 54, 56, 57, 121):
        licence = REGISTER.get(f"us-ofac-gl-{number}")
        assert licence.eases == ("us-ofac-russia-eo14071",)
        assert {each.destination for each in licence.reaches} == {("RU",)}


@pytest.mark.parametrize(
    "code",
    [
        "RUSSIA-EO14024", "SDGT", "SDNTK", "IFSR", "NPWMD", "GLOMAG", "IRAN", "IRGC",
        "ILLICIT-DRUGS-EO14059", "CYBER2", "IRAN-EO13846", "SDNT", "IRAN-HR", "UKRAINE-EO13661",
        "IRAQ2", "DPRK4", "BALKANS", "VENEZUELA-EO13850", "BELARUS-EO14038", "UKRAINE-EO13660",
        "TCO", "DPRK3", "BURMA-EO14014", "VENEZUELA", "IRAN-EO13876", "DPRK2", "ELECTION-EO13848",
        "UKRAINE-EO13685", "UKRAINE-EO13662", "IRAN-EO13902",
    ],
)  # fmt: skip
def test_a_programme_with_many_listings_has_the_words_of_its_act(code: str):
    bases = [
        each
        for each in REGISTER.measures
        if each.authority == "OFAC"
        and not only_eases(each)
        and any(code in wide.programmes for wide in each.attaches)
    ]
    assert any(has_words(each) for each in bases)


@pytest.mark.parametrize(
    ("measure_id", "kinds"),
    [
        pytest.param("us-ofac-ifsr", {"prohibition"}, id="a flag blocks nothing"),
        pytest.param("us-ofac-irgc", {"prohibition"}, id="nor does the other"),
        pytest.param("us-ofac-sdgt", {"blocked", "prohibition"}, id="no export licence of BIS"),
        pytest.param("us-ofac-npwmd", {"blocked"}, id="WMD"),
        pytest.param(
            "us-ofac-ukraine-eo13685",
            {"blocked", "travel_ban"},
            id="the embargo on Crimea is a measure of its own",
        ),
        pytest.param("us-ofac-somalia", {"blocked"}, id="no charcoal in a listing"),
        pytest.param("us-ofac-mbs-illicit-drugs", {"prohibition"}, id="a menu without a freeze"),
        pytest.param("us-ofac-capta-561", {"prohibition"}, id="accounts only"),
    ],
)
def test_a_programme_does_exactly_what_its_act_says(measure_id: str, kinds: set[str]):
    assert {each.kind for each in REGISTER.get(measure_id).effect} == kinds


@pytest.mark.parametrize(
    ("trade", "met"),
    [
        pytest.param(Trade(("vodka",), "RU", "US"), {"us-ofac-russia-eo14068"}, id="vodka"),
        pytest.param(
            Trade(("hs 71023100",), "RU", "US"),
            {"us-ofac-russia-eo14068"},
            id="diamonds, with a licence for some that stays a question",
        ),
        pytest.param(
            Trade(("charcoal",), "SO", "US"), {"us-ofac-somalia-charcoal"}, id="Somali charcoal"
        ),
        pytest.param(Trade(("charcoal",), "KE", "US"), set(), id="other charcoal"),
        pytest.param(Trade(("vodka",), "PL", "US"), set(), id="Polish vodka"),
    ],
)
def test_goods_meet_the_import_bans_and_never_a_licence_alone(trade: Trade, met: set[str]):
    found = reached(trade)
    assert found[Verdict.MET] == met
    for licence in LICENCES:
        if licence.id in found[Verdict.OPEN] | found[Verdict.MET]:
            assert set(licence.eases) & (found[Verdict.MET] | found[Verdict.OPEN])


def test_an_investment_in_russia_is_asked_about():
    assert "us-ofac-russia-eo14071" in reached(Trade(("software",), "US", "RU"))[Verdict.OPEN]


def test_what_comes_from_the_united_states_is_asked_about_on_its_way_to_iran():
    assert "us-ofac-iran-reexport" in reached(Trade(("valves",), "DE", "IR"))[Verdict.OPEN]
    assert "us-ofac-iran-reexport" not in reached(Trade(("valves",), "US", "IR"))[Verdict.OPEN]
