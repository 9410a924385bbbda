"""A basis: all that answers come from without a database, as one struct and as one file.

The lists and the register do not change once a basis is made, so that every process that has it
gives the same answers. How old its lists are is worked out on the day of each question: once a
required list is too old, nothing is clear any more.
"""

import asyncio
import hashlib
import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import IO
from uuid import UUID, uuid4

import msgspec

from abeyance_screening.engine.lists.edition import EditionSpan, ListingVersion, StoredLists
from abeyance_screening.engine.lists.loading_ports import PastReader
from abeyance_screening.engine.measures.board import CurrentBoard
from abeyance_screening.engine.measures.measure import RegisterMark, StoredRegister
from abeyance_screening.engine.names.match import SCORER_VERSION
from abeyance_screening.engine.screening.desk import Dependencies, Desk
from abeyance_screening.engine.screening.index.current import CurrentIndex
from abeyance_screening.engine.screening.index.files import (
    IndexFiles,
    answering_rules,
    index_digest,
)
from abeyance_screening.engine.screening.index.index import ListingIndex, newest_editions
from abeyance_screening.engine.screening.open_screening import OpenScreening
from abeyance_screening.engine.screening.parties.table import PartySplit
from abeyance_screening.engine.screening.question import QuestionTerms
from abeyance_screening.features.jobs.store import StoredBasis, WorkerJobs
from abeyance_screening.features.jobs.types import JobBasis, JobEdition, JobTerms
from abeyance_screening.platform.memory import give_back
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.stores.connection import StoreOnConnection
from abeyance_screening.primitives import zstd
from abeyance_screening.primitives.atomic_files import to_end, whole_file
from abeyance_screening.primitives.days import utc_now
from abeyance_screening.primitives.errors import AbeyanceError
from abeyance_screening.primitives.structs import copy_as

# --- Bases of jobs: pinned for a job, kept for all workers, and mapped by each.

_PIECE_BYTES = 4_194_304
# How often an index is built again that another process removes before it is kept.
_TRIES = 3
# Jobs that go on at once have the same basis, unless the lists change between them.
_BASES_AT_HAND = 2
_encode = msgspec.msgpack.Encoder().encode


class OtherProgramError(AbeyanceError):
    """A job that was begun by a program whose answers may differ from those of this one."""

    slug = "other-program"
    title = "Another version of the program began this job"


class IndexLostError(AbeyanceError):
    """An index that no process has any more, or that the disk cannot hold."""

    slug = "index-lost"
    title = "The index of a job is not there"


class _Content(msgspec.Struct, frozen=True):
    """What a basis says beside its files: the lists, splits, and the digest of all versions."""

    lists: StoredLists
    splits: tuple[PartySplit, ...]
    versions: bytes


class HeldBasis:
    """What jobs are answered from, at hand."""

    def __init__(self, current: CurrentIndex, board: CurrentBoard) -> None:
        self._current = current
        self._board = board

    async def open(self, terms: JobTerms, count_outcome: Callable[[str], None]) -> OpenScreening:
        """Begin the screening of a job; `count_outcome` is called with the outcome of each row.

        The clock shows the moment at which the job was sent throughout.

        Raises:
            BadInputError: The question cannot be answered as it is.
        """
        outside = Dependencies(
            now=lambda: terms.asked_at,
            new_id=uuid4,
            version=version("abeyance-screening"),
            count_outcome=count_outcome,
        )
        filled = copy_as(QuestionTerms, terms, as_of=None, known_at=None, at=None)
        desk = Desk(self._current, self._board, outside)
        return await desk.open(filled, terms.days, sent=terms.sent)


class _PinnedPast:
    """A reader of past versions that knows no edition beyond those of some lists."""

    def __init__(self, inner: PastReader, lists: StoredLists) -> None:
        self._inner = inner
        self._lists = lists
        self._known = frozenset(each.id for each in lists.editions)

    async def read_past(
        self, spans_of: Callable[[StoredLists], Sequence[EditionSpan]], since: int
    ) -> tuple[StoredLists, tuple[ListingVersion, ...]]:
        """Return the lists and versions that applied in the past; see `PastReader`."""
        _, found = await self._inner.read_past(lambda _: spans_of(self._lists), since)
        known = (each for each in found if each.first_edition in self._known)
        return self._lists, tuple(map(self._as_then, known))

    def _as_then(self, version: ListingVersion) -> ListingVersion:
        """Return a version without an end that came later."""
        until = version.until_edition
        if until is None or until in self._known:
            return version
        return msgspec.structs.replace(version, until_edition=None)


