"""A table too large for the page goes as a job, with progress, cancel and downloads."""

import asyncio
import csv
import io
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.browser.browsers import faults_of, opened
from tests.integration import job_worker
from tests.integration.test_jobs_over_http import TABLE

ASKED = {"lists": ["us_ofac_sdn"], "as_of": "2026-11-24", "known_at": "2026-11-24"}


def beside(work: Callable[[], Coroutine[object, object, None]]) -> None:
    """Does what a worker would do; Playwright has the event loop of this thread."""
    with ThreadPoolExecutor(1) as threads:
        threads.submit(lambda: asyncio.run(work())).result()


def sent(page: Page) -> UUID:
    """The id of the job of a table that the page takes for too large."""
    page.evaluate("document.getElementById('job').dataset.mostBytes = 10")
    table = FilePayload(name="parties.csv", mimeType="text/csv", buffer=TABLE.encode())
    page.set_input_files("#file", [table])
    page.get_by_role("button", name="Read the columns").click()
    expect(page.locator("#described")).to_contain_text("parties.csv: 3 columns")
    page.get_by_role("button", name="Screen", exact=True).click()
    expect(page.locator("#job-title")).to_have_text("Reading and screening: parties.csv")
    expect(page.locator("#job-note")).to_contain_text("It waits for a worker.")
    return UUID(page.url.rpartition("=")[2])


def test_a_table_that_is_too_large_goes_as_a_job_and_its_results_are_downloaded(
    browser: Browser, desk: str, listed_for_all: str
):
    with opened(browser, f"{desk}/spreadsheet") as watched:
        page = watched.page
        key = sent(page)
        beside(lambda: job_worker.read(listed_for_all, key, rows_in_chunk=2))
        beside(lambda: job_worker.answer(listed_for_all, key, range(1), desk, ASKED))
        tally = page.locator("#job-tally")
        expect(tally).to_have_text("2 of 5 rows, 1 with hits, 0 unreadable")
        expect(page.locator("#job-part")).to_be_visible()
        beside(lambda: job_worker.answer(listed_for_all, key, range(1, 3), desk, ASKED))
        expect(page.locator("#job-title")).to_have_text("Done: parties.csv")
        expect(tally).to_have_text("5 of 5 rows, 2 with hits, 1 unreadable")
        expect(page.locator("#job-part")).to_be_hidden()
        expect(page.locator("#job-read-as")).to_contain_text(
            "name: Name · id: Id · country: Country"
        )
        # its address leads back to it
        page.reload()
        expect(tally).to_have_text("5 of 5 rows, 2 with hits, 1 unreadable")
        assert faults_of(page) == []
        with page.expect_download() as download:
            page.get_by_role("link", name="Hits as CSV").click()
        content = Path(download.value.path()).read_text("utf-8-sig")
        rows = csv.DictReader(io.StringIO(content, newline=""))
        assert {each["counterparty"] for each in rows} == {"Bank Melli", "Rosoboronexport"}
        page.get_by_role("button", name="Delete these results").click()
        page.get_by_role("button", name="Delete", exact=True).click()
        expect(page.get_by_text("The results were deleted.")).to_be_visible()


def test_a_job_is_cancelled_and_stays_on_the_list_of_this_browser(browser: Browser, desk: str):
    with opened(browser, f"{desk}/spreadsheet") as watched:
        page = watched.page
        sent(page)
        page.get_by_role("button", name="Cancel").click()
        expect(page.locator("#job-title")).to_have_text("Cancelled: parties.csv")
        expect(page.locator("#job-cancel")).to_be_hidden()
        page.get_by_role("link", name="Another table").click()
        expect(page.locator("#earlier-list")).to_contain_text("parties.csv")
