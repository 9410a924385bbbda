"""Watching what is outside: lists and register by their schedule, and places where acts appear.

A place is fetched, read and compared; each fails by itself.
"""

import asyncio
import hashlib
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from urllib.parse import urlsplit

import asyncpg
import msgspec

from service.app import utc_now
from service.app.apart.readers import ApartReader
from service.app.lists import (
    UnreachablePublishers,
    fetch_through,
    is_lacking,
    local_board,
    refresh_lists,
    register_at,
)
from service.errors import (
    AbeyanceError,
    BadInputError,
    BundleRefusedError,
    FetchFailedError,
    ListRefusedError,
    RefreshingElsewhereError,
)
from service.lists.bundled import BundledEdition
from service.lists.catalogue import lists_of
from service.lists.download import AllowedServers, DownloadedFile, Patience, Validators, fetch
from service.lists.edition import Edition
from service.lists.kinds import ListSource
from service.lists.load import (
    ListFiles,
    LoadReport,
    digest_of,
    load_files,
    record_failure,
    whole_source,
)
from service.lists.refresh import wait_after
from service.measures.arrival import BundleFetch, BundleReport, RegisterState, record_bundle
from service.measures.measure import Measure
from service.measures.operators import Confirmations
from service.measures.register.bundle import (
    MOST_BYTES,
    CarriedEdition,
    PublicKey,
    RegisterBundle,
    open_bundle,
    public_keys,
)
from service.measures.watch.places import Place, places
from service.measures.watch.reading import (
    MAX_BYTES,
    Look,
    OpenDocument,
    PlaceDocument,
    PlacePage,
    PlaceState,
    PlaceUnreadableError,
    day_there,
    due_places,
    first_day,
    read_place,
    standstill,
)
from service.settings import Settings
from service.store.editions import refreshing
from service.store.register import (
    DatabaseRegister,
    add_look,
    bundle_fetch,
    note_bundle_fetch,
    open_documents,
    place_states,
    watching,
)
from service.store.sql import connected, on
from service.store.stores import StoreOnConnection

# --- The register from elsewhere: fetching a signed bundle, and taking up what it carries.

KEY_SETTING = "ABEYANCE_REGISTER_KEY"
# An unchanged bundle costs one request without a body, so a new one is in force the same day.
EVERY = timedelta(hours=6)
BUNDLE_PATIENCE = Patience(total_s=300.0, max_bytes=MOST_BYTES)
logger = logging.getLogger(__name__)


