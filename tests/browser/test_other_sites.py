"""A page of another site asks the API from a real browser, which lets it read what CORS allows."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import override

import pytest
from playwright.sync_api import Browser, Page

from abeyance_screening.app.application import create_app
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.platform.settings import CallerLimits, Settings
from tests.browser.browsers import chromium, skip_without_chromium
from tests.forked import abeyance_command
from tests.served import running, without_database_url

SCOPES = ("screen", "read", "delete")
# `method`, `path`, `headers` and `body`; what the page could read, or what the browser said.
ASK = """async ([address, method, path, headers, body]) => {
  try {
    const answer = await fetch(address + path, { method, headers, body });
    return [answer.status, Object.fromEntries(answer.headers), await answer.text()];
  } catch (error) {
    return [0, {}, String(error)];
  }
}"""


class _Blank(BaseHTTPRequestHandler):
    """A site with one empty page."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>An add-in</title>")

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site() -> Iterator[int]:
    """The port of another site; by the name `localhost` it is one that no setting names."""
    skip_without_chromium()
    with ThreadingHTTPServer(("127.0.0.1", 0), _Blank) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@pytest.fixture(scope="module")
def key(listed_database: str) -> str:
    scopes = [word for each in SCOPES for word in ("--scope", each)]
    environment = without_database_url() | {"DATABASE_URL": listed_database}
    done = abeyance_command(["keys", "add", "add-in", *scopes], environment, Path.cwd())
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def desk(site: int, listed_database: str, bundled_index: ListingIndex, key: str) -> Iterator[str]:
    """The address of a service that asks for keys and lets the pages of that site ask."""
    assert key
    settings = Settings(
        data_dir=Path(),
        database_url=listed_database,
        access="keys",
        key_limits=CallerLimits(requests_per_second=50),
        origins=(f"http://127.0.0.1:{site}",),
    )
    with running(create_app(settings, bundled_index)) as address:
        yield address


@pytest.fixture(scope="module")
def browser(desk: str) -> Iterator[Browser]:
    """The system's Chromium, behind the service."""
    assert desk
    with chromium() as started:
        yield started


@pytest.fixture
def page(browser: Browser, site: int) -> Iterator[Page]:
    """A page of the site that the settings name."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{site}/")
        yield page


def ask(page: Page, *asked: object) -> tuple[int, dict[str, str], str]:
    status, headers, text = page.evaluate(ASK, asked)
    return status, headers, text


def test_a_page_of_a_named_site_screens_with_its_key_and_reads_what_it_needs(
    page: Page, desk: str, key: str
):
    headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
    body = '{"counterparties":[{"name":"Hikvision"}]}'
    once = headers | {"idempotency-key": "7f1c0000-0000-4000-8000-0000000000c0"}
    for replayed in (None, "true"):
        status, read, text = ask(page, desk, "POST", "/v1/screenings", once, body)
        assert (status, read.get("idempotent-replayed")) == (200, replayed), text
        assert {"x-request-id", "ratelimit", "ratelimit-policy"} <= read.keys()
    own = {"x-api-key": key}
    tag = ask(page, desk, "GET", "/v1/lists", own, None)[1]["etag"]
    again = ask(page, desk, "GET", "/v1/lists", own | {"if-none-match": tag}, None)
    assert again[0] == 304
    unknown = "/v1/screenings/00000000-0000-4000-8000-000000000000"
    assert ask(page, desk, "DELETE", unknown, own, None)[0] == 404


def test_a_page_of_a_named_site_reads_why_it_is_refused(page: Page, desk: str):
    status, headers, text = ask(page, desk, "GET", "/v1/lists", {}, None)
    assert (status, headers["www-authenticate"]) == (401, "Bearer")
    assert '"/problems/' in text


def test_a_page_of_a_named_site_reads_no_page_of_the_desk(page: Page, desk: str):
    for path in ("/", "/lists", "/metrics"):
        assert ask(page, desk, "GET", path, {}, None)[2] == "TypeError: Failed to fetch"


def test_a_page_of_another_site_reads_nothing(browser: Browser, site: int, desk: str, key: str):
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"http://localhost:{site}/")
        for headers in ({}, {"x-api-key": key}):
            answer = ask(page, desk, "GET", "/v1/lists", headers, None)
            assert answer == (0, {}, "TypeError: Failed to fetch")
