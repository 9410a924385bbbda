"""Bodies: JSON read straight into the type that its endpoint asks for, in turns with other work.

What no type can say is looked for last, when the body is known to be what was asked for: a field
that stands twice in one object.
"""

import asyncio
import logging
import re
from collections import Counter
from collections.abc import AsyncGenerator, Iterable, Sequence
from functools import cache
from http import HTTPStatus
from typing import override
from urllib.parse import unquote_to_bytes

import msgspec
from litestar import Request, Response
from litestar.datastructures import State
from litestar.exceptions import InternalServerException, ValidationException
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter
from litestar.types import ASGIApp, Receive, Scope, Send
from litestar.typing import FieldDefinition

from service.api.problems import AnyRequest, FieldProblem, Problem, bad_input, plain_problem
from service.errors import BadInputError, BrokenOffError

# --- Exact: a number of a body as it is written there, to the last digit.

PLAIN = r"^[0-9]{1,20}(\.[0-9]{1,40})?$"
_NUMBER = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?")


class NumberText(str):
    """A JSON number by its text, or a string in plain decimal notation.

    A type of its own, because msgspec would read a `Decimal` from whatever Python takes for one:
    `"5_0"`, `" 50 "`, full-width digits, a megabyte of them.
    """

    __slots__ = ()


def read_exactly(kind: type, value: object) -> NumberText:
    """Reads what msgspec does not know by itself.

    `value` is what stands in the JSON, where NumberText stands for a number that is no integer.

    Raises:
        ValueError: It is no number, or none that anybody states.
    """
    if kind is not NumberText:
        raise NotImplementedError
    if isinstance(value, str) and not isinstance(value, NumberText):
        return _matching(PLAIN, value, "is no plain decimal number like 33.3")
    if isinstance(value, NumberText | int) and not isinstance(value, bool):
        return _matching(_NUMBER, str(value), "has too many digits")
    raise ValueError(_NO_NUMBER)


def _matching(pattern: str | re.Pattern[str], text: str, otherwise: str) -> NumberText:
    if re.fullmatch(pattern, text) is None:
        raise ValueError(otherwise)
    return NumberText(text)


_NO_NUMBER = "is neither a number nor a string with one"


logger = logging.getLogger(__name__)
_TOKEN = re.compile(rb'[{}]|("(?:[^"\\]++|\\.)*+")\s*+(:?)', re.DOTALL)
# So many tokens are looked at, in a millisecond or two, before other work gets its turn.
_AT_ONCE = 2_000
# A body this short is looked through at once.
_SHORT_BYTES = 2_000


class TypedRequest(Request[object, object, State]):
    """A request whose JSON is never anything but its endpoint's own type."""

    @property
    @override
    def content_length(self) -> int | None:
        """As the framework reads it, without a table of all headers where it is a number."""
        given = header_of(self.scope, b"content-length")
        return int(given) if given.isdigit() else super().content_length

    @override
    async def stream(self) -> AsyncGenerator[bytes]:
        """The body in pieces, as they come.

        Raises:
            BrokenOffError: The client went away before it had sent all of it.
        """
        try:
            async for piece in super().stream():
                yield piece
        except InternalServerException as error:
            # once the whole body is read, there is nothing left that could be broken off
            if self.is_connected:
                logger.info("request.broken_off")
                raise BrokenOffError from error
            raise

    @override
    async def json(self) -> object:
        """The body as what the endpoint asks for.

        Raises:
            ValidationException: It is no JSON or not of the type; the message names the field.
            BadInputError: It is no UTF-8, nested too deeply, or a field stands twice.
        """
        field = self.route_handler.parsed_data_field
        kind: type = object if field is None else field.annotation  # pyright: ignore[reportAny] - litestar says no more
        body = await self.body()
        try:
            read = _decoder(kind).decode(body)
        except msgspec.DecodeError as error:
            raise ValidationException(str(error)) from None
        except RecursionError:
            raise BadInputError("body", "is nested too deeply") from None
        except UnicodeDecodeError:
            raise BadInputError("body", "is no UTF-8") from None
        twice = await _stands_twice(body)
        if twice is not None:
            raise BadInputError(twice, "stands twice in one object")
        return read


def header_of(scope: Scope, name: bytes) -> bytes:
    """A header, empty where there is none: to sort them all takes longer than to read one."""
    return next((value for key, value in scope["headers"] if key == name), b"")


@cache
def _decoder(kind: type) -> msgspec.json.Decoder[object]:
    return msgspec.json.Decoder(kind, dec_hook=read_exactly, float_hook=NumberText)


def _are_all_different(body: bytes) -> bool:
    """Whether a short body has each field once, in whatever object; False if that is not plain."""
    # behind a backslash a letter may be written in more than one way
    if len(body) > _SHORT_BYTES or b"\\" in body:
        return False
    tokens: list[tuple[bytes, bytes]] = _TOKEN.findall(body)
    names = [string for string, colon in tokens if colon]
    return len(set(names)) == len(names)


async def _stands_twice(body: bytes) -> str | None:
    """A field that stands twice in one object of a body that is JSON."""
    if _are_all_different(body):
        return None
    objects: list[set[str]] = []
    for count, token in enumerate(_TOKEN.finditer(body)):
        if count % _AT_ONCE == _AT_ONCE - 1:
            await asyncio.sleep(0)
        string, colon = token.groups()
        if string is None:
            if token[0] == b"{":
                objects.append(set())
            else:
                _ = objects.pop()
        elif colon:
            name = msgspec.json.decode(string, type=str)
            if name in objects[-1]:
                return name
            objects[-1].add(name)
    return None


# --- Refuses what a request says beyond what can be read for certain.
#
# Query parameters that an endpoint does not have, single ones given twice, bytes that are no
# UTF-8; bodies of another type than JSON. What stands in a body is read, and refused, in
# `bodies`.

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


# --- Answers: JSON that is written already, sent in the pieces in which it was written.

# Such an answer, and often its address, names a counterparty: no cache may keep it.
_HEADERS = (
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
)


class WrittenResponse[T](Response[T]):
    """The JSON of a `T`.

    It goes out piece by piece, each when there is room for it, so that the longest answer holds
    up nothing else.
    """

    def __init__(self, pieces: Sequence[bytes]) -> None:  # pyright: ignore[reportMissingSuperCall] - its work is what is saved
        self._pieces = pieces

    @override
    def to_asgi_response(self, *_args: object, **_kwargs: object) -> ASGIApp:  # pyright: ignore[reportIncompatibleMethodOverride] - litestar calls it and no more
        """Sends it as it is: nothing is left for the framework to fill in."""
        return self._send

    async def _send(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        length = str(sum(map(len, self._pieces))).encode()
        headers = [*_HEADERS, (b"content-length", length)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        *others, last = self._pieces
        for piece in others:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": last, "more_body": False})
