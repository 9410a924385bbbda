"""A register bundle: made, signed, opened, and refused for whatever is wrong with it."""

import io
import json
import lzma
import subprocess
import zipfile
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from securesystemslib.dsse import Envelope
from securesystemslib.signer import CryptoSigner, SSlibKey  # pyright: ignore[reportPrivateImportUsage]

from abeyance_screening.engine.lists.bundled import (
    BundledEdition,
    bundled_editions,
    editions_folder,
)
from abeyance_screening.engine.measures.register.read import register_folder
from abeyance_screening.features.register import bundle_file as bundles
from abeyance_screening.features.register.bundle_file import (
    PAYLOAD_TYPE,
    make_bundle,
    open_bundle,
    signed,
    signing_key,
)
from abeyance_screening.features.register.bundle_keys import (
    TrustedKey,
    TrustedKeys,
    read_keys,
)
from abeyance_screening.primitives.errors import (
    BadInputError,
    BundleRefusedError,
    RegisterRefusedError,
)
from tests.shipped_register import shipped

KEY, OTHER = CryptoSigner.generate_ed25519(), CryptoSigner.generate_ed25519()
TODAY = date(2026, 12, 1)


def trusted(*keys: SSlibKey, threshold: int = 1) -> TrustedKeys:
    return TrustedKeys(keys=tuple(TrustedKey(key=each) for each in keys), threshold=threshold)


TRUSTED = trusted(KEY.public_key)
MADE = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def content() -> bytes:
    return make_bundle(register_folder(), None, (KEY,), MADE)


def payload_of(content: bytes) -> bytes:
    return b64decode(json.loads(content)["payload"])


def files_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(payload_of(content))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def resigned(files: dict[str, bytes]) -> bytes:
    """What a holder of the key signs, whatever it is."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, each in files.items():
            archive.writestr(name, each)
    return signed(out.getvalue(), KEY)


def test_a_bundle_holds_the_register_it_was_made_of(content: bytes):
    opened = open_bundle(content, TRUSTED, TODAY)
    assert opened.register == shipped()
    assert opened.made_at == MADE
    assert opened.editions == ()
    assert opened.signed_by == (KEY.public_key.keyid,)


def test_the_same_register_makes_the_same_bundle(content: bytes):
    assert make_bundle(register_folder(), None, (KEY,), MADE) == content


def test_a_bundle_of_one_of_several_trusted_keys_is_accepted(content: bytes):
    opened = open_bundle(content, trusted(OTHER.public_key, KEY.public_key), TODAY)
    assert opened.signed_by == (KEY.public_key.keyid,)


def test_a_second_signature_takes_over_from_an_old_key(content: bytes):
    envelope = Envelope(payload_of(content), PAYLOAD_TYPE, {})
    for key in (KEY, OTHER):
        envelope.sign(key)
    both = json.dumps(envelope.to_dict()).encode()
    assert open_bundle(both, trusted(OTHER.public_key), TODAY).register == shipped()


def test_list_editions_travel_along(tmp_path: Path):
    carried = [
        each for each in bundled_editions() if each.source in {"cn_announcements", "us_fcc"}
    ]
    write_editions(tmp_path, carried)
    opened = open_bundle(make_bundle(register_folder(), tmp_path, (KEY,), MADE), TRUSTED, TODAY)
    assert [each.edition for each in opened.editions] == carried
    assert all(each.files[0].content for each in opened.editions)


def write_editions(folder: Path, editions: list[BundledEdition]) -> None:
    (folder / "manifest.json").write_bytes(msgspec.json.encode(editions))
    for each in editions:
        for file in each.files:
            (folder / file.file).write_bytes(editions_folder().joinpath(file.file).read_bytes())


def _unsigned(content: bytes) -> bytes:
    return json.dumps(json.loads(content) | {"signatures": []}).encode()


def _tampered(content: bytes) -> bytes:
    envelope = json.loads(content)
    payload = bytearray(b64decode(envelope["payload"]))
    payload[len(payload) // 2] ^= 1
    return json.dumps(envelope | {"payload": b64encode(payload).decode()}).encode()


def _under_our_id(content: bytes) -> bytes:
    """Another key's signature under the id of the trusted one."""
    forged = json.loads(signed(payload_of(content), OTHER))
    forged["signatures"][0]["keyid"] = KEY.public_key.keyid
    return json.dumps(forged).encode()


