"""A feature that is added to the list has everything that its record registers."""

from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from litestar import get
from litestar.di import NamedDependency, Provide
from litestar.testing import TestClient
from prometheus_client import Metric

from abeyance_screening.app import features
from abeyance_screening.app.application import create_app
from abeyance_screening.app.background import tidy
from abeyance_screening.app.features import commands_of
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.platform.access.callers import public
from abeyance_screening.platform.feature import CommandEntry, Feature
from abeyance_screening.platform.service import ServiceParts, always, gauge
from abeyance_screening.platform.settings import Settings
from abeyance_screening.platform.stores.accounts import open_accounts
from abeyance_screening.platform.stores.tidying import Tidying
from abeyance_screening.primitives.errors import StoreUnavailableError
from tests.integration.conftest import wait_until_ready

HERE = __name__
PAGE = "/borogoves"
said = list[str]()


@get("/v1/borogoves", opt=public())
async def borogoves(mills: NamedDependency[int]) -> dict[str, int]:
    """Return how many mills there are."""
    return {"mills": mills}


@get(PAGE, opt=public(), include_in_schema=False)
async def borogoves_page() -> str:
    """Return a page."""
    return "Borogoves"


ROUTES, PAGES = (borogoves,), (borogoves_page,)


def dependencies(parts: ServiceParts) -> Mapping[str, Provide]:
    return {"mills": always(len(parts.settings.data_dir.parts) + 2)}


@asynccontextmanager
async def lifespan(parts: ServiceParts) -> AsyncGenerator[None]:
    said.append(f"begun with {await parts.pool.pool.fetchval('select 1')}")
    yield
    said.append(f"ended with {await parts.pool.pool.fetchval('select 2')}")


async def retention(work: Tidying) -> None:
    said.append(f"tidied with {await work.connection.fetchval('select 3')}")


async def metrics(parts: ServiceParts) -> Iterable[Metric]:
    return (gauge("borogoves", "Borogoves.", await parts.pool.pool.fetchval("select 4")),)


async def metrics_of_a_database_that_is_away(_: ServiceParts) -> Iterable[Metric]:
    raise StoreUnavailableError


FEATURE = Feature(
    routes=(f"{HERE}:ROUTES",),
    pages=(f"{HERE}:PAGES",),
    navigation=((PAGE, "Borogoves"),),
    commands=(CommandEntry("borogoves", HERE, "Count borogoves."),),
    dependencies=f"{HERE}:dependencies",
    lifespan=f"{HERE}:lifespan",
    retention=f"{HERE}:retention",
    metrics=f"{HERE}:metrics",
)


@pytest.fixture
def with_one_more(monkeypatch: pytest.MonkeyPatch) -> Feature:
    said.clear()
    monkeypatch.setattr(features, "FEATURES", (*features.FEATURES, FEATURE))
    return FEATURE


@pytest.mark.usefixtures("with_one_more")
def test_a_feature_needs_nothing_but_its_record(listed_database: str, bundled_index: ListingIndex):
    app = create_app(Settings(data_dir=Path(), database_url=listed_database), bundled_index)
    with TestClient(app) as client:
        wait_until_ready(client)
        assert said == ["begun with 1"]
        assert client.get("/v1/borogoves").json() == {"mills": 2}
        assert client.get(PAGE).text == "Borogoves"
        assert f'href="{PAGE}' in client.get("/lists").text
        counted = client.get("/metrics").text.splitlines()
    assert said == ["begun with 1", "ended with 2"]
    assert "abeyance_borogoves 4.0" in counted
    assert any(line.startswith("abeyance_jobs_going_on ") for line in counted)
    assert any(line.startswith('abeyance_list_age_days{list="un_sc"}') for line in counted)
    assert commands_of()["borogoves"].line == "Count borogoves."


@pytest.mark.usefixtures("with_one_more")
def test_metrics_lack_only_the_feature_whose_database_is_away(
    listed_database: str, bundled_index: ListingIndex, monkeypatch: pytest.MonkeyPatch
):
    away = Feature(metrics=f"{HERE}:metrics_of_a_database_that_is_away")
    monkeypatch.setattr(features, "FEATURES", (away, *features.FEATURES))
    app = create_app(Settings(data_dir=Path(), database_url=listed_database), bundled_index)
    with TestClient(app) as client:
        wait_until_ready(client)
        answer = client.get("/metrics")
    assert answer.status_code == 200
    assert "abeyance_borogoves 4.0" in answer.text.splitlines()


@pytest.mark.usefixtures("with_one_more")
async def test_what_a_feature_keeps_is_tidied_up_with_the_rest(listed_database: str):
    async with open_accounts(listed_database) as accounts:
        await tidy(listed_database, accounts)
    assert said == ["tidied with 3"]
