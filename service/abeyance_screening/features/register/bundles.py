"""Fetch the register as a signed bundle, and make it the stored one if it is newer."""

import asyncio
import hashlib
import logging
from datetime import UTC, datetime, time, timedelta
from importlib.resources import files
from pathlib import Path

import asyncpg

from abeyance_screening.engine.lists.bundled import BundledEdition, is_lacking
from abeyance_screening.engine.lists.catalogue import lists_of
from abeyance_screening.engine.lists.edition import Edition
from abeyance_screening.engine.lists.load import (
    ListFiles,
    LoadReport,
    digest_of,
    load_files,
    record_failure,
    whole_source,
)
from abeyance_screening.engine.lists.refresh import wait_after
from abeyance_screening.engine.measures.register_state import BundleFetch, BundleReport
from abeyance_screening.features.register.accept_bundle import record_bundle
from abeyance_screening.features.register.bundle_file import (
    MOST_BYTES,
    CarriedEdition,
    RegisterBundle,
    open_bundle,
)
from abeyance_screening.features.register.bundle_keys import TrustedKeys, read_keys, shown_id
from abeyance_screening.platform.download import (
    AllowedServers,
    DownloadedFile,
    Patience,
    Validators,
    fetch,
)
from abeyance_screening.platform.postgres.database import connected, refreshing
from abeyance_screening.platform.sandbox.list_reader import ReaderInChild
from abeyance_screening.platform.settings import Settings
from abeyance_screening.platform.stores.connection import StoreOnConnection
from abeyance_screening.platform.stores.register import (
    bundle_fetch,
    note_bundle_fetch,
    register_keys,
)
from abeyance_screening.primitives.days import utc_now
from abeyance_screening.primitives.errors import (
    AbeyanceError,
    BadInputError,
    BundleRefusedError,
    FetchFailedError,
    ListRefusedError,
    RefreshingElsewhereError,
)

# --- The register from elsewhere: fetching a signed bundle, and taking up what it carries.

KEY_SETTING = "ABEYANCE_REGISTER_KEY"
# An unchanged bundle costs one request without a body, so a new one is in force the same day.
EVERY = timedelta(hours=6)
BUNDLE_PATIENCE = Patience(total_s=300.0, max_bytes=MOST_BYTES)
logger = logging.getLogger(__name__)


# A bundle signed by the next key must arrive before the last day of the one that is trusted now.
_WARN_BEFORE = timedelta(days=30)


