"""The day of a status where it is another one than the day of the answer around it.

A day left open is today, and each authority has its own: at two in the morning UTC it is still
yesterday in Washington. What is written here stands beside such a status wherever it is shown.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from types import MappingProxyType

import msgspec

from service.model.days import Days
from service.model.on_day import MeasureOnDay
from service.model.transaction import OpenQuestion
from service.wording.days import day_in_words

SEATS: Mapping[str, str] = MappingProxyType(
    {
        "AU": "Canberra",
        "CA": "Ottawa",
        "CH": "Bern",
        "CN": "Beijing",
        "EU": "Brussels",
        "JP": "Tokyo",
        "KR": "Seoul",
        "NL": "The Hague",
        "TW": "Taipei",
        "UK": "London",
        "UN": "New York",
        "US": "Washington",
    }
)
"""Where the law of each jurisdiction is made; its clock decides which day it is (`zones`)."""


class OwnDay(msgspec.Struct, frozen=True, kw_only=True):
    """The day of a status, in words; `brief` for where there is no room for a sentence.

    `9 Nov 2026 in Washington` and `Status of 9 Nov 2026: in Washington that day had not ended.`
    """

    brief: str
    line: str


def own_day(on: date | None, jurisdictions: Iterable[str], asked: date) -> OwnDay | None:
    """The day of a status of these jurisdictions in an answer about the day `asked`.

    None where both are one day, or where `on` is None because it is not on record.
    """
    if on is None or on == asked:
        return None
    places = _listed(sorted({SEATS.get(each, each) for each in jurisdictions}))
    told = "had not ended" if on < asked else "had begun"
    day = day_in_words(on)
    return OwnDay(
        brief=f"{day} in {places}", line=f"Status of {day}: in {places} that day {told}."
    )


def own_day_of(shown: MeasureOnDay | OpenQuestion, asked: date) -> OwnDay | None:
    """The same of a measure with its status, or of a question that one depends on."""
    return own_day(shown.as_of, (shown.jurisdiction,), asked)


def as_of_in_words(days: Days, moment: datetime | None) -> str:
    """The day asked about, with every authority that has another one.

    `10 Nov 2026`; left open `10 Nov 2026 UTC; 9 Nov 2026 in New York and Washington`. `moment` is
    given where the day is that of a moment: it is told as well.
    """
    return _in_words(days.as_of, days.as_of_by, moment)


def known_at_in_words(days: Days, moment: datetime | None) -> str:
    """The same of the day whose public knowledge counts."""
    return _in_words(days.known_at, days.known_at_by, moment)


def _in_words(day: date, elsewhere: Iterable[tuple[str, date]], moment: datetime | None) -> str:
    by_day: dict[date, list[str]] = {}
    for jurisdiction, on in elsewhere:
        by_day.setdefault(on, []).append(SEATS.get(jurisdiction, jurisdiction))
    others = [f"{day_in_words(on)} in {_listed(sorted(places))}" for on, places in by_day.items()]
    time = "" if moment is None else f", {moment:%H:%M}"
    utc = " UTC" if others or time else ""
    return "; ".join((f"{day_in_words(day)}{time}{utc}", *others))


def _listed(places: list[str]) -> str:
    """`Ottawa, New York and Washington`."""
    *first, last = places
    return f"{', '.join(first)} and {last}" if first else last
