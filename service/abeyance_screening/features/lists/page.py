"""The pages of the lists: edition, age and late changes of each, the register, and one listing.

The page of a listing has everything that its publisher prints, its measures, and our editions.
"""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Literal

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from litestar.response import Template

from abeyance_screening.engine.lists.catalogue import LIST_BY_CODE, SOURCE_BY_CODE
from abeyance_screening.engine.lists.edition import (
    AttemptOnDay,
    EditionCounts,
    ListState,
    LoadAttempt,
    LoadOutcome,
)
from abeyance_screening.engine.lists.listing import Address, Identifier, Listing, NameKind
from abeyance_screening.engine.measures.register_state import RegisterState
from abeyance_screening.engine.screening.answer import (
    Coverage,
    EditionCoverage,
    ListAnswer,
    ListCoverage,
    ListingAnswer,
)
from abeyance_screening.engine.screening.changes import ListingState
from abeyance_screening.engine.screening.coverage_line import STATES, unreliable_in_words
from abeyance_screening.engine.screening.desk import Desk
from abeyance_screening.engine.wording import licence_in_words, policies_in_words
from abeyance_screening.engine.wording.answers import (
    Remedy,
    bundle_in_words,
    profile_in_words,
    register_in_words,
    remedies_of,
    remedy_of,
)
from abeyance_screening.engine.wording.failures import cause_in_brief
from abeyance_screening.engine.wording.hits import acts_of_entry, gone_in_words, not_known_then
from abeyance_screening.engine.wording.list_states import reading_stored
from abeyance_screening.engine.wording.shapes import ActLink, Scale, day, links_to, safe_link
from abeyance_screening.engine.wording.titles import country_name, list_authority, list_title
from abeyance_screening.platform.access.callers import needs
from abeyance_screening.platform.pages.cards import MeasureRow, PageContext
from abeyance_screening.platform.pages.frame import (
    AnyRequest,
    Frame,
    ListingId,
    TheDesk,
    page,
    read_clocks,
)
from abeyance_screening.platform.stores.lists import DatabaseChanges
from abeyance_screening.primitives.days import count, plural

DAYS = 30
Square = Literal["loaded", "unchanged", "refused", "unreachable", "none"]
# The square of a day with several attempts is the first of these outcomes.
_PRECEDENCE: tuple[LoadOutcome, ...] = ("loaded", "refused", "unchanged", "unreachable")
_OUTCOMES: Mapping[LoadOutcome, str] = MappingProxyType(
    {
        "loaded": "loaded",
        "unchanged": "nothing new",
        "refused": "refused",
        "unreachable": "not reached",
    }
)

_KINDS: Mapping[NameKind, str] = MappingProxyType(
    {
        "primary": "Listed name",
        "alias": "Aliases",
        "weak_alias": "Weak aliases",
        "former": "Former names",
    }
)

# The most editions that the page shows, because nobody reads more; the feed has all of them.
_MOST_EDITIONS = 60
# The most programmes that it names which an edition ended.
_MOST_PROGRAMMES = 5


class StripDay(msgspec.Struct, frozen=True, kw_only=True):
    """One day of the strip, and the outcome of that day's attempts to load."""

    day: date
    square: Square


class ListRow(msgspec.Struct, frozen=True, kw_only=True):
    """One list. `is_well` if it is fresh, `remedy` what to do if not.

    `grown` compares the number of entries with the edition before; None for the first edition.
    `strip` has `DAYS` days, the oldest first, and `strip_words` says in words what it shows.
    """

    code: str
    title: str
    authority: str
    home: str | None
    state: ListState
    state_words: str
    reason: str | None
    is_well: bool
    is_required: bool
    remedy: Remedy | None
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
    """The changes of one edition in words; `href` links to the single changes."""

    on: date
    title: str
    words: str
    href: str | None


TheChanges = NamedDependency[SkipValidation[DatabaseChanges]]
TheRegisterState = NamedDependency[SkipValidation[RegisterState]]


class ListsPage(msgspec.Struct, frozen=True, kw_only=True):
    """The content of the page: a summary, the lists, and what changed.

    `lead` says how many required lists are in doubt, `reading` how many of all lists are read and
    which need somebody, `causes` why they could not be renewed, each
    cause once, and `remedies` what to do. `ill` are these lists, `well` the required ones that are
    fresh. `profile` says which lists are required, and by what.
    """

    lead: str
    reading: str
    causes: tuple[str, ...]
    remedies: tuple[Remedy, ...]
    profile: str
    ill: tuple[ListRow, ...]
    well: tuple[ListRow, ...]
    advisory: tuple[ListRow, ...]
    days: int
    changes: tuple[EditionRow, ...]
    more_changes: int
    register: tuple[str, ...]


