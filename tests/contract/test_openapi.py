"""The OpenAPI document and the service keep to each other."""

import asyncio
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zlib import crc32

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from jsonschema_rs import validator_for
from litestar import Litestar
from schemathesis import APIOperation, CheckContext, GenerationMode, Response
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from abeyance_screening.app import openapi
from abeyance_screening.app.application import create_app
from abeyance_screening.app.openapi import openapi_document
from abeyance_screening.platform.settings import Settings
from tests.contract.test_openapi_answers import OPERATIONS as OPERATIONS_BY_ID
from tests.contract.test_openapi_answers import UNDECLARED, declared
from tests.forked import abeyance_command
from tests.served import Served, abeyance, copy_directory

ROOT = Path(__file__).parents[2]


def headers_declared(_: CheckContext, response: Response, case: schemathesis.Case[Any]) -> None:
    """An answer has no header that the document does not declare."""
    operation = case.operation.definition.raw["operationId"]
    if str(response.status_code) in OPERATIONS_BY_ID[operation]["responses"]:
        known = declared(operation, response.status_code).keys() | UNDECLARED
        assert {each.lower() for each in response.headers} <= known


CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
    headers_declared,
    negative_data_rejection,
    unsupported_method,
]
EXAMPLES = 4
# each may be a thousand counterparties with owners
FEW_EXAMPLES = 3
DOCUMENT = json.loads((ROOT / "openapi" / "openapi.json").read_bytes())


type Operation = APIOperation[Any, Any, Any, Any]


def _takes_anything(operation: Operation) -> bool:
    """Whether there is anything in a request that could be wrong."""
    raw = operation.definition.raw
    told = [each for each in raw.get("parameters", ()) if each.get("in") != "header"]
    return bool(told or "requestBody" in raw)


@schemathesis.serializer("application/x-ndjson")
def lines(_: object, value: object) -> bytes:
    """A body of lines, which to schemathesis is any text or bytes."""
    return value if isinstance(value, bytes) else str(value).encode()


OPERATIONS = [
    result.ok()
    for result in schemathesis.openapi.from_dict(DOCUMENT).get_all_operations()
    if isinstance(result, Ok)
]


