"""Errors as `application/problem+json` (RFC 9457), with the field at fault and the reason.

A bug becomes `/problems/internal` without its text; the log has its number and its place.
"""

import logging
import re
from collections.abc import Iterable
from http import HTTPStatus

import msgspec
from litestar import Request, Response
from litestar.datastructures import State
from litestar.exceptions import HTTPException, ValidationException
from litestar.openapi.datastructures import ResponseSpec
from litestar.types import ExceptionHandlersMap, HTTPScope, Send

from abeyance_screening.platform.http.problem_kinds import (
    INTERNAL,
    KINDS,
    ProblemKind,
    kind_of,
    type_of_status,
)
from abeyance_screening.platform.logs import log_bug, request_id
from abeyance_screening.primitives.errors import (
    AbeyanceError,
    BadInputError,
    QuotaExceededError,
    StoreFullError,
    StoreReadOnlyError,
    shortened,
)
from abeyance_screening.primitives.faults import in_words

logger = logging.getLogger(__name__)
PROBLEM_JSON = "application/problem+json"
RETRY_AFTER_S = "2"
# It takes longer until somebody frees disk space or promotes another database.
RETRY_AFTER_REPAIR_S = "30"
_AT = re.compile(r"^(?P<reason>.*?)(?: - at `\$\.?(?P<field>.*)`)?$", re.DOTALL)
_NAMED_INSIDE = (
    (re.compile(r"^the field `(?P<field>[^`]+)` is missing"), "is missing"),
    (re.compile(r"^the field `(?P<field>[^`]+)` is unknown"), "is an unknown field"),
    (re.compile(r"^Missing required query parameter '(?P<field>[^']+)'"), "is missing"),
)
_MEANING = {
    HTTPStatus.BAD_REQUEST: "A field or parameter cannot be read; `errors` names it.",
    HTTPStatus.UNAUTHORIZED: "There is no key, or it does not work any more.",
    HTTPStatus.FORBIDDEN: "The key lacks the scope, or is not taken from this address.",
    HTTPStatus.NOT_FOUND: "Nothing has that name or id; `detail` says what was looked for.",
    HTTPStatus.CONFLICT: "It is recorded already, or a request with the same `Idempotency-Key` "
    "still runs.",
    HTTPStatus.PRECONDITION_FAILED: "It is in another revision than `If-Match` names.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "The `Idempotency-Key` came before with another request.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
        "The body is larger than 10 MB, or the answer takes too much computing."
    ),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: (
        "The body has a media type or an encoding that is not taken here."
    ),
    HTTPStatus.TOO_MANY_REQUESTS: "The caller may not ask more now; `Retry-After` says when.",
    HTTPStatus.INTERNAL_SERVER_ERROR: (
        "A fault of the service itself, whose log has more under `instance`."
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        "No list is loaded yet, the database failed, or the service is busy; try again."
    ),
}
BAD_REQUEST, NOT_FOUND = HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND
UNAUTHORISED, FORBIDDEN = HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN
CONFLICT, KEY_REUSED = HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY
DIFFERS = HTTPStatus.PRECONDITION_FAILED
TOO_MANY, FAULT = HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.INTERNAL_SERVER_ERROR
UNAVAILABLE = HTTPStatus.SERVICE_UNAVAILABLE
BODY_REFUSED = (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)


class _Fault(msgspec.Struct, frozen=True):
    """One fault that litestar found in a request."""

    message: str
    key: str | None = None


type AnyRequest = Request[object, object, State]


class FieldProblem(msgspec.Struct, frozen=True, kw_only=True):
    """The fault of one field."""

    field: str
    """Path of the field, or name of the parameter or header: `counterparties[0].name`."""
    reason: str
    """What is wrong with it, in words."""


