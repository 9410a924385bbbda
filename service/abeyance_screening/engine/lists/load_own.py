"""Load: a user's own list, read piece by piece, compared and stored without being held."""

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from datetime import datetime
from functools import partial
from pathlib import Path

import msgspec

from abeyance_screening.engine.lists.edition import (
    READER_VERSION,
    Edition,
    ListTerms,
    NewEdition,
    ParsedDelta,
    ParsedEdition,
    ReadFiles,
    UnknownPart,
)
from abeyance_screening.engine.lists.formats import OWN
from abeyance_screening.engine.lists.guards import (
    BY_HAND,
    EntryCounts,
    ListBefore,
    Losses,
    LostEnd,
    fewer_on_the_day,
    largest_loss,
    longest_run,
    misfit,
    refusal_by_size,
    refuse_early_end,
    run_at_end,
)
from abeyance_screening.engine.lists.load import (
    ListFiles,
    LoadReport,
    check_code,
    confirm_if_same,
    new_edition,
    record_failure,
    remark_on,
    report_of,
    store_list,
    terms_of,
    with_parts_before,
)
from abeyance_screening.engine.lists.loading_ports import (
    ListEnd,
    ListHead,
    LoadTransaction,
    StagedListings,
    StagingStore,
    StreamedEntities,
    StreamedRecords,
    StreamList,
    StreamPiece,
)
from abeyance_screening.engine.lists.reading.files import AskedEntities, FoundEntities
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError


async def load_own(
    store: StagingStore,
    given: ListFiles,
    paths: Sequence[Path],
    now: datetime,
    stream_list: StreamList,
) -> LoadReport:
    """Read the files of a user's own list and make it the current edition.

    `given` is without the files. They are read into a table that nobody else sees, before other
    loaders have to wait; all else is one transaction.

    Raises:
        ListRefusedError: The files cannot be read whole. The refusal is recorded.
        BadInputError: The publication day contradicts the files or is in the future, or the code
            of a new list looks like a public one.
    """
    code = given.wanted.name
    try:
        async with store.staging(code, OWN) as staged:
            load = _OwnLoad(store, staged, given, now)
            async with aclosing(stream_list(code, paths, load.beside)) as pieces:
                return await load.confirmed(pieces) or await load.stored(pieces)
    except RowRefusedError as refused:
        await record_failure(store, given.wanted, "refused", str(refused), now)
        raise ListRefusedError(code, str(refused)) from refused
    except ListRefusedError as refused:
        await record_failure(store, given.wanted, "refused", refused.reason, now)
        raise


class _OwnLoad:
    """The load of one list; each step begins where the one before has ended."""

    def __init__(
        self, store: StagingStore, staged: StagedListings, given: ListFiles, now: datetime
    ) -> None:
        self._store = store
        self._staged = staged
        self._given = given
        self._now = now
        self._head = ListHead(format="", sha256="")
        self._current: Edition | None = None

    async def confirmed(self, pieces: AsyncIterator[StreamPiece]) -> LoadReport | None:
        """Confirm the current edition if these are its files, which need not be read then."""
        head = await anext(pieces, None)
        if not isinstance(head, ListHead):
            raise TypeError(head)
        self._head = head
        async with self._store.loading() as transaction:
            editions = await transaction.current_editions()
            self._current = editions.get((self._code, OWN))
            check_code(self._given.wanted, is_stored=self._current is not None)
            return await confirm_if_same(
                transaction,
                self._edition(),
                editions,
                await self._terms(transaction),
                says_day=self._says_day,
            )

    async def beside(self, entities: AskedEntities) -> FoundEntities | None:
        """Return the kept entities beside a delta; None where none are kept, or not for it."""
        current = self._current
        if current is None or current.reader != READER_VERSION:
            return None
        if not await self._staged.keeps_entities(current.id):
            return None
        return await self._staged.entities_beside(entities)

    async def stored(self, pieces: AsyncIterator[StreamPiece]) -> LoadReport:
        """Stage what the files say, and store it unless it is refused."""
        content = _Staged(self._staged, await _put(pieces, self._staged))
        async with self._store.loading() as transaction:
            editions = await transaction.current_editions()
            current = editions.get((self._code, OWN))
            if content.is_delta and _id_of(current) != _id_of(self._current):
                reason = "another process has loaded the list meanwhile; load the file again"
                raise ListRefusedError(self._code, reason)
            return await store_list(
                transaction,
                content,
                self._edition(*content.parts),
                editions,
                await self._terms(transaction),
                says_day=self._says_day,
            )

    @property
    def _code(self) -> str:
        return self._given.wanted.name

    @property
    def _says_day(self) -> bool:
        return self._given.published_on is not None

    def _edition(self, *parts: UnknownPart) -> NewEdition:
        parsed = ParsedEdition(
            list_code=self._code, published_on=None, listings=(), read_in_part=parts
        )
        read = ReadFiles(OWN, self._head.format, ())
        return new_edition(parsed, self._given, read, self._head.sha256, self._now)

    async def _terms(self, transaction: LoadTransaction) -> ListTerms:
        return terms_of(self._given, await transaction.every_terms(), self._code)


