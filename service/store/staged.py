"""The listings of an edition that is not stored yet, in a table of the loading session."""

from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Iterable
from contextlib import asynccontextmanager

import asyncpg
import msgspec

from service.errors import ListRefusedError
from service.lists.edition import ListedNames, ListingRecord
from service.lists.listing import EntityType, Name
from service.lists.ports import StagedCounts
from service.store.sql import query, reaching

# A million listings are stored in a minute; a slow disk may take much longer.
STAGED_TIMEOUT_S = 3_600.0
_ROWS_AT_ONCE = 1_000
_STAGED = "staged_listing"
_NAMES = msgspec.json.Decoder(tuple[Name, ...])


class Staging:
    """The staged listings of one list from one source, beside its current ones.

    Nobody else sees them, and they are gone with the session, however it ends.
    """

    def __init__(self, connection: asyncpg.Connection, list_code: str, source: str) -> None:
        self._connection = connection
        self._list = (list_code, source)

    async def put(self, records: AsyncIterable[ListingRecord]) -> int:
        """Stage the listings of an edition, or those that a delta puts; return their number.

        Raises:
            ListRefusedError: Two have the same id.
            StoreUnavailableError: The database does not answer.
        """
        with reaching():
            done = await self._connection.copy_records_to_table(
                _STAGED,
                columns=("listing_id", "digest", "body"),
                records=_rows(records),
                timeout=STAGED_TIMEOUT_S,
            )
        try:
            await self._run("index_staging")
        except asyncpg.UniqueViolationError as error:
            reason = f"two entries have the same id: {error.detail}"
            raise ListRefusedError(self._list[0], reason) from None
        await self._run("analyse_staging")
        return int(done.removeprefix("COPY "))

    async def remove_others(self) -> None:
        """Stage that all current listings leave that are not staged."""
        await self._run("stage_gone", *self._list)
        await self._run("analyse_staging")

    async def remove(self, listing_ids: Iterable[str]) -> None:
        """Stage that these listings leave."""
        with reaching():
            await self._connection.copy_records_to_table(
                _STAGED,
                columns=("listing_id",),
                records=[(each,) for each in listing_ids],
                timeout=STAGED_TIMEOUT_S,
            )
        await self._run("analyse_staging")

    async def current_among(self, listing_ids: Iterable[str]) -> frozenset[str]:
        """Return which of these listings are current."""
        with reaching():
            rows = await self._connection.fetch(
                query("current_among"), *self._list, list(listing_ids), timeout=STAGED_TIMEOUT_S
            )
        return msgspec.convert([row["listing_id"] for row in rows], frozenset[str])

    async def counts(self) -> StagedCounts:
        """Return how many listings are new, differ, and leave."""
        with reaching():
            row = await self._connection.fetchrow(
                query("staged_counts"), *self._list, timeout=STAGED_TIMEOUT_S
            )
        return msgspec.convert(dict(row or {}), StagedCounts)

    async def changed_names(
        self,
    ) -> AsyncIterator[tuple[ListedNames | None, ListedNames | None]]:
        """Yield what a question can match of each listing that is new, differs or leaves.

        That is before and after; None where it was not listed, or is no more.
        """
        async for row in self._cursor("staged_names"):
            yield _listed(row[:3]), _listed(row[3:])

    async def unchanged_names(self) -> AsyncIterator[ListedNames]:
        """Yield what a question can match of each listing that stays as it is."""
        async for row in self._cursor("unstaged_names"):
            names = _listed(row)
            if names is not None:
                yield names

    async def store(self, edition_id: int) -> None:
        """Store what is new and differs, current from an edition on, and end what it replaces."""
        await self._run("close_staged", edition_id, *self._list)
        await self._run("add_staged", edition_id, *self._list)

    async def _cursor(self, name: str) -> AsyncIterator[tuple[object, ...]]:
        with reaching():
            rows = self._connection.cursor(
                query(name), *self._list, prefetch=_ROWS_AT_ONCE, timeout=STAGED_TIMEOUT_S
            )
            async for row in rows:
                yield tuple(row)

    async def _run(self, name: str, *arguments: object) -> None:
        with reaching():
            await self._connection.execute(query(name), *arguments, timeout=STAGED_TIMEOUT_S)


@asynccontextmanager
async def staging(
    connection: asyncpg.Connection, list_code: str, source: str
) -> AsyncGenerator[Staging]:
    """Open a table for the listings of an edition, and drop it at the end.

    Raises:
        StoreUnavailableError: The database does not answer.
    """
    with reaching():
        await connection.execute(query("drop_staging"))
        await connection.execute(query("make_staging"))
    try:
        yield Staging(connection, list_code, source)
    finally:
        if not connection.is_closed():
            with reaching():
                await connection.execute(query("drop_staging"))


async def _rows(
    records: AsyncIterable[ListingRecord],
) -> AsyncIterator[tuple[str, str, str]]:
    async for each in records:
        yield each.listing_id, each.digest, each.body


def _listed(row: tuple[object, ...]) -> ListedNames | None:
    entity_type, printed, numbers = msgspec.convert(row, tuple[EntityType | None, str | None, int])
    if printed is None:
        return None
    return ListedNames(entity_type=entity_type, names=_NAMES.decode(printed), number_count=numbers)
