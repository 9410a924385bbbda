"""Links found on publishers' pages: the newest file, on a named server, or a refusal."""

from datetime import date
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.lists.catalogue import SOURCE_BY_CODE, SOURCES
from abeyance_screening.engine.lists.catalogue_types import FileLink
from abeyance_screening.engine.lists.links import MAX_BYTES, DatedLink, find_link, read_links
from abeyance_screening.primitives.errors import ListRefusedError

PAGES = Path(__file__).parents[2] / "fixtures" / "pages"
DPL = (PAGES / "bis_dpl.html").read_bytes()
RUSSIA = (PAGES / "meti_russia.html").read_bytes()
METI = "https://www.meti.go.jp/policy/external_economy/trade_control/02_export/17_russia"
ATTACHMENT = "https://www.pmddtc.state.gov/sys_attachment.do?sys_id="
NOTICES = "https://www.federalregister.gov/documents/full_text/text"


def links_of(source: str, offer: int = 0) -> list[FileLink]:
    files = SOURCE_BY_CODE[source].offers[offer].files
    return [each for each in files if isinstance(each, FileLink)]


def found(source: str, content: bytes, offer: int = 0) -> list[DatedLink]:
    return [find_link(source, content, each) for each in links_of(source, offer)]


@pytest.mark.parametrize(
    ("source", "offer", "page", "expected"),
    [
        pytest.param(
            "us_bis_dpl",
            0,
            "bis_dpl.html",
            [
                (
                    "https://media.bis.gov/sites/default/files/dpl_04142026.csv",
                    date(2026, 4, 14),
                )
            ],
            id="DPL by its name",
        ),
        pytest.param(
            "us_bis_dpl",
            1,
            "bis_dpl.html",
            [("https://media.bis.gov/sites/default/files/dpl_04142026.csv", None)],
            id="DPL by its words",
        ),
        pytest.param(
            "jp_meti_ru",
            0,
            "meti_russia.html",
            [
                (f"{METI}/250912_list_russia_tokutei.pdf", date(2025, 9, 12)),
                (f"{METI}/list_belarus_tokutei.pdf", None),
                (f"{METI}/250912_list_daisangoku_tokutei.pdf", date(2025, 9, 12)),
            ],
            id="METI by names",
        ),
        pytest.param(
            "jp_meti_ru",
            1,
            "meti_russia.html",
            [
                (f"{METI}/250912_list_russia_tokutei.pdf", None),
                (f"{METI}/list_belarus_tokutei.pdf", None),
                (f"{METI}/250912_list_daisangoku_tokutei.pdf", None),
            ],
            id="METI by words",
        ),
        pytest.param(
            "jp_meti_eul",
            0,
            "meti_law00.html",
            [("https://www.meti.go.jp/policy/anpo/20250929_4.xlsx", date(2025, 9, 29))],
            id="EUL, newest of two",
        ),
        pytest.param(
            "us_ddtc",
            0,
            "ddtc_article.json",
            [
                (f"{ATTACHMENT}15370fe2977ba21067b1791ad053af0d", None),
                (f"{ATTACHMENT}d78bbc2f1b8f29d0c6c3866ae54bcbd7", None),
            ],
            id="DDTC, first and fourth",
        ),
        pytest.param(
            "us_dod_1260h",
            0,
            "federal_register_1260h.json",
            [(f"{NOTICES}/2026/06/10/2026-11571.txt", date(2026, 6, 10))],
            id="1260H, newest notice of its title",
        ),
    ],
)
def test_a_link_is_found_as_the_metadata_describes_it(
    source: str, offer: int, page: str, expected: list[tuple[str, date | None]]
):
    content = (PAGES / page).read_bytes()
    assert found(source, content, offer) == [DatedLink(*each) for each in expected]


def test_a_page_in_shift_jis_is_read_by_the_encoding_that_it_names():
    page = RUSSIA.decode().replace("UTF-8", "Shift_JIS").encode("cp932")
    assert found("jp_meti_ru", page, 1) == found("jp_meti_ru", RUSSIA, 1)


