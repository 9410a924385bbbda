"""How far an answer goes: the state of each list, and why an answer is incomplete."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from types import MappingProxyType

from service.model.answer import Coverage, ListCoverage
from service.model.edition import ListState
from service.wording.days import day_in_words
from service.wording.numbers import count, plural
from service.wording.titles import list_title

STATES: Mapping[ListState, str] = MappingProxyType(
    {
        "fresh": "fresh",
        "too_old": "too old",
        "undated": "of unknown age",
        "edition_later": "later than the day asked about",
        "in_part": "in part",
        "kept": "kept: the new file was refused",
        "missing": "missing",
    }
)
# More lists than a reader takes in; the lists themselves stand below every answer.
_MOST_NAMED = 5


def doubts(coverage: Coverage) -> str:
    """Why a coverage is not complete: `2 of 16 lists could not be searched (EU …, Swiss …).`."""
    missing, partly = _codes(coverage.lists, "missing"), _codes(coverage.lists, "in_part")
    whole = {"fresh", "missing", "in_part"}
    others = [each.code for each in coverage.lists if each.state not in whole]
    said = (
        (missing, "could not be searched"),
        (partly, "could be searched in part only"),
        (others, "are too old to rest it on" if len(others) != 1 else "is too old to rest it on"),
    )
    of = f"of {plural(len(coverage.lists), 'list')}"
    parts = [f"{len(codes)} {of} {what} ({_some(codes)})" for codes, what in said if codes]
    told = "; ".join((*coverage.reasons, *parts))
    return f"{_begun(told)}." if told else ""


def why_incomplete(coverage: Coverage, as_of: date) -> tuple[str, ...]:
    """Why an answer is incomplete, a sentence for each reason; none where it is complete."""
    return (*(f"{_begun(each)}." for each in coverage.reasons), *_why(coverage.lists, as_of))


def _begun(reason: str) -> str:
    return f"{reason[:1].upper()}{reason[1:]}"


def _why(lists: Iterable[ListCoverage], as_of: date) -> Iterator[str]:
    lists = tuple(lists)
    old = [each for each in lists if each.state == "too_old"]
    if old:
        yield _too_old(old, as_of)
    missing = _codes(lists, "missing")
    if missing:
        yield f"{_named(missing)} {'was' if len(missing) == 1 else 'were'} never loaded."
    for each in lists:
        if each.state == "in_part":
            yield f"{list_title(each.code)} was searched in part: {each.reason}."
    later = _codes(lists, "edition_later")
    if later:
        yield (
            f"{plural(len(later), 'list was', 'lists were')} read from an edition later than "
            f"{day_in_words(as_of)}: parties that left it before are not seen."
        )
    kept = _codes(lists, "kept")
    if kept:
        yield f"A newer file of {_named(kept)} was refused; the edition before it was searched."
    undated = _codes(lists, "undated")
    if undated:
        yield f"The day of {_named(undated)} is not known."


def _too_old(old: list[ListCoverage], as_of: date) -> str:
    youngest = min(old, key=lambda each: each.age_days or 0)
    which = "it was" if len(old) == 1 else "the newest of them was"
    return (
        f"{plural(len(old), 'list is', 'lists are')} too old: {which} last confirmed "
        f"{plural(youngest.age_days or 0, 'day')} before {day_in_words(as_of)} (limit "
        f"{plural(youngest.max_age_days or 0, 'day')}); later listings are not seen."
    )


def _codes(lists: Iterable[ListCoverage], state: ListState) -> list[str]:
    return [each.code for each in lists if each.state == state]


def _named(codes: list[str]) -> str:
    """`EU Sanctions List and Swiss Sanctions List`; of many the first."""
    titles = [list_title(code) for code in codes]
    if len(titles) > _MOST_NAMED:
        return _some(codes)
    return " and ".join(filter(None, (", ".join(titles[:-1]), titles[-1])))


def _some(codes: list[str]) -> str:
    """The titles, and where they are many the first few with how many more there are."""
    titles = [list_title(code) for code in codes]
    more = len(titles) - _MOST_NAMED
    if more <= 0:
        return ", ".join(titles)
    return f"{', '.join(titles[:_MOST_NAMED])} and {count(more)} more"
