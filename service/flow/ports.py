"""What the sentences need from outside; `app` fills these in with the store."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID

from service.model.edition import (
    Edition,
    ListingRecord,
    LoadAttempt,
    NewEdition,
    Snapshot,
    StoredLists,
)


class LoadTransaction(Protocol):
    """One transaction that stores editions; see `store.editions.Loading`."""

    async def current_editions(self) -> Mapping[str, Edition]:
        """The newest edition of each list, by list code."""
        ...

    async def current_digests(self, list_code: str) -> Mapping[str, str]:
        """Digest by listing id, of the listings that stand now."""
        ...

    async def add_edition(self, edition: NewEdition) -> int:
        """Stores the edition's own row and gives its id."""
        ...

    async def close_versions(self, edition_id: int, listing_ids: Sequence[str]) -> None:
        """Ends the current versions of these listings at this edition."""
        ...

    async def add_versions(
        self, edition_id: int, list_code: str, records: Sequence[ListingRecord]
    ) -> None:
        """Stores new versions of listings, current from this edition on."""
        ...

    async def add_attempt(self, attempt: LoadAttempt) -> None:
        """Records how the try to load a list ended."""
        ...


class EditionStore(Protocol):
    """Where editions are stored."""

    def loading(self) -> AbstractAsyncContextManager[LoadTransaction]:
        """Opens the one transaction in which a file's editions are stored."""
        ...


class ListReader(Protocol):
    """Reads what an index is built from, each time of one moment."""

    async def read_lists(self) -> StoredLists:
        """Editions and last tries, without the listings."""
        ...

    async def read_snapshot(self) -> Snapshot:
        """Everything, with the listings."""
        ...


class ScreeningStore(Protocol):
    """Keeps answers and gives them back, byte for byte."""

    async def add(self, key: UUID, asked_at: datetime, answer: bytes) -> None:
        """Keeps one answer, or raises StoreUnavailableError."""
        ...

    async def answer(self, key: UUID) -> bytes | None:
        """An earlier answer, or None."""
        ...
