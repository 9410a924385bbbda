"""What changed, over HTTP: paged, as a feed, and between two editions of a list."""

import asyncio
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from litestar import Litestar
from litestar.testing import TestClient

from abeyance_screening.engine.lists.edition import GivenFile
from abeyance_screening.engine.lists.load import ListFiles, wanted_by_name
from abeyance_screening.features.lists.load import load_into
from abeyance_screening.platform.settings import Settings
from abeyance_screening.primitives.cursors import write_cursor
from tests.served import wait_for

CODE = "our_own"
MILLS, TOVES = {"id": "1", "name": "Borogove Mills"}, {"id": "2", "name": "Slithy Toves"}
PAID = MILLS | {"remarks": "paid"}
EDITIONS = ((MILLS, TOVES), (PAID, {"id": "3", "name": "Mome Raths"}), (PAID, TOVES))
IN_ORDER = [
    ("first_edition", None),
    ("changed", f"{CODE}-1"),
    ("gone", f"{CODE}-2"),
    ("listed", f"{CODE}-3"),
    ("listed", f"{CODE}-2"),
    ("gone", f"{CODE}-3"),
]
ATOM = "{http://www.w3.org/2005/Atom}"
TODAY = datetime.now(UTC).date()


@pytest.fixture(scope="module")
def service(client: TestClient[Litestar], listed_database: str) -> TestClient[Litestar]:
    for entries in EDITIONS:
        content = "\n".join(map(json.dumps, entries)).encode()
        given = ListFiles(wanted=wanted_by_name(CODE), files=(GivenFile("own", content),))
        asyncio.run(load_into(Settings(data_dir=Path()), listed_database, given))
    wait_for(lambda: len(editions(client)) == len(EDITIONS), "the editions are taken in")
    return client


def editions(client: TestClient[Litestar]) -> list[dict[str, object]]:
    answer = client.get(f"/v1/lists/{CODE}/editions")
    return answer.json()["items"] if answer.status_code == 200 else []


def changes(client: TestClient[Litestar], **params: Any) -> dict[str, Any]:
    answer = client.get("/v1/changes", params={"list": CODE, **params})
    assert answer.status_code == 200, answer.text
    return answer.json()


def of_listings(page: dict[str, Any]) -> list[tuple[str, str | None]]:
    items = [each for each in page["items"] if each["kind"] != "measure"]
    return [(each["kind"], each["listing_id"]) for each in items]


def test_each_edition_after_the_first_tells_what_it_changed(service):
    page = changes(service)
    items = sorted(of_listings(page)[1:4]), sorted(of_listings(page)[4:])
    assert of_listings(page)[0] == IN_ORDER[0]
    assert items == (sorted(IN_ORDER[1:4]), sorted(IN_ORDER[4:]))
    changed = page["items"][1]
    assert (changed["name"], changed["fields"]) == ("Borogove Mills", ["remarks"])
    assert page["items"][0]["entry_count"] == 2
    assert page["next_cursor"] is None


@pytest.mark.parametrize("limit", [1, 2, 5])
def test_pages_give_each_change_once_and_in_order(service, limit: int):
    found, cursor = [], None
    while True:
        page = (
            changes(service, limit=limit)
            if cursor is None
            else changes(service, limit=limit, cursor=cursor)
        )
        assert len(page["items"]) <= limit
        found += of_listings(page)
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == of_listings(changes(service))


def test_the_cursor_for_later_asks_for_what_comes_after_the_last_page(service):
    page = changes(service)
    later = changes(service, cursor=page["later_cursor"])
    assert later["items"] == []
    assert later["later_cursor"] == page["later_cursor"]


@pytest.mark.parametrize(
    ("since", "count"),
    [
        pytest.param(TODAY, len(IN_ORDER), id="today"),
        pytest.param(TODAY + timedelta(days=1), 0, id="tomorrow"),
    ],
)
def test_since_is_the_first_day_told(service, since, count: int):
    assert len(of_listings(changes(service, since=since))) == count


def test_what_happened_to_measures_stands_among_the_changes(service):
    answer = service.get("/v1/changes", params={"list": "us_bis_el", "since": "2025-09-01"})
    events = [each for each in answer.json()["items"] if each["kind"] == "measure"]
    assert "us-bis-affiliates-rule" in {each["measure_id"] for each in events}
    assert [each["at"] for each in events] == sorted(each["at"] for each in events)
    assert all(each["name"] and each["event_id"] and each["citation"] for each in events)


def test_the_feed_is_atom_with_an_entry_a_change(service):
    answer = service.get("/v1/changes.atom", params={"list": CODE})
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed: Element = fromstring(answer.content)
    assert feed.tag == f"{ATOM}feed"
    entries = feed.findall(f"{ATOM}entry")
    titles = [entry.findtext(f"{ATOM}title") for entry in entries]
    assert f"Changed: Borogove Mills ({CODE})" in titles
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(ids)) == len(ids) == len(IN_ORDER)


