"""Signatures of register bundles: DSSE envelopes signed with Ed25519 keys.

An envelope is JSON with the payload, its type, and signatures over both, so that a signature of
something else never counts. Keys are PEM files as OpenSSL writes them.

Source: DSSE v1.0.2, github.com/secure-systems-lab/dsse.
"""

import re
from collections.abc import Sequence
from typing import cast

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import CryptoSigner, Signature, SSlibKey  # pyright: ignore[reportPrivateImportUsage] - documented there, without __all__

from service.errors import BadInputError, BundleRefusedError

PAYLOAD_TYPE = "application/vnd.abeyance.register-bundle.v1+zip"
# A bundle is signed once, or twice while one key replaces another.
MOST_SIGNATURES = 16
# How much of a key's id is shown: as many digits as tell a handful of keys apart.
_SHOWN = 16
_PUBLIC_KEY = re.compile("-----BEGIN PUBLIC KEY-----.*?-----END PUBLIC KEY-----", re.DOTALL)

type PublicKey = SSlibKey
"""A key that verifies signatures."""

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


def public_keys(field: str, pem: str) -> tuple[PublicKey, ...]:
    """Return the public keys of a PEM text, in its order; none where it has no block.

    Raises:
        BadInputError: A block is no Ed25519 public key, or is a private key; `field` is named.
    """
    if "PRIVATE KEY" in pem:
        reason = "holds a private key; give only the public one (`openssl pkey -pubout`)"
        raise BadInputError(field, reason)
    return tuple(_public_key(field, found[0]) for found in _PUBLIC_KEY.finditer(pem))


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


def shown_id(key_id: str) -> str:
    """Return the beginning of a key's id, for people."""
    return key_id[:_SHOWN]


def signed(payload: bytes, key: SigningKey) -> bytes:
    """Return the envelope of a payload, signed."""
    envelope = Envelope(payload, PAYLOAD_TYPE, {})
    envelope.sign(key)
    return msgspec.json.encode(cast("dict[str, object]", envelope.to_dict()))  # pyright: ignore[reportUnknownMemberType] - a bare dict in its types


def verified(content: bytes, keys: Sequence[PublicKey]) -> tuple[bytes, str]:
    """Return the payload of an envelope and the id of the trusted key that signed it.

    Raises:
        BundleRefusedError: It is no envelope, is one of something else, is not signed, or by none
            of the keys.
    """
    try:
        text = msgspec.json.decode(content, type=_EnvelopeText)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BundleRefusedError("envelope", "it is no signed bundle (DSSE)") from error
    if text.payload_type != PAYLOAD_TYPE:
        reason = f"it is a bundle of something else: {text.payload_type[:80]!r}"
        raise BundleRefusedError("envelope", reason)
    if not text.signatures:
        raise BundleRefusedError("signature", "it is not signed")
    if len(text.signatures) > MOST_SIGNATURES:
        raise BundleRefusedError("signature", f"it has more than {MOST_SIGNATURES} signatures")
    signatures = {each.keyid: Signature(each.keyid, each.sig.hex()) for each in text.signatures}
    trusted = {each.keyid: each for each in keys}
    if not trusted.keys() & signatures.keys():
        raise BundleRefusedError("signature", "it is signed by no key that is trusted here")
    envelope = Envelope(text.payload, text.payload_type, signatures)
    try:
        accepted = envelope.verify(list(trusted.values()), 1)
    except VerificationError as error:
        raise BundleRefusedError(
            "signature", "it does not fit the content, which was changed"
        ) from error
    return text.payload, next(iter(accepted))


def _public_key(field: str, block: str) -> PublicKey:
    try:
        key = load_pem_public_key(block.encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise BadInputError(field, "has a block that cannot be read as a public key") from error
    if not isinstance(key, Ed25519PublicKey):
        raise BadInputError(field, "has a public key that is no Ed25519 key")
    return SSlibKey.from_crypto(key)
