"""The page of drafts in a real browser: a draft is corrected, confirmed, and the place is read."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from abeyance_screening.app.application import create_app
from abeyance_screening.engine.measures.place_state import Look, PlaceDocument
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.settings import Operator, Settings
from abeyance_screening.platform.stores.places import add_look
from tests.browser.browsers import opened
from tests.browser.test_desk_pages import has_no_overflow
from tests.integration.anna import KEY
from tests.served import running

NOW = datetime.now(UTC)
UNTIL = NOW.date() + timedelta(days=90)
# Made up: OFAC issued no such licence.
DOCUMENT = PlaceDocument(
    key="k",
    title="Issuance of Russia-related General License",
    url="https://ofac.treasury.gov/recent-actions/20261130",
    dated_on=NOW.date(),
    body=f"OFAC is issuing amended Russia-related General License 134C, which authorizes the sale "
    f"of oil through 12:01 a.m. eastern standard time, {UNTIL:%B} {UNTIL.day}, {UNTIL.year}.",
)


@pytest.fixture(scope="module")
def drafts_desk(listed_database: str, bundled_index: ListingIndex) -> Iterator[str]:
    """A service of its own, with an operator, because an event is never taken away."""

    async def add() -> None:
        look = Look(
            place="us-ofac-recent-actions",
            looked_at=NOW,
            since=NOW.date(),
            documents=(DOCUMENT,),
        )
        async with connected(listed_database) as connection:
            assert await add_look(connection, look)

    asyncio.run(add())
    settings = Settings(
        data_dir=Path(),
        database_url=listed_database,
        operators=(Operator(name="anna", key=KEY),),
    )
    with running(create_app(settings, bundled_index)) as address:
        yield address


def test_a_draft_is_corrected_and_confirmed_and_the_place_marked_as_read(
    drafts_desk: str, browser: Browser
):
    with opened(browser, f"{drafts_desk}/register/drafts") as watched:
        page = watched.page
        card = page.locator("article.draftcard")
        expect(card).to_contain_text("paragraph 1 says")
        expect(card.locator("mark")).to_contain_text("General License 134C")
        assert card.get_by_label("Ends").input_value() == str(UNTIL)
        assert card.get_by_label("That day is").input_value() == "exclusive"
        # the title says less than the act: a person chooses the kind
        card.get_by_label("What it does").select_option("replace_authorisation")
        card.get_by_label("Measure").fill("us-ofac-gl-134")
        card.get_by_label("Takes effect").fill(str(NOW.date()))
        card.get_by_label("I have read the act itself").check()
        status = card.locator("form [role=status]")
        page.get_by_label("Operator's key").fill(KEY)
        card.get_by_role("button", name="Confirm").click()
        expect(status).to_contain_text("Recorded as")
        card.get_by_role("button", name="read up to here").click()
        expect(card.locator("p > [role=status]").last).to_contain_text("Read until")
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_have_text("New documents")
        expect(page.locator("article.draftcard")).to_have_count(0)


def test_the_page_is_readable_on_a_phone(drafts_desk: str, browser: Browser):
    phone = {"width": 320, "height": 800}
    with opened(browser, f"{drafts_desk}/register/drafts", viewport=phone) as watched:
        assert has_no_overflow(watched.page)
