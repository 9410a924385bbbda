"""A screening that passes by the framework is answered as the framework would have it answered."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from abeyance_screening.app.application import create_app
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.features.screen.api import DirectScreenings
from abeyance_screening.platform.settings import CallerLimits, Settings
from tests.integration.conftest import wait_until_ready
from tests.integration.dated import AT_TWO
from tests.served import FixedClock
from tests.stations import stations
from tools.walk import repeated_walk

# The framework takes both for the same address, and only the first is answered without it.
DIRECT, FRAMED = "/v1/screenings", "/v1/screenings/"
JSON = {"content-type": "application/json", "x-request-id": "one-of-ours"}
ASKED = b'{"store":false,"counterparties":[{"name":"Hikvision Digital"},{"name":"Quiet Bakery"}]}'
# The time, and what is left of a limit.
DIFFERING = {"date", "ratelimit"}


@pytest.fixture(scope="module")
def client(listed_database: str, bundled_index: ListingIndex) -> Iterator[TestClient[Litestar]]:
    settings = Settings(
        data_dir=Path(),
        database_url=listed_database,
        open_limits=CallerLimits(counterparties_per_second=900),
    )
    with TestClient(create_app(settings, bundled_index, FixedClock(AT_TWO))) as client:
        wait_until_ready(client)
        yield client


@pytest.fixture
def passed_by(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses of requests that were read without the framework."""
    seen = list[str]()
    screened = DirectScreenings._screened

    async def counted(self, request):
        seen.append(request.scope["path"])
        return await screened(self, request)

    monkeypatch.setattr(DirectScreenings, "_screened", counted)
    return seen


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        pytest.param(ASKED, {}, 200, id="an answer"),
        pytest.param(b'{"counterparties":[{"name":"A","nmae":"B"}]}', {}, 400, id="no such field"),
        pytest.param(b'{"counterparties":[{"name":"A","name":"B"}]}', {}, 400, id="a field twice"),
        pytest.param(b'{"counterparties":[{"name":" "}]}', {}, 400, id="a blank name"),
        pytest.param(ASKED.replace(b"{", b'{"lists":["x"],', 1), {}, 400, id="no such list"),
        pytest.param(b"{", {}, 400, id="no JSON"),
        pytest.param(b"\xff", {}, 400, id="no UTF-8"),
        pytest.param(ASKED, {"idempotency-key": "a b"}, 400, id="no key of a repetition"),
        pytest.param(
            b'{"counterparties":[%b]}' % b",".join([b'{"name":"A"}'] * 1_001), {}, 400, id="many"
        ),
    ],
)
def test_an_answer_is_the_same_whichever_way_it_comes(
    client: TestClient[Litestar],
    passed_by: list[str],
    body: bytes,
    headers: dict[str, str],
    status: int,
):
    direct, framed = (
        client.post(path, content=body, headers=JSON | headers) for path in (DIRECT, FRAMED)
    )
    assert passed_by == [DIRECT]
    assert direct.status_code == framed.status_code == status
    assert direct.content == framed.content
    assert _headers(direct) == _headers(framed)


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        pytest.param(f"{DIRECT}?limit=1", {}, 400, id="a parameter"),
        pytest.param(DIRECT, {"content-type": "text/plain"}, 415, id="another kind of body"),
        pytest.param(DIRECT, {"host": "a/b"}, 400, id="no host"),
    ],
)
def test_what_is_not_plain_goes_through_the_framework(
    client: TestClient[Litestar],
    passed_by: list[str],
    path: str,
    headers: dict[str, str],
    status: int,
):
    assert client.post(path, content=ASKED, headers=JSON | headers).status_code == status
    assert passed_by == []


@pytest.mark.parametrize(
    ("body", "status"),
    [pytest.param(b"", 400, id="nothing"), pytest.param(b"x" * 10_000_001, 413, id="too large")],
)
def test_what_is_refused_before_it_is_read_is_refused_alike(
    client: TestClient[Litestar], passed_by: list[str], body: bytes, status: int
):
    direct, framed = (client.post(path, content=body, headers=JSON) for path in (DIRECT, FRAMED))
    assert direct.status_code == status
    assert direct.content == framed.content
    assert passed_by == []


def test_it_is_counted_under_its_route(client: TestClient[Litestar]):
    before = _counted(client)
    assert client.post(DIRECT, content=ASKED, headers=JSON).is_success
    assert _counted(client) == before + 1


def _headers(answer) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name not in DIFFERING}


def _counted(client: TestClient[Litestar]) -> float:
    line = 'abeyance_requests_total{method="POST",route="/v1/screenings",status="200"}'
    page = client.get("/metrics").text
    return sum(float(each.split()[-1]) for each in page.splitlines() if each.startswith(line))


# The most modules that one screening may enter, so that a stranger can follow it. Two of them keep
# the question as it was asked (question_record, structs); who finds names (finder) stands beside
# who shows what they met (screen).
MOST_MODULES = 54


def test_a_screening_enters_the_stations_that_are_written_down_and_few_modules(
    client: TestClient[Litestar],
):
    body = {"counterparties": [{"name": "Hikvision"}]}

    def ask() -> None:
        client.post(DIRECT, json=body).raise_for_status()

    ask()
    walked = repeated_walk("a screening", ask, pause_s=0.1)
    written = {each for station in stations() for each in station.modules}
    assert written - set(walked.modules) == set()
    assert len(walked.modules) <= MOST_MODULES, walked.modules
