"""The coverages that brief answers refer to, in the database."""

import msgspec

from abeyance_screening.engine.screening.answer_brief import CoverageRecord
from abeyance_screening.platform.postgres.database import fetched
from abeyance_screening.platform.postgres.pool import PooledStore
from abeyance_screening.primitives.errors import NotFoundError


class CoverageStore:
    """Records of coverage, shared by all accounts: they say nothing of any question."""

    def __init__(self, pool: PooledStore) -> None:
        self._pool = pool

    async def add(self, record: CoverageRecord) -> None:
        """Store a record, if it is not stored yet."""
        body = msgspec.json.encode(record).decode()
        await fetched(self._pool.pool, "add_coverage", record.id, body)

    async def get(self, key: str) -> bytes:
        """Return the JSON of a `CoverageRecord`.

        Raises:
            NotFoundError: No answer referred to it.
        """
        rows = await fetched(self._pool.pool, "coverage_record", key)
        if not rows:
            raise NotFoundError("coverage", key)
        return msgspec.convert(rows[0]["record"], str).encode()
