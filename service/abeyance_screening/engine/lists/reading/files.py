"""Files: unpacking them, whole or piece by piece, and the description of a format."""

import codecs
import errno
import gzip
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import IO, NoReturn, cast

import msgspec

from abeyance_screening.engine.lists.edition import GivenFile, ParsedDelta, ParsedEdition
from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.lists.reading.pages import preformatted
from abeyance_screening.primitives.errors import ListRefusedError

__all__ = ["MAX_UNPACKED_BYTES", "Format", "GivenFile", "one_file", "unpacked"]

# The largest size of an unpacked file. The largest list file known, OFAC's advanced XML, has some
# 120 MB; a decompression bomb of a few kilobytes would go far beyond this limit.
MAX_UNPACKED_BYTES = 400_000_000
_ZIP = b"PK\x03\x04"
_GZIP = b"\x1f\x8b"
_START_BYTES = 16_384
_PIECE_BYTES = 1 << 20
_OFFICE = "[Content_Types].xml"
_PACKED_DAMAGED = "is packed and damaged"
# The errors that gzip, zipfile and their decompressors raise over a damaged archive.
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    ArithmeticError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    ValueError,
)


class OpenFile(msgspec.Struct, frozen=True):
    """A file that is open for reading, anywhere in it; `name` is for messages only."""

    name: str
    content: IO[bytes]

    @property
    def start(self) -> GivenFile:
        """The first few thousand bytes, by which a format is recognised."""
        self.content.seek(0)
        return GivenFile(self.name, self.content.read(_START_BYTES))

    def whole(self) -> GivenFile:
        """Return the file with all that is in it."""
        self.content.seek(0)
        return GivenFile(self.name, self.content.read())


class KeptEntity(msgspec.Struct, frozen=True, array_like=True):
    """An entity that listings are made of, as it is kept for later deltas.

    `ends` are the ids that a link or document points to, `pointers` those that other properties
    hold. `body` is JSON, None for an entity that a delta deletes.
    """

    entity_id: str
    ends: tuple[str, ...]
    pointers: tuple[str, ...]
    body: str | None


class NotKept(msgspec.Struct, frozen=True):
    """That the files are of a form whose entities cannot be kept."""