def trusted_keys(settings: Settings) -> TrustedKeys:
    """Return the public keys that an installation begins with: of the setting, or the program's.

    Raises:
        BadInputError: The file of the setting cannot be read, or has no key.
    """
    if settings.register_key is None:
        own = files("abeyance_screening.engine.measures.register").joinpath("trusted_keys.pem")
        return read_keys("trusted_keys.pem", own.read_text("utf-8"))
    try:
        keys = read_keys(KEY_SETTING, settings.register_key.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadInputError(KEY_SETTING, "cannot be read") from error
    if not keys.keys:
        raise BadInputError(KEY_SETTING, "the file holds no public key (PEM)")
    return keys


def needed_keys(settings: Settings) -> TrustedKeys:
    """Return the keys that an installation begins with, at least one.

    Raises:
        BadInputError: There is none, or the file of the setting cannot be read.
    """
    keys = trusted_keys(settings)
    if not keys.keys:
        reason = "is not set, and this program trusts no key by itself: no bundle can be verified"
        raise BadInputError(KEY_SETTING, reason)
    return keys


async def fetch_bundle(
    url: str, seen: Validators | None = None, patience: Patience = BUNDLE_PATIENCE
) -> DownloadedFile:
    """Fetch the register bundle from its address, or what stands in its place on that server.

    Raises:
        FetchFailedError: The server cannot be reached, or sends no file.
    """
    allowed = AllowedServers(start=url)
    return await fetch(url, seen=seen or Validators(), patience=patience, allowed=allowed)


async def keys_in_force(connection: asyncpg.Connection, began_with: TrustedKeys) -> TrustedKeys:
    """Return the keys that are trusted now: the last that a bundle handed over to, or the first.

    Only what was handed on from the same first keys counts: whoever changes the file of keys
    begins anew with it.
    """
    text = await register_keys(connection, _beginning(began_with))
    return began_with if text is None else read_keys("register_keys", text)


def _beginning(keys: TrustedKeys) -> str:
    """Return a digest of the keys that an installation began with."""
    return hashlib.sha256("\n".join(keys.ids).encode()).hexdigest()


async def refresh_register(
    settings: Settings,
    dsn: str,
    *,
    only_due: bool,
    patience: Patience = BUNDLE_PATIENCE,
    file: Path | None = None,
) -> BundleReport | None:
    """Fetch the register bundle and take it up; return None without an address, or if not due.

    A `file` is taken up as what the address answers.

    Whatever is wrong with a bundle is reported, logged and stored, and the register in force
    stays.

    Raises:
        RefreshingElsewhereError: Another process is refreshing.
    """
    if settings.register_url is None and file is None:
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
        fetching = _Fetching(settings, connection, patience, now, file)
        report, noted = await fetching.run(last)
        await note_bundle_fetch(connection, noted)
    _log_bundle(report, last)
    return report


class _Fetching:
    """One attempt to fetch a bundle and take it up; `now` is one moment for all of it."""

    def __init__(
        self,
        settings: Settings,
        connection: asyncpg.Connection,
        patience: Patience,
        now: datetime,
        file: Path | None,
    ) -> None:
        self._settings = settings
        self._connection = connection
        self._patience = patience
        self._now = now
        self._url = settings.register_url or ""
        self._file = file

    async def run(self, last: BundleFetch | None) -> tuple[BundleReport, BundleFetch]:
        """Return the report, and the attempt as it is stored; `last` is the one before."""
        asked, seen = "", Validators()
        try:
            began_with = needed_keys(self._settings)
            keys = await keys_in_force(self._connection, began_with)
            _warn_of_last_days(keys, self._now)
            asked = _digest(self._url, keys)
            known = last if last is not None and last.asked == asked else None
            if known is not None:
                seen = Validators(etag=known.etag, last_modified=known.last_modified)
            came = await self._came(seen)
            report, seen = await self._take(came, began_with, keys), came.seen
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

    async def _came(self, seen: Validators) -> DownloadedFile:
        if self._file is None:
            return await fetch_bundle(self._url, seen, self._patience)
        try:
            if self._file.stat().st_size > MOST_BYTES:
                raise BundleRefusedError("file", f"has more than {MOST_BYTES:,} bytes")
            content = await asyncio.to_thread(self._file.read_bytes)
        except OSError as error:
            raise BundleRefusedError("file", f"cannot be read: {error.strerror}") from error
        return DownloadedFile(content=content, seen=Validators(), last_modified_on=None)

    async def _take(
        self, came: DownloadedFile, began_with: TrustedKeys, keys: TrustedKeys
    ) -> BundleReport:
        if came.content is None:
            return BundleReport(outcome="unchanged")
        bundle = open_bundle(came.content, keys, self._now.date())
        store = StoreOnConnection(self._connection)
        is_changed = await record_bundle(store, bundle, self._now, _beginning(began_with))
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
        """Load editions newer than the stored ones; return reports, and the other sources."""
        store, reader = StoreOnConnection(self._connection), ReaderInChild(self._settings)
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


def _warn_of_last_days(keys: TrustedKeys, now: datetime) -> None:
    """Log which keys nobody trusts much longer, so that the next one is asked for in time."""
    for each in keys.keys:
        if each.not_after is not None and each.not_after - now.date() <= _WARN_BEFORE:
            key = shown_id(each.key.keyid)
            logger.warning(
                "register.key_ends", extra={"key": key, "not_after": each.not_after.isoformat()}
            )


def _digest(url: str, keys: TrustedKeys) -> str:
    parts = [url, *keys.ids]
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
