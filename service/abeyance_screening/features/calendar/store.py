"""Stored deadlines: who looks what becomes of a measure."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from abeyance_screening.platform.postgres.database import ConnectedStore, query, reaching


class DatabaseLookers(ConnectedStore):
    """Who looks after which measure."""

    async def lookers(self) -> Mapping[str, str]:
        """Return who looks after each measure that somebody looks after, by measure id."""
        async with self._connect() as connection:
            with reaching():
                rows = await connection.fetch(query("measure_lookers"))
        found = msgspec.convert([tuple(row) for row in rows], list[tuple[str, str | None]])
        return {measure: looker for measure, looker in found if looker is not None}

    async def add(
        self, measure_ids: Sequence[str], looker: str | None, by: tuple[str, datetime]
    ) -> None:
        """Record who looks after some measures from now on, None for nobody."""
        async with self._connect() as connection:
            with reaching():
                async with connection.transaction():
                    await connection.execute(
                        query("add_measure_lookers"), measure_ids, looker, *by
                    )
