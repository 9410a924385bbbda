"""What an operator can see of the service: an id for each request, and the counts at `/metrics`.

No label, header or line has a counterparty's name: a request is named by the template of its
route, never by its address.
"""

import os
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import chain
from time import perf_counter
from typing import cast, override
from uuid import uuid4

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.enums import ScopeType
from litestar.params import SkipValidation
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send
from prometheus_client import CollectorRegistry, Counter, Histogram, Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from abeyance_screening.app.features import functions_of
from abeyance_screening.engine.screening.index.current import CurrentIndex
from abeyance_screening.platform.access.callers import needs
from abeyance_screening.platform.http.bodies import TypedRequest, header_of
from abeyance_screening.platform.logs import request_id
from abeyance_screening.platform.service import ServiceParts, gauge
from abeyance_screening.platform.settings import COUNTED_TOGETHER
from abeyance_screening.platform.stores.processes import ProcessesSeen, processes_seen_soon
from abeyance_screening.primitives.errors import NotReadyError, StoreUnavailableError

type MetricsOf = Callable[[ServiceParts], Awaitable[Iterable[Metric]]]
REQUEST_ID = b"x-request-id"
# A caller's own id is taken if it is short and plain, since every line of the log repeats it.
_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
# What nginx logs of a client that left before there was an answer.
_CLIENT_LEFT = 499
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_WHERE = (
    "OTEL_TRACES_EXPORTER",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
)


