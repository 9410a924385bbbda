"""Operators: who may change the register, told by a key in the Authorization header."""

import hmac
from collections.abc import Sequence

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import Headers, State
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.openapi.spec import SecurityScheme
from litestar.params import SkipValidation

from service.model.errors import UnauthorisedError
from service.settings import Operator

TheOperator = NamedDependency[SkipValidation[str]]
SCHEME_NAME = "operator"
SCHEME = SecurityScheme(
    type="http",
    scheme="bearer",
    description="The key of an operator, as `ABEYANCE_OPERATORS` of the service names it.",
)
type AnyConnection = ASGIConnection[BaseRouteHandler, object, object, State]
SECURITY = [{SCHEME_NAME: list[str]()}]


class Keyring:
    """The keys of all operators."""

    def __init__(self, operators: Sequence[Operator]) -> None:
        self._keys = [(each.name, each.key.encode()) for each in operators]

    async def guard(self, connection: AnyConnection, _: BaseRouteHandler) -> None:
        """Asks for a key, before anything of the body is read.

        Raises:
            UnauthorisedError: There is no key in the header, or it is no operator's.
        """
        self._operator(connection.headers)

    async def operator(self, request: Request[object, object, State]) -> str:
        """Who makes the request.

        Raises:
            UnauthorisedError: There is no key in the header, or it is no operator's.
        """
        return self._operator(request.headers)

    def _operator(self, headers: Headers) -> str:
        """However wrong a key is, telling so takes the same time."""
        if not self._keys:
            raise UnauthorisedError(_NOBODY)
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not given:
            raise UnauthorisedError(_NO_KEY)
        key = given.strip().encode()
        names = [name for name, each in self._keys if hmac.compare_digest(each, key)]
        if not names:
            raise UnauthorisedError(_WRONG_KEY)
        return names[0]


_NOBODY = "this service has no operators; set ABEYANCE_OPERATORS"
_NO_KEY = "send the header `Authorization: Bearer <key>`"
_WRONG_KEY = "the key is no operator's"
