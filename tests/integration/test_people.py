"""People who log in: at a provider of OpenID Connect, or at a proxy that names them."""

import json
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import asyncpg
import httpx
import pytest

from abeyance_screening.app.application import create_app
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.features.people.openid import Provider
from abeyance_screening.platform.access.sessions import Sessions, UserSessionStore
from abeyance_screening.platform.http.middleware import peer_of
from abeyance_screening.platform.http.security import CONNECTION
from abeyance_screening.platform.settings import (
    OidcLogin,
    PeopleSettings,
    ProxyLogin,
    Role,
    Settings,
)
from abeyance_screening.primitives.days import utc_now
from tests.integration.provider import (
    CheatingProvider,
    PlainBrowser,
    new_key,
    provider_running,
    with_query,
)
from tests.served import FixedClock, run, running, wait_for

HOST = "abeyance.example"
URL = f"https://{HOST}"
# with what must be quoted
PROOF = "s%/1"
COOKIE, PROOF_COOKIE = "__Host-abeyance", "__Secure-abeyance-proof"
ROLES = (
    Role(name="analyst", scopes=("screen", "read")),
    Role(name="chief", scopes=("admin",)),
    Role(name="auditor", scopes=("read",), account="branch"),
)
SAME = {"origin": URL}


@pytest.fixture(scope="module")
def provider() -> Iterator[CheatingProvider]:
    with provider_running() as provider:
        yield provider


@pytest.fixture(scope="module")
def people(provider: CheatingProvider) -> PeopleSettings:
    login = OidcLogin(
        issuer=provider.url, client_id="desk", client_secret=PROOF, roles_claim="realm.roles"
    )
    return PeopleSettings(login=login, roles=ROLES, public_url=URL, contact="it@abeyance.example")


@pytest.fixture(scope="module")
def address(
    listed_database: str, bundled_index: ListingIndex, people: PeopleSettings
) -> Iterator[str]:
    """Where a service answers that people log in to."""
    settings = Settings(
        data_dir=Path(), database_url=listed_database, access="keys", people=people
    )
    with running(create_app(settings, bundled_index)) as address:
        yield address


@pytest.fixture
def browser(address: str, provider: CheatingProvider) -> Iterator[PlainBrowser]:
    provider.change = lambda claims: claims
    browser = PlainBrowser(address, HOST)
    with browser.client:
        yield browser


def audit(browser: PlainBrowser, **asked: str) -> list[dict[str, Any]]:
    chief = browser.another()
    chief.log_in("u-2")
    return chief.get(f"/v1/audit?{urlencode(asked)}").json()["items"]


def test_one_who_logs_in_gets_the_page_they_asked_for_and_a_session(browser: PlainBrowser):
    asked = "/lists?as_of=2026-11-24"
    refused = browser.get(asked)
    assert (refused.status_code, refused.headers["cache-control"]) == (303, "no-store")
    assert refused.headers["location"] == "/login?to=%2Flists%3Fas_of%3D2026-11-24"
    back = browser.log_in("u-1", asked)
    assert (back.status_code, back.headers["location"]) == (303, asked)
    attributes = {each.split("=")[0] for each in browser.attributes[COOKIE].split("; ")}
    assert attributes == {"HttpOnly", "Path", "SameSite", "Secure"}
    assert "SameSite=lax" in browser.attributes[COOKIE]
    assert list(browser.cookies) == [COOKIE, PROOF_COOKIE], "of the attempt nothing stays"
    assert "Path=/logout" in browser.attributes[PROOF_COOKIE]
    page = browser.get(asked)
    assert page.status_code == HTTPStatus.OK
    assert "anna" in page.text
    assert "Log out" in page.text
    assert browser.get("/v1/lists").status_code == HTTPStatus.OK


def test_a_program_is_refused_with_a_problem_and_never_sent_to_log_in(browser: PlainBrowser):
    for path, method in (("/v1/lists", "GET"), ("/metrics", "GET"), ("/v1/screenings", "POST")):
        refused = browser.ask(method, path)
        assert refused.status_code == HTTPStatus.UNAUTHORIZED
        assert refused.headers["www-authenticate"] == "Bearer"
        assert refused.headers["content-type"].startswith("application/problem+json")
        assert "/login" in refused.json()["detail"]
    for script in ({"accept": "*/*"}, {"sec-fetch-mode": "cors"}):
        assert browser.get("/", headers=script).status_code == HTTPStatus.UNAUTHORIZED


