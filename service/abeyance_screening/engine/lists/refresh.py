"""Refresh: ask each publisher for a newer edition, and load it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from abeyance_screening.engine.lists.catalogue import lists_of
from abeyance_screening.engine.lists.catalogue_types import ListSource
from abeyance_screening.engine.lists.edition import (
    READER_VERSION,
    Download,
    Edition,
    LoadOutcome,
)
from abeyance_screening.engine.lists.load import (
    ListFiles,
    LoadReport,
    attempt_of,
    digest_of,
    load_files,
    record_failure,
    report_of,
    whole_source,
)
from abeyance_screening.engine.lists.loading_ports import (
    DownloadedEdition,
    FileReader,
    ListStore,
    Publisher,
)
from abeyance_screening.primitives.errors import (
    BadInputError,
    FetchFailedError,
    ListRefusedError,
    StrangePageError,
)

# The wait after a first failure; it doubles with each further one, up to the usual interval.
_FIRST_RETRY = timedelta(minutes=10)
_MOST_DOUBLINGS = 10


def is_due(source: ListSource, last: Download | None, now: datetime) -> bool:
    """Return whether it is time to ask a publisher again, never for one without an address."""
    if not source.offers:
        return False
    if last is None:
        return True
    return now >= last.tried_at + wait_after(last.failures, timedelta(hours=source.every_hours))


def wait_after(failures: int, usual: timedelta) -> timedelta:
    """Return the wait until the next try: the usual one, or less after some failures in a row."""
    if failures == 0:
        return usual
    return min(usual, _FIRST_RETRY * (1 << min(failures - 1, _MOST_DOUBLINGS)))


class _Failure(msgspec.Struct, frozen=True, kw_only=True):
    """Why one offer brought no edition, for everybody and in detail; `reports` are recorded."""

    outcome: LoadOutcome
    reason: str
    detail: str
    reports: tuple[LoadReport, ...] = ()
    is_recorded: bool = False


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

        The source's offers are tried in order until one brings an edition that passes the guards,
        or a file that is older than the current edition. Where none passes, none of the lists
        changes, and each is reported with the reasons. Reports on an edition that a later offer
        brought say so.
        """
        tried = _tried(source, last, self._now)
        current = await self._current(source)
        # What an earlier release read of the files is read again.
        has_it = bool(current) and all(
            (each.sha256, each.reader) == (tried.sha256, READER_VERSION) for each in current
        )
        failures: list[_Failure] = []
        for offer in source.offers:
            # Validators are of the preferred addresses.
            seen = tried.seen if has_it and not failures else ()
            try:
                came = await self._publisher.download(source, offer, seen)
            except FetchFailedError as failure:
                failures.append(_failed("unreachable", failure.reason, str(failure)))
                continue
            except ListRefusedError as refused:
                failures.append(_failed("refused", refused.reason, refused.in_full))
                continue
            if came is None:
                return await self._confirm(tried, current)
            loaded = await self._load(source, tried, came)
            if not isinstance(loaded, _Failure):
                return await self._with_remark(loaded, source, failures) if failures else loaded
            failures.append(loaded)
            if _is_older(loaded.reports, current):
                # Another format may not give its day, and would pass for a newer file.
                break
        return await self._all_failed(source, tried, failures)

    async def give_up(
        self, source: ListSource, last: Download | None, reason: str
    ) -> tuple[LoadReport, ...]:
        """Record and report a source that could not be processed, as if its file was refused."""
        tried = _tried(source, last, self._now)
        return await self._all_failed(source, tried, [_failed("refused", reason)])

    async def _load(
        self, source: ListSource, tried: Download, came: DownloadedEdition
    ) -> tuple[LoadReport, ...] | _Failure:
        """Load the files of one offer; a failure if none of the source's lists could be loaded."""
        given = ListFiles(
            wanted=whole_source(source.code),
            files=came.files,
            last_modified_on=came.last_modified_on,
            offered_at=self._now,
        )
        try:
            reports = await load_files(self._store, given, self._now, self._reader)
        except ListRefusedError as refused:
            # Loading has already recorded the failure with each list.
            is_away = isinstance(refused, StrangePageError)
            outcome: LoadOutcome = "unreachable" if is_away else "refused"
            failure = _failed(outcome, refused.reason, refused.in_full)
            return msgspec.structs.replace(failure, is_recorded=True)
        except BadInputError as refused:
            return _failed("refused", refused.reason)
        refused = [report.reason or "" for report in reports if report.outcome == "refused"]
        if len(refused) == len(reports):
            reason = "; ".join(dict.fromkeys(refused))
            failure = _failed("refused", reason)
            return msgspec.structs.replace(failure, reports=reports, is_recorded=True)
        if not refused:
            sha256 = digest_of(came.files)
            done = msgspec.structs.replace(tried, failures=0, seen=came.seen, sha256=sha256)
        else:
            # A refused file is downloaded again in full.
            done = _forgotten(msgspec.structs.replace(tried, failures=tried.failures + 1))
        await self._note(done)
        return reports

    async def _with_remark(
        self,
        reports: tuple[LoadReport, ...],
        source: ListSource,
        failures: Sequence[_Failure],
    ) -> tuple[LoadReport, ...]:
        """Record that a later offer brought the edition; the preferred one is asked anew."""
        offer = source.offers[len(failures)]
        reason, detail = _in_words(source, failures)
        read = f"read from {offer.what}, because"
        remarked = tuple(
            msgspec.structs.replace(
                report,
                reason=_joined(report.reason, f"{read} {reason}"),
                detail=_joined(report.in_full, f"{read} {detail}"),
            )
            for report in reports
        )
        async with self._store.loading() as transaction:
            for report in remarked:
                await transaction.add_attempt(attempt_of(report, self._now))
            failed = sum(report.outcome == "refused" for report in reports)
            done = Download(
                source=source.code,
                tried_at=self._now,
                failures=min(failed, 1),
                seen=(),
                sha256=None,
            )
            await transaction.note_download(done)
        return remarked

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

    async def _all_failed(
        self, source: ListSource, tried: Download, failures: Sequence[_Failure]
    ) -> tuple[LoadReport, ...]:
        """Record and report that no offer brought an edition; gravest is a file refused."""
        is_refused = any(each.outcome == "refused" for each in failures)
        outcome: LoadOutcome = "refused" if is_refused else "unreachable"
        reason, detail = _in_words(source, failures)
        if len(failures) > 1 or not failures[0].is_recorded:
            wanted = whole_source(source.code)
            await record_failure(self._store, wanted, outcome, reason, self._now)
        done = msgspec.structs.replace(tried, failures=tried.failures + 1)
        await self._note(_forgotten(done) if is_refused else done)
        if len(failures) == 1 and failures[0].reports:
            return failures[0].reports
        return tuple(
            LoadReport(
                list_code=code,
                source=source.code,
                outcome=outcome,
                reason=reason,
                published_on=None,
                entry_count=0,
                detail=detail,
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


def _is_older(reports: Sequence[LoadReport], current: Sequence[Edition]) -> bool:
    """Return whether a file of any list is of an earlier day than the list's current edition."""
    days = {each.list_code: each.published_on for each in current}
    pairs = ((report.published_on, days.get(report.list_code)) for report in reports)
    return any(day is not None and have is not None and day < have for day, have in pairs)


def _failed(outcome: LoadOutcome, reason: str, detail: str | None = None) -> _Failure:
    return _Failure(outcome=outcome, reason=reason, detail=detail or reason)


def _in_words(source: ListSource, failures: Sequence[_Failure]) -> tuple[str, str]:
    """Return why no offer brought an edition; a reason that all of them have once."""
    reasons = [each.reason for each in failures]
    reason = reasons[0] if len({*reasons}) == 1 else _by_offer(source, reasons)
    return reason, _by_offer(source, [each.detail for each in failures])


def _by_offer(source: ListSource, reasons: Sequence[str]) -> str:
    return "; then ".join(
        f"{offer.what}: {reason}" if place else reason
        for place, (offer, reason) in enumerate(zip(source.offers, reasons, strict=False))
    )


def _joined(before: str | None, remark: str) -> str:
    return f"{before}; {remark}" if before else remark


def _forgotten(tried: Download) -> Download:
    """Return the record without validators, so that the files are downloaded again in full."""
    return msgspec.structs.replace(tried, seen=(), sha256=None)


def _tried(source: ListSource, last: Download | None, now: datetime) -> Download:
    if last is None:
        return Download(source=source.code, tried_at=now, failures=0, seen=(), sha256=None)
    return msgspec.structs.replace(last, tried_at=now)
