"""What another site, a shared cache or a lost visitor gets from the pages and from the API."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from http import HTTPStatus
from typing import override

import httpx
import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute
from litestar.testing import TestClient

from abeyance_screening.app.application import create_app
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.platform.http.middleware import DEPRECATED
from abeyance_screening.platform.settings import read_settings
from tests.integration.conftest import wait_until_ready

type Client = TestClient[Litestar]

DAY = {"as_of": "2026-11-24", "known_at": "2026-11-24"}
ASKED = {"name": "Hikvision", **DAY}
UNKNOWN = "00000000-0000-4000-8000-000000000000"
FOREIGN = [
    pytest.param({"sec-fetch-site": "cross-site"}, id="another site"),
    pytest.param({"sec-fetch-site": "same-site"}, id="a neighbour"),
    pytest.param({"origin": "http://other.example"}, id="another origin over plain HTTP"),
    pytest.param({"origin": "http://testserver.local:81"}, id="another port"),
    pytest.param({"origin": "null"}, id="an origin that is hidden"),
]


# A made-up word in the name, as every address that has the name contains it.
MADE_UP = "zorblaxia"
NAMED = {"name": f"Hikvision {MADE_UP}", "owner": f"{MADE_UP} Holding", "share": "60", **DAY}
# Attributes that are sent in the body of a form, kept by the script, or read aloud.
NO_ADDRESS = {"value", "data-question", "data-lasting-question", "data-spoken", "aria-label"}


class Offered(HTMLParser):
    """What a page offers: `links`, the questions of its `buttons`, its `forms` with their fields.

    `leaks` are addresses that have the made-up name.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links = dict[str, str]()
        self.buttons = list[str]()
        self.forms = dict[str, dict[str, str]]()
        self.leaks = list[str]()
        self._method = ""
        self._action = ""
        self.feed(html)

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        addresses = [value for name, value in found.items() if name not in NO_ADDRESS]
        if tag == "form":
            self._method, self._action = found.get("method", "get"), found.get("action", "")
            self.forms[self._action] = {}
        elif found.get("name") == "question":
            self.buttons.append(found["value"])
        elif tag == "input":
            self.forms.get(self._action, {})[found.get("name", "")] = found.get("value", "")
            addresses += [found.get("value", "")] if self._method == "get" else []
        elif tag == "a" and (path := found["href"]).startswith("/"):
            self.links["/".join(path.split("/")[:2])] = path
        self.leaks += [each for each in addresses if MADE_UP in each.lower()]

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._method = self._action = ""


def changes(client: Client) -> Iterator[tuple[str, str]]:
    """The method and address of everything that something can be sent to."""
    for route in client.app.routes:
        if isinstance(route, HTTPRoute):
            path = re.sub(r"{[^}]*:int}", "7", route.path)
            path = re.sub(r"{[^}]*}", UNKNOWN, path)
            yield from ((each, path) for each in route.methods - {"GET", "HEAD", "OPTIONS"})


@pytest.mark.parametrize("headers", FOREIGN)
def test_another_site_sends_nothing_to_the_pages_or_the_api(
    client: Client, headers: dict[str, str]
):
    sent = sorted(changes(client))
    assert {
        *(("POST", each) for each in ("/evidence", "/spreadsheet/screen", "/v1/jobs", "/v1/keys")),
        *(("POST", each) for each in ("/v1/screenings", "/v1/screenings/stream", "/")),
        *(("DELETE", f"/v1/{each}/{UNKNOWN}") for each in ("jobs", "screenings")),
    } < set(sent)
    answers = {each: client.request(*each, headers=headers) for each in sent}
    refused = {each: answer.status_code for each, answer in answers.items()}
    assert refused == dict.fromkeys(sent, HTTPStatus.FORBIDDEN)
    problem = answers["POST", "/v1/jobs"].json()
    assert problem["type"] == "/problems/foreign-site"
    assert "ABEYANCE_ORIGINS" in problem["detail"]
    page = client.post("/evidence", headers=headers | {"accept": "text/html"})
    assert page.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", None]
)
def test_another_site_sends_no_job(client: Client, kind: str | None):
    """What a browser sends to another site without asking there first."""
    headers = {"origin": "https://other.example"} | ({"content-type": kind} if kind else {})
    asked = {"format": "csv"}
    table = b"Company\nAcme\n"
    answer = client.post("/v1/jobs", params=asked, content=table, headers=headers)
    assert answer.status_code == HTTPStatus.FORBIDDEN, answer.text
    assert client.get("/v1/jobs", headers=headers).json()["items"] == []


def test_a_site_that_the_settings_name_may_send_to_the_api(
    listed_database: str, bundled_index: ListingIndex
):
    settings = read_settings(
        {
            "DATABASE_URL": listed_database,
            "ABEYANCE_ORIGINS": "https://ERP.example:443, chrome-extension://abcdef",
        }
    )
    with TestClient(create_app(settings, bundled_index), raise_server_exceptions=False) as client:
        wait_until_ready(client)
        asked = {"counterparties": [{"name": "Acme"}]}
        for origin, status in (
            ("https://erp.example", HTTPStatus.OK),
            ("chrome-extension://abcdef", HTTPStatus.OK),
            ("http://erp.example", HTTPStatus.FORBIDDEN),
            ("https://erp.example.other.example", HTTPStatus.FORBIDDEN),
            ("null", HTTPStatus.FORBIDDEN),
        ):
            headers = {"origin": origin, "sec-fetch-site": "cross-site"}
            answer = client.post("/v1/screenings", json=asked, headers=headers)
            assert (origin, answer.status_code) == (origin, status)


