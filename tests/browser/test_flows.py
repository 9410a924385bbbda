"""The page of flows in a real browser: a question, a cell of the matrix, on a phone, by keys."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.browsers import THEMES, faults_of, opened

DAY = "as_of=2026-11-24&known_at=2026-11-24"
CELL = f"trader=US&way=to&place=RU&kind=machinery&{DAY}"


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("asked", [f"trader=UK&{DAY}", CELL, f"item=gold&origin=RU&{DAY}"])
def test_nothing_on_the_page_keeps_anybody_out(
    browser: Browser, desk: str, theme: str, width: int, asked: str
):
    screen = {"width": width, "height": 844}
    with opened(browser, f"{desk}/flows?{asked}", color_scheme=theme, viewport=screen) as watched:
        found = faults_of(watched.page)
        assert [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found] == []


@pytest.mark.parametrize("width", [320, 390])
def test_the_page_is_no_wider_than_a_phone_and_the_matrix_scrolls_in_itself(
    browser: Browser, desk: str, width: int
):
    screen = {"width": width, "height": 844}
    with opened(browser, f"{desk}/flows?{CELL}", viewport=screen) as watched:
        page = watched.page
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        matrix = page.get_by_role("region", name="Out of the United States to")
        assert matrix.evaluate("each => each.scrollWidth > each.clientWidth")
        matrix.focus()
        expect(matrix).to_be_focused()


def test_a_cell_leads_to_its_measures_without_a_script(browser: Browser, desk: str):
    with opened(browser, f"{desk}/flows?trader=US&{DAY}", java_script_enabled=False) as watched:
        page = watched.page
        row = page.get_by_role("region", name="Into the United States from").get_by_role(
            "row", name=re.compile("^Russia")
        )
        row.get_by_role("link", name=re.compile(r"^Ban\s*: coal from Russia$")).click()
        expect(page.locator("#answer-title")).to_have_text(
            "Coal, from Russia to the United States"
        )
        # the ban began on 8 March, eased by General License 16 until 22 April
        expect(page.locator(".flow-answer .badge").first).to_contain_text(
            "In force since 22 Apr 2022"
        )
        expect(page.get_by_label("From (country)")).to_have_value("RU")
        page.get_by_label("What: codes or words").fill("crude oil")
        page.get_by_role("button", name="Answer").click()
        expect(page.locator("#answer-title")).to_have_text(
            "Import forbidden unless an exception or a licence applies"
        )
        expect(page).to_have_url(re.compile("item=crude"))


def test_the_form_says_what_it_cannot_answer_before_one_asks(browser: Browser, desk: str):
    with opened(browser, f"{desk}/flows") as watched:
        expect(watched.page.locator("#flows-can")).to_contain_text("Cannot answer: customs duties")
        expect(watched.page.locator(".flow-answer")).to_have_count(0)
