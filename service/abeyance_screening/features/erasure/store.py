"""What a database holds about a name: found in every place, and erased."""

import hashlib
from collections.abc import AsyncGenerator, Iterable, Sequence
from datetime import datetime
from itertools import batched
from typing import cast

import asyncpg
import msgspec

from abeyance_screening.features.erasure.columns import (
    AUDIT_LOG,
    COUNTERPARTIES,
    PLACES,
    SENT_TABLES,
    ErasurePlace,
)
from abeyance_screening.features.erasure.names import fold, is_within
from abeyance_screening.platform.access.audit_chain import AuditChain
from abeyance_screening.platform.access.keys import ACCOUNT
from abeyance_screening.platform.events.store import StoredEvents
from abeyance_screening.platform.postgres.database import fetched, query, reaching
from abeyance_screening.primitives.errors import BadInputError, NotFoundError

# A row of a large job has some megabytes; an account may have millions of rows.
_READ_AT_ONCE, _ERASED_AT_ONCE = 20, 500
# Columns of counterparties in which lists have their say.
_WORKED_OUT = frozenset({"standing", "lookups"})
# Of one statement, with all that it deletes in cascade.
_LONGEST_S = 3_600.0


class ErasureTerms(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be erased: folded names, of one account or of all.

    `others_too` says that counterparties are deleted that are others and name one of the names.
    """

    names: tuple[str, ...]
    account: str | None
    others_too: bool = False

    @property
    def digest(self) -> str:
        """The SHA-256 of the folded names, a line each, in hexadecimal digits."""
        return hashlib.sha256("\n".join(self.names).encode()).hexdigest()


class NameRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A record that holds a name, in some columns; `stays` says why it is not erased, if so.

    `counterparty` is the id of the counterparty it belongs to, while that is there.
    """

    place: ErasurePlace
    id: str
    account: str | None
    at: datetime
    counterparty: str | None
    stays: str | None
    columns: tuple[str, ...]


class _PlaceRow(msgspec.Struct, frozen=True, array_like=True):
    id: str
    account: str | None
    at: datetime
    counterparty: str | None
    stays: str | None
    content: list[bytes | None]


class _CounterpartyNames(msgspec.Struct, frozen=True):
    """What a counterparty is called, read from its body."""

    name: str
    aliases: tuple[str, ...] = ()


class ErasureStore:
    """All that a database holds, on a connection outside any transaction."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def check_account(self, account: str) -> None:
        """Check that anything is known of an account.

        Raises:
            BadInputError: Nothing is.
        """
        rows = await fetched(self._connection, "has_account", account)
        if not rows[0]["is_known"]:
            raise BadInputError("--account", f"no account is called {account!r}")

    async def names_of(self, account: str, counterparty: str) -> tuple[str, ...]:
        """Return the name and the other names of a counterparty, by its id.

        Raises:
            NotFoundError: The account has none with the id.
        """
        rows = await fetched(self._connection, "names_of_counterparty", account, counterparty)
        if not rows:
            raise NotFoundError("counterparty", counterparty)
        called = _read_called(cast("bytes", rows[0]["body"]))
        return (called.name, *called.aliases)

    async def count_listings(self, terms: ErasureTerms) -> int:
        """Return how many entries of lists have a name in them; they are never erased."""
        rows = await self._fetch("erasure_listings", terms.names)
        return cast("int", rows[0]["listings"])

    async def search(self, terms: ErasureTerms) -> tuple[NameRecord, ...]:
        """Return all records that hold a name, each once; nothing is changed."""
        async with self._connection.transaction(isolation="repeatable_read", readonly=True):
            records = [record for place in PLACES for record in await self._search(place, terms)]
        going = {
            (each.account, each.counterparty)
            for each in records
            if each.place is COUNTERPARTIES and each.stays is None
        }
        return tuple(_settled(each, going) for each in records)

    async def erase(self, terms: ErasureTerms, records: Iterable[NameRecord]) -> None:
        """Erase those of the records that do not stay, all of them or none, and record that."""
        going: dict[str, list[NameRecord]] = {each.title: [] for each in PLACES}
        for each in records:
            if each.stays is None:
                going[each.place.title].append(each)
        async with self._connection.transaction():
            await self._delete_counterparties(going[COUNTERPARTIES.title])
            for place in PLACES:
                if place.erase is not None:
                    for some in batched(going[place.title], _ERASED_AT_ONCE, strict=False):
                        ids, columns = [each.id for each in some], _columns(some)
                        await self._fetch(place.erase, ids, columns)
            # with those that the deletions have just added
            entries = [each for each in await self._search(AUDIT_LOG, terms) if each.stays is None]
            chain, ids = AuditChain(self._connection), [int(each.id) for each in entries]
            await chain.erase(ids, terms.account or ACCOUNT)
            counts = {title: len(some) for title, some in going.items() if some}
            counts |= {AUDIT_LOG.title: len(entries)} if entries else {}
            told = msgspec.json.encode({"erased": counts}).decode()
            await self._fetch("record_erasure", terms.account or ACCOUNT, terms.digest, told)

    async def vacuum(self) -> None:
        """Free the pages of what was erased, and what the planner has sampled of it."""
        await self._fetch("erasure_vacuum")

    async def _delete_counterparties(self, records: Sequence[NameRecord]) -> None:
        keys = [each.id for each in records]
        rows = await self._fetch("erase_counterparties", keys)
        gone = msgspec.convert([tuple(row) for row in rows], list[tuple[str, str]])
        for account, counterparty in gone:
            await StoredEvents(self._connection, account).forget_names(counterparty)

    async def _search(self, place: ErasurePlace, terms: ErasureTerms) -> list[NameRecord]:
        """Return the records of a place that hold a name, of rows with one id one record."""
        found: dict[str, NameRecord] = {}
        async for row in self._rows(place):
            columns = () if place is SENT_TABLES else _held(place, row, terms.names)
            if not columns and place is not SENT_TABLES:
                continue
            before = found.get(row.id)
            found[row.id] = NameRecord(
                place=place,
                id=row.id,
                account=row.account,
                at=row.at,
                counterparty=row.counterparty,
                stays=_why_stays(place, row, columns, terms),
                columns=columns if before is None else (*before.columns, *columns),
            )
        return list(found.values())

    async def _rows(self, place: ErasurePlace) -> AsyncGenerator[_PlaceRow]:
        with reaching():
            statement = self._connection.cursor(
                query(place.find), prefetch=_READ_AT_ONCE, timeout=_LONGEST_S
            )
            async for row in statement:
                yield msgspec.convert(tuple(row), _PlaceRow)

    async def _fetch(self, name: str, *arguments: object) -> list[asyncpg.Record]:
        with reaching():
            return await self._connection.fetch(query(name), *arguments, timeout=_LONGEST_S)


def _held(place: ErasurePlace, row: _PlaceRow, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(
        column
        for (column, encoding), content in zip(
            place.value_names(len(row.content)), row.content, strict=True
        )
        if content is not None and is_within(content, encoding, names)
    )


def _why_stays(
    place: ErasurePlace, row: _PlaceRow, columns: Sequence[str], terms: ErasureTerms
) -> str | None:
    """Return why a row stays whatever else is erased; None where it need not."""
    if terms.account is not None and row.account not in {None, terms.account}:
        return "it is of another account"
    if row.stays is not None or place is not COUNTERPARTIES:
        return row.stays
    if _WORKED_OUT.issuperset(columns):
        return "only its answer has the name, from a list or from before it was changed"
    called = _read_called(row.content[2] or b"{}")
    own = {fold(each) for each in (row.counterparty or "", called.name, *called.aliases)}
    is_other = own.isdisjoint(terms.names)
    return (
        "it is another counterparty, which names it" if is_other and not terms.others_too else None
    )


def _settled(record: NameRecord, going: set[tuple[str | None, str | None]]) -> NameRecord:
    """Return a record, which stays where the counterparty stays that it belongs to."""
    of = record.account, record.counterparty
    if record.stays is not None or record.counterparty is None or of in going:
        return record
    return msgspec.structs.replace(record, stays="it belongs to a counterparty that stays")


def _columns(records: Iterable[NameRecord]) -> list[str]:
    return [" ".join(each.columns) for each in records]


def _read_called(body: bytes) -> _CounterpartyNames:
    return msgspec.json.decode(body, type=_CounterpartyNames)
