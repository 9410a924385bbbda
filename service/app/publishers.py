"""Publishers, reached over HTTP."""

from collections.abc import Callable, Sequence
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from service.app.mirror import fetch_through
from service.fetch import PATIENT, Fetched, Patience, Seen
from service.flow.ports import Downloaded
from service.model.catalogue import Source
from service.model.files import GivenFile


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
        self, source: Source, seen: Sequence[tuple[str | None, str | None]]
    ) -> Downloaded | None:
        """The files of a source's newest edition; None where `seen` tells that we have them.

        Raises:
            FetchFailedError: They could not be had whole.
        """
        fetched: list[Fetched] = []
        for position, url in enumerate(source.urls):
            known = seen[position] if len(seen) == len(source.urls) else None
            before = None if known is None else Seen(etag=known[0], last_modified=known[1])
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
        return Downloaded(
            files=tuple(
                GivenFile(PurePosixPath(urlsplit(url).path).name or url, each.content or b"")
                for url, each in zip(source.urls, fetched, strict=True)
            ),
            seen=tuple((each.seen.etag, each.seen.last_modified) for each in fetched),
            last_modified_on=max(
                filter(None, (each.last_modified_on for each in fetched)), default=None
            ),
        )
