"""Jobs in the running service: the caller's own, what waits of all, what is kept no longer."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from functools import partial

from litestar.di import Provide
from prometheus_client import Metric

from abeyance_screening.features.jobs.api import JobDesk
from abeyance_screening.features.jobs.quota import JobQuota, free_in
from abeyance_screening.features.jobs.store import JobSender, StoredJobs, WorkerJobs
from abeyance_screening.platform.access.callers import client_group
from abeyance_screening.platform.http.bodies import TypedRequest
from abeyance_screening.platform.http.entrance import address_of, caller_of
from abeyance_screening.platform.http.middleware import queue_of
from abeyance_screening.platform.postgres.database import fetched
from abeyance_screening.platform.questions.parameters import TheDesk
from abeyance_screening.platform.service import ServiceParts, gauge
from abeyance_screening.platform.stores.processes import processes_seen_soon
from abeyance_screening.platform.stores.tidying import Tidying

logger = logging.getLogger(__name__)
# Each is a megabyte, or the answers to hundreds of rows.
_ROWS_AT_ONCE = 50
# A table is received, and what a job is answered from is pinned, within these times.
_RECEIVED_IN, _PINNED_IN = timedelta(days=1), timedelta(hours=1)
_QUEUE_LOG_KEPT = timedelta(hours=1)


def dependencies(parts: ServiceParts) -> Mapping[str, Provide]:
    """Return the jobs of the caller's account."""
    return {"jobs": Provide(_jobs_of(parts))}


def _jobs_of(parts: ServiceParts) -> Callable[[TypedRequest, TheDesk], Awaitable[JobDesk]]:
    """Return the function that provides the jobs of a caller's account."""
    accounts, limiter, settings = parts.accounts, parts.entrance.limiter, parts.settings
    keep_for = timedelta(days=settings.keep_jobs_days)
    free = free_in(settings.data_dir if settings.keep_indexes else None)

    async def jobs_of(request: TypedRequest, desk: TheDesk) -> JobDesk:
        caller = caller_of(request)
        purses = limiter.purses_of(caller)
        budgets = () if purses is None else (each.budget for each in purses.counterparties)

        def store() -> StoredJobs:
            account = accounts.of(caller.account)
            return StoredJobs(account.place, account.account, keep_for, desk.now())

        return JobDesk(
            desk=desk,
            store=store if settings.store_screenings and caller.defaults.store else None,
            budgets=tuple(each for each in budgets if not each.rate),
            most_bytes=settings.job_bytes,
            quota=JobQuota(settings.job_quotas, _sender(request), free),
            processes=partial(processes_seen_soon, parts.pool),
        )

    return jobs_of


def _sender(request: TypedRequest) -> JobSender:
    caller, scope = caller_of(request), request.scope
    near = client_group(address_of(scope)) if caller.login is None else None
    return JobSender(name=queue_of(caller, scope), address=near or None)


async def metrics(parts: ServiceParts) -> tuple[Metric, ...]:
    """Return what is left to do of all jobs."""
    backlog = await WorkerJobs(parts.pool.pool, timedelta()).backlog()
    return (
        gauge("jobs_going_on", "Jobs that have not ended.", backlog.jobs),
        gauge(
            "job_rows_waiting", "Rows of jobs that were read and are not answered.", backlog.rows
        ),
    )


async def delete_old_jobs(work: Tidying) -> None:
    """Delete jobs whose time to be kept is over, and what only they needed.

    Nobody sees them from the first moment on; their rows go a few at a time.

    Raises:
        StoreUnavailableError: The database does not answer; some may be deleted.
    """
    received = work.now - _RECEIVED_IN
    hidden = await fetched(work.connection, "delete_expired_jobs", work.now, received)
    await work.delete_all("delete_job_rows", most=_ROWS_AT_ONCE)
    await work.delete_all("delete_empty_jobs")
    for name in ("delete_unused_bases", "delete_unused_job_files"):
        await fetched(work.connection, name, work.now - _PINNED_IN)
    await work.delete_all("delete_old_queue_log", work.now - _QUEUE_LOG_KEPT)
    if hidden:
        logger.info("jobs.deleted_in_time", extra={"count": len(hidden)})