def test_roles_open_their_scopes_alone(browser: PlainBrowser):
    browser.log_in("u-1")
    refused = browser.get("/v1/keys")
    assert refused.status_code == HTTPStatus.FORBIDDEN
    assert refused.json()["type"] == "/problems/role-lacked"
    assert "it@abeyance.example" in refused.json()["detail"]
    # a key says more than a session, and one that is wrong is no session
    chief = browser.another()
    chief.log_in("u-2")
    body = {"name": "one", "owner": "ben", "scopes": ["admin"]}
    key = chief.ask("POST", "/v1/keys", json=body, headers=SAME).json()["secret"]
    assert browser.get("/v1/keys", headers={"x-api-key": key}).status_code == HTTPStatus.OK
    wrong = browser.get("/v1/lists", headers={"x-api-key": f"{key[:-1]}-"})
    assert wrong.status_code == HTTPStatus.UNAUTHORIZED
    # a token that a proxy sends along is nobody's key
    assert browser.get("/v1/lists", headers={"authorization": "Bearer e30"}).is_success


@pytest.mark.parametrize(("user", "says"), [("u-3", "carl"), ("u-5", "eve")])
def test_one_without_a_role_or_of_two_accounts_is_told_whom_to_ask(
    browser: PlainBrowser, user: str, says: str
):
    refused = browser.log_in(user)
    assert refused.status_code == HTTPStatus.FORBIDDEN
    assert says in refused.text
    assert "it@abeyance.example" in refused.text
    assert COOKIE not in browser.cookies
    (entry, *_) = audit(browser, action="user.refused", actor=says)
    assert (entry["about"], entry["address"]) == (user, "127.0.0.1")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"nonce": "another"}, id="nonce"),
        pytest.param({"nonce": None}, id="no nonce"),
        pytest.param({"iss": "https://other.example"}, id="issuer"),
        pytest.param({"aud": "another"}, id="audience"),
        pytest.param({"aud": ["desk", "another"]}, id="of two clients and for none"),
        pytest.param({"azp": "another"}, id="for another client"),
        pytest.param({"exp": int(time.time()) - 40}, id="expired"),
        pytest.param({"exp": None}, id="for ever"),
        pytest.param({"iat": int(time.time()) + 90_000}, id="of tomorrow"),
        pytest.param({"sub": None}, id="of nobody"),
        pytest.param({"preferred_username": "a\nb"}, id="no name"),
    ],
)
def test_a_token_that_is_not_for_this_login_is_refused(
    browser: PlainBrowser, provider: CheatingProvider, change: dict[str, object]
):
    provider.change = lambda claims: claims | change
    refused = browser.log_in("u-1")
    assert refused.status_code == HTTPStatus.FORBIDDEN
    assert "The login failed" in refused.text
    assert COOKIE not in browser.cookies


def test_a_clock_that_is_some_seconds_off_does_no_harm(
    browser: PlainBrowser, provider: CheatingProvider
):
    provider.change = lambda claims: claims | {"iat": int(time.time()) + 20}
    assert browser.log_in("u-1").status_code == 303


def test_a_new_key_of_the_provider_is_looked_up_and_a_strange_one_refused(
    browser: PlainBrowser, provider: CheatingProvider
):
    assert browser.log_in("u-1").status_code == 303
    provider.key = new_key("second")
    refused = browser.log_in("u-1", "/login")
    assert refused.status_code == HTTPStatus.FORBIDDEN
    provider.published = [provider.key]
    assert browser.log_in("u-1", "/login").status_code == 303


