"""Days and Federal Register citations as list files print them."""

import re
from collections.abc import Sequence
from datetime import date

from abeyance_screening.engine.lists.reading.unknown_parts import is_in_record, note_unknown
from abeyance_screening.primitives.errors import RowRefusedError

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FIRST_YEAR = 1800
# The fields of days after which an entry no longer holds.
_LAST_DAY = re.compile(r"expir|end|valid ?to|until|delist|remov", re.IGNORECASE)
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[+-]\d{2}:\d{2}|Z)?")
_NAMED_DAY = re.compile(r"(\d{1,2}) ([A-Za-z]{3})[a-z]* (\d{4})")
_DAY_FIRST = re.compile(r"(\d{2})/(\d{2})/(\d{4})")
_MONTH_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_MONTH_NAMED_FIRST = re.compile(r"([A-Za-z]{3})[a-z]*\.? (\d{1,2}), (\d{4})")
_VAGUE_DAY = re.compile(r"(?:[A-Za-z]{3,9} )?(?:1[89]|20)\d{2}")


def read_day(where: str, field: str, printed: str | None) -> date | None:
    """Read a day printed as `YYYY-MM-DD`; return None for a blank text or a year before 1800.

    The Consolidated Screening List of 2022 prints `0097-06-30`, a year of two digits expanded to
    four. The century is unknown, so such a day is kept only as printed text.

    A time zone after the day (`2015-07-01-04:00`) is ignored: the printed day is the publisher's
    local one.
    """
    text = (printed or "").strip()
    if not text:
        return None
    match = _ISO_DAY.fullmatch(text)
    if match is None:
        return _no_day(where, field, text, f"{text!r} is not a day (YYYY-MM-DD)")
    year, month, day = map(int, match.groups())
    found = _calendar_day(where, field, text, (year, month, day))
    return found if found is not None and year >= _FIRST_YEAR else None


def read_day_first(where: str, field: str, printed: str | None) -> date | None:
    """Read a day printed as `DD/MM/YYYY`; return None for a blank text."""
    text = (printed or "").strip()
    if not text:
        return None
    match = _DAY_FIRST.fullmatch(text)
    if match is None:
        return _no_day(where, field, text, f"{text!r} is not a day (DD/MM/YYYY)")
    day, month, year = map(int, match.groups())
    return _calendar_day(where, field, text, (year, month, day))


def read_american_day(where: str, field: str, printed: str | None) -> date | None:
    """Read a day printed month first, `6/19/2003` or `June 19, 2003`; return None for a blank."""
    text = " ".join((printed or "").split())
    if not text:
        return None
    digits, named = _MONTH_FIRST.fullmatch(text), _MONTH_NAMED_FIRST.fullmatch(text)
    match = digits or named
    if match is None or (named is not None and named[1].lower() not in _MONTHS):
        return _no_day(where, field, text, f"{text!r} is not a day (MM/DD/YYYY)")
    month = _MONTHS.index(named[1].lower()) + 1 if named is not None else int(match[1])
    return _calendar_day(where, field, text, (int(match[3]), month, int(match[2])))


def _calendar_day(
    where: str, field: str, printed: str, numbers: tuple[int, int, int]
) -> date | None:
    try:
        return date(*numbers)
    except ValueError:
        return _no_day(where, field, printed, f"no calendar has {printed!r}")


def _no_day(where: str, field: str, printed: str, reason: str) -> None:
    """Note the day of a record that cannot be read; a file's own day must be readable."""
    if not is_in_record():
        raise RowRefusedError(where, f"{field}: {reason}")
    may_hide = "status" if _LAST_DAY.search(field) else None
    note_unknown(where, f"day in {field!r}", printed, may_hide=may_hide)


def find_day(printed: str) -> date | None:
    """Return the day that is the whole text, `2009-08-31` or `19 Jun 1987`, or None."""
    iso, named = _ISO_DAY.fullmatch(printed), _NAMED_DAY.fullmatch(printed)
    try:
        if iso is not None:
            return date(*map(int, iso.groups()))
        if named is not None and named[2].lower() in _MONTHS:
            return date(int(named[3]), _MONTHS.index(named[2].lower()) + 1, int(named[1]))
    except ValueError:
        return None
    return None


def matched_day(found: re.Match[str] | None, months: Sequence[str] = ()) -> date | None:
    """Return the day of the groups `day`, `month` and `year`, None if no calendar has it.

    The month is a number, with a full stop or without, or one of these words.
    """
    if found is None:
        return None
    month = found["month"].casefold().rstrip(".")
    try:
        number = months.index(month) + 1 if month in months else int(month)
        return date(int(found["year"]), number, int(found["day"]))
    except ValueError:
        return None


def is_dated(printed: str) -> bool:
    """Return whether the whole text is a day, a month (`Jul 1997`) or a year."""
    return find_day(printed) is not None or _VAGUE_DAY.fullmatch(printed) is not None


# --- Federal Register citations.

# Volume and first page. Spellings seen: `65 FR 42664`, `68 F.R. 38290`, `81.F.R. 22576`,
# `80 F.R 61358`, `80FR 69852`, `88 F.R.2603`, `84 fr 40241`, `86 FR. 66277`,
# `76 FR no. 242 pg. 78146`, `89 F.R. NOTICD 87329`. No slash may follow the page: in
# `72 F.R. 1/30/07` the page is missing and the numbers are a day.
_ACT = re.compile(
    r"(?<!\d)(\d{2,3})\s*+(?:\.\s*+)?F\s*+(?:\.\s*+)?R\b\s*+(?:\.\s*+)?"
    r"(?:NOTICD?E?\s++|no\.?\s*+\d++\s*+pg\.?\s*+)?"
    r"(\d{2,6})(?![\d/])",
    re.IGNORECASE,
)


def read_citations(printed: str | None) -> tuple[str, ...]:
    """Return the acts cited, each as `65 FR 42664`, in printed order and without repeats.

    All lists use this one spelling, because citations join measures to listings. Days printed
    after an act are dropped; readers keep the whole text as a fact of the listing. Where no act
    with volume and page can be read (`Vol. 86, No. 71, 04/15/2021`), the printed text is the only
    citation. A fragment printed together with whole acts (`88 FR` without a page) is no citation.
    """
    text = " ".join((printed or "").split()).rstrip(";, ")
    acts = tuple(dict.fromkeys(f"{act[1]} FR {act[2]}" for act in _ACT.finditer(text)))
    if acts or not text:
        return acts
    return (text,)
