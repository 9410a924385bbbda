"""Who is one party: what joins listings of several lists, and what keeps them apart."""

import random

import msgspec
import pytest

from abeyance_screening.engine.lists.listing import Address, Listing
from tests.unit.screening.parties.listed import joined, listed, under

SBER_US = listed(
    "us_ofac_sdn-17016",
    "PUBLIC JOINT STOCK COMPANY SBERBANK OF RUSSIA",
    "SBERBANK",
    countries="RU",
    numbers=[("Tax ID No.", "7707083893")],
)
SBER_UK = listed("uk_sl-RUS1074", "Sberbank", numbers=[("INN", "7707083893")])


def test_a_number_held_for_life_joins_listings_of_other_names():
    eu = listed("eu_fsf-9", "Sberegatelny bank", numbers=[("INN", "7707083893")])
    found = joined(SBER_US, eu)
    assert found.members == {"eu_fsf-9": ("eu_fsf-9", "us_ofac_sdn-17016")}
    [link] = found.links["eu_fsf-9"]
    assert (link.kind, link.met) == ("number", "INN 7707083893")


def test_a_different_number_held_for_life_keeps_namesakes_apart():
    # OFAC's 35356 and the UK's RUS1430, both AVANGARD of Russia
    one = listed("us_ofac_sdn-35356", "AVANGARD", numbers=[("INN", "6726504312")])
    other = listed("uk_sl-RUS1430", "Avangard", numbers=[("INN", "7804001110")])
    assert len(joined(one, other).members) == len({one.id, other.id})


@pytest.mark.parametrize(
    ("foreign", "met"),
    [
        pytest.param(
            listed("uk_sl-AQD0022", "Afghan Office", facts=[("un_reference_number", "QDe.069")]),
            "UN reference QDE.069",
            id="UK prints the UN's",
        ),
        pytest.param(
            listed("eu_fsf-77", "Afghan Office", facts=[("united_nations_id", "QDe.069")]),
            "UN reference QDE.069",
            id="EU prints the UN's",
        ),
        pytest.param(
            listed("au_dfat-165", "Afghan Office", remarks="QDe.069. Review of 2010."),
            "UN reference QDE.069",
            id="Australia begins its remarks with it",
        ),
        pytest.param(
            listed("ch_seco-165", "Afghan Office", facts=[("foreign_identifier", "QDe.069")]),
            "UN reference QDE.069",
            id="Switzerland prints the UN's",
        ),
    ],
)
def test_a_publishers_own_reference_joins(foreign: Listing, met: str):
    un = listed("un_sc-QDe.069", "WAFA HUMANITARIAN ORGANIZATION")
    assert [link.met for link in joined(un, foreign).links.get(foreign.id, ())] == [met]


def test_a_reference_in_the_middle_of_remarks_is_somebody_else():
    un = listed("un_sc-QDe.004", "AL-QAIDA")
    other = listed("au_dfat-9", "Abu Somebody Group", remarks="Linked to Al-Qaida (QDe.004).")
    assert joined(un, other).links == {}


def test_an_ofac_number_joins_its_lists():
    sdn = listed("us_ofac_sdn-17016", "SBERBANK")
    ssi = listed("us_ofac_ssi-17016", "PJSC SBERBANK")
    assert joined(sdn, ssi).members == {sdn.id: (sdn.id, ssi.id)}


def test_linked_to_is_no_identity_but_relates():
    bank = listed("us_ofac_sdn-17016", "PUBLIC JOINT STOCK COMPANY SBERBANK OF RUSSIA")
    holding = listed(
        "us_ofac_sdn-34616",
        "ARIMERO HOLDING LIMITED",
        remarks="(Linked To: PUBLIC JOINT STOCK COMPANY SBERBANK OF RUSSIA)",
    )
    found = joined(bank, holding)
    assert found.members.keys() == {bank.id, holding.id}
    [beside] = found.related[holding.id]
    assert beside.party == bank.id
    assert "belongs to PUBLIC JOINT STOCK COMPANY SBERBANK OF RUSSIA" in beside.reason


