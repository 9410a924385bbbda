"""Counterparties that are watched while editions, law and days change, all as a test plays it."""

from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import count

import msgspec

from abeyance_screening.engine.lists.edition import GivenFile, ParsedEdition
from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.lists.load import ListFiles, load_files, whole_source
from abeyance_screening.engine.measures.board import CurrentBoard
from abeyance_screening.engine.measures.measure import Event
from abeyance_screening.engine.screening.index.current import CurrentIndex
from abeyance_screening.engine.screening.question import QuestionDefaults
from abeyance_screening.engine.screening.watched.standing import StandingAnswer
from abeyance_screening.features.counterparties.rescreen import Rescreening, Screeners
from abeyance_screening.features.counterparties.store import CounterpartyStore
from abeyance_screening.features.counterparties.types import ListedQuery, WatchedCounterparty
from abeyance_screening.features.register.events import Operators
from abeyance_screening.platform.events import AccountEvent
from abeyance_screening.platform.events.store import StoredEvents
from abeyance_screening.platform.postgres.pool import PooledStore
from abeyance_screening.platform.sandbox.list_reader import ReaderHere
from abeyance_screening.platform.stores.connection import StoreOnConnection
from abeyance_screening.platform.stores.register import record_shipped
from tests.integration.played import LIST, OWN_SOURCE, Plays, listing
from tests.shipped_register import shipped

MOST = 10_000
# Reaches every entry of the list of `played`.
MEASURE = "us-ofac-plc-ns-plc"
BEGUN = datetime(2026, 11, 24, 12, tzinfo=UTC)
_FIRST_DAY = BEGUN.date()
# An event that was retracted is never recorded again.
_CITATIONS = count(1)
_ALWAYS = listing("99", "Vorpal Sword Museum")
_EMPTIED = (
    "truncate counterparty, counterparty_total, counterparty_hit, watched_world, watched_listing,"
    " watched_coverage, event, listing_version, edition, load_attempt cascade"
)


class Watch:
    """One account's counterparties, and a clock that the test sets."""

    def __init__(self, pool: PooledStore, store: StoreOnConnection, plays: Plays) -> None:
        self.now = BEGUN
        self.pool, self.store = pool, store
        self._plays = plays
        self.current, self.boards = CurrentIndex(past=store), CurrentBoard()
        self.rescreening = Rescreening(pool, self.current, self.boards, lambda: self.now)
        self._operators = Operators(store, self.boards, lambda: self.now)

    async def load(self, *listings: Listing) -> None:
        """Loads an edition with these listings and one that nobody asks about."""
        self.now += timedelta(minutes=1)
        content = f"{len(self._plays.editions)}".encode()
        self._plays.editions[content] = ParsedEdition(
            list_code=LIST, published_on=self.now.date(), listings=(*listings, _ALWAYS)
        )
        files = (GivenFile("played", content),)
        given = ListFiles(wanted=whole_source(OWN_SOURCE), files=files, accepted=True)
        await load_files(self.store, given, self.now, ReaderHere())

    async def record(self, event: Event, measure: str = MEASURE) -> str:
        """Records an event, and returns its id."""
        event = msgspec.structs.replace(event, citation=f"91 FR {next(_CITATIONS)}")
        return (await self._operators.add(measure, event, "anna")).id

    async def retract(self, event: str, measure: str = MEASURE) -> None:
        await self._operators.retract(measure, event, "anna", "a mistake")

    async def put(self, *watched: WatchedCounterparty, account: str = "main") -> None:
        filled = [each.filled(each.id or "", QuestionDefaults()) for each in watched]
        async with self.pool.connect() as connection, connection.transaction():
            await CounterpartyStore(connection, account).put(filled, self.now)

    async def round(self) -> int:
        """Screens again what has changed, until nothing is left."""
        await self.boards.catch_up(self.store)
        await self.current.catch_up(self.store)
        return await self.rescreening.round()

    async def standings(self, account: str = "main") -> Mapping[str, StandingAnswer | None]:
        store = CounterpartyStore(self.pool.pool, account)
        listed = await store.listed(ListedQuery(), MOST)
        found = {each.id: await store.get(each.id) for each in listed}
        return {key: each.standing for key, each in found.items() if each is not None}

    async def screened(self, account: str = "main") -> Mapping[str, StandingAnswer]:
        """The same as `standings` has to be: each counterparty screened anew."""
        store = CounterpartyStore(self.pool.pool, account)
        screeners = Screeners(await self.rescreening.view())
        listed = await store.listed(ListedQuery(), MOST)
        found = {each.id: await store.get(each.id) for each in listed}
        return {
            key: (await screeners.screened(each.watched)).standing
            for key, each in found.items()
            if each is not None
        }

    async def events(self, after: int = 0, account: str = "main") -> tuple[AccountEvent, ...]:
        return await StoredEvents(self.pool.pool, account).after(after, MOST)

    async def newest_event(self, account: str = "main") -> int:
        events = await self.events(account=account)
        return events[-1].id if events else 0


def told(events: Iterable[AccountEvent]) -> list[tuple[str, str | None]]:
    """What happened to whom, without what each round says of all."""
    return [(each.type, each.counterparty) for each in events if each.counterparty is not None]


def suspended(until: date, on: date = _FIRST_DAY) -> Event:
    """An event that suspends a measure until a day, included."""
    return Event(
        id="",
        kind="suspend",
        published_on=on,
        effective_on=on,
        until=until,
        until_bound="inclusive",
        until_state="stated",
        lapse_effect="restriction_returns",
        citation="91 FR",
        confidence="verified_secondary",
    )


@asynccontextmanager
async def watching(store: StoreOnConnection, dsn: str, plays: Plays) -> AsyncGenerator[Watch]:
    """Opens a watch on a database without any list or counterparty."""
    async with PooledStore(dsn) as pool:
        await pool.pool.execute(_EMPTIED)
        await record_shipped(store, shipped(), BEGUN)
        yield Watch(pool, store, plays)
