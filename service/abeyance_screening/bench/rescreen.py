"""`abeyance bench rescreen`: what watching counterparties costs, from the first answer on."""

import asyncio
import hashlib
import os
import tempfile
import time
from collections import Counter
from collections.abc import AsyncGenerator, Collection, Generator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from itertools import batched, groupby, islice
from pathlib import Path
from uuid import uuid4

import click
import msgspec
from rich.console import Console

from abeyance_screening.bench.plain_folding import digest
from abeyance_screening.bench.reading import ordinary_in, read_listings
from abeyance_screening.bench.speed import most_watched, recombined, resident_mb
from abeyance_screening.bench.table import table_with
from abeyance_screening.engine.lists.bundled import bundled_editions, read_bundled
from abeyance_screening.engine.lists.edition import NewEdition
from abeyance_screening.engine.lists.listing import Listing, Name
from abeyance_screening.engine.lists.load import listing_record
from abeyance_screening.engine.measures.board import CurrentBoard
from abeyance_screening.engine.measures.measure import Event
from abeyance_screening.engine.measures.register.read import shipped
from abeyance_screening.engine.screening.desk import Dependencies, Desk
from abeyance_screening.engine.screening.index.current import CurrentIndex
from abeyance_screening.engine.screening.question import (
    Counterparty,
    QuestionDefaults,
    ScreeningQuestion,
)
from abeyance_screening.features.counterparties.bulk_api import BulkLines
from abeyance_screening.features.counterparties.desk import CounterpartyDesk
from abeyance_screening.features.counterparties.rescreen import Rescreening
from abeyance_screening.features.counterparties.store import WatchedStore
from abeyance_screening.features.register.events import Operators
from abeyance_screening.platform.cli.database import opened_database
from abeyance_screening.platform.cli.options import as_json, examples, gathered, settings_with
from abeyance_screening.platform.cli.output import print_json
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.postgres.pool import PooledStore
from abeyance_screening.platform.stores.connection import StoreOnConnection
from abeyance_screening.platform.stores.register import record_shipped
from abeyance_screening.primitives.days import utc_now

# One in so many counterparties is a listed name, as in a book that was never screened.
_LISTED_EVERY = 500
# So many are stored, then answered, and so many of these screened in bulk beside it: a machine
# that is busy for a while slows all three.
_STORED_AT_ONCE, _SCREENED_OF_THESE = 20_000, 1_000
_WARM_UP = 200
_LOOKED_AT_ONCE = 2_000


class RescreenGiven(msgspec.Struct, frozen=True):
    """The arguments of `bench rescreen`."""

    listed: tuple[str, ...]
    fill: tuple[Path, ...]
    counterparties: int
    changed: int
    as_json: bool


class RescreenFigures(msgspec.Struct, frozen=True, kw_only=True):
    """What each step took, in seconds of this process's CPU (`cpu_s`) and in all.

    `bulk` is the screening of `screened` of the counterparties in bulk, whose answers nobody
    keeps. `answered` counts those that were answered first, and `names_answered` and
    `event_answered` those that a change had answered again. `looked_up_bytes` is what is kept of
    each to tell them, on average, and `memory_mb` is by how much the process grew.
    """

    counterparties: int
    changed: int
    answered: int
    screened: int
    bulk: "StepCost"
    stored: "StepCost"
    first: "StepCost"
    names: "StepCost"
    names_answered: int
    event: "StepCost"
    event_answered: int
    looked_up_bytes: float
    memory_mb: float

    @property
    def full_cpu_s(self) -> float:
        """The CPU of screening all of them in bulk, scaled from those that were."""
        return self.bulk.cpu_s * self.counterparties / self.screened


class StepCost(msgspec.Struct):
    """Seconds that a step has taken so far: CPU of this process, and all."""

    cpu_s: float = 0.0
    seconds: float = 0.0

    @contextmanager
    def counting(self) -> Generator[None]:
        """Add what is done meanwhile."""
        cpu_s, seconds = time.process_time(), time.perf_counter()
        yield
        self.cpu_s += time.process_time() - cpu_s
        self.seconds += time.perf_counter() - seconds


@click.command(
    epilog=examples(
        "abeyance bench rescreen --fill gleif.csv",
        "abeyance bench rescreen --fill gleif.csv --counterparties 1000000 --changed 500",
    )
)
@click.option(
    "--listed",
    type=click.Choice(sorted({each.source for each in bundled_editions()})),
    multiple=True,
    metavar="LIST",
    help="A list that comes with the program, by its source. Repeatable; all if left out.",
)
@click.option(
    "--fill",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    required=True,
    help="Ordinary names to watch: JSON lines with query, or CSV with LegalName.",
)
@click.option(
    "--counterparties",
    type=click.IntRange(1_000),
    default=50_000,
    show_default=True,
    help="Counterparties to watch; they are recombined from the words of ordinary names.",
)
@click.option(
    "--changed",
    type=click.IntRange(1),
    default=500,
    show_default=True,
    help="Listings that change.",
)
@as_json
@gathered(RescreenGiven)
def rescreen(given: RescreenGiven) -> None:
    """Measure storing counterparties, answering them first, and again after a change.

    Counterparties are stored in bulk and answered, against lists that come with the program; some
    of them are screened in bulk beside it. Then so many listings get another name, and then the
    measure is suspended that reaches most hits. One in 500 counterparties is a listed name. It
    uses a database of its own, whose CPU is not counted. HTTP is not measured.
    """
    os.environ.pop("DATABASE_URL", None)
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        opened_database(settings_with(Path(folder))) as dsn,
    ):
        figures = asyncio.run(_measured(given, dsn))
    if given.as_json:
        print_json(figures)
    else:
        _print(figures)


