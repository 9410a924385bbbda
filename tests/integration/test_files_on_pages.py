"""Refreshing lists that are found on a page, and lists that have further addresses and formats."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from abeyance_screening.engine.lists.catalogue import LIST_BY_CODE, SOURCE_BY_CODE
from abeyance_screening.engine.lists.catalogue_types import ListSource
from abeyance_screening.engine.lists.load import LoadReport
from abeyance_screening.engine.lists.refresh import Refresher
from abeyance_screening.engine.screening.answer import ListCoverage
from abeyance_screening.engine.screening.coverage import coverage_of
from abeyance_screening.platform.download import Patience
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.postgres.migrations import migrate
from abeyance_screening.platform.publishers import HttpPublisher
from abeyance_screening.platform.sandbox.list_reader import ReaderHere
from abeyance_screening.platform.stores.connection import StoreOnConnection
from abeyance_screening.platform.stores.lists import every_download
from abeyance_screening.primitives.days import Days
from tests.publisher import Publisher

FIXTURES = Path(__file__).parents[1] / "fixtures"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
IMPATIENT = Patience(
    tries=2, connect_s=2, read_s=0.3, total_s=2, first_wait_s=0, max_bytes=400_000
)
PAGE = "/www.bis.gov/licensing/end-user-guidance/denied-persons-list-dpl"
FILE = "/media.bis.gov/sites/default/files/dpl_04142026.csv"
UN = "/scsanctions.un.org/resources/xml/en/consolidated.xml"
UN_AGAIN = "/unsolprodfiles.blob.core.windows.net/publiclegacyxmlfiles/EN/consolidated.xml"
OFAC = "/sanctionslistservice.ofac.treas.gov/api"
CONS = f"{OFAC}/PublicationPreview/exports/CONS_ENHANCED.ZIP"
CONS_AGAIN = f"{OFAC}/download/CONS_ENHANCED.ZIP"
CLASSIC = f"{OFAC}/PublicationPreview/exports/CONSOLIDATED.XML"


def page(name: str) -> bytes:
    return (FIXTURES / "pages" / name).read_bytes()


def dpl() -> bytes:
    return (FIXTURES / "us_bis_dpl" / "dpl_2026-04-14.csv").read_bytes()


def un(day: str = "2026-11-24") -> bytes:
    content = (FIXTURES / "un_sc" / "consolidated_2026.xml").read_bytes()
    return content.replace(b"2026-02-27T00:00:09.554Z", f"{day}T00:00:09Z".encode())


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher() as publisher:
        yield publisher


class Round:
    """Refreshes one source again and again, an hour apart, from a mirror on this machine."""

    def __init__(self, dsn: str, store: StoreOnConnection, publisher: Publisher) -> None:
        self.store = store
        self.now = NOW
        self._dsn = dsn
        self._asked = HttpPublisher(publisher.url(""), IMPATIENT)

    async def __call__(self, code: str) -> tuple[LoadReport, ...]:
        source: ListSource = SOURCE_BY_CODE[code]
        async with connected(self._dsn) as connection:
            last = (await every_download(connection)).get(code)
        refresher = Refresher(self.store, self._asked, ReaderHere(), self.now)
        reports = await refresher.refresh(source, last)
        self.now += timedelta(hours=1)
        return reports

    async def covered(self, code: str) -> ListCoverage:
        today = NOW.date()
        lists = await self.store.read_lists()
        return coverage_of(lists, (code,), Days(as_of=today, known_at=today)).lists[0]


@pytest.fixture
async def again(fresh_database: str, publisher: Publisher) -> AsyncIterator[Round]:
    async with connected(fresh_database) as connection:
        await migrate(connection)
        await connection.execute(
            "truncate listing_version, edition, load_attempt, download cascade"
        )
        yield Round(fresh_database, StoreOnConnection(connection), publisher)


# --- A file found on a page.


async def test_a_file_is_found_on_its_page_and_dated_by_its_link(
    again: Round, publisher: Publisher
):
    publisher.serve(PAGE, page("bis_dpl.html"))
    publisher.serve(FILE, dpl())
    (report,) = await again("us_bis_dpl")
    assert (report.outcome, report.published_on) == ("loaded", date(2026, 4, 14))
    (report,) = await again("us_bis_dpl")
    assert report.outcome == "unchanged"
    assert (await again.covered("us_bis_dpl")).confirmed_on == NOW.date()


async def test_a_new_link_brings_the_new_file(again: Round, publisher: Publisher):
    publisher.serve(PAGE, page("bis_dpl.html"))
    publisher.serve(FILE, dpl())
    await again("us_bis_dpl")
    publisher.serve(PAGE, page("bis_dpl.html").replace(b"04142026", b"11232026"))
    publisher.serve(FILE.replace("04142026", "11232026"), dpl() + b"\r\n")
    (report,) = await again("us_bis_dpl")
    assert (report.outcome, report.published_on) == ("loaded", date(2026, 11, 23))


async def test_an_older_link_is_not_taken_for_a_new_file(again: Round, publisher: Publisher):
    publisher.serve(PAGE, page("bis_dpl.html"))
    publisher.serve(FILE, dpl())
    await again("us_bis_dpl")
    publisher.serve(PAGE, page("bis_dpl.html").replace(b"04142026", b"03022026"))
    publisher.serve(FILE.replace("04142026", "03022026"), dpl() + b"\r\n")
    (report,) = await again("us_bis_dpl")
    assert report.outcome == "refused"
    assert "published 2026-03-02, but the current edition is of 2026-04-14" in (
        report.reason or ""
    )


async def test_of_several_days_the_newest_workbook_is_taken(again: Round, publisher: Publisher):
    site = "/www.mof.go.jp/policy/international_policy/gaitame_kawase/gaitame/economic_sanctions"
    days = ("20251226", "20260305", "20260130")
    links = "".join(f'<li><a href="shisantouketsu{day}.xlsx">{day}</a></li>' for day in days)
    publisher.serve(f"{site}/list.html", f"<html><body><ul>{links}</ul></body></html>".encode())
    workbook = (FIXTURES / "jp_mof" / "2026-03-05_shisantouketsu.xlsx").read_bytes()
    publisher.serve(f"{site}/shisantouketsu20260305.xlsx", workbook)
    (report,) = await again("jp_mof")
    assert (report.outcome, report.published_on) == ("loaded", date(2026, 3, 5))


async def test_several_files_are_found_on_one_page_that_is_asked_once(
    again: Round, publisher: Publisher
):
    site = "/www.pmddtc.state.gov"
    publisher.serve(
        f"{site}/api/now/sp/page?id=ddtc_kb_article_page&kb_number=KB0010126",
        page("ddtc_article.json"),
    )
    for number, name in (
        ("15370fe2977ba21067b1791ad053af0d", "statutory_2026-06-18.csv"),
        ("d78bbc2f1b8f29d0c6c3866ae54bcbd7", "administrative_2026-06-18.csv"),
    ):
        publisher.serve(
            f"{site}/sys_attachment.do?sys_id={number}", (FIXTURES / "us_ddtc" / name).read_bytes()
        )
    (report,) = await again("us_ddtc")
    assert report.outcome == "loaded"
    assert len(publisher.requests) == 3


async def test_a_notice_is_found_by_the_federal_registers_search(
    again: Round, publisher: Publisher
):
    search, text = (
        next(each for each in publisher_paths() if "api/v1" in each),
        "/www.federalregister.gov/documents/full_text/text/2025/01/07/2025-00070.txt",
    )
    answer = page("federal_register_1260h.json").replace(b"2026/06/10", b"2024/06/10")
    notice = (FIXTURES / "us_dod_1260h" / "2025-01-07_notice.txt").read_text()
    wrapped = notice.replace("&", "&amp;").replace("www.gpo.gov", '<a href="#">www.gpo.gov</a>')
    publisher.serve(search, answer)
    publisher.serve(
        text,
        f"<html>\n<head><title>Federal Register</title></head>\n<body><pre>\n{wrapped}</pre>"
        "</body></html>\n".encode(),
    )
    (report,) = await again("us_dod_1260h")
    # A sample of ten companies is without the name that has been on the list for years.
    assert "'Aviation Industry Corporation of China Ltd.'" in (report.reason or "")


def publisher_paths() -> list[str]:
    (link,) = SOURCE_BY_CODE["us_dod_1260h"].links
    return [link.page.removeprefix("https:/")]


@pytest.mark.parametrize(
    ("fault", "outcome", "reason"),
    [
        pytest.param((PAGE, "html", {}), "unreachable", "page", id="maintenance"),
        pytest.param(
            (PAGE, "redirect", {"to": "http://169.254.169.254/latest"}),
            "unreachable",
            "not to https",
            id="the page to a private address",
        ),
        pytest.param(
            (PAGE, "redirect", {"to": "https://example.org/"}),
            "unreachable",
            "which is not of bis.gov",
            id="the page to another server",
        ),
        pytest.param(
            (FILE, "redirect", {"to": "https://localhost/dpl.csv"}),
            "unreachable",
            "which is not of bis.gov",
            id="the file to this machine",
        ),
        pytest.param(
            (PAGE, "cut", {"after": 300}), "unreachable", "cut off after 300", id="page cut"
        ),
        pytest.param(
            (FILE, "cut", {"after": 300}), "unreachable", "cut off after 300", id="file cut"
        ),
        pytest.param(
            (FILE, "cut", {"after": 700, "is_announced": False}),
            "refused",
            "us_bis_dpl|line|cells|cut",
            id="cut without a sign",
        ),
        pytest.param(
            (PAGE, "bomb", {"size": 5_000_000}), "unreachable", "more than 400,000", id="bomb"
        ),
        pytest.param(
            (FILE, "bomb", {"size": 5_000_000}), "unreachable", "more than 400,000", id="file bomb"
        ),
        pytest.param(
            (FILE, "dribble", {"every_s": 0.02}),
            "unreachable",
            "not complete within 2 s|less than 1,000 bytes a second",
            id="endless",
        ),
        pytest.param(
            (FILE, "html", {}),
            "unreachable",
            "page",
            id="a page in the file's place",
        ),
        pytest.param((FILE, "status", {"code": 404}), "unreachable", "answered 404", id="gone"),
    ],
)
async def test_a_fault_leaves_the_edition_and_is_said(
    again: Round,
    publisher: Publisher,
    fault: tuple[str, str, dict[str, Any]],
    outcome: str,
    reason: str,
):
    publisher.serve(PAGE, page("bis_dpl.html"))
    publisher.serve(FILE, dpl())
    await again("us_bis_dpl")
    path, kind, how = fault
    publisher.fault(path, kind, **how)
    (report,) = await again("us_bis_dpl")
    assert report.outcome == outcome
    assert any(each in (report.in_full or "") for each in reason.split("|"))
    assert "://" not in (report.reason or "")
    covered = await again.covered("us_bis_dpl")
    assert covered.entry_count
    assert covered.state == ("kept" if outcome == "refused" else "fresh")


# --- Further addresses and formats.


async def test_a_second_address_is_asked_when_the_first_is_gone(
    again: Round, publisher: Publisher
):
    publisher.fault(UN, "status", code=404)
    publisher.serve(UN_AGAIN, un())
    (report,) = await again("un_sc")
    assert report.outcome == "loaded"
    expected = "read from the United Nations' storage, because the server answered 404"
    assert report.reason == expected
    assert "/scsanctions.un.org/resources/xml/en/consolidated.xml: " in (report.detail or "")
    covered = await again.covered("un_sc")
    assert (covered.state, covered.reason) == ("fresh", expected)


async def test_the_first_address_is_preferred_again_and_in_full(
    again: Round, publisher: Publisher
):
    publisher.serve(UN, un(), last_modified=NOW)
    publisher.serve(UN_AGAIN, un(), last_modified=NOW)
    publisher.fault(UN, "status", code=404, times=1)
    await again("un_sc")
    (report,) = await again("un_sc")
    assert (report.outcome, report.reason) == ("unchanged", None)
    assert "if-modified-since" not in publisher.asked(UN)[-1].headers
    assert (await again.covered("un_sc")).reason is None


async def test_another_format_is_read_when_the_preferred_one_is_refused(
    again: Round, publisher: Publisher
):
    publisher.serve(CONS, b"<sanctionsData>cut")
    publisher.fault(CONS_AGAIN, "status", code=503)
    publisher.serve(CLASSIC, classic())
    reports = await again("us_ofac_cons")
    assert {each.outcome for each in reports} <= {"loaded", "refused"}
    loaded = [each for each in reports if each.outcome == "loaded"]
    assert loaded
    for each in loaded:
        assert "read from CONSOLIDATED.XML, because CONS_ENHANCED.ZIP" in (each.reason or "")
        assert "; then /api/download/CONS_ENHANCED.ZIP: the server" in (each.reason or "")
        assert "; then /api/download/CONS_ENHANCED.ZIP: https://" in (each.detail or "")


def classic() -> bytes:
    return next((FIXTURES / "us_ofac").glob("consolidated*.xml")).read_bytes()


async def test_where_every_way_fails_all_are_named_and_the_edition_stays(
    again: Round, publisher: Publisher
):
    publisher.serve(UN, un())
    await again("un_sc")
    publisher.serve(UN, un()[:9_000])
    (report,) = await again("un_sc")
    assert report.outcome == "refused"
    reason, detail = report.reason or "", report.detail or ""
    assert "not well-formed XML" in reason
    assert "; then the United Nations' storage: the server answered 404" in reason
    assert "; then the United Nations' storage: https://unsolprodfiles" in detail
    assert "; then the link on the list's page: https://main.un.org/" in detail
    covered = await again.covered("un_sc")
    assert covered.state == "kept"
    assert "the United Nations' storage" in (covered.reason or "")
    assert "://" not in (covered.reason or "")


async def test_an_older_file_at_a_further_address_is_refused(again: Round, publisher: Publisher):
    publisher.serve(UN, un())
    await again("un_sc")
    publisher.fault(UN, "status", code=500)
    publisher.serve(UN_AGAIN, un("2026-11-20"))
    (report,) = await again("un_sc")
    assert report.outcome == "refused"
    assert "but the current edition is of" in (report.reason or "")


def test_every_list_that_a_program_can_get_has_a_way():
    by_hand = {code for code, each in SOURCE_BY_CODE.items() if not each.offers}
    # EUR-Lex's consolidated texts have an address for each day, SAM, NSDC and the World Bank want
    # a key of one's own.
    keyed = {"us_sam", "ua_nsdc", "wb_debarred"}
    assert by_hand - keyed == {
        *("cn_announcements", "eu_annexes_765", "eu_annexes_833", "named_in_measures"),
        "uk_ofsi",
    }
    assert all(LIST_BY_CODE[code].only_if_loaded for code in (*keyed, "uk_ofsi"))
