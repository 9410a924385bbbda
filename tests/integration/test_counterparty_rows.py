"""A counterparty's row tells what its own answer tells now: the outcome, and what the law does."""

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from itertools import product
from pathlib import Path
from typing import Any

import msgspec
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from abeyance_screening.app.application import create_app
from abeyance_screening.engine.screening.answer_sentence import pieces_of
from abeyance_screening.engine.screening.family_answer import FamilyAnswer
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.platform.settings import Settings
from tests.integration.conftest import wait_until_ready
from tests.served import FixedClock, run, wait_for

PATH = "/v1/counterparties"
NOW = datetime(2026, 7, 31, 12, tzinfo=UTC)
NDJSON = {"content-type": "application/x-ndjson"}
OUTCOMES = ("hits", "owner_hits", "no_hits", "incomplete")
_HOUSEHOLDS = Path(__file__).parent.parent / "fixtures" / "households" / "names.jsonl"
type Service = TestClient[Litestar]


class Found(msgspec.Struct, frozen=True):
    """What a search answers about a name as a whole."""

    answer: FamilyAnswer


@pytest.fixture(scope="module")
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture(scope="module")
def service(
    listed_database: str, bundled_index: ListingIndex, clock: FixedClock
) -> Iterator[Service]:
    """A service that asks for keys; its client has one without lists of its own."""
    admin = run(listed_database, "keys", "add", "admin", "--scope", "operator").strip()
    settings = Settings(data_dir=Path(), database_url=listed_database, access="keys")
    with TestClient(create_app(settings, bundled_index, clock)) as client:
        wait_until_ready(client)
        client.headers["x-api-key"] = admin
        yield client


@pytest.fixture(scope="module")
def of_one_list(listed_database: str) -> dict[str, str]:
    """A key that asks about one list unless a question says otherwise."""
    made = run(
        listed_database, "keys", "add", "desk", "--scope", "counterparties", "--list", "us_bis_el"
    ).strip()
    return {"x-api-key": made}


def parties() -> Iterator[dict[str, Any]]:
    names = {
        "found": {"name": "Huawei Technologies Co., Ltd."},
        "nobody": {"name": "Unlisted Bakery of Nowhere"},
        "owned": {"name": "Holding of Nowhere", "owners": [{"name": "Rosneft", "share": 60}]},
        "short": {"name": "K"},
    }
    terms: tuple[dict[str, Any], ...] = (
        {},
        {"profile": ["us"]},
        {"profile": ["eu"]},
        {"profile": ["us", "eu"]},
        {"lists": ["us_bis_el"]},
        {"lists": ["us_sam"]},
        {"lists": ["us_ofac_sdn", "us_sam"]},
    )
    for (name, party), (number, asked) in product(names.items(), enumerate(terms)):
        yield {"id": f"{name}-{number}", **party, **asked}


def put_all(service: Service, bodies: Iterator[dict[str, Any]], **asked: Any) -> None:
    lines = b"\n".join(map(msgspec.json.encode, bodies))
    answer = service.post(PATH, content=lines, headers=NDJSON | asked.get("headers", {}))
    assert (answer.status_code, answer.json()["refused"]) == (HTTPStatus.OK, 0), answer.text
    waiting = {"pending": True, "limit": 1}
    wait_for(lambda: not service.get(PATH, params=waiting).json()["items"], "all are screened")


def listed(service: Service, headers: dict[str, str], **asked: Any) -> dict[str, str]:
    items = service.get(PATH, params={"limit": 500, **asked}, headers=headers).json()["items"]
    return {each["id"]: each["outcome"] for each in items}


def single(service: Service, headers: dict[str, str], key: str) -> str:
    answer = service.get(f"{PATH}/{key}", headers=headers).json()["answer"]
    return answer["results"][0]["outcome"]


def rows_of(service: Service, **asked: Any) -> dict[str, str]:
    """The text of each row of the page by the id of its counterparty."""
    rows, path = dict[str, str](), "/counterparties"
    while path:
        page = service.get(path, params=asked or None).text
        for piece in page.split("<tr data-row>")[1:]:
            row = piece.partition("</tr>")[0]
            found = re.search(r'href="/counterparties/([^"]+)"', row)
            assert found is not None
            rows[found[1]] = html.unescape(" ".join(re.sub("<[^>]*>", " ", row).split()))
        later = re.search(r'<a href="(/counterparties\?[^"]*after=[^"]*)">Show more', page)
        path, asked = (html.unescape(later[1]) if later else ""), {}
    return rows


@pytest.fixture(scope="module")
def watched(service: Service, of_one_list: dict[str, str]) -> Service:
    put_all(service, parties())
    put_all(service, iter([{"id": "of-key", "name": "Unlisted Bakery"}]), headers=of_one_list)
    return service


