"""PDF: extracting the text of PDF files, for lists that are published in no other form."""

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import NoReturn, cast

import msgspec
import pypdfium2  # pyright: ignore[reportMissingTypeStubs] - annotated, but without a marker

from abeyance_screening.primitives.errors import RowRefusedError

# The longest list known in this form, Japan's of 748 Russian bodies, has some 130 pages, 2 MB and
# 200,000 letters. The limits are at least ten times that; a decompression bomb goes far beyond.
MAX_BYTES = 50_000_000
MAX_PAGES = 2_000
MAX_LETTERS = 20_000_000
_WHERE = "the PDF file"
_NEVER = -1
# PDFium's own marks for a hyphen at the end of a line and for a letter without a meaning.
_MARKS = str.maketrans({"\ufffe": "-", "\x02": "-", "\x00": None, "\r": None})
# The points of indentation, half a letter's width, for each space at the beginning of a line.
_SPACE = 4
# Lines whose distance exceeds the smallest one by this factor have a blank line between them:
# single spacing varies by a few hundredths within a document, double spacing is twice as wide.
_BLANK = 1.6
# Lines closer than this share of their height overlap: a raised footnote mark and its line.
_OVERLAP = 0.6
# In points; beyond any page, because PDF's own limit is 14,400 points.
_FARTHEST = 20_000.0
# PDFium keeps one state for the whole process and is not thread-safe.
_ONE_AT_A_TIME = threading.Lock()


class _PdfLine(msgspec.Struct, frozen=True):
    """A printed line with its left edge, bottom and height in points, from the page's bottom."""

    text: str
    left: float
    bottom: float
    height: float


def is_pdf(content: bytes) -> bool:
    """Return whether a file begins as a PDF file does."""
    return content[:1_024].lstrip().startswith(b"%PDF-")


def pdf_text(content: bytes) -> str:
    """Return the text of all pages in printed order, line by line, with a form feed between pages.

    Spacing within a line is kept, as is a hyphen at the end of a line.
    """
    return "\n\f".join(_pages(content, _page_text))


def pdf_layout(content: bytes) -> str:
    """Return the text of all pages like `pdf_text`, with indentation and blank lines.

    A line begins with one space for every few points by which it is indented from the leftmost
    line of the file. A raised mark is put on the line that it belongs to.
    """
    pages = [_merged(page) for page in _pages(content, _page_lines)]
    margin = min(line.left for page in pages for line in page)
    closest = min(
        (each for page in pages for each in map(_distance, page, page[1:]) if each > _OVERLAP),
        default=1.0,
    )
    return "\n\f".join("\n".join(_set_out(page, margin, closest)) for page in pages)


def _pages[Page: (str, tuple[_PdfLine, ...])](
    content: bytes, read: Callable[[pypdfium2.PdfTextPage], Page]
) -> list[Page]:
    if not is_pdf(content):
        _refuse("it is no PDF file")
    if len(content) > MAX_BYTES:
        _refuse(f"{len(content):,} bytes; at most {MAX_BYTES:,} are allowed")
    with _ONE_AT_A_TIME:
        try:
            pages = list(_read_pages(content, read))
        except pypdfium2.PdfiumError as error:
            encrypted = getattr(error, "err_code", _NEVER) == pypdfium2.raw.FPDF_ERR_PASSWORD
            _refuse("it is encrypted" if encrypted else f"it is damaged or cut off: {error}")
    if not any(page.strip() if isinstance(page, str) else page for page in pages):
        _refuse("it holds no text, so it may be a scan")
    return pages


def _read_pages[Page](
    content: bytes, read: Callable[[pypdfium2.PdfTextPage], Page]
) -> Iterator[Page]:
    with pypdfium2.PdfDocument(content) as document:
        count, letters = len(document), 0
        if count > MAX_PAGES:
            _refuse(f"{count:,} pages; at most {MAX_PAGES:,} are allowed")
        for place in range(count):
            page = document[place]
            try:
                shown = page.get_textpage()
                try:
                    letters += _count(shown)
                    if letters > MAX_LETTERS:
                        _refuse(f"more than {MAX_LETTERS:,} letters")
                    yield read(shown)
                finally:
                    shown.close()
            finally:
                page.close()


def _page_text(shown: pypdfium2.PdfTextPage) -> str:
    return shown.get_text_range().translate(_MARKS)


def _page_lines(shown: pypdfium2.PdfTextPage) -> tuple[_PdfLine, ...]:
    letters = "".join(_letter(shown, place) for place in range(_count(shown)))
    lines, start = list[_PdfLine](), 0
    for printed in letters.split("\n"):
        text = printed.translate(_MARKS).strip()
        if text:
            first = start + len(printed) - len(printed.lstrip())
            lines.append(_line(shown, first, text))
        start += len(printed) + 1
    return tuple(lines)


def _letter(shown: pypdfium2.PdfTextPage, place: int) -> str:
    return chr(cast("int", pypdfium2.raw.FPDFText_GetUnicode(shown, place)))


def _count(shown: pypdfium2.PdfTextPage) -> int:
    return cast("int", shown.count_chars())


def _line(shown: pypdfium2.PdfTextPage, first: int, text: str) -> _PdfLine:
    box = pypdfium2.raw.FS_RECTF()
    pypdfium2.raw.FPDFText_GetLooseCharBox(shown, first, box)
    bottom = _on_page(box.bottom)
    return _PdfLine(text, _on_page(box.left), bottom, _on_page(box.top) - bottom)


def _on_page(place: float) -> float:
    return place if -_FARTHEST < place < _FARTHEST else 0.0


def _merged(lines: Sequence[_PdfLine]) -> list[_PdfLine]:
    """Join each raised mark with the line that follows."""
    merged = list[_PdfLine]()
    for line in lines:
        before = merged[-1] if merged else None
        if before is not None and before.left < line.left and _distance(before, line) < _OVERLAP:
            text = f"{before.text} {line.text}"
            merged[-1] = _PdfLine(text, before.left, line.bottom, max(before.height, line.height))
        else:
            merged.append(line)
    return merged


def _distance(line: _PdfLine, below: _PdfLine) -> float:
    """Return the distance of two lines as a multiple of the lower one's height."""
    return abs(line.bottom - below.bottom) / below.height if below.height > 0 else 0.0


def _set_out(lines: Sequence[_PdfLine], margin: float, closest: float) -> Iterator[str]:
    for place, line in enumerate(lines):
        if place and _distance(lines[place - 1], line) > _BLANK * closest:
            yield ""
        yield " " * round((line.left - margin) / _SPACE) + line.text


def _refuse(what: str) -> NoReturn:
    raise RowRefusedError(_WHERE, what)