def test_two_editions_differ_by_what_came_changed_and_went(service):
    newest, middle, first = (each["id"] for each in editions(service))
    answer = service.get(f"/v1/lists/{CODE}/editions/{newest}/changes").json()
    assert (answer["older"], answer["newer"]) == (middle, newest)
    assert [(each["change"], each["listing_id"]) for each in answer["items"]] == [
        ("listed", f"{CODE}-2"),
        ("gone", f"{CODE}-3"),
    ]
    path = f"/v1/lists/{CODE}/editions/{newest}/changes"
    apart = service.get(path, params={"since": first, "limit": 1}).json()
    assert [(each["change"], each["fields"]) for each in apart["items"]] == [
        ("changed", ["remarks"])
    ]
    assert apart["next_cursor"] is None


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        pytest.param("/v1/lists/nowhere", 404, "nowhere", id="nothing under that code"),
        pytest.param("/v1/lists/nowhere/editions", 404, "nowhere", id="no such list"),
        pytest.param(f"/v1/lists/{CODE}/editions/999999/changes", 404, "999999", id="no edition"),
        pytest.param("/v1/changes?list=nowhere", 400, "nowhere", id="changes of no list"),
        pytest.param("/v1/changes?cursor=e30", 400, "cursor", id="a made-up cursor"),
        pytest.param("/v1/changes?since=tomorrow", 400, "since", id="no day"),
    ],
)
def test_what_there_is_not_is_refused_by_name(service, path: str, status: int, words: str):
    answer = service.get(path)
    assert answer.status_code == status
    assert words in answer.text


def test_a_first_edition_has_nothing_before_it_and_no_later_one_is_earlier(service):
    newest, _, first = (each["id"] for each in editions(service))
    nothing = service.get(f"/v1/lists/{CODE}/editions/{first}/changes")
    assert (nothing.status_code, nothing.json()["errors"][0]["field"]) == (400, "edition")
    later = service.get(f"/v1/lists/{CODE}/editions/{first}/changes", params={"since": newest})
    assert (later.status_code, later.json()["errors"][0]["field"]) == (400, "since")


def test_each_list_is_there_by_itself_as_it_is_among_all(service):
    every = service.get("/v1/lists", params={"limit": 500}).json()
    assert CODE in {each["coverage"]["code"] for each in every["items"]}
    for each in every["items"]:
        alone = service.get(f"/v1/lists/{each['coverage']['code']}")
        assert alone.status_code == 200
        assert alone.json() == each | {"today": every["today"], "reasons": every["reasons"]}


def test_a_list_in_the_catalogue_that_was_never_loaded_has_no_edition(service):
    answer = service.get("/v1/lists/eu_fsf/editions")
    assert (answer.status_code, answer.json()["items"]) == (200, [])


@pytest.mark.parametrize(
    "key",
    [
        pytest.param('[99999999999999999999999,"","2020-01-01T00:00:00Z","",""]', id="old form"),
        pytest.param(
            '["2026-01-01T00:00:00Z",null,9223372036854775808,"","0001-01-01T00:00:00Z","",""]',
            id="an edition that cannot be",
        ),
        pytest.param(
            '["2026-01-01T00:00:00Z",null,1,"\u0000","0001-01-01T00:00:00Z","",""]', id="NUL"
        ),
        pytest.param('["2026-01-01T00:00:00",null]', id="no time zone"),
        pytest.param("[]", id="nothing"),
    ],
)
def test_a_made_up_cursor_is_refused(service, key: str):
    answer = service.get("/v1/changes", params={"cursor": write_cursor(key)})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "cursor")


def test_a_cursor_keeps_its_day_and_its_list(service):
    first = changes(service, limit=1, since="2026-01-01")
    on = service.get("/v1/changes", params={"cursor": first["next_cursor"]}).json()
    assert of_listings(on) == of_listings(changes(service, since="2026-01-01"))[1:]
    other = service.get("/v1/changes", params={"cursor": first["next_cursor"], "list": "un_sc"})
    assert (other.status_code, other.json()["errors"][0]["field"]) == (400, "cursor")


def test_the_page_of_lists_counts_what_each_edition_changed(service):
    shown = service.get("/lists").text
    words = re.findall(rf"{CODE}, edition of [^:]+: (?:<a href=\"([^\"]+)\">)?([^<]+)", shown)
    assert [told for _, told in words] == [
        "1 added, 1 gone",
        "1 added, 1 changed, 1 gone",
        "first edition here, 2 entries",
    ]
    newest = words[0][0]
    assert [each["change"] for each in service.get(newest).json()["items"]] == ["listed", "gone"]
    row = shown[shown.index(f"<code>{CODE}</code>") :]
    assert "as many as in the edition before" in row[: row.index("</tr>")]
    assert "loaded on 1, not tried on 29" in row[: row.index("</tr>")]
