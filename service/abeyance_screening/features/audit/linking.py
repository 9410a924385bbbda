"""What links the entries of the audit log while a service runs, and the head that exports tell."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

import msgspec

from abeyance_screening.platform.access.audit_chain import AuditChain, ChainHead
from abeyance_screening.platform.postgres.database import AnyConnection, connected, fetched
from abeyance_screening.platform.postgres.pool import PooledStore
from abeyance_screening.platform.service import ServiceParts
from abeyance_screening.primitives.errors import (
    StoreFullError,
    StoreReadOnlyError,
    StoreUnavailableError,
)

# Until it is linked an entry can be changed unseen. A look costs the database a millisecond.
LINK_EVERY_S = 1.0
# Entries of transactions that took very long are found by looking at all.
_ALL_EVERY_S = 3_600.0
logger = logging.getLogger(__name__)


@asynccontextmanager
async def linking_audit(parts: ServiceParts) -> AsyncGenerator[None]:
    """Link what is written to the audit log, until the last request."""
    task = asyncio.create_task(_link_for_ever(parts.pool))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def linked_head(connection: AnyConnection) -> ChainHead:
    """Link all entries and return the head, where nothing can be written that of those linked."""
    chain = AuditChain(connection)
    with suppress(StoreReadOnlyError, StoreFullError):
        await chain.link()
    return await chain.head()


class AuditHealth(msgspec.Struct, frozen=True, kw_only=True):
    """The head of the chain of the audit log, and what is wrong with it; None for nothing."""

    head: str
    fault: str | None

    @property
    def line(self) -> str:
        """The health in a line."""
        return f"Audit log: {self.fault or 'as it was written'}. Head: {self.head}"


async def audit_health(dsn: str) -> AuditHealth | None:
    """Link and check the audit log of a database; None where that has no chain yet."""
    async with connected(dsn) as connection:
        if not (await fetched(connection, "has_audit_chain"))[0]["has_chain"]:
            return None
        head = await linked_head(connection)
        return AuditHealth(head=head.text, fault=await AuditChain(connection).fault())


async def _link_for_ever(pool: PooledStore) -> None:
    all_at = 0.0
    while True:
        is_all = time.monotonic() >= all_at
        try:
            async with pool.connect() as connection:
                await AuditChain(connection).link(is_all=is_all)
            all_at = time.monotonic() + _ALL_EVERY_S if is_all else all_at
        except StoreUnavailableError:
            logger.debug("audit.not_linked")
        except Exception:
            logger.exception("audit.linking_failed")
        await asyncio.sleep(LINK_EVERY_S)