class NamesOfKind(msgspec.Struct, frozen=True, kw_only=True):
    """The names of one kind, each with its language where the publisher prints one."""

    kind: str
    names: tuple[str, ...]


class ListingLine(msgspec.Struct, frozen=True, kw_only=True):
    """A printed field of a listing: its name and its text."""

    name: str
    text: str


class ListingPage(msgspec.Struct, frozen=True, kw_only=True):
    """The content of the page of one listing."""

    listing: Listing
    list_title: str
    authority: str
    names: tuple[NamesOfKind, ...]
    printed: tuple[ListingLine, ...]
    acts: tuple[ActLink, ...]
    url: str | None
    licence: str | None
    licence_notes: tuple[str, ...]
    standing: tuple[ListingLine, ...]
    unlisted: str | None
    gone: str | None
    unsure: str | None
    rows: tuple[MeasureRow, ...]
    conditions: tuple[MeasureRow, ...]
    scale: Scale
    copies: tuple[ListingLine, ...]
    versions: tuple[ListingState, ...]


def row_of(
    answer: ListAnswer,
    attempts: Iterable[AttemptOnDay],
    last: Iterable[LoadAttempt],
    counts: Mapping[int, int | None],
    today: date,
    bundled: datetime | None = None,
) -> ListRow:
    """Return the row of a list.

    `attempts` and `last` are attempts to load this list: those of the strip's days, and the latest
    ones. `counts` is the change in the number of entries of each edition, by edition number.
    `bundled` is when the register bundle was made that carries the edition, if one does.
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
        is_required=covered.role == "required",
        remedy=remedy_of(covered),
        edition=covered.edition,
        edition_words=_edition(covered),
        age_words=_age(covered.age_days, covered.max_age_days),
        entries="none" if covered.entry_count is None else f"{covered.entry_count:,}",
        grown=_grown(counts.get(covered.edition or 0)),
        source=_publisher(covered.source)
        + ("" if bundled is None else f", {bundle_in_words(bundled)}"),
        tried=_last_try(last),
        strip=strip,
        strip_words=strip_in_words(strip),
    )


def grown_by(editions: Iterable[tuple[int, str, str, int]]) -> Mapping[int, int | None]:
    """Return by how many entries each edition has grown, None for a first one, by edition number.

    Each edition is given as its number, list code, source and number of entries.
    """
    before: dict[tuple[str, str], int] = {}
    grown: dict[int, int | None] = {}
    for number, code, source, entries in sorted(editions):
        earlier = before.get((code, source))
        grown[number] = None if earlier is None else entries - earlier
        before[code, source] = entries
    return grown


def strip_of(attempts: Iterable[AttemptOnDay], today: date) -> tuple[StripDay, ...]:
    """Return the last thirty days, today included; a day without an attempt is `none`."""
    outcomes: dict[date, set[LoadOutcome]] = defaultdict(set)
    for each in attempts:
        outcomes[each.day].add(each.outcome)
    days = [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    return tuple(StripDay(day=each, square=_square(outcomes[each])) for each in days)


def strip_in_words(strip: Sequence[StripDay]) -> str:
    """Write the strip as `Last 30 days: loaded on 2, nothing new on 10, not tried on 18.`."""
    tried = [
        f"{_OUTCOMES[word]} on {sum(each.square == word for each in strip)}"
        for word in _PRECEDENCE
        if any(each.square == word for each in strip)
    ]
    untried = sum(each.square == "none" for each in strip)
    rest = [f"not tried on {untried}"] if untried else []
    return f"Last {len(strip)} days: {', '.join([*tried, *rest])}."


def causes(required: Iterable[ListCoverage], attempts: Iterable[LoadAttempt]) -> Iterator[str]:
    """Yield why lists that are not fresh could not be renewed, that of most lists first.

    `The publisher's address could not be found: 22 lists.` A cause is that of the last try.
    """
    last = {
        (each.list_code, each.source): each for each in sorted(attempts, key=lambda each: each.at)
    }
    failed = Counter(
        cause_in_brief(tried.reason)
        for each in required
        if each.state != "fresh"
        and (tried := last.get((each.code, each.source))) is not None
        and tried.outcome in {"refused", "unreachable"}
    )
    for words, number in failed.most_common():
        yield f"{words[:1].upper()}{words[1:]}: {plural(number, 'list')}."


def edition_row(counts: EditionCounts) -> EditionRow:
    """Return the row of an edition's changes."""
    when = day(counts.published_on or counts.loaded_at.astimezone(UTC).date())
    return EditionRow(
        on=counts.loaded_at.astimezone(UTC).date(),
        title=f"{list_title(counts.list_code)}, edition of {when}",
        words=_changed(counts),
        href=None
        if counts.is_first
        else f"/v1/lists/{counts.list_code}/editions/{counts.edition}/changes",
    )


