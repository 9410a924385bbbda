"""The list editions that come with the program or with a register bundle, and their manifest."""

import hashlib
import lzma
from collections.abc import Sequence
from datetime import date
from importlib import resources
from importlib.resources.abc import Traversable

import msgspec

from abeyance_screening.engine.lists.catalogue import is_of_register, lists_of
from abeyance_screening.engine.lists.edition import READER_VERSION, Edition, GivenFile
from abeyance_screening.primitives.errors import ListRefusedError

MANIFEST = "manifest.json"
# The largest list file known is some 120 MB as unpacked; anything larger is no list.
MOST_UNPACKED = 200_000_000


class BundledFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file compressed with xz, and the SHA-256 digest of its decompressed content."""

    file: str
    sha256: str


class BundledEdition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row of `manifest.json`: the files of one edition of one source.

    `offered_on` is the last day on which the publisher is known to have offered them. A source may
    have several editions, the oldest first: an older one speaks for the days before a newer one.
    """

    source: str
    published_on: date
    files: tuple[BundledFile, ...]
    licence: str
    offered_on: date | None = None

    @property
    def sha256(self) -> str:
        """The digest by which an edition made of these files is stored (`digest_of`)."""
        digests = sorted(file.sha256 for file in self.files)
        if len(digests) == 1:
            return digests[0]
        return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def editions_folder() -> Traversable:
    """Return the folder of the editions that come with the program."""
    return resources.files("abeyance_screening.engine.lists").joinpath("editions")


def bundled_editions(folder: Traversable | None = None) -> tuple[BundledEdition, ...]:
    """Return the editions of a folder, by default the package's, in the order of the manifest.

    Raises:
        msgspec.MsgspecError: The manifest cannot be read.
    """
    manifest = (folder or editions_folder()).joinpath(MANIFEST).read_bytes()
    return msgspec.json.decode(manifest, type=tuple[BundledEdition, ...])


def read_bundled(
    bundled: BundledEdition, folder: Traversable | None = None
) -> tuple[GivenFile, ...]:
    """Return the publisher's files of an edition, decompressed; by default of the package.

    Raises:
        ListRefusedError: A file is missing or damaged, or its digest differs from the manifest's.
    """
    where = folder or editions_folder()
    return tuple(_read(bundled.source, file, where) for file in bundled.files)


def _read(source: str, file: BundledFile, folder: Traversable) -> GivenFile:
    packed = folder.joinpath(file.file)
    if not packed.is_file():
        raise ListRefusedError(source, f"the bundled file {file.file} is missing")
    try:
        unpacking = lzma.LZMADecompressor()
        content = unpacking.decompress(packed.read_bytes(), MOST_UNPACKED + 1)
    except (lzma.LZMAError, EOFError) as error:
        raise ListRefusedError(source, f"the bundled file {file.file} is damaged") from error
    if not unpacking.eof or len(content) > MOST_UNPACKED:
        reason = f"the bundled file {file.file} is cut off, or over {MOST_UNPACKED:,} bytes"
        raise ListRefusedError(source, reason)
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise ListRefusedError(source, f"the bundled file {file.file} is damaged")
    return GivenFile(file.file.removesuffix(".xz"), content)


def is_lacking(bundled: BundledEdition, editions: Sequence[Edition]) -> bool:
    """Return whether a bundled edition should be loaded into a database with these editions."""
    stored = {each.list_code: each for each in editions if each.source == bundled.source}
    if not stored.keys() & set(lists_of(bundled.source)):
        return True
    if is_of_register(bundled.source) and bundled.offered_on is not None:
        seen = [each.confirmed_on for each in stored.values()]
        if any(day is None or day < bundled.offered_on for day in seen):
            return True
    return any(
        each.known_on < bundled.published_on
        or (each.sha256 == bundled.sha256 and each.reader < READER_VERSION)
        for each in stored.values()
    )