def _print(figures: RescreenFigures) -> None:
    count, full_s = figures.counterparties, figures.full_cpu_s
    table = table_with("Step", "CPU s", "Answered", "Share of a full screening")
    table.add_row("all are screened in bulk", f"{full_s:,.2f}", f"{count:,}", "1")
    for name, spent, answered in (
        ("all are answered first", figures.first, count),
        (f"{figures.changed:,} listings change", figures.names, figures.names_answered),
        ("a measure is suspended", figures.event, figures.event_answered),
    ):
        share = spent.cpu_s / full_s
        of_all = f"1/{1 / share:,.0f}" if share < 1 / 2 else f"{share:.2f}"
        table.add_row(name, f"{spent.cpu_s:,.2f}", f"{answered:,}", of_all)
    console = Console(highlight=False)
    console.print(table)
    in_bulk = figures.screened / figures.bulk.seconds
    first = count / figures.first.seconds
    for line in (
        f"{figures.screened:,} of {count:,} were screened in bulk; their CPU is scaled to all.",
        f"Stored: {count / figures.stored.seconds:,.0f} a second.",
        f"First answers: {first:,.0f} a second, {first / in_bulk:.2f} of {in_bulk:,.0f} in bulk.",
        f"The process grew by {figures.memory_mb:,.0f} MB at most.",
        f"{figures.looked_up_bytes:,.0f} bytes are kept of each for this.",
    ):
        console.print(line)


async def _measured(given: RescreenGiven, dsn: str) -> RescreenFigures:
    listings = _bundled(given.listed)
    async with _opened(dsn, listings) as trial:
        watched = _watched(ordinary_in("--fill", given.fill), listings, given.counterparties)
        await trial.desk.answered(_question(_watched(["Warm Up Works"], listings, _WARM_UP)))
        before_mb = resident_mb()
        with most_watched(resident_mb) as most:
            for some in batched(watched, _STORED_AT_ONCE, strict=False):
                await trial.answer(some)
            chosen = sorted(listings, key=lambda each: digest(each.id))[: given.changed]
            names, names_answered = await trial.names_change(chosen)
            event, event_answered = await trial.a_measure_is_suspended()
        return RescreenFigures(
            counterparties=given.counterparties,
            changed=len(chosen),
            answered=trial.answered,
            screened=trial.screened,
            bulk=trial.bulk,
            stored=trial.stored,
            first=trial.first,
            names=names,
            names_answered=names_answered,
            event=event,
            event_answered=event_answered,
            looked_up_bytes=await trial.looked_up_bytes(),
            memory_mb=most[0] - before_mb,
        )


