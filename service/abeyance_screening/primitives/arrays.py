"""Arrays and records of bytes that one process lays out and every process of a machine maps."""

import os
import sys
import zlib
from array import array
from bisect import bisect_right
from collections.abc import Buffer, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import blake2b
from itertools import accumulate
from mmap import ACCESS_COPY, ACCESS_WRITE, mmap
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, NamedTuple, cast

import msgspec
import numpy as np
from numpy.typing import NDArray

from abeyance_screening.primitives.atomic_files import whole_file

type Numbers = NDArray[np.int64]
type AnyArray = NDArray[np.generic]
type Arrays = Mapping[str, AnyArray]


def key_of_text(text: str) -> int:
    """Return a 64-bit key of a text, the same in every process, never 0."""
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True) or 1


# --- Named tuples of arrays, and texts, as arrays by name.


def named_arrays(name: str, columns: NamedTuple) -> dict[str, AnyArray]:
    """Return the arrays of a named tuple, each under this name and that of its field."""
    fields = cast("dict[str, AnyArray]", columns._asdict())
    return {f"{name}.{field}": each for field, each in fields.items()}


def named_tuple[T: NamedTuple](kind: type[T], arrays: Arrays, name: str) -> T:
    """Return the named tuple of which `named_arrays` wrote the arrays."""
    return kind._make(arrays[f"{name}.{field}"] for field in kind._fields)


def byte_array(content: Buffer) -> "NDArray[np.uint8]":
    """Return a copy of some bytes as an array."""
    return np.frombuffer(bytearray(content), dtype=np.uint8)


def write_texts(texts: Iterable[str]) -> AnyArray:
    """Return texts as an array, none of which is empty or has a line break."""
    return byte_array("\n".join(texts).encode())


def read_texts(array: AnyArray) -> tuple[str, ...]:
    """Return the texts that `write_texts` wrote."""
    return tuple(array.tobytes().decode().split("\n")) if array.size else ()


# --- Room: where the arrays of an index are while it is built.

# An array with fewer bytes stays in memory.
_SMALL = 1 << 20


class Column:
    """An array that grows at its end; see `ScratchSpace`."""

    def __init__(self, kind: str, folder: Path | None) -> None:
        self._kind = np.dtype(kind)
        self._folder = folder
        self._file: BinaryIO | None = None
        self._bytes = bytearray()
        self._size = 0

    def __len__(self) -> int:
        """Return how many numbers there are."""
        return self._size // self._kind.itemsize

    def extend(self, values: Buffer) -> None:
        """Add numbers of the kind of this column, as an array or as bytes."""
        with memoryview(values) as given:
            self._bytes += given
            self._size += given.nbytes
        if self._folder is not None and len(self._bytes) > _SMALL:
            self._write(self._folder)

    def array(self) -> AnyArray:
        """Return what was added; nothing can be added afterwards."""
        if self._file is None or self._folder is None:
            return np.frombuffer(self._bytes, dtype=self._kind)
        self._write(self._folder)
        with self._file:
            self._file.flush()
            mapped = mmap(self._file.fileno(), self._size, access=ACCESS_COPY)
        return np.frombuffer(mapped, dtype=self._kind)

    def _write(self, folder: Path) -> None:
        if self._file is None:
            # it is closed by `array`, or with this column
            self._file = cast("BinaryIO", TemporaryFile(dir=folder))  # noqa: SIM115
        self._file.write(self._bytes)
        self._bytes.clear()


