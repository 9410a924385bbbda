"""Why an answer is incomplete, and the lists it rests on, in words."""

from collections.abc import Iterable
from datetime import date

import msgspec

from service.model.answer import Coverage, ListAnswer, ListCoverage
from service.model.edition import ListState
from service.web.dates import day
from service.wording.coverage import STATES, why_incomplete
from service.wording.numbers import plural
from service.wording.titles import list_title


class ListShown(msgspec.Struct, frozen=True, kw_only=True):
    """A list as it was searched, in a line of a table."""

    title: str
    code: str
    state: ListState
    word: str
    edition: str
    age: str
    limit: str
    reason: str | None


class CoverageShown(msgspec.Struct, frozen=True, kw_only=True):
    """How complete an answer is: `short` for its first line, `why` as sentences below."""

    is_complete: bool
    short: str
    why: tuple[str, ...]
    lists: tuple[ListShown, ...]
    usable: int
    old: int
    total: int
    missing: tuple[str, ...]


def coverage_shown(coverage: Coverage, as_of: date) -> CoverageShown:
    """The state of the lists in words."""
    missing = tuple(list_title(each.code) for each in _of(coverage.lists, "missing"))
    return CoverageShown(
        is_complete=coverage.complete,
        short="Complete answer"
        if coverage.complete
        else f"Incomplete answer ({_short(coverage)})",
        why=why_incomplete(coverage, as_of),
        lists=tuple(map(_list, coverage.lists)),
        usable=len(coverage.lists) - len(missing),
        old=len(_of(coverage.lists, "too_old")),
        total=len(coverage.lists),
        missing=missing,
    )


def lists_in_words(lists: Iterable[ListAnswer]) -> str:
    """`25 of 27 lists are loaded; 24 of them are too old, and each answer says so.`."""
    states = [each.coverage.state for each in lists]
    loaded = len(states) - states.count("missing")
    if not loaded:
        return "Nothing can be searched yet: no list has been loaded. Load one: “abeyance load”."
    told = f"{loaded} of {plural(len(states), 'list')} are loaded"
    old = loaded - states.count("fresh")
    return f"{told}; {old} of them are not fresh, and each answer says so." if old else f"{told}."


def _of(lists: Iterable[ListCoverage], state: ListState) -> list[ListCoverage]:
    return [each for each in lists if each.state == state]


def _short(coverage: Coverage) -> str:
    states: frozenset[ListState] = frozenset(each.state for each in coverage.lists)
    words: list[tuple[ListState, str]] = [
        ("missing", "lists missing"),
        ("in_part", "lists in part"),
        ("too_old", "old lists"),
        ("edition_later", "lists later than the day"),
        ("kept", "newer files refused"),
        ("undated", "lists without a day"),
    ]
    lost = ["database out of sight"] if coverage.reasons else []
    told = [*lost, *(text for state, text in words if state in states)]
    return ", ".join(told) or "not all lists are fresh"


def _list(covered: ListCoverage) -> ListShown:
    return ListShown(
        title=list_title(covered.code),
        code=covered.code,
        state=covered.state,
        word=STATES[covered.state],
        edition=day(covered.published_on),
        age="—" if covered.age_days is None else plural(covered.age_days, "day"),
        limit="none" if covered.max_age_days is None else plural(covered.max_age_days, "day"),
        reason=covered.reason,
    )
