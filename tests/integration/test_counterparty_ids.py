"""Ids of counterparties: which are taken, and that each is reached by API, page and command."""

import asyncio
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg
import httpx
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from abeyance_screening.app.application import create_app
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.platform.settings import Settings
from tests.forked import abeyance_command
from tests.served import running, wait_for, without_database_url

PATH, LISTED = "/v1/counterparties", "Huawei Technologies Co., Ltd."
NDJSON = {"content-type": "application/x-ndjson"}
OWN_SITE = {"sec-fetch-site": "same-origin", "accept": "text/html"}
# On record from before they were refused.
OLD = (".", "..", "a b\n", "a\u202eb", "\u200f", "tab\there")
STRANGE = ("/", "a/b", "a//b", "a/", "/a", "a%2Fb", "%", "?", "#", "a?b=c&d#e", "a b", " a", "new",
           "table", "decision", "delete", "decision/5", "x/../y", "...", "Ñ", "钢铁 公司", "شركة",
           "a\\b", "a+b", ";", "bulk", "~", "-", "x.pdf", "http://a/b", "'\"<b>")  # fmt: skip


@pytest.fixture(scope="module")
def service(listed_database: str, bundled_index: ListingIndex) -> Iterator[httpx.Client]:
    app = create_app(Settings(data_dir=Path(), database_url=listed_database), bundled_index)
    with running(app) as address, httpx.Client(base_url=address, timeout=60) as client:
        wait_for(lambda: client.get("/readyz").is_success, "a service that is ready")
        yield client


def address_of(key: str) -> str:
    """Return the address of a counterparty; `.` encoded too, as a step of a path is left out."""
    return f"{PATH}/{quote(key, safe='').replace('.', '%2E')}"


def put_in_bulk(service: httpx.Client, *lines: dict[str, Any]) -> Any:
    body = b"\n".join(map(msgspec.json.encode, lines))
    return service.post(PATH, content=body, headers=NDJSON).json()


def page_of(service: httpx.Client, key: str) -> str:
    """Return the page of a counterparty, by its link in the list of them."""
    listed = service.get("/counterparties", params={"name": key}, headers=OWN_SITE).text
    links = re.findall(r'<th scope="row"><a href="([^"]+)"', listed)
    pages = [service.get(unescape(each), headers=OWN_SITE).text for each in links]
    named = f'name="of" value="{quote(key, safe="/")}"'
    (found,) = {each for each in pages if named in unescape(each)}
    return found


def go_through(service: httpx.Client, key: str) -> None:
    """Read, judge and delete what is on record: by the API, then by the page, then the command."""
    answer = service.get(address_of(key))
    assert (answer.status_code, answer.json().get("id")) == (HTTPStatus.OK, key)
    hits = answer.json()["answer"]["results"][0]["hits"]
    judged = {"counterparty": key, "listing": hits[0]["listing"]["id"], "decision": "same"}
    made = service.post("/v1/judgements", json={**judged, "reason": "by the API"})
    assert made.status_code == HTTPStatus.CREATED, made.text
    form = {"of": quote(key), "listing": judged["listing"], "decision": "different"}
    sent = service.post(
        "/counterparties/decision", data={**form, "reason": "by the page"}, headers=OWN_SITE
    )
    assert sent.status_code == HTTPStatus.SEE_OTHER, sent.text
    led = service.get(sent.headers["location"], headers=OWN_SITE)
    assert "Decided." in led.text
    decisions = [each["decision"] for each in service.get(address_of(key)).json()["judgements"]]
    assert decisions == ["different"]


@pytest.mark.parametrize("key", STRANGE)
def test_a_strange_id_is_put_read_judged_and_deleted(service: httpx.Client, key: str):
    put = service.put(address_of(key), json={"name": LISTED})
    assert put.status_code == HTTPStatus.CREATED, put.text
    go_through(service, key)
    page = page_of(service, key)
    revision = re.search(r'name="revision" value="(\d+)"', page)
    assert revision
    form = {"of": quote(key), "revision": revision[1]}
    gone = service.post("/counterparties/delete", data=form, headers=OWN_SITE)
    assert gone.headers.get("location") == "/counterparties", gone.text
    assert service.get(address_of(key)).status_code == HTTPStatus.NOT_FOUND


def record(dsn: str, service: httpx.Client, key: str) -> None:
    """Have a counterparty on record under an id that would be refused today."""
    assert service.put(f"{PATH}/young", json={"name": LISTED}).is_success

    async def rename() -> None:
        connection = await asyncpg.connect(dsn)
        await connection.execute("update counterparty set id = $1 where id = 'young'", key)
        await connection.close()

    asyncio.run(rename())


