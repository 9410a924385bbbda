"""The register of this machine's database, changed without a key."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from abeyance_screening.features.register.events import Operators
from abeyance_screening.platform.local_data import register_at
from abeyance_screening.primitives.days import utc_now


@asynccontextmanager
async def local_operators(dsn: str) -> AsyncGenerator[Operators]:
    """Yield the register of a database, for changes without an operator's key.

    A user with access to the database may change it anyway.
    """
    async with register_at(dsn) as (store, boards):
        yield Operators(store, boards, utc_now)