class RescreenTrial:
    """One account's counterparties in a database, and what the steps so far have taken."""

    def __init__(self, pool: PooledStore, store: StoreOnConnection) -> None:
        """Take the pool of the service, and a connection that loads lists and law."""
        self.answered = self.screened = 0
        self.bulk, self.stored, self.first = StepCost(), StepCost(), StepCost()
        self._pool, self._store = pool, store
        self._current, self._boards = CurrentIndex(past=store), CurrentBoard()
        outside = Dependencies(now=utc_now, new_id=uuid4, version="")
        self.desk = Desk(self._current, self._boards, outside)
        self._rescreening = Rescreening(pool, self._current, self._boards, utc_now)
        self._counterparties = CounterpartyDesk(
            desk=self.desk,
            rescreening=self._rescreening,
            pool=pool,
            account="main",
            defaults=QuestionDefaults(),
            quota=10**9,
            names_only=False,
        )

    async def catch_up(self) -> None:
        """Answer from what the database holds now."""
        await self._boards.catch_up(self._store)
        await self._current.catch_up(self._store)

    async def answer(self, watched: Sequence[Counterparty]) -> None:
        """Store counterparties, have them answered, and screen some of them in bulk."""
        lines = [msgspec.json.encode(each) for each in watched]
        with self.stored.counting():
            put = BulkLines(self._counterparties)
            for line in lines:
                await put.take(line)
            await put.end()
        with self.first.counting():
            self.answered += await self._rescreening.round()
        some = watched[:_SCREENED_OF_THESE]
        with self.bulk.counting():
            await self.desk.answered(_question(some))
        self.screened += len(some)

    async def names_change(self, changed: Sequence[Listing]) -> tuple[StepCost, int]:
        """Load editions in which these have one name more, and answer whom that may touch."""
        now = utc_now()
        await load(self._store, [_with_another_name(each) for each in changed], now)
        await self.catch_up()
        return await self._again()

    async def a_measure_is_suspended(self) -> tuple[StepCost, int]:
        """Suspend the measure that reaches most hits, and answer whom that touches."""
        operators = Operators(self._store, self._boards, utc_now)
        await operators.add(await self._widest(), _suspension(utc_now()), "bench")
        await self.catch_up()
        return await self._again()

    async def _again(self) -> tuple[StepCost, int]:
        spent = StepCost()
        with spent.counting():
            answered = await self._rescreening.round()
        return spent, answered

    async def _widest(self) -> str:
        """Return the measure in force that reaches most hits."""
        reached = Counter[str]()
        async with self._pool.connect() as connection, connection.transaction():
            watched = WatchedStore(connection)
            keys = await watched.with_hits(list(await watched.laws()))
            for some in batched(keys, _LOOKED_AT_ONCE, strict=False):
                hits = [
                    hit
                    for row in await watched.locked(some)
                    if row.standing
                    for hit in row.standing.hits
                ]
                reached.update(
                    each.id for hit in hits for each in hit.measures if each.status == "in_force"
                )
        [(measure, _)] = reached.most_common(1)
        return measure

    async def looked_up_bytes(self) -> float:
        """Return how many bytes are kept of what an answer looked up, on average."""
        async with self._pool.connect() as connection:
            some = await WatchedStore(connection).after(0, _LOOKED_AT_ONCE, looked_up=True)
        return sum(len(lookups or b"") for _, lookups in some) / len(some)


@asynccontextmanager
async def _opened(dsn: str, listings: Sequence[Listing]) -> AsyncGenerator[RescreenTrial]:
    """Open a trial on an empty database, with editions that have these listings."""
    async with connected(dsn) as connection, PooledStore(dsn) as pool:
        store = StoreOnConnection(connection)
        await record_shipped(store, shipped(), utc_now())
        await load(store, listings, utc_now())
        trial = RescreenTrial(pool, store)
        await trial.catch_up()
        yield trial


# --- What is measured: the bundled lists, counterparties, and the law before and after.


def _bundled(sources: Collection[str]) -> list[Listing]:
    """Return the entries of these lists, or of all bundled ones, in the order of their ids."""
    listings = {
        each.id: each
        for edition in bundled_editions()
        if not sources or edition.source in sources
        for each in read_listings(read_bundled(edition), edition.source)
    }
    return [listings[key] for key in sorted(listings, key=str.encode)]


async def load(store: StoreOnConnection, listings: Sequence[Listing], now: datetime) -> None:
    """Store an edition of each list that has these listings; its other listings stay."""
    ordered = sorted(listings, key=lambda each: each.list_code)
    async with store.loading() as loading:
        for code, some in groupby(ordered, lambda each: each.list_code):
            records = [listing_record(each) for each in some]
            number = await loading.add_edition(_edition_of(code, len(records), now))
            await loading.close_versions(number, code, [each.listing_id for each in records])
            await loading.add_versions(number, code, code, records)


def _edition_of(code: str, count: int, now: datetime) -> NewEdition:
    return NewEdition(
        list_code=code,
        source=code,
        sha256=hashlib.sha256(f"{code} {now}".encode()).hexdigest(),
        format="bench",
        reader=1,
        published_on=now.date(),
        loaded_at=now,
        confirmed_at=now,
        entry_count=count,
        accepted=True,
    )


def _with_another_name(listing: Listing) -> Listing:
    words = listing.primary_name.split()
    name = Name(text=" ".join((*words[1:], words[0], "Holding")), kind="alias")
    return msgspec.structs.replace(listing, names=(*listing.names, name))


def _watched(
    ordinary: Sequence[str], listings: Sequence[Listing], count: int
) -> Iterator[Counterparty]:
    """Yield counterparties with recombined names, and a listed name now and then."""
    for number, name in enumerate(islice(recombined(ordinary), count)):
        listed = number % _LISTED_EVERY == 0
        text = listings[number % len(listings)].primary_name if listed else name
        yield Counterparty(name=text, id=f"{number}")


def _question(counterparties: Iterable[Counterparty]) -> ScreeningQuestion:
    return ScreeningQuestion(counterparties=tuple(counterparties))


def _suspension(now: datetime) -> Event:
    """Return an event that suspends a measure for a year from now on."""
    today = now.date()
    return Event(
        id="",
        kind="suspend",
        published_on=today,
        effective_on=today,
        until=today + timedelta(days=365),
        until_bound="inclusive",
        until_state="stated",
        lapse_effect="restriction_returns",
        citation="suspended by abeyance bench",
        confidence="verified_secondary",
    )
