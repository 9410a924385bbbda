"""The lists: which there are, of which day, in which state, and what changed on them lately."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import UTC, date, timedelta
from types import MappingProxyType
from typing import Literal

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from litestar.response import Template

from service.days import count, plural
from service.lists.catalogue import LIST_BY_CODE, SOURCE_BY_CODE
from service.lists.edition import AttemptOnDay, EditionCounts, ListState, LoadAttempt, LoadOutcome
from service.screening.answer import Coverage, EditionCoverage, ListAnswer, ListCoverage
from service.screening.desk import Desk
from service.web.badges import day
from service.web.frame import Frame, read_clocks
from service.web.pages import AnyRequest, page
from service.wording.answers import STATES, why_incomplete
from service.wording.titles import list_authority, list_title

# --- What the lists page says of each list: edition, age against its limit, last thirty days.
#
# Words first: the strip of days is a picture of what the row says, and nothing is invented for
# days on which nothing was tried.

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


TheDesk = NamedDependency[SkipValidation[Desk]]
# More editions than this make no page that anybody reads; the feed has them all.
_MOST_EDITIONS = 60


class ListsPage(msgspec.Struct, frozen=True, kw_only=True):
    """The page's content: in a sentence how the lists stand, what is wrong first, what changed."""

    lead: str
    ill: tuple[ListRow, ...]
    well: tuple[ListRow, ...]
    days: int
    changes: tuple[EditionRow, ...]
    more_changes: int


@get("/lists", include_in_schema=False)
async def lists_page(request: AnyRequest, desk: TheDesk) -> Template:
    """Every list as it stands today; the days of the address are carried along, not used."""
    clocks, _ = read_clocks(request.query_params)
    now = desk.now()
    today = now.date()
    attempts, counts = await desk.load_history(today - timedelta(days=DAYS - 1))
    rows = _rows(desk, attempts, today)
    ill = tuple(each for each in rows if not each.is_well)
    frame = Frame(title="Lists", path="/lists", section="/lists", now=now, clocks=clocks)
    content = ListsPage(
        lead=_lead(rows, ill),
        ill=ill,
        well=tuple(each for each in rows if each.is_well),
        days=DAYS,
        changes=tuple(map(edition_row, counts[:_MOST_EDITIONS])),
        more_changes=max(0, len(counts) - _MOST_EDITIONS),
    )
    return page("lists.html", frame, content)


def _rows(desk: Desk, attempts: Sequence[AttemptOnDay], today: date) -> Sequence[ListRow]:
    stored = desk.current.get().lists
    tried: dict[str, list[AttemptOnDay]] = defaultdict(list)
    for each in attempts:
        tried[each.list_code].append(each)
    last: dict[str, list[LoadAttempt]] = defaultdict(list)
    for attempt in stored.attempts:
        last[attempt.list_code].append(attempt)
    grown = grown_by(
        (each.id, each.list_code, each.source, each.entry_count) for each in stored.editions
    )
    return [
        row_of(
            answer,
            tried[answer.coverage.code],
            last[answer.coverage.code],
            grown,
            today,
        )
        for answer in desk.lists()
    ]


def _lead(rows: Sequence[ListRow], ill: Sequence[ListRow]) -> str:
    if not ill:
        return f"{plural(len(rows), 'list')}, all within their age limits."
    missing = sum(each.state == "missing" for each in ill)
    doubtful = len(ill) - missing
    fresh = len(rows) - len(ill)
    told = [f"{count(fresh)} of {plural(len(rows), 'list')} {'is' if fresh == 1 else 'are'} fresh"]
    if doubtful:
        told.append(f"{count(doubtful)} {'is' if doubtful == 1 else 'are'} too old or in doubt")
    if missing:
        told.append(f"{count(missing)} {'was' if missing == 1 else 'were'} never loaded")
    words = f"{'; '.join(told)}."
    return (
        f"{words[0].upper()}{words[1:]} An answer that rests on one of those is incomplete: "
        "that nothing was found says nothing."
    )


# --- Why an answer is incomplete, and the lists it rests on, in words.


class SearchedList(msgspec.Struct, frozen=True, kw_only=True):
    """A list as it was searched, in a line of a table."""

    title: str
    code: str
    state: ListState
    word: str
    edition: str
    age: str
    limit: str
    reason: str | None


class CoverageText(msgspec.Struct, frozen=True, kw_only=True):
    """How complete an answer is: `short` for its first line, `why` as sentences below."""

    is_complete: bool
    short: str
    why: tuple[str, ...]
    lists: tuple[SearchedList, ...]
    usable: int
    old: int
    total: int
    missing: tuple[str, ...]


def coverage_shown(coverage: Coverage, as_of: date) -> CoverageText:
    """The state of the lists in words."""
    missing = tuple(list_title(each.code) for each in _of(coverage.lists, "missing"))
    return CoverageText(
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


def _list(covered: ListCoverage) -> SearchedList:
    return SearchedList(
        title=list_title(covered.code),
        code=covered.code,
        state=covered.state,
        word=STATES[covered.state],
        edition=day(covered.published_on),
        age="—" if covered.age_days is None else plural(covered.age_days, "day"),
        limit="none" if covered.max_age_days is None else plural(covered.max_age_days, "day"),
        reason=covered.reason,
    )
