"""What another site, a shared cache or a lost visitor gets from the pages and from the API."""

from collections.abc import Iterator
from http import HTTPStatus

import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute
from litestar.testing import TestClient

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


def forms(client: Client) -> Iterator[str]:
    """The address of everything that the pages send something to."""
    for route in client.app.routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                if "POST" in handler.http_methods and handler.operation_id is None:
                    yield route.path_format.replace("{key}", UNKNOWN)


@pytest.mark.parametrize("headers", FOREIGN)
def test_another_site_sends_nothing_to_the_pages(client: Client, headers: dict[str, str]):
    paths = sorted(forms(client))
    assert {"/evidence", "/spreadsheet/screen", "/spreadsheet/write"} < set(paths)
    answers = {path: client.post(path, headers=headers).status_code for path in paths}
    assert answers == dict.fromkeys(paths, HTTPStatus.FORBIDDEN)


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
