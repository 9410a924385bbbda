"""A decision that a second person has to approve, in a real browser, with scripts and without."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from abeyance_screening.app.application import create_app
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.platform.settings import Settings
from tests.browser.browsers import faults_of, opened
from tests.integration.test_keys import hand_out_key
from tests.served import running

PARTY, LISTED = "S-1", "Skydio, Inc."
MAY_DECIDE = ("admin", "counterparties", "judge")


class Person:
    """Somebody with a key of their own, over HTTP and in a browser."""

    def __init__(self, desk: str, secret: str) -> None:
        self.desk = desk
        self.headers = {"x-api-key": secret}

    def ask(self, method: str, path: str, **asked: Any) -> httpx.Response:
        return httpx.request(
            method, f"{self.desk}{path}", headers=self.headers, timeout=60, **asked
        )

    def decide(self, reason: str) -> int:
        """Decide on the first hit, and return the number of the judgement."""
        shown = self.ask("GET", f"/v1/counterparties/{PARTY}").json()
        listing = shown["answer"]["results"][0]["hits"][0]["listing"]["id"]
        asked = {
            "counterparty": PARTY,
            "listing": listing,
            "decision": "different",
            "reason": reason,
        }
        made = self.ask("POST", "/v1/judgements", json=asked)
        assert made.status_code == HTTPStatus.CREATED, made.text
        return made.json()["items"][0]["id"]

    def state(self, judgement: int) -> str:
        items = self.ask("GET", f"/v1/judgements?counterparty={PARTY}").json()["items"]
        return next(each["state"] for each in items if each["id"] == judgement)


@pytest.fixture(scope="module")
def people(listed_database: str, bundled_index: ListingIndex) -> Iterator[tuple[Person, Person]]:
    """Anna and Ben, of an account in which one decides and another approves."""
    secrets = [
        hand_out_key(listed_database, "desk", each, *MAY_DECIDE) for each in ("anna", "ben")
    ]
    settings = Settings(data_dir=Path(), database_url=listed_database, access="keys")
    with running(create_app(settings, bundled_index)) as desk:
        anna, ben = (Person(desk, each) for each in secrets)
        assert anna.ask("PUT", "/v1/judgement-terms", json={"four_eyes": True}).is_success
        assert anna.ask("PUT", f"/v1/counterparties/{PARTY}", json={"name": LISTED}).is_success
        yield anna, ben


@pytest.mark.parametrize("with_scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize(
    ("button", "state", "said"),
    [
        ("Approve", "holds", "Approved. It holds from now on."),
        ("Refuse", "refused", "Refused. What held before still does."),
    ],
)
def test_a_decision_of_somebody_else_is_approved_or_refused_on_the_page(
    people: tuple[Person, Person],
    browser: Browser,
    button: str,
    state: str,
    said: str,
    *,
    with_scripts: bool,
):
    anna, ben = people
    judgement = anna.decide(f"{button} me.")
    with _page_of(ben, browser, with_scripts=with_scripts) as page:
        hit = page.locator(".decided").filter(has=page.get_by_role("button", name=button))
        expect(hit).to_contain_text(f"“{button} me.”")
        expect(hit).to_contain_text("waits for a second look")
        if with_scripts:
            assert [each["id"] for each in faults_of(page)] == []
        hit.get_by_role("button", name=button).click()
        expect(page.get_by_text(said).first).to_be_visible()
    assert ben.state(judgement) == state


def test_whoever_decided_is_told_to_wait_and_cannot_approve_it(
    people: tuple[Person, Person], browser: Browser
):
    anna, _ = people
    judgement = anna.decide("My own.")
    with _page_of(anna, browser, with_scripts=False) as page:
        hit = page.locator(".decided").filter(has_text="“My own.”")
        expect(hit).to_contain_text("You decided this. It counts once somebody else approves it.")
        expect(hit.get_by_role("button", name="Approve")).to_have_count(0)
    refused = anna.ask("POST", f"/counterparties/decision/{judgement}/approve")
    assert refused.status_code == HTTPStatus.FORBIDDEN
    assert "This was decided by anna, so another person has to approve it" in refused.text
    assert anna.state(judgement) == "waiting"


@contextmanager
def _page_of(person: Person, browser: Browser, *, with_scripts: bool) -> Generator[Page]:
    with opened(
        browser,
        f"{person.desk}/counterparties/{PARTY}",
        java_script_enabled=with_scripts,
        extra_http_headers=person.headers,
    ) as watched:
        yield watched.page
