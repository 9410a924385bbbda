"""The text of PDF files, for the lists that are published in no other form."""

import threading
from typing import NoReturn

import pypdfium2  # pyright: ignore[reportMissingTypeStubs] - annotated, but without a marker

from service.model.errors import RowRefusedError

# The longest list known in this form, Japan's of 748 Russian bodies, has some 130 pages, 2 MB and
# 200,000 letters. The limits leave ten times that; a file made to eat memory goes far beyond.
MAX_BYTES = 50_000_000
MAX_PAGES = 2_000
MAX_LETTERS = 20_000_000
_WHERE = "the PDF file"
_NEVER = -1
# PDFium's own marks for a hyphen at the end of a line and for a letter without a meaning.
_MARKS = str.maketrans({"\ufffe": "-", "\x02": "-", "\x00": None, "\r": None})
# PDFium keeps one state for the whole process and is not safe in two threads at a time.
_ONE_AT_A_TIME = threading.Lock()


def is_pdf(content: bytes) -> bool:
    """Whether a file begins as a PDF file does."""
    return content[:1_024].lstrip().startswith(b"%PDF-")


def pdf_text(content: bytes) -> str:
    """The text of all pages in printed order, line by line; a form feed stands between pages.

    Spacing is as the lines show it. A hyphen at the end of a line stays where it is printed.

    Raises:
        RowRefusedError: not a PDF file, damaged or cut off, encrypted, with more than
            `MAX_BYTES`, `MAX_PAGES` or `MAX_LETTERS`, or without any text (a scan).
    """
    if not is_pdf(content):
        _refuse("it is none")
    if len(content) > MAX_BYTES:
        _refuse(f"{len(content):,} bytes; {MAX_BYTES:,} may be")
    with _ONE_AT_A_TIME:
        try:
            text = _text(content)
        except pypdfium2.PdfiumError as error:
            encrypted = getattr(error, "err_code", _NEVER) == pypdfium2.raw.FPDF_ERR_PASSWORD
            _refuse("it is encrypted" if encrypted else f"it is damaged or cut off: {error}")
    if not text.strip():
        _refuse("it holds no text, so it may be a scan")
    return text


def _text(content: bytes) -> str:
    with pypdfium2.PdfDocument(content) as document:
        count = len(document)
        if count > MAX_PAGES:
            _refuse(f"{count:,} pages; {MAX_PAGES:,} may be")
        pages, letters = list[str](), 0
        for place in range(count):
            pages.append(_page_text(document, place, MAX_LETTERS - letters))
            letters += len(pages[-1])
        return "\n\f".join(pages)


def _page_text(document: pypdfium2.PdfDocument, place: int, room: int) -> str:
    page = document[place]
    try:
        shown = page.get_textpage()
        try:
            if shown.count_chars() > room:
                _refuse(f"more than {MAX_LETTERS:,} letters")
            return shown.get_text_range().translate(_MARKS)
        finally:
            shown.close()
    finally:
        page.close()


def _refuse(what: str) -> NoReturn:
    raise RowRefusedError(_WHERE, what)
