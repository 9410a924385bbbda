"""Look at the places where acts appear, and say what is new."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

import asyncpg
import msgspec

from abeyance_screening.engine.measures.measure import Measure
from abeyance_screening.engine.measures.place_state import (
    Look,
    OpenDocument,
    PlaceDocument,
    PlaceState,
    day_there,
)
from abeyance_screening.engine.measures.places import Place, places
from abeyance_screening.features.watch.document_text import text_of_page
from abeyance_screening.features.watch.read_place import (
    MAX_BYTES,
    PlacePage,
    PlaceUnreadableError,
    due_places,
    first_day,
    read_place,
    standstill,
)
from abeyance_screening.platform.download import AllowedServers, Patience
from abeyance_screening.platform.local_data import local_board
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.publishers import fetch_through
from abeyance_screening.platform.settings import Settings
from abeyance_screening.platform.stores.places import (
    add_look,
    open_documents,
    place_states,
    put_document_text,
    watching,
)
from abeyance_screening.primitives.days import utc_now
from abeyance_screening.primitives.errors import FetchFailedError

logger = logging.getLogger(__name__)

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
# Documents whose pages one look asks for; more wait for the next one.
_MOST_READ = 20


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
                yield await _stored(connection, place, await task, watch)
        finally:
            for task in asking:
                task.cancel()
            await asyncio.gather(*asking, return_exceptions=True)


class PlaceSample(msgspec.Struct, frozen=True, kw_only=True):
    """What asking one place came to, with nothing stored.

    `reason` says why it could not be read, None where it could; `listed` counts its documents.
    `was_tried` says whether its reading was ever tried on a real page before.
    """

    place: str
    reason: str | None
    listed: int
    was_tried: bool


async def sample_of(place: Place, mirror: str | None, patience: Patience) -> PlaceSample:
    """Ask a place once, for its newest documents, and store nothing."""
    watch = Watch(mirror=mirror, measures=(), since=None, patience=patience)
    answer = await _ask(place, {}, watch, asyncio.Semaphore(1))
    return PlaceSample(
        place=place.id,
        reason=answer.look.reason,
        listed=answer.listed,
        was_tried=place.trial.how != "description",
    )


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


async def _stored(
    connection: asyncpg.Connection, place: Place, answer: _Answer, watch: Watch
) -> PlaceReport:
    new = await add_look(connection, answer.look)
    unread = await open_documents(connection, [place.id])
    if place.reads_documents:
        lacking = [each for each in unread if each.body is None and not each.is_gap]
        for document in lacking[:_MOST_READ]:
            await _read_document(connection, place, document, watch)
        unread = await open_documents(connection, [place.id])
    return PlaceReport(
        place=place.id,
        reason=answer.look.reason,
        listed=answer.listed,
        new=tuple(each for each in unread if each.key in new),
        open=len(unread),
    )


async def _read_document(
    connection: asyncpg.Connection, place: Place, document: OpenDocument, watch: Watch
) -> None:
    """Store the text of a new document from its own server; the next look tries again."""
    allowed = AllowedServers(start=document.url) if watch.mirror is None else None
    try:
        fetched = await fetch_through(watch.mirror, document.url, watch.patience, allowed=allowed)
    except FetchFailedError as error:
        keys = {"place": place.id, "url": document.url, "reason": error.in_full}
        logger.info("register.document_unread", extra=keys)
        return
    text = await asyncio.to_thread(text_of_page, fetched.content or b"")
    if text is not None:
        await put_document_text(connection, document.id, text)


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