def test_where_lists_are_missing_neither_page_nor_row_says_that_nothing_is_to_decide(
    watched: Service,
):
    outcomes = listed(watched, {})
    assert {"no_hits", "incomplete"} <= {*outcomes.values()}
    rows = rows_of(watched)
    assert rows.keys() == outcomes.keys()
    for each, told in outcomes.items():
        cannot = told == "incomplete"
        assert ("Cannot say: " in rows[each]) == cannot, rows[each]
        assert (
            ("none needed" in rows[each]) == ("Nothing found" in rows[each]) == (told == "no_hits")
        )
    assert re.search(r"Cannot say: \d+ of \d+ required lists are missing", rows["nobody-0"])
    assert [*rows_of(watched, state="incomplete")] == [
        each for each, told in outcomes.items() if told == "incomplete"
    ]


def test_one_that_waits_to_be_screened_has_no_outcome(watched: Service):
    body = [{"id": "changing", "name": "Unlisted Bakery", "profile": ["us"]}]
    put_all(watched, iter(body))
    assert listed(watched, {}, name="changing") == {"changing": "no_hits"}
    body[0]["name"] = "Huawei Technologies Co., Ltd."
    watched.post(PATH, content=msgspec.json.encode(body[0]), headers=NDJSON)
    while (row := watched.get(PATH, params={"name": "changing"}).json()["items"][0])["pending"]:
        assert row["outcome"] is None
    assert row["outcome"] == "hits"
    assert watched.delete(f"{PATH}/changing").is_success


@pytest.fixture(scope="module")
def households(service: Service) -> dict[str, str]:
    read = map(msgspec.json.decode, _HOUSEHOLDS.read_bytes().splitlines())
    names = [each["asked"] for each in read][::3]
    asked = dict(enumerate((*names, "Rosneft Deutschland", "Lukoil International", "SMIC")))
    put_all(service, iter([{"id": f"h{each:04}", "name": name} for each, name in asked.items()]))
    return {f"h{each:04}": name for each, name in asked.items()}


def test_a_row_says_what_the_search_for_its_name_says(
    service: Service, households: dict[str, str]
):
    rows = rows_of(service, name="h0")
    assert rows.keys() == households.keys()
    told = 0
    for each, name in households.items():
        found = service.get("/v1/search", params={"name": name})
        answer = msgspec.json.decode(found.content, type=Found).answer
        law = pieces_of(answer).law if answer.parties else ""
        _, _, effects = law.partition(": ")
        if law.startswith("In force on ") and "," not in law.partition(": ")[0]:
            first = "; ".join(effects.removesuffix(".").split("; ")[:2])
            assert first.casefold() in rows[each].casefold(), (name, law, rows[each])
            told += 1
        elif answer.parties:
            assert law in rows[each], (name, law, rows[each])
        else:
            assert "Cannot say: " in rows[each]
    assert told > 100


@pytest.mark.parametrize(
    ("name", "law"),
    [
        ("Rosneft Deutschland", "Assets frozen (US, OFAC, eased by a licence)."),
        ("Lukoil International", "Assets frozen (US, OFAC, eased by a licence)."),
    ],
)
def test_a_subsidiary_that_an_act_names_has_its_own_law_and_not_its_parents(
    service: Service, households: dict[str, str], name: str, law: str
):
    (key,) = (each for each, asked in households.items() if asked == name)
    row = rows_of(service, name=key)[key]
    assert law in row
    page = service.get(f"/counterparties/{key}").text
    assert law.removesuffix(".").casefold() in html.unescape(page).casefold()


# The last of this file: a day that was stored is never behind, so the clock goes forward alone.
@pytest.mark.parametrize("whose", ["a key without lists", "a key of one list"])
@pytest.mark.parametrize("days", [0, 30, 400])
def test_a_row_has_the_outcome_of_the_answer_on_every_day_for_every_key(
    watched: Service,
    households: dict[str, str],
    clock: FixedClock,
    of_one_list: dict[str, str],
    days: int,
    whose: str,
):
    headers = of_one_list if whose == "a key of one list" else {}
    clock.now = NOW + timedelta(days=days)
    rows = listed(watched, headers)
    assert rows.keys() >= {"of-key", *households, *(each["id"] for each in parties())}
    assert rows == {each: single(watched, headers, each) for each in rows}
    assert {"hits", "owner_hits", "incomplete"} <= {*rows.values()}
    for outcome in OUTCOMES:
        chosen = listed(watched, headers, outcome=outcome)
        assert chosen == {each: told for each, told in rows.items() if told == outcome}, outcome
