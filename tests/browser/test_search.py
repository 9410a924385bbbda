"""The search page in a real browser: typing, days, questions, keys, and without any script."""

import re
from datetime import UTC, datetime
from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, Route, ViewportSize, expect

from tests.browser.browsers import THEMES, opened
from tests.served import FixedClock

WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
OCTOBER = "/?name=Hikvision&as_of=2025-10-15"
AT_TWO = datetime(2026, 11, 10, 2, tzinfo=UTC)
OWN_DAY = "Status of 9 Nov 2026: in Washington that day had not ended."


# Notes each text that a screen reader is given, the empty one as well.
NOTE_WHAT_IS_SPOKEN = """() => {
  window.said = [];
  const spoken = document.getElementById("spoken");
  const note = () => window.said.push(spoken.textContent);
  new MutationObserver(note).observe(spoken, {childList: true});
}"""
HIKVISION = re.compile("^Hikvision on four lists$")
# The first screen of the answer ends here, on a desk and on a phone.
FOLD = 400


def asked(page: Page) -> str:
    """The question that the browser keeps with this place of its history."""
    return page.evaluate("history.state.question")


def affiliates(page: Page) -> Locator:
    return page.locator(".measures [data-row]", has_text="Affiliates Rule").first


def test_typing_answers_and_reloading_asks_again(browser: Browser, desk: str):
    with opened(browser, desk, viewport=WIDE) as watched:
        page = watched.page
        expect(page.locator("#name")).to_be_focused()
        page.keyboard.type("Hikvision", delay=20)
        expect(page.locator("h1")).to_have_text(HIKVISION)
        expect(page).to_have_url(f"{desk}/")
        expect(page.locator("#name")).to_be_focused()
        shown = page.locator("#answer").inner_text()
        page.reload()
        expect(page.locator("h1")).to_have_text(HIKVISION)
        assert page.locator("#answer").inner_text() == shown


def test_an_answer_outlasts_going_away_and_back_and_no_request_says_its_name(
    browser: Browser, desk: str
):
    """Neither an address nor a `Referer`, once a link that has the name is open."""
    with opened(browser, f"{desk}/lists", viewport=WIDE) as watched:
        page, seen = watched.page, list[str]()
        link = f"{desk}/?name=Hikvision"
        page.on(
            "request",
            lambda sent: seen.append(f"{sent.url} {sent.headers.get('referer')}"),
        )
        page.goto(link)
        expect(page.locator("h1")).to_have_text(HIKVISION)
        expect(page).to_have_url(f"{desk}/")
        page.locator("#as_of").fill("2025-10-15")
        expect(page.locator("#as_of_words")).to_have_text("Wed 15 Oct 2025")
        page.get_by_role("link", name="why one party").click()
        page.locator(".by").get_by_role("link", name="Entity List", exact=True).first.click()
        expect(page.locator(".crumbs")).to_contain_text("Entity List")
        page.go_back()
        expect(page.locator("h1")).to_have_text(HIKVISION)
        expect(page.locator("#as_of_words")).to_have_text("Wed 15 Oct 2025")
        expect(page.locator("#as_of")).to_have_value("2025-10-15")
        assert [each for each in seen if "Hikvision" in each] == [f"{link} None"]


def test_who_leaves_before_the_answer_comes_back_to_the_question_asked_last(
    browser: Browser, desk: str
):
    with opened(browser, f"{desk}/?name=Hikvision", viewport=WIDE) as watched:
        page = watched.page
        page.route(f"{desk}/", lambda _: None)
        with page.expect_request(lambda sent: sent.method == "POST"):
            page.locator("#as_of").fill("2025-10-15")
        page.goto(f"{desk}/lists")
        page.unroute(f"{desk}/")
        page.go_back()
        expect(page.locator("#as_of_words")).to_have_text("Wed 15 Oct 2025")
        expect(page.locator("#as_of")).to_have_value("2025-10-15")


