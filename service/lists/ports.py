"""What loading and the index need from outside; `app` fills these in."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from typing import Protocol

import msgspec

from service.lists.edition import (
    Download,
    Edition,
    GivenFile,
    ListedNames,
    ListingRecord,
    ListingVersion,
    ListTerms,
    LoadAttempt,
    NewEdition,
    ReadFiles,
    StoredLists,
)
from service.lists.kinds import ListSource


class LoadTransaction(Protocol):
    """One transaction that stores editions; see `store.editions.Loading`."""

    async def current_editions(self) -> Mapping[tuple[str, str], Edition]:
        """The newest edition of each list from each source, by list and source code."""
        ...

    async def current_digests(self, list_code: str, source: str) -> Mapping[str, str]:
        """Digest by listing id, of the listings that stand now."""
        ...

    async def current_names(self, list_code: str, source: str) -> Mapping[str, ListedNames]:
        """What a question can meet of the listings that stand now, by listing id."""
        ...

    async def every_terms(self) -> Mapping[str, ListTerms]:
        """What operators hold lists of their own to, by list code."""
        ...

    async def put_terms(self, terms: ListTerms) -> None:
        """Keeps what a list is held to from now on."""
        ...

    async def had_edition(self, list_code: str, source: str, sha256: str) -> bool:
        """Whether these bytes were an edition of the list from that source before."""
        ...

    async def add_edition(self, edition: NewEdition) -> int:
        """Stores the edition's own row and gives its id."""
        ...

    async def confirm_edition(self, edition_id: int, at: datetime) -> None:
        """Notes that a publisher was seen to offer an edition still."""
        ...

    async def close_versions(
        self, edition_id: int, source: str, listing_ids: Sequence[str]
    ) -> None:
        """Ends the current versions of these listings at this edition."""
        ...

    async def add_versions(
        self, edition_id: int, list_code: str, source: str, records: Sequence[ListingRecord]
    ) -> None:
        """Stores new versions of listings, current from this edition on."""
        ...

    async def add_attempt(self, attempt: LoadAttempt) -> None:
        """Records how the try to load a list ended."""
        ...

    async def note_download(self, download: Download) -> None:
        """Keeps how the last download of a source went."""
        ...


class EditionStore(Protocol):
    """Where editions are stored."""

    def loading(self) -> AbstractAsyncContextManager[LoadTransaction]:
        """Opens the one transaction in which a file's editions are stored."""
        ...


class DownloadedEdition(msgspec.Struct, frozen=True, kw_only=True):
    """What a publisher's server sent: the files of one edition, in the order of its addresses.

    `seen` is what it said of each (ETag, Last-Modified), to ask with the next time.
    `last_modified_on` is the newest day on which it says that any of them changed.
    """

    files: tuple[GivenFile, ...]
    seen: tuple[tuple[str | None, str | None], ...]
    last_modified_on: date | None


class Publisher(Protocol):
    """Where lists are published."""

    async def download(
        self, source: ListSource, seen: Sequence[tuple[str | None, str | None]]
    ) -> DownloadedEdition | None:
        """The files of a source's newest edition; None where `seen` tells that we have them.

        Raises:
            FetchFailedError: They could not be had whole.
        """
        ...


class FileReader(Protocol):
    """Reads the files of an edition, within limits where they are a stranger's."""

    async def read_files(
        self,
        wanted: str,
        files: Sequence[GivenFile],
        sources: Sequence[str],
        list_code: str | None,
    ) -> ReadFiles:
        """The files read whole; see `parse.formats.read_files`.

        Raises:
            ListRefusedError: They are not what the source publishes, or cannot be read within
                the limits.
            RowRefusedError: A record cannot be read.
        """
        ...


class ListReader(Protocol):
    """Reads what an index is built from, each time of one moment."""

    async def read_lists(self) -> StoredLists:
        """Editions and last tries, without the listings."""
        ...

    async def read_versions(self, since: int) -> tuple[StoredLists, tuple[ListingVersion, ...]]:
        """The lists, and the versions of listings that began or ended after edition `since`."""
        ...


class ListStore(EditionStore, ListReader, Protocol):
    """Where editions are stored and read."""
