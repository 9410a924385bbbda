"""Loading lists into a database: bundled ones, files given by hand, and publishers' downloads."""

import asyncio
import logging
import os
import shutil
from collections import deque
from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Callable,
    Generator,
    Iterable,
    Iterator,
    Sequence,
)
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit
from uuid import uuid4

import msgspec

from service.app import utc_now
from service.app.apart.readers import ApartHistory, ApartParties, ApartReader, HereReader
from service.app.index_files import index_files
from service.errors import (
    AbeyanceError,
    FetchFailedError,
    ListRefusedError,
    RefreshingElsewhereError,
)
from service.lists.bundled import BundledEdition, bundled_editions, read_bundled
from service.lists.catalogue import SOURCES, is_of_register, lists_of
from service.lists.download import (
    PATIENT,
    AllowedServers,
    DownloadedFile,
    Patience,
    Validators,
    fetch,
)
from service.lists.edition import (
    READER_VERSION,
    Download,
    Edition,
    EditionSpan,
    GivenFile,
    ListingVersion,
    StoredLists,
)
from service.lists.formats import STRANGE, is_strange_page
from service.lists.history import HistoryLoad, PastEdition, PrintedFiles, day_in_name
from service.lists.kinds import FileLink, ListSource, Offer
from service.lists.links import FoundLink, find_link
from service.lists.load import (
    ListFiles,
    LoadReport,
    LoadRequest,
    downloadable_sources,
    load_files,
    whole_source,
)
from service.lists.load_own import load_own
from service.lists.ports import DownloadedEdition
from service.lists.refresh import Refresher, is_due
from service.measures.board import CurrentBoard, MeasureBoard
from service.measures.measure import ShippedRegister
from service.measures.operators import Operators
from service.measures.register.read import shipped
from service.measures.stored import record_shipped
from service.screening.answer import ListAnswer
from service.screening.coverage import check_profile, lists_on, profile_of
from service.screening.desk import Desk, Outside
from service.screening.follow import CurrentIndex
from service.screening.index import ListingIndex
from service.settings import Settings
from service.store.editions import every_download, refreshing
from service.store.parties import JoinedParties
from service.store.sql import connected, migrate
from service.store.stores import StoreOnConnection

logger = logging.getLogger(__name__)
# Each process that reads a history may take as much memory as the settings allow.
_MOST_READ_AT_ONCE = 8
# A process reads so many bytes, or editions, of a history in turn. It takes a second to start and
# to read its first edition; what its editions print all waits in memory for its reply.
_BYTES_IN_TURN = 200_000_000
_EDITIONS_IN_TURN = 100


class PastFiles(msgspec.Struct, frozen=True, kw_only=True):
    """Where the files of one edition of a history are; they are read when it is its turn.

    `published_on` is the day that the operator gives, if any.
    """

    paths: tuple[Path, ...]
    name: str
    published_on: date | None

    @property
    def size(self) -> int:
        """How many bytes the files have, 0 for one that is not there."""
        return sum(each.stat().st_size for each in self.paths if each.is_file())

    def edition(self) -> PastEdition:
        """Return the edition without its files."""
        return PastEdition(
            name=self.name,
            published_on=self.published_on,
            named_on=day_in_name(self.name),
        )


# A further address that fails twice will hardly answer a third time.
_TRIES_OF_FALLBACK = 2


class _OfferDownload(msgspec.Struct, kw_only=True):
    """The download of one offer: the code of its source, and the pages that came so far."""

    source: str
    patience: Patience
    pages: dict[str, bytes] = {}


