"""A person's word that listings of two parties are one: it counts, and is kept as a split is."""

from http import HTTPStatus
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from abeyance_screening.platform.settings import Operator
from tests.integration.anna import ANNA, OPERATOR
from tests.served import wait_for

DAY = {"as_of": "2026-07-31", "known_at": "2026-07-31"}
JOINS = "/v1/parties/joins"
# Section 1260H prints Zhejiang Dahua Technology, also "Dahua"; the Entity List Dahua Technology.
DEFENCE, ENTITY = "us_dod_1260h-1044d4414744", "us_bis_el-638886d0843b"


@pytest.fixture(scope="module")
def operators() -> tuple[Operator, ...]:
    return (OPERATOR,)


def answered(client: TestClient[Litestar]) -> dict[str, Any]:
    params = {"name": "Dahua", **DAY}
    return client.get("/v1/search", params=params, headers=ANNA).json()["answer"]


def test_two_parties_are_joined_by_a_word_and_parted_again_when_it_is_taken_back(
    client: TestClient[Litestar],
):
    assert len(answered(client)["parties"]) == 2
    body = {"listings": [DEFENCE], "same_as": [ENTITY], "because": "one seat in Hangzhou"}
    recorded = client.post(JOINS, json=body, headers=ANNA)
    assert recorded.status_code == HTTPStatus.CREATED, recorded.text
    word = recorded.json()
    assert (word["joins"], word["recorded_by"]) == (True, "anna")
    wait_for(lambda: len(answered(client)["parties"]) == 1, "the parties joined")
    assert "depends_on" not in answered(client)
    party = client.get(f"/v1/parties/{DEFENCE}", headers=ANNA).json()
    assert "operator" in {each["kind"] for each in party["evidence"]}
    again = client.post(JOINS, json=body, headers=ANNA)
    assert "are joined with these already" in again.text
    path = f"/v1/parties/splits/{word['id']}/withdrawal"
    assert client.post(path, json={"because": "no proof"}, headers=ANNA).is_success
    wait_for(lambda: len(answered(client)["parties"]) == 2, "the parties apart")


def test_parties_that_are_kept_apart_are_not_joined(client: TestClient[Litestar]):
    sides = {"listings": [DEFENCE], "because": "read"}
    split = client.post(
        "/v1/parties/splits", json={**sides, "apart_from": [ENTITY]}, headers=ANNA
    ).json()
    refused = client.post(JOINS, json={**sides, "same_as": [ENTITY]}, headers=ANNA)
    assert refused.status_code == HTTPStatus.BAD_REQUEST
    assert "is kept apart by an operator" in refused.text
    path = f"/v1/parties/splits/{split['id']}/withdrawal"
    assert client.post(path, json={"because": "tried"}, headers=ANNA).is_success


def test_one_press_on_the_page_of_an_answer_records_it(client: TestClient[Litestar]):
    form = {"one": DEFENCE, "other": ENTITY, "word": "same", "question": "name=Dahua"}
    page = client.post("/parties/decision", data=form, headers=ANNA)
    assert page.status_code == HTTPStatus.OK, page.text
    assert "Recorded: they are one" in page.text
    wait_for(lambda: len(answered(client)["parties"]) == 1, "the parties joined")
    words = client.get("/v1/parties/splits", headers=ANNA).json()["items"]
    path = f"/v1/parties/splits/{words[-1]['id']}/withdrawal"
    assert client.post(path, json={"because": "tried"}, headers=ANNA).is_success
    wait_for(lambda: len(answered(client)["parties"]) == 2, "the parties apart")