class Meter:
    """What the service counts, and what it holds at the moment, in the form of Prometheus.

    Counts are those of all processes of this service; what an index holds is said by the process
    that answers, and is the same in all of them but for the moments of a swap.
    """

    def __init__(self) -> None:
        self._requests = Counter(
            "abeyance_requests", "Requests answered.", ("method", "route", "status"), registry=None
        )
        self._seconds = Histogram(
            "abeyance_request_seconds",
            "Time from the head of a request to the end of its answer.",
            ("route",),
            buckets=_SECONDS,
            registry=None,
        )
        self._outcomes = Counter(
            "abeyance_counterparties", "Counterparties asked about.", ("outcome",), registry=None
        )
        self._built = Counter("abeyance_index_builds", "Indexes built of names.", registry=None)
        # looking a child up by its labels takes longer than counting
        self._known: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        self._by_outcome: dict[str, Counter] = {}

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request; `route` is the template of its path, empty if there is none."""
        key = method if method in _METHODS else "other", route or "none", status
        children = self._known.get(key)
        if children is None:
            method, route, status = key
            children = (
                self._requests.labels(method, route, str(status)),
                self._seconds.labels(route),
            )
            self._known[key] = children
        requests, duration = children
        requests.inc()
        duration.observe(seconds)

    def count_outcome(self, outcome: str) -> None:
        """Count a counterparty that was asked about, by its outcome."""
        child = self._by_outcome.get(outcome)
        if child is None:
            child = self._by_outcome[outcome] = self._outcomes.labels(outcome)
        child.inc()

    def built(self) -> None:
        """Count an index that was built."""
        self._built.inc()

    def page(self, gauges: Iterable[Metric], accept: str) -> tuple[bytes, str]:
        """Return everything in the text form that a scraper accepts, and its media type."""
        registry = CollectorRegistry()
        if COUNTED_TOGETHER in os.environ:
            MultiProcessCollector(registry)
        else:
            for each in (self._requests, self._seconds, self._outcomes, self._built):
                registry.register(each)
        registry.register(_Gauges(gauges))
        encode, media_type = choose_encoder(accept)
        return encode(registry), media_type


class _Gauges(Collector):
    """What holds at this moment, as it was found before anybody collects it."""

    def __init__(self, gauges: Iterable[Metric]) -> None:
        self._gauges = gauges

    @override
    def collect(self) -> Iterable[Metric]:
        return self._gauges


def _of_index(current: CurrentIndex) -> Iterator[Metric]:
    """Yield what the index of this process holds; without one, only that there is none."""
    try:
        index = current.get()
    except NotReadyError:
        yield gauge("ready", "Whether questions are answered.", 0)
        return
    lost = index.lists.out_of_sight is not None
    yield gauge("ready", "Whether questions are answered.", 1)
    yield gauge("database_lost", "Whether the database is out of reach.", int(lost))
    yield gauge("names_indexed", "Names that can be found.", index.name_count)
    yield gauge("listings_indexed", "Listings that can be found.", index.listing_count)


def _of_processes(processes: Iterable[ProcessesSeen]) -> Iterator[Metric]:
    """Yield how many processes of each kind run, since when, and how often they were restarted."""
    running = GaugeMetricFamily(
        "abeyance_processes_running",
        "Processes that were seen in the last minute, on any machine.",
        labels=("kind",),
    )
    since = GaugeMetricFamily(
        "abeyance_process_start_seconds",
        "When the oldest of them was started, in Unix time.",
        labels=("kind",),
    )
    restarts = GaugeMetricFamily(
        "abeyance_process_restarts",
        "How often processes of the last day were started again.",
        labels=("kind",),
    )
    for each in processes:
        running.add_metric((each.kind,), each.running)
        restarts.add_metric((each.kind,), each.restarts)
        if each.since is not None:
            since.add_metric((each.kind,), each.since.timestamp())
    yield from (running, since, restarts)


async def gauges_of(parts: ServiceParts) -> tuple[Metric, ...]:
    """Return what the service holds at this moment, and then what each feature says of itself.

    A feature says nothing before the lists or the register are read, or without a database.
    """
    measured = list[Iterable[Metric]]()
    for metrics_of in cast("list[MetricsOf]", functions_of("metrics")):
        with suppress(NotReadyError, StoreUnavailableError):
            measured.append(await metrics_of(parts))
    processes = await processes_seen_soon(parts.pool) or ()
    return (*_of_index(parts.current), *_of_processes(processes), *chain.from_iterable(measured))


@get("/metrics", opt=needs("read"), include_in_schema=False)
async def metrics(
    request: TypedRequest,
    meter: NamedDependency[SkipValidation[Meter]],
    gauges: NamedDependency[SkipValidation[tuple[Metric, ...]]],
) -> Response[bytes]:
    """Return what the service counts, for Prometheus."""
    accept = header_of(request.scope, b"accept").decode("latin-1")
    body, media_type = meter.page(gauges, accept)
    return Response(body, media_type=media_type, headers={"cache-control": "no-store"})


def seen(app: ASGIApp, meter: Meter) -> ASGIApp:
    """Wrap an application so that each request has an id, is counted and is timed."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        began, status = perf_counter(), _CLIENT_LEFT
        given = _id_of(scope)
        request_id.set(given)

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (REQUEST_ID, given.encode())]
            await send(message)

        try:
            await app(scope, receive, sent)
        finally:
            meter.answered(scope["method"], route_of(scope), status, perf_counter() - began)

    return answer


def route_of(scope: HTTPScope) -> str:
    """Return the template of a request's path once it was answered; empty if no route has it."""
    try:
        return scope["path_template"]
    except KeyError:
        return ""


def _id_of(scope: HTTPScope) -> str:
    """Return the id that the caller gave the request, or a new one."""
    given = header_of(scope, REQUEST_ID)
    return given.decode() if _ID.fullmatch(given) else uuid4().hex


# --- Traces, which `app.traces` makes where they are wanted.


def is_tracing_wanted(environment: Mapping[str, str]) -> bool:
    """Return whether the variables `OTEL_*` say where traces go."""
    if environment.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return False
    kind = environment.get("OTEL_TRACES_EXPORTER")
    return kind != "none" and any(environment.get(name) for name in _WHERE)


ROUTES = (metrics,)