class HttpPublisher:
    """The publishers' files over HTTP, from their own addresses or from one mirror of all."""

    def __init__(
        self,
        mirror: str | None,
        patience: Patience = PATIENT,
        arrived: Callable[[int, int | None], None] | None = None,
    ) -> None:
        """Set the mirror, and a function for progress: bytes received of a file, total or None."""
        self._mirror = mirror
        self._patience = patience
        self._arrived = arrived

    async def download(
        self, source: ListSource, offer: Offer, seen: Sequence[tuple[str | None, str | None]]
    ) -> DownloadedEdition | None:
        """Download the files of an offer's newest edition; return None if none has changed.

        `seen` has the ETag and Last-Modified of each file of the last download, in order; they
        count only where all files have lasting addresses.

        Raises:
            FetchFailedError: A file, or a page with its link, could not be downloaded completely.
            ListRefusedError: A page has no link to a file, or one that must not be followed.
        """
        is_lasting = all(isinstance(each, str) for each in offer.files)
        if not is_lasting or len(seen) != len(offer.files):
            seen = [(None, None)] * len(offer.files)
        errand = _OfferDownload(source=source.code, patience=self._patience_for(source, offer))
        got = [
            await self._get(errand, file, Validators(etag=etag, last_modified=last_modified))
            for file, (etag, last_modified) in zip(offer.files, seen, strict=True)
        ]
        if all(file.content is None for _, file in got):
            return None
        if any(file.content is None for _, file in got):
            # only some files have changed, but an edition needs all of them
            return await self.download(source, offer, ())
        days = (link.day or file.last_modified_on for link, file in got)
        tags = tuple((file.seen.etag, file.seen.last_modified) for _, file in got)
        return DownloadedEdition(
            files=tuple(
                GivenFile(_name_of(link.address), file.content or b"") for link, file in got
            ),
            seen=tags if is_lasting else (),
            last_modified_on=max(filter(None, days), default=None),
            addresses=tuple(link.address for link, _ in got),
        )

    def _patience_for(self, source: ListSource, offer: Offer) -> Patience:
        """Return fewer tries for a further offer, before which others have failed already."""
        if offer == source.offers[0]:
            return self._patience
        tries = min(self._patience.tries, _TRIES_OF_FALLBACK)
        return msgspec.structs.replace(self._patience, tries=tries)

    async def _get(
        self, errand: _OfferDownload, file: str | FileLink, seen: Validators
    ) -> tuple[FoundLink, DownloadedFile]:
        """Return one file and its address; a page that several links are on is asked once."""
        if isinstance(file, str):
            # A mirror is the operator's own affair.
            allowed = AllowedServers(start=file) if self._mirror is None else None
            return FoundLink(file, None), await self._fetch(errand, file, allowed, seen)
        allowed = AllowedServers(start=self._mirror, hosts=file.hosts)
        if file.page not in errand.pages:
            page = await self._fetch(errand, file.page, allowed, Validators())
            errand.pages[file.page] = page.content or b""
        link = await asyncio.to_thread(_link_on, errand, file)
        return link, await self._fetch(errand, link.address, allowed, Validators())

    async def _fetch(
        self, errand: _OfferDownload, url: str, allowed: AllowedServers | None, seen: Validators
    ) -> DownloadedFile:
        return await fetch_through(
            self._mirror, url, errand.patience, seen=seen, arrived=self._arrived, allowed=allowed
        )


def _link_on(errand: _OfferDownload, file: FileLink) -> FoundLink:
    page = errand.pages[file.page]
    try:
        return find_link(errand.source, page, file)
    except ListRefusedError as refused:
        if not is_strange_page((errand.source,), page):
            raise
        raise FetchFailedError(file.page, f"answered with a page {STRANGE}") from refused


def _name_of(address: str) -> str:
    return PurePosixPath(urlsplit(address).path).name or address


def past_files(paths: Sequence[Path], published_on: date | None = None) -> tuple[PastFiles, ...]:
    """Return the editions of a history by the days in their names, then by name.

    Each file is one, and in a folder each file and each subfolder; hidden ones are left out.
    """
    inside = [each for path in paths for each in (_inside(path) if path.is_dir() else [path])]
    inside.sort(key=lambda each: (day_in_name(each.name) or date.min, each.name))
    return tuple(
        PastFiles(
            paths=tuple(each for each in _inside(path) if each.is_file())
            if path.is_dir()
            else (path,),
            name=path.name,
            published_on=published_on,
        )
        for path in inside
    )


def _inside(folder: Path) -> list[Path]:
    return sorted(each for each in folder.iterdir() if not each.name.startswith("."))


