"""What one sender may have of jobs at once, and the disk that is kept free."""

import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec

from abeyance_screening.features.jobs.store import JobSender, OpenJobs, StoredJobs
from abeyance_screening.platform.settings import JobQuotas
from abeyance_screening.primitives.errors import QuotaExceededError, StoreFullError

# Jobs end when they end; so often it is worth asking.
ASK_AGAIN_S = 60
_FULL = "fewer than {:,} bytes of disk are free, which this service keeps (ABEYANCE_FREE_BYTES)"


def free_in(folder: Path | None) -> Callable[[], int | None]:
    """Return a function that says how many bytes are free where a folder is; None for unknown."""

    def free() -> int | None:
        try:
            return None if folder is None else shutil.disk_usage(folder).free
        except OSError:
            return None

    return free


class JobQuota(msgspec.Struct, frozen=True):
    """What a caller may still send.

    It is looked at before a table is taken and at each piece of it, so that requests at the same
    moment may exceed it by the pieces that were under way.
    """

    quotas: JobQuotas
    sender: JobSender
    free: Callable[[], int | None]

    async def check(self, store: StoredJobs, *, is_begun: bool) -> None:
        """Check that a job may begin, or that one that has begun may go on.

        Raises:
            QuotaExceededError: The sender, or its address, has too much that has not ended.
            StoreFullError: The disk has no room to spare.
        """
        free = self.free()
        if free is not None and free < self.quotas.free_bytes:
            raise StoreFullError(_FULL.format(self.quotas.free_bytes))
        for opened in await store.opened_by(self.sender):
            if policies := self._exceeded(opened, is_begun=is_begun):
                raise QuotaExceededError(policies, ASK_AGAIN_S)

    def _exceeded(self, opened: OpenJobs, *, is_begun: bool) -> list[str]:
        found = list[str]()
        if opened.jobs + (not is_begun) > self.quotas.jobs:
            found.append("open-jobs")
        if opened.table_bytes > self.quotas.table_bytes:
            found.append("open-job-bytes")
        return found
