"""The audit log over HTTP."""

from collections.abc import AsyncGenerator, Mapping
from datetime import datetime
from typing import Annotated

import msgspec
from litestar import get
from litestar.di import NamedDependency, Provide
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import QueryParameter, SkipValidation
from litestar.response import Stream

from abeyance_screening.features.audit.linking import linked_head
from abeyance_screening.platform.access.audit_chain import AUDIT_HEAD
from abeyance_screening.platform.access.audit_log import Audit, AuditEntry, AuditQuery
from abeyance_screening.platform.access.callers import needs
from abeyance_screening.platform.http.bodies import NDJSON, TypedRequest
from abeyance_screening.platform.http.entrance import caller_of
from abeyance_screening.platform.http.problems import (
    BAD_REQUEST,
    FORBIDDEN,
    UNAUTHORISED,
    UNAVAILABLE,
    problem_responses,
)
from abeyance_screening.platform.http.security import SECURITY
from abeyance_screening.platform.postgres.pool import PooledStore
from abeyance_screening.platform.questions.parameters import Page, ThePage
from abeyance_screening.platform.service import ServiceParts, always
from abeyance_screening.primitives.cursors import NextCursor, number_of, page_ahead
from abeyance_screening.primitives.errors import BadInputError

TheAudit = NamedDependency[SkipValidation[Audit]]
TheAuditPool = NamedDependency[SkipValidation[PooledStore]]
TheQuery = NamedDependency[SkipValidation[AuditQuery]]
Actor = Annotated[
    str | None, QueryParameter(name="actor", max_length=200, description="Only by this actor.")
]
Action = Annotated[
    str | None,
    QueryParameter(name="action", max_length=200, description="Only this action: `key.revoked`."),
]
About = Annotated[
    str | None,
    QueryParameter(
        name="about", max_length=200, description="Only about this: the id of a key, a list."
    ),
]
Since = Annotated[
    datetime | None, QueryParameter(name="since", description="From this moment on.")
]
Until = Annotated[datetime | None, QueryParameter(name="until", description="Before this moment.")]


Account = Annotated[
    str | None,
    QueryParameter(name="account", max_length=200, description="Only of this account."),
]


class AuditPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the audit log, the newest entry first."""

    items: tuple[AuditEntry, ...]
    """The entries, the newest first."""
    next_cursor: NextCursor


_REFUSED = (BAD_REQUEST, UNAUTHORISED, FORBIDDEN, UNAVAILABLE)
_FILE = {
    200: ResponseSpec(
        data_container=str, media_type=NDJSON, description="One entry a line, oldest first."
    ),
    **problem_responses(*_REFUSED),
}


@get(
    "/v1/audit",
    opt=needs("admin", reading="audit.read"),
    operation_id="listAudit",
    responses=problem_responses(*_REFUSED),
    security=SECURITY,
    summary="Who did what",
    tags=["Audit"],
)
async def list_audit(audit: TheAudit, audit_query: TheQuery, page: ThePage) -> AuditPage:
    """Return the audit log of the key's account, the newest entry first."""
    return await _page_of(audit, audit_query, page)


@get(
    "/v1/installation/audit",
    opt=needs("operator", reading="audit.read"),
    operation_id="listInstallationAudit",
    responses=problem_responses(*_REFUSED),
    security=SECURITY,
    summary="Who did what in all accounts",
    tags=["Audit"],
)
async def list_installation_audit(
    audit: TheAudit, audit_query: TheQuery, page: ThePage, account: Account = None
) -> AuditPage:
    """Return the audit log of the whole installation, the newest entry first."""
    return await _page_of(audit, msgspec.structs.replace(audit_query, account=account), page)


async def _page_of(audit: Audit, query: AuditQuery, page: Page) -> AuditPage:
    if page.cursor is not None:
        query = msgspec.structs.replace(query, beyond=number_of("audit", page.cursor))
    entries = await audit.entries(query, page.limit + 1)
    items, more = page_ahead("audit", entries, lambda entry: str(entry.id), page.limit)
    return AuditPage(items=items, next_cursor=more)


@get(
    "/v1/audit.ndjson",
    opt=needs("admin", reading="audit.exported"),
    operation_id="exportAudit",
    responses=_FILE,
    security=SECURITY,
    summary="Who did what, as a file",
    tags=["Audit"],
    media_type=NDJSON,
)
async def export_audit(audit: TheAudit, audit_query: TheQuery, audit_pool: TheAuditPool) -> Stream:
    """Return the whole audit log of the key's account, one entry a line, the oldest first.

    The header `Abeyance-Audit-Head` has the head of the chain of the whole installation: kept, it
    tells later whether an entry was changed or is gone.
    """
    return await _file_of(audit, audit_query, audit_pool)


@get(
    "/v1/installation/audit.ndjson",
    opt=needs("operator", reading="audit.exported"),
    operation_id="exportInstallationAudit",
    responses=_FILE,
    security=SECURITY,
    summary="Who did what in all accounts, as a file",
    tags=["Audit"],
    media_type=NDJSON,
)
async def export_installation_audit(
    audit: TheAudit, audit_query: TheQuery, audit_pool: TheAuditPool, account: Account = None
) -> Stream:
    """Return the audit log of the whole installation, one entry a line, the oldest first.

    The header `Abeyance-Audit-Head` has the head of its chain: kept, it tells later whether an
    entry was changed or is gone.
    """
    query = msgspec.structs.replace(audit_query, account=account)
    return await _file_of(audit, query, audit_pool)


async def _file_of(audit: Audit, query: AuditQuery, pool: PooledStore) -> Stream:
    async with pool.connect() as connection:
        head = await linked_head(connection)
    pieces = audit.all(msgspec.structs.replace(query, newest_first=False))
    # the first piece is read before the answer begins, so that a failure has a status of its own
    first = await anext(pieces, ())
    return Stream(_lines(first, pieces), media_type=NDJSON, headers={AUDIT_HEAD: head.text})


def dependencies(parts: ServiceParts) -> Mapping[str, Provide]:
    """Return the audit log, and which of its entries a request asks for."""
    return {
        "audit": always(parts.audit),
        "audit_query": Provide(read_audit_query),
        "audit_pool": always(parts.pool),
    }


async def read_audit_query(
    request: TypedRequest,
    actor: Actor = None,
    action: Action = None,
    about: About = None,
    since: Since = None,
    until: Until = None,
) -> AuditQuery:
    """Return which entries a request asks for: those of its account alone."""
    return AuditQuery(
        account=caller_of(request).account,
        actor=actor,
        action=action,
        about=about,
        since=_moment("since", since),
        until=_moment("until", until),
    )


def _moment(field: str, given: datetime | None) -> datetime | None:
    if given is not None and given.tzinfo is None:
        raise BadInputError(field, "has no time zone: write 2026-11-24T12:00:00Z")
    return given


async def _lines(
    first: tuple[AuditEntry, ...], rest: AsyncGenerator[tuple[AuditEntry, ...]]
) -> AsyncGenerator[bytes]:
    encode = msgspec.json.Encoder().encode_lines
    yield encode(first)
    async for entries in rest:
        yield encode(entries)


ROUTES = (list_audit, export_audit, list_installation_audit, export_installation_audit)
