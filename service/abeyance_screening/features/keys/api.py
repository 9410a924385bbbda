"""The keys over HTTP: list, add, rotate and revoke them."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated, cast

import msgspec
from litestar import Response, delete, get, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody, PathParameter, SkipValidation
from litestar.status_codes import (
    HTTP_200_OK,
    HTTP_201_CREATED,
    HTTP_202_ACCEPTED,
    HTTP_204_NO_CONTENT,
)

from abeyance_screening.engine.screening.coverage import codes_of
from abeyance_screening.platform.access.callers import all_scopes, needs
from abeyance_screening.platform.access.keys import (
    MAX_OVERLAP_HOURS,
    OVERLAP,
    AccessKey,
    IssuedKey,
    KeyDraft,
    Keys,
)
from abeyance_screening.platform.access.pending_changes import PendingChange
from abeyance_screening.platform.http.bodies import EncodedResponse, TypedRequest
from abeyance_screening.platform.http.entrance import caller_of, check_scope
from abeyance_screening.platform.http.idempotent import TheOnce
from abeyance_screening.platform.http.problems import (
    BAD_REQUEST,
    BODY_REFUSED,
    CONFLICT,
    FORBIDDEN,
    NOT_FOUND,
    UNAUTHORISED,
    UNAVAILABLE,
    problem_responses,
)
from abeyance_screening.platform.http.security import SECURITY
from abeyance_screening.platform.questions.parameters import TheDesk, ThePage
from abeyance_screening.platform.questions.pending_desk import WAITS
from abeyance_screening.primitives.cursors import NextCursor, cut_page, numbered
from abeyance_screening.primitives.errors import ForbiddenError

TheKeys = NamedDependency[SkipValidation[Keys]]


# --- The keys.

MAX_BODY_BYTES = 20_000
KeyId = Annotated[int, PathParameter(ge=1, le=2**63 - 1, description="The `id` of the key.")]
OverlapHours = Annotated[int, msgspec.Meta(ge=0, le=MAX_OVERLAP_HOURS)]
_MORE = "your own key lacks the scope `{}` of that one"
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


class KeyWaiting(msgspec.Struct, frozen=True, kw_only=True):
    """A key that works once a second person has approved it, and is recorded then."""

    secret: str | None
    """The key itself, as in `KeyIssued`."""
    waits: PendingChange
    """The change that waits."""


class KeyList(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the keys of the account, also revoked ones; for an operator of every account."""

    items: tuple[AccessKey, ...]
    """The keys, in the order in which they were made."""
    next_cursor: NextCursor


_WAITS = {
    202: ResponseSpec(
        data_container=KeyWaiting,
        generate_examples=False,
        description="It works once a second person has approved it: the account asks for four "
        "eyes.",
    )
}


@get(
    "/v1/keys",
    opt=needs("admin", reading="keys.listed"),
    operation_id="listKeys",
    responses=problem_responses(*_REFUSED, UNAVAILABLE),
    security=SECURITY,
    summary="Keys",
    tags=["Keys"],
)
async def list_keys(request: TypedRequest, keys: TheKeys, page: ThePage) -> KeyList:
    """Return every key with what it may do and when it was last used, but not the key itself.

    They are those of the account, for a key with the scope `operator` those of all accounts.
    """
    every = await keys.all(_account_of(request))
    items, after = cut_page("keys", every, lambda each: numbered(each.id), page.limit, page.cursor)
    return KeyList(items=items, next_cursor=after)


@post(
    "/v1/keys",
    opt=needs("admin", change="key.added"),
    operation_id="addKey",
    responses=_WAITS | problem_responses(*_REFUSED, *BODY_REFUSED, UNAVAILABLE),
    security=SECURITY,
    request_max_body_size=MAX_BODY_BYTES,
    summary="Make a key",
    tags=["Keys"],
    status_code=HTTP_201_CREATED,
)
async def add_key(
    request: TypedRequest,
    data: JSONBody[KeyDraft],
    keys: TheKeys,
    desk: TheDesk,
    once: TheOnce,
) -> Response[KeyIssued]:
    """Make a key and return it, this once. Every process of the service takes it in seconds.

    It can do no more than the key that makes it. Making one for another account takes the scope
    `operator`. Where its account asks for four eyes, it works once a second person has approved
    it.
    """
    known, caller = codes_of(desk.current.get().lists), caller_of(request)
    draft = msgspec.structs.replace(data, account=data.account or caller.account)
    if draft.account != caller.account:
        check_scope(request, "operator")
    _check_scopes(request, draft.scopes)

    async def add() -> KeyIssued | KeyWaiting:
        return _issued(await keys.add(draft, known, caller.asker))

    made = await once(add, lambda made: _status(made, HTTP_201_CREATED), _without_secret)
    return cast("Response[KeyIssued]", made)