def trusted_keys(settings: Settings) -> tuple[PublicKey, ...]:
    """Return the public keys whose bundles are trusted: those of the setting, or the program's.

    Raises:
        BadInputError: The file of the setting cannot be read, or has no key.
    """
    if settings.register_key is None:
        own = files("service.measures.register").joinpath("trusted_keys.pem")
        return public_keys("trusted_keys.pem", own.read_text("utf-8"))
    try:
        keys = public_keys(KEY_SETTING, settings.register_key.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadInputError(KEY_SETTING, "cannot be read") from error
    if not keys:
        raise BadInputError(KEY_SETTING, "the file holds no public key (PEM)")
    return keys


def needed_keys(settings: Settings) -> tuple[PublicKey, ...]:
    """Return the trusted keys, at least one.

    Raises:
        BadInputError: There is none, or the file of the setting cannot be read.
    """
    keys = trusted_keys(settings)
    if not keys:
        reason = "is not set, and this program trusts no key by itself: no bundle can be verified"
        raise BadInputError(KEY_SETTING, reason)
    return keys


async def refresh_register(
    settings: Settings, dsn: str, *, only_due: bool, patience: Patience = BUNDLE_PATIENCE
) -> BundleReport | None:
    """Fetch the register bundle and take it up; return None without an address, or if not due.

    Whatever is wrong with a bundle is reported, logged and stored, and the register in force
    stays.

    Raises:
        RefreshingElsewhereError: Another process is refreshing.
        StoreUnavailableError: The database does not answer.
    """
    if settings.register_url is None:
        return None
    async with connected(dsn) as guard, refreshing(guard) as is_ours, connected(dsn) as connection:
        if not is_ours:
            raise RefreshingElsewhereError
        last, now = await bundle_fetch(connection), utc_now()
        if (
            only_due
            and last is not None
            and now < last.tried_at + wait_after(last.failures, EVERY)
        ):
            return None
        report, noted = await _Fetching(settings, connection, patience, now).run(last)
        await note_bundle_fetch(connection, noted)
    _log_bundle(report, last)
    return report


async def register_state(dsn: str) -> RegisterState:
    """Return the state of the register of a database.

    Raises:
        StoreUnavailableError: The database does not answer.
    """
    async with connected(dsn) as connection:
        return await DatabaseRegister(on(connection)).register_state()


class _Fetching:
    """One attempt to fetch a bundle and take it up; `now` is one moment for all of it."""

    def __init__(
        self, settings: Settings, connection: asyncpg.Connection, patience: Patience, now: datetime
    ) -> None:
        self._settings = settings
        self._connection = connection
        self._patience = patience
        self._now = now
        self._url = settings.register_url or ""

    async def run(self, last: BundleFetch | None) -> tuple[BundleReport, BundleFetch]:
        """Return the report, and the attempt as it is stored; `last` is the one before."""
        asked, seen = "", Validators()
        try:
            keys = needed_keys(self._settings)
            asked = _digest(self._url, keys)
            known = last if last is not None and last.asked == asked else None
            if known is not None:
                seen = Validators(etag=known.etag, last_modified=known.last_modified)
            allowed = AllowedServers(start=self._url)
            came = await fetch(self._url, seen=seen, patience=self._patience, allowed=allowed)
            report, seen = await self._take(came, keys), came.seen
        except FetchFailedError as failure:
            report = BundleReport(
                outcome="unreachable", reason=failure.reason, detail=failure.in_full
            )
        except (BadInputError, BundleRefusedError) as refused:
            report, seen = BundleReport(outcome="refused", reason=str(refused)), Validators()
        except AbeyanceError:
            raise
        except Exception as error:
            logger.exception("register.broke")
            reason = f"this program could not read it ({type(error).__name__}); please report it"
            report, seen = BundleReport(outcome="refused", reason=reason), Validators()
        # What was not taken up in full is fetched in full again.
        if any(each.outcome == "refused" for each in report.editions):
            seen = Validators()
        return report, BundleFetch(
            tried_at=self._now,
            failures=(last.failures if last else 0) + 1 if report.is_failure else 0,
            outcome=report.outcome,
            reason=report.reason,
            asked=asked,
            etag=seen.etag,
            last_modified=seen.last_modified,
        )

    async def _take(self, came: DownloadedFile, keys: tuple[PublicKey, ...]) -> BundleReport:
        if came.content is None:
            return BundleReport(outcome="unchanged")
        bundle = open_bundle(came.content, keys)
        is_changed = await record_bundle(StoreOnConnection(self._connection), bundle, self._now)
        editions, not_newer = await self._load(bundle)
        return BundleReport(
            outcome="recorded" if is_changed else "unchanged",
            revision=bundle.register.revision,
            made_at=bundle.made_at,
            editions=editions,
            not_newer=not_newer,
        )

    async def _load(
        self, bundle: RegisterBundle
    ) -> tuple[tuple[LoadReport, ...], tuple[str, ...]]:
        """Load the editions that are newer than the stored ones, or that these still are.

        Return the reports, and the sources whose carried edition is no newer than the stored one.
        """
        store, reader = StoreOnConnection(self._connection), ApartReader(self._settings)
        reports: list[LoadReport] = []
        not_newer: list[str] = []
        for each in bundle.editions:
            stored = (await store.read_lists()).editions
            if not _is_wanted(each, stored):
                not_newer.append(each.edition.source)
                continue
            try:
                given = given_of(each, self._now)
                reports.extend(await load_files(store, given, self._now, reader))
            except ListRefusedError as refused:
                # Loading has already recorded the refusal with each list.
                reports.extend(_refused(each.edition, refused.reason))
            except BadInputError as refused:
                wanted = whole_source(each.edition.source)
                await record_failure(store, wanted, "refused", refused.reason, self._now)
                reports.extend(_refused(each.edition, refused.reason))
        return tuple(reports), tuple(not_newer)


def _is_wanted(carried: CarriedEdition, editions: tuple[Edition, ...]) -> bool:
    source, digest = carried.edition.source, digest_of(carried.files)
    is_stored = any(each.source == source and each.sha256 == digest for each in editions)
    return is_stored or is_lacking(carried.edition, editions)


def given_of(carried: CarriedEdition, now: datetime) -> ListFiles:
    """Return the files of a carried edition as they are loaded: offered on the day it says."""
    offered_on = carried.edition.offered_on
    offered_at = None if offered_on is None else datetime.combine(offered_on, time.min, UTC)
    return ListFiles(
        wanted=whole_source(carried.edition.source),
        files=carried.files,
        published_on=carried.edition.published_on,
        # a day that has not come would keep a list fresh that nobody has looked at
        offered_at=None if offered_at is None else min(offered_at, now),
    )


def _refused(edition: BundledEdition, reason: str) -> tuple[LoadReport, ...]:
    return tuple(
        LoadReport(
            list_code=code,
            source=edition.source,
            outcome="refused",
            reason=reason,
            published_on=edition.published_on,
            entry_count=0,
        )
        for code in lists_of(edition.source)
    )


def _digest(url: str, keys: tuple[PublicKey, ...]) -> str:
    parts = [url, *sorted(each.keyid for each in keys)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _log_bundle(report: BundleReport, last: BundleFetch | None) -> None:
    """Log the outcome; the same failure only once."""
    keys: dict[str, object] = {"outcome": report.outcome}
    if report.revision is not None:
        keys["revision"] = report.revision
    if report.reason is not None:
        keys["reason"] = report.detail or report.reason
    if report.not_newer:
        keys["not_newer"] = ",".join(report.not_newer)
    for each in report.editions:
        if each.outcome == "refused":
            refused = {"list": each.list_code, "reason": each.reason}
            logger.warning("register.edition_refused", extra=refused)
    if report.outcome in {"recorded", "unchanged"}:
        logger.info("register.bundle", extra=keys)
    elif last is None or (last.outcome, last.reason) != (report.outcome, report.reason):
        logger.warning("register.bundle_not_taken", extra=keys)


# --- The schedule, and the places.

# A page of a few hundred kilobytes that takes longer than this will not come.
PLACE_PATIENCE = Patience(
    tries=2, connect_s=15, read_s=30, total_s=90, first_wait_s=2, max_bytes=MAX_BYTES
)
# Several places are on one server, which this many requests at once do not trouble.
_AT_ONCE = 4
# Publishers date documents days ahead or late; the next look asks again for these days.
_MARGIN = timedelta(days=14)
# The Federal Register answers one query with at most 2,000 documents, in pages.
_MAX_PAGES = 20

# How often `watch` checks whether the register, a source or a place is due.
LOOK_EVERY_S = 60.0


class PlaceReport(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of a look at one place.

    `reason` says why it could not be read, None where it could. `listed` counts the documents it
    lists, `new` are those that are new since the last look, oldest first, and `open` counts all
    that no person has read yet, these included.
    """

    place: str
    reason: str | None
    listed: int
    new: tuple[OpenDocument, ...]
    open: int


class _Answer(msgspec.Struct, frozen=True, kw_only=True):
    look: Look
    listed: int


class Watch(msgspec.Struct, frozen=True, kw_only=True):
    """One round of looks: `since` replaces the day from which a first look counts as new."""

    mirror: str | None
    measures: Sequence[Measure]
    since: date | None = None
    patience: Patience = PLACE_PATIENCE


async def look_at(dsn: str, chosen: Sequence[Place], watch: Watch) -> AsyncIterator[PlaceReport]:
    """Look at places, several at once, and yield the report of each in the order given.

    A place that cannot be fetched or read is reported and stored as such, and the others go on.

    Raises:
        StoreUnavailableError: The database does not answer; looks stored before stay.
    """
    async with connected(dsn) as connection:
        states = await place_states(connection)
        turn = asyncio.Semaphore(_AT_ONCE)
        asking = [asyncio.create_task(_ask(each, states, watch, turn)) for each in chosen]
        try:
            for place, task in zip(chosen, asking, strict=True):
                yield await _stored(connection, place, await task)
        finally:
            for task in asking:
                task.cancel()
            await asyncio.gather(*asking, return_exceptions=True)


async def watch(settings: Settings, dsn: str, sources: Sequence[ListSource]) -> None:
    """Refresh the register and each source, and look at each place, whenever it is due.

    A failure is logged, and the next round tries again. Looking at places waits for no list and no
    list waits for it.
    """
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(_refresh_for_ever(settings, dsn, sources))
        if settings.watch_every_hours is not None:
            tasks.create_task(_look_for_ever(settings, dsn))


async def look_when_due(
    settings: Settings, dsn: str, patience: Patience = PLACE_PATIENCE
) -> tuple[PlaceReport, ...]:
    """Look at the places that are due by the setting, and return their reports in order of id.

    Of several processes one looks; the others, and all of them without the setting, do nothing.
    What is new waits for a person and is never an event. A place that cannot be read is logged
    once, until it can be read again.

    Raises:
        StoreUnavailableError: The database does not answer; looks stored before stay.
    """
    if settings.watch_every_hours is None:
        return ()
    every = timedelta(hours=settings.watch_every_hours)
    async with connected(dsn) as guard, watching(guard) as is_ours:
        if not is_ours:
            return ()
        states = await place_states(guard)
        due = due_places(places(), states, utc_now(), every)
        if not due:
            return ()
        measures = (await local_board(dsn)).register.measures
        watch = Watch(mirror=settings.mirror, measures=measures, patience=patience)
        reports: list[PlaceReport] = []
        async for report in look_at(dsn, due, watch):
            _log(report, states.get(report.place))
            reports.append(report)
    return tuple(reports)


def _log(report: PlaceReport, before: PlaceState | None) -> None:
    """Log what is new, and a place once when it fails and once when it can be read again."""
    keys: dict[str, object] = {"place": report.place}
    has_failed = before is not None and before.outcome == "failed"
    if report.reason is not None and not has_failed:
        logger.warning("register.place_unread", extra={**keys, "reason": report.reason})
    if report.reason is None and has_failed:
        logger.info("register.place_read_again", extra=keys)
    if report.new:
        logger.info("register.place_new", extra={**keys, "documents": len(report.new)})


async def _refresh_for_ever(settings: Settings, dsn: str, sources: Sequence[ListSource]) -> None:
    reach = UnreachablePublishers()
    while True:
        try:
            await refresh_register(settings, dsn, only_due=True)
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


async def _look_for_ever(settings: Settings, dsn: str) -> None:
    while True:
        try:
            await look_when_due(settings, dsn)
        except AbeyanceError as error:
            logger.warning("register.watch_failed", extra={"reason": str(error)})
        except Exception:
            logger.exception("register.watch_failed")
        await asyncio.sleep(LOOK_EVERY_S)


async def _stored(connection: asyncpg.Connection, place: Place, answer: _Answer) -> PlaceReport:
    new = await add_look(connection, answer.look)
    unread = await open_documents(connection, [place.id])
    return PlaceReport(
        place=place.id,
        reason=answer.look.reason,
        listed=answer.listed,
        new=tuple(each for each in unread if each.key in new),
        open=len(unread),
    )


async def _ask(
    place: Place, states: dict[str, PlaceState], watch: Watch, turn: asyncio.Semaphore
) -> _Answer:
    """Return the look at one place; whatever goes wrong becomes its reason."""
    at = utc_now()
    since = _first_day(place, states.get(place.id), watch, at)
    look = Look(place=place.id, looked_at=at, since=since)
    async with turn:
        try:
            pages = await _pages(place, since, watch)
        except (FetchFailedError, PlaceUnreadableError) as error:
            # only operators read it
            reason = error.in_full if isinstance(error, FetchFailedError) else error.reason
            return _Answer(look=msgspec.structs.replace(look, reason=reason), listed=0)
        except Exception as error:
            logger.exception("register.place_broke", extra={"place": place.id})
            reason = f"this program could not read it ({type(error).__name__}); please report it"
            return _Answer(look=msgspec.structs.replace(look, reason=reason), listed=0)
    listed = sum(each.listed for each in pages)
    newest = max((each.newest for each in pages if each.newest is not None), default=None)
    if (reason := standstill(place, newest, day_there(place, at))) is not None:
        return _Answer(look=msgspec.structs.replace(look, reason=reason), listed=listed)
    return _Answer(look=_with_pages(look, place, pages), listed=listed)


def _with_pages(look: Look, place: Place, pages: Sequence[PlacePage]) -> Look:
    documents: dict[str, PlaceDocument] = {
        each.key: each for page in pages for each in page.documents
    }
    days = [page.oldest for page in pages if page.oldest is not None]
    asks_since = "{since}" in place.url or "{year}" in place.url
    return msgspec.structs.replace(
        look,
        documents=tuple(documents.values()),
        oldest=None if asks_since else min(days, default=None),
    )


def _first_day(place: Place, state: PlaceState | None, watch: Watch, at: datetime) -> date:
    if state is not None and state.read_at is not None:
        return day_there(place, state.read_at) - _MARGIN
    return watch.since or first_day(place, watch.measures) or day_there(place, at)


async def _pages(place: Place, since: date, watch: Watch) -> tuple[PlacePage, ...]:
    pages: list[PlacePage] = []
    ahead = list(place.addresses(since, day_there(place, utc_now())))
    while ahead:
        url = ahead.pop(0)
        if len(pages) == _MAX_PAGES:
            raise FetchFailedError(url, f"more than {_MAX_PAGES} pages; give a later --since")
        # as with lists, a mirror is the operator's own affair
        allowed = AllowedServers(start=url) if watch.mirror is None else None
        fetched = await fetch_through(watch.mirror, url, watch.patience, allowed=allowed)
        page = await asyncio.to_thread(read_place, place, fetched.content or b"")
        pages.append(page)
        if page.next_url is not None:
            ahead.insert(0, _on_same_host(place, page.next_url))
    return tuple(pages)


def _on_same_host(place: Place, url: str) -> str:
    ours, theirs = urlsplit(place.url), urlsplit(url)
    if (theirs.scheme, theirs.netloc) != (ours.scheme, ours.netloc):
        raise FetchFailedError(url, f"the next page is outside {ours.netloc}; it was not fetched")
    return url


@asynccontextmanager
async def local_confirmations(dsn: str) -> AsyncGenerator[Confirmations]:
    """Yield the confirmations of a database, without an operator's key.

    A user with access to the database may change it anyway.

    Raises:
        StoreUnavailableError: The database does not answer.
    """
    async with register_at(dsn) as (store, boards):
        yield Confirmations(store, boards, utc_now)


async def unread_documents(dsn: str, chosen: Sequence[Place]) -> tuple[OpenDocument, ...]:
    """Return the documents of places that no person has read yet, oldest first.

    Raises:
        StoreUnavailableError: The database does not answer.
    """
    async with connected(dsn) as connection:
        return await open_documents(connection, [each.id for each in chosen])
