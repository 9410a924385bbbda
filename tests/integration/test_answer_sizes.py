"""Answers in brief, encoded, and not sent again: what crosses the wire, and what it says."""

import csv
import zlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from pathlib import Path
from types import MappingProxyType
from typing import Any

import brotli  # pyright: ignore[reportMissingTypeStubs]
import httpx
import msgspec
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from abeyance_screening.engine.screening.answer_brief import (
    BriefScreening,
    BriefSearch,
    CoverageRecord,
)
from abeyance_screening.platform.http.middleware import SHORT_BYTES
from abeyance_screening.primitives import zstd
from tests.repository import ROOT
from tests.shipped_register import shipped

# The day of the bundled editions of the lists of the United States.
DAYS = {"as_of": "2026-07-31", "known_at": "2026-07-31"}
ORDINARY = Path(__file__).parents[1] / "fixtures" / "bench" / "gleif.csv"
PLAIN = {"accept-encoding": "identity"}
DECODERS: Mapping[str, Callable[[bytes], bytes]] = MappingProxyType(
    {
        "gzip": lambda body: zlib.decompress(body, wbits=31),
        "br": brotli.decompress,
        "zstd": zstd.decompress,
        "identity": bytes,
    }
)
VALIDATED = [
    "/v1/register",
    "/v1/register/review",
    "/v1/measures",
    "/v1/measures/us-bis-affiliates-rule",
    "/v1/lists",
    "/v1/lists/us_bis_el",
    "/v1/calendar",
    "/v1/calendar.ics",
    "/openapi.json",
    "/static/desk.css",
]


def searched(client: TestClient[Litestar], name: str, view: str, **more: str) -> httpx.Response:
    params = {"name": name, "view": view, **DAYS, **more}
    answer = client.get("/v1/search", params=params, headers=PLAIN)
    assert answer.status_code == HTTPStatus.OK, answer.text
    return answer


def screened(
    client: TestClient[Litestar], view: str, body: Mapping[str, object]
) -> httpx.Response:
    answer = client.post("/v1/screenings", params={"view": view}, json=body, headers=PLAIN)
    assert answer.status_code == HTTPStatus.OK, answer.text
    return answer


def raw(client: TestClient[Litestar], path: str, encoding: str, **more: Any) -> tuple[Any, bytes]:
    headers = {"accept-encoding": encoding}
    with client.stream("GET", path, headers=headers, **more) as answer:
        return answer, b"".join(answer.iter_raw())


def test_a_hit_in_brief_has_what_a_program_decides_by(client: TestClient[Litestar]):
    full = searched(client, "SMIC", "full").json()
    brief = searched(client, "SMIC", "brief").json()
    same = ("outcome", "total", "as_of", "known_at", "scorer", "threshold", "limit", "name")
    assert {each: brief[each] for each in same} == {each: full[each] for each in same}
    assert [each["listing"] for each in brief["hits"]] == [
        each["listing"]["id"] for each in full["hits"]
    ]
    for told, whole in zip(brief["hits"], full["hits"], strict=True):
        binding = [each for each in whole["measures"] if each["condition"] is None]
        assert told["measures"] == [each["id"] for each in binding]
        rules = [each for each in whole["measures"] if each["condition"] is not None]
        assert told.get("rules", []) == [each["id"] for each in rules]
        for rule in rules:
            assert brief["measures"][rule["id"]]["is_conditional"]
        for measure in whole["measures"]:
            short = brief["measures"][measure["id"]]
            assert short["status"] == measure["status"]
            assert {each["kind"] for each in measure["effect"]} <= {*short["effects"]}
        assert brief["listings"][told["listing"]]["name"] == whole["listing"]["names"][0]["text"]
        assert told["score"] == pytest.approx(whole["score"], abs=1e-4)


