"""The state of a page in its address: what was given, what could not be read, and links to it."""

import re
from collections.abc import Iterable
from datetime import date
from urllib.parse import urlencode

import msgspec
from litestar.datastructures import MultiDict

from service.web.dates import day

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_MONTHS = tuple(f"{date(2000, month, 1):%b}" for month in range(1, 13))
type Given = MultiDict[str]


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """What could not be read of a field, as a sentence for a person."""

    field: str
    text: str


class Clocks(msgspec.Struct, frozen=True, kw_only=True):
    """The two days as they stand in the address; None where one was left open."""

    as_of: date | None = None
    known_at: date | None = None

    def query(self) -> tuple[tuple[str, str], ...]:
        """Their part of an address."""
        days = (("as_of", self.as_of), ("known_at", self.known_at))
        return tuple((name, each.isoformat()) for name, each in days if each is not None)


def read_clocks(given: Given) -> tuple[Clocks, tuple[Fault, ...]]:
    """The two days of an address, and what of them is no day."""
    faults: list[Fault] = []
    days: dict[str, date | None] = {}
    for name in ("as_of", "known_at"):
        printed = text_of(given, name)
        days[name] = _day(printed)
        if printed and days[name] is None:
            faults.append(Fault(field=name, text=f"{_as_meant(printed)} is not a day."))
    return Clocks(as_of=days["as_of"], known_at=days["known_at"]), tuple(faults)


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


def in_words(clocks: Clocks, today: date) -> str:
    """`24 Nov 2026`, with what was known then where that is another day than today."""
    chosen = day(clocks.as_of or today)
    known = clocks.known_at
    return chosen if known is None else f"{chosen}, as publicly known on {day(known)}"
