"""The review page in a real browser: what needs a legal reader, and signing it off."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from abeyance_screening.app.application import create_app
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.platform.settings import Operator, Settings
from tests.browser.browsers import opened
from tests.browser.test_desk_pages import has_no_overflow
from tests.integration.anna import KEY
from tests.served import running

PATH = "/register/review?as_of=2026-11-24&list=us_ofac_sdn"
# The listings are counted for the first reader only.
COUNTED_WITHIN_MS = 60_000


@pytest.fixture(scope="module")
def signing_desk(listed_database: str, bundled_index: ListingIndex) -> Iterator[str]:
    """A service of its own, with an operator, because a sign-off is never taken back."""
    settings = Settings(
        data_dir=Path(),
        database_url=listed_database,
        operators=(Operator(name="anna", key=KEY),),
    )
    with running(create_app(settings, bundled_index)) as address:
        yield address


def test_a_measure_is_read_and_signed_off(signing_desk: str, browser: Browser):
    with opened(browser, "about:blank") as watched:
        page = watched.page
        page.goto(f"{signing_desk}{PATH}", timeout=COUNTED_WITHIN_MS)
        card = page.locator("article.review").first
        expect(card).to_contain_text("Not signed off by a legal reader.")
        expect(card).to_contain_text("listings")
        card.locator("summary").click()
        expect(card.locator("table a").first).to_have_attribute("href", re.compile("^https?://"))
        title = card.locator("h2").inner_text()
        button = card.get_by_role("button", name="Sign off")
        button.click()
        expect(card.get_by_role("status")).to_have_text("Type the operator's key first.")
        page.get_by_label("Reader's name").fill("A. Reader")
        page.get_by_label("Operator's key").fill(KEY)
        card.get_by_label("Note").fill("read against the act")
        button.click()
        expect(card.get_by_role("status")).to_have_text("Signed off.")
        expect(card.locator("[data-signed]")).to_contain_text("Reviewed by A. Reader on")
        page.reload(timeout=COUNTED_WITHIN_MS)
        expect(page.locator("article.review h2").first).not_to_have_text(title)


def test_the_page_is_readable_without_a_script_and_on_a_phone(browser: Browser, desk: str):
    phone = {"width": 320, "height": 800}
    with opened(browser, f"{desk}{PATH}", viewport=phone, java_script_enabled=False) as watched:
        page = watched.page
        expect(page.locator("article.review").first).to_be_visible()
        expect(page.get_by_label("Operator's key")).to_be_hidden()
    with opened(browser, f"{desk}{PATH}", viewport=phone) as watched:
        assert has_no_overflow(watched.page)