def test_parties_in_brief_are_those_of_the_full_answer_with_the_law_of_their_other_listings(
    client: TestClient[Litestar],
):
    full = searched(client, "Rosoboronexport", "full").json()
    brief = searched(client, "Rosoboronexport", "brief").json()
    assert [each["id"] for each in brief["parties"]] == [each["id"] for each in full["parties"]]
    for told, whole in zip(brief["parties"], full["parties"], strict=True):
        hits = [brief["hits"][at] for at in told["hits"]]
        ids = {each["listing"] for each in hits} | {*told.get("other_listings", ())}
        assert ids == {each["listing_id"] for each in whole["members"]}
        measures = {each for hit in hits for each in hit["measures"]}
        conditional = {each["id"] for each in whole["measures"] if each["condition"]}
        reaching = {each["id"] for each in whole["measures"]} - conditional
        assert measures | {*told.get("other_measures", ())} == reaching
        rules = {each for hit in hits for each in hit.get("rules", ())}
        assert rules | {*told.get("other_rules", ())} == conditional


SOME = (
    *(
        "SMIC",
        "Hikvision",
        "Huawei",
        "Rosneft",
        "Gazprom",
        "YMTC",
        "DJI",
        "Bank Melli",
        "Nexperia",
    ),
    *("Kaspersky", "Inspur", "Wagner", "Zimtstern Quedlinburg", "北京", "Tecnología", "a"),
)
OWNED = {
    "name": "Muster GmbH",
    "owners": [{"name": "Hikvision", "share": 51}, {"name": "Rosneft", "share": 20}],
}
TRADE = {
    "origin": "US",
    "destination": "CN",
    "items": [{"hs": "854231"}, {"control_code": "3B001"}],
}


def words_of(value: object) -> set[str]:
    """Return every string of an answer, and every key."""
    if isinstance(value, str):
        return {value}
    if isinstance(value, dict):
        return {*value}.union(*map(words_of, value.values()))
    return set[str]().union(*map(words_of, value)) if isinstance(value, list) else set()


@pytest.mark.parametrize("lists", [None, ["us_bis_el"], ["eu_fsf"]], ids=["all", "one", "missing"])
@pytest.mark.parametrize("day", ["2025-10-15", "2026-07-31", "2026-11-20"])
def test_a_brief_answer_tells_the_sentence_and_every_measure_of_the_full_one(
    client: TestClient[Litestar], day: str, lists: list[str] | None
):
    parties = [*({"name": each} for each in SOME), OWNED]
    body = {"counterparties": parties, "transaction": TRADE, "as_of": day, "store": False}
    body |= {} if lists is None else {"lists": lists}
    full, brief = screened(client, "full", body).json(), screened(client, "brief", body).json()
    for told, whole in zip(brief["results"], full["results"], strict=True):
        assert told["answer"]["sentence"] == whole["answer"]["sentence"]
    known = {each.id for each in shipped().measures}
    assert words_of(full) & known
    assert words_of(full) & known <= words_of(brief)


def test_what_is_null_or_empty_is_left_out_of_a_brief_answer(client: TestClient[Litestar]):
    def walk(value: object) -> None:
        if isinstance(value, dict):
            assert None not in value.values()
            assert not [key for key, each in value.items() if each in ([], {})], value
            for each in value.values():
                walk(each)
        elif isinstance(value, list):
            for each in value:
                walk(each)

    for name in ("SMIC", "Zimtstern Quedlinburg"):
        walk(searched(client, name, "brief").json())


@pytest.mark.parametrize(
    ("name", "most"), [("SMIC", 7_168), ("Zimtstern Quedlinburg", 1_024), ("Huawei", 7_168)]
)
def test_a_brief_answer_is_small(client: TestClient[Litestar], name: str, most: int):
    assert len(searched(client, name, "brief").content) <= most


def test_ordinary_names_in_brief_and_gzip_take_35_bytes_each(client: TestClient[Litestar]):
    with ORDINARY.open(encoding="utf-8") as lines:
        names = [row["LegalName"] for row in csv.DictReader(lines)]
    assert len(names) > 200
    body = {"counterparties": [{"name": each} for each in names], "store": False, **DAYS}
    headers = {"accept-encoding": "gzip"}
    path = "/v1/screenings?view=brief"
    with client.stream("POST", path, json=body, headers=headers) as answer:
        assert len(b"".join(answer.iter_raw())) <= 35 * len(names)


