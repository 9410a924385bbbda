"""The pages of measures: all of them, and one with its status, events and facts."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from http import HTTPStatus
from itertools import pairwise
from types import MappingProxyType
from typing import Annotated

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import PathParameter, SkipValidation
from litestar.response import Template

from abeyance_screening.engine.measures.board import Span, spans_of_measure
from abeyance_screening.engine.measures.law.resolve import good_until
from abeyance_screening.engine.measures.measure import AttachesBy, Measure, OwnershipTest
from abeyance_screening.engine.measures.publishers import (
    GradeCounts,
    ReadingGrade,
    reading_grades,
    reading_of_measure,
    told_by,
)
from abeyance_screening.engine.measures.reach import Reach
from abeyance_screening.engine.measures.sign_offs import SignOff, sign_offs_of
from abeyance_screening.engine.measures.status import MeasureOnDay
from abeyance_screening.engine.measures.status_table import (
    STATUS_WORDS,
    StatusWord,
    binds,
    strictness,
)
from abeyance_screening.engine.screening.desk import Desk
from abeyance_screening.engine.wording import Note, duties_in_words, notes, plain_glance, sentence
from abeyance_screening.engine.wording.notes import OwnDay, fine_print, own_day_of
from abeyance_screening.engine.wording.shapes import (
    Badge,
    Clock,
    Lane,
    Scale,
    badge_of,
    day,
    in_brief,
    lane_of,
    safe_link,
)
from abeyance_screening.engine.wording.titles import (
    country_name,
    jurisdiction_name,
    list_title,
    measure_title,
)
from abeyance_screening.features.register.picture import (
    EventRow,
    MeasurePicture,
    big_scale,
    event_row,
    lapse_in_words,
    picture_of,
    reading_in_words,
    stretch_of,
    sure_in_words,
)
from abeyance_screening.features.register.review import CurrentReview
from abeyance_screening.platform.access.callers import needs
from abeyance_screening.platform.pages.cards import LANE_WIDTH
from abeyance_screening.platform.pages.frame import (
    AnyRequest,
    FieldFault,
    Frame,
    TheDesk,
    page,
    read_clocks,
    text_of,
)
from abeyance_screening.primitives.days import (
    day_before,
    distance,
    plural,
)

_ATTACHES: Mapping[AttachesBy, str] = MappingProxyType(
    {
        "listing": "a name on a list",
        "ownership": "ownership by listed parties",
        "country": "a country",
        "goods": "goods",
        "end_use": "the end use of goods",
        "address": "an address",
    }
)
_MOST = 12

# Boundary days that the page of a measure shows with the badge of each.
_MOST_DAYS = 5

MeasureId = Annotated[str, PathParameter(max_length=200)]


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """One value of a filter, with the number of measures that have it."""

    value: str
    text: str
    count: int


class Authority(msgspec.Struct, frozen=True, kw_only=True):
    """The measures of one authority, each with its sentence, those in force first."""

    jurisdiction: str
    name: str
    measures: tuple[tuple[MeasureOnDay, str], ...]


class MeasureIndex(msgspec.Struct, frozen=True, kw_only=True):
    """The page of all measures: the filters, their choices, and the measures that match.

    `moving` are the measures whose status is not settled; empty where a filter is set.
    """

    text: str
    authority: str
    status: str
    authorities: tuple[Choice, ...]
    statuses: tuple[Choice, ...]
    moving: tuple[tuple[MeasureOnDay, str], ...]
    groups: tuple[Authority, ...]
    grades: str
    is_filtered: bool
    shown: int
    total: int


class FactLine(msgspec.Struct, frozen=True, kw_only=True):
    """One fact about a measure: a text, or in `links` the ids of other measures."""

    name: str
    text: str
    links: tuple[str, ...] = ()


class OtherDay(msgspec.Struct, frozen=True, kw_only=True):
    """A boundary day of a status, with a link to it and its badge."""

    text: str
    href: str
    badge: Badge
    is_chosen: bool


class MeasureView(msgspec.Struct, frozen=True, kw_only=True):
    """The page of one measure."""

    measure: Measure
    on_day: MeasureOnDay
    title: str
    jurisdiction: str
    badge: Badge
    own_day: OwnDay | None
    sentence: str
    notes: tuple[Note, ...]
    url: str | None
    settles: str | None
    looked: str
    others: tuple[OtherDay, ...]
    picture: MeasurePicture
    lane: Lane
    events: tuple[EventRow, ...]
    facts: tuple[FactLine, ...]
    says: str
    signed: str
    sign_offs: tuple[str, ...]


@get("/measures", opt=needs("read"), include_in_schema=False)
async def measure_index(request: AnyRequest, desk: TheDesk) -> Template:
    """Show every measure of the register with its status on the day."""
    given = request.query_params
    clocks, faults = read_clocks(given)
    text, authority, status = (text_of(given, name) for name in ("text", "authority", "status"))
    now = desk.now()
    every = desk.board.every(desk.board.register.measures, clocks.days(now))
    if status and status not in STATUS_WORDS:
        faults = (*faults, FieldFault(field="status", text=f"“{status[:40]}” is not a status."))
        status = ""
    shown = [each for each in every if _is_wanted(each, text, authority, status)]
    filters = (("text", text), ("authority", authority), ("status", status))
    frame = Frame(
        title="Measures",
        path="/measures",
        section="/measures",
        now=now,
        clocks=clocks,
        query=tuple(pair for pair in filters if pair[1]),
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
        grades=grades_in_words(reading_grades(desk.board.register.measures)),
        is_filtered=bool(frame.query),
        shown=len(shown),
        total=len(every),
    )
    return page(
        "measures.html", frame, content, HTTPStatus.BAD_REQUEST if faults else HTTPStatus.OK
    )


def facts_of(measure: Measure, on_day: MeasureOnDay) -> Iterator[FactLine]:
    """Yield the facts about a measure in a fixed order, leaving out those that do not apply."""
    yield FactLine(name="What it does", text=duties_in_words(measure.effect))
    attaches = ", ".join(_ATTACHES[each] for each in measure.attaches_by)
    yield FactLine(name="Attaches by", text=attaches[:1].upper() + attaches[1:])
    if measure.condition is not None:
        yield FactLine(name="Question", text=measure.condition)
    if measure.owns is not None:
        yield FactLine(name="Ownership test", text=_owns(measure.owns))
    yield from _targets(measure)
    yield from _ends(measure, on_day)
    yield from _related(measure)
    if measure.unchecked:
        yield FactLine(name="Not confirmed", text="; ".join(measure.unchecked))
    if measure.note is not None:
        yield FactLine(name="Note", text=measure.note)
    reading = reading_of_measure(measure)
    yield FactLine(name="Who says so", text=_sentence(says_of(measure)))
    if measure.words is not None and reading is not None:
        yield FactLine(name="The act's words", text=_sentence(reading_in_words(reading)))


_GRADES: Mapping[ReadingGrade, str] = MappingProxyType(
    {
        "publisher": "rest on the act's words, read on its publisher's page",
        "copy": "on its words in a copy",
        "told": "on what others told, the act's words not seen",
        "none": "on no source that was read",
    }
)


def grades_in_words(grades: GradeCounts) -> str:
    """Write how many measures rest on what, those by the act's own words first."""
    counts = msgspec.structs.asdict(grades)
    parts = [f"{counts[grade]:,} {words}" for grade, words in _GRADES.items() if counts[grade]]
    return f"Of {plural(sum(counts.values()), 'measure')}, {', '.join(parts)}."


