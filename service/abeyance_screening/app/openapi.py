"""The OpenAPI document: that of litestar, completed where litestar leaves something out."""

import asyncio
import inspect
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from importlib import resources
from operator import attrgetter
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, cast, override

import msgspec
from litestar import Litestar, MediaType, Request, Response, Router, get
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import OpenAPIRenderPlugin
from litestar.openapi.spec import Components, License, OpenAPIType, Parameter, Schema
from litestar.params import PathParameter
from litestar.routes import HTTPRoute

from abeyance_screening.app.field_meanings import FieldMeanings, structs_within, without_defaults
from abeyance_screening.app.http_headers import header_components, headers_of, read_headers
from abeyance_screening.app.open_enums import named_enums, with_open_enums
from abeyance_screening.app.openapi_examples import Examples
from abeyance_screening.engine.screening.question import Percent
from abeyance_screening.features.jobs.results_api import MEDIA_TYPES
from abeyance_screening.platform.access.callers import public
from abeyance_screening.platform.access.idempotency import KEY_HEADER, REPLAYED
from abeyance_screening.platform.http.bodies import JOBS_PATH, JSON, NDJSON, PLAIN, STREAM_PATH
from abeyance_screening.platform.http.entrance import access_of
from abeyance_screening.platform.http.idempotent import KEY_FORM
from abeyance_screening.platform.http.middleware import is_validated
from abeyance_screening.platform.http.problems import (
    CONFLICT,
    FAULT,
    FORBIDDEN,
    KEY_REUSED,
    TOO_MANY,
    UNAUTHORISED,
    UNAVAILABLE,
    described_problem,
)
from abeyance_screening.platform.http.security import SCHEMES, SECURITY
from abeyance_screening.primitives.errors import NotFoundError

_FILES = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "docs.css": "text/css",
    "start.js": "text/javascript",
}
_DOCS = Path(str(resources.files("abeyance_screening.platform.http"))) / "docs"


_KEY_PARAMETER: Mapping[str, object] = MappingProxyType(
    {
        "name": KEY_HEADER,
        "in": "header",
        "required": False,
        "description": "Any text of the caller's own, such as a UUID. For 24 hours a request that "
        "comes again with it gets the first answer, with the header "
        f"`{REPLAYED}: true`, and nothing is stored a second time.",
        "schema": {"type": "string", "pattern": KEY_FORM},
    }
)


_STREAM_LINES = (
    "A request has a `Counterparty` a line, as many as there are. The answer has a line for "
    "each, in order: a `CounterpartyResult`, or `line`, `field` and `reason` where it cannot be "
    "read. Only its last line has `coverage`, `count`, `refused` and `id`; without it the answer "
    "is not whole. Bodies may be gzip or zstd."
)


_EITHER_VIEW = "The answer in full, or, with `view=brief`, the brief one, which alone has `view`."


# What holds values, in which nothing is a schema.
_VALUES = frozenset({"value", "example", "examples", "default"})
_EXACT = 2**53


# Where an application keeps its document.
_DOCUMENT = "openapi_document"


# What there is, in the order of use.
_TAGS: Mapping[str, str] = MappingProxyType(
    {
        "Screening": "Who a counterparty may be on the lists, and which measures reach it.",
        "Lists": "The lists that are searched: editions, ages, and single entries.",
        "Changes": "What changed in the lists and in the register since a day.",
        "Measures": "Legal measures with their status on a day, and what is to come.",
        "Jobs": "Large tables, screened apart from the request that sends them.",
        "Counterparties": "Counterparties on watch, with answers that stand.",
        "Alerts": "Changes of these answers, which people work through.",
        "Judgements": "People's decisions on hits, which later answers carry.",
        "Approvals": "What waits for a second person, where an account asks for four eyes.",
        "Webhooks": "Receivers that are told of each event, in signed requests.",
        "Keys": "The keys that callers show.",
        "Audit": "Who changed what, and who read what is kept.",
        "Running it": "Whether the service lives, and whether it can answer.",
    }
)


