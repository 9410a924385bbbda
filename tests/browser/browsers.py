"""The system's Chromium, and what the tests look at in a page."""

import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, Literal

import msgspec
import pytest
from axe_playwright_python.base import (  # pyright: ignore[reportMissingTypeStubs]
    AXE_SCRIPT,
)
from playwright.sync_api import Browser, Page, sync_playwright

# The shell, without a window, is the same engine and takes less CPU.
CHROMIUMS = (
    "chromium-headless-shell",
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
)
type Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")


def find_chromium() -> str | None:
    """The path of the first Chromium on the PATH."""
    return next(filter(None, map(shutil.which, CHROMIUMS)), None)


def skip_without_chromium() -> None:
    """Skip a test where there is no Chromium; under CI=true it fails."""
    if find_chromium() is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no Chromium is installed, and CI=true")
        pytest.skip("no Chromium is installed")


def chromium_options() -> list[str]:
    """Chromium's sandbox needs another user than root."""
    return ["--no-sandbox"] if os.geteuid() == 0 else []


@contextmanager
def chromium() -> Generator[Browser]:
    """The system's Chromium.

    While it is there no other event loop can run in this thread, and preparing a database needs
    one: services stand before it.
    """
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=find_chromium(), args=chromium_options()
        )
        yield started
        started.close()


class Watched(msgspec.Struct):
    """A page, and what its console and its scripts complained about."""

    page: Page
    complaints: list[str]


@contextmanager
def opened(browser: Browser, url: str, **context: object) -> Generator[Watched]:
    """A page of its own context, which must not complain while it is open."""
    with browser.new_context(**context) as made:  # pyright: ignore[reportArgumentType] - options as given
        page = made.new_page()
        watched = Watched(page, [])
        page.on("console", lambda said: _note(watched, said.type, said.text))
        page.on("pageerror", lambda error: watched.complaints.append(str(error)))
        page.goto(url)
        yield watched
    assert watched.complaints == []


def faults_of(page: Page) -> list[dict[str, Any]]:
    """Everything that axe finds wrong with a page as it stands, in axe's own words.

    Its script is given to a document once, and of its report only the faults come back.
    """
    if page.evaluate("window.axe === undefined"):
        page.evaluate(AXE_SCRIPT)
    return page.evaluate("axe.run({resultTypes: ['violations']}).then(found => found.violations)")


def _note(watched: Watched, kind: str, text: str) -> None:
    if kind in {"error", "warning"}:
        watched.complaints.append(text)
