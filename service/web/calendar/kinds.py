"""The entries of the calendar page, and the direction of each kind of change."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Literal

import msgspec

from service.days import count
from service.measures.coming_model import ComingKind
from service.measures.status import StatusWord
from service.wording.notes import Note, OwnDay, own_day
from service.wording.titles import jurisdiction_name

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