class _Pages(OpenAPIRenderPlugin):
    """The interactive pages; they load nothing from another host."""

    def __init__(self) -> None:
        super().__init__(path="/")

    @override
    def render(
        self, request: Request[object, object, State], openapi_schema: dict[str, object]
    ) -> bytes:
        """Return the page, whose script loads /openapi.json."""
        return (_DOCS / "index.html").read_bytes()


def openapi_config(version: str) -> OpenAPIConfig:
    """Return the settings of the document: its title, description and pages."""
    return OpenAPIConfig(
        title="Abeyance",
        version=version,
        description=(
            "Who a counterparty may be on public sanctions and export-control lists, which "
            "measures reach it, and whether they are in force on the day that matters. "
            "Errors are `application/problem+json` (RFC 9457)."
        ),
        license=License(name="Apache License 2.0", identifier="Apache-2.0"),
        openapi_router=Router(
            "/docs",
            route_handlers=[],
            opt=public(),
            include_in_schema=False,
            dto=None,
            return_dto=None,
        ),
        render_plugins=[_Pages()],
        use_handler_docstrings=True,
        components=Components(security_schemes=dict(SCHEMES)),
    )


def openapi_document(app: Litestar) -> bytes:
    """Return the OpenAPI document of an application as JSON."""
    document, operations = app.openapi_schema, _operations(app)
    for path in (document.paths or {}).values():
        for operation in (path.get, path.post):
            for parameter in (operation.parameters if operation else None) or []:
                if isinstance(parameter, Parameter) and isinstance(parameter.schema, Schema):
                    parameter.schema = _of_parameter(parameter.name, parameter.schema)
    schemas = document.components.schemas or {}
    _, exact = msgspec.json.schema_components(
        _bodies(app), schema_hook=_of_number, ref_template="#/components/schemas/{name}"
    )
    # For request bodies msgspec's own schema is exact: litestar's leaves out that objects are
    # closed, the type of an array's items, and bounds of zero.
    whole: dict[str, object] = document.to_schema()
    paths = _with_keys(whole["paths"], _open_to_all(app))
    paths = _with_repeats(paths, _repeatable(app))
    _add_stream(paths)
    _add_tables(paths)
    _leave_empty(paths)
    examples = _add_examples(paths)
    _add_headers(paths, _repeatable(app))
    responses, views = _share_problems(paths), _name_unions(paths)
    whole["paths"] = _in_order(paths, operations)
    whole["tags"] = [{"name": name, "description": said} for name, said in _TAGS.items()]
    # A service that listens on its own machine alone asks for no key.
    whole["security"] = [{}, *SECURITY]
    whole["components"] = {
        "examples": examples.components,
        "headers": header_components(),
        "responses": responses,
        "schemas": named_enums()
        | views
        | without_defaults(
            with_open_enums(_with_meanings({**_plain(schemas), **exact}, app), exact.keys())
        ),
        "securitySchemes": {name: each.to_schema() for name, each in SCHEMES.items()},
    }
    plain = msgspec.json.encode(whole, order="sorted")
    return msgspec.json.encode(_with_wide_numbers(msgspec.json.decode(plain, type=object)))


def _with_wide_numbers(node: object) -> object:
    """Return a document in which every whole number has 64 bits.

    Generators of Go, Java and C# take one without a format for 32 bits: a size in bytes then
    cannot be read, and the bound of an id does not compile. For bounds beyond 2^53 the format
    stands, since no generator reads those exactly.
    """
    if isinstance(node, list):
        return [_with_wide_numbers(each) for each in cast("list[object]", node)]
    if not isinstance(node, dict):
        return node
    whole = {
        name: each if name in _VALUES else _with_wide_numbers(each)
        for name, each in cast("dict[str, object]", node).items()
    }
    if whole.get("type") != "integer":
        return whole
    bound = whole.get("maximum")
    if isinstance(bound, int | float) and bound > _EXACT:
        del whole["maximum"]
    return {"format": "int64"} | whole


