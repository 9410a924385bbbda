"""The board: lists and measures that need somebody today, and the deadlines around it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Literal

import msgspec
from litestar import get
from litestar.response import Template

from abeyance_screening.engine.measures.status_table import STATUSES, Shape, StatusWord
from abeyance_screening.engine.wording.answers import profile_in_words
from abeyance_screening.engine.wording.list_states import ListNeed, ListsReading, reading_stored
from abeyance_screening.engine.wording.shapes import Badge, day, in_brief, plain_badge_of
from abeyance_screening.features.calendar.deadlines import (
    WINDOW_DAYS,
    Deadline,
    DeadlineBoard,
    reading_line,
)
from abeyance_screening.features.calendar.deadlines_api import TheDeadlines
from abeyance_screening.platform.access.callers import needs
from abeyance_screening.platform.pages.frame import (
    AnyRequest,
    Frame,
    TheDesk,
    link,
    page,
    read_clocks,
)
from abeyance_screening.primitives.days import (
    count,
    days_from,
    distance,
    plural,
)

MarkShape = Literal["up", "square", "down"]
type PlaceOf = Callable[[date], float]
"""Returns where a day is in the picture."""
_UP: frozenset[Shape] = frozenset({"force", "lapsed", "unknown", "announced", "coming"})
_DOWN: frozenset[Shape] = frozenset({"over", "over-unsure"})
# The picture, in its own units: 60 days, with a row for each shape.
_WIDTH, _HEAD, _ROW = 1120, 34, 30
_ROWS: Mapping[MarkShape, int] = MappingProxyType({"up": 0, "square": 1, "down": 2})
_CHAR, _BESIDE = 6.6, 12
# As many lists are told in full: with more, something is wrong with all of them.
_MOST_URGENT = 4


class BoardMark(msgspec.Struct, frozen=True, kw_only=True):
    """A deadline in the picture; `anchor` says which end of its words is at `text_x`."""

    shape: MarkShape
    is_dashed: bool
    x: float
    y: float
    text: str
    text_x: float
    anchor: Literal["start", "end"]
    href: str


class BoardPicture(msgspec.Struct, frozen=True, kw_only=True):
    """Sixty days as shapes; `label` says in a sentence what they show."""

    width: int
    height: int
    today_x: float
    today: str
    marks: tuple[BoardMark, ...]
    ticks: tuple[tuple[float, str], ...]
    label: str


class BoardRow(msgspec.Struct, frozen=True, kw_only=True):
    """One deadline as a row of the board."""

    anchor: str
    deadline: Deadline
    when: str
    title: str
    before: Badge
    after: Badge
    settles: str
    reading: str
    is_overdue: bool


class BoardView(msgspec.Struct, frozen=True, kw_only=True):
    """The content of the page; `title` sums it up in a sentence.

    `urgent` are the required lists that need somebody, if they are few; `others` are all others.
    """

    title: str
    profile: str
    reading: ListsReading
    urgent: tuple[ListNeed, ...]
    others: tuple[ListNeed, ...]
    picture: BoardPicture
    lapsed: tuple[BoardRow, ...]
    coming: tuple[BoardRow, ...]
    lapsed_measures: int
    lapsed_earlier: int
    unread_in_force: int
    ics: str


@get("/deadlines", opt=needs("read"), include_in_schema=False)
async def board_page(request: AnyRequest, desk: TheDesk, deadlines: TheDeadlines) -> Template:
    """Show what needs somebody today, and the deadlines of 30 days back and 30 ahead."""
    clocks, faults = read_clocks(request.query_params)
    frame = Frame(
        title="Deadlines",
        path="/deadlines",
        section="/calendar",
        now=desk.now(),
        clocks=clocks,
        faults=faults,
    )
    board = await deadlines.on(frame.days)
    stored = desk.current.get().lists
    reading = reading_stored(tuple(desk.lists()), stored, desk.today())
    lapsed = tuple(_row(each, board.as_of) for each in board.lapsed)
    coming = tuple(_row(each, board.as_of) for each in board.coming)
    required = tuple(each for each in reading.needs if each.required)
    urgent = required if len(required) <= _MOST_URGENT else ()
    content = BoardView(
        title=title_of(reading, board),
        profile=profile_in_words(stored.profile),
        reading=reading,
        urgent=urgent,
        others=tuple(each for each in reading.needs if each not in urgent),
        picture=_picture((*lapsed, *coming), board.as_of),
        lapsed=lapsed,
        coming=coming,
        lapsed_measures=board.lapsed_measures,
        lapsed_earlier=board.lapsed_earlier,
        unread_in_force=board.unread_in_force,
        ics=link("/v1/deadlines.ics", clocks.query()),
    )
    return page("deadlines.html", frame, content)


def title_of(reading: ListsReading, board: DeadlineBoard) -> str:
    """Write what needs somebody: `Two lists and 16 lapsed measures need somebody`."""
    parts: list[str] = []
    required = sum(each.required for each in reading.needs)
    if required:
        parts.append(f"{count(required)} required {'list' if required == 1 else 'lists'}")
    if board.lapsed_measures:
        number = board.lapsed_measures
        parts.append(f"{count(number)} lapsed {'measure' if number == 1 else 'measures'}")
    if not parts:
        return "No required list and no lapsed measure needs anybody"
    is_one = len(parts) == 1 and (required + board.lapsed_measures) == 1
    text = f"{' and '.join(parts)} {'needs' if is_one else 'need'} somebody"
    return f"{text[:1].upper()}{text[1:]}"


def _row(deadline: Deadline, today: date) -> BoardRow:
    first = deadline.measures[0]
    number = len(deadline.measures)
    return BoardRow(
        anchor=f"{deadline.state}-{deadline.on}-{first.id}",
        deadline=deadline,
        when=distance(deadline.on, today),
        title=first.title if number == 1 else plural(number, "measure"),
        before=in_brief(plain_badge_of(deadline.before)),
        after=in_brief(plain_badge_of(deadline.after)),
        settles=f"{deadline.settles[:1].upper()}{deadline.settles[1:]}.",
        reading=reading_line(deadline),
        is_overdue=deadline.is_overdue and deadline.needs_look,
    )


def _picture(rows: Iterable[BoardRow], today: date) -> BoardPicture:
    first = days_from(today, -WINDOW_DAYS)
    a_day = _WIDTH / (2 * WINDOW_DAYS + 1)

    def x_of(on: date) -> float:
        return round(((on - first).days + 0.5) * a_day, 1)

    marks = tuple(_marks(rows, x_of))
    ends = [days_from(today, each) for each in (-29, -15, 16, 29)]
    return BoardPicture(
        width=_WIDTH,
        height=_HEAD + _ROW * len(_ROWS) + 24,
        today_x=x_of(today),
        today=f"today, {day(today)}",
        marks=marks,
        ticks=tuple((x_of(each), f"{each.day} {each:%b}") for each in ends),
        label=f"{plural(len(marks), 'deadline')} within 30 days of {day(today)}; the lists below "
        "say the same in words.",
    )


def _marks(rows: Iterable[BoardRow], x_of: PlaceOf) -> Iterator[BoardMark]:
    """Yield a mark for each deadline, with words on the side where they meet no other mark."""
    by_shape: dict[MarkShape, list[BoardRow]] = {}
    for row in sorted(rows, key=lambda each: each.deadline.on):
        by_shape.setdefault(_mark_of(row.deadline.after), []).append(row)
    for shape, of_it in by_shape.items():
        places = [x_of(each.deadline.on) for each in of_it]
        free_from = 0.0
        for place, row in enumerate(of_it):
            x = places[place]
            text = f"{row.deadline.on.day} {row.deadline.on:%b}: {row.title}"
            length = _BESIDE + len(text) * _CHAR
            free_to = next((each for each in places[place + 1 :]), _WIDTH) - _BESIDE
            is_right = x + length <= free_to
            is_left = not is_right and x - length >= free_from
            yield BoardMark(
                shape=shape,
                is_dashed=row.deadline.state == "lapsed",
                x=x,
                y=_HEAD + _ROW * _ROWS[shape] + 14,
                text=text if is_right or is_left else "",
                text_x=x - _BESIDE if is_left else x + _BESIDE,
                anchor="end" if is_left else "start",
                href=f"#{row.anchor}",
            )
            free_from = x + (length if is_right else _BESIDE)


def _mark_of(word: StatusWord) -> MarkShape:
    """Return the mark of a status that is reached: what binds or may points up, an end down."""
    shape = STATUSES[word].shape
    return "up" if shape in _UP else "down" if shape in _DOWN else "square"


PAGES = (board_page,)
