"""The two clocks of a question in each authority's own days; moments; days in words."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from functools import lru_cache
from itertools import batched
from types import MappingProxyType
from zoneinfo import ZoneInfo

import msgspec

from abeyance_screening.primitives.errors import BadInputError


def utc_now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)


LegalDay = date
"""The legal day asked about, on which statuses and listings are told.

If the question left it open it is the UTC day here, and each status has its authority's own day.
"""
KnownDay = date
"""A date, though the names of moments end in `_at`: only what was public on this day counts."""


class Days(msgspec.Struct, frozen=True, kw_only=True):
    """The legal day asked about, and the day whose public knowledge counts.

    A day given in the question is that day for every authority. A day left open is today:
    `as_of` and `known_at` are then the UTC day, and `as_of_by` and `known_at_by` hold each
    jurisdiction in which it is another day at that moment, with that day.
    """

    as_of: date
    """The legal day; by UTC where it was left open."""
    known_at: date
    """A date: only what was public on this day counts; by UTC where it was left open."""
    as_of_by: tuple[tuple[str, date], ...] = ()
    """Each jurisdiction in which the legal day is another one at that moment, with that day."""
    known_at_by: tuple[tuple[str, date], ...] = ()
    """The same of the day whose public knowledge counts."""

    @property
    def edition_day(self) -> date:
        """The day whose editions of lists apply: the earlier of the two."""
        return min(self.as_of, self.known_at)

    def of(self, jurisdiction: str) -> tuple[date, date]:
        """Return `as_of` and `known_at`, in this order, as days of a jurisdiction."""
        return (
            dict(self.as_of_by).get(jurisdiction, self.as_of),
            dict(self.known_at_by).get(jurisdiction, self.known_at),
        )


ZONES: Mapping[str, ZoneInfo] = MappingProxyType(
    {
        jurisdiction: ZoneInfo(name)
        for jurisdiction, name in {
            "AU": "Australia/Sydney",
            "BE": "Europe/Brussels",
            "CA": "America/Toronto",
            "CH": "Europe/Zurich",
            "CN": "Asia/Shanghai",
            "CZ": "Europe/Prague",
            "EU": "Europe/Brussels",
            "FR": "Europe/Paris",
            "HK": "Asia/Hong_Kong",
            "IN": "Asia/Kolkata",
            "JP": "Asia/Tokyo",
            "KR": "Asia/Seoul",
            "NL": "Europe/Amsterdam",
            "NO": "Europe/Oslo",
            "PL": "Europe/Warsaw",
            "RU": "Europe/Moscow",
            "TW": "Asia/Taipei",
            "UA": "Europe/Kyiv",
            "UK": "Europe/London",
            "UN": "America/New_York",
            "US": "America/New_York",
            "WB": "America/New_York",
        }.items()
    }
)
"""The time zone of an authority's seat, by the jurisdiction's code in the register.

A jurisdiction that is missing here has days of UTC.
"""

# Called often by long work; pauses when a pause is due.
type Rest = Callable[[], None]
# Items worked on between two calls of `Rest`.
_AT_ONCE = 4
_NUMBERS_IN_WORDS = (
    *("none", "one", "two", "three", "four", "five"),
    *("six", "seven", "eight", "nine", "ten"),
)


def day_of(moment: datetime, jurisdiction: str) -> date:
    """Return the day of a moment in the time zone of a jurisdiction's authorities.

    A moment too close to the first or last representable day keeps the day of its own time zone.
    """
    try:
        return moment.astimezone(ZONES.get(jurisdiction, UTC)).date()
    except OverflowError:
        return moment.date()


# --- Pacing: long work that must leave time for requests.


def no_rest() -> None:
    """Do nothing: the `Rest` of work that competes with no other."""


def paced[T](items: Iterable[T], rest: Rest) -> Iterator[T]:
    """Yield the items in order, with a call of `rest` before every few of them."""
    for few in batched(items, _AT_ONCE, strict=False):
        rest()
        yield from few


# --- Numbers in words.


def count(number: int) -> str:
    """Write `none` and `one` to `ten` in words, other numbers in figures: `1,234`."""
    if 0 <= number < len(_NUMBERS_IN_WORDS):
        return _NUMBERS_IN_WORDS[number]
    return f"{number:,}"


def plural(number: int, one: str, many: str | None = None) -> str:
    """Write `1 listing` or `3 listings`; `many` is a plural that is not formed with `s`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


