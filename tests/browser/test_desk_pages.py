"""The calendar, the lists, evidence and the spreadsheet in a real browser."""

import re
from pathlib import Path

import openpyxl
import pypdfium2  # pyright: ignore[reportMissingTypeStubs] - annotated, but without a marker
import pytest
from playwright.sync_api import Browser, Page, expect

from abeyance_screening.engine.wording import parties
from abeyance_screening.engine.wording.parties import PARTY_FACTS, FactKind
from tests.browser.browsers import THEMES, faults_of, opened

WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
DAY = "as_of=2026-11-24&known_at=2026-11-24"
NOTHING = "\N{EN DASH}"
GRAVE = {"serious", "critical"}
# The whole headline of the printed evidence, as the sentence on everything under a name tells it.
HIKVISION = (
    "Hikvision: on four lists. In force on 24 Nov 2026: licence needed for all items, normally "
    "refused (US, BIS); ban on spending Universal Service Fund money on it (US, FCC) and ban on "
    "trading its securities (US, OFAC); import ban on new equipment models (US, FCC); debarment "
    "from defence contracts (US, DoD); and one lesser effect. More may be listed: 23 of 26 "
    "required lists are missing (EU Sanctions List, Swiss Sanctions List) or too old (21)."
)
TABLE = "\n".join(
    ["Customer;Country", "Hikvision;China", ";France"]
    + [f"Plain Bakery {number};DE" for number in range(250)]
)


def grave(page: Page) -> list[str]:
    """What axe finds that would keep somebody out."""
    return [f"{each['id']}: {each['help']}" for each in faults_of(page) if each["impact"] in GRAVE]


