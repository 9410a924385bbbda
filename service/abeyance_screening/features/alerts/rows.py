"""Alerts as a person reads them: what happened, and what changed in the words."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from difflib import SequenceMatcher
from types import MappingProxyType

import msgspec

from abeyance_screening.engine.measures.status_table import STATUSES
from abeyance_screening.engine.wording.shapes import Badge, plain_badge_of
from abeyance_screening.engine.wording.titles import list_title
from abeyance_screening.features.alerts.store import Alert
from abeyance_screening.platform.events import EventType, WatchedEvent
from abeyance_screening.platform.pages.cards import MarkedText
from abeyance_screening.primitives.days import plural

HAPPENED: Mapping[EventType, str] = MappingProxyType(
    {
        "hit.new": "New hit.",
        "hit.changed": "The entry changed.",
        "hit.gone": "The hit is gone.",
        "measure.suspended": "Suspended.",
        "measure.eased": "Eased by a licence.",
        "measure.lapsed": "Ran out.",
        "measure.in_force": "In force.",
        "measure.ended": "Ended.",
        "measure.coming": "A change is near.",
        "coverage.incomplete": "A list was not read.",
        "coverage.restored": "A list is read again.",
        "scorer.changed": "Scores changed.",
        "judgement.reopened": "Decision reopened.",
        "rescreened": "All answered again.",
        "webhook.test": "A test.",
        "webhook.disabled": "A webhook is off.",
    }
)
"""What happened, before what it means."""
# Beside a shape of the law there is none: signs that are read out as words.
_SIGNS: Mapping[EventType, str] = MappingProxyType({"hit.new": "+", "judgement.reopened": "↺"})
_WORD = re.compile(r"\s+|[^\s]+")


def counterparties_in_words(number: int) -> str:
    """Write `1 counterparty` or `300 counterparties`."""
    return plural(number, "counterparty", "counterparties")


class AlertRow(msgspec.Struct, frozen=True, kw_only=True):
    """An alert in the inbox; `before` and `after` are its two statuses, None where it has none."""

    alert: int
    newest: int
    changes: int
    who: str
    counterparty: str | None
    at: datetime
    sign: str
    before: Badge | None
    after: Badge | None
    happened: str
    means: str
    assigned: str
    is_here: bool
    is_of_several: bool


class ChangeRow(msgspec.Struct, frozen=True, kw_only=True):
    """One of several changes that an alert is about."""

    who: str
    counterparty: str | None
    means: str


class AlertDetail(msgspec.Struct, frozen=True, kw_only=True):
    """An alert beside the inbox: how it was, and how it is with the new words marked."""

    row: AlertRow
    before: tuple[MarkedText, ...]
    after: tuple[MarkedText, ...]
    changes: tuple[tuple[str, str, str], ...]
    listing: str | None
    listing_name: str
    list_title: str
    measure: str | None


def alert_row(alert: Alert, here: int | None) -> AlertRow:
    """Return an alert for the inbox; `here` is the alert that is shown beside it."""
    data = alert.data
    before, after = _statuses(alert)
    return AlertRow(
        alert=alert.id,
        newest=alert.newest,
        changes=alert.changes,
        who=data.counterparty_name or alert.counterparty or _about(alert),
        counterparty=alert.counterparty,
        at=alert.at,
        sign=_SIGNS.get(alert.type, ""),
        before=before,
        after=after,
        happened=HAPPENED[alert.type],
        means=_means(alert) + f", and {alert.changes - 1:,} more" * (alert.changes > 1),
        assigned=alert.assigned_to or "",
        is_here=alert.id == here,
        is_of_several=alert.counterparties > 1,
    )


def change_row(event: WatchedEvent) -> ChangeRow:
    """Return a change for the table of those that an alert is about."""
    who = event.data.counterparty_name or event.counterparty or ""
    return ChangeRow(who=who, counterparty=event.counterparty, means=_means(event))


def _means(told: Alert | WatchedEvent) -> str:
    """Return what an alert means in a line: of a hit who is listed where, else how it is now."""
    listing = told.data.listing
    if listing is not None and told.type.startswith(("hit.", "judgement.")):
        changed = ", ".join(dict.fromkeys(_field(each.field) for each in told.data.changes))
        where = f"{listing.name or listing.listing_id}, {list_title(listing.list_code)}"
        return f"{where}: {changed}" if changed else where
    return told.data.after or told.data.before or ""


def alert_detail(alert: Alert) -> AlertDetail:
    """Return an alert with what changed in it."""
    data = alert.data
    before, after = marked(data.before or "", data.after or "")
    listing = data.listing
    return AlertDetail(
        row=alert_row(alert, alert.id),
        before=before,
        after=after,
        changes=tuple(
            (_field(each.field), each.before or "none", each.after or "none")
            for each in data.changes
        ),
        listing=None if listing is None else listing.listing_id,
        listing_name="" if listing is None else listing.name or listing.listing_id,
        list_title="" if listing is None else list_title(listing.list_code),
        measure=data.measure,
    )


def marked(before: str, after: str) -> tuple[tuple[MarkedText, ...], tuple[MarkedText, ...]]:
    """Return two texts in pieces, those marked that the other one does not have."""
    one, other = _WORD.findall(before), _WORD.findall(after)
    old, new = list[MarkedText](), list[MarkedText]()
    for kind, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        is_marked = kind != "equal" and bool(before) and bool(after)
        old.extend(_piece(one[a:b], is_marked=is_marked))
        new.extend(_piece(other[c:d], is_marked=is_marked))
    return tuple(old), tuple(new)


def _piece(words: Sequence[str], *, is_marked: bool) -> Iterator[MarkedText]:
    if words:
        yield MarkedText(text="".join(words), is_marked=is_marked)


def _about(alert: Alert) -> str:
    if alert.counterparties:
        return counterparties_in_words(alert.counterparties)
    code = alert.data.cause.list_code
    return "All counterparties" if code is None else list_title(code)


def _statuses(alert: Alert) -> tuple[Badge | None, Badge | None]:
    for each in alert.data.changes:
        if each.field == "status":
            return _badge(each.before), _badge(each.after)
    return None, None


def _badge(word: str | None) -> Badge | None:
    return next((plain_badge_of(each) for each in STATUSES if each == word), None)


def _field(name: str) -> str:
    return name.partition(".")[0].replace("_", " ")


class AlertGroup(msgspec.Struct, frozen=True, kw_only=True):
    """Alerts under one heading."""

    heading: str
    rows: tuple[AlertRow, ...]


def grouped(rows: Iterable[AlertRow], today: date) -> tuple[AlertGroup, ...]:
    """Return the alerts under headings: those of today, older ones, and those of lists."""
    of_lists, new, older = list[AlertRow](), list[AlertRow](), list[AlertRow]()
    for each in rows:
        if each.counterparty is None and not each.is_of_several:
            of_lists.append(each)
        elif each.at.date() >= today:
            new.append(each)
        else:
            older.append(each)
    groups = ("Today", new), ("Older", older), ("Lists and all counterparties", of_lists)
    return tuple(AlertGroup(heading=each, rows=tuple(some)) for each, some in groups if some)
