"""The frame of every page: its title, where it stands in the navigation, and its two days."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

import msgspec
from litestar.datastructures import MultiDict

from service.days import Days
from service.errors import BadInputError
from service.screening.turns import days_of, read_moment
from service.web.badges import day, weekday
from service.wording.notes import as_of_in_words, known_at_in_words

# --- The state of a page in its address: what was given, what could not be read, and links to it.

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_MONTHS = tuple(f"{date(2000, month, 1):%b}" for month in range(1, 13))
type Given = MultiDict[str]


class FieldFault(msgspec.Struct, frozen=True, kw_only=True):
    """What could not be read of a field, as a sentence for a person."""

    field: str
    text: str


class AddressDays(msgspec.Struct, frozen=True, kw_only=True):
    """The two days as they stand in the address; None where one was left open.

    A day left open is today, for each authority by its own time: today at the moment `at` (UTC)
    where the address has one, else at the moment of asking. So a link to what was asked about
    today shows the same tomorrow.
    """

    as_of: date | None = None
    known_at: date | None = None
    at: datetime | None = None

    def query(self) -> tuple[tuple[str, str], ...]:
        """Their part of an address."""
        days = (("as_of", self.as_of), ("known_at", self.known_at))
        written = [(name, each.isoformat()) for name, each in days if each is not None]
        if self.at is not None and len(written) < len(days):
            at = self.at.replace(tzinfo=None).isoformat(timespec="seconds")
            written.append(("at", f"{at}Z"))
        return tuple(written)

    def days(self, now: datetime) -> Days:
        """The days that are asked about at a moment."""
        return days_of(self.as_of, self.known_at, self.at or now)

    def lasting(self, now: datetime) -> "AddressDays":
        """What shows the same tomorrow: both days written out, where that says the same.

        Where it is not one day for all authorities, a day left open stays open at this moment.
        """
        days = self.days(now)
        return AddressDays(
            as_of=None if days.as_of_by else days.as_of,
            known_at=None if days.known_at_by else days.known_at,
            at=(self.at or now).replace(second=0, microsecond=0),
        )


def read_clocks(given: Given) -> tuple[AddressDays, tuple[FieldFault, ...]]:
    """The two days of an address and its moment, and what of them cannot be read."""
    faults: list[FieldFault] = []
    days: dict[str, date | None] = {}
    for name in ("as_of", "known_at"):
        printed = text_of(given, name)
        days[name] = _day(printed)
        if printed and days[name] is None:
            faults.append(FieldFault(field=name, text=f"{_as_meant(printed)} is not a day."))
    at, fault = _moment(text_of(given, "at"))
    clocks = AddressDays(as_of=days["as_of"], known_at=days["known_at"], at=at)
    return clocks, (*faults, *fault)


def _moment(printed: str) -> tuple[datetime | None, tuple[FieldFault, ...]]:
    if not printed:
        return None, ()
    try:
        return read_moment(datetime.fromisoformat(printed)), ()
    except (ValueError, BadInputError):
        text = f"“{printed[:40]}” is no moment; write it as 2026-11-10T02:00:00Z."
        return None, (FieldFault(field="at", text=text),)


def text_of(given: Given, name: str) -> str:
    """A single value without the blanks around it; empty where there is none."""
    return str(given.get(name, "")).strip()


def texts_of(given: Given, name: str) -> tuple[str, ...]:
    """Every value of a name that is not blank, each once."""
    texts = (str(each).strip() for each in given.getall(name, []))
    return tuple(dict.fromkeys(filter(None, texts)))


def link(path: str, query: Iterable[tuple[str, str]]) -> str:
    """An address; without a query the path alone."""
    written = urlencode(list(query))
    return f"{path}?{written}" if written else path


def _day(printed: str) -> date | None:
    found = _ISO.fullmatch(printed)
    try:
        return None if found is None else date(*map(int, found.groups()))
    except ValueError:
        return None


def _as_meant(printed: str) -> str:
    """`31 Feb 2026` for `2026-02-31`, anything else in quotation marks."""
    found = _ISO.fullmatch(printed)
    if found is None or not 1 <= int(found[2]) <= len(_MONTHS):
        return f"“{printed[:40]}”"
    return f"{int(found[3])} {_MONTHS[int(found[2]) - 1]} {found[1]}"


_ONE_DAY = timedelta(days=1)

NAVIGATION: tuple[tuple[str, str], ...] = (
    ("/", "Search"),
    ("/measures", "Measures"),
    ("/calendar", "Calendar"),
    ("/lists", "Lists"),
    ("/spreadsheet", "Spreadsheet"),
)
"""Path and word of each page that the navigation leads to, in order; a new page adds itself."""


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """What the layout needs beside the page's own content.

    `path` is the page's own, `section` the path in the navigation it belongs to. `query` is the
    rest of the page's state, which the day control carries along. `now` is the moment of asking,
    in UTC.
    """

    title: str
    path: str
    section: str
    now: datetime
    clocks: AddressDays = AddressDays()
    query: tuple[tuple[str, str], ...] = ()
    faults: tuple[FieldFault, ...] = ()

    @property
    def today(self) -> date:
        """The UTC day."""
        return self.now.date()

    @property
    def days(self) -> Days:
        """The days asked about, each authority's own where one was left open."""
        return self.clocks.days(self.now)

    @property
    def days_now(self) -> Days:
        """The days of somebody who leaves both open now."""
        return AddressDays().days(self.now)

    @property
    def chosen(self) -> date:
        """The day asked about; of one left open that of UTC."""
        return self.days.as_of

    @property
    def known(self) -> date:
        """The day whose public knowledge counts; of one left open that of UTC."""
        return self.days.known_at

    @property
    def is_today(self) -> bool:
        """Whether the page shows today as it is known today, for every authority."""
        return self.days == self.days_now

    @property
    def moment(self) -> datetime | None:
        """The moment whose day is asked about, where the address has one and leaves it open."""
        return self.clocks.at if self.clocks.as_of is None else None

    @property
    def in_words(self) -> str:
        """The day asked about beside its field: browsers print dates in their own order."""
        return self._beside_a_field(self.clocks.as_of, self.days.as_of, self.days.as_of_by)

    @property
    def known_in_words(self) -> str:
        """The same of the day whose public knowledge counts."""
        return self._beside_a_field(
            self.clocks.known_at, self.days.known_at, self.days.known_at_by
        )

    def _beside_a_field(
        self, given: date | None, on: date, elsewhere: tuple[tuple[str, date], ...]
    ) -> str:
        at = self.clocks.at
        if given is not None:
            return weekday(given)
        if at is not None:
            return f"{day(on)}, {at:%H:%M} UTC"
        return f"today, {day(on)} UTC" if elsewhere else f"today, {weekday(on)}"

    @property
    def when(self) -> str:
        """The day asked about in a sentence: `on 15 Oct 2025`, `today, 10 Nov 2026 UTC; …`."""
        words = as_of_in_words(self.days, self.moment)
        is_open = self.clocks.as_of is None and self.moment is None
        return f"today, {words}" if is_open else f"on {words}"

    @property
    def navigation(self) -> tuple[tuple[str, str, bool], ...]:
        """Address, word and whether it is where we are; the days stay as they are."""
        return tuple(
            (link(path, self.clocks.query()), word, path == self.section)
            for path, word in NAVIGATION
        )

    def on(self, chosen: date | None) -> str:
        """This page on another day; None is today."""
        at = None if chosen is None else self.clocks.at
        clocks = AddressDays(as_of=chosen, known_at=self.clocks.known_at, at=at)
        return link(self.path, (*self.query, *clocks.query()))

    @property
    def day_before(self) -> str:
        """This page one day back."""
        return self.on(self.chosen - _ONE_DAY if self.chosen > date.min else self.chosen)

    @property
    def day_after(self) -> str:
        """This page one day forward."""
        return self.on(self.chosen + _ONE_DAY if self.chosen < date.max else self.chosen)

    def to(self, path: str) -> str:
        """Another page on the same days."""
        return link(path, self.clocks.query())

    def to_filtered(self, name: str, value: str) -> str:
        """This page on the same days, with one thing filtered for."""
        return link(self.path, ((name, value), *self.clocks.query()))

    @property
    def lasting_clocks(self) -> AddressDays:
        """The days of the page as it is, to be asked about again."""
        return self.clocks.lasting(self.now)

    @property
    def lasting(self) -> str:
        """The address that shows the same tomorrow."""
        return link(self.path, (*self.query, *self.lasting_clocks.query()))

    @property
    def stamp(self) -> str:
        """The days in words, for the head of a printed page."""
        asked = as_of_in_words(self.days, self.moment)
        if self.clocks.known_at is None and self.clocks.as_of is None and self.days.as_of_by:
            return f"{asked}; as publicly known on those days"
        moment = self.clocks.at if self.clocks.known_at is None else None
        return f"{asked}, as publicly known on {known_at_in_words(self.days, moment)}"
