"""Logging in and out at a provider of OpenID Connect, in a real browser."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from abeyance_screening.app.application import create_app
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.platform.settings import OidcLogin, PeopleSettings, Role, Settings
from tests.browser.browsers import chromium, opened, skip_without_chromium
from tests.integration.provider import CheatingProvider, provider_running
from tests.served import free_port, running

HIKVISION = re.compile("^Hikvision on four lists$")
STYLES = "https://cdn.jsdelivr.net/**"


@pytest.fixture(scope="module")
def provider() -> Iterator[CheatingProvider]:
    skip_without_chromium()
    with provider_running() as provider:
        yield provider


@pytest.fixture(scope="module")
def desk(
    provider: CheatingProvider, listed_database: str, bundled_index: ListingIndex
) -> Iterator[str]:
    """The address of a service that people log in to, as browsers reach it."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    login = OidcLogin(issuer=provider.url, client_id="desk", roles_claim="realm.roles")
    roles = (Role(name="analyst", scopes=("screen", "read")),)
    people = PeopleSettings(login=login, roles=roles, public_url=address, contact="it@example")
    settings = Settings(
        data_dir=Path(), database_url=listed_database, access="keys", people=people
    )
    with running(create_app(settings, bundled_index), port=port):
        yield address


@pytest.fixture(scope="module")
def browser(desk: str) -> Iterator[Browser]:
    """The system's Chromium, behind the service."""
    assert desk
    with chromium() as started:
        yield started


@pytest.fixture
def window(browser: Browser) -> Iterator[Page]:
    """A window that keeps the addresses it asks for, and needs no styles of the provider."""
    with opened(browser, "about:blank") as watched:
        context = watched.page.context
        context.route(STYLES, lambda route: route.fulfill(content_type="text/css", body=""))
        asked = list[str]()
        context.on("request", lambda request: asked.append(request.url))
        yield watched.page
        assert not [each for each in asked if "Hikvision" in each]
        # what is refused is said in the console, too
        watched.complaints[:] = [each for each in watched.complaints if "status of 40" not in each]


def log_in(page: Page, provider: CheatingProvider) -> None:
    """Choose somebody at the provider, who is an analyst."""
    expect(page.get_by_role("heading", name="Authorize Client")).to_be_visible()
    assert page.url.startswith(provider.url)
    page.get_by_role("button", name="Authorize as u-1").click()


def test_what_somebody_typed_is_asked_once_they_have_logged_in_again(
    window: Page, desk: str, provider: CheatingProvider
):
    """The session ended in another window, where they logged out, at the provider too."""
    window.goto(f"{desk}/lists?as_of=2026-11-24")
    log_in(window, provider)
    expect(window.locator(".who-am-i")).to_contain_text("anna")
    expect(window).to_have_url(f"{desk}/lists?as_of=2026-11-24")
    window.goto(desk)
    other = window.context.new_page()
    other.goto(f"{desk}/measures")
    other.get_by_role("button", name="Log out").click()
    expect(other.get_by_role("heading", name="End Session")).to_be_visible()
    assert other.url.startswith(f"{provider.url}/oauth2/end_session?client_id=desk&")
    assert "id_token_hint=" in other.url
    other.get_by_role("button", name="End session").click()
    expect(other.get_by_role("heading")).to_have_text("You are logged out")
    assert other.url == f"{desk}/logout"
    window.locator("#name").fill("Hikvision")
    log_in(window, provider)
    expect(window.locator("h1")).to_have_text(HIKVISION)
    assert window.url == f"{desk}/"


def test_a_page_of_another_site_neither_writes_nor_logs_out(
    window: Page, desk: str, provider: CheatingProvider
):
    window.goto(desk)
    log_in(window, provider)
    other = window.context.new_page()
    for path in ("/logout", "/evidence"):
        other.goto(f"{provider.url}/")
        with other.expect_navigation(url=f"{desk}{path}") as refused:
            other.evaluate(SEND_FORM, f"{desk}{path}")
        assert refused.value.status in {401, 403}
    window.locator("#name").fill("Hikvision")
    expect(window.locator("h1")).to_have_text(HIKVISION)
    window.get_by_role("button", name="Print evidence").click()
    window.wait_for_url(f"{desk}/evidence/*")
    expect(window.locator("h1")).to_contain_text("Hikvision")


SEND_FORM = """address => {
  const form = document.createElement("form");
  form.method = "post";
  form.action = address;
  form.innerHTML = "<input name=name value=Hikvision>";
  document.body.append(form);
  form.submit();
}"""
