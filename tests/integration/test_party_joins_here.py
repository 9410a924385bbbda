"""A service that asks for no key takes a word on parties as `local`, and takes it back."""

from http import HTTPStatus

from litestar import Litestar
from litestar.testing import TestClient

from tests.integration.anna import EVENTS, EXTENSION
from tests.integration.test_party_joins import DEFENCE, ENTITY, JOINS

SPLITS = "/v1/parties/splits"


def test_whoever_is_at_the_machine_joins_parties_and_takes_it_back(client: TestClient[Litestar]):
    body = {"listings": [DEFENCE], "same_as": [ENTITY], "because": "one seat in Hangzhou"}
    word = client.post(JOINS, json=body)
    assert word.status_code == HTTPStatus.CREATED, word.text
    assert word.json()["recorded_by"] == "local"
    assert [each["id"] for each in client.get(SPLITS).json()["items"]] == [word.json()["id"]]
    path = f"{SPLITS}/{word.json()['id']}/withdrawal"
    taken = client.post(path, json={"because": "no proof"})
    assert taken.status_code == HTTPStatus.OK, taken.text
    assert client.post(path, json={"because": "no proof"}).status_code != HTTPStatus.OK


def test_the_register_stays_closed_to_whoever_shows_no_key(client: TestClient[Litestar]):
    assert client.post(EVENTS, json=EXTENSION).status_code == HTTPStatus.UNAUTHORIZED
