"""Events: what has changed in the answers that an account watches, each change once."""

import hashlib
from datetime import date, datetime
from typing import Literal, cast, get_args

import msgspec

from abeyance_screening.engine.screening.watched.differences import FieldChange as FieldChange

EventType = Literal[
    "hit.new",
    "hit.changed",
    "hit.gone",
    "measure.suspended",
    "measure.eased",
    "measure.lapsed",
    "measure.in_force",
    "measure.ended",
    "measure.coming",
    "coverage.incomplete",
    "coverage.restored",
    "scorer.changed",
    "judgement.reopened",
    "rescreened",
    "webhook.test",
    "webhook.disabled",
]
"""What happened. `hit.new`, `hit.changed` and `hit.gone`: a listing is a hit, another in some
field, or none any more. `measure.suspended`, `measure.eased`, `measure.lapsed`, `measure.in_force`
and `measure.ended`: a measure that reaches a hit has that status now; `measure.coming`: its status
will change on a known day. `coverage.incomplete` and `coverage.restored`: a required list is not
fresh, or is again. `scorer.changed`: another release of the scorer changed answers.
`judgement.reopened`: a decision no longer holds. `rescreened`: all counterparties are answered by
a new edition or day. `webhook.test` and `webhook.disabled` are about a webhook. Take types that
you do not know."""
EVENT_TYPES: tuple[EventType, ...] = cast("tuple[EventType, ...]", get_args(EventType))

_NO_ALERTS: frozenset[EventType] = frozenset({"rescreened", "webhook.test"})
ALERT_TYPES: tuple[EventType, ...] = tuple(each for each in EVENT_TYPES if each not in _NO_ALERTS)
"""The events that a person works through; the others only say that all is answered."""

type CauseKind = Literal[
    "edition", "register", "day", "scorer", "counterparty", "judgement", "coverage", "webhook"
]
"""What kind of change an event comes from: a new `edition` of a list, an event of the `register`,
a `day` that turned, another release of the `scorer`, a changed `counterparty`, a `judgement`, the
`coverage` of lists, or a `webhook` that was tested or turned off."""


class EventCause(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The change that an event comes from."""

    kind: CauseKind
    list_code: str | None = None
    """The list whose edition it was."""
    edition: int | None = None
    """Number of that edition."""
    on: date | None = None
    """The day from which on the answer is as it is now."""


class EventListing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The entry of a list that an event is about."""

    list_code: str
    """The list."""
    listing_id: str
    """The list's own id of the entry."""
    name: str | None = None
    """Its name, which may be that of a person."""


class EventData(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What has changed, in a person's words and in fields."""

    cause: EventCause
    """The change that it comes from."""
    before: str | None = None
    """How it was, in words."""
    after: str | None = None
    """How it is now, in words."""
    changes: tuple[FieldChange, ...] = ()
    """The fields that have changed."""
    counterparty_name: str | None = None
    """Name of the counterparty."""
    listing: EventListing | None = None
    """The entry of a list that it is about."""
    measure: str | None = None
    """Id of the measure that it is about."""
    count: int | None = None
    """How many counterparties it is about, where it is a summary."""


class WatchedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One change of what an account watches."""

    id: int
    """Number of the event. It grows: those of one account are in the order of their changes."""
    type: EventType
    at: datetime
    """When it was noticed, in UTC."""
    counterparty: str | None
    """Your own id of the counterparty; null where it is about none."""
    data: EventData
    """What has changed, in words and in fields."""


class AccountEvent(WatchedEvent, frozen=True, kw_only=True):
    """An event with the account whose it is."""

    account: str


class NewEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event to be added. `dedup_key` names the change, within the account."""

    account: str
    dedup_key: str
    type: EventType
    at: datetime
    counterparty: str | None
    data: EventData

    @property
    def cause(self) -> str | None:
        """A digest of what brought it; events with the same one are one alert. None for no alert.

        It is one edition, one turn of the day or one release of the scorer, of a measure if it is
        about one, or one change of one counterparty. Of all else each event has its own.
        """
        if self.type not in ALERT_TYPES:
            return None
        cause = self.data.cause
        match cause.kind:
            case "edition" | "register" | "day" | "scorer":
                about: object = (cause, self.data.measure)
            case "counterparty":
                about = (cause, self.counterparty, self.at)
            case _:
                about = self.dedup_key
        return hashlib.sha256(msgspec.json.encode((self.type, about))).hexdigest()


# Fields of listings and counterparties whose text may be that of a person.
_PERSONAL_FIELDS = frozenset({"name", "names", "identifiers", "addresses", "birth_dates"})


def without_names(data: EventData) -> EventData:
    """Return what an event says without names, words or anything else that tells of a person.

    The ids, the measure, the kinds of the fields that changed and those of the law remain.
    """
    listing = data.listing
    return msgspec.structs.replace(
        data,
        before=None,
        after=None,
        changes=tuple(
            msgspec.structs.replace(each, before=None, after=None)
            if each.field in _PERSONAL_FIELDS
            else each
            for each in data.changes
        ),
        counterparty_name=None,
        listing=None if listing is None else msgspec.structs.replace(listing, name=None),
    )
