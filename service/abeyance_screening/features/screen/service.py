"""Screenings in the running service: what handlers receive, and what is kept no longer."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from uuid import UUID

import msgspec
from litestar.di import Provide

from abeyance_screening.engine.screening.storage import ScreeningSummary, summary_in
from abeyance_screening.features.screen.coverage_store import CoverageStore
from abeyance_screening.platform.http.bodies import TypedRequest
from abeyance_screening.platform.http.entrance import caller_of, check_scope
from abeyance_screening.platform.postgres.database import fetched
from abeyance_screening.platform.service import ServiceParts, always
from abeyance_screening.platform.stores.judgements import (
    HitJudgement,
    NamedCounterparties,
    counterparties_named,
    newest_judgements,
)
from abeyance_screening.platform.stores.tidying import Tidying
from abeyance_screening.primitives.errors import StoreUnavailableError

logger = logging.getLogger(__name__)
# Answers read one after another; between them other work has its turn.
_READ_AT_ONCE = 100
type JudgementsOf = Callable[[Sequence[str]], Awaitable[tuple[HitJudgement, ...]]]
"""Returns what an account decided about counterparties, by their ids, to callers who may know."""
type DecisionsOn = Callable[[str], Awaitable[NamedCounterparties | None]]
"""Returns what an account decided about a name; None for callers who may not know, or while the
database is away."""


def dependencies(parts: ServiceParts) -> Mapping[str, Provide]:
    """Return the coverages that brief answers refer to, and the decisions of an account."""

    async def judgements_of(request: TypedRequest) -> JudgementsOf:
        async def decided(counterparties: Sequence[str]) -> tuple[HitJudgement, ...]:
            check_scope(request, "counterparties")
            place, account = parts.pool.pool, caller_of(request).account
            return await newest_judgements(place, account, counterparties)

        return decided

    async def decisions_on(request: TypedRequest) -> DecisionsOn:
        async def decided(name: str) -> NamedCounterparties | None:
            caller = caller_of(request)
            if parts.settings.database_url is None or "counterparties" not in caller.scopes:
                return None
            try:
                return await counterparties_named(parts.pool.pool, caller.account, name)
            except StoreUnavailableError:
                return None

        return decided

    return {
        "decisions_on": Provide(decisions_on),
        "coverages": always(CoverageStore(parts.pool)),
        "judgements_of": Provide(judgements_of),
    }


async def delete_old_screenings(work: Tidying) -> None:
    """Delete screenings that are kept no longer, and read what those of before are about.

    Raises:
        StoreUnavailableError: The database does not answer; some may be deleted.
    """
    deleted = await work.delete_kept_too_long("delete_old_screenings")
    if deleted:
        logger.info("screenings.deleted_in_time", extra={"count": deleted})
    while rows := await fetched(work.connection, "screenings_to_describe", _READ_AT_ONCE):
        for key, account in msgspec.convert([tuple(row) for row in rows], list[tuple[UUID, str]]):
            await _describe(work, key, account)


async def _describe(work: Tidying, key: UUID, account: str) -> None:
    """Record what a screening is about; one that cannot be read is about nobody known."""
    store = work.accounts.of(account)
    answer = await store.answer(key)
    try:
        summary = await asyncio.to_thread(summary_in, b"".join(answer or ()))
    except msgspec.MsgspecError:
        logger.warning("screening.not_read", extra={"screening": str(key)})
        summary = ScreeningSummary(counterparty_count=0, counterparty_ids=(), outcome="incomplete")
    await store.describe(key, summary)
