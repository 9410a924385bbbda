"""The register of measures as it is shipped, and as a database holds it."""

from datetime import datetime

import msgspec

from service.model.measure import Measure

# What the id of an operator's event begins with; no shipped event's does.
OPERATOR_PREFIX = "own-"


class ShippedRegister(msgspec.Struct, frozen=True, kw_only=True):
    """The measures that come with the program.

    `revision` counts the lines of their ledger: it only ever grows, so of two programs the one
    with the higher revision knows all that the other does.
    """

    revision: int
    measures: tuple[Measure, ...]


class RegisterMark(msgspec.Struct, frozen=True, kw_only=True):
    """Which register a database holds; `changed` grows with every change to it."""

    revision: int
    changed: int


class StoredMeasure(msgspec.Struct, frozen=True, kw_only=True):
    """A measure without its events, as JSON, with the digest of what was stored."""

    measure_id: str
    body: str
    digest: str


class StoredEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event as JSON, without the fields that stand beside it here."""

    measure_id: str
    event_id: str
    origin: str
    body: str
    digest: str
    recorded_at: datetime | None = None
    recorded_by: str | None = None
    retracted_at: datetime | None = None
    retracted_because: str | None = None
    stored_at: datetime | None = None


class StoredRegister(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a database holds of the register, of one moment.

    `measures` by id, `events` in the order in which they were stored.
    """

    mark: RegisterMark
    measures: tuple[StoredMeasure, ...]
    events: tuple[StoredEvent, ...]
