"""The frame of every page: its title, where it stands in the navigation, and its two days."""

from datetime import date, datetime, timedelta

import msgspec

from service.model.days import Days
from service.web.address import Clocks, Fault, link
from service.web.dates import day, weekday
from service.wording.own_days import as_of_in_words, known_at_in_words

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
    clocks: Clocks = Clocks()
    query: tuple[tuple[str, str], ...] = ()
    faults: tuple[Fault, ...] = ()

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
        return Clocks().days(self.now)

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
        clocks = Clocks(as_of=chosen, known_at=self.clocks.known_at, at=at)
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
    def lasting_clocks(self) -> Clocks:
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
