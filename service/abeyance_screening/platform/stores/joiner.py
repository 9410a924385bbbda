"""Listings joined into parties in a process of its own."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from abeyance_screening.engine.screening.parties.join import basis_of, join_parties
from abeyance_screening.platform.sandbox.pool import ChildPool, EndedError, Limits
from abeyance_screening.platform.stores.parties import JoinedParties
from abeyance_screening.primitives.errors import BusyError, StoreUnavailableError

# --- The joining of parties, whose memory a service does not keep.


_JOIN_LIMITS = Limits(seconds=120, megabytes=2_000)


class PartiesInChild:
    """Joins parties in a child process; in this one where that one was stopped or crashed.

    What was joined is kept in the database: the next process with the same listings reads it.
    """

    def __init__(self, parties: JoinedParties, now: Callable[[], datetime]) -> None:
        self._kept = parties
        self._now = now
        self._apart = ChildPool("parties", _JOIN_LIMITS, at_once=1, waiting=1)

    async def __call__(self, listings: bytes) -> bytes:
        """Return what `join_parties` does."""
        basis = await asyncio.to_thread(basis_of, listings)
        with suppress(StoreUnavailableError):
            known = await self._kept.read(basis)
            if known is not None:
                return known
        written = await self._joined(listings)
        with suppress(StoreUnavailableError):
            await self._kept.keep(basis, written, self._now())
        return written

    async def _joined(self, listings: bytes) -> bytes:
        try:
            return await self._apart(listings)
        except (EndedError, BusyError):
            return await asyncio.to_thread(join_parties, listings)