def test_the_newest_link_is_taken_whatever_the_order_on_the_page():
    older = (
        b'<a href="https://media.bis.gov/sites/default/files/dpl_01022026.csv">Export as CSV</a>'
    )
    newer = older.replace(b"01022026", b"06302026")
    for before, after in ((older, newer), (newer, older)):
        page = DPL.replace(b"<main>", before + b"<main>").replace(b"</main>", after + b"</main>")
        (chosen,) = found("us_bis_dpl", page)
        assert chosen.day == date(2026, 6, 30)


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        pytest.param(b"", "the page is empty", id="nothing"),
        pytest.param(
            DPL.replace(b"dpl_04142026.csv", b"dpl.json"),
            r"has no link to the file \(4 other links\).*denied-persons-list-dpl\)$",
            id="changed",
        ),
        pytest.param(DPL[:-300], "cut off", id="cut"),
        pytest.param(b"%PDF-1.7 anything", "no HTML page", id="another type of file"),
        pytest.param(b'{"results": [', "not JSON, or is cut off", id="JSON cut"),
        pytest.param(b"[" * 100_000, "not JSON, or is cut off", id="JSON without end"),
        pytest.param(b"<html>" + b" " * MAX_BYTES + b"</html>", "at most 5,000,000", id="huge"),
        pytest.param(
            DPL.replace(b"https://media.bis.gov/", b"https://media.bis.gov.example/"),
            "leads to media.bis.gov.example, which is not of bis.gov",
            id="another server",
        ),
        pytest.param(
            DPL.replace(b"https://media.bis.gov/", b"https://evilbis.gov/"),
            "leads to evilbis.gov, which is not of bis.gov",
            id="a server that ends alike",
        ),
        pytest.param(
            DPL.replace(b"https://media.bis.gov/", b"https://media.bis.gov@example.org/"),
            "not to plain https",
            id="a server behind a user name",
        ),
        pytest.param(
            DPL.replace(b"https://media.bis.gov/", b"http://media.bis.gov/"),
            "leads to http://media.bis.gov, not to plain https",
            id="without encryption",
        ),
        pytest.param(
            DPL.replace(b"https://media.bis.gov/", b"https://media.bis.gov:8443/"),
            "not to plain https",
            id="another port",
        ),
        pytest.param(
            DPL.replace(b"https://media.bis.gov/", b"https://127.0.0.1/"),
            "leads to 127.0.0.1, which is not of bis.gov",
            id="this machine",
        ),
        pytest.param(
            DPL.replace(
                b"</main>",
                b'<a href="https://media.bis.gov/sites/x/dpl_04142026.csv">again</a></main>',
            ),
            "has 2 such links, not told apart",
            id="two of one day",
        ),
    ],
)
def test_a_page_without_the_one_link_is_refused(page: bytes, reason: str):
    with pytest.raises(ListRefusedError, match=reason):
        found("us_bis_dpl", page)


def test_a_lone_link_needs_no_day():
    (chosen,) = found("us_bis_dpl", DPL.replace(b"dpl_04142026", b"dpl_13142026"))
    assert chosen.day is None


def test_a_day_on_one_link_and_none_on_another_are_not_told_apart():
    both = RUSSIA.replace(
        b"</div>", b'<a href="list_russia_tokutei.pdf">older, or newer</a></div>'
    )
    with pytest.raises(ListRefusedError, match="2 such links, not told apart"):
        found("jp_meti_ru", both)


def test_fewer_attachments_than_the_position_are_refused():
    page = (PAGES / "ddtc_article.json").read_bytes().replace(b"sys_id&#61;0", b"id&#61;0")
    with pytest.raises(ListRefusedError, match="has 2 such links, not told apart"):
        found("us_ddtc", page)


def test_an_address_is_relative_to_the_page_unless_the_page_says_otherwise():
    page = b'<html><base href="/a/b/"><a href=" c d.pdf#p2 ">x</a><a>y</a></html>'
    (link,) = read_links("x", page, "https://example.org/z/page.html")
    assert link.address == "https://example.org/a/b/c%20d.pdf"


def test_every_page_and_pattern_of_the_catalogue_holds():
    """A page is https on one of the servers named, and a way after the first has a name."""
    for source in SOURCES:
        for place, offer in enumerate(source.offers):
            assert offer.what or place == 0, source.code
            for each in offer.files:
                address = each if isinstance(each, str) else each.page
                assert address.startswith("https://"), source.code
                if isinstance(each, FileLink):
                    assert find_page(each), source.code


def find_page(link: FileLink) -> bool:
    """Whether a link to the page itself would be followed."""
    own = msgspec.structs.replace(link, address="^https://", text="", position=1)
    content = f'<html><a href="{link.page}">x</a></html>'.encode()
    return find_link("any", content, own).address == link.page


@given(
    st.binary(max_size=300)
    | st.text(max_size=200).map(lambda text: f"<html>{text}</html>".encode())
)
def test_whatever_a_page_holds_is_read_or_refused(content: bytes):
    try:
        links = read_links("any", content, "https://example.org/")
    except ListRefusedError:
        return
    assert all(link.address.isprintable() for link in links)
