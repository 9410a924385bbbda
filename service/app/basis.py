"""A basis: all that answers come from without a database, as one struct and as one file.

The lists and the register do not change once a basis is made, so that every process that has it
gives the same answers. How old its lists are is worked out on the day of each question: once a
required list is too old, nothing is clear any more.
"""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, ExitStack, suppress
from datetime import datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import IO, cast
from uuid import UUID, uuid4

import msgspec

from service import zstd
from service.app import utc_now
from service.app.index_files import (
    IndexFiles,
    answering_rules,
    arrays_of,
    give_back,
    index_digest,
    index_of,
    rules_digest,
)
from service.app.lists import caught_up, check_site
from service.arrays import byte_array, map_arrays, write_arrays
from service.disk import to_end, whole_file
from service.errors import AbeyanceError, BadInputError, StoreUnavailableError
from service.jobs import JobBasis, JobEdition, JobTerms
from service.lists.edition import EditionSpan, ListingVersion, StoredLists
from service.lists.ports import PastReader
from service.measures.board import CurrentBoard
from service.measures.measure import RegisterMark, StoredRegister
from service.names.match import SCORER_VERSION
from service.names.match.kernel import Bytes
from service.screening.columns import read_any
from service.screening.desk import Desk, OpenScreening, Outside
from service.screening.follow import CurrentIndex
from service.screening.index import ListingIndex, newest_editions
from service.screening.question import QuestionTerms
from service.settings import Settings
from service.store.jobs import KeptBasis, WorkerJobs
from service.store.sql import connected
from service.store.stores import StoreOnConnection
from service.store.written import PartySplit

# --- A basis in memory and in a file.


class Basis(msgspec.Struct, frozen=True, kw_only=True):
    """What answers come from, without the listings themselves, which are in the index.

    `lists` are the states of all lists with what the site requires of them, `splits` operators'
    words on parties. `index_digest` is that of everything the index depends on, in hexadecimal
    digits. `scorer` and `version` are those of the program that made the basis.
    """

    lists: StoredLists
    splits: tuple[PartySplit, ...]
    register: StoredRegister
    index_digest: str
    scorer: str
    version: str

    def write(self) -> bytes:
        """Return the basis as bytes, the same ones for equal bases."""
        return msgspec.msgpack.encode(self, order="deterministic")

    @classmethod
    def read(cls, written: bytes | memoryview) -> "Basis":
        """Return the basis that `write` wrote.

        Raises:
            MsgspecError: The bytes are no basis, or that of another version of the program.
        """
        return msgspec.msgpack.decode(written, type=cls)

    @property
    def digest(self) -> str:
        """The digest of the whole basis, in hexadecimal digits."""
        return hashlib.sha256(self.write()).hexdigest()


class BasisReader:
    """A basis that is read as a database is, in which nothing ever changes."""

    def __init__(self, basis: Basis) -> None:
        self._basis = basis

    async def read_mark(self) -> RegisterMark:
        """Return the mark of the register."""
        return self._basis.register.mark

    async def read_register(self) -> StoredRegister:
        """Return the whole register."""
        return self._basis.register

    async def read_lists(self) -> StoredLists:
        """Return the states of all lists."""
        return self._basis.lists

    def newest_versions(
        self, since: int
    ) -> AbstractAsyncContextManager[tuple[StoredLists, AsyncIterator[Sequence[ListingVersion]]]]:
        """Refuse to read listings: the index has all of them.

        Raises:
            StoreUnavailableError: Always, because the index is not that of the basis.
        """
        del since
        raise StoreUnavailableError

    async def read_basis(self, until: int | None = None) -> tuple[StoredLists, bytes]:
        """Return the lists and the digest of the index; no edition came before those it has."""
        del until
        return self._basis.lists, bytes.fromhex(self._basis.index_digest)

    async def party_splits(self) -> tuple[PartySplit, ...]:
        """Return operators' words on parties."""
        return self._basis.splits


async def basis_at(settings: Settings, dsn: str) -> tuple[Basis, ListingIndex]:
    """Return the basis of what a prepared database holds now, and its index.

    Raises:
        BadInputError: A setting names a list that does not exist.
        StoreUnavailableError: The database does not answer.
    """
    await check_site(settings, dsn)
    while True:
        index = (await caught_up(settings, dsn))[0].get()
        async with connected(dsn) as connection:
            store = StoreOnConnection(connection)
            lists, listings = await store.read_basis()
            splits, register = await store.party_splits(), await store.read_register()
        # what was loaded since the index was read is in none of them once it is read again
        if lists.editions == index.lists.editions and splits == index.splits:
            basis = Basis(
                lists=index.lists,
                splits=splits,
                register=register,
                index_digest=index_digest(splits, listings).hex(),
                scorer=SCORER_VERSION,
                version=version("abeyance"),
            )
            return basis, index


