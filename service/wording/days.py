"""Days in words; never 11/27, which half of all readers take for another day."""

from datetime import date, timedelta

from service.wording.numbers import count


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
