"""Lists brought in: those that come with the program, those given, those that are published."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time
from pathlib import PurePosixPath
from urllib.parse import urlsplit
from uuid import uuid4

from service.app import utc_now
from service.app.apart.readers import ApartReader, HereReader
from service.errors import AbeyanceError, BadInputError, FetchFailedError, RefreshingElsewhereError
from service.lists.bundled import BundledEdition, bundled_editions, read_bundled
from service.lists.catalogue import SOURCE_BY_CODE, SOURCES, lists_of
from service.lists.download import PATIENT, DownloadedFile, Patience, Validators, fetch
from service.lists.edition import READER_VERSION, Download, Edition, GivenFile
from service.lists.kinds import ListSource
from service.lists.load import ListFiles, LoadReport, load_files, wanted_by_name, whole_source
from service.lists.ports import DownloadedEdition
from service.lists.refresh import Refresher, is_due
from service.measures.current_board import CurrentBoard
from service.measures.operators import Operators
from service.measures.register.read import shipped
from service.measures.stored import record_shipped
from service.screening.answer import ListAnswer
from service.screening.coverage import lists_on
from service.screening.desk import Desk, Outside
from service.screening.follow import CurrentIndex
from service.settings import Settings
from service.store.editions import every_download, refreshing
from service.store.sql import connected, migrate
from service.store.stores import StoreOnConnection

# --- A mirror: one copy of what publishers serve, asked instead of them.
#
# It has each file under the publisher's host and path (and query): that of the United Nations
# under `<mirror>/scsanctions.un.org/resources/xml/en/consolidated.xml`.


async def fetch_through(
    mirror: str | None,
    url: str,
    patience: Patience,
    *,
    seen: Validators | None = None,
    arrived: Callable[[int, int | None], None] | None = None,
) -> DownloadedFile:
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


# --- Publishers, reached over HTTP.


class HttpPublisher:
    """Downloads from the publishers' own addresses, or from one mirror of them all."""

    def __init__(
        self,
        mirror: str | None,
        patience: Patience = PATIENT,
        arrived: Callable[[int, int | None], None] | None = None,
    ) -> None:
        """`arrived` is told how many bytes of a file have come, and of how many where known."""
        self._mirror = mirror
        self._patience = patience
        self._arrived = arrived

    async def download(
        self, source: ListSource, seen: Sequence[tuple[str | None, str | None]]
    ) -> DownloadedEdition | None:
        """The files of a source's newest edition; None where `seen` tells that we have them.

        Raises:
            FetchFailedError: They could not be had whole.
        """
        fetched: list[DownloadedFile] = []
        for position, url in enumerate(source.urls):
            known = seen[position] if len(seen) == len(source.urls) else None
            before = None if known is None else Validators(etag=known[0], last_modified=known[1])
            fetched.append(
                await fetch_through(
                    self._mirror, url, self._patience, seen=before, arrived=self._arrived
                )
            )
        if all(each.content is None for each in fetched):
            return None
        if any(each.content is None for each in fetched):
            # one of several has changed, and an edition is made of all of them
            return await self.download(source, ())
        return DownloadedEdition(
            files=tuple(
                GivenFile(PurePosixPath(urlsplit(url).path).name or url, each.content or b"")
                for url, each in zip(source.urls, fetched, strict=True)
            ),
            seen=tuple((each.seen.etag, each.seen.last_modified) for each in fetched),
            last_modified_on=max(
                filter(None, (each.last_modified_on for each in fetched)), default=None
            ),
        )


logger = logging.getLogger(__name__)
# How often one that watches looks whether a source is due.
LOOK_EVERY_S = 60.0


