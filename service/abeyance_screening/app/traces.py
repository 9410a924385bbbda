"""Traces by OpenTelemetry: a span for each request, and below it one for each query of it.

A span has the template of its route, and the text of a query, which is the program's own: neither
addresses, nor values, nor the text of an error, which may quote them. Imported only where the
standard variables `OTEL_*` say where traces go; it needs the extra `otel`.
"""

import time
from collections.abc import Mapping
from importlib.metadata import version

from asyncpg.connection import LoggedQuery
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.propagate import extract
from opentelemetry.sdk.resources import (
    SERVICE_NAME,
    SERVICE_VERSION,
    OTELResourceDetector,
    Resource,
)
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import (
    BatchSpanProcessor,
    ConsoleSpanExporter,
    SimpleSpanProcessor,
)

from abeyance_screening.app.metrics import route_of
from abeyance_screening.platform.logs import request_id
from abeyance_screening.primitives.errors import BadInputError

KIND = "OTEL_TRACES_EXPORTER"
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_OVER_HTTP = "http/protobuf"
_FAILED = 500


class Tracing:
    """What makes spans and hands them to a processor, which sends them on."""

    def __init__(self, processor: SpanProcessor) -> None:
        own = {SERVICE_NAME: "abeyance", SERVICE_VERSION: version("abeyance-screening")}
        resource = Resource.create(own).merge(OTELResourceDetector().detect())
        self._provider = TracerProvider(resource=resource)
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("abeyance")

    def close(self) -> None:
        """Send on what is left; it may wait for the receiver."""
        self._provider.shutdown()

    def traced(self, app: ASGIApp) -> ASGIApp:
        """Wrap an application so that each request is a span, in the trace of its `traceparent`.

        The answer says the trace in `traceresponse`, as the W3C drafts it for answers.
        """

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != ScopeType.HTTP:
                await app(scope, receive, send)
                return
            status = 0
            method = scope["method"]
            with self._tracer.start_as_current_span(
                method,
                context=extract(_carrier(scope)),
                kind=trace.SpanKind.SERVER,
                record_exception=False,
                set_status_on_exception=False,
            ) as span:
                said = _traceresponse(span.get_span_context())

                async def sent(message: Message) -> None:
                    nonlocal status
                    if message["type"] == "http.response.start":
                        status = message["status"]
                        message["headers"] = [*message["headers"], (b"traceresponse", said)]
                    await send(message)

                try:
                    await app(scope, receive, sent)
                finally:
                    _describe(span, method, route_of(scope), status)

        return answer

    def note(self, made: LoggedQuery) -> None:
        """Add the span of a query that was just made, below that of its request.

        A query that nobody asked for (the service looks for news by itself) has none. Answers
        that are kept together are in the trace of the first of them.
        """
        if not trace.get_current_span().get_span_context().is_valid:
            return
        ended = time.time_ns()
        word = made.query.split(maxsplit=1)[0].upper() if made.query.strip() else "QUERY"
        span = self._tracer.start_span(
            word,
            kind=trace.SpanKind.CLIENT,
            attributes={"db.system.name": "postgresql", "db.query.text": made.query},
            start_time=ended - int(made.elapsed * 1_000_000_000),
        )
        if made.exception is not None:
            span.set_attribute("error.type", type(made.exception).__qualname__)
            span.set_status(trace.StatusCode.ERROR)
        span.end(ended)


def tracing(environment: Mapping[str, str]) -> Tracing:
    """Return what traces as the variables `OTEL_*` say.

    Raises:
        BadInputError: A variable asks for what cannot be done; the field is its name.
    """
    kind = environment.get(KIND) or "otlp"
    if kind == "console":
        return Tracing(SimpleSpanProcessor(ConsoleSpanExporter()))
    if kind != "otlp":
        raise BadInputError(KIND, f"{kind!r} is not one of otlp, console, none")
    for name in _PROTOCOLS:
        if environment.get(name, _OVER_HTTP) != _OVER_HTTP:
            raise BadInputError(name, f"only {_OVER_HTTP} can be spoken")
    return Tracing(BatchSpanProcessor(OTLPSpanExporter()))


def _carrier(scope: HTTPScope) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


def _traceresponse(context: trace.SpanContext) -> bytes:
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}".encode()


def _describe(span: trace.Span, method: str, route: str, status: int) -> None:
    span.update_name(f"{method} {route}".rstrip())
    span.set_attribute("http.request.method", method)
    span.set_attribute("http.route", route)
    if (asked := request_id.get()) is not None:
        span.set_attribute("abeyance.request_id", asked)
    if status:
        span.set_attribute("http.response.status_code", status)
    if not status or status >= _FAILED:
        span.set_status(trace.StatusCode.ERROR)
