"""Supplement No. 4 to part 744 in the eCFR's XML: the rows of its table, read as a stream."""

import io
import re
from collections.abc import Iterator
from datetime import date
from xml.etree.ElementTree import Element

import msgspec
from defusedxml.ElementTree import iterparse

from service.model.errors import ListRefusedError
from service.parse.days import find_day
from service.parse.elements import xml_refused

ROOTS = frozenset(
    {"DLPSTEXTCLASS", "ECFR", "ECFRBRWS", *(f"DIV{level}" for level in range(1, 10))}
)
_SUPPLEMENT = re.compile(r"supplement\s+no\.?\s*4\s+to\s+part\s+744", re.IGNORECASE)
_AMENDED = re.compile(r"([A-Z][a-z]{2})[a-z]*\.? (\d{1,2}), (\d{4})(?:\s*\([^()]*\))?")


class Supplement(msgspec.Struct, frozen=True):
    """The element of the supplement, whole, and the day up to which its volume is amended.

    The day is None where the file does not say it, as in extracts of the versioner API.
    """

    element: Element
    amended_on: date | None


def read_supplement(list_code: str, content: bytes) -> Supplement:
    """Supplement No. 4 out of the whole title, a part, or an extract of it alone.

    Nothing else of the file is kept, so memory is bounded by the file and the supplement; but the
    file is read to its end, so that one that is cut off is not taken for whole.

    Source: https://github.com/usgpo/bulk-data/blob/main/ECFR-XML-User-Guide.md

    Raises:
        ListRefusedError: not well-formed (with line and column), with a document type or entity
            declarations, not of the eCFR, without the supplement or with two of it.
    """
    with xml_refused(list_code):
        found = list(_supplements(list_code, content))
    if len(found) != 1:
        reason = f"Supplement No. 4 to Part 744 stands in the file {len(found)} times"
        raise ListRefusedError(list_code, reason)
    return found[0]


def _supplements(list_code: str, content: bytes) -> Iterator[Supplement]:
    stack, amended, inside = list[Element](), "", 0
    for event, element in _events(content):
        if event == "start":
            if not stack and element.tag not in ROOTS:
                reason = f"the XML is a {element.tag!r}, not of the eCFR"
                raise ListRefusedError(list_code, reason)
            stack.append(element)
            inside += bool(inside) or _is_supplement(element)
            continue
        stack.pop()
        if inside:
            inside -= 1
            if inside:
                continue
            yield Supplement(element, _day(list_code, amended))
        elif element.tag == "AMDDATE":
            # each volume of a title has its own, before its text
            amended = "".join(element.itertext())
        if stack:
            stack[-1].remove(element)


def _events(content: bytes) -> Iterator[tuple[str, Element]]:
    return iterparse(io.BytesIO(content), events=("start", "end"), forbid_dtd=True)


def _is_supplement(element: Element) -> bool:
    return (
        element.tag == "DIV9" and _SUPPLEMENT.fullmatch(element.get("N", "").strip()) is not None
    )


def _day(list_code: str, printed: str) -> date | None:
    """`Dec. 29, 2022(fm)`, behind the day the initials of whoever set it."""
    text = " ".join(printed.split())
    if not text:
        return None
    match = _AMENDED.fullmatch(text)
    day = None if match is None else find_day(f"{match[2]} {match[1]} {match[3]}")
    if day is None:
        raise ListRefusedError(list_code, f"AMDDATE: {text!r} is not a day (Dec. 29, 2022)")
    return day
