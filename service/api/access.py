"""Who may ask: the key a request comes with, what each address needs, and the keys themselves."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Annotated, cast

import msgspec
from litestar import Response, delete, get, post
from litestar.di import NamedDependency
from litestar.openapi.spec import SecurityScheme
from litestar.params import JSONBody, PathParameter, SkipValidation
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_204_NO_CONTENT
from litestar.types import HTTPScope

from service.access.keyring import ANYBODY, Caller, Keyring
from service.access.keys import (
    MAX_NETWORKS,
    MAX_OVERLAP_HOURS,
    OVERLAP,
    AccessKey,
    KeyDraft,
    Keys,
    QuestionDefaults,
    Scope,
)
from service.api.bodies import TheDesk, TypedRequest, header_of, refuse_uncertain
from service.api.problems import (
    BAD_REQUEST,
    BODY_REFUSED,
    FORBIDDEN,
    NOT_FOUND,
    UNAUTHORISED,
    UNAVAILABLE,
    AnyRequest,
    Problem,
    problem_responses,
)
from service.screening.coverage import codes_of

# --- What each address needs.

_PUBLIC = (
    "/docs",
    "/docs/files/{name}",
    "/docs/openapi.json",
    "/docs/{path}",
    "/healthz",
    "/openapi.json",
    "/readyz",
    "/static/{name}",
)
_PATHS: Mapping[Scope, tuple[str, ...]] = MappingProxyType(
    {
        "screen": (
            "/",
            "/evidence",
            "/evidence/{key}",
            "/spreadsheet",
            "/spreadsheet/read",
            "/spreadsheet/results",
            "/spreadsheet/screen",
            "/spreadsheet/write",
            "/spreadsheet/{key}",
            "/spreadsheet/{key}/delete",
            "/spreadsheet/{key}/lines",
            "/spreadsheet/{key}/parties/{part}",
            "/spreadsheet/{key}/write",
            "/v1/screenings",
            "/v1/screenings/{screening_id}",
            "/v1/search",
            "/v1/spreadsheets/{spreadsheet_id}",
            "/v1/texts",
        ),
        "read": (
            "/calendar",
            "/listings/{listing_id}",
            "/lists",
            "/measures",
            "/measures/{measure_id}",
            "/parties/{listing_id}",
            "/register/review",
            "/v1/calendar",
            "/v1/calendar.ics",
            "/v1/changes",
            "/v1/changes.atom",
            "/v1/listings/{listing_id}",
            "/v1/lists",
            "/v1/lists/{list_code}/editions",
            "/v1/lists/{list_code}/editions/{edition}/changes",
            "/v1/measures",
            "/v1/measures/{measure_id}",
            "/v1/measures/{measure_id}/diff",
            "/v1/parties/{party_id}",
            "/v1/register",
            "/v1/register/review",
            "/v1/restrictions",
        ),
        "register": (
            "/v1/measures/{measure_id}/events",
            "/v1/measures/{measure_id}/events/{event_id}/retraction",
            "/v1/register/confirmations",
            "/v1/register/reviews",
        ),
        "judge": (
            "/v1/parties/splits",
            "/v1/parties/splits/{split_id}/withdrawal",
        ),
        "admin": (
            "/v1/keys",
            "/v1/keys/{key_id}",
            "/v1/keys/{key_id}/rotate",
        ),
    }
)
NEEDED_SCOPES: Mapping[str, Scope | None] = MappingProxyType(
    {
        **dict.fromkeys(_PUBLIC),
        **{path: scope for scope, paths in _PATHS.items() for path in paths},
    }
)
"""The scope that each path needs, None where everybody may ask; any other path needs `admin`."""

# --- The key of a request.

_SCHEMES = frozenset({b"bearer", b"apikey"})
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
TheOperator = NamedDependency[SkipValidation[str]]
TheKeys = NamedDependency[SkipValidation[Keys]]


def key_in(scope: HTTPScope) -> str | None:
    """Return the key in the headers of a request; None without one.

    `Authorization` comes first, so that an operator's key counts behind a proxy that adds a key of
    its own to every request. A scheme that is none of ours, such as Basic, is a proxy's affair.
    """
    authorization = header_of(scope, b"authorization")
    if authorization:
        scheme, _, credentials = authorization.partition(b" ")
        if scheme.lower() in _SCHEMES and (key := credentials.strip()):
            return key.decode("latin-1")
    return header_of(scope, b"x-api-key").strip().decode("latin-1") or None


def admitting(
    keyring: Keyring,
) -> Callable[[AnyRequest], Awaitable[Response[Problem] | None]]:
    """Return what is called before each request: it checks the key, and then the question."""

    async def admit(request: AnyRequest) -> Response[Problem] | None:
        scope = request.scope
        needed = NEEDED_SCOPES.get(scope["path_template"], "admin")
        if needed is None:
            scope["auth"] = ANYBODY
        else:
            client = scope["client"]
            address = None if client is None else client[0]
            scope["auth"] = keyring.admit(needed, key_in(scope), address)
        return await refuse_uncertain(request)

    return admit


def caller_of(request: AnyRequest) -> Caller:
    """Return who makes a request; anybody, where it needs no key."""
    return cast("Caller", request.auth)


async def operator_of(request: TypedRequest) -> str:
    """Return the name that is recorded as the author of what a request changes."""
    return caller_of(request).owner


# --- The keys.

MAX_BODY_BYTES = 20_000
ShortText = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
KeyId = Annotated[int, PathParameter(ge=1, le=2**63 - 1, description="The `id` of the key.")]
OverlapHours = Annotated[int, msgspec.Meta(ge=0, le=MAX_OVERLAP_HOURS)]
_REFUSED = (BAD_REQUEST, UNAUTHORISED, FORBIDDEN)


class KeyAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A key to make; see `AccessKey`. Without `networks` it is taken from any address."""

    name: ShortText
    owner: ShortText
    scopes: Annotated[tuple[Scope, ...], msgspec.Meta(min_length=1)]
    expires_at: datetime | None = None
    networks: Annotated[tuple[ShortText, ...], msgspec.Meta(max_length=MAX_NETWORKS)] = ()
    defaults: QuestionDefaults = QuestionDefaults()


class RotationAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """For how many hours the old key works beside the new one; 0 stops it at once."""

    overlap_hours: OverlapHours = int(OVERLAP / timedelta(hours=1))


class KeyIssued(msgspec.Struct, frozen=True, kw_only=True):
    """A key that was just made. `secret` is the key itself, and is never shown again."""

    secret: str
    key: AccessKey


class KeyList(msgspec.Struct, frozen=True, kw_only=True):
    """Every key, also revoked ones, in the order in which they were made."""

    items: tuple[AccessKey, ...]


@get(
    "/v1/keys",
    operation_id="listKeys",
    responses=problem_responses(*_REFUSED, UNAVAILABLE),
    security=SECURITY,
    summary="Keys",
    tags=["Keys"],
)
async def list_keys(keys: TheKeys) -> KeyList:
    """Return every key with what it may do and when it was last used, but not the key itself."""
    return KeyList(items=await keys.all())


@post(
    "/v1/keys",
    operation_id="addKey",
    responses=problem_responses(*_REFUSED, *BODY_REFUSED, UNAVAILABLE),
    security=SECURITY,
    request_max_body_size=MAX_BODY_BYTES,
    summary="Make a key",
    tags=["Keys"],
    status_code=HTTP_201_CREATED,
)
async def add_key(
    data: JSONBody[KeyAsked], keys: TheKeys, desk: TheDesk, operator: TheOperator
) -> Response[KeyIssued]:
    """Make a key and return it, this once. Every process of the service takes it in seconds."""
    draft = msgspec.convert(data, KeyDraft, from_attributes=True)
    issued = await keys.add(draft, codes_of(desk.current.get().lists), operator)
    return _shown_once(KeyIssued(secret=issued.secret, key=issued.key), HTTP_201_CREATED)


@post(
    "/v1/keys/{key_id:int}/rotate",
    operation_id="rotateKey",
    responses=problem_responses(*_REFUSED, NOT_FOUND, *BODY_REFUSED, UNAVAILABLE),
    security=SECURITY,
    request_max_body_size=MAX_BODY_BYTES,
    summary="Replace a key",
    tags=["Keys"],
    status_code=HTTP_200_OK,
)
async def rotate_key(
    key_id: KeyId, data: JSONBody[RotationAsked], keys: TheKeys
) -> Response[KeyIssued]:
    """Replace a key by a new one with the same id and rights, and return it, this once.

    The old one works for the overlap, so that its users can change over one after another. A
    second rotation ends the overlap of the first.
    """
    issued = await keys.rotate(key_id, timedelta(hours=data.overlap_hours))
    return _shown_once(KeyIssued(secret=issued.secret, key=issued.key), HTTP_200_OK)


@delete(
    "/v1/keys/{key_id:int}",
    operation_id="revokeKey",
    responses=problem_responses(*_REFUSED, NOT_FOUND, UNAVAILABLE),
    security=SECURITY,
    summary="Revoke a key",
    tags=["Keys"],
    status_code=HTTP_204_NO_CONTENT,
)
async def revoke_key(key_id: KeyId, keys: TheKeys) -> None:
    """Revoke a key for good. It stays on record, and no process takes it after some seconds."""
    await keys.revoke(key_id)


def _shown_once(issued: KeyIssued, status: int) -> Response[KeyIssued]:
    return Response(issued, status_code=status, headers={"cache-control": "no-store"})
