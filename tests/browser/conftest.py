"""One service on the bundled lists and one browser for all tests here."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn
from playwright.sync_api import Browser, sync_playwright

from service.app.http import create_app
from service.settings import Settings
from tests.browser.browsers import chromium_options, find_chromium

READY_WITHIN_S = 90


@pytest.fixture(scope="package")
def desk(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a running service with the bundled lists.

    Tests here are skipped where there is no Chromium, but fail under CI=true.
    """
    if find_chromium() is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no Chromium is installed, and CI=true")
        pytest.skip("no Chromium is installed")
    database: str = request.getfixturevalue("listed_for_all")
    app = create_app(
        Settings(data_dir=Path(), database_url=database), request.getfixturevalue("bundled_index")
    )
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]}, daemon=True)
        thread.start()
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        _wait_until_ready(address)
        yield address
        server.should_exit = True
        thread.join(20)


@pytest.fixture(scope="module")
def browser(desk: str) -> Iterator[Browser]:
    """The system's Chromium.

    It stands behind the service, for while it is there no other event loop can run in this thread,
    and preparing a database needs one.
    """
    assert desk
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=find_chromium(), args=chromium_options()
        )
        yield started
        started.close()


def _wait_until_ready(address: str) -> None:
    until = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < until:
        try:
            if httpx.get(f"{address}/readyz", timeout=5).is_success:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    pytest.fail("the service did not become ready")
