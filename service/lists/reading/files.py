"""Files: unpacking a given file, and the description of a format."""

import gzip
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import IO, NoReturn

import msgspec

from service.errors import ListRefusedError
from service.lists.edition import GivenFile, ParsedDelta, ParsedEdition
from service.lists.reading.pages import preformatted

__all__ = ["MAX_UNPACKED_BYTES", "Format", "GivenFile", "one_file", "unpacked"]

# The largest size of an unpacked file. The largest list file known is OFAC's advanced XML of some
# 120 MB; a decompression bomb of a few kilobytes would go far beyond this limit.
MAX_UNPACKED_BYTES = 400_000_000
_ZIP = b"PK\x03\x04"
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


class Format(msgspec.Struct, frozen=True, kw_only=True):
    """One format of one source.

    `word` is stored with each edition (`ofac_sdn_csv`); `title` names the format in messages
    (`SDN.CSV with ALT, ADD and COMMENTS`). `tells` returns whether a file may be of this format;
    it looks at the content, is fast and never raises. `read` reads all files of an edition, each
    of which `tells` has accepted; there is more than one only if `several` is true. `read` raises
    ListRefusedError or RowRefusedError.
    """

    word: str
    source: str
    title: str
    tells: Callable[[GivenFile], bool]
    read: Callable[[tuple[GivenFile, ...]], tuple[ParsedEdition | ParsedDelta, ...]]
    several: bool = False


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
    it. A workbook, which is a zip archive too, is returned unchanged after a check of its unpacked
    size.

    Raises:
        ListRefusedError: The archive is damaged or encrypted, holds more than one file, or is
            larger than `MAX_UNPACKED_BYTES` when unpacked.
    """
    try:
        if file.content.startswith(b"\x1f\x8b"):
            with gzip.GzipFile(fileobj=io.BytesIO(file.content)) as stream:
                return GivenFile(file.name.removesuffix(".gz"), _read(list_code, file, stream))
        if file.content.startswith(_ZIP):
            return _unzipped(list_code, file)
    except _DAMAGED as error:
        what = "is a damaged workbook" if _OFFICE.encode() in file.content else _PACKED_DAMAGED
        _refuse(list_code, file, f"{what}: {error}")
    except RuntimeError:
        _refuse(list_code, file, "is encrypted")
    text = preformatted(file.content)
    return file if text is None else GivenFile(file.name, text)


def is_damaged(file: GivenFile) -> bool:
    """Return whether a file that looks like a workbook is damaged as a zip archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
            return archive.testzip() is not None
    except (*_DAMAGED, RuntimeError):
        return True


def _unzipped(list_code: str, file: GivenFile) -> GivenFile:
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        size = sum(member.file_size for member in members)
        if size > MAX_UNPACKED_BYTES:
            limit = f"{MAX_UNPACKED_BYTES:,}"
            _refuse(list_code, file, f"unpacks to {size:,} bytes; at most {limit} are allowed")
        if any(member.filename == _OFFICE for member in members):
            return file
        if len(members) != 1:
            _refuse(list_code, file, f"is a zip archive of {len(members)} files; one is expected")
        with archive.open(members[0]) as stream:
            return GivenFile(members[0].filename, _read(list_code, file, stream))


def _read(list_code: str, file: GivenFile, stream: io.BufferedIOBase | IO[bytes]) -> bytes:
    content = stream.read(MAX_UNPACKED_BYTES + 1)
    if len(content) > MAX_UNPACKED_BYTES:
        _refuse(list_code, file, f"unpacks to more than {MAX_UNPACKED_BYTES:,} bytes")
    return content


def _refuse(list_code: str, file: GivenFile, what: str) -> NoReturn:
    raise ListRefusedError(list_code, f"{file.name} {what}")
