"""Days as the desk writes them: 27 Nov 2026, Tue 24 Nov 2026, three days left."""

from datetime import date

from service.wording import day_in_words

_SMALL = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NAMED = ("today", "tomorrow")


def day(given: date | None) -> str:
    """`27 Nov 2026`; a dash where there is no day."""
    return "—" if given is None else day_in_words(given)


def weekday(given: date) -> str:
    """`Tue 24 Nov 2026`."""
    return f"{given:%a} {day_in_words(given)}"


def month(given: date, *, with_year: bool) -> str:
    """`Oct`, or `Oct 2025`."""
    return f"{given:%b %Y}" if with_year else f"{given:%b}"


def count(number: int) -> str:
    """`one` to `ten` in words, more in figures with a comma at the thousand."""
    words = ("none", "one", *_SMALL)
    return words[number] if 0 <= number < len(words) else f"{number:,}"


def days_left(ahead: int) -> str:
    """How long until a day that lies `ahead` days off: today, tomorrow, in three days."""
    return _NAMED[ahead] if 0 <= ahead < len(_NAMED) else f"in {count(ahead)} days"


def distance(given: date, today: date) -> str:
    """Where a day lies from today: `405 days ago`, `yesterday`, `tomorrow`, `in three days`."""
    ahead = (given - today).days
    if ahead >= 0:
        return days_left(ahead)
    return "yesterday" if ahead == -1 else f"{count(-ahead)} days ago"


def plural(number: int, one: str, many: str | None = None) -> str:
    """`1 listing`, `3 listings`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
