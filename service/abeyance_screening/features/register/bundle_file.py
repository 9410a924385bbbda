"""The register bundle: a register, and list editions if it carries any, in one signed file.

The signed payload is a zip archive: `bundle.json` says what it is, `register/` has the YAML files
and their ledger, and `editions/` files of lists with their manifest, both laid out as in this
package. Nothing of a bundle is unpacked to a disk.

The signature is a DSSE envelope signed with Ed25519 keys: JSON with the payload, its type, and
signatures over both, so that a signature of something else never counts. Keys are PEM files as
OpenSSL writes them.

Source: DSSE v1.0.2, github.com/secure-systems-lab/dsse.
"""

import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from importlib.resources.abc import Traversable
from typing import cast

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from securesystemslib.dsse import Envelope
from securesystemslib.signer import CryptoSigner, Signature  # pyright: ignore[reportPrivateImportUsage] - documented there, without __all__

from abeyance_screening.engine.lists.bundled import (
    MANIFEST,
    BundledEdition,
    bundled_editions,
    read_bundled,
)
from abeyance_screening.engine.lists.catalogue import SOURCE_BY_CODE
from abeyance_screening.engine.lists.edition import GivenFile
from abeyance_screening.engine.measures.measure import ShippedRegister
from abeyance_screening.engine.measures.register.check import LONG, text_findings
from abeyance_screening.engine.measures.register.read import (
    is_register_file,
    ledger_faults,
    shipped,
)
from abeyance_screening.features.register.bundle_keys import MOST_KEYS, TrustedKeys, read_keys
from abeyance_screening.primitives.errors import (
    BadInputError,
    BundleRefusedError,
    ListRefusedError,
    RegisterRefusedError,
)

# --- Signatures: DSSE envelopes signed with Ed25519 keys.

PAYLOAD_TYPE = "application/vnd.abeyance.register-bundle.v1+zip"
type SigningKey = CryptoSigner
"""A key that signs."""


class _SignatureText(msgspec.Struct, frozen=True):
    """One signature of an envelope; both fields as the format names them."""

    keyid: str
    sig: bytes


class _EnvelopeText(msgspec.Struct, frozen=True, rename="camel"):
    """An envelope as it is written; bytes are base64."""

    payload: bytes
    payload_type: str
    signatures: tuple[_SignatureText, ...]


def signing_key(field: str, pem: bytes, password: str | None = None) -> SigningKey:
    """Return the private key of a PEM text, which `openssl genpkey -algorithm ed25519` writes.

    Raises:
        BadInputError: It is no Ed25519 private key, or the password is missing or wrong; `field`
            is named.
    """
    secret = None if password is None else password.encode()
    try:
        key = load_pem_private_key(pem, secret)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise BadInputError(field, "cannot be read as a private key") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise BadInputError(field, "is no Ed25519 key; make one with `openssl genpkey`")
    return CryptoSigner(key)


def signed(payload: bytes, *keys: SigningKey) -> bytes:
    """Return the envelope of a payload, signed by each of the keys."""
    envelope = Envelope(payload, PAYLOAD_TYPE, {})
    for key in keys:
        envelope.sign(key)
    return msgspec.json.encode(cast("dict[str, object]", envelope.to_dict()))  # pyright: ignore[reportUnknownMemberType] - a bare dict in its types


def _envelope_of(content: bytes) -> Envelope:
    """Return the envelope of a bundle, whose signatures nobody has checked yet."""
    try:
        text = msgspec.json.decode(content, type=_EnvelopeText)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BundleRefusedError("envelope", "it is no signed bundle (DSSE)") from error
    if text.payload_type != PAYLOAD_TYPE:
        reason = f"it is a bundle of something else: {text.payload_type[:80]!r}"
        raise BundleRefusedError("envelope", reason)
    if not text.signatures:
        raise BundleRefusedError("signature", "it is not signed")
    if len(text.signatures) > MOST_KEYS:
        raise BundleRefusedError("signature", f"it has more than {MOST_KEYS} signatures")
    signatures = {each.keyid: Signature(each.keyid, each.sig.hex()) for each in text.signatures}
    return Envelope(text.payload, text.payload_type, signatures)


# --- Bundles: packed, signed, opened and verified.

DESCRIPTION, KEYS = "bundle.json", "keys.pem"
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


