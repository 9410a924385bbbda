"""What answers are made from, as one file: the listings, the register and the settings."""

import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import cast, override

import msgspec

from abeyance_screening.engine.lists.edition import ListingVersion, StoredLists
from abeyance_screening.engine.measures.board import CurrentBoard
from abeyance_screening.engine.measures.measure import RegisterMark, StoredRegister
from abeyance_screening.engine.names.match.kernel import Bytes
from abeyance_screening.engine.screening.index.columns import read_any
from abeyance_screening.engine.screening.index.current import CurrentIndex, IndexReader
from abeyance_screening.engine.screening.index.files import arrays_of, index_of, rules_digest
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.engine.screening.parties.table import PartySplit
from abeyance_screening.primitives.arrays import byte_array, map_arrays, write_arrays
from abeyance_screening.primitives.errors import BadInputError, StoreUnavailableError

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
    def read(cls, body: bytes | memoryview) -> "Basis":
        """Return the basis that `write` wrote.

        Raises:
            MsgspecError: The bytes are no basis, or that of another version of the program.
        """
        return msgspec.msgpack.decode(body, type=cls)

    @property
    def digest(self) -> str:
        """The digest of the whole basis, in hexadecimal digits."""
        return hashlib.sha256(self.write()).hexdigest()


class BasisReader(IndexReader):
    """A basis that is read as a database is, in which nothing ever changes."""

    def __init__(self, basis: Basis) -> None:
        self._basis = basis

    async def read_mark(self) -> RegisterMark:
        """Return the mark of the register."""
        return self._basis.register.mark

    async def read_register(self) -> StoredRegister:
        """Return the whole register."""
        return self._basis.register

    @override
    async def read_lists(self) -> StoredLists:
        return self._basis.lists

    @override
    def newest_versions(
        self, since: int
    ) -> AbstractAsyncContextManager[tuple[StoredLists, AsyncIterator[Sequence[ListingVersion]]]]:
        # the index has all of them
        del since
        raise StoreUnavailableError

    @override
    async def read_basis(self, until: int | None = None) -> tuple[StoredLists, bytes]:
        del until
        return self._basis.lists, bytes.fromhex(self._basis.index_digest)

    @override
    async def party_splits(self) -> tuple[PartySplit, ...]:
        return self._basis.splits


async def held_of(basis: Basis, index: ListingIndex) -> tuple[CurrentIndex, CurrentBoard]:
    """Return a basis and its index as a process holds those of a database.

    They answer about the days on which the newest editions of the basis apply.
    """
    reader = BasisReader(basis)
    current, boards = CurrentIndex(index, profile=basis.lists.profile), CurrentBoard()
    await boards.catch_up(reader)
    await current.catch_up(reader)
    return current, boards


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