@pytest.mark.parametrize("key", OLD)
def test_an_id_that_is_refused_today_is_reached_where_it_is_on_record(
    service: httpx.Client, listed_database: str, key: str
):
    refused = put_in_bulk(service, {"id": key, "name": "Bakery"}, {"id": "ok", "name": "Bakery"})
    assert [(each["line"], each["field"]) for each in refused["faults"]] == [(1, "id")]
    single = service.put(address_of(key), json={"name": "Bakery"})
    assert single.status_code == HTTPStatus.BAD_REQUEST
    assert single.json()["errors"][0]["field"] == "id"
    record(listed_database, service, key)
    go_through(service, key)
    assert page_of(service, key)
    changed = put_in_bulk(service, {"id": key, "name": LISTED, "countries": ["CN"]})
    assert (changed["refused"], changed["changed"]) == (0, 1)
    by_query = service.get(f"{PATH}?id={quote(key, safe='')}")
    assert by_query.json()["id"] == key
    gone = service.delete(address_of(key))
    assert gone.status_code == HTTPStatus.NO_CONTENT, gone.text


@pytest.mark.parametrize("key", ["..", "a/b", "a b\n", "%2F", "شركة", "-x"])
def test_the_command_shows_and_deletes_each(
    service: httpx.Client, listed_database: str, tmp_path: Path, key: str
):
    record(listed_database, service, key)
    for words in ("show", "delete"):
        done = abeyance_command(
            ("counterparties", words, "--url", str(service.base_url), "--", key),
            without_database_url(),
            tmp_path,
        )
        assert done.returncode == 0, done.stderr
    assert service.get(address_of(key)).status_code == HTTPStatus.NOT_FOUND


IDS = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=40
).filter(lambda key: not re.search("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", key))


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(keys=st.lists(IDS.filter(lambda key: key not in {".", ".."}), min_size=1, max_size=5))
def test_whatever_is_stored_in_bulk_is_read_and_deleted(service: httpx.Client, keys: list[str]):
    lines = [{"id": key, "name": "Bakery of Nowhere"} for key in keys]
    taken = put_in_bulk(service, *lines)
    assert (taken["refused"], taken["changed"]) == (0, len(set(keys)))
    for key in set(keys):
        assert service.get(address_of(key)).json()["id"] == key
        page = service.get(f"/counterparties/{quote(key, safe='')}", headers=OWN_SITE)
        assert page.status_code == HTTPStatus.OK
        assert service.delete(address_of(key)).status_code == HTTPStatus.NO_CONTENT
        assert service.get(address_of(key)).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    ("field", "line"),
    [
        ("id", {"id": "a\0b", "name": "A"}),
        ("name", {"id": "n1", "name": "A\0"}),
        ("aliases[1]", {"id": "n2", "name": "A", "aliases": ["B", "C\0"]}),
        ("addresses[0]", {"id": "n3", "name": "A", "addresses": ["\0"]}),
        ("identifiers[0].value", {"id": "n4", "name": "A", "identifiers": [{"value": "1\0"}]}),
        ("owners[0].name", {"id": "n5", "name": "A", "owners": [{"name": "O\0"}]}),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_a_nul_is_told_by_its_line_and_field_and_the_other_lines_are_taken(
    service: httpx.Client, field: str, line: dict[str, Any]
):
    said = put_in_bulk(service, {"id": "before", "name": "A"}, line, {"id": "after", "name": "B"})
    assert [(each["line"], each["field"]) for each in said["faults"]] == [(2, field)]
    for key in ("before", "after"):
        assert service.delete(f"{PATH}/{key}").status_code == HTTPStatus.NO_CONTENT
    single = service.put(address_of(line.pop("id")), json=line)
    assert single.status_code == HTTPStatus.BAD_REQUEST
    assert single.json()["errors"][0]["field"] == field


@pytest.mark.parametrize("is_same", [True, False], ids=["one body", "bodies that differ"])
def test_of_sixteen_that_put_a_new_counterparty_at_once_one_has_made_it(
    service: httpx.Client, is_same: bool
):
    def put(number: int) -> int:
        body = {"name": LISTED if is_same else f"Bakery {number} of Nowhere"}
        return service.put(f"{PATH}/sixteen", json=body).status_code

    for _ in range(3):
        with ThreadPoolExecutor(16) as pool:
            statuses = sorted(pool.map(put, range(16)))
        assert statuses == [HTTPStatus.OK] * 15 + [HTTPStatus.CREATED]
        assert service.delete(f"{PATH}/sixteen").status_code == HTTPStatus.NO_CONTENT