def has_no_overflow(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "customers.csv"
    path.write_text(TABLE)
    return path


def test_a_mark_of_the_calendar_leads_to_its_entry(browser: Browser, desk: str):
    with opened(browser, f"{desk}/calendar?{DAY}", viewport=WIDE) as watched:
        page = watched.page
        expect(page.locator(".cal-mark").first).to_be_visible()
        mark = page.get_by_role("link", name="27 Nov").first
        mark.click()
        entry = page.locator(".calrow:target")
        expect(entry).to_contain_text("in three days")
        expect(entry.locator(".badge").first).to_have_text("Suspended")
        expect(page.locator("#mine")).to_be_hidden()


def test_the_measures_of_a_day_unfold(browser: Browser, desk: str):
    with opened(browser, f"{desk}/calendar?{DAY}") as watched:
        truce = watched.page.locator(".calrow", has_text="14 measures: China and United States")
        expect(truce.locator(".members li").first).to_be_hidden()
        truce.locator("summary").click()
        expect(truce.locator(".members li")).to_have_count(14)
        truce.locator(".members a").first.click()
        expect(watched.page).to_have_url(re.compile(r"/measures/[^?]+\?as_of="))


@pytest.mark.parametrize("path", ["/calendar", "/lists", "/spreadsheet"])
def test_no_page_is_wider_than_a_phone(browser: Browser, desk: str, path: str):
    for width in (320, 390):
        with opened(browser, f"{desk}{path}", viewport={"width": width, "height": 800}) as watched:
            assert has_no_overflow(watched.page)


def test_the_lists_are_readable_without_a_script(browser: Browser, desk: str):
    with opened(browser, f"{desk}/lists", java_script_enabled=False) as watched:
        page = watched.page
        entity_list = page.get_by_role("row", name="Entity List").first
        expect(entity_list).to_be_hidden()
        page.get_by_text("Required, in doubt").click()
        expect(entity_list).to_contain_text("Too old")
        strip = page.get_by_role("img", name="Last 30 days").first
        expect(strip).to_be_visible()


@pytest.mark.parametrize("theme", THEMES)
def test_evidence_from_the_search_page(browser: Browser, desk: str, theme: str):
    address = f"{desk}/?name=Hikvision&{DAY}&yes=us-bis-affiliates-rule"
    with opened(browser, address, color_scheme=theme) as watched:
        page = watched.page
        page.get_by_role("button", name="Print evidence").click()
        expect(page.locator("h1")).to_have_text(HIKVISION)
        expect(page.get_by_text("Answer: yes.").first).to_be_visible()
        assert grave(page) == []
        page.get_by_label("Decision").fill("Stop")
        page.get_by_label("Name").fill("Anna")
        page.get_by_role("button", name="Add it to this page").click()
        expect(page.locator("dd", has_text="Stop")).to_be_visible()
        expect(page.get_by_text("It is not kept anywhere else").first).to_be_visible()
        link = page.get_by_role("link", name="PDF", exact=True).get_attribute("href")
        answer = page.request.get(f"{desk}{link}")
        assert answer.body().startswith(b"%PDF-")


def test_printed_evidence_has_question_id_and_hash_on_every_page(browser: Browser, desk: str):
    with opened(browser, f"{desk}/?name=Hikvision&{DAY}") as watched:
        page = watched.page
        page.get_by_role("button", name="Print evidence").click()
        page.wait_for_url("**/evidence/*")
        key = page.url.rpartition("/")[2]
        digest = page.locator(".hash").first.inner_text()
        printed = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
        assert len(printed) > 2
        for sheet in printed:
            text = "".join(sheet.get_textpage().get_text_range().split())
            assert "“Hikvision”,inforceon24Nov2026" in text
            assert key in text
            assert digest in text
            assert "Putitonthispage" not in text


def test_evidence_without_a_script(browser: Browser, desk: str):
    address = f"{desk}/?name=Hikvision&{DAY}"
    with opened(browser, address, java_script_enabled=False, viewport=PHONE) as watched:
        watched.page.get_by_role("button", name="Print evidence").click()
        expect(watched.page.locator("h1")).to_contain_text("Hikvision")
        expect(watched.page.get_by_text("SHA-256 of the answer")).to_be_visible()


def test_a_table_is_mapped_screened_filtered_and_downloaded(
    browser: Browser, desk: str, table: Path
):
    with opened(browser, f"{desk}/spreadsheet?{DAY}", accept_downloads=True) as watched:
        page = watched.page
        page.set_input_files("#file", table)
        page.get_by_role("button", name="Read the columns").click()
        expect(page.get_by_label("Customer")).to_have_value("name")
        mapping = page.get_by_role("region", name="Which column is what?")
        expect(mapping.get_by_label("Country")).to_have_value("country")
        expect(page.locator(".cells").first).to_have_text(
            f"Hikvision · {NOTHING} · Plain Bakery 0"
        )
        assert grave(page) == []
        page.get_by_role("button", name="Screen", exact=True).click()
        expect(page.locator("#progress-title")).to_have_text("Done")
        expect(page.locator("#tally")).to_have_text("252 of 252 rows, 1 with hits, 1 unreadable")
        first = page.locator("#lines tr").first
        expect(first).to_contain_text("Hikvision")
        expect(first.locator(".badge")).to_contain_text("In force")
        page.get_by_role("button", name="Unreadable (1)").click()
        expect(page.locator("#lines tr")).to_have_count(1)
        expect(page.locator("#lines")).to_contain_text("is empty")
        assert grave(page) == []
        with page.expect_download() as started:
            page.get_by_role("button", name="Download XLSX").click()
        path = started.value.path()
        assert started.value.suggested_filename == "customers-results.xlsx"
        book = openpyxl.load_workbook(path.rename(path.with_suffix(".xlsx")))
        assert book["Without hits"].max_row == 251
        assert book["To review"]["C2"].value == "Hikvision"


def test_what_touches_the_last_spreadsheet_can_be_picked_out(
    browser: Browser, desk: str, table: Path
):
    with opened(browser, f"{desk}/spreadsheet") as watched:
        page = watched.page
        page.set_input_files("#file", table)
        page.get_by_role("button", name="Read the columns").click()
        page.get_by_role("button", name="Screen", exact=True).click()
        # the results outlast a click on another page, and are found again from the page of tables
        address = re.compile(r"/spreadsheet/[0-9a-f-]{36}$")
        expect(page.locator("#progress-title")).to_have_text("Done")
        expect(page).to_have_url(address)
        page.get_by_role("link", name="Lists", exact=True).click()
        page.get_by_role("link", name="Spreadsheet", exact=True).click()
        page.get_by_role("link", name="customers.csv").click()
        expect(page).to_have_url(address)
        expect(page.locator("#tally")).to_have_text("252 of 252 rows, 1 with hits, 1 unreadable")
        page.get_by_role("link", name="Coming changes for these hits").click()
        every = page.locator(".calrow:visible").count()
        page.get_by_role("button", name="Only what touches my last spreadsheet").click()
        expect(page.locator(".calrow:visible").first).to_contain_text("14 measures")
        assert page.locator(".calrow:visible").count() < every


def test_screening_pauses_and_resumes(browser: Browser, desk: str, table: Path):
    with opened(browser, f"{desk}/spreadsheet") as watched:
        page = watched.page
        page.set_input_files("#file", table)
        page.get_by_role("button", name="Read the columns").click()
        # the second batch is held back until somebody has paused
        held: list[object] = []
        page.route(
            "**/spreadsheet/screen",
            lambda route: (
                held.append(route) if len(held) == 1 else (held.append(0), route.continue_())
            ),
        )
        page.get_by_role("button", name="Screen", exact=True).click()
        expect(page.locator("#tally")).to_contain_text("100 of 252 rows")
        page.get_by_role("button", name="Pause").click()
        expect(page.get_by_role("button", name="Resume")).to_be_visible()
        page.unroute("**/spreadsheet/screen")
        page.get_by_role("button", name="Resume").click()
        expect(page.locator("#progress-title")).to_have_text("Done")
        expect(page.locator("#tally")).to_have_text("252 of 252 rows, 1 with hits, 1 unreadable")


def test_rows_can_be_pasted_and_a_doubt_is_asked_about(browser: Browser, desk: str):
    with opened(browser, f"{desk}/spreadsheet") as watched:
        page = watched.page
        page.get_by_label("Or paste rows").fill("A\tB\nHikvision\tx\n")
        page.get_by_label("in this browser only").check()
        page.get_by_role("button", name="Read the columns").click()
        expect(page.locator("#doubt")).to_contain_text("choose the column that contains it")
        page.get_by_role("button", name="Screen", exact=True).click()
        expect(page.locator("#trouble")).to_have_text("Choose the column that contains the name.")
        page.get_by_label("A", exact=True).select_option("name")
        page.get_by_role("button", name="Screen", exact=True).click()
        expect(page.locator("#tally")).to_have_text("1 of 1 rows, 1 with hits, 0 unreadable")
        expect(page).to_have_url(re.compile("/spreadsheet#[0-9a-f]{32}$"))
        page.reload()
        expect(page.locator("#lines tr").first).to_contain_text("Hangzhou Hikvision")
        expect(page.locator("#kept-where")).to_contain_text("in this browser only")
        page.get_by_role("button", name="Delete these results").click()
        page.get_by_role("button", name="Delete", exact=True).click()
        expect(page.get_by_text("The results were deleted.")).to_be_visible()
        expect(page.locator("#earlier")).to_be_hidden()


def test_lines_are_filtered_by_countries_alone_whatever_else_is_said_of_a_party(
    browser: Browser, desk: str, monkeypatch: pytest.MonkeyPatch
):
    more = FactKind("seat", "line", lambda party: (f"{party.name[:3]}, a town · a street",))
    monkeypatch.setattr(parties, "PARTY_FACTS", (*PARTY_FACTS, more))
    with opened(browser, f"{desk}/spreadsheet") as watched:
        page = watched.page
        page.get_by_label("Or paste rows").fill("Name\nHangzhou Hikvision\n")
        page.get_by_role("button", name="Read the columns").click()
        page.get_by_role("button", name="Screen", exact=True).click()
        expect(page.locator("#progress-title")).to_have_text("Done")
        expect(page.locator("#lines tr").first).to_contain_text(
            "CN · Seat: Han, a town · a street"
        )
        assert page.locator("#by-country option").all_text_contents() == ["Any country", "CN"]


def test_a_file_that_is_no_table_is_refused_in_a_sentence(
    browser: Browser, desk: str, tmp_path: Path
):
    path = tmp_path / "photo.png"
    path.write_bytes(b"\x89PNG")
    with opened(browser, f"{desk}/spreadsheet") as watched:
        page = watched.page
        page.set_input_files("#file", path)
        page.get_by_role("button", name="Read the columns").click()
        expect(page.locator("#trouble")).to_contain_text("csv, xlsx, jsonl")
        # the browser notes every answer that is no success
        assert len(watched.complaints) == 1
        watched.complaints.clear()


def test_a_spreadsheet_without_a_script(browser: Browser, desk: str, table: Path):
    with opened(
        browser, f"{desk}/spreadsheet", java_script_enabled=False, accept_downloads=True
    ) as watched:
        page = watched.page
        page.set_input_files("#file", table)
        page.get_by_role("button", name="Read the columns").click()
        expect(page.get_by_label("Customer")).to_have_value("name")
        page.get_by_role("button", name="Screen", exact=True).click()
        expect(page.get_by_role("heading", name="With hits: 1")).to_be_visible()
        with page.expect_download() as started:
            page.get_by_role("button", name="Download CSV").click()
        assert "Hikvision" in started.value.path().read_text("utf-8-sig")


def test_the_spreadsheet_works_by_keyboard_alone(browser: Browser, desk: str):
    with opened(browser, f"{desk}/spreadsheet") as watched:
        page = watched.page
        page.get_by_label("Or paste rows").focus()
        page.keyboard.insert_text("Name\nHikvision\n")
        button = page.get_by_role("button", name="Read the columns")
        while not button.evaluate("each => each === document.activeElement"):
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("#mapping-title")).to_be_focused()
        start = page.get_by_role("button", name="Screen", exact=True)
        while not start.evaluate("each => each === document.activeElement"):
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("#progress-title")).to_have_text("Done")
        page.keyboard.press("j")
        expect(page.locator("#lines th button").first).to_be_focused()
        page.keyboard.press("Space")
        expect(page.locator("#chosen-count")).to_have_text("1 selected")
        page.keyboard.press("Enter")
        beside = page.locator("#beside-title")
        expect(beside).to_contain_text("Hangzhou Hikvision")
        expect(beside).to_be_focused()
        expect(page.locator("#detail")).to_contain_text("Affiliates Rule")
        assert grave(page) == []
        page.keyboard.press("Escape")
        expect(page.locator("#beside")).to_be_hidden()
        expect(page.locator("#lines th button").first).to_be_focused()
        page.keyboard.press("Shift+ArrowUp")
        expect(page.locator("#chosen-count")).to_have_text("1 selected")


