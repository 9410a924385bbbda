"""Changes that wait for a second person, over HTTP: listed, approved, refused."""

from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import QueryParameter
from litestar.status_codes import HTTP_200_OK

from abeyance_screening.platform.access.callers import needs
from abeyance_screening.platform.access.pending_changes import PendingChange, PendingState
from abeyance_screening.platform.http.problems import (
    BAD_REQUEST,
    CONFLICT,
    FORBIDDEN,
    NOT_FOUND,
    UNAUTHORISED,
    UNAVAILABLE,
    problem_responses,
)
from abeyance_screening.platform.http.security import SECURITY
from abeyance_screening.platform.questions.parameters import ThePage
from abeyance_screening.platform.questions.pending_desk import ChangeId, ThePending
from abeyance_screening.primitives.cursors import NextCursor, number_of, page_ahead

PENDING_PATH = "/v1/pending-changes"
_REFUSED = (BAD_REQUEST, UNAUTHORISED, FORBIDDEN)


class PendingChangePage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of changes that wait or waited for a second person, the newest first."""

    items: tuple[PendingChange, ...]
    """The changes."""
    next_cursor: NextCursor


StateAsked = Annotated[
    PendingState | None, QueryParameter(name="state", description="Only in this state.")
]


@get(
    PENDING_PATH,
    opt=needs("admin", reading="changes.listed"),
    operation_id="listPendingChanges",
    responses=problem_responses(*_REFUSED, UNAVAILABLE),
    security=SECURITY,
    summary="What waits for a second person",
    tags=["Approvals"],
)
async def list_pending(
    changes_pending: ThePending, page: ThePage, change_state: StateAsked = None
) -> PendingChangePage:
    """Return the changes of the account that wait for a second person, or waited."""
    before = None if page.cursor is None else number_of("pending-changes", page.cursor)
    found = await changes_pending.store().listed(before, change_state, page.limit + 1)
    items, more = page_ahead("pending-changes", found, lambda change: str(change.id), page.limit)
    return PendingChangePage(items=items, next_cursor=more)


@post(
    PENDING_PATH + "/{change_id:int}/approve",
    opt=needs("admin", change="change.approved", about="change_id"),
    operation_id="approveChange",
    responses=problem_responses(*_REFUSED, NOT_FOUND, CONFLICT, UNAVAILABLE),
    security=SECURITY,
    summary="Approve a change",
    tags=["Approvals"],
    status_code=HTTP_200_OK,
)
async def approve_change(change_id: ChangeId, changes_pending: ThePending) -> PendingChange:
    """Do what waits for a second person.

    Whoever asked for it may not, nor anybody whose name can be taken for theirs, nor who made or
    replaced the key of the other.
    """
    return await changes_pending.approve(change_id)


@post(
    PENDING_PATH + "/{change_id:int}/refuse",
    opt=needs("admin", change="change.refused", about="change_id"),
    operation_id="refuseChange",
    responses=problem_responses(*_REFUSED, NOT_FOUND, UNAVAILABLE),
    security=SECURITY,
    summary="Refuse a change",
    tags=["Approvals"],
    status_code=HTTP_200_OK,
)
async def refuse_change(change_id: ChangeId, changes_pending: ThePending) -> PendingChange:
    """Refuse what waits for a second person; whoever asked for it takes it back by this."""
    return await changes_pending.refuse(change_id)


ROUTES = (list_pending, approve_change, refuse_change)
