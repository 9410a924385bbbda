"""One service on the bundled lists and one browser for all tests here."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from abeyance_screening.app.application import create_app
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.platform.settings import Settings
from tests.browser.browsers import chromium, skip_without_chromium
from tests.served import FixedClock, running

# What a page shows after a step may wait for a process that reads a file, beside other tests.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="package")
def desk(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a running service with the bundled lists.

    Tests here are skipped where there is no Chromium, but fail under CI=true.
    """
    skip_without_chromium()
    settings, index = _on_bundled_lists(request)
    with running(create_app(settings, index)) as address:
        yield address


@pytest.fixture(scope="package")
def clock() -> FixedClock:
    """The clock of `dated_desk`: at two in the morning UTC it is still yesterday in Washington."""
    return FixedClock(datetime(2026, 11, 10, 2, tzinfo=UTC))


@pytest.fixture(scope="package")
def dated_desk(request: pytest.FixtureRequest, clock: FixedClock) -> Iterator[str]:
    """The address of another such service, which goes by `clock`."""
    skip_without_chromium()
    settings, index = _on_bundled_lists(request)
    with running(create_app(settings, index, clock)) as address:
        yield address


@pytest.fixture(scope="module")
def browser(desk: str, dated_desk: str) -> Iterator[Browser]:
    """The system's Chromium, behind the services."""
    assert desk
    assert dated_desk
    with chromium() as started:
        yield started


def _on_bundled_lists(request: pytest.FixtureRequest) -> tuple[Settings, ListingIndex]:
    database: str = request.getfixturevalue("listed_for_all")
    return Settings(data_dir=Path(), database_url=database), request.getfixturevalue(
        "bundled_index"
    )