def test_a_counterparty_is_one_low_line_with_the_strictest_law_and_its_others_folded(
    browser: Browser, desk: str, tmp_path: Path
):
    table = tmp_path / "few.csv"
    table.write_text("Name,Country\nDahua,CN\nRosneft,RU\nPlain Bakery,DE\n", "utf-8")
    with opened(browser, f"{desk}/spreadsheet?as_of=2026-07-31") as watched:
        page = watched.page
        page.set_input_files("#file", table)
        page.get_by_role("button", name="Read the columns").click()
        page.get_by_role("button", name="Screen", exact=True).click()
        expect(page.locator("#progress-title")).to_have_text("Done")
        lines = page.locator("#lines tr")
        expect(lines).to_have_count(3)
        boxes = [each.bounding_box() for each in lines.all()]
        assert all(box is not None and box["height"] <= 96 for box in boxes)
        dahua = lines.filter(has_text="Dahua")
        expect(dahua).to_contain_text("Licence needed for all items, normally refused (US, BIS)")
        dahua.get_by_role("button", name="1 more").click()
        expect(lines).to_have_count(4)
        expect(lines.filter(has_text="DAHUA ELECTRONICS")).to_contain_text("as above")
        page.get_by_label("List", exact=True).select_option("Denied Persons List")
        expect(lines).to_have_count(1)
        page.get_by_label("List", exact=True).select_option("")
        page.get_by_label("Find", exact=True).fill("rosn")
        expect(lines).to_have_count(1)
        assert grave(page) == []