def test_an_answer_takes_no_focus_from_where_somebody_has_gone_meanwhile(
    browser: Browser, desk: str
):
    with opened(browser, f"{desk}/?name=Hikvision", viewport=WIDE) as watched:
        page = watched.page
        page.route(f"{desk}/", lambda route: (page.wait_for_timeout(700), route.continue_()))
        page.locator("h1").click()
        page.keyboard.press("[")
        page.keyboard.press("/")
        expect(page.locator("#as_of_words")).not_to_contain_text("today")
        page.wait_for_timeout(100)
        expect(page.locator("#name")).to_be_focused()


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_newcomer_sees_today_and_october_2025(
    browser: Browser, dated_desk: str, clock: FixedClock, viewport: ViewportSize
):
    clock.now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    with opened(browser, f"{dated_desk}/?name=Hikvison", viewport=viewport) as watched:
        page = watched.page
        effect = page.locator(".effect > b").first
        expect(effect).to_contain_text(
            "In force on 24 Nov 2026: licence needed for all items, normally refused (US, BIS); "
            "ban on spending Universal Service Fund money on it (US, FCC) and ban on trading its"
        )
        box = effect.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= FOLD, "the answer is below the fold"
        through = page.locator(".measures [data-row]", has_text="FCC Covered List").first
        expect(through).to_contain_text("Through the party: listed there as")
        page.get_by_label("Day:").fill("2025-10-15")
        expect(effect).to_contain_text("In force on 15 Oct 2025: ")
        expect(affiliates(page)).to_contain_text("In force, eased")
        expect(affiliates(page)).to_contain_text("≠ Today: in force since 10 Nov 2026")
        expect(page.get_by_text("differs from today (marked ≠)")).to_be_visible()
        expect(page.locator("#as_of_words")).to_have_text("Wed 15 Oct 2025")


def test_a_late_answer_to_an_older_question_is_dropped(browser: Browser, desk: str):
    with opened(browser, desk, viewport=WIDE) as watched:
        page = watched.page
        page.route(
            f"{desk}/",
            lambda route: (
                "name=Hua&" in (route.request.post_data or "") and page.wait_for_timeout(700),
                route.continue_(),
            ),
        )
        page.locator("#name").fill("Hua")
        page.wait_for_timeout(200)
        page.locator("#name").fill("Hikvision")
        expect(page.locator("h1")).to_have_text(HIKVISION)
        page.wait_for_timeout(900)
        expect(page.locator("h1")).to_have_text(HIKVISION)
        assert asked(page) == "name=Hikvision"


def held_back(page: Page, desk: str) -> list[Route]:
    """The questions of a page from now on, each of which waits to be answered."""
    held: list[Route] = []
    page.route(f"{desk}/", lambda route: held.append(route))  # noqa: PLW0108 - it wants a function
    return held


def test_while_an_answer_is_on_its_way_the_last_one_is_dimmed(browser: Browser, desk: str):
    with opened(browser, f"{desk}/?name=Hikvision", viewport=WIDE) as watched:
        page = watched.page
        held = held_back(page, desk)
        expect(page.locator("#progress")).to_be_hidden()
        page.locator("#as_of").fill("2025-10-15")
        expect(page.locator("#answer")).to_have_css("opacity", "0.45")
        expect(page.locator("#progress")).to_be_visible()
        expect(page.locator("#spoken")).to_have_text("Looking up “Hikvision” …")
        expect(page.locator("h1")).to_have_text(HIKVISION)
        expect(page.locator("h1")).to_be_visible()
        held[0].continue_()
        expect(page.locator("#answer")).to_have_css("opacity", "1")
        expect(page.locator("#progress")).to_be_hidden()
        expect(page.locator("#as_of_words")).not_to_contain_text("today")


def test_no_name_stands_above_the_answer_to_another(browser: Browser, desk: str):
    """Neither while a slow answer is on its way, nor when one to an older name comes late."""
    with opened(browser, f"{desk}/?name=Hikvision", viewport=WIDE) as watched:
        page = watched.page
        held = held_back(page, desk)
        title = page.locator("h1")
        with page.expect_request(lambda sent: sent.method == "POST"):
            page.locator("#name").fill("Huawei")
        expect(title).to_be_hidden()
        expect(page.locator("#progress")).to_have_text("Looking up “Huawei” …")
        expect(page.locator("#progress")).to_be_visible()
        with page.expect_response(lambda came: "name=Huawei" in (came.request.post_data or "")):
            page.locator("#name").press_sequentially(" Rosneft")
            held[0].continue_()
        expect(title).to_be_hidden()
        expect(page.locator("#progress")).to_have_text("Looking up “Huawei Rosneft” …")
        page.unroute(f"{desk}/")
        page.locator("#name").fill("Rosneft")
        expect(title).to_have_text(re.compile("Rosneft"))
        expect(title).to_be_visible()
        page.locator("#name").fill("Rosneft ")
        expect(title).to_be_visible()


