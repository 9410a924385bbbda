"""The measures, and one measure: what it does, how it stands, and what happened to it."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from http import HTTPStatus
from typing import get_args

import msgspec
from litestar import get
from litestar.response import Template

from service.model.on_day import MeasureOnDay
from service.model.status import BITES, StatusWord
from service.web.address import Fault, read_clocks, text_of
from service.web.frame import Frame
from service.web.pages import AnyRequest, TheDesk, page
from service.wording import plain_glance, sentence


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """One value of a filter, with how many measures have it."""

    value: str
    text: str
    count: int


class Authority(msgspec.Struct, frozen=True, kw_only=True):
    """The measures of one authority, those that bite first."""

    jurisdiction: str
    name: str
    measures: tuple[tuple[MeasureOnDay, str], ...]


class MeasureIndex(msgspec.Struct, frozen=True, kw_only=True):
    """The page of all measures: what was filtered for, the choices, and what is left.

    `moving` are those worth a look, where nothing is filtered for.
    """

    text: str
    authority: str
    status: str
    authorities: tuple[Choice, ...]
    statuses: tuple[Choice, ...]
    moving: tuple[tuple[MeasureOnDay, str], ...]
    groups: tuple[Authority, ...]
    is_filtered: bool
    shown: int
    total: int


@get("/measures", include_in_schema=False)
async def measure_index(request: AnyRequest, desk: TheDesk) -> Template:
    """Every measure of the register with its status on the day."""
    given = request.query_params
    clocks, faults = read_clocks(given)
    text, authority, status = (text_of(given, name) for name in ("text", "authority", "status"))
    now = desk.now()
    every = desk.board.every(desk.board.register.measures, clocks.days(now))
    if status and status not in get_args(StatusWord):
        faults = (*faults, Fault(field="status", text=f"“{status[:40]}” is no status."))
        status = ""
    shown = [each for each in every if _is_wanted(each, text, authority, status)]
    asked = (("text", text), ("authority", authority), ("status", status))
    frame = Frame(
        title="Measures",
        path="/measures",
        section="/measures",
        now=now,
        clocks=clocks,
        query=tuple(pair for pair in asked if pair[1]),
        faults=faults,
    )
    content = MeasureIndex(
        text=text,
        authority=authority,
        status=status,
        authorities=_choices(each.authority for each in every),
        statuses=_statuses(each.status for each in every),
        moving=() if frame.query else _moving(shown),
        groups=_groups(shown),
        is_filtered=bool(frame.query),
        shown=len(shown),
        total=len(every),
    )
    return page(
        "measures.html", frame, content, HTTPStatus.BAD_REQUEST if faults else HTTPStatus.OK
    )


def _is_wanted(measure: MeasureOnDay, text: str, authority: str, status: str) -> bool:
    words = f"{measure.title} {measure.citation} {measure.id} {measure.plain or ''}".casefold()
    return (
        all(word in words for word in text.casefold().split())
        and authority in {"", measure.authority}
        and status in {"", measure.status}
    )


def _choices(values: Iterable[str]) -> tuple[Choice, ...]:
    return tuple(
        Choice(value=value, text=value, count=count)
        for value, count in sorted(Counter(values).items())
    )


def _statuses(words: Iterable[StatusWord]) -> tuple[Choice, ...]:
    return tuple(
        Choice(value=word, text=plain_glance(word), count=count)
        for word, count in Counter(words).most_common()
    )


def _groups(measures: Iterable[MeasureOnDay]) -> tuple[Authority, ...]:
    by_authority: dict[tuple[str, str], list[MeasureOnDay]] = {}
    for each in measures:
        by_authority.setdefault((each.jurisdiction, each.authority), []).append(each)
    return tuple(
        Authority(
            jurisdiction=jurisdiction,
            name=name,
            measures=tuple((each, sentence(each)) for each in sorted(of_it, key=_bites_first)),
        )
        for (jurisdiction, name), of_it in sorted(by_authority.items())
    )


def _moving(measures: Iterable[MeasureOnDay]) -> tuple[tuple[MeasureOnDay, str], ...]:
    """What is neither plainly in force nor plainly over, or is about to change; that first."""
    moving = [
        each
        for each in measures
        if each.next_change_on is not None or each.status not in {"in_force", "ended", "unknown"}
    ]
    moving.sort(key=lambda each: (each.next_change_on or date.max, each.status, each.title))
    return tuple((each, sentence(each)) for each in moving)


def _bites_first(measure: MeasureOnDay) -> tuple[bool, str]:
    return measure.status not in BITES, measure.title.casefold()
