"""The kinds of problem that the API answers with: what each means, why it comes, and the cure.

The only table of them: the statuses of answers, the pages at `/problems`, the OpenAPI document and
the reference are made from it.
"""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType

import msgspec

from abeyance_screening.platform.settings import HOSTS
from abeyance_screening.primitives.errors import (
    AbeyanceError,
    AlertChangesError,
    AlreadyRecordedError,
    BadInputError,
    BrokenOffError,
    BusyError,
    CounterpartyHeldError,
    ForbiddenError,
    ForeignSiteError,
    ForgedHeaderError,
    KeyReusedError,
    LastKeyError,
    LoginRefusedError,
    NotFoundError,
    NotReadyError,
    OutOfSightError,
    QuotaExceededError,
    RequestOutstandingError,
    RevisionDiffersError,
    RoleLackedError,
    ScreeningHeldError,
    StoreFullError,
    StoreOverloadedError,
    StoreReadOnlyError,
    StoreUnavailableError,
    TooMuchWorkError,
    UnauthorisedError,
)

PROBLEMS_PATH = "/problems"


class ProblemKind(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of problem; `cause` says when it comes, and `cure` what the caller can do."""

    slug: str
    status: HTTPStatus
    title: str
    cause: str
    cure: str

    @property
    def address(self) -> str:
        """The `type` of its problems, where a page explains it."""
        return f"{PROBLEMS_PATH}/{self.slug}"


def _of_error(
    error: type[AbeyanceError], status: HTTPStatus, cause: str, cure: str
) -> tuple[type[AbeyanceError], ProblemKind]:
    kind = ProblemKind(slug=error.slug, status=status, title=error.title, cause=cause, cure=cure)
    return error, kind


def _of_status(status: HTTPStatus, slug: str, cause: str, cure: str) -> ProblemKind:
    return ProblemKind(slug=slug, status=status, title=status.phrase, cause=cause, cure=cure)


_AGAIN = "Ask again after the seconds of `Retry-After`."
_REPAIR = f"{_AGAIN} If it stays so, tell the operator of the service."
# A class that is not here counts as the nearest of its bases; an error without any is a bug.
_ERRORS = (
    _of_error(
        BadInputError,
        HTTPStatus.BAD_REQUEST,
        "A field of the body, a parameter or a header is unknown, is missing, or has a value "
        "that cannot be read or is not allowed. `errors` names each, with the reason.",
        "Correct what `errors` names. The same request is refused each time.",
    ),
    _of_error(
        BrokenOffError,
        HTTPStatus.BAD_REQUEST,
        "The client closed the connection before all of its request had come.",
        "Send the request again, whole.",
    ),
    _of_error(
        UnauthorisedError,
        HTTPStatus.UNAUTHORIZED,
        "The request has no key, or one that is unknown, revoked or expired.",
        "Send a key that works, as `Authorization: Bearer …` or `X-API-Key: …`. At a service "
        "where people log in, a browser can log in at `/login` instead.",
    ),
    _of_error(
        ForbiddenError,
        HTTPStatus.FORBIDDEN,
        "The key works, but lacks the scope for this, or is not taken from this address.",
        "Use a key with the scope that `detail` names, from one of its networks. An "
        "administrator makes such keys.",
    ),
    _of_error(
        RoleLackedError,
        HTTPStatus.FORBIDDEN,
        "Whoever is logged in has no role that allows this.",
        "Ask whoever `detail` names for a role.",
    ),
    _of_error(
        ForgedHeaderError,
        HTTPStatus.FORBIDDEN,
        "A header says who has logged in, and the request does not come from the proxy, which "
        "alone may say so.",
        "Send the request through the proxy. The operator names its networks in "
        "`ABEYANCE_PROXY_NETWORKS`.",
    ),
    _of_error(
        ForeignSiteError,
        HTTPStatus.FORBIDDEN,
        "A page of another site asked for a change in the name of somebody who is logged in. "
        "Nothing was done.",
        "Use the pages of this service; a program sends a key.",
    ),
    _of_error(
        LoginRefusedError,
        HTTPStatus.FORBIDDEN,
        "What came back from the login service proves nothing: it is old, or not for us.",
        "Start again at `/login`.",
    ),
    _of_error(
        NotFoundError,
        HTTPStatus.NOT_FOUND,
        "Nothing has that name, id or address: it never existed, was deleted, or belongs to "
        "another account.",
        "Check what `detail` names. `/docs` has every address.",
    ),
    _of_error(
        AlreadyRecordedError,
        HTTPStatus.CONFLICT,
        "The register already has that event.",
        "There is nothing to do. To change the event, retract it and add another.",
    ),
    _of_error(
        AlertChangesError,
        HTTPStatus.CONFLICT,
        "The alert is about more changes than you said, or about several where you named none. "
        "Nobody is done with it.",
        "Read its changes, `GET /v1/alerts/{id}/changes`, and say how many they are as `changes`.",
    ),
    _of_error(
        CounterpartyHeldError,
        HTTPStatus.CONFLICT,
        "Somebody holds a screening about the counterparty, by its id, as evidence, so it is not "
        "deleted. `detail` says who, and since when.",
        "Delete it once the screening is released: `DELETE /v1/screenings/{id}/hold`, which takes "
        "the scope `hold`.",
    ),
    _of_error(
        ScreeningHeldError,
        HTTPStatus.CONFLICT,
        "Somebody holds the screening as evidence, so it is not deleted.",
        "`GET /v1/screenings/{id}/hold` says who holds it, and why. `DELETE` at the same address "
        "releases it, with the scope `hold`.",
    ),
    _of_error(
        LastKeyError,
        HTTPStatus.CONFLICT,
        "The key is the last one that works with the scope `operator`, or with `admin` where "
        "nobody else could make a key. Nothing was revoked.",
        "Make another key with that scope, then revoke this one.",
    ),
    _of_error(
        RequestOutstandingError,
        HTTPStatus.CONFLICT,
        "A request with the same `Idempotency-Key` is still running.",
        "Send it again in a moment, with the same key: you get the first answer.",
    ),
    _of_error(
        RevisionDiffersError,
        HTTPStatus.PRECONDITION_FAILED,
        "Somebody else has changed or deleted it since the revision that `If-Match` names. "
        "Nothing was done.",
        "Read it again, and decide whether the change is still wanted.",
    ),
    _of_error(
        TooMuchWorkError,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "The answer takes more computing than one request may take. Nothing was stored.",
        "Ask about fewer counterparties at once, with shorter names, a higher `threshold` or "
        "a lower `limit`. `detail` says how many were done; a table goes to `POST /v1/jobs`.",
    ),
    _of_error(
        KeyReusedError,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "The `Idempotency-Key` came before, with another request.",
        "Take a new key for each new request, and an old one only to send the same again.",
    ),
    _of_error(
        QuotaExceededError,
        HTTPStatus.TOO_MANY_REQUESTS,
        "The caller has used up a limit; `violated-policies` names it, and the headers "
        "`RateLimit-Policy` and `RateLimit` show all limits.",
        f"{_AGAIN} An administrator can raise the limits of a key.",
    ),
    _of_error(
        BusyError,
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Too many requests of this caller wait already, or a queue of the service is full.",
        f"{_AGAIN} Send fewer at once.",
    ),
    _of_error(
        NotReadyError,
        HTTPStatus.SERVICE_UNAVAILABLE,
        "No list has been loaded, or the service has just started and is still reading them.",
        f"{_AGAIN} `/readyz` answers 200 once it can answer. An operator loads lists with "
        "`abeyance load` or `abeyance refresh`.",
    ),
    _of_error(
        OutOfSightError,
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The database has been out of reach for so long that no answer would be complete.",
        _REPAIR,
    ),
    _of_error(
        StoreUnavailableError,
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The database does not answer. Nothing was stored.",
        _REPAIR,
    ),
    _of_error(
        StoreReadOnlyError,
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The database takes no writes. Nothing was stored; what is there can be read.",
        _REPAIR,
    ),
    _of_error(
        StoreFullError,
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The database's disk is full. Nothing was stored; what is there can be read.",
        _REPAIR,
    ),
    _of_error(
        StoreOverloadedError,
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The database has no connection or memory left. Nothing was stored.",
        _REPAIR,
    ),
)
_BY_ERROR: Mapping[type[AbeyanceError], ProblemKind] = MappingProxyType(dict(_ERRORS))
# What the server itself refuses. Its names never change, whatever Python calls a status.
_REFUSALS = (
    _of_status(
        HTTPStatus.BAD_REQUEST,
        "bad-request",
        "What came is not a request that HTTP allows.",
        "Look at what lies between: a program that speaks TLS to a port without it, or a "
        "proxy that changes requests.",
    ),
    _of_status(
        HTTPStatus.METHOD_NOT_ALLOWED,
        "method-not-allowed",
        "The address exists, and does not take this method.",
        "Use one of the methods in the header `Allow`.",
    ),
    _of_status(
        HTTPStatus.REQUEST_TIMEOUT,
        "request-timeout",
        "The request came too slowly, or stopped in between.",
        "Send it again over a better line. A table may take its time at `POST /v1/jobs`.",
    ),
    _of_status(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "content-too-large",
        "The body is larger than this address takes, as it came or once it is expanded.",
        "Send less at once. Tables of up to 10,000,000 rows go to `POST /v1/jobs`.",
    ),
    _of_status(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "unsupported-media-type",
        "The body has a `Content-Type` or `Content-Encoding` that is not taken here.",
        "Send what `detail` names, mostly `application/json`, in gzip, zstd or plain.",
    ),
    _of_status(
        HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
        "range-not-satisfiable",
        "Nothing is there after the beginning of `Range`, or not yet.",
        "`Content-Range` says how many bytes there are. While a job goes on, more will come.",
    ),
    _of_status(
        HTTPStatus.MISDIRECTED_REQUEST,
        "misdirected-request",
        "The header `Host` names another service than this one.",
        f"Use an address of this service. The operator can add a name to `{HOSTS}`.",
    ),
    _of_status(
        HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
        "request-header-fields-too-large",
        "The address and the headers together are too large.",
        "Send names in a body: `POST /v1/search` takes what `GET /v1/search` does. Send fewer "
        "cookies.",
    ),
    _of_status(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "internal-server-error",
        "A fault of the program, outside of any address. Nothing was stored.",
        "Report the time and `request_id` to the operator, whose log says what failed.",
    ),
    _of_status(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "service-unavailable",
        "There are too many connections, of this address or in all.",
        f"{_AGAIN} Close connections that you do not use, or use one for many requests.",
    ),
)
INTERNAL = ProblemKind(
    slug="internal",
    status=HTTPStatus.INTERNAL_SERVER_ERROR,
    title="Something failed here",
    cause="A fault of the program. Nothing was stored.",
    cure="Report `instance` to the operator of the service: its log has the place of the fault "
    "under that number.",
)
TOO_MANY_WRONG_KEYS = ProblemKind(
    slug="too-many-wrong-keys",
    status=HTTPStatus.TOO_MANY_REQUESTS,
    title="Too many wrong keys came from this address",
    cause="Ten wrong keys came from this address within a minute. Keys that work are taken from "
    "there as before.",
    cure="Find the program that sends the wrong key, such as one that was revoked.",
)
# What RFC 9457 has for a problem that says no more than its status.
_PLAIN_TYPE = "about:blank"


def kind_of(error: AbeyanceError) -> ProblemKind | None:
    """Return the kind of an error's problem, with its own slug and title; None for a bug."""
    known = next((_BY_ERROR[each] for each in type(error).__mro__ if each in _BY_ERROR), None)
    if known is None:
        return None
    return msgspec.structs.replace(known, slug=error.slug, title=error.title)


def type_of_status(status: HTTPStatus) -> str:
    """Return the `type` of a problem that is named by its HTTP status."""
    return _BY_STATUS.get(status, _PLAIN_TYPE)


# The framework refuses an address that does not exist as an error does an id.
_BY_STATUS: Mapping[HTTPStatus, str] = MappingProxyType(
    {
        each.status: each.address
        for each in (_BY_ERROR[NotFoundError], _BY_ERROR[ForbiddenError], *_REFUSALS)
    }
)
KINDS: Mapping[str, ProblemKind] = MappingProxyType(
    {
        each.slug: each
        for each in sorted(
            (*_BY_ERROR.values(), *_REFUSALS, INTERNAL, TOO_MANY_WRONG_KEYS),
            key=lambda each: (each.status, each.slug),
        )
    }
)
"""Every kind of problem by its slug, ordered by status and then by slug."""
