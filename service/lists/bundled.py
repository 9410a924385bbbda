"""The list editions that come with the program, read from its own package."""

import hashlib
import lzma
from datetime import date
from importlib import resources

import msgspec

from service.errors import ListRefusedError
from service.lists.edition import GivenFile

_EDITIONS = resources.files("service.lists").joinpath("editions")


class BundledFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file compressed with xz, and the SHA-256 digest of its decompressed content."""

    file: str
    sha256: str


class BundledEdition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row of `manifest.json`: the files of one edition of one source.

    `offered_on` is the last day on which the publisher is known to have offered them.
    """

    source: str
    published_on: date
    files: tuple[BundledFile, ...]
    licence: str
    offered_on: date | None = None


def bundled_editions() -> tuple[BundledEdition, ...]:
    """Return the editions that the package carries, in the order of the manifest."""
    manifest = _EDITIONS.joinpath("manifest.json").read_bytes()
    return msgspec.json.decode(manifest, type=tuple[BundledEdition, ...])


def read_bundled(bundled: BundledEdition) -> tuple[GivenFile, ...]:
    """Return the publisher's files of an edition, decompressed.

    Raises:
        ListRefusedError: The package is damaged: a digest differs from the manifest's.
    """
    return tuple(_read(bundled.source, file) for file in bundled.files)


def _read(source: str, file: BundledFile) -> GivenFile:
    content = lzma.decompress(_EDITIONS.joinpath(file.file).read_bytes())
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise ListRefusedError(source, f"the bundled file {file.file} is damaged")
    return GivenFile(file.file.removesuffix(".xz"), content)
