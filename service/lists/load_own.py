"""Load: a user's own list, read piece by piece, compared and stored without being held."""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from datetime import datetime
from functools import partial
from pathlib import Path

import msgspec

from service.errors import ListRefusedError, RowRefusedError
from service.lists.edition import (
    Edition,
    ListingRecord,
    ListTerms,
    NewEdition,
    ParsedDelta,
    ParsedEdition,
    ReadFiles,
    UnknownPart,
)
from service.lists.formats import OWN
from service.lists.guards import (
    BY_HAND,
    EntryCounts,
    Had,
    Losses,
    largest_loss,
    misfit,
    refusal_by_size,
)
from service.lists.load import (
    ListFiles,
    LoadReport,
    confirm_if_same,
    new_edition,
    record_failure,
    report_of,
    store_list,
    terms_of,
    unread_of,
    with_parts_before,
)
from service.lists.ports import (
    ListStreamer,
    LoadTransaction,
    StagedListings,
    StagingStore,
    StreamedRecords,
    StreamEnd,
    StreamHead,
    StreamPiece,
)


async def load_own(
    store: StagingStore,
    given: ListFiles,
    paths: Sequence[Path],
    now: datetime,
    reader: ListStreamer,
) -> LoadReport:
    """Read the files of a user's own list and make it the current edition.

    `given` is without the files. They are read into a table that nobody else sees, before other
    loaders have to wait; all else is one transaction.

    Raises:
        ListRefusedError: The files cannot be read whole. The refusal is recorded.
        BadInputError: The publication day contradicts the files or is in the future.
    """
    code = given.wanted.name
    try:
        async with (
            aclosing(reader.stream_list(code, paths)) as pieces,
            store.staging(code, OWN) as staged,
        ):
            load = _OwnLoad(store, given, await _head_of(pieces), now)
            return await load.confirmed() or await load.stored(pieces, staged)
    except RowRefusedError as refused:
        await record_failure(store, given.wanted, "refused", str(refused), now)
        raise ListRefusedError(code, str(refused)) from refused
    except ListRefusedError as refused:
        await record_failure(store, given.wanted, "refused", refused.reason, now)
        raise


async def _head_of(pieces: AsyncIterator[StreamPiece]) -> StreamHead:
    head = await anext(pieces, None)
    if not isinstance(head, StreamHead):
        raise TypeError(head)
    return head


class _OwnLoad:
    """The load of one list of which the head of the files is known."""

    def __init__(
        self, store: StagingStore, given: ListFiles, head: StreamHead, now: datetime
    ) -> None:
        self._store = store
        self._given = given
        self._head = head
        self._now = now

    async def confirmed(self) -> LoadReport | None:
        """Confirm the current edition if these are its files, which need not be read then."""
        async with self._store.loading() as transaction:
            return await confirm_if_same(
                transaction,
                self._edition(),
                await transaction.current_editions(),
                await self._terms(transaction),
                says_day=self._says_day,
            )

    async def stored(
        self, pieces: AsyncIterator[StreamPiece], staged: StagedListings
    ) -> LoadReport:
        """Stage what the files say, and store it unless it is refused."""
        ends = list[StreamEnd]()
        count = await staged.put(_records(pieces, ends))
        edition = self._edition(*(part for end in ends for part in end.read_in_part))
        async with self._store.loading() as transaction:
            return await store_list(
                transaction,
                _Staged(staged, self._head, count),
                edition,
                await transaction.current_editions(),
                await self._terms(transaction),
                says_day=self._says_day,
            )

    @property
    def _says_day(self) -> bool:
        return self._given.published_on is not None

    def _edition(self, *parts: UnknownPart) -> NewEdition:
        parsed = ParsedEdition(
            list_code=self._given.wanted.name, published_on=None, listings=(), read_in_part=parts
        )
        read = ReadFiles(OWN, self._head.format, ())
        return new_edition(parsed, self._given, read, self._head.sha256, self._now)

    async def _terms(self, transaction: LoadTransaction) -> ListTerms:
        return terms_of(self._given, await transaction.every_terms(), self._given.wanted.name)


async def _records(
    pieces: AsyncIterator[StreamPiece], ends: list[StreamEnd]
) -> AsyncGenerator[ListingRecord]:
    """Yield the listings among pieces, and put their end aside.

    Raises:
        EOFError: There is no end.
    """
    async for piece in pieces:
        match piece:
            case StreamedRecords():
                for record in piece.records:
                    yield record
            case StreamEnd():
                ends.append(piece)
            case StreamHead():
                raise TypeError(piece)
    if not ends:
        raise EOFError


class _Staged:
    """A list that is staged: the listings of an edition, or those that a delta puts."""

    def __init__(self, staged: StagedListings, head: StreamHead, count: int) -> None:
        self._staged = staged
        self._head = head
        self._count = count

    async def store_if_sound(
        self, transaction: LoadTransaction, edition: NewEdition, had: Had
    ) -> LoadReport:
        """Store the listings and their edition, unless a guard refuses it."""
        unfit = None
        if self._head.follows is None:
            await self._staged.remove_others()
        else:
            unfit = await self._misfit(self._head.follows, edition, had)
            edition = with_parts_before(edition, had.current)
        counts = await self._staged.counts()
        before = 0 if had.current is None else had.current.entry_count
        has = before + counts.listed - counts.gone
        edition = msgspec.structs.replace(edition, entry_count=has)
        reason = refusal_by_size(edition, had, unfit) or await self._loss(edition, had.current)
        if reason is not None:
            return report_of(edition, "refused", reason)
        await self._staged.store(await transaction.add_edition(edition))
        report = report_of(edition, "loaded", unread_of(edition))
        return msgspec.structs.replace(
            report, listed=counts.listed, changed=counts.changed, gone=counts.gone
        )

    async def _misfit(self, follows: tuple[str, ...], edition: NewEdition, had: Had) -> str | None:
        """Stage what a delta removes, and return why it cannot be applied, None if it can."""
        gone = self._head.gone
        delta = ParsedDelta(
            list_code=edition.list_code, published_on=None, put=(), gone=gone, follows=follows
        )
        await self._staged.remove(gone)
        return misfit(delta, had.current, await self._staged.current_among(gone))

    async def _loss(self, edition: NewEdition, current: Edition | None) -> str | None:
        """Return which names the list has lost, if more than is plausible.

        What stays as it is is read only where the rest alone has lost too many.
        """
        if current is None or edition.accepted:
            return None
        losses = Losses()
        async for before, after in self._staged.changed_names():
            losses.add(before, after)
        words = partial(
            losses.in_words,
            EntryCounts(before=current.entry_count, after=edition.entry_count),
            largest_loss(None),
            count_numbers=edition.format == current.format,
        )
        if not any(words()):
            return None
        async for same in self._staged.unchanged_names():
            losses.add(same, same)
        loss = next(words(), None)
        return None if loss is None else f"{loss}; {BY_HAND}"
