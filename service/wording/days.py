"""Days in words; never 11/27, which half of all readers take for another day."""

from datetime import date, timedelta

_SMALL = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


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
    if left == 1:
        return "tomorrow"
    return f"{_SMALL[left - 2] if left - 2 < len(_SMALL) else f'{left:,}'} days left"


def day_before(day: date) -> date:
    """The day before a first day: the last one of what was until then."""
    return day - timedelta(days=1)
