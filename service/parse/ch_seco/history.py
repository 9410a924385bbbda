"""When a target of the Swiss list was put on it and taken off."""

from collections.abc import Iterator, Sequence
from datetime import date

import msgspec

from service.parse.ch_seco.elements import category
from service.parse.days import read_day
from service.parse.elements import ElementRow

_CHANGES = {"listed": "listed", "amended": "amended", "de-listed": "de-listed"}
_DAYS = ("effective-date", "enactment-date", "publication-date")


class Standing(msgspec.Struct, frozen=True):
    """The day its listing took effect, and that from which it is off the list, if it is."""

    listed_on: date | None
    delisted_on: date | None


class _Change(msgspec.Struct, frozen=True):
    kind: str
    on: date | None


def standing_of(target: ElementRow) -> Standing:
    """What the modifications of a target, of which the file keeps all, come to.

    It is off the list where the newest of them is `de-listed`, and from that day on. The newest
    is the one with the latest day, and among those of one day the first printed; the order alone
    does not tell, as some were printed out of it. `listed_on` is the first `listed` after the
    last time that it was off the list.

    Raises:
        RowRefusedError: an unknown kind of modification, or a day that cannot be read.
    """
    changes = _by_age([_change(row) for row in target.rows("modification")])
    listed_on, is_on = None, False
    for change in changes:
        if change.kind == "listed" and not is_on:
            listed_on, is_on = change.on, True
        elif change.kind == "de-listed":
            is_on = False
    is_off = bool(changes) and changes[-1].kind == "de-listed"
    return Standing(listed_on, changes[-1].on if is_off else None)


def _by_age(printed: Sequence[_Change]) -> list[_Change]:
    """The changes, oldest first; printed is the newest first. One without a day stays in place."""
    return sorted(_dated(printed[::-1]), key=lambda change: change.on or date.min)


def _dated(changes: Sequence[_Change]) -> Iterator[_Change]:
    before = None
    for change in changes:
        before = change.on or before
        yield _Change(change.kind, before)


def _change(row: ElementRow) -> _Change:
    kind = category(row, "modification-type", _CHANGES)
    days = [read_day(row.where, name, row.attribute(name)) for name in _DAYS]
    # What it added and took away is in the target as it stands.
    row.close("added", "removed")
    return _Change(kind, next((day for day in days if day is not None), None))
