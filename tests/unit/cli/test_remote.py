"""A service elsewhere: what is asked of it, and what is said when it answers otherwise."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import override

import httpx
import pytest

from abeyance_screening.platform.cli import client as remote
from abeyance_screening.platform.cli.client import ApiClient, CollectionPage
from abeyance_screening.primitives.errors import (
    BadInputError,
    ProblemError,
    RemoteFailedError,
    RemoteRefusedError,
)

type Answer = Callable[[str, dict[str, str]], tuple[int, str, bytes]]


class Elsewhere:
    """A server that answers as it is told to, and remembers what it was asked."""

    def __init__(self) -> None:
        self.answers: Answer = lambda _path, _headers: (200, "application/json", b"{}")
        self.asked: list[tuple[str, dict[str, str]]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                outer.asked.append((self.path, headers))
                status, kind, content = outer.answers(self.path, headers)
                self.send_response(status)
                self.send_header("content-type", kind)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def do_POST(self) -> None:
                self.do_GET()

            @override
            def log_message(self, *_: object) -> None:  # pyright: ignore[reportIncompatibleMethodOverride] - called with any
                """Nothing is said."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    server = Elsewhere()
    yield server
    server.stop()


def answer(status: int, body: object, kind: str = "application/json") -> Answer:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return lambda _path, _headers: (status, kind, content)


def test_parameters_go_along_and_those_without_a_value_do_not(elsewhere: Elsewhere):
    elsewhere.answers = answer(200, {"items": [], "next_cursor": None})
    with ApiClient(f"{elsewhere.url}/") as service:
        service.get("/v1/x", {"list": "a", "item": ("b", "c"), "none": None}, CollectionPage[str])
    assert elsewhere.asked[0][0] == "/v1/x?list=a&item=b&item=c"
    assert "authorization" not in elsewhere.asked[0][1]


def test_all_pages_are_asked_for(elsewhere: Elsewhere):
    def paged(path: str, _headers: dict[str, str]) -> tuple[int, str, bytes]:
        page = (
            {"items": [1], "next_cursor": "n"}
            if "cursor" not in path
            else {"items": [2], "next_cursor": None}
        )
        return 200, "application/json", json.dumps(page).encode()

    elsewhere.answers = paged
    with ApiClient(elsewhere.url) as service:
        assert list(service.pages("/v1/x", {}, CollectionPage[int])) == [1, 2]


