"""The keys that sign bundles: several, until a day, and handed on from bundle to bundle."""

import json
import random
import shutil
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from securesystemslib.signer import CryptoSigner  # pyright: ignore[reportPrivateImportUsage]

from abeyance_screening.engine.measures.register.read import LEDGER, register_folder
from abeyance_screening.features.register.bundle_file import make_bundle, open_bundle
from abeyance_screening.features.register.bundle_keys import TrustedKeys, read_keys
from abeyance_screening.primitives.errors import BadInputError, BundleRefusedError

FIRST, SECOND, THIRD = (CryptoSigner.generate_ed25519() for _ in range(3))
MADE = datetime(2026, 11, 24, 9, tzinfo=UTC)
TODAY = date(2026, 12, 1)


def pem(key: CryptoSigner) -> str:
    """A public key as OpenSSL writes it."""
    public = key._private_key.public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def keys_of(*keys: CryptoSigner, threshold: int = 1, **days: str) -> str:
    """A file of keys; `first`, `second` and `third` are the last days of these."""
    names = {id(FIRST): "first", id(SECOND): "second", id(THIRD): "third"}
    written = [f"Threshold: {threshold}\n"]
    for key in keys:
        day = days.get(names[id(key)])
        written.append(f"a remark\n{'' if day is None else f'Not after: {day}\n'}{pem(key)}")
    return "\n".join(written)


