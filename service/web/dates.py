"""Days as only a page writes them: a dash for none, a weekday, a month of a ruler."""

from datetime import date

from service.wording import day_in_words


def day(given: date | None) -> str:
    """`27 Nov 2026`; a dash where there is no day."""
    return "—" if given is None else day_in_words(given)


def weekday(given: date) -> str:
    """`Tue 24 Nov 2026`."""
    return f"{given:%a} {day_in_words(given)}"


def month(given: date, *, with_year: bool) -> str:
    """`Oct`, or `Oct 2025`."""
    return f"{given:%b %Y}" if with_year else f"{given:%b}"
