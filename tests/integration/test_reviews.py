"""Sign-offs of measures: stored for good, taken with an operator's key, shown with the measure."""

import asyncio
import json
from http import HTTPStatus

import asyncpg
import pytest
from click.testing import CliRunner
from litestar import Litestar
from litestar.testing import TestClient

from abeyance_screening.app.command_line import abeyance
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.settings import Operator
from tests.integration.anna import ANNA, KEY, OPERATOR, RULE

REVIEWS, NEEDS = "/v1/register/reviews", "/v1/register/review"
DAY = {"as_of": "2026-11-24"}
LIST = "us_ofac_sdn"


@pytest.fixture(scope="module")
def operators() -> tuple[Operator, ...]:
    return (OPERATOR,)


def sign_off(client: TestClient[Litestar], measure_id: str) -> object:
    return client.get(f"/v1/measures/{measure_id}").json()["sign_off"]


def first_of(client: TestClient[Litestar], **params: str) -> dict[str, object]:
    answer = client.get(NEEDS, params=DAY | params)
    assert answer.status_code == HTTPStatus.OK
    return answer.json()["items"][0]


def test_the_neediest_comes_first_with_its_record(client: TestClient[Litestar]):
    answer = client.get(NEEDS, params=DAY | {"limit": "500"}).json()
    needs = [each["need"] for each in answer["items"]]
    assert needs == sorted(needs, reverse=True)
    assert needs[0] > 1000
    assert answer["total"] >= len(needs) > 100
    first = answer["items"][0]
    assert first["listings"] * first["unsure"] == first["need"]
    assert first["doubts"]
    pages, cursor = [], None
    while len(pages) < 60:
        page = client.get(NEEDS, params=DAY | {"limit": "30"} | (cursor or {})).json()
        pages += [each["measure_id"] for each in page["items"]]
        cursor = {"cursor": page["next_cursor"]}
    assert pages == [each["measure_id"] for each in answer["items"][: len(pages)]]


def test_a_sign_off_is_shown_and_takes_the_measure_off_the_top(client: TestClient[Litestar]):
    first = str(first_of(client, list=LIST)["measure_id"])
    assert sign_off(client, first) is None
    assert "Not signed off by a legal reader." in client.get(f"/measures/{first}").text
    body = {"measure_id": first, "by": "Åsa Läser", "note": "read against 90 FR 47201"}
    answer = client.post(REVIEWS, json=body, headers=ANNA)
    assert answer.status_code == HTTPStatus.CREATED, answer.text
    review = answer.json()["review"]
    assert (review["reviewed_by"], review["recorded_by"]) == ("Åsa Läser", "anna")
    assert sign_off(client, first) == {
        "by": "Åsa Läser",
        "on": review["reviewed_on"],
        "note": "read against 90 FR 47201",
        "is_current": True,
    }
    assert "Reviewed by Åsa Läser on" in client.get(f"/measures/{first}").text
    assert first_of(client, list=LIST)["measure_id"] != first


def test_the_operator_is_the_reader_where_no_other_is_named(client: TestClient[Litestar]):
    answer = client.post(REVIEWS, json={"measure_id": RULE}, headers=ANNA)
    assert answer.json()["review"]["reviewed_by"] == "anna"


@pytest.mark.parametrize(
    ("headers", "body", "status", "field"),
    [
        pytest.param({}, {"measure_id": RULE}, HTTPStatus.UNAUTHORIZED, None, id="no key"),
        pytest.param(
            {"authorization": f"Bearer {KEY}x"},
            {"measure_id": RULE},
            HTTPStatus.UNAUTHORIZED,
            None,
            id="another key",
        ),
        pytest.param(ANNA, {"measure_id": "none"}, HTTPStatus.NOT_FOUND, None, id="no measure"),
        pytest.param(ANNA, {}, HTTPStatus.BAD_REQUEST, "measure_id", id="none named"),
        pytest.param(
            ANNA, {"measure_id": RULE, "by": " "}, HTTPStatus.BAD_REQUEST, "by", id="blank name"
        ),
        pytest.param(
            ANNA, {"measure_id": RULE, "on": "x"}, HTTPStatus.BAD_REQUEST, "on", id="another field"
        ),
    ],
)
def test_what_cannot_be_signed_is_refused(
    client: TestClient[Litestar],
    headers: dict[str, str],
    body: dict[str, str],
    status: HTTPStatus,
    field: str | None,
):
    before = sign_off(client, RULE)
    answer = client.post(REVIEWS, json=body, headers=headers)
    assert answer.status_code == status, answer.text
    if field is not None:
        assert [each["field"] for each in answer.json()["errors"]] == [field]
    assert sign_off(client, RULE) == before


@pytest.mark.parametrize(
    "change", ["update measure_review set note = 'x'", "delete from measure_review"]
)
def test_a_stored_sign_off_cannot_be_changed(
    client: TestClient[Litestar], listed_database: str, change: str
):
    client.post(REVIEWS, json={"measure_id": RULE}, headers=ANNA)

    async def tamper() -> None:
        async with connected(listed_database) as connection:
            await connection.execute(change)

    with pytest.raises(asyncpg.RaiseError, match="never changed or deleted"):
        asyncio.run(tamper())


def test_an_event_added_later_asks_for_a_reader_again(client: TestClient[Litestar]):
    measure = "cn-2025-55"
    client.post(REVIEWS, json={"measure_id": measure}, headers=ANNA)
    event = {
        "kind": "amend",
        "published_on": "2026-11-20",
        "effective_on": "2026-11-20",
        "citation": "MOFCOM 2026 No. 99",
        "confidence": "verified_secondary",
    }
    added = client.post(f"/v1/measures/{measure}/events", json=event, headers=ANNA)
    assert added.status_code == HTTPStatus.CREATED, added.text
    found = sign_off(client, measure)
    assert isinstance(found, dict)
    assert found["is_current"] is False
    page = client.get(f"/measures/{measure}").text
    assert "its record has changed since" in page


def test_the_commands_list_and_sign(client: TestClient[Litestar], listed_database: str):
    run = CliRunner(env={"DATABASE_URL": listed_database})

    def printed(*options: str) -> str:
        result = run.invoke(abeyance, ["register", "review", *options], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    rows = json.loads(printed("--as-of", "2026-11-24", "--list", "un_sc", "--json"))["rows"]
    served = client.get(NEEDS, params=DAY | {"list": "un_sc", "limit": "500"}).json()["items"]
    assert [each["measure_id"] for each in rows] == [each["measure_id"] for each in served]
    first = rows[0]["measure_id"]
    assert printed("--sign", first, "--by", "A. Reader").startswith(
        f"{first}: reviewed by A. Reader on "
    )
    lines = printed("--as-of", "2026-11-24", "--list", "un_sc", "--all").splitlines()
    assert any("reviewed by A. Reader" in line for line in lines)
    assert not lines[2].endswith(first)


def test_a_page_number_that_is_none_is_said_so(client: TestClient[Litestar]):
    for query in ("page=0", "page=x", "list=no_such", "page=99999999999"):
        answer = client.get(f"/register/review?{query}")
        assert answer.status_code == HTTPStatus.BAD_REQUEST, query
    assert client.get("/register/review?page=2").status_code == HTTPStatus.OK
