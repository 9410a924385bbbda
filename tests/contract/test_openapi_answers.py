"""The examples and the headers of the OpenAPI document are those of what a service answers."""

import ast
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from pkgutil import resolve_name
from typing import Any, NamedTuple

import httpx
import msgspec
import pytest
from jsonschema_rs import validator_for
from litestar import Litestar
from litestar.testing import TestClient

from abeyance_screening.app.application import create_app
from abeyance_screening.app.features import FEATURES
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.platform.examples import DAYS
from abeyance_screening.platform.http.security import SECURITY_HEADERS
from abeyance_screening.platform.settings import Settings
from tests.contract.test_structure import modules_of
from tests.forked import abeyance_command
from tests.integration.conftest import wait_until_ready
from tests.repository import ROOT
from tests.served import without_database_url
from tools.quality.write_examples import EXAMPLES, Example, exchanges, recorded

DOCUMENT = json.loads((ROOT / "openapi" / "openapi.json").read_bytes())
OPERATIONS = {
    operation["operationId"]: operation
    for methods in DOCUMENT["paths"].values()
    for operation in methods.values()
}
RECORDED = msgspec.json.decode((ROOT / EXAMPLES).read_bytes(), type=dict[str, Example])
# A new service has one edition of each list, where the answer compares two, and one person.
WITHOUT = {
    "approveChange",
    "approveJudgement",
    "editionChanges",
    "refuseChange",
    "refuseJudgement",
}
JSON = "application/json"
# They belong to HTTP, to browsers or to proxies, and say nothing of the answer.
UNDECLARED = {name.decode() for name, _ in SECURITY_HEADERS} | {
    "connection",
    "content-length",
    "content-type",
    "date",
    "server",
    "transfer-encoding",
    "x-accel-buffering",
}
# Only a worker writes files of results, or has a job go on while one looks.
# A short answer is not encoded.
NOT_ALWAYS = {"next-cursor", "idempotent-replayed", "content-encoding", "vary"}
OF_WORKERS = {"Content-Disposition", "Next-Cursor"}


class Answer(NamedTuple):
    """An answer of the service: to which method and path, with which status and headers."""

    operation: str
    status: int
    headers: frozenset[str]


class Talk(NamedTuple):
    """Everything that a service answered here."""

    examples: dict[str, Example]
    answers: tuple[Answer, ...]


