"""What an entry of the calendar page is made of, and which way each kind of change goes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Literal

import msgspec

from service.days import count
from service.measures.coming_model import ComingKind
from service.measures.status import StatusWord
from service.wording.notes import OwnDay, own_day
from service.wording.titles import jurisdiction_name

# --- Words of the calendar for several measures at once.


def places(jurisdictions: Iterable[str]) -> str:
    """Jurisdictions by name, each once, in the order given: `China and United States`."""
    *most, last = dict.fromkeys(jurisdiction_name(each) for each in jurisdictions)
    return f"{', '.join(most)} and {last}" if most else last


def of_all(sentence: str, number: int) -> str:
    """What is said of one measure, said of several."""
    return f"All {count(number)} alike. {sentence}"


def seen_from(statuses: Sequence[tuple[date, str]], asked: date) -> tuple[date, OwnDay | None]:
    """The day that statuses shown together are seen from, and the own day of some or all of them.

    Each comes with its day and its jurisdiction; `asked` is the day of the page. At one moment no
    two authorities have two different days that are both another one than that of UTC.
    """
    others = [(on, where) for on, where in statuses if on != asked]
    if not others:
        return asked, None
    on = others[0][0]
    own = own_day(on, (where for _, where in others), asked)
    return on if len(others) == len(statuses) else asked, own


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
"""Which way each kind of change goes; every kind has its place."""


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """One measure of an entry; `part` names the part of it that changes, None for the whole."""

    measure_id: str
    title: str
    jurisdiction: str
    authority: str
    part: str | None
    owed: str | None
    citation: str | None
    url: str | None


class CalendarEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One change on one day, of one measure or of several alike.

    `after` None: nothing changes in force (announced only). `is_passed`: it happened by silence
    on or before the day asked about, and nothing confirmed it since. `doubt` is what was said
    against it and does not count. `own_day` is the day of those authorities where it is
    not the page's own; `when` counts from it where it is that of all.
    """

    on: date
    when: str
    direction: Direction
    before: StatusWord
    after: StatusWord | None
    sentence: str
    members: tuple[Member, ...]
    is_passed: bool = False
    doubt: str | None = None
    own_day: OwnDay | None = None

    @property
    def title(self) -> str:
        """The measure's title, or how many measures of which places."""
        first = self.members[0]
        if len(self.members) == 1:
            return first.title
        return (
            f"{len(self.members)} measures: {places(each.jurisdiction for each in self.members)}"
        )

    @property
    def who(self) -> str:
        """The authorities, each once."""
        return ", ".join(dict.fromkeys(each.authority for each in self.members))

    @property
    def anchor(self) -> str:
        """The name of its place on the page; entries of one day and direction differ in it."""
        return f"on-{self.on}-{self.members[0].measure_id}-{self.direction}"

    @property
    def owed(self) -> tuple[str, ...]:
        """What stays owed, each duty once."""
        return tuple(dict.fromkeys(each.owed for each in self.members if each.owed is not None))


class CalendarGroup(msgspec.Struct, frozen=True, kw_only=True):
    """Entries under one heading."""

    title: str
    entries: tuple[CalendarEntry, ...]


def alike[T](rows: Iterable[T], key: Callable[[T], object]) -> Iterable[Sequence[T]]:
    """Rows with the same key together, at the place of the first of them."""
    found: dict[object, list[T]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found.values()