def test_the_coverage_of_a_brief_answer_can_be_fetched_for_ever(client: TestClient[Litestar]):
    full = searched(client, "SMIC", "full").json()["coverage"]
    brief = searched(client, "SMIC", "brief").json()["coverage"]
    assert brief["complete"] == full["complete"]
    answer = client.get(f"/v1/coverage/{brief['id']}")
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    record = msgspec.json.decode(answer.content, type=CoverageRecord)
    assert [each.code for each in record.lists] == [each["code"] for each in full["lists"]]
    assert [each.sha256 for each in record.lists] == [each["sha256"] for each in full["lists"]]
    again = searched(client, "Huawei", "brief").json()["coverage"]
    assert again["id"] == brief["id"]
    other = searched(client, "SMIC", "brief", lists="un_sc").json()["coverage"]
    assert other["id"] != brief["id"]
    assert client.get(f"/v1/coverage/{'0' * 32}").status_code == HTTPStatus.NOT_FOUND
    assert client.get("/v1/coverage/abc").status_code == HTTPStatus.BAD_REQUEST


def test_lists_that_make_an_answer_incomplete_are_named_in_brief(client: TestClient[Litestar]):
    full = searched(client, "SMIC", "full", lists="eu_fsf").json()["coverage"]
    brief = searched(client, "SMIC", "brief", lists="eu_fsf").json()["coverage"]
    (state,) = {each["state"] for each in full["lists"]}
    assert brief["not_fresh"] == {state: ["eu_fsf"]}


def test_a_screening_asked_for_in_brief_is_kept_in_full(client: TestClient[Litestar]):
    body = {"counterparties": [{"id": "C-1", "name": "Bank Melli"}, {"name": "Anna Bauer"}]}
    brief = screened(client, "brief", body).json()
    path = f"/v1/screenings/{brief['id']}"
    full = client.get(path).json()
    assert full["results"][0]["hits"][0]["explanation"]
    assert client.get(path, params={"view": "brief"}).json() == brief
    assert [each["outcome"] for each in brief["results"]] == [
        each["outcome"] for each in full["results"]
    ]


def test_a_request_sent_again_in_brief_gets_the_same_screening(client: TestClient[Litestar]):
    headers = {"idempotency-key": "brief-1"}
    body = {"counterparties": [{"name": "Bank Melli"}]}
    path = "/v1/screenings?view=brief"
    first = client.post(path, json=body, headers=headers)
    again = client.post(path, json=body, headers=headers)
    assert again.headers["idempotent-replayed"] == "true"
    assert again.json() == first.json()


def test_a_stream_in_brief_tells_in_each_line_what_the_line_speaks_of(
    client: TestClient[Litestar],
):
    lines = b'{"id":"1","name":"SMIC"}\n{"id":"2","name":"Zimtstern Quedlinburg"}\n'
    answer = client.post(
        "/v1/screenings",
        params={"view": "brief", **DAYS},
        content=lines,
        headers={"content-type": "application/x-ndjson"},
    )
    hit, clear, end = map(msgspec.json.decode, answer.content.splitlines())
    assert {each["listing"] for each in hit["hits"]} == {*hit["listings"]}
    assert {*clear} == {"id", "name", "outcome", "answer"}
    assert {*clear["answer"]} == {"sentence"}
    assert end["count"] == 2
    assert end["coverage"]["id"]


def test_owners_and_restrictions_in_brief_say_which_rules_hold(client: TestClient[Litestar]):
    body = {
        "counterparties": [
            {"name": "Muster GmbH", "owners": [{"name": "Rosoboronexport", "share": 60}]}
        ],
        "transaction": {
            "origin": "US",
            "destination": "CN",
            "items": [{"control_code": "3B001.f"}],
        },
        "store": False,
        **DAYS,
    }
    full = screened(client, "full", body).json()
    brief = screened(client, "brief", body).json()
    whole, told = full["results"][0]["ownership"], brief["results"][0]
    assert [(each["rule"], each["verdict"]) for each in told["rules"]] == [
        (each["rule"]["id"], each["verdict"]) for each in whole["findings"]
    ]
    assert told["owners"][0]["hits"]
    met = [each["measure"]["id"] for each in full["restrictions"]["met"]]
    assert met
    assert brief["restrictions"] == met


