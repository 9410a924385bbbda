"""Whose word about a client's address is believed: that of the proxies that a setting names."""

from typing import cast

import pytest
import uvicorn
from litestar.types import Receive, Scope, Send
from uvicorn import Config
from uvicorn._types import ASGI3Application, ASGIReceiveEvent, HTTPScope

from abeyance_screening.app.answering import forwarding_of
from abeyance_screening.platform.settings import read_settings

PROXY, CLIENT = "10.1.0.6", "203.0.113.9"


async def address_of(config: Config, peer: str) -> str:
    """The address that the application is told, of a client for whom `peer` speaks."""
    config.load()
    app = cast("ASGI3Application", config.loaded_app)
    headers = [(b"x-forwarded-for", CLIENT.encode())]
    scope = {"type": "http", "client": (peer, 9), "headers": headers, "scheme": "http"}
    await app(cast("HTTPScope", cast("object", scope)), nothing, noone)
    client: tuple[str, int] = SEEN.pop()
    return client[0]


SEEN = list[tuple[str, int]]()


async def nothing() -> ASGIReceiveEvent:
    raise AssertionError


async def noone(_: object) -> None:
    raise AssertionError


async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
    assert scope["client"] is not None
    SEEN.append(scope["client"])


@pytest.mark.parametrize(
    ("forwarders", "peer", "believed"),
    [
        pytest.param("", "127.0.0.1", False, id="our own machine, which nobody named"),
        pytest.param("", PROXY, False, id="a stranger"),
        pytest.param("127.0.0.1", "127.0.0.1", True, id="a proxy on our own machine"),
        pytest.param("10.1.0.0/16", PROXY, True, id="a proxy in a network"),
        pytest.param("10.1.0.0/16", "127.0.0.1", False, id="our own machine beside a proxy"),
        pytest.param("10.1.0.0/16", "10.2.0.6", False, id="an address beside the network"),
    ],
)
async def test_an_address_is_believed_from_proxies_that_are_named(
    monkeypatch: pytest.MonkeyPatch, forwarders: str, peer: str, *, believed: bool
):
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")
    settings = read_settings({"ABEYANCE_FORWARDED_FROM": forwarders})
    config = uvicorn.Config(app, lifespan="off", **forwarding_of(settings))
    assert await address_of(config, peer) == (CLIENT if believed else peer)


def test_answers_do_not_say_which_server_sends_them():
    assert not forwarding_of(read_settings({}))["server_header"]
