"""The protocols through which loading and the index reach the outside; `app` implements them.

Staging and history are implemented by the database alone. They are protocols all the same, because
what loads lists may know nothing of SQL.
"""

from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    AsyncIterator,
    Awaitable,
    Callable,
    Iterable,
    Mapping,
    Sequence,
)
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

import msgspec

from abeyance_screening.engine.lists.catalogue_types import ListSource, Offer
from abeyance_screening.engine.lists.edition import (
    Download,
    Edition,
    EditionSpan,
    GivenFile,
    HistoryWrite,
    ListedNames,
    ListingRecord,
    ListingVersion,
    ListTerms,
    LoadAttempt,
    NewEdition,
    ReadFiles,
    StoredLists,
    StoredSeries,
    UnknownPart,
)
from abeyance_screening.engine.lists.reading.files import AskedEntities, FoundEntities, KeptEntity


class LoadTransaction(Protocol):
    """One transaction that stores editions; implemented in `platform.stores.lists`."""

    async def current_editions(self) -> Mapping[tuple[str, str], Edition]:
        """Return the newest edition of each list from each source, by list and source code."""
        ...

    async def current_digests(self, list_code: str, source: str) -> Mapping[str, str]:
        """Return the digests of a list's current listings, by listing id."""
        ...

    async def current_names(self, list_code: str, source: str) -> Mapping[str, ListedNames]:
        """Return what a question can match of a list's current listings, by listing id."""
        ...

    async def listing_order(self, list_code: str, source: str) -> Sequence[str]:
        """Return the ids of a list's entries as in the last whole file; () if that is unknown."""
        ...

    async def put_listing_order(
        self, list_code: str, source: str, listing_ids: Sequence[str]
    ) -> None:
        """Store the order of a list's entries in a whole file."""
        ...

    async def every_terms(self) -> Mapping[str, ListTerms]:
        """Return the terms that operators set for their own lists, by list code."""
        ...

    async def put_terms(self, terms: ListTerms) -> None:
        """Store the terms that hold for a list from now on."""
        ...

    async def had_edition(self, list_code: str, source: str, sha256: str) -> bool:
        """Return whether these bytes were an edition of the list from that source before."""
        ...

    async def add_edition(self, edition: NewEdition) -> int:
        """Store the row of an edition, without its listings, and return its id."""
        ...

    async def confirm_edition(self, edition_id: int, at: datetime) -> None:
        """Record that the publisher still offered an edition at that time (UTC)."""
        ...

    async def close_versions(
        self, edition_id: int, source: str, listing_ids: Sequence[str]
    ) -> None:
        """End the current versions of these listings at this edition."""
        ...

    async def add_versions(
        self, edition_id: int, list_code: str, source: str, records: Sequence[ListingRecord]
    ) -> None:
        """Store new versions of listings, current from this edition on."""
        ...

    async def add_attempt(self, attempt: LoadAttempt) -> None:
        """Record how an attempt to load a list ended."""
        ...

    async def note_download(self, download: Download) -> None:
        """Record how the last download of a source went."""
        ...

    async def put_history(self, write: HistoryWrite) -> bool:
        """Store older editions at their places.

        Return False, and store nothing, if the stored editions are no longer those that the change
        was worked out from.
        """
        ...


class ListStore(Protocol):
    """Where editions are stored, and the states of lists read."""

    def loading(self) -> AbstractAsyncContextManager[LoadTransaction]:
        """Open the one transaction in which a file's editions are stored."""
        ...

    async def read_lists(self) -> StoredLists:
        """Return all editions and the last load attempts, without the listings."""
        ...


class StagedCounts(msgspec.Struct, frozen=True, kw_only=True):
    """How many listings of an edition that is not stored yet are new, differ, and are gone."""

    listed: int
    changed: int
    gone: int


class StagedListings(Protocol):
    """The listings of an edition that is not stored yet; implemented in `platform.stores.staging`.

    Nothing of them is held here. They are compared with the current ones, and stored, inside the
    transaction that is open then.
    """

    async def put(self, records: AsyncIterable[ListingRecord]) -> int:
        """Stage the listings of an edition, or those that a delta puts; return their number.

        Raises:
            ListRefusedError: Two have the same id.
        """
        ...

    async def remove_others(self) -> None:
        """Stage that all current listings leave that are not staged."""
        ...

    async def remove(self, listing_ids: Iterable[str]) -> None:
        """Stage that these listings leave."""
        ...

    async def current_among(self, listing_ids: Iterable[str]) -> frozenset[str]:
        """Return which of these listings are current."""
        ...

    async def counts(self) -> StagedCounts:
        """Return how many listings are new, differ, and leave."""
        ...

    async def leaving_at_end(self, most: int) -> Sequence[bool]:
        """Return whether each current listing leaves, from the end of the last whole file on.

        There are at most so many; none where the order of that file is unknown.
        """
        ...

    async def coming_at_end(self) -> int:
        """Return how many new listings stand at the end of the file that is staged."""
        ...

    async def store_order(self) -> None:
        """Store the order of what is staged, a whole file."""
        ...

    def changed_names(self) -> AsyncIterator[tuple[ListedNames | None, ListedNames | None]]:
        """Yield what a question can match of each listing that is new, differs or leaves.

        That is before and after; None where it was not listed, or is no more.
        """
        ...

    def unchanged_names(self) -> AsyncIterator[ListedNames]:
        """Yield what a question can match of each listing that stays as it is."""
        ...

    async def store(self, edition_id: int) -> None:
        """Store what is new and differs, current from an edition on, and end what it replaces."""
        ...

    async def put_entities(self, entities: AsyncIterable[KeptEntity]) -> None:
        """Stage entities that are to be kept, or deleted."""
        ...

    async def keeps_entities(self, edition_id: int) -> bool:
        """Return whether the entities of an edition, which must be the current one, are kept."""
        ...

    async def entities_beside(self, entities: AskedEntities) -> FoundEntities:
        """Return the kept entities that the listings depend on which a delta may change."""
        ...

    async def replace_entities(self, edition_id: int, *, are_kept: bool) -> None:
        """Keep what is staged as the entities of an edition; none with `are_kept` false."""
        ...

    async def change_entities(self, edition_id: int) -> None:
        """Keep what is staged, and delete what is staged without a body, for an edition."""
        ...