def says_of(measure: Measure) -> str:
    """Write who says what a measure says, and when that was read."""
    return sure_in_words(measure.confidence, reading_of_measure(measure), told_by(measure))


@get("/measures/{measure_id:str}", opt=needs("read"), include_in_schema=False)
async def measure_page(request: AnyRequest, measure_id: MeasureId, desk: TheDesk) -> Template:
    """Show one measure with its status, its timeline and all its events."""
    clocks, faults = read_clocks(request.query_params)
    now = desk.now()
    on_day = desk.board.one(measure_id, clocks.days(now))
    frame = Frame(
        title=measure_title(measure_id, on_day.title),
        path=f"/measures/{measure_id}",
        section="/measures",
        now=now,
        clocks=clocks,
        faults=faults,
    )
    return page("measure.html", frame, _content(desk, on_day, frame))


TheReview = NamedDependency[SkipValidation[CurrentReview]]


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


def _moving(measures: Iterable[MeasureOnDay]) -> tuple[tuple[MeasureOnDay, str], ...]:
    """Return what is neither simply in force nor ended, or will change; next changes first."""
    moving = [
        each
        for each in measures
        if each.next_change_on is not None or each.status not in {"in_force", "ended", "unknown"}
    ]
    moving.sort(key=lambda each: (each.next_change_on or date.max, each.status, each.title))
    return tuple((each, sentence(each)) for each in moving)


