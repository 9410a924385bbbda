"""The keys whose register bundles are trusted: several at once, until a day, and the next ones.

Keys are written as PEM blocks, one below the other. A line `Not after: 2027-12-31` above a block
is the last day (UTC) on which its signatures count, and one line `Threshold: 2` says how many of
the keys must have signed, 1 without it. All other text outside the blocks is a remark.

A bundle may carry the keys that are trusted after it, in the same form. They count if the bundle
is signed by enough of the keys trusted until then and by enough of the new ones, so that nobody
hands over to a key that nobody has. These are the rules of TUF for its role `root`; see decision
13.
"""

import re
from collections.abc import Iterator
from datetime import date

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import SSlibKey  # pyright: ignore[reportPrivateImportUsage] - documented there, without __all__

from abeyance_screening.primitives.errors import BadInputError, BundleRefusedError

type PublicKey = SSlibKey
"""A key that verifies signatures."""

# How much of a key's id is shown: as many digits as tell a handful of keys apart.
_SHOWN = 16
_BLOCK = re.compile("-----BEGIN PUBLIC KEY-----.*?-----END PUBLIC KEY-----", re.DOTALL)
_LINE = re.IGNORECASE | re.MULTILINE
_NOT_AFTER = re.compile(r"^[ \t]*not[ \t]+after\b[ \t:]*(?P<day>.*?)[ \t]*$", _LINE)
_THRESHOLD = re.compile(r"^[ \t]*threshold\b[ \t:]*(?P<number>.*?)[ \t]*$", _LINE)
# A bundle is signed once, or twice while one key replaces another.
MOST_KEYS = 16


class TrustedKey(msgspec.Struct, frozen=True, kw_only=True):
    """A public key, and the last day (UTC) on which its signatures count, None for all days."""

    key: PublicKey
    not_after: date | None = None

    def counts_on(self, day: date) -> bool:
        """Return whether its signatures count on a day."""
        return self.not_after is None or day <= self.not_after


class TrustedKeys(msgspec.Struct, frozen=True, kw_only=True):
    """The keys that are trusted together, and how many of them must have signed."""

    keys: tuple[TrustedKey, ...]
    threshold: int = 1

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the keys, in order."""
        return tuple(sorted(each.key.keyid for each in self.keys))

    def check(self, envelope: Envelope, day: date) -> tuple[str, ...]:
        """Return the ids of the keys by whose signatures an envelope is trusted on a day.

        Raises:
            BundleRefusedError: It is signed by too few of the keys, a signature does not fit, or
                the last day of a key is over.
        """
        known = {
            each.key.keyid: each for each in self.keys if each.key.keyid in envelope.signatures
        }
        if not known:
            raise BundleRefusedError("signature", "it is signed by no key that is trusted here")
        valid = {key: each for key, each in known.items() if each.counts_on(day)}
        if len(valid) < self.threshold:
            raise BundleRefusedError("signature", self._too_few(known, valid))
        try:
            return tuple(
                sorted(envelope.verify([each.key for each in valid.values()], self.threshold))
            )
        except VerificationError as error:
            raise BundleRefusedError(
                "signature", "it does not fit the content, which was changed"
            ) from error

    def _too_few(self, known: dict[str, TrustedKey], valid: dict[str, TrustedKey]) -> str:
        over = [
            f"{shown_id(key)} was trusted until {each.not_after}"
            for key, each in known.items()
            if key not in valid
        ]
        if not over:
            return f"it is signed by {len(valid)} of the trusted keys, and {self.threshold} must"
        return f"the last day of its key is over: {', '.join(over)}"


def shown_id(key_id: str) -> str:
    """Return the beginning of a key's id, for people."""
    return key_id[:_SHOWN]


def read_keys(field: str, text: str) -> TrustedKeys:
    """Return the keys that a text has; none where it has no block.

    Raises:
        BadInputError: A block is no Ed25519 public key, comes twice or is a private key, a day or
            the threshold cannot be read, or there are fewer keys than the threshold; `field` is
            named.
    """
    if "PRIVATE KEY" in text:
        reason = "holds a private key; give only the public one (`openssl pkey -pubout`)"
        raise BadInputError(field, reason)
    keys = tuple(_keys(field, text))
    if len({each.key.keyid for each in keys}) < len(keys):
        raise BadInputError(field, "has the same key twice")
    if len(keys) > MOST_KEYS:
        raise BadInputError(field, f"has more than {MOST_KEYS} keys")
    threshold = _threshold(field, _BLOCK.sub("", text))
    if keys and not 1 <= threshold <= len(keys):
        raise BadInputError(field, f"has {len(keys)} keys, and a threshold of {threshold}")
    return TrustedKeys(keys=keys, threshold=threshold)


def _keys(field: str, text: str) -> Iterator[TrustedKey]:
    before = 0
    for block in _BLOCK.finditer(text):
        days = [each["day"] for each in _NOT_AFTER.finditer(text[before : block.start()])]
        if len(days) > 1:
            raise BadInputError(field, "has two last days for one key")
        yield TrustedKey(
            key=_public_key(field, block[0]),
            not_after=_day(field, days[0]) if days else None,
        )
        before = block.end()
    if _NOT_AFTER.search(text[before:]) is not None:
        raise BadInputError(field, "has a last day below the last key; it belongs above its key")


def _day(field: str, written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        reason = f"has the last day {written[:40]!r}, which is not written 2027-12-31"
        raise BadInputError(field, reason) from error


def _threshold(field: str, remarks: str) -> int:
    written = [each["number"] for each in _THRESHOLD.finditer(remarks)]
    if not written:
        return 1
    if len(written) > 1 or not (written[0].isascii() and written[0].isdigit()):
        raise BadInputError(field, "has no one threshold, a number such as 2")
    return int(written[0][:4])


def _public_key(field: str, block: str) -> PublicKey:
    try:
        key = load_pem_public_key(block.encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise BadInputError(field, "has a block that cannot be read as a public key") from error
    if not isinstance(key, Ed25519PublicKey):
        raise BadInputError(field, "has a public key that is no Ed25519 key")
    return SSlibKey.from_crypto(key)
