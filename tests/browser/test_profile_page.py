"""The page of profiles in a real browser: whose lists are required, and choosing others."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from abeyance_screening.app.application import create_app
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.platform.settings import Settings
from tests.browser.browsers import opened
from tests.browser.test_desk_pages import has_no_overflow
from tests.served import run, running


@pytest.fixture(scope="module")
def choosing_desk(listed_database: str, bundled_index: ListingIndex) -> Iterator[tuple[str, str]]:
    """The address of a service of its own, and a key of its operator."""
    key = run(listed_database, "keys", "add", "first", "--owner", "anna", "--scope", "operator")
    settings = Settings(data_dir=Path(), database_url=listed_database)
    with running(create_app(settings, bundled_index)) as address:
        yield address, key.strip()


def test_an_operator_chooses_by_the_keys_alone_and_the_lists_say_so(
    choosing_desk: tuple[str, str], browser: Browser
):
    address, key = choosing_desk
    with opened(browser, f"{address}/lists") as watched:
        page = watched.page
        page.get_by_role("link", name="Choose whose law counts").click()
        expect(page.locator("h1")).to_have_text("Whose law must an answer be complete for?")
        page.get_by_label("us: who is subject to United States law").focus()
        page.keyboard.press("Space")
        page.get_by_label("Reason").fill("we export from the United States")
        page.get_by_label("Operator's key").fill("no-such-key")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status").first).to_contain_text("Not chosen: ")
        page.get_by_label("Operator's key").fill(key)
        page.keyboard.press("Enter")
        expect(page.get_by_role("status").first).to_contain_text("Chosen: us.")

        def is_told() -> bool:
            page.goto(f"{address}/lists")
            return page.get_by_text("the profile us names, as chosen here").is_visible()

        # every process learns of it within half a minute, this one at once or nearly
        assert any(is_told() or page.wait_for_timeout(500) for _ in range(40))
        # the browser tells of every refusal in its console
        watched.complaints[:] = [each for each in watched.complaints if "401" not in each]


def test_the_page_is_whole_on_a_phone_and_offers_no_form_without_a_script(
    browser: Browser, desk: str
):
    phone = {"width": 320, "height": 800}
    with opened(browser, f"{desk}/profile", viewport=phone, java_script_enabled=False) as watched:
        expect(watched.page.get_by_text("Requires 16 lists")).to_be_visible()
        expect(watched.page.get_by_label("Operator's key")).to_be_hidden()
    with opened(browser, f"{desk}/profile", viewport=phone) as watched:
        assert has_no_overflow(watched.page)
