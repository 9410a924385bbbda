"""Headers and schemes of security, and problems sent without the framework."""

from collections.abc import Iterable
from http import HTTPStatus

from litestar.openapi.spec import SecurityScheme
from litestar.types import HTTPScope, Send

from abeyance_screening.platform.http.problems import encoded_problem, problem_named, send_problem

CONNECTION = "abeyance.connection"
"""The extension of a scope that has the connection of a request."""

_CSP = b"default-src 'none'; frame-ancestors 'none'"
# Headers of every answer that does not have them itself, as pages do.
SECURITY_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", _CSP),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
)


# --- Answers that come before any handler.


def problem_bytes(
    status: HTTPStatus, detail: str, headers: Iterable[tuple[bytes, bytes]] = ()
) -> bytes:
    """Return a whole HTTP answer with a problem document, after which the connection closes."""
    own, body = encoded_problem(problem_named(status, detail))
    lines = [b"HTTP/1.1 %d %b" % (status, status.phrase.encode())]
    lines += [name + b": " + value for name, value in [*headers, *own, *SECURITY_HEADERS]]
    return b"\r\n".join([*lines, b"connection: close", b"", body])


async def answer_problem(scope: HTTPScope, send: Send, status: HTTPStatus, detail: str) -> None:
    """Answer a request with a problem document."""
    await send_problem(scope, send, problem_named(status, detail), SECURITY_HEADERS)


BEARER, API_KEY_HEADER = "bearer", "api_key"
SCHEMES = {
    BEARER: SecurityScheme(
        type="http",
        scheme="bearer",
        description="A key of this service, or that of an operator from the service's "
        "`ABEYANCE_OPERATORS`. `Authorization: ApiKey <key>` is taken too.",
    ),
    API_KEY_HEADER: SecurityScheme(
        type="apiKey",
        name="X-API-Key",
        security_scheme_in="header",
        description="The same key in a header of its own.",
    ),
}
SECURITY = [{BEARER: list[str]()}, {API_KEY_HEADER: list[str]()}]
