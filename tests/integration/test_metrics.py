"""What can be observed: request ids, counts, traces and the log, and no name in any of them."""

import asyncio
import logging
import re
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, override
from uuid import UUID, uuid4

import httpx
import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute
from litestar.testing import TestClient
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from abeyance_screening.app.application import create_app
from abeyance_screening.app.metrics import is_tracing_wanted
from abeyance_screening.app.traces import tracing
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.platform.child_process import ChildProcess
from abeyance_screening.platform.logs import KeyFormatter
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.settings import Settings
from abeyance_screening.platform.stores.processes import seen_as
from abeyance_screening.primitives.errors import BadInputError
from tests.integration.conftest import wait_until_ready
from tests.served import wait_for

# No list, no page and no word of the service has it.
NAME = "Qzxvkwob"
PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
TRACE, CALLER = PARENT.split("-")[1:3]


class Watched:
    """A service whose traces and log are received, and what came so far."""

    def __init__(self, client: TestClient[Litestar], spans: list[Span], log: list[str]) -> None:
        self.client, self.spans, self.log = client, spans, log

    def count(self, metric: str) -> float:
        """The sum of a metric over those of its labels that are not named."""
        page = self.client.get("/metrics").text
        found = re.findall(rf"^{re.escape(metric)}[^ ]* (\S+)$", page, re.MULTILINE)
        return sum(map(float, found))

    def wait_for_spans(self) -> None:
        """Waits until the spans of all requests so far have come: they come in their order."""
        last = uuid4().hex
        self.client.get("/healthz", headers={"x-request-id": last})
        wait_for(lambda: any(last in str(span.attributes) for span in self.spans))