def trusted(*keys: CryptoSigner, threshold: int = 1, **days: str) -> TrustedKeys:
    return read_keys("KEYS", keys_of(*keys, threshold=threshold, **days))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small register, so that a thousand bundles of it are soon looked at."""
    where = tmp_path_factory.mktemp("register")
    source = Path(str(register_folder()))
    for name in ("own.yaml", "ownership_rules.yaml"):
        shutil.copy(source / name, where / name)
    ids = {
        line.split("id: ")[1].strip()
        for name in ("own.yaml", "ownership_rules.yaml")
        for line in (where / name).read_text("utf-8").splitlines()
        if line.startswith("  - id: ")
    }
    lines = (source / LEDGER).read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines[1:] if line.split(",")[0] in ids]
    (where / LEDGER).write_text("".join([lines[0], *kept]), "utf-8")
    return where


def bundle(folder: Path, signers: Sequence[CryptoSigner], next_keys: str | None = None) -> bytes:
    return make_bundle(folder, None, signers, MADE, next_keys)


@pytest.mark.parametrize(
    ("day", "is_taken"),
    [
        pytest.param(date(2026, 12, 31), True, id="its last day"),
        pytest.param(date(2027, 1, 1), False, id="the day after"),
    ],
)
def test_a_key_counts_until_its_last_day(folder: Path, day: date, is_taken: bool):
    keys, content = trusted(FIRST, SECOND, first="2026-12-31"), bundle(folder, [FIRST])
    if is_taken:
        assert open_bundle(content, keys, day).signed_by == (FIRST.public_key.keyid,)
    else:
        reason = f"{FIRST.public_key.keyid[:16]} was trusted until 2026-12-31"
        with pytest.raises(BundleRefusedError, match=reason):
            open_bundle(content, keys, day)
    assert open_bundle(bundle(folder, [SECOND]), keys, day)


def test_an_old_key_beside_one_that_counts_does_no_harm(folder: Path):
    keys = trusted(FIRST, SECOND, first="2020-01-01")
    both = open_bundle(bundle(folder, [FIRST, SECOND]), keys, TODAY)
    assert both.signed_by == (SECOND.public_key.keyid,)


@pytest.mark.parametrize(
    ("signers", "is_taken"),
    [
        pytest.param((FIRST,), False, id="one"),
        pytest.param((FIRST, FIRST), False, id="one twice"),
        pytest.param((FIRST, CryptoSigner.generate_ed25519()), False, id="one and a stranger"),
        pytest.param((FIRST, THIRD), True, id="two"),
        pytest.param((FIRST, SECOND, THIRD), True, id="all"),
    ],
)
def test_as_many_keys_must_sign_as_the_threshold_says(
    folder: Path, signers: tuple[CryptoSigner, ...], is_taken: bool
):
    keys, content = trusted(FIRST, SECOND, THIRD, threshold=2), bundle(folder, signers)
    if is_taken:
        assert len(open_bundle(content, keys, TODAY).signed_by) == 2
    else:
        with pytest.raises(
            BundleRefusedError, match="signed by 1 of the trusted keys, and 2 must"
        ):
            open_bundle(content, keys, TODAY)


@pytest.mark.parametrize(
    ("signers", "handed", "reason"),
    [
        pytest.param((FIRST, SECOND), keys_of(SECOND), None, id="signed by both"),
        pytest.param((FIRST,), keys_of(FIRST, SECOND), None, id="a key is added"),
        pytest.param((FIRST,), keys_of(SECOND), "that did not sign it", id="not by the next"),
        pytest.param(
            (SECOND,), keys_of(SECOND), "signed by no key that is trusted", id="not by ours"
        ),
        pytest.param(
            (FIRST, SECOND),
            keys_of(SECOND, THIRD, threshold=2),
            "that did not sign it",
            id="by too few of the next",
        ),
        pytest.param(
            (FIRST, SECOND),
            keys_of(SECOND, second="2026-11-30"),
            "that did not sign it",
            id="to a key that is over",
        ),
        pytest.param((FIRST,), "none", "has no key", id="to none"),
        pytest.param((FIRST,), "-----BEGIN PRIVATE KEY-----", "private key", id="to a secret"),
    ],
)
def test_a_bundle_hands_over_only_with_both_hands(
    folder: Path, signers: tuple[CryptoSigner, ...], handed: str, reason: str | None
):
    content = bundle(folder, signers, handed)
    if reason is None:
        assert open_bundle(content, trusted(FIRST), TODAY).next_keys == handed
    else:
        with pytest.raises(BundleRefusedError, match=reason):
            open_bundle(content, trusted(FIRST), TODAY)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param(f"Not after: soon\n{pem(FIRST)}", "the last day 'soon'", id="no day"),
        pytest.param(f"not after 2026-13-01\n{pem(FIRST)}", "2026-13-01", id="no such day"),
        pytest.param(
            f"Not after: 2026-12-31\nNot after: 2027-12-31\n{pem(FIRST)}",
            "two last days",
            id="two",
        ),
        pytest.param(
            f"{pem(FIRST)}\nNot after: 2026-12-31\n", "belongs above", id="below its key"
        ),
        pytest.param(f"Threshold: 2\n{pem(FIRST)}", "a threshold of 2", id="too high"),
        pytest.param(f"Threshold: 0\n{pem(FIRST)}", "a threshold of 0", id="none must"),
        pytest.param(f"Threshold: many\n{pem(FIRST)}", "no one threshold", id="no number"),
        pytest.param(f"Threshold: 1\n{pem(FIRST)}\nThreshold: 1", "no one threshold", id="twice"),
        pytest.param(pem(FIRST) * 2, "the same key twice", id="a key twice"),
    ],
)
def test_a_file_of_keys_that_may_mean_something_else_is_refused(text: str, reason: str):
    with pytest.raises(BadInputError, match=reason):
        read_keys("KEYS", text)


def _changed(content: bytes, moment: random.Random) -> bytes:
    """One of a thousand changes: of the envelope's text, or of what it says."""
    envelope = json.loads(content)
    at = moment.randrange(len(content))
    ways: list[Callable[[], bytes]] = [
        lambda: (
            content[:at] + bytes([content[at] ^ (1 << moment.randrange(8))]) + content[at + 1 :]
        ),
        lambda: content[:at],
        lambda: content[:at] + content[at + moment.randrange(1, 50) :],
        lambda: content[:at] + moment.randbytes(moment.randrange(1, 50)) + content[at:],
        lambda: json.dumps(envelope | {"payload": _moved(envelope["payload"], moment)}).encode(),
        lambda: json.dumps(envelope | {"signatures": _forged(envelope, moment)}).encode(),
    ]
    return moment.choice(ways)()


def _moved(payload: str, moment: random.Random) -> str:
    inside = bytearray(b64decode(payload))
    for _ in range(moment.randrange(1, 4)):
        inside[moment.randrange(len(inside))] ^= moment.randrange(1, 256)
    return b64encode(inside).decode()


def _forged(envelope: dict[str, list[dict[str, str]]], moment: random.Random) -> list[object]:
    signature = dict(envelope["signatures"][0])
    return moment.choice(
        [
            [],
            [signature | {"sig": b64encode(moment.randbytes(64)).decode()}],
            [signature | {"keyid": SECOND.public_key.keyid}],
            [signature | {"keyid": ""}],
        ]
    )


def test_a_bundle_tampered_with_in_a_thousand_ways_is_refused(folder: Path):
    keys, content = trusted(FIRST, SECOND), bundle(folder, [FIRST])
    sound = open_bundle(content, keys, TODAY)
    moment, tried, taken = random.Random(39), 0, 0  # noqa: S311 - any will do
    while tried < 1_000:
        changed = _changed(content, moment)
        try:
            opened = open_bundle(changed, keys, TODAY)
        except BundleRefusedError:
            tried += 1
            continue
        # what says the same in other characters, as a bit that base64 leaves unused
        assert opened == sound
        taken += 1
        assert taken < 50