NAMED_SITE = "https://erp.example"
PREFLIGHT = {"access-control-request-method": "POST"}


@pytest.fixture(scope="module")
def with_key(listed_database: str, bundled_index: ListingIndex) -> Iterator[Client]:
    """A service that asks for keys, and names a site whose pages may ask."""
    settings = read_settings(
        {
            "DATABASE_URL": listed_database,
            "ABEYANCE_ACCESS": "keys",
            "ABEYANCE_HOSTS": "abeyance.example",
            "ABEYANCE_ORIGINS": NAMED_SITE,
        }
    )
    app = create_app(settings, bundled_index)
    with TestClient(app, base_url="https://abeyance.example") as client:
        wait_until_ready(client)
        yield client


def shared(answer: httpx.Response) -> set[str]:
    """The headers of an answer that let the page of another site read it."""
    return {each for each in answer.headers if each.startswith("access-control-")}


def test_a_browser_is_told_without_a_key_what_a_page_of_a_named_site_may_send(with_key: Client):
    sent = [(method, path) for method, path in changes(with_key) if path.startswith("/v1/")]
    for method, path in sent:
        answer = with_key.options(path, headers=PREFLIGHT | {"origin": NAMED_SITE})
        assert (answer.status_code, answer.content) == (HTTPStatus.NO_CONTENT, b"")
        told = answer.headers
        assert told["access-control-allow-origin"] == NAMED_SITE
        assert method in told["access-control-allow-methods"].split(", ")
        assert told["vary"] == "origin"
        assert "access-control-allow-credentials" not in told
    told = with_key.options("/v1/jobs", headers=PREFLIGHT | {"origin": NAMED_SITE}).headers
    document = with_key.get("/openapi.json").json()
    read = {
        parameter["name"].lower()
        for operations in document["paths"].values()
        for operation in operations.values()
        for parameter in operation.get("parameters", ())
        if parameter["in"] == "header"
    }
    assert "idempotency-key" in read
    sendable = set(told["access-control-allow-headers"].lower().split(", "))
    assert read | {"authorization", "x-api-key", "content-type"} <= sendable


def test_a_page_of_a_named_site_reads_every_header_of_an_answer(with_key: Client):
    answer = with_key.get("/openapi.json", headers={"origin": NAMED_SITE})
    assert answer.headers["access-control-allow-origin"] == NAMED_SITE
    assert "origin" in answer.headers.get_list("vary", split_commas=True)
    exposed = set(answer.headers["access-control-expose-headers"].lower().split(", "))
    told = {each.lower() for each in answer.json()["components"]["headers"]}
    told |= {name.decode() for headers in DEPRECATED.values() for name, _ in headers}
    # browsers let every page read these
    assert told - exposed == {"cache-control"}


def test_what_one_site_may_read_is_kept_for_no_other(with_key: Client):
    """A cache that ignores who asked would give one site's answer to another."""
    for origin in ("https://other.example", None):
        answer = with_key.get("/openapi.json", headers={"origin": origin} if origin else {})
        assert "origin" in answer.headers.get_list("vary", split_commas=True)
        assert shared(answer) == set()


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        pytest.param(
            "/v1/screenings", {"origin": "https://other.example"}, 401, id="another site"
        ),
        pytest.param("/v1/screenings", {"origin": "null"}, 401, id="a hidden site"),
        pytest.param("/v1/screenings", {}, 401, id="no site"),
        pytest.param("/evidence", {"origin": NAMED_SITE}, 401, id="a page"),
        pytest.param(
            "/v1/screenings", {"origin": NAMED_SITE, "host": "x.example"}, 421, id="another host"
        ),
    ],
)
def test_nothing_else_is_allowed_to_be_sent(
    with_key: Client, path: str, headers: dict[str, str], status: int
):
    answer = with_key.options(path, headers=PREFLIGHT | headers)
    assert answer.status_code == status
    assert shared(answer) == set()


def test_without_the_setting_no_site_reads_anything(client: Client):
    headers = {"origin": NAMED_SITE}
    for answer in (
        client.options("/v1/screenings", headers=PREFLIGHT | headers),
        client.get("/v1/lists", headers=headers),
    ):
        assert shared(answer) == set()
        assert "origin" not in answer.headers.get_list("vary", split_commas=True)


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"sec-fetch-site": "same-origin"}, id="our page"),
        pytest.param({"origin": "http://testserver.local"}, id="our page over plain HTTP"),
        pytest.param(
            {"sec-fetch-site": "same-origin", "origin": "https://desk.example"},
            id="our page behind a proxy that hides its name",
        ),
        pytest.param({}, id="no browser"),
    ],
)
def test_our_own_pages_send_forms(client: Client, headers: dict[str, str]):
    answer = client.post("/evidence", data=ASKED, headers=headers, follow_redirects=False)
    assert answer.status_code == HTTPStatus.SEE_OTHER


