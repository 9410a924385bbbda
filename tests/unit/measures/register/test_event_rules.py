"""What an event may say: days, texts, names and links within their bounds."""

from datetime import UTC, date, datetime

import msgspec
import pytest

from abeyance_screening.engine.measures.measure import Event, Slice, Source
from abeyance_screening.engine.measures.register.check import (
    FIRST_DAY,
    LAST_DAY,
    LONG,
    LONGEST_LINK,
    MOST_COUNTRIES,
    MOST_NAMES,
    SHORT,
    event_findings,
    is_link,
)

PLAIN = Event(
    id="own-1",
    kind="suspend",
    effective_on=date(2026, 1, 1),
    until=date(2026, 6, 30),
    lapse_effect="restriction_returns",
)
BEFORE, AFTER = date(1899, 12, 31), date(2201, 1, 1)


def _fields(**said: object) -> list[str]:
    event = msgspec.structs.replace(PLAIN, **said)
    return [field for field, _ in event_findings("", event)]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        pytest.param({"announced_on": BEFORE}, "announced_on", id="announced too early"),
        pytest.param({"announced_on": AFTER}, "announced_on", id="announced too late"),
        pytest.param({"published_on": BEFORE}, "published_on", id="published too early"),
        pytest.param({"published_on": date.max}, "published_on", id="published on the last day"),
        pytest.param({"effective_on": date.min}, "effective_on", id="effective on the first day"),
        pytest.param({"effective_on": AFTER, "until": None, "until_state": "none_stated",
                      "lapse_effect": None}, "effective_on", id="effective too late"),
        pytest.param({"until": AFTER}, "until", id="ends too late"),
        pytest.param({"recorded_at": datetime.min.replace(tzinfo=UTC)}, "recorded_at",
                     id="recorded too early"),
        pytest.param({"slice": Slice(listed_from=BEFORE)}, "slice.listed_from",
                     id="listed too early"),
        pytest.param({"slice": Slice(listed_until=AFTER)}, "slice.listed_until",
                     id="listed too late"),
        pytest.param({"slice": Slice(listed_from=LAST_DAY, listed_until=FIRST_DAY)},
                     "slice.listed_until", id="listed on no day"),
        pytest.param({"citation": "x" * (SHORT + 1)}, "citation", id="citation too long"),
        pytest.param({"formality": " \t"}, "formality", id="blank"),
        pytest.param({"note": "\u200b"}, "note", id="nothing a reader sees"),
        pytest.param({"note": "x" * (LONG + 1)}, "note", id="note too long"),
        pytest.param({"quote": "x\x00"}, "quote", id="a NUL"),
        pytest.param({"quote": "x\x1b[2J"}, "quote", id="an escape"),
        pytest.param({"quote": "x\x85"}, "quote", id="a control character of C1"),
        pytest.param({"quote": "x\ud800"}, "quote", id="half a character"),
        pytest.param({"effective_time": ""}, "effective_time", id="no hour"),
        pytest.param({"replaces": ""}, "replaces", id="replaces nothing"),
        pytest.param({"retracted_because": "x" * (LONG + 1)}, "retracted_because",
                     id="a reason too long"),
        pytest.param({"source": Source(url="https://")}, "source.url", id="no host"),
        pytest.param({"source": Source(url="https://x", published="\x00")}, "source.published",
                     id="a source's day"),
        pytest.param({"slice": Slice(part="")}, "slice.part", id="an empty part"),
        pytest.param({"slice": Slice(part="x" * (SHORT + 1))}, "slice.part", id="a long part"),
        pytest.param({"slice": Slice(part="x", note=" ")}, "slice.note", id="a blank note"),
        pytest.param({"slice": Slice(entities=("A", ""))}, "slice.entities[1]",
                     id="an empty name"),
        pytest.param({"slice": Slice(programmes=("x" * (SHORT + 1),))}, "slice.programmes[0]",
                     id="a long programme"),
        pytest.param({"slice": Slice(citations=("A\r\nB",))}, "slice.citations[0]",
                     id="a citation of two lines"),
        pytest.param({"slice": Slice(footnotes=("",))}, "slice.footnotes[0]", id="no footnote"),
        pytest.param({"slice": Slice(entities=("A",) * (MOST_NAMES + 1))}, "slice.entities",
                     id="too many names"),
        pytest.param({"slice": Slice(countries=("CN",) * (MOST_COUNTRIES + 1))},
                     "slice.countries", id="too many countries"),
        pytest.param({"slice": Slice(countries=("CN", "China"))}, "slice.countries[1]",
                     id="a country in words"),
    ],
)  # fmt: skip
def test_what_is_out_of_bounds_is_named(said: dict[str, object], field: str):
    assert _fields(**said) == [field]


@pytest.mark.parametrize(
    "said",
    [
        pytest.param({"announced_on": FIRST_DAY, "until": LAST_DAY}, id="first and last day"),
        pytest.param({"citation": "x" * SHORT, "note": "x" * LONG}, id="as long as may be"),
        pytest.param({"quote": "第二款\n\t暂停实施"}, id="lines, tabs and Chinese"),
        pytest.param({"slice": Slice(entities=("x" * SHORT,) * MOST_NAMES)}, id="as many names"),
        pytest.param({"slice": Slice(countries=("CN", "EU"))}, id="countries"),
        pytest.param(
            {"slice": Slice(listed_from=FIRST_DAY, listed_until=FIRST_DAY)}, id="listed on one day"
        ),
    ],
)
def test_what_lies_within_its_bounds_is_taken(said: dict[str, object]):
    assert _fields(**said) == []


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        pytest.param("https://www.federalregister.gov/d/2026-1", True, id="plain"),
        pytest.param("http://www.mofcom.gov.cn/商务部?a=1#b", True, id="Chinese"),
        pytest.param("HTTPS://EXAMPLE.ORG", True, id="in capitals"),
        pytest.param("https://[2001:db8::1]:8080/", True, id="an address by numbers"),
        pytest.param("https://x/" + "a" * (LONGEST_LINK - 10), True, id="as long as may be"),
        pytest.param("https://x/" + "a" * (LONGEST_LINK - 9), False, id="longer"),
        pytest.param("https://", False, id="no host"),
        pytest.param("https:///path", False, id="a path without a host"),
        pytest.param("https://:443/", False, id="a port without a host"),
        pytest.param("https://[x", False, id="half a bracket"),
        pytest.param("javascript:alert(1)", False, id="a script"),
        pytest.param("//example.org", False, id="no scheme"),
        pytest.param("https://x/\r\nEND:VEVENT", False, id="two lines"),
        pytest.param("https://x/a b", False, id="a blank"),
        pytest.param("https://x/\u00a0", False, id="a blank of another kind"),
        pytest.param("https://x/\x00", False, id="a NUL"),
        pytest.param("https://x/\u202e", False, id="a mark that turns text round"),
        pytest.param("", False, id="empty"),
    ],
)
def test_a_link_is_an_address_that_can_be_followed(text: str, is_one: bool):
    assert is_link(text) is is_one
