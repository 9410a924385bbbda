"""The listings of an edition that is not stored yet, in a table of the loading session."""

from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import override

import asyncpg
import msgspec

from abeyance_screening.engine.lists.edition import ListedNames, ListingRecord
from abeyance_screening.engine.lists.listing import EntityType, Name
from abeyance_screening.engine.lists.loading_ports import StagedCounts, StagedListings
from abeyance_screening.engine.lists.reading.files import AskedEntities, FoundEntities, KeptEntity
from abeyance_screening.platform.postgres.database import AnyConnection, query, reaching
from abeyance_screening.primitives.errors import ListRefusedError

# A million listings are stored in a minute; a slow disk may take much longer.
STAGED_TIMEOUT_S = 3_600.0
_ROWS_AT_ONCE = 1_000
_STAGED = "staged_listing"
_DROPPED = ("drop_staging", "drop_entity_staging")
_MADE = ("make_staging", "make_entity_staging")
_NAMES = msgspec.json.Decoder(tuple[Name, ...])


class Staging(StagedListings):
    """The staged listings of one list from one source, beside its current ones.

    Nobody else sees them, and they are gone with the session, however it ends.
    """

    def __init__(self, connection: AnyConnection, list_code: str, source: str) -> None:
        self._connection = connection
        self._list = (list_code, source)

    @override
    async def put(self, records: AsyncIterable[ListingRecord]) -> int:
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

    @override
    async def remove_others(self) -> None:
        await self._run("stage_gone", *self._list)
        await self._run("analyse_staging")

    @override
    async def remove(self, listing_ids: Iterable[str]) -> None:
        with reaching():
            await self._connection.copy_records_to_table(
                _STAGED,
                columns=("listing_id",),
                records=[(each,) for each in listing_ids],
                timeout=STAGED_TIMEOUT_S,
            )
        await self._run("analyse_staging")

    @override
    async def current_among(self, listing_ids: Iterable[str]) -> frozenset[str]:
        with reaching():
            rows = await self._connection.fetch(
                query("current_among"), *self._list, list(listing_ids), timeout=STAGED_TIMEOUT_S
            )
        return msgspec.convert([row["listing_id"] for row in rows], frozenset[str])

    @override
    async def counts(self) -> StagedCounts:
        with reaching():
            row = await self._connection.fetchrow(
                query("staged_counts"), *self._list, timeout=STAGED_TIMEOUT_S
            )
        return msgspec.convert(dict(row or {}), StagedCounts)

    @override
    async def leaving_at_end(self, most: int) -> tuple[bool, ...]:
        with reaching():
            rows = await self._connection.fetch(
                query("leaving_at_end"), *self._list, most, timeout=STAGED_TIMEOUT_S
            )
        return msgspec.convert([row["leaves"] for row in rows], tuple[bool, ...])

    @override
    async def coming_at_end(self) -> int:
        with reaching():
            row = await self._connection.fetchrow(
                query("coming_at_end"), *self._list, timeout=STAGED_TIMEOUT_S
            )
        return 0 if row is None else msgspec.convert(row["coming"], int)

    @override
    async def store_order(self) -> None:
        await self._run("put_staged_order", *self._list)

    @override
    async def changed_names(
        self,
    ) -> AsyncIterator[tuple[ListedNames | None, ListedNames | None]]:
        async for row in self._cursor("staged_names"):
            yield _listed(row[:3]), _listed(row[3:])

    @override
    async def unchanged_names(self) -> AsyncIterator[ListedNames]:
        async for row in self._cursor("unstaged_names"):
            names = _listed(row)
            if names is not None:
                yield names

    @override
    async def store(self, edition_id: int) -> None:
        await self._run("close_staged", edition_id, *self._list)
        await self._run("add_staged", edition_id, *self._list)

    @override
    async def put_entities(self, entities: AsyncIterable[KeptEntity]) -> None:
        with reaching():
            await self._connection.copy_records_to_table(
                "staged_entity",
                columns=("entity_id", "ends", "pointers", "body"),
                records=_entity_rows(entities),
                timeout=STAGED_TIMEOUT_S,
            )
        await self._run("analyse_entity_staging")

    @override
    async def keeps_entities(self, edition_id: int) -> bool:
        with reaching():
            row = await self._connection.fetchrow(query("keeps_entities"), edition_id)
        return row is not None and msgspec.convert(row["keeps_entities"], bool)

    @override
    async def entities_beside(self, entities: AskedEntities) -> FoundEntities:
        found = _EntityById()
        touched = frozenset(entities.touched)
        near = found.add(
            await self._entities("entities_by_id", touched),
            await self._entities("entities_ending_at", touched),
            await self._entities("entities_holding", touched),
        )
        affected = touched | set(entities.ends) | near.keys()
        affected |= {other for each in near.values() for other in each.ends}
        found.add(
            await self._entities("entities_by_id", affected - near.keys()),
            await self._entities("entities_ending_at", affected),
        )
        held = {*entities.pointers, *found.pointed_to}
        found.add(await self._entities("entities_by_id", held - found.by_id.keys()))
        return FoundEntities(
            affected=tuple(sorted(affected)),
            bodies=tuple(each.body for each in found.by_id.values() if each.body is not None),
        )

    @override
    async def replace_entities(self, edition_id: int, *, are_kept: bool) -> None:
        code, _ = self._list
        if not are_kept:
            await self._run("delete_entities", code)
        else:
            await self._run("delete_other_entities", code)
            await self._run("keep_staged_entities", code)
            await self._run("mark_entities", edition_id)

    @override
    async def change_entities(self, edition_id: int) -> None:
        code, _ = self._list
        await self._run("delete_staged_entities", code)
        await self._run("keep_staged_entities", code)
        await self._run("mark_entities", edition_id)

    async def _entities(self, name: str, entity_ids: Iterable[str]) -> list[KeptEntity]:
        with reaching():
            rows = await self._connection.fetch(
                query(name), self._list[0], list(entity_ids), timeout=STAGED_TIMEOUT_S
            )
        return msgspec.convert([tuple(row) for row in rows], list[KeptEntity])

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
    connection: AnyConnection, list_code: str, source: str
) -> AsyncGenerator[Staging]:
    """Open a table for the listings of an edition, and drop it at the end."""
    with reaching():
        for name in _DROPPED:
            await connection.execute(query(name))
        for name in _MADE:
            await connection.execute(query(name))
    try:
        yield Staging(connection, list_code, source)
    finally:
        if not connection.is_closed():
            with reaching():
                for name in _DROPPED:
                    await connection.execute(query(name))


class _EntityById:
    """Kept entities that were found, by their ids."""

    def __init__(self) -> None:
        self.by_id = dict[str, KeptEntity]()

    def add(self, *found: Iterable[KeptEntity]) -> Mapping[str, KeptEntity]:
        """Add entities and return them, each once."""
        these = {each.entity_id: each for some in found for each in some}
        self.by_id |= these
        return these

    @property
    def pointed_to(self) -> set[str]:
        """What the entities point to in any way."""
        return {other for each in self.by_id.values() for other in (*each.ends, *each.pointers)}


async def _entity_rows(
    entities: AsyncIterable[KeptEntity],
) -> AsyncIterator[tuple[str, tuple[str, ...], tuple[str, ...], str | None]]:
    async for each in entities:
        yield each.entity_id, each.ends, each.pointers, each.body


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