@contextmanager
def receiving(spans: list[Span]) -> Generator[str]:
    """The address of a receiver of traces by OTLP."""

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                for scope in resource.scope_spans:
                    spans.extend(scope.spans)
            self.send_response(200)
            self.end_headers()

        @override
        def log_message(self, format: str, *args: Any) -> None: ...

    with ThreadPoolExecutor(1) as pool, HTTPServer(("127.0.0.1", 0), Receiver) as server:
        pool.submit(server.serve_forever)
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class Keeping(logging.Handler):
    """A keeper of every line as it is logged."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__()
        self.lines = lines
        self.setFormatter(KeyFormatter())

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture(scope="module")
def watched(listed_database: str, bundled_index: ListingIndex) -> Iterator[Watched]:
    spans: list[Span] = []
    keeping, root = Keeping([]), logging.getLogger()
    with receiving(spans) as address, pytest.MonkeyPatch.context() as patch:
        patch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
        patch.setenv("OTEL_BSP_SCHEDULE_DELAY", "50")
        app = create_app(Settings(data_dir=Path(), database_url=listed_database), bundled_index)
        root.addHandler(keeping)
        with TestClient(app, raise_server_exceptions=False) as client:
            wait_until_ready(client)
            yield Watched(client, spans, keeping.lines)
        root.removeHandler(keeping)


def asked_everywhere(watched: Watched) -> Iterator[httpx.Response]:
    """The answers to a made-up name on every path and method there is."""
    screening = {"counterparties": [{"name": NAME}]}
    for route in watched.client.app.routes:
        if isinstance(route, HTTPRoute):
            path = re.sub(r"\{[^}]*uuid\}", str(uuid4()), route.path)
            path = re.sub(r"\{[^}]*\}", NAME, path)
            for method in route.methods - {"OPTIONS"}:
                params = {"name": NAME, "text": NAME}
                yield watched.client.request(method, path, params=params)
                yield watched.client.request(method, path)
                if method == "POST":
                    for body in (screening, {"text": f"To {NAME} Ltd"}, {NAME: NAME}, [NAME]):
                        yield watched.client.post(path, json=body)
                    yield watched.client.post(path, data={"name": NAME, "table": NAME})


def test_a_name_is_in_no_count_no_span_and_no_line(watched: Watched):
    statuses = {answer.status_code for answer in asked_everywhere(watched)}
    assert {200, 400, 404} <= statuses
    assert not [status for status in statuses if status >= 500]
    assert watched.client.get(f"/{NAME}").status_code == 404
    assert NAME not in watched.client.get("/metrics").text
    watched.wait_for_spans()
    assert NAME not in str(watched.spans)
    assert NAME not in "\n".join(watched.log)


def test_a_request_and_its_queries_are_one_trace_that_goes_on_from_the_callers(watched: Watched):
    screening = watched.client.post(
        "/v1/screenings",
        json={"counterparties": [{"name": "Hikvision"}]},
        headers={"traceparent": PARENT},
    )
    assert screening.headers["traceresponse"].split("-")[1] == TRACE
    watched.wait_for_spans()
    spans = [span for span in watched.spans if span.trace_id.hex() == TRACE]
    (request,) = [span for span in spans if span.kind == Span.SPAN_KIND_SERVER]
    queries = [span for span in spans if span.kind == Span.SPAN_KIND_CLIENT]
    assert (request.name, request.parent_span_id.hex()) == ("POST /v1/screenings", CALLER)
    assert queries
    assert {span.parent_span_id for span in queries} == {request.span_id}
    assert "insert into" in str(queries)
    assert "Hikvision" not in str(spans)


def test_counts_are_by_template_and_outcome(watched: Watched):
    asked = 'abeyance_requests_total{method="GET",route="/v1/search",status="200"}'
    outcome = 'abeyance_counterparties_total{outcome="hits"}'
    before = watched.count(asked), watched.count(outcome)
    assert watched.client.get("/v1/search", params={"name": "Hikvision"}).status_code == 200
    assert (watched.count(asked), watched.count(outcome)) == (before[0] + 1, before[1] + 1)
    unknown = 'abeyance_requests_total{method="GET",route="none",status="404"}'
    before = watched.count(unknown)
    assert watched.client.get("/nowhere/at/all").status_code == 404
    assert watched.count(unknown) == before + 1


def test_the_page_says_what_the_index_holds_and_how_old_its_lists_are(watched: Watched):
    page = watched.client.get("/metrics")
    assert page.headers["content-type"].startswith("text/plain")
    assert watched.count("abeyance_ready") == 1
    assert watched.count("abeyance_names_indexed") > 10_000
    assert "\nabeyance_jobs_going_on 0" in page.text
    answer = watched.client.get("/v1/search", params={"name": "x"}).json()
    lists = answer["coverage"]["lists"]
    ages = re.findall(r'^abeyance_list_age_days\{list="(\w+)"\}', page.text, re.MULTILINE)
    assert set(ages) == {each["code"] for each in lists if each["age_days"] is not None}


@pytest.mark.parametrize(
    ("given", "is_taken"),
    [
        pytest.param("order-7.a_B", True, id="plain"),
        pytest.param("x" * 64, True, id="as long as may be"),
        pytest.param("x" * 65, False, id="too long"),
        pytest.param("a b", False, id="with a space"),
        pytest.param("é", False, id="not ASCII"),
        pytest.param(None, False, id="none"),
    ],
)
def test_an_id_of_a_request_is_in_its_answer_and_its_problem(
    watched: Watched, given: str | None, is_taken: bool
):
    headers = [] if given is None else [(b"x-request-id", given.encode())]
    answer = watched.client.get("/v1/search", headers=headers)
    assert answer.status_code == 400
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert (answer.headers["x-request-id"] == given) == is_taken


def test_a_line_about_a_request_has_its_id(watched: Watched):
    logger = logging.getLogger("tests")

    async def fail(*_: object) -> None:
        logger.warning("here")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("abeyance_screening.engine.screening.desk.Desk.search", fail)
        watched.client.get("/v1/search", params={"name": "x"}, headers={"x-request-id": "order-8"})
    assert [line for line in watched.log if line.endswith("here request=order-8")]


@pytest.mark.parametrize(
    ("environment", "is_wanted"),
    [
        pytest.param({}, False, id="nothing said"),
        pytest.param({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://a"}, True, id="an address"),
        pytest.param({"OTEL_TRACES_EXPORTER": "console"}, True, id="a kind"),
        pytest.param({"OTEL_TRACES_EXPORTER": "none"}, False, id="none"),
        pytest.param(
            {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://a", "OTEL_SDK_DISABLED": "TRUE"},
            False,
            id="switched off",
        ),
    ],
)
def test_tracing_is_off_unless_the_environment_says_where(
    environment: dict[str, str], is_wanted: bool
):
    assert is_tracing_wanted(environment) == is_wanted


@pytest.mark.parametrize(
    ("name", "value"),
    [("OTEL_TRACES_EXPORTER", "zipkin"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")],
)
def test_what_cannot_be_done_is_refused_by_name(name: str, value: str):
    with pytest.raises(BadInputError) as refused:
        tracing({name: value})
    assert refused.value.field == name


WATCHING, WORKING = UUID(int=1), UUID(int=2)


def processes(watched: Watched) -> list[dict[str, Any]]:
    return watched.client.get("/readyz").json()["processes"]


async def move_back(dsn: str, process: UUID, minutes: int) -> None:
    """Let a process be seen last before so many minutes."""
    moved = "update process set seen_at = now() - make_interval(mins => $2) where id = $1"
    async with connected(dsn) as connection:
        await connection.execute(moved, process, minutes)


def test_processes_that_nobody_has_seen_are_said_to_run_nowhere(watched: Watched):
    none = {"running": 0, "since": None, "seen_at": None, "restarts": 0}
    assert processes(watched) == [{"kind": "refresher"} | none, {"kind": "worker"} | none]
    assert '\nabeyance_processes_running{kind="worker"} 0' in watched.client.get("/metrics").text
    assert watched.count("abeyance_process_start_seconds") == 0


async def test_processes_are_seen_while_they_run_and_for_a_minute_after_they_were_killed(
    watched: Watched, listed_database: str
):
    def running() -> list[int]:
        return [each["running"] for each in processes(watched)]

    told = ChildProcess(parent=1, id=WORKING, restarts=3)
    async with (
        seen_as(listed_database, "refresher", ChildProcess(parent=1, id=WATCHING)),
        seen_as(listed_database, "worker", told),
    ):
        await asyncio.to_thread(wait_for, lambda: running() == [1, 1], "both processes")
        _, worker = processes(watched)
        assert worker["restarts"] == 3
        assert worker["since"] <= worker["seen_at"]
        page = watched.client.get("/metrics").text
        assert '\nabeyance_process_restarts{kind="worker"} 3' in page
        assert watched.count("abeyance_process_start_seconds") > 0
        # a process that is killed says nothing any more
        await move_back(listed_database, WATCHING, 2)
        assert running() == [0, 1]
        assert processes(watched)[0]["seen_at"] is not None
    # those that end by themselves take their rows away
    assert [each["seen_at"] for each in processes(watched)] == [None, None]