def _foreign(content: bytes) -> bytes:
    envelope = Envelope(payload_of(content), "application/vnd.in-toto+json", {})
    envelope.sign(KEY)
    return json.dumps(envelope.to_dict()).encode()


def _relabelled(content: bytes) -> bytes:
    """A signature of another type of content, passed off as one of a bundle."""
    return json.dumps(json.loads(_foreign(content)) | {"payloadType": PAYLOAD_TYPE}).encode()


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        pytest.param(_unsigned, "is not signed", id="unsigned"),
        pytest.param(lambda it: signed(payload_of(it), OTHER), "no key that is", id="another key"),
        pytest.param(_under_our_id, "does not fit", id="another key under our id"),
        pytest.param(_tampered, "does not fit", id="tampered"),
        pytest.param(_foreign, "something else", id="foreign"),
        pytest.param(_relabelled, "does not fit", id="foreign, relabelled"),
        pytest.param(lambda it: it[:-20], "no signed bundle", id="cut off"),
        pytest.param(lambda _: b"", "no signed bundle", id="empty"),
        pytest.param(lambda _: b"<html>login</html>", "no signed bundle", id="a web page"),
        pytest.param(lambda _: b"[" * 100_000, "no signed bundle", id="nested"),
        pytest.param(payload_of, "no signed bundle", id="the archive alone"),
    ],
)
def test_what_is_not_signed_by_a_trusted_key_is_refused(
    content: bytes, make: Callable[[bytes], bytes], reason: str
):
    with pytest.raises(BundleRefusedError, match=reason):
        open_bundle(make(content), TRUSTED, TODAY)


@settings(max_examples=60)
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_no_changed_bit_passes(content: bytes, place: float, bit: int):
    """A bit is changed anywhere in the signed payload, or in the signature."""
    envelope = json.loads(content)
    signature = envelope["signatures"][0]
    whole = bytearray(b64decode(envelope["payload"]) + b64decode(signature["sig"]))
    whole[int(place * len(whole))] ^= 1 << bit
    signature["sig"] = b64encode(whole[-64:]).decode()
    changed = envelope | {"payload": b64encode(whole[:-64]).decode()}
    with pytest.raises(BundleRefusedError):
        open_bundle(json.dumps(changed).encode(), TRUSTED, TODAY)


def _edited(files: dict[str, bytes]) -> None:
    name = "register/bis.yaml"
    files[name] = files[name].replace(b"2026-11-09", b"2026-11-08")


def _field(files: dict[str, bytes]) -> None:
    files["register/bis.yaml"] = b"measures:\n- id: x\n  titel: y\n"


