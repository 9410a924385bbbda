"""Budgets of limits in the database, leased by the processes."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from abeyance_screening.platform.limits.limits import LEASE_S, Grant, Ledger, Settlement, settle
from abeyance_screening.platform.postgres.database import AnyConnection, fetched, reaching
from abeyance_screening.platform.postgres.pool import PooledStore

# --- Limits: what is left of each budget, and what each process leased of it.


class _BudgetRow(msgspec.Struct, frozen=True):
    name: str
    remaining: float
    settled_at: datetime


class _LeaseRow(msgspec.Struct, frozen=True):
    name: str
    leased: float
    elsewhere: float
    now: datetime


class PooledBudgets:
    """The budgets of a database, as one process settles them."""

    def __init__(self, pool: PooledStore) -> None:
        self._pool = pool

    async def settle(self, said: Sequence[Settlement]) -> tuple[Grant, ...]:
        """Settle budgets for this process, all or none, and return its share of each in order.

        Budgets are locked in the order of their names, so that processes wait for each other and
        never in a circle.
        """
        with reaching():
            async with self._pool.connect() as connection, connection.transaction():
                budgets = await self._locked(connection, said)
                names = list(budgets)
                rows = await fetched(
                    connection, "limit_leases", names, self._pool.process, LEASE_S
                )
                leases = [msgspec.convert(dict(row), _LeaseRow) for row in rows]
                now = max(each.now for each in leases)
                ledgers = {each.name: _ledger(budgets[each.name], each) for each in leases}
                settled = [settle(ledgers[each.budget.name], each, now) for each in said]
                await self._record(connection, said, [each for each, _ in settled], now)
        return tuple(share for _, share in settled)

    async def _locked(
        self, connection: AnyConnection, said: Sequence[Settlement]
    ) -> dict[str, _BudgetRow]:
        """Return the budgets by name, locked; those that were never used are new."""
        amounts = {each.budget.name: float(each.budget.capacity) for each in said}
        names = sorted(amounts)
        found = await fetched(connection, "lock_limit_budgets", names)
        if len(found) < len(names):
            # in the same order, because adding a row may wait as well
            sizes = [amounts[name] for name in names]
            await fetched(connection, "open_limit_budgets", names, sizes)
            found = await fetched(connection, "lock_limit_budgets", names)
        rows = [msgspec.convert(dict(row), _BudgetRow) for row in found]
        return {each.name: each for each in rows}

    async def _record(
        self,
        connection: AnyConnection,
        said: Sequence[Settlement],
        ledgers: Sequence[Ledger],
        now: datetime,
    ) -> None:
        await fetched(
            connection,
            "settle_limit_budgets",
            [each.budget.name for each in said],
            [each.left for each in ledgers],
            [each.leased for each in ledgers],
            self._pool.process,
            now,
            now + timedelta(seconds=LEASE_S),
        )


def _ledger(budget: _BudgetRow, lease: _LeaseRow) -> Ledger:
    return Ledger(
        left=budget.remaining,
        at=budget.settled_at,
        leased=lease.leased,
        elsewhere=lease.elsewhere,
    )
