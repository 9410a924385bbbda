"""The days of the enhanced and delta files, each printed as a period between four days."""

import calendar
from collections.abc import Collection
from datetime import date

from service.model.errors import RowRefusedError
from service.parse.days import read_day
from service.parse.elements import ElementRow

_BOUNDS = ("fromDateBegin", "fromDateEnd", "toDateBegin", "toDateEnd")


def read_period(row: ElementRow, tag: str) -> str | None:
    """The period in the words that the older files have for it; None where there is none.

    `14 Dec 2005`, `Dec 2005`, `2005`, or `14 Dec 2005 to 20 Jan 2006`, after `circa` if it is
    approximate.

    Raises:
        RowRefusedError: a bound is missing or no day, or an element is unknown.
    """
    period = row.row(tag)
    if period is None:
        return None
    days = [_day(period, bound) for bound in _BOUNDS]
    is_approximate = period.take("isApproximate") == "true"
    period.close("isDateRange")
    return period_words(days, is_approximate=is_approximate)


def period_words(days: Collection[date], *, is_approximate: bool) -> str:
    """The period from the first to the last of these days, in the words of `read_period`."""
    text = _words(min(days), max(days))
    return f"circa {text}" if is_approximate else text


def _day(row: ElementRow, tag: str) -> date:
    day = read_day(row.where, tag, row.take(tag))
    if day is None:
        raise RowRefusedError(row.where, f"{tag} is blank")
    return day


def _words(first: date, last: date) -> str:
    if first == last:
        return f"{first:%d %b %Y}"
    begins, ends = first.day == 1, last.day == calendar.monthrange(last.year, last.month)[1]
    if begins and ends and (first.year, first.month) == (last.year, last.month):
        return f"{first:%b %Y}"
    if begins and ends and (first.month, last.month) == (1, 12):
        years = dict.fromkeys((f"{first.year}", f"{last.year}"))
        return " to ".join(years)
    return f"{first:%d %b %Y} to {last:%d %b %Y}"
