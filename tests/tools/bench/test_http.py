"""Requests are sent by turns to two services, to the second with its key."""

import os
import sys
from collections import Counter
from statistics import median
from urllib.parse import urlsplit

import pytest
from litestar.enums import ScopeType
from litestar.types import Receive, Scope, Send

from abeyance_screening.bench.http import Running, by_turns
from tests.served import listening


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_requests_are_compared_turn_by_turn():
    keys = Counter[str]()

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP:
            await receive()
            keys[dict(scope["headers"]).get(b"authorization", b"").decode()] += 1
            headers = [(b"content-length", b"2")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": b"{}", "more_body": False})

    with listening(answer) as address:
        port = urlsplit(address).port or 0
        services = Running(port, os.getpid(), None), Running(port, os.getpid(), "abey_k")
        figures = by_turns("POST /", ("/", [b"{}"] * 8), services, 2, 0.05)
    assert set(keys) == {"", "Bearer abey_k"}
    pairs = list(zip(figures.without_key, figures.with_key, strict=True))
    assert len(pairs) == 2
    assert figures.share == median(keyed / without for without, keyed in pairs)
