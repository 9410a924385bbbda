"""Parties over HTTP: one name brings the law of all lists, and an operator may split a party."""

from http import HTTPStatus
from typing import Any

import asyncpg
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.settings import Operator
from tests.integration.anna import ANNA, OPERATOR
from tests.served import wait_for

# A few seconds on a machine with nothing else to do; the tests before it leave it a lot.
DAY = {"as_of": "2026-11-24", "known_at": "2026-11-24"}
SPLITS = "/v1/parties/splits"
# OFAC's entry of Hana Banking has the alias HUALI BANK, which no other list prints.
ALIAS = "HUALI BANK"
OFAC, AUSTRALIA = "us_ofac_sdn-22986", "au_dfat-3428"
type Json = dict[str, Any]


@pytest.fixture(scope="module")
def operators() -> tuple[Operator, ...]:
    return (OPERATOR,)


def searched(client: TestClient[Litestar], **asked: object) -> Json:
    answer = client.get("/v1/search", params={"name": ALIAS, **DAY, **asked})  # pyright: ignore[reportArgumentType] - plain parameters
    assert answer.status_code == HTTPStatus.OK
    return answer.json()


def party_of(answer: Json, listing_id: str) -> Json:
    [party] = [
        each
        for each in answer["parties"]
        if listing_id in {member["listing_id"] for member in each["members"]}
    ]
    return party


def test_an_alias_that_one_list_prints_brings_the_law_of_the_others(client: TestClient[Litestar]):
    answer = searched(client)
    assert AUSTRALIA not in {hit["listing"]["id"] for hit in answer["hits"]}
    party = party_of(answer, OFAC)
    found = {each["listing_id"]: each["found_by"] for each in party["members"]}
    assert (found[OFAC], found[AUSTRALIA]) == ("question", "party")
    assert {each["list_code"] for each in party["members"]} == {"us_ofac_sdn", "au_dfat", "jp_mof"}
    [brought] = [each for each in party["through"] if each["listing"]["id"] == AUSTRALIA]
    assert brought["measures"]
    assert {each["authority"] for each in party["measures"]} >= {
        measure["authority"] for measure in brought["measures"]
    }
    assert ALIAS in party["names"]
    assert any({each["one"], each["other"]} & {AUSTRALIA} for each in party["evidence"])


@pytest.mark.parametrize(
    ("asked", "first", "also"),
    [
        pytest.param(
            "Sukhoi",
            "Sukhoi Aviation JSC",
            "PUBLIC JOINT STOCK COMPANY UNITED AIRCRAFT",
            id="its own name before another's whole alias",
        ),
        pytest.param("smic", "Semiconductor Manufacturing", "State Authority", id="both by alias"),
        pytest.param("Dahua", "Zhejiang Dahua Technology", "DAHUA ELECTRONICS", id="two firms"),
        pytest.param("Kaspersky", "AO Kaspersky Lab", "KASPER", id="a shorter name"),
    ],
)
def test_whose_whole_name_it_is_comes_first_and_none_is_left_out(
    client: TestClient[Litestar], asked: str, first: str, also: str
):
    answer = searched(client, name=asked)
    names = [each["name"] for each in answer["parties"]]
    assert names[0].startswith(first)
    assert any(also in each for each in names[1:])
    scores = [each["score"] for each in answer["hits"]]
    assert scores == sorted(scores, reverse=True)


def test_only_lists_that_are_searched_bring_listings(client: TestClient[Litestar]):
    party = party_of(searched(client, lists="us_ofac_sdn"), OFAC)
    assert party["through"] == []
    assert {each["found_by"] for each in party["members"]} == {"question", None}


def test_of_a_past_day_it_is_said_whose_parties_these_are(client: TestClient[Litestar]):
    past = searched(client)
    assert past["parties_note"].startswith("The newest editions decide")
    today = client.get("/v1/search", params={"name": ALIAS}).json()
    assert today["parties_note"] is None


def test_a_screening_has_the_same_parties_as_a_search(client: TestClient[Litestar]):
    body = {"counterparties": [{"name": ALIAS}], **DAY}
    screened = client.post("/v1/screenings", json=body).json()
    assert screened["results"][0]["parties"] == searched(client, limit=25)["parties"]
    again = client.get(f"/v1/screenings/{screened['id']}").json()
    assert again == screened


