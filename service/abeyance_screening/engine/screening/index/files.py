"""Files of indexes, built by one process of a machine and mapped by all."""

import fcntl
import logging
import os
import platform
import sys
import unicodedata
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import cast

import msgspec

from abeyance_screening.engine.lists.catalogue import LIST_BY_CODE
from abeyance_screening.engine.lists.edition import StoredLists
from abeyance_screening.engine.names.match import SCORER_VERSION
from abeyance_screening.engine.names.match.kernel import Bytes
from abeyance_screening.engine.screening.index.columns import (
    AnyColumns,
    JoinedColumns,
    ListingColumns,
    read_added,
    read_any,
    read_columns,
    write_added,
    write_columns,
)
from abeyance_screening.engine.screening.index.index import ListingIndex, Origin
from abeyance_screening.engine.screening.parties.table import PartySplit
from abeyance_screening.primitives.arrays import (
    IN_MEMORY,
    AnyArray,
    Arrays,
    ScratchSpace,
    byte_array,
    map_arrays,
    sibling_file,
    write_arrays,
)

logger = logging.getLogger(__name__)
# Grows when the arrays of an index change in another way than by the code that is digested.
_VERSION = 1
# A process that answers from the older of two indexes has not yet heard of the newer one.
_KEPT = 2
_ENDING = ".index"
# What a file may be in whose place another program or a fault has written something else.
_UNREADABLE = (OSError, ValueError, LookupError, msgspec.MsgspecError)
# The folders and files whose text decides what an index consists of.
_RULES = (
    *("primitives/arrays.py", "engine/names", "engine/lists/edition.py"),
    *("engine/lists/listing.py", "engine/screening/identifiers.py", "engine/screening/parties"),
    *("engine/screening/applicable_versions.py", "engine/screening/index/columns.py"),
    "engine/screening/index/index_rows.py",
)
# Those that, beside the engine, decide what an answer about a row of a table is.
_ANSWERS = tuple(f"features/jobs/{name}.py" for name in ("results", "rows", "types"))
_UNREAD = frozenset({"__pycache__", "editions"})


