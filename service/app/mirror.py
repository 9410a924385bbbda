"""A mirror: one copy of what publishers serve, asked instead of them.

It has each file under the publisher's host and path (and query): that of the United Nations under
`<mirror>/scsanctions.un.org/resources/xml/en/consolidated.xml`.
"""

from collections.abc import Callable

from service.fetch import Fetched, Patience, Seen, fetch
from service.model.errors import FetchFailedError


async def fetch_through(
    mirror: str | None,
    url: str,
    patience: Patience,
    *,
    seen: Seen | None = None,
    arrived: Callable[[int, int | None], None] | None = None,
) -> Fetched:
    """What stands at a publisher's address, had from the mirror where there is one.

    Raises:
        FetchFailedError: It could not be had whole; the publisher's address is named, for the
            mirror's is nobody's business in a message.
    """
    address = url if mirror is None else f"{mirror.rstrip('/')}/{url.split('://', 1)[1]}"
    try:
        return await fetch(address, seen=seen, patience=patience, on_progress=arrived)
    except FetchFailedError as failure:
        raise FetchFailedError(url, failure.reason) from failure