@get("/lists", opt=needs("read"), include_in_schema=False)
async def lists_page(
    request: AnyRequest, desk: TheDesk, changes: TheChanges, register_state: TheRegisterState
) -> Template:
    """Show every list and the register as of today.

    The days in the address are only kept for the links.
    """
    clocks, _ = read_clocks(request.query_params)
    now = desk.now()
    today = now.date()
    first = today - timedelta(days=DAYS - 1)
    attempts = await changes.attempts_by_day(first)
    counts = await changes.edition_counts(datetime.combine(first, time.min, UTC))
    lists = tuple(desk.lists())
    rows = _rows(desk, lists, attempts, today)
    covered = [each.coverage for each in lists if each.coverage.role == "required"]
    frame = Frame(title="Lists", path="/lists", section="/lists", now=now, clocks=clocks)
    content = ListsPage(
        lead=_lead(covered),
        reading=reading_stored(lists, desk.current.get().lists, today).sentence,
        causes=tuple(causes(covered, desk.current.get().lists.attempts)),
        remedies=remedies_of(Coverage(complete=False, lists=tuple(covered))),
        profile=profile_in_words(desk.current.get().lists.profile),
        ill=tuple(each for each in rows if each.is_required and not each.is_well),
        well=tuple(each for each in rows if each.is_required and each.is_well),
        advisory=tuple(each for each in rows if not each.is_required),
        days=DAYS,
        changes=tuple(map(edition_row, counts[:_MOST_EDITIONS])),
        more_changes=max(0, len(counts) - _MOST_EDITIONS),
        register=register_in_words(register_state),
    )
    return page("lists.html", frame, content)


@get("/listings/{listing_id:str}", opt=needs("read"), include_in_schema=False)
async def listing_page(request: AnyRequest, listing_id: ListingId, desk: TheDesk) -> Template:
    """Show one listing on the day asked about."""
    clocks, faults = read_clocks(request.query_params)
    now = desk.now()
    answer = await desk.listing(listing_id, clocks.days(now))
    frame = Frame(
        title=answer.listing.primary_name,
        path=f"/listings/{listing_id}",
        section="/",
        now=now,
        clocks=clocks,
        faults=faults,
    )
    asking = PageContext.of(desk.board, frame)
    states = await desk.states(answer.listing.id)
    return page("listing.html", frame, _content(answer, asking, states))


def _reason(covered: ListCoverage) -> str | None:
    """Return why a list is in doubt; None where its state, its age and the last try say so."""
    return None if covered.state in {"too_old", "missing"} else covered.reason


def _edition(covered: EditionCoverage) -> str:
    if covered.edition is None:
        return "no edition"
    if covered.published_on is not None:
        words = f"of {day(covered.published_on)}"
        return f"{words}, transcribed" if covered.transcribed else words
    loaded = covered.loaded_at
    return "of unknown day" if loaded is None else f"loaded {day(loaded.astimezone(UTC).date())}"


def _age(age: int | None, limit: int | None) -> str:
    if age is None:
        return "age not known"
    words = "today's" if age == 0 else f"{plural(age, 'day')} old"
    return f"{words}, no limit" if limit is None else f"{words}, limit {plural(limit, 'day')}"


def _grown(by: int | None) -> str | None:
    """Write a change in the number of entries as `12 more than in the edition before`."""
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
    words = f"{day(at.date())}, {at:%H:%M} UTC: {_OUTCOMES[newest.outcome]}"
    return (
        f"{words}, {newest.reason}" if newest.outcome == "unreachable" and newest.reason else words
    )


def _square(outcomes: Container[LoadOutcome]) -> Square:
    found: list[Square] = [word for word in _PRECEDENCE if word in outcomes]
    return found[0] if found else "none"


def _changed(counts: EditionCounts) -> str:
    if counts.is_first:
        return f"first edition here, {plural(counts.entry_count, 'entry', 'entries')}"
    numbers = ((counts.listed, "added"), (counts.changed, "changed"), (counts.gone, "gone"))
    changes = ", ".join(f"{number:,} {word}" for number, word in numbers if number)
    words = changes or "no entry differs"
    if counts.programmes_gone:
        words += f"; no entry names {_either(counts.programmes_gone)} any more"
    return f"{words} (the same file, read again)" if counts.reread else words


def _either(programmes: Sequence[str]) -> str:
    """Write programmes as `Burundi, Egypt or Mali`, the first few of many."""
    named = list(programmes[:_MOST_PROGRAMMES])
    if len(programmes) > len(named):
        named.append(f"{len(programmes) - len(named)} other programmes")
    *first, last = named
    return f"{', '.join(first)} or {last}" if first else last


