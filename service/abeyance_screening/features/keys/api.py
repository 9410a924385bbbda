"""The keys over HTTP: list, add, rotate and revoke them."""

from datetime import timedelta
from typing import Annotated

import msgspec
from litestar import Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter, SkipValidation
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_204_NO_CONTENT

from abeyance_screening.engine.screening.coverage import codes_of
from abeyance_screening.platform.access.callers import needs
from abeyance_screening.platform.access.keys import (
    MAX_OVERLAP_HOURS,
    OVERLAP,
    AccessKey,
    IssuedKey,
    KeyDraft,
    Keys,
)
from abeyance_screening.platform.http.idempotent import TheOnce
from abeyance_screening.platform.http.problems import (
    BAD_REQUEST,
    BODY_REFUSED,
    FORBIDDEN,
    NOT_FOUND,
    UNAUTHORISED,
    UNAVAILABLE,
    problem_responses,
)
from abeyance_screening.platform.http.security import SECURITY
from abeyance_screening.platform.questions.parameters import TheDesk, TheOperator

TheKeys = NamedDependency[SkipValidation[Keys]]


# --- The keys.

MAX_BODY_BYTES = 20_000
KeyId = Annotated[int, PathParameter(ge=1, le=2**63 - 1, description="The `id` of the key.")]
OverlapHours = Annotated[int, msgspec.Meta(ge=0, le=MAX_OVERLAP_HOURS)]
_REFUSED = (BAD_REQUEST, UNAUTHORISED, FORBIDDEN)


class RotationAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a key is to be replaced."""

    overlap_hours: OverlapHours = int(OVERLAP / timedelta(hours=1))
    """For how many hours the old key works beside the new one; 0 stops it at once."""


class KeyIssued(msgspec.Struct, frozen=True, kw_only=True):
    """A key that was just made."""

    secret: str | None
    """The key itself, which is never shown again; null where a request with an `Idempotency-Key`
    comes again: rotate the key if the first answer was lost."""
    key: AccessKey
    """The key as it is recorded."""


class KeyList(msgspec.Struct, frozen=True, kw_only=True):
    """Every key of every account, also revoked ones."""

    items: tuple[AccessKey, ...]
    """The keys, in the order in which they were made."""


@get(
    "/v1/keys",
    opt=needs("admin", reading="keys.listed"),
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
    opt=needs("admin", change="key.added"),
    operation_id="addKey",
    responses=problem_responses(*_REFUSED, *BODY_REFUSED, UNAVAILABLE),
    security=SECURITY,
    request_max_body_size=MAX_BODY_BYTES,
    summary="Make a key",
    tags=["Keys"],
    status_code=HTTP_201_CREATED,
)
async def add_key(
    data: JSONBody[KeyDraft], keys: TheKeys, desk: TheDesk, operator: TheOperator, once: TheOnce
) -> Response[KeyIssued]:
    """Make a key and return it, this once. Every process of the service takes it in seconds."""
    known = codes_of(desk.current.get().lists)

    async def add() -> KeyIssued:
        return _issued(await keys.add(data, known, operator))

    return await once(add, HTTP_201_CREATED, _without_secret)


@post(
    "/v1/keys/{key_id:int}/rotate",
    opt=needs("admin", change="key.rotated"),
    operation_id="rotateKey",
    responses=problem_responses(*_REFUSED, NOT_FOUND, *BODY_REFUSED, UNAVAILABLE),
    security=SECURITY,
    request_max_body_size=MAX_BODY_BYTES,
    summary="Replace a key",
    tags=["Keys"],
    status_code=HTTP_200_OK,
)
async def rotate_key(
    key_id: KeyId,
    data: JSONBody[RotationAsked],
    keys: TheKeys,
    operator: TheOperator,
    once: TheOnce,
) -> Response[KeyIssued]:
    """Replace a key by a new one with the same id and rights, and return it, this once.

    The old one works for the overlap, so that its users can change over one after another. A
    second rotation ends the overlap of the first.
    """

    async def rotate() -> KeyIssued:
        overlap = timedelta(hours=data.overlap_hours)
        return _issued(await keys.rotate(key_id, operator, overlap))

    return await once(rotate, HTTP_200_OK, _without_secret)


@delete(
    "/v1/keys/{key_id:int}",
    opt=needs("admin", change="key.revoked"),
    operation_id="revokeKey",
    responses=problem_responses(*_REFUSED, NOT_FOUND, UNAVAILABLE),
    security=SECURITY,
    summary="Revoke a key",
    tags=["Keys"],
    status_code=HTTP_204_NO_CONTENT,
)
async def revoke_key(key_id: KeyId, keys: TheKeys, operator: TheOperator) -> None:
    """Revoke a key for good. It stays on record, and no process takes it after some seconds."""
    await keys.revoke(key_id, operator)


def _issued(issued: IssuedKey) -> KeyIssued:
    return KeyIssued(secret=issued.secret, key=issued.key)


def _without_secret(issued: KeyIssued) -> KeyIssued:
    """Return what may be kept of the answer."""
    return KeyIssued(secret=None, key=issued.key)


ROUTES = (
    list_keys,
    add_key,
    rotate_key,
    revoke_key,
)
