import pytest

from abeyance_screening.engine.lists.reading.texts import read_text, refuse_other_files
from abeyance_screening.primitives.errors import ListRefusedError


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "the file is empty", id="no bytes, as the SDN list of 2024-05-04"),
        pytest.param(b" \r\n\t", "the file is empty", id="blanks"),
        pytest.param(b"\xef\xbb\xbf\n", "the file is empty", id="a byte order mark alone"),
        pytest.param(b"<!DOCTYPE html><p>", "the file is an HTML page", id="HTML"),
        pytest.param(b"\n <HTML lang='en'>", "the file is an HTML page", id="HTML in capitals"),
        pytest.param(b"\xef\xbb\xbf<html>", "the file is an HTML page", id="HTML behind a mark"),
        pytest.param(
            b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "x">',
            "the file is an HTML page",
            id="XHTML",
        ),
        pytest.param(b"\x1f\x8b\x08\x00", r"packed \(gzip\); unpack it first", id="gzip"),
        pytest.param(b"PK\x03\x04\x14", r"packed \(zip\)", id="zip"),
        pytest.param(b"\xfd7zXZ\x00\x00", r"packed \(xz\)", id="xz"),
        pytest.param("id,name\n".encode("utf-16"), "the file is UTF-16", id="UTF-16"),
    ],
)
def test_what_is_no_list_is_refused_by_name(content: bytes, reason: str):
    with pytest.raises(ListRefusedError, match=f"^some_list: .*{reason}"):
        refuse_other_files("some_list", content)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"id,name\n", id="CSV"),
        pytest.param(b"{}", id="JSON"),
        pytest.param(b"<?xml version='1.0'?><CONSOLIDATED_LIST/>", id="XML"),
        pytest.param(b"html,body\n", id="a column named html"),
    ],
)
def test_a_list_file_is_let_through(content: bytes):
    refuse_other_files("some_list", content)


def test_a_byte_order_mark_is_no_part_of_the_text():
    assert read_text("some_list", b"\xef\xbb\xbfid") == "id"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"id\n1\nK\xf6ln", r"not UTF-8 \(line 3, byte 6\)", id="Latin-1"),
        pytest.param(b"id\x00", "NUL", id="NUL"),
        pytest.param(b'{"name": "a\\u0000b"}', "NUL", id="an escaped NUL"),
    ],
)
def test_text_that_cannot_be_read_or_stored_is_refused(content: bytes, reason: str):
    with pytest.raises(ListRefusedError, match=reason):
        read_text("some_list", content)
