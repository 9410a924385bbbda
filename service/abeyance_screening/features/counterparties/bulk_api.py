"""Counterparties in bulk over HTTP: a line each, stored at once and screened soon."""

from http import HTTPStatus

import msgspec
from litestar import post
from litestar.exceptions import HTTPException, ValidationException
from litestar.status_codes import HTTP_200_OK

from abeyance_screening.features.counterparties.api import (
    COUNTERPARTIES_PATH,
    TheCounterparties,
)
from abeyance_screening.features.counterparties.desk import CounterpartyDesk
from abeyance_screening.features.counterparties.types import WatchedCounterparty
from abeyance_screening.platform.access.callers import needs
from abeyance_screening.platform.http.bodies import (
    NDJSON,
    TypedRequest,
    expander_of,
    media_type_of,
    read_json,
)
from abeyance_screening.platform.http.problems import (
    BAD_REQUEST,
    BODY_REFUSED,
    TOO_MANY,
    UNAVAILABLE,
    problem_responses,
)
from abeyance_screening.primitives.errors import BadInputError
from abeyance_screening.primitives.fair_scheduler import current_work, give_turns

# A counterparty with 200 owners and all their aliases has fewer bytes.
MAX_LINE_BYTES = 1_000_000
_STORED_AT_ONCE = 1_000
# Of more faulty lines than these only the number is told.
_MOST_FAULTS = 1_000


class FaultyLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line that was not taken."""

    line: int
    """Its number, from 1."""
    field: str
    """The field that is wrong; empty where the whole line is."""
    reason: str
    """What is wrong with it."""


class BulkAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What has become of counterparties that came in bulk."""

    received: int
    """Lines that were read."""
    changed: int
    """Counterparties that are new, or others than before: they are pending, and screened soon."""
    unchanged: int
    """Lines that say the same as what is kept, or as a later line."""
    refused: int
    """Lines that were not taken."""
    faults: tuple[FaultyLine, ...]
    """The first lines that were not taken, each with the reason."""


@post(
    COUNTERPARTIES_PATH,
    opt=needs("counterparties", change="counterparty.put"),
    operation_id="putCounterparties",
    request_max_body_size=None,
    responses=problem_responses(BAD_REQUEST, *BODY_REFUSED, TOO_MANY, UNAVAILABLE),
    summary="Watch many counterparties",
    tags=["Counterparties"],
    status_code=HTTP_200_OK,
)
async def put_counterparties(
    request: TypedRequest, counterparties: TheCounterparties
) -> BulkAnswer:
    """Register counterparties, or change them: NDJSON, one a line, each with its `id`.

    They are stored as they come, a thousand at a time, and each is `pending` until it has been
    screened. A line that cannot be read is refused, and the others are taken. Sending the same
    file again changes nothing.
    """
    if media_type_of(request.scope) != NDJSON.encode():
        detail = f"the body must be {NDJSON}: a counterparty with its `id` on each line"
        raise HTTPException(status_code=HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail=detail)
    taking = BulkLines(counterparties)
    expander, begun = expander_of(request.scope), bytearray()
    if (work := current_work()) is not None:
        work.stream()
    async for data in request.stream():
        for piece in expander.expand(data):
            begun += piece
            *lines, rest = begun.split(b"\n")
            for line in lines:
                await taking.take(bytes(line))
            begun = bytearray(rest)
            if len(begun) > MAX_LINE_BYTES:
                reason = f"line {taking.received + 1} is longer than {MAX_LINE_BYTES:,} bytes"
                raise BadInputError("body", reason)
        if work is not None:
            work.has_moved = True
    expander.check_end()
    await taking.take(bytes(begun))
    return await taking.end()


class BulkLines:
    """Takes counterparties line by line, and stores some at a time."""

    def __init__(self, counterparties: CounterpartyDesk) -> None:
        """Take where they are stored."""
        self.received = 0
        self._desk = counterparties
        self._line = 0
        self._changed = 0
        self._refused = 0
        self._faults = list[FaultyLine]()
        self._waiting = dict[str, WatchedCounterparty]()

    async def take(self, line: bytes) -> None:
        """Take the next line; one without anything on it says nothing."""
        self._line += 1
        if not line.strip():
            return
        await give_turns()
        self.received += 1
        try:
            given = await read_json(line, WatchedCounterparty)
            if given.id is None:
                raise BadInputError("id", "is missing")  # noqa: TRY301 - a fault of this line
            watched, _ = self._desk.accepted(given.id, given)
            await self._desk.check_id(given.id)
        except BadInputError as error:
            self._refuse(error.field, error.reason)
            return
        except ValidationException as error:
            self._refuse("", error.detail)
            return
        self._waiting[given.id] = watched
        if len(self._waiting) >= _STORED_AT_ONCE:
            await self._store()

    async def end(self) -> BulkAnswer:
        """Store the last ones, and say what has become of all."""
        await self._store()
        return BulkAnswer(
            received=self.received,
            changed=self._changed,
            unchanged=self.received - self._changed - self._refused,
            refused=self._refused,
            faults=tuple(self._faults),
        )

    def _refuse(self, field: str, reason: str) -> None:
        self._refused += 1
        if len(self._faults) < _MOST_FAULTS:
            self._faults.append(FaultyLine(line=self._line, field=field, reason=reason))

    async def _store(self) -> None:
        if not self._waiting:
            return
        some, self._waiting = tuple(self._waiting.values()), {}
        self._changed += await self._desk.put_all(some)


ROUTES = (put_counterparties,)