class Problem(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    rename={"violated_policies": "violated-policies"},
):
    """A problem document (RFC 9457).

    Fields that say nothing are left out.
    """

    type: str
    """Address of the kind of problem, which explains it; it never changes."""
    title: str
    """The kind of problem, in words; the same for all of its `type`."""
    status: int
    """The HTTP status, as in the answer's head."""
    detail: str
    """What went wrong this time, in words."""
    instance: str | None = None
    """Number of an internal error, as in the service's log: `urn:uuid:…`."""
    request_id: str | None = None
    """Id of the request, which the lines about it in the service's log have too."""
    errors: tuple[FieldProblem, ...] = ()
    """The fields at fault, each with its reason."""
    violated_policies: tuple[str, ...] = ()
    """Names of the limits that were exceeded, as in the header `RateLimit-Policy`."""


def problem_responses(*statuses: HTTPStatus) -> dict[int, ResponseSpec]:
    """Return the descriptions of an endpoint's problems for the OpenAPI document."""
    return {
        status: ResponseSpec(
            data_container=Problem,
            media_type=PROBLEM_JSON,
            description=_meaning(status),
            generate_examples=False,
        )
        for status in statuses
    }


def described_problem(status: HTTPStatus) -> dict[str, object]:
    """Return the description of one problem as it stands in the OpenAPI document."""
    schema = {"$ref": f"#/components/schemas/{Problem.__name__}"}
    return {"content": {PROBLEM_JSON: {"schema": schema}}, "description": _meaning(status)}


def _meaning(status: HTTPStatus) -> str:
    """Return what a status means, with the addresses of its problems."""
    kinds = ", ".join(f"`{each.address}`" for each in KINDS.values() if each.status == status)
    return f"{_MEANING[status]} `type`: {kinds}."


def _respond(problem: Problem, headers: dict[str, str] | None = None) -> Response[Problem]:
    if problem.status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers = {"retry-after": RETRY_AFTER_S, **(headers or {})}
    if problem.status == HTTPStatus.UNAUTHORIZED:
        headers = {"www-authenticate": "Bearer", **(headers or {})}
    return Response(
        _of_request(problem),
        status_code=problem.status,
        media_type=PROBLEM_JSON,
        headers=headers or {},
    )


def _of_request(problem: Problem) -> Problem:
    return msgspec.structs.replace(problem, request_id=request_id.get())


def bad_input(errors: tuple[FieldProblem, ...]) -> Response[Problem]:
    """Return the answer to a request whose fields cannot be read, with long texts shortened."""
    errors = tuple(
        FieldProblem(field=shortened(each.field), reason=shortened(each.reason)) for each in errors
    )
    return _respond(
        problem_of(
            KINDS[BadInputError.slug],
            detail="; ".join(f"{error.field}: {error.reason}" for error in errors),
            errors=errors,
        )
    )


def _expected_error(_: AnyRequest, error: AbeyanceError) -> Response[Problem]:
    if isinstance(error, BadInputError):
        return bad_input((FieldProblem(field=error.field, reason=error.reason),))
    kind = kind_of(error)
    if kind is None:
        return _bug(_, error)
    return _respond(
        problem_of(
            kind,
            detail=str(error) or error.title,
            violated_policies=error.policies if isinstance(error, QuotaExceededError) else (),
        ),
        _when_again(error),
    )


def status_of(error: Exception) -> HTTPStatus | None:
    """Return the HTTP status of an error; None for a bug."""
    if isinstance(error, HTTPException):
        return HTTPStatus(error.status_code)
    kind = kind_of(error) if isinstance(error, AbeyanceError) else None
    return None if kind is None else kind.status


def slug_of(error: Exception) -> str | None:
    """Return the last part of the address of an error's kind of problem; None for a bug.

    What the framework refuses without a kind of its own has the name of its status.
    """
    if isinstance(error, ValidationException):
        return BadInputError.slug
    if isinstance(error, HTTPException):
        return HTTPStatus(error.status_code).name.lower().replace("_", "-")
    return error.slug if isinstance(error, AbeyanceError) else None