class UnreachablePublishers:
    """The publishers that cannot be reached, each logged once until it answers again."""

    def __init__(self) -> None:
        self._away: set[str] = set()
        self._fresh: dict[str, str] = {}
        self._answers = 0

    def note(self, source: ListSource, reports: Sequence[LoadReport]) -> None:
        """Note the reports of a source, and log them if its publisher answered."""
        reason = next((each.in_full for each in reports if each.outcome == "unreachable"), None)
        if reason is None:
            self._answers += 1
            self._away.discard(source.code)
            _log(source, reports)
        elif source.code not in self._away:
            self._away.add(source.code)
            self._fresh[source.code] = reason

    def end_round(self) -> None:
        """Log in one line the publishers that became unreachable in this round."""
        if self._fresh:
            event = "refresh.unreachable" if self._answers else "refresh.offline"
            reason = next(iter(self._fresh.values()))
            keys = {"sources": ",".join(self._fresh), "reason": reason}
            logger.warning(event, extra=keys)
        self._fresh, self._answers = {}, 0


async def bring_up_to_date(dsn: str) -> None:
    """Bring the database to the newest schema.

    Raises:
        StoreUnavailableError: The database does not answer.
    """
    async with connected(dsn) as connection:
        await migrate(connection)


async def prepare(dsn: str, say: Callable[[str], None] = lambda _: None) -> None:
    """Bring the database to the newest schema, register and bundled editions.

    A bundled edition is loaded if the database has none of that source or an older one, or if a
    newer reader reads more from the same file. The register's own list is as old as the register:
    the day of its newest event on record counts as the last day it was offered. Bundled files are
    trusted, so they are read in this process: a separate process would take half a second for
    each. `say` receives each step in words.

    Raises:
        StoreUnavailableError: The database does not answer.
    """
    async with connected(dsn) as connection:
        say("bringing the database up to date")
        await migrate(connection)
        store = StoreOnConnection(connection)
        register = shipped()
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
            await load_files(store, given, utc_now(), HereReader())


async def load_into(settings: Settings, dsn: str, given: ListFiles) -> tuple[LoadReport, ...]:
    """Load the files of one edition into a prepared database; see `load_files`.

    Raises:
        StoreUnavailableError: The database does not answer.
    """
    async with connected(dsn) as connection:
        store = StoreOnConnection(connection)
        return await load_files(store, given, utc_now(), ApartReader(settings))


async def load_own_into(
    settings: Settings, dsn: str, given: ListFiles, paths: Sequence[Path]
) -> LoadReport:
    """Load the files of a user's own list into a prepared database; see `load_own`.

    Raises:
        StoreUnavailableError: The database does not answer.
    """
    async with connected(dsn) as connection:
        store = StoreOnConnection(connection)
        with _readable_apart(paths) as files:
            stream_list = ApartReader(settings).stream_list
            return await load_own(store, given, files, utc_now(), stream_list)


@contextmanager
def _readable_apart(paths: Sequence[Path]) -> Generator[tuple[Path, ...]]:
    """Give files that another process can read; what only this one can is copied, as a pipe is."""
    with TemporaryDirectory(prefix="abeyance-") as folder:
        yield tuple(
            path
            if path.is_file() and not path.is_relative_to("/dev")
            else _copied(path, Path(folder) / f"{place}-{path.name}")
            for place, path in enumerate(paths)
        )


def _copied(path: Path, target: Path) -> Path:
    with path.open("rb") as source, target.open("wb") as copy:
        shutil.copyfileobj(source, copy)
    return target


async def load_history_into(
    settings: Settings,
    dsn: str,
    wanted: LoadRequest,
    editions: Iterable[PastFiles],
    *,
    accepted: bool = False,
    begin: Callable[[str], None] = lambda _: None,
) -> tuple[LoadReport, ...]:
    """Load older editions into a prepared database, each at its place; see `HistoryLoad`.

    Files are read by several processes at once, each of which reads many in turn, ahead of what
    is compared. `begin` receives the name of each edition before it is put at its place.

    Raises:
        BadInputError: Another process changed the same editions meanwhile, or the code of a new
            list of the user's own looks like a public one.
        StoreUnavailableError: The database does not answer.
    """
    reports: list[LoadReport] = []
    at_once = max(1, min(os.process_cpu_count() or 1, _MOST_READ_AT_ONCE))
    reader = ApartHistory(settings, at_once)
    async with connected(dsn) as connection:
        history = HistoryLoad(StoreOnConnection(connection), wanted, utc_now(), accepted=accepted)
        async for turn, printed in _read_ahead(wanted, editions, reader, at_once):
            for past, each in zip(turn, printed, strict=True):
                begin(past.name)
                reports += await history.add(past.edition(), each)
        await history.finish()
    return tuple(reports)