def _in_order(
    paths: Mapping[str, Mapping[str, Mapping[str, object]]], operations: Sequence[HTTPRouteHandler]
) -> msgspec.Raw:
    """Return paths as JSON in the order of use: by their tag, then as their features have them."""
    ids: list[object] = [each.operation_id for each in operations]
    tags = list(_TAGS)

    def place(path: str) -> tuple[int, int]:
        first = min(paths[path].values(), key=lambda each: ids.index(each["operationId"]))
        return tags.index(cast("list[str]", first["tags"])[0]), ids.index(first["operationId"])

    pairs = (
        msgspec.json.encode(path) + b":" + msgspec.json.encode(paths[path], order="sorted")
        for path in sorted(paths, key=place)
    )
    return msgspec.Raw(b"{" + b",".join(pairs) + b"}")


@get("/openapi.json", opt=public(), include_in_schema=False)
async def openapi_json(request: Request[object, object, State]) -> Response[bytes]:
    """Return the OpenAPI document of this service.

    It takes some 500 ms to write, and anybody may ask for it: it is written once, in a thread,
    whoever waits for it, so that other requests are answered meanwhile.
    """
    state = request.app.state
    if _DOCUMENT not in state:
        writing = asyncio.to_thread(openapi_document, request.app)
        state[_DOCUMENT] = asyncio.create_task(writing)
    document = cast("asyncio.Task[bytes]", state[_DOCUMENT])
    # a client that leaves does not end it for the others
    return Response(await asyncio.shield(document), media_type=MediaType.JSON)


@get("/docs/files/{name:str}", opt=public(), include_in_schema=False)
async def docs_file(name: Annotated[str, PathParameter(max_length=100)]) -> Response[bytes]:
    """Return a script or style sheet of the interactive pages; `name` is not a path.

    Raises:
        NotFoundError: The pages have no file of that name.
    """
    if name not in _FILES:
        raise NotFoundError("file", name)
    return Response((_DOCS / name).read_bytes(), media_type=_FILES[name])


def _operations(app: Litestar) -> list[HTTPRouteHandler]:
    """Return the handlers of the API; pages have no operation id."""
    return [
        handler
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if handler.operation_id is not None
    ]


def _bodies(app: Litestar) -> list[object]:
    """Return the types of all request bodies of the API."""
    fields = (each.parsed_data_field for each in _operations(app))
    return list(map(attrgetter("annotation"), filter(None, fields)))


def _answers(app: Litestar) -> Iterator[object]:
    """Yield the types of all answers of the API, problems among them."""
    for handler in _operations(app):
        yield cast("object", handler.parsed_return_field.annotation)
        for each in (handler.responses or {}).values():
            yield cast("object", each.data_container)


# A tag is no field of its struct.
_OF_TAG = "Which of the alternatives this is."


def _with_meanings(schemas: Mapping[str, object], app: Litestar) -> dict[str, object]:
    """Return schemas with what each struct and each field of it means.

    What stands beside a reference counts, as JSON Schema has it since 2019. A field is deprecated
    if its meaning begins with that word; an answer has it until it is gone, whether or not its
    struct can be read without.
    """
    sent, meanings = structs_within(_bodies(app)), FieldMeanings()
    structs = sent | structs_within(_answers(app))
    described = dict[str, object]()
    for name, each in schemas.items():
        schema, struct = msgspec.convert(each, dict[str, object]), structs[name]
        fields = msgspec.convert(schema.get("properties", {}), dict[str, dict[str, object]])
        said = meanings.of(struct)
        properties = {
            field: kind
            if (meaning := said.get(field, _OF_TAG)) is None
            else kind | {"description": meaning} | _marked(meaning)
            for field, kind in fields.items()
        }
        there = msgspec.convert(schema.get("required", []), list[str])
        if name not in sent and not struct.__struct_config__.omit_defaults:
            going = {each for each, field in properties.items() if "deprecated" in field}
            there = sorted(going.union(there))
        described[name] = schema | {
            "description": inspect.getdoc(struct) or "",
            "properties": properties,
            **({"required": there} if there else {}),
        }
    return described


