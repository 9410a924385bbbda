"""Every page: accessible in both themes, guarded by its headers, silent in the console."""

import re

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.browsers import THEMES, Theme, faults_of, opened

PAGES = {
    "welcome": "/",
    "hits": "/?name=Hikvision&as_of=2025-10-15",
    "nothing": "/?name=Acme+Optics",
    "owners and goods": "/?name=Acme&owner=Hikvision&share=60&items=gallium&origin=CN",
    "measures": "/measures",
    "measure": "/measures/us-bis-affiliates-rule",
    "listing": "/listings/us_bis_el-bc45ab6fe3ef",
    "no listing": "/listings/none-of-ours",
    "calendar": "/calendar?as_of=2026-11-24",
    "flows": "/flows?item=gold&origin=RU&destination=GB&as_of=2026-11-24",
    "lists": "/lists",
    "profile": "/profile",
    "deadlines": "/deadlines?as_of=2026-11-30",
    "spreadsheet": "/spreadsheet",
    "review": "/register/review?as_of=2026-11-24",
    "party": "/parties/us_bis_el-bc45ab6fe3ef",
    "problems": "/problems",
    "problem": "/problems/quota-exceeded",
    "docs": "/docs",
}


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_no_page_has_a_fault_of_accessibility(browser: Browser, desk: str, path: str):
    expected = "404" if path.endswith("ours") else None
    with opened(browser, f"{desk}{path}") as watched:
        if path == "/docs":
            # its script writes the page after it has loaded
            watched.page.wait_for_selector(".opblock")
        watched.page.evaluate("document.querySelectorAll('details').forEach(e => e.open = true)")
        assert [fault for theme in THEMES for fault in faults_in(watched.page, theme)] == []
        watched.complaints[:] = [
            each for each in watched.complaints if expected is None or expected not in each
        ]


def faults_in(page: Page, theme: Theme) -> list[str]:
    """The faults of a page in one theme."""
    page.emulate_media(color_scheme=theme)
    is_dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert is_dark == (theme == "dark")
    return [
        f"{theme}, {each['id']}: {node['html'][:200]} {node['failureSummary'][:300]}"
        for each in faults_of(page)
        for node in each["nodes"][:3]
    ]


