"""Bodies in pieces: what is unpacked is what was packed, wherever the pieces part."""

import gzip
import zlib
from contextlib import suppress

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.platform.download import Arriving
from abeyance_screening.primitives.errors import FetchFailedError

URL = "https://publisher.test/list"
CONTENT = b"<name>Acme</name>" * 40


def arrive(packed: bytes, encoding: str, *, size: int = 7, max_bytes: int = 10_000) -> bytes:
    arriving = Arriving(URL, max_bytes, None)
    arriving.begin(httpx.Headers({"Content-Encoding": encoding}))
    for start in range(0, len(packed), size):
        arriving.take(packed[start : start + size])
    return arriving.finish()


@pytest.mark.parametrize(
    ("packed", "encoding", "content"),
    [
        pytest.param(CONTENT, "identity", CONTENT, id="plain"),
        pytest.param(gzip.compress(CONTENT), "gzip", CONTENT, id="gzip"),
        pytest.param(gzip.compress(CONTENT), "X-GZip", CONTENT, id="gzip's old name"),
        pytest.param(zlib.compress(CONTENT), "deflate", CONTENT, id="deflate"),
        pytest.param(gzip.compress(b"a") + gzip.compress(b"b"), "gzip", b"ab", id="two members"),
        pytest.param(gzip.compress(b"a") + bytes(20), "gzip", b"a", id="padded"),
        pytest.param(gzip.compress(b""), "gzip", b"", id="nothing packed"),
        pytest.param(b"", "gzip", b"", id="nothing at all"),
    ],
)
@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_what_was_packed_is_unpacked(packed: bytes, encoding: str, content: bytes, size: int):
    assert arrive(packed, encoding, size=size) == content


@given(st.integers(1, len(gzip.compress(CONTENT)) - 1), st.integers(1, 50))
def test_a_packed_body_cut_anywhere_is_refused(after: int, size: int):
    with pytest.raises(FetchFailedError, match=f"cut off after {after} bytes"):
        arrive(gzip.compress(CONTENT)[:after], "gzip", size=size)


@given(st.integers(0, len(gzip.compress(CONTENT)) - 1), st.integers(1, 255))
def test_a_damaged_packed_body_is_never_other_content(place: int, change: int):
    packed = bytearray(gzip.compress(CONTENT, mtime=0))
    packed[place] ^= change
    with suppress(FetchFailedError):
        assert arrive(bytes(packed), "gzip") == CONTENT


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_members_together_may_not_be_more_than_allowed(size: int):
    packed = gzip.compress(bytes(60)) * 2
    assert arrive(packed, "gzip", size=size, max_bytes=120) == bytes(120)
    with pytest.raises(FetchFailedError, match="more than 119 bytes"):
        arrive(packed, "gzip", size=size, max_bytes=119)
