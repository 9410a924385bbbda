"""Small PDF files with text of any script, made on the spot."""

from collections.abc import Sequence

_FONT = (
    "<< /Type /Font /Subtype /Type0 /BaseFont /Sample /Encoding /Identity-H"
    " /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>"
)
_DESCENDANT = (
    "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Sample /DW 1000"
    " /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
    " /FontDescriptor << /Type /FontDescriptor /FontName /Sample /Flags 4 /Ascent 880"
    " /Descent -120 /CapHeight 700 /ItalicAngle 0 /StemV 80 /FontBBox [0 -120 1000 880] >> >>"
)
# Every code means itself, so that no table of characters is needed.
_TO_UNICODE = (
    "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Same def"
    " /CMapType 2 def 1 begincodespacerange <0000> <FFFF> endcodespacerange"
    " {count} beginbfrange {ranges} endbfrange endcmap end end"
)


def pdf_file(*pages: Sequence[str]) -> bytes:
    """A PDF file whose pages hold these lines, set from top to bottom."""
    letters = sorted({letter for page in pages for line in page for letter in line})
    ranges = " ".join(
        f"<{_code(letter)}> <{_code(letter)}> <{_code(letter)}>" for letter in letters
    )
    kids = " ".join(f"{6 + 2 * place} 0 R" for place in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>",
        _FONT,
        _DESCENDANT,
        _stream(_TO_UNICODE.format(count=len(letters), ranges=ranges)),
    ]
    for place, lines in enumerate(pages):
        objects += [_page(len(lines), 7 + 2 * place), _stream(_content(lines))]
    return _file(objects)


def _page(lines: int, content: int) -> str:
    return (
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 2000 {40 * lines + 80}]"
        f" /Resources << /Font << /F1 3 0 R >> >> /Contents {content} 0 R >>"
    )


def _content(lines: Sequence[str]) -> str:
    top = 40 * len(lines)
    shown = (
        f"1 0 0 1 20 {top - 40 * place} Tm <{''.join(map(_code, line))}> Tj"
        for place, line in enumerate(lines)
    )
    return f"BT /F1 12 Tf {' '.join(shown)} ET"


def _file(objects: Sequence[str]) -> bytes:
    body, places = "%PDF-1.7\n", list[int]()
    for number, text in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{text}\nendobj\n"
    rows = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    table = f"xref\n0 {size}\n0000000000 65535 f \n{rows}"
    end = f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return (body + table + end).encode("ascii")


def _stream(text: str) -> str:
    return f"<< /Length {len(text)} >>\nstream\n{text}\nendstream"


def _code(letter: str) -> str:
    return letter.encode("utf-16-be").hex()
