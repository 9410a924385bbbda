"""The list editions that come with the program, read from its own package."""

import hashlib
import lzma
from datetime import date
from importlib import resources

import msgspec

from service.model.errors import ListRefusedError


class BundledFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row of `manifest.json`: a compressed file of one source, and the digest of its bytes."""

    source: str
    file: str
    sha256: str
    published_on: date
    licence: str


def bundled_files() -> tuple[BundledFile, ...]:
    """What the package carries, in the order of the manifest."""
    manifest = resources.files(__name__).joinpath("manifest.json").read_bytes()
    return msgspec.json.decode(manifest, type=tuple[BundledFile, ...])


def read_bundled(bundled: BundledFile) -> bytes:
    """The publisher's file, decompressed.

    Raises:
        ListRefusedError: The package is damaged: the bytes are not those of the manifest.
    """
    packed = resources.files(__name__).joinpath(bundled.file).read_bytes()
    content = lzma.decompress(packed)
    if hashlib.sha256(content).hexdigest() != bundled.sha256:
        raise ListRefusedError(bundled.source, f"the bundled file {bundled.file} is damaged")
    return content