async def prepare(dsn: str, say: Callable[[str], None] = lambda _: None) -> None:
    """Brings the database to the newest schema, register and bundled editions.

    A bundled edition is taken in where the database has none from that source or an older one,
    or where this program reads more out of the same file than the one that stored it. They are
    our own files, so they are read here: in a process of its own each would take half a second.
    `say` is told what it is at, in words.

    Raises:
        StoreUnavailableError: The database does not answer.
    """
    async with connected(dsn) as connection:
        say("bringing the database up to date")
        await migrate(connection)
        store = StoreOnConnection(connection)
        await record_shipped(store, shipped(), utc_now())
        editions = (await store.read_lists()).editions
        lacking = [each for each in bundled_editions() if is_lacking(each, editions)]
        for place, bundled in enumerate(lacking, start=1):
            say(f"loading bundled list {place} of {len(lacking)}: {bundled.source}")
            given = ListFiles(
                wanted=whole_source(bundled.source),
                files=read_bundled(bundled),
                published_on=bundled.published_on,
                offered_at=_start_of(bundled.offered_on),
            )
            await load_files(store, given, utc_now(), HereReader())


def _start_of(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time.min, UTC)


def is_lacking(bundled: BundledEdition, editions: Sequence[Edition]) -> bool:
    """Whether a database with these editions should take a bundled one in."""
    stored = {each.list_code: each for each in editions if each.source == bundled.source}
    if not stored.keys() & set(lists_of(bundled.source)):
        return True
    return any(
        each.known_on < bundled.published_on
        or (each.published_on == bundled.published_on and each.reader < READER_VERSION)
        for each in stored.values()
    )


async def load_into(settings: Settings, dsn: str, given: ListFiles) -> tuple[LoadReport, ...]:
    """Loads the files of one edition into a prepared database; see `flow.load.load_files`."""
    async with connected(dsn) as connection:
        store = StoreOnConnection(connection)
        return await load_files(store, given, utc_now(), ApartReader(settings))


def sources_to_refresh(names: Sequence[str]) -> tuple[ListSource, ...]:
    """The sources that list and source codes stand for; without any, all that have an address.

    Raises:
        BadInputError: A code is unknown, or has no publisher or no lasting download address.
    """
    if not names:
        return tuple(source for source in SOURCES if source.urls)
    return tuple(dict.fromkeys(source for name in names for source in _sources(name)))


def _sources(name: str) -> list[ListSource]:
    wanted = wanted_by_name(name)
    if wanted.is_own:
        raise BadInputError("list", f"{name!r} has no publisher; load it from a file")
    sources = [SOURCE_BY_CODE[code] for code in wanted.sources]
    with_address = [source for source in sources if source.urls]
    if not with_address:
        reason = f"{name!r} has no lasting download address; load its file: {sources[0].home_url}"
        raise BadInputError("list", reason)
    return with_address


async def refresh_lists(
    settings: Settings,
    dsn: str,
    sources: Sequence[ListSource],
    *,
    only_due: bool,
    begin: Callable[[ListSource], None] = lambda _: None,
    arrived: Callable[[int, int | None], None] | None = None,
) -> AsyncIterator[tuple[ListSource, tuple[LoadReport, ...]]]:
    """Asks publishers for newer editions, and yields how each source fared.

    `begin` is told of each source before it is asked, `arrived` how much of its file has come, in
    bytes, and of how much where that is known.

    Raises:
        RefreshingElsewhereError: Another process is refreshing.
        StoreUnavailableError: The database does not answer.
    """
    async with connected(dsn) as guard, refreshing(guard) as is_ours, connected(dsn) as connection:
        if not is_ours:
            raise RefreshingElsewhereError
        downloads = await every_download(connection)
        store = StoreOnConnection(connection)
        publisher = HttpPublisher(settings.mirror, arrived=arrived)
        reader = ApartReader(settings)
        for source in sources:
            last = downloads.get(source.code)
            if not only_due or is_due(source, last, utc_now()):
                begin(source)
                refresher = Refresher(store, publisher, reader, utc_now())
                yield source, await _refreshed(refresher, source, last)


