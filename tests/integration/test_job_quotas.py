"""What one key, or one address, may have of open jobs, and the disk that is kept free."""

from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import httpx
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from abeyance_screening.app.application import create_app
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.platform.settings import JobQuotas, Settings
from tests.integration.conftest import wait_until_ready
from tests.served import run

TABLE = "name\nAcme\n"
JOBS, TABLE_BYTES = 3, 3_000_000
# Two pieces, as a table is stored.
HALF = "name\n" + "Acme Trading\n" * 130_000
type Service = TestClient[Litestar]


@pytest.fixture(scope="module")
def keys(listed_database: str) -> list[dict[str, str]]:
    """Headers with keys of two accounts, made before a service starts, so that it knows them."""
    return [key_of(listed_database, name) for name in ("first", "second")]


@pytest.fixture
def service(
    listed_database: str,
    bundled_index: ListingIndex,
    tmp_path: Path,
    keys: list[dict[str, str]],
) -> Iterator[Service]:
    assert keys
    quotas = JobQuotas(jobs=JOBS, table_bytes=TABLE_BYTES, free_bytes=0)
    yield from served(listed_database, bundled_index, tmp_path, quotas)


def served(dsn: str, index: ListingIndex, folder: Path, quotas: JobQuotas) -> Iterator[Service]:
    settings = Settings(
        data_dir=folder, keep_indexes=True, database_url=dsn, access="keys", job_quotas=quotas
    )
    with TestClient(create_app(settings, index), raise_server_exceptions=False) as client:
        wait_until_ready(client)
        yield client


def key_of(dsn: str, name: str) -> dict[str, str]:
    made = run(dsn, "keys", "add", name, "--account", name, "--scope", "jobs", "--scope", "screen")
    return {"x-api-key": made.strip()}


def sent(service: Service, body: str = TABLE) -> httpx.Response:
    return service.post("/v1/jobs", params={"name": "t.csv"}, content=body)


def assert_refused(answer: httpx.Response, policy: str) -> None:
    assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS, answer.text
    assert answer.json()["violated-policies"] == [policy]
    assert int(answer.headers["retry-after"]) > 0


def test_one_key_or_address_has_so_many_jobs_and_bytes_at_once(
    service: Service, keys: list[dict[str, str]]
):
    first, second = keys
    service.headers.update(first)
    taken = [sent(service) for _ in range(JOBS)]
    assert {each.status_code for each in taken} == {HTTPStatus.ACCEPTED}
    assert_refused(sent(service), "open-jobs")
    # another key from the same address makes no more room
    service.headers.update(second)
    assert_refused(sent(service), "open-jobs")
    service.headers.update(first)
    for each in taken:
        assert service.delete(each.headers["location"]).status_code == HTTPStatus.OK
    # a job that has ended makes room
    large = sent(service, HALF)
    assert large.status_code == HTTPStatus.ACCEPTED, large.text
    assert_refused(sent(service, HALF), "open-job-bytes")
    # what was refused on its way in is not there, and takes no room
    assert len(service.get("/v1/jobs").json()["items"]) == 1 + JOBS
    assert service.delete(large.headers["location"]).status_code == HTTPStatus.OK
    again = sent(service, HALF)
    assert again.status_code == HTTPStatus.ACCEPTED, again.text


def test_no_table_is_taken_that_would_fill_the_disk(
    listed_database: str,
    bundled_index: ListingIndex,
    tmp_path: Path,
    keys: list[dict[str, str]],
):
    quotas = JobQuotas(free_bytes=10**15)
    for service in served(listed_database, bundled_index, tmp_path, quotas):
        service.headers.update(keys[0])
        refused = sent(service)
        assert refused.status_code == HTTPStatus.SERVICE_UNAVAILABLE
        assert refused.json()["type"] == "/problems/store-full"
        assert "ABEYANCE_FREE_BYTES" in refused.json()["detail"]
        assert int(refused.headers["retry-after"]) > 0
        listed = service.get("/v1/jobs").json()["items"]
        assert not [
            each for each in listed if each["ended_at"] is None and each["bytes"] == len(TABLE)
        ]
