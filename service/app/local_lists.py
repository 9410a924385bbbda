"""How the lists of a prepared database stand, without a service or an index."""

from service.app.clock import utc_now
from service.app.stores import StoreOnConnection
from service.flow.coverage import lists_on
from service.model.answer import ListAnswer
from service.store.sql import connected


async def local_lists(dsn: str) -> tuple[ListAnswer, ...]:
    """Every list as it stands today, known ones first.

    Raises:
        StoreUnavailableError: The database does not answer.
    """
    async with connected(dsn) as connection:
        lists = await StoreOnConnection(connection).read_lists()
    return tuple(lists_on(lists, utc_now().date()))