def test_a_branch_that_a_list_names_apart_stays_apart_and_is_related():
    """OFAC prints one tax number for VEB and for BelVEB, and lists both."""
    tax = [("Tax ID No.", "7750004150")]
    head = listed("us_ofac_sdn-17015", "VNESHECONOMBANK", numbers=tax)
    daughter = listed("us_ofac_sdn-18291", "BANK BELVEB OJSC", numbers=tax)
    other = listed("uk_sl-RUS0001", "Vnesheconombank", numbers=[("INN", "7750004150")])
    found = joined(head, daughter, other)
    assert found.members == {
        other.id: (other.id, head.id),
        daughter.id: (daughter.id,),
    }
    assert [each.party for each in found.related[daughter.id]] == [other.id]


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        pytest.param("IR", "IR", "name_and_country", id="one country"),
        pytest.param("IR", "", "name", id="a country not printed"),
        pytest.param("CN", "HK", "name_and_country", id="one state"),
        pytest.param("IR", "AE", None, id="two countries"),
    ],
)
def test_firms_of_one_rare_name(one: str, other: str, kind: str | None):
    found = joined(
        listed("us_ofac_sdn-1", "Kaveh Borogove Mills", countries=one),
        listed("uk_sl-1", "KAVEH BOROGOVE MILLS", countries=other),
    )
    assert next((each.kind for some in found.links.values() for each in some), None) == kind


def test_a_firm_is_no_ship():
    firm = listed("us_ofac_sdn-1", "Kaveh Borogove Mills")
    ship = listed("uk_sl-1", "Kaveh Borogove Mills", entity_type="vessel")
    found = joined(firm, ship)
    assert (found.links, found.perhaps) == ({}, {})


def test_what_is_not_settled_is_perhaps_the_same():
    found = joined(
        listed("us_ofac_sdn-1", "Kaveh Borogove Mills", countries="IR"),
        listed("uk_sl-1", "Kaveh Borogove Mills", countries="AE"),
    )
    [beside] = found.perhaps["us_ofac_sdn-1"]
    assert (beside.party, beside.reason) == ("uk_sl-1", "both are named Kaveh Borogove Mills")
    assert [each.party for each in found.perhaps["uk_sl-1"]] == ["us_ofac_sdn-1"]


def test_a_limited_company_is_not_the_stock_company_of_that_name():
    found = joined(
        listed("us_ofac_sdn-1", "OOO Borogov Stal", countries="RU"),
        listed("uk_sl-1", "PAO Borogov Stal", countries="RU"),
    )
    assert found.links == {}


def test_of_two_namesakes_of_one_list_the_one_in_the_country_is_the_party():
    here = listed("us_bis_el-a", "Borogove Slithy Trading", countries="RU")
    there = listed("us_bis_el-b", "Borogove Slithy Trading", countries="CN")
    other = listed("uk_sl-1", "Borogove Slithy Trading", countries="RU")
    found = joined(here, there, other)
    assert found.party_of[other.id] == found.party_of[here.id] != found.party_of[there.id]


def test_of_two_namesakes_in_the_country_neither_is():
    twins = [
        listed(f"us_bis_el-{each}", "Borogove Slithy Trading", countries="RU") for each in "ab"
    ]
    other = listed("uk_sl-1", "Borogove Slithy Trading", countries="RU")
    found = joined(*twins, other)
    assert found.links == {}
    assert {each.party for each in found.perhaps[other.id]} == {each.id for each in twins}


@pytest.mark.parametrize(
    ("one", "other", "are_one"),
    [
        pytest.param("1969-03-11", "1969-03-11", True, id="one day"),
        pytest.param("1969-03-11", "1969", True, id="one year"),
        pytest.param("circa 1968", "1969-03-11", True, id="about that year"),
        pytest.param("1965 to 1970", "1969-03-11", True, id="a span with that year"),
        pytest.param("1969-03-11", "1972", False, id="another year"),
        pytest.param("circa 1966", "1969-03-11", False, id="about another year"),
    ],
)
def test_people_of_one_name_by_their_births(one: str, other: str, *, are_one: bool):
    found = joined(
        listed(
            "us_ofac_sdn-1", "Jian Zhang", entity_type="person", facts=[("date_of_birth", one)]
        ),
        listed("uk_sl-1", "Jian ZHANG", entity_type="person", facts=[("date_of_birth", other)]),
    )
    assert (len(found.members) == 1) is are_one


