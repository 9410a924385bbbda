"""The coverage of an answer in a sentence: which lists it rests on, and which it does not."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import get_args

import msgspec

from abeyance_screening.engine.lists.catalogue import LIST_BY_CODE
from abeyance_screening.engine.lists.edition import ListState
from abeyance_screening.engine.lists.profile import BY_HAND, BY_QUESTION, DEFAULT
from abeyance_screening.engine.lists.titles import list_title
from abeyance_screening.engine.screening.answer import (
    Coverage,
    ListCoverage,
    ListNamed,
    ListRole,
)
from abeyance_screening.primitives.days import (
    count,
    day_in_words,
    days_from,
    plural,
)


class _StateText(msgspec.Struct, frozen=True):
    """A state of a list: the word for it in a table, and what such a list is, in a sentence."""

    word: str
    what: str


def _state_text(state: ListState) -> _StateText:
    match state:
        case "fresh":
            words = ("fresh", "up to date")
        case "too_old":
            words = ("too old", "too old")
        case "undated":
            words = ("of unknown age", "of unknown age")
        case "edition_later":
            words = ("later than the day asked about", "known only from a later edition")
        case "in_part":
            words = ("in part", "read in part only")
        case "kept":
            what = "held at an earlier edition because a newer file was refused"
            words = ("kept: the new file was refused", what)
        case "missing":
            words = ("missing", "missing")
    return _StateText(*words)


_EVERY_STATE: tuple[ListState, ...] = get_args(ListState)
# In a sentence on several lists those without any edition come first.
GRAVEST_FIRST: tuple[ListState, ...] = tuple(
    each for each in reversed(_EVERY_STATE) if each != "fresh"
)
STATES: Mapping[ListState, str] = MappingProxyType(
    {state: _state_text(state).word for state in _EVERY_STATE}
)
# The sentence stays one line; all lists are in the table behind it.
_MOST_LISTS_NAMED = 3
_MOST_BESIDE = 2
# Time enough to bring a release or a bundle to an installation that changes once a month.
_TOLD_DAYS_BEFORE = 30
# The answers to one question, and to most others of a day, rest on the same coverage.
_KEPT = 64
_OWN = next(each for each in LIST_BY_CODE.values() if each.of_register)


@lru_cache(_KEPT)
def coverage_line(coverage: Coverage, as_of: date, today: date | None, *, found: bool) -> str:
    """Return in a sentence which lists an answer rests on, and which it does not.

    `No listing on 22 required lists, all read today; not covered: SAM Exclusions (never loaded).`
    `today` is the day of the question, None where it is not known; `found` whether there was a
    listing.
    """
    unreliable = unreliable_in_words(deciding(coverage))
    parts = [*filter(None, (*coverage.reasons, unreliable))]
    if not parts:
        searched = _searched(coverage.lists, as_of, today)
        joined = (", and " if found else ", nor on ").join(searched)
        parts = [f"{'Searched: ' if found else 'No listing on '}{joined}"]
    is_of_today = coverage.complete and as_of == today
    ends = register_ends(own_age(coverage.lists), today) if is_of_today else None
    line = "; ".join((*parts, *_policy(coverage), *_advisory_and_unsearched(coverage)))
    line = line if ends is None else f"{line}; {ends}"
    return f"{line[:1].upper()}{line[1:]}."


def own_age(lists: Iterable[ListCoverage]) -> int | None:
    """Return the age in days of the register's own list; None where it is not among these."""
    found = (each.age_days for each in lists if each.code == _OWN.code and each.state == "fresh")
    return next(found, None)


def register_ends(age_days: int | None, today: date | None) -> str | None:
    """Return until when answers can be complete, where that is less than a month away.

    After that the register's own list, of this age today, is too old, unless a release or a bundle
    brings a newer one. `complete until 3 Jan 2027 at most, unless …`.
    """
    if age_days is None or today is None or age_days <= _OWN.max_age_days - _TOLD_DAYS_BEFORE:
        return None
    last = days_from(today, _OWN.max_age_days - age_days)
    return (
        f"complete until {day_in_words(last)} at most, unless a newer release of Abeyance or a "
        "register bundle is taken up before"
    )


def _policy(coverage: Coverage) -> Iterator[str]:
    """Yield whether the answer is complete for the profiles chosen; nothing where none was."""
    if coverage.profile not in {None, DEFAULT, BY_HAND, BY_QUESTION}:
        word = "complete" if coverage.complete else "incomplete"
        yield f"{word} for {profiles_named((coverage.profile or '').split(','))}"


def profiles_named(names: Sequence[str]) -> str:
    """Name policies in a sentence: `the profiles us and eu`."""
    head = "the profiles" if len(names) > 1 else "the profile"
    return f"{head} {' and '.join(filter(None, (', '.join(names[:-1]), names[-1])))}"


def of_role(lists: Iterable[ListCoverage], role: ListRole) -> list[ListCoverage]:
    """Return the required lists of an answer, or the advisory ones."""
    return [each for each in lists if each.role == role]


