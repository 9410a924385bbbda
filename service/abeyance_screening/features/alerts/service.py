"""Alerts in the running service: those of the caller's account, and events kept no longer."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

import msgspec
from litestar.di import Provide

from abeyance_screening.engine.screening.desk import Desk
from abeyance_screening.features.alerts.store import Alert, AlertStore, AlertWork
from abeyance_screening.platform.http.bodies import TypedRequest
from abeyance_screening.platform.http.entrance import caller_of
from abeyance_screening.platform.postgres.pool import PooledStore
from abeyance_screening.platform.questions.parameters import TheDesk
from abeyance_screening.platform.service import ServiceParts
from abeyance_screening.platform.settings import read_settings
from abeyance_screening.platform.stores.tidying import Tidying
from abeyance_screening.primitives.errors import AlertChangesError, NotFoundError


class AlertDesk(msgspec.Struct, frozen=True, kw_only=True):
    """Serves the alerts of one account; `by` is who asks."""

    desk: Desk
    pool: PooledStore
    account: str
    by: str

    @property
    def store(self) -> AlertStore:
        """The store of the account.

        Raises:
            StoreUnavailableError: The database does not answer.
        """
        return AlertStore(self.pool.pool, self.account)

    async def work(
        self,
        key: int,
        *,
        assigned_to: str | None = None,
        acknowledged: bool | None = None,
        comment: str | None = None,
        changes: int | None = None,
    ) -> Alert:
        """Store what the caller does about an alert, and return it as it is then.

        The key is the id of any of its changes. Nobody is done with several by naming one: who is
        says how many they are.

        Raises:
            AlertChangesError: It is about another number of changes.
            NotFoundError: The account has no such alert.
            StoreUnavailableError: The database does not answer; nothing was stored.
        """
        found = await self.get(key)
        if acknowledged:
            changes = 1 if changes is None else changes
        work = AlertWork(
            by=self.by,
            at=self.desk.now(),
            assigned_to=assigned_to,
            acknowledged=acknowledged,
            comment=comment,
            changes=changes,
        )
        async with self.pool.connect() as connection, connection.transaction():
            is_stored = await self.store.work(connection, found.id, work)
        found = await self.get(key)
        if not is_stored:
            raise AlertChangesError(found.id, found.changes)
        return found

    async def get(self, key: int) -> Alert:
        """Return an alert, by the id of any of its changes.

        Raises:
            NotFoundError: The account has no such alert.
            StoreUnavailableError: The database does not answer.
        """
        found = await self.store.get(key)
        if found is None:
            raise NotFoundError("alert", str(key))
        return found


def dependencies(parts: ServiceParts) -> Mapping[str, Provide]:
    """Return the alerts of the caller's account."""
    return {"alerts": Provide(_desk_of(parts))}


def _desk_of(parts: ServiceParts) -> Callable[[TypedRequest, TheDesk], Awaitable[AlertDesk]]:
    async def desk_of(request: TypedRequest, desk: TheDesk) -> AlertDesk:
        caller = caller_of(request)
        return AlertDesk(desk=desk, pool=parts.pool, account=caller.account, by=caller.author)

    return desk_of


async def delete_old_events(work: Tidying) -> None:
    """Delete events whose time to be kept is over, and alerts with what people did about them.

    Raises:
        StoreUnavailableError: The database does not answer; some may be deleted.
    """
    days = read_settings().watching.keep_events_days
    if days is not None:
        before = work.now - timedelta(days=days)
        await work.delete_all("delete_old_alerts", before)
        await work.delete_all("delete_old_events", before)
