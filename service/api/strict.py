"""Refuses query parameters that an endpoint does not have, and single ones given twice."""

from collections import Counter

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter
from litestar.typing import FieldDefinition

from service.api.problems import AnyRequest, FieldProblem, Problem, bad_input


async def refuse_unknown_parameters(request: AnyRequest) -> Response[Problem] | None:
    """Runs before each handler; None lets the request through."""
    if not request.query_params:
        return None
    known = _parameters(request.route_handler)
    given = Counter(
        {name: len(request.query_params.getall(name)) for name in set(request.query_params)}
    )
    problems = tuple(
        FieldProblem(field=name, reason=reason)
        for name, times in given.items()
        if (reason := _fault(name, times, known)) is not None
    )
    return bad_input(problems) if problems else None


def _fault(name: str, times: int, known: dict[str, bool]) -> str | None:
    if name not in known:
        return f"no such parameter; there are: {', '.join(sorted(known)) or 'none'}"
    if times > 1 and not known[name]:
        return "given more than once"
    return None


def _parameters(handler: object) -> dict[str, bool]:
    """The query parameters of a handler by name, and whether each may be repeated.

    Every query parameter of ours is declared with `QueryParameter(name=…)`, in the handler itself
    or in what it depends on.
    """
    if not isinstance(handler, HTTPRouteHandler):
        return {}
    signatures = [handler.parsed_fn_signature] + [
        provider.parsed_fn_signature
        for name, provider in handler.resolve_dependencies().items()
        if name in handler.parsed_fn_signature.parameters
    ]
    return {
        str(field.kwarg_definition.name): _is_list(field)
        for signature in signatures
        for field in signature.parameters.values()
        if isinstance(field.kwarg_definition, QueryParameter)
    }


def _is_list(field: FieldDefinition) -> bool:
    """Whether a parameter is a list, or a list or nothing."""
    return field.is_subclass_of(list) or field.has_inner_subclass_of(list)