def _id_of(edition: Edition | None) -> int | None:
    return None if edition is None else edition.id


class _Put(msgspec.Struct, frozen=True):
    """What was staged: so many listings, and what the files say beside them."""

    count: int
    end: ListEnd


async def _put(pieces: AsyncIterator[StreamPiece], staged: StagedListings) -> _Put:
    """Stage the entities and then the listings among pieces."""
    # a question beside a delta is asked before anything is staged, while the connection is free
    ahead = _Ahead(pieces, await anext(pieces, None))
    await staged.put_entities(
        entity async for each in ahead.of(StreamedEntities) for entity in each.entities
    )
    count = await staged.put(
        record async for each in ahead.of(StreamedRecords) for record in each.records
    )
    if not isinstance(ahead.piece, ListEnd):
        raise TypeError(ahead.piece)
    return _Put(count, ahead.piece)


class _Ahead:
    """Pieces of which the next one is known."""

    def __init__(self, pieces: AsyncIterator[StreamPiece], first: StreamPiece | None) -> None:
        self._pieces = pieces
        self.piece = first

    async def of[P](self, kind: type[P]) -> AsyncIterator[P]:
        """Yield the next pieces as long as they are of a kind."""
        while isinstance(self.piece, kind):
            yield self.piece
            self.piece = await anext(self._pieces, None)


class _Staged:
    """A list that is staged: the listings of an edition, or those that a delta puts."""

    def __init__(self, staged: StagedListings, put: _Put) -> None:
        self._staged = staged
        self._end = put.end

    @property
    def is_delta(self) -> bool:
        """Whether the files hold only what changes."""
        return self._end.follows is not None

    @property
    def parts(self) -> tuple[UnknownPart, ...]:
        """What the reader does not know of the files."""
        return self._end.read_in_part

    async def store_if_sound(
        self, transaction: LoadTransaction, edition: NewEdition, before: ListBefore
    ) -> LoadReport:
        """Store the listings and their edition, unless a guard refuses it."""
        unfit = None
        if self._end.follows is None:
            await self._staged.remove_others()
        else:
            unfit = await self._misfit(self._end.follows, edition, before)
            edition = with_parts_before(edition, before.current)
        counts = await self._staged.counts()
        entry_count = 0 if before.current is None else before.current.entry_count
        has = entry_count + counts.listed - counts.gone
        edition = msgspec.structs.replace(edition, entry_count=has)
        reason = refusal_by_size(edition, before, unfit)
        if reason is None:
            reason = await self._early_end(edition, before, counts.gone)
            reason = reason or await self._loss(edition, before.current)
        if reason is not None:
            return report_of(edition, "refused", reason)
        edition_id = await transaction.add_edition(edition)
        await self._staged.store(edition_id)
        if not self.is_delta:
            await self._staged.store_order()
        await self._keep_entities(edition_id)
        report = report_of(edition, "loaded", remark_on(edition))
        return msgspec.structs.replace(
            report, listed=counts.listed, changed=counts.changed, gone=counts.gone
        )

    async def _keep_entities(self, edition_id: int) -> None:
        keeps = self._end.keeps_entities
        if self._end.follows is None:
            await self._staged.replace_entities(edition_id, are_kept=keeps)
        elif keeps:
            await self._staged.change_entities(edition_id)

    async def _misfit(
        self, follows: tuple[str, ...], edition: NewEdition, before: ListBefore
    ) -> str | None:
        """Stage what a delta removes, and return why it cannot be applied, None if it can."""
        gone = self._end.gone
        delta = ParsedDelta(
            list_code=edition.list_code, published_on=None, put=(), gone=gone, follows=follows
        )
        await self._staged.remove(gone)
        return misfit(delta, before.current, await self._staged.current_among(gone))

    async def _early_end(self, edition: NewEdition, before: ListBefore, gone: int) -> str | None:
        """Return why another file of the same day is refused, None if it is not.

        An expected number of entries takes the place of the number before. A list's programmes
        are not looked at: they are words of its keeper.
        """
        current, is_expected = before.current, before.terms.expected is not None
        if current is None or is_expected or edition.accepted or self.is_delta:
            return None
        reason = fewer_on_the_day(edition, current)
        if reason is None:
            leaves = await self._staged.leaving_at_end(longest_run(gone))
            at_end = sum(leaves[: run_at_end(leaves)])
            came = await self._staged.coming_at_end()
            refuse_early_end(edition, current, LostEnd(gone=gone, at_end=at_end, came=came))
        return reason

    async def _loss(self, edition: NewEdition, current: Edition | None) -> str | None:
        """Return which names the list has lost, if more than is plausible."""
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
