"""Stored editions of lists, their listings, load attempts, downloads and changes."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime
from hashlib import sha256
from sys import intern
from typing import override

import asyncpg
import msgspec

from abeyance_screening.engine.lists.edition import (
    AttemptOnDay,
    Download,
    Edition,
    EditionCounts,
    EditionPair,
    EditionSpan,
    ExpectedEntries,
    HistoryWrite,
    ListedNames,
    ListingChange,
    ListingDifference,
    ListingRecord,
    ListingVersion,
    ListTerms,
    LoadAttempt,
    NewEdition,
    StoredLists,
    StoredSeries,
    UnknownPart,
    VersionSpan,
    packed,
)
from abeyance_screening.engine.lists.listing import EntityType, Name
from abeyance_screening.engine.lists.loading_ports import LoadTransaction
from abeyance_screening.platform.postgres.database import (
    QUERY_TIMEOUT_S,
    AnyConnection,
    ConnectedStore,
    query,
    reaching,
)
from abeyance_screening.platform.stores.profiles import (
    account_profiles,
    last_choices,
    profile_chosen,
)
from abeyance_screening.platform.stores.staging import Staging, staging

# The timeout of loading, which copies tens of thousands of rows and waits for other loaders.
LOAD_TIMEOUT_S = 300.0


class Loading(LoadTransaction):
    """One transaction that stores editions, all of them or none."""

    def __init__(self, connection: AnyConnection) -> None:
        self._connection = connection

    @override
    async def current_editions(self) -> Mapping[tuple[str, str], Edition]:
        rows = await self._connection.fetch(query("current_editions"))
        return {(each.list_code, each.source): each for each in map(_edition, rows)}

    @override
    async def current_digests(self, list_code: str, source: str) -> Mapping[str, str]:
        rows = await self._connection.fetch(query("current_digests"), list_code, source)
        return {row["listing_id"]: row["digest"] for row in rows}

    @override
    async def current_names(self, list_code: str, source: str) -> Mapping[str, ListedNames]:
        rows = await self._connection.fetch(
            query("current_names"), list_code, source, timeout=LOAD_TIMEOUT_S
        )
        return _listed_names(rows)

    @override
    async def listing_order(self, list_code: str, source: str) -> Sequence[str]:
        rows = await self._connection.fetch(query("listing_order"), list_code, source)
        orders = msgspec.convert([row["listing_ids"] for row in rows], list[list[str]])
        return orders[0] if orders else ()

    @override
    async def put_listing_order(
        self, list_code: str, source: str, listing_ids: Sequence[str]
    ) -> None:
        await self._connection.execute(
            query("put_listing_order"), list_code, source, listing_ids, timeout=LOAD_TIMEOUT_S
        )

    @override
    async def every_terms(self) -> Mapping[str, ListTerms]:
        return {each.list_code: each for each in await every_terms(self._connection)}

    @override
    async def put_terms(self, terms: ListTerms) -> None:
        expected = terms.expected
        await self._connection.execute(
            query("put_terms"),
            terms.list_code,
            terms.max_age_days,
            None if expected is None else expected.least,
            None if expected is None else expected.most,
        )

    @override
    async def had_edition(self, list_code: str, source: str, sha256: str) -> bool:
        return msgspec.convert(
            await self._connection.fetchval(query("had_edition"), list_code, source, sha256), bool
        )

    @override
    async def add_edition(self, edition: NewEdition) -> int:
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
                msgspec.json.encode(edition.read_in_part).decode(),
                edition.programmes_gone,
            ),
            int,
        )

    @override
    async def confirm_edition(self, edition_id: int, at: datetime) -> None:
        await self._connection.execute(query("confirm_edition"), edition_id, at)

    @override
    async def close_versions(
        self, edition_id: int, source: str, listing_ids: Sequence[str]
    ) -> None:
        await self._connection.execute(
            query("close_versions"), edition_id, source, listing_ids, timeout=LOAD_TIMEOUT_S
        )

    @override
    async def add_versions(
        self, edition_id: int, list_code: str, source: str, records: Sequence[ListingRecord]
    ) -> None:
        await self._connection.copy_records_to_table(
            "listing_version",
            columns=("listing_id", "list_code", "source", "first_edition", "digest", "body"),
            records=[
                (record.listing_id, list_code, source, edition_id, record.digest, record.body)
                for record in records
            ],
            timeout=LOAD_TIMEOUT_S,
        )

    @override
    async def add_attempt(self, attempt: LoadAttempt) -> None:
        await self._connection.execute(
            query("add_attempt"),
            attempt.list_code,
            attempt.source,
            attempt.at,
            attempt.outcome,
            attempt.reason,
        )

    @override
    async def note_download(self, download: Download) -> None:
        await self._connection.execute(
            query("note_download"),
            download.source,
            download.tried_at,
            download.failures,
            msgspec.json.encode(download.seen).decode(),
            download.sha256,
        )

    @override
    async def put_history(self, write: HistoryWrite) -> bool:
        rows = await self._connection.fetch(query("edition_series"), write.list_code, write.source)
        ids = [msgspec.convert(row["id"], int) for row in rows]
        flags = [msgspec.convert(row["as_history"], bool) for row in rows]
        known = len(write.known)
        if tuple(ids[:known]) != write.known or (ids[known:] and write.order[-1] < 0):
            return False
        stored = {key: await self.add_edition(each) for key, each in write.editions.items()}
        await self._connection.execute(
            query("place_editions"),
            [*(stored.get(key, key) for key in write.order), *ids[known:]],
            [*write.as_history, *flags[known:]],
        )
        await self._put_changes(write, stored, await self._ended(write, ids[known:]))
        return True

    async def _ended(self, write: HistoryWrite, editions: Sequence[int]) -> dict[str, int]:
        """Return with which of these editions, loaded meanwhile, versions have ended."""
        if not editions:
            return {}
        rows = await self._connection.fetch(
            query("ended_since"), write.list_code, write.source, editions, timeout=LOAD_TIMEOUT_S
        )
        return dict(msgspec.convert([tuple(row) for row in rows], list[tuple[str, int]]))

    async def _put_changes(
        self, write: HistoryWrite, stored: Mapping[int, int], ended: Mapping[str, int]
    ) -> None:
        """Store versions that are new or last longer or shorter, bodies that are new by COPY."""
        moved: list[tuple[str, int, int, int | None]] = []
        repeated: list[tuple[str, str, int, int | None]] = []
        printed: list[tuple[object, ...]] = []
        for each in write.changes:
            first = stored.get(each.first, each.first)
            until = each.until
            until = ended.get(each.listing_id) if until is None else stored.get(until, until)
            record = write.records.get((each.listing_id, each.digest))
            if each.stored is not None:
                moved.append((each.listing_id, each.stored, first, until))
            elif record is None:
                repeated.append((each.listing_id, each.digest, first, until))
            else:
                place = (each.listing_id, write.list_code, write.source, first, until)
                printed.append((*place, record.digest, record.body))
        await self._connection.execute(
            query("move_versions"), write.source, *_columns(moved, 4), timeout=LOAD_TIMEOUT_S
        )
        await self._connection.execute(
            query("repeat_versions"),
            write.list_code,
            write.source,
            *_columns(repeated, 4),
            timeout=LOAD_TIMEOUT_S,
        )
        await self._connection.copy_records_to_table(
            "listing_version",
            columns=(
                *("listing_id", "list_code", "source", "first_edition", "until_edition"),
                *("digest", "body"),
            ),
            records=printed,
            timeout=LOAD_TIMEOUT_S,
        )


def _columns(rows: Sequence[tuple[object, ...]], width: int) -> list[list[object]]:
    """Return rows as columns, for arrays of a query."""
    return [[row[place] for row in rows] for place in range(width)]


# No edition has a larger id.
_LARGEST_ID = 2**63 - 1
# How many rows are turned into structs before other work gets its turn.
_ROWS_AT_ONCE = 500


async def every_terms(connection: AnyConnection) -> tuple[ListTerms, ...]:
    """Return the terms of each list that has any, by list code."""
    with reaching():
        rows = await connection.fetch(query("every_terms"))
    stored = msgspec.convert(
        [tuple(row) for row in rows], list[tuple[str, int | None, int | None, int | None]]
    )
    return tuple(
        ListTerms(
            list_code=code,
            max_age_days=max_age_days,
            expected=None if least is None and most is None else ExpectedEntries(least, most),
        )
        for code, max_age_days, least, most in stored
    )


async def every_edition(connection: AnyConnection) -> tuple[Edition, ...]:
    """Return every edition ever stored, by list code, source and id."""
    with reaching():
        rows = await connection.fetch(query("every_edition"))
    return tuple(map(_edition, rows))


async def last_attempts(connection: AnyConnection) -> tuple[LoadAttempt, ...]:
    """Return the last attempts to load each list from each source, by list code and source.

    There are up to two of each: the last that got a file, and the last that got none.
    """
    with reaching():
        rows = await connection.fetch(query("last_attempts"))
    return msgspec.convert([dict(row) for row in rows], tuple[LoadAttempt, ...])


def _listed_names(rows: Sequence[asyncpg.Record]) -> dict[str, ListedNames]:
    names = msgspec.json.Decoder(tuple[Name, ...])
    programmes = msgspec.json.Decoder(tuple[str, ...])
    read = msgspec.convert(
        [tuple(row) for row in rows], list[tuple[str, EntityType | None, str, int, str]]
    )
    return {
        listing_id: ListedNames(
            entity_type=entity_type,
            names=names.decode(printed),
            number_count=numbers,
            programmes=programmes.decode(named),
        )
        for listing_id, entity_type, printed, numbers, named in read
    }


async def every_download(connection: asyncpg.Connection) -> dict[str, Download]:
    """Return the last download of each source that was ever tried, by source code."""
    with reaching():
        rows = await connection.fetch(query("every_download"))
    found = [dict(row) | {"seen": _decoded(row)} for row in rows]
    return {each.source: each for each in msgspec.convert(found, list[Download])}


class DatabaseLists(ConnectedStore):
    """The stored lists."""

    @asynccontextmanager
    async def loading(self) -> AsyncGenerator[Loading]:
        """Open a transaction that stores editions, one at a time among all processes.

        Every process that holds an index is notified at its end.
        """
        async with self._connect() as connection:
            with reaching():
                async with connection.transaction():
                    await connection.fetch(query("lock_loading"), timeout=LOAD_TIMEOUT_S)
                    yield Loading(connection)
                    await connection.fetch(query("notify_followers"))

    @asynccontextmanager
    async def staging(self, list_code: str, source: str) -> AsyncGenerator[Staging]:
        """Open a table for the listings of an edition that is too large to be held."""
        async with self._connect() as connection, staging(connection, list_code, source) as staged:
            yield staged

    async def read_lists(self) -> StoredLists:
        """Return editions, last load attempts and terms as of one moment."""
        async with self._connect() as connection:
            with reaching():
                async with connection.transaction(isolation="repeatable_read", readonly=True):
                    return await _lists(connection)

    @asynccontextmanager
    async def newest_versions(
        self, since: int
    ) -> AsyncGenerator[tuple[StoredLists, AsyncIterator[Sequence[ListingVersion]]]]:
        """Open the lists, and the newest version of each listing that changed since.

        All are as of one moment; see `IndexReader`.
        """
        async with self._connect() as connection:
            with reaching():
                transaction = connection.transaction(isolation="repeatable_read", readonly=True)
                await transaction.start()
            try:
                with reaching():
                    lists = await _lists(connection)
                yield lists, _batches(connection, "newest_versions", since)
            finally:
                with reaching():
                    await transaction.rollback()

    async def read_basis(self, until: int | None = None) -> tuple[StoredLists, bytes]:
        """Return the lists, and the SHA-256 of all versions of all listings and their editions.

        Both are as of one moment. What an index has of listings depends on nothing else. With
        `until`, they are as when the edition with that id was the newest.
        """
        async with self._connect() as connection:
            newest = _LARGEST_ID if until is None else until
            with reaching():
                async with connection.transaction(isolation="repeatable_read", readonly=True):
                    lists = await _lists(connection)
                    rows = await connection.fetch(
                        query("versions_digest"), newest, timeout=LOAD_TIMEOUT_S
                    )
            lists = msgspec.structs.replace(
                lists, editions=tuple(each for each in lists.editions if each.id <= newest)
            )
            editions = [[each.id, each.list_code, each.source] for each in lists.editions]
            printed = [tuple(row) for row in rows]
            return lists, sha256(msgspec.msgpack.encode([editions, printed])).digest()

    async def read_past(
        self, spans_of: Callable[[StoredLists], Sequence[EditionSpan]], since: int
    ) -> tuple[StoredLists, tuple[ListingVersion, ...]]:
        """Return the lists and versions that applied in the past; see `PastReader`."""
        async with self._connect() as connection:
            with reaching():
                async with connection.transaction(isolation="repeatable_read", readonly=True):
                    lists = await _lists(connection)
                    spans = spans_of(lists)
                    versions = await _versions(
                        connection,
                        "past_versions",
                        since,
                        [each.list_code for each in spans],
                        [each.source for each in spans],
                        [each.first for each in spans],
                        [each.last for each in spans],
                    )
            return lists, versions

    async def read_series(self, list_code: str, source: str) -> StoredSeries:
        """Return the editions of a list from a source, and the versions of its listings."""
        async with self._connect() as connection:
            with reaching():
                async with connection.transaction(isolation="repeatable_read", readonly=True):
                    editions = await every_edition(connection)
                    rows = await connection.fetch(query("edition_series"), list_code, source)
                    versions = await connection.fetch(
                        query("version_digests"), list_code, source, timeout=LOAD_TIMEOUT_S
                    )
            return StoredSeries(
                editions=tuple(
                    each
                    for each in editions
                    if (each.list_code, each.source) == (list_code, source)
                ),
                versions=msgspec.convert(
                    [tuple(row) for row in versions], tuple[VersionSpan, ...]
                ),
                as_history=frozenset(
                    msgspec.convert(row["id"], int) for row in rows if row["as_history"] is True
                ),
            )

    async def printed_names(
        self, source: str, digests: Mapping[str, str]
    ) -> Mapping[str, ListedNames]:
        """Return what a question can match of versions, given by listing id and digest."""
        async with self._connect() as connection:
            with reaching():
                rows = await connection.fetch(
                    query("printed_names"),
                    source,
                    list(digests),
                    list(digests.values()),
                    timeout=LOAD_TIMEOUT_S,
                )
            return _listed_names(rows)


class DatabaseChanges(ConnectedStore):
    """What editions changed."""

    async def listing_states(self, listing_id: str) -> tuple[ListingVersion, ...]:
        """Return every version of a listing, source by source, each in order of time."""
        async with self._connect() as connection:
            with reaching():
                async with connection.transaction(readonly=True):
                    return await _versions(connection, "listing_states", listing_id)

    async def listing_changes(
        self,
        since: datetime,
        list_code: str | None,
        after: tuple[int, str],
        most: int,
        *,
        newest_first: bool,
    ) -> tuple[ListingChange, ...]:
        """Return up to `most` changes by editions loaded since a moment.

        They are in order of edition and listing id, and come after the place `after`, an edition
        and a listing id. `list_code` None means every list. `newest_first` reverses the order of
        editions.
        """
        rows = await self._rows("listing_changes", since, list_code, *after, most, newest_first)
        return msgspec.convert(rows, tuple[ListingChange, ...])

    async def edition_difference(
        self, editions: EditionPair, after: str, most: int
    ) -> tuple[ListingDifference, ...]:
        """Return up to `most` listings that two editions print differently, by listing id.

        Only listings with ids after `after`.
        """
        rows = await self._rows(
            "edition_difference",
            editions.list_code,
            editions.source,
            editions.older,
            editions.newer,
            after,
            most,
        )
        return msgspec.convert(rows, tuple[ListingDifference, ...])

    async def edition_counts(self, since: datetime) -> tuple[EditionCounts, ...]:
        """Return how much each edition loaded since a moment changed, the newest first."""
        rows = await self._rows("edition_counts", since)
        return msgspec.convert(rows, tuple[EditionCounts, ...])

    async def attempts_by_day(self, since: date) -> tuple[AttemptOnDay, ...]:
        """Return the outcomes of load attempts from a day (UTC) on, by list code and day."""
        rows = await self._rows("attempts_by_day", since)
        return msgspec.convert(rows, tuple[AttemptOnDay, ...])

    async def _rows(self, name: str, *arguments: object) -> list[dict[str, object]]:
        with reaching():
            async with asyncio.timeout(QUERY_TIMEOUT_S), self._connect() as connection:
                rows = await connection.fetch(query(name), *arguments)
        return [dict(row) for row in rows]


def _edition(row: asyncpg.Record) -> Edition:
    printed = msgspec.convert(row["read_in_part"], str)
    parts = msgspec.json.decode(printed, type=tuple[UnknownPart, ...])
    return msgspec.convert(dict(row) | {"read_in_part": parts}, Edition)


async def _lists(connection: AnyConnection) -> StoredLists:
    choices = await last_choices(connection)
    return StoredLists(
        editions=await every_edition(connection),
        attempts=await last_attempts(connection),
        terms=await every_terms(connection),
        asked=await _asked_sources(connection),
        profile=profile_chosen(choices),
        account_profiles=account_profiles(choices),
    )


async def _asked_sources(connection: AnyConnection) -> frozenset[str]:
    rows = await connection.fetch(query("asked_sources"))
    return msgspec.convert([row["source"] for row in rows], frozenset[str])


async def _versions(
    connection: AnyConnection, name: str, *arguments: object
) -> tuple[ListingVersion, ...]:
    """Return the versions that a query finds; other work gets its turn between some rows."""
    found: list[ListingVersion] = []
    async for some in _batches(connection, name, *arguments):
        found += some
    return tuple(found)


async def _batches(
    connection: AnyConnection, name: str, *arguments: object
) -> AsyncIterator[Sequence[ListingVersion]]:
    """Yield the versions that a query finds, some at a time."""
    with reaching():
        cursor = await connection.cursor(query(name), *arguments, timeout=LOAD_TIMEOUT_S)
    while True:
        with reaching():
            rows = await cursor.fetch(_ROWS_AT_ONCE, timeout=LOAD_TIMEOUT_S)
        if not rows:
            return
        yield tuple(map(_version, rows))


def _version(row: asyncpg.Record) -> ListingVersion:
    listing_id, list_code, source, first, until, entered, body = msgspec.convert(
        tuple(row), tuple[str, str, str, int, int | None, int, str]
    )
    return ListingVersion(
        listing_id=listing_id,
        # tens of thousands of rows share these few texts
        list_code=intern(list_code),
        source=intern(source),
        first_edition=first,
        until_edition=until,
        body=packed(body.encode()),
        entered_with=None if entered == first else entered,
    )


def _decoded(row: asyncpg.Record) -> tuple[tuple[str | None, str | None], ...]:
    seen = msgspec.convert(row["seen"], str)
    return msgspec.json.decode(seen, type=tuple[tuple[str | None, str | None], ...])