class IndexFiles:
    """A folder with the newest indexes, each under the digest of all that it depends on.

    Where the folder cannot be written, an index stays in the memory of its process, and the log
    says so once.
    """

    def __init__(self, folder: Path) -> None:
        """Use a folder, which is made when the first index is kept."""
        self._folder = folder
        self._has_failed = False
        # the index that stands alone and was mapped last, with its digest: others may add to it
        self._whole: tuple[bytes, ListingColumns] | None = None

    def read(
        self, lists: StoredLists, splits: tuple[PartySplit, ...], basis: bytes
    ) -> ListingIndex | None:
        """Return the index of the listings with this basis; None if no whole file has it.

        `lists` are the editions of the listings, and `splits` operators' words on parties.
        """
        digest = index_digest(splits, basis)
        index = self._read(digest, lists, splits)
        if index is not None:
            with suppress(OSError):
                self.path(digest).touch()
        return index

    def origins(self) -> Sequence[Origin]:
        """Return what each index was built from by the rules of now, the newest file first."""
        found = list[Origin]()
        for path in self._by_age():
            with suppress(*_UNREADABLE):
                digest = bytes.fromhex(path.stem)
                written = memoryview(cast("Bytes", map_arrays(path, digest)["origin"]))
                origin = msgspec.msgpack.decode(written, type=Origin)
                if origin.rules == rules_digest():
                    found.append(msgspec.structs.replace(origin, key=digest))
        return found

    def reopen(
        self, origin: Origin, lists: StoredLists, splits: tuple[PartySplit, ...]
    ) -> ListingIndex | None:
        """Return the index with an origin; None if its file is gone or damaged.

        `lists` are the editions of then.
        """
        return self._read(origin.key, lists, splits)

    def _read(
        self, digest: bytes, lists: StoredLists, splits: tuple[PartySplit, ...]
    ) -> ListingIndex | None:
        path = self.path(digest)
        try:
            arrays = map_arrays(path, digest)
            columns = self._columns_of(arrays, digest, sibling_file(path))
            return index_of(arrays, columns, lists, splits)
        except FileNotFoundError:
            return None
        except _UNREADABLE as error:
            logger.warning("index.file_unread", extra={"file": path.name, "reason": str(error)})
            return None

    def _columns_of(self, arrays: Arrays, digest: bytes, whole: bytes) -> AnyColumns:
        """Return the columns in a file, with those of the file that it adds to.

        Of the file that was mapped last they are the same object, to which an index that continues
        it adds.
        """
        if not whole:
            if self._whole is not None and self._whole[0] == digest:
                return self._whole[1]
            columns = read_any(arrays)
            if isinstance(columns, ListingColumns):
                self._whole = digest, columns
            return columns
        if self._whole is None or self._whole[0] != whole:
            self._whole = whole, read_columns(map_arrays(self.path(whole), whole))
        return read_added(self._whole[1], arrays)

    def keep(self, index: ListingIndex, basis: bytes) -> ListingIndex:
        """Keep an index, whose parties are joined, and return the same one as the file has it.

        Older files are removed. Return the index itself where the folder cannot be written.
        """
        digest = index_digest(index.splits, basis)
        path = self.path(digest)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            beside = self._beside(index.columns)
            arrays = arrays_of(index, is_beside=beside != b"")
            origin = Origin(index.lists.newest, basis, rules_digest())
            arrays["origin"] = byte_array(msgspec.msgpack.encode(origin))
            write_arrays(path, digest, arrays, beside)
            self._remove_older()
            return index.with_columns(self._columns_of(map_arrays(path, digest), digest, beside))
        except (OSError, ValueError) as error:
            self._note_failure(error)
            return index

    def _beside(self, columns: AnyColumns) -> bytes:
        """Return the digest of the file that columns are beside; empty where there is none."""
        if not isinstance(columns, JoinedColumns) or self._whole is None:
            return b""
        digest, whole = self._whole
        return digest if whole is columns.base and self.path(digest).exists() else b""

    def added_to(self, digest: bytes) -> bytes:
        """Return the digest of the file that the one with a digest adds to; empty for none.

        Raises:
            OSError: There is no such file, or it cannot be read.
            ValueError: It is no file of an index.
        """
        return sibling_file(self.path(digest))

    def room(self) -> ScratchSpace:
        """Return the folder as the place for arrays, or memory where it cannot be written."""
        return ScratchSpace(self._folder) if os.access(self._folder, os.W_OK) else IN_MEMORY

    @contextmanager
    def building(self) -> Generator[bool]:
        """Yield whether this process may build: no other one of the machine does at the moment."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            place = self._folder / "building.lock"
            lock = os.fdopen(os.open(place, os.O_RDWR | os.O_CREAT, 0o600), "r")
        except OSError as error:
            self._note_failure(error)
            yield True
            return
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            except OSError:
                yield True
            else:
                yield True

    def path(self, digest: bytes) -> Path:
        """Return where the index with a digest is, whether or not it is there."""
        return self._folder / f"{digest.hex()}{_ENDING}"

    def _by_age(self) -> list[Path]:
        """Return the files of indexes, the one used last first."""
        used = dict[Path, float]()
        for path in self._folder.glob(f"*{_ENDING}"):
            # another process may have removed it in the meantime
            with suppress(FileNotFoundError):
                used[path] = path.stat().st_mtime
        return sorted(used, key=used.__getitem__, reverse=True)

    def _remove_older(self) -> None:
        """Remove all but the newest indexes, and what a process that was killed left behind."""
        found = self._by_age()
        needed = set(found[:_KEPT])
        for path in found[:_KEPT]:
            with suppress(OSError, ValueError):
                needed.add(self.path(sibling_file(path)))
        for path in (*found, *self._folder.glob(f"*{_ENDING}.*.part")):
            if path not in needed:
                path.unlink(missing_ok=True)

    def _note_failure(self, error: OSError | ValueError) -> None:
        if not self._has_failed:
            self._has_failed = True
            logger.warning(
                "index.not_kept", extra={"folder": str(self._folder), "reason": str(error)}
            )


def arrays_of(index: ListingIndex, *, is_beside: bool = False) -> dict[str, AnyArray]:
    """Return an index, whose parties are joined, as arrays by name.

    Those of the index that it `is_beside` are left out.
    """
    parties = byte_array(index.written_parties or b"")
    columns, arrays = index.columns, dict[str, AnyArray](parties=parties)
    if isinstance(columns, JoinedColumns):
        arrays |= write_added(columns)
        columns = columns.base
    return arrays if is_beside else write_columns(columns) | arrays


def index_of(
    arrays: Arrays, columns: AnyColumns, lists: StoredLists, splits: tuple[PartySplit, ...]
) -> ListingIndex:
    """Return the index with these columns, the parties of which are among these arrays."""
    parties = memoryview(cast("Bytes", arrays["parties"]))
    return ListingIndex.of(lists, columns, splits, parties)


def index_digest(splits: tuple[PartySplit, ...], basis: bytes) -> bytes:
    """Return the digest of all that an index depends on."""
    digest = sha256(rules_digest())
    digest.update(sha256(msgspec.json.encode(splits)).digest())
    digest.update(basis)
    return digest.digest()


@cache
def rules_digest() -> bytes:
    """Return the digest of the code and the tables by which listings are laid out."""
    sources = {code: each.sources for code, each in LIST_BY_CODE.items()}
    system = (_VERSION, sys.byteorder, platform.python_version(), unicodedata.unidata_version)
    digest = sha256(repr((system, sorted(sources.items()))).encode())
    for each in _texts_of(_RULES):
        digest.update(each)
    return digest.digest()


@cache
def answering_rules() -> bytes:
    """Return the digest of all code by which a row of a table becomes an answer.

    Two processes with the same digest answer the same from the same index and register.
    """
    digest = sha256(rules_digest() + engine_digest() + f"{SCORER_VERSION}".encode())
    for each in _texts_of(_ANSWERS, ".py"):
        digest.update(each)
    return digest.digest()


@cache
def engine_digest() -> bytes:
    """Return the digest of all code that reads lists and register and says what they mean."""
    digest = sha256(f"{platform.python_version()} {version('abeyance-screening')}".encode())
    for each in _texts_of(("engine", "primitives"), ".py"):
        digest.update(each)
    return digest.digest()


def _texts_of(names: Iterable[str], ending: str = "") -> Iterator[bytes]:
    """Yield the files of the service with these names, or those in folders of them, to digest."""
    for name in names:
        for path in _texts(files("abeyance_screening").joinpath(name)):
            if path.name.endswith(ending):
                content = path.read_bytes()
                yield f"{path.name} {len(content)}\n".encode()
                yield content


def _texts(place: Traversable) -> Iterator[Traversable]:
    """Yield the files of a folder and of those in it, in order of their names."""
    if place.is_file():
        yield place
        return
    for each in sorted(place.iterdir(), key=lambda each: each.name):
        if each.name not in _UNREAD:
            yield from _texts(each)
