"""The calendar as iCalendar: what an event may say without spoiling the file."""

from datetime import date

import icalendar
import msgspec
import pytest

from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.measures.calendar import CalendarFilter, coming
from abeyance_screening.engine.measures.law.coming import ComingChange
from abeyance_screening.features.calendar.icalendar import icalendar as written
from abeyance_screening.primitives.days import Days
from tests.shipped_register import load

DAY = date(2026, 11, 24)
ROW, NEXT, *_ = coming(MeasureBoard(load()), CalendarFilter(), Days(as_of=DAY, known_at=DAY))


def with_url(url: str | None) -> ComingChange:
    return msgspec.structs.replace(ROW, event=msgspec.structs.replace(ROW.event, url=url))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a\x01b", id="a control character"),
        pytest.param("a\x1bb", id="escape"),
        pytest.param("a\x7fb", id="delete"),
        pytest.param("a\rb", id="a carriage return"),
        pytest.param("a\nb", id="a line feed"),
        pytest.param("a\ud800b", id="half a pair"),
    ],
)
def test_what_the_format_forbids_becomes_a_blank_everywhere(text: str):
    row = msgspec.structs.replace(
        ROW, title=text, sentence=text, authority=text, lists=(text,), slice=None
    )
    content = written([row], (text,))
    assert not set(content.replace(b"\r\n", b"")) & {*range(0x20), 0x7F}
    (entry,) = icalendar.Calendar.from_ical(content).events
    assert entry.summary == "Suspension ends: a b"
    assert entry.categories.count("a b") == 2
    assert entry.description is not None
    assert entry.description.splitlines()[0] == "a b"


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("https://example.org/a\r\nX-EVIL:1", id="two lines"),
        pytest.param("https://example.org/a\x01", id="a control character"),
        pytest.param("https://example.org/a b", id="a blank"),
        pytest.param("javascript:alert(1)", id="no web address"),
        pytest.param("", id="nothing"),
        pytest.param(None, id="none"),
    ],
)
def test_what_is_no_link_is_left_out_and_the_other_entries_stay(url: str | None):
    entries = icalendar.Calendar.from_ical(written([with_url(url), NEXT], ())).events
    assert [each.get("url") for each in entries] == [None, NEXT.event.url]


def test_a_link_of_another_script_is_kept():
    url = "https://example.org/\u6cd5?a=1&b=(2)"
    (entry,) = icalendar.Calendar.from_ical(written([with_url(url)], ())).events
    assert entry.get("url") == url
