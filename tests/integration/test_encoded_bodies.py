"""JSON bodies that come in gzip or zstd: read like any other, within the same bounds."""

import gzip
from collections.abc import Callable
from http import HTTPStatus

import httpx
import msgspec
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from abeyance_screening.primitives import zstd

QUESTION = msgspec.json.encode(
    {"counterparties": [{"id": "C-1", "name": "Bank Melli"}], "store": False}
)
SEARCH = msgspec.json.encode({"name": "Bank Melli"})
MOST = 10_000_000


def sent(
    client: TestClient[Litestar], body: bytes, encoding: str, path: str = "/v1/screenings"
) -> httpx.Response:
    headers = {"content-type": "application/json", "content-encoding": encoding}
    return client.post(path, content=body, headers=headers)


@pytest.mark.parametrize("path", ["/v1/screenings", "/v1/search"])
@pytest.mark.parametrize(
    ("encoding", "encode"),
    [
        pytest.param("gzip", gzip.compress, id="gzip"),
        pytest.param("GZIP", gzip.compress, id="capitals"),
        pytest.param("zstd", zstd.compress, id="zstd"),
        pytest.param("identity", bytes, id="none"),
    ],
)
def test_an_encoded_body_is_answered_as_a_plain_one(
    client: TestClient[Litestar], path: str, encoding: str, encode: Callable[[bytes], bytes]
):
    body = {"/v1/screenings": QUESTION, "/v1/search": SEARCH}[path]
    plain = client.post(path, content=body, headers={"content-type": "application/json"}).json()
    answer = sent(client, encode(body), encoding, path)
    assert answer.status_code == HTTPStatus.OK, answer.text
    assert {**answer.json(), "asked_at": ""} == {**plain, "asked_at": ""}


def test_a_body_of_another_encoding_is_refused_with_those_that_are_taken(
    client: TestClient[Litestar],
):
    for encoding in ("br", "deflate", "gzip, gzip"):
        answer = sent(client, QUESTION, encoding)
        assert answer.status_code == HTTPStatus.UNSUPPORTED_MEDIA_TYPE
        assert answer.headers["accept-encoding"] == "zstd, gzip"
        assert f"in gzip, zstd or no encoding, and not in '{encoding}'" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "encoding", "reason"),
    [
        pytest.param(QUESTION, "gzip", "is not gzip", id="not gzip"),
        pytest.param(QUESTION, "zstd", "is not zstd", id="not zstd"),
        pytest.param(gzip.compress(QUESTION)[:-9], "gzip", "ends within its gzip", id="cut off"),
        pytest.param(gzip.compress(b""), "gzip", "is empty", id="of nothing"),
    ],
)
def test_what_is_not_of_its_encoding_is_refused_as_a_body(
    client: TestClient[Litestar], body: bytes, encoding: str, reason: str
):
    answer = sent(client, body, encoding)
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    (error,) = answer.json()["errors"]
    assert error["field"] == "body"
    assert reason in error["reason"]


@pytest.mark.parametrize("encode", [gzip.compress, zstd.compress], ids=["gzip", "zstd"])
def test_a_small_body_that_expands_past_the_limit_is_refused(
    client: TestClient[Litestar], encode: Callable[[bytes], bytes]
):
    encoding = "gzip" if encode is gzip.compress else "zstd"
    fits = QUESTION + b" " * (MOST - len(QUESTION))
    assert sent(client, encode(fits), encoding).status_code == HTTPStatus.OK
    too_large = sent(client, encode(fits + b" "), encoding)
    assert too_large.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert "expands to more than 10,000,000 bytes" in too_large.json()["detail"]


def test_the_same_request_is_the_same_however_it_is_encoded(client: TestClient[Litestar]):
    body = msgspec.json.encode({"counterparties": [{"id": "C-1", "name": "Bank Melli"}]})
    headers = {"content-type": "application/json", "idempotency-key": "one-and-the-same-key"}
    first = client.post("/v1/screenings", content=body, headers=headers)
    packed = headers | {"content-encoding": "gzip"}
    again = client.post("/v1/screenings", content=gzip.compress(body), headers=packed)
    assert again.content == first.content
    other = client.post("/v1/screenings", content=gzip.compress(body + b" "), headers=packed)
    assert other.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