def _groups(measures: Iterable[MeasureOnDay]) -> tuple[Authority, ...]:
    by_authority: dict[tuple[str, str], list[MeasureOnDay]] = {}
    for each in measures:
        by_authority.setdefault((each.jurisdiction, each.authority), []).append(each)
    return tuple(
        Authority(
            jurisdiction=jurisdiction,
            name=name,
            measures=tuple((each, sentence(each)) for each in sorted(of_it, key=_in_force_first)),
        )
        for (jurisdiction, name), of_it in sorted(by_authority.items())
    )


def _in_force_first(measure: MeasureOnDay) -> tuple[bool, str]:
    return not binds(measure.status), measure.title.casefold()


def _owns(test: OwnershipTest) -> str:
    share = f"{test.share} % or more" if test.bound == "at_least" else f"More than {test.share} %"
    added = "shares of listed owners add up" if test.aggregate else "each owner counts alone"
    control = "; control is enough without the share" if test.control else ""
    return f"{share}; {added}{control}."


def _targets(measure: Measure) -> Iterator[FactLine]:
    lists = tuple(dict.fromkeys(list_title(each.list_code) for each in measure.attaches))
    if lists:
        yield FactLine(name="Lists", text=_few(lists))
    targets = measure.targets
    if targets is not None:
        groups = (
            ("Parties", targets.entities),
            ("Countries", tuple(map(country_name, targets.countries))),
            ("Items", targets.items),
        )
        yield from (FactLine(name=name, text=_few(them)) for name, them in groups if them)
        texts = (
            ("Owners that count", targets.ownership),
            ("End use", targets.end_use),
            ("Reaches", targets.note),
        )
        yield from (FactLine(name=name, text=text) for name, text in texts if text is not None)
    if measure.reaches:
        reached = "; or ".join(map(_reach, measure.reaches[:_MOST]))
        yield FactLine(name="Compared with", text=_sentence(reached))


def _few(texts: tuple[str, ...]) -> str:
    shown = ", ".join(texts[:_MOST])
    rest = len(texts) - _MOST
    return shown if rest <= 0 else f"{shown} and {plural(rest, 'other')}"


def _reach(reach: Reach) -> str:
    """Write the goods, places and end uses: `gallium, germanium from China to United States`."""
    items = [each.name for each in reach.items]
    if reach.items_of is not None:
        items.append(reach.items_of)
    pieces = [_few(tuple(items)) if items else "any item"]
    if reach.origin:
        pieces.append(f"from {_few(tuple(map(country_name, reach.origin)))}")
    if reach.destination:
        pieces.append(f"to {_few(tuple(map(country_name, reach.destination)))}")
    if reach.end_use:
        pieces.append(f"for {_few(reach.end_use)} use".replace("_", " "))
    if reach.beyond is not None:
        pieces.append(f"where {reach.beyond}")
    return " ".join(pieces)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _ends(measure: Measure, on_day: MeasureOnDay) -> Iterator[FactLine]:
    if on_day.next_change_on is None:
        yield FactLine(name="Next known change", text="None is recorded.")
    else:
        then = "" if on_day.next_change_to is None else plain_glance(on_day.next_change_to).lower()
        text = f"{day(on_day.next_change_on)}: {then}, unless a new act is recorded."
        yield FactLine(name="Next known change", text=text)
    lapsing = [each for each in measure.events if each.lapse_effect is not None]
    if lapsing:
        text = lapse_in_words(lapsing[-1])
        yield FactLine(name="When its term or relief ends", text=text)
    if measure.residual_obligation is not None:
        yield FactLine(name="What stays owed", text=measure.residual_obligation)


def _related(measure: Measure) -> Iterator[FactLine]:
    related: tuple[tuple[str, tuple[str | None, ...]], ...] = (
        ("Eases", measure.eases),
        ("Came before it", (measure.predecessor,)),
        ("Came after it", (measure.successor,)),
        ("Its effect is governed by", (measure.see,)),
        ("Carries out", (measure.implements,)),
        ("Conflicts with", measure.conflicts_with),
        ("Rules for owned parties", () if measure.ownership is None else measure.ownership.by),
    )
    for name, ids in related:
        links = tuple(each for each in ids if each is not None)
        if links:
            yield FactLine(name=name, text="", links=links)