def test_a_name_typed_next_starts_without_what_was_said_of_the_last(browser: Browser, desk: str):
    link = f"{desk}/?name=Rosnfet+Trading&owner=Hikvision&share=60&items=pumps"
    with opened(browser, link, viewport=WIDE) as watched:
        page = watched.page
        expect(page.locator(".effect")).to_contain_text("Reached through its owners by 1 rule")
        page.locator("#name").fill("Rosneft Trading")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Rosneft Trading")
        expect(page.locator(".effect")).to_contain_text("Reached through its owners by 1 rule")
        assert "owner=Hikvision" in asked(page)
        page.locator("#name").fill("")
        page.locator("#name").press_sequentially("Siemens AG", delay=50)
        expect(page.get_by_role("heading", level=1)).to_contain_text("Siemens")
        expect(page.locator(".effect")).not_to_contain_text("owners")
        left = page.locator(".left")
        expect(left).to_contain_text("“Rosneft Trading”: owners Hikvision 60 %; goods pumps.")
        expect(page.locator("#owner1")).to_have_value("")
        assert "owner" not in asked(page)
        assert "pumps" not in asked(page)
        left.get_by_role("button", name="Use for this name too").click()
        expect(page.locator(".effect")).to_contain_text("Reached through its owners by 1 rule")
        expect(page.locator("#owner1")).to_have_value("Hikvision")
        assert "owner=Hikvision&share=60&items=pumps" in asked(page)
        expect(left).to_have_count(0)


def test_a_new_name_without_a_script_starts_without_the_owners_of_the_last(
    browser: Browser, desk: str
):
    """An owner typed together with the new name is its own."""
    link = f"{desk}/?name=Rosneft+Trading&owner=Rostec&share=60"
    with opened(browser, link, viewport=WIDE, java_script_enabled=False) as watched:
        page = watched.page
        page.get_by_label("Company name").fill("Siemens AG")
        page.get_by_text("Owners (1)").click()
        page.get_by_label("Owner 2").fill("Hikvision")
        page.get_by_role("button", name="Check").click()
        expect(page.locator(".left")).to_contain_text("“Rosneft Trading”: owners Rostec 60 %.")
        expect(page.get_by_text("Asked with:")).to_contain_text("owners Hikvision")
        expect(page.get_by_text("Asked with:")).not_to_contain_text("Rostec")


def test_the_sentence_on_the_page_is_spoken_once_typing_pauses(browser: Browser, desk: str):
    with opened(browser, desk, viewport=WIDE) as watched:
        page = watched.page
        page.evaluate(NOTE_WHAT_IS_SPOKEN)
        page.locator("#name").press_sequentially("Hikvision")
        expect(page.locator("h1")).to_have_text(HIKVISION)
        expect(page.locator("#spoken")).to_have_text(re.compile("^Hikvision"))
        # on a slow machine it may say as well that it is looking the name up
        answers = [each for each in page.evaluate("window.said") if each.startswith("Hikvision")]
        assert len(answers) == 1
        effect = " ".join(page.locator(".effect").inner_text().split())
        expect(page.locator("#spoken")).to_contain_text(effect)


def test_a_row_that_changes_has_a_lane_that_says_what_it_shows(browser: Browser, desk: str):
    with opened(browser, f"{desk}{OCTOBER}", viewport=WIDE) as watched:
        page = watched.page
        assert 0 < page.locator("svg.lane").count() < page.locator("[data-row]").count()
        rule = affiliates(page)
        label = rule.locator("svg.lane").get_attribute("aria-label") or ""
        assert "suspended from 10 Nov 2025" in label
        assert "in force, unconfirmed from 10 Nov 2026" in label
        assert rule.locator("svg.lane .ink-licence").count() == 1
        assert rule.locator("svg.lane .line-chosen").count() == 1
        assert rule.locator("svg.lane .line-today").count() == 1
        bar = rule.locator("svg.lane .ink-force").first
        assert bar.evaluate("each => getComputedStyle(each).fill") == "rgb(154, 42, 14)"


