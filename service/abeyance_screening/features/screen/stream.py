"""Streams: a screening whose counterparties come a line each, answered while they still come.

`POST /v1/screenings` with NDJSON goes here. In the OpenAPI document it is an operation of its own:
from one that answers either an object or lines, a generator makes a type that nobody can use.
An answer begins at once and has a line for each line of the request, in order, and one more at its
end. Most clients send everything before they read anything; what they do not take meanwhile waits
in memory, and beyond that in unnamed files, within bounds. A stream is not kept: its answer may be
gigabytes, and the caller has it already. Its last line says what is needed to ask again.

A handler of litestar cannot read while it answers, so that what it returns is an application of
its own, which does.
"""

import asyncio
from collections.abc import Iterator
from functools import partial
from http import HTTPStatus
from time import monotonic
from typing import Annotated, override

import msgspec
from litestar import Response, post
from litestar.di import Provide
from litestar.exceptions import ValidationException
from litestar.params import QueryParameter
from litestar.status_codes import HTTP_200_OK
from litestar.types import ASGIApp, Receive, Scope, Send

from abeyance_screening.engine.screening.answer import RefusedLine
from abeyance_screening.engine.screening.desk import Charge
from abeyance_screening.engine.screening.open_screening import OpenScreening
from abeyance_screening.engine.screening.question import Counterparty
from abeyance_screening.platform.access.callers import needs
from abeyance_screening.platform.http.bodies import (
    NDJSON,
    STREAM_PATH,
    TypedRequest,
    expander_of,
    header_of,
    read_json,
)
from abeyance_screening.platform.http.encodings import STREAM_ENCODERS, Expander, encoding_for
from abeyance_screening.platform.http.problems import (
    BAD_REQUEST,
    BODY_REFUSED,
    UNAVAILABLE,
    field_problem,
    logger,
    problem_responses,
)
from abeyance_screening.platform.http.spool import LOOK_EVERY_S, SHARED_DISK, Spool, send_spooled
from abeyance_screening.platform.logs import log_bug
from abeyance_screening.platform.questions.parameters import (
    TheDays,
    TheDesk,
    TheTerms,
    ViewAsked,
    terms_of,
)
from abeyance_screening.primitives.errors import (
    AbeyanceError,
    BadInputError,
    BrokenOffError,
    QuotaExceededError,
    TooMuchWorkError,
    shortened,
)
from abeyance_screening.primitives.fair_scheduler import Work, current_work, give_turns

# The longest line, in bytes. A counterparty with 200 owners and all their aliases has fewer.
MAX_LINE_BYTES = 1_000_000
# How much of an answer is gathered before it is sent.
_GATHERED_BYTES = 32_768
# An answer waits no longer than this for others to be sent with it.
_GATHERED_S = 0.05
# How long a stream waits for its caller's limits before it is cut, and how often it looks whether
# the client is still there.
LONGEST_WAIT_S = 60
StoreAsked = Annotated[
    bool | None,
    QueryParameter(
        name="store", description="Nothing of a stream is kept, so that only `false` is taken."
    ),
]


@post(
    STREAM_PATH,
    opt=needs("screen"),
    operation_id="screenStream",
    dependencies={"terms": Provide(terms_of)},
    responses=problem_responses(BAD_REQUEST, *BODY_REFUSED, UNAVAILABLE),
    summary="Screen counterparties as a stream",
    tags=["Screening"],
    media_type=NDJSON,
    status_code=HTTP_200_OK,
)
async def screen_stream(
    request: TypedRequest,
    desk: TheDesk,
    days: TheDays,
    terms: TheTerms,
    store: StoreAsked = None,
    view: ViewAsked = "full",
) -> Response[str]:
    """Answer each line of the request in a line, while lines still come.

    `POST /v1/screenings` with `application/x-ndjson` does the same.

    Raises:
        BadInputError: The settings contradict each other, or the stream shall be kept.
    """
    if store:
        raise BadInputError(
            "store",
            "is true, and a stream is not kept: send up to 1,000 counterparties at a time as "
            "application/json for screenings that are",
        )
    expander = expander_of(request.scope)
    opened = await desk.open(terms, days, view)
    accepted = header_of(request.scope, b"accept-encoding").decode("latin-1")
    encoding = encoding_for(accepted, STREAM_ENCODERS)
    return _StreamResponse(Answering(desk.count, opened), expander, encoding)


# --- Lines.


class Lines:
    """Splits what arrives into lines; of a line that is too long nothing is kept."""

    def __init__(self) -> None:
        self._begun = bytearray()
        self._is_too_long = False

    def add(self, data: bytes) -> Iterator[bytes | None]:
        """Yield each line that the next bytes complete; None for one that is too long."""
        start = 0
        while (end := data.find(b"\n", start)) >= 0:
            self._keep(data[start:end])
            yield self._taken()
            start = end + 1
        self._keep(data[start:])

    def rest(self) -> Iterator[bytes | None]:
        """Yield the last line if it has no line end."""
        if self._begun or self._is_too_long:
            yield self._taken()

    def _keep(self, data: bytes) -> None:
        if self._is_too_long or len(self._begun) + len(data) > MAX_LINE_BYTES:
            self._is_too_long = True
            self._begun.clear()
        else:
            self._begun += data

    def _taken(self) -> bytes | None:
        line = None if self._is_too_long else bytes(self._begun)
        self._begun.clear()
        self._is_too_long = False
        return line


