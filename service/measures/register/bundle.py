"""The register bundle: a register, and list editions if it carries any, in one signed file.

The signed payload is a zip archive: `bundle.json` says what it is, `register/` has the YAML files
and their ledger, and `editions/` files of lists with their manifest, both laid out as in this
package. Nothing of a bundle is unpacked to a disk.
"""

import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib.resources.abc import Traversable
from typing import cast

import msgspec

from service.errors import BundleRefusedError, ListRefusedError, RegisterRefusedError
from service.lists.bundled import MANIFEST, BundledEdition, bundled_editions, read_bundled
from service.lists.catalogue import SOURCE_BY_CODE
from service.lists.edition import GivenFile
from service.measures.measure import ShippedRegister
from service.measures.register.ledger import LEDGER, ledger_faults
from service.measures.register.read import shipped
from service.measures.register.signing import PublicKey, SigningKey, signed, verified

DESCRIPTION = "bundle.json"
REGISTER, EDITIONS = "register/", "editions/"
# The register is 2 MB and its lists 3 MB; these limits leave a hundred times that.
MOST_BYTES, MOST_FILES = 64_000_000, 1_000
MOST_UNPACKED = 200_000_000
# All files of an archive have this time, so that the same register makes the same archive.
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
_BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
)


class BundleDescription(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a bundle says of itself: the revision of its register, and when it was made."""

    revision: int
    made_at: datetime


class CarriedEdition(msgspec.Struct, frozen=True, kw_only=True):
    """An edition of a list that a bundle carries, with the publisher's files."""

    edition: BundledEdition
    files: tuple[GivenFile, ...]


class RegisterBundle(msgspec.Struct, frozen=True, kw_only=True):
    """A bundle whose signature and content were checked.

    `signed_by` is the id of the key, `sha256` the digest of the signed payload.
    """

    made_at: datetime
    register: ShippedRegister
    editions: tuple[CarriedEdition, ...]
    signed_by: str
    sha256: str


def make_bundle(
    folder: Traversable, editions: Traversable | None, key: SigningKey, made_at: datetime
) -> bytes:
    """Return the signed bundle of a register's folder, and of a folder of editions if given.

    Raises:
        RegisterRefusedError: The register has a fault, or an event is not recorded.
        BundleRefusedError: An edition cannot be carried.
    """
    register = _register_of(folder)
    description = BundleDescription(revision=register.revision, made_at=made_at)
    files = {
        DESCRIPTION: msgspec.json.encode(description),
        **{f"{REGISTER}{name}": content for name, content in _register_files(folder)},
    }
    if editions is not None:
        carried = _editions_of(editions)
        names = [MANIFEST, *(file.file for each in carried for file in each.edition.files)]
        files |= {f"{EDITIONS}{name}": editions.joinpath(name).read_bytes() for name in names}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, _ZIP_EPOCH), files[name], zipfile.ZIP_DEFLATED)
    return signed(out.getvalue(), key)


def open_bundle(content: bytes, keys: Sequence[PublicKey]) -> RegisterBundle:
    """Verify a bundle, and read and check everything in it.

    The signature is checked first: nothing of an unsigned file is unpacked.

    Raises:
        BundleRefusedError: It is unsigned, signed by another key, changed, or unreadable, or its
            register or an edition has a fault.
    """
    payload, signed_by = verified(content, keys)
    archive = _archive_of(payload)
    description = _description_of(archive)
    try:
        register = _register_of(_folder(archive, REGISTER))
    except RegisterRefusedError as error:
        raise BundleRefusedError("register", str(error)) from error
    if register.revision != description.revision:
        reason = (
            f"says revision {description.revision:,}, and the ledger has "
            f"{register.revision:,} lines"
        )
        raise BundleRefusedError(DESCRIPTION, reason)
    has_editions = f"{EDITIONS}{MANIFEST}" in archive.namelist()
    return RegisterBundle(
        made_at=description.made_at.astimezone(UTC),
        register=register,
        editions=_editions_of(_folder(archive, EDITIONS)) if has_editions else (),
        signed_by=signed_by,
        sha256=hashlib.sha256(payload).hexdigest(),
    )


def _register_of(folder: Traversable) -> ShippedRegister:
    """Read a register as strictly as `abeyance register check` does."""
    register = shipped(folder)
    for fault in ledger_faults(folder, register.measures):
        raise fault
    return register


def _register_files(folder: Traversable) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.name.endswith(".yaml") or entry.name == LEDGER:
            yield entry.name, entry.read_bytes()


def _editions_of(folder: Traversable) -> tuple[CarriedEdition, ...]:
    try:
        manifest = bundled_editions(folder)
    except (msgspec.MsgspecError, UnicodeDecodeError, OSError) as error:
        raise BundleRefusedError(f"{EDITIONS}{MANIFEST}", f"cannot be read: {error}") from error
    for each in manifest:
        if each.source not in SOURCE_BY_CODE:
            reason = f"names {each.source[:80]!r}, a source that this program does not know"
            raise BundleRefusedError(f"{EDITIONS}{MANIFEST}", reason)
    try:
        return tuple(
            CarriedEdition(edition=each, files=read_bundled(each, folder)) for each in manifest
        )
    except ListRefusedError as error:
        raise BundleRefusedError("editions", str(error)) from error


def _archive_of(payload: bytes) -> zipfile.ZipFile:
    """Open the archive, and check its size, names and checksums."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(payload))
        entries = archive.infolist()
        if len(entries) > MOST_FILES or sum(each.file_size for each in entries) > MOST_UNPACKED:
            reason = f"has more than {MOST_FILES:,} files, or than {MOST_UNPACKED:,} bytes"
            raise BundleRefusedError("archive", reason)
        damaged = archive.testzip()
    except _BROKEN_ZIP as error:
        raise BundleRefusedError("archive", "cannot be read") from error
    if damaged is not None:
        raise BundleRefusedError("archive", f"its file {damaged[:80]!r} is damaged")
    names = [each.filename for each in entries]
    for name in names:
        if not _is_ours(name) or names.count(name) > 1:
            reason = f"has a file that does not belong there, or twice: {name[:80]!r}"
            raise BundleRefusedError("archive", reason)
    return archive


def _is_ours(name: str) -> bool:
    """Return whether a bundle may have a file of this name, in a folder of it and no deeper."""
    folder, slash, file = name.rpartition("/")
    return name == DESCRIPTION or (f"{folder}{slash}" in {REGISTER, EDITIONS} and bool(file))


def _description_of(archive: zipfile.ZipFile) -> BundleDescription:
    try:
        description = msgspec.json.decode(archive.read(DESCRIPTION), type=BundleDescription)
    except (KeyError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BundleRefusedError(DESCRIPTION, "is missing or cannot be read") from error
    if description.made_at.tzinfo is None:
        raise BundleRefusedError(DESCRIPTION, "made_at has no offset from UTC")
    return description


def _folder(archive: zipfile.ZipFile, name: str) -> Traversable:
    # A path in a zip archive is what importlib gives for a zipped package, without being typed so.
    return cast("Traversable", cast("object", zipfile.Path(archive, name)))