class Bases:
    """The bases of a worker: it pins new ones, and has those at hand that it used last.

    `folder` is where the files of indexes are; those of other processes of the machine are there
    too.
    """

    def __init__(
        self,
        dsn: str,
        folder: Path,
        past: PastReader,
        jobs: WorkerJobs,
        index: Callable[[], CurrentIndex],
    ) -> None:
        """Take the files' folder, the stores, and what makes an index that has nothing yet."""
        self._dsn = dsn
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._files = IndexFiles(folder)
        self._index = index
        self._past = past
        self._jobs = jobs
        self._current = self._fresh()
        self._register: tuple[RegisterMark, bytes] | None = None
        self._at_hand: dict[bytes, HeldBasis] = {}
        self._one_by_one = asyncio.Lock()

    async def warm(self) -> None:
        """Map the index of the lists as they are, or build it, so that the first job has it."""
        async with self._one_by_one, connected(self._dsn) as connection:
            await self._current.catch_up(StoreOnConnection(connection))

    async def pin(self, job: UUID) -> bytes | None:
        """Pin for a job what lists and register are now, unless that is done; return the digest.

        None once the job has ended.

        Raises:
            IndexLostError: The index cannot be kept.
        """
        async with self._one_by_one, connected(self._dsn) as connection:
            digest = await self._keep(StoreOnConnection(connection))
        return await self._jobs.pin(job, digest, utc_now())

    async def of(self, digest: bytes) -> HeldBasis:
        """Return a basis by its digest, at hand from now on.

        Raises:
            OtherProgramError: Another program would answer differently.
            IndexLostError: Its index is not kept whole.
        """
        async with self._one_by_one:
            found = self._at_hand.pop(digest, None)
            if found is None:
                while len(self._at_hand) >= _BASES_AT_HAND:
                    del self._at_hand[next(iter(self._at_hand))]
                found = await self._loaded(digest)
                await asyncio.to_thread(give_back)
            self._at_hand[digest] = found
            return found

    # --- Pinning.

    async def _keep(self, reader: StoreOnConnection) -> bytes:
        """Keep what the database holds now, and return its digest."""
        content, of_index = await self._indexed(reader)
        mark, of_register = await self._kept_register(reader)
        shown = JobBasis(
            editions=tuple(
                JobEdition(
                    list_code=each.list_code,
                    source=each.source,
                    edition=each.id,
                    published_on=each.published_on,
                )
                for each in newest_editions(content.lists).values()
            ),
            register_revision=mark.revision,
            scorer=SCORER_VERSION,
            version=version("abeyance-screening"),
            index=of_index.hex(),
        )
        basis = StoredBasis(
            index_digest=of_index,
            register_digest=of_register,
            rules=answering_rules(),
            content=await asyncio.to_thread(zstd.compress, _encode(content)),
            shown=msgspec.json.encode(shown),
        )
        digest = hashlib.sha256(msgspec.msgpack.encode(basis)).digest()
        await self._jobs.keep_basis(digest, basis)
        return digest

    async def _indexed(self, reader: StoreOnConnection) -> tuple[_Content, bytes]:
        """Return what the lists are now, with an index of them that is kept for all workers."""
        for _ in range(_TRIES):
            await self._current.catch_up(reader)
            splits = await reader.party_splits()
            lists, versions = await reader.read_basis()
            lists = self._current.with_profile(lists)
            digest = index_digest(splits, versions)
            with suppress(FileNotFoundError):
                beside = await asyncio.to_thread(self._files.added_to, digest)
                if beside:
                    await self._keep_file(beside, b"")
                await self._keep_file(digest, beside)
                return _Content(lists, splits, versions), digest
            # the lists have changed since, or another process has removed the file
            self._current = self._fresh()
        message = "the index could not be kept in the data directory"
        raise IndexLostError(message)

    async def _kept_register(self, reader: StoreOnConnection) -> tuple[RegisterMark, bytes]:
        """Return the mark of the register as it is now, and the digest under which it is kept."""
        mark = await reader.read_mark()
        if self._register is not None and self._register[0] == mark:
            _, digest = self._register
            if await self._jobs.file_size(digest) is not None:
                return mark, digest
        stored = await reader.read_register()
        written = await asyncio.to_thread(_encode, stored)
        digest = hashlib.sha256(written).digest()
        if await self._jobs.begin_file(digest, len(written)):
            for place, start in enumerate(range(0, len(written), _PIECE_BYTES)):
                await self._add(digest, place, written[start : start + _PIECE_BYTES])
            await self._jobs.finish_file(digest)
        self._register = stored.mark, digest
        return self._register

    async def _keep_file(self, digest: bytes, whole: bytes) -> None:
        """Keep the file of an index in the database, unless it is there."""
        path = self._files.path(digest)
        with ExitStack() as opened:
            file = await to_end(lambda: opened.enter_context(path.open("rb")))
            size = os.fstat(file.fileno()).st_size
            if not await self._jobs.begin_file(digest, size, whole or None):
                return
            place = 0
            while piece := await to_end(partial(file.read, _PIECE_BYTES)):
                await self._add(digest, place, piece)
                place += 1
        await self._jobs.finish_file(digest)

    async def _add(self, digest: bytes, place: int, piece: bytes) -> None:
        packed = await asyncio.to_thread(zstd.compress, piece)
        await self._jobs.add_to_file(digest, place, packed)

    # --- Having at hand.

    async def _loaded(self, digest: bytes) -> HeldBasis:
        kept = await self._jobs.basis(digest)
        if kept is None:
            message = "what the job is answered from is not kept any more"
            raise IndexLostError(message)
        if kept.rules != answering_rules():
            raise OtherProgramError
        content = msgspec.msgpack.decode(zstd.decompress(kept.content), type=_Content)
        index = await self._index_of(content, kept.index_digest)
        register = await self._register_of(kept.register_digest)
        past = _PinnedPast(self._past, index.lists)
        return HeldBasis(CurrentIndex.pinned(index, past), register)

    async def _register_of(self, digest: bytes) -> CurrentBoard:
        pieces = list[bytes]()
        while (piece := await self._jobs.piece_of_file(digest, len(pieces))) is not None:
            pieces.append(zstd.decompress(piece))
        return await asyncio.to_thread(_board_of, pieces)

    async def _index_of(self, content: _Content, digest: bytes) -> ListingIndex:
        """Return an index; those of its files that are lacking or damaged are fetched."""
        given = content.lists, content.splits, content.versions
        index = await asyncio.to_thread(self._files.read, *given)
        if index is None:
            await self._fetch(digest)
            index = await asyncio.to_thread(self._files.read, *given)
        # a file that is damaged even now adds to none
        with suppress(OSError, ValueError):
            if index is None and (beside := await asyncio.to_thread(self._files.added_to, digest)):
                await self._fetch(beside)
                index = await asyncio.to_thread(self._files.read, *given)
        if index is None:
            message = "the index of the job cannot be read"
            raise IndexLostError(message)
        return index

    async def _fetch(self, digest: bytes) -> None:
        """Write the file of an index that another machine has built; it is there whole or not."""
        size = await self._jobs.file_size(digest)
        path = self._files.path(digest)
        try:
            with whole_file(path, is_private=True) as file:
                if await self._write(digest, file) != size:
                    message = "the index of the job is not kept whole"
                    raise IndexLostError(message)
        except OSError as error:
            raise IndexLostError(str(error)) from error

    async def _write(self, digest: bytes, file: IO[bytes]) -> int:
        place = 0
        while (piece := await self._jobs.piece_of_file(digest, place)) is not None:
            await to_end(partial(_unpack, piece, file))
            place += 1
        return file.tell()

    def _fresh(self) -> CurrentIndex:
        return self._index().keep_in(self._files, give_back)


def _board_of(pieces: Sequence[bytes]) -> CurrentBoard:
    return CurrentBoard.pinned(msgspec.msgpack.decode(b"".join(pieces), type=StoredRegister))


def _unpack(piece: bytes, file: IO[bytes]) -> None:
    file.write(zstd.decompress(piece))
