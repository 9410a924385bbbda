"""The frame of every page: its title, where it stands in the navigation, and its two days."""

from datetime import date, timedelta

import msgspec

from service.web.address import Clocks, Fault, link
from service.web.dates import day, weekday

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
    rest of the page's state, which the day control carries along. `today` is the UTC day.
    """

    title: str
    path: str
    section: str
    today: date
    clocks: Clocks = Clocks()
    query: tuple[tuple[str, str], ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def chosen(self) -> date:
        """The day asked about."""
        return self.clocks.as_of or self.today

    @property
    def known(self) -> date:
        """The day whose public knowledge counts."""
        return self.clocks.known_at or self.today

    @property
    def is_today(self) -> bool:
        """Whether the page shows today as it is known today."""
        return self.chosen == self.today and self.known == self.today

    @property
    def in_words(self) -> str:
        """The day asked about with its weekday: browsers print dates in their own order."""
        return weekday(self.chosen)

    @property
    def navigation(self) -> tuple[tuple[str, str, bool], ...]:
        """Address, word and whether it is where we are; the days stay as they are."""
        return tuple(
            (link(path, self.clocks.query()), word, path == self.section)
            for path, word in NAVIGATION
        )

    def on(self, chosen: date | None) -> str:
        """This page on another day; None is today."""
        clocks = Clocks(as_of=chosen, known_at=self.clocks.known_at)
        return link(self.path, (*self.query, *clocks.query()))

    def known_on(self, known: date | None) -> str:
        """This page with what was public on another day; None is today."""
        clocks = Clocks(as_of=self.clocks.as_of, known_at=known)
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
    def lasting(self) -> str:
        """The address that shows the same tomorrow: with both days written out."""
        clocks = Clocks(as_of=self.chosen, known_at=self.known)
        return link(self.path, (*self.query, *clocks.query()))

    @property
    def stamp(self) -> str:
        """The days in words, for the head of a printed page."""
        return f"{day(self.chosen)}, as publicly known on {day(self.known)}"