def _rows(
    desk: Desk, lists: Iterable[ListAnswer], attempts: Sequence[AttemptOnDay], today: date
) -> Sequence[ListRow]:
    stored = desk.current.get().lists
    tried: dict[str, list[AttemptOnDay]] = defaultdict(list)
    for each in attempts:
        tried[each.list_code].append(each)
    last: dict[str, list[LoadAttempt]] = defaultdict(list)
    for attempt in stored.attempts:
        last[attempt.list_code].append(attempt)
    bundled = {each.id: each.from_bundle for each in stored.editions}
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
            bundled.get(answer.coverage.edition or 0),
        )
        for answer in lists
    ]


def _lead(required: Sequence[ListCoverage]) -> str:
    unreliable = unreliable_in_words(required)
    if not unreliable:
        return f"{plural(len(required), 'required list')}, all within their age limits."
    return (
        f"{unreliable}. An answer that needs one of them is incomplete: “nothing found” does not "
        "mean that a name is not listed."
    )


def _content(
    answer: ListingAnswer, asking: PageContext, versions: tuple[ListingState, ...]
) -> ListingPage:
    listing = answer.listing
    prints = (listing, *(copy.listing for copy in answer.copies))
    rows = tuple(asking.row(each, prints) for each in answer.measures)
    terms = answer.licence
    return ListingPage(
        listing=listing,
        list_title=list_title(listing.list_code),
        authority=list_authority(listing.list_code),
        names=tuple(_names(listing)),
        printed=tuple(_printed(listing, answer.unknown_programmes)),
        acts=links_to(acts_of_entry(listing.citations)),
        url=safe_link(listing.source_url),
        licence=None if terms is None else licence_in_words(terms),
        licence_notes=() if terms is None else policies_in_words(terms),
        standing=tuple(_standing(answer)),
        unlisted=answer.on_no_list,
        gone=gone_in_words(answer.standing),
        unsure=not_known_then(answer.standing, answer.as_of, answer.listing.citations),
        rows=tuple(row for row in rows if row.measure.condition is None),
        conditions=tuple(row for row in rows if row.measure.condition is not None),
        scale=asking.scale(rows),
        copies=tuple(
            ListingLine(name=copy.source, text=", ".join(name.text for name in copy.listing.names))
            for copy in answer.copies
        ),
        versions=versions,
    )


def _names(listing: Listing) -> Iterable[NamesOfKind]:
    for kind, title in _KINDS.items():
        names = [each for each in listing.names if each.kind == kind]
        if names:
            texts = (
                each.text if each.language is None else f"{each.text} ({each.language})"
                for each in names
            )
            yield NamesOfKind(kind=title, names=tuple(texts))


def _printed(listing: Listing, unknown_programmes: tuple[str, ...]) -> Iterable[ListingLine]:
    single: tuple[tuple[str, str | None], ...] = (
        ("Could not be read", listing.unread),
        ("Type", listing.entity_type),
        ("Countries", ", ".join(map(country_name, listing.countries)) or None),
        ("Programmes", ", ".join(listing.programmes) or None),
        ("Programmes not in the register", ", ".join(unknown_programmes) or None),
        ("Listed on", _day(listing.listed_on)),
        ("Term ends on", _day(listing.expires_on)),
        ("Taken off on", _day(listing.delisted_on)),
        ("Licence requirement", listing.licence_requirement),
        ("Licence review policy", listing.licence_review_policy),
        ("Remarks", listing.remarks),
    )
    yield from (ListingLine(name=name, text=text) for name, text in single if text is not None)
    yield from (ListingLine(name="Address", text=_address(each)) for each in listing.addresses)
    yield from (ListingLine(name=each.kind, text=_number(each)) for each in listing.identifiers)
    yield from (
        ListingLine(name=each.kind.replace("_", " ").capitalize(), text=each.value)
        for each in listing.facts
    )


def _day(on: date | None) -> str | None:
    return None if on is None else day(on)


def _address(address: Address) -> str:
    return address.text if address.note is None else f"{address.text} ({address.note})"


def _number(identifier: Identifier) -> str:
    pieces = [identifier.value]
    if identifier.country is not None:
        pieces.append(country_name(identifier.country))
    if identifier.note is not None:
        pieces.append(identifier.note)
    return ", ".join(pieces)


def _standing(answer: ListingAnswer) -> Iterable[ListingLine]:
    standing, covered = answer.standing, answer.on_list
    yield ListingLine(name="First seen in our edition of", text=day(standing.first_seen_on))
    yield ListingLine(name="Read from", text=f"{standing.source}, edition {standing.edition}")
    state = STATES[covered.state]
    yield ListingLine(
        name="State of the list", text=state if covered.reason is None else covered.reason
    )
    if covered.published_on is not None:
        yield ListingLine(name="Edition published on", text=day(covered.published_on))


PAGES = (
    listing_page,
    lists_page,
)