def problem_of(
    kind: ProblemKind,
    detail: str,
    *,
    instance: str | None = None,
    errors: tuple[FieldProblem, ...] = (),
    violated_policies: tuple[str, ...] = (),
) -> Problem:
    """Return the document of a problem of a kind."""
    return Problem(
        type=kind.address,
        title=kind.title,
        status=kind.status,
        detail=detail,
        instance=instance,
        errors=errors,
        violated_policies=violated_policies,
    )


def _when_again(error: AbeyanceError) -> dict[str, str] | None:
    """Return the header that says when to ask again, where the error knows it."""
    if isinstance(error, QuotaExceededError):
        return {"retry-after": str(error.retry_after_s)}
    needs_repair = isinstance(error, StoreFullError | StoreReadOnlyError)
    return {"retry-after": RETRY_AFTER_REPAIR_S} if needs_repair else None


def _unreadable(_: AnyRequest, error: ValidationException) -> Response[Problem]:
    try:
        faults = msgspec.convert(error.extra, list[_Fault])
    except msgspec.ValidationError:
        return bad_input((field_problem(error.detail),))
    return bad_input(tuple(_at(fault.key or "", fault.message) for fault in faults))


def field_problem(message: str) -> FieldProblem:
    """Split a message of msgspec, which ends in "… - at `$.counterparties[0].name`"."""
    found = _AT.match(message)
    return _at(found.group("field") or "", found.group("reason")) if found else _at("", message)


def _at(place: str, reason: str) -> FieldProblem:
    """Return the fault at a place; a missing or unknown field is named inside the message."""
    reason = in_words(reason)
    for pattern, words in _NAMED_INSIDE:
        named = pattern.search(reason)
        if named:
            field = named.group("field")
            return FieldProblem(field=f"{place}.{field}" if place else field, reason=words)
    return FieldProblem(field=place or "body", reason=reason)


def http_problem(request: AnyRequest, error: HTTPException) -> Response[Problem]:
    """Return the answer to an error of the framework; one of status 500 or more is a bug."""
    if error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _bug(request, error)
    status = HTTPStatus(error.status_code)
    return plain_problem(status, error.detail or status.description, dict(error.headers or {}))


def plain_problem(
    status: HTTPStatus, detail: str, headers: dict[str, str] | None = None
) -> Response[Problem]:
    """Return a problem that is named by its HTTP status: not found, wrong method, too large."""
    return _respond(problem_named(status, detail), headers)


def problem_named(status: HTTPStatus, detail: str) -> Problem:
    """Return the document of a problem that is named by its HTTP status."""
    return Problem(
        type=type_of_status(status),
        title=status.phrase,
        status=status,
        detail=detail,
    )


def encoded_problem(problem: Problem) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """Return the headers and the body of a problem that is sent without the framework."""
    body = msgspec.json.encode(_of_request(problem))
    headers = [
        (b"content-type", PROBLEM_JSON.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    if problem.status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers.append((b"retry-after", RETRY_AFTER_S.encode()))
    return headers, body


async def send_problem(
    scope: HTTPScope, send: Send, problem: Problem, more: Iterable[tuple[bytes, bytes]]
) -> None:
    """Answer a request that no handler has seen with a problem, and with more headers."""
    headers, body = encoded_problem(problem)
    headers += more
    await send({"type": "http.response.start", "status": problem.status, "headers": headers})
    body = b"" if scope["method"] == "HEAD" else body
    await send({"type": "http.response.body", "body": body, "more_body": False})


def _bug(_: AnyRequest, error: Exception) -> Response[Problem]:
    number = log_bug(logger, error)
    return _respond(
        problem_of(
            INTERNAL,
            "Nothing was stored. Report this number to the operator of the service.",
            instance=f"urn:uuid:{number}",
        )
    )


EXCEPTION_HANDLERS: ExceptionHandlersMap = {  # pyright: ignore[reportUnknownVariableType] - bare Request in its stub
    AbeyanceError: _expected_error,
    ValidationException: _unreadable,
    HTTPException: http_problem,
    Exception: _bug,
}
