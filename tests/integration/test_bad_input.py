"""Bad input of every field: a problem document that names the field, and nothing stored."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

DOCUMENT: dict[str, Any] = json.loads(Path("openapi/openapi.json").read_bytes())
PROBLEM = "application/problem+json"
NAME = {"name": "Acme"}


def problem(answer, status: int = 400):
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == PROBLEM
    body = answer.json()
    assert body["status"] == status
    assert body["type"].startswith("/problems/")
    assert body["title"]
    assert body["detail"]
    return body


def fields(answer) -> list[str]:
    return [error["field"] for error in problem(answer)["errors"]]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param([], "body", id="no object"),
        pytest.param({}, "counterparties", id="nothing asked"),
        pytest.param({"counterparties": []}, "counterparties", id="nobody asked about"),
        pytest.param({"counterparties": [NAME] * 1001}, "counterparties", id="too many"),
        pytest.param({"counterparties": [{}]}, "counterparties[0].name", id="no name"),
        pytest.param({"counterparties": [{"name": ""}]}, "counterparties[0].name", id="empty"),
        pytest.param({"counterparties": [{"name": " "}]}, "counterparties[0].name", id="blank"),
        pytest.param({"counterparties": [{"name": 7}]}, "counterparties[0].name", id="a number"),
        pytest.param({"counterparties": [{"name": None}]}, "counterparties[0].name", id="null"),
        pytest.param(
            {"counterparties": [{"name": "x" * 501}]}, "counterparties[0].name", id="too long"
        ),
        pytest.param(
            {"counterparties": [NAME, {"name": "a", "nmae": "b"}]},
            "counterparties[1].nmae",
            id="a field that is not there",
        ),
        pytest.param(
            {"counterparties": [{**NAME, "aliases": ["b", " "]}]},
            "counterparties[0].aliases[1]",
            id="a blank alias",
        ),
        pytest.param(
            {"counterparties": [{**NAME, "aliases": "b"}]},
            "counterparties[0].aliases",
            id="aliases no list",
        ),
        pytest.param(
            {"counterparties": [{**NAME, "aliases": ["b"] * 51}]},
            "counterparties[0].aliases",
            id="too many aliases",
        ),
        pytest.param(
            {"counterparties": [{**NAME, "aliases": ["b"] * 50}] * 100},
            "counterparties",
            id="too many names in all",
        ),
        pytest.param(
            {"counterparties": [{**NAME, "entity_type": "company"}]},
            "counterparties[0].entity_type",
            id="no such type",
        ),
        pytest.param(
            {"counterparties": [{**NAME, "countries": ["China"]}]},
            "counterparties[0].countries[0]",
            id="a country in words",
        ),
        pytest.param(
            {"counterparties": [{**NAME, "countries": ["CN", "XX"]}]},
            "counterparties[0].countries[1]",
            id="no such country",
        ),
        pytest.param(
            {"counterparties": [{**NAME, "addresses": [""]}]},
            "counterparties[0].addresses[0]",
            id="an empty address",
        ),
        pytest.param(
            {"counterparties": [{**NAME, "identifiers": [{"kind": "LEI"}]}]},
            "counterparties[0].identifiers[0].value",
            id="an identifier without value",
        ),
        pytest.param(
            {"counterparties": [{**NAME, "identifiers": [{"value": "1", "country": "ZZ"}]}]},
            "counterparties[0].identifiers[0].country",
            id="an identifier of no country",
        ),
        pytest.param({"counterparties": [NAME], "lists": []}, "lists", id="no list"),
        pytest.param({"counterparties": [NAME], "lists": ["nope"]}, "lists[0]", id="no such list"),
        pytest.param({"counterparties": [NAME], "as_of": "2026-02-31"}, "as_of", id="no day"),
        pytest.param({"counterparties": [NAME], "as_of": "24.11.2026"}, "as_of", id="no ISO day"),
        pytest.param({"counterparties": [NAME], "known_at": 2026}, "known_at", id="a year"),
        pytest.param({"counterparties": [NAME], "threshold": 1.01}, "threshold", id="over one"),
        pytest.param({"counterparties": [NAME], "threshold": -0.1}, "threshold", id="under zero"),
        pytest.param({"counterparties": [NAME], "threshold": "high"}, "threshold", id="a word"),
        pytest.param({"counterparties": [NAME], "limit": 0}, "limit", id="limit zero"),
        pytest.param({"counterparties": [NAME], "limit": 501}, "limit", id="limit too large"),
        pytest.param({"counterparties": [NAME], "limit": 1.5}, "limit", id="half a hit"),
        pytest.param({"counterparties": [NAME], "fuzzy": True}, "fuzzy", id="unknown at the top"),
    ],
)
def test_a_screening_that_cannot_be_read_names_the_field(client, body, field):
    assert fields(client.post("/v1/screenings", json=body)) == [field]


@pytest.mark.parametrize(
    ("raw", "content_type"),
    [
        pytest.param(b"", "application/json", id="nothing"),
        pytest.param(b"{", "application/json", id="cut off"),
        pytest.param(b"\xff\xfe", "application/json", id="no UTF-8"),
        pytest.param(
            b'{"counterparties":[{"name":"\\ud800"}]}', "application/json", id="half a pair"
        ),
        pytest.param(b"[" * 100_000, "application/json", id="nested too deeply"),
        pytest.param(b'{"counterparties":[{"name":"\xff Acme"}]}', "application/json", id="bytes"),
        pytest.param(b'{"threshold":NaN}', "application/json", id="not a number"),
        pytest.param(b'{"lists":["\xed\xa0\x80"]}', "application/json", id="half a pair in bytes"),
    ],
)
def test_a_body_that_is_no_json_is_refused(client, raw, content_type):
    answer = client.post("/v1/screenings", content=raw, headers={"content-type": content_type})
    assert fields(answer) == ["body"]


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        pytest.param('"limit":' + "9" * 5000, "limit", id="a huge whole number"),
        pytest.param('"threshold":1e999', "threshold", id="a number past all bounds"),
        pytest.param(f'"{"x" * 1_000_000}":1', "x" * 1_000 + " …", id="a field as long as a book"),
    ],
)
def test_what_no_number_or_field_can_be_is_refused_by_its_name(client, raw: str, field: str):
    answer = client.post(
        "/v1/screenings",
        content=f'{{"counterparties":[{{"name":"Acme"}}],{raw}}}',
        headers={"content-type": "application/json"},
    )
    assert fields(answer) == [field]
    assert len(answer.content) < 10_000


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_body_of_another_type_is_refused(client, content_type):
    body = b'{"counterparties":[{"name":"Acme"}]}'
    answer = client.post("/v1/screenings", content=body, headers={"content-type": content_type})
    problem(answer, 415)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param('{"counterparties":[{"name":"Huawei","name":"Acme"}]}', "name", id="inside"),
        pytest.param(
            '{"counterparties":[{"name":"A"}],"counterparties":[{"name":"B"}]}',
            "counterparties",
            id="outside",
        ),
        pytest.param(
            '{"counterparties":[{"\\u006eame":"Huawei","name":"Acme"}]}',
            "name",
            id="written apart",
        ),
        pytest.param(
            '{"counterparties":[{"name":"Acme"}],"limit":1,"limit":1}',
            "limit",
            id="the same twice",
        ),
    ],
)
def test_a_field_that_stands_twice_is_refused(client, body, field):
    answer = client.post(
        "/v1/screenings", content=body, headers={"content-type": "application/json"}
    )
    assert fields(answer) == [field]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        pytest.param("", "name", id="no name"),
        pytest.param("name=", "name", id="empty name"),
        pytest.param("name=%20", "name", id="blank name"),
        pytest.param("name=" + "x" * 501, "name", id="too long"),
        pytest.param("name=a&name=b", "name", id="given twice"),
        pytest.param("name=a&as_of=2026-13-01", "as_of", id="no day"),
        pytest.param("name=a&known_at=yesterday", "known_at", id="a word for a day"),
        pytest.param("name=a&limit=0", "limit", id="limit zero"),
        pytest.param("name=a&limit=ten", "limit", id="limit in words"),
        pytest.param("name=a&threshold=2", "threshold", id="over one"),
        pytest.param("name=a&threshold=nan", "threshold", id="not a number"),
        pytest.param("name=a&countries=CHN", "countries[0]", id="three letters"),
        pytest.param("name=a&lists=un_sc&lists=x", "lists[1]", id="no such list"),
        pytest.param("name=Soci%E9t%E9", "name", id="another encoding"),
        pytest.param("name=a&as_of=null", "as_of", id="null for a day"),
        pytest.param("name=a&threshold=null", "threshold", id="null for a score"),
        pytest.param("name=a&entity_type=firm", "entity_type", id="no such type"),
        pytest.param("name=a&nmae=b", "nmae", id="no such parameter"),
    ],
)
def test_a_search_that_cannot_be_read_names_the_parameter(client, query, field):
    assert fields(client.get(f"/v1/search?{query}")) == [field]


@pytest.mark.parametrize(
    ("path", "field"),
    [
        pytest.param("/v1/measures?status=gone", "status", id="no such status"),
        pytest.param("/v1/measures?jurisdiction=USA", "jurisdiction", id="no such jurisdiction"),
        pytest.param("/v1/measures?authority=Bis", "authority", id="no such authority"),
        pytest.param("/v1/measures?list=nope", "list", id="no such list"),
        pytest.param("/v1/measures?limit=501", "limit", id="limit too large"),
        pytest.param("/v1/measures?cursor=!", "cursor", id="no cursor"),
        pytest.param("/v1/measures?cursor=MjAyNg", "cursor", id="a text that is no cursor"),
        pytest.param("/v1/measures?limit=1e2", "limit", id="a number to a power"),
        pytest.param("/v1/measures?limit=5.0", "limit", id="a number with a part"),
        pytest.param("/v1/lists/un_sc/editions/1/changes?since=1.0", "since", id="no edition"),
        pytest.param("/v1/search?name=Acme&limit=5.0", "limit", id="a search with a part"),
        pytest.param("/v1/lists?cursor=!", "cursor", id="no cursor of lists"),
        pytest.param("/v1/lists?as_of=2026-01-01", "as_of", id="lists have no day"),
        pytest.param("/v1/measures/us-bis-affiliates-rule?as_of=x", "as_of", id="measure, no day"),
        pytest.param("/healthz?x=1", "x", id="health takes nothing"),
    ],
)
def test_a_collection_asked_for_wrongly_names_the_parameter(client, path, field):
    assert fields(client.get(path)) == [field]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        pytest.param("GET", "/v1/listings/us_bis_el-nobody", 404, id="no such listing"),
        pytest.param("GET", "/v1/measures/nothing", 404, id="no such measure"),
        pytest.param("GET", "/v1/screenings/no-uuid", 404, id="no id of a screening"),
        pytest.param("GET", "/v2/search", 404, id="no such path"),
        pytest.param("GET", "/docs/files/%00", 404, id="no such file"),
        pytest.param("GET", "/docs/files/..%2f..%2fapp.py", 404, id="not one of the pages"),
        pytest.param("GET", "/v1/texts", 405, id="wrong method"),
        pytest.param("DELETE", "/v1/lists", 405, id="nothing can be deleted"),
    ],
)
def test_what_is_not_there_is_a_problem_too(client, method, path, status):
    problem(client.request(method, path), status)


def test_a_body_over_the_limit_is_refused(client):
    body = b'{"counterparties":[{"name":"' + b"x" * 10_000_001 + b'"}]}'
    answer = client.post(
        "/v1/screenings", content=body, headers={"content-type": "application/json"}
    )
    problem(answer, 413)


@pytest.mark.parametrize("name", ["--", "???", "\x00", "GmbH", "\u16a0\u16a2", "\u202e", "A"])
def test_one_unreadable_name_leaves_the_others_their_answers(client, name: str):
    parties = [{"id": str(place), "name": f"Acme {place}"} for place in range(9)]
    parties.insert(4, {"id": "bad", "name": name})
    answer = client.post("/v1/screenings", json={"counterparties": parties})
    assert answer.status_code == 200, answer.json()
    results = {each["id"]: each for each in answer.json()["results"]}
    assert len(results) == 10
    assert results["bad"]["outcome"] == "incomplete"
    assert [each["field"] for each in results["bad"]["warnings"] if each["may_hide"]] == ["name"]
    assert not results["3"]["warnings"]


def parameters() -> list[tuple[str, str, dict[str, Any]]]:
    """Every query parameter of the API with its method and a path that can be asked for."""
    nobody = "00000000-0000-4000-8000-000000000000"
    return [
        (method, re.sub("{.*?}", lambda name: nobody if "id" in name[0] else "1", path), each)
        for path, operations in DOCUMENT["paths"].items()
        for method, operation in operations.items()
        for each in operation.get("parameters", ())
        if each["in"] == "query"
    ]


def kinds_of(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The alternatives of a schema, references followed."""
    if "$ref" in schema:
        return kinds_of(DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    return [kind for each in schema.get("oneOf", []) for kind in kinds_of(each)] or [schema]


def choices() -> list[Any]:
    """Each parameter that is one of some values, with them."""
    return [
        pytest.param(
            method,
            path,
            each["name"],
            [value for kind in kinds_of(each["schema"]) for value in kind.get("enum", ())],
            id=f"{method} {path} {each['name']}",
        )
        for method, path, each in parameters()
        if any("enum" in kind for kind in kinds_of(each["schema"]))
        # what a stream takes is true or false
        if each["name"] != "store"
    ]


def test_there_are_parameters_that_are_one_of_some_values():
    names = {each.values[2] for each in choices()}
    assert {"entity_type", "end_use", "status", "format"} <= names


@pytest.mark.parametrize(("method", "path", "name", "known"), choices())
def test_a_value_that_is_none_of_some_is_told_all_and_the_one_that_is_meant(
    client, method: str, path: str, name: str, known: list[str]
):
    for given, meant in (("quixotic", ""), (f"{known[0]}x", f"; did you mean {known[0]}?")):
        answer = client.request(method, path, params={name: given})
        if answer.status_code == 401:
            pytest.skip("needs a key")
        reasons = {each["field"]: each["reason"] for each in problem(answer)["errors"]}
        found = re.fullmatch(r"'(.*)' is not one of: (.*?)(; did you mean .*)?", reasons[name])
        assert found is not None, reasons
        assert (found[1], set(found[2].split(", "))) == (given, set(known))
        assert (found[3] or "").startswith(meant[:16])


def repeated() -> set[str]:
    return {
        each["name"]
        for _, _, each in parameters()
        if any(kind.get("type") == "array" for kind in kinds_of(each["schema"]))
    }


def test_codes_that_are_joined_by_commas_are_told_how_to_be_given(client):
    # a comma is of the text of an item, and of the name of a column
    assert repeated() == {"lists", "countries", "profile", "type", "item", "map"}
    search, alerts = ("/v1/search", {"name": "Acme"}), ("/v1/alerts", {})
    for (path, params), name, given, apart in (
        (search, "lists", "un_sc,us_bis_el", "lists=un_sc&lists=us_bis_el"),
        (search, "countries", "DE, FR", "countries=DE&countries=FR"),
        (search, "profile", "us,eu", "profile=us&profile=eu"),
        (alerts, "type", "hit.new,hit.gone", "type=hit.new&type=hit.gone"),
    ):
        (error,) = problem(client.get(path, params={**params, name: given}))["errors"]
        assert error == {
            "field": name,
            "reason": f"{given!r} is one value; repeat the parameter for each: {apart}",
        }
    item = {"item": "pumps, valves", "origin": "US"}
    assert client.get("/v1/restrictions", params=item).status_code == 200


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param(
            {"counterparties": [{**NAME, "entity_type": "company"}]},
            "'company' is not one of: aircraft, organisation, person, vessel",
            id="none like it",
        ),
        pytest.param(
            {"counterparties": [NAME], "transaction": {"end_use": "militry"}},
            "; did you mean military?",
            id="one like it",
        ),
        pytest.param(
            {"counterparties": [NAME], "lists": ["us_bis_eel"]},
            "no list is called 'us_bis_eel'; did you mean us_bis_el?",
            id="a list",
        ),
    ],
)
def test_a_value_in_a_body_is_told_what_it_may_be(client, body, reason: str):
    (error,) = problem(client.post("/v1/screenings", json=body))["errors"]
    assert error["reason"].endswith(reason)
