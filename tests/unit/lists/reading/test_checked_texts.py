"""A text read in pieces is refused where one that is read whole is, with the same words."""

import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from abeyance_screening.engine.lists.reading import texts
from abeyance_screening.engine.lists.reading.texts import check_text, lines_of, read_text
from abeyance_screening.primitives.errors import ListRefusedError

PARTS = [
    *(b"name", b"\n", b" ", b"\xef\xbb\xbf", "Köln".encode(), "Köln".encode("latin-1")),
    *("é".encode().decode("latin-1").encode(), b"\x00", b"\\u0000", b"<html>", b"PK\x03\x04"),
    *(b"\xff\xfe", "ĀžŠ".encode(), b'{"id": 1}'),
]
CONTENT = st.lists(st.sampled_from(PARTS), max_size=12).map(b"".join)


@pytest.fixture(autouse=True)
def _reads_few_bytes_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "_BLOCK", 5)


def refusal_of(read, content) -> str | None:
    try:
        read("mine", content)
    except ListRefusedError as refused:
        return refused.reason
    return None


@given(CONTENT)
@example(b"")
@example(b"\xef\xbb\xbf \n")
@example(b"id\n1\nK\xf6ln")
@example(b"\xef\xbb\xbfid\n1\nK\xf6ln")
def test_pieces_are_refused_as_the_whole_is(content: bytes):
    whole = refusal_of(read_text, content)
    assert refusal_of(check_text, io.BytesIO(content)) == whole
    if whole is None:
        found = [line.decode() for _, _, line in lines_of(io.BytesIO(content))]
        text = read_text("mine", content)
        assert found == text.removesuffix("\n").split("\n")


def test_a_line_is_found_again_by_its_place():
    content = b"\xef\xbb\xbfone\n\nthree\nfour"
    found = list(lines_of(io.BytesIO(content)))
    assert [number for number, _, _ in found] == [1, 2, 3, 4]
    assert all(content[start:].startswith(line) for _, start, line in found)