def test_an_answered_question_stays_with_the_question(browser: Browser, desk: str):
    with opened(browser, f"{desk}/?name=Hikvision", viewport=WIDE) as watched:
        page = watched.page
        page.get_by_role("button", name="Yes", exact=True).first.click()
        expect(page.locator(".effect")).not_to_contain_text("One more reaches")
        expect(page.locator("[data-row].in-certain", has_text="Affiliates Rule")).to_be_visible()
        assert "yes=us-bis-affiliates-rule" in asked(page)
        expect(page.get_by_role("button", name="Yes", exact=True).first).to_be_focused()
        page.get_by_role("button", name="Yes", exact=True).first.click()
        expect(page.locator(".effect")).to_contain_text(
            "One more reaches what it owns or controls: Affiliates Rule (50%)."
        )


def test_owners_and_goods_can_be_asked(browser: Browser, desk: str):
    with opened(browser, f"{desk}/?name=Acme+Optics", viewport=WIDE) as watched:
        page = watched.page
        page.get_by_text("Owners", exact=True).click()
        page.get_by_label("Owner 1").fill("Hikvision")
        page.get_by_label("Share in %").first.fill("60")
        expect(page.locator(".effect")).to_contain_text("Reached through its owners by 1 rule")
        page.get_by_text("Goods and destination", exact=True).click()
        page.get_by_label("What is traded").fill("dysprosium oxide")
        page.get_by_label("Sent from").fill("China")
        page.get_by_label("Sent to").fill("US")
        expect(page.get_by_text("The trade you described fits:").first).to_be_visible()
        assert "owner=Hikvision&share=60" in asked(page)
        assert "items=dysprosium+oxide" in asked(page)