def _marked(meaning: str) -> dict[str, object]:
    """Return `deprecated` for a field whose meaning begins with that it is."""
    return {"deprecated": True} if meaning.startswith("Deprecated ") else {}


def _open_to_all(app: Litestar) -> frozenset[str]:
    """Return the ids of the operations that need no key."""
    return frozenset(
        handler.operation_id
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if isinstance(handler.operation_id, str) and access_of(handler).scope is None
    )


def _with_keys(
    paths: object, open_to_all: Collection[str]
) -> dict[str, dict[str, dict[str, object]]]:
    """Return the paths with how a caller is refused, and that the service may be busy or fail."""
    reasons = (UNAUTHORISED, FORBIDDEN, TOO_MANY, FAULT, UNAVAILABLE)
    refused = {str(int(each)): described_problem(each) for each in reasons}
    operations = msgspec.convert(paths, dict[str, dict[str, dict[str, object]]])
    for methods in operations.values():
        for operation in methods.values():
            if operation["operationId"] in open_to_all:
                operation["security"] = []
            else:
                responses = msgspec.convert(operation["responses"], dict[str, object])
                operation["responses"] = responses | refused
    return operations


def _repeatable(app: Litestar) -> frozenset[str]:
    """Return the ids of the operations that an `Idempotency-Key` lets be sent again."""
    return frozenset(
        handler.operation_id
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if isinstance(handler.operation_id, str)
        and "once" in handler.parsed_fn_signature.parameters
    )


def _with_repeats(
    paths: dict[str, dict[str, dict[str, object]]], repeatable: Collection[str]
) -> dict[str, dict[str, dict[str, object]]]:
    """Return the paths with the header of requests that may be sent again, and their refusals."""
    refused = {str(int(each)): described_problem(each) for each in (CONFLICT, KEY_REUSED)}
    for methods in paths.values():
        for operation in methods.values():
            if operation["operationId"] in repeatable:
                known = msgspec.convert(operation.get("parameters", []), list[object])
                operation["parameters"] = [*known, dict(_KEY_PARAMETER)]
                responses = msgspec.convert(operation["responses"], dict[str, object])
                operation["responses"] = responses | refused
    return paths


def _add_stream(paths: dict[str, dict[str, dict[str, object]]]) -> None:
    """Add what the lines of a stream are, which litestar cannot know."""
    stream = paths[STREAM_PATH]["post"]
    lines = {NDJSON: {"schema": {"type": "string", "format": "binary"}}}
    responses = msgspec.convert(stream["responses"], dict[str, dict[str, object]])
    answer = responses["200"] | {"description": _STREAM_LINES, "content": lines}
    stream["requestBody"] = {"required": True, "description": _STREAM_LINES, "content": lines}
    stream["responses"] = responses | {"200": answer}


def _add_examples(paths: dict[str, dict[str, dict[str, object]]]) -> Examples:
    examples = Examples()
    for methods in paths.values():
        for operation in methods.values():
            examples.add_to(cast("str", operation["operationId"]), operation)
    return examples


def _leave_empty(paths: dict[str, dict[str, dict[str, object]]]) -> None:
    """Take the content out of answers with the status 204, which litestar gives a type of null."""
    for methods in paths.values():
        for operation in methods.values():
            responses = cast("dict[str, dict[str, object]]", operation["responses"])
            responses.get("204", {}).pop("content", None)


def _add_headers(
    paths: dict[str, dict[str, dict[str, object]]], repeatable: Collection[str]
) -> None:
    """Add the headers that an operation reads and answers with, and 304 to those with a tag."""
    for path, methods in paths.items():
        for method, operation in methods.items():
            name = cast("str", operation["operationId"])
            responses = msgspec.convert(operation["responses"], dict[str, dict[str, object]])
            is_tagged = method == "get" and is_validated(path)
            if own := list(read_headers(name, is_tagged=is_tagged)):
                known = msgspec.convert(operation.get("parameters", []), list[object])
                operation["parameters"] = [*known, *own]
            if is_tagged:
                responses |= {"304": {"description": "What `If-None-Match` names is still so."}}
            operation["responses"] = {
                status: response
                | {
                    "headers": headers_of(
                        name,
                        int(status),
                        needs_key=operation.get("security") != [],
                        may_repeat=name in repeatable,
                        is_tagged=is_tagged,
                    )
                }
                for status, response in responses.items()
            }