@pytest.mark.parametrize("path", [each for each in PAGES.values() if each != "/docs"])
def test_every_page_lets_nothing_foreign_in(desk: str, path: str):
    answer = httpx.get(f"{desk}{path}")
    policy = dict(
        each.strip().split(" ", 1) for each in answer.headers["content-security-policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"
    # an address with a name is repeated to nobody, not to ourselves either
    policy_of = "strict-origin" if "name=" in path else "same-origin"
    assert answer.headers["referrer-policy"] == policy_of
    assert "<style" not in answer.text
    assert " style=" not in answer.text
    assert "<script>" not in answer.text


def test_files_come_with_a_validator(desk: str):
    first = httpx.get(f"{desk}/static/desk.css")
    again = httpx.get(f"{desk}/static/desk.css", headers={"if-none-match": first.headers["etag"]})
    assert (first.status_code, again.status_code) == (200, 304)
    assert first.headers["content-type"].startswith("text/css")
    assert httpx.get(f"{desk}/static/layout.html").status_code == 404


def test_the_longest_word_pushes_nothing_beyond_the_edge(browser: Browser, desk: str):
    viewport = {"width": 390, "height": 844}
    with opened(browser, f"{desk}/?name={'A' * 400}", viewport=viewport) as watched:
        beyond = "document.documentElement.scrollWidth - innerWidth"
        assert watched.page.evaluate(beyond) <= 0


@pytest.mark.parametrize("width", [800, 1280])
def test_the_buttons_beside_a_long_answer_cover_none_of_its_words(
    browser: Browser, desk: str, width: int
):
    screen = {"width": width, "height": 844}
    with opened(browser, f"{desk}/?name={'A' * 400}", viewport=screen) as watched:
        covered = """() => {
            const tools = document.querySelector(".result .tools").getBoundingClientRect();
            const words = document.createRange();
            words.selectNodeContents(document.querySelector(".result h1"));
            const lines = [...words.getClientRects()];
            const isCovered = (line) => line.right > tools.left && line.bottom > tools.top
                && line.left < tools.right && line.top < tools.bottom;
            return [lines.length > 1, lines.some(isCovered)];
        }"""
        assert watched.page.evaluate(covered) == [True, False]


def test_a_name_is_printed_and_never_run(browser: Browser, desk: str):
    name = '"><script>document.title="run"</script>'
    with opened(browser, str(httpx.URL(f"{desk}/", params={"name": name}))) as watched:
        assert watched.page.title() == "Answer \N{EN DASH} Abeyance"
        expect(watched.page.locator("h1")).to_contain_text(name)


def test_a_measure_is_shown_on_other_days(browser: Browser, desk: str):
    with opened(browser, f"{desk}/measures/us-bis-affiliates-rule") as watched:
        page = watched.page
        expect(page.locator(".badge.big")).to_have_text("In force since 10 Nov 2026 — unconfirmed")
        expect(page.locator("svg.bigline")).to_be_visible()
        expect(page.get_by_text("no act found, sources read until").first).to_be_visible()
        page.get_by_role("link", name="9 Nov 2026", exact=True).click()
        expect(page.locator(".badge.big")).to_have_text("Suspended until 9 Nov 2026 — today")


def test_measures_can_be_filtered(browser: Browser, desk: str):
    with opened(browser, f"{desk}/measures?as_of=2026-11-20") as watched:
        page = watched.page
        page.get_by_label("Words in the title").fill("gallium united")
        page.get_by_label("Status").select_option("suspended")
        page.get_by_role("button", name="Show", exact=True).click()
        expect(page.get_by_text("No measure on record matches all these filters.")).to_be_visible()
        page.get_by_label("Words in the title").fill("Ga/Ge/Sb")
        page.get_by_role("button", name="Show", exact=True).click()
        expect(page.get_by_role("link", name="Gallium etc. to the US")).to_be_visible()


@pytest.mark.parametrize(
    ("path", "status", "text"),
    [
        pytest.param("/?name=---", 200, "has no letter or digit", id="no letter"),
        pytest.param("/?name=%00", 200, "has no letter or digit", id="no sign"),
        pytest.param("/?name=%ff%fe", 200, "has no letter or digit", id="no text"),
        pytest.param("/?name=GmbH", 200, "A listed party may be missed.", id="legal form"),
        pytest.param(f"/?name={'x' * 501}", 400, "the most is 500", id="too long"),
        pytest.param("/?name=a&typing=1", 200, "One letter finds too much", id="one letter"),
        pytest.param("/?name=X1&lists=nope", 400, "List 1: no list is called", id="list"),
        pytest.param("/?name=X1&threshold=2", 400, "not a score from 0 to 1", id="score"),
        pytest.param("/?name=X1&owner=A&share=200", 400, "Owner 1, share: 200", id="share"),
        pytest.param("/?name=X1&items=123", 400, "is not an HS code", id="goods"),
        pytest.param("/?name=X1&as_of=2026-02-31", 400, "31 Feb 2026 is not a day", id="day"),
        pytest.param("/?name=Hikvision&as_of=0001-01-01", 200, "on 1 Jan", id="first day"),
        pytest.param("/?name=Hikvision&as_of=9999-12-31", 200, "on 31 Dec 9999", id="last day"),
        pytest.param("/measures?status=gone", 400, "is not a status", id="status"),
        pytest.param("/measures/no-such", 404, "There is no such measure", id="measure"),
        pytest.param(
            "/measures/us-bis-affiliates-rule?known_at=2025-01-01",
            200,
            "Not public on that day",
            id="before anybody knew",
        ),
        pytest.param("/listings/no-such", 404, "There is no such listing", id="listing"),
        pytest.param("/docs", 200, "<html", id="the API's own page stays"),
    ],
)
def test_every_question_gets_an_answer_or_a_reason(desk: str, path: str, status: int, text: str):
    answer = httpx.get(f"{desk}{path}", timeout=30)
    assert (answer.status_code, text in answer.text) == (status, True)
    page, _, question = path.partition("?")
    if page == "/":
        form = {"content-type": "application/x-www-form-urlencoded"}
        answer = httpx.post(f"{desk}/", content=question, headers=form, timeout=30)
        assert (answer.status_code, text in answer.text) == (status, True)


def test_a_firm_freed_on_one_list_and_kept_on_another_is_both(desk: str):
    """Huntington Ingalls: China stopped its measures under one list and not under two others."""
    page = httpx.get(f"{desk}/", params={"name": "Huntington Ingalls", "as_of": "2026-11-24"}).text
    party = page.split('class="choice"')[0]
    badges = re.findall(r'<tr[^>]*in-(\w+)">\s*<td>\s*<span class="badge b-([\w-]+)', party)
    assert badges == [
        ("certain", "force"),
        ("certain", "force"),
        ("possible", "lapsed"),
        ("over", "over"),
    ]
    assert "the name stays on the list" in page


@pytest.mark.parametrize("width", [320, 360, 390, 640, 960])
def test_every_page_can_be_reached_on_a_phone(browser: Browser, desk: str, width: int):
    with opened(browser, desk, viewport={"width": width, "height": 640}) as watched:
        page = watched.page
        for name, path in (
            ("Counterparties", "/counterparties"),
            ("Alerts", "/alerts"),
            ("Measures", "/measures"),
            ("Calendar", "/calendar"),
            ("Lists", "/lists"),
            ("Spreadsheet", "/spreadsheet"),
            ("Flows", "/flows"),
            ("Search", "/"),
        ):
            page.get_by_text("Menu", exact=True).click()
            link = page.get_by_role("navigation").get_by_role("link", name=name, exact=True)
            box = link.bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
            assert box["height"] >= 44
            link.click()
            expect(page).to_have_url(f"{desk}{path}")
            here = page.get_by_role("navigation").locator("[aria-current=page]").first
            expect(here).to_have_text(name)


def test_every_page_stands_in_the_head_where_there_is_room(browser: Browser, desk: str):
    with opened(browser, desk, viewport={"width": 961, "height": 640}) as watched:
        links = watched.page.get_by_role("navigation").get_by_role("link")
        expect(links).to_have_count(8)
        boxes = [each.bounding_box() for each in links.all()]
        assert all(box is not None and box["x"] + box["width"] <= 961 for box in boxes)
        expect(watched.page.get_by_text("Menu", exact=True)).to_be_hidden()


def test_the_pages_of_the_api_open_with_screening_and_not_with_the_audit_log(
    browser: Browser, desk: str
):
    with opened(browser, f"{desk}/docs") as watched:
        watched.page.wait_for_selector(".opblock")
        expect(watched.page.locator("h3.opblock-tag").first).to_contain_text("Screening")
        expect(watched.page.locator(".opblock-summary-path").first).to_have_text("/v1/screenings")


def test_the_type_of_a_problem_leads_to_the_page_that_explains_it(browser: Browser, desk: str):
    problem = httpx.get(f"{desk}/v1/search").json()
    with opened(browser, f"{desk}{problem['type']}") as watched:
        expect(watched.page.get_by_role("heading", level=1)).to_have_text(problem["title"])
        watched.page.get_by_role("link", name="All kinds of problem").click()
        expect(watched.page.get_by_role("heading", level=1)).to_have_text("Problems")