@pytest.fixture(scope="module")
def served(loaded_directory: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    running = Served(copy_directory(loaded_directory, tmp_path_factory.mktemp("openapi")))
    yield running
    running.stop()


@pytest.fixture(scope="module")
def key(served: Served) -> str:
    """A key that may do everything."""
    made = abeyance(served.data_dir, "keys", "add", "all", "--scope", "operator")
    return made.stdout.strip()


@pytest.mark.parametrize(
    ("operation", "mode"),
    [
        pytest.param(operation, mode, id=f"{mode.value} {operation.label}")
        for operation in OPERATIONS
        for mode in GenerationMode
        if mode is GenerationMode.POSITIVE or _takes_anything(operation)
    ],
)
@pytest.mark.parametrize(
    "times", [pytest.param(1, id="few"), pytest.param(100, id="many", marks=pytest.mark.slow)]
)
def test_whatever_is_asked_the_answer_is_one_the_document_allows(
    served: Served, key: str, operation: Operation, mode: GenerationMode, times: int
):
    """About every second request comes with a key, the same each time it is sent."""

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=times
        * (FEW_EXAMPLES if operation.label == "POST /v1/screenings" else EXAMPLES),
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    def ask(case: schemathesis.Case[Any]) -> None:
        if mode is GenerationMode.POSITIVE and case.media_type == "application/json":
            # a screening has its settings in its body, or in its address as a stream
            case.query = {}
        asked = (operation.label, case.path_parameters, case.query, case.body)
        headers = {"x-api-key": key} if crc32(repr(asked).encode()) % 2 else {}
        address = f"http://127.0.0.1:{served.port}"
        # the first review after a start is worked out anew, which a busy machine does in 10 s
        case.call_and_validate(base_url=address, headers=headers, checks=CHECKS, timeout=60)

    ask()


def test_the_committed_document_is_that_of_the_program():
    printed = abeyance_command(["openapi"], os.environ, ROOT).stdout
    assert printed == (ROOT / "openapi" / "openapi.json").read_text("utf-8"), (
        "run: uv run abeyance openapi > openapi/openapi.json"
    )


def test_no_two_schemas_have_one_title():
    """A generator of clients names a class after the title, and drops the second of a name."""
    schemas = DOCUMENT["components"]["schemas"]
    assert {name: each.get("title", name) for name, each in schemas.items()} == {
        name: name for name in schemas
    }


async def test_the_document_is_written_once(monkeypatch: pytest.MonkeyPatch):
    """It takes some 100 ms of CPU to write, and anybody may ask for it, without a key."""
    written = list[bytes]()

    def counted(app: Litestar) -> bytes:
        written.append(openapi_document(app))
        return written[-1]

    monkeypatch.setattr(openapi, "openapi_document", counted)
    app = create_app(Settings(data_dir=Path(), database_url="postgresql://"))
    transport = httpx.ASGITransport(app=app)  # pyright: ignore[reportArgumentType] - wider scope in its stub
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        answers = await asyncio.gather(*(client.get("/openapi.json") for _ in range(20)))
        later = await client.get("/openapi.json")
    assert {each.content for each in (*answers, later)} == set(written)
    assert len(written) == 1


def test_a_closed_object_says_so(served: Served):
    schemas = served.get("/openapi.json").json()["components"]["schemas"]
    closed = {name for name, each in schemas.items() if each.get("additionalProperties") is False}
    sent = {name for name in schemas if name.endswith(("Asked", "Given"))}
    model = {"CallerLimits", "Counterparty", "Item", "KeyDraft", "Owner", "PartyIdentifier"}
    model |= {"JudgementTerms", "WatchedCounterparty"}
    questions = {"ScreeningQuestion", "SearchQuestion", "TextQuestion", "Transaction"}
    assert closed == sent | model | questions | {"QuestionDefaults", "Slice", "Source"}
    assert len(sent) >= 18


@pytest.mark.parametrize(
    ("asked", "holds"),
    [
        pytest.param({"counterparties": [{"name": "Acme"}]}, True, id="one name"),
        pytest.param({"counterparties": [42]}, False, id="a number"),
        pytest.param({"counterparties": [{"name": ""}]}, False, id="an empty name"),
        pytest.param(
            {"counterparties": [{"name": "A", "countries": ["China"]}]}, False, id="a country name"
        ),
        pytest.param(
            {"counterparties": [{"name": "A"}], "threshold": -0.1}, False, id="under zero"
        ),
        pytest.param({"counterparties": [{"name": "A"}], "threshold": 0}, True, id="zero"),
        pytest.param(
            {"counterparties": [{"name": "A", "owners": [{"name": "B", "share": 25.5}]}]},
            True,
            id="a share as a number",
        ),
        pytest.param(
            {"counterparties": [{"name": "A", "owners": [{"name": "B", "share": "25.5"}]}]},
            True,
            id="a share as a string",
        ),
        pytest.param(
            {"counterparties": [{"name": "A", "owners": [{"name": "B", "share": 100.5}]}]},
            False,
            id="a share over the whole",
        ),
    ],
)
def test_the_document_says_exactly_what_can_be_asked(asked: object, holds: bool):
    schemas = {"components": DOCUMENT["components"]}
    validator = validator_for({"$ref": "#/components/schemas/ScreeningQuestion"} | schemas)
    assert validator.is_valid(asked) == holds


def test_the_document_begins_with_screening_and_ends_with_keys_and_the_audit_log():
    tags = [each["name"] for each in DOCUMENT["tags"]]
    used = [path["tags"][0] for each in DOCUMENT["paths"].values() for path in each.values()]
    assert list(dict.fromkeys(used)) == tags
    assert tags[:2] == ["Screening", "Lists"]
    assert tags[-3:] == ["Keys", "Audit", "Running it"]
    assert next(iter(DOCUMENT["paths"])) == "/v1/screenings"


def test_a_parameter_is_left_out_and_never_null():
    parameters = [
        parameter
        for path in DOCUMENT["paths"].values()
        for operation in path.values()
        for parameter in operation.get("parameters", [])
    ]
    kinds = [
        (
            each["name"],
            {name: kind for name, kind in each["schema"].items() if name != "description"},
        )
        for each in parameters
    ]
    assert not [name for name, kind in kinds if "null" in json.dumps(kind)]
    thresholds = [each["schema"] for each in parameters if each["name"] == "threshold"]
    assert [(each["minimum"], each["maximum"]) for each in thresholds] == [(0, 1)] * 3


def described(response: dict[str, Any]) -> dict[str, Any]:
    """A response, or the one that it refers to."""
    name = response.get("$ref", "").rpartition("/")[2]
    return DOCUMENT["components"]["responses"][name] if name else response


def test_every_operation_has_an_id_and_says_how_it_fails(served: Served):
    paths = served.get("/openapi.json").json()["paths"]
    operations = [each for path in paths.values() for each in path.values()]
    assert len(operations) == len(OPERATIONS) >= 88
    for operation in operations:
        assert operation["operationId"]
        problems = {
            status
            for status, response in operation["responses"].items()
            if "application/problem+json" in described(response).get("content", {})
        }
        assert problems or operation["operationId"] == "health"
        # a busy queue and a fault of the service meet every caller who needs a key
        assert operation.get("security") == [] or {"401", "403", "429", "500", "503"} <= problems


def test_the_interactive_pages_load_nothing_from_another_host(served: Served):
    page = served.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert "//" not in page.text.replace("<!doctype html>", "")
    for name in ("swagger-ui-bundle.js", "swagger-ui.css", "start.js"):
        assert served.get(f"/docs/files/{name}").status_code == 200
