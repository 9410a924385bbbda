"""Requests and responses: bodies read strictly, JSON in pieces, query parameters, encodings.

A body is decoded into the type of the endpoint first, and then searched for duplicate fields,
which no type can forbid.
"""

import asyncio
import logging
import math
import re
from collections import Counter
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from http import HTTPStatus
from types import MappingProxyType
from typing import Annotated, cast, override
from urllib.parse import unquote_to_bytes

import msgspec
from litestar import Request, Response
from litestar.datastructures import State
from litestar.exceptions import HTTPException, InternalServerException, ValidationException
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter
from litestar.types import ASGIApp, Receive, Scope, Send
from litestar.types.empty import Empty
from litestar.typing import FieldDefinition

from abeyance_screening.engine.screening.question import Percent
from abeyance_screening.platform.http.encodings import EXPANDERS, Expander
from abeyance_screening.platform.http.problems import (
    AnyRequest,
    FieldProblem,
    Problem,
    bad_input,
    plain_problem,
)
from abeyance_screening.primitives.choices import choices_of, explained, not_one_of
from abeyance_screening.primitives.errors import BadInputError, BrokenOffError
from abeyance_screening.primitives.faults import in_words

JSON, NDJSON = "application/json", "application/x-ndjson"
ATOM = "application/atom+xml"
SCREENINGS_PATH = "/v1/screenings"
# Where a screening goes that comes as a stream; see `features.screen.stream`.
STREAM_PATH = "/v1/screenings/stream"
JOBS_PATH = "/v1/jobs"
PLAIN = r"^[0-9]{1,20}(\.[0-9]{1,40})?$"
_NUMBER = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?")
_NO_NUMBER = "is neither a number nor a string with one"
_WHOLE_NUMBER = re.compile("-?[0-9]+")
_TOKEN = re.compile(rb'[{}]|("(?:[^"\\]++|\\.)*+")\s*+(:?)', re.DOTALL)
# Tokens searched, in a millisecond or two, before other work gets its turn.
_AT_ONCE = 2_000
# A body of at most this size is searched without a pause.
_SHORT_BYTES = 2_000
# Headers of an encoded answer. An answer, and often its address, names a counterparty, so no cache
# may keep it.
_HEADERS = (
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
)
REPEATED = frozenset({"lists", "countries", "profile", "type"})
"""Query parameters of several codes, each of which is a parameter: `lists=un_sc&lists=eu_fsf`."""

_NO_HEADERS: Mapping[str, str] = MappingProxyType({})
logger = logging.getLogger(__name__)


class NumberText(str):
    """The text of a JSON number with a fraction or an exponent, as the `float_hook` of msgspec."""

    __slots__ = ()


class TypedRequest(Request[object, object, State]):
    """A request whose JSON body is always of its endpoint's type."""

    @property
    @override
    def content_length(self) -> int | None:
        """Return the Content-Length; a valid one is read without building all headers."""
        length = header_of(self.scope, b"content-length")
        return int(length) if length.isdigit() else super().content_length

    @override
    async def stream(self) -> AsyncGenerator[bytes]:
        """Yield the body in pieces, as they arrive.

        Raises:
            BrokenOffError: The client disconnected before it had sent the whole body.
        """
        try:
            async for piece in super().stream():
                yield piece
        except InternalServerException as error:
            # after the whole body was read, the error cannot be a disconnected client
            if self.is_connected:
                logger.info("request.broken_off")
                raise BrokenOffError from error
            raise

    @override
    async def body(self) -> bytes:
        """Return the whole body, expanded if it comes in gzip or zstd.

        Raises:
            HTTPException: It has another encoding (415), or it expands to more than its endpoint
                takes (413).
            BadInputError: It is not of its encoding, or ends within it.
        """
        is_read = self._connection_state.body is not Empty
        if is_read or not header_of(self.scope, b"content-encoding"):
            return await super().body()
        expander, whole = expander_of(self.scope), bytearray()
        most = self.route_handler.resolve_request_max_body_size() or math.inf
        async for data in self.stream():
            for piece in expander.expand(data):
                whole += piece
                if len(whole) > most:
                    raise HTTPException(
                        status_code=HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                        detail=f"the body expands to more than {most:,} bytes",
                    )
                await asyncio.sleep(0)
        expander.check_end()
        self._body = self._connection_state.body = bytes(whole)
        return self._body

    @override
    async def json(self) -> object:
        """Return the body as a value of the endpoint's type.

        Raises:
            ValidationException: It is not JSON or not of the type; the message names the field.
            BadInputError: It is not UTF-8, is nested too deeply, or has a duplicate field.
        """
        field = self.route_handler.parsed_data_field
        kind: type[object] = object if field is None else field.annotation  # pyright: ignore[reportAny] - litestar says no more
        return await read_json(await self.body(), kind)


