"""Refresh: ask each publisher for a newer edition, and load it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from service.errors import BadInputError, FetchFailedError, ListRefusedError
from service.lists.catalogue import lists_of
from service.lists.edition import Download, Edition, LoadOutcome
from service.lists.kinds import ListSource
from service.lists.load import (
    ListFiles,
    LoadReport,
    attempt_of,
    digest_of,
    load_files,
    record_failure,
    report_of,
    whole_source,
)
from service.lists.ports import DownloadedEdition, FileReader, ListStore, Publisher

# The wait after a first failure; it doubles with each further one, up to the usual interval.
_FIRST_RETRY = timedelta(minutes=10)
_MOST_DOUBLINGS = 10


def is_due(source: ListSource, last: Download | None, now: datetime) -> bool:
    """Return whether it is time to ask a publisher again, never for one without an address."""
    if not source.urls:
        return False
    if last is None:
        return True
    return now >= last.tried_at + wait_after(last.failures, timedelta(hours=source.every_hours))


def wait_after(failures: int, usual: timedelta) -> timedelta:
    """Return the wait until the next try: the usual one, or less after some failures in a row."""
    if failures == 0:
        return usual
    return min(usual, _FIRST_RETRY * (1 << min(failures - 1, _MOST_DOUBLINGS)))


class Refresher:
    """Downloads editions from publishers, loads them, and records the outcome of each download.

    `now` is one moment for a whole round.
    """

    def __init__(
        self, store: ListStore, publisher: Publisher, reader: FileReader, now: datetime
    ) -> None:
        self._store = store
        self._publisher = publisher
        self._reader = reader
        self._now = now

    async def refresh(self, source: ListSource, last: Download | None) -> tuple[LoadReport, ...]:
        """Bring one source up to date; `last` is the record of its last download.

        Where the publisher cannot be reached, or the files are refused, none of the lists
        changes, and each is reported with the reason.

        Raises:
            StoreUnavailableError: The database does not answer.
        """
        tried = _tried(source, last, self._now)
        current = await self._current(source)
        has_it = bool(current) and all(each.sha256 == tried.sha256 for each in current)
        try:
            came = await self._publisher.download(source, tried.seen if has_it else ())
        except FetchFailedError as failure:
            await self._note_failure(source, "unreachable", str(failure))
            return await self._failed(source, tried, "unreachable", str(failure))
        if came is None:
            return await self._confirm(tried, current)
        try:
            return await self._load(source, tried, came)
        except ListRefusedError as refused:
            # Loading has already recorded the refusal with each list.
            return await self._failed(source, _forgotten(tried), "refused", refused.reason)
        except BadInputError as refused:
            return await self.give_up(source, last, refused.reason)

    async def give_up(
        self, source: ListSource, last: Download | None, reason: str
    ) -> tuple[LoadReport, ...]:
        """Record and report a source that could not be processed, as if its file was refused."""
        tried = _forgotten(_tried(source, last, self._now))
        await self._note_failure(source, "refused", reason)
        return await self._failed(source, tried, "refused", reason)

    async def _load(
        self, source: ListSource, tried: Download, came: DownloadedEdition
    ) -> tuple[LoadReport, ...]:
        given = ListFiles(
            wanted=whole_source(source.code),
            files=came.files,
            last_modified_on=came.last_modified_on,
            offered_at=self._now,
        )
        reports = await load_files(self._store, given, self._now, self._reader)
        if all(report.outcome != "refused" for report in reports):
            sha256 = digest_of(came.files)
            done = msgspec.structs.replace(tried, failures=0, seen=came.seen, sha256=sha256)
        else:
            # A refused file is downloaded again in full.
            done = _forgotten(msgspec.structs.replace(tried, failures=tried.failures + 1))
        await self._note(done)
        return reports

    async def _confirm(
        self, tried: Download, current: Sequence[Edition]
    ) -> tuple[LoadReport, ...]:
        """Record that the publisher still offers the files of the current editions."""
        reports = tuple(report_of(edition, "unchanged") for edition in current)
        async with self._store.loading() as transaction:
            for edition, report in zip(current, reports, strict=True):
                await transaction.confirm_edition(edition.id, self._now)
                await transaction.add_attempt(attempt_of(report, self._now))
            await transaction.note_download(msgspec.structs.replace(tried, failures=0))
        return reports

    async def _note_failure(self, source: ListSource, outcome: LoadOutcome, reason: str) -> None:
        wanted = whole_source(source.code)
        await record_failure(self._store, wanted, outcome, reason, self._now)

    async def _failed(
        self, source: ListSource, tried: Download, outcome: LoadOutcome, reason: str
    ) -> tuple[LoadReport, ...]:
        await self._note(msgspec.structs.replace(tried, failures=tried.failures + 1))
        return tuple(
            LoadReport(
                list_code=code,
                source=source.code,
                outcome=outcome,
                reason=reason,
                published_on=None,
                entry_count=0,
            )
            for code in lists_of(source.code)
        )

    async def _note(self, download: Download) -> None:
        async with self._store.loading() as transaction:
            await transaction.note_download(download)

    async def _current(self, source: ListSource) -> tuple[Edition, ...]:
        """Return the newest edition of each list from one source."""
        editions = (await self._store.read_lists()).editions
        newest = {each.list_code: each for each in editions if each.source == source.code}
        return tuple(newest.values())


def _forgotten(tried: Download) -> Download:
    """Return the record without validators, so that the files are downloaded again in full."""
    return msgspec.structs.replace(tried, seen=(), sha256=None)


def _tried(source: ListSource, last: Download | None, now: datetime) -> Download:
    if last is None:
        return Download(source=source.code, tried_at=now, failures=0, seen=(), sha256=None)
    return msgspec.structs.replace(last, tried_at=now)
