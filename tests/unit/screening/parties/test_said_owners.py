"""Who a listing says owns its party, and which listed party that is."""

import pytest

from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.screening.parties.said_owners import OwnerMention, owners_said
from tests.unit.screening.parties.listed import joined, listed


def said(listing: Listing) -> list[tuple[str, str]]:
    own = {name.text.casefold() for name in listing.names}
    return [(each.name, each.says) for each in owners_said(listing, lambda x: x.casefold() in own)]


@pytest.mark.parametrize(
    ("kind", "value", "owner", "says"),
    [
        ("parent_company", "Acme Holding", "Acme Holding", "parent company"),
        ("current_owner_or_operator", "Global United Shipping India",
         "Global United Shipping India", "current owner or operator"),
        ("vessel_owner", "NITC", "NITC", "owner of the ship"),
        ("ownership", "owner: PSB LIZING OOO (ofac-psb-lizing); role: Linked To",
         "PSB LIZING OOO", "owned by"),
    ],
)  # fmt: skip
def test_a_cell_names_the_owner(kind: str, value: str, owner: str, says: str):
    assert said(listed("uk_sl-X1", "Petrel 8", facts=[(kind, value)])) == [(owner, says)]


@pytest.mark.parametrize(
    ("name", "remarks", "owner"),
    [
        pytest.param("Mada Transport Group",
                     "Mada Transport Group is a subsidiary of Cham Holding. Tel +963 11 99 62.",
                     "Cham Holding", id="Australia, 2353"),
        pytest.param("Hesong Trading Company",
                     "KPe.024. The Korea Mining Development Corporation (KOMID) is the parent "
                     "company of Hesong Trading Company. It was active.",
                     "Korea Mining Development Corporation", id="Australia, 3166"),
        pytest.param("CRUISE MISSILE INDUSTRY GROUP",
                     "Develops missiles; subsidiary of the Aerospace Industries Organisation "
                     "(AIO).", "Aerospace Industries Organisation", id="Australia, 7718"),
        pytest.param("Korea International Chemical",
                     "A subsidiary of Korea Ryonbong General Corporation - DPRK's conglomerate.",
                     "Korea Ryonbong General Corporation", id="UN, KPe.039"),
        pytest.param("Transoil", "Transoil is owned by Volga Group.", "Volga Group", id="owned"),
        pytest.param("Acme", "It is wholly owned by Zenith Holding.", "Zenith Holding", id="it"),
    ],
)  # fmt: skip
def test_remarks_name_the_owner_of_the_party_itself(name: str, remarks: str, owner: str):
    assert [each for each, _ in said(listed("un_sc-X1", name, remarks=remarks))] == [owner]


@pytest.mark.parametrize(
    "remarks",
    [
        "Owned or controlled by, or acts on behalf of, MODAFL, which oversees research.",
        "Yas Air is the new name for Pars Air, which was owned by Pars Aviation.",
        "In 2014 the assets of a subsidiary of a Ukrainian gas company were seized.",
        "Its director also runs Zenith, which is owned by Omega Holding.",
        "Zenith Trading is owned by Omega Holding.",
        "Zenith Trading is a subsidiary of Omega Holding.",
        "Omega Holding is the parent company of Zenith Trading.",
        "Acme was owned by Omega Holding until 2020.",
        "Acme is a former subsidiary of Omega Holding.",
        "Acme is not owned by Omega Holding.",
        "Acme is the parent company of Zenith Trading.",
    ],
)
def test_what_is_said_of_others_or_of_the_past_is_no_owner(remarks: str):
    assert said(listed("un_sc-X1", "Acme", remarks=remarks)) == []


def test_a_printed_name_may_say_whose_subsidiary_it_is():
    name = "CNOOC Limited (a subsidiary of China National Offshore Oil Corporation)"
    assert said(listed("us_bis_el-a0d42ba415c0", name)) == [
        ("China National Offshore Oil Corporation", "subsidiary of")
    ]


@pytest.mark.parametrize(
    ("owned", "owner", "stated_by"),
    [
        pytest.param([("parent_company", "Acme Nonesuch Holding")], [], "uk_sl-B",
                     id="its parent"),
        pytest.param([("current_owner_or_operator", "ACME NONESUCH HOLDING")], [], "uk_sl-B",
                     id="its operator"),
        pytest.param([], [("subsidiary", "Petrel Quuxbar Eight")], "us_ofac_sdn-1",
                     id="the owner's own entry"),
    ],
)  # fmt: skip
def test_a_stated_owner_is_looked_up_among_the_listed(
    owned: list[tuple[str, str]], owner: list[tuple[str, str]], stated_by: str
):
    one = listed("uk_sl-B", "Petrel Quuxbar Eight", facts=owned)
    other = listed("us_ofac_sdn-1", "Acme Nonesuch Holding", facts=owner)
    found = joined(one, other).owners
    (beside,) = found["uk_sl-B"]
    assert (beside.party, beside.listing) == ("us_ofac_sdn-1", stated_by)
    assert "us_ofac_sdn-1" not in found


def test_an_owner_that_nobody_lists_is_left_out():
    one = listed("uk_sl-B", "Petrel Eight", facts=[("parent_company", "Somebody Unlisted")])
    assert joined(one).owners == {}
    assert owners_said(one, lambda _: False) == (
        OwnerMention("Somebody Unlisted", "parent company"),
    )