async def _read(line: bytes | None) -> Counterparty:
    """Return the counterparty of a line."""
    if line is None:
        raise BadInputError("line", f"is longer than {MAX_LINE_BYTES:,} bytes")
    if not line.strip():
        raise BadInputError("line", "is empty")
    try:
        return await read_json(line, Counterparty)
    except ValidationException as error:
        fault = field_problem(error.detail)
        raise BadInputError(_field(fault.field), fault.reason) from None
    except BadInputError as error:
        raise BadInputError(_field(error.field), error.reason) from None


def _field(named: str) -> str:
    """Return the field at fault; what concerns a whole body concerns a whole line here."""
    return "line" if named == "body" else named


# --- The answer.


class Answering:
    """Answers the lines of one stream."""

    def __init__(self, count: Charge, opened: OpenScreening) -> None:
        self._charged = count
        self._opened = opened
        self._count = self._refused = 0

    async def line(self, line: bytes | None) -> bytes:
        """Return the answer to the next line, which has no line end.

        Raises:
            QuotaExceededError: The caller's limits allow no more for a long time.
            BrokenOffError: The client has left.
        """
        self._count += 1
        # a refusal is an answer too: a few bytes of empty lines expand to any number of them
        await self._charge()
        try:
            counterparty = await _read(line)
            return await self._opened.result(counterparty)
        except (BadInputError, TooMuchWorkError) as error:
            self._refused += 1
            return self._refusal(self._count, error)

    def cut(self, error: Exception) -> bytes:
        """Return the line that says why no more are answered."""
        if not isinstance(error, AbeyanceError):
            number = log_bug(logger, error)
            error = BadInputError(
                "line", f"something failed here; its number is urn:uuid:{number}"
            )
        return self._refusal(self._count or 1, error)

    def end(self) -> bytes:
        """Return the last line."""
        return _encode(self._opened.end(self._count, self._refused))

    def _refusal(self, line: int, error: AbeyanceError) -> bytes:
        field, reason = "line", str(error) or error.title
        if isinstance(error, BadInputError):
            field, reason = error.field, error.reason
        refused = RefusedLine(line=line, field=shortened(field), reason=shortened(reason))
        return _encode(refused)

    async def _charge(self) -> None:
        """Count a counterparty, once the caller's limits allow it."""
        work, until = current_work(), monotonic() + LONGEST_WAIT_S
        while True:
            try:
                await self._charged(1)
            except QuotaExceededError as error:
                if monotonic() + error.retry_after_s > until:
                    raise
                await asyncio.sleep(LOOK_EVERY_S)
            else:
                return
            if work is not None:
                work.has_moved = True
                work.check()


class _StreamResponse(Response[str]):
    """An answer that is sent while the request is still read."""

    def __init__(  # pyright: ignore[reportMissingSuperCall] - it sends itself
        self, answering: Answering, expander: Expander, encoding: str
    ) -> None:
        self._answering = answering
        self._expander = expander
        self._encoding = encoding
        self._lines = Lines()
        self._spool = Spool(SHARED_DISK)
        self._encoder = STREAM_ENCODERS[encoding]()
        self._gathered: list[bytes] = []
        self._gathered_bytes = 0
        self._gathered_at = monotonic()

    @override
    def to_asgi_response(self, *_args: object, **_kwargs: object) -> ASGIApp:  # pyright: ignore[reportIncompatibleMethodOverride] - litestar calls it and no more
        """Return the application that reads and answers."""
        return self._answer

    async def _answer(self, _scope: Scope, receive: Receive, send: Send) -> None:
        headers = [
            (b"content-type", NDJSON.encode()),
            (b"cache-control", b"no-store"),
            (b"vary", b"accept-encoding"),
            # nginx would otherwise collect the answer
            (b"x-accel-buffering", b"no"),
        ]
        if self._encoding:
            headers.append((b"content-encoding", self._encoding.encode()))
        await send_spooled(
            send, (HTTPStatus.OK, headers), self._spool, partial(self._read, receive)
        )

    async def _read(self, receive: Receive, work: Work) -> None:
        """Read the request and put the answers to its lines where they are sent from."""
        try:
            (fault,) = await asyncio.gather(
                self._answer_all(receive, work), return_exceptions=True
            )
            if isinstance(fault, BrokenOffError):
                raise fault
            if isinstance(fault, Exception):
                await self._say(self._answering.cut(fault))
            await self._flush()
            await self._spool.put(self._encoder.end())
            self._spool.end()
        except (BrokenOffError, OSError):
            work.is_broken_off = True
            self._spool.leave()

    async def _answer_all(self, receive: Receive, work: Work) -> None:
        is_more = True
        while is_more:
            message = await receive()
            if message["type"] != "http.request":
                raise BrokenOffError
            is_more, work.has_moved = message["more_body"], True
            for data in self._expander.expand(message["body"]):
                await give_turns()
                for line in self._lines.add(data):
                    await self._answer_line(line, work)
            await self._flush()
        self._expander.check_end()
        for line in self._lines.rest():
            await self._answer_line(line, work)
        await self._say(self._answering.end())

    async def _answer_line(self, line: bytes | None, work: Work) -> None:
        work.begin_anew()
        await give_turns()
        await self._say(await self._answering.line(line))

    async def _say(self, line: bytes) -> None:
        """Add a line to what is sent next, and have it sent soon."""
        self._gathered += [line, b"\n"]
        self._gathered_bytes += len(line) + 1
        if (
            self._gathered_bytes >= _GATHERED_BYTES
            or monotonic() - self._gathered_at > _GATHERED_S
        ):
            await self._flush()

    async def _flush(self) -> None:
        self._gathered_at = monotonic()
        if self._gathered:
            piece = self._encoder.add(b"".join(self._gathered))
            self._gathered, self._gathered_bytes = [], 0
            await self._spool.put(piece)


_encode = msgspec.json.Encoder().encode


ROUTES = (screen_stream,)
