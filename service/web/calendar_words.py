"""Words of the calendar: how far a day is, which places, and how many."""

from collections.abc import Iterable
from datetime import date
from types import MappingProxyType

from babel import Locale

_ENGLISH = Locale("en")
_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_SHORT = MappingProxyType(
    {
        "US": "United States",
        "GB": "United Kingdom",
        "CN": "China",
        "EU": "European Union",
        "UN": "United Nations",
    }
)


def number(count: int) -> str:
    """Numbers to ten as words, then in figures."""
    return _SMALL[count] if count < len(_SMALL) else f"{count:,}"


def counted(count: int, one: str, many: str) -> str:
    """`one change`, `twelve changes`: with its number."""
    return f"{number(count)} {one if count == 1 else many}"


def away(day: date, today: date) -> str:
    """How far a day is from today: `in three days`, `tomorrow`, `today`, `14 days ago`."""
    days = (day - today).days
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(days)
    if near is not None:
        return near
    return f"in {number(days)} days" if days > 0 else f"{number(-days)} days ago"


def place(jurisdiction: str) -> str:
    """A jurisdiction's name for a reader; its code where nobody has a name for it."""
    short = _SHORT.get(jurisdiction)
    if short is not None or jurisdiction not in _ENGLISH.territories:
        return short or jurisdiction
    return f"{_ENGLISH.territories[jurisdiction]}"


def places(jurisdictions: Iterable[str]) -> str:
    """Jurisdictions by name, each once, in the order given: `China and United States`."""
    *most, last = dict.fromkeys(place(each) for each in jurisdictions)
    return f"{', '.join(most)} and {last}" if most else last


def wholes(sentence: str, count: int) -> str:
    """What is said of one measure, said of several."""
    return f"All {number(count)} alike. {sentence}"
