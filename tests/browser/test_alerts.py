"""Counterparties and alerts in a real browser: watched, decided, reopened, worked off."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from abeyance_screening.app.application import create_app
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.platform.settings import Settings
from tests.browser.browsers import THEMES, faults_of, opened
from tests.browser.test_desk_pages import has_no_overflow
from tests.served import FixedClock, running, wait_for

# China's order on five US subsidiaries of Hanwha Ocean was suspended until 10 Nov 2026.
BEFORE = datetime(2026, 11, 8, 12, tzinfo=UTC)
AFTER = datetime(2026, 11, 12, 12, tzinfo=UTC)
PHONE: ViewportSize = {"width": 390, "height": 800}
TABLE = "Id,Name,Country\nT-1,Gazprom Neft,RU\nT-2,Nordlicht Pumpen GmbH,DE\nT-3,,DE\n"


@pytest.fixture(scope="module")
def ticking() -> FixedClock:
    return FixedClock(BEFORE)


@pytest.fixture(scope="module")
def watching_desk(
    listed_database: str, bundled_index: ListingIndex, ticking: FixedClock
) -> Iterator[str]:
    """A service of its own, which goes by `ticking`, because what is decided stays."""
    settings = Settings(data_dir=Path(), database_url=listed_database)
    with running(create_app(settings, bundled_index, ticking)) as address:
        yield address


@pytest.fixture(scope="module")
def reopened(watching_desk: str, ticking: FixedClock, browser: Browser) -> str:
    """The desk, where a decision was made by keys alone, and the law became stricter after it."""
    with opened(browser, f"{watching_desk}/counterparties") as watched:
        page = watched.page
        page.get_by_label("Your id").fill("V1180")
        page.get_by_label("Name", exact=True).fill("Hanwha Shipping LLC")
        page.keyboard.press("Enter")
        page.wait_for_url("**/counterparties/V1180")
        hit = page.get_by_role("region", name="Anti-Foreign Sanctions list: Hanwha Shipping LLC")
        expect(hit).to_contain_text("Suspended")
        hit.get_by_role("link", name="Hanwha Shipping LLC").focus()
        decide(page, hit.locator("form.decide"), "s", "Same name and owner.")
    ticking.now = AFTER
    wait_for(lambda: "measure.lapsed" in types_of(watching_desk), "the lapse")
    wait_for(lambda: "judgement.reopened" in types_of(watching_desk), "the reopening")
    return watching_desk


def alerts_of(desk: str) -> list[dict[str, Any]]:
    return httpx.get(f"{desk}/v1/alerts", timeout=60).json()["items"]


def types_of(desk: str) -> set[str]:
    return {each["type"] for each in alerts_of(desk)}


def decide(page: Page, form: Locator, key: str, reason: str) -> None:
    """Decide by keys alone: a letter for the decision, then the reason."""
    page.wait_for_load_state()
    page.keyboard.press(key)
    page.keyboard.type(reason)
    page.keyboard.press("Control+Enter")
    expect(form.get_by_role("status")).to_have_text("Decided.")


def violations(page: Page) -> list[str]:
    return [each["id"] for each in faults_of(page)]


def test_an_alert_shows_what_changed_the_law_and_why_the_decision_reopened(
    reopened: str, browser: Browser
):
    of_type = {each["type"]: each for each in alerts_of(reopened)}
    lapse, judged = of_type["measure.lapsed"], of_type["judgement.reopened"]
    assert lapse["changes"] == 2
    with opened(browser, f"{reopened}/alerts") as watched:
        page = watched.page
        row = page.locator(f".inbox [data-event='{lapse['id']}']")
        expect(row).to_contain_text("Ran out.")
        expect(row).to_contain_text(", and 1 more")
        row.get_by_role("link").click()
        detail = page.locator("#detail")
        expect(detail).to_contain_text("V1180")
        expect(detail.get_by_text("All 2 changes")).to_be_visible()
        expect(
            detail.locator("details", has_text="All 2 changes").get_by_role("listitem")
        ).to_have_count(2)
        before, now = detail.locator(".beforeafter > div").all()
        expect(before.locator(".b-sleeps")).to_be_visible()
        expect(now.locator(".b-lapsed")).to_be_visible()
        expect(now.locator("mark").first).to_be_visible()
        law = detail.get_by_role("region", name="The law today")
        expect(law).to_contain_text("Treat it as in force.")
        expect(law).to_contain_text("An extension to 10 Jan 2027")
        page.goto(f"{reopened}/alerts?event={judged['id']}")
        expect(detail).to_contain_text("Reopened, because a measure became stricter.")
        expect(detail).to_contain_text("“Same name and owner.”")


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("path", ["/alerts", "/counterparties", "/counterparties/V1180"])
def test_axe_finds_nothing_on_a_desk_or_a_phone(
    reopened: str, browser: Browser, path: str, theme: str
):
    for viewport in ({"width": 1280, "height": 900}, PHONE):
        with opened(
            browser, f"{reopened}{path}", viewport=viewport, color_scheme=theme
        ) as watched:
            assert violations(watched.page) == []
            assert has_no_overflow(watched.page)


def test_the_pages_are_read_and_a_counterparty_added_without_a_script(
    reopened: str, browser: Browser
):
    with opened(browser, f"{reopened}/alerts", java_script_enabled=False) as watched:
        page = watched.page
        page.get_by_role("listitem").filter(has_text="Decision reopened.").get_by_role(
            "link"
        ).click()
        expect(page.locator("#detail")).to_contain_text("Reopened, because")
        expect(page.get_by_role("button", name="Done")).to_be_hidden()
        page.goto(f"{reopened}/counterparties")
        page.get_by_text("Add one").click()
        page.get_by_label("Your id").fill("N-1")
        page.get_by_label("Name", exact=True).fill("Plain Bakery")
        page.get_by_role("button", name="Watch it").click()
        expect(page.get_by_role("heading", name="Plain Bakery")).to_be_visible()
        page.goto(f"{reopened}/counterparties?name=plain")
        expect(page.get_by_role("row").filter(has_text="N-1")).to_contain_text("Cannot say: 23")


def test_what_cannot_be_watched_is_said_in_a_sentence(reopened: str, browser: Browser):
    # the console of a browser tells of the status, so this page may complain
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{reopened}/counterparties")
        page.get_by_text("Add one").click()
        page.get_by_label("Your id").fill("..")
        page.get_by_label("Name", exact=True).fill("x")
        page.get_by_role("button", name="Watch it").click()
        expect(page.get_by_role("alert")).to_contain_text("Your id is '..', which browsers")


def test_a_table_that_is_dropped_is_watched_and_what_is_left_out_is_said(
    reopened: str, browser: Browser, tmp_path: Path
):
    table = tmp_path / "vendors.csv"
    table.write_text(TABLE)
    with opened(browser, f"{reopened}/counterparties") as watched:
        page = watched.page
        page.get_by_text("Drop a table").click()
        page.get_by_label("Choose a file, or drop it here").set_input_files(table)
        taken = page.locator("#taken")
        expect(taken).to_contain_text("3 rows: 2 new or changed, 1 left out.")
        expect(page.locator("#left-out")).to_contain_text("Row 4:")
        taken.get_by_role("link", name="Show all").click()
        page.get_by_label("State").select_option(label="Nothing found")
        page.get_by_role("button", name="Find").click()
        page.wait_for_url("**state=no_hits**")

    def is_screened() -> bool:
        asked = httpx.get(f"{reopened}/v1/counterparties/T-1", timeout=60)
        return asked.json().get("pending") is False

    wait_for(is_screened, "all screened")
    with opened(browser, f"{reopened}/counterparties?name=gazprom") as watched:
        row = watched.page.get_by_role("row").filter(has_text="T-1")
        expect(row).to_contain_text("Assets frozen (")
        expect(row).to_contain_text("To decide")


def test_a_table_is_watched_without_a_script(reopened: str, browser: Browser, tmp_path: Path):
    table = tmp_path / "more.csv"
    table.write_text("Id,Name,Other name\nP-1,Plain Mill,Milling Works\nP-2,,\n,Nobody,\n")
    with opened(browser, f"{reopened}/counterparties", java_script_enabled=False) as watched:
        page = watched.page
        page.get_by_text("Drop a table").click()
        page.get_by_label("Choose a file, or drop it here").set_input_files(table)
        # the table is read by a process of its own
        page.get_by_role("button", name="Watch them").click(timeout=90_000)
        taken = page.locator("#taken")
        expect(taken).to_contain_text("3 rows: 1 new or changed, 2 left out.")
        assert page.locator("#left-out li").count() == 2
        expect(page.locator("#left-out")).to_contain_text("Row 4: Your id is not 1 to 200")
    assert httpx.get(f"{reopened}/v1/counterparties/P-1", timeout=60).is_success


def test_alerts_are_worked_off_by_keys_alone(reopened: str, browser: Browser):
    with opened(browser, f"{reopened}/alerts") as watched:
        page = watched.page
        inbox = page.locator(".inbox li")
        expect(inbox.first).to_be_visible()
        # to the alert that reopened the decision, and open it
        for _ in range(inbox.count()):
            page.keyboard.press("j")
            if "Decision reopened." in page.evaluate(
                "document.activeElement.closest('li')?.textContent ?? ''"
            ):
                break
        page.keyboard.press("Enter")
        # the first page may show this alert too, and a page takes keys once it has loaded
        page.wait_for_url("**event=**")
        expect(page.locator("#detail .lead")).to_contain_text("Decision reopened.")
        page.wait_for_load_state()
        number = page.locator("#detail").get_attribute("data-event")
        page.keyboard.press("a")
        expect(page.locator("#detail")).to_contain_text("local works on it")
        decide(page, page.locator("form.decide"), "u", "Asked the vendor.")
        expect(page.locator(".decided")).to_contain_text("“Asked the vendor.”")
        expect(page.locator(".decided")).to_contain_text("Unsure")
        page.wait_for_load_state()
        page.keyboard.press("e")
        expect(page.locator(f".inbox [data-event='{number}']")).to_have_count(0)
        page.wait_for_load_state()
        page.keyboard.press("z")
        page.wait_for_url(f"**event={number}")
        expect(page.locator(f".inbox [data-event='{number}']")).to_have_count(1)
        page.get_by_role("textbox", name="Comment").fill("Waits for an answer.")
        page.get_by_role("button", name="Add").click()
        expect(page.get_by_role("region", name="Comments")).to_contain_text("Waits for an answer.")


def test_alerts_are_filtered_without_a_script(reopened: str, browser: Browser):
    with opened(browser, f"{reopened}/alerts", java_script_enabled=False) as watched:
        page = watched.page
        page.get_by_label("What", exact=True).select_option("Decisions reopened")
        page.get_by_role("button", name="Filter").click()
        rows = page.locator(".inbox li")
        expect(rows.first).to_contain_text("Decision reopened.")
        assert rows.count() == 1
        rows.first.get_by_role("link").click()
        expect(page.locator(".inbox li")).to_have_count(1)
        page.get_by_label("Country, two letters").fill("xx")
        page.get_by_role("button", name="Filter").click()
        expect(page.locator(".lead")).to_have_text("No alert matches.")
        page.get_by_role("link", name="Show all").click()
        assert page.locator(".inbox li").count() > 1


def test_alerts_that_are_marked_are_done_together_and_taken_back_by_keys(
    reopened: str, browser: Browser
):
    for key in ("M-1", "M-2"):
        put = {"name": "Hanwha Philly Shipyard", "countries": ["US"]}
        assert httpx.put(f"{reopened}/v1/counterparties/{key}", json=put, timeout=60).is_success
    with opened(browser, f"{reopened}/alerts?country=US&kind=hit.") as watched:
        page = watched.page
        rows = page.locator(".inbox li")
        expect(rows.first).to_be_visible()
        count = rows.count()
        assert count > 1
        for _ in range(2):
            page.keyboard.press("j")
            page.keyboard.press("m")
        expect(page.locator(".mark:checked")).to_have_count(2)
        page.keyboard.press("e")
        expect(rows).to_have_count(count - 2)
        page.wait_for_load_state()
        page.keyboard.press("z")
        page.wait_for_url("**event=*")
        page.goto(f"{reopened}/alerts?country=US&kind=hit.")
        expect(rows).to_have_count(count)


@pytest.mark.parametrize(
    "viewport", [{"width": 1280, "height": 900}, PHONE], ids=["desk", "phone"]
)
def test_a_hit_is_decided_by_keys_on_the_search_page_and_its_counterparty_is_watched(
    reopened: str, browser: Browser, viewport: ViewportSize
):
    name = {1280: "Huawei Marine Networks", 390: "Inspur Group"}[viewport["width"]]
    with opened(browser, reopened, viewport=viewport) as watched:
        page = watched.page
        page.get_by_label("Company name, any script").fill(name)
        form = page.locator(".whole form.decide")
        expect(form).to_have_count(1)
        expect(form).to_be_hidden()
        assert violations(page) == []
        page.locator(".whole table a").first.focus()
        page.keyboard.press("x")
        expect(form).to_be_visible()
        assert violations(page) == []
        assert has_no_overflow(page)
        key = form.get_by_label("Your id for it").input_value()
        page.keyboard.type("Another trade.")
        page.keyboard.press("Control+Enter")
        decision = page.locator(".whole .decided")
        expect(decision).to_contain_text("Different local")
        expect(decision).to_contain_text("“Another trade.”")
        expect(decision.get_by_role("link", name=key)).to_be_visible()
        expect(page.locator("#spoken")).to_have_text("Decided.")
        assert page.evaluate("document.activeElement.textContent") == "Decide"
    stored = httpx.get(f"{reopened}/v1/counterparties/{key}", timeout=60).json()
    assert stored["counterparty"]["name"] == name
    assert {each["decision"] for each in stored["judgements"]} == {"different"}


def test_a_hit_is_decided_on_the_search_page_without_a_script(reopened: str, browser: Browser):
    with opened(browser, reopened, java_script_enabled=False) as watched:
        page = watched.page
        page.get_by_label("Company name, any script").fill("Skydio, Inc.")
        page.get_by_role("button", name="Check").click()
        page.locator(".whole .decided summary").click()
        form = page.locator(".whole form.decide")
        form.get_by_label("Your id for it").fill("V-77")
        form.get_by_label("Same party").check()
        form.get_by_label("Reason, kept with the decision").fill("Its own site.")
        form.get_by_role("button", name="Decide").click()
        page.wait_for_url("**/counterparties/V-77?decided=holds")
        expect(page.locator("#said")).to_have_text("Decided.")
        expect(page.locator(".decided").first).to_contain_text("“Its own site.”")


def test_a_decision_that_cannot_be_made_is_said_beside_it(reopened: str, browser: Browser):
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(reopened)
        page.get_by_label("Company name, any script").fill("Kaspersky Lab")
        page.locator(".whole .decided summary").click()
        form = page.locator(".whole form.decide")
        form.get_by_label("Your id for it").fill("V1180")
        form.get_by_label("Unsure").check()
        form.get_by_label("Reason, kept with the decision").fill("Not known yet.")
        form.get_by_role("button", name="Decide").click()
        expect(form.get_by_role("status")).to_contain_text("V1180 is Hanwha Shipping LLC")
        assert (
            form.get_by_label("Reason, kept with the decision").input_value() == "Not known yet."
        )
    judged = httpx.get(f"{reopened}/v1/judgements?counterparty=V1180", timeout=60).json()["items"]
    assert "Not known yet." not in {each["reason"] for each in judged}


def test_what_came_since_the_last_look_is_marked(reopened: str, browser: Browser):
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{reopened}/alerts")
        expect(page.locator(".inbox li").first).to_be_visible()
        expect(page.locator(".new")).to_have_count(0)
        put = httpx.put(
            f"{reopened}/v1/counterparties/L-1", json={"name": "Skydio, Inc."}, timeout=60
        )
        assert put.is_success
        page.reload()
        new = page.locator(".inbox li").filter(has=page.locator(".new"))
        expect(new.first).to_contain_text("L-1")
        assert new.count() == page.locator(".inbox li").filter(has_text="L-1").count()