def test_pages_let_their_own_forms_say_where_they_come_from(client: Client):
    """With `no-referrer` a browser would send `Origin: null`, as another site can."""
    assert client.get("/").headers["referrer-policy"] == "same-origin"


def named_pages(client: Client) -> Iterator[httpx.Response]:
    """Pages about the made-up name, and what their links, buttons and forms lead to."""
    first = client.post("/", data=NAMED)
    offered = Offered(first.text)
    assert {"/listings", "/measures"} <= set(offered.links)
    assert len(offered.buttons) > 4
    yield first
    yield from (client.post("/", data={"question": each}) for each in offered.buttons[::9])
    yield from (client.get(offered.links[each]) for each in ("/listings", "/measures"))
    made = client.post("/evidence", data=offered.forms["/evidence"], follow_redirects=False)
    yield made
    yield client.get(made.headers["location"])
    table = {"file": ("t.csv", f"Company\n{NAMED['name']}\n".encode(), "text/csv")}
    columns = Offered(client.post("/spreadsheet", files=table).text)
    sent = columns.forms["/spreadsheet/results"] | {"field": "name"}
    kept = client.post("/spreadsheet/results", data=sent)
    assert len(Offered(kept.text).buttons) == 1
    yield kept


def test_no_page_offers_an_address_with_a_name_in_it(client: Client):
    """Proxies log addresses, and browsers remember them."""
    for page in named_pages(client):
        assert page.status_code in {HTTPStatus.OK, HTTPStatus.SEE_OTHER}, page.text[:300]
        assert MADE_UP not in page.headers.get("location", "").lower()
        title = page.text.partition("<title>")[2].partition("</title>")[0]
        assert MADE_UP not in title.lower()
        assert Offered(page.text).leaks == []
    # the browser alone may keep an answer, so that it can go back to it
    assert client.post("/", data={"name": "x"}).headers["cache-control"] == "private, no-cache"


def test_an_address_with_a_name_is_answered_and_repeated_to_nobody(client: Client):
    page = client.get("/", params=NAMED)
    assert page.headers["referrer-policy"] == "strict-origin"
    assert f"Hikvision {MADE_UP}" in page.text
    assert page.headers["cache-control"] == "no-store"
    assert Offered(page.text).leaks == []


def test_the_question_of_a_button_is_bounded(client: Client):
    many = "&".join(["yes=a"] * 1_001)
    refused = client.post("/", data={"question": many})
    assert refused.status_code == HTTPStatus.BAD_REQUEST
    assert "question: has more than 1,000 fields" in refused.text


def test_no_link_puts_a_judgement_into_anybodys_mouth(client: Client):
    made = client.post("/evidence", data=ASKED, follow_redirects=False)
    typed = {"decision": "Cleared", "by": "Someone Else"}
    shown = client.get(made.headers["location"], params=typed)
    assert "Someone Else" not in shown.text
    assert "Someone Else" in client.post(made.headers["location"], data=typed).text


def test_answers_that_name_a_counterparty_stay_in_no_cache(client: Client):
    found = client.get("/v1/search", params=ASKED)
    made = client.post("/v1/screenings", json={"counterparties": [{"name": "Hikvision"}]})
    again = client.get(f"/v1/screenings/{made.json()['id']}")
    kept = client.get(f"/evidence/{made.json()['id']}.pdf")
    for answer in (found, made, again, kept):
        assert answer.status_code == HTTPStatus.OK
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        pytest.param("GET", "/nowhere", HTTPStatus.NOT_FOUND, id="no such page"),
        pytest.param("GET", "/measures/a/b", HTTPStatus.NOT_FOUND, id="no such page below one"),
        pytest.param("GET", "/spreadsheet/results", HTTPStatus.METHOD_NOT_ALLOWED, id="a form"),
    ],
)
def test_a_lost_browser_gets_a_page_and_a_program_a_problem(
    client: Client, method: str, path: str, status: HTTPStatus
):
    page = client.request(method, path, headers={"accept": "text/html,*/*;q=0.8"})
    assert page.status_code == status
    assert page.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    problem = client.request(method, path, headers={"accept": "*/*"})
    assert problem.status_code == status
    assert problem.headers["content-type"].startswith("application/problem+json")


def test_below_the_api_even_a_browser_gets_a_problem(client: Client):
    answer = client.get("/v1/nowhere", headers={"accept": "text/html"})
    assert answer.headers["content-type"].startswith("application/problem+json")


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/static/desk.css", "/docs", "/openapi.json", "/healthz", "/v1/lists"),
        *("/v1/search?name=Hikvision", "/v1/search", "/v1/nowhere", "/evidence", "/v1/keys"),
        *("/v1/changes.atom?since=2026-01-01", "/v1/calendar.ics", "/spreadsheet/x"),
    ],
)
def test_every_answer_protects_the_browser_that_shows_it(client: Client, path: str):
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert len(headers.get_list("x-content-type-options")) == 1