class ScratchSpace:
    """Scratch space for arrays: in memory, or in files without a name.

    What the system writes to such a file needs no memory of ours, and is gone with the process.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """Use a folder for what is large; without one everything is in memory."""
        self._folder = folder

    def column(self, kind: str) -> Column:
        """Return an empty column of numbers of a kind."""
        return Column(kind, self._folder)

    def zeros(self, count: int, kind: str) -> AnyArray:
        """Return an array of zeros to be filled.

        Raises:
            OSError: The disk is full.
        """
        size = count * np.dtype(kind).itemsize
        if self._folder is None or size <= _SMALL:
            return np.zeros(count, dtype=kind)
        with TemporaryFile(dir=self._folder, buffering=0) as file:
            if sys.platform == "linux":
                # a full disk is noticed here; a write to mapped memory would end the process
                os.posix_fallocate(file.fileno(), 0, size)
            else:
                file.truncate(size)
            mapped = mmap(file.fileno(), size, access=ACCESS_WRITE)
        return np.frombuffer(mapped, dtype=kind)

    def moved[T: AnyArray](self, array: T) -> T:
        """Return an array with the same numbers that needs no memory if it is large."""
        if self._folder is None or array.nbytes <= _SMALL:
            return array
        copy = self.zeros(array.size, array.dtype.str)
        copy[:] = array
        return cast("T", copy)


IN_MEMORY = ScratchSpace()

# --- Records: many short runs of bytes in one.


class Records:
    """Runs of bytes by place; never changes. Picked ones share the bytes they were picked from."""

    def __init__(self, starts: Numbers, lengths: Numbers, parts: Sequence[memoryview]) -> None:
        """Take where each record begins in the `parts`, one after another, and how long it is."""
        self.starts = starts
        self.lengths = lengths
        self.parts = tuple(parts)
        self._first = list(accumulate(map(len, parts), initial=0))
        self._starts = memoryview(starts)
        self._lengths = memoryview(lengths)

    @classmethod
    def of_arrays(cls, arrays: Arrays, name: str) -> "Records":
        """Return the records that `arrays` wrote under a name."""
        starts, lengths = arrays[f"{name}.starts"], arrays[f"{name}.lengths"]
        content = memoryview(cast("NDArray[np.uint8]", arrays[f"{name}.bytes"]))
        return cls(cast("Numbers", starts), cast("Numbers", lengths), (content,))

    def arrays(self, name: str) -> dict[str, AnyArray]:
        """Return the records as arrays, their bytes one after another and nothing else."""
        lengths, starts = self.lengths, np.cumsum(self.lengths) - self.lengths
        if len(self.parts) == 1 and np.array_equal(starts, self.starts):
            content = np.frombuffer(self.parts[0], dtype=np.uint8)
        else:
            content = byte_array(b"".join(self))
        return {f"{name}.starts": starts, f"{name}.lengths": lengths, f"{name}.bytes": content}

    def __len__(self) -> int:
        """Return the number of records."""
        return len(self.starts)

    def __iter__(self) -> Iterator[memoryview]:
        """Yield the records in order."""
        return map(self.__getitem__, range(len(self)))

    def __getitem__(self, place: int) -> memoryview:
        """Return the record at a place."""
        start, part = self._starts[place], self.parts[0]
        if len(self.parts) > 1:
            number = bisect_right(self._first, start) - 1
            start, part = start - self._first[number], self.parts[number]
        return part[start : start + self._lengths[place]]

    def picked(self, fresh: "Records", places: Numbers) -> "Records":
        """Return the records at these places, of which those of `fresh` come after these here.

        Once more than half of the bytes are no longer of any record, they are copied.
        """
        starts = np.concatenate([self.starts, fresh.starts + self._first[-1]])[places]
        lengths = np.concatenate([self.lengths, fresh.lengths])[places]
        together = Records(starts, lengths, [each for each in self.parts + fresh.parts if each])
        if int(lengths.sum()) * 2 >= sum(map(len, together.parts)):
            return together
        return Records.of_arrays(together.arrays("copy"), "copy")


class RecordWriter:
    """Gathers records one after another."""

    def __init__(self, room: ScratchSpace = IN_MEMORY) -> None:
        self._bytes, self._lengths = room.column("u1"), array("q")

    def add(self, record: bytes) -> None:
        """Add a record after the others."""
        self._bytes.extend(record)
        self._lengths.append(len(record))

    def records(self) -> Records:
        """Return what was gathered; nothing can be added afterwards."""
        lengths = np.frombuffer(self._lengths, dtype=np.int64)
        content = memoryview(cast("NDArray[np.uint8]", self._bytes.array()))
        return Records(np.cumsum(lengths) - lengths, lengths, (content,))


# --- Files: a head that says what is in it and for whom, then the arrays, each at the start of a
# line of the processor's cache.

_MAGIC = b"ABEYANCE"
_LINE = 64
# Where the head begins: after the magic, its length and its checksum.
_HEAD_AT = 24
_LONGEST_HEAD = 1 << 20
_PIECE = 1 << 20


class _Section(msgspec.Struct, frozen=True, array_like=True):
    """One array in a file: where it is, what it consists of, and the checksum of its bytes."""

    name: str
    kind: str
    shape: tuple[int, ...]
    start: int
    size: int
    checksum: int


class _Contents(msgspec.Struct, frozen=True, array_like=True):
    """A file's digests, size and arrays; `beside` is of the file that it adds to, or empty."""

    basis: bytes
    size: int
    sections: tuple[_Section, ...]
    beside: bytes = b""


