"""One line a counterparty of a spreadsheet: what needs a look, and the badge that says why."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from types import MappingProxyType
from typing import Literal

import msgspec

from service.model.status import BITES
from service.sheet import EvidenceRow
from service.web.address import Clocks, link
from service.web.asked import NOT_STATED
from service.web.badges import SHAPES, Shape
from service.wording.numbers import plural
from service.wording.titles import list_title

Outcome = Literal["hits", "owner_hits", "unreadable", "incomplete", "no_hits"]
OUTCOMES: Mapping[Outcome, str] = MappingProxyType(
    {
        "hits": "With hits",
        "owner_hits": "Only an owner",
        "unreadable": "Unreadable",
        "incomplete": "Cannot say",
        "no_hits": "Nothing found",
    }
)
"""In the order in which they need a look."""
_ORDER: tuple[Outcome, ...] = tuple(OUTCOMES)
# More lists than a line has room for.
_MOST_LISTS = 3
_SHAPES: dict[str, Shape] = {**SHAPES}
_BITES: frozenset[str] = BITES


class ResultLine(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the table and what was found of it.

    `place` sorts: what needs a look first. `shape` and `badge` are those of the most telling
    measure, `own_day` the day of that status where it is not the day of the answer. `found` says
    which listings, `href` leads to the card. `measures` are the ids of all measures behind its
    hits.
    """

    place: str
    row: int
    id: str | None
    name: str
    outcome: Outcome
    score: float | None
    shape: Shape | None
    badge: str | None
    own_day: str | None
    found: str
    measures: tuple[str, ...]
    href: str | None


def lines_of(rows: Iterable[EvidenceRow], clocks: Clocks) -> tuple[ResultLine, ...]:
    """The lines of evidence rows, in the order of the table; `clocks` show the same on a card."""
    return tuple(
        _line(list(group), clocks)
        for _, group in groupby(rows, key=lambda row: (row.row, row.counterparty))
    )


def _line(rows: Sequence[EvidenceRow], clocks: Clocks) -> ResultLine:
    first = rows[0]
    outcome = _outcome(first)
    telling = [each for each in rows if each.kind in {"hit", "owner"}]
    best = min(telling, key=_need) if telling else first
    status = best.status if telling else None
    return ResultLine(
        place=_place(outcome, best, first.row or 0),
        row=first.row or 0,
        id=first.counterparty_id,
        name=first.counterparty,
        outcome=outcome,
        score=best.score,
        shape=_shape(telling, status),
        own_day=best.own_day if telling else None,
        badge=(best.badge or "Status not on record — treat as restricted") if telling else None,
        found=_found(outcome, telling, first),
        measures=tuple(dict.fromkeys(each.measure_id for each in rows if each.measure_id)),
        href=None if outcome == "unreadable" else _href(first, telling, clocks),
    )


def _outcome(first: EvidenceRow) -> Outcome:
    """Its outcome; a word that is none of ours is a mistake."""
    return next(word for word in _ORDER if word == first.outcome)


def _need(row: EvidenceRow) -> tuple[bool, float, bool]:
    """What a look is needed for first: a party itself, its best name, what bites."""
    return row.kind != "hit", -(row.score or 0.0), row.status not in _BITES | {None}


def _place(outcome: Outcome, best: EvidenceRow, row: int) -> str:
    order = _ORDER.index(outcome)
    bites = best.status is None or best.status in _BITES
    return f"{order}{int(not bites)}{1 - (best.score or 0.0):.4f}{row:09d}"


def _shape(telling: Sequence[EvidenceRow], status: str | None) -> Shape | None:
    if not telling:
        return None
    return "unknown" if status is None else _SHAPES[status]


def _found(outcome: Outcome, telling: Sequence[EvidenceRow], first: EvidenceRow) -> str:
    if outcome == "unreadable":
        return first.reason or "cannot be read"
    lists = dict.fromkeys(list_title(each.list or "") for each in telling)
    listings = {each.listing_id for each in telling}
    if not telling:
        doubt = ", but a listed party may be missed" if outcome == "incomplete" else ""
        return f"nothing found{doubt}"
    names = ", ".join(list(lists)[:_MOST_LISTS])
    more = "" if len(lists) <= _MOST_LISTS else f" and {len(lists) - _MOST_LISTS} more lists"
    return f"{plural(len(listings), 'listing')}: {names}{more}"


def _href(first: EvidenceRow, telling: Sequence[EvidenceRow], clocks: Clocks) -> str:
    """The card on the same days, with the owners that were found; their shares no row tells."""
    query = [("name", first.counterparty)]
    for owner in dict.fromkeys(each.owner for each in telling if each.kind == "owner"):
        query += [("owner", owner or ""), ("share", NOT_STATED)]
    return link("/", [*query, *clocks.query()])