def _content(desk: Desk, on_day: MeasureOnDay, frame: Frame) -> MeasureView:
    measure = desk.board.register.get(on_day.id)
    today = frame.days_now.of(measure.jurisdiction)[0]
    clock = Clock(chosen=on_day.as_of, today=today, checked_until=on_day.checked_until)
    stretch = stretch_of(measure.events, clock)
    spans = spans_of_measure(desk.board, measure.id, frame.days, stretch)
    small = Scale(first=stretch[0], last=stretch[1], width=LANE_WIDTH)
    announced = (*on_day.disputed, *on_day.upcoming)
    signed = sign_offs_of(desk.board.register, measure.id)
    return MeasureView(
        measure=measure,
        on_day=on_day,
        title=frame.title,
        jurisdiction=jurisdiction_name(measure.jurisdiction),
        badge=badge_of(on_day),
        own_day=own_day_of(on_day, frame.chosen),
        sentence=sentence(on_day),
        notes=fine_print(notes(on_day), without={"checked", "unchecked"}),
        url=safe_link(measure.url),
        settles=_settles(on_day),
        looked=_looked(on_day, good_until(measure, on_day.status), frame.today),
        others=tuple(_others(desk, on_day, spans, frame)),
        picture=picture_of(spans, measure.events, big_scale(stretch), clock),
        lane=lane_of(spans, small, clock, [each for each in announced if "announce" in each.kind]),
        events=tuple(map(event_row, measure.events)),
        facts=tuple(facts_of(measure, on_day)),
        says=says_of(measure),
        signed=sign_off_in_words(next(iter(signed), None)),
        sign_offs=tuple(map(sign_off_in_words, signed)),
    )


def sign_off_in_words(sign_off: SignOff | None) -> str:
    """Write who has read a measure against its act, and whether the record is still the same."""
    if sign_off is None:
        return "Not signed off by a legal reader."
    since = "" if sign_off.is_current else "; its record has changed since"
    note = "" if sign_off.note is None else f" “{sign_off.note}”"
    return f"Reviewed by {sign_off.by} on {day(sign_off.on)}{since}.{note}"


def _settles(measure: MeasureOnDay) -> str | None:
    """Return what would settle a status that rests on a lapse, a dispute or no record."""
    if measure.evidence in {"by_lapse", "disputed"}:
        return f"an act published by {measure.authority}, either way"
    if measure.status == "unknown":
        return "the text of its act, read and recorded"
    return None


def _looked(measure: MeasureOnDay, good: date | None, today: date) -> str:
    if measure.checked_until is None or good is None:
        return "When its sources were last read is not recorded, so that no status is confirmed."
    checked = measure.checked_until
    lasts = f"{day(good)}: the limit is {plural((good - checked).days, 'day')}"
    how_long = f"was good until {lasts}" if good < measure.as_of else f"is good until {lasts}"
    return f"Sources last read on {day(checked)}, {distance(checked, today)}; that {how_long}."


def _others(
    desk: Desk, on_day: MeasureOnDay, spans: Iterable[Span], frame: Frame
) -> Iterator[OtherDay]:
    """Yield the boundary days nearest to today, in order, with the badge on each."""
    nearest = sorted(_boundaries(spans), key=lambda each: abs((each - frame.today).days))
    for each in sorted(nearest[:_MOST_DAYS]):
        days = msgspec.structs.replace(frame.days, as_of=each, as_of_by=())
        then = desk.board.one(on_day.id, days)
        yield OtherDay(
            text=day(each),
            href=frame.on(each),
            badge=in_brief(badge_of(then)),
            is_chosen=each == on_day.as_of,
        )


def _boundaries(spans: Iterable[Span]) -> set[date]:
    """Return the first day of each status, and the last day before each stricter one."""
    spans = tuple(spans)
    firsts = {span.first for span in spans[1:]}
    lasts = {
        day_before(later.first)
        for span, later in pairwise(spans)
        if strictness(later.status) < strictness(span.status)
    }
    before = {day_before(spans[0].end)} if spans and spans[0].end else set[date]()
    return firsts | lasts | before


PAGES = (measure_index, measure_page)