def test_people_without_births_need_a_rare_name():
    common = [
        listed(f"{code}-1", "Jian Zhang", entity_type="person") for code in ("un_sc", "uk_sl")
    ]
    rare = [
        listed(f"{code}-2", "Anatoly Borogovich Slithytov", entity_type="person")
        for code in ("un_sc", "uk_sl")
    ]
    found = joined(*common, *rare)
    assert found.members["uk_sl-2"] == ("uk_sl-2", "un_sc-2")
    assert found.party_of["un_sc-1"] == "un_sc-1"


def test_a_publishers_reference_does_not_outweigh_another_birth_year():
    found = joined(
        listed(
            "un_sc-KPi.063",
            "Pak Yong Sik",
            entity_type="person",
            facts=[("date_of_birth", "1950")],
        ),
        listed(
            "uk_ofsi-13540",
            "Yong Sik PAK",
            entity_type="person",
            facts=[("date_of_birth", "1949"), ("un_reference_number", "KPi.063")],
        ),
    )
    assert found.links == {}


def test_one_list_that_entered_a_party_twice():
    """Australia has this firm under the UN's regime and under its own."""
    address = (Address(text="P.O. Box 16595, Borogove Street 7, Tehran"),)
    one, other = (
        msgspec.structs.replace(listed(each, "Kaveh Borogove Mills"), addresses=address)
        for each in ("au_dfat-1", "au_dfat-2")
    )
    assert joined(one, other).members == {"au_dfat-1": ("au_dfat-1", "au_dfat-2")}
    assert len(joined(one, listed("au_dfat-3", "Kaveh Borogove Mills")).members) == len("ab")


def test_ofac_enters_nobody_twice_for_a_second_programme():
    """OFAC has a general of 1946 and a trader of 1962 under one name and two orders; Japan one."""
    general, trader = (
        under(programme, listed(each, "KIM, Yong Chol", entity_type="person"))
        for each, programme in (("us_ofac_sdn-12211", "DPRK"), ("us_ofac_sdn-17614", "DPRK2"))
    )
    assert len(joined(general, trader).members) == len("ab")
    japan = [
        under(programme, listed(each, "KIM NAM UNG", entity_type="person"))
        for each, programme in (("jp_mof-61", "1718"), ("jp_mof-32", "autonomous"))
    ]
    assert len(joined(*japan).members) == len("a")


def test_why_two_are_not_joined_is_told_by_the_title_of_the_list():
    one, other = (
        listed(f"us_ofac_sdn-{key}", f"Borogove Mills {key}") for key in ("East", "West")
    )
    both = listed("uk_sl-1", "Borogove Mills East", "Borogove Mills West")
    found = joined(one, other, both)
    (reason,) = {each.reason for some in found.perhaps.values() for each in some}
    assert reason == "both are named Borogove Mills West, but SDN List lists them separately"


def test_an_operators_word_keeps_two_apart():
    split = frozenset({SBER_US.id, SBER_UK.id})
    assert len(joined(SBER_US, SBER_UK).members) == 1
    found = joined(SBER_US, SBER_UK, splits=[split])
    assert found.members.keys() == split
    assert "an operator of this service keeps them apart" in found.related[SBER_UK.id][0].reason


def test_the_order_of_listings_decides_nothing():
    listings = [
        SBER_US,
        SBER_UK,
        *(listed(f"us_bis_el-{each}", "Borogove Slithy Trading", countries="RU") for each in "ab"),
        listed("uk_sl-1", "Borogove Slithy Trading", countries="RU"),
        listed("un_sc-QDe.069", "WAFA", "Wafa Humanitarian Organization"),
        listed("uk_sl-2", "Al Wafa", facts=[("un_reference_number", "QDe.069")]),
        listed("jp_meti_eul-2", "Wafa Humanitarian Organization", countries="AF"),
    ]
    wanted = joined(*listings)
    for seed in range(5):
        random.Random(seed).shuffle(listings)  # noqa: S311 - an order that can be repeated
        assert joined(*listings) == wanted


