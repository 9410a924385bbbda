"""This machine's own data: database, lists, register, index and desk, opened for a process."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, date, datetime
from importlib.metadata import version
from uuid import uuid4

import msgspec

from abeyance_screening.engine.lists.bundled import (
    BundledEdition,
    bundled_editions,
    is_lacking,
    read_bundled,
)
from abeyance_screening.engine.lists.catalogue import is_of_register
from abeyance_screening.engine.lists.edition import StoredLists
from abeyance_screening.engine.lists.load import ListFiles, load_files, whole_source
from abeyance_screening.engine.measures.board import CurrentBoard, MeasureBoard
from abeyance_screening.engine.measures.measure import ShippedRegister
from abeyance_screening.engine.measures.register.read import shipped
from abeyance_screening.engine.measures.register_state import RegisterState
from abeyance_screening.engine.names.match import SCORER_VERSION
from abeyance_screening.engine.screening.answer import ListAnswer
from abeyance_screening.engine.screening.coverage import check_profile, codes_of, lists_on
from abeyance_screening.engine.screening.desk import Dependencies, Desk
from abeyance_screening.engine.screening.index.basis import Basis
from abeyance_screening.engine.screening.index.current import CurrentIndex
from abeyance_screening.engine.screening.index.files import IndexFiles, index_digest
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.platform.postgres.database import at, connected
from abeyance_screening.platform.postgres.migrations import check_not_newer, migrate
from abeyance_screening.platform.sandbox.list_reader import ReaderHere
from abeyance_screening.platform.settings import Settings
from abeyance_screening.platform.stores.connection import StoreOnConnection
from abeyance_screening.platform.stores.joiner import PartiesInChild
from abeyance_screening.platform.stores.lists import DatabaseLists
from abeyance_screening.platform.stores.parties import JoinedParties
from abeyance_screening.platform.stores.register import DatabaseRegister, record_shipped
from abeyance_screening.platform.stores.register_copy import read_shipped
from abeyance_screening.primitives.days import (
    beginning_of,
    utc_now,
)
from abeyance_screening.primitives.errors import StoreUnavailableError


def index_files(settings: Settings) -> IndexFiles | None:
    """Return the files of indexes in the data directory; None where the settings want none."""
    return IndexFiles(settings.data_dir / "index") if settings.keep_indexes else None


async def register_state(dsn: str) -> RegisterState:
    """Return the state of the register of a database."""
    return await DatabaseRegister(at(dsn)).register_state()


async def bring_up_to_date(dsn: str) -> None:
    """Bring the database to the newest schema."""
    async with connected(dsn) as connection:
        await migrate(connection)


async def check_database(dsn: str) -> None:
    """Check that a database may be used by this version as it is; one that is away is not judged.

    Raises:
        DatabaseNewerError: A newer version has migrated it.
    """
    with suppress(StoreUnavailableError):
        async with connected(dsn) as connection:
            await check_not_newer(connection)


def shipped_register(settings: Settings) -> ShippedRegister:
    """Return the register that comes with the program.

    It is read from its copy in the data directory, where the settings want files kept there.
    """
    return (
        read_shipped(settings.data_dir / "register.copy") if settings.keep_indexes else shipped()
    )


async def prepare(
    dsn: str, say: Callable[[str], None] = lambda _: None, settings: Settings | None = None
) -> None:
    """Bring the database to the newest schema, register and bundled editions.

    A bundled edition is loaded if the database has none of that source or an older one, or if a
    newer reader reads more from the same file. The register's own list is as old as the register:
    the day of its newest event on record counts as the last day it was offered. Bundled files are
    trusted, so they are read in this process: a separate process would take half a second for
    each. `say` receives each step in words. With `settings` the register is read from its copy.
    """
    async with connected(dsn) as connection:
        say("bringing the database up to date")
        await migrate(connection)
        store = StoreOnConnection(connection)
        register = shipped() if settings is None else shipped_register(settings)
        await record_shipped(store, register, utc_now())
        editions = (await store.read_lists()).editions
        bundles = (of_its_register(each, register) for each in bundled_editions())
        lacking = [each for each in bundles if is_lacking(each, editions)]
        for place, bundled in enumerate(lacking, start=1):
            say(f"loading bundled list {place} of {len(lacking)}: {bundled.source}")
            given = ListFiles(
                wanted=whole_source(bundled.source),
                files=read_bundled(bundled),
                published_on=bundled.published_on,
                offered_at=_start_of(bundled.offered_on),
            )
            await load_files(store, given, utc_now(), ReaderHere())


async def local_index(
    settings: Settings, dsn: str, day: date
) -> tuple[ListingIndex, MeasureBoard]:
    """Read the index of all lists on a day and the measures of a database."""
    current, boards = await caught_up(settings, dsn)
    return await current.on(day), boards.get()


@asynccontextmanager
async def register_at(dsn: str) -> AsyncGenerator[tuple[StoreOnConnection, CurrentBoard]]:
    """Yield the store of a prepared database, and the board of the register that it holds."""
    boards = CurrentBoard()
    async with connected(dsn) as connection:
        store = StoreOnConnection(connection)
        await boards.catch_up(store)
        yield store, boards


async def local_board(dsn: str) -> MeasureBoard:
    """Load all measures from a prepared database, for one question on the command line."""
    async with register_at(dsn) as (_, boards):
        return boards.get()


async def check_site(settings: Settings, dsn: str) -> StoredLists:
    """Check that there are all lists that the settings name, and return the stored lists.

    The database knows users' own.

    Raises:
        BadInputError: There is no such list; the field is the setting that names it.
    """
    read = await DatabaseLists(at(dsn)).read_lists()
    lists = CurrentIndex(profile=settings.profile).with_profile(read)
    check_profile(lists)
    return lists


async def caught_up(settings: Settings, dsn: str) -> tuple[CurrentIndex, CurrentBoard]:
    """Return the index and the board of what a prepared database holds now."""
    join = PartiesInChild(JoinedParties(dsn), utc_now)
    current = CurrentIndex(past=DatabaseLists(at(dsn)), profile=settings.profile, join=join)
    current.keep_in(index_files(settings))
    async with register_at(dsn) as (store, boards):
        await current.catch_up(store)
    return current, boards


async def local_desk(settings: Settings, dsn: str) -> Desk:
    """Build a desk for questions on the command line; it keeps no screenings.

    Raises:
        BadInputError: A setting names a list that does not exist.
    """
    await check_site(settings, dsn)
    current, boards = await caught_up(settings, dsn)
    outside = Dependencies(now=utc_now, new_id=uuid4, version=version("abeyance-screening"))
    return Desk(current, boards, outside)


async def local_lists(settings: Settings, dsn: str) -> tuple[ListAnswer, ...]:
    """Return every list with its state today, known lists first.

    Raises:
        BadInputError: A setting names a list that does not exist.
    """
    return tuple(lists_on(await check_site(settings, dsn), utc_now().date()))


def of_its_register(bundled: BundledEdition, register: ShippedRegister) -> BundledEdition:
    """Return a bundled edition; one of the register's own list as last offered by the register.

    That day is the day (UTC) of the newest event on the register's record.
    """
    if not is_of_register(bundled.source):
        return bundled
    times = (event.recorded_at for each in register.measures for event in each.events)
    newest = max(filter(None, times), default=None)
    if newest is None:
        return bundled
    day = max(newest.astimezone(UTC).date(), bundled.published_on)
    return msgspec.structs.replace(bundled, offered_on=day)


def _start_of(day: date | None) -> datetime | None:
    return None if day is None else beginning_of(day)


async def list_codes_of(dsn: str) -> frozenset[str]:
    """Return the codes of all lists of a database."""
    return frozenset(codes_of(await DatabaseLists(at(dsn)).read_lists()))


async def basis_at(settings: Settings, dsn: str) -> tuple[Basis, ListingIndex]:
    """Return the basis of what a prepared database holds now, and its index.

    Raises:
        BadInputError: A setting names a list that does not exist.
    """
    await check_site(settings, dsn)
    while True:
        index = (await caught_up(settings, dsn))[0].get()
        async with connected(dsn) as connection:
            store = StoreOnConnection(connection)
            lists, listings = await store.read_basis()
            splits, register = await store.party_splits(), await store.read_register()
        # what was loaded since the index was read is in none of them once it is read again
        if lists.editions == index.lists.editions and splits == index.splits:
            basis = Basis(
                lists=index.lists,
                splits=splits,
                register=register,
                index_digest=index_digest(splits, listings).hex(),
                scorer=SCORER_VERSION,
                version=version("abeyance-screening"),
            )
            return basis, index
