"""What sanctions on one country say of two listings of one name; rows of the lists."""

import pytest

from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.screening.parties.programmes import regimes_of
from abeyance_screening.engine.screening.parties.traits import seats_of
from tests.unit.screening.parties.listed import joined, listed, under


@pytest.mark.parametrize(
    ("programme", "regime"),
    [
        pytest.param("RUSSIA-EO14024", "Russia", id="OFAC"),
        pytest.param("RUS", "Russia", id="UK"),
        pytest.param("Russia / Russie", "Russia", id="Canada"),
        pytest.param("ロシア連邦(団体(特定銀行を除く))", "Russia", id="Japan"),
        pytest.param("1737 (Iran)", "Iran", id="Australia"),
        pytest.param("INU", "Iran", id="UK, nuclear"),
        pytest.param("Taliban", "terrorists", id="UN"),
        pytest.param("SouthSudan", "South Sudan", id="UN, two words"),
        pytest.param("1591 (Sudan)", "Sudan", id="Australia, not South Sudan"),
        pytest.param(
            "ロシア及びベラルーシ以外(個人)", None, id="Japan: neither Russia nor Belarus"
        ),
        pytest.param("GLOMAG", None, id="OFAC, all countries"),
    ],
)
def test_a_programme_is_of_a_regime(programme: str, regime: str | None):
    assert regimes_of([programme]) == ({regime} if regime else set())


def _ships(us: str, programme: str) -> tuple[Listing, Listing]:
    return (
        under("RUS", listed("uk_sl-RUS2220", "NOVA ENERGY", entity_type="vessel")),
        under(programme, listed("us_ofac_sdn-50628", us, entity_type="vessel")),
    )


@pytest.mark.parametrize(
    ("one", "other", "met"),
    [
        pytest.param(
            under("INU", listed("uk_sl-INU0318", "NATIONAL IRANIAN OIL COMPANY")),
            under(
                "IRAN",
                listed(
                    "us_ofac_sdn-11317",
                    "NATIONAL IRANIAN OIL COMPANY",
                    countries="IR",
                ),
            ),
            "NATIONAL IRANIAN OIL COMPANY",
            id="a name of common words",
        ),
        pytest.param(
            under("Belarus / Bélarus", listed("ca_sema-f27c486cf640", "Belaruskali OAO")),
            under("BEL", listed("uk_sl-BEL0111", "Open Joint Stock Company 'Belaruskali'")),
            "Belaruskali OAO, both under sanctions on Belarus",
            id="the form in another language",
        ),
        pytest.param(
            under("DPR", listed("uk_sl-DPR0272", "RYU JIN", entity_type="person")),
            under(
                "DPRK",
                listed(
                    "un_sc-KPi.027",
                    "RYU JIN",
                    entity_type="person",
                    countries="KP",
                ),
            ),
            "RYU JIN, both under sanctions on North Korea",
            id="a person of two short names",
        ),
        pytest.param(
            *_ships("NOVA ENERGY", "RUSSIA-EO14024"),
            "NOVA ENERGY, both under sanctions on Russia",
            id="a ship of common words",
        ),
    ],
)
def test_a_common_name_under_sanctions_on_one_country_is_one_party(
    one: Listing, other: Listing, met: str
):
    [link] = joined(one, other).links[one.id]
    assert (link.kind, link.met) == ("name", met)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(*_ships("NEW ENERGY", "RUSSIA-EO14024"), id="the same sense alone"),
        pytest.param(*_ships("NOVA ENERGY", "IRAN"), id="a ship of another country"),
        pytest.param(
            under("RUS", listed("uk_sl-RUS3324", "METALINK TRADING FZE")),
            under(
                "RUSSIA-EO14024",
                listed(
                    "us_ofac_sdn-42078",
                    "METALLOINVEST TRADING AG",
                    countries="CH",
                ),
            ),
            id="one stem of two words",
        ),
        pytest.param(
            under(
                "RUS",
                listed(
                    "uk_sl-RUS1",
                    "Ivan Petrov",
                    entity_type="person",
                    facts=[("date_of_birth", "1961")],
                ),
            ),
            under(
                "RUSSIA-EO14024",
                listed(
                    "us_ofac_sdn-1",
                    "Ivan Petrov",
                    entity_type="person",
                    facts=[("date_of_birth", "1977")],
                ),
            ),
            id="people of two ages",
        ),
    ],
)
def test_a_common_name_is_two_parties_where_anything_else_differs(one: Listing, other: Listing):
    assert joined(one, other).links == {}


def test_of_a_list_with_a_ministry_of_each_country_none_is_the_one_without_its_country():
    mof = (
        under("シリア(団体)", listed("jp_mof-28", "Ministry of Defence")),
        under(
            "北朝鮮(決議1718号等;団体)",
            listed(
                "jp_mof-54",
                "Ministry of National Defence",
                "Ministry of Defence",
                countries="KP",
            ),
        ),
    )
    bis = listed("us_bis_el-153e60515f44", "Ministry of Defence", countries="MM")
    assert joined(*mof, bis).links == {}


def test_the_one_that_two_lists_call_so_is_the_party_though_others_have_the_name_as_an_alias():
    found = joined(
        under("INU", listed("uk_sl-INU0318", "NATIONAL IRANIAN OIL COMPANY")),
        under(
            "INU",
            listed(
                "uk_sl-INU0364",
                "NATIONAL IRANIAN OIL COMPANY NEDERLAND",
                "National Iranian Oil Company",
            ),
        ),
        under("IRAN", listed("us_ofac_sdn-11317", "NATIONAL IRANIAN OIL COMPANY")),
    )
    assert found.members["uk_sl-INU0318"] == ("uk_sl-INU0318", "us_ofac_sdn-11317")


def test_an_imo_number_with_a_wrong_digit_keeps_no_ship_apart():
    """Australia has NAUTILUS under 9434980, whose last digit is wrong; the UK under 9434890."""
    ships = [
        under(
            "RUS",
            listed(
                each,
                "NAUTILUS",
                entity_type="vessel",
                numbers=[("IMO number", number)],
            ),
        )
        for each, number in (("au_dfat-1", "9434980"), ("uk_sl-1", "9434890"))
    ]
    assert joined(*ships).members == {"au_dfat-1": ("au_dfat-1", "uk_sl-1")}


def test_the_reference_of_an_entity_is_no_persons():
    """Australia prints Al-Shabaab's reference before what it says of Maalim Ayman."""
    found = joined(
        under(
            "Somalia",
            listed(
                "au_dfat-6253",
                "Maalim Ayman",
                entity_type="person",
                remarks="SOe.001. Founder and leader of Jaysh Ayman.",
            ),
        ),
        under("Somalia", listed("un_sc-SOi.019", "MAALIM AYMAN", entity_type="person")),
    )
    assert found.members == {"au_dfat-6253": ("au_dfat-6253", "un_sc-SOi.019")}


def test_where_a_company_is_registered_offshore_parts_nobody():
    """Yitu Limited of the Cayman Islands (OFAC) and Yitu Technologies of China (BIS)."""
    assert seats_of(["KY"]) == frozenset()
    assert seats_of(["KY", "CN", "HK"]) == {"CN"}


def test_a_name_in_the_plural_is_perhaps_the_same():
    found = joined(
        listed("jp_meti_eul-f97891f0a490", "Houthi", countries="YE"),
        listed("un_sc-YEe.001", "THE HOUTHIS", countries="YE"),
    )
    [beside] = found.perhaps["un_sc-YEe.001"]
    assert beside.party == "jp_meti_eul-f97891f0a490"