class AskedEntities(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """What a delta needs to know: what it touches, and what that points to from now on."""

    touched: tuple[str, ...]
    ends: tuple[str, ...]
    pointers: tuple[str, ...]


class FoundEntities(msgspec.Struct, frozen=True, kw_only=True):
    """The kept entities beside a delta, as JSON.

    `affected` are the ids of those whose listings may change with what the delta touches. All that
    those listings are made of is among `bodies`.
    """

    affected: tuple[str, ...]
    bodies: tuple[str, ...]


type AskEntities = Callable[[AskedEntities], FoundEntities | None]
"""Asks for the kept entities beside a delta; None where none are kept."""


class ListStream(msgspec.Struct, frozen=True):
    """A user's own list, whose listings are read one by one.

    `items` are the listings, before them the entities to be kept for later deltas. They can be
    gone through once, which raises ListRefusedError or RowRefusedError where the files cannot be
    read on. Of a delta, `gone` are the ids of the listings that left, and `follows` the words of
    the formats to whose editions it may be applied; `follows` of a whole edition is None.
    """

    list_code: str
    items: Iterator[Listing | KeptEntity | NotKept]
    gone: tuple[str, ...] = ()
    follows: tuple[str, ...] | None = None


class Format(msgspec.Struct, frozen=True, kw_only=True):
    """One format of one source.

    `word` is stored with each edition (`ofac_sdn_enhanced`); `title` names the format in messages
    (`SDN_ENHANCED.XML`). `tells` returns whether a file may be of this format;
    it looks at the content, is fast and never raises. `read` reads all files of an edition, each
    of which `tells` has accepted; there is more than one only if `several` is true. `read` raises
    ListRefusedError or RowRefusedError. `stream` does the same without holding the files or their
    listings; formats of users' own lists have it.
    """

    word: str
    source: str
    title: str
    tells: Callable[[GivenFile], bool]
    read: Callable[[tuple[GivenFile, ...]], tuple[ParsedEdition | ParsedDelta, ...]]
    several: bool = False
    stream: Callable[[tuple[OpenFile, ...]], ListStream] | None = None


def whole(
    stream: Callable[[tuple[OpenFile, ...]], ListStream],
) -> Callable[[tuple[GivenFile, ...]], tuple[ParsedEdition | ParsedDelta, ...]]:
    """Adapt a reader of a stream to the signature of `Format.read`."""

    def read_whole(files: tuple[GivenFile, ...]) -> tuple[ParsedEdition | ParsedDelta, ...]:
        opened = tuple(OpenFile(each.name, io.BytesIO(each.content)) for each in files)
        read = stream(opened)
        listings = tuple(each for each in read.items if isinstance(each, Listing))
        if read.follows is None:
            return (ParsedEdition(list_code=read.list_code, published_on=None, listings=listings),)
        delta = ParsedDelta(
            list_code=read.list_code,
            published_on=None,
            put=listings,
            gone=read.gone,
            follows=read.follows,
        )
        return (delta,)

    return read_whole


def one_file(
    read: Callable[[bytes], tuple[ParsedEdition | ParsedDelta, ...]],
) -> Callable[[tuple[GivenFile, ...]], tuple[ParsedEdition | ParsedDelta, ...]]:
    """Adapt a reader of one file's bytes to the signature of `Format.read`."""

    def read_the_one(files: tuple[GivenFile, ...]) -> tuple[ParsedEdition | ParsedDelta, ...]:
        (file,) = files
        return read(file.content)

    return read_the_one


def unpacked(list_code: str, file: GivenFile) -> GivenFile:
    """Return the file inside a gzip file or a zip archive of one file; any other file unchanged.

    A text of the Federal Register comes as a page with nothing but the text, and is taken out of
    it. A text in UTF-16, as a spreadsheet program saves one, is turned into UTF-8. A workbook,
    which is a zip archive too, is returned unchanged after a check of its unpacked size.
    """
    opened = _opened_whole(list_code, file)
    text = preformatted(opened.content)
    return _in_utf8(list_code, opened if text is None else GivenFile(opened.name, text))


def _in_utf8(list_code: str, file: GivenFile) -> GivenFile:
    """Return a text in UTF-16 as UTF-8; XML, which says itself what it is in, and others as is."""
    if not file.content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return file
    try:
        text = file.content.decode("utf-16")
    except UnicodeDecodeError:
        _refuse(list_code, file, "begins as UTF-16 and is none, or is cut off")
    is_xml = text.lstrip().startswith("<?xml")
    return file if is_xml else GivenFile(file.name, text.encode())


def _opened_whole(list_code: str, file: GivenFile) -> GivenFile:
    try:
        if file.content.startswith(_GZIP):
            with gzip.GzipFile(fileobj=io.BytesIO(file.content)) as stream:
                return GivenFile(file.name.removesuffix(".gz"), _read(list_code, file, stream))
        if file.content.startswith(_ZIP):
            return _unzipped(list_code, file)
    except _DAMAGED as error:
        what = "is a damaged workbook" if _OFFICE.encode() in file.content else _PACKED_DAMAGED
        _refuse(list_code, file, f"{what}: {error}")
    except RuntimeError:
        _refuse(list_code, file, "is encrypted")
    return file


def unpacked_into(list_code: str, file: OpenFile, target: IO[bytes], most_bytes: int) -> OpenFile:
    """Unpack a file into another one, as `unpacked` does; any other file is returned unchanged."""
    start = file.start.content
    file.content.seek(0)
    try:
        with _opened(list_code, file, start) as opened:
            if opened is None:
                return file
            name, stream = opened
            _copy(list_code, file, stream, (target, most_bytes))
            return OpenFile(name, target)
    except _DAMAGED as error:
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            _refuse(list_code, file, "unpacks to more than there is room for")
        _refuse(list_code, file, f"{_PACKED_DAMAGED}: {error}")
    except RuntimeError:
        _refuse(list_code, file, "is encrypted")


def is_damaged(file: GivenFile) -> bool:
    """Return whether a file that looks like a workbook is damaged as a zip archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
            return archive.testzip() is not None
    except (*_DAMAGED, RuntimeError):
        return True


def _unzipped(list_code: str, file: GivenFile) -> GivenFile:
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        size = sum(member.file_size for member in archive.infolist())
        if size > MAX_UNPACKED_BYTES:
            limit = f"{MAX_UNPACKED_BYTES:,}"
            _refuse(list_code, file, f"unpacks to {size:,} bytes; at most {limit} are allowed")
        member = _only_member(list_code, file, archive)
        if member is None:
            return file
        with archive.open(member) as stream:
            return GivenFile(member.filename, _read(list_code, file, stream))


def _only_member(
    list_code: str, file: GivenFile | OpenFile, archive: zipfile.ZipFile
) -> zipfile.ZipInfo | None:
    """Return the one file in an archive; None for a workbook, which is an archive of many."""
    members = [member for member in archive.infolist() if not member.is_dir()]
    if any(member.filename == _OFFICE for member in members):
        return None
    if len(members) != 1:
        _refuse(list_code, file, f"is a zip archive of {len(members)} files; one is expected")
    return members[0]


def _read(list_code: str, file: GivenFile, stream: io.BufferedIOBase | IO[bytes]) -> bytes:
    content = stream.read(MAX_UNPACKED_BYTES + 1)
    if len(content) > MAX_UNPACKED_BYTES:
        _refuse(list_code, file, f"unpacks to more than {MAX_UNPACKED_BYTES:,} bytes")
    return content


@contextmanager
def _opened(
    list_code: str, file: OpenFile, start: bytes
) -> Generator[tuple[str, IO[bytes]] | None]:
    """Open what is packed in a file, with its name; None for a file that is not packed."""
    if start.startswith(_GZIP):
        with gzip.GzipFile(fileobj=file.content) as stream:
            yield file.name.removesuffix(".gz"), cast("IO[bytes]", cast("object", stream))
    elif start.startswith(_ZIP):
        with zipfile.ZipFile(file.content) as archive:
            member = _only_member(list_code, file, archive)
            if member is None:
                yield None
                return
            with archive.open(member) as stream:
                yield member.filename, stream
    else:
        yield None


def _copy(list_code: str, file: OpenFile, stream: IO[bytes], room: tuple[IO[bytes], int]) -> None:
    target, left = room
    while piece := stream.read(_PIECE_BYTES):
        left -= len(piece)
        if left < 0:
            _refuse(list_code, file, f"unpacks to more than {room[1]:,} bytes")
        target.write(piece)
    target.flush()


def _refuse(list_code: str, file: GivenFile | OpenFile, what: str) -> NoReturn:
    raise ListRefusedError(list_code, f"{file.name} {what}")