def _unrecorded(files: dict[str, bytes]) -> None:
    ledger = files["register/recorded.csv"]
    files["register/recorded.csv"] = ledger[: ledger.rstrip().rindex(b"\n") + 1]
    files["bundle.json"] = msgspec.json.encode(
        {"revision": shipped().revision - 1, "made_at": MADE}
    )


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        pytest.param(_edited, "was changed after it was recorded", id="a recorded event edited"),
        pytest.param(_field, "bis.yaml: measure x", id="a misspelt field"),
        pytest.param(_unrecorded, "is not recorded yet", id="an event without its line"),
        pytest.param(lambda it: it.pop("register/recorded.csv"), "not recorded", id="no ledger"),
        pytest.param(lambda it: it.pop("bundle.json"), "bundle.json", id="no description"),
        pytest.param(
            lambda it: it.update(
                {"bundle.json": b'{"revision":1,"made_at":"2026-11-24T09:00:00Z"}'}
            ),
            "says revision 1",
            id="another revision",
        ),
        pytest.param(
            lambda it: it.update(
                {"bundle.json": b'{"revision":1,"made_at":"2026-11-24T09:00:00"}'}
            ),
            "no offset",
            id="a time of no place",
        ),
        pytest.param(
            lambda it: it.update({"../evil.yaml": b""}), "does not belong", id="a path that climbs"
        ),
        pytest.param(
            lambda it: it.update({"register/a/b.yaml": b""}), "does not belong", id="a path below"
        ),
        pytest.param(
            lambda it: it.update(
                {
                    "editions/manifest.json": b'[{"source":"mars","published_on":"2026-01-01",'
                    b'"files":[],"licence":""}]'
                }
            ),
            "'mars'",
            id="an unknown source",
        ),
        pytest.param(
            lambda it: it.update({"editions/manifest.json": b"[{"}), "manifest", id="no manifest"
        ),
        pytest.param(
            lambda it: it.update({"editions/manifest.json": manifest("x.xz")}),
            "x.xz is missing",
            id="an edition without its file",
        ),
        pytest.param(
            lambda it: it.update(
                {"editions/manifest.json": manifest("x.xz"), "editions/x.xz": lzma.compress(b"x")}
            ),
            "x.xz is damaged",
            id="an edition with another digest",
        ),
    ],
)
def test_a_signed_bundle_with_a_fault_is_refused_by_name(
    content: bytes, spoil: Callable[[dict[str, bytes]], object], reason: str
):
    files = files_of(content)
    spoil(files)
    with pytest.raises(BundleRefusedError, match=reason):
        open_bundle(resigned(files), TRUSTED, TODAY)


def manifest(file: str) -> bytes:
    edition = {"source": "us_fcc", "published_on": "2026-01-01", "licence": ""}
    return json.dumps([edition | {"files": [{"file": file, "sha256": "0" * 64}]}]).encode()


def test_what_would_not_fit_unpacked_is_refused_before_it_is_unpacked(
    content: bytes, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(bundles, "MOST_UNPACKED", 10_000)
    with pytest.raises(BundleRefusedError, match="more than"):
        open_bundle(content, TRUSTED, TODAY)


def test_no_bundle_is_made_of_a_register_with_a_fault(tmp_path: Path):
    (tmp_path / "a.yaml").write_text("measures: []\n")
    (tmp_path / "recorded.csv").write_text("measure,event\n")
    with pytest.raises(RegisterRefusedError, match="header row"):
        make_bundle(tmp_path, None, (KEY,), MADE)


def test_keys_are_what_openssl_writes(tmp_path: Path, content: bytes):
    private, public = tmp_path / "signing.pem", tmp_path / "public.pem"
    _openssl("genpkey", "-algorithm", "ed25519", "-out", private)
    _openssl("pkey", "-in", private, "-pubout", "-out", public)
    key = signing_key("--key", private.read_bytes())
    keys = read_keys("KEYS", f"a remark\n{public.read_text()}\nanother\n")
    assert open_bundle(signed(payload_of(content), key), keys, TODAY).register == shipped()


def test_a_key_under_a_password_needs_it(tmp_path: Path):
    private = tmp_path / "signing.pem"
    _openssl(
        "genpkey", "-algorithm", "ed25519", "-aes256", "-pass", "pass:secret", "-out", private
    )
    assert signing_key("--key", private.read_bytes(), "secret")
    for password in (None, "wrong"):
        with pytest.raises(BadInputError, match="--key: cannot be read"):
            signing_key("--key", private.read_bytes(), password)


def test_keys_of_another_kind_are_refused(tmp_path: Path):
    private, public = tmp_path / "rsa.pem", tmp_path / "public.pem"
    _openssl("genpkey", "-algorithm", "rsa", "-out", private)
    _openssl("pkey", "-in", private, "-pubout", "-out", public)
    with pytest.raises(BadInputError, match="no Ed25519 key"):
        signing_key("--key", private.read_bytes())
    with pytest.raises(BadInputError, match="no Ed25519 key"):
        read_keys("KEYS", public.read_text())
    with pytest.raises(BadInputError, match="holds a private key"):
        read_keys("KEYS", private.read_text())
    with pytest.raises(BadInputError, match="cannot be read as a public key"):
        read_keys("KEYS", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----")


def _openssl(*words: str | Path) -> None:
    subprocess.run(["openssl", *words], check=True, capture_output=True)
