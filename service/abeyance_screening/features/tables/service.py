"""The spreadsheet page in the running service: what handlers receive, what is kept no longer."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from uuid import uuid4

from litestar.di import Provide

from abeyance_screening.features.tables.requests import TablesInChild, parties_of_tables
from abeyance_screening.features.tables.saved_results import SavedResults
from abeyance_screening.features.tables.store import TableResultStore
from abeyance_screening.platform.http.bodies import TypedRequest
from abeyance_screening.platform.http.entrance import caller_of
from abeyance_screening.platform.service import ServiceParts, always
from abeyance_screening.platform.stores.tidying import Tidying

logger = logging.getLogger(__name__)


def dependencies(parts: ServiceParts) -> Mapping[str, Provide]:
    """Return the readers of tables and of their parties, and the results of the account."""
    tables = TablesInChild()
    return {
        "tables": always(tables),
        "table_parties": always(parties_of_tables(tables)),
        "saved_results": Provide(_results(parts)),
    }


def _results(parts: ServiceParts) -> Callable[[TypedRequest], Awaitable[SavedResults]]:
    """Return the function that provides the store of table results of a caller's account."""
    accounts, settings = parts.accounts, parts.settings

    async def results_of(request: TypedRequest) -> SavedResults:
        caller = caller_of(request)
        is_kept = settings.store_screenings and caller.defaults.store

        def store() -> TableResultStore:
            account = accounts.of(caller.account)
            return TableResultStore(account.place, account.account, account.since)

        return SavedResults(store if is_kept else None, uuid4, settings.keep_screenings_days)

    return results_of


async def delete_old_results(work: Tidying) -> None:
    """Delete results of tables that are kept no longer.

    Raises:
        StoreUnavailableError: The database does not answer; some may be deleted.
    """
    deleted = await work.delete_kept_too_long("delete_old_table_results")
    if deleted:
        logger.info("table_results.deleted_in_time", extra={"count": deleted})
