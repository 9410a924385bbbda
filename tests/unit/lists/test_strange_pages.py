"""A page in place of a file: a captcha is told from a list that has changed."""

import re
from pathlib import Path

import pytest

from abeyance_screening.engine.lists.catalogue import SOURCE_BY_CODE, SOURCES
from abeyance_screening.engine.lists.catalogue_types import FileLink
from abeyance_screening.engine.lists.edition import GivenFile
from abeyance_screening.engine.lists.formats import is_strange_page, read_files
from abeyance_screening.primitives.errors import ListRefusedError, StrangePageError
from tests.cases import for_each

FIXTURES = Path(__file__).parents[2] / "fixtures"
STRANGE = sorted((FIXTURES / "strange_pages").glob("*.*t*"))
FETCHED = [source.code for source in SOURCES if source.offers]
# Files as published, or set out as published, with the source that reads them.
FILES = {
    "ca_nro/named-research-organizations.html": "ca_nro",
    "pl_mswia/lista.html": "pl_mswia",
    "us_fcc/2026-07-24_coveredlist.html": "us_fcc",
    "us_state_crl/2025-07-14_cuba-restricted-list.html": "us_state_crl",
    "us_uflpa/2026-07-24_uflpa-entity-list.html": "us_uflpa",
    "us_dod_1260h/2025-01-07_notice.txt": "us_dod_1260h",
    "be_finance/consolidated-list.csv": "be_finance",
    "cz_mzv/seznam.csv": "cz_mzv",
    "jp_mof/shisantouketsu.csv": "jp_mof",
    "tw_shtc/SHTCEntityList.csv": "tw_shtc",
    "uk_sl/UK-Sanctions-List.csv": "uk_sl",
    "us_bis_dpl/dpl_2026-04-14.csv": "us_bis_dpl",
    "us_csl/consolidated_2023.csv": "us_csl",
    "us_ddtc/administrative_2026-06-18.csv": "us_ddtc",
    "us_ddtc/statutory_2026-06-18.csv": "us_ddtc",
    "eu_fsf/csv_2020_format_1_1.csv": "eu_fsf",
    "eu_fsf/csv_2018_format_1_0.csv": "eu_fsf",
}
LINK_PAGES = {
    "pages/bis_dpl.html": "us_bis_dpl",
    "pages/meti_law00.html": "jp_meti_eul",
    "pages/meti_russia.html": "jp_meti_ru",
    "places/cz-mfa-open-data.html": "cz_mzv",
}
PAGES = [each for each in (*FILES, *LINK_PAGES) if each.endswith("html")]


def content_of(place: str) -> bytes:
    return (FIXTURES / place).read_bytes()


def read(source: str, content: bytes) -> None:
    read_files(source, [GivenFile("file", content)], sources=[source])


@pytest.mark.parametrize("page", STRANGE, ids=[each.name for each in STRANGE])
@for_each("source", {each: each for each in FETCHED})
def test_a_captcha_is_no_file_of_any_list(source: str, page: Path):
    with pytest.raises(StrangePageError, match="without a title, a heading or a column"):
        read(source, page.read_bytes())


def test_there_are_pages_and_messages():
    assert len(STRANGE) == 11
    assert len(FETCHED) >= 27


@pytest.mark.parametrize("place", FILES)
def test_a_file_that_is_cut_or_changed_is_refused_as_a_file(place: str):
    source, content = FILES[place], content_of(place)
    for changed in (content, content[: len(content) // 2], content[: len(content) // 4]):
        assert not is_strange_page([source], changed)
    unknown = re.sub(rb"(?i)<title>.*?</title>|<h1[^>]*>.*?</h1>", b"<title>New</title>", content)
    assert not is_strange_page([source], unknown)
    with pytest.raises(ListRefusedError) as refused:
        read(source, unknown.replace(b"\n", b"\n\x00", 1))
    assert not isinstance(refused.value, StrangePageError)


@pytest.mark.parametrize("place", PAGES)
def test_a_page_with_another_title_is_still_the_lists(place: str):
    source = (FILES | LINK_PAGES)[place]
    text = content_of(place).decode()
    assert not is_strange_page([source], text.encode())
    untitled = re.sub(r"(?is)<title\b.*?</title>", "<title>Page</title>", text)
    assert not is_strange_page([source], untitled.encode())


@pytest.mark.parametrize("place", [each for each in FILES if each.endswith("csv")])
def test_a_header_with_one_known_column_is_still_the_lists(place: str):
    """All columns but one are renamed, and there is no entry."""
    source = FILES[place]
    header = content_of(place).decode("utf-8-sig", "replace").splitlines()[:2]
    known = [mark for mark in SOURCE_BY_CODE[source].marks if mark in "".join(header)]
    assert known
    for mark in known:
        assert not is_strange_page([source], f"a,b,{mark},c\n".encode())
    assert is_strange_page([source], b"a,b,c\n")
    assert not is_strange_page([source], b"a,b,c\n1,2,3\n")


def test_a_long_text_is_no_message():
    assert not is_strange_page(["us_bis_dpl"], b"a,b,c\n" * 1000)


def test_what_is_neither_page_nor_text_is_no_message():
    for content in (b"", b"{}", b"[]", b"%PDF-1.7", b"PK\x03\x04", b"<list/>", b"\x00\x01"):
        assert not is_strange_page(["un_sc"], content)


def test_every_source_whose_link_is_on_a_page_of_html_is_tried():
    tried = set(LINK_PAGES.values())
    html = {
        source.code
        for source in SOURCES
        for offer in source.offers
        for file in offer.files
        if isinstance(file, FileLink) and "api" not in file.page
    }
    # no page of these was at hand; their titles are in the catalogue
    assert html - tried == {"us_cbp_wro", "jp_mof", "un_sc", "uk_sl", "au_dfat"}


def test_a_page_of_ones_own_list_is_refused_as_before():
    with pytest.raises(ListRefusedError) as refused:
        read_files(
            "mine", [GivenFile("x", STRANGE[0].read_bytes())], sources=["own"], list_code="mine"
        )
    assert not isinstance(refused.value, StrangePageError)
