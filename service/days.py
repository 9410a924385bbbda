"""The two clocks of a question, each in the days of whoever made the law."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import batched
from types import MappingProxyType
from zoneinfo import ZoneInfo

import msgspec


class Days(msgspec.Struct, frozen=True, kw_only=True):
    """The legal day asked about, and the day whose public knowledge counts.

    A day that was asked for is that day for every authority. One that was left open is today:
    `as_of` and `known_at` are then the UTC day, and `as_of_by` and `known_at_by` hold the
    jurisdictions in which it is another day just now, with that day.
    """

    as_of: date
    known_at: date
    as_of_by: tuple[tuple[str, date], ...] = ()
    known_at_by: tuple[tuple[str, date], ...] = ()

    def of(self, jurisdiction: str) -> tuple[date, date]:
        """The day asked about and the day of knowledge, in the days of a jurisdiction."""
        return (
            dict(self.as_of_by).get(jurisdiction, self.as_of),
            dict(self.known_at_by).get(jurisdiction, self.known_at),
        )


# --- Where an authority's day begins: the time zone of its seat.

ZONES: Mapping[str, ZoneInfo] = MappingProxyType(
    {
        jurisdiction: ZoneInfo(name)
        for jurisdiction, name in {
            "AU": "Australia/Sydney",
            "CA": "America/Toronto",
            "CH": "Europe/Zurich",
            "CN": "Asia/Shanghai",
            "EU": "Europe/Brussels",
            "JP": "Asia/Tokyo",
            "KR": "Asia/Seoul",
            "NL": "Europe/Amsterdam",
            "TW": "Asia/Taipei",
            "UK": "Europe/London",
            "UN": "America/New_York",
            "US": "America/New_York",
        }.items()
    }
)
"""By jurisdiction, as the register prints it. What has none counts whole days of UTC."""


def day_of(moment: datetime, jurisdiction: str) -> date:
    """The day a moment falls on where the law of a jurisdiction is made.

    Of a moment before or after all days there are it is the moment's own day.
    """
    try:
        return moment.astimezone(ZONES.get(jurisdiction, UTC)).date()
    except OverflowError:
        return moment.date()


# --- Pace: long work beside work that somebody waits for.

# Called often by long work; takes a rest when it is time for one.
type Rest = Callable[[], None]
# So many items are worked on between two looks whether it is time for a rest.
_AT_ONCE = 4


def no_rest() -> None:
    """For work that nobody else waits beside."""


def paced[T](items: Iterable[T], rest: Rest) -> Iterator[T]:
    """The items one after the other, with a look now and then whether it is time for a rest."""
    for few in batched(items, _AT_ONCE, strict=False):
        rest()
        yield from few


# --- Numbers in words.

_SMALL = (
    *("none", "one", "two", "three", "four", "five"),
    *("six", "seven", "eight", "nine", "ten"),
)


def count(number: int) -> str:
    """`one` to `ten` in words, more in figures with a comma at the thousand."""
    return _SMALL[number] if 0 <= number < len(_SMALL) else f"{number:,}"


def plural(number: int, one: str, many: str | None = None) -> str:
    """`1 listing`, `3 listings`; `many` where it is no plain `s`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


# --- Days in words; never 11/27, which half of all readers take for another day.


def day_in_words(day: date) -> str:
    """A day as a desk writes it: 27 Nov 2026."""
    return f"{day.day} {day:%b %Y}"


def days_left_in_words(day: date, as_of: date) -> str:
    """How far `day` lies ahead of `as_of`: today, tomorrow, three days left, 45 days left.

    `day` must not lie before `as_of`.
    """
    left = (day - as_of).days
    if left == 0:
        return "today"
    return "tomorrow" if left == 1 else f"{count(left)} days left"


def distance(day: date, today: date) -> str:
    """Where a day lies from today: `405 days ago`, `yesterday`, `tomorrow`, `in three days`."""
    ahead = (day - today).days
    if ahead == 0:
        return "today"
    if abs(ahead) == 1:
        return "tomorrow" if ahead == 1 else "yesterday"
    return f"in {count(ahead)} days" if ahead > 0 else f"{count(-ahead)} days ago"


def day_before(day: date) -> date:
    """The day before a first day: the last one of what was until then."""
    return day - timedelta(days=1)