type _Turn = tuple[Sequence[PastFiles], Sequence[PrintedFiles | AbeyanceError]]


async def _read_ahead(
    wanted: LoadRequest, editions: Iterable[PastFiles], reader: ApartHistory, ahead: int
) -> AsyncIterator[_Turn]:
    """Yield editions in the order given with what they print, `ahead` turns read meanwhile."""
    reading: deque[asyncio.Task[_Turn]] = deque()
    try:
        for each in _turns(editions):
            reading.append(asyncio.create_task(_read_turn(wanted, each, reader)))
            if len(reading) > ahead:
                yield await reading.popleft()
        while reading:
            yield await reading.popleft()
    finally:
        for task in reading:
            task.cancel()


async def _read_turn(
    wanted: LoadRequest, editions: Sequence[PastFiles], reader: ApartHistory
) -> _Turn:
    return editions, await reader.read(wanted, [each.paths for each in editions])


def _turns(editions: Iterable[PastFiles]) -> Iterator[Sequence[PastFiles]]:
    """Yield as many editions at a time as one process reads in turn."""
    turn, size = list[PastFiles](), 0
    for each in editions:
        more = each.size
        if turn and (size + more > _BYTES_IN_TURN or len(turn) == _EDITIONS_IN_TURN):
            yield turn
            turn, size = [], 0
        turn.append(each)
        size += more
    if turn:
        yield turn


def sources_to_refresh(names: Sequence[str]) -> tuple[ListSource, ...]:
    """Return the sources of list and source codes; without codes, all that can be downloaded.

    Raises:
        BadInputError: A code is unknown, or has no publisher or no permanent download address.
    """
    if not names:
        return tuple(source for source in SOURCES if source.offers)
    return tuple(dict.fromkeys(source for name in names for source in downloadable_sources(name)))


async def refresh_lists(
    settings: Settings,
    dsn: str,
    sources: Sequence[ListSource],
    *,
    only_due: bool,
    begin: Callable[[ListSource], None] = lambda _: None,
    arrived: Callable[[int, int | None], None] | None = None,
) -> AsyncIterator[tuple[ListSource, tuple[LoadReport, ...]]]:
    """Ask publishers for newer editions, and yield the reports of each source.

    `begin` receives each source before its publisher is asked; `arrived` receives the bytes
    received of a file, and the total or None.

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


async def local_index(
    settings: Settings, dsn: str, day: date
) -> tuple[ListingIndex, MeasureBoard]:
    """Read the index of all lists on a day and the measures of a database.

    Raises:
        StoreUnavailableError: The database does not answer.
    """
    current, boards = await caught_up(settings, dsn)
    return await current.on(day), boards.get()


class _PastOf:
    """The past versions of a database, each time over a connection of its own."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn

    async def read_past(
        self, spans_of: Callable[[StoredLists], Sequence[EditionSpan]], since: int
    ) -> tuple[StoredLists, tuple[ListingVersion, ...]]:
        async with connected(self._dsn) as connection:
            return await StoreOnConnection(connection).read_past(spans_of, since)


@asynccontextmanager
async def register_at(dsn: str) -> AsyncGenerator[tuple[StoreOnConnection, CurrentBoard]]:
    """Yield the store of a prepared database, and the board of the register that it holds.

    Raises:
        StoreUnavailableError: The database does not answer.
    """
    boards = CurrentBoard()
    async with connected(dsn) as connection:
        store = StoreOnConnection(connection)
        await boards.catch_up(store)
        yield store, boards


async def local_board(dsn: str) -> MeasureBoard:
    """Load all measures from a prepared database, for one question on the command line.

    Raises:
        StoreUnavailableError: The database does not answer.
    """
    async with register_at(dsn) as (_, boards):
        return boards.get()


async def check_site(settings: Settings, dsn: str) -> None:
    """Check that there are all lists that the settings name; the database knows users' own.

    Raises:
        BadInputError: There is no such list; the field is the setting that names it.
        StoreUnavailableError: The database does not answer.
    """
    await _site_lists(settings, dsn)


async def _site_lists(settings: Settings, dsn: str) -> StoredLists:
    async with connected(dsn) as connection:
        read = await StoreOnConnection(connection).read_lists()
    lists = msgspec.structs.replace(read, profile=profile_of(settings))
    check_profile(lists)
    return lists