def deciding(coverage: Coverage) -> Sequence[ListCoverage]:
    """Return the lists that decide whether an answer is complete: all where none is required."""
    return of_role(coverage.lists, "required") or coverage.lists


def unreliable_in_words(required: Sequence[ListCoverage]) -> str:
    """Return how many of these lists cannot be relied on, and why; empty where all can be.

    `1 of 26 required lists is too old (SDN List)`. Of more than three such lists those that are
    missing are named, as nothing of them was searched: `23 of 26 required lists are missing (EU
    Sanctions List, Swiss Sanctions List) or too old (21)`.
    """
    groups: list[tuple[ListState, list[ListCoverage]]] = [
        (state, of_it) for state in GRAVEST_FIRST if (of_it := in_state(required, state))
    ]
    doubtful = sum(len(of_it) for _, of_it in groups)
    if not doubtful:
        return ""
    causes: list[str] = []
    for state, of_it in groups:
        cause, titles = _state_text(state).what, [list_title(each.code) for each in of_it]
        if doubtful <= _MOST_LISTS_NAMED:
            cause = f"{cause} ({', '.join(titles)})"
        elif state == "missing":
            cause = f"{cause} ({_few(titles)})"
        elif len(groups) > 1:
            cause = f"{cause} ({len(of_it)})"
        causes.append(cause)
    what = " or ".join(filter(None, (", ".join(causes[:-1]), causes[-1])))
    are = "is" if doubtful == 1 else "are"
    return f"{doubtful} of {plural(len(required), 'required list')} {are} {what}"


def in_state(lists: Iterable[ListCoverage], state: ListState) -> list[ListCoverage]:
    """Return those of these lists that are in a state."""
    return [each for each in lists if each.state == state]


def _searched(lists: Sequence[ListCoverage], as_of: date, today: date | None) -> Iterator[str]:
    """Yield the required lists of publishers, those of the user's own, and fresh advisory ones."""
    required = of_role(lists, "required")
    known = [each for each in required if each.code in LIST_BY_CODE]
    # The register's own list comes with the program and is not read from a publisher.
    published = [each for each in known if not LIST_BY_CODE[each.code].of_register]
    if published:
        yield f"{plural(len(published), 'required list')}, {_ages(published, as_of, today)}"
    elif known:
        yield "the register's own list"
    if len(known) < len(required):
        yield f"{plural(len(required) - len(known), 'list')} of your own"
    fresh = [each for each in of_role(lists, "advisory") if each.state == "fresh"]
    if fresh:
        yield plural(len(fresh), "advisory list")


def _ages(lists: Sequence[ListCoverage], as_of: date, today: date | None) -> str:
    oldest = max(each.age_days or 0 for each in lists)
    on = "" if as_of == today else " on that day"
    if oldest:
        return f"{'' if len(lists) == 1 else 'the oldest '}{plural(oldest, 'day')} old{on}"
    return f"{'' if len(lists) == 1 else 'all '}{'read today' if not on else f'current{on}'}"


def _advisory_and_unsearched(coverage: Coverage) -> Iterator[str]:
    """Yield the advisory lists that are not fresh, and what was not searched at all."""
    advisory = of_role(coverage.lists, "advisory")
    doubtful = [each for each in advisory if each.state not in {"fresh", "missing"}]
    if doubtful:
        yield f"searched, but not relied on: {_few([_with_state(each) for each in doubtful])}"
    missing = [list_title(each.code) for each in advisory if each.state == "missing"]
    missing += [named_title(each) for each in coverage.not_loaded if not _holds_strays(each.code)]
    if missing:
        yield f"not covered: {_few(missing)}"


def _holds_strays(code: str) -> bool:
    """Whether a list has an edition only while its source prints entries of unknown lists."""
    known = LIST_BY_CODE.get(code)
    return known is not None and known.only_if_loaded and known.may_be_empty


def named_title(named: ListNamed) -> str:
    """Return the short title of a list; that of the answer where there is none."""
    known = list_title(named.code)
    return named.title if known == named.code else known


def _with_state(covered: ListCoverage) -> str:
    state = "newer file refused" if covered.state == "kept" else STATES[covered.state]
    return f"{list_title(covered.code)} ({state})"


def _few(texts: Sequence[str]) -> str:
    more = len(texts) - _MOST_BESIDE
    if more <= 1:
        return ", ".join(texts)
    return f"{', '.join(texts[:_MOST_BESIDE])} and {count(more)} more"


@lru_cache(_KEPT)
def doubts(coverage: Coverage) -> str:
    """Return in a sentence why a coverage is incomplete; empty where it is complete.

    `2 of 16 required lists are missing (EU Sanctions List, Swiss Sanctions List).`
    """
    causes = [*filter(None, (*coverage.reasons, unreliable_in_words(deciding(coverage))))]
    return f"{capitalised('; '.join((*causes, *_policy(coverage))))}." if causes else ""


def capitalised(reason: str) -> str:
    """Return a text with a capital at its beginning, and the rest as it is."""
    return f"{reason[:1].upper()}{reason[1:]}"