async def _refreshed(
    refresher: Refresher, source: ListSource, last: Download | None
) -> tuple[LoadReport, ...]:
    """One source's reports; a fault of this program ends its own turn and no other's."""
    try:
        return await refresher.refresh(source, last)
    except AbeyanceError:
        raise
    except Exception as error:
        logger.exception("refresh.broke", extra={"source": source.code})
        reason = f"this program could not read it ({type(error).__name__}); please report it"
        return await refresher.give_up(source, last, reason)


class UnreachablePublishers:
    """Which publishers cannot be reached: said once of each, until it answers again."""

    def __init__(self) -> None:
        self._away: set[str] = set()
        self._fresh: dict[str, str] = {}
        self._answers = 0

    def note(self, source: ListSource, reports: Sequence[LoadReport]) -> None:
        """Note how one source fared, and log what its publisher said if it answered."""
        reason = next((each.reason for each in reports if each.outcome == "unreachable"), None)
        if reason is None:
            self._answers += 1
            self._away.discard(source.code)
            _log(source, reports)
        elif source.code not in self._away:
            self._away.add(source.code)
            self._fresh[source.code] = reason

    def end_round(self) -> None:
        """Log in one line those that could be reached until this round."""
        if self._fresh:
            event = "refresh.unreachable" if self._answers else "refresh.offline"
            reason = next(iter(self._fresh.values()))
            keys = {"sources": ",".join(self._fresh), "reason": reason}
            logger.warning(event, extra=keys)
        self._fresh, self._answers = {}, 0


async def watch(settings: Settings, dsn: str, sources: Sequence[ListSource]) -> None:
    """Refreshes each source whenever it is due, for ever; a failure is logged and tried again."""
    reach = UnreachablePublishers()
    while True:
        try:
            async for source, reports in refresh_lists(settings, dsn, sources, only_due=True):
                reach.note(source, reports)
        except RefreshingElsewhereError:
            logger.debug("refresh.elsewhere")
        except AbeyanceError as error:
            logger.warning("refresh.failed", extra={"reason": str(error)})
        except Exception:
            logger.exception("refresh.failed")
        reach.end_round()
        await asyncio.sleep(LOOK_EVERY_S)


def _log(source: ListSource, reports: Sequence[LoadReport]) -> None:
    for outcome in dict.fromkeys(report.outcome for report in reports):
        of_it = [report for report in reports if report.outcome == outcome]
        keys: dict[str, object] = {"source": source.code, "outcome": outcome, "lists": len(of_it)}
        if of_it[0].reason is not None:
            keys["reason"] = of_it[0].reason
        logger.info("list.refreshed", extra=keys)


# --- What the command line asks of a prepared database, without a service.


async def local_desk(dsn: str) -> Desk:
    """A desk for one question on the command line; it keeps no screenings."""
    current, boards = CurrentIndex(), CurrentBoard()
    async with connected(dsn) as connection:
        await boards.catch_up(StoreOnConnection(connection))
        await current.catch_up(StoreOnConnection(connection))
    outside = Outside(now=utc_now, new_id=uuid4, screenings=None, changes=None)
    return Desk(current, boards, outside)


@asynccontextmanager
async def local_operators(dsn: str) -> AsyncGenerator[Operators]:
    """The register of a database, for somebody who may change the database anyway.

    Raises:
        StoreUnavailableError: The database does not answer.
    """
    boards = CurrentBoard()
    async with connected(dsn) as connection:
        store = StoreOnConnection(connection)
        await boards.catch_up(store)
        yield Operators(store, boards, utc_now)


# --- How the lists of a prepared database stand, without a service or an index.


async def local_lists(dsn: str) -> tuple[ListAnswer, ...]:
    """Every list as it stands today, known ones first.

    Raises:
        StoreUnavailableError: The database does not answer.
    """
    async with connected(dsn) as connection:
        lists = await StoreOnConnection(connection).read_lists()
    return tuple(lists_on(lists, utc_now().date()))