def test_a_return_that_this_browser_did_not_begin_is_refused(browser: PlainBrowser):
    at_provider = browser.to_provider("/lists")
    back = browser.back_from(at_provider, "u-1")
    stranger = browser.another()
    for refused in (
        stranger.get(back),
        browser.get(with_query(back, state="another")),
        browser.get(with_query(back, iss="https://other.example")),
        browser.get(with_query(back, error="access_denied")),
        browser.get(with_query(back, code="another")),
    ):
        assert refused.status_code == HTTPStatus.FORBIDDEN
        assert "The login failed" in refused.text
    attempt = dict(browser.cookies)
    assert browser.get(back).headers["location"] == "/lists"
    # the same code a second time, also by one who has the cookie of the attempt
    browser.cookies |= attempt
    assert browser.get(back).status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize(
    "to",
    [
        "https://other.example/",
        "//other.example/",
        "/\\other.example/",
        "\t//other.example",
        "/a\r\nset-cookie: x=y",
        "javascript:alert(1)",
        "/login?to=/",
        "/" + "a" * 2_000,
        "",
    ],
)
def test_after_the_login_nobody_is_sent_elsewhere(browser: PlainBrowser, to: str):
    back = browser.log_in("u-1", f"/login?{urlencode({'to': to})}")
    assert (back.status_code, back.headers["location"]) == (303, "/")


FORM = {"name": "Hikvision", "as_of": "2026-11-24", "known_at": "2026-11-24"}


@pytest.mark.parametrize(
    ("headers", "is_taken"),
    [
        pytest.param(SAME, True, id="our page"),
        pytest.param(SAME | {"sec-fetch-site": "same-origin"}, True, id="a new browser"),
        pytest.param({}, False, id="nobody says"),
        pytest.param({"origin": "https://other.example"}, False, id="another site"),
        pytest.param({"origin": "null"}, False, id="a hidden site"),
        pytest.param({"origin": f"http://{HOST}"}, False, id="an open line"),
        pytest.param(SAME | {"sec-fetch-site": "cross-site"}, False, id="forged origin"),
        pytest.param({"sec-fetch-site": "same-site"}, False, id="a neighbour"),
    ],
)
def test_what_changes_something_is_taken_from_our_pages_alone(
    browser: PlainBrowser, headers: dict[str, str], *, is_taken: bool
):
    browser.log_in("u-2")
    expected = HTTPStatus.SEE_OTHER if is_taken else HTTPStatus.FORBIDDEN
    assert browser.ask("POST", "/evidence", data=FORM, headers=headers).status_code == expected
    body = {"name": "x y", "owner": "x", "scopes": ["read"]}
    answer = browser.ask("POST", "/v1/keys", json=body, headers=headers)
    assert answer.status_code == (HTTPStatus.BAD_REQUEST if is_taken else HTTPStatus.FORBIDDEN)
    if not is_taken:
        assert browser.ask("POST", "/logout", headers=headers).status_code == HTTPStatus.FORBIDDEN
        assert browser.get("/v1/lists").status_code == HTTPStatus.OK


def test_what_somebody_changes_is_recorded_under_their_name(browser: PlainBrowser):
    browser.log_in("u-2")
    body = {"name": "made-by-ben", "owner": "x", "scopes": ["read"]}
    made = browser.ask("POST", "/v1/keys", json=body, headers=SAME).json()["key"]
    assert (made["made_by"], made["account"]) == ("ben", "main")
    (entry, *_) = audit(browser, action="key.added", about=str(made["id"]))
    assert entry["actor"] == "ben"


async def test_a_logout_ends_the_session_everywhere(
    browser: PlainBrowser, listed_database: str, people: PeopleSettings
):
    connection = await asyncpg.connect(listed_database)
    clock = FixedClock(datetime.now(UTC))
    elsewhere = Sessions(lambda: UserSessionStore(connection), people, clock, bytes)
    browser.log_in("u-4")
    token = browser.cookies[COOKIE]
    await elsewhere.look()
    caller = await elsewhere.caller(token)
    assert caller is not None
    assert (caller.account, caller.owner, caller.scopes) == ("branch", "u-4", {"read"})
    kept = browser.cookies.copy()
    out = browser.ask("POST", "/logout", headers=SAME)
    assert (out.status_code, browser.cookies) == (HTTPStatus.OK, {})
    assert "You are logged out here" in out.text
    browser.cookies = kept
    assert browser.get("/v1/lists").status_code == HTTPStatus.UNAUTHORIZED
    await elsewhere.look()
    assert await elsewhere.caller(token) is None
    # and the other way round, where this process learns of it by looking
    browser.log_in("u-1")
    await elsewhere.end(browser.cookies[COOKIE])
    wait_for(lambda: browser.get("/v1/lists").status_code == HTTPStatus.UNAUTHORIZED)
    rows = await connection.fetch("select * from user_session")
    await connection.close()
    assert token not in str([dict(row) for row in rows])


