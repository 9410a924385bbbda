"""Coverage: which lists an answer rests on, of which day, and whether that is enough."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date

import msgspec

from service.model.answer import Coverage, ListCoverage
from service.model.catalogue import LIST_BY_CODE, LISTS
from service.model.edition import (
    Edition,
    ListState,
    LoadAttempt,
    StoredLists,
    is_shrunk,
)
from service.model.errors import BadInputError


class Clocks(msgspec.Struct, frozen=True):
    """The days of a question, all of UTC: asked about, whose knowledge counts, asked on."""

    as_of: date
    known_at: date
    today: date


def codes_of(lists: StoredLists) -> tuple[str, ...]:
    """Every list there is: the known ones in the catalogue's order, then users' own by code."""
    own = sorted({edition.list_code for edition in lists.editions} - LIST_BY_CODE.keys())
    return tuple(known.code for known in LISTS) + tuple(own)


def chosen_codes(lists: StoredLists, asked: Sequence[str] | None) -> tuple[str, ...]:
    """The lists a question is about, in the order of all lists.

    Raises:
        BadInputError: A code is no list's, or none is named.
    """
    every = codes_of(lists)
    if asked is None:
        return every
    if not asked:
        raise BadInputError("lists", "names no list; leave it out to search all of them")
    for position, code in enumerate(asked):
        if code not in every:
            raise BadInputError(f"lists[{position}]", f"no list is called {code!r}")
    return tuple(code for code in every if code in set(asked))


def coverage_of(lists: StoredLists, codes: Iterable[str], clocks: Clocks) -> Coverage:
    """How these lists stand for a question about these days."""
    editions = {edition.list_code: edition for edition in lists.editions}
    attempts = {attempt.list_code: attempt for attempt in lists.attempts}
    covered = tuple(
        _list_coverage(code, editions.get(code), attempts.get(code), clocks) for code in codes
    )
    return Coverage(complete=all(each.state == "fresh" for each in covered), lists=covered)


def _list_coverage(
    code: str, edition: Edition | None, attempt: LoadAttempt | None, clocks: Clocks
) -> ListCoverage:
    known = LIST_BY_CODE.get(code)
    limit = None if known is None else known.max_age_days
    title = code if known is None else known.title
    state, reason = _state(edition, attempt, limit, clocks)
    published_on = None if edition is None else edition.published_on
    return ListCoverage(
        code=code,
        title=title,
        state=state,
        reason=reason,
        edition=None if edition is None else edition.id,
        sha256=None if edition is None else edition.sha256,
        published_on=published_on,
        loaded_at=None if edition is None else edition.loaded_at,
        age_days=None if published_on is None else (clocks.today - published_on).days,
        max_age_days=limit,
        entry_count=None if edition is None else edition.entry_count,
    )


def _state(
    edition: Edition | None, attempt: LoadAttempt | None, limit: int | None, clocks: Clocks
) -> tuple[ListState, str | None]:
    """The first of the reasons for doubt that holds, the gravest first; else fresh."""
    refused = attempt is not None and attempt.outcome == "refused"
    if edition is None:
        why = f": {attempt.reason}" if attempt is not None and refused else ""
        return "missing", f"no edition of this list was ever loaded{why}"
    if attempt is not None and refused:
        return "kept", f"a newer file was refused: {attempt.reason}"
    if limit is not None and is_shrunk(edition.entry_count, edition.previous_count):
        return "shrunk", f"{edition.entry_count} entries, {edition.previous_count} before"
    return _state_by_day(edition, limit, clocks)


def _state_by_day(
    edition: Edition, limit: int | None, clocks: Clocks
) -> tuple[ListState, str | None]:
    """An own list needs no day of publication and never gets too old; it begins when loaded."""
    known_on = edition.published_on
    if known_on is None and limit is None:
        known_on = edition.loaded_at.astimezone(UTC).date()
    if known_on is None:
        return "undated", "nobody said on which day this edition was published"
    day = min(clocks.as_of, clocks.known_at)
    if known_on > day:
        return "edition_later", (
            f"read from the edition of {known_on}; parties that were on the list on {day} "
            "and left it since are not in it"
        )
    age = (clocks.as_of - known_on).days
    if limit is not None and age > limit:
        return "too_old", f"published {age} days before the day asked about, the limit is {limit}"
    return "fresh", None
