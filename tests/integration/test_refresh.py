"""Refreshing from a publisher that has every fault a publisher has."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from abeyance_screening.engine.lists.catalogue import SOURCE_BY_CODE
from abeyance_screening.engine.lists.edition import Download, GivenFile
from abeyance_screening.engine.lists.load import ListFiles, LoadReport, load_files, whole_source
from abeyance_screening.engine.lists.refresh import Refresher, is_due
from abeyance_screening.engine.screening.answer import ListCoverage
from abeyance_screening.engine.screening.coverage import coverage_of
from abeyance_screening.features.lists.refresh import refresh_lists, sources_to_refresh
from abeyance_screening.platform.download import Patience
from abeyance_screening.platform.postgres.database import connected, refreshing
from abeyance_screening.platform.postgres.migrations import migrate
from abeyance_screening.platform.publishers import HttpPublisher
from abeyance_screening.platform.sandbox.list_reader import ReaderHere
from abeyance_screening.platform.settings import Settings
from abeyance_screening.platform.stores.connection import StoreOnConnection
from abeyance_screening.platform.stores.lists import every_download
from abeyance_screening.primitives.days import Days
from abeyance_screening.primitives.errors import (
    BadInputError,
    ListRefusedError,
    RefreshingElsewhereError,
)
from tests.publisher import Publisher

FIXTURES = Path(__file__).parents[1] / "fixtures"
STRANGE = {
    each.name: each.read_bytes() for each in sorted((FIXTURES / "strange_pages").glob("*.*t*"))
}
UN = SOURCE_BY_CODE["un_sc"]
PATH = "/scsanctions.un.org/resources/xml/en/consolidated.xml"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
IMPATIENT = Patience(tries=2, connect_s=2, read_s=1, total_s=3, first_wait_s=0)


def un_file(generated: str = "2026-11-24T00:00:09Z", name: str = "AL-QAIDA") -> bytes:
    parties = (FIXTURES / "un_sc" / "consolidated_2026.xml").read_bytes()
    return parties.replace(b"2026-02-27T00:00:09.554Z", generated.encode()).replace(
        b"AL-QAIDA", name.encode()
    )


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher() as publisher:
        yield publisher


@pytest.fixture
async def store(fresh_database: str) -> AsyncIterator[StoreOnConnection]:
    async with connected(fresh_database) as connection:
        await migrate(connection)
        await connection.execute(
            "truncate listing_version, edition, load_attempt, download cascade"
        )
        yield StoreOnConnection(connection)


class Round:
    """Refreshes the UN list again and again, an hour apart."""

    def __init__(self, dsn: str, store: StoreOnConnection, publisher: Publisher) -> None:
        self.store = store
        self.publisher = publisher
        self.now = NOW
        self.dsn = dsn

    async def __call__(self) -> LoadReport:
        last = await self.last()
        asked = HttpPublisher(self.publisher.url(""), IMPATIENT)
        (report,) = await Refresher(self.store, asked, ReaderHere(), self.now).refresh(UN, last)
        self.now += timedelta(hours=1)
        return report

    async def last(self) -> Download | None:
        async with connected(self.dsn) as connection:
            return (await every_download(connection)).get("un_sc")

    async def covered(self) -> ListCoverage:
        today = NOW.date()
        lists = await self.store.read_lists()
        return coverage_of(lists, ("un_sc",), Days(as_of=today, known_at=today)).lists[0]


@pytest.fixture
def again(fresh_database: str, store: StoreOnConnection, publisher: Publisher) -> Round:
    publisher.serve(PATH, un_file())
    return Round(fresh_database, store, publisher)


async def test_a_first_edition_comes_in_and_counts_from_now(again: Round):
    report = await again()
    assert (report.outcome, report.listed) == ("loaded", 23)
    covered = await again.covered()
    assert (covered.state, covered.confirmed_on) == ("fresh", NOW.date())


async def test_what_has_not_changed_is_asked_for_by_its_tag_and_not_sent_again(again: Round):
    await again()
    assert (await again()).outcome == "unchanged"
    first, second = again.publisher.asked(PATH)
    assert "if-none-match" not in first.headers
    assert "if-none-match" in second.headers
    (edition,) = (await again.store.read_lists()).editions
    assert edition.confirmed_at == NOW + timedelta(hours=1)


async def test_the_same_bytes_under_a_new_tag_are_no_new_edition(again: Round):
    await again()
    again.publisher.serve(PATH, un_file(), etag='"other"')
    assert (await again()).outcome == "unchanged"
    assert len((await again.store.read_lists()).editions) == 1


async def test_what_an_earlier_release_read_is_sent_and_read_again(again: Round):
    await again()
    async with connected(again.dsn) as connection:
        await connection.execute("update edition set reader = reader - 1")
    report = await again()
    assert "if-none-match" not in again.publisher.asked(PATH)[-1].headers
    assert (report.outcome, report.reason) == ("loaded", None)
    assert (await again.covered()).state == "fresh"
    assert (await again()).outcome == "unchanged"


async def test_a_file_that_came_by_hand_in_between_is_not_taken_for_confirmed(again: Round):
    await again()
    by_hand = ListFiles(
        wanted=whole_source("un_sc"),
        files=(GivenFile("by hand", un_file("2026-11-24T06:00:00Z")),),
    )
    await load_files(again.store, by_hand, again.now, ReaderHere())
    report = await again()
    assert "if-none-match" not in again.publisher.asked(PATH)[-1].headers
    assert report.outcome == "refused"
    assert "a newer edition has replaced this one already" in (report.reason or "")


@pytest.mark.parametrize(
    ("fault", "options", "reason"),
    [
        pytest.param("status", {"code": 503}, "the server answered 503", id="down"),
        pytest.param("status", {"code": 404}, "the server answered 404", id="moved away"),
        pytest.param("cut", {"after": 1000}, "cut off after 1,000", id="cut in the middle"),
        pytest.param("hang", {}, "no answer", id="silent"),
        pytest.param("reset", {}, "", id="reset"),
    ],
)
async def test_a_publisher_out_of_reach_leaves_the_edition_and_its_state(
    again: Round, fault: str, options: dict[str, int], reason: str
):
    await again()
    again.publisher.fault(PATH, fault, **options)
    report = await again()
    assert report.outcome == "unreachable"
    assert reason in (report.reason or "")
    covered = await again.covered()
    assert (covered.state, covered.entry_count) == ("fresh", 23)
    last = await again.last()
    assert last is not None
    assert last.failures == 1


@pytest.mark.parametrize("page", STRANGE.values(), ids=STRANGE)
async def test_a_captcha_in_place_of_the_file_leaves_the_edition_and_its_state(
    again: Round, page: bytes
):
    await again()
    again.publisher.serve(PATH, page, etag='"captcha"')
    report = await again()
    assert report.outcome == "unreachable"
    assert "such as a captcha or a notice" in (report.reason or "")
    covered = await again.covered()
    assert (covered.state, covered.entry_count) == ("fresh", 23)
    again.publisher.serve(PATH, un_file())
    assert (await again()).outcome == "unchanged"


@pytest.mark.parametrize(
    ("page", "outcome"),
    [
        pytest.param(STRANGE["cloudflare.html"], "unreachable", id="a captcha"),
        pytest.param(
            (FIXTURES / "pages" / "bis_dpl.html").read_bytes().replace(b".csv", b".ods"),
            "refused",
            id="its page without the link",
        ),
    ],
)
async def test_a_page_that_should_have_the_link_is_told_from_a_captcha(
    store: StoreOnConnection, publisher: Publisher, page: bytes, outcome: str
):
    source = SOURCE_BY_CODE["us_bis_dpl"]
    publisher.serve("/www.bis.gov/licensing/end-user-guidance/denied-persons-list-dpl", page)
    asked = HttpPublisher(publisher.url(""), IMPATIENT)
    (report,) = await Refresher(store, asked, ReaderHere(), NOW).refresh(source, None)
    assert report.outcome == outcome


async def test_a_captcha_that_an_operator_loads_by_hand_is_refused(store: StoreOnConnection):
    file = GivenFile("captcha.html", STRANGE["captcha.html"])
    given = ListFiles(wanted=whole_source("un_sc"), files=(file,))
    with pytest.raises(ListRefusedError, match=r"captcha\.html is an HTML page without"):
        await load_files(store, given, NOW, ReaderHere())
    (attempt,) = (await store.read_lists()).attempts
    assert attempt.outcome == "refused"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "the file is empty", id="no byte"),
        pytest.param(
            b"<!DOCTYPE html><html><h1>Security Council Consolidated List</h1></html>",
            "HTML page",
            id="a page of the list",
        ),
        pytest.param(un_file()[:9000], "not well-formed XML at line", id="truncated"),
        pytest.param(
            un_file().replace(b"ENTITIES>", b"THINGS>"), "unknown element", id="a new section"
        ),
        pytest.param(un_file().decode().encode("utf-16"), "UTF-16", id="another encoding"),
        pytest.param(un_file(name="SOMEBODY"), "'AL-QAIDA', which has been on", id="no canary"),
        pytest.param(un_file("2026-11-23T00:00:09Z"), "published 2026-11-23", id="older"),
    ],
)
async def test_a_broken_file_leaves_the_edition_and_every_answer_says_so(
    again: Round, content: bytes, reason: str
):
    await again()
    again.publisher.serve(PATH, content, etag='"broken"')
    report = await again()
    assert report.outcome == "refused"
    assert reason in (report.reason or "")
    covered = await again.covered()
    assert (covered.state, covered.entry_count) == ("kept", 23)
    assert reason in (covered.reason or "")
    again.publisher.serve(PATH, un_file("2026-11-24T08:00:00Z"))
    assert (await again()).outcome == "loaded"
    assert (await again.covered()).state == "fresh"


async def test_a_refused_file_is_asked_for_in_full_the_next_time(again: Round):
    again.publisher.serve(PATH, un_file()[:9000], etag='"cut"')
    await again()
    await again()
    assert all("if-none-match" not in each.headers for each in again.publisher.asked(PATH))


async def test_a_passing_fault_is_not_even_noticed(again: Round):
    again.publisher.fault(PATH, "status", code=503, times=1)
    assert (await again()).outcome == "loaded"
    assert len(again.publisher.asked(PATH)) == 2


@pytest.mark.parametrize(
    ("failures", "after", "due"),
    [
        pytest.param(0, timedelta(hours=6), True, id="its time has come"),
        pytest.param(0, timedelta(hours=5, minutes=59), False, id="a minute before"),
        pytest.param(1, timedelta(minutes=10), True, id="soon after a failure"),
        pytest.param(2, timedelta(minutes=19), False, id="later after two"),
        pytest.param(2, timedelta(minutes=20), True, id="twice as late after two"),
        pytest.param(90, timedelta(hours=6), True, id="never later than its usual time"),
    ],
)
def test_a_source_is_due_by_its_schedule(failures: int, after: timedelta, due: bool):
    last = Download(source="un_sc", tried_at=NOW, failures=failures, seen=(), sha256=None)
    assert is_due(UN, last, NOW + after) is due


def test_a_source_never_tried_is_due_unless_it_has_no_address():
    assert is_due(UN, None, NOW)
    assert not is_due(SOURCE_BY_CODE["cn_announcements"], None, NOW)


async def test_only_one_of_many_processes_refreshes(again: Round, fresh_database: str):
    publisher = again.publisher
    settings = Settings(data_dir=Path(), mirror=publisher.url(""))
    async with connected(fresh_database) as other, refreshing(other) as is_theirs:
        assert is_theirs
        rounds = refresh_lists(settings, fresh_database, (UN,), only_due=False)
        with pytest.raises(RefreshingElsewhereError):
            await anext(rounds)
    rounds = refresh_lists(settings, fresh_database, (UN,), only_due=False)
    assert [source.code async for source, _ in rounds] == ["un_sc"]
    rounds = refresh_lists(settings, fresh_database, (UN,), only_due=True)
    assert [source.code async for source, _ in rounds] == []


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        pytest.param("my_list", "has no publisher", id="an own list"),
        pytest.param("cn_uel", "no permanent download address", id="without an address"),
        pytest.param("No list", "is no list code", id="nothing"),
    ],
)
def test_what_cannot_be_downloaded_is_refused_by_name(name: str, reason: str):
    with pytest.raises(BadInputError, match=reason):
        sources_to_refresh((name,))


def test_a_list_is_refreshed_from_every_publication_that_carries_it():
    codes = [source.code for source in sources_to_refresh(("us_ofac_sdn", "us_ofac_ssi"))]
    assert codes == ["us_ofac_sdn", "us_csl", "us_ofac_cons"]


async def test_a_fault_of_this_program_ends_one_sources_turn_and_no_others(
    again: Round, fresh_database: str, monkeypatch: pytest.MonkeyPatch
):
    def break_down(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(
        "abeyance_screening.platform.sandbox.list_reader.ReaderInChild.read_files", break_down
    )
    settings = Settings(data_dir=Path(), mirror=again.publisher.url(""))
    sources = (UN, SOURCE_BY_CODE["uk_sl"])
    again.publisher.serve("/sanctionslist.fcdo.gov.uk/docs/UK-Sanctions-List.csv", b"any")
    rounds = refresh_lists(settings, fresh_database, sources, only_due=False)
    reports = [report async for _, of_source in rounds for report in of_source]
    assert [report.list_code for report in reports] == ["un_sc", "uk_sl"]
    assert {report.outcome for report in reports} == {"refused"}
    assert "ZeroDivisionError" in (reports[0].reason or "")
    last = await again.last()
    assert last is not None
    assert last.failures == 1


async def test_a_day_that_has_not_come_is_noted_as_a_refusal(again: Round):
    await again()
    again.publisher.serve(PATH, un_file("2026-12-21T00:00:00Z"))
    assert (await again()).outcome == "refused"
    covered = await again.covered()
    assert covered.state == "kept"
    assert "has not come yet" in (covered.reason or "")


async def test_a_mirrors_address_stands_in_no_reason(again: Round):
    again.publisher.fault(PATH, "status", code=404)
    detail = (await again()).detail or ""
    assert detail.startswith("https://scsanctions.un.org/")
    assert "127.0.0.1" not in detail


async def test_what_everybody_reads_has_no_address_and_no_words_of_the_network(again: Round):
    """Several ways that fail alike are told once; the detail is for operators."""
    await again()
    nobody = HttpPublisher("http://127.0.0.1:9", Patience(tries=1))
    refresher = Refresher(again.store, nobody, ReaderHere(), again.now)
    (report,) = await refresher.refresh(UN, await again.last())
    assert report.reason == "the mirror's server refused the connection"
    assert "https://scsanctions.un.org/" in (report.detail or "")
    assert "connection attempts failed" in (report.detail or "")
    later = NOW.date() + timedelta(days=30)
    lists = await again.store.read_lists()
    told = coverage_of(lists, ("un_sc",), Days(as_of=later, known_at=later)).lists[0].reason or ""
    assert "the mirror's server refused the connection (tried 20" in told
    assert "://" not in told
    assert "attempts" not in told