def test_a_text_in_brief_has_the_places_of_each_name(client: TestClient[Litestar]):
    body = {"text": "Payment to Rosoboronexport, Moscow", **DAYS}
    full = client.post("/v1/texts", json=body).json()
    brief = client.post("/v1/texts?view=brief", json=body).json()
    assert brief["hits"][0]["places"] == full["hits"][0]["matched"]["places"]
    assert msgspec.convert(brief, BriefSearch).name is None


def test_another_view_is_refused(client: TestClient[Litestar]):
    answer = client.get("/v1/search", params={"name": "SMIC", "view": "short"})
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert answer.json()["errors"][0]["field"] == "view"


def test_what_brief_structs_say_is_what_brief_answers_are(client: TestClient[Litestar]):
    answer = screened(client, "brief", {"counterparties": [{"name": "SMIC"}], "store": False})
    read = msgspec.json.decode(answer.content, type=BriefScreening)
    assert msgspec.json.encode(read) == answer.content


@pytest.mark.parametrize("encoding", [*DECODERS])
@pytest.mark.parametrize("path", ["/v1/search?name=SMIC", "/openapi.json", "/v1/calendar.ics"])
def test_a_long_answer_comes_in_the_encoding_that_is_asked_for(
    client: TestClient[Litestar], path: str, encoding: str
):
    plain, body = raw(client, path, "identity")
    answer, encoded = raw(client, path, encoding)
    assert answer.headers.get("content-encoding", "identity") == encoding
    assert answer.headers["vary"] == plain.headers["vary"] == "accept-encoding"
    assert DECODERS[encoding](encoded) == body
    assert encoding == "identity" or len(encoded) < len(body) / 3


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, deflate, br", "br"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("br;q=0, *;q=0.1", "zstd"),
        ("deflate", None),
        ("", None),
        ("*;q=0", None),
    ],
)
def test_the_encoding_is_the_one_that_the_client_likes_best(
    client: TestClient[Litestar], accepted: str, chosen: str | None
):
    answer, _ = raw(client, "/v1/search?name=SMIC", accepted)
    assert answer.headers.get("content-encoding") == chosen


def test_a_short_answer_and_one_in_parts_come_as_they_are(client: TestClient[Litestar]):
    answer, body = raw(client, "/healthz", "gzip")
    assert len(body) < SHORT_BYTES
    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize("path", VALIDATED)
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_what_a_client_has_already_is_not_sent_again(
    client: TestClient[Litestar], path: str, encoding: str
):
    first, body = raw(client, path, encoding)
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "private, no-cache"
    assert body
    headers = {"accept-encoding": encoding}
    for given in (tag, f'"other", {tag}', "*"):
        again = client.get(path, headers={**headers, "if-none-match": given})
        assert (again.status_code, again.content) == (HTTPStatus.NOT_MODIFIED, b"")
        assert again.headers["etag"].removeprefix("W/") == tag.removeprefix("W/")
    other = client.get(path, headers={**headers, "if-none-match": '"other"'})
    assert other.status_code == HTTPStatus.OK


def test_every_get_of_the_document_says_what_may_be_kept_of_it(client: TestClient[Litestar]):
    document = client.get("/openapi.json").json()
    addresses = [path for path, each in document["paths"].items() if "get" in each]
    for address in addresses:
        answer = client.get(address.split("{")[0].rstrip("/") or "/")
        assert answer.headers.get("cache-control"), address


def test_an_address_that_will_go_says_since_when_until_when_and_what_to_use(
    client: TestClient[Litestar],
):
    answer = client.get("/docs/openapi.json")
    assert answer.status_code == HTTPStatus.OK
    since = datetime.fromtimestamp(int(answer.headers["deprecation"].removeprefix("@")), UTC)
    gone = parsedate_to_datetime(answer.headers["sunset"])
    assert gone - since >= timedelta(days=365)
    assert answer.headers["link"] == '</openapi.json>; rel="successor-version"'
    page = (ROOT / "docs" / "reference" / "promise.md").read_text("utf-8")
    row = f"| `GET /docs/openapi.json` | {since.date()} | {gone.date()} | `GET /openapi.json` |"
    assert row in page
    assert "deprecation" not in client.get("/openapi.json").headers
