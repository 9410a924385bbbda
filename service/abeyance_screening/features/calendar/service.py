"""Deadlines in the running service: who looks after what, and the counts for `/metrics`."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from litestar.di import Provide
from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from abeyance_screening.engine.measures.board import CurrentBoard
from abeyance_screening.engine.measures.register.check import SHORT, text_findings
from abeyance_screening.features.calendar.deadlines import (
    DeadlineBoard,
    counts_of,
    deadlines_on,
)
from abeyance_screening.features.calendar.store import DatabaseLookers
from abeyance_screening.platform.service import ServiceParts, always
from abeyance_screening.primitives.days import Days
from abeyance_screening.primitives.errors import BadInputError

logger = logging.getLogger(__name__)


class Deadlines:
    """The board of deadlines, and the record of who looks after which measure."""

    def __init__(
        self, store: DatabaseLookers, boards: CurrentBoard, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._boards = boards
        self._now = now

    async def on(self, days: Days) -> DeadlineBoard:
        """Return the deadlines around a day, with who looks now."""
        lookers = await self._store.lookers()
        return await asyncio.to_thread(deadlines_on, self._boards.get(), days, lookers)

    async def take(self, measure_ids: Sequence[str], looker: str | None, by: str) -> None:
        """Record who looks what becomes of some measures, None for nobody.

        Raises:
            NotFoundError: No measure has one of the ids.
            BadInputError: The name cannot be stored.
        """
        for field, reason in text_findings("looker", looker, SHORT):
            raise BadInputError(field, reason)
        register = self._boards.get().register
        ids = tuple(dict.fromkeys(register.get(each).id for each in measure_ids))
        await self._store.add(ids, looker, (by, self._now()))
        logger.info("deadline.taken", extra={"measures": len(ids)})

    async def counts(self) -> Mapping[str, int]:
        """Return the counts of today's board."""
        today = self._now().astimezone(UTC).date()
        board = await self.on(Days(as_of=today, known_at=today))
        return counts_of(board)


def dependencies(parts: ServiceParts) -> Mapping[str, Provide]:
    """Return the board of deadlines."""
    return {"deadlines": always(_deadlines(parts))}


def _deadlines(parts: ServiceParts) -> Deadlines:
    return Deadlines(DatabaseLookers(parts.pool.connect_unit), parts.boards, parts.now)


async def metrics(parts: ServiceParts) -> tuple[Metric, ...]:
    """Return how many measures lapsed, change soon, and were read too long ago."""
    counts = await _deadlines(parts).counts()
    gauge = GaugeMetricFamily(
        "abeyance_deadlines",
        "Measures that lapsed unconfirmed in the last 30 days or before, that change in the next "
        "30, that nobody looks after, or that were read too long ago.",
        labels=("what",),
    )
    for what, number in counts.items():
        gauge.add_metric((what,), number)
    return (gauge,)
