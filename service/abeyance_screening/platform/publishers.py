"""The servers of the publishers, from which lists are downloaded."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from pathlib import PurePosixPath
from typing import override
from urllib.parse import urlsplit

import msgspec

from abeyance_screening.engine.lists.catalogue_types import FileLink, ListSource, Offer
from abeyance_screening.engine.lists.edition import GivenFile
from abeyance_screening.engine.lists.formats import is_strange_page
from abeyance_screening.engine.lists.links import DatedLink, find_link
from abeyance_screening.engine.lists.load import LoadReport
from abeyance_screening.engine.lists.loading_ports import DownloadedEdition, Publisher
from abeyance_screening.platform.download import (
    PATIENT,
    AllowedServers,
    DownloadedFile,
    Patience,
    Validators,
    fetch,
)
from abeyance_screening.primitives.errors import STRANGE, FetchFailedError, ListRefusedError

logger = logging.getLogger(__name__)

# A further address that fails twice will hardly answer a third time.
_TRIES_OF_FALLBACK = 2


class _OfferDownload(msgspec.Struct, kw_only=True):
    """The download of one offer: the code of its source, and the pages that came so far."""

    source: str
    patience: Patience
    pages: dict[str, bytes] = {}


class HttpPublisher(Publisher):
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

    @override
    async def download(
        self, source: ListSource, offer: Offer, seen: Sequence[tuple[str | None, str | None]]
    ) -> DownloadedEdition | None:
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
    ) -> tuple[DatedLink, DownloadedFile]:
        """Return one file and its address; a page that several links are on is asked once."""
        if isinstance(file, str):
            # A mirror is the operator's own affair.
            allowed = AllowedServers(start=file) if self._mirror is None else None
            return DatedLink(file, None), await self._fetch(errand, file, allowed, seen)
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


def _link_on(errand: _OfferDownload, file: FileLink) -> DatedLink:
    page = errand.pages[file.page]
    try:
        return find_link(errand.source, page, file)
    except ListRefusedError as refused:
        if not is_strange_page((errand.source,), page):
            raise
        raise FetchFailedError(file.page, f"answered with a page {STRANGE}") from refused


def _name_of(address: str) -> str:
    return PurePosixPath(urlsplit(address).path).name or address


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


def _log(source: ListSource, reports: Sequence[LoadReport]) -> None:
    for outcome in dict.fromkeys(report.outcome for report in reports):
        of_it = [report for report in reports if report.outcome == outcome]
        keys: dict[str, object] = {"source": source.code, "outcome": outcome, "lists": len(of_it)}
        if of_it[0].in_full is not None:
            keys["reason"] = of_it[0].in_full
        logger.info("list.refreshed", extra=keys)


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