def test_the_desk_works_by_keys_alone(browser: Browser, desk: str):
    with opened(browser, f"{desk}/?name=Hikvision", viewport=WIDE) as watched:
        page = watched.page
        page.locator("h1").click()
        page.keyboard.press("[")
        expect(page.locator("#as_of")).to_have_value(re.compile(r"^2\d{3}-"))
        expect(page.locator("#as_of_words")).not_to_contain_text("today")
        page.keyboard.press("t")
        expect(page.locator("#as_of_words")).to_contain_text("today")
        assert asked(page) == "name=Hikvision"
        page.keyboard.press("j")
        expect(page.locator("[data-row] a").first).to_be_focused()
        page.keyboard.press("?")
        expect(page.locator("#keys")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#keys")).to_be_hidden()
        page.keyboard.press("/")
        expect(page.locator("#name")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator("#name")).to_have_value("")
        expect(page.locator("h1")).to_have_text(re.compile("^May we deal"))
        page.keyboard.press("Escape")
        expect(page.locator("#name")).not_to_be_focused()


def test_a_link_is_copied_with_both_days_in_it(
    browser: Browser, dated_desk: str, clock: FixedClock
):
    clock.now = AT_TWO.replace(hour=6)
    with opened(browser, f"{dated_desk}/?name=Hikvision", viewport=WIDE) as watched:
        page = watched.page
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.get_by_role("button", name="Copy link").click()
        expect(page.get_by_role("button", name="Copied")).to_be_visible()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == f"{dated_desk}/#name=Hikvision&as_of=2026-11-10&known_at=2026-11-10"


def test_a_link_copied_while_it_is_still_yesterday_in_washington_shows_the_same_later(
    browser: Browser, dated_desk: str, clock: FixedClock
):
    clock.now = AT_TWO
    with opened(browser, f"{dated_desk}/", viewport=WIDE) as watched:
        page = watched.page
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.locator("#name").fill("Hikvision")
        rule = affiliates(page)
        expect(rule).to_contain_text("Suspended until 9 Nov 2026 — today")
        expect(rule.locator(".ownday")).to_have_text(OWN_DAY)
        expect(page.locator("#as_of_words")).to_have_text("today, 10 Nov 2026 UTC")
        expect(page.locator("#as_of")).to_have_value("")
        page.get_by_role("button", name="Copy link").click()
        expect(page.get_by_role("button", name="Copied")).to_be_visible()
        page.goto(page.evaluate("navigator.clipboard.readText()"))
        expect(page.locator("#as_of_words")).to_have_text("10 Nov 2026, 02:00 UTC")
        clock.now = AT_TWO.replace(hour=6)
        page.reload()
        expect(rule).to_contain_text("Suspended until 9 Nov 2026 — today")
        expect(rule.locator(".ownday")).to_have_text(OWN_DAY)
        expect(page.locator("#as_of_words")).to_have_text("10 Nov 2026, 02:00 UTC")
        page.keyboard.press("Tab")
        page.get_by_role("button", name="Today", exact=True).click()
        expect(rule).to_contain_text("In force since 10 Nov 2026 — unconfirmed")
        expect(rule.locator(".ownday")).to_have_count(0)
        assert asked(page) == "name=Hikvision"
        assert page.url == f"{dated_desk}/"


def test_the_day_that_is_today_by_utc_can_be_asked_for(
    browser: Browser, dated_desk: str, clock: FixedClock
):
    clock.now = AT_TWO
    with opened(browser, f"{dated_desk}/?name=Hikvision", viewport=WIDE) as watched:
        page = watched.page
        rule = affiliates(page)
        page.locator("#as_of").fill("2026-11-10")
        expect(rule).to_contain_text("In force since 10 Nov 2026 — unconfirmed")
        assert asked(page) == "name=Hikvision&as_of=2026-11-10"
        page.locator("#as_of").fill("")
        expect(rule.locator(".ownday")).to_have_text(OWN_DAY)
        assert asked(page) == "name=Hikvision"


def test_without_a_connection_the_last_answer_stays(browser: Browser, desk: str):
    with opened(browser, f"{desk}/?name=Hikvision", viewport=WIDE) as watched:
        page = watched.page
        page.context.set_offline(True)
        page.locator("#as_of").fill("2025-10-15")
        expect(page.get_by_role("alert")).to_contain_text("No connection. This is the last answer")
        expect(page.locator("h1")).to_have_text(HIKVISION)
        page.locator("#name").fill("Huawei")
        expect(page.get_by_role("alert")).to_contain_text("“Huawei” could not be looked up")
        expect(page.locator("h1")).to_be_hidden()
        page.context.set_offline(False)
        page.locator("#name").fill("Huawei Technologies")
        expect(page.locator("h1")).to_have_text(re.compile("^Huawei "))
        assert page.get_by_role("alert").count() == 0
        watched.complaints[:] = [each for each in watched.complaints if "ERR_INTERNET" not in each]


def test_letters_as_keys_can_be_switched_off(browser: Browser, desk: str):
    with opened(browser, f"{desk}/?name=Hikvision", viewport=WIDE) as watched:
        page = watched.page
        page.locator("h1").click()
        page.keyboard.press("?")
        page.get_by_label("Letters work as keys").uncheck()
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        expect(page.locator("#keys")).to_be_hidden()


def test_the_page_works_without_any_script(browser: Browser, desk: str):
    with opened(browser, desk, viewport=PHONE, java_script_enabled=False) as watched:
        page = watched.page
        page.get_by_label("Company name").fill("Hikvision")
        page.get_by_label("Day:").fill("2025-10-15")
        page.get_by_role("button", name="Check").click()
        expect(page.locator("h1")).to_have_text(HIKVISION)
        expect(page.locator(".effect")).to_contain_text("In force on 15 Oct 2025: ")
        expect(affiliates(page).locator("svg.lane")).to_be_visible()
        assert not page.get_by_role("button", name="Copy link").is_visible()
        page.get_by_role("button", name="No", exact=True).first.click()
        expect(page.locator(".answers [aria-current]").first).to_have_text("No")
        page.locator(".by").get_by_role("link", name="Entity List", exact=True).first.click()
        expect(page.locator("h1")).to_have_text(re.compile("^Hangzhou Hikvision"))
        page.go_back()
        expect(page.locator(".answers [aria-current]").first).to_have_text("No")


def test_nothing_is_cut_in_silence(browser: Browser, desk: str):
    """Without any script, all that was found is shown, sorted and filtered by plain buttons."""
    found = httpx.get(f"{desk}/v1/search", params={"name": "Huawei"}, timeout=30).json()
    total = found["total"]
    assert total > len(found["hits"])
    with opened(browser, f"{desk}/?name=Huawei", java_script_enabled=False) as watched:
        page = watched.page
        line = page.locator(".choice")
        expect(line).to_contain_text(f"Showing the best {len(found['hits'])} of {total} listings")
        page.get_by_role("button", name=f"Show all {total}").click()
        expect(line).to_contain_text(f"{total} listings found, in ")
        every = page.locator(".party").count()
        page.get_by_role("button", name=re.compile(r"^NS-CMIC List \(\d+\)$")).click()
        expect(line).to_contain_text("shown, as chosen below")
        assert page.locator(".party").count() < every
        assert page.url == f"{desk}/"


@pytest.mark.parametrize("theme", THEMES)
def test_nothing_is_wider_than_a_small_phone(browser: Browser, desk: str, theme: str):
    small = {"width": 320, "height": 640}
    paths = (OCTOBER, "/measures", "/measures/us-bis-affiliates-rule")
    with opened(browser, desk, viewport=small, color_scheme=theme) as watched:
        for path in paths:
            watched.page.goto(f"{desk}{path}")
            wide = watched.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= small["width"], path


# Of 290 household names, those whose first row stood lowest: 428 to 486 px down before they were
# tried.
_LOWEST = (
    "Sukhoi",
    "Бериев",
    "Megafon",
    "Almaz-Antey",
    "Lukoil International GmbH",
    "Mansudae",
    "Bank Rossiya",
    "Wagner Group",
    "Mikron",
    "依图",
)


# At an hour when it is the same day everywhere, and while it is another in Washington: the head
# of the table says so.
@pytest.mark.parametrize(("hour", "most"), [(12, 420), (2, 461)])
def test_the_first_row_of_law_is_on_the_first_screen(
    browser: Browser, dated_desk: str, clock: FixedClock, hour: int, most: float
):
    """Also where several lists have entries that are only perhaps of one company."""
    clock.now = AT_TWO.replace(hour=hour)
    found = dict[str, float]()
    for name in ("Dahua", "Rosneft", "Huawei", *_LOWEST):
        with opened(browser, f"{dated_desk}/?name={quote(name)}", viewport=WIDE) as watched:
            box = watched.page.locator("table.measures tbody tr").first.bounding_box()
            assert box is not None
            found[name] = box["y"]
    assert {name: y for name, y in found.items() if y > most} == {}


def test_all_entries_of_a_name_stand_in_one_card_with_who_it_is(browser: Browser, desk: str):
    with opened(browser, f"{desk}/?name=Dahua&as_of=2026-07-31", viewport=WIDE) as watched:
        page = watched.page
        expect(page.locator("h1")).to_have_text("Dahua on three lists")
        expect(page.locator(".sure")).to_contain_text("Whether it is Dahua Technology.")
        lists = page.locator("table.measures").first.locator(".by")
        for title in ("Entity List", "FCC Covered List", "section 1260H"):
            expect(lists.filter(has_text=title).first).to_be_visible()
        profile = page.get_by_role("complementary", name="Who it is, as the lists print it")
        expect(profile).to_contain_text("Zhejiang Dahua Technology Co., Ltd.")
        expect(profile).to_contain_text("Came and left")
        expect(page.locator("details.sharing")).to_contain_text("DAHUA ELECTRONICS CORPORATION")


def test_names_looked_up_are_remembered_in_the_browser_alone_until_forgotten(
    browser: Browser, desk: str
):
    with opened(browser, desk, viewport=WIDE) as watched:
        page = watched.page
        expect(page.locator("#recent")).to_be_hidden()
        page.locator("#name").fill("Hikvision")
        page.locator("#name").press("Enter")
        expect(page.locator("h1")).to_have_text(HIKVISION)
        page.locator("#name").fill("")
        recent = page.get_by_role("region", name="Looked up in this browser")
        recent.get_by_role("button", name="Hikvision", exact=True).click()
        expect(page.locator("h1")).to_have_text(HIKVISION)
        page.locator("#name").fill("")
        recent.get_by_role("button", name="Forget them").click()
        expect(recent).to_be_hidden()
        assert page.evaluate("localStorage.getItem('abeyance-recent')") == "[]"