def write_arrays(path: Path, basis: bytes, arrays: Arrays, whole: bytes = b"") -> None:
    """Write arrays to a file that only this user may read; it is there whole or not at all.

    `whole` is the digest of another file that it adds to, if any.

    Raises:
        OSError: The file cannot be written; nothing of it stays.
    """
    flat = {name: np.ascontiguousarray(each) for name, each in arrays.items()}
    head = _head_of(basis, flat, whole)
    with whole_file(path, is_private=True) as file:
        _write_all(file, head, flat)
    _settle(path.parent)


def map_arrays(path: Path, basis: bytes) -> dict[str, AnyArray]:
    """Map the arrays of a file after a check of every byte; its pages are shared by all processes.

    A process may write to the arrays, but nobody else sees it. They stay when the file is removed.

    Raises:
        OSError: The file cannot be read.
        ValueError: The file is not whole, or not one with this basis; the text says why.
    """
    with path.open("rb") as file:
        head = _read_head(file)
        if head.basis != basis:
            message = "it belongs to other lists or another version of the program"
            raise ValueError(message)
        if os.fstat(file.fileno()).st_size != head.size:
            message = "it has another size than it should"
            raise ValueError(message)
        for section in head.sections:
            _check_section(file, section, head.size)
        mapped = mmap(file.fileno(), head.size, access=ACCESS_COPY)
    return {each.name: _array_at(mapped, each) for each in head.sections}


def sibling_file(path: Path) -> bytes:
    """Return the digest of the file that this one adds to; empty where it adds to none.

    Raises:
        OSError: The file cannot be read.
        ValueError: It is no such file.
    """
    with path.open("rb") as file:
        return _read_head(file).beside


def _head_of(basis: bytes, arrays: Arrays, whole: bytes) -> _Contents:
    """Return the head of a file with these arrays; the first begins after the longest head."""
    sections: list[_Section] = []
    # the head grows with the places it names, so it is given room for the largest ones
    place = _HEAD_AT + 256 * (len(arrays) + 1)
    for name, each in arrays.items():
        place += -place % _LINE
        checksum = zlib.crc32(_bytes_of(each))
        sections.append(_Section(name, each.dtype.str, each.shape, place, each.nbytes, checksum))
        place += each.nbytes
    return _Contents(basis, place, tuple(sections), whole)


def _write_all(file: BinaryIO, head: _Contents, arrays: Arrays) -> None:
    written = msgspec.msgpack.encode(head)
    checksum = zlib.crc32(written)
    file.write(_MAGIC + len(written).to_bytes(8, "little") + checksum.to_bytes(8, "little"))
    file.write(written)
    for section in head.sections:
        file.write(bytes(section.start - file.tell()))
        file.write(_bytes_of(arrays[section.name]))
    file.truncate(head.size)


def _bytes_of(array: AnyArray) -> memoryview:
    return memoryview(array.reshape(-1).view(np.uint8)) if array.nbytes else memoryview(b"")


def _read_head(file: BinaryIO) -> _Contents:
    begins = file.read(_HEAD_AT)
    length = int.from_bytes(begins[8:16], "little")
    if not begins.startswith(_MAGIC) or length > _LONGEST_HEAD:
        message = "it is no file of this program"
        raise ValueError(message)
    written = file.read(length)
    if len(begins) + len(written) < _HEAD_AT + length:
        message = "it ends too early"
        raise ValueError(message)
    if zlib.crc32(written) != int.from_bytes(begins[16:24], "little"):
        message = "its head is damaged"
        raise ValueError(message)
    return msgspec.msgpack.decode(written, type=_Contents)


def _check_section(file: BinaryIO, section: _Section, size: int) -> None:
    """Check the bytes of an array, which are read rather than mapped so that they take no room."""
    file.seek(section.start)
    checksum, left = 0, section.size
    while left:
        piece = file.read(min(left, _PIECE))
        checksum = zlib.crc32(piece, checksum)
        left -= len(piece)
        if not piece:
            break
    if left or checksum != section.checksum or section.start + section.size > size:
        message = f"{section.name} is damaged"
        raise ValueError(message)


def _array_at(mapped: mmap, section: _Section) -> AnyArray:
    kind = np.dtype(section.kind)
    count = section.size // kind.itemsize
    if not count:
        return np.zeros(section.shape, dtype=kind)
    found = np.frombuffer(mapped, dtype=kind, count=count, offset=section.start)
    return found.reshape(section.shape)


def _settle(folder: Path) -> None:
    """Call fsync on the directory; not every file system can."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