class KeeperReading(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A keeper's word: who read a place where acts appear, and until which day (included)."""

    place: str
    until: date
    read_by: str


class BundleNotes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a keeper says of a bundle: their name, what it changes, and who read what."""

    keeper: str | None = None
    changes: tuple[str, ...] = ()
    readings: tuple[KeeperReading, ...] = ()


class BundleDescription(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a bundle says of itself: the revision of its register, when it was made, its notes."""

    revision: int
    made_at: datetime
    notes: BundleNotes = BundleNotes()


class CarriedEdition(msgspec.Struct, frozen=True, kw_only=True):
    """An edition of a list that a bundle carries, with the publisher's files."""

    edition: BundledEdition
    files: tuple[GivenFile, ...]


class RegisterBundle(msgspec.Struct, frozen=True, kw_only=True):
    """A bundle whose signature and content were checked.

    `signed_by` are the ids of the keys by which it is trusted, `sha256` the digest of the signed
    payload. `next_keys` is the text of the keys that are trusted after it, None where they stay.
    """

    made_at: datetime
    register: ShippedRegister
    editions: tuple[CarriedEdition, ...]
    signed_by: tuple[str, ...]
    sha256: str
    next_keys: str | None
    notes: BundleNotes


def make_bundle(
    folder: Traversable,
    editions: Traversable | None,
    keys: Sequence[SigningKey],
    made_at: datetime,
    next_keys: str | None = None,
    notes: BundleNotes | None = None,
) -> bytes:
    """Return the signed bundle of a register's folder, and of a folder of editions if given.

    All `keys` sign it. `next_keys` is the text of those that are trusted after it, if they change.

    Raises:
        RegisterRefusedError: The register has a fault, or an event is not recorded.
        BundleRefusedError: An edition cannot be carried.
    """
    register = _register_of(folder)
    description = BundleDescription(
        revision=register.revision, made_at=made_at, notes=notes or BundleNotes()
    )
    files = {
        DESCRIPTION: msgspec.json.encode(description),
        **{f"{REGISTER}{name}": content for name, content in _register_files(folder)},
    }
    if editions is not None:
        carried = _editions_of(editions)
        names = [MANIFEST, *(file.file for each in carried for file in each.edition.files)]
        files |= {f"{EDITIONS}{name}": editions.joinpath(name).read_bytes() for name in names}
    if next_keys is not None:
        files[KEYS] = next_keys.encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, _ZIP_EPOCH), files[name], zipfile.ZIP_DEFLATED)
    return signed(out.getvalue(), *keys)


def open_bundle(content: bytes, keys: TrustedKeys, today: date) -> RegisterBundle:
    """Verify a bundle, and read and check everything in it.

    The signature is checked first: nothing of an unsigned file is unpacked. `today` (UTC) is the
    day on which the keys must count.

    Raises:
        BundleRefusedError: It is unsigned, signed by another key, changed, or unreadable, or its
            register or an edition has a fault.
    """
    envelope = _envelope_of(content)
    signed_by = keys.check(envelope, today)
    payload = envelope.payload
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
        next_keys=_next_keys(archive, envelope, today),
        notes=_checked(description),
    )


def _checked(description: BundleDescription) -> BundleNotes:
    """Return what a keeper says, if no reading is of a day that had not come."""
    made_on = description.made_at.astimezone(UTC).date()
    for each in description.notes.readings:
        # where the place is it may be a day later
        if each.until > made_on + timedelta(days=1):
            reason = f"says that {each.place[:80]} was read until {each.until}, which has not come"
            raise BundleRefusedError(DESCRIPTION, reason)
    texts = (description.notes.keeper, *description.notes.changes)
    readers = (each.read_by for each in description.notes.readings)
    for text in (*texts, *readers):
        for _, reason in text_findings("notes", text, LONG):
            raise BundleRefusedError(DESCRIPTION, f"has notes that cannot be stored: {reason}")
    return description.notes


def _next_keys(archive: zipfile.ZipFile, envelope: Envelope, today: date) -> str | None:
    """Return the text of the keys that a bundle hands over to; None where the old ones stay."""
    if KEYS not in archive.namelist():
        return None
    try:
        text = archive.read(KEYS).decode()
        keys = read_keys(KEYS, text)
    except (UnicodeDecodeError, BadInputError) as error:
        raise BundleRefusedError(KEYS, f"cannot be read: {error}") from error
    if not keys.keys:
        raise BundleRefusedError(KEYS, "has no key")
    try:
        keys.check(envelope, today)
    except BundleRefusedError as refused:
        reason = f"hands over to keys that did not sign it: {refused.reason}"
        raise BundleRefusedError(KEYS, reason) from refused
    return text


def _register_of(folder: Traversable) -> ShippedRegister:
    """Read a register as strictly as `abeyance register check` does."""
    register = shipped(folder)
    for fault in ledger_faults(folder, register.measures):
        raise fault
    return register


def _register_files(folder: Traversable) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if is_register_file(entry.name):
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
    return name in {DESCRIPTION, KEYS} or (
        f"{folder}{slash}" in {REGISTER, EDITIONS} and bool(file)
    )


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
