"""A basis: all that answers come from without a database, as one struct and as one file.

The lists and the register do not change once a basis is made, so that every process that has it
gives the same answers. How old its lists are is worked out on the day of each question: once a
required list is too old, nothing is clear any more.
"""

import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import cast
from uuid import uuid4

import msgspec
import numpy as np

from service.app.index_files import arrays_of, index_digest, index_of, rules_digest
from service.app.lists import caught_up, check_site
from service.arrays import map_arrays, write_arrays
from service.errors import BadInputError, StoreUnavailableError
from service.lists.edition import ListingVersion, StoredLists
from service.measures.board import CurrentBoard
from service.measures.measure import RegisterMark, StoredRegister
from service.names.match import SCORER_VERSION
from service.names.match.kernel import Bytes
from service.screening.added import read_any
from service.screening.desk import Desk, Outside
from service.screening.follow import CurrentIndex
from service.screening.index import ListingIndex
from service.settings import Settings
from service.store.sql import connected
from service.store.stores import StoreOnConnection
from service.store.written import PartySplit


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

    async def read_basis(self) -> tuple[StoredLists, bytes]:
        """Return the lists and the digest of the index."""
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
    return Desk(current, boards, Outside(now=now, new_id=uuid4, changes=None))


# --- Files.


def write_basis(path: Path, basis: Basis, index: ListingIndex) -> None:
    """Write a basis and its index, whose parties are joined, to one file, whole or not at all.

    Raises:
        OSError: The file cannot be written.
    """
    written = np.frombuffer(bytearray(basis.write()), dtype=np.uint8)
    write_arrays(path, _kind(), arrays_of(index) | {"basis": written})


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
