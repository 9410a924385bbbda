"""What several elements of the advanced file have in common: truths and days."""

import calendar
from datetime import date

from service.model.errors import RowRefusedError
from service.parse.elements import ElementRow
from service.parse.us_ofac.periods import period_words

_TRUTHS = {"true": True, "false": False}
_FIXED = ("YearFixed", "MonthFixed", "DayFixed")
_DECEMBER = 12


def truth(row: ElementRow, name: str) -> bool:
    """An attribute that must be there and be `true` or `false`.

    Raises:
        RowRefusedError: It is missing, blank or something else.
    """
    printed = row.take_attribute(name)
    if printed not in _TRUTHS:
        raise RowRefusedError(row.where, f"{name}: {printed!r} is neither true nor false")
    return _TRUTHS[printed]


def read_day(row: ElementRow, *, last: bool = False) -> date:
    """The day of an element with year, month and day; without these its first or `last` one.

    Raises:
        RowRefusedError: No year, or a day that no calendar has.
    """
    year, month, day = (_number(row, tag) for tag in ("Year", "Month", "Day"))
    row.close("CalendarTypeID")
    if year is None:
        raise RowRefusedError(row.where, "Year is missing")
    month = month or (_DECEMBER if last else 1)
    try:
        return date(year, month, day or (calendar.monthrange(year, month)[1] if last else 1))
    except ValueError:
        raise RowRefusedError(row.where, f"no calendar has {year}-{month}-{day}") from None


def read_dates(row: ElementRow) -> str | None:
    """The period of an element's DatePeriod in words; None where it has none or it is empty.

    Raises:
        RowRefusedError: A bound is no day, or an element is unknown.
    """
    period = row.row("DatePeriod")
    if period is None:
        return None
    days, approximate = list[date](), False
    for tag in ("Start", "End"):
        bound = period.row(tag)
        if bound is None:
            continue
        approximate = truth(bound, "Approximate") or approximate
        for end, last in (("From", False), ("To", True)):
            moment = bound.row(end)
            if moment is not None:
                days.append(read_day(moment, last=last))
        bound.close(*_FIXED)
    period.close("CalendarTypeID", *_FIXED)
    return period_words(days, is_approximate=approximate) if days else None


def _number(row: ElementRow, tag: str) -> int | None:
    printed = row.find(tag)
    if printed is None:
        return None
    if not (printed.isascii() and printed.isdigit()):
        raise RowRefusedError(row.where, f"{tag}: {printed!r} is no number")
    return int(printed)
