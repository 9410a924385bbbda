"""The search form's choices, and the days worth a look."""

from collections.abc import Iterable
from datetime import date

import msgspec

from service.flow.coverage import codes_of
from service.flow.desk import Desk
from service.match import DEFAULT_THRESHOLD
from service.web.asked import END_USES, ENTITY_TYPES, OWNER_ROWS, OwnerGiven, View
from service.web.dates import day
from service.web.frame import Frame
from service.web.rows import Row, changes_of
from service.wording.titles import list_title

_MOST_CHIPS = 7


class Chip(msgspec.Struct, frozen=True, kw_only=True):
    """A day worth a look: a link to the same page on it."""

    text: str
    href: str
    is_chosen: bool


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """One choice of a field."""

    value: str
    text: str
    is_chosen: bool


class SearchForm(msgspec.Struct, frozen=True, kw_only=True):
    """What the form shows: what was typed, and the choices."""

    view: View
    lists: tuple[Option, ...]
    types: tuple[Option, ...]
    end_uses: tuple[Option, ...]
    owners: tuple[OwnerGiven, ...]
    default_threshold: str
    filters_on: int


def form_of(view: View, desk: Desk) -> SearchForm:
    """The form as it was filled in, with a few empty rows for owners."""
    free = max(1, OWNER_ROWS - len(view.owners))
    empty = (OwnerGiven(name="", share=""),) * free
    return SearchForm(
        view=view,
        lists=_options(
            ((code, list_title(code)) for code in codes_of(desk.current.get().lists)), view.lists
        ),
        types=_options(ENTITY_TYPES, (view.entity_type,)),
        end_uses=_options(END_USES, (view.end_use,)),
        owners=(*view.owners, *empty),
        default_threshold=f"{DEFAULT_THRESHOLD:.2f}",
        filters_on=view.filters_on,
    )


def chips_of(rows: Iterable[Row], frame: Frame) -> tuple[Chip, ...]:
    """Today, and the days nearest to it on which a row's status changes, the newest first.

    Today has its own chip; a change on the UTC day has one beside it while that is not today for
    every authority.
    """
    nearest = sorted(changes_of(rows), key=lambda each: abs((each - frame.today).days))
    is_one_day = not frame.days_now.as_of_by
    today = {frame.today} if is_one_day else set[date]()
    days = sorted({*nearest[:_MOST_CHIPS]} - today, reverse=True)
    return (
        _chip(None, frame),
        *(_chip(each, frame) for each in days),
    )


def _chip(on: date | None, frame: Frame) -> Chip:
    return Chip(
        text="Today" if on is None else day(on),
        href=frame.on(on),
        is_chosen=_is_chosen(on, frame),
    )


def _is_chosen(on: date | None, frame: Frame) -> bool:
    days = frame.days
    if on is None:
        return (days.as_of, days.as_of_by) == (frame.today, frame.days_now.as_of_by)
    return days.as_of == on and not days.as_of_by


def _options(pairs: Iterable[tuple[str, str]], chosen: tuple[str, ...]) -> tuple[Option, ...]:
    return tuple(
        Option(value=value, text=text, is_chosen=value in chosen) for value, text in pairs
    )