async def held_of(basis: Basis, index: ListingIndex) -> tuple[CurrentIndex, CurrentBoard]:
    """Return a basis and its index as a process holds those of a database.

    They answer about the days on which the newest editions of the basis apply.
    """
    reader = BasisReader(basis)
    current, boards = CurrentIndex(index, profile=basis.lists.profile), CurrentBoard()
    await boards.catch_up(reader)
    await current.catch_up(reader)
    return current, boards


async def desk_of(basis: Basis, index: ListingIndex, now: Callable[[], datetime]) -> Desk:
    """Return a desk that answers from a basis and its index, see `held_of`; it keeps nothing."""
    current, boards = await held_of(basis, index)
    return Desk(current, boards, Outside(now=now, new_id=uuid4))


# --- Files.


def write_basis(path: Path, basis: Basis, index: ListingIndex) -> None:
    """Write a basis and its index, whose parties are joined, to one file, whole or not at all.

    Raises:
        OSError: The file cannot be written.
    """
    write_arrays(path, _kind(), arrays_of(index) | {"basis": byte_array(basis.write())})


def read_basis(path: Path) -> tuple[Basis, ListingIndex]:
    """Return the basis of a file, and its index as mapped memory that all processes share.

    Raises:
        BadInputError: There is no such file, it is damaged, or another version of the program or
            of Python wrote it; the field is `index`.
    """
    try:
        arrays = map_arrays(path, _kind())
        basis = Basis.read(memoryview(cast("Bytes", arrays["basis"])))
        return basis, index_of(arrays, read_any(arrays), basis.lists, basis.splits)
    except OSError as error:
        raise BadInputError("index", f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, LookupError, msgspec.MsgspecError) as error:
        raise BadInputError("index", f"{path} cannot be used: {error}") from None


def _kind() -> bytes:
    """Return the digest that a file of this version of the program begins with."""
    return hashlib.sha256(b"basis\n" + rules_digest()).digest()


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
        outside = Outside(now=lambda: terms.asked_at, new_id=uuid4, count_outcome=count_outcome)
        return await Desk(self._current, self._board, outside).open(
            QuestionTerms(
                lists=terms.lists,
                since=terms.since,
                threshold=terms.threshold,
                limit=terms.limit,
            ),
            terms.days,
        )


class _PinnedPast:
    """A reader of past versions that knows no edition beyond those of some lists."""

    def __init__(self, inner: PastReader, lists: StoredLists) -> None:
        self._inner = inner
        self._lists = lists
        self._known = frozenset(each.id for each in lists.editions)

    async def read_past(
        self, spans_of: Callable[[StoredLists], Sequence[EditionSpan]], since: int
    ) -> tuple[StoredLists, tuple[ListingVersion, ...]]:
        """Return the lists and versions that applied in the past; see `ports.PastReader`."""
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
        """Map the index of the lists as they are, or build it, so that the first job has it.

        Raises:
            StoreUnavailableError: The database does not answer.
        """
        async with self._one_by_one, connected(self._dsn) as connection:
            await self._current.catch_up(StoreOnConnection(connection))

    async def pin(self, job: UUID) -> bytes | None:
        """Pin for a job what lists and register are now, unless that is done; return the digest.

        None once the job has ended.

        Raises:
            StoreUnavailableError: The database does not answer.
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
            StoreUnavailableError: The database does not answer.
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
            version=version("abeyance"),
            index=of_index.hex(),
        )
        basis = KeptBasis(
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

    async def _keep_file(self, digest: bytes, beside: bytes) -> None:
        """Keep the file of an index in the database, unless it is there.

        Raises:
            FileNotFoundError: There is no such file.
        """
        path = self._files.path(digest)
        with ExitStack() as opened:
            file = await to_end(lambda: opened.enter_context(path.open("rb")))
            size = os.fstat(file.fileno()).st_size
            if not await self._jobs.begin_file(digest, size, beside or None):
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
        """Return an index, the files of which are fetched as far as they are lacking or damaged.

        Raises:
            IndexLostError: One of them is not kept whole, or the disk cannot hold it.
        """
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
        """Write the file of an index that another machine has built; it is there whole or not.

        Raises:
            IndexLostError: It is not kept whole, or the disk cannot hold it.
        """
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