def test_a_party_keeps_its_id_while_its_lowest_listing_stays():
    un = listed("un_sc-QDe.069", "WAFA")
    uk = listed("uk_sl-2", "Wafa", facts=[("un_reference_number", "QDe.069")])
    au = listed("au_dfat-3", "Wafa", remarks="QDe.069")
    assert joined(un, uk, au).members.keys() == joined(un, au).members.keys() == {"au_dfat-3"}
    assert joined(un, uk).members.keys() == {"uk_sl-2"}


KASPERSKY = (
    listed("us_fcc-c3d3b5f6aaca", "AO Kaspersky Lab"),
    listed("us_fcc-ab90666ebc2a", "Kaspersky Lab, Inc."),
    listed(
        "us_bis_el-c3d3b5f6aaca",
        "AO Kaspersky Lab",
        "AO Laboratoriya Kasperskogo",
        "Kaspersky",
        entity_type=None,
        countries="RU",
    ),
    listed(
        "us_bis_el-083839faf627",
        "Kaspersky Labs Limited",
        "Kaspersky Labs Ltd",
        entity_type=None,
        countries="GB",
    ),
    listed(
        "us_bis_el-378d3ad308a1",
        "OOO Kaspersky Group",
        "Kaspersky Group",
        entity_type=None,
        countries="RU",
    ),
)


def test_of_namesakes_the_one_that_both_print_with_the_same_legal_form_is_the_party():
    found = joined(*KASPERSKY)
    several = [members for members in found.members.values() if len(members) > 1]
    assert several == [("us_bis_el-c3d3b5f6aaca", "us_fcc-c3d3b5f6aaca")]


def test_namesakes_with_one_legal_form_are_told_by_nothing():
    """With a second AO of the name on one list, the same words settle nothing."""
    second = listed("us_fcc-2", "AO Kaspersky Lab", countries="KZ")
    assert joined(*KASPERSKY, second).links == {}


def test_a_name_with_a_hyphen_is_the_same_written_as_one_word():
    ofac = listed("us_ofac_sdn-44259", "T-BANK", "JSC TINKOFF BANK", countries="RU")
    uk = listed("uk_sl-RUS1859", "TBank")
    [link] = joined(ofac, uk).links[uk.id]
    assert (link.kind, link.met) == ("name", "TBank")


def test_a_name_with_a_hyphen_counts_once():
    """Several equal names join more than one does."""
    one = listed("us_ofac_sdn-1", "Borogove-Slithy", countries="RU")
    other = listed("uk_sl-1", "Borogove-Slithy", countries="RU")
    assert [link.kind for link in joined(one, other).links["uk_sl-1"]] == ["name_and_country"]


ALMAZ_ANTEY = (
    listed(
        "au_dfat-3018",
        "Almaz-Antey",
        "Concern Almaz-Antey",
        "Almaz-Antey Defense Corporation",
        "Almaz-Antey GSKB",
        "Almaz-Antey MSDB",
        "Almaz-Antey GSKB Imeni Academician A.A. Raspletin",
        countries="RU",
    ),
    listed(
        "us_bis_el-078b900dcfb2",
        "Almaz-Antey Air Defense Concern Main System Design Bureau, JSC",
        "A.A. Raspletin Main System Design Bureau",
        "Almaz-Antey GSKB",
        "Almaz-Antey GSKB Imeni Academician A.A. Raspletin",
        "Almaz-Antey MSDB",
        "Almaz-Antey",
        entity_type=None,
        countries="RU",
    ),
    listed(
        "us_bis_el-f36a6e13c919",
        "Joint-Stock Company Concern Almaz-Antey",
        "Almaz-Antey JSC",
        "Almaz-Antey Defense Corporation",
        "Otkrytoe Aktsionernoe Obshchestvo Kontsern PVO Almaz Antei",
        entity_type=None,
        countries="RU",
    ),
    listed(
        "us_ofac_sdn-16865",
        "JOINT STOCK COMPANY AEROSPACE DEFENSE CONCERN ALMAZ-ANTEY",
        "JOINT-STOCK COMPANY CONCERN ALMAZ-ANTEY",
        "OPEN JOINT STOCK COMPANY CONCERN PVO ALMAZ-ANTEY",
        countries="RU",
    ),
    listed(
        "us_ofac_sdn-17258",
        "JOINT STOCK COMPANY ALMAZ-ANTEY AIR DEFENSE CONCERN MAIN SYSTEM DESIGN BUREAU NAMED BY "
        "ACADEMICIAN A.A. RASPLETIN",
        "A.A. RASPLETIN MAIN SYSTEM DESIGN BUREAU",
        "ALMAZ-ANTEY MSDB",
        "ALMAZ-ANTEY GSKB",
        "ALMAZ-ANTEY GSKB IMENI ACADEMICIAN A.A. RASPLETIN",
        countries="RU",
    ),
)


