"""What the lists page says of each list: edition, age against its limit, last thirty days.

Words first: the strip of days is a picture of what the row says, and nothing is invented for days
on which nothing was tried.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import UTC, date, timedelta
from types import MappingProxyType
from typing import Literal

import msgspec

from service.model.answer import EditionCoverage, ListAnswer, ListCoverage
from service.model.catalogue import LIST_BY_CODE, SOURCE_BY_CODE
from service.model.change import EditionCounts
from service.model.edition import AttemptOnDay, ListState, LoadAttempt, LoadOutcome
from service.web.dates import day
from service.wording.coverage import STATES
from service.wording.numbers import count, plural
from service.wording.titles import list_authority, list_title

DAYS = 30
Square = Literal["loaded", "unchanged", "refused", "unreachable", "none"]
# What a day is shown as where several tries ended differently on it, the most telling first.
_TELLING: tuple[LoadOutcome, ...] = ("loaded", "refused", "unchanged", "unreachable")
_TRIED: Mapping[LoadOutcome, str] = MappingProxyType(
    {
        "loaded": "loaded",
        "unchanged": "nothing new",
        "refused": "refused",
        "unreachable": "not reached",
    }
)


class StripDay(msgspec.Struct, frozen=True, kw_only=True):
    """One day of the strip, and how the tries of that day ended."""

    day: date
    square: Square


class ListRow(msgspec.Struct, frozen=True, kw_only=True):
    """One list. `is_well`: an answer that rests on it is not incomplete for its sake.

    `grown` is how its entries differ in number from the edition before, None for a first one.
    `strip` has `DAYS` days, the oldest first, and `strip_words` says the same.
    """

    code: str
    title: str
    authority: str
    home: str | None
    state: ListState
    state_words: str
    reason: str | None
    is_well: bool
    edition: int | None
    edition_words: str
    age_words: str
    entries: str
    grown: str | None
    source: str
    tried: str
    strip: tuple[StripDay, ...]
    strip_words: str


class EditionRow(msgspec.Struct, frozen=True, kw_only=True):
    """What one edition changed, in words; `href` leads to the changes one by one."""

    on: date
    title: str
    words: str
    href: str | None


def row_of(
    answer: ListAnswer,
    attempts: Iterable[AttemptOnDay],
    last: Iterable[LoadAttempt],
    counts: Mapping[int, int | None],
    today: date,
) -> ListRow:
    """The row of a list.

    `attempts` are those of this list alone, `last` its last tries, and `counts` what each edition
    has more or fewer entries than the one before, by the edition's number.
    """
    covered = answer.coverage
    known = LIST_BY_CODE.get(covered.code)
    strip = strip_of(attempts, today)
    return ListRow(
        code=covered.code,
        title=list_title(covered.code),
        authority=list_authority(covered.code),
        home=None if known is None else known.home_url,
        state=covered.state,
        state_words=STATES[covered.state].capitalize(),
        reason=_reason(covered),
        is_well=covered.state == "fresh",
        edition=covered.edition,
        edition_words=_edition(covered),
        age_words=_age(covered.age_days, covered.max_age_days),
        entries=_entries(covered.entry_count),
        grown=_grown(counts.get(covered.edition or 0)),
        source=_publisher(covered.source),
        tried=_last_try(last),
        strip=strip,
        strip_words=strip_in_words(strip),
    )


def grown_by(editions: Iterable[tuple[int, str, str, int]]) -> Mapping[int, int | None]:
    """By how many entries each edition has grown; given as number, list, source and entries."""
    before: dict[tuple[str, str], int] = {}
    grown: dict[int, int | None] = {}
    for number, code, source, entries in sorted(editions):
        earlier = before.get((code, source))
        grown[number] = None if earlier is None else entries - earlier
        before[code, source] = entries
    return grown


def strip_of(attempts: Iterable[AttemptOnDay], today: date) -> tuple[StripDay, ...]:
    """The last thirty days, today included; a day without a try is `none`."""
    outcomes: dict[date, set[LoadOutcome]] = defaultdict(set)
    for each in attempts:
        outcomes[each.day].add(each.outcome)
    days = [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    return tuple(StripDay(day=each, square=_square(outcomes[each])) for each in days)


def _square(outcomes: Container[LoadOutcome]) -> Square:
    found: list[Square] = [word for word in _TELLING if word in outcomes]
    return found[0] if found else "none"


def strip_in_words(strip: Sequence[StripDay]) -> str:
    """`Last 30 days: loaded on 2, nothing new on 10, not tried on 18`."""
    told = [
        f"{_TRIED[word]} on {sum(each.square == word for each in strip)}"
        for word in _TELLING
        if any(each.square == word for each in strip)
    ]
    untried = sum(each.square == "none" for each in strip)
    rest = [f"not tried on {untried}"] if untried else []
    return f"Last {len(strip)} days: {', '.join([*told, *rest])}."


def edition_row(counts: EditionCounts) -> EditionRow:
    """What one edition changed, in words."""
    when = day(counts.published_on or counts.loaded_at.astimezone(UTC).date())
    return EditionRow(
        on=counts.loaded_at.astimezone(UTC).date(),
        title=f"{list_title(counts.list_code)}, edition of {when}",
        words=_changed(counts),
        href=None
        if counts.is_first
        else f"/v1/lists/{counts.list_code}/editions/{counts.edition}/changes",
    )


def _changed(counts: EditionCounts) -> str:
    if counts.is_first:
        return f"first edition here, {plural(counts.entry_count, 'entry', 'entries')}"
    numbers = ((counts.listed, "added"), (counts.changed, "changed"), (counts.gone, "gone"))
    told = ", ".join(f"{number:,} {word}" for number, word in numbers if number)
    words = told or "no entry differs"
    return f"{words} (the same file, read anew)" if counts.reread else words


def _reason(covered: ListCoverage) -> str | None:
    """Why it is in doubt, where the state and the age beside it do not say so already."""
    told = covered.reason or ""
    is_said = covered.state == "too_old" and "tried" not in told and ";" not in told
    return None if is_said or covered.state == "missing" else covered.reason


def _entries(number: int | None) -> str:
    return "none" if number is None else f"{number:,}"


def _edition(covered: EditionCoverage) -> str:
    if covered.edition is None:
        return "no edition"
    if covered.published_on is not None:
        return f"of {day(covered.published_on)}"
    loaded = covered.loaded_at
    return "of unknown day" if loaded is None else f"loaded {day(loaded.astimezone(UTC).date())}"


def _age(age: int | None, limit: int | None) -> str:
    if age is None:
        return "age not known"
    words = "today's" if age == 0 else f"{plural(age, 'day')} old"
    return f"{words}, no limit" if limit is None else f"{words}, limit {plural(limit, 'day')}"


def _grown(by: int | None) -> str | None:
    """`12 more than the edition before`."""
    if by is None:
        return None
    if by == 0:
        return "as many as in the edition before"
    return f"{count(abs(by))} {'more' if by > 0 else 'fewer'} than in the edition before"


def _publisher(source: str) -> str:
    known = SOURCE_BY_CODE.get(source)
    return "your own file" if known is None else known.publisher


def _last_try(last: Iterable[LoadAttempt]) -> str:
    newest = max(last, key=lambda each: each.at, default=None)
    if newest is None:
        return "never tried"
    at = newest.at.astimezone(UTC)
    return f"{day(at.date())}, {at:%H:%M} UTC: {_TRIED[newest.outcome]}"