async def caught_up(settings: Settings, dsn: str) -> tuple[CurrentIndex, CurrentBoard]:
    """Return the index and the board of what a prepared database holds now.

    Raises:
        StoreUnavailableError: The database does not answer.
    """
    join = ApartParties(JoinedParties(dsn), utc_now)
    current = CurrentIndex(past=_PastOf(dsn), profile=profile_of(settings), join=join)
    current.keep_in(index_files(settings))
    async with register_at(dsn) as (store, boards):
        await current.catch_up(store)
    return current, boards


async def local_desk(settings: Settings, dsn: str) -> Desk:
    """Build a desk for questions on the command line; it keeps no screenings.

    Raises:
        BadInputError: A setting names a list that does not exist.
        StoreUnavailableError: The database does not answer.
    """
    await check_site(settings, dsn)
    current, boards = await caught_up(settings, dsn)
    outside = Outside(now=utc_now, new_id=uuid4)
    return Desk(current, boards, outside)


@asynccontextmanager
async def local_operators(dsn: str) -> AsyncGenerator[Operators]:
    """Yield the register of a database, for changes without an operator's key.

    A user with access to the database may change it anyway.

    Raises:
        StoreUnavailableError: The database does not answer.
    """
    async with register_at(dsn) as (store, boards):
        yield Operators(store, boards, utc_now)


async def local_lists(settings: Settings, dsn: str) -> tuple[ListAnswer, ...]:
    """Return every list with its state today, known lists first.

    Raises:
        BadInputError: A setting names a list that does not exist.
        StoreUnavailableError: The database does not answer.
    """
    return tuple(lists_on(await _site_lists(settings, dsn), utc_now().date()))


def is_lacking(bundled: BundledEdition, editions: Sequence[Edition]) -> bool:
    """Return whether a bundled edition should be loaded into a database with these editions."""
    stored = {each.list_code: each for each in editions if each.source == bundled.source}
    if not stored.keys() & set(lists_of(bundled.source)):
        return True
    if is_of_register(bundled.source) and bundled.offered_on is not None:
        seen = [each.confirmed_on for each in stored.values()]
        if any(day is None or day < bundled.offered_on for day in seen):
            return True
    return any(
        each.known_on < bundled.published_on
        or (each.sha256 == bundled.sha256 and each.reader < READER_VERSION)
        for each in stored.values()
    )


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


async def fetch_through(
    mirror: str | None,
    url: str,
    patience: Patience,
    *,
    seen: Validators | None = None,
    arrived: Callable[[int, int | None], None] | None = None,
    allowed: AllowedServers | None = None,
) -> DownloadedFile:
    """Download a file from a publisher's address, or from the mirror if there is one.

    The mirror has each file under the publisher's host, path and query: that of the United Nations
    is `<mirror>/scsanctions.un.org/resources/xml/en/consolidated.xml`.

    Raises:
        FetchFailedError: The file could not be downloaded completely. The error names the
            publisher's address, because the mirror's may hold a password.
    """
    address = url if mirror is None else f"{mirror.rstrip('/')}/{url.split('://', 1)[1]}"
    try:
        return await fetch(
            address,
            seen=seen,
            patience=patience,
            on_progress=arrived,
            allowed=allowed,
            whose="the publisher's" if mirror is None else "the mirror's",
        )
    except FetchFailedError as failure:
        raise FetchFailedError(url, failure.reason, failure.detail) from failure


def _start_of(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time.min, UTC)


async def _refreshed(
    refresher: Refresher, source: ListSource, last: Download | None
) -> tuple[LoadReport, ...]:
    """Refresh one source; a bug in its reader fails this source only."""
    try:
        return await refresher.refresh(source, last)
    except AbeyanceError:
        raise
    except Exception as error:
        logger.exception("refresh.broke", extra={"source": source.code})
        reason = f"this program could not read it ({type(error).__name__}); please report it"
        return await refresher.give_up(source, last, reason)


def _log(source: ListSource, reports: Sequence[LoadReport]) -> None:
    for outcome in dict.fromkeys(report.outcome for report in reports):
        of_it = [report for report in reports if report.outcome == outcome]
        keys: dict[str, object] = {"source": source.code, "outcome": outcome, "lists": len(of_it)}
        if of_it[0].in_full is not None:
            keys["reason"] = of_it[0].in_full
        logger.info("list.refreshed", extra=keys)
