"""Editions and tries to load them."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

import asyncpg
import msgspec

from service.model.edition import (
    Download,
    Edition,
    ListedNames,
    ListingRecord,
    LoadAttempt,
    NewEdition,
)
from service.model.listing import EntityType, Name
from service.model.terms import ListTerms
from service.store.sql import query, reaching
from service.store.terms import every_terms, put_terms

# Loading copies tens of thousands of rows; a lock held by another loader is waited for.
LOAD_TIMEOUT_S = 300.0


async def every_edition(connection: asyncpg.Connection) -> tuple[Edition, ...]:
    """Every edition there ever was, by list code, source and id."""
    with reaching():
        rows = await connection.fetch(query("every_edition"))
    return msgspec.convert([dict(row) for row in rows], tuple[Edition, ...])


async def last_attempts(connection: asyncpg.Connection) -> tuple[LoadAttempt, ...]:
    """The last try to load each list from each source, by list code and source."""
    with reaching():
        rows = await connection.fetch(query("last_attempts"))
    return msgspec.convert([dict(row) for row in rows], tuple[LoadAttempt, ...])


class Loading:
    """One transaction that stores editions: all of them stand at its end, or none."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def current_editions(self) -> Mapping[tuple[str, str], Edition]:
        """The newest edition of each list from each source, by list and source code."""
        rows = await self._connection.fetch(query("current_editions"))
        editions = msgspec.convert([dict(row) for row in rows], tuple[Edition, ...])
        return {(each.list_code, each.source): each for each in editions}

    async def current_digests(self, list_code: str, source: str) -> Mapping[str, str]:
        """Digest by listing id, of the listings that stand now."""
        rows = await self._connection.fetch(query("current_digests"), list_code, source)
        return {row["listing_id"]: row["digest"] for row in rows}

    async def current_names(self, list_code: str, source: str) -> Mapping[str, ListedNames]:
        """What a question can meet of the listings that stand now, by listing id."""
        rows = await self._connection.fetch(
            query("current_names"), list_code, source, timeout=LOAD_TIMEOUT_S
        )
        names = msgspec.json.Decoder(tuple[Name, ...])
        read = msgspec.convert(
            [tuple(row) for row in rows], list[tuple[str, EntityType | None, str, int]]
        )
        return {
            listing_id: ListedNames(
                entity_type=entity_type, names=names.decode(printed), number_count=numbers
            )
            for listing_id, entity_type, printed, numbers in read
        }

    async def every_terms(self) -> Mapping[str, ListTerms]:
        """What operators hold lists of their own to, by list code."""
        return {each.list_code: each for each in await every_terms(self._connection)}

    async def put_terms(self, terms: ListTerms) -> None:
        """Keeps what a list is held to from now on."""
        await put_terms(self._connection, terms)

    async def had_edition(self, list_code: str, source: str, sha256: str) -> bool:
        """Whether these bytes were an edition of the list from that source before."""
        return msgspec.convert(
            await self._connection.fetchval(query("had_edition"), list_code, source, sha256), bool
        )

    async def add_edition(self, edition: NewEdition) -> int:
        """Stores the edition's own row and gives its id."""
        return msgspec.convert(
            await self._connection.fetchval(
                query("add_edition"),
                edition.list_code,
                edition.source,
                edition.sha256,
                edition.format,
                edition.reader,
                edition.published_on,
                edition.loaded_at,
                edition.confirmed_at,
                edition.entry_count,
                edition.accepted,
            ),
            int,
        )

    async def confirm_edition(self, edition_id: int, at: datetime) -> None:
        """Notes that a publisher was seen to offer an edition still."""
        await self._connection.execute(query("confirm_edition"), edition_id, at)

    async def close_versions(
        self, edition_id: int, source: str, listing_ids: Sequence[str]
    ) -> None:
        """Ends the current versions of these listings at this edition."""
        await self._connection.execute(
            query("close_versions"), edition_id, source, listing_ids, timeout=LOAD_TIMEOUT_S
        )

    async def add_versions(
        self, edition_id: int, list_code: str, source: str, records: Sequence[ListingRecord]
    ) -> None:
        """Stores new versions of listings, current from this edition on."""
        await self._connection.copy_records_to_table(
            "listing_version",
            columns=("listing_id", "list_code", "source", "first_edition", "digest", "body"),
            records=[
                (record.listing_id, list_code, source, edition_id, record.digest, record.body)
                for record in records
            ],
            timeout=LOAD_TIMEOUT_S,
        )

    async def add_attempt(self, attempt: LoadAttempt) -> None:
        """Records how the try to load a list ended."""
        await self._connection.execute(
            query("add_attempt"),
            attempt.list_code,
            attempt.source,
            attempt.at,
            attempt.outcome,
            attempt.reason,
        )

    async def note_download(self, download: Download) -> None:
        """Keeps how the last download of a source went."""
        await self._connection.execute(
            query("note_download"),
            download.source,
            download.tried_at,
            download.failures,
            msgspec.json.encode(download.seen).decode(),
            download.sha256,
        )


@asynccontextmanager
async def loading(connection: asyncpg.Connection) -> AsyncGenerator[Loading]:
    """Opens the transaction in which editions are stored, alone among all processes.

    At its end every process that holds an index is told.

    Raises:
        StoreUnavailableError: The database does not answer; nothing was stored.
    """
    with reaching():
        async with connection.transaction():
            await connection.fetch(query("lock_loading"), timeout=LOAD_TIMEOUT_S)
            yield Loading(connection)
            await connection.fetch(query("tell_followers"))