def test_a_concern_and_its_design_bureau_are_two_though_one_list_has_both_in_one_entry():
    """Australia prints the names of both; what it calls the party is the concern."""
    assert set(joined(*ALMAZ_ANTEY).members.values()) == {
        ("au_dfat-3018", "us_bis_el-f36a6e13c919", "us_ofac_sdn-16865"),
        ("us_bis_el-078b900dcfb2", "us_ofac_sdn-17258"),
    }


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        pytest.param(
            listed("ca_sema-7f7ea930fe3f", "Wagner", "Vagner"),
            listed("uk_sl-RUS1090", "Wagner Group", "ChVK Vagner"),
            "one is named Wagner, the other Wagner Group",
            id="Group",
        ),
        pytest.param(
            listed("us_bis_el-638886d0843b", "Dahua Technology", entity_type=None, countries="CN"),
            listed("us_dod_1260h-1044d4414744", "Zhejiang Dahua Technology Co., Ltd.", "Dahua"),
            "one is named Dahua Technology, the other Dahua",
            id="Technology",
        ),
        pytest.param(
            KASPERSKY[1],
            KASPERSKY[4],
            "one is named Kaspersky Group, the other Kaspersky Lab, Inc.",
            id="Group and Lab",
        ),
    ],
)
def test_a_rare_name_with_a_word_that_says_nothing_is_perhaps_the_same(
    one: Listing, other: Listing, reason: str
):
    found = joined(one, other)
    assert found.links == {}
    assert {each.reason for some in found.perhaps.values() for each in some} == {reason}
    assert found.perhaps.keys() == {one.id, other.id}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            listed("us_bis_el-1", "Dahua Technology", countries="CN"),
            listed("us_bis_el-2", "Dahua Group", countries="CN"),
            id="a list names them apart",
        ),
        pytest.param(
            listed("us_bis_el-1", "Dahua Technology", countries="CN"),
            listed("uk_sl-2", "Dahua Group", countries="AE"),
            id="two countries",
        ),
        pytest.param(
            listed("us_ofac_sdn-30627", "Central Election Commission", "CEC Belarus"),
            listed("us_dod_1260h-b904edd8b4f4", "China Electronics Corporation", "CEC"),
            id="initials of many",
        ),
        pytest.param(
            listed("us_bis_el-1", "Dahua Technology", countries="CN"),
            listed("uk_sl-2", "Dahua", entity_type="vessel"),
            id="a ship",
        ),
    ],
)
def test_a_rare_name_that_something_speaks_against_is_nobodys(one: Listing, other: Listing):
    assert joined(one, other).perhaps == {}


DJI_BIS = listed(
    "us_bis_el-384585e6cc15",
    "DJI",
    "SZ DJI Technology Co., Ltd.",
    entity_type=None,
    countries="CN",
)


def test_a_name_of_some_others_too_by_which_a_list_calls_the_party_is_perhaps_the_same():
    dod = listed("us_dod_1260h-4151c3da0759", "Shenzhen DJI Technology Co., Ltd.", "DJI")
    [beside] = joined(DJI_BIS, dod).perhaps[dod.id]
    assert (beside.party, beside.reason) == (DJI_BIS.id, "both are named DJI")


def test_a_name_of_some_others_too_that_both_lists_have_as_an_alias_shows_nothing():
    one = listed("us_ofac_sdn-1", "Kaveh Borogove Mills", "DJI", countries="CN")
    other = listed("uk_sl-1", "Slithy Toves", "DJI")
    assert joined(one, other).perhaps == {}