def contents() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Operation, media type and content of each request and each main answer."""
    for name, operation in OPERATIONS.items():
        asked = operation.get("requestBody", {}).get("content", {})
        yield from ((f"{name}, asked", kind, content) for kind, content in asked.items())
        done = [each for each in operation["responses"] if each.startswith("2")]
        # one that may also wait for a second person is shown as it is done
        status = min(done, key=lambda each: (each == "202", each))
        answered = operation["responses"][status].get("content", {})
        yield from ((f"{name}, answered", kind, content) for kind, content in answered.items())


def examples() -> Iterator[tuple[str, dict[str, Any], object]]:
    """Where an example is, its schema, and its value."""
    for name, kind, content in contents():
        for each in content.get("examples", {}).values():
            component = each["$ref"].rpartition("/")[2]
            value = DOCUMENT["components"]["examples"][component]["value"]
            yield f"{name}, {kind}", content["schema"], value


def test_every_request_and_every_answer_in_json_has_an_example():
    without = [
        name
        for name, kind, content in contents()
        if kind == JSON and "examples" not in content and name.partition(",")[0] not in WITHOUT
    ]
    assert without == []


@pytest.mark.parametrize(
    ("schema", "value"), [pytest.param(*each[1:], id=each[0]) for each in examples()]
)
def test_an_example_is_valid(schema: dict[str, Any], value: object):
    validator_for(schema | {"components": DOCUMENT["components"]}).validate(value)


def test_a_feature_has_the_examples_of_its_own_operations():
    elsewhere = list[str]()
    for feature in FEATURES:
        handlers = [each for name in feature.routes for each in resolve_name(name)]
        operations = {getattr(each, "operation_id", None) for each in handlers}
        named = () if feature.examples is None else resolve_name(feature.examples)
        elsewhere += [
            each.operation for each in named if each.operation.partition(".")[0] not in operations
        ]
    assert elsewhere == []


def test_each_example_is_one_that_was_recorded():
    values = [each["value"] for each in DOCUMENT["components"]["examples"].values()]
    known = [part for each in RECORDED.values() for part in (each.answer, each.request)]
    assert [each for each in values if each not in known] == []
    assert sorted(RECORDED) == sorted(each.operation for each in exchanges())


@pytest.fixture(scope="module")
def talk(listed_database: str, bundled_index: ListingIndex) -> Talk:
    """What this program answers to the requests of the examples, and to some more."""
    environment = without_database_url() | {"DATABASE_URL": listed_database}
    command = [
        "keys",
        "add",
        "example",
        "--scope",
        "operator",
        "--limit",
        "requests_per_second=1000",
    ]
    made = abeyance_command(command, environment, Path.cwd())
    assert made.returncode == 0, made.stderr
    settings = Settings(data_dir=Path(), database_url=listed_database, access="keys")
    answers = list[Answer]()

    def note(response: httpx.Response) -> None:
        answers.append(answer_of(response))

    with TestClient(create_app(settings, bundled_index)) as client:
        wait_until_ready(client)
        client.headers["x-api-key"] = made.stdout.strip()
        client.event_hooks["response"].append(note)
        done = recorded(client)
        ask_more(client)
    return Talk(done, tuple(answers))


def ask_more(client: TestClient[Litestar]) -> None:
    """Ask for what has headers of its own, and be refused."""
    calendar = f"/v1/calendar.ics?{DAYS}&measure=cn-2024-46-2"
    tag = client.get(calendar).headers["etag"]
    client.get(calendar, headers={"if-none-match": tag})
    line = '{"name": "Garant-SV"}\n'
    lines = {"content-type": "application/x-ndjson", "accept-encoding": "gzip"}
    client.post("/v1/screenings?lists=un_sc", content=line, headers=lines)
    once = {"idempotency-key": "twice"}
    party = {"counterparties": [{"name": "Garant-SV"}], "lists": ["un_sc"]}
    for _ in range(2):
        client.post("/v1/screenings", json=party, headers=once)
    client.post("/v1/screenings", json=party | {"limit": 2}, headers=once)
    client.post("/v1/screenings", content=b"x", headers={"content-encoding": "br"} | JSON_BODY)
    limited = {"counterparties_per_day": 1}
    key = {"name": "limited", "owner": "Ben B.", "scopes": ["screen"], "limits": limited}
    header = {"x-api-key": client.post("/v1/keys", json=key).json()["secret"]}
    for _ in range(2):
        client.get("/v1/search?name=Garant-SV&lists=un_sc", headers=header)
    client.get("/v1/search")
    client.get("/v1/lists/none")
    client.get("/v1/lists", headers={"x-api-key": f"abey_{'0' * 49}"})
    table = client.post("/v1/jobs?name=a.csv", content="Name\nA\n", headers=CSV).json()["id"]
    results = f"/v1/jobs/{table}/results"
    client.delete(f"/v1/jobs/{table}")
    tag = client.get(results).headers["etag"]
    client.get(results, headers={"if-none-match": tag})
    client.get(results, headers={"range": "bytes=5-"})


JSON_BODY = {"content-type": JSON}
CSV = {"content-type": "text/csv"}


def answer_of(response: httpx.Response) -> Answer:
    path, method = response.request.url.path, response.request.method.lower()
    templates = [
        each
        for each, methods in DOCUMENT["paths"].items()
        if method in methods and is_of(each, path)
    ]
    # a path that is named comes before one that is any id
    operation = DOCUMENT["paths"][min(templates, key=lambda each: each.count("{"))][method]
    headers = frozenset(response.headers.keys()) - UNDECLARED
    return Answer(operation["operationId"], response.status_code, headers)


def is_of(template: str, path: str) -> bool:
    parts, others = path.split("/"), template.split("/")
    return len(parts) == len(others) and all(
        each == other or other.startswith("{") for each, other in zip(parts, others, strict=True)
    )


def declared(operation: str, status: int) -> dict[str, bool]:
    """The headers of an answer by their names in small letters, and whether each always comes."""
    response = OPERATIONS[operation]["responses"][str(status)]
    name = response.get("$ref", "").rpartition("/")[2]
    response = DOCUMENT["components"]["responses"][name] if name else response
    components = DOCUMENT["components"]["headers"]
    return {each.lower(): components[each].get("required", False) for each in response["headers"]}


def test_no_answer_has_a_header_that_the_document_does_not_declare(talk: Talk):
    surplus = {
        (each.operation, each.status, *unknown)
        for each in talk.answers
        if (unknown := each.headers - declared(each.operation, each.status).keys())
    }
    assert surplus == set()


def test_every_answer_has_the_headers_that_always_come(talk: Talk):
    lacking = {
        (each.operation, each.status, name)
        for each in talk.answers
        for name, is_always in declared(each.operation, each.status).items()
        if is_always and name not in each.headers
    }
    assert lacking == set()


def test_every_header_that_is_declared_is_sent_with_some_answer(talk: Talk):
    sent = defaultdict[tuple[str, int], set[str]](set)
    for each in talk.answers:
        sent[each.operation, each.status] |= each.headers
    everywhere = set().union(*sent.values())
    components = DOCUMENT["components"]["headers"]
    assert {each for each in components if each.lower() not in everywhere} == OF_WORKERS
    for operation, status in (
        ("screen", 200),
        ("search", 200),
        ("addJob", 202),
        ("comingChangesCalendar", 200),
        ("comingChangesCalendar", 304),
        ("jobResults", 304),
        ("jobResults", 416),
    ):
        known = declared(operation, status).keys()
        assert known - sent[operation, status] <= NOT_ALWAYS, (operation, status)


# HTTP libraries send them by themselves, or say with them what a parameter says too (`Accept`).
OF_HTTP = {"accept", "accept-encoding", "host"}
SERVICE = "service/abeyance_screening"


def sent_to(operation: str) -> set[str]:
    """The headers that an operation takes by the document."""
    parameters = OPERATIONS[operation].get("parameters", ())
    return {each["name"].lower() for each in parameters if each["in"] == "header"}


def read_by(module: Path) -> set[str]:
    """The headers of requests that the code of a module looks up by name."""
    return {
        node.args[1].value.decode()
        for node in ast.walk(ast.parse(module.read_bytes()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "header_of"
        and isinstance(node.args[1], ast.Constant)
        and isinstance(node.args[1].value, bytes)
    }


def test_every_header_that_an_operation_reads_is_declared():
    declared_by, read = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for route in create_app(Settings(data_dir=Path(), database_url="postgresql://x/x")).routes:
        for handler in getattr(route, "route_handlers", ()):
            if handler.operation_id is not None:
                feature = ".".join(handler.fn.__module__.split(".")[:3])
                declared_by[feature] |= sent_to(handler.operation_id)
    for module in modules_of(f"{SERVICE}/features"):
        feature = ".".join(module.relative_to(ROOT / "service").parts[:3])
        read[feature] |= read_by(module) - OF_HTTP
    assert read["abeyance_screening.features.jobs"] >= {"if-none-match", "range", "if-range"}
    undeclared = {each: names - declared_by[each] for each, names in read.items()}
    assert {each: names for each, names in undeclared.items() if names} == {}


def test_what_may_be_kept_or_resumed_says_with_which_headers():
    for name, operation in OPERATIONS.items():
        answered = operation["responses"].keys()
        assert ("304" in answered) == ("if-none-match" in sent_to(name)), name
        assert ("206" in answered) == ({"range", "if-range"} <= sent_to(name)), name


# Places where it is another day than in UTC: none for half of the day.
BY_THE_HOUR = (".as_of_by", ".known_at_by")


def fields(value: object, at: str = "$") -> set[str]:
    """The path of every field; of a list, those of its first item."""
    if at.endswith(BY_THE_HOUR):
        return {at}
    if isinstance(value, dict):
        return set().union(*(fields(each, f"{at}.{name}") for name, each in value.items()))
    if isinstance(value, list):
        return fields(value[0], f"{at}[]") if value else {at}
    return {at}


@pytest.mark.parametrize("name", [each.operation for each in exchanges()])
def test_the_service_answers_as_in_the_example(talk: Talk, name: str):
    example, answer = RECORDED[name], talk.examples[name]
    assert answer.request == example.request
    assert type(answer.answer) is type(example.answer)
    if isinstance(answer.answer, str):
        assert answer.answer[:20] == str(example.answer)[:20]
    else:
        assert fields(answer.answer) == fields(example.answer), (
            "run: python -m tools.quality.write_examples"
        )