_DAYS = 1 << 10


# --- Days in words; never 11/27, which half of all readers take for another day.


@lru_cache(_DAYS)
def day_in_words(day: date) -> str:
    """Write a day as `27 Nov 2026`."""
    return f"{day.day} {day:%b %Y}"


def days_left_in_words(day: date, as_of: date) -> str:
    """Write the time from `as_of` to `day`: today, tomorrow, three days left, 45 days left.

    `day` must not be before `as_of`.
    """
    left = (day - as_of).days
    if left == 0:
        return "today"
    return "tomorrow" if left == 1 else f"{count(left)} days left"


def distance(day: date, today: date) -> str:
    """Write a day relative to today: `405 days ago`, `yesterday`, `tomorrow`, `in three days`."""
    ahead = (day - today).days
    if ahead == 0:
        return "today"
    if abs(ahead) == 1:
        return "tomorrow" if ahead == 1 else "yesterday"
    return f"in {count(ahead)} days" if ahead > 0 else f"{count(-ahead)} days ago"


# --- The next day, the one before, and a day's moments, of every day that there is: whoever asks
# may name the first or the last of the calendar, which has none beside it.


def day_before(day: date) -> date:
    """Return the day before: the last day of a period that ended when the next one began.

    The first day of the calendar stays.
    """
    return days_from(day, -1)


def day_after(day: date) -> date:
    """Return the next day, or the same day where it is the last of the calendar."""
    return days_from(day, 1)


def days_from(day: date, number: int) -> date:
    """Return the day some days later, earlier where `number` is negative, within the calendar."""
    return date.fromordinal(
        min(max(day.toordinal() + number, date.min.toordinal()), date.max.toordinal())
    )


def beginning_of(day: date) -> datetime:
    """Return the first moment of a day, in UTC."""
    return datetime.combine(day, time.min, UTC)


def end_of(day: date) -> datetime:
    """Return the moment from which a day is over, in UTC; of the last day the last moment."""
    return datetime.max.replace(tzinfo=UTC) if day == date.max else beginning_of(day_after(day))


def days_of(as_of: date | None, known_at: date | None, now: datetime) -> Days:
    """Return the days asked for; days left open are today, by each jurisdiction's own time."""
    today = now.astimezone(UTC).date()
    elsewhere = _elsewhere(now.replace(second=0, microsecond=0))
    return Days(
        as_of=today if as_of is None else as_of,
        known_at=today if known_at is None else known_at,
        as_of_by=elsewhere if as_of is None else (),
        known_at_by=elsewhere if known_at is None else (),
    )


def days_at(as_of: date | None, known_at: date | None, at: datetime | None, now: datetime) -> Days:
    """Return the days asked for; days left open are those of the moment `at`, or now without one.

    Raises:
        BadInputError: `at` has no time zone, lies outside all days there are, or has no effect
            because both days are given.
    """
    if at is None:
        return days_of(as_of, known_at, now)
    if as_of is not None and known_at is not None:
        raise BadInputError("at", "has no effect when `as_of` and `known_at` are both given")
    return days_of(as_of, known_at, read_moment(at))


def read_moment(at: datetime) -> datetime:
    """Return a given moment in UTC.

    Raises:
        BadInputError: The moment has no time zone, or lies outside all days there are.
    """
    if at.tzinfo is None:
        raise BadInputError("at", "has no time zone; write it as 2026-11-10T02:00:00Z")
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise BadInputError("at", "lies before or after all days there are") from None


# The current moment, and one that a page or a caller asks about again.
@lru_cache(maxsize=2)
def _elsewhere(minute: datetime) -> tuple[tuple[str, date], ...]:
    """Return where it is another day than in UTC; the same for a whole minute."""
    today = minute.astimezone(UTC).date()
    return tuple(
        (jurisdiction, day)
        for jurisdiction in ZONES
        if (day := day_of(minute, jurisdiction)) != today
    )