async def read_json[T](body: bytes, kind: type[T]) -> T:
    """Return a JSON text as a value of a type.

    Raises:
        As `TypedRequest.json`.
    """
    try:
        read = _decoder(kind).decode(body)
    except msgspec.ValidationError as error:
        raise ValidationException(explained(error, kind)) from None
    except msgspec.DecodeError as error:
        raise ValidationException(in_words(str(error))) from None
    except RecursionError:
        raise BadInputError("body", "is nested too deeply") from None
    except UnicodeDecodeError:
        raise BadInputError("body", "is not UTF-8") from None
    duplicate = await _duplicate_field(body)
    if duplicate is not None:
        raise BadInputError(duplicate, "appears twice in one object")
    return cast("T", read)


# Sending takes some microseconds whatever the size, and a long answer has ten thousands of pieces.
_SENT_AT_ONCE = 65_536


class EncodedResponse[T](Response[T]):
    """A response with the JSON of a `T` in pieces.

    Pieces are sent some 64 kB at a time, each when the connection has room, so a long answer does
    not delay others.
    """

    def __init__(  # pyright: ignore[reportMissingSuperCall] - its work is what is saved
        self, pieces: Sequence[bytes], status: int = 200, more: Mapping[str, str] = _NO_HEADERS
    ) -> None:
        self._pieces = pieces
        self._status = status
        self._more = [(name.lower().encode(), value.encode()) for name, value in more.items()]

    @override
    def to_asgi_response(self, *_args: object, **_kwargs: object) -> ASGIApp:  # pyright: ignore[reportIncompatibleMethodOverride] - litestar calls it and no more
        """Return an application that sends the pieces unchanged."""
        return self._send

    async def _send(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        length = str(sum(map(len, self._pieces))).encode()
        own = {name for name, _ in self._more}
        usual = [each for each in _HEADERS if each[0] not in own]
        headers = [*usual, (b"content-length", length), *self._more]
        await send({"type": "http.response.start", "status": self._status, "headers": headers})
        waiting, size = list[bytes](), 0
        for piece in self._pieces:
            if size >= _SENT_AT_ONCE:
                body = b"".join(waiting)
                await send({"type": "http.response.body", "body": body, "more_body": True})
                waiting, size = [], 0
            waiting.append(piece)
            size += len(piece)
        last = b"".join(waiting)
        await send({"type": "http.response.body", "body": last, "more_body": False})


def read_exactly(kind: type, value: object) -> Decimal:
    """Read a `Percent` in plain notation, as the `dec_hook` of msgspec.

    `value` is the decoded JSON: a string, an integer, or NumberText for any other number.
    """
    if kind is not Percent:
        raise NotImplementedError
    if isinstance(value, str) and not isinstance(value, NumberText):
        return _matching(PLAIN, value, "is not a plain decimal number such as 33.3")
    if isinstance(value, NumberText | int) and not isinstance(value, bool):
        return _matching(_NUMBER, str(value), "has too many digits")
    raise ValueError(_NO_NUMBER)


def header_of(scope: Scope, name: bytes) -> bytes:
    """Return a header, empty if it is missing; faster than building a table of all headers."""
    for key, value in scope["headers"]:
        if key == name:
            return value
    return b""


async def refuse_uncertain(request: AnyRequest) -> Response[Problem] | None:
    """Refuse a request before its handler runs; None lets it through.

    Refused are unknown query parameters, single ones given twice, values that are not UTF-8 or
    that the framework would misread, and bodies that are empty or not JSON. A handler without an
    operation id is not part of the API (pages and their files) and is not checked.
    """
    handler = request.route_handler
    if handler.operation_id is None:
        return None
    if request.scope["query_string"]:
        problems = tuple(_query_problems(request, query_parameters(handler)))
        if problems:
            return bad_input(problems)
    return await _body_problem(request) if request.method == "POST" else None


def _matching(pattern: str | re.Pattern[str], text: str, fault: str) -> Decimal:
    if re.fullmatch(pattern, text) is None:
        raise ValueError(fault)
    return Decimal(text)


@cache
def _decoder(kind: type) -> msgspec.json.Decoder[object]:
    return msgspec.json.Decoder(kind, dec_hook=read_exactly, float_hook=NumberText)


async def _duplicate_field(body: bytes) -> str | None:
    """Return a field that appears twice in one object of a JSON body; None if there is none."""
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


def _are_all_different(body: bytes) -> bool:
    """Return whether all field names of a short body are different; False if that is unclear."""
    # with a backslash one name can be written in several ways
    if len(body) > _SHORT_BYTES or b"\\" in body:
        return False
    tokens: list[tuple[bytes, bytes]] = _TOKEN.findall(body)
    names = [string for string, colon in tokens if colon]
    return len(set(names)) == len(names)


def _query_problems(
    request: AnyRequest, known: dict[str, FieldDefinition]
) -> Iterable[FieldProblem]:
    given = Counter(
        {name: len(request.query_params.getall(name)) for name in set(request.query_params)}
    )
    unreadable = set(_unreadable_names(request.scope["query_string"]))
    for name, times in given.items():
        reason = _fault_of_name(name, times, known) or (
            "is not UTF-8" if name in unreadable else None
        )
        if reason is None:
            reason = _fault_of_value(name, request.query_params.getall(name), known[name])
        if reason is not None:
            yield FieldProblem(field=name, reason=reason)


def _unreadable_names(query: bytes) -> Iterable[str]:
    for pair in query.split(b"&"):
        name, _, value = pair.partition(b"=")
        try:
            unquote_to_bytes(value).decode()
        except UnicodeDecodeError:
            yield unquote_to_bytes(name).decode(errors="replace")


def _fault_of_name(name: str, times: int, known: dict[str, FieldDefinition]) -> str | None:
    if name not in known:
        return f"is not a parameter here; known ones are: {', '.join(sorted(known)) or 'none'}"
    if times > 1 and not _is_a(list, known[name]):
        return "is given more than once"
    return None


def _fault_of_value(name: str, given: Sequence[str], field: FieldDefinition) -> str | None:
    """Return the fault of a value that the framework would misread; None for any other value.

    It reads `null` as a parameter left out, and `1e2` or `5.0` as a whole number. What it says of
    a value that is none of some names none of them.
    """
    joined = next((each for each in given if name in REPEATED and "," in each), None)
    if joined is not None:
        apart = "&".join(f"{name}={each.strip()}" for each in joined.split(",") if each.strip())
        return f"{joined!r} is one value; repeat the parameter for each: {apart}"
    known = choices_of(cast("object", field.annotation))
    strange = next((each for each in given if known and each not in known), None)
    if strange is not None:
        return f"{strange!r} {not_one_of(strange, known)}"
    if field.is_optional and "null" in given:
        return "null is not a value; leave the parameter out"
    # a truth value is a whole number to Python
    is_whole = _is_a(int, field) and not _is_a(bool, field)
    if is_whole and not all(map(_WHOLE_NUMBER.fullmatch, given)):
        return "is not a whole number"
    return None


def _is_a(kind: type, field: FieldDefinition) -> bool:
    """Return whether a parameter is of a type, or of that type or None."""
    return field.is_subclass_of(kind) or field.has_inner_subclass_of(kind)


def query_parameters(handler: HTTPRouteHandler) -> dict[str, FieldDefinition]:
    """Return the `QueryParameter`s of a handler, and of all that it depends on, by name."""
    providers, signatures = handler.resolve_dependencies(), [handler.parsed_fn_signature]
    # it grows while it is walked: a dependency may have its own
    for signature in signatures:
        needed = (providers[name] for name in signature.parameters if name in providers)
        signatures += [each.parsed_fn_signature for each in needed]
    return {
        str(field.kwarg_definition.name): field
        for signature in signatures
        for field in signature.parameters.values()
        if isinstance(field.kwarg_definition, QueryParameter)
    }


async def _body_problem(request: AnyRequest) -> Response[Problem] | None:
    is_stream = request.scope["path_template"] == STREAM_PATH
    if not is_stream and request.route_handler.parsed_data_field is None:
        # it takes none, or reads what kind it is, and then piece by piece
        return None
    taken = NDJSON if is_stream else JSON
    if media_type_of(request.scope) != taken.encode():
        return plain_problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"the body must be {taken}")
    if not is_stream and not await request.body():
        return bad_input((FieldProblem(field="body", reason="is empty"),))
    return None


def media_type_of(scope: Scope) -> bytes:
    """Return the media type of a request's body, without its parameters."""
    return header_of(scope, b"content-type").partition(b";")[0].strip().lower()


def expander_of(scope: Scope) -> Expander:
    """Return what undoes the encoding of a request's body.

    Raises:
        HTTPException: It is not one that is taken; the answer names those that are.
    """
    given = header_of(scope, b"content-encoding").decode("latin-1").strip().lower()
    expand = EXPANDERS.get(given)
    if expand is None:
        raise HTTPException(
            status_code=HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            detail=f"the body may come in gzip, zstd or no encoding, and not in {given[:100]!r}",
            headers={"accept-encoding": "zstd, gzip"},
        )
    return expand()


# --- Events that an operator adds to a measure.

# An event may name a thousand parties, and holds little else.
MAX_BODY_BYTES = 200_000
ShortText = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
LongText = Annotated[str, msgspec.Meta(min_length=1, max_length=5000)]