class StagingStore(ListStore, Protocol):
    """Where editions are stored that are too large to be held."""

    def staging(self, list_code: str, source: str) -> AbstractAsyncContextManager[StagedListings]:
        """Open a place for the listings of an edition of a list; at its end they are gone."""
        ...


class HistoryStore(ListStore, Protocol):
    """Where older editions are stored among the newer ones."""

    async def read_series(self, list_code: str, source: str) -> StoredSeries:
        """Return all editions of a list from a source, with all versions of its listings."""
        ...

    async def printed_names(
        self, source: str, digests: Mapping[str, str]
    ) -> Mapping[str, ListedNames]:
        """Return what a question can match of stored versions, given by listing id and digest."""
        ...


class DownloadedEdition(msgspec.Struct, frozen=True, kw_only=True):
    """The files of one edition as a publisher's server sent them, in the order of the addresses.

    `seen` holds the server's validators (ETag, Last-Modified) of each file, to be sent with the
    next request. `last_modified_on` is the latest day on which any of the files changed, by its
    link's address or, where that names none, by the server's account. `addresses` are where the
    files came from.
    """

    files: tuple[GivenFile, ...]
    seen: tuple[tuple[str | None, str | None], ...]
    last_modified_on: date | None
    addresses: tuple[str, ...]


class Publisher(Protocol):
    """The publishers' servers, from which editions are downloaded."""

    async def download(
        self, source: ListSource, offer: Offer, seen: Sequence[tuple[str | None, str | None]]
    ) -> DownloadedEdition | None:
        """Return the files that one offer of a source brings; None if none changed since `seen`.

        Raises:
            FetchFailedError: A file could not be downloaded whole.
            ListRefusedError: A page has no link to a file, or one that must not be followed.
        """
        ...


class FileReader(Protocol):
    """A reader of an edition's files, within limits of time and memory for untrusted files."""

    async def read_files(
        self,
        wanted: str,
        files: Sequence[GivenFile],
        sources: Sequence[str],
        list_code: str | None,
    ) -> ReadFiles:
        """Read the files of one edition whole, as `lists.formats.read_files` does.

        Raises:
            ListRefusedError: The files are not what the source publishes, or cannot be read
                within the limits.
            RowRefusedError: A record cannot be read.
        """
        ...


class ListHead(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """What is known of files before they are read."""

    format: str
    sha256: str


class StreamedEntities(msgspec.Struct, frozen=True, tag=True):
    """Some entities to be kept for later deltas; all come before the listings."""

    entities: tuple[KeptEntity, ...]


class StreamedRecords(msgspec.Struct, frozen=True, tag=True):
    """Some listings of the files."""

    records: tuple[ListingRecord, ...]


class ListEnd(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """That all was read, and what the reader does not know of the files.

    `gone` and `follows` are those of a delta; see `ListStream`. `keeps_entities` says that the
    entities came whole, and can be kept.
    """

    read_in_part: tuple[UnknownPart, ...]
    gone: tuple[str, ...]
    follows: tuple[str, ...] | None
    keeps_entities: bool


type StreamPiece = ListHead | StreamedEntities | StreamedRecords | ListEnd
type AnswerAsked = Callable[[AskedEntities], Awaitable[FoundEntities | None]]


type StreamList = Callable[[str, Sequence[Path], AnswerAsked], AsyncGenerator[StreamPiece]]
"""Reads the files of a user's own list, given by its code, piece by piece.

It yields the head of the files, entities, listings, and the end. The answerer is asked, after the
head, for the kept entities beside a delta. It raises ListRefusedError where the files cannot be
read whole or not within the limits, and RowRefusedError where a record cannot be read.
"""


class PastReader(Protocol):
    """A reader of versions of listings that are not the newest; each call sees one moment."""

    async def read_past(
        self, spans_of: Callable[[StoredLists], Sequence[EditionSpan]], since: int
    ) -> tuple[StoredLists, tuple[ListingVersion, ...]]:
        """Return the lists, and versions that applied within spans of their editions.

        Of each listing that was different then, or changed after edition `since`: the versions
        that were the newest at any edition of the span, and the newest one of all.
        """
        ...
