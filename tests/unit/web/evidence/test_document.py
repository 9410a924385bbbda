"""The PDF read back: what it says, on which pages, and that it is the same each time."""

import subprocess
import sys

import pypdfium2  # pyright: ignore[reportMissingTypeStubs] - annotated, but without a marker
import pytest

from abeyance_screening.features.evidence.pdf_layout import (
    PdfDocument,
    StyledText,
    Swatch,
    break_lines,
)

NAMES = {
    "latin": "Škoda Žižkov ÄÖŞ",
    "cyrillic": "Объединённая авиастроительная корпорация",
    "greek": "Ελληνική Αεροπορική",
    "chinese": "杭州海康威视数字技术股份有限公司",
    "japanese": "株式会社テスト",
    "korean": "조선민주주의인민공화국",
}


def document(*texts: str) -> PdfDocument:
    made = PdfDocument("Evidence", ("Question: one",), ("Screening 1", "sha256 abc"))
    for text in texts:
        made.text((StyledText(text),))
    return made


def pages(pdf: bytes) -> list[str]:
    read = pypdfium2.PdfDocument(pdf)
    return [page.get_textpage().get_text_range() for page in read]


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_name_can_be_read_back_in_its_own_script(name):
    assert name in pages(document(name).pdf())[0]


def test_an_arabic_name_is_drawn_with_letters_of_the_font():
    name = "شركة النفت الوطنية الإيرانية"
    read = pages(document(name).pdf())[0]
    assert any(0x600 <= ord(each) <= 0xFEFF for each in read)
    assert "□" not in read


def test_what_no_font_has_is_a_white_square():
    assert "□□□" in pages(document("ไทย").pdf())[0]


def test_equal_documents_are_equal_bytes():
    assert document(*NAMES.values()).pdf() == document(*NAMES.values()).pdf()


def test_head_foot_and_number_stand_on_every_page():
    read = pages(document(*["A line of text."] * 120).pdf())
    assert len(read) > 1
    for number, text in enumerate(read, start=1):
        assert "Question: one" in text
        assert "sha256 abc" in text
        assert f"Page {number} of {len(read)}" in text


def test_no_line_is_wider_than_the_column():
    address = f"https://example.org/{'a' * 300}"
    for line in break_lines((StyledText(address), StyledText(" and words. " * 20)), 9.5, 200.0):
        assert max(each.x + each.width for each in line) <= 200.5


def test_a_link_leads_where_its_run_says():
    made = document()
    made.text((StyledText("the act", url="https://example.org/act"),))
    assert b"https://example.org/act" in made.pdf()


def test_every_pattern_of_a_lane_is_drawn():
    made = document()
    kinds = ("solid", "relief", "hatch", "cross", "dashed", "outline", "dotted", "frame", "thin")
    for kind in (*kinds, "halves"):
        made.lane((Swatch(0.0, 0.5, kind), Swatch(0.5, 0.5, "mark")))
    picture = pypdfium2.PdfDocument(made.pdf())[0].render(scale=1).to_numpy()
    assert (picture < 128).any()


def test_what_writes_a_pdf_imports_no_numpy():
    # a child process writes it, within some memory
    code = (
        "import sys, abeyance_screening.features.evidence.document; print('numpy' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert said.stdout.strip() == "False"
