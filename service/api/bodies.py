"""Bodies: JSON read straight into the type that its endpoint asks for, in turns with other work.

What no type can say is looked for last, when the body is known to be what was asked for: a field
that stands twice in one object.
"""

import asyncio
import logging
import re
from collections.abc import AsyncGenerator
from functools import cache
from typing import override

import msgspec
from litestar import Request
from litestar.datastructures import State
from litestar.exceptions import InternalServerException, ValidationException
from litestar.types import Scope

from service.api.exact import NumberText, read_exactly
from service.model.errors import BadInputError, BrokenOffError

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
