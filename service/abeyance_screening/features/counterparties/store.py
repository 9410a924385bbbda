"""Counterparties in the database: those of one account, and all of them to be screened again."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import cast
from uuid import UUID

import asyncpg
import msgspec

from abeyance_screening.engine.lists.edition import ListingVersion
from abeyance_screening.engine.screening.watched.standing import DEFAULT_LEADS, StandingAnswer
from abeyance_screening.features.counterparties.types import (
    ListedCounterparty,
    ListedQuery,
    StoredCounterparty,
    WatchedCounterparty,
    World,
    digest_of,
    outcome_if_fresh,
    read_watched,
)
from abeyance_screening.platform.events.store import StoredEvents
from abeyance_screening.platform.postgres.database import QueryPlace, fetched
from abeyance_screening.platform.stores.standings import read_standing, write_standing
from abeyance_screening.primitives.days import Days
from abeyance_screening.primitives.errors import CounterpartyHeldError

OF_NO_LAW = b"?"
"""The digest of a listing of which counterparties may be answered by different laws: whoever has
it is answered again with the next change of the law."""

_decode_days = msgspec.json.Decoder(Days).decode


class PutCounterparty(msgspec.Struct, frozen=True):
    """A counterparty that was put and is new, or another one than before."""

    key: int
    id: str
    revision: int


class StandingWrite(msgspec.Struct, frozen=True, kw_only=True):
    """A standing answer to be stored; with `is_new` its hits are others than before.

    `lookups` is all that it looked up, see `ChangedListings`. `by_scorer` says that another
    release of the scorer has changed it.
    """

    key: int
    standing: StandingAnswer
    lookups: bytes | None
    turn: int
    is_new: bool
    by_scorer: bool


class CounterpartyStore:
    """The counterparties of one account, on a connection or a pool."""

    def __init__(self, place: QueryPlace, account: str) -> None:
        self._place = place
        self._account = account

    async def get(self, key: str, *, lock: bool = False) -> StoredCounterparty | None:
        """Return a counterparty by its id, locked until the transaction ends if asked."""
        name = "lock_counterparty" if lock else "counterparty_of_account"
        rows = await fetched(self._place, name, self._account, key)
        return stored_counterparty(rows[0]) if rows else None

    async def put(
        self, watched: Sequence[WatchedCounterparty], at: datetime
    ) -> tuple[PutCounterparty, ...]:
        """Store counterparties, each id once; return the new and changed ones, now pending."""
        bodies = [each.write() for each in watched]
        rows = await fetched(
            self._place,
            "put_counterparties",
            self._account,
            [each.id for each in watched],
            [each.name for each in watched],
            bodies,
            [digest_of(each) for each in bodies],
            [_leads(each) for each in watched],
            [each.terms for each in watched],
            at,
        )
        return msgspec.convert([dict(row) for row in rows], tuple[PutCounterparty, ...])

    async def listed(self, query: ListedQuery, most: int) -> tuple[ListedCounterparty, ...]:
        """Return up to `most` counterparties in the order of their ids."""
        asked = query.after, query.part, query.outcome, query.pending, sorted(query.covered)
        rows = await fetched(self._place, "counterparties_of_account", self._account, *asked, most)
        return msgspec.convert([dict(row) for row in rows], tuple[ListedCounterparty, ...])

    async def terms(self) -> tuple[str, ...]:
        """Return the lists and profiles that counterparties name, each choice once, as keys."""
        rows = await fetched(self._place, "counterparty_terms", self._account)
        return tuple(row["terms"] for row in rows)

    async def check_not_held(self, key: str) -> None:
        """Check that no kept screening about a counterparty, by its id, is held as evidence.

        Raises:
            CounterpartyHeldError: Somebody holds one.
        """
        rows = await fetched(self._place, "counterparty_holds", self._account, key)
        kind = list[tuple[UUID, str, datetime, int]]
        for screening, by, at, holds in msgspec.convert([tuple(row) for row in rows], kind):
            raise CounterpartyHeldError(str(screening), by, at.astimezone(UTC).date(), holds)

    async def delete(self, key: str, revision: int | None) -> bool:
        """Delete a counterparty, in that revision or in any; return False if there is none."""
        rows = await fetched(self._place, "delete_counterparty", self._account, key, revision)
        return bool(rows)

    async def forget_names(self, key: str) -> None:
        """Take all names and words out of the events about a counterparty, by its id."""
        await StoredEvents(self._place, self._account).forget_names(key)

    async def total(self) -> int:
        """Return how many there are."""
        rows = await fetched(self._place, "counterparty_total", self._account)
        return cast("int", rows[0]["counterparties"]) if rows else 0


def stored_counterparty(row: asyncpg.Record) -> StoredCounterparty:
    """Return the counterparty in a row."""
    columns: dict[str, object] = dict(row)
    edition, register, days, scorer = (
        columns.pop(name) for name in ("edition", "register", "days", "scorer")
    )
    standing = cast("bytes | None", columns["standing"])
    columns["standing"] = None if standing is None else read_standing(standing)
    columns["watched"] = read_watched(cast("bytes", columns.pop("body")))
    columns["world"] = None if days is None else _world(edition, register, days, scorer)
    return msgspec.convert(columns, StoredCounterparty)


def _leads(watched: WatchedCounterparty) -> str | None:
    if watched.leads == DEFAULT_LEADS:
        return None
    return f"{{{','.join(map(str, watched.leads))}}}"


def _world(edition: object, register: object, days: object, scorer: object) -> World:
    return msgspec.convert(
        {
            "edition": edition,
            "register": register,
            "days": _decode_days(str(days)),
            "scorer": scorer,
        },
        World,
    )


# --- What screens all counterparties again, whosever they are.


class WatchedStore:
    """All counterparties, on one connection."""

    def __init__(self, connection: QueryPlace) -> None:
        self._place = connection

    async def world(self, *, lock: bool = False) -> World | None:
        """Return what all that are not pending are answered from; None before the first time.

        In a transaction nobody changes it until that ends; with `lock` nobody else relies on it.
        """
        rows = await fetched(self._place, "lock_watched_world" if lock else "share_watched_world")
        if not rows:
            return None
        row: dict[str, object] = dict(rows[0])
        return _world(row["edition"], row["register"], row["days"], row["scorer"])

    async def put_world(self, world: World, at: datetime) -> None:
        """Store it."""
        await fetched(self._place, "put_watched_world", *_columns(world), at)

    async def newest_change(self) -> int:
        """Return the number of the newest change of any counterparty."""
        rows = await fetched(self._place, "last_counterparty_written")
        return cast("int", rows[0]["written"])

    async def set_outdated_pending(self, written: int, world: World) -> None:
        """Have those screened again that were written after a change, and not in this world."""
        await fetched(self._place, "set_outdated_pending", written, *_columns(world))

    async def pending(self, after: int, most: int) -> list[int]:
        """Return the keys of up to `most` that are pending, after a key, in order.

        Raises:
            StoreUnavailableError: The database does not answer.
        """
        return _keys(await fetched(self._place, "pending_counterparties", after, most))

    async def with_hits(self, listing_ids: Sequence[str]) -> list[int]:
        """Return the keys of those that have one of some listings among their hits, in order."""
        return _keys(await fetched(self._place, "counterparties_with_hits", listing_ids))

    async def judged_until(self, day: date) -> list[int]:
        """Return the keys of those about which a judgement holds whose term is over on a day."""
        return _keys(await fetched(self._place, "counterparties_judged_until", day))

    async def after(
        self, key: int, most: int, *, looked_up: bool
    ) -> list[tuple[int, bytes | None]]:
        """Return up to `most` keys after one, in order, with what answers looked up if asked."""
        rows = await fetched(self._place, "counterparties_after", key, most, looked_up)
        return [(row["key"], row["lookups"]) for row in rows]

    async def locked(self, keys: Sequence[int]) -> tuple[StoredCounterparty, ...]:
        """Lock counterparties until the transaction ends, and return those that are there."""
        return tuple(
            map(stored_counterparty, await fetched(self._place, "lock_counterparties", keys))
        )

    async def answer(self, writes: Sequence[StandingWrite], world: World, at: datetime) -> None:
        """Store standing answers."""
        await fetched(
            self._place,
            "answer_counterparties",
            [each.key for each in writes],
            [write_standing(each.standing) for each in writes],
            [outcome_if_fresh(each.standing) for each in writes],
            [len(each.standing.hits) for each in writes],
            [each.lookups for each in writes],
            [each.turn for each in writes],
            [each.by_scorer for each in writes],
            at,
            *_columns(world),
        )
        new = [each for each in writes if each.is_new]
        if new:
            pairs = [(each.key, listing) for each in new for listing in each.standing.listings]
            await fetched(self._place, "delete_counterparty_hits", [each.key for each in new])
            await fetched(
                self._place,
                "add_counterparty_hits",
                [key for key, _ in pairs],
                [listing for _, listing in pairs],
            )

    async def accounts(self) -> Mapping[str, int]:
        """Return how many counterparties each account has that has any."""
        rows = await fetched(self._place, "accounts_that_watch")
        return {row["account"]: row["counterparties"] for row in rows}

    async def changed_by(
        self, scorer: int, most: int
    ) -> Mapping[str, tuple[int, tuple[str, ...]]]:
        """Return how many answers a release of the scorer changed, by account, with some ids."""
        rows = await fetched(self._place, "changed_by_scorer", scorer, most)
        kind = list[tuple[str, int, tuple[str, ...]]]
        read = msgspec.convert([tuple(row) for row in rows], kind)
        return {account: (count, ids) for account, count, ids in read}

    async def leads(self) -> tuple[int, ...]:
        """Return every number of days ahead at which anybody wants to be told of a change."""
        rows = await fetched(self._place, "lead_days_asked_for")
        asked = msgspec.convert([row["lead"] for row in rows], list[int])
        return tuple(sorted({*DEFAULT_LEADS, *asked}))

    async def laws(self) -> Mapping[str, bytes | None]:
        """Return each listing that is somebody's hit, with the digest of its measures if known."""
        rows = await fetched(self._place, "watched_listings")
        return {row["listing_id"]: row["law"] for row in rows}

    async def put_laws(self, laws: Mapping[str, bytes]) -> None:
        """Store digests of the measures of listings."""
        if laws:
            await fetched(self._place, "put_watched_listings", list(laws), list(laws.values()))

    async def add_laws(self, laws: Mapping[str, bytes]) -> None:
        """Store digests of the measures of listings that somebody newly has among the hits."""
        if laws:
            digests = list(laws.values())
            await fetched(self._place, "add_watched_listings", list(laws), digests, OF_NO_LAW)

    async def coverage(self) -> Mapping[str, tuple[str, str | None]]:
        """Return the state of each required list that was not fresh when last told, and why."""
        rows = await fetched(self._place, "watched_coverage")
        return {row["list_code"]: (row["state"], row["reason"]) for row in rows}

    async def put_coverage(self, states: Mapping[str, tuple[str, str | None]]) -> None:
        """Store which required lists are not fresh."""
        reasons = [reason for _, reason in states.values()]
        words = [state for state, _ in states.values()]
        await fetched(self._place, "set_watched_coverage", list(states), words, reasons)

    async def newest_edition(self) -> int:
        """Return the id of the newest edition of any list."""
        rows = await fetched(self._place, "newest_edition")
        return cast("int", rows[0]["edition"])

    async def editions_between(self, after: int, until: int) -> tuple[tuple[int, str], ...]:
        """Return editions after one, up to another: their ids and lists."""
        rows = await fetched(self._place, "editions_between", after, until)
        return tuple((row["id"], row["list_code"]) for row in rows)

    async def changed_count(self, edition: int) -> int:
        """Return how many listings changed after an edition."""
        rows = await fetched(self._place, "changed_listing_count", edition)
        return cast("int", rows[0]["listings"])

    async def changed_versions(self, edition: int) -> tuple[ListingVersion, ...]:
        """Return every version of a listing that began or ended after an edition, by id."""
        return _versions(await fetched(self._place, "changed_versions", edition))

    async def delisted_between(self, after: date, until: date) -> tuple[ListingVersion, ...]:
        """Return the current versions of listings whose own day of delisting came, by id."""
        return _versions(await fetched(self._place, "versions_delisted_between", after, until))


def _columns(world: World) -> tuple[int, int, str, int]:
    return world.edition, world.register, world.days_text, world.scorer


def _keys(rows: Sequence[asyncpg.Record]) -> list[int]:
    return [row["key"] for row in rows]


def _versions(rows: Sequence[asyncpg.Record]) -> tuple[ListingVersion, ...]:
    kind = list[tuple[str, str, str, int, int | None, int, str]]
    return tuple(
        ListingVersion(
            listing_id=listing_id,
            list_code=list_code,
            source=source,
            first_edition=first_edition,
            until_edition=until_edition,
            entered_with=entered_with,
            body=body.encode(),
        )
        for (
            listing_id,
            list_code,
            source,
            first_edition,
            until_edition,
            entered_with,
            body,
        ) in msgspec.convert([tuple(row) for row in rows], kind)
    )
