"""The OpenAPI document says of everything in it what it means, once."""

import ast
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from tests.contract.test_structure import modules_of
from tests.repository import ROOT

DOCUMENT = json.loads((ROOT / "openapi" / "openapi.json").read_bytes())
SCHEMAS = DOCUMENT["components"]["schemas"]
# a shorter sentence, such as "Our number of the edition.", costs less than a type to share it
MOST_COPIED_WORDS = 8
OPEN = "x-extensible-enum"


def properties() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, schema in SCHEMAS.items():
        for field, kind in schema.get("properties", {}).items():
            yield f"{name}.{field}", kind


def operations() -> Iterator[dict[str, Any]]:
    for methods in DOCUMENT["paths"].values():
        yield from methods.values()


def inside(node: object) -> Iterator[dict[str, Any]]:
    """Every object within a part of the document, itself included."""
    if isinstance(node, dict):
        yield node
    for each in (
        node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    ):
        yield from inside(each)


def test_every_field_says_what_it_means():
    assert [name for name, kind in properties() if not kind.get("description")] == []


def test_every_schema_says_what_it_is():
    assert [name for name, schema in SCHEMAS.items() if not schema.get("description")] == []


def test_a_schema_that_stands_inside_an_operation_describes_its_fields_too():
    unsaid = [
        field
        for operation in operations()
        for each in inside(operation)
        for field, kind in each.get("properties", {}).items()
        if isinstance(kind, dict) and not kind.get("description")
    ]
    assert unsaid == []


def test_what_is_deprecated_says_until_when_and_what_to_use_and_the_promise_names_it():
    promise = (ROOT / "docs" / "reference" / "promise.md").read_text()
    going = {name: kind for name, kind in properties() if kind.get("deprecated")}
    assert "CounterpartyResult.left" in going
    for name, kind in going.items():
        struct, _, field = name.partition(".")
        said = re.match(
            r"Deprecated since (\S+), and may be gone from (\S+): `(\w+)` has the same\.",
            kind["description"],
        )
        assert said is not None, name
        since, until, successor = said.groups()
        assert date.fromisoformat(until) >= date.fromisoformat(since) + timedelta(days=365), name
        assert SCHEMAS[struct]["properties"][successor]["items"] == kind["items"], name
        row = rf"\| `{field}` of .+ \| {since} \| {until} \| `{successor}` \|"
        assert re.search(row, promise), name


def test_every_parameter_says_what_it_means():
    unsaid = [
        (operation["operationId"], each["name"])
        for operation in operations()
        for each in operation.get("parameters", [])
        if not each.get("description")
    ]
    assert unsaid == []


def test_every_value_of_a_choice_is_explained_where_the_choice_is_offered():
    said: dict[tuple[str, ...], str] = defaultdict(str)
    for _, kind in properties():
        for each in inside(kind):
            whole = SCHEMAS[each["$ref"].rpartition("/")[2]] if "$ref" in each else each
            words = whole.get("enum", whole.get(OPEN, []))
            said[tuple(sorted(str(word) for word in words if word))] += kind["description"]
    unsaid = {
        values: [each for each in values if f"`{each}`" not in said[values]] for values in said
    }
    assert [each for each in unsaid.values() if each] == []


def test_every_enum_that_is_only_answered_is_open_and_a_shared_one_has_a_name():
    bodies = [each["requestBody"] for each in operations() if "requestBody" in each]
    waiting = [each["$ref"] for body in bodies for each in inside(body) if "$ref" in each]
    closed = set[str]()
    while waiting:
        name = waiting.pop().rpartition("/")[2]
        if name in SCHEMAS and name not in closed:
            closed.add(name)
            waiting += [each["$ref"] for each in inside(SCHEMAS[name]) if "$ref" in each]
    answered = {name: each for name, each in SCHEMAS.items() if name not in closed}
    assert [name for name, each in answered.items() for one in inside(each) if "enum" in one] == []
    places: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name, schema in answered.items():
        for each in inside(schema):
            places[tuple(sorted(each.get(OPEN, ())))].append(name)
    del places[()]
    assert {words: names for words, names in places.items() if len(names) > 3} == {}


def test_a_date_whose_name_ends_like_a_moments_says_so():
    dates = [
        kind["description"]
        for name, kind in properties()
        if name.endswith("_at") and any(each.get("format") == "date" for each in inside(kind))
    ]
    assert dates
    assert [each for each in dates if "a date" not in each.lower()] == []


def _strings() -> Iterator[tuple[str, str]]:
    """Every string under a field of a class of the service, with the name of the field."""
    classes = (
        each
        for module in modules_of("service")
        for each in ast.walk(ast.parse(module.read_text()))
        if isinstance(each, ast.ClassDef)
    )
    for each in classes:
        for field, below in pairwise(each.body):
            match field, below:
                case (
                    ast.AnnAssign(target=ast.Name(id=name)),
                    ast.Expr(value=ast.Constant(value=str(text))),
                ):
                    yield " ".join(text.split()), f"{each.name}.{name}"
                case _:
                    pass


def test_no_sentence_is_copied_from_one_struct_to_another():
    places: dict[str, list[str]] = defaultdict(list)
    for text, field in _strings():
        if len(text.split()) > MOST_COPIED_WORDS:
            places[text].append(field)
    copied = {text: fields for text, fields in places.items() if len(fields) > 1}
    assert copied == {}, "say it once, under a type that these fields share"