def test_a_key_of_the_environment_goes_along(
    elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("ABEYANCE_API_KEY", "our-key")
    with ApiClient(elsewhere.url) as service:
        service.post("/v1/x", b"{}")
    assert elsewhere.asked[0][1]["authorization"] == "Bearer our-key"
    assert elsewhere.asked[0][1]["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("after", "paused"),
    [pytest.param("7", [7], id="a second"), pytest.param("61", [], id="a day")],
)
def test_what_a_limit_refuses_is_asked_again_when_the_service_says_soon(
    elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch, after: str, paused: list[int]
):
    pauses = list[int]()
    monkeypatch.setattr("time.sleep", pauses.append)
    elsewhere.answers = lambda _path, _headers: (
        (200, "application/json", b"{}")
        if pauses
        else (429, f"application/problem+json\r\nretry-after: {after}", b'{"title": "Too much"}')
    )
    with ApiClient(elsewhere.url) as service:
        if paused:
            assert service.post("/v1/x", b"{}") == b"{}"
        else:
            with pytest.raises(RemoteRefusedError, match="Too much"):
                service.post("/v1/x", b"{}")
    assert pauses == paused


@pytest.mark.parametrize(
    ("status", "body", "field", "reason"),
    [
        pytest.param(
            400,
            {
                "title": "T",
                "status": 400,
                "detail": "d",
                "errors": [{"field": "name", "reason": "is empty"}],
            },
            "name",
            "is empty",
            id="a field",
        ),
        pytest.param(
            400,
            {
                "title": "T",
                "errors": [{"field": "a", "reason": "x"}, {"field": "b", "reason": "y"}],
            },
            "a",
            "x (and 1 more)",
            id="two fields",
        ),
        pytest.param(
            404, {"title": "Not here", "detail": "no list 'x'"}, None, "no list 'x'", id="none"
        ),
        pytest.param(
            401,
            {"title": "This needs a key", "detail": "send one"},
            None,
            "This needs a key: set ABEYANCE_API_KEY (send one)",
            id="a key",
        ),
    ],
)
def test_a_refusal_names_its_field(
    elsewhere: Elsewhere, status: int, body: object, field: str | None, reason: str
):
    elsewhere.answers = answer(status, body, "application/problem+json")
    with ApiClient(elsewhere.url) as service, pytest.raises(RemoteRefusedError) as refused:
        service.post("/v1/x", b"{}")
    assert (refused.value.field, refused.value.reason) == (field, reason)


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        pytest.param(200, b"<html>", "not one of this version of Abeyance", id="a page"),
        pytest.param(200, {"items": 1}, "not one of this version of Abeyance", id="other JSON"),
        pytest.param(404, b"<html>", "answers 404 Not Found", id="another server"),
        pytest.param(401, b"", "set ABEYANCE_API_KEY to the key", id="a key"),
        pytest.param(
            503,
            {"title": "Nothing can be searched yet", "detail": "wait"},
            "Nothing can be",
            id="early",
        ),
        pytest.param(
            500,
            {"title": "Something failed here", "detail": "Quote", "instance": "urn:uuid:1"},
            "urn:uuid:1",
            id="a bug there",
        ),
    ],
)
def test_an_answer_of_something_else_is_told(
    elsewhere: Elsewhere, status: int, body: object, reason: str
):
    elsewhere.answers = answer(status, body)
    with ApiClient(elsewhere.url) as service, pytest.raises(RemoteFailedError, match=reason):
        service.get("/v1/x", {}, CollectionPage[str])


def saying(status: int, problem: object) -> httpx.MockTransport:
    return httpx.MockTransport(lambda _: httpx.Response(status, json=problem))


def test_nobody_there_is_told_without_the_password():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (
        ApiClient(f"http://me:secret@127.0.0.1:{port}") as service,
        pytest.raises(RemoteFailedError, match="cannot connect") as failed,
    ):
        service.get("/v1/x", {}, CollectionPage[str])
    assert "secret" not in str(failed.value)


def test_silence_is_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(remote, "ANSWER_WITHIN_S", 0.2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with (
            ApiClient(url) as service,
            pytest.raises(RemoteFailedError, match="no answer within"),
        ):
            service.get("/v1/x", {}, CollectionPage[str])


def test_the_api_of_this_process_refuses_as_the_command_itself_does():
    fault = {"field": "item[0]", "reason": "is blank"}
    problem = {"title": "The request cannot be read", "errors": [fault, fault]}
    api = ApiClient("http://127.0.0.1", saying(400, problem))
    with api, pytest.raises(BadInputError) as refused:
        api.post("/v1/x", b"{}")
    assert (refused.value.field, refused.value.reason) == ("item[0]", "is blank (and 1 more)")


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        pytest.param({"title": "It is away", "detail": "It is away"}, "", id="title"),
        pytest.param(
            {"title": "It is away", "detail": "since noon", "instance": "urn:uuid:1"},
            "since noon (urn:uuid:1)",
            id="detail and number",
        ),
    ],
)
def test_any_other_problem_of_this_process_is_told_by_its_title(
    problem: dict[str, str], told: str
):
    api = ApiClient("http://127.0.0.1", saying(503, problem))
    with api, pytest.raises(ProblemError) as failed:
        api.get("/v1/x", {}, CollectionPage[str])
    assert (failed.value.title, str(failed.value)) == ("It is away", told)


@pytest.mark.parametrize("url", ["localhost:8080", "ftp://host", "http://", "http://host:0"])
def test_what_is_no_address_is_refused(url: str):
    with pytest.raises(BadInputError, match="is not an address such as http://host:8080"):
        ApiClient(url)