@pytest.mark.parametrize("is_kept", [True, False])
def test_who_logs_out_is_sent_on_to_log_out_at_the_provider(
    browser: PlainBrowser, provider: CheatingProvider, *, is_kept: bool
):
    """A token too long for a cookie is not kept: then the provider asks whom to log out."""
    browser.log_in("u-1")
    if not is_kept:
        provider.change = lambda claims: claims | {"padding": "x" * 4_000}
        browser.log_in("u-1", "/login")
    proof = browser.cookies.get(PROOF_COOKIE)
    out = browser.ask("POST", "/logout", headers=SAME)
    (address,) = set(re.findall(r'url=([^"]+)"', out.text))
    asked = dict(parse_qsl(urlsplit(unescape(address)).query))
    hint = {} if proof is None else {"id_token_hint": proof}
    assert asked == {"client_id": "desk", "post_logout_redirect_uri": f"{URL}/logout"} | hint
    assert is_kept == bool(hint)
    back = browser.get("/logout")
    assert "You are logged out" in back.text
    assert "may still be logged in" not in back.text
    browser.log_in("u-1")
    assert browser.get("/logout").headers["location"] == "/"


async def test_a_provider_that_logs_nobody_out_is_not_asked_to(
    provider: CheatingProvider, people: PeopleSettings, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(provider, "has_logout", False)
    assert isinstance(people.login, OidcLogin)
    asked = Provider(people.login, f"{URL}/login/back", f"{URL}/logout", utc_now)
    assert await asked.logout_address("a proof") is None
    await asked.close()


async def test_a_session_ends_by_itself(
    browser: PlainBrowser, listed_database: str, people: PeopleSettings
):
    connection = await asyncpg.connect(listed_database)
    browser.log_in("u-1")
    token = browser.cookies[COOKIE]
    clock = FixedClock(datetime.now(UTC))
    began, lasting = clock.now, timedelta(hours=people.session_hours)

    def process() -> Sessions:
        return Sessions(lambda: UserSessionStore(connection), people, clock, bytes)

    first = process()
    while clock.now < began + lasting:
        assert await first.caller(token) is not None
        await first.look()
        clock.now += timedelta(minutes=people.idle_minutes - 1)
    clock.now = began + lasting
    assert await first.caller(token) is None
    clock.now -= timedelta(seconds=1)
    assert await first.caller(token) is not None
    await first.write_uses()
    assert await process().caller(token) is not None, "it knows when others were used"
    idle = timedelta(minutes=people.idle_minutes + 1)
    await connection.execute("update user_session set last_used_at = $1", clock.now - idle)
    assert await process().caller(token) is None
    await connection.close()


def test_who_is_logged_in_is_listed_and_logged_out_by_a_command(
    browser: PlainBrowser, listed_database: str
):
    browser.log_in("u-4")
    listed = json.loads(run(listed_database, "sessions", "list", "--json"))
    mine = [each for each in listed if each["user_name"] == "u-4"]
    assert [(each["account"], each["scopes"]) for each in mine] == [("branch", ["read"])]
    assert run(listed_database, "sessions", "end", "u-4") == "1 session of u-4 ended\n"
    wait_for(lambda: browser.get("/v1/lists").status_code == HTTPStatus.UNAUTHORIZED)


def test_logins_and_logouts_are_on_record(browser: PlainBrowser):
    browser.log_in("u-1")
    browser.ask("POST", "/logout", headers=SAME)
    entries = audit(browser, about="u-1")
    assert [each["action"] for each in entries[:2]] == ["user.logout", "user.login"]
    assert {each["actor"] for each in entries[:2]} == {"anna"}
    assert entries[1]["details"]["scopes"] == ["screen", "read"]
    assert entries[1]["address"] == "127.0.0.1"
    assert entries[1]["request_id"]


def test_a_provider_that_says_nonsense_lets_nobody_in(
    browser: PlainBrowser, provider: CheatingProvider
):
    provider.published = []
    provider.key = new_key("third")
    refused = browser.log_in("u-1")
    provider.published = [provider.key]
    assert refused.status_code == HTTPStatus.FORBIDDEN


# --- A proxy that names who has logged in.


@pytest.fixture(scope="module")
def behind_proxy(listed_database: str, bundled_index: ListingIndex) -> Iterator[str]:
    """Where a service answers that takes names from a proxy at 127.0.0.1."""
    login = ProxyLogin(
        user_header="x-remote-user", roles_header="x-remote-groups", networks=("127.0.0.1",)
    )
    people = PeopleSettings(login=login, roles=(*ROLES, Role(name="*", scopes=("read",))))
    settings = Settings(
        data_dir=Path(), database_url=listed_database, access="keys", people=people
    )
    with running(create_app(settings, bundled_index)) as address:
        yield address


def asked_from(address: str, url: str, *given: tuple[str, str]) -> httpx.Response:
    """An answer to a request from an address of this machine."""
    transport = httpx.HTTPTransport(local_address=address)
    with httpx.Client(transport=transport, timeout=30) as client:
        return client.get(url, headers=given)


@pytest.mark.parametrize(
    ("address", "given", "status"),
    [
        ("127.0.0.1", [("x-remote-user", "anna")], HTTPStatus.OK),
        ("127.0.0.1", [], HTTPStatus.UNAUTHORIZED),
        ("127.0.0.1", [("x-remote-user", "")], HTTPStatus.UNAUTHORIZED),
        ("127.0.0.2", [("x-remote-user", "anna")], HTTPStatus.FORBIDDEN),
        ("127.0.0.2", [("x-remote-groups", "chief")], HTTPStatus.FORBIDDEN),
        (
            "127.0.0.2",
            [("x-remote-user", "anna"), ("x-forwarded-for", "127.0.0.1")],
            HTTPStatus.FORBIDDEN,
        ),
        ("127.0.0.1", [("x-remote-user", "anna"), ("X-Remote-User", "b")], HTTPStatus.FORBIDDEN),
        ("127.0.0.1", [("x-remote-user", "a" * 101)], HTTPStatus.FORBIDDEN),
    ],
)
def test_a_name_is_taken_from_the_proxy_alone(
    behind_proxy: str, address: str, given: list[tuple[str, str]], status: HTTPStatus
):
    answer = asked_from(address, f"{behind_proxy}/v1/lists", *given)
    assert answer.status_code == status
    if status == HTTPStatus.FORBIDDEN:
        assert answer.json()["type"] == "/problems/forged-header"


def test_a_proxy_says_the_roles_too(behind_proxy: str):
    anna, chief = ("x-remote-user", "anna"), ("x-remote-groups", "staff, chief")
    refused = asked_from("127.0.0.1", f"{behind_proxy}/v1/keys", anna)
    assert refused.json()["type"] == "/problems/role-lacked"
    assert asked_from("127.0.0.1", f"{behind_proxy}/v1/keys", anna, chief).is_success
    page = asked_from("127.0.0.1", f"{behind_proxy}/lists", anna).text
    assert "anna" in page
    assert "Log out" not in page
    headers = dict([anna, chief]) | {"origin": "https://other.example"}
    refused = httpx.post(f"{behind_proxy}/evidence", data=FORM, headers=headers)
    assert refused.status_code == HTTPStatus.FORBIDDEN


def test_where_a_request_comes_from_is_what_its_connection_says():
    class Connection:
        client = ("10.1.2.3", 4_000)

    scope: Any = {"client": ("1.1.1.1", 1), "extensions": {CONNECTION: {"connection": Connection}}}
    assert peer_of(scope) == "10.1.2.3"
