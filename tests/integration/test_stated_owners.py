"""An owner that a list or the register states leads to the owner's rule, if it still owns it."""

from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from tests.integration.dated import text_of

DAYS = {"as_of": "2026-11-24", "known_at": "2026-11-24"}
# Each listing that names the owner of an entry of the bundled lists, by the entry.
STATING = {
    "Korea Pugang Trading Corporation": ("au_dfat-3215", "un_sc-KPe.038"),
    "Mada Transport Group": ("au_dfat-2353",),
    "Transoil": ("au_dfat-2939",),
    "CRUISE MISSILE INDUSTRY GROUP": ("au_dfat-7718",),
    "Hesong Trading Company": ("au_dfat-3166", "un_sc-KPe.024"),
}
AFFILIATES = "us-bis-affiliates-rule"


def searched(client: TestClient[Litestar], name: str, **days: str) -> dict[str, Any]:
    answer = client.get("/v1/search", params={"name": name, **DAYS, **days})
    assert answer.is_success, answer.text
    return answer.json()


def owners(client: TestClient[Litestar], name: str, **days: str) -> dict[str, dict[str, Any]]:
    found = searched(client, name, **days)
    return {owner["name"]: owner for party in found["parties"][:1] for owner in party["owners"]}


def test_nexperia_is_told_the_rule_on_what_wingtech_owns(client: TestClient[Litestar]):
    found = searched(client, "Nexperia")
    sentence = found["answer"]["sentence"]
    assert "If it is still owned by Wingtech Technology Co., Ltd.: " in sentence
    assert "in force by lapse, unconfirmed." in sentence
    (owner,) = found["parties"][0]["owners"]
    assert owner["party"] == "us_bis_el-c923e2d4a292"
    assert owner["stated_by"] == "nl-nexperia-order"
    assert (owner["share"], owner["stated_on"]) == ("100", "2025-11-24")
    assert (owner["confidence"], owner["source_url"][:8]) == ("verified_secondary", "https://")
    (rule,) = owner["rules"]
    assert (rule["id"], rule["status"]) == (AFFILIATES, "in_force_by_lapse")
    assert rule["listings"] == ["us_bis_el-c923e2d4a292"]


def test_a_rule_through_an_owner_is_no_effect_of_the_owned_party(client: TestClient[Litestar]):
    found = searched(client, "Nexperia")
    assert found["answer"]["strictest"]["measure"] == "nl-nexperia-order"
    assert "us_bis_el" not in found["answer"]["lists"]
    assert AFFILIATES not in {each["id"] for each in found["parties"][0]["measures"]}
    law = found["answer"]["sentence"].partition("If it is still owned")[0]
    assert "licence needed" not in law


@pytest.mark.parametrize(
    ("as_of", "said"),
    [
        pytest.param("2025-12-01", "suspended", id="while the rule is suspended"),
        pytest.param("2026-11-09", "suspended", id="the last suspended day"),
        pytest.param("2026-11-10", "in force by lapse, unconfirmed", id="the first day after"),
    ],
)
def test_the_rule_has_its_status_on_the_day(client: TestClient[Litestar], as_of: str, said: str):
    sentence = searched(client, "Nexperia", as_of=as_of)["answer"]["sentence"]
    assert f"(BIS), {said}." in sentence.partition("If it is still owned")[2]


def test_what_nobody_had_said_by_then_is_left_out(client: TestClient[Litestar]):
    assert not owners(client, "Nexperia", known_at="2025-11-23")
    assert owners(client, "Nexperia", known_at="2025-11-24")


@pytest.mark.parametrize(
    ("name", "owner", "says", "rule"),
    [
        pytest.param("Korea Pugang Trading Corporation", "Korea Ryonbong General Corporation",
                     "owned by", "us-ofac-50-percent", id="UN, KPe.038"),
        pytest.param("Mada Transport Group", "Cham Holding", "subsidiary of",
                     "uk-ownership-and-control", id="Australia, 2353"),
        pytest.param("Transoil", "Volga Group", "owned by",
                     "us-ofac-50-percent", id="Australia, 2939"),
        pytest.param("CRUISE MISSILE INDUSTRY GROUP", "Aerospace Industries Organisation",
                     "subsidiary of", "us-ofac-50-percent",
                     id="Australia, 7718"),
        pytest.param("Hesong Trading Company", "Korea Mining Development Trading Corporation",
                     "parent company", "us-ofac-50-percent", id="UN, KPe.024"),
    ],
)  # fmt: skip
def test_what_a_list_says_of_an_owner_leads_to_the_owners_rule(
    client: TestClient[Litestar], name: str, owner: str, says: str, rule: str
):
    found = owners(client, name)
    assert owner in found
    assert found[owner]["says"] == says
    assert found[owner]["stated_by"] in STATING[name]
    assert rule in {each["id"] for each in found[owner]["rules"]}
    assert all(each["condition"] is not None for each in found[owner]["rules"])
    assert f"If it is still owned by {owner}" in searched(client, name)["answer"]["sentence"]


def test_the_page_of_a_party_and_the_search_page_tell_the_owner(client: TestClient[Litestar]):
    party = client.get("/v1/parties/named_in_measures-nexperia-bv", params=DAYS).json()
    assert [each["name"] for each in party["owners"]] == ["Wingtech Technology Co., Ltd."]
    page = text_of(client.get("/", params={"name": "Nexperia", **DAYS}).text)
    assert "If it is still owned by Wingtech Technology Co., Ltd.: " in page
    own = text_of(client.get("/parties/named_in_measures-nexperia-bv", params=DAYS).text)
    assert (
        "Said to be owned by Wingtech Technology Co., Ltd. (100 %, as of 24 Nov 2025). If" in own
    )
