"""Refuses what a request says beyond what can be read for certain.

Query parameters that an endpoint does not have, single ones given twice, bytes that are no UTF-8;
bodies of another type than JSON. What stands in a body is read, and refused, in `bodies`.
"""

import re
from collections import Counter
from collections.abc import Iterable
from http import HTTPStatus
from urllib.parse import unquote_to_bytes

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter
from litestar.typing import FieldDefinition

from service.api.bodies import header_of
from service.api.problems import AnyRequest, FieldProblem, Problem, bad_input, plain_problem

_WHOLE_NUMBER = re.compile("-?[0-9]+")


async def refuse_uncertain(request: AnyRequest) -> Response[Problem] | None:
    """Runs before each handler; None lets the request through.

    What has no operation id is no endpoint of the API (pages, their files).
    """
    handler = request.route_handler
    if handler.operation_id is None:
        return None
    if request.scope["query_string"]:
        problems = tuple(_query_problems(request, _parameters(handler)))
        if problems:
            return bad_input(problems)
    return await _body_problem(request) if request.method == "POST" else None


def _query_problems(
    request: AnyRequest, known: dict[str, FieldDefinition]
) -> Iterable[FieldProblem]:
    given = Counter(
        {name: len(request.query_params.getall(name)) for name in set(request.query_params)}
    )
    unreadable = set(_unreadable_names(request.scope["query_string"]))
    for name, times in given.items():
        reason = _fault(name, times, known) or ("is no UTF-8" if name in unreadable else None)
        if reason is None:
            reason = _fault_of_value(request.query_params.getall(name), known[name])
        if reason is not None:
            yield FieldProblem(field=name, reason=reason)


def _unreadable_names(query: bytes) -> Iterable[str]:
    for pair in query.split(b"&"):
        name, _, value = pair.partition(b"=")
        try:
            unquote_to_bytes(value).decode()
        except UnicodeDecodeError:
            yield unquote_to_bytes(name).decode(errors="replace")


def _fault(name: str, times: int, known: dict[str, FieldDefinition]) -> str | None:
    if name not in known:
        return f"no such parameter; there are: {', '.join(sorted(known)) or 'none'}"
    if times > 1 and not _is_a(list, known[name]):
        return "given more than once"
    return None


def _fault_of_value(given: Iterable[str], field: FieldDefinition) -> str | None:
    """What the framework would read as something else.

    `null` as "left out" where a parameter may be left out, and `1e2` or `5.0` as a whole number.
    """
    if field.is_optional and "null" in given:
        return "null is no value; leave the parameter out"
    if _is_a(int, field) and not all(map(_WHOLE_NUMBER.fullmatch, given)):
        return "is no whole number"
    return None


def _parameters(handler: HTTPRouteHandler) -> dict[str, FieldDefinition]:
    """The query parameters of a handler by name.

    Every query parameter of ours is declared with `QueryParameter(name=…)`, in the handler itself
    or in what it depends on.
    """
    signatures = [handler.parsed_fn_signature] + [
        provider.parsed_fn_signature
        for name, provider in handler.resolve_dependencies().items()
        if name in handler.parsed_fn_signature.parameters
    ]
    return {
        str(field.kwarg_definition.name): field
        for signature in signatures
        for field in signature.parameters.values()
        if isinstance(field.kwarg_definition, QueryParameter)
    }


def _is_a(kind: type, field: FieldDefinition) -> bool:
    """Whether a parameter is of a type, or of that or nothing."""
    return field.is_subclass_of(kind) or field.has_inner_subclass_of(kind)


async def _body_problem(request: AnyRequest) -> Response[Problem] | None:
    if _media_type(request) != b"application/json":
        return plain_problem(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "the body must be application/json"
        )
    if not await request.body():
        return bad_input((FieldProblem(field="body", reason="is empty"),))
    return None


def _media_type(request: AnyRequest) -> bytes:
    return header_of(request.scope, b"content-type").partition(b";")[0].strip().lower()
