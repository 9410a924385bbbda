"""Why an answer is incomplete, and the lists it rests on, in words."""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType

import msgspec

from service.model.answer import Coverage, ListAnswer, ListCoverage
from service.model.edition import ListState
from service.web.dates import count, day, plural
from service.web.titles import list_title

_WORDS: Mapping[ListState, str] = MappingProxyType(
    {
        "fresh": "fresh",
        "too_old": "too old",
        "undated": "no day known",
        "edition_later": "later than the day asked about",
        "kept": "kept: the newer file was refused",
        "missing": "missing",
    }
)
_MOST_NAMED = 5


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
    states: frozenset[ListState] = frozenset(each.state for each in coverage.lists)
    missing = tuple(list_title(each.code) for each in _of(coverage.lists, "missing"))
    return CoverageShown(
        is_complete=coverage.complete,
        short="Complete answer" if coverage.complete else f"Incomplete answer ({_short(states)})",
        why=tuple(_why(coverage.lists, missing, as_of)),
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


def _short(states: frozenset[ListState]) -> str:
    words: list[tuple[ListState, str]] = [
        ("missing", "lists missing"),
        ("too_old", "old lists"),
        ("edition_later", "lists later than the day"),
        ("kept", "newer files refused"),
        ("undated", "lists without a day"),
    ]
    told = [text for state, text in words if state in states]
    return ", ".join(told) or "not all lists are fresh"


def _why(lists: Iterable[ListCoverage], missing: tuple[str, ...], as_of: date) -> Iterable[str]:
    lists = tuple(lists)
    old = _of(lists, "too_old")
    if old:
        youngest = min(old, key=lambda each: each.age_days or 0)
        which = "it was" if len(old) == 1 else "the newest of them was"
        yield (
            f"{plural(len(old), 'list is', 'lists are')} too old: {which} last "
            f"confirmed {_age(youngest)} before {day(as_of)} (limit "
            f"{plural(youngest.max_age_days or 0, 'day')}); later listings are not seen."
        )
    if missing:
        yield f"{_named(missing)} {'was' if len(missing) == 1 else 'were'} never loaded."
    later = _of(lists, "edition_later")
    if later:
        yield (
            f"{plural(len(later), 'list was', 'lists were')} read from an edition later than "
            f"{day(as_of)}: parties that left it before are not seen."
        )
    kept = [list_title(each.code) for each in _of(lists, "kept")]
    if kept:
        yield f"A newer file of {_named(kept)} was refused; the edition before it was searched."
    undated = [list_title(each.code) for each in _of(lists, "undated")]
    if undated:
        yield f"The day of {_named(undated)} is not known."


def _named(titles: Iterable[str]) -> str:
    titles = tuple(titles)
    if len(titles) > _MOST_NAMED:
        return f"{', '.join(titles[:_MOST_NAMED])} and {count(len(titles) - _MOST_NAMED)} more"
    return " and ".join(filter(None, (", ".join(titles[:-1]), titles[-1])))


def _age(covered: ListCoverage) -> str:
    return plural(covered.age_days or 0, "day")


def _list(covered: ListCoverage) -> ListShown:
    return ListShown(
        title=list_title(covered.code),
        code=covered.code,
        state=covered.state,
        word=_WORDS[covered.state],
        edition=day(covered.published_on),
        age="—" if covered.age_days is None else plural(covered.age_days, "day"),
        limit="none" if covered.max_age_days is None else plural(covered.max_age_days, "day"),
        reason=covered.reason,
    )