def _share_problems(paths: dict[str, dict[str, dict[str, object]]]) -> dict[str, object]:
    """Put what most operations answer to a fault in one place: a third of the document."""
    used: defaultdict[str, Counter[bytes]] = defaultdict(Counter)
    every = [
        (responses, status)
        for methods in paths.values()
        for operation in methods.values()
        for responses in [cast("dict[str, object]", operation["responses"])]
        for status in responses
        if int(status) >= HTTPStatus.BAD_REQUEST
    ]
    for responses, status in every:
        used[status][msgspec.json.encode(responses[status], order="sorted")] += 1
    commonest = {status: counted.most_common(1)[0][0] for status, counted in used.items()}
    for responses, status in every:
        if msgspec.json.encode(responses[status], order="sorted") == commonest[status]:
            responses[status] = {"$ref": f"#/components/responses/Problem{status}"}
    return {f"Problem{status}": msgspec.Raw(body) for status, body in commonest.items()}


def _name_unions(paths: dict[str, dict[str, dict[str, object]]]) -> dict[str, object]:
    """Name the answers that have two views, which generators would otherwise number."""
    named = dict[str, object]()
    for methods in paths.values():
        for operation in methods.values():
            responses = cast(
                "dict[str, dict[str, dict[str, dict[str, object]]]]", operation["responses"]
            )
            media = responses.get("200", {}).get("content", {}).get(JSON, {})
            schema = cast("dict[str, list[dict[str, str]]]", media.get("schema", {}))
            if "oneOf" in schema:
                name = f"{schema['oneOf'][0]['$ref'].rpartition('/')[2]}OrBrief"
                named[name] = {"description": _EITHER_VIEW, **schema}
                media["schema"] = {"$ref": f"#/components/schemas/{name}"}
    return named


def _add_tables(paths: dict[str, dict[str, dict[str, object]]]) -> None:
    """Add to the jobs what a table and a file of results are."""
    content = {
        media_type: {"schema": {"type": "string", "format": "binary"}}
        for media_type in MEDIA_TYPES.values()
    }
    paths[JOBS_PATH]["post"]["requestBody"] = {"required": True, "content": content}
    results = paths[f"{JOBS_PATH}/{{job_id}}/results"]["get"]
    responses = msgspec.convert(results["responses"], dict[str, dict[str, object]])
    files = {name: dict(each) for name, each in content.items()}
    results["responses"] = responses | {"200": responses["200"] | {"content": files}}


def _of_number(kind: type) -> dict[str, object]:
    """Return the schema of a `Percent`, as the `schema_hook` of msgspec."""
    if kind is not Percent:
        raise NotImplementedError
    return {"type": ["number", "string"], "format": "decimal", "pattern": PLAIN}


def _of_parameter(name: str, schema: Schema) -> Schema:
    """Return a parameter's schema without null, and with the bound of zero that litestar drops."""
    kinds = [each for each in schema.one_of or [] if each != Schema(type=OpenAPIType.NULL)]
    known = kinds[0] if len(kinds) == 1 and isinstance(kinds[0], Schema) else None
    if known is not None:
        schema = replace(known, description=schema.description, maximum=schema.maximum)
    elif schema.enum is not None:
        schema = replace(schema, type=OpenAPIType.STRING, enum=[*filter(None, schema.enum)])
    return replace(schema, minimum=0) if name == "threshold" else schema


def _plain(schemas: Mapping[str, Schema]) -> dict[str, object]:
    return {name: schema.to_schema() for name, schema in schemas.items()}


ROUTES = (
    openapi_json,
    docs_file,
)
