"""The entries of the calendar page, and their picture: twelve months, a row for each direction.

This module computes positions, and the template draws them. Lengths are in units of the picture,
which is scaled to the page.
"""

import calendar
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby, pairwise
from types import MappingProxyType
from typing import Literal

import msgspec

from abeyance_screening.engine.measures.law.coming import ComingKind
from abeyance_screening.engine.measures.status_table import StatusWord
from abeyance_screening.engine.wording.notes import Note, OwnDay, own_day
from abeyance_screening.engine.wording.shapes import months_from
from abeyance_screening.engine.wording.titles import jurisdiction_name
from abeyance_screening.primitives.days import count

Direction = Literal["comes", "licence_ends", "loosens", "announced"]

DIRECTIONS: Mapping[ComingKind, Direction] = MappingProxyType(
    {
        "suspension_ends": "comes",
        "non_enforcement_ends": "comes",
        "stay_ends": "comes",
        "delay_ends": "comes",
        "starts": "comes",
        "widens": "comes",
        "resumes": "comes",
        "stay_lifted": "comes",
        "renewed": "comes",
        "licence_ends": "licence_ends",
        "licence_withdrawn": "licence_ends",
        "term_ends": "loosens",
        "ends": "loosens",
        "narrows": "loosens",
        "delay_begins": "loosens",
        "suspension_begins": "loosens",
        "non_enforcement_begins": "loosens",
        "stay_begins": "loosens",
        "licence_begins": "loosens",
        "announced_change": "announced",
        "announced_suspension": "announced",
        "announced_extension": "announced",
        "announced_easing": "announced",
        "announced_revocation": "announced",
        "act_set_aside": "announced",
    }
)
"""The direction of every kind of change."""

Shape = Literal["up", "square", "down", "diamond"]

WIDTH = 1120
LEFT = 184
"""Where the first month begins; the titles of the rows are to its left."""
RIGHT = WIDTH - 12
MONTHS = 12
HEAD = 40
"""The height of the month names and the flag of the day."""
_LINE = 22
_PAD = 14
_LEAST = 56
"""The least height of a row: its title takes two lines."""
_GAP = 14
_CHAR = 6.3
"""The width of an average character of 12.5 px, rounded up: a gap does no harm."""
_MOST_CHARS = 74
_KNOWN = frozenset({"US", "EU", "UN", "UK"})
_TITLES: tuple[tuple[Direction, str, str, Shape], ...] = (
    ("comes", "A restriction comes", "or comes back", "up"),
    ("licence_ends", "A licence runs out", "relief ends", "square"),
    ("loosens", "A restriction runs out", "unless renewed", "down"),
    ("announced", "Announced only", "nothing counts yet", "diamond"),
)


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """One measure of an entry; `part` names the part that changes, None for the whole measure."""

    measure_id: str
    title: str
    jurisdiction: str
    authority: str
    part: str | None
    owed: str | None
    citation: str | None
    url: str | None


class CalendarEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One change on one day, of one measure or of several with the same change.

    `after` is None where no status changes (announced only). `is_passed`: an end passed in silence
    on or before the day asked about, and no act has confirmed it since. `outcome` is what followed
    any other change of the last days, None for those ahead. `doubt` is an announcement that
    contradicts the change but does not count. `own_day` is the local day of the authorities
    where it is not the page's day; `when` counts from it where all of them share it.
    """

    on: date
    when: str
    direction: Direction
    before: StatusWord
    after: StatusWord | None
    sentence: str
    members: tuple[Member, ...]
    is_passed: bool = False
    outcome: str | None = None
    doubt: Note | None = None
    own_day: OwnDay | None = None

    @property
    def is_ahead(self) -> bool:
        """Whether the day of the change is after the day asked about."""
        return not self.is_passed and self.outcome is None

    @property
    def title(self) -> str:
        """Return the title of the measure, or how many measures of which places there are."""
        first = self.members[0]
        if len(self.members) == 1:
            return first.title
        return (
            f"{len(self.members)} measures: {places(each.jurisdiction for each in self.members)}"
        )

    @property
    def who(self) -> str:
        """Return the names of the authorities, each once."""
        return ", ".join(dict.fromkeys(each.authority for each in self.members))

    @property
    def anchor(self) -> str:
        """Return the id of the entry on the page, unique for day, measure and direction."""
        return f"on-{self.on}-{self.members[0].measure_id}-{self.direction}"

    @property
    def owed(self) -> tuple[str, ...]:
        """Return the duties that stay owed, each once."""
        return tuple(dict.fromkeys(each.owed for each in self.members if each.owed is not None))


class CalendarGroup(msgspec.Struct, frozen=True, kw_only=True):
    """Entries under one heading."""

    title: str
    entries: tuple[CalendarEntry, ...]


class Month(msgspec.Struct, frozen=True, kw_only=True):
    """One month: its name, where it begins, and its middle, where the name is."""

    label: str
    x: float
    middle: float


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """One entry on its day: the centre of its shape, and the words next to it.

    `anchor` says which end of the words is at `text_x`. `dashed` marks an unconfirmed lapse.
    """

    x: float
    y: float
    shape: Shape
    dashed: bool
    day: str
    text: str
    text_x: float
    anchor: Literal["start", "end"]
    href: str


class PictureRow(msgspec.Struct, frozen=True, kw_only=True):
    """The row of one direction: its titles, its top and height, and its marks."""

    direction: Direction
    title: str
    subtitle: str
    top: float
    height: float
    marks: tuple[Mark, ...]


class CalendarPicture(msgspec.Struct, frozen=True, kw_only=True):
    """The whole picture; `label` says what it shows, `later` counts the entries after its end."""

    width: int
    height: float
    left: int
    right: int
    head: int
    months: tuple[Month, ...]
    rows: tuple[PictureRow, ...]
    today_x: float
    label: str
    later: int


class _Axis(msgspec.Struct, frozen=True):
    """The days across the picture, from the first of a month to before `end`."""

    first: date
    end: date

    def x(self, day: date) -> float:
        """Return where a day begins."""
        share = (day - self.first).days / (self.end - self.first).days
        return round(LEFT + share * (RIGHT - LEFT), 1)


def places(jurisdictions: Iterable[str]) -> str:
    """Write jurisdictions by name, each once, in the order given: `China and United States`."""
    *most, last = dict.fromkeys(jurisdiction_name(each) for each in jurisdictions)
    return f"{', '.join(most)} and {last}" if most else last


def of_all(sentence: str, number: int) -> str:
    """Return a sentence about one measure so that it is about several."""
    return f"The same for all {count(number)}. {sentence}"


def seen_from(statuses: Sequence[tuple[date, str]], page_day: date) -> tuple[date, OwnDay | None]:
    """Return the day from which statuses that are shown together are seen.

    `statuses` are their days and jurisdictions. The second value is the local day of those
    authorities where it differs from the page's, else None. At one moment all authorities whose
    day is not the UTC day have the same one.
    """
    others = [(on, where) for on, where in statuses if on != page_day]
    if not others:
        return page_day, None
    on = others[0][0]
    own = own_day(on, (where for _, where in others), page_day)
    return on if len(others) == len(statuses) else page_day, own


def alike[T](rows: Iterable[T], key: Callable[[T], object]) -> Iterable[Sequence[T]]:
    """Group rows with the same key, in the order of the first row of each group."""
    groups: dict[object, list[T]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups.values()


def picture_of(entries: Iterable[CalendarEntry], today: date, flag: str) -> CalendarPicture:
    """Return the picture of the twelve months from the month of `today` on.

    `today` is the day asked about, and `flag` its name in the picture.
    """
    axis = _Axis(today.replace(day=1), months_from(today.replace(day=1), MONTHS))
    every = list(entries)
    within = [each for each in every if axis.first <= each.on < axis.end]
    rows: list[PictureRow] = []
    top = float(HEAD)
    for direction, title, subtitle, shape in _TITLES:
        chosen = sorted(
            (each for each in within if each.direction == direction), key=lambda each: each.on
        )
        marks = _marks(chosen, shape, axis, today, top)
        height = max(_LEAST, 2 * _PAD + _LINE * len({mark.y for mark in marks}))
        rows.append(
            PictureRow(
                direction=direction,
                title=title,
                subtitle=subtitle,
                top=top,
                height=height,
                marks=marks,
            )
        )
        top += height
    return CalendarPicture(
        width=WIDTH,
        height=top,
        left=LEFT,
        right=RIGHT,
        head=HEAD,
        months=_months(axis),
        rows=tuple(rows),
        today_x=axis.x(today),
        label=_label(within, flag),
        later=sum(each.on >= axis.end for each in every),
    )


def _months(axis: _Axis) -> tuple[Month, ...]:
    starts = [months_from(axis.first, count) for count in range(MONTHS + 1)]
    return tuple(
        Month(
            label=f"{calendar.month_abbr[day.month]} {day.year}"
            if count == 0 or day.month == 1
            else calendar.month_abbr[day.month],
            x=axis.x(day),
            middle=round((axis.x(day) + axis.x(after)) / 2, 1),
        )
        for count, (day, after) in enumerate(pairwise(starts))
        # after the last month of the calendar there is none
        if day < after
    )


def _marks(
    entries: Sequence[CalendarEntry], shape: Shape, axis: _Axis, today: date, top: float
) -> tuple[Mark, ...]:
    """Return a mark for each entry, with its words on the first line where they fit."""
    lines: list[float] = []
    marks: list[Mark] = []
    for entry in entries:
        x = axis.x(entry.on)
        text_x, anchor, words = _placed(x, _words(entry), axis.x(today))
        start = min(x - _GAP, text_x - (_width(words) if anchor == "end" else 0))
        line = next((at for at, end in enumerate(lines) if end <= start), len(lines))
        end = max(x + _GAP, text_x + (_width(words) if anchor == "start" else 0)) + _GAP
        lines[line : line + 1] = [end]
        day, text = words
        marks.append(
            Mark(
                x=x,
                y=top + _PAD + _LINE * line + _LINE / 2,
                shape=shape,
                dashed=entry.is_passed,
                day=day,
                text=text,
                text_x=text_x,
                anchor=anchor,
                href=f"#{entry.anchor}",
            )
        )
    return tuple(marks)


def _placed(
    x: float, words: tuple[str, str], today_x: float
) -> tuple[float, Literal["start", "end"], tuple[str, str]]:
    """Return the position of words next to a mark, and the words as far as they fit.

    They are to the right of the mark, after the line of today where they would cross it, or to the
    left where they do not fit on the right and there is more room.
    """
    start = x + _GAP
    if x < today_x < start + _width(words):
        start = today_x + _GAP / 2
    left = today_x + _GAP / 2 if today_x < x else float(LEFT)
    room, other = RIGHT - start, x - _GAP - left
    if _width(words) <= room or room >= other:
        return start, "start", _cut(words, room)
    return x - _GAP, "end", _cut(words, other)


def _cut(words: tuple[str, str], room: float) -> tuple[str, str]:
    """Return the words, shortened to the room."""
    day, text = words
    most = min(_MOST_CHARS, int(room / _CHAR) - len(day) - 1)
    return day, text if len(text) <= most else f"{text[: max(0, most - 1)].rstrip()}…"


def _width(words: tuple[str, str]) -> float:
    return _CHAR * (len(words[0]) + 1 + len(words[1]))


def _words(entry: CalendarEntry) -> tuple[str, str]:
    """Return the day of an entry, printed in bold, and what changes."""
    first = entry.members[0]
    text = entry.title if first.part is None else f"{entry.title}: {first.part}"
    if len(entry.members) == 1 and not text.startswith(first.jurisdiction):
        text = f"{_short(first.jurisdiction)} · {text}"
    if entry.is_passed:
        text = f"{text}, unconfirmed"
    return f"{entry.on.day} {entry.on:%b}", text


def _short(jurisdiction: str) -> str:
    """Write a well-known abbreviation such as `US` or `EU` as it is, any other place by name."""
    return jurisdiction if jurisdiction in _KNOWN else jurisdiction_name(jurisdiction)


def _label(entries: Iterable[CalendarEntry], flag: str) -> str:
    """Return what the picture shows, in a sentence, for those who cannot see it."""
    days = sorted(entries, key=lambda each: each.direction)
    changes = [
        f"{title.lower()} {len(list(each))} times"
        for direction, each in groupby(days, key=lambda entry: entry.direction)
        for kind, title, _, _ in _TITLES
        if kind == direction
    ]
    what = "; ".join(changes) or "nothing changes"
    return f"Twelve months from {flag}: {what}. The list below has the same in words."