def test_a_party_has_an_address_of_its_own(client: TestClient[Litestar]):
    party = client.get(f"/v1/parties/{OFAC}", params=DAY).json()
    assert party["id"] == party["members"][0]["listing_id"]
    assert {OFAC, AUSTRALIA} <= {each["listing"]["id"] for each in party["listings"]}
    assert {each["code"] for each in party["coverage"]["lists"]} >= {"us_ofac_sdn", "au_dfat"}
    assert client.get(f"/v1/parties/{party['id']}", params=DAY).json() == party
    missing = client.get("/v1/parties/nobody-1")
    assert missing.status_code == HTTPStatus.NOT_FOUND


def test_a_party_has_a_page_over_all_lists(client: TestClient[Litestar]):
    shown = client.get(f"/parties/{OFAC}", params=DAY)
    assert shown.status_code == HTTPStatus.OK
    assert "Hana Banking Corporation Limited" in shown.text
    assert f"/listings/{AUSTRALIA}" in shown.text
    assert "they print" in shown.text
    assert client.get("/parties/nobody-1").status_code == HTTPStatus.NOT_FOUND


def test_an_operator_splits_a_party_and_takes_it_back(client: TestClient[Litestar]):
    body = {"listings": [AUSTRALIA], "because": "another bank"}
    recorded = client.post(SPLITS, json=body, headers=ANNA)
    assert recorded.status_code == HTTPStatus.CREATED
    split = recorded.json()
    assert (split["recorded_by"], split["listings"]) == ("anna", [AUSTRALIA])
    assert OFAC in split["apart_from"]
    wait_for(lambda: party_of(searched(client), OFAC)["members"] != [])
    wait_for(
        lambda: (
            AUSTRALIA
            not in {each["listing_id"] for each in party_of(searched(client), OFAC)["members"]}
        )
    )
    again = client.post(SPLITS, json=body | {"apart_from": [OFAC]}, headers=ANNA)
    assert again.status_code == HTTPStatus.BAD_REQUEST
    path = f"{SPLITS}/{split['id']}/withdrawal"
    taken_back = client.post(path, json={"because": "the same bank"}, headers=ANNA)
    assert (taken_back.status_code, taken_back.json()["withdraws"]) == (HTTPStatus.OK, split["id"])
    twice = client.post(path, json={"because": "once more"}, headers=ANNA)
    assert twice.status_code == HTTPStatus.NOT_FOUND
    wait_for(
        lambda: (
            AUSTRALIA
            in {each["listing_id"] for each in party_of(searched(client), OFAC)["members"]}
        )
    )
    kept = client.get(SPLITS, headers=ANNA).json()["items"]
    assert [each["because"] for each in kept] == ["another bank", "the same bank"]
    first = client.get(SPLITS, headers=ANNA, params={"limit": 1}).json()
    after = {"limit": 1, "cursor": first["next_cursor"]}
    last = client.get(SPLITS, headers=ANNA, params=after).json()
    assert first["items"] + last["items"] == kept
    assert last["next_cursor"] is None


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param({"listings": ["nobody-1"]}, "listings[0]", id="no such listing"),
        pytest.param({"listings": [OFAC], "apart_from": [OFAC]}, "apart_from[0]", id="itself"),
        pytest.param({"listings": [OFAC], "because": " "}, "because", id="no reason"),
        pytest.param({"listings": []}, "listings", id="nothing"),
    ],
)
def test_a_split_that_says_nothing_is_refused(
    client: TestClient[Litestar], body: Json, field: str
):
    refused = client.post(SPLITS, json={"because": "a test"} | body, headers=ANNA)
    assert refused.status_code == HTTPStatus.BAD_REQUEST
    assert [each["field"] for each in refused.json()["errors"]] == [field]


async def test_a_split_is_never_changed_or_deleted(listed_database: str):
    async with connected(listed_database) as connection:
        await connection.execute(
            "insert into party_split (listings, apart_from, because, recorded_by, recorded_at) "
            "values ('{a-1}', '{b-1}', 'x', 'y', now())"
        )
        for change in ("update party_split set because = 'z'", "delete from party_split"):
            with pytest.raises(asyncpg.RaiseError, match="never changed or deleted"):
                await connection.execute(change)