@post(
    "/v1/keys/{key_id:int}/rotate",
    opt=needs("admin", change="key.rotated", about="key_id"),
    operation_id="rotateKey",
    responses=_WAITS | problem_responses(*_REFUSED, NOT_FOUND, *BODY_REFUSED, UNAVAILABLE),
    security=SECURITY,
    request_max_body_size=MAX_BODY_BYTES,
    summary="Replace a key",
    tags=["Keys"],
    status_code=HTTP_200_OK,
)
async def rotate_key(
    request: TypedRequest,
    key_id: KeyId,
    data: JSONBody[RotationAsked],
    keys: TheKeys,
    once: TheOnce,
) -> Response[KeyIssued]:
    """Replace a key by a new one with the same id and rights, and return it, this once.

    The old one works for the overlap, so that its users can change over one after another. A
    second rotation ends the overlap of the first. A key that can do more than the one that asks
    is not given out. Where its account asks for four eyes, the new one works, and the overlap
    begins, once a second person has approved it.
    """
    _check_scopes(request, (await keys.key(key_id, _account_of(request))).scopes)

    async def rotate() -> KeyIssued | KeyWaiting:
        overlap = timedelta(hours=data.overlap_hours)
        return _issued(await keys.rotate(key_id, caller_of(request).asker, overlap))

    made = await once(rotate, lambda made: _status(made, HTTP_200_OK), _without_secret)
    return cast("Response[KeyIssued]", made)


@delete(
    "/v1/keys/{key_id:int}",
    opt=needs("admin", change="key.revoked", about="key_id"),
    operation_id="revokeKey",
    responses=WAITS | problem_responses(*_REFUSED, NOT_FOUND, CONFLICT, UNAVAILABLE),
    security=SECURITY,
    summary="Revoke a key",
    tags=["Keys"],
    status_code=HTTP_204_NO_CONTENT,
)
async def revoke_key(request: TypedRequest, key_id: KeyId, keys: TheKeys) -> Response[None]:
    """Revoke a key for good. It stays on record, and no process takes it after some seconds.

    The last one by which somebody can manage the service is not revoked. Where its account asks
    for four eyes, that of somebody else is revoked once a second person has approved it.
    """
    key = await keys.key(key_id, _account_of(request))
    done = await keys.revoke(key.id, caller_of(request).asker)
    if isinstance(done, PendingChange):
        return EncodedResponse((msgspec.json.encode(done),), HTTP_202_ACCEPTED)
    return Response(None, status_code=HTTP_204_NO_CONTENT)


def _account_of(request: TypedRequest) -> str | None:
    """Return the account whose keys a caller manages; None for all of them."""
    caller = caller_of(request)
    return None if "operator" in caller.scopes else caller.account


def _check_scopes(request: TypedRequest, scopes: Iterable[str]) -> None:
    """Check that nobody gets hold of a key that can do more than their own."""
    lacking = sorted(all_scopes(tuple(scopes)) - caller_of(request).scopes)
    if lacking:
        raise ForbiddenError(_MORE.format(lacking[0]))


def _issued(issued: IssuedKey) -> KeyIssued | KeyWaiting:
    if issued.waits is not None:
        return KeyWaiting(secret=issued.secret, waits=issued.waits)
    return KeyIssued(secret=issued.secret, key=cast("AccessKey", issued.key))


def _without_secret[K: KeyIssued | KeyWaiting](issued: K) -> K:
    """Return what may be kept of the answer."""
    return msgspec.structs.replace(issued, secret=None)


def _status(issued: KeyIssued | KeyWaiting, done: int) -> int:
    return done if isinstance(issued, KeyIssued) else HTTP_202_ACCEPTED


ROUTES = (list_keys, add_key, rotate_key, revoke_key)
