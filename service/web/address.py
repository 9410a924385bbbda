"""The state of a page in its address: what was given, what could not be read, and links to it."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from urllib.parse import urlencode

import msgspec
from litestar.datastructures import MultiDict

from service.flow.clocks import days_of, read_moment
from service.model.days import Days
from service.model.errors import BadInputError

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_MONTHS = tuple(f"{date(2000, month, 1):%b}" for month in range(1, 13))
type Given = MultiDict[str]


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """What could not be read of a field, as a sentence for a person."""

    field: str
    text: str


class Clocks(msgspec.Struct, frozen=True, kw_only=True):
    """The two days as they stand in the address; None where one was left open.

    A day left open is today, for each authority by its own time: today at the moment `at` (UTC)
    where the address has one, else at the moment of asking. So a link to what was asked about
    today shows the same tomorrow.
    """

    as_of: date | None = None
    known_at: date | None = None
    at: datetime | None = None

    def query(self) -> tuple[tuple[str, str], ...]:
        """Their part of an address."""
        days = (("as_of", self.as_of), ("known_at", self.known_at))
        written = [(name, each.isoformat()) for name, each in days if each is not None]
        if self.at is not None and len(written) < len(days):
            at = self.at.replace(tzinfo=None).isoformat(timespec="seconds")
            written.append(("at", f"{at}Z"))
        return tuple(written)

    def days(self, now: datetime) -> Days:
        """The days that are asked about at a moment."""
        return days_of(self.as_of, self.known_at, self.at or now)

    def lasting(self, now: datetime) -> "Clocks":
        """What shows the same tomorrow: both days written out, where that says the same.

        Where it is not one day for all authorities, a day left open stays open at this moment.
        """
        days = self.days(now)
        return Clocks(
            as_of=None if days.as_of_by else days.as_of,
            known_at=None if days.known_at_by else days.known_at,
            at=(self.at or now).replace(second=0, microsecond=0),
        )


def read_clocks(given: Given) -> tuple[Clocks, tuple[Fault, ...]]:
    """The two days of an address and its moment, and what of them cannot be read."""
    faults: list[Fault] = []
    days: dict[str, date | None] = {}
    for name in ("as_of", "known_at"):
        printed = text_of(given, name)
        days[name] = _day(printed)
        if printed and days[name] is None:
            faults.append(Fault(field=name, text=f"{_as_meant(printed)} is not a day."))
    at, fault = _moment(text_of(given, "at"))
    clocks = Clocks(as_of=days["as_of"], known_at=days["known_at"], at=at)
    return clocks, (*faults, *fault)


def _moment(printed: str) -> tuple[datetime | None, tuple[Fault, ...]]:
    if not printed:
        return None, ()
    try:
        return read_moment(datetime.fromisoformat(printed)), ()
    except (ValueError, BadInputError):
        text = f"“{printed[:40]}” is no moment; write it as 2026-11-10T02:00:00Z."
        return None, (Fault(field="at", text=text),)


def text_of(given: Given, name: str) -> str:
    """A single value without the blanks around it; empty where there is none."""
    return str(given.get(name, "")).strip()


def texts_of(given: Given, name: str) -> tuple[str, ...]:
    """Every value of a name that is not blank, each once."""
    texts = (str(each).strip() for each in given.getall(name, []))
    return tuple(dict.fromkeys(filter(None, texts)))


def link(path: str, query: Iterable[tuple[str, str]]) -> str:
    """An address; without a query the path alone."""
    written = urlencode(list(query))
    return f"{path}?{written}" if written else path


def _day(printed: str) -> date | None:
    found = _ISO.fullmatch(printed)
    try:
        return None if found is None else date(*map(int, found.groups()))
    except ValueError:
        return None


def _as_meant(printed: str) -> str:
    """`31 Feb 2026` for `2026-02-31`, anything else in quotation marks."""
    found = _ISO.fullmatch(printed)
    if found is None or not 1 <= int(found[2]) <= len(_MONTHS):
        return f"“{printed[:40]}”"
    return f"{int(found[3])} {_MONTHS[int(found[2]) - 1]} {found[1]}"
