import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abeyance_screening.engine.lists.reading import pdf as module
from abeyance_screening.engine.lists.reading.pdf import is_pdf, pdf_layout, pdf_text
from abeyance_screening.primitives.errors import RowRefusedError
from tests.unit.lists.reading.pdf.pdf_files import pdf_file

PAGES = (
    ("指定日、2022 年03月01 日", "一 株式会社アドミラルティ造船所", "21-", "27 Wing Kut Street"),
    ("二 连接、RQC",),
)


def test_the_lines_of_all_pages_come_in_printed_order():
    assert pdf_text(pdf_file(*PAGES)) == "\n\f".join("\n".join(page) for page in PAGES)


def test_the_layout_sets_lines_in_and_apart_as_the_pages_do():
    # a space of the sample font is 12 points wide
    content = pdf_file(("A Group", "  B Ltd.", "", "C Group"), ("  D Ltd.", "E Group"))
    assert pdf_layout(content) == "A Group\n      B Ltd.\n\nC Group\n\f      D Ltd.\nE Group"


def test_a_raised_mark_is_put_on_its_line():
    raised = b"1 0 0 1 20 44 Tm <0031> Tj 1 0 0 1 40 40 Tm <0041"
    content = pdf_file(("1A Group",)).replace(b"1 0 0 1 20 40 Tm <00310041", raised)
    assert pdf_layout(content) == "1 A Group"


def test_a_pdf_file_is_told_by_its_first_letters():
    assert is_pdf(pdf_file(*PAGES))
    assert not is_pdf(b"No. 1 %PDF-1.7")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "it is no PDF file", id="empty"),
        pytest.param(b"<html>", "it is no PDF file", id="HTML"),
        pytest.param(b"%PDF-1.7", "it is damaged or cut off", id="cut in its first line"),
        pytest.param(
            pdf_file(*PAGES)[:400], "it is damaged or cut off", id="cut before its pages"
        ),
        pytest.param(pdf_file(()), "it holds no text, so it may be a scan", id="no text"),
    ],
)
def test_what_is_no_readable_pdf_file_is_refused_with_the_reason(content: bytes, reason: str):
    with pytest.raises(RowRefusedError, match=f"^the PDF file: {reason}"):
        pdf_text(content)


def test_an_encrypted_file_is_refused_as_such():
    content = pdf_file(*PAGES)
    key = (
        b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <"
        + b"00" * 32
        + b"> /U <"
        + b"11" * 32
        + b"> >> /ID [<00> <00>] /Root 1 0 R"
    )
    with pytest.raises(RowRefusedError, match="it is encrypted"):
        pdf_text(content.replace(b"/Root 1 0 R", key))


@pytest.mark.parametrize(
    ("limit", "most", "reason"),
    [
        pytest.param("MAX_BYTES", 100, "bytes; at most 100 are allowed", id="bytes"),
        pytest.param("MAX_PAGES", 1, "2 pages; at most 1 are allowed", id="pages"),
        pytest.param("MAX_LETTERS", 60, "more than 60 letters", id="letters"),
    ],
)
def test_a_file_beyond_a_limit_is_refused(
    monkeypatch: pytest.MonkeyPatch, limit: str, most: int, reason: str
):
    monkeypatch.setattr(module, limit, most)
    with pytest.raises(RowRefusedError, match=reason):
        pdf_text(pdf_file(*PAGES))


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_damaged_bytes_are_read_or_refused(data: st.DataObject):
    content = bytearray(pdf_file(*PAGES))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(0, len(content)))
    for read in (pdf_text, pdf_layout):
        with contextlib.suppress(RowRefusedError):
            read(bytes(content[:end]))
