"""What a change of the document would break is named, and what may be added is not."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest

from tools.quality.promise import CURRENT, PROMISED, breaks

DOCUMENT: dict[str, Any] = msgspec.json.decode(CURRENT.read_bytes())
SCHEMAS = DOCUMENT["components"]["schemas"]
SEARCH = ("paths", "/v1/search", "get")


def broken(change: Callable[[dict[str, Any]], object]) -> tuple[str, ...]:
    """Return what a change of today's document breaks."""
    changed = copy.deepcopy(DOCUMENT)
    change(changed)
    return breaks(DOCUMENT, changed)


def schema(document: dict[str, Any], name: str) -> dict[str, Any]:
    return document["components"]["schemas"][name]


def answered() -> Iterator[str]:
    """Yield the names of the structs that the answer of a search has."""
    waiting, seen = ["SearchAnswer"], set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        if SCHEMAS[name].get("properties"):
            yield name
        text = msgspec.json.encode(SCHEMAS[name]).decode()
        waiting += [each.split('"')[0] for each in text.split("#/components/schemas/")[1:]]


def test_the_document_keeps_what_was_promised():
    assert breaks(msgspec.json.decode(PROMISED.read_bytes()), DOCUMENT) == ()


def test_a_document_breaks_nothing_of_itself():
    assert breaks(DOCUMENT, DOCUMENT) == ()


def test_each_field_of_an_answer_that_goes_is_named():
    count = 0
    for name in answered():
        for field in SCHEMAS[name]["properties"]:
            told = broken(lambda each, n=name, f=field: schema(each, n)["properties"].pop(f))
            assert any(each.endswith(f".{field}: is gone") for each in told), (name, field)
            count += 1
    assert count > 200


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param(lambda each: each["paths"].pop("/v1/search"), "GET /v1/search: is gone"),
        pytest.param(
            lambda each: each["paths"]["/v1/search"].pop("post"), "POST /v1/search: is gone"
        ),
        pytest.param(
            lambda each: each["paths"]["/v1/search"]["get"]["parameters"].pop(0),
            "GET /v1/search, query",
        ),
        pytest.param(
            lambda each: schema(each, "Counterparty")["required"].append("countries"),
            "POST /v1/screenings, body.counterparties[].countries: is asked for now",
        ),
        pytest.param(
            lambda each: schema(each, "Counterparty")["properties"].pop("countries"),
            "POST /v1/screenings, body.counterparties[].countries: is gone",
        ),
        pytest.param(
            lambda each: schema(each, "Counterparty")["properties"]["name"].update(maxLength=100),
            "POST /v1/screenings, body.counterparties[].name: maxLength is lower",
        ),
        pytest.param(
            lambda each: schema(each, "SearchAnswer")["properties"]["total"].update(type="string"),
            "200.total: integer is gone",
        ),
        pytest.param(
            lambda each: schema(each, "SearchAnswer")["required"].remove("total"),
            "200.total: may be left out now",
        ),
        pytest.param(
            lambda each: schema(each, "SearchAnswer")["properties"]["total"].update(
                type=["integer", "null"]
            ),
            "200.total: null may come now",
        ),
        pytest.param(
            lambda each: each["paths"]["/v1/search"]["get"]["responses"]["200"]["content"].pop(
                "application/json"
            ),
            "GET /v1/search, 200: application/json is gone",
        ),
        pytest.param(
            lambda each: each["paths"]["/v1/search"]["get"]["responses"].pop("200"),
            "GET /v1/search, 200: is not told any more",
        ),
    ],
)
def test_what_breaks_a_caller_is_named(change: Callable[[dict[str, Any]], object], reason: str):
    assert any(reason in each for each in broken(change)), broken(change)


@pytest.mark.parametrize(
    "change",
    [
        lambda each: schema(each, "SearchAnswer")["properties"].update(new={"type": "string"}),
        lambda each: schema(each, "Counterparty")["properties"].update(new={"type": "string"}),
        lambda each: each["paths"].update({"/v1/new": each["paths"]["/v1/search"]}),
        lambda each: each["paths"]["/v1/search"]["get"]["parameters"].append(
            {"in": "query", "name": "new", "required": False, "schema": {"type": "string"}}
        ),
        lambda each: schema(each, "Counterparty")["properties"]["name"].update(maxLength=1000),
    ],
    ids=["a field told", "a field taken", "an address", "a parameter", "a longer name"],
)
def test_what_may_be_added_breaks_nothing(change: Callable[[dict[str, Any]], object]):
    assert broken(change) == ()
